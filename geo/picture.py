"""A sheet of a given size with the map of a moment on it: what stands where, and the page drawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geo.drawing import PNG, Ink, Page
from geo.errors import DatelineError, shown
from geo.furniture import Furniture, day_lines, headline, notice, sources
from geo.labels import Labels
from geo.legend import SIDE, Group, Laid, band, column, legend_of
from geo.lettering import HEADLINE, REGULAR, STRONG, balanced, plain, width_of
from geo.marks import Marks
from geo.placing import Box, Point
from geo.plate import Chart, Plate
from geo.scene import Scene
from geo.style import style

SIZES = {"A4": (210.0, 297.0), "A4-landscape": (297.0, 210.0)}
"""Sheets of paper, millimetres."""

SQUARE = 1080
SMALLEST, LARGEST, SLENDER = 320, 8000, 3.0
"""Pixels that a side has at the least and at the most, and how many times longer one may be than the other."""

_PRINT_DPI, _INCH = 300, 25.4
_LETTERS = 560.0  # pixels of the drawing that a page measures, as the root of its area: fewer make larger letters
_PAPER_SCALE = 0.75  # points to a pixel on paper
_MARGIN, _PAPER_MARGIN, _GAP = 14.0, 42.0, 10.0
_WIDE = 1.25  # times the height from which the legend stands beside the map
_COLUMN, _WIDEST = 0.325, 270.0  # of the width, for what stands beside the map; pixels of that at the most
_FOOT, _FOOT_LINE, _DAY = 10.0, 13.0, 19.0
_PARTS = (1.1, 1.05, 1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)  # of its size at which a legend is tried
_BAND = 0.25  # of the height, for a legend below the map
_ROOMY, _LEAST_PART = 460.0, 0.68  # pixels of a map that has room for letters of full size, and the least part of that


@dataclass(frozen=True, slots=True)
class Sheet:
    """A size: width and height in points (of a picture in pixels, a point is a pixel), and its scale.

    Attributes
    ----------
    scale : points to a pixel of the map's own scale
    dpi : dots to an inch of a PNG
    paper : width and height in millimetres, None of a picture in pixels
    """

    width: float
    height: float
    scale: float
    dpi: float = 72
    paper: tuple[float, float] | None = None

    @property
    def said(self) -> tuple[str, str] | None:
        """The width and height that an SVG states, None for its pixels."""
        return (f"{self.paper[0]:g}mm", f"{self.paper[1]:g}mm") if self.paper else None


def sheet(size: str) -> Sheet:
    """Return a size as it is written: 1200x630, square, A4 or A4-landscape.

    Raises
    ------
    DatelineError : it is none of these, or too small, too large or too slender to draw a map on
    """
    if size in SIZES:
        width, height = (part / _INCH * 72 for part in SIZES[size])
        return Sheet(width, height, _PAPER_SCALE, _PRINT_DPI, SIZES[size])
    found = re.fullmatch(r"(\d{1,6})x(\d{1,6})", f"{SQUARE}x{SQUARE}" if size == "square" else size)
    if not found:
        rule = f"give width and height in pixels (1200x630), square, {' or '.join(SIZES)}"
        raise DatelineError(f"size: “{shown(size)}” is not a size: {rule}.")
    wide, high = int(found[1]), int(found[2])
    if min(wide, high) < SMALLEST or max(wide, high) > LARGEST or max(wide, high) > SLENDER * min(wide, high):
        rule = f"sides of {SMALLEST} to {LARGEST} pixels, one at most {SLENDER:g} times the other"
        raise DatelineError(f"size: no map fits {wide} by {high} pixels; give {rule}.")
    return Sheet(wide, high, (wide * high) ** 0.5 / _LETTERS)


class Picture:
    """A sheet laid out for some moments of a story: whatever the moment, all but its map and its day stays in its place.

    Parameters
    ----------
    on, theme : size, and light or dark
    scenes : the moments that the legend explains, all of one story and one moment of knowledge
    """

    def __init__(self, on: Sheet, theme: str, scenes: Sequence[Scene]) -> None:
        self.on, self.style, self.scenes, self.story = on, style(theme), scenes, scenes[0].story
        self.width, self.height = on.width / on.scale, on.height / on.scale
        self.is_wide = on.width >= _WIDE * on.height
        margin = _PAPER_MARGIN if on.paper else _MARGIN
        self.inner = Box(margin, margin, self.width - margin, self.height - margin)

    @cached_property
    def title(self) -> tuple[list[str], float]:
        """Lines of the headline, and the size of its letters."""
        largest = min(max(self.inner.width * 0.044, 18), 25 if self.is_wide else 34)
        return headline(self.story["title"], self.inner.width, largest, 2 if self.is_wide else 3)

    @cached_property
    def foot(self) -> list[tuple[str, str]]:
        """Lines below the map, each with the name of its colour."""
        note = notice(self.scenes)
        reported = sources(self.story, self.scenes[-1].known)
        given = " ".join(plain(one) for one in self.story["attribution"])
        said = [(note, "ink"), (reported, "soft"), (given, "soft")]
        if width_of(f"{note} {reported}", REGULAR, _FOOT) <= self.inner.width:
            said = [(f"{note} {reported}", "soft"), (given, "soft")]
        return [(line, colour) for text, colour in said if text for line in balanced(text, REGULAR, _FOOT, self.inner.width, 2)]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """What the legend explains."""
        return legend_of(self.scenes, self._chart(self._frame(0)))

    @cached_property
    def legend(self) -> tuple[Laid, float]:
        """The legend, and the part of its size at which it has room."""
        if not self.is_wide:
            for part in _PARTS[2:]:
                laid = band(self.groups, self.inner.width / part)
                if laid.height * part <= _BAND * self.inner.height:
                    break
            return laid, part
        room = self._column
        for part in _PARTS:
            laid = column(self.groups, room.width / part)
            if laid.height * part <= room.height:
                break
        return laid, min(part, room.height / max(laid.height, 1))

    @property
    def day_box(self) -> Box:
        """Where the day stands."""
        top = self._below_title
        if self.is_wide:
            return Box(self._column_left, top, self.inner.right, top + 58)
        return Box(self.inner.left, top, self.inner.right, top + (30 if self._has_room_beside_day else 44))

    @cached_property
    def frame(self) -> Box:
        """Where the map stands."""
        laid, part = self.legend
        return self._frame(0 if self.is_wide else laid.height * part + _GAP)

    @cached_property
    def part(self) -> float:
        """How large the map's letters and symbols are beside those of the sheet: on a small map smaller."""
        return max(_LEAST_PART, min(1.0, self.frame.height / _ROOMY, self.frame.width / _ROOMY))

    @cached_property
    def chart(self) -> Chart:
        """The map, in pixels of its own scale: those of the sheet by its part."""
        return self._chart(Box(*(side / self.part for side in self.frame)))

    @property
    def strip(self) -> Box:
        """Where a film shows how far it is."""
        return Box(self.frame.left, self.frame.bottom + 2.5, self.frame.right, self.frame.bottom + 6)

    def page(self, scene: Scene, form: str = PNG) -> Page:
        """Return the whole sheet of a moment."""
        return self._drawn(form, scene)

    def blank(self, form: str = PNG) -> Page:
        """Return the sheet without territory, places and day."""
        return self._drawn(form, None)

    def caption(self, scene: Scene) -> Page:
        """Return a sheet, empty but for the day and how far it is in the story."""
        page = self._paper(PNG)
        self._day(self._furniture(page), scene)
        self._progress(page, scene)
        return page

    def dots(self, box: Box) -> tuple[slice, slice]:
        """Return the rows and columns of a PNG that a part of the drawing covers wholly or in part."""
        by = self.on.scale * self.on.dpi / 72
        left, top, right, bottom = (part * by for part in box)
        return slice(int(top), int(np.ceil(bottom))), slice(int(left), int(np.ceil(right)))

    def _paper(self, form: str) -> Page:
        page = Page(self.on.width, self.on.height, self.on.scale, form, self.on.dpi if form == PNG else 72)
        page.rectangle(Box(-1, -1, self.width + 1, self.height + 1), Ink(fill=self.style.token("paper")))
        return page

    def _furniture(self, page: Page) -> Furniture:
        plate, marks = Plate(page, self.style, self.story, self.chart), Marks(page, self.style, self.story["actors"])
        sides = [key.of for group in self.groups for key in group.keys if key.kind == SIDE] or [0]
        return Furniture(page, self.style, plate, marks, sides[0], sides[1 if len(sides) > 1 else 0])

    def _drawn(self, form: str, scene: Scene | None) -> Page:
        look, chart, page = self.style, self.chart, self._paper(form)
        furniture = self._furniture(page)
        plate, marks = furniture.plate, furniture.marks
        lines, size = self.title
        furniture.lines(Point(self.inner.left, self.inner.top), lines, HEADLINE, size, size * 1.16)
        if scene is not None:
            self._day(furniture, scene)
            self._progress(page, scene)
        with page.smaller(self.part, Point(0, 0)):
            page.clip(chart.box)
            plate.ground()
            if scene is not None:
                plate.territory(scene)
            plate.borders()
            if scene is not None:
                plate.front(scene)
            scale = furniture.scale_bar(chart, chart.box)
            if scene is not None:
                Labels(plate, marks, chart.box.wider(-3), [scale]).draw(scene)
            page.clip(None)
        page.rectangle(self.frame, Ink(line=look.token("rule"), width=1))
        laid, part = self.legend
        at = Point(self._column.left, self._column.top) if self.is_wide else Point(self.inner.left, self.frame.bottom + _GAP)
        with page.smaller(part, at):
            furniture.legend(laid, at)
        top = self.inner.bottom - len(self.foot) * _FOOT_LINE
        for number, (line, colour) in enumerate(self.foot):
            furniture.lines(Point(self.inner.left, top + number * _FOOT_LINE), [line], REGULAR, _FOOT, _FOOT_LINE, colour)
        return page

    def _day(self, furniture: Furniture, scene: Scene) -> None:
        box, (weekday, words) = self.day_box, day_lines(scene)
        # What leaves later reports out must be seen to do so.
        known = (REGULAR, 11, 14, "soft") if scene.is_latest else (STRONG, 11, 14, "ink")
        if self.is_wide:
            furniture.lines(Point(box.left, box.top - 2), [weekday], STRONG, 12, 14, "soft")
            size = min(22.0, 22 * box.width / max(width_of(words, HEADLINE, 22), 1))
            furniture.lines(Point(box.left, box.top + 11), [words], HEADLINE, size, 24)
            furniture.lines(Point(box.left, box.top + 39), [scene.knowledge], *known)
            return
        whole = f"{weekday} {words}"
        size = min(_DAY, _DAY * box.width / max(width_of(whole, HEADLINE, _DAY), 1))
        furniture.lines(Point(box.left, box.top), [whole], HEADLINE, size, 22)
        at = Point(box.left, box.top + 24)
        if self._has_room_beside_day:
            at = Point(box.left + width_of(whole, HEADLINE, size) + 12, box.top + size * 0.95 - 10.5)
        furniture.lines(at, [scene.knowledge], *known)

    def _progress(self, page: Page, scene: Scene) -> None:
        """Draw, in a film, how far a day is in its story: a mark a day, those gone by in ink."""
        if len(self.scenes) < 2:
            return
        days = [one.day for one in self.scenes]
        box, wide = self.strip, self.strip.width / len(days)
        gap = min(1.5, wide / 4)
        for gone, colour in ((False, "rule"), (True, "ink")):
            at = [place for place, day in enumerate(days) if (day <= scene.day) == gone]
            for first, last in [(at[0], at[-1])] if at and wide < 3 else [(place, place) for place in at]:
                left, right = box.left + first * wide, box.left + (last + 1) * wide - gap
                page.rectangle(Box(left, box.top, right, box.bottom), Ink(fill=self.style.token(colour)))

    @cached_property
    def _has_room_beside_day(self) -> bool:
        """Whether, on every day, there is room beside it for what is known."""
        pairs = ((" ".join(day_lines(scene)), scene.knowledge) for scene in self.scenes)
        return all(width_of(day, HEADLINE, _DAY) + 12 + width_of(known, STRONG, 11) <= self.inner.width for day, known in pairs)

    def _chart(self, box: Box) -> Chart:
        return Chart(box, self._bounds, box)

    @property
    def _bounds(self) -> tuple[float, float, float, float]:
        view = self.story["view"]
        return view["west"], view["south"], view["east"], view["north"]

    @property
    def _below_title(self) -> float:
        lines, size = self.title
        return self.inner.top + len(lines) * size * 1.16 + 6

    @property
    def _column_left(self) -> float:
        return self.inner.right - max(min(self.width * _COLUMN, _WIDEST), 190)

    @property
    def _column(self) -> Box:
        top = self.day_box.bottom + 6
        return Box(self._column_left, top, self.inner.right, self._foot_top - 2)

    @property
    def _foot_top(self) -> float:
        return self.inner.bottom - len(self.foot) * _FOOT_LINE - 6

    def _frame(self, below: float) -> Box:
        """Return the box of the map where something so high stands below it."""
        if self.is_wide:
            return Box(self.inner.left, self._below_title, self._column_left - _GAP - 2, self._foot_top)
        return Box(self.inner.left, self.day_box.bottom, self.inner.right, self._foot_top - below)
