"""Symbols, names and notes of a moment, each where it has room, by the rules of geo/assets/places.js and names.js."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from geo.drawing import Ink, Page
from geo.lettering import ITALIC, REGULAR, STRONG, STRONG_ITALIC, Face, balanced, plain, width_of
from geo.marks import Marks
from geo.placing import Box, Point, Space, around, away
from geo.plate import Chart, Plate, arrow_of, is_home
from geo.scene import Item, Scene
from geo.style import Style, constant

LINE = 16.0
"""Height of a name, pixels."""

_SIZES = {1: 13.5, 4: 11.5}  # of names by rank
_SIZE, _GROUND, _NOTE = 12.5, 11.5, 11.5
_NOTE_WIDTH, _NOTE_LINE = 160.0, 13.8
_CALLED = (16, 26, 38, 52)  # and between a name and its place
_GRID = 22  # points across the map at which a country is looked for
_ROOMIEST = 40


class Labels:
    """What stands on the territory of one moment.

    Parameters
    ----------
    plate : the map below
    marks : the symbols
    free : the part of the map that names can use
    taken : boxes that lie over the map

    Attributes
    ----------
    written : every name and note that found room, and its box
    """

    def __init__(self, plate: Plate, marks: Marks, free: Box, taken: Sequence[Box] = ()) -> None:
        self.plate, self.marks = plate, marks
        self.page: Page = plate.page
        self.style: Style = plate.style
        self.chart: Chart = plate.chart
        self.space = Space(free, list(taken))
        self.written: list[tuple[str, Box]] = []

    def draw(self, scene: Scene) -> None:
        """Draw the moment's symbols, events, names and notes."""
        box = self.chart.box
        shown = [item for item in scene.items if self._at(item).x > box.left - 40 and self._at(item).x < box.right + 40]
        exact = [item for item in shown if item.is_exact]
        notes = [item for item in shown if not item.is_exact]
        points = self.points(shown)
        for item in exact:
            self.space.take_round(points[item.place["id"]], _reach(item))
        for item in notes:
            self.space.take_round(points[item.place["id"]], 6)  # where its leader line will end
        for event in scene.events:
            if event["from"]:
                self.space.take_line(arrow_of(self.chart.point(*event["from"]), self.chart.point(*event["at"])), 3)
        first = [item for item in exact if item.place["rank"] == 1 and (_is_told(item) or item.place["id"] in scene.eventful)]
        self._names(first, points)
        self._events(scene)
        self._names([item for item in exact if item.span and item not in first], points)
        self._notes([item for item in notes if item.span], points)
        self._names([item for item in exact if not item.span and item not in first], points)
        self._notes([item for item in notes if not item.span], points)
        self.countries(scene.story, [item.place["name"].lower() for item in notes])
        for item in sorted(exact, key=lambda one: (one.is_settlement, -one.place["rank"])):
            self.marks.place(points[item.place["id"]], item.place, item.span, item.aged)

    def points(self, items: Sequence[Item]) -> dict[str, Point]:
        """Return where each place's symbol stands, or the line of its note ends, by the place's id."""
        towns = [self._at(item) for item in items if item.is_exact and item.is_settlement]
        return {
            item.place["id"]: self._abreast(self._at(item), towns) if _gives_way(item) else self._at(item) for item in items
        }

    def countries(self, story: Mapping[str, Any], noted: Sequence[str] = ()) -> None:
        """Write the names of neighbours and disputed areas where they have room; `noted` are names that a note has."""
        for feature in story["basemap"]["features"]:
            said = feature["properties"]
            if said["layer"] not in ("country", "disputed") or is_home(feature) or not said.get("name"):
                continue
            if (said.get("iso") == "" and said["layer"] == "country") or any(said["name"].lower() in note for note in noted):
                continue
            name = plain(said["name"])
            width = width_of(name, REGULAR, _GROUND) + 8
            if said["layer"] == "disputed":
                face, boxes = ITALIC, self._beside(feature, width)
            else:
                face, boxes = REGULAR, self._within(feature, width)
            if box := self.space.first(boxes):
                self.written.append((name, box))
                self._write(name, box, face, _GROUND, self.style.token("soft"))

    def _at(self, item: Item) -> Point:
        return self.chart.point(item.place["lat"], item.place["lon"])

    def _abreast(self, point: Point, towns: Sequence[Point]) -> Point:
        """Return where a symbol stands, or a line ends, that would cover a town's symbol: beside it, in its own direction."""
        apart, start = constant("places", "ABREAST"), point
        for town in towns:
            x, y = start.x - town.x, start.y - town.y
            far = math.hypot(x, y)
            if far < apart:
                point = Point(town.x + (x * apart / far if far else apart), town.y + (y * apart / far if far else 0))
        return point

    def _names(self, items: Iterable[Item], points: Mapping[str, Point]) -> None:
        def weight(item: Item) -> float:
            return float(item.place["rank"] * 10 + ((6 if item.span["background"] else 0) if item.span else 8))

        for item in sorted(items, key=weight):
            face = STRONG if _is_told(item) else REGULAR
            size = _SIZES.get(item.place["rank"], _SIZE)
            name = plain(item.place["name"])
            width = width_of(name, face, size) + 4
            point = points[item.place["id"]]
            box = self.space.first(around(point, width, LINE, _reach(item) + 2))
            if box is None and _is_told(item) and item.place["rank"] == 1:
                box = self._called(point, width, _reach(item))
            if box is not None:
                self.space.words.append(box)
                self.written.append((name, box))
                self._write(name, box, face, size, self.style.token("ink"))

    def _called(self, point: Point, width: float, reach: float) -> Box | None:
        """Return where a name that has no room beside its place stands at the end of a line; a still cannot be zoomed into."""

        def cost(box: Box) -> float:
            end = box.nearest(point)
            return float(math.dist(point, end) + constant("notes", "CROSSING") * self.space.crossed(point, end))

        box = self.space.best(away(point, width, LINE, _CALLED), cost)
        if box is not None:
            end = box.nearest(point)
            far = math.dist(point, end)
            start = Point(point.x + (end.x - point.x) * reach / far, point.y + (end.y - point.y) * reach / far)
            self.space.take_line((start, end), 2)
            self.page.line((start, end), Ink(line=self.style.token("halo"), width=3.5))
            self.page.line((start, end), Ink(line=self.style.token("ink"), width=1))
        return box

    def _events(self, scene: Scene) -> None:
        for event in scene.events:
            point = self.chart.point(*event["at"])
            if not Box(point.x, point.y, point.x, point.y).within(self.space.bounds):
                continue
            if event["from"]:
                self.plate.arrow(self.chart.point(*event["from"]), point)
                self.space.take_round(point, 8)
            boxes = [*around(point, 16, 16, 12 if event["from"] else 13), *away(point, 16, 16, (22, 34))]
            if box := self.space.first(boxes):
                self.marks.event(Point(box.left + 8, box.top + 8), event["kind"])

    def _notes(self, items: Iterable[Item], points: Mapping[str, Point]) -> None:
        rings, crossing = constant("notes", "RINGS"), constant("notes", "CROSSING")
        for item in items:
            point = points[item.place["id"]]
            if not Box(point.x, point.y, point.x, point.y).within(self.space.bounds):
                continue
            name = plain(item.place["name"])
            name = name[:1].upper() + name[1:]
            lines = [(line, STRONG_ITALIC) for line in balanced(name, STRONG_ITALIC, _NOTE, _NOTE_WIDTH, 2)]
            lines += [(line, REGULAR) for line in balanced(item.said, REGULAR, _NOTE, _NOTE_WIDTH, 3)] if item.said else []
            width = max(width_of(line, face, _NOTE) for line, face in lines) + 8
            farthest, most = (constant("notes", rule)["told" if item.span else "named"] for rule in ("FARTHEST", "CROSSED"))

            def cost(box: Box, point: Point = point, farthest: float = farthest, most: int = most) -> float:
                end = box.nearest(point)
                crossed, far = self.space.crossed(point, end), math.dist(point, end)
                return math.inf if far > farthest or crossed > most else far + crossing * crossed

            box = self.space.best(away(point, width, len(lines) * _NOTE_LINE + 4, rings), cost)
            if box is None:
                continue
            self.space.words.append(box)
            self.written.append((name, box))
            self.space.take_line((point, box.nearest(point)), 2)
            self._leader(point, box.nearest(point))
            for at, (line, face) in enumerate(lines):
                top = box.top + 2 + at * _NOTE_LINE
                part = Box(box.left + 4, top, box.left + 4 + width_of(line, face, _NOTE), top + _NOTE_LINE)
                self._write(line, part, face, _NOTE, self.style.token("ink"))

    def _leader(self, point: Point, end: Point) -> None:
        ink = Ink(line=self.style.token("ink"), width=1)
        self.page.line((point, end), Ink(line=self.style.token("halo"), width=3.5))
        self.page.line((point, end), ink)
        self.page.line(((point.x - 4, point.y), (point.x + 4, point.y)), ink)
        self.page.line(((point.x, point.y - 4), (point.x, point.y + 4)), ink)

    def _write(self, text: str, box: Box, face: Face, size: float, colour: Any) -> None:
        """Write a text in the middle of a box."""
        base = Point((box.left + box.right) / 2, (box.top + box.bottom) / 2 + size * 0.33)
        self.page.text(base, text, face, size, colour, halo=self.style.token("halo"), align="middle")

    def _beside(self, feature: Mapping[str, Any], width: float) -> list[Box]:
        """Return where the name of a disputed area can stand."""
        lon, lat = feature["properties"]["label"]
        point = self.chart.point(lat, lon)
        return [*around(point, width, LINE, 14), *away(point, width, LINE, (24, 40))]

    def _within(self, feature: Mapping[str, Any], width: float) -> list[Box]:
        """Return where the name of a country can stand, the roomiest part of it first."""
        box = self.chart.box
        step = box.width / _GRID
        columns = box.left + (np.arange(_GRID) + 0.5) * step
        lines = box.top + (np.arange(max(2, round(box.height / step))) + 0.5) * step
        xs, ys = np.meshgrid(columns, lines)
        area = self.chart.drawn(shapely.geometry.shape(feature["geometry"]), 0)
        if area.is_empty:
            return []
        shapely.prepare(area)
        is_in = shapely.contains_xy(area, xs, ys)
        small = constant("names", "SMALL")
        found = []
        for row, column in _roomiest(is_in):
            x, y = float(columns[column]), float(lines[row])
            if width < small or shapely.contains_xy(area, [x - width * 0.4, x + width * 0.4], [y, y]).all():
                found.append(Box(x - width / 2, y - 8, x + width / 2, y + 8))
        return found


def _roomiest(is_in: Any) -> list[tuple[int, int]]:
    """Return the cells of a grid that are true, by how far the nearest is that is not."""
    rows, columns = is_in.shape
    padded = np.pad(is_in, ((8, 8), (16, 16)))
    found = []
    for row, column in zip(*np.nonzero(is_in), strict=True):
        reach = 1
        while reach < 8 and padded[row + 8 - reach : row + 9 + reach, column + 16 - 2 * reach : column + 17 + 2 * reach].all():
            reach += 1
        found.append((-reach, int(row), int(column)))
    return [(row, column) for _, row, column in sorted(found)[:_ROOMIEST] if row < rows and column < columns]


def _gives_way(item: Item) -> bool:
    """Return whether a place stands aside where it would cover a town: an airport or the like, and what is near a town."""
    return not item.is_settlement if item.is_exact else bool(item.place["precision"] == constant("places", "NEAR"))


def _is_told(item: Item) -> bool:
    return item.span is not None and not item.span["background"]


def _reach(item: Item) -> float:
    """Return how far a symbol reaches with what is round it, pixels."""
    if item.span is None:
        return 6
    if item.span["status"] == "under_attack":
        return 12
    return (6 if item.span["background"] else 8) + (1 if item.place["rank"] == 1 else 0)
