"""Populated places -> the cells of territory around them, and the edges that neighbouring cells share.

Cells are Voronoi polygons, made in Mercator's projection: it is conformal, so that within a cell's radius the nearer of
two places on the plane is the nearer one on the ground, in a large country as in a small one. Kilometres are never
measured on the plane: circles and distances are those of the sphere.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import shapely

from geo.errors import DatelineError

EARTH_KM = 6371.0088
"""Mean radius of the earth, IUGG."""

POLAR = 85.0
"""Degrees of latitude beyond which Mercator's projection is of no use; places there get no cell."""

DECIMALS = 4
"""Decimals of a degree in what is exported: about 10 m."""

_ARC = 16  # corners of a circle: 2 % short of the radius between two corners, and few bytes
_EXACT = 0.005  # degrees, about 500 m: outlines at 1:10,000,000 are drawn no more exactly
_GRID = 0.0001  # km on the plane: far finer than what is exported, so that rounding outlines gives them back

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Settlement:
    """A populated place that can have a cell; lat and lon in degrees."""

    place_id: str
    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lat) and -90 <= self.lat <= 90):
            raise DatelineError(f"{self.place_id}: lat {self.lat!r} is not between -90 and 90 degrees")
        if not (math.isfinite(self.lon) and -180 <= self.lon <= 180):
            raise DatelineError(f"{self.place_id}: lon {self.lon!r} is not between -180 and 180 degrees")


class Edge(NamedTuple):
    """A line that two cells share, in degrees; `one` is the smaller index."""

    one: int
    other: int
    line: Any


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells by index: the places of each (several where they stand on one spot), its polygon in degrees, the edges."""

    place_ids: tuple[tuple[str, ...], ...] = ()
    polygons: tuple[Any, ...] = ()
    edges: tuple[Edge, ...] = ()

    def __len__(self) -> int:
        return len(self.polygons)


def cells(settlements: Iterable[Settlement], outline: Any, radius_km: float, exclude: Sequence[Any] = ()) -> Cells:
    """Return the cells of populated places; neighbours share every vertex of their common edge.

    A cell is what lies nearer to its place than to any other, within the radius, within the outline and outside of the
    excluded areas. A place inside an excluded area, or nearer to it than its border is exact, has none, nor has one with
    nothing left of its cell. The order of the settlements does not matter; cells are in the order of their first
    place_id.

    Parameters
    ----------
    settlements : populated places; those on one spot (to about 10 m) share a cell
    outline : polygons of the story's countries, degrees; not across the 180th meridian
    radius_km : farthest reach of a cell, km on the sphere
    exclude : polygons in which there is no territory, degrees

    Raises
    ------
    DatelineError : the radius is not a positive number of kilometres
    """
    if not (math.isfinite(radius_km) and radius_km > 0):
        raise DatelineError(f"radius_km: {radius_km!r} is not a positive number of kilometres")
    excluded = shapely.union_all([shapely.make_valid(area) for area in exclude])
    spots = _spots(settlements, excluded)
    land = shapely.difference(shapely.make_valid(outline), excluded)
    if not spots or land.is_empty:
        return Cells()
    points = np.array(list(spots))
    domain = shapely.intersection(_plane(land), shapely.union_all(_circles(points, radius_km)))
    faces, owners = _faces(shapely.points(_to_plane(points)), domain)
    by_owner: dict[int, list[Any]] = defaultdict(list)
    for face, owner in zip(faces, owners, strict=True):
        by_owner[int(owner)].append(face)
    names = list(spots.values())
    order = sorted(by_owner, key=lambda owner: names[owner])
    position = np.zeros(len(names), dtype=np.int64)
    position[order] = np.arange(len(order))
    polygons = [parts[0] if len(parts := by_owner[owner]) == 1 else shapely.union_all(parts) for owner in order]
    return Cells(
        place_ids=tuple(names[owner] for owner in order),
        polygons=tuple(_degrees(np.array(polygons, dtype=object))),
        edges=_edges(faces, position[owners]),
    )


def rounded(geometry: Any, decimals: int = DECIMALS) -> Any:
    """Return a geometry with rounded coordinates, valid; polygons that shared vertices still share them.

    Only where rounding makes a polygon cross itself is a corner moved by one unit of the last decimal.
    """
    short = shapely.remove_repeated_points(shapely.transform(geometry, lambda coords: np.round(coords, decimals)))
    if shapely.get_dimensions(short) == 2 and not short.is_valid:
        mended = shapely.make_valid(short, method="structure", keep_collapsed=False)
        short = shapely.set_precision(mended, 10.0**-decimals)
    return short


def great_circle(lat: Array, lon: Array, other_lat: Array, other_lon: Array) -> Array:
    """Return distances in km on the sphere, by the haversine formula; arguments in degrees."""
    lat, lon, other_lat, other_lon = (np.radians(degrees) for degrees in (lat, lon, other_lat, other_lon))
    haversine = np.sin((other_lat - lat) / 2) ** 2 + np.cos(lat) * np.cos(other_lat) * np.sin((other_lon - lon) / 2) ** 2
    distances: Array = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(haversine, 0, 1)))
    return distances


def nearest(lat: Array, lon: Array, source_lat: Array, source_lon: Array, reach_km: float) -> Array:
    """Return the position of each place's nearest source on the sphere, the first of several, -1 beyond the reach."""
    found = np.full(len(lat), -1, dtype=np.int64)
    if not len(lat) or not len(source_lat):
        return found
    places = shapely.points(_to_plane(np.column_stack([lon, lat])))
    sources = shapely.points(_to_plane(np.column_stack([source_lon, source_lat])))
    tree = shapely.STRtree(sources)
    # The plane only finds candidates. Over the reach its scale changes by this factor at most.
    polar = math.radians(
        min(POLAR, float(max(np.abs(lat).max(), np.abs(source_lat).max())) + math.degrees(reach_km / EARTH_KM))
    )
    slack = 1 + 2 * math.tan(polar) * reach_km / EARTH_KM + 1e-6
    farthest = reach_km * slack / math.cos(polar)
    asked, first = tree.query_nearest(places, max_distance=farthest, all_matches=False)
    if not len(asked):
        return found
    plane_km = shapely.distance(places[asked], sources[first])
    which, candidate = tree.query(places[asked], predicate="dwithin", distance=plane_km * slack + _GRID)
    place = asked[which]
    km = great_circle(lat[place], lon[place], source_lat[candidate], source_lon[candidate])
    within = km <= reach_km
    place, candidate, km = place[within], candidate[within], km[within]
    order = np.lexsort((candidate, km, place))
    place, candidate = place[order], candidate[order]
    best = np.ones(len(place), dtype=bool)
    best[1:] = place[1:] != place[:-1]
    found[place[best]] = candidate[best]
    return found


def _spots(settlements: Iterable[Settlement], excluded: Any) -> dict[tuple[float, float], tuple[str, ...]]:
    """Return the ids of the settlements on each spot (lon, lat) outside of the excluded areas."""
    found: dict[tuple[float, float], list[str]] = defaultdict(list)
    doubtful = shapely.buffer(excluded, _EXACT)
    shapely.prepare(doubtful)
    for place in sorted(set(settlements), key=lambda place: (place.place_id, place.lat, place.lon)):
        if abs(place.lat) < POLAR and not shapely.intersects_xy(doubtful, place.lon, place.lat):
            found[round(place.lon, DECIMALS), round(place.lat, DECIMALS)].append(place.place_id)
    return {spot: tuple(dict.fromkeys(found[spot])) for spot in sorted(found)}


def _faces(points: Array, domain: Any) -> tuple[Array, Array]:
    """Return the faces into which the bisectors between points cut a domain, and the point that each belongs to."""
    if domain.is_empty:
        return np.array([], dtype=object), np.array([], dtype=np.int64)
    lines = [shapely.boundary(domain)]
    if len(points) > 1:
        lines.append(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=domain, only_edges=True))
    noded = shapely.union_all(shapely.GeometryCollection(lines), grid_size=_GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    inner = shapely.point_on_surface(faces)
    shapely.prepare(domain)
    within = shapely.intersects(domain, inner)
    faces, inner = faces[within], inner[within]
    asked, owners = shapely.STRtree(points).query_nearest(inner, all_matches=False)
    return faces[asked], owners


def _edges(faces: Array, owners: Array) -> tuple[Edge, ...]:
    """Return the lines along which faces of two owners meet."""
    rings, ring_face = shapely.get_rings(faces, return_index=True)
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    _, vertex = np.unique(np.rint(coords / _GRID).astype(np.int64), axis=0, return_inverse=True)
    starts = np.flatnonzero(ring[1:] == ring[:-1])
    low, high = np.sort(np.column_stack([vertex[starts], vertex[starts + 1]]), axis=1).T
    order = np.lexsort((owners[ring_face[ring[starts]]], high, low))
    same = (low[order][1:] == low[order][:-1]) & (high[order][1:] == high[order][:-1])
    one, other = starts[order[:-1][same]], starts[order[1:][same]]
    pair = np.column_stack([owners[ring_face[ring[one]]], owners[ring_face[ring[other]]]])
    apart = pair[:, 0] != pair[:, 1]
    pair, one = pair[apart], one[apart]
    if not len(pair):
        return ()
    order = np.lexsort((vertex[one], pair[:, 1], pair[:, 0]))
    pair, one = pair[order], one[order]
    pairs, group = np.unique(pair, axis=0, return_inverse=True)
    segments = shapely.linestrings(np.stack([coords[one], coords[one + 1]], axis=1))
    merged = shapely.line_merge(shapely.multilinestrings(segments, indices=group))
    lines, line_pair = shapely.get_parts(_degrees(merged), return_index=True)
    return tuple(Edge(int(pairs[at, 0]), int(pairs[at, 1]), line) for line, at in zip(lines, line_pair, strict=True))


def _circles(points: Array, radius_km: float) -> Array:
    """Return circles around points (lon, lat) as polygons on the plane, inscribed."""
    lon, lat = np.radians(points).T[:, :, np.newaxis]
    bearing = np.linspace(0, 2 * np.pi, _ARC, endpoint=False)
    angle = radius_km / EARTH_KM
    to_lat = np.arcsin(np.sin(lat) * np.cos(angle) + np.cos(lat) * np.sin(angle) * np.cos(bearing))
    to_lon = lon + np.arctan2(np.sin(bearing) * np.sin(angle) * np.cos(lat), np.cos(angle) - np.sin(lat) * np.sin(to_lat))
    corners = np.degrees(np.stack([to_lon, to_lat], axis=-1))
    circles: Array = shapely.polygons(_to_plane(corners.reshape(-1, 2)).reshape(corners.shape))
    return circles


def _to_plane(coords: Array) -> Array:
    lat = np.radians(np.clip(coords[:, 1], -POLAR - 1, POLAR + 1))
    return np.column_stack([EARTH_KM * np.radians(coords[:, 0]), EARTH_KM * np.arcsinh(np.tan(lat))])


def _to_degrees(coords: Array) -> Array:
    degrees: Array = np.degrees(np.column_stack([coords[:, 0] / EARTH_KM, np.arctan(np.sinh(coords[:, 1] / EARTH_KM))]))
    return degrees


def _plane(geometry: Any) -> Any:
    return shapely.transform(geometry, _to_plane)


def _degrees(geometry: Any) -> Any:
    return shapely.transform(geometry, _to_degrees)
