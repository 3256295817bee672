"""Places: what a name on the map stands for, and how exactly it is known."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geo.errors import DatelineError, Problem
from geo.tables import Row, read_table

SETTLEMENTS = frozenset({"city", "town", "village"})
"""Kinds that can have a cell of territory."""

KINDS = SETTLEMENTS | {
    "province",
    "district",
    "region",
    "country",
    "continent",
    "border_crossing",
    "airport",
    "airbase",
    "base",
    "hill",
    "landmark",
    "neighbourhood",
}
EXACT, NEAR, VAGUE = 1, 2, 3
"""Precision of a position, after ACLED's geo-precision: the place itself, near a named place, only a region."""

COLUMNS = (
    "place_id",
    "name",
    "arabic",
    "kind",
    "lat",
    "lon",
    "country",
    "admin1",
    "aliases",
    "geonameid",
    "precision",
    "population",
    "near",
    "source",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place that can be named.

    Attributes
    ----------
    place_id : the story's id, or "gn" and the GeoNames id
    name : the house spelling
    arabic : the name in Arabic, or ""
    kind : one of `KINDS`
    lat, lon : degrees, WGS 84
    country : ISO 3166-1 alpha-2, "" for a continent or the like
    admin1 : GeoNames code of the province, or ""
    aliases : other spellings, any script
    geonameid : GeoNames id, None where there is none
    precision : 1 exact, 2 near a named place, 3 a region
    population : inhabitants, 0 where unknown
    near : place_id that a vague place is drawn by, or ""
    source : where position and name come from
    """

    place_id: str
    name: str
    kind: str
    lat: float
    lon: float
    country: str = ""
    admin1: str = ""
    arabic: str = ""
    aliases: tuple[str, ...] = ()
    geonameid: int | None = None
    precision: int = EXACT
    population: int = 0
    near: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise DatelineError(f"kind: {self.kind!r} is not one of {', '.join(sorted(KINDS))}")
        if not (math.isfinite(self.lat) and -90 <= self.lat <= 90):
            raise DatelineError(f"lat: {self.lat!r} is not between -90 and 90 degrees")
        if not (math.isfinite(self.lon) and -180 <= self.lon <= 180):
            raise DatelineError(f"lon: {self.lon!r} is not between -180 and 180 degrees")
        if self.precision not in (EXACT, NEAR, VAGUE):
            raise DatelineError(f"precision: {self.precision!r} is not 1, 2 or 3")

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling, the house spelling first."""
        return tuple(dict.fromkeys(name for name in (self.name, self.arabic, *self.aliases) if name))

    @property
    def is_settlement(self) -> bool:
        """Whether the place can have a cell: an exact city, town or village."""
        return self.kind in SETTLEMENTS and self.precision == EXACT


def read_places(path: Path, name: str, problems: list[Problem]) -> Iterator[Place]:
    """Yield the places of a CSV file with the columns `COLUMNS`; bad rows go to `problems`."""
    seen: dict[str, int] = {}
    for row in read_table(path, name, COLUMNS, problems):
        fault = _fault(row)
        first = seen.setdefault(row["place_id"], row.line)
        if fault is None and first != row.line:
            fault = row.problem("place_id", f"An id stands once; line {first} has it already.", "give this row its own id.")
        if fault is not None:
            problems.append(fault)
        else:
            yield _place(row)


def _fault(row: Row) -> Problem | None:
    for field in ("place_id", "name"):
        if not row[field]:
            return row.problem(field, "It must not be empty.", f"write the place's {field}.")
    if row["kind"] not in KINDS:
        return row.problem("kind", f"It must be one of {', '.join(sorted(KINDS))}.", "choose one of these.")
    for field, limit in (("lat", 90), ("lon", 180)):
        number = _number(row[field])
        if number is None or not -limit <= number <= limit:
            return row.problem(
                field, f"It must be degrees from -{limit} to {limit}.", "write it with a decimal point, as 36.2012."
            )
    if row["country"] and not (len(row["country"]) == 2 and row["country"].isascii() and row["country"].isupper()):
        return row.problem("country", "It must be a code of ISO 3166-1 alpha-2.", "write two capitals, as SY.")
    if row["precision"] not in ("1", "2", "3"):
        return row.problem("precision", "It must be 1 (exact), 2 (near a named place) or 3 (a region).", "choose one of these.")
    for field in ("geonameid", "population"):
        if row[field] and not (row[field].isascii() and row[field].isdigit()):
            return row.problem(field, "It must be a whole number or empty.", "write digits only, or leave it empty.")
    return None


def _place(row: Row) -> Place:
    return Place(
        place_id=row["place_id"],
        name=row["name"],
        arabic=row["arabic"],
        kind=row["kind"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        country=row["country"],
        admin1=row["admin1"],
        aliases=tuple(alias.strip() for alias in row["aliases"].split("|") if alias.strip()),
        geonameid=int(row["geonameid"]) if row["geonameid"] else None,
        precision=int(row["precision"]),
        population=int(row["population"] or 0),
        near=row["near"],
        source=row["source"],
    )


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
