"""The bundled story's geometry stays as it was until somebody says `make golden`."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from conftest import bundled
from goldens import FOLDER, collections, differences, files, golden_of


@cache
def found() -> dict[Any, dict[str, Any]]:
    return collections(bundled())


@pytest.mark.parametrize("day", bundled().days, ids=str)
def test_territory_and_front_are_those_of_the_golden_file(day: Any) -> None:
    """Every settlement has the colour that it had; ground and line lie where they lay."""
    assert differences(found()[day], golden_of(day)) == []


def test_there_is_a_file_for_every_day_that_differs() -> None:
    """The names are those that writing would give: a change that begins a day early shows, too."""
    assert sorted(path.name for path in FOLDER.glob("territory-*")) == sorted(files(found()))


def first(collection: dict[str, Any], layer: str) -> dict[str, Any]:
    return next(feature for feature in collection["features"] if feature["properties"]["layer"] == layer)


def recolour(collection: dict[str, Any]) -> None:
    told = [feature["properties"] for feature in collection["features"] if feature["properties"]["layer"] == "territory"]
    told[1]["places"].append(told[0]["places"].pop())


def fresh(collection: dict[str, Any]) -> None:
    told = first(collection, "territory")["properties"]
    told["aged"] = not told["aged"]


def shift(layer: str, by: float) -> Callable[[dict[str, Any]], None]:
    def moved(points: Any) -> Any:
        return [points[0] + by, points[1]] if isinstance(points[0], float) else [moved(point) for point in points]

    def change(collection: dict[str, Any]) -> None:
        geometry = first(collection, layer)["geometry"]
        geometry["coordinates"] = moved(geometry["coordinates"])

    return change


def forget_line(collection: dict[str, Any]) -> None:
    collection["features"].remove(first(collection, "front_line"))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (recolour, "and was"),
        (fresh, "aged"),
        (shift("territory", 0.02), "ground"),
        (shift("front_line", 0.02), "off"),
        (forget_line, "line"),
    ],
    ids=["another colour", "another age", "ground moved", "line moved", "line gone"],
)
def test_what_differs_is_told(change: Callable[[dict[str, Any]], None], word: str) -> None:
    """One place of another colour, ground or line moved by two kilometres, a line that is gone: each is said in words."""
    collection = found()[bundled().days[0]]
    golden = copy.deepcopy(collection)
    change(golden)
    told = differences(collection, golden)
    assert any(word in line for line in told), told


def test_what_another_geos_may_move_is_no_difference() -> None:
    """A line moved by a hundred metres is the same line."""
    collection = found()[bundled().days[0]]
    golden = copy.deepcopy(collection)
    shift("front_line", 0.001)(golden)
    assert differences(collection, golden) == []
