"""The symbol of a place and of an event: its shape says what it is, its fill who holds it, its outline how sure that is.

The shapes, the sizes and the rules are those of geo/assets/symbols.js, whose constants are read and not copied.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import shapely
from matplotlib.path import Path as Outline

from geo.drawing import Ink, Page, outline_from, polygon
from geo.placing import Point
from geo.style import Style, constant, number, numbers, rules

_TOKEN = re.compile(r"[MmLlHhVvAaZz]|-?(?:\d+\.?\d*|\.\d+)")
_COUNT = {"M": 2, "L": 2, "H": 1, "V": 1, "A": 7, "Z": 0}
_AGED_OUTLINE = (".dl-aged .dl-outline:not(.dl-denial)", ".dl-aged .dl-burst", ".dl-aged .dl-casing")


class Marks:
    """Symbols in the colours of a story.

    Parameters
    ----------
    page : what is drawn on
    style : light or dark
    actors : the payload's
    """

    def __init__(self, page: Page, style: Style, actors: Sequence[Mapping[str, Any]]) -> None:
        self.page, self.style, self.actors = page, style, actors

    def place(self, at: Point, place: Mapping[str, Any], span: Mapping[str, Any] | None, aged: bool = False) -> None:
        """Draw the symbol of a place; `span` is what holds there, None where nothing is said."""
        shape = constant("symbols", "KINDS").get(place["kind"], "circle")
        radius, is_plain = reach_of(place, span), bool(span and span["background"])
        points = _outline(shape, radius)
        land, ink, soft = (self.style.token(name) for name in ("land", "ink", "soft"))
        pale = aged or is_plain
        holder = self._colour(span["holder"] if span else None, pale) or land
        rival = self._colour(span["contender"] if span else None, pale)
        status = span["status"] if span else None
        broken = tuple(numbers("ground", _AGED_OUTLINE[0], "stroke-dasharray")) if aged else ()
        outline = Ink(line=self._edge(aged, is_plain), width=self._outline_width(is_plain), dash=broken)
        if status == "under_attack":
            width = number("ground", ".dl-burst", "stroke-width")
            self._draw(at, _burst(radius), Ink(rival or ink, ink, width, broken))
        if status is None:
            self._draw(at, points, Ink(land, soft, number("ground", ".dl-nothing", "stroke-width")))
        elif status == "reported":
            self._draw(at, points, Ink(land, ink, 4.6, broken))
            self._draw(at, points, Ink(land, holder, 2.8))
        elif status == "claimed":
            self._draw(at, points, Ink(land, land, 4))
            dash = tuple(numbers("ground", ".dl-aged .dl-claimed", "stroke-dasharray")) if aged else (3.0, 2.2)
            self._draw(at, points, Ink(None, holder, 2.4, dash))
        else:
            self._draw(at, points, Ink(holder, outline.line, outline.width, outline.dash))
            if status == "contested":
                self._draw(at, list(_right_half(points)), Ink(rival or land))
                self._draw(at, points, outline)
                self._draw(at, [(0, -radius - 3), (0, radius + 3)], outline)
        if glyph := constant("symbols", "GLYPHS").get(shape):
            is_open = status in (None, "reported", "claimed")
            dark = self.style.theme == "dark"
            colour = ink if dark and is_open else rules("ground")[".dl-glyph"]["fill"]
            self.page.shape(_moved(outline_of(glyph), at), Ink(fill=colour))
        if span and span["disputed"]:
            denier = self._colour(span["disputed"][0], False) or land
            whole = Ink(denier, self._edge(False), self._outline_width(False))
            self.page.circles([(at.x + radius + 1.5, at.y - radius - 1.5)], 3.6, whole)

    def event(self, at: Point, kind: str) -> None:
        """Draw the symbol of an event."""
        shapes = constant("symbols", "EVENTS")
        outline = _moved(_pierced(shapes.get(kind, shapes["presence"])), at, 16 / 18)
        width = number("ground", ".dl-event-symbol", "stroke-width") * 16 / 18
        self.page.shape(outline, Ink(line=self.style.token("halo"), width=width))
        self.page.shape(outline, Ink(fill=self.style.token("ink")))

    def _draw(self, at: Point, points: Sequence[tuple[float, float]], ink: Ink) -> None:
        self.page.shape(polygon([(at.x + x, at.y + y) for x, y in points]), ink)

    def _colour(self, actor: int | None, pale: bool) -> str | None:
        return None if actor is None else self.style.colour(dict(self.actors[actor]), pale)

    def _edge(self, aged: bool, is_plain: bool = False) -> Any:
        """Return the colour of an outline: in the dark one that parts a bright fill from the ink, a pale one from the land."""
        if is_plain and self.style.theme == "dark":
            return self.style.token("soft")
        given = rules("ground").get(':root[data-theme="dark"] .dl-place .dl-outline', {}).get("stroke")
        return given if self.style.theme == "dark" and given and not aged else self.style.token("ink")

    def _outline_width(self, is_plain: bool) -> float:
        return number("ground", ".dl-faint" if is_plain else ".dl-outline", "stroke-width")


def reach_of(place: Mapping[str, Any], span: Mapping[str, Any] | None) -> float:
    """Return the radius of a place's symbol in pixels, without what stands out of it."""
    boxed = constant("symbols", "KINDS").get(place["kind"]) in ("plane", "gate")
    radii = constant("symbols", "RADIUS")
    radius = 6.4 if boxed else radii[place["rank"]] if 0 < place["rank"] < len(radii) else 5
    if span is None:
        return float(radius if boxed else radius * 0.62)
    return float(radius * (0.8 if span["background"] else 1))


def outline_of(description: str) -> Outline:
    """Return the outline that an SVG path describes."""
    return Outline.make_compound_path(*(Outline(line) for line in lines_of(description)))


@cache
def lines_of(description: str) -> list[Any]:
    """Return the lines, each (n, 2), that an SVG path describes by lines and arcs, absolute or relative."""
    lines: list[list[tuple[float, float]]] = []
    x = y = 0.0
    command, tokens = "", _TOKEN.findall(description)
    while tokens:
        if tokens[0].isalpha():
            command = tokens.pop(0)
        count = _COUNT[command.upper()]
        given = [float(tokens.pop(0)) for _ in range(count)]
        if command in "Zz":
            lines[-1].append(lines[-1][0])
            x, y = lines[-1][0]
            continue
        base = (x, y) if command.islower() else (0.0, 0.0)
        start = (x, y)
        kind = command.upper()
        if kind in "ML":
            x, y = base[0] + given[0], base[1] + given[1]
        elif kind == "H":
            x = base[0] + given[0]
        elif kind == "V":
            y = base[1] + given[0]
        else:
            x, y = base[0] + given[5], base[1] + given[6]
        if kind == "M":
            lines.append([(x, y)])
            command = "l" if command == "m" else "L"
        elif kind == "A":
            lines[-1] += _arc(start, (x, y), given[0], bool(given[3]), bool(given[4]))
        else:
            lines[-1].append((x, y))
    return [np.array(line, dtype=float) for line in lines]


def _arc(
    start: tuple[float, float], end: tuple[float, float], radius: float, large: bool, sweep: bool
) -> Iterator[tuple[float, float]]:
    """Yield points of a circle's arc from one point to another."""
    half = math.dist(start, end) / 2
    radius = max(radius, half)
    across = math.sqrt(radius**2 - half**2) * (-1 if large == sweep else 1)
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    along = (end[0] - start[0]) / (2 * half), (end[1] - start[1]) / (2 * half)
    centre = middle[0] - along[1] * across, middle[1] + along[0] * across
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    turn = (math.atan2(end[1] - centre[1], end[0] - centre[0]) - first) % (2 * math.pi)
    if not sweep:
        turn -= 2 * math.pi
    for step in range(1, 17):
        angle = first + turn * step / 16
        yield centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


@cache
def _pierced(description: str) -> Outline:
    """Return the outline of an SVG path in which a line within a line is a hole."""
    whole = shapely.Polygon()
    for line in lines_of(description):
        whole = shapely.symmetric_difference(whole, shapely.make_valid(shapely.Polygon(line)))
    found = outline_from(whole)
    return outline_of(description) if found is None else found


def _moved(outline: Outline, to: Point, scale: float = 1.0) -> Outline:
    return Outline(np.asarray(outline.vertices) * scale + np.array(to), outline.codes)


def _ring(count: int, radius: float) -> list[tuple[float, float]]:
    angles = [at / count * 2 * math.pi for at in range(count)]
    return [(radius * math.sin(angle), -radius * math.cos(angle)) for angle in angles]


def _outline(shape: str, r: float) -> list[tuple[float, float]]:
    if shape in ("plane", "gate"):
        return [(-r, -r), (r, -r), (r, r), (-r, r)]
    if shape == "diamond":
        return _ring(4, r * 1.3)
    if shape == "triangle":
        return [(0, -r * 1.15), (r * 1.2, r * 0.9), (-r * 1.2, r * 0.9)]
    return _ring(28, r)


def _burst(r: float) -> list[tuple[float, float]]:
    found = []
    for at in range(20):
        far = r * 1.18 if at % 2 else r * 1.85
        found.append((far * math.sin(at / 20 * 2 * math.pi), -far * math.cos(at / 20 * 2 * math.pi)))
    return found


def _right_half(points: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Yield the part of an outline that is right of the middle."""
    for at, (x, y) in enumerate(points):
        next_x, next_y = points[(at + 1) % len(points)]
        if x >= 0:
            yield x, y
        if (x >= 0) != (next_x >= 0):
            yield 0.0, y + (next_y - y) * -x / (next_x - x)
