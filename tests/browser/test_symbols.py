"""What stands on the map beside its territory: events, their legend, notes of what is known only roughly."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from browser.conftest import Opened
from geo.scene import Scene

pytestmark = pytest.mark.browser


def test_what_passages_tell_in_the_same_words_is_one_event(opened: Opened, told: dict[str, Any]) -> None:
    """Three passages say that Russia struck Aleppo on 30 November: one star stands there, and the picture has no more."""
    _, frame = opened(address="date=2024-11-30")
    expect(frame.locator(".dl-event[title^='Strike, Aleppo:']")).to_have_count(1)
    scene = Scene(told, 4, len(told["known"]) - 1)
    strikes = [event for event in scene.events if event["kind"] == "strike"]
    assert frame.locator(".dl-event[title^='Strike, ']").count() == len(strikes)


def test_the_legend_shows_the_symbol_of_each_kind_of_event(opened: Opened, told: dict[str, Any]) -> None:
    """Every symbol that stands on the map on some day is told in words beside its picture."""
    _, frame = opened()
    rows = frame.get_by_role("list", name="Events").get_by_role("listitem")
    drawn = frame.evaluate("[...new Set(Dateline.app.story.events.map(({ kind }) => Dateline.eventWords(kind)))]")
    assert sorted(rows.all_inner_texts()) == sorted(drawn)
    assert rows.locator("svg path").count() == len({event["kind"] for event in told["events"]})


def test_what_is_near_a_town_does_not_stand_on_it(opened: Opened) -> None:
    """The line of “two towns near Homs” ends beside the symbol of Homs, far out as the map may be."""
    _, frame = opened(address="date=2024-12-06&view=34.9,37.5,6")
    gap = frame.evaluate("""() => {
        const { items } = Dateline.app.places, at = (id) => items.find(({ place }) => place.id === id).point;
        return at("two-towns-near-homs").distanceTo(at("homs"));
    }""")
    assert 15.9 < gap < 20
