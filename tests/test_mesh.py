"""Cells and edges as they are sent: each corner once, and nothing lost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from conftest import bundled
from hypothesis import given
from hypothesis import strategies as st

from geo.mesh import folded
from geo.payload import compact, payload

degrees = st.integers(-1_800_000, 1_800_000).map(lambda part: part / 10_000)
points = st.tuples(degrees, degrees).map(list)
rings = st.lists(points, min_size=3, max_size=8).map(lambda ring: [*ring, ring[0]])
cells = st.lists(st.lists(rings, max_size=2), max_size=6)
edges = st.lists(st.lists(points, max_size=4), max_size=6)


def unfolded(sent: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Return the cells and edges of what was sent, as the page does it."""
    corners = [
        [lon / 10_000, lat / 10_000]
        for lon, lat in zip(accumulate(sent["corners"][::2]), accumulate(sent["corners"][1::2]), strict=True)
    ]
    number = 0

    def line(told: Sequence[int]) -> list[Any]:
        nonlocal number
        found = []
        for step in told:
            number += step
            found.append(corners[number])
        return found

    polygons = [[[*(ring := line(told)), ring[0]] for told in cell] for cell in sent["cells"]]
    lines: list[Any] = []
    at = 0
    for step, *told in sent["edges"]:
        at += step
        lines += [[] for _ in range(at - len(lines))]
        lines.append(line(told))
    return polygons, lines


@given(cells, edges)
def test_what_is_folded_unfolds_to_the_same_figures(polygons: list[Any], lines: list[Any]) -> None:
    """To the last bit, in the same order; edges without points after the last that has some are no more."""
    while lines and not lines[-1]:
        lines.pop()
    assert unfolded(folded(polygons, lines)) == (polygons, lines)


def test_a_corner_that_cells_share_is_told_once() -> None:
    """Two squares side by side and the edge between them have six corners."""
    one = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]
    two = [[1.0, 0.0], [2.0, 0.0], [2.0, 1.0], [1.0, 1.0], [1.0, 0.0]]
    sent = folded([[one], [], [two]], [[], [[1.0, 0.0], [1.0, 1.0]]])
    assert len(sent["corners"]) == 12
    assert sent["cells"] == [[[0, 1, 1, 1]], [], [[-2, 3, 1, -3]]]
    assert sent["edges"] == [[1, -1, 1]]


def test_the_bundled_story_is_sent_with_each_corner_once() -> None:
    """Neighbours share most of them, and most of its edges are no front on any day."""
    told = payload(bundled())
    sent = compact(told)
    lines = list(told["edges"])
    while not lines[-1]:
        lines.pop()
    assert unfolded(sent) == (told["cells"], lines)
    assert len(sent["corners"]) / 2 < 0.6 * sum(len(ring) for cell in told["cells"] for ring in cell)
    assert len(sent["edges"]) == sum(1 for line in lines if line)
