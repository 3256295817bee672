"""A reader without a mouse: everything a visit needs, by keys alone, on the page as Streamlit serves it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Frame, expect

from browser.conftest import PATIENCE, Watched

pytestmark = pytest.mark.browser

AT = """() => {
    const node = document.activeElement, name = node.getAttribute("aria-label") || node.textContent;
    return document.hasFocus() && node !== document.body ? name.trim() : "";
}"""


def tab_to(watched: Watched, frame: Frame, name: str, key: str = "Tab") -> None:
    """Press Tab until the focus is on what is called so."""
    met = []
    for _ in range(120):
        watched.page.keyboard.press(key)
        met.append(frame.evaluate(AT))
        if met[-1] == name:
            return
    raise AssertionError(f"{name} was not met; these were: {met}")


def test_a_visit_by_keyboard_alone(watch: Callable[..., Watched], address: str) -> None:
    """To 5 December, Hama's card and the dispute on it, a comparison with 30 November, and its link, which opens the same."""
    watched = watch(permissions=["clipboard-read", "clipboard-write"])
    keys = watched.page.keyboard
    frame = watched.open(address)
    tab_to(watched, frame, "Day")
    keys.press("ArrowLeft")
    expect(frame.locator(":focus")).to_have_attribute("aria-valuetext", re.compile("^5 December 2024: 1 report"))

    keys.press("/")
    keys.type("Hama")
    keys.press("Enter")
    card = frame.locator(".dl-card")
    expect(card).to_be_visible()
    assert frame.evaluate("document.querySelector('.dl-card').contains(document.activeElement)")
    expect(card.locator(".dl-card-title")).to_contain_text("Hama")
    dispute = card.locator("article", has_text="Hassan Abdul Ghany, rebel commander").filter(has_text="Against it:")
    expect(dispute).to_contain_text("The government beat back an attack on Hama (Syrian state media")

    tab_to(watched, frame, "Compare", "Shift+Tab")
    keys.press("Enter")
    tab_to(watched, frame, "Compare with")
    keys.press("Home")
    for _ in range(4):
        keys.press("ArrowRight")
    expect(frame.locator(":focus")).to_have_attribute("aria-valuetext", re.compile("30 November"))
    expect(frame.locator(".dl-compare-words")).to_contain_text("Since 30 November")

    tab_to(watched, frame, "Copy link", "Shift+Tab")
    keys.press("Enter")
    expect(frame.locator(".dl-share-said")).to_contain_text("It opens 5 December 2024.")
    link = frame.locator(".dl-share-field").input_value()
    told = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    assert told == {"date": "2024-12-05", "compare": "2024-11-30", "place": "hama"}
    assert watched.page.evaluate("navigator.clipboard.readText()") == link
    keys.press("Escape")
    assert frame.evaluate(AT) == "Copy link"

    again = watch().open(link)
    expect(again.locator(".dl-date")).to_have_text("5 December 2024")
    expect(again.locator(".dl-card-title")).to_contain_text("Hama")
    expect(again.locator(".dl-compare-words")).to_contain_text("Since 30 November", timeout=PATIENCE)
    assert watched.outside == []
    assert watched.errors == []
