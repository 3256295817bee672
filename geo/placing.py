"""Where a name, a symbol or a note can stand on a drawing, and what is taken: the rules of geo/assets/labels.js."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

_GAP = 2  # pixels kept free round a name
_TURNS = (45, 135, 90, 225, 315, 0, 180, 270, 65, 115, 245, 295)  # degrees round a point at which a note is tried


class Point(NamedTuple):
    """A point of a drawing, pixels right and down."""

    x: float
    y: float


class Box(NamedTuple):
    """A part of a drawing, pixels right and down."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Return whether the boxes share more than an edge."""
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def within(self, other: Box) -> bool:
        """Return whether the box lies in another."""
        return self.left >= other.left and self.right <= other.right and self.top >= other.top and self.bottom <= other.bottom

    def wider(self, by: float) -> Box:
        """Return the box with a margin."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def nearest(self, point: Point) -> Point:
        """Return the point of the box that is nearest to another."""
        return Point(max(self.left, min(point.x, self.right)), max(self.top, min(point.y, self.bottom)))

    @property
    def width(self) -> float:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.bottom - self.top


@dataclass
class Space:
    """The part of a drawing that names can use, and what of it is taken: the rules of the map in a browser."""

    bounds: Box
    taken: list[Box] = field(default_factory=list)
    words: list[Box] = field(default_factory=list)

    def take_round(self, point: Point, reach: float) -> None:
        """Take a square round a point."""
        self.taken.append(Box(point.x - reach, point.y - reach, point.x + reach, point.y + reach))

    def take_line(self, points: Sequence[Sequence[float]], reach: float) -> None:
        """Take what lies along a line."""
        for (x, y), (to_x, to_y) in pairwise([(float(one[0]), float(one[1])) for one in points]):
            steps = max(1, math.ceil(math.dist((x, y), (to_x, to_y)) / (2 * reach)))
            for step in range(steps + 1):
                self.take_round(Point(x + (to_x - x) * step / steps, y + (to_y - y) * step / steps), reach)

    def is_free(self, box: Box) -> bool:
        """Return whether a box is within bounds and meets nothing."""
        return box.within(self.bounds) and not any(box.meets(other) for other in self.taken)

    def first(self, boxes: Iterable[Box]) -> Box | None:
        """Take and return the first box that is free, with a gap round it."""
        found = next((box for box in boxes if self.is_free(box.wider(_GAP))), None)
        if found:
            self.taken.append(found.wider(_GAP))
        return found

    def best(self, boxes: Iterable[Box], cost: Callable[[Box], float]) -> Box | None:
        """Take and return the free box of the least cost; one of infinite cost is not taken."""
        prices = [(cost(box), at, box) for at, box in enumerate(boxes) if self.is_free(box.wider(_GAP))]
        price, _, found = min(prices, default=(math.inf, 0, None))
        if found is None or price == math.inf:
            return None
        self.taken.append(found.wider(_GAP))
        return found

    def crossed(self, start: Point, end: Point) -> float:
        """Return how many taken boxes a straight line meets, that in which it begins left out; infinite if it meets words."""

        def meets(box: Box) -> bool:
            if box.left < start.x < box.right and box.top < start.y < box.bottom:
                return False
            return _is_cut(box, start, end)

        if any(meets(box.wider(-1)) for box in self.words):
            return math.inf
        return sum(meets(box) for box in self.taken)


def around(point: Point, width: float, height: float, reach: float) -> list[Box]:
    """Return the eight boxes of a name round a symbol that reaches so far, the best first."""
    x, y, near = point.x, point.y, reach * 0.75
    corners = (
        (x + reach, y - height / 2), (x - reach - width, y - height / 2),
        (x + near, y - near - height), (x + near, y + near),
        (x - near - width, y - near - height), (x - near - width, y + near),
        (x - width / 2, y - reach - height), (x - width / 2, y + reach),
    )  # fmt: skip
    return [Box(left, top, left + width, top + height) for left, top in corners]


def _is_cut(box: Box, start: Point, end: Point) -> bool:
    """Return whether a straight line passes through a box, after Liang and Barsky."""
    first, last = 0.0, 0.97  # where it ends it may touch
    for way, room in (
        (start.x - end.x, start.x - box.left),
        (end.x - start.x, box.right - start.x),
        (start.y - end.y, start.y - box.top),
        (end.y - start.y, box.bottom - start.y),
    ):
        if way == 0:
            if room < 0:
                return False
        elif way < 0:
            first = max(first, room / way)
        else:
            last = min(last, room / way)
    return first < last


def away(point: Point, width: float, height: float, rings: Sequence[float]) -> list[Box]:
    """Return boxes of a note at some distances from its point, the nearest first."""
    found = []
    for far in rings:
        for degrees in _TURNS:
            angle = math.radians(degrees)
            x, y = point.x + math.sin(angle) * (far + width / 2), point.y - math.cos(angle) * (far + height / 2)
            found.append(Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    return found
