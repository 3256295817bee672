"""A story's control tables -> its territory day by day: cells, their holders and the front line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo.cells import Cells, Settlement, cells, rounded
from geo.control import state_on
from geo.places import EXACT, Place
from geo.story import Story
from geo.territory import (
    BACKGROUND,
    MODELLED,
    NONE,
    REPORTED,
    SOLID,
    STATUSES,
    State,
    colour,
    drawn_line,
    front_line,
    over_days,
)

TIERS = (REPORTED, MODELLED, BACKGROUND)
_RADIATES = frozenset({"control", "reported"})
_NEVER = 10**6  # days; a story has a hundred years at most
_LINES = {NONE: 0, "dashed": 1, SOLID: 2}


class _Stay(NamedTuple):
    """A settlement's state and the days, as indexes, on which it begins, has ended and is aged."""

    first: int
    end: int
    ages: int
    fresh: State
    old: State

    def on(self, day: int) -> State:
        return self.old if day >= self.ages else self.fresh


class Theatre:
    """The settlements of a story's countries and the cells around them.

    A place that an article names without a status is never coloured by inference.
    """

    def __init__(self, story: Story) -> None:
        self.story = story
        self.named = named_places(story)

    @cached_property
    def settlements(self) -> tuple[Settlement, ...]:
        """Every exact city, town and village of the story's countries."""
        countries = self.story.settings.countries
        return tuple(
            Settlement(place.place_id, place.lat, place.lon)
            for place in self.story.places.values()
            if place.is_settlement and place.country in countries
        )

    @cached_property
    def cells(self) -> Cells:
        """The cells around the settlements."""
        basemap = self.story.basemap
        excluded = tuple(shapely.to_wkb(area) for area in basemap.excluded)
        return _cells(self.settlements, shapely.to_wkb(basemap.outline), self.story.settings.cell_radius_km, excluded)

    @cached_property
    def exact(self) -> tuple[tuple[float, float], ...]:
        """Latitude and longitude of every exact place that is reported of or named: drawing the front moves none across it."""
        ids = self.named | {claim.place for claim in self.story.claims.values()}
        places = [self.story.places[place] for place in sorted(ids)]
        return tuple((place.lat, place.lon) for place in places if place.precision == EXACT)

    @cached_property
    def hostile(self) -> frozenset[frozenset[str]]:
        """Pairs of actors whose sides are stated to be enemies."""
        actors = self.story.settings.actors
        return frozenset(frozenset(pair) for pair in combinations(actors, 2) if self.story.are_hostile(*pair))

    def states(self, table: pd.DataFrame, day: date) -> pd.DataFrame:
        """Return the states of settlements on a day, a row a place, with lat, lon, and whether it radiates and is aged."""
        state = state_on(table, day)
        places: list[Place] = [self.story.places[place] for place in state["place_id"]]
        state = state.assign(
            aged=self.aged(state, day),
            lat=[place.lat for place in places],
            lon=[place.lon for place in places],
            radiates=state["status"].isin(_RADIATES),
        )
        return state.loc[np.array([place.is_settlement for place in places], dtype=bool)]

    def aged(self, state: pd.DataFrame, day: date) -> pd.Series:
        """Return whether each status was last confirmed more days before the day shown than the story lets pass.

        The background does not age: it is told with its own day.
        """
        if self.story.settings.fades_after_days is None:
            return pd.Series(False, index=state.index)
        since = pd.Timestamp(day) - state["last_confirmed"]
        return (since > pd.Timedelta(days=self.story.settings.fades_after_days)) & ~state["background"]

    def coloured(self, table: pd.DataFrame, day: date) -> pd.DataFrame:
        """Return who holds which cell on a day."""
        reach = self.story.settings.reach_km
        return colour(self.cells, self.settlements, self.states(table, day), reach_km=reach, blank=self.named)

    def front(self, table: pd.DataFrame, day: date) -> pd.DataFrame:
        """Return the front line of a day as it is drawn: holder, other, solid, geometry (LineString, degrees)."""
        return drawn_line(self.cells, front_line(self.cells, self.coloured(table, day), self.hostile), self.exact)

    def payload(self, tables: Sequence[pd.DataFrame], actors: Mapping[str, int]) -> dict[str, Any]:
        """Return cells and edges with the days on which they change, once for each of the control tables.

        A change of a cell is [day, actor or -1, tier], with a fourth number, 1, where its colour is aged.

        Parameters
        ----------
        tables : control tables, one for each entry of the payload's `known`
        actors : index of each actor in the payload
        """
        found: dict[str, Any] = {"cell_days": [], "edge_days": [], "modelled_from": []}
        for table in tables:
            stays = self._stays(table)
            turns = sorted({0} | {day for stay in stays for day in stay[:3] if 0 < day < len(self.story.days)})
            states = [[stay.on(turn) for stay in stays if stay.first <= turn < stay.end] for turn in turns]
            changes = over_days(
                self.cells,
                self.settlements,
                states,
                reach_km=self.story.settings.reach_km,
                hostile=self.hostile,
                blank=self.named,
            )
            found["cell_days"].append(
                [
                    [
                        cell,
                        [
                            [
                                turns[turn],
                                actors.get(holder or "", -1),
                                TIERS.index(tier) if tier else 0,
                                *([1] if aged else []),
                            ]
                            for turn, holder, tier, aged in days
                        ],
                    ]
                    for cell, days in enumerate(changes.cells)
                    if days
                ]
            )
            found["edge_days"].append(
                [
                    [edge, [[turns[turn], _LINES[line]] for turn, line in days]]
                    for edge, days in enumerate(changes.edges)
                    if days
                ]
            )
            told = [sum(state.radiates and not state.background for state in day) for day in states]
            at = [bisect_right(turns, day) - 1 for day in range(len(self.story.days))]
            found["modelled_from"].append([told[turn] for turn in at])
        return self._geometry(found)

    def _stays(self, table: pd.DataFrame) -> list[_Stay]:
        """Return the rows of a control table that are about settlements: what `states` gives, without a frame for each day."""
        first, lasts = pd.Timestamp(self.story.first_day), self.story.settings.fades_after_days

        def days(column: str, missing: int) -> list[int]:
            told: list[int] = (table[column] - first).dt.days.fillna(missing).astype(int).tolist()
            return told

        confirmed = days("last_confirmed", _NEVER)
        ages = [
            _NEVER if lasts is None or day == _NEVER or is_background else day + lasts + 1
            for day, is_background in zip(confirmed, table["background"], strict=True)
        ]
        columns = (table[column].tolist() for column in ("place_id", "status", "holder", "background", "basis"))
        found = []
        for start, end, old, place_id, status, holder, background, basis in zip(
            days("valid_from", 0), days("valid_to", _NEVER), ages, *columns, strict=True
        ):
            place = self.story.places[place_id]
            if place.is_settlement and status in STATUSES:
                radiates = status in _RADIATES
                held_by = holder if isinstance(holder, str) else None
                state = State(place_id, status, held_by, background, basis, place.lat, place.lon, radiates, False)
                found.append(_Stay(start, end, old, state, state._replace(aged=True)))
        return found

    def _geometry(self, found: dict[str, Any]) -> dict[str, Any]:
        """Return the changes with the geometry of what ever changes; a cell or an edge that never shows is sent empty."""
        used_cells = {cell for history in found["cell_days"] for cell, _ in history}
        used_edges = {edge for history in found["edge_days"] for edge, _ in history}
        polygons = [_rings(polygon) if cell in used_cells else [] for cell, polygon in enumerate(self.cells.polygons)]
        lines = [_line(edge.line) if index in used_edges else [] for index, edge in enumerate(self.cells.edges)]
        return {**found, "cells": polygons, "edges": lines}


@lru_cache(maxsize=4)
def _cells(settlements: tuple[Settlement, ...], outline: bytes, radius_km: float, excluded: tuple[bytes, ...]) -> Cells:
    """Return cells by what they are made from (outlines as WKB): another claim, or another correction, needs no new ones."""
    return cells(settlements, shapely.from_wkb(outline), radius_km, [shapely.from_wkb(area) for area in excluded])


def named_places(story: Story) -> frozenset[str]:
    """Return the ids of the exact places, the story's own and its countries' settlements, that its articles name."""
    bodies = "\n".join(article.body for article in story.articles.values() if not article.is_background)
    words = set(re.findall(r"[^\W_]+", bodies))
    found = []
    for place in story.places.values():
        own = place.place_id in story.story_places or (place.is_settlement and place.country in story.settings.countries)
        if own and place.precision == EXACT and place.kind not in ("country", "continent"):
            near = (name for name in place.names if words.issuperset(re.findall(r"[^\W_]+", name)))
            if any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", bodies) for name in near):
                found.append(place.place_id)
    return frozenset(found)


def _rings(polygon: Any) -> list[Any]:
    """Return the rings of a polygon, all parts after one another, as lists of [lon, lat]."""
    parts = shapely.get_parts(rounded(polygon))
    rings = [ring for part in parts if part.geom_type == "Polygon" for ring in (part.exterior, *part.interiors)]
    return [shapely.get_coordinates(ring).tolist() for ring in rings]


def _line(line: Any) -> list[list[float]]:
    points: list[list[float]] = shapely.get_coordinates(rounded(line)).tolist()
    return points
