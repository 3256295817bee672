"""The bundled story's territory: what may colour the ground, what may not, and how what nobody confirms fades."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest
import shapely
from conftest import SEEDS, bundled

from geo.control import control_table
from geo.payload import payload
from geo.places import SETTLEMENTS
from geo.story import Story, read_story
from geo.theatre import Theatre

AREAS = {"province", "region", "district", "country", "continent"}


def fading(days: int | None) -> Story:
    """The bundled story with another `fades_after_days`."""
    return replace(bundled(), settings=replace(bundled().settings, fades_after_days=days))


def rows_of(kinds: set[str]) -> pd.DataFrame:
    table = control_table(bundled())
    return table[[bundled().places[place].kind in kinds for place in table["place_id"]]]


def each_state(table: pd.DataFrame, theatre: Theatre) -> Iterator[tuple[date, pd.DataFrame]]:
    for day in theatre.story.days:
        yield day, theatre.states(table, day)


def test_a_province_never_colours_its_towns() -> None:
    """“Much of” a province is told of the province alone: by itself it colours no cell, and with the rest none more."""
    table, areas = control_table(bundled()), rows_of(AREAS)
    assert "much" in set(areas["extent"])
    theatre = Theatre(bundled())
    for day in bundled().days:
        assert theatre.coloured(areas, day).empty
        without = theatre.coloured(table.drop(areas.index), day)
        pd.testing.assert_frame_equal(theatre.coloured(table, day), without)


def test_what_is_drawn_as_a_symbol_has_no_cell_and_colours_none() -> None:
    """Airports, crossings and the like stand for themselves, whoever holds them."""
    symbols = {place.place_id for place in bundled().places.values() if place.kind not in SETTLEMENTS}
    theatre = Theatre(bundled())
    assert not symbols & {place for ids in theatre.cells.place_ids for place in ids}
    held = rows_of({"airport", "airbase", "border_crossing", "base", "hill"})
    assert not held.empty
    assert all(theatre.coloured(held, day).empty for day in bundled().days)


def test_nothing_is_coloured_in_a_disputed_area_and_no_front_stands_at_it() -> None:
    """Not even where enemies hold the towns on two sides of its edge."""
    theatre, area = Theatre(bundled()), shapely.union_all(bundled().basemap.excluded)
    assert not area.is_empty
    assert not any(cell.intersects(area.buffer(-1e-4)) for cell in theatre.cells.polygons)
    near = [
        place
        for cell, (place, *_) in zip(theatre.cells.polygons, theatre.cells.place_ids, strict=True)
        if cell.distance(area) < 0.15
    ]
    assert len(near) > 4
    table = control_table(bundled())
    rows = [
        table.iloc[0].to_dict()
        | {"place_id": place, "valid_to": pd.NaT, "background": False, "status": "control", "holder": holder}
        for place, holder in zip(near, ["government", "opposition"] * len(near), strict=False)
    ]
    front = theatre.front(pd.DataFrame(rows), bundled().last_day)
    assert not front.empty
    # A line may end at its rim; it never runs along it.
    assert all(shapely.intersection(line, area.buffer(1e-3)).length < 0.01 for line in front["geometry"])


@pytest.mark.parametrize("lasts", [1, 3, 7])
def test_a_status_is_aged_from_the_day_after_the_last_that_may_pass(lasts: int) -> None:
    """Counted from its last confirmation; nothing is aged while it is confirmed, and the background never is."""
    theatre, table = Theatre(fading(lasts)), control_table(bundled())
    seen = set()
    for day, states in each_state(table, theatre):
        for row in states.itertuples():
            assert row.aged == (day - row.last_confirmed.date() > timedelta(days=lasts) and not row.background)
            seen.add((row.aged, row.background))
    assert seen == {(False, False), (False, True)} | ({(True, False)} if lasts < 7 else set())


def test_a_story_that_sets_no_days_never_fades() -> None:
    """Without the key nothing is aged, and the payload's changes have three numbers."""
    story = fading(None)
    theatre, table = Theatre(story), control_table(story)
    assert not any(states["aged"].any() for _, states in each_state(table, theatre))
    told = payload(story)
    assert told["fades_after_days"] is None
    assert {len(change) for history in told["cell_days"] for _, changes in history for change in changes} == {3}


@pytest.mark.parametrize("lasts", [2, 7])
def test_the_payload_says_from_which_day_a_cell_is_aged(lasts: int) -> None:
    """Replaying a cell's changes gives its colour and its age on every day: days of ageing are days of change."""
    story = fading(lasts)
    theatre, table, told = Theatre(story), control_table(story), payload(story)
    assert told["fades_after_days"] == lasts
    actors, tiers = [actor["id"] for actor in told["actors"]], [tier["id"] for tier in told["tiers"]]
    for index, day in enumerate(story.days):
        now = {}
        for cell, changes in told["cell_days"][-1]:
            change = next((change for change in reversed(changes) if change[0] <= index), None)
            if change and change[1] >= 0:
                now[cell] = (actors[change[1]], tiers[change[2]], bool(change[3:]))
        assert now == {row.cell: (row.holder, row.tier, row.aged) for row in theatre.coloured(table, day).itertuples()}


@pytest.mark.parametrize("value", ["0", "-3", "2.5", '"a week"', "true", "[]", "99999999"])
def test_a_number_of_days_that_is_none_is_a_problem_and_nothing_fades(tmp_path: Path, value: str) -> None:
    """The problem names line, value and mend; the rest of the story is read."""
    folder = tmp_path / "story"
    copytree(SEEDS, folder)
    file = folder / "story.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("fades_after_days"))
    lines[at] = f"fades_after_days = {value}"
    file.write_text("\n".join(lines), encoding="utf-8")
    story = read_story(folder)
    (problem,) = story.problems
    assert (problem.file, problem.line, problem.field) == ("story.toml", at + 1, "fades_after_days")
    assert "whole number of days" in problem.rule
    assert story.settings.fades_after_days is None
    assert story.claims


def test_a_claim_more_needs_no_new_cells() -> None:
    """Two stories with the same ground share their cells; another radius makes others."""
    other = replace(bundled(), claims=dict(list(bundled().claims.items())[:3]))
    assert Theatre(other).cells is Theatre(bundled()).cells
    wider = replace(bundled(), settings=replace(bundled().settings, cell_radius_km=10.0))
    assert Theatre(wider).cells != Theatre(bundled()).cells
