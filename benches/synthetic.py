"""Stories of any size for the benches: real folders, which `geo.story.read_story` reads as it reads any other.

A front sways over Syria's outline: towns on its way change hands, and a sentence of a dated article says so.
"""

from __future__ import annotations

import csv
import math
import random
import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import shapely

from geo.basemap import read_basemap
from geo.claims import COLUMNS as CLAIM_COLUMNS
from geo.days import in_words
from geo.places import COLUMNS as PLACE_COLUMNS

SEEDS = Path(__file__).parent.parent / "seeds"
FIRST = date(2019, 1, 1)
REPORTED = 10
"""Of so many towns one is ever reported of."""
_SYLLABLES = ("ba", "de", "ki", "lo", "mu", "na", "re", "si", "to", "vu", "za", "gho", "sha", "ta", "ye", "qa")
_SIDES = ("opposition", "government")
_SOURCE = """[[sources]]
id = "wire"
name = "The Wire"
class = "agency"
why = "Made for a benchmark."
"""


def write_story(folder: Path, cells: int, days: int, *, every: int = 1, claims_a_day: float = 3.0, seed: int = 1) -> Path:
    """Write a story of so many settlements and days into a folder and return it.

    Parameters
    ----------
    every : days from one article to the next; an article tells of all days since the one before. `days` or more: one
        article, on the last day, tells of all
    claims_a_day : how many towns change hands or are confirmed a day, on average
    """
    draw = random.Random(seed)  # noqa: S311 - numbers for a benchmark
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "articles").mkdir(exist_ok=True)
    shutil.copy(SEEDS / "basemap.json", folder)
    towns = _towns(draw, cells)
    with (folder / "gazetteer.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, PLACE_COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(towns)
    _write(folder / "places.csv", PLACE_COLUMNS, [])
    _write(folder / "corrections.csv", ("corrected_at", "claim_id", "action", "field", "before", "after", "why"), [])
    (folder / "story.toml").write_text(_settings(days), encoding="utf-8")
    _write(folder / "claims.csv", CLAIM_COLUMNS, _tell(draw, folder, towns[::REPORTED], days, every, claims_a_day))
    return folder


def _settings(days: int) -> str:
    """Return a story.toml: the bundled story's sides and actors, one source, other days."""
    bundled = (SEEDS / "story.toml").read_text(encoding="utf-8")
    sides = bundled[bundled.index("[[sides]]") : bundled.index("# Sources:")]
    last = FIRST + timedelta(days=days - 1)
    return (
        f'title = "A story of {days} days"\nshort_title = "{days} days"\nstandfirst = "Made for a benchmark."\n'
        f'language = "en"\ntime_zone = "Asia/Damascus"\nclock = "Damascus"\ncountries = ["SY"]\nneighbours = []\n'
        f'first_day = {FIRST}\nlast_day = {last}\ncontact = "none"\nmethod = ["Made for a benchmark."]\nattribution = []\n'
        f"notes = []\nfades_after_days = 30\n[territory]\ncell_radius_km = 15\nreach_km = 28\n\n{sides}\n{_SOURCE}"
    )


def _towns(draw: random.Random, count: int) -> list[dict[str, object]]:
    """Return settlements spread over the country, none nearer to another than a third of the mean distance."""
    outline = shapely.buffer(read_basemap(SEEDS / "basemap.json", "basemap.json", []).outline, -0.03)
    shapely.prepare(outline)
    west, south, east, north = outline.bounds
    least = math.sqrt(outline.area / count) / 3
    names = iter(sorted("".join(parts).capitalize() for parts in product(_SYLLABLES, repeat=4)))
    order = list(names)
    draw.shuffle(order)
    grid: dict[tuple[int, int], list[tuple[float, float]]] = {}
    found: list[dict[str, object]] = []
    while len(found) < count:
        lon, lat = round(draw.uniform(west, east), 5), round(draw.uniform(south, north), 5)
        at = int(lon / least), int(lat / least)
        near = (point for dx, dy in product((-1, 0, 1), repeat=2) for point in grid.get((at[0] + dx, at[1] + dy), ()))
        if not shapely.contains_xy(outline, lon, lat) or any(math.dist((lon, lat), point) < least for point in near):
            continue
        grid.setdefault(at, []).append((lon, lat))
        number = len(found)
        found.append(
            {
                "place_id": f"gn{900_000_000 + number}",
                "name": order[number],
                "kind": "town" if number % REPORTED == 0 else "village",
                "lat": lat,
                "lon": lon,
                "country": "SY",
                "geonameid": 900_000_000 + number,
                "precision": 1,
                "population": 20_000 if number % REPORTED == 0 else 900,
                "source": "made",
            }
        )
    return found


def _tell(
    draw: random.Random, folder: Path, towns: list[dict[str, object]], days: int, every: int, claims_a_day: float
) -> Iterable[dict[str, object]]:
    """Write the articles; yield their claims, each with the sentence that it rests on."""
    holders = {str(town["place_id"]): "" for town in towns}
    told: list[tuple[int, str, dict[str, object], str]] = []
    for town in towns:
        told.append((0, _SIDES[float(str(town["lon"])) > _front(0)], town, "controls"))
    for day in range(1, days):
        amount = int(claims_a_day) + (draw.random() < claims_a_day % 1)
        for town in draw.sample(towns, min(len(towns), amount * 4))[:amount]:
            told.append((day, _SIDES[float(str(town["lon"])) + draw.gauss(0, 0.15) > _front(day)], town, "captured"))
    number = 0
    for start in range(0, days, every):
        end = min(start + every, days) - 1
        published = FIRST + timedelta(days=end)
        body, rows = "", []
        for day, side, town, kind in told:
            if not start <= day <= end:
                continue
            place, when = str(town["place_id"]), FIRST + timedelta(days=day)
            holder = holders[place]
            holders[place] = side
            gains = kind == "captured" and holder != side
            sentence = f"The {side} {'took' if gains else 'held'} {town['name']} on {in_words(when)}."
            rows.append(
                {
                    "claim_id": f"c{number:06d}",
                    "article": f"wire-{published}",
                    "start": len(body),
                    "end": len(body) + len(sentence),
                    "text": sentence,
                    "place": place,
                    "kind": "captured" if gains else "controls",
                    "actor": side,
                    "against": _SIDES[side == _SIDES[0]] if gains else "",
                    "date_start": when,
                    "date_end": when,
                    "date_precision": "day",
                    "claimant": "wire",
                    "modality": "asserted",
                    "relation": "originating",
                    "reviewed_by": "bench",
                    "reviewed_at": published,
                }
            )
            number += 1
            body += sentence + " "
        if rows:
            (folder / "articles" / f"wire-{published}.md").write_text(_article(published, body.rstrip()), encoding="utf-8")
            yield from rows


def _front(day: int) -> float:
    """Return the longitude of the front on a day, degrees: it sways once a year between 36.6 and 40.6."""
    return 38.6 + 2 * math.sin(day / 58)


def _article(published: date, body: str) -> str:
    return (
        f'---\nsource: wire\npublisher: The Wire\ntitle: Day by day to {published}\nagency: ""\npublished: {published}\n'
        f'published_basis: stated\npublished_note: ""\nlanguage: en\nurl: ""\nbody: text\n---\n{body}\n'
    )


def _write(path: Path, columns: Iterable[str], rows: Iterable[dict[str, object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(columns), restval="")
        writer.writeheader()
        writer.writerows(rows)
