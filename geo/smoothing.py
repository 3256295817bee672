"""Stretches of a line that meet end to end -> the same line with its corners rounded, as one would draw it.

The front between cells is a row of straight edges. Joined, and with every corner replaced by a curve that touches the two
edges beside it, it reads as one line. Two things bind it: it never leaves the edges by more than a stated distance, and no
place that is to be kept changes the side of the line on which it lies. `geo/assets/smoothing.js` does the same in a browser.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from geo.cells import DECIMALS, EARTH_KM, Array

WITHIN_KM = 2.0
"""How far the drawn line may leave the edges, km: about the width of its stroke where the whole of a country is shown."""

_STEPS = 6  # pieces of a rounded corner; even, so that two stretches can part in its middle
_DEGREE_KM = math.radians(EARTH_KM)
_TOUCH = 1e-9  # square degrees: a place so near to a cut counts as within it

Point = tuple[float, float]
Label = tuple[str | bool, ...]


class Stretch(NamedTuple):
    """A part of a line: what is told of it, and its points (n, 2) as longitude and latitude in degrees."""

    label: Label
    points: Array


class _Chain(NamedTuple):
    """Stretches joined end to end: points, what is told of the segment after each, and whether it closes on itself."""

    points: list[Point]
    labels: list[Label]
    closed: bool


def smoothed(stretches: Sequence[Stretch], keep: Array, within_km: float = WITHIN_KM) -> list[Stretch]:
    """Return the line that stretches make together, its corners rounded, cut where what is told of it changes.

    Corners nearer together than half of `within_km` become one, midway. Each corner then gives way to a parabola that
    touches its two segments, no farther off than their middles. Where a cut would take in a place of `keep`, the corner
    stays. Ends of the line stay, and so do points at which more than two stretches meet. A stretch of less than half of
    `within_km` may go into its neighbours.

    Parameters
    ----------
    stretches : parts of a line, which meet where their ends are the same to `DECIMALS` decimals
    keep : (m, 2), longitude and latitude of the places that keep their side, degrees
    within_km : how far the result may leave the stretches, km
    """
    found: list[Stretch] = []
    for chain in _chains(stretches):
        found += _rounded(_thinned(chain, keep, within_km), keep, 0.75 * within_km)
    return found


def _name(point: Sequence[float]) -> Point:
    return round(point[0], DECIMALS), round(point[1], DECIMALS)


def _chains(stretches: Sequence[Stretch]) -> list[_Chain]:
    """Return the stretches joined wherever exactly two ends meet."""
    lines: list[list[Point]] = [[(float(x), float(y)) for x, y in stretch.points] for stretch in stretches]
    ends: dict[Point, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        for end in (line[0], line[-1]):
            ends[_name(end)].append(number)
    free = dict.fromkeys(range(len(lines)))

    def grow(number: int, line: list[Point]) -> _Chain:
        points, labels = list(line), [stretches[number].label] * (len(line) - 1)
        del free[number]
        while len(ends[_name(points[-1])]) == 2:
            following = next((other for other in ends[_name(points[-1])] if other in free), None)
            if following is None:
                break
            more = lines[following]
            more = more if _name(more[0]) == _name(points[-1]) else more[::-1]
            del free[following]
            points += more[1:]
            labels += [stretches[following].label] * (len(more) - 1)
        closed = _name(points[0]) == _name(points[-1]) and len(ends[_name(points[0])]) == 2
        return _opened(points, labels) if closed else _Chain(points, labels, False)

    found = []
    for number, line in enumerate(lines):
        for way in (line, line[::-1]):
            if number in free and len(ends[_name(way[0])]) != 2:
                found.append(grow(number, way))
    for number, line in enumerate(lines):
        if number in free:
            found.append(grow(number, line))
    return found


def _opened(points: list[Point], labels: list[Label]) -> _Chain:
    """Return a ring without its last point, begun where what is told of it changes, if it does."""
    first = next((at for at in range(len(labels)) if labels[at] != labels[at - 1]), 0)
    ring = points[:-1]
    return _Chain(ring[first:] + ring[:first], labels[first:] + labels[:first], True)


def _thinned(chain: _Chain, keep: Array, within_km: float) -> _Chain:
    """Return a chain in which corners that nearly meet are one; a corner is joined to another once."""
    points, labels, count = list(chain.points), list(chain.labels), len(chain.points)
    before, after = [at - 1 for at in range(count)], [at + 1 for at in range(count)]
    if chain.closed:
        before[0], after[-1] = count - 1, 0
    fixed = set() if chain.closed else {0, count - 1}
    gone: set[int] = set()
    joined: set[int] = set()
    lengths = [(_km(points[at], points[after[at]]), at) for at in range(count if chain.closed else count - 1)]
    for km, one in sorted(lengths):
        other = after[one]
        if km >= within_km / 2:
            break
        if {one, other} & joined or {one, other} <= fixed or (chain.closed and count - len(gone) <= 4):
            continue
        if {one, other} & fixed:
            if km >= within_km / 4:
                continue
            goal = points[one] if one in fixed else points[other]
        else:
            goal = (points[one][0] + points[other][0]) / 2, (points[one][1] + points[other][1]) / 2
        swept = [(points[one], goal, points[at]) for at in (before[one],) if one not in fixed]
        swept += [(points[other], goal, points[at]) for at in (after[other],) if other not in fixed]
        if any(_holds(triangle, keep) for triangle in swept):
            continue
        kept, lost = (other, one) if other in fixed else (one, other)
        points[kept] = goal
        joined |= {one, other}
        gone.add(lost)
        if lost == other:
            after[kept] = after[other]
            before[after[other]] = kept
            labels[kept] = labels[other]
        else:
            before[kept] = before[one]
            after[before[one]] = kept
    left = [at for at in range(count) if at not in gone]
    return _Chain([points[at] for at in left], [labels[at] for at in left if at < len(labels)], chain.closed)


def _rounded(chain: _Chain, keep: Array, within_km: float) -> list[Stretch]:
    """Return a chain with its corners rounded, cut into stretches."""
    points, labels = chain.points, chain.labels
    if len(points) < 3:
        ends = [*points, points[0]] if chain.closed else points
        return [Stretch(labels[0], np.array(ends))]
    count = len(points)
    curves = [
        _curve(points[at - 1], points[at], points[(at + 1) % count], keep, within_km)
        if chain.closed or 0 < at < count - 1
        else [points[at]]
        for at in range(count)
    ]
    middle = len(curves[0]) // 2
    line, found = curves[0][middle:], []
    for at in range(1, count if chain.closed else count - 1):
        middle_here = len(curves[at]) // 2
        if labels[at] != labels[at - 1]:
            found.append(Stretch(labels[at - 1], _distinct(line + curves[at][: middle_here + 1])))
            line = curves[at][middle_here:]
        else:
            line += curves[at]
    line += curves[0][: middle + 1] if chain.closed else curves[-1]
    return [*found, Stretch(labels[-1], _distinct(line))]


def _curve(before: Point, corner: Point, after: Point, keep: Array, within_km: float) -> list[Point]:
    """Return the points that take a corner's place: an odd number of them, the corner alone where it stays."""
    shrink = math.cos(math.radians(corner[1]))
    one, other = _leg(corner, before, shrink), _leg(corner, after, shrink)
    long, wide = math.hypot(*one), math.hypot(*other)
    if not long or not wide:
        return [corner]
    # Half of how far the two unit legs reach together: the cosine of half the angle between them.
    sharp = math.hypot(one[0] / long + other[0] / wide, one[1] / long + other[1] / wide) / 2
    cut = min(long / 2, wide / 2, 2 * within_km / max(sharp, 1e-9))
    first, last = _toward(corner, before, cut / long), _toward(corner, after, cut / wide)
    if sharp < 1e-6 or _holds((first, corner, last), keep):
        return [corner]
    found = []
    for step in range(_STEPS + 1):
        part = step / _STEPS
        shares = (1 - part) ** 2, 2 * part * (1 - part), part**2
        found.append(
            (
                shares[0] * first[0] + shares[1] * corner[0] + shares[2] * last[0],
                shares[0] * first[1] + shares[1] * corner[1] + shares[2] * last[1],
            )
        )
    return found


def _holds(triangle: tuple[Point, Point, Point], places: Array) -> bool:
    """Return whether any of the places lies in a triangle or on its rim."""
    if not len(places):
        return False
    corners = np.array(triangle)
    low, high = corners.min(axis=0) - _TOUCH, corners.max(axis=0) + _TOUCH
    near = places[((places >= low) & (places <= high)).all(axis=1)]
    if not len(near):
        return False
    turns = []
    for (x, y), (to_x, to_y) in zip(triangle, (*triangle[1:], triangle[0]), strict=True):
        turns.append((to_x - x) * (near[:, 1] - y) - (to_y - y) * (near[:, 0] - x))
    turned = np.array(turns)
    return bool(((turned >= -_TOUCH).all(axis=0) | (turned <= _TOUCH).all(axis=0)).any())


def _leg(start: Point, end: Point, shrink: float) -> Point:
    """Return the way from one point to another, km east and km north."""
    return (end[0] - start[0]) * shrink * _DEGREE_KM, (end[1] - start[1]) * _DEGREE_KM


def _km(start: Point, end: Point) -> float:
    return math.hypot(*_leg(start, end, math.cos(math.radians((start[1] + end[1]) / 2))))


def _toward(start: Point, end: Point, part: float) -> Point:
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _distinct(line: list[Point]) -> Array:
    """Return the points of a line, none twice in a row."""
    return np.array([point for at, point in enumerate(line) if at == 0 or point != line[at - 1]])
