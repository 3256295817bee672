"""A correction changes every moment of knowledge from its own on, and none before it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from conftest import SEEDS, bundled

from geo.__main__ import main
from geo.control import control_table, state_on
from geo.explain import changes, explain
from geo.payload import payload
from geo.story import Story, read_story

AT = "2024-12-05T09:30+03:00"
MOMENT = datetime.fromisoformat(AT)
NIGHT = date(2024, 12, 2)


@pytest.fixture
def corrected(tmp_path: Path) -> Callable[..., Story]:
    """Return what reads the bundled story with rows added to its corrections."""
    folder = tmp_path / "story"
    shutil.copytree(SEEDS, folder)

    def read(*rows: str) -> Story:
        with (folder / "corrections.csv").open("a", encoding="utf-8") as file:
            file.writelines(f"{row}\n" for row in rows)
        return read_story(folder)

    return read


def aleppo(story: Story, known: date | datetime | None) -> dict[str, object]:
    state = state_on(control_table(story, known), date(2024, 12, 1))
    return {str(key): value for row in state[state["place_id"] == "aleppo"].to_dict("records") for key, value in row.items()}


def test_a_withdrawn_claim_counts_up_to_its_withdrawal_and_not_from_it_on(corrected: Callable[..., Story]) -> None:
    basis = aleppo(bundled(), None)["basis"]
    story = corrected(*(f"{AT},{claim},withdrawn,,,,Taken back." for claim in basis))  # type: ignore[attr-defined]
    assert not story.problems
    before = MOMENT - timedelta(minutes=1)
    for known in (date(2024, 12, 1), date(2024, 12, 4), before):
        pd.testing.assert_frame_equal(control_table(story, known), control_table(bundled(), known))
    for known in (MOMENT, date(2024, 12, 5), date(2024, 12, 6), None):
        assert set(basis).isdisjoint(aleppo(story, known).get("basis", ()))  # type: ignore[arg-type]


def test_an_amended_claim_says_the_new_from_then_on_and_can_be_amended_again(corrected: Callable[..., Story]) -> None:
    claim = next(one for one in bundled().claims.values() if one.place == "hama" and one.kind == "captured")
    actor = "hts_led" if claim.actor != "hts_led" else "opposition"
    story = corrected(
        f"2024-12-07T09:00+03:00,{claim.claim_id},amended,actor,{claim.actor},{actor},Another group.",
        f"2024-12-08T09:00+03:00,{claim.claim_id},amended,actor,{actor},{claim.actor},The first was right.",
    )
    assert not story.problems

    def actor_at(known: str) -> str:
        return next(one.actor for one in story.known_by(datetime.fromisoformat(known)) if one.claim_id == claim.claim_id)

    assert actor_at("2024-12-07T08:59+03:00") == claim.actor
    assert actor_at("2024-12-07T09:00+03:00") == actor
    assert actor_at("2024-12-08T09:00+03:00") == claim.actor == story.claims[claim.claim_id].actor


def test_a_claim_that_was_added_is_known_from_its_addition_only(corrected: Callable[..., Story]) -> None:
    story = corrected("2024-12-09T10:00+03:00,sun-14,added,,,,Overlooked at first.")
    assert "sun-14" not in {one.claim_id for one in story.known_by(story.last_day)}
    assert "sun-14" in story.claims


@pytest.mark.parametrize(
    ("row", "field", "rule"),
    [
        (f"{AT},sun-14,amended,start,0,5,why", "field", "can be amended"),
        (f"{AT},sun-14,amended,kind,strike,captured,why", "before", "the claim's kind was"),
        (f"{AT},sun-14,amended,extent,,enormous,why", "after", "must be one of"),
        (f"{AT},sun-14,withdrawn,,,,", "why", "told why"),
        (f"{AT},sun-14,erased,,,,why", "action", "withdrawn, amended, added"),
        ("2024-12-05,sun-14,withdrawn,,,,why", "corrected_at", "offset"),
    ],
)
def test_a_correction_that_does_not_fit_is_named_and_changes_nothing(
    corrected: Callable[..., Story], row: str, field: str, rule: str
) -> None:
    story = corrected(row)
    assert [(problem.file, problem.line, problem.field) for problem in story.problems] == [("corrections.csv", 2, field)]
    assert rule in story.problems[0].rule
    assert story.claims == bundled().claims


def test_a_claim_that_was_withdrawn_cannot_be_amended_later(corrected: Callable[..., Story]) -> None:
    story = corrected(f"{AT},sun-14,withdrawn,,,,why", "2024-12-06T09:00+03:00,sun-14,amended,extent,,part,why")
    assert [problem.line for problem in story.problems] == [3]
    assert "sun-14" not in story.claims


def test_the_payload_has_each_edition_and_what_became_of_it(corrected: Callable[..., Story]) -> None:
    story = corrected(
        "2024-12-09T10:00+03:00,sun-14,withdrawn,,,,The army never said so.",
        "2024-12-10T10:00+03:00,sun-16,amended,relation,originating,relay,The agency had it first.",
    )
    assert not story.problems
    data = payload(story)
    assert [(one["words"], one["corrected"]) for one in data["known"][-2:]] == [
        ("9 December 2024, 10:00", True),
        ("10 December 2024, 10:00", True),
    ]
    last = len(data["known"]) - 1
    editions = [one for one in data["claims"] if one["id"] in ("sun-14", "sun-16")]
    assert [one["known"][1] for one in editions] == [last - 1, last, None]
    assert [(data["claims"][one["claim"]]["id"], one["known"], one["action"]) for one in data["corrections"]] == [
        ("sun-14", last - 1, "withdrawn"),
        ("sun-16", last, "amended"),
    ]
    for known, entries in enumerate(data["states"]):
        for entry in entries:
            for span in entry["spans"]:
                for claim in span["basis"]:
                    first, end = data["claims"][claim]["known"]
                    assert first <= known
                    assert end is None or known < end


def test_what_a_correction_changed_is_among_the_changes_and_no_explanation_names_what_was_withdrawn(
    corrected: Callable[..., Story],
) -> None:
    story = corrected(f"{AT},sun-14,withdrawn,,,,The army never said so.")
    found = [row for row in changes(story, date(2024, 12, 4), date(2024, 12, 5)) if row["change"] == "corrected"]
    assert [(row["place_id"], row["basis"]) for row in found] == [("aleppo", ["sun-14"])]
    told = explain(story, "aleppo", date(2024, 12, 1))
    assert "sun-14" not in {step["claim_id"] for step in told.steps}
    assert "sun-14" in {step["claim_id"] for step in explain(story, "aleppo", date(2024, 12, 1), NIGHT).steps}


def test_the_command_takes_a_moment(corrected: Callable[..., Story], capsys: pytest.CaptureFixture[str]) -> None:
    story = corrected(f"{AT},sun-14,withdrawn,,,,The army never said so.")
    given = ["control", "--story", str(story.folder), "--on", "2024-12-01"]
    assert main([*given, "--known", "2024-12-05T09:29+03:00"]) == 0
    before = capsys.readouterr().out
    assert main([*given, "--known", AT]) == 0
    assert capsys.readouterr().out != before
    assert main([*given, "--known", "2024-12-05T09:30"]) == 2
    assert "offset" in capsys.readouterr().err
