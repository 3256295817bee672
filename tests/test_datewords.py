"""Words for days mean the days that a newsroom means by them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import THURSDAY, cases

from geo.datewords import days


@pytest.mark.parametrize("case", cases("day"), ids=lambda case: case["text"])
def test_a_sentence_names_this_day(case: dict[str, Any]) -> None:
    found = days(case["text"], date.fromisoformat(case.get("published", THURSDAY)))
    said = (
        "none" if not found else "history" if found[0].is_history else f"{found[0].first} {found[0].last} {found[0].precision}"
    )
    assert said == case["day"]


def test_each_of_two_days_of_a_sentence_is_found() -> None:
    found = days("They struck on Saturday and again today.", date(2024, 12, 1))
    assert [(when.first, when.last) for when in found] == [(date(2024, 11, 30),) * 2, (date(2024, 12, 1),) * 2]


def test_a_day_that_does_not_exist_is_no_day() -> None:
    assert days("It came on 31 November and on February 30.", date(2024, 12, 5)) == []


def test_days_before_an_event_are_counted_from_it() -> None:
    (when,) = days("It fell just days before.", date(2024, 12, 6))
    again = when.back_from(date(2024, 12, 5), date(2024, 12, 6))
    assert (again.first, again.last) == (date(2024, 11, 29), date(2024, 12, 4))


def test_three_days_of_clashes_end_with_what_ended_them() -> None:
    (when,) = days("It fell after three days of clashes.", date(2024, 12, 6))
    again = when.back_from(date(2024, 12, 5), date(2024, 12, 6))
    assert (again.first, again.last) == (date(2024, 12, 3), date(2024, 12, 5))


WORDS = [
    "on",
    "since",
    "last",
    "Tuesday",
    "Friday",
    "night",
    "week",
    "in",
    "2016",
    "November",
    "27",
    "the",
    "days",
    "ago",
    "31",
    "9999",
    "a few",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=14), st.dates())
def test_any_words_give_intervals_in_order_or_nothing(words: list[str], published: date) -> None:
    text = " ".join(words)
    for when in days(text, published):
        assert when.first <= when.last
        assert text[when.start : when.end] == when.text


def test_since_a_year_that_has_not_come_is_no_day() -> None:
    """Nothing has lasted since 2016 in a text of 2000."""
    assert days("since 2016", date(2000, 1, 1)) == []
