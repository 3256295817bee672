"""The background: our own until a reader chooses another, and whole whatever becomes of that one."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Route, expect

from browser.conftest import PHONE, Watched
from geo.backgrounds import CHOICE, backgrounds
from geo.timemap import lay

pytestmark = pytest.mark.browser
PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg==")
Opened = Callable[..., tuple[Watched, Frame]]


@pytest.fixture
def opened(watch: Callable[..., Watched], told: dict[str, Any], tmp_path: Path) -> Opened:
    """Return what opens the bundled story as a plain page; `policy` is what that page says of itself."""

    def page(policy: str = "", address: str = "", **options: Any) -> tuple[Watched, Frame]:
        site = lay(tmp_path, told)
        styles = "".join(f'<link rel="stylesheet" href="{name}">' for name in site.styles)
        scripts = "".join(f'<script src="{name}"></script>' for name in site.scripts)
        stated = f'<meta http-equiv="Content-Security-Policy" content="{policy}">' if policy else ""
        (tmp_path / "index.html").write_text(
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Dateline</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">{stated}{styles}</head>'
            f'<body><main><h1>Dateline</h1><div data-dateline-map="{site.digest}"></div></main>{scripts}</body></html>',
            encoding="utf-8",
        )
        watched = watch(**options)
        return watched, watched.open((tmp_path / "index.html").as_uri() + address)

    return page


def pictures(watched: Watched) -> list[str]:
    """Answer the provider's addresses with a picture from now on; return the list of what is asked for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=PICTURE, content_type="image/png")

    watched.page.context.route("https://tile.openstreetmap.org/**", answer)
    return asked


def missing(frame: Frame) -> list[str]:
    """Return what of land, borders, territory and names is not drawn."""
    found: list[str] = frame.evaluate("""() => {
        const seen = (selector) => [...document.querySelectorAll(selector)]
            .filter((node) => node.getBoundingClientRect().width > 0).length;
        const least = {
            "path.dl-country": 4, "path.dl-country_border": 2, "path.dl-disputed": 1, "button.dl-place": 19,
            ".leaflet-dl-cells-pane path": 41, ".dl-name:not(.dl-left-out)": 6,
        };
        const found = Object.entries(least).filter(([selector, count]) => seen(selector) < count).map(([selector]) => selector);
        const land = getComputedStyle(document.querySelector("path.dl-country.dl-home"));
        return land.fillOpacity === "1" && land.fill !== "none" ? found : [...found, "land"];
    }""")
    return found


def test_what_is_offered_needs_no_key_and_names_its_provider() -> None:
    """Each background has an https address that only tile numbers are missing from, and words of credit."""
    found = backgrounds()
    assert [one.background_id for one in found] == list(CHOICE)
    for one in found:
        assert re.fullmatch(r"https://[^{}]*(\{s\}[^{}]*)?(\{[xyz]\}[^{}]*){3}", one.url), one.url
        assert "".join(words for words, _ in one.credit).strip()


def test_a_provider_that_wants_a_key_or_is_gone_is_left_out() -> None:
    """Of a list in which one wants a key, one is served in the clear and one is absent, what is left is offered."""
    listed = {
        "OpenStreetMap.Mapnik": {
            "url": "https://a.example/{z}/{x}/{y}.png?key={apikey}",
            "apikey": "<insert your API key here>",
        },
        "OpenTopoMap": {"url": "http://b.example/{z}/{x}/{y}.png", "attribution": "B"},
        "Esri.WorldGrayCanvas": {"url": "https://c.example/{v}/{z}/{x}/{y}{r}.png", "v": "grey", "attribution": "C"},
    }
    (one,) = backgrounds(listed)
    assert (one.background_id, one.url, one.credit) == ("grey", "https://c.example/grey/{z}/{x}/{y}.png", (("C", ""),))


def test_nothing_is_asked_of_outside_until_a_reader_chooses(opened: Opened) -> None:
    """Scrubbing, zooming and opening the legend ask for nothing; the choice itself does, of its provider only."""
    watched, frame = opened()
    frame.get_by_role("slider", name="Day").press("Home")
    frame.evaluate("Dateline.app.map.setZoom(Dateline.app.map.getZoom() + 1, { animate: false })")
    frame.wait_for_timeout(400)
    assert watched.outside == []
    frame.get_by_label("Base map").select_option("osm")
    frame.wait_for_function("() => !document.querySelector('.dl-tiles img')")
    assert watched.outside
    assert {urlsplit(unquote(url)).hostname for url in watched.outside} == {"tile.openstreetmap.org"}


def test_lost_pictures_leave_the_map_whole_and_it_says_so(opened: Opened) -> None:
    """With the network cut, a choice ends in a sentence and in the map's own background; nothing is asked again."""
    watched, frame = opened()
    assert missing(frame) == []
    frame.get_by_label("Base map").select_option("osm")
    expect(frame.get_by_role("status").filter(has_text="OpenStreetMap could not be loaded")).to_be_visible()
    expect(frame.get_by_label("Base map")).to_have_value("")
    assert missing(frame) == []
    asked = len(watched.outside)
    frame.get_by_role("slider", name="Day").press("Home")
    frame.evaluate("Dateline.app.map.setZoom(Dateline.app.map.getZoom() + 1, { animate: false })")
    frame.wait_for_timeout(400)
    assert len(watched.outside) == asked


def test_chosen_pictures_lie_under_everything_and_are_credited(opened: Opened) -> None:
    """Pictures that come lie under borders, territory and names; who made them is named on the map with a link."""
    watched, frame = opened()
    asked = pictures(watched)
    frame.get_by_label("Base map").select_option("osm")
    frame.wait_for_function("() => document.querySelectorAll('.dl-tiles img.leaflet-tile-loaded').length > 3")
    assert asked
    assert missing(frame) == []
    assert frame.evaluate("""() => {
        const height = (name) => Number(getComputedStyle(Dateline.app.map.getPane(name)).zIndex);
        const over = ["dl-cells", "dl-front", "dl-names", "dl-country_border", "dl-province_border", "dl-disputed"];
        return over.every((name) => height(name) > height("dl-tiles")) && height("dl-country") < height("dl-tiles");
    }""")
    expect(frame.get_by_role("link", name="OpenStreetMap")).to_be_visible()
    expect(frame.locator(".dl-ground-note")).to_contain_text("openstreetmap.org, which so learns of your visit")
    frame.get_by_label("Base map").select_option("")
    expect(frame.get_by_role("link", name="OpenStreetMap")).to_be_hidden()
    assert frame.locator(".dl-tiles img").count() == 0


def test_a_link_cannot_choose_for_its_reader(opened: Opened) -> None:
    """An address that names a background offers it and goes on naming it; only a press loads it, and a refusal holds."""
    watched, frame = opened(address="#ground=osm&date=2024-12-01")
    asked = pictures(watched)
    expect(frame.get_by_role("status").filter(has_text="learns of your visit")).to_be_visible()
    frame.wait_for_timeout(400)
    assert asked == []
    frame.get_by_role("slider", name="Day").press("ArrowRight")
    frame.wait_for_function("() => location.hash === '#date=2024-12-02&ground=osm'")
    frame.get_by_role("button", name="Close").click()
    frame.wait_for_function("() => location.hash === '#date=2024-12-02'")
    frame.evaluate("() => { location.hash = '#ground=osm'; }")
    frame.get_by_role("button", name="Show it").click()
    frame.wait_for_function("() => document.querySelector('.dl-tiles img.leaflet-tile-loaded')")
    assert frame.evaluate("Dateline.app.ground.value") == "osm"


@pytest.mark.parametrize(
    ("sources", "offered"),
    [
        ("'self' data:", []),
        ("'self' https://tile.openstreetmap.org", ["osm"]),
        ("'self' https://*.tile.opentopomap.org", ["topo"]),
        ("*", list(CHOICE)),
    ],
)
def test_a_page_offers_what_its_policy_allows(opened: Opened, sources: str, offered: list[str]) -> None:
    """A published page whose policy forbids a provider's pictures does not offer them, and nothing is refused."""
    policy = f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {sources}; base-uri 'none'; form-action 'none'"
    watched, frame = opened(policy)
    assert frame.evaluate("Dateline.app.ground.offered.map(({ id }) => id)") == offered
    assert frame.locator(".dl-grounds").count() == (1 if offered else 0)
    assert watched.errors == []


def test_the_choice_can_be_read_and_touched(opened: Opened) -> None:
    """With pictures shown, axe finds nothing; on a phone the choice is 44 pixels high."""
    watched, frame = opened(viewport=PHONE, has_touch=True, is_mobile=True)
    pictures(watched)
    frame.locator(".dl-legend > summary").click()
    box = frame.get_by_label("Base map").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    frame.get_by_label("Base map").select_option("osm")
    frame.wait_for_function("() => document.querySelector('.dl-tiles img.leaflet-tile-loaded')")
    found = Axe().run(frame.page).response["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == []
