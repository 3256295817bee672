"""The front as it is drawn: one line with round corners, which keeps near its edges and every place on its side."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.smoothing import WITHIN_KM, Label, Stretch, smoothed

NOWHERE = np.empty((0, 2))
KM = 1 / 111.195
"""Degrees at the equator, where these lines lie."""

coordinates = st.integers(-3000, 3000).map(lambda number: number / 10_000)
points = st.tuples(coordinates, coordinates)
lines = st.lists(points, min_size=2, max_size=12, unique=True)
quick = settings(max_examples=150, deadline=None)


def stretch(*along: tuple[float, float], label: Label = ("solid",)) -> Stretch:
    return Stretch(label, np.array(along, dtype=float))


def edges(line: list[tuple[float, float]], labels: list[bool]) -> list[Stretch]:
    """A line as the edges it is made of, each with a label of its own."""
    return [stretch(one, other, label=(label,)) for one, other, label in zip(line, line[1:], labels, strict=False)]


def whole(stretches: list[Stretch]) -> np.ndarray:
    """Stretches in their order, end to end, as one line."""
    for one, other in pairwise(stretches):
        assert tuple(one.points[-1]) == tuple(other.points[0])
    return np.concatenate([stretches[0].points, *(each.points[1:] for each in stretches[1:])])


def turns_around(loop: np.ndarray, place: tuple[float, float]) -> int:
    """How many times a closed line goes around a place."""
    angle = np.arctan2(loop[:, 1] - place[1], loop[:, 0] - place[0])
    step = np.diff(angle)
    return round(float(((step + math.pi) % (2 * math.pi) - math.pi).sum()) / (2 * math.pi))


def sharpest(line: np.ndarray) -> float:
    """The largest turn of a line at one of its points, degrees."""
    way = np.diff(line, axis=0)
    turn = np.diff(np.degrees(np.arctan2(way[:, 1], way[:, 0])))
    return float(np.abs((turn + 180) % 360 - 180).max(initial=0))


@quick
@given(lines, st.lists(points, max_size=40), st.lists(st.booleans(), min_size=11, max_size=11), st.floats(0.5, 8))
def test_no_place_changes_its_side(
    line: list[tuple[float, float]], places: list[tuple[float, float]], labels: list[bool], within: float
) -> None:
    """Between the edges and the drawn line there is no place; what lies on the edges stays on the line."""
    drawn = whole(smoothed(edges(line, labels), np.array(places).reshape(-1, 2), within))
    if tuple(drawn[0]) != tuple(line[0]):
        drawn = drawn[::-1]
    before, now = shapely.LineString(line), shapely.LineString(drawn)
    loop = np.concatenate([np.array(line), drawn[::-1]])
    for place in places:
        far = before.distance(shapely.Point(place))
        if far < 1e-9:
            assert now.distance(shapely.Point(place)) < 1e-7
        elif far > 1e-7 and now.distance(shapely.Point(place)) > 1e-9:
            assert turns_around(loop, place) == 0


@quick
@given(st.lists(points, min_size=4, max_size=12, unique=True), st.lists(points, max_size=40), st.booleans())
def test_no_place_leaves_or_enters_a_ring(
    ring: list[tuple[float, float]], places: list[tuple[float, float]], two_kinds: bool
) -> None:
    """A line closed on itself stays closed, and goes as often around each place as it did."""
    closed = [*ring, ring[0]]
    found = smoothed(edges(closed, [two_kinds and at > 2 for at in range(len(ring))]), np.array(places).reshape(-1, 2))
    drawn = whole(found)
    assert tuple(drawn[0]) == tuple(drawn[-1])
    assert len({each.label for each in found}) == 1 + (two_kinds and len(ring) > 3)
    before, now = shapely.LineString(closed), shapely.LineString(drawn)
    for place in places:
        point = shapely.Point(place)
        if before.distance(point) > 1e-7 and now.distance(point) > 1e-9:
            assert turns_around(drawn, place) == turns_around(np.array(closed), place)


@quick
@given(lines, st.lists(st.booleans(), min_size=11, max_size=11), st.floats(0.5, 8))
def test_the_line_keeps_near_its_edges_and_keeps_its_ends(
    line: list[tuple[float, float]], labels: list[bool], within: float
) -> None:
    """No point of it is farther from the edges than is said, nor any point of the edges from it."""
    drawn = whole(smoothed(edges(line, labels), NOWHERE, within))
    assert {tuple(drawn[0]), tuple(drawn[-1])} == {line[0], line[-1]}
    apart = shapely.hausdorff_distance(shapely.LineString(line), shapely.LineString(drawn), densify=0.02)
    assert apart <= within * KM * 1.01


def test_edges_are_drawn_as_one_line_with_round_corners() -> None:
    """A staircase of edges becomes one line that turns by little at a time."""
    stairs = [(0.1 * (at // 2), 0.1 * ((at + 1) // 2)) for at in range(7)]
    (drawn,) = smoothed(edges(stairs, [True] * 6), NOWHERE)
    assert sharpest(np.array(stairs)) == pytest.approx(90)
    assert sharpest(drawn.points) < 30


def test_a_corner_with_a_place_in_it_stays_sharp() -> None:
    """The cut would leave the place on the other side; the corners beside it are rounded all the same."""
    bend = [(0.0, 0.0), (0.2, 0.0), (0.2, 0.2), (0.4, 0.2)]
    place = np.array([[0.199, 0.001]])
    free, kept = (smoothed(edges(bend, [True] * 3), keep)[0].points for keep in (NOWHERE, place))
    assert (0.2, 0.0) not in set(map(tuple, free))
    assert (0.2, 0.0) in set(map(tuple, kept))
    assert (0.2, 0.2) not in set(map(tuple, kept))


def test_solid_and_dashed_go_over_into_each_other_without_a_gap() -> None:
    """Where a line changes its kind in a corner, both kinds end in one point of the curve."""
    bend = [(0.0, 0.0), (0.2, 0.0), (0.2, 0.2)]
    dashed, solid = smoothed(edges(bend, [False, True]), NOWHERE)
    assert (dashed.label, solid.label) == ((False,), (True,))
    assert tuple(dashed.points[-1]) == tuple(solid.points[0])
    assert tuple(solid.points[0]) != (0.2, 0.0)


def test_where_three_lines_meet_they_go_on_meeting() -> None:
    """A point of three fronts belongs to all of them and stays where it is."""
    arms = [stretch((0.0, 0.0), (0.1, 0.05), (0.1 + x, 0.2 + y)) for x, y in ((0.1, 0), (-0.1, 0), (0, -0.4))]
    found = smoothed(arms, NOWHERE)
    assert len(found) == 3
    assert all((0.0, 0.0) in {tuple(each.points[0]), tuple(each.points[-1])} for each in found)


def test_corners_that_nearly_meet_become_one() -> None:
    """An edge of some hundred metres between two long ones leaves no kink."""
    kink = [(0.0, 0.0), (0.2, 0.0), (0.203, 0.004), (0.2, 0.2)]
    (drawn,) = smoothed(edges(kink, [True] * 3), NOWHERE)
    assert sharpest(drawn.points) < 30


@pytest.mark.parametrize("line", [[(0.0, 0.0), (0.1, 0.0)], [(0.0, 0.0), (0.1, 0.0), (0.2, 0.0)]])
def test_a_straight_line_stays_straight(line: list[tuple[float, float]]) -> None:
    """One edge, or two in one direction, are drawn as they are."""
    (drawn,) = smoothed(edges(line, [True] * 2), NOWHERE)
    assert not drawn.points[:, 1].any()
    assert sorted({tuple(drawn.points[0]), tuple(drawn.points[-1])}) == [line[0], line[-1]]


def test_nothing_gives_nothing() -> None:
    """Without stretches there is no line and no error."""
    assert smoothed([], NOWHERE, WITHIN_KM) == []
