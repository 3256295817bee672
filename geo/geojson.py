"""A story -> one GeoJSON FeatureCollection (RFC 7946): territory, front line, places and events, of a day or of all days.

    control table -> cells by holder -> features with `layer` -> collection(story)

Of all days each feature says from which day it holds (`valid_from`) and to which, excluded (`valid_to`, null while it still
does). A cell that keeps its colour is in one feature only, so that the features of any day together are the map of that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.cells import rounded
from geo.claims import EVENTS, Claim
from geo.control import WITHOUT_STATUS, control_table, state_on
from geo.errors import DatelineError
from geo.story import Story
from geo.territory import drawn_line, front_line
from geo.theatre import Theatre
from geo.words import claim_in_words, claimants, status_in_words

LAYERS = ("territory", "front_line", "places", "events")
APPROXIMATE = (
    "Territory and the front line are modelled from reported places and approximate; no areas may be computed from them. "
    "What nobody reported is left out."
)

Feature = dict[str, Any]
Span = tuple[date, date | None]
"""The first day, and the day before which it ends; None where it still holds."""


def collection(story: Story, on: date | None = None, known: date | datetime | None = None) -> dict[str, Any]:
    """Return the features of one day, by default of all days of the story, as plain data for JSON.

    Coordinates are degrees (WGS 84), outer rings run counterclockwise; days are days in the story's time zone.

    Parameters
    ----------
    on : the day shown; None: all of them
    known : count only what was reported by then; None: all that is known

    Raises
    ------
    DatelineError : the story does not show that day
    """
    if on is not None and not story.first_day <= on <= story.last_day:
        raise DatelineError(f"The story has no {on}: its days are {story.first_day} to {story.last_day}.")
    table, theatre = control_table(story, known), Theatre(story)
    features = [
        *_ground(theatre, table, on),
        *_places(theatre, table, on),
        *_events(story, story.known_by(known), on),
    ]
    found: dict[str, Any] = {
        "type": "FeatureCollection",
        "title": story.settings.title,
        "day": on.isoformat() if on else None,
        "known": known.isoformat() if known else None,
        "time_zone": story.settings.zone.key,
        "note": APPROXIMATE,
        "attribution": list(story.settings.attribution),
    }
    bounds = shapely.total_bounds([shape for shape, _ in features]) if features else np.array([np.nan])
    if np.isfinite(bounds).all():
        found["bbox"] = [round(float(side), 5) for side in bounds]
    found["features"] = [
        {"type": "Feature", "geometry": shapely.geometry.mapping(shape), "properties": told} for shape, told in features
    ]
    return found


def _ground(theatre: Theatre, table: pd.DataFrame, on: date | None) -> Iterator[tuple[Any, Feature]]:
    """Yield territory, then the front line: shapes with what they say."""
    cells = _Spells()
    lines = _Spells()
    for day in [on] if on else _turns(theatre, table):
        coloured = theatre.coloured(table, day)
        columns = ("cell", "holder", "tier", "aged", "from_place", "basis")
        rows = list(zip(*(coloured[column].tolist() for column in columns), strict=True))
        cells.turn(day, {(cell, holder, tier, aged): (place, basis) for cell, holder, tier, aged, place, basis in rows})
        drawn = drawn_line(theatre.cells, front_line(theatre.cells, coloured, theatre.hostile), theatre.exact)
        lines.turn(
            day, {(row.holder, row.other, row.solid, shapely.to_wkb(row.geometry)): ("", ()) for row in drawn.itertuples()}
        )
    yield from _territory(theatre, cells, on)
    for (holder, other, solid, line), span, _ in lines.ended():
        told = {"holder": holder, "other": other, "solid": bool(solid)}
        yield rounded(shapely.from_wkb(line)), _told("front_line", told, on, span)


def _territory(theatre: Theatre, cells: _Spells, on: date | None) -> Iterator[tuple[Any, Feature]]:
    together: dict[tuple[Any, ...], tuple[list[Any], set[str], set[str]]] = {}
    for (cell, *paint), span, given in cells.ended():
        polygons, places, basis = together.setdefault((*paint, span), ([], set(), set()))
        polygons.append(theatre.cells.polygons[cell])
        for place, claims in given:
            places.add(place)
            basis.update(claims)
    for (holder, tier, aged, span), (polygons, places, basis) in sorted(together.items(), key=lambda item: str(item[0])):
        shape = rounded(shapely.make_valid(shapely.union_all(polygons)))
        parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
        if not parts:
            continue
        told = {"holder": holder, "tier": tier, "aged": aged, "from_places": sorted(places), "basis": sorted(basis)}
        whole = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
        yield shapely.orient_polygons(whole), _told("territory", told, on, span)


class _Spells:
    """Things that hold from one turn to the next, by key; each with what was given of it meanwhile."""

    def __init__(self) -> None:
        self._open: dict[tuple[Any, ...], tuple[date, list[Any]]] = {}
        self._done: list[tuple[tuple[Any, ...], Span, list[Any]]] = []

    def turn(self, day: date, now: Mapping[tuple[Any, ...], Any]) -> None:
        for key in [key for key in self._open if key not in now]:
            since, given = self._open.pop(key)
            self._done.append((key, (since, day), given))
        for key, one in now.items():
            self._open.setdefault(key, (day, []))[1].append(one)

    def ended(self) -> list[tuple[tuple[Any, ...], Span, list[Any]]]:
        still = [(key, (since, None), given) for key, (since, given) in self._open.items()]
        return [*self._done, *still]


def _turns(theatre: Theatre, table: pd.DataFrame) -> Iterator[date]:
    """Yield the days on which the state of any settlement differs from the day before; the first day always."""
    story, before = theatre.story, None
    turns = {story.first_day, *(day.date() for name in ("valid_from", "valid_to") for day in table[name].dropna())}
    if story.settings.fades_after_days is not None:
        aged = timedelta(days=story.settings.fades_after_days + 1)
        turns |= {day.date() + aged for day in table["last_confirmed"].dropna()}
    for day in sorted(day for day in turns if story.first_day <= day <= story.last_day):
        states = theatre.states(table, day)
        now = states[["place_id", "status", "holder", "background", "basis", "aged"]].fillna("").to_dict("list")
        if now != before:
            yield day
        before = now


def _places(theatre: Theatre, table: pd.DataFrame, on: date | None) -> Iterator[tuple[Any, Feature]]:
    story = theatre.story
    if on:
        rows = state_on(table, on)
        rows = rows.assign(aged=theatre.aged(rows, on))
    else:
        first, last = pd.Timestamp(story.first_day), pd.Timestamp(story.last_day)
        rows = table[(table["valid_from"] <= last) & ~(table["valid_to"] <= first)]
    for row in ({str(key): value for key, value in row.items()} for row in rows.to_dict("records")):
        place = story.places[row["place_id"]]
        told = {
            "place_id": place.place_id,
            "name": place.name,
            "arabic": place.arabic or None,
            "kind": place.kind,
            "precision": place.precision,
            "geonameid": place.geonameid,
            "words": status_in_words(story, row),
            "tier": "background" if row["background"] else "reported",
            **{key: plain(row[key]) for key in row if key not in ("place_id", "valid_from", "valid_to", "background")},
        }
        span = row["valid_from"].date(), None if pd.isna(row["valid_to"]) else row["valid_to"].date()
        yield shapely.Point(round(place.lon, 5), round(place.lat, 5)), _told("places", told, on, span)


def plain(value: Any) -> Any:
    """Return a cell of the control table as plain data: days as YYYY-MM-DD, tuples as lists, what is missing as None."""
    if isinstance(value, tuple):
        return list(value)
    if value is None or value != value:  # NaN and NaT differ from themselves
        return None
    return value.date().isoformat() if isinstance(value, datetime) else value


def _events(story: Story, claims: Iterable[Claim], on: date | None) -> Iterator[tuple[Any, Feature]]:
    """Yield what happened without changing control; the same thing told twice stands once, with all its claims."""
    found: dict[tuple[Any, ...], list[Claim]] = {}
    for claim in claims:
        if claim.kind in EVENTS and story.places[claim.place].kind not in WITHOUT_STATUS:
            first = claim.last if claim.precision == "by_pub" else claim.first or claim.last
            if first <= story.last_day and claim.last >= story.first_day and (on is None or first <= on <= claim.last):
                found.setdefault((claim.kind, claim.place, first, claim.last), []).append(claim)
    for (kind, place_id, first, last), told in sorted(found.items(), key=lambda item: (item[0][2], item[0])):
        told.sort(key=lambda claim: (claim.relation == "relay", claim.reported, claim.claim_id))
        claim, place = told[0], story.places[place_id]
        said = {
            "place_id": place_id,
            "name": place.name,
            "kind": kind,
            "precision": place.precision,
            "actor": claim.actor or None,
            "against": list(claim.against),
            "extent": claim.extent or None,
            "modality": claim.modality,
            "words": claim_in_words(story, claim),
            "said_by": claimants(story, claim),
            "reported": claim.reported.isoformat(),
            "basis": [one.claim_id for one in told],
        }
        point = shapely.Point(round(place.lon, 5), round(place.lat, 5))
        yield point, _told("events", said, on, (first, last + timedelta(days=1)))


def _told(layer: str, told: Feature, on: date | None, span: Span) -> Feature:
    if on:
        return {"layer": layer, "day": on.isoformat(), **told}
    first, end = span
    return {"layer": layer, "valid_from": first.isoformat(), "valid_to": end.isoformat() if end else None, **told}
