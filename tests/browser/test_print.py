"""The map on paper, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Frame, expect

from browser.conftest import Opened, Watched
from browser.test_drawings import OFF
from browser.test_reader import TOUCH, differ, looks

pytestmark = pytest.mark.browser

EDGES = """() => { const bounds = Dateline.app.map.getBounds();
    return [bounds.getWest(), bounds.getEast(), bounds.getCenter().lat, bounds.getCenter().lng]; }"""
PRESSED = ".dl-bar-top, .dl-buttons, .leaflet-control-zoom, .dl-legend input, .dl-grounds, .dl-link, .dl-meanings, .dl-skip"
VIEW = "date=2024-12-05&place=hama&view=35.3,37,8"


def tell(frame: Frame, sign: str) -> None:
    frame.evaluate("(sign) => { dispatchEvent(new Event(sign)); }", sign)


@pytest.mark.parametrize("options", [{}, TOUCH], ids=["desk", "phone"])
def test_paper_is_light_holds_the_same_land_and_nothing_to_press(opened: Opened, options: dict[str, Any]) -> None:
    """From a dark screen: day, map, legend, card with its reasons, list, sources and link, one under another."""
    watched, frame = opened(address=VIEW, color_scheme="dark", **options)
    west, east, *middle = frame.evaluate(EDGES)
    tell(frame, "beforeprint")
    assert frame.evaluate("document.documentElement.dataset.theme") == "light"
    assert frame.evaluate("getComputedStyle(document.querySelector('.dl')).backgroundColor") == "rgb(255, 255, 255)"
    assert frame.locator(PRESSED).count() > 8
    assert frame.locator(PRESSED).locator("visible=true").count() == 0
    paper = frame.evaluate(EDGES)
    assert paper[0] == pytest.approx(west, abs=0.06)
    assert paper[1] == pytest.approx(east, abs=0.06)
    assert paper[2:] == pytest.approx(middle, abs=0.06)
    below = [".dl-date", ".dl-stage", ".dl-timeline", ".dl-legend", ".dl-card", ".dl-list", ".dl-foot", ".dl-paper-line"]
    boxes = [frame.locator(name).first.bounding_box() for name in below]
    tops = [box["y"] for box in boxes if box]
    assert len(tops) == len(below)
    assert tops == sorted(tops)
    assert all(box["width"] <= 720 for box in boxes if box)
    expect(frame.locator(".dl-legend")).to_have_attribute("open", "")
    expect(frame.locator(".dl-why p").first).to_be_visible()
    expect(frame.locator(".dl-paper-line")).to_contain_text(VIEW)
    assert frame.locator(".dl-name:not(.dl-left-out)").count() >= 3
    assert watched.errors == []


def test_what_is_drawn_on_paper_lies_where_it_lies_on_the_map(opened: Opened) -> None:
    """No line, area or front of the screen's size is printed: what was to be drawn anew is, in the size of paper."""
    _, frame = opened(address=VIEW, reduced_motion="reduce")
    frame.evaluate("() => { Dateline.app.map.setMaxBounds(null); }")
    off, count = frame.evaluate(OFF, "() => { dispatchEvent(new Event('beforeprint')); }")
    assert count > 5
    assert off < 1.5


@pytest.mark.parametrize("shown", ["", VIEW])
def test_after_printing_the_screen_is_as_it_was(opened: Opened, shown: str) -> None:
    """Theme, view, folds and address, and the picture pixel by pixel."""
    watched, frame = opened(address=shown, color_scheme="dark")
    before, url, edges = looks(watched), watched.page.url, frame.evaluate(EDGES)
    tell(frame, "beforeprint")
    watched.page.wait_for_timeout(400)
    tell(frame, "afterprint")
    assert frame.evaluate(EDGES) == pytest.approx(edges, abs=0.001)
    assert differ(before, looks(watched)) < 0.001
    assert watched.page.url == url
    assert watched.errors == []


def test_a_browser_that_prints_finds_the_map_drawn_for_paper(opened: Opened) -> None:
    """A real print: when it begins all is laid out already, and after it nothing is left of that."""
    watched, frame = opened(address=VIEW)
    frame.evaluate(
        """() => { window.seen = []; for (const sign of ["beforeprint", "afterprint"]) addEventListener(sign, () => seen.push(
            [sign, document.querySelector(".dl-on-paper") !== null])); }"""
    )
    assert len(watched.page.pdf(print_background=True)) > 50_000
    assert frame.evaluate("seen.map(([sign, onPaper]) => `${sign} ${onPaper}`)") == ["beforeprint true", "afterprint false"]


def test_in_streamlit_the_map_is_printed_by_itself(watch: Callable[..., Watched], address: str) -> None:
    """By its button, in its own frame; where the page around is printed the map stands in it as on the screen."""
    watched = watch()
    frame = watched.open(f"{address}?{VIEW}")
    tell(frame, "beforeprint")
    assert frame.locator(".dl-on-paper").count() == 0
    tell(frame, "afterprint")
    frame.evaluate("""() => { window.seen = []; window.print = () => { for (const sign of ["beforeprint", "afterprint"]) {
        dispatchEvent(new Event(sign)); seen.push(document.querySelector(".dl-on-paper") !== null); } }; }""")
    frame.get_by_role("button", name="Copy link").click()
    frame.get_by_role("button", name="Print", exact=True).click()
    assert frame.evaluate("seen") == [True, False]
    assert "allow-modals" in (watched.page.locator("iframe").first.get_attribute("sandbox") or "")
    assert watched.errors == []
