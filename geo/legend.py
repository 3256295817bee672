"""The legend of a still: what it must explain, and how its rows are laid into a column or a band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any, NamedTuple

from geo.lettering import REGULAR, plain, width_of, wrapped
from geo.placing import Box, Point
from geo.plate import Chart
from geo.scene import Scene
from geo.style import constant

SWATCH = Box(0, 0, 24, 16)
LETTERS, HEADING = 12.0, 12.5  # sizes of letters in the legend
_ROW, _SYMBOL_ROW, LEADING, _BEFORE, _AFTER = 18.0, 20.0, 14.0, 9.0, 5.0
_GAP, _SPACE = 12.0, 7.0  # pixels between columns, and between a swatch and its label
SIDE, STATUS, TIER, FRONT, ADVANCE, EVENT, AGED = "side", "status", "tier", "front", "advance", "event", "aged"


class Key(NamedTuple):
    """A row of the legend: what its swatch is of, which one, and its label."""

    kind: str
    of: Any
    label: str


class Group(NamedTuple):
    """Rows of the legend under a heading."""

    heading: str
    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Laid:
    """A legend laid out: its height, its headings and its rows where they stand, from its own left upper corner."""

    height: float
    headings: tuple[tuple[Point, str], ...]
    rows: tuple[tuple[Point, Key, tuple[str, ...]], ...]


def legend_of(scenes: Sequence[Scene], chart: Chart) -> tuple[Group, ...]:
    """Return what must be explained of some moments: nothing that none of them shows."""
    story = scenes[0].story
    seen = [
        (scene, item)
        for scene in scenes
        for item in scene.items
        if is_on(chart, item.place["lat"], item.place["lon"])
    ]  # fmt: skip
    spans = [item.span for _, item in seen if item.span]
    exact = [item for _, item in seen if item.is_exact]
    cells = {cell for scene in scenes for cell in scene.cells}
    sides = {actor for _, actor, _, _ in cells}
    sides |= {actor for span in spans for actor in (span["holder"], span["contender"], *span["disputed"]) if actor is not None}
    statuses = {item.span["status"] for item in exact if item.span}
    certainty = [Key(STATUS, one["id"], one["label"]) for one in story["statuses"] if one["id"] in statuses - {"unknown"}]
    if any(item.span and item.span["disputed"] for item in exact):
        certainty.append(Key(STATUS, "disputed", "Disputed"))
    if any(item.span is None for item in exact):
        certainty.append(Key(STATUS, None, "Named only"))
    events = [event for scene in scenes for event in scene.events if is_on(chart, *event["at"])]
    tiers = {tier for _, _, tier, _ in cells}
    areas = [Key(TIER, at, tier["label"]) for at, tier in enumerate(story["tiers"]) if at in tiers]
    if any(scene.front for scene in scenes):
        areas.append(Key(FRONT, None, "Front line, approximate"))
    if any(event["from"] for event in events):
        areas.append(Key(ADVANCE, None, "Reported advance"))
    said = constant("symbols", "SAID")
    kinds = dict.fromkeys(event["kind"] for event in events)
    areas += [Key(EVENT, kind, said.get(kind, kind.replace("_", " ").capitalize())) for kind in kinds if kind != "advancing"]
    if any(item.aged for item in exact) or any(aged for *_, aged in cells):
        days = story["fades_after_days"]
        areas.append(Key(AGED, min(sides, default=0), f"Not confirmed for over {days} day{'' if days == 1 else 's'}"))
    named = [Key(SIDE, actor, plain(story["actors"][actor]["label"])) for actor in sorted(sides)]
    groups = (("Who holds it", named), ("How sure that is", certainty), ("On the map", areas))
    return tuple(Group(heading, tuple(keys)) for heading, keys in groups if keys)


def column(groups: Sequence[Group], width: float, abreast: int = 2) -> Laid:
    """Return a legend as one column; so many short rows stand abreast."""
    headings: list[tuple[Point, str]] = []
    rows: list[tuple[Point, Key, tuple[str, ...]]] = []
    top = 0.0
    for group in groups:
        headings.append((Point(0, top + HEADING), group.heading))
        top = _filled(rows, group.keys, top + HEADING + _AFTER, width, _abreast(group.keys, width, abreast)) + _BEFORE
    return Laid(max(top - _BEFORE, 0), tuple(headings), tuple(rows))


def band(groups: Sequence[Group], width: float) -> Laid:
    """Return a legend as columns side by side, as low as it can be."""
    best: Laid | None = None
    for columns in _divisions(groups):
        room = width - _GAP * (len(columns) - 1)
        for counts in product((1, 2), repeat=len(columns)):
            wants = [max(_wanted(group.keys, count) for group in one) for one, count in zip(columns, counts, strict=True)]
            if len(columns) > 1 and sum(wants) > room:
                continue
            spare, left = max(room - sum(wants), 0) / len(columns), 0.0
            headings, rows, heights = [], [], []
            for one, want, count in zip(columns, wants, counts, strict=True):
                wide = min(want, room) + spare
                laid = column(one, wide, count)
                headings += [(Point(left + point.x, point.y), text) for point, text in laid.headings]
                rows += [(Point(left + point.x, point.y), key, lines) for point, key, lines in laid.rows]
                heights.append(laid.height)
                left += wide + _GAP
            if best is None or max(heights) < best.height - 1:
                best = Laid(max(heights), tuple(headings), tuple(rows))
    return best or Laid(0, (), ())


def _divisions(groups: Sequence[Group]) -> list[list[Sequence[Group]]]:
    """Return the ways to part groups into columns in their order, the most columns first."""
    ways: list[list[Sequence[Group]]] = []
    for cuts in range(2 ** max(len(groups) - 1, 0)):
        ends = [at for at in range(1, len(groups)) if cuts >> (at - 1) & 1]
        ways.append([groups[start:end] for start, end in pairwise([0, *ends, len(groups)])])
    return sorted(ways, key=len, reverse=True)


def _wide(key: Key) -> float:
    return SWATCH.width + _SPACE + width_of(key.label, REGULAR, LETTERS) + 2


def _cell(keys: Sequence[Key]) -> float:
    """Return the width of a cell where rows stand abreast: two thirds of the rows need no more."""
    return sorted(_wide(key) for key in keys)[len(keys) * 2 // 3]


def _wanted(keys: Sequence[Key], abreast: int) -> float:
    """Return the width that a column needs for some rows."""
    longest = max(_wide(key) for key in keys)
    return longest if abreast == 1 else max(longest, abreast * _cell(keys) + (abreast - 1) * _GAP)


def _abreast(keys: Sequence[Key], width: float, most: int) -> int:
    fits = len(keys) > 2 and keys[0].kind != SIDE and most * _cell(keys) + (most - 1) * _GAP <= width + 1
    return most if fits else 1


def _filled(
    rows: list[tuple[Point, Key, tuple[str, ...]]], keys: Sequence[Key], top: float, width: float, abreast: int
) -> float:
    """Lay rows below one another, so many abreast, and return where they end; a long one has a line of its own."""
    cell, at = (width - _GAP * (abreast - 1)) / abreast, 0
    row = _SYMBOL_ROW if any(key.kind == STATUS for key in keys) else _ROW
    for key in keys:
        lines = tuple(wrapped(key.label, REGULAR, LETTERS, width - SWATCH.width - _SPACE, 3))
        is_long = _wide(key) > cell + 1
        if is_long and at:
            top, at = top + row, 0
        rows.append((Point(at * (cell + _GAP), top), key, lines))
        at += 1
        if at == abreast or is_long:
            top, at = top + row + (len(lines) - 1) * LEADING, 0
    return top + row if at else top


def is_on(chart: Chart, lat: float, lon: float) -> bool:
    """Return whether a place lies within a map."""
    point = chart.point(lat, lon)
    return Box(point.x, point.y, point.x, point.y).within(chart.box)
