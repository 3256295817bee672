"""Hostile texts in a real Chromium: they are shown as written, and none of them runs, asks for anything or makes an element.

DATELINE_FULL=1 shows 10,000 texts; otherwise it is as many as one story takes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from corpus import CANARY, PRODUCT, Supply, spliced, texts
from playwright.sync_api import expect

from browser.conftest import PATIENCE, Watched
from geo.payload import payload
from geo.publish import publish
from geo.story import read_story
from geo.timemap import lay

pytestmark = pytest.mark.browser
PER_STORY = 800
BATCHES = 20 if os.environ.get("DATELINE_FULL") == "1" else 1  # a story takes some 570 of its texts
OPEN = """async () => {
    const seen = new Set(), app = Dateline.app, made = new Set();
    const look = () => {
        const walk = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
        const inside = new Map();
        while (walk.nextNode()) {
            const parent = walk.currentNode.parentElement;
            if (parent && !['SCRIPT', 'STYLE'].includes(parent.tagName)) seen.add(walk.currentNode.data);
        }
        for (const node of document.querySelectorAll('*')) {
            made.add(node.tagName.toLowerCase());
            for (const { name, value } of node.attributes) {
                if (name.startsWith('on') || name === 'srcdoc') made.add('@' + name);
                const leads = /^(href|src|action|data)$/.test(name);
                if (leads && /^\\s*(javascript|vbscript|data:text)/i.test(value)) made.add('@' + value);
                seen.add(value);
            }
        }
    };
    for (let day = 0; day < app.story.length; day += 1) { app.moment.go({ day }); app.moment.tell(); look(); }
    for (let known = 0; known <= app.story.latest; known += 1) { app.moment.go({ known }); app.moment.tell(); look(); }
    for (const button of document.querySelectorAll('details:not([open]) > summary, button[aria-expanded=false]')) {
        button.click();
        look();
    }
    for (const button of [...document.querySelectorAll('button.dl-place')]) {
        button.click();
        await new Promise(requestAnimationFrame);
        look();
    }
    const find = document.querySelector('.dl-find-input');
    for (const { name } of app.story.places) {
        find.value = name.slice(0, 80);
        find.dispatchEvent(new Event('input', { bubbles: true }));
        look();
    }
    return { seen: [...seen], made: [...made] };
}"""


@pytest.fixture(params=range(BATCHES))
def hostile(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Supply]:
    """The folder of a story full of hostile texts, and those texts."""
    CANARY.unlink(missing_ok=True)
    supply = Supply(texts(PER_STORY * (request.param + 1))[PER_STORY * request.param :])
    return spliced(tmp_path / "story", supply), supply


def bare(folder: Path, out: Path) -> str:
    """Lay a story's map as a page without any policy that would stop a script, and return its address."""
    site = lay(out, payload(read_story(folder)))
    links = "".join(f'<link rel="stylesheet" href="{name}">' for name in site.styles)
    scripts = "".join(f'<script src="{name}"></script>' for name in site.scripts)
    (out / "index.html").write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Map</title>{links}<body>'
        f'<div data-dateline-map="{site.digest}"></div>{scripts}</body></html>',
        encoding="utf-8",
    )
    return (out / "index.html").as_uri()


def quiet(watched: Watched) -> None:
    """Nothing ran, was asked for outside, or broke."""
    for frame in watched.page.frames:
        assert frame.evaluate("window.canary") is None
    assert watched.outside == []
    assert not CANARY.exists()


def test_every_text_on_the_map_is_text(hostile: tuple[Path, Supply], watch: Callable[..., Watched], tmp_path: Path) -> None:
    """On every day, at every moment, on every card and in the search: whole, and no element but those of plain words.

    No policy stops a script there: nothing but the map itself keeps the texts from running.
    """
    folder, supply = hostile
    plain = spliced(tmp_path / "plain", Supply(f"plain words ~{number}~" for number in range(PER_STORY)))
    made = set(watch().open(bare(plain, tmp_path / "one")).evaluate(OPEN)["made"])
    watched = watch()
    found: dict[str, Any] = watched.open(bare(folder, tmp_path / "two")).evaluate(OPEN)
    assert set(found["made"]) <= made
    assert not [name for name in made if name.startswith("@")]
    for text in found["seen"]:
        assert supply.fault(text) == ""
        assert PRODUCT not in text
    assert len({number for number in supply.used if any(f"~{number}~" in text for text in found["seen"])}) >= 150
    quiet(watched)
    assert watched.errors == []


def test_a_published_page_shows_them_too(hostile: tuple[Path, Supply], watch: Callable[..., Watched], tmp_path: Path) -> None:
    folder, supply = hostile
    out = publish(read_story(folder), tmp_path / "site", url="https://example.org/a/")
    watched = watch()
    watched.open((out / "index.html").as_uri())
    assert supply.fault(watched.page.title()) == ""
    assert supply.fault(watched.page.locator("h1").inner_text()) == ""
    cells = watched.page.locator("td").all_inner_texts()
    assert len(cells) > 50
    assert [fault for cell in cells if (fault := supply.fault(cell))] == []
    quiet(watched)
    assert [error for error in watched.errors if "Content Security Policy" in error or "canary" in error] == []


def test_the_page_and_its_address_run_nothing(
    hostile: tuple[Path, Supply], watch: Callable[..., Watched], serve: Callable[..., str]
) -> None:
    """The page of the server, opened at hostile addresses: each is said in a sentence, as it was written."""
    folder, supply = hostile
    address = serve(folder)
    watched = watch()
    asking = ("{{7919*7919}}", "<img src=x onerror=window.canary=1>", "[x](javascript:window.canary=1)", "';window.canary=1;//")
    for text in asking:
        asked = "&".join(f"{name}={quote(text)}" for name in ("date", "place", "known", "view", "off", "theme"))
        watched.open(f"{address}?{asked}")
        said = watched.page.get_by_role("alert").filter(has_text="The address asks for place")
        expect(said).to_contain_text(text, timeout=PATIENCE)
        quiet(watched)
    watched.open(address)
    for name in ("The table of this day", "The same as a table", "The data, and this map in your own page"):
        opener = watched.page.get_by_text(name, exact=True)
        if opener.count():
            opener.first.click()
    watched.page.wait_for_timeout(2500)
    shown = watched.page.locator("body").inner_text()
    assert PRODUCT not in shown
    assert supply.fault(watched.page.locator(".dateline-head h1").inner_text()) == ""
    assert watched.page.locator("img[src='x'], iframe[srcdoc], base[href*='127.0.0.1:1'], [onerror], [onload]").count() == 0
    assert watched.page.locator("[class^=dateline] img, [class^=dateline] script, [class^=dateline] a").count() == 0
    quiet(watched)
