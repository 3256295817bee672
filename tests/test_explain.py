"""Every status can be questioned: why, since when, on whose word, against whom, and what changed."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from conftest import bundled

from geo.control import control_table, state_on
from geo.errors import DatelineError
from geo.explain import changes, explain, history
from geo.laws import LAWS, REFERENCES


def test_every_status_of_every_day_is_explained_by_claims_that_exist() -> None:
    story = bundled()
    for known in story.moments:
        table = control_table(story, known)
        for on in story.days:
            for row in state_on(table, on).to_dict("records"):
                told = explain(story, row["place_id"], on, known)
                assert told.status == row["status"]
                assert told.holder == (row["holder"] if isinstance(row["holder"], str) else "")
                ids = {step["claim_id"] for step in told.steps}
                assert set(row["basis"]) <= ids <= set(story.claims)
                assert {step["law"] for step in told.steps} <= set(LAWS)
                assert all(story.claims[claim].reported <= known for claim in ids)
                assert row["law"] in LAWS


def test_the_explanation_names_who_says_so_and_who_denies_it() -> None:
    told = explain(bundled(), "aleppo", date(2024, 11, 30), date(2024, 12, 1))
    assert "held by the opposition: most of it" in told.text
    assert "Syrian Observatory for Human Rights in NewsBytes, 30 November 2024" in told.text
    assert "Against it, by Syria's military" in told.text
    assert told.contrary == ("sun-14",)


def test_what_was_not_yet_reported_explains_nothing() -> None:
    told = explain(bundled(), "aleppo", date(2024, 11, 30), date(2024, 11, 30))
    assert told.contrary == ()
    assert not any(step["claim_id"].startswith(("sun", "itv", "jpost")) for step in told.steps)


def test_a_place_without_a_status_is_said_to_have_none() -> None:
    told = explain(bundled(), "muhrada", date(2024, 12, 6))
    assert (told.status, told.holder, told.steps) == ("", "", ())
    assert "has no status" in told.text


def test_a_place_that_the_story_does_not_have_is_refused() -> None:
    with pytest.raises(DatelineError, match="Atlantis"):
        explain(bundled(), "Atlantis", date(2024, 12, 6))


def test_each_step_goes_on_from_the_one_before() -> None:
    steps = [step for step in explain(bundled(), "hama", date(2024, 12, 6)).steps if step["law"] not in ("event", "denial")]
    for one, other in itertools.pairwise(steps):
        assert one["after"] == other["before"] or one["law"] == other["law"] == "gain"


def test_what_changed_between_two_days_is_told_with_its_basis() -> None:
    found = {row["place_id"]: row for row in changes(bundled(), date(2024, 11, 29), date(2024, 12, 6))}
    assert found["aleppo"]["change"] == "changed hands"
    assert found["two-towns-near-homs"]["change"] == "newly reported"
    assert "homs" not in found
    assert all(row["basis"] for row in found.values())


def test_nothing_changes_between_a_day_and_itself() -> None:
    assert list(changes(bundled(), date(2024, 12, 3), date(2024, 12, 3))) == []


def test_a_place_that_came_under_attack_is_told_as_contested() -> None:
    found = {row["place_id"]: row["change"] for row in changes(bundled(), date(2024, 12, 2), date(2024, 12, 3))}
    assert found == {"hama": "contested"}


def test_a_history_is_the_places_intervals_without_a_gap() -> None:
    rows = history(bundled(), "aleppo").to_dict("records")
    assert next(row["holder"] for row in rows) == "government"
    assert [row["holder"] for row in rows][-1] == "opposition"
    for one, other in itertools.pairwise(rows):
        assert one["valid_to"] == other["valid_from"]


def test_every_law_names_the_practice_that_it_follows() -> None:
    assert LAWS.keys() == REFERENCES.keys()
