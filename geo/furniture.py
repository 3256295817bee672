"""What stands round the map of a still: headline, day, legend, scale bar, note and sources."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely

from geo.drawing import Ink, Page
from geo.legend import ADVANCE, AGED, FRONT, HEADING, LEADING, LETTERS, SIDE, STATUS, SWATCH, TIER, Key, Laid
from geo.lettering import HEADLINE, REGULAR, STRONG, Face, balanced, plain, width_of, wrapped
from geo.marks import Marks
from geo.placing import Box, Point
from geo.plate import Chart, Plate
from geo.scene import Scene, short_day, weekday
from geo.style import Style

_TOWN = {"kind": "town", "rank": 2}
_SPAN = {"status": "control", "holder": 0, "contender": None, "disputed": (), "background": False}
_LONGEST = 96.0  # pixels of the scale bar


class Furniture:
    """Draws what stands round a map.

    Parameters
    ----------
    page, style : what is drawn on, and light or dark
    plate, marks : what draws territory and symbols, for the legend's swatches
    leading, rival : indexes of the sides in whose colours the legend shows what is not of one side
    """

    def __init__(self, page: Page, style: Style, plate: Plate, marks: Marks, leading: int = 0, rival: int = 0) -> None:
        self.page, self.style, self.plate, self.marks, self.leading, self.rival = page, style, plate, marks, leading, rival

    def lines(self, at: Point, lines: Sequence[str], face: Face, size: float, leading: float, colour: str = "ink") -> float:
        """Write lines below one another from a left upper corner; return where they end."""
        for number, line in enumerate(lines):
            self.page.text(Point(at.x, at.y + number * leading + size * 0.95), line, face, size, self.style.token(colour))
        return at.y + len(lines) * leading

    def legend(self, laid: Laid, at: Point) -> None:
        """Draw a legend from a left upper corner."""
        for point, heading in laid.headings:
            self.page.text(Point(at.x + point.x, at.y + point.y), heading, STRONG, HEADING, self.style.token("ink"))
        for point, key, lines in laid.rows:
            corner = Point(at.x + point.x, at.y + point.y)
            self._swatch(key, Box(corner.x, corner.y, corner.x + SWATCH.width, corner.y + SWATCH.height))
            for number, line in enumerate(lines):
                base = Point(corner.x + SWATCH.width + 7, corner.y + 12 + number * LEADING)
                self.page.text(base, line, REGULAR, LETTERS, self.style.token("ink"))

    def scale_bar(self, chart: Chart, space: Box) -> Box:
        """Draw how long some km are, at the map's left lower corner, and return the box that it takes."""
        most = min(_LONGEST, chart.box.width / 4) * chart.km()
        unit = 10 ** math.floor(math.log10(most))
        km = next(unit * step for step in (5, 2, 1) if unit * step <= most)
        long, name = km / chart.km(), f"{km:g} km"
        left, base = space.left + 10, space.bottom - 10
        soft = self.style.token("soft")
        for ink in (Ink(line=self.style.token("halo"), width=4), Ink(line=soft, width=1.4)):
            self.page.line(((left, base - 5), (left, base), (left + long, base), (left + long, base - 5)), ink)
        self.page.text(Point(left + long / 2, base - 5), name, REGULAR, 11, soft, halo=self.style.token("halo"), align="middle")
        return Box(left - 4, base - 18, left + max(long, width_of(name, REGULAR, 11)) + 6, base + 4)

    def _swatch(self, key: Key, box: Box) -> None:
        middle = Point((box.left + box.right) / 2, (box.top + box.bottom) / 2)
        face = Box(box.left + 0.5, box.top + 0.5, box.right - 0.5, box.bottom - 0.5)
        area = shapely.box(*face)
        if key.kind == SIDE:
            self.plate.paint(area, area, key.of, 0)
        elif key.kind == TIER:
            self.plate.paint(area, area, self.leading, key.of)
        elif key.kind == AGED:
            self.plate.paint(area, area, self.leading, 1, True)
            self.marks.place(middle, _TOWN, {**_SPAN, "holder": self.leading}, True)
        elif key.kind == STATUS:
            span = None if key.of is None else {**_SPAN, "holder": self.leading, "contender": self.rival, "status": key.of}
            if key.of == "disputed" and span:
                span |= {"status": "control", "disputed": [self.rival]}
            self.marks.place(middle, _TOWN, span)
        elif key.kind == FRONT:
            for solid, y in ((True, box.top + 4), (False, box.top + 12)):
                self.plate.front_lines([(solid, np.array([(box.left, y), (box.right, y)]))])
        elif key.kind == ADVANCE:
            self.plate.arrow(Point(box.left - 2, box.bottom - 3), Point(box.right, box.top + 5))
        else:
            self.marks.event(middle, key.of)


def headline(text: str, width: float, largest: float, most: int) -> tuple[list[str], float]:
    """Return a headline as lines, and the size of its letters: the largest at which it needs few lines."""
    smallest = largest * 0.7
    for count in range(1, most + 1):
        size = largest
        while size >= smallest:
            lines = wrapped(text, HEADLINE, size, width, most + 1)
            if len(lines) <= count:
                return balanced(text, HEADLINE, size, width, most), size
            size *= 0.96
    return balanced(text, HEADLINE, smallest, width, most), smallest


def sources(story: Mapping[str, Any], known: int) -> str:
    """Return who reported what the map shows, as one sentence."""
    until = date.fromisoformat(story["known"][known]["id"][:10])
    reported = [
        f"{plain(article['publisher'])} {short_day(article['published'][:10])}"
        for article in sorted(story["articles"], key=lambda one: one["published"])
        if not article["background"] and date.fromisoformat(article["published"][:10]) <= until
    ]
    return f"Sources: {' · '.join(reported)}." if reported else ""


def notice(scenes: Sequence[Scene]) -> str:
    """Return what a reader must know of what is drawn; of how many places it is modelled, where one moment is shown."""
    counts = {scene.modelled_from for scene in scenes}
    if counts == {0}:
        return "Blank: no report."
    count = f"{counts.pop()} " if len(counts) == 1 else ""
    return f"Territory is modelled from {count}reported place{'' if count == '1 ' else 's'} and approximate. Blank: no report."


def day_lines(scene: Scene) -> tuple[str, str]:
    """Return the weekday and the day."""
    words = weekday(scene.date).split(" ", 1)
    return words[0], words[1]
