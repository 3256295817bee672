"""One more claim recomputes its place and gives what a full rebuild gives; what is known later changes nothing earlier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from conftest import bundled
from hypothesis import given, settings
from hypothesis import strategies as st
from test_control import START, claim, some_claims

from geo.claims import Claim
from geo.control import COLUMNS, LONGEST, Ledger, control_table, control_tables
from geo.corrections import Edition
from geo.story import Story

PLACES = ("hama", "homs", "aleppo")


def story_of(claims: Iterable[Claim]) -> Story:
    """Return the bundled story with these claims instead of its own, each known from the end of its day of report."""
    claims = list(claims)
    made = replace(bundled(), claims={one.claim_id: one for one in claims}, editions=(), corrections=())
    return replace(made, editions=tuple(Edition(one, made.instant(one.reported)) for one in claims))


@st.composite
def claims_on_places(draw: st.DrawFn) -> list[Claim]:
    return [replace(one, claim_id=f"{place}-{one.claim_id}", place=place) for place in PLACES for one in draw(some_claims())]


@given(claims_on_places(), st.data())
@settings(max_examples=300, deadline=None)
def test_putting_and_dropping_claims_one_by_one_equals_a_full_rebuild(claims: list[Claim], data: st.DataObject) -> None:
    order = data.draw(st.permutations(claims))
    ledger = Ledger(story_of(()))
    for one in order:
        ledger.put([one])
        if data.draw(st.booleans()):
            assert len(ledger.table.columns) == len(COLUMNS)
    pd.testing.assert_frame_equal(ledger.table, control_table(story_of(claims)))
    gone = data.draw(st.sets(st.sampled_from([one.claim_id for one in claims])))
    ledger.drop(gone)
    left = [one for one in claims if one.claim_id not in gone]
    pd.testing.assert_frame_equal(ledger.table, control_table(story_of(left)))


@given(claims_on_places(), st.integers(0, 12))
@settings(max_examples=300, deadline=None)
def test_nothing_known_later_changes_what_was_known_earlier(claims: list[Claim], offset: int) -> None:
    known = START + timedelta(days=offset)
    earlier = [one for one in claims if one.reported <= known]
    pd.testing.assert_frame_equal(control_table(story_of(claims), known), control_table(story_of(earlier), known))


def test_a_claim_that_is_put_again_elsewhere_leaves_its_first_place() -> None:
    ledger = Ledger(story_of([claim(claim_id="one", place="hama")]))
    ledger.put([claim(claim_id="one", place="homs")])
    assert set(ledger.table["place_id"]) == {"homs"}


def test_what_is_not_there_can_be_dropped() -> None:
    ledger = Ledger(story_of([claim(claim_id="one")]))
    ledger.drop(["two"])
    assert len(ledger.table) == 1


def test_the_tables_of_all_moments_are_those_of_each() -> None:
    story = bundled()
    for table, moment in zip(control_tables(story), story.moments, strict=True):
        pd.testing.assert_frame_equal(table, control_table(story, moment))


def test_several_processes_make_the_same_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.control._WORTH_A_PROCESS", 1)
    pd.testing.assert_frame_equal(control_table(bundled(), workers=2), control_table(bundled()))


def test_a_table_of_one_place_with_bases_of_one_length_is_a_table() -> None:
    days = [claim("controls", day, claim_id=f"c{day}") for day in range(2)]
    assert list(control_table(story_of(days))["basis"]) == [("c0",), ("c0", "c1")]


def test_a_basis_of_very_many_confirmations_names_the_first_and_the_latest() -> None:
    many = [claim("controls", day, claim_id=f"c{day:03}") for day in range(3 * LONGEST)]
    basis = control_table(story_of(many))["basis"].iloc[-1]
    assert len(basis) == LONGEST
    assert (basis[0], basis[-1]) == ("c000", f"c{3 * LONGEST - 1:03}")


def test_a_moment_within_the_day_of_a_report_does_not_know_it_yet() -> None:
    story = story_of([claim(reported=date(2024, 12, 1))])
    noon = story.instant(date(2024, 12, 1)) - timedelta(hours=12)
    assert control_table(story, noon).empty
    assert len(control_table(story, date(2024, 12, 1))) == 1
