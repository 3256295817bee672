"""Statuses of places on a day -> coloured cells, the front line between them, and how both change over days.

Nothing here is measured or counted: territory is modelled from reported places, and is labelled so wherever it is shown.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo.cells import DECIMALS, Cells, Edge, Settlement, cells, great_circle, nearest, rounded
from geo.errors import DatelineError
from geo.smoothing import Stretch, smoothed

__all__ = [
    "Cells", "Changes", "Edge", "Settlement", "State", "cells", "colour", "drawn_line", "front_line", "merged_line",
    "over_days", "rounded", "shapes",
]  # fmt: skip

REPORTED, MODELLED, BACKGROUND = "reported", "modelled", "background"
"""Tiers: the cell of a place with a report, a cell near one, and any cell that rests on the background only."""

NONE, DASHED, SOLID = "none", "dashed", "solid"
STATUSES = frozenset({"control", "reported", "claimed", "contested", "under_attack"})
STATE = ("place_id", "status", "holder", "background", "basis", "lat", "lon", "radiates")
COLOURED = ("cell", "place_id", "holder", "tier", "from_place", "basis", "aged")

_MANY = 32  # spots: for more at once a tree is quicker than a look from each

Paint = tuple[str | None, str | None, bool]
"""Holder, tier and whether it is aged; all None and False where there is no colour."""


class State(NamedTuple):
    """A place's state on a day. Plain tuples and no frames: a story of years has thousands of days to colour."""

    place_id: str
    status: str
    holder: str | None
    background: bool
    basis: tuple[str, ...]
    lat: float
    lon: float
    radiates: bool
    aged: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What changes from day to day; all starts blank, and a day on which nothing changes has no entry.

    Attributes
    ----------
    cells : for each cell the tuples (day, holder or None, tier or None, aged)
    edges : for each edge the tuples (day, "none" | "dashed" | "solid")
    """

    cells: tuple[tuple[tuple[int, str | None, str | None, bool], ...], ...]
    edges: tuple[tuple[tuple[int, str], ...], ...]


def colour(
    cells: Cells, settlements: Iterable[Settlement], states: pd.DataFrame, *, reach_km: float, blank: Collection[str] = ()
) -> pd.DataFrame:
    """Return who holds which cell: a row a coloured cell, columns `COLOURED`, in the order of cells.

    A cell with a status of its own keeps to it: the holder's where the place radiates or is under attack, else none. Any
    other cell takes the nearest place with a status within the reach: its holder if it radiates, else none. Of places on
    one spot reports outrank the background; where they still disagree, the cell has none. A cell is aged where what it
    takes its colour from is; of places on one spot that agree, where all of them are.

    Parameters
    ----------
    cells, settlements : cells, and the places that they were made from
    states : a row a place, columns `STATE`: status and holder on the day (missing or "" for none), background (it rests
        on the background only), basis (tuple of claim ids), radiates (an exact settlement under control or reported);
        aged (not confirmed for long) may be absent: then nothing is
    reach_km : how far a status colours cells without one, km on the sphere
    blank : place_ids that are never coloured by inference

    Raises
    ------
    DatelineError : a column is absent, or a cell's place is not among the settlements
    """
    ground = _Ground(cells, settlements, reach_km, blank)
    ground.change(_states(states))
    found = ((cell, ground.source(cell)) for cell in range(len(cells)))
    rows = [
        (cell, cells.place_ids[cell][0], state.holder, tier, state.place_id, state.basis, state.aged)
        for cell, (tier, state) in ((cell, told) for cell, told in found if told)
    ]
    return pd.DataFrame(rows, columns=list(COLOURED)).astype({"cell": np.int64, "aged": bool})


def front_line(cells: Cells, coloured: pd.DataFrame, hostile: Collection[frozenset[str]]) -> pd.DataFrame:
    """Return the edges along which enemies meet: edge, holder, other, solid (both sides rest on reports).

    Where both sides rest on the background only there is no line.

    Parameters
    ----------
    coloured : what `colour` returns
    hostile : pairs of holders that are enemies
    """
    paints: dict[int, Paint] = {row.cell: (row.holder, row.tier, False) for row in coloured.itertuples()}
    lines = [(at, _line(paints.get(edge.one), paints.get(edge.other), hostile)) for at, edge in enumerate(cells.edges)]
    found = [(at, line) for at, line in lines if line != NONE]
    names = [sorted(str(paints[side][0]) for side in (cells.edges[at].one, cells.edges[at].other)) for at, _ in found]
    return pd.DataFrame(
        {
            "edge": np.array([at for at, _ in found], dtype=np.int64),
            "holder": pd.Series([pair[0] for pair in names], dtype="str"),
            "other": pd.Series([pair[1] for pair in names], dtype="str"),
            "solid": np.array([line == SOLID for _, line in found], dtype=bool),
        }
    )


def merged_line(cells: Cells, front: pd.DataFrame) -> pd.DataFrame:
    """Return the front line in as few lines as can be: holder, other, solid, geometry (LineString, degrees)."""
    rows: list[tuple[str, str, bool, Any]] = []
    for (holder, other, solid), part in front.groupby(["holder", "other", "solid"], sort=True):
        line = shapely.line_merge(shapely.union_all([cells.edges[edge].line for edge in part["edge"]]))
        rows.extend((holder, other, solid, piece) for piece in shapely.get_parts(line))
    return pd.DataFrame(rows, columns=["holder", "other", "solid", "geometry"])


def drawn_line(cells: Cells, front: pd.DataFrame, keep: Iterable[tuple[float, float]] = ()) -> pd.DataFrame:
    """Return the front line as it is drawn, joined and its corners rounded: holder, other, solid, geometry.

    The geometry is a LineString in degrees. Where one stretch goes over into another, both have the same end.

    Parameters
    ----------
    front : what `front_line` returns
    keep : (lat, lon) of the places that must not change the side of the line on which they lie
    """
    stretches = [
        Stretch((row.holder, row.other, bool(row.solid)), shapely.get_coordinates(rounded(cells.edges[row.edge].line)))
        for row in front.itertuples()
    ]
    points = np.array([(lon, lat) for lat, lon in keep], dtype=float).reshape(-1, 2)
    drawn = sorted(smoothed(stretches, points), key=lambda stretch: (stretch.label, stretch.points.tolist()))
    rows = [(*stretch.label, shapely.linestrings(stretch.points)) for stretch in drawn]
    return pd.DataFrame(rows, columns=["holder", "other", "solid", "geometry"]).astype({"solid": bool})


def shapes(cells: Cells, coloured: pd.DataFrame) -> pd.DataFrame:
    """Return one geometry for each holder, tier and age: holder, tier, aged, geometry (valid, degrees), from_places, basis."""
    rows = []
    for (holder, tier, aged), part in coloured.groupby(["holder", "tier", "aged"], sort=True):
        geometry = shapely.make_valid(shapely.union_all([cells.polygons[cell] for cell in part["cell"]]))
        basis = tuple(sorted({claim for claims in part["basis"] for claim in claims}))
        rows.append((holder, tier, bool(aged), geometry, tuple(sorted(set(part["from_place"]))), basis))
    return pd.DataFrame(rows, columns=["holder", "tier", "aged", "geometry", "from_places", "basis"])


def over_days(
    cells: Cells,
    settlements: Sequence[Settlement],
    states_by_day: Iterable[pd.DataFrame | Sequence[State]],
    *,
    reach_km: float,
    hostile: Collection[frozenset[str]],
    blank: Collection[str] = (),
) -> Changes:
    """Return on which days cells and edges change; days are counted from 0, parameters are those of `colour`.

    A day's states are a frame as for `colour`, or the same as tuples.
    """
    ground = _Ground(cells, settlements, reach_km, blank)
    cell_changes: list[list[tuple[int, str | None, str | None, bool]]] = [[] for _ in cells.polygons]
    edge_changes: list[list[tuple[int, str]]] = [[] for _ in cells.edges]
    edges_of: list[list[int]] = [[] for _ in cells.polygons]
    for at, edge in enumerate(cells.edges):
        edges_of[edge.one].append(at)
        edges_of[edge.other].append(at)
    paints: dict[int, Paint | None] = {}
    lines: dict[int, str] = {}
    for day, states in enumerate(states_by_day):
        told = _states(states)
        turned = {place: state for place, state in told.items() if ground.states.get(place) != state}
        gone = dict.fromkeys(place for place in ground.states if place not in told)
        touched = set()
        for cell in sorted(ground.change({**turned, **gone})):
            found = ground.source(cell)
            paint = (found[1].holder, found[0], found[1].aged) if found else None
            if paint != paints.get(cell):
                paints[cell] = paint
                cell_changes[cell].append((day, *(paint or (None, None, False))))
                touched.update(edges_of[cell])
        for at in sorted(touched):
            line = _line(paints.get(cells.edges[at].one), paints.get(cells.edges[at].other), hostile)
            if line != lines.get(at, NONE):
                lines[at] = line
                edge_changes[at].append((day, line))
    return Changes(tuple(map(tuple, cell_changes)), tuple(map(tuple, edge_changes)))


def _line(one: Paint | None, other: Paint | None, hostile: Collection[frozenset[str]]) -> str:
    """Return the line between two cells: none unless enemies hold them and a report says so of one at least."""
    if one is None or other is None or frozenset((one[0], other[0])) not in hostile:
        return NONE
    told = (one[1] != BACKGROUND) + (other[1] != BACKGROUND)
    return (NONE, DASHED, SOLID)[told]


def _states(states: pd.DataFrame | Sequence[State]) -> dict[str, State]:
    """Return the states that say something by place_id; a missing holder is None."""
    if not isinstance(states, pd.DataFrame):
        return {state.place_id: state for state in states if state.status in STATUSES}
    absent = [column for column in STATE if column not in states.columns]
    if absent:
        raise DatelineError(f"states: the columns {', '.join(absent)} are absent; give {', '.join(STATE)}")
    aged = states["aged"].tolist() if "aged" in states.columns else [False] * len(states)
    columns = [states[column].tolist() for column in STATE]
    found = [
        State(place, status, holder if isinstance(holder, str) and holder else None, bool(background), basis, float(lat),
               float(lon), bool(radiates), bool(old))
        for place, status, holder, background, basis, lat, lon, radiates, old in zip(*columns, aged, strict=True)
        if isinstance(status, str) and status in STATUSES
    ]  # fmt: skip
    return {state.place_id: state for state in found}


def _agreed(states: list[State]) -> State:
    """Return what the states of one spot amount to: reports before the background; no holder if they disagree."""
    if len(states) == 1 and (states[0].radiates or states[0].status == "under_attack"):
        return states[0]
    if any(not state.background for state in states):
        states = [state for state in states if not state.background]
    keeps = {state.holder if state.radiates or state.status == "under_attack" else None for state in states}
    holder = keeps.pop() if len(keeps) == 1 else None
    radiates, aged = all(state.radiates for state in states), all(state.aged for state in states)
    return states[0]._replace(holder=holder, radiates=radiates, aged=aged)


class _Ground:
    """The cells, and who gives each its colour: changed place by place, so that a day costs what it changes."""

    def __init__(self, cells: Cells, settlements: Iterable[Settlement], reach_km: float, blank: Collection[str]) -> None:
        self.states: dict[str, State] = {}
        self._reach_km = reach_km
        self._members = cells.place_ids
        self._cell_of = {place: cell for cell, places in enumerate(cells.place_ids) for place in places}
        where = {place.place_id: (place.lat, place.lon) for place in settlements}
        try:
            points = [where[places[0]] for places in cells.place_ids]
        except KeyError as error:
            raise DatelineError(f"settlements: {error.args[0]!r} has a cell and is not among them") from error
        self._lat, self._lon = np.array(points, dtype=float).reshape(-1, 2).T
        self._infers = np.ones(len(cells), dtype=bool)
        self._infers[[self._cell_of[place] for place in blank if place in self._cell_of]] = False
        self._spots: list[_Spot] = []
        self._spot_at: dict[tuple[float, float], int] = {}
        self._near = np.full(len(cells), -1, dtype=np.int64)
        self._km = np.full(len(cells), np.inf)

    def change(self, states: Mapping[str, State | None]) -> set[int]:
        """Take in the states of places, None for one that has none any more; return the cells that may look different."""
        had: dict[int, bool] = {}
        cells: set[int] = set()
        for place, state in states.items():
            at = self._spot(state or self.states[place])
            spot = self._spots[at]
            had.setdefault(at, bool(spot.places))
            if state is None:
                del self.states[place]
                spot.places.remove(place)
            else:
                if place not in self.states:
                    insort(spot.places, place)
                self.states[place] = state
            if place in self._cell_of:
                cells.add(self._cell_of[place])
        empty = [at for at, before in had.items() if before and not self._spots[at].places]
        fresh = [at for at, before in had.items() if not before and self._spots[at].places]
        touched = np.isin(self._near, list(had))
        self._approach(fresh, empty)
        touched |= np.isin(self._near, list(had))
        return cells | set(np.flatnonzero(touched).tolist())

    def source(self, cell: int) -> tuple[str, State] | None:
        """Return the tier of a cell and the state that it takes its colour from, None where it has none."""
        own = [self.states[place] for place in self._members[cell] if place in self.states]
        if own:
            state, tier = _agreed(own), REPORTED
        elif self._infers[cell] and self._near[cell] >= 0:
            state, tier = _agreed([self.states[place] for place in self._spots[self._near[cell]].places]), MODELLED
            if not state.radiates:
                return None
        else:
            return None
        return None if state.holder is None else (BACKGROUND if state.background else tier, state)

    def _spot(self, state: State) -> int:
        key = round(state.lat, DECIMALS), round(state.lon, DECIMALS)
        if key not in self._spot_at:
            self._spot_at[key] = len(self._spots)
            self._spots.append(_Spot(state.lat, state.lon, []))
        return self._spot_at[key]

    def _approach(self, fresh: list[int], empty: list[int]) -> None:
        """Find the nearest spot of each cell anew where one came near or went; of several the first by place_id."""
        lost = np.isin(self._near, empty) if empty else np.zeros(len(self._near), dtype=bool)
        if len(fresh) > _MANY:
            lost[:], fresh = True, []
        if lost.any():
            there = sorted((at for at, spot in enumerate(self._spots) if spot.places), key=lambda at: self._spots[at].places)
            lat, lon = np.array([self._spots[at][:2] for at in there], dtype=float).reshape(-1, 2).T
            found = nearest(self._lat[lost], self._lon[lost], lat, lon, self._reach_km)
            self._near[lost] = np.where(found >= 0, np.array([*there, -1], dtype=np.int64)[found], -1)
            km = great_circle(self._lat[lost], self._lon[lost], *(axis[found] for axis in (lat, lon))) if there else np.inf
            self._km[lost] = np.where(found >= 0, km, np.inf)
        for at in fresh:
            spot = self._spots[at]
            km = great_circle(self._lat, self._lon, np.array(spot.lat), np.array(spot.lon))
            nearer = (km <= self._reach_km) & (km < self._km)
            for cell in np.flatnonzero((km == self._km) & (self._near != at) & (self._near >= 0)):
                nearer[cell] = spot.places < self._spots[self._near[cell]].places
            self._near[nearer], self._km[nearer] = at, km[nearer]


class _Spot(NamedTuple):
    lat: float
    lon: float
    places: list[str]
