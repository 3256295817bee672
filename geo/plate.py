"""The map of one moment drawn into a box of a page: ground, territory, front line, symbols and names, as in the browser."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from matplotlib.path import Path as Outline

from geo.drawing import Ink, Page, outline_from
from geo.marks import lines_of
from geo.placing import Box, Point
from geo.scene import Scene
from geo.smoothing import WITHIN_KM, Stretch, smoothed
from geo.style import Style, constant, mix, number, numbers, rules

_EQUATOR_KM = 40030.2
_LEAST = 0.4  # degrees that a map shows at the least
_MARGIN = 12  # pixels round what is reported
_BEYOND = 24  # pixels beyond the box up to which lines are kept
_LAYERS = ("province_border", "country_border")


@dataclass(frozen=True)
class Chart:
    """Where degrees lie in a box, in Mercator's projection.

    Attributes
    ----------
    box : the map, pixels
    bounds : west, south, east and north of what must be seen, degrees
    clear : the part of the box in which that is to be seen
    """

    box: Box
    bounds: tuple[float, float, float, float]
    clear: Box

    @cached_property
    def scale(self) -> float:
        """Pixels to a degree of longitude."""
        west, south, east, north = self.bounds
        wide, high = max(east - west, _LEAST), max(_mercator(north) - _mercator(south), _LEAST)
        return min((self.clear.width - 2 * _MARGIN) / wide, (self.clear.height - 2 * _MARGIN) / high)

    @cached_property
    def corner(self) -> tuple[float, float]:
        """Longitude, and Mercator's northing in degrees, of the box's left upper corner."""
        west, south, east, north = self.bounds
        lon, up = (west + east) / 2, (_mercator(south) + _mercator(north)) / 2
        across, down = (self.clear.left + self.clear.right) / 2, (self.clear.top + self.clear.bottom) / 2
        return lon - (across - self.box.left) / self.scale, up + (down - self.box.top) / self.scale

    def point(self, lat: float, lon: float) -> Point:
        """Return where a place lies on the page."""
        x, y = self.points(np.array([[lon, lat]]))[0]
        return Point(float(x), float(y))

    def points(self, degrees: Any) -> Any:
        """Return where longitudes and latitudes (n, 2) lie on the page."""
        lon, up = degrees[:, 0], np.degrees(np.arcsinh(np.tan(np.radians(np.clip(degrees[:, 1], -85, 85)))))
        left, top = self.corner
        return np.column_stack([self.box.left + (lon - left) * self.scale, self.box.top + (top - up) * self.scale])

    def drawn(self, geometry: Any, margin: float = _BEYOND) -> Any:
        """Return a geometry on the page, without what lies farther out of the box than the margin."""
        return shapely.clip_by_rect(shapely.transform(geometry, self.points), *self.box.wider(margin))

    def degrees(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Return longitudes and latitudes of points of the page."""
        left, top = self.corner
        up = top - (y - self.box.top) / self.scale
        return left + (x - self.box.left) / self.scale, np.degrees(np.arctan(np.sinh(np.radians(up))))

    def km(self) -> float:
        """Return how many km a pixel is in the middle of what must be seen."""
        _, south, _, north = self.bounds
        return _EQUATOR_KM / 360 / self.scale * math.cos(math.radians((south + north) / 2))


class Plate:
    """Ground, territory and front of a story.

    Parameters
    ----------
    page, style : what is drawn on, and light or dark
    story : the payload
    chart : where degrees lie
    """

    def __init__(self, page: Page, style: Style, story: Mapping[str, Any], chart: Chart) -> None:
        self.page, self.style, self.story, self.chart = page, style, story, chart

    def ground(self) -> None:
        """Draw sea and land."""
        self.page.rectangle(self.chart.box, Ink(fill=self.style.token("sea")))
        for feature in self._features("country"):
            self._area(feature, Ink(fill=self.style.token("land" if is_home(feature) else "abroad")))

    def borders(self) -> None:
        """Draw the disputed areas and the borders, over the territory."""
        for feature in self._features("disputed"):
            outline = outline_from(self.chart.drawn(_shape(feature)))
            if outline is not None:
                self.page.shape(outline, Ink(fill=self.style.token("abroad")))
                self._hatch(outline_from(self.chart.drawn(_shape(feature), 0)))
                self.page.shape(outline, self._stroke(".dl-disputed"))
        for layer in (*_LAYERS, "disputed_line"):
            for feature in self._features(layer):
                selector = f".dl-{layer}"
                home = f"{selector}.dl-home" if is_home(feature) else selector
                ink = self._stroke(selector, home if home in rules("ground") else selector)
                self._area(feature, ink)

    def territory(self, scene: Scene) -> None:
        """Draw who holds which cell."""
        groups: dict[tuple[int, int, bool], list[int]] = defaultdict(list)
        for cell, actor, tier, aged in scene.cells:
            groups[actor, tier, aged].append(cell)
        for (actor, tier, aged), cells in sorted(groups.items()):
            faces = [face for cell in cells for face in _faces(self.story["cells"][cell])]
            whole = shapely.union_all(shapely.make_valid(np.array(faces, dtype=object)))
            self.paint(self.chart.drawn(whole), self.chart.drawn(whole, 0), actor, tier, aged)

    def paint(self, area: Any, seen: Any, actor: int, tier: int, aged: bool = False) -> None:
        """Fill an area (on the page; `seen`, the part that is on paper) with the paint of a side in a tier."""
        outline = outline_from(area)
        if outline is None:
            return
        side, land = dict(self.story["actors"][actor]), self.style.hex("land")
        opacity = number("ground", ".leaflet-dl-cells-pane", "opacity")
        full = self.style.paint(side, tier, aged)
        ground = mix(full, land, opacity)
        self.page.shape(outline, Ink(ground, ground, 1.2))
        if seen.is_empty:
            return
        line = mix(self.style.line(full, tier), land, opacity)
        tiles = self._tiles(seen)
        if side["texture"] == "dots":
            self._dots(seen, tiles, ((2, 2), (6, 6)), 1, line)
        elif description := constant("theme", "LINES").get(side["texture"]):
            strokes = outline_from(shapely.intersection(_repeated(description, tiles), seen))
            if strokes is not None:
                self.page.shape(strokes, Ink(line=line, width=1))
        if aged:
            self._dots(seen, tiles, constant("theme", "HOLES"), 1.6, land)

    def front(self, scene: Scene) -> None:
        """Draw the front line, solid where both sides are reported."""
        keep = np.array([[p["lon"], p["lat"]] for p in self.story["places"] if p["precision"] == 1], dtype=float).reshape(-1, 2)
        stretches = [Stretch((solid,), np.array(self.story["edges"][edge], dtype=float)) for edge, solid in scene.front]
        within = min(WITHIN_KM, constant("front", "HIDDEN") * self.chart.km())
        drawn = [(bool(part.label[0]), self.chart.points(part.points)) for part in smoothed(stretches, keep, within)]
        if not drawn:
            return
        casing = self._stroke(".dl-front-casing")
        self.page.shape(Outline.make_compound_path(*(Outline(points) for _, points in drawn)), casing)
        self.front_lines(drawn)

    def front_lines(self, lines: Sequence[tuple[bool, Any]]) -> None:
        """Draw lines, solid or dashed, as the front is drawn, without what keeps it off its ground."""
        ends = {tuple(end) for solid, points in lines if solid for end in (points[0].tolist(), points[-1].tolist())}
        for solid, points in lines:
            if solid:
                self.page.line(points, self._stroke(".dl-front"))
            else:
                # A dashed stretch begins with a dash: let it begin where it goes on from a solid one.
                turned = tuple(points[-1].tolist()) in ends and tuple(points[0].tolist()) not in ends
                ink = self._stroke(".dl-front", ".dl-front-dashed")
                self.page.line(points[::-1] if turned else points, ink)

    def arrow(self, start: Point, tip: Point) -> None:
        """Draw a bent arrow from where an advance began to the furthest reported position."""
        curve, end = arrow_of(start, tip), np.array(tip)
        back = curve[-1] - curve[-3]
        along = back / (math.hypot(*back) or 1)
        side = np.array([-along[1], along[0]])
        head = [end, end - along * 11 + side * 5.5, end - along * 11 - side * 5.5]
        curve[-1] = end - along * 6
        self.page.line(curve, self._stroke(".dl-arrow", ".dl-arrow-casing"))
        self.page.line(curve, self._stroke(".dl-arrow"))
        rule = rules("ground")[".dl-arrow-head"]
        edge = (*self.style.token("land")[:3], float(rule["stroke-opacity"]))
        corners = Outline(np.array([*head, head[0]]), closed=True)
        self.page.shape(corners, Ink(self.style.token("ink"), edge, float(rule["stroke-width"])))

    def _features(self, layer: str) -> list[Mapping[str, Any]]:
        return [one for one in self.story["basemap"]["features"] if one["properties"]["layer"] == layer and one.get("geometry")]

    def _area(self, feature: Mapping[str, Any], ink: Ink) -> None:
        outline = outline_from(self.chart.drawn(_shape(feature)))
        if outline is not None:
            self.page.shape(outline, ink)

    def _stroke(self, *selectors: str) -> Ink:
        """Return the line that the stylesheet gives a class; a later selector says more."""
        said: dict[str, str] = {}
        for selector in selectors:
            said |= rules("ground").get(selector, {})
        name = said["stroke"].removeprefix("var(--dl-").removesuffix(")")
        red, green, blue, opacity = self.style.token(name)
        dashes = [numbers("ground", one, "stroke-dasharray") for one in selectors]
        return Ink(
            line=(red, green, blue, opacity * float(said.get("stroke-opacity", 1))),
            width=float(said.get("stroke-width", 1)),
            dash=tuple(next(filter(None, reversed(dashes)), ())),
            cap=said.get("stroke-linecap", "butt"),
        )

    def _hatch(self, within: Outline | None) -> None:
        """Draw the hatch of disputed areas."""
        if within is None:
            return
        red, green, blue, _ = self.style.token("border")
        opacity = number("ground", ".dl-hatch-line", "opacity")
        (left, top), (right, bottom) = within.get_extents().get_points()
        step, reach = 7 * math.sqrt(2), bottom - top
        starts = np.arange(math.floor((left - reach) / step) * step, right + reach, step)
        lines = [Outline(np.array([(x, bottom), (x + reach, top)])) for x in starts]
        self.page.shape(Outline.make_compound_path(*lines), Ink(line=(red, green, blue, opacity), width=2), within)

    def _dots(self, area: Any, tiles: Any, places: Sequence[Sequence[float]], radius: float, colour: str) -> None:
        """Draw dots at some places of every tile, as far as their middles lie in an area."""
        centres = np.vstack([tiles + np.array(place, dtype=float) for place in places])
        self.page.circles(centres[shapely.contains_xy(area, centres[:, 0], centres[:, 1])], radius, Ink(fill=colour))

    def _tiles(self, area: Any) -> Any:
        """Return the corners (n, 2) of the texture's tiles that an area meets."""
        size = constant("theme", "TILE")
        left, top, right, bottom = area.bounds
        xs = np.arange(math.floor(left / size) * size, right, size)
        ys = np.arange(math.floor(top / size) * size, bottom, size)
        corners = np.array([(x, y) for x in xs for y in ys])
        shapely.prepare(area)
        met = shapely.intersects(area, shapely.box(*corners.T, *(corners + size).T))
        return corners[met]


def arrow_of(start: Point, tip: Point) -> Any:
    """Return the points (13, 2) of an arrow's bent shaft; it begins a little off its start."""
    begin, end = np.array(start), np.array(tip)
    across = np.array([begin[1] - end[1], end[0] - begin[0]]) * 0.14
    bend = (begin + end) / 2 + across
    parts = 0.12 + np.arange(13)[:, None] / 12 * 0.88
    return begin * (1 - parts) ** 2 + bend * (2 * parts * (1 - parts)) + end * parts**2


def is_home(feature: Mapping[str, Any]) -> bool:
    """Return whether a feature of the base map is the story's own country."""
    return bool(feature["properties"].get("story") or feature["properties"].get("home"))


def _mercator(lat: float) -> float:
    return math.degrees(math.asinh(math.tan(math.radians(max(-85.0, min(85.0, lat))))))


def _repeated(description: str, tiles: Any) -> Any:
    """Return the lines that an SVG path describes on every tile, those that meet joined to long ones."""
    size = constant("theme", "TILE")
    parts = shapely.clip_by_rect([shapely.linestrings(line) for line in lines_of(description)], 0, 0, size, size)
    ends = np.array([shapely.get_coordinates(part) for part in parts if shapely.length(part) > 0])
    return shapely.line_merge(shapely.multilinestrings(shapely.linestrings((ends + tiles[:, None, None]).reshape(-1, 2, 2))))


def _shape(feature: Mapping[str, Any]) -> Any:
    return shapely.geometry.shape(feature["geometry"])


def _faces(rings: Sequence[Sequence[Sequence[float]]]) -> list[Any]:
    """Return the rings of a cell as one geometry in which a ring within a ring is a hole."""
    found = shapely.Polygon()
    for ring in rings:
        found = shapely.symmetric_difference(found, shapely.make_valid(shapely.Polygon(ring)))
    return [found]
