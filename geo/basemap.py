"""basemap.json of a story -> outlines to cut territory with, and features to draw."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely

from geo.errors import Problem, StoryError
from geo.tables import read_text

AREAS = ("country", "province", "disputed")
LINES = ("country_border", "province_border", "disputed_line")
_TEXTS = ("iso", "code", "name", "note", "area", "administered_by")
_REMAKE = "make the file anew with `python -m geo basemap`."


@dataclass(frozen=True, slots=True)
class Area:
    """A country, province or disputed area: what it is called, its codes ("" where it has none) and its polygons."""

    name: str
    iso: str
    code: str
    note: str
    geometry: Any


@dataclass(frozen=True, slots=True)
class Basemap:
    """Borders to draw a story on; every geometry is valid, in degrees of longitude and latitude.

    Attributes
    ----------
    outline : the story's countries as one geometry, empty where there is none
    provinces, neighbours, disputed : areas in the order of the file
    features : GeoJSON features as plain data, `properties.layer` one of `AREAS` or `LINES`
    attribution : who is to be named for the data
    """

    outline: Any = field(default_factory=shapely.Polygon)
    provinces: tuple[Area, ...] = ()
    neighbours: tuple[Area, ...] = ()
    disputed: tuple[Area, ...] = ()
    features: tuple[dict[str, Any], ...] = ()
    attribution: str = ""

    @property
    def excluded(self) -> tuple[Any, ...]:
        """The geometries in which no territory is drawn."""
        return tuple(area.geometry for area in self.disputed)


def read_basemap(path: Path, name: str, problems: list[Problem]) -> Basemap:
    """Return the base map in a file; what cannot be read of it goes to `problems` and is left out.

    Parameters
    ----------
    path, name : the file, and what it is called in messages
    problems : list that is appended to
    """
    try:
        text = read_text(path, name)
    except StoryError as error:
        problems.extend(error.problems)
        return Basemap()
    try:
        read = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        problems.append(Problem(name, line, "file", str(error), "The file must be JSON.", _REMAKE))
        return Basemap()
    listed = read.get("features") if isinstance(read, dict) and read.get("type") == "FeatureCollection" else None
    if not isinstance(listed, list):
        rule = "The file must be a GeoJSON FeatureCollection with a list of features."
        problems.append(Problem(name, None, "type", type(read).__name__, rule, _REMAKE))
        return Basemap()
    found = []
    for number, feature in enumerate(listed, start=1):
        fault = _fault(feature)
        geometry = _geometry(feature) if fault is None else None
        if fault is None and geometry is None:
            fault = ("geometry", "", "It must be valid polygons or lines, between ±180 and ±90 degrees.")
        if fault is None:
            found.append((feature, geometry))
        else:
            key, value, rule = fault
            problems.append(Problem(name, None, f"feature {number}, {key}", str(value), rule, _REMAKE))
    basemap = _basemap(found, read.get("attribution"))
    if basemap.outline.is_empty:
        rule = "One country at least must be the story's own (story: true)."
        problems.append(Problem(name, None, "country", "none", rule, _REMAKE))
    return basemap


def _basemap(found: list[tuple[dict[str, Any], Any]], attribution: object) -> Basemap:
    areas: dict[str, list[Area]] = {"province": [], "neighbour": [], "disputed": []}
    own = []
    for feature, geometry in found:
        properties = feature["properties"]
        layer = properties["layer"]
        if layer == "country" and properties.get("story") is True:
            own.append(geometry)
        elif layer in AREAS:
            texts = {key: properties.get(key, "") for key in ("name", "iso", "code", "note")}
            areas["neighbour" if layer == "country" else layer].append(Area(geometry=geometry, **texts))
    return Basemap(
        outline=shapely.union_all(own) if own else shapely.Polygon(),
        provinces=tuple(areas["province"]),
        neighbours=tuple(areas["neighbour"]),
        disputed=tuple(areas["disputed"]),
        features=tuple(feature for feature, _ in found),
        attribution=attribution if isinstance(attribution, str) else "",
    )


def _fault(feature: object) -> tuple[str, object, str] | None:
    """Return key, value and rule of the first thing wrong with a feature's properties, None where all is well."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return "properties", properties, "A feature must have properties."
    layer = properties.get("layer")
    if layer not in AREAS + LINES:
        return "layer", layer, f"It must be one of {', '.join(AREAS + LINES)}."
    for key in _TEXTS:
        text = properties.get(key, "")
        if not isinstance(text, str) or re.search(r"[\ud800-\udfff]", text):
            return key, properties[key], "It must be text."
    if layer == "country" and not isinstance(properties.get("story"), bool):
        return "story", properties.get("story"), "It must be true or false."
    label = properties.get("label")
    if layer in AREAS and not _is_point(label):
        return "label", label, "It must be a longitude and a latitude."
    return None


def _is_point(value: object) -> bool:
    if not (isinstance(value, list) and len(value) == 2):
        return False
    if not all(isinstance(number, int | float) and math.isfinite(number) for number in value):
        return False
    return bool(abs(value[0]) <= 180 and abs(value[1]) <= 90)


def _geometry(feature: dict[str, Any]) -> Any:
    """Return a feature's geometry, None where it is not what its layer needs."""
    try:
        geometry = shapely.from_geojson(json.dumps(feature.get("geometry")))
    except (shapely.errors.GEOSException, ValueError, RecursionError):
        return None
    dimensions = 2 if feature["properties"]["layer"] in AREAS else 1
    if geometry is None or geometry.is_empty or not geometry.is_valid or shapely.has_z(geometry):
        return None
    if any(shapely.get_dimensions(part) != dimensions for part in shapely.get_parts(geometry)):
        return None
    west, south, east, north = geometry.bounds
    return geometry if -180 <= west <= east <= 180 and -90 <= south <= north <= 90 else None


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")
