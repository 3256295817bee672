"""Statuses of places on a day -> coloured cells, the front line between them, and how both change over days.

Nothing here is measured or counted: territory is modelled from reported places, and is labelled so wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.cells import DECIMALS, Cells, Edge, Settlement, cells, nearest, rounded
from geo.errors import DatelineError

__all__ = [
    "Cells", "Changes", "Edge", "Settlement", "cells", "colour", "front_line", "merged_line", "over_days", "rounded", "shapes",
]  # fmt: skip

REPORTED, MODELLED, BACKGROUND = "reported", "modelled", "background"
"""Tiers: the cell of a place with a report, a cell near one, and any cell that rests on the background only."""

NONE, DASHED, SOLID = "none", "dashed", "solid"
STATUSES = frozenset({"control", "reported", "claimed", "contested", "under_attack"})
STATE = ("place_id", "status", "holder", "background", "basis", "lat", "lon", "radiates")
COLOURED = ("cell", "place_id", "holder", "tier", "from_place", "basis")


@dataclass(frozen=True, slots=True)
class Changes:
    """What changes from day to day; all starts blank, and a day on which nothing changes has no entry.

    Attributes
    ----------
    cells : for each cell the tuples (day, holder or None, tier or None)
    edges : for each edge the tuples (day, "none" | "dashed" | "solid")
    """

    cells: tuple[tuple[tuple[int, str | None, str | None], ...], ...]
    edges: tuple[tuple[tuple[int, str], ...], ...]


def colour(
    cells: Cells, settlements: Iterable[Settlement], states: pd.DataFrame, *, reach_km: float, blank: Collection[str] = ()
) -> pd.DataFrame:
    """Return who holds which cell: a row a coloured cell, columns `COLOURED`, in the order of cells.

    A cell with a status of its own keeps to it: the holder's where the place radiates or is under attack, else none. Any
    other cell takes the nearest place with a status within the reach: its holder if it radiates, else none. Of places on
    one spot reports outrank the background; where they still disagree, the cell has none.

    Parameters
    ----------
    cells, settlements : cells, and the places that they were made from
    states : a row a place, columns `STATE`: status and holder on the day (missing or "" for none), background (it rests
        on the background only), basis (tuple of claim ids), radiates (an exact settlement under control or reported)
    reach_km : how far a status colours cells without one, km on the sphere
    blank : place_ids that are never coloured by inference

    Raises
    ------
    DatelineError : a column is absent, or a cell's place is not among the settlements
    """
    absent = [column for column in STATE if column not in states.columns]
    if absent:
        raise DatelineError(f"states: the columns {', '.join(absent)} are absent; give {', '.join(STATE)}")
    known = states[states["status"].isin(STATUSES)].sort_values("place_id", kind="stable")
    known = known.assign(holder=known["holder"].where(known["holder"].notna() & (known["holder"] != ""), None))
    members = pd.DataFrame(
        [(cell, place) for cell, places in enumerate(cells.place_ids) for place in places], columns=["cell", "place_id"]
    )
    own = members.merge(known, on="place_id", how="inner")
    bare = _without_status(cells, own, members, blank)
    found = pd.concat([_own_colour(own), _near_colour(bare, cells, settlements, known, reach_km)], ignore_index=True)
    found["place_id"] = [cells.place_ids[cell][0] for cell in found["cell"]]
    return found.sort_values("cell", ignore_index=True)[list(COLOURED)]


def front_line(cells: Cells, coloured: pd.DataFrame, hostile: Collection[frozenset[str]]) -> pd.DataFrame:
    """Return the edges along which enemies meet: edge, holder, other, solid (both sides rest on reports).

    Where both sides rest on the background only there is no line.

    Parameters
    ----------
    coloured : what `colour` returns
    hostile : pairs of holders that are enemies
    """
    holder = np.full(len(cells), None, dtype=object)
    is_reported = np.zeros(len(cells), dtype=bool)
    at = coloured["cell"].to_numpy(dtype=np.int64)
    holder[at] = coloured["holder"].to_numpy(dtype=object)
    is_reported[at] = (coloured["tier"] != BACKGROUND).to_numpy()
    pairs = np.array([(edge.one, edge.other) for edge in cells.edges], dtype=np.int64).reshape(-1, 2)
    one, other = pairs.T
    meets = is_reported[one] | is_reported[other]
    meets &= np.array([frozenset(sides) in hostile for sides in zip(holder[one], holder[other], strict=True)], dtype=bool)
    edge = np.flatnonzero(meets)
    names = [sorted((str(holder[one[place]]), str(holder[other[place]]))) for place in edge]
    return pd.DataFrame(
        {
            "edge": edge,
            "holder": pd.Series([pair[0] for pair in names], dtype="str"),
            "other": pd.Series([pair[1] for pair in names], dtype="str"),
            "solid": (is_reported[one] & is_reported[other])[edge],
        }
    )


def merged_line(cells: Cells, front: pd.DataFrame) -> pd.DataFrame:
    """Return the front line in as few lines as can be: holder, other, solid, geometry (LineString, degrees)."""
    rows: list[tuple[str, str, bool, Any]] = []
    for (holder, other, solid), part in front.groupby(["holder", "other", "solid"], sort=True):
        line = shapely.line_merge(shapely.union_all([cells.edges[edge].line for edge in part["edge"]]))
        rows.extend((holder, other, solid, piece) for piece in shapely.get_parts(line))
    return pd.DataFrame(rows, columns=["holder", "other", "solid", "geometry"])


def shapes(cells: Cells, coloured: pd.DataFrame) -> pd.DataFrame:
    """Return one geometry for each holder and tier: holder, tier, geometry (valid, degrees), from_places, basis."""
    rows = []
    for (holder, tier), part in coloured.groupby(["holder", "tier"], sort=True):
        geometry = shapely.make_valid(shapely.union_all([cells.polygons[cell] for cell in part["cell"]]))
        basis = tuple(sorted({claim for claims in part["basis"] for claim in claims}))
        rows.append((holder, tier, geometry, tuple(sorted(set(part["from_place"]))), basis))
    return pd.DataFrame(rows, columns=["holder", "tier", "geometry", "from_places", "basis"])


def over_days(
    cells: Cells,
    settlements: Sequence[Settlement],
    states_by_day: Iterable[pd.DataFrame],
    *,
    reach_km: float,
    hostile: Collection[frozenset[str]],
    blank: Collection[str] = (),
) -> Changes:
    """Return on which days cells and edges change; days are counted from 0, parameters are those of `colour`."""
    cell_changes: list[list[tuple[int, str | None, str | None]]] = [[] for _ in cells.polygons]
    edge_changes: list[list[tuple[int, str]]] = [[] for _ in cells.edges]
    before: pd.DataFrame | None = None
    last_cells: dict[int, tuple[str, str]] = {}
    last_edges: dict[int, str] = {}
    for day, states in enumerate(states_by_day):
        told = states.reset_index(drop=True)
        if before is not None and told.equals(before):
            continue
        before = told
        coloured = colour(cells, settlements, told, reach_km=reach_km, blank=blank)
        front = front_line(cells, coloured, hostile)
        now_cells = dict(zip(coloured["cell"], zip(coloured["holder"], coloured["tier"], strict=True), strict=True))
        now_edges = {edge: SOLID if solid else DASHED for edge, solid in zip(front["edge"], front["solid"], strict=True)}
        for cell in sorted(last_cells.keys() | now_cells.keys()):
            if last_cells.get(cell) != now_cells.get(cell):
                cell_changes[cell].append((day, *now_cells.get(cell, (None, None))))
        for edge in sorted(last_edges.keys() | now_edges.keys()):
            if last_edges.get(edge, NONE) != now_edges.get(edge, NONE):
                edge_changes[edge].append((day, now_edges.get(edge, NONE)))
        last_cells, last_edges = now_cells, now_edges
    return Changes(tuple(map(tuple, cell_changes)), tuple(map(tuple, edge_changes)))


def _without_status(cells: Cells, own: pd.DataFrame, members: pd.DataFrame, blank: Collection[str]) -> Any:
    taken = set(own["cell"]) | set(members.loc[members["place_id"].isin(set(blank)), "cell"])
    return np.array([cell for cell in range(len(cells)) if cell not in taken], dtype=np.int64)


def _agreed(rows: pd.DataFrame, by: list[Any]) -> pd.DataFrame:
    """Return the rows of each spot that count there: reports before the background; without a holder if they disagree."""
    is_background = rows["background"].astype(bool)
    rows = rows[is_background == is_background.groupby(by).transform("min")]
    by = [key.loc[rows.index] for key in by]
    radiates = rows["radiates"].astype(bool)
    keeps = rows["holder"].where(radiates | (rows["status"] == "under_attack")).fillna("")
    disagree = keeps.groupby(by).transform("nunique") > 1
    return rows.assign(holder=keeps.where((keeps != "") & ~disagree, None), radiates=radiates.groupby(by).transform("min"))


def _own_colour(own: pd.DataFrame) -> pd.DataFrame:
    own = _agreed(own, [own["cell"]])
    own = own[own["holder"].notna()].drop_duplicates("cell")
    tier = np.where(own["background"].astype(bool), BACKGROUND, REPORTED)
    return own.assign(tier=tier, from_place=own["place_id"])[["cell", "holder", "tier", "from_place", "basis"]]


def _near_colour(
    bare: Any, cells: Cells, settlements: Iterable[Settlement], known: pd.DataFrame, reach_km: float
) -> pd.DataFrame:
    where = {place.place_id: (place.lat, place.lon) for place in settlements}
    try:
        points = np.array([where[cells.place_ids[cell][0]] for cell in bare], dtype=float).reshape(-1, 2)
    except KeyError as error:
        raise DatelineError(f"settlements: {error.args[0]!r} has a cell and is not among them") from error
    known = _agreed(known, [known["lat"].round(DECIMALS), known["lon"].round(DECIMALS)])
    lat, lon = known["lat"].to_numpy(dtype=float), known["lon"].to_numpy(dtype=float)
    source = nearest(points[:, 0], points[:, 1], lat, lon, reach_km)
    taken = known.iloc[source[source >= 0]]
    taken = taken.assign(cell=bare[source >= 0], from_place=taken["place_id"])
    taken = taken[taken["radiates"].astype(bool) & taken["holder"].notna()]
    tier = np.where(taken["background"].astype(bool), BACKGROUND, MODELLED)
    return taken.assign(tier=tier)[["cell", "holder", "tier", "from_place", "basis"]]
