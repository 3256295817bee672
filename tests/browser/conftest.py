"""A real Chromium on a real server: what the tests of the page share."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import SEEDS
from playwright.sync_api import Browser, Error, Frame, Locator, Page, Route, expect, sync_playwright
from serving import Server

from geo.payload import payload
from geo.story import read_story
from geo.timemap import lay

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
DESK, PHONE = {"width": 1340, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 60_000
"""Milliseconds that a busy machine may take to draw a page."""
_NO_BROWSER = (
    "There is no Chromium to test the page in: install one (Debian: apt-get install chromium) "
    "or run `playwright install chromium`."
)


ARTICLE = {"Publisher": "ITV News", "Id of the article": "itv-2024-12-06b"}
SENTENCE = "Rebels captured Palmyra on Friday."


@dataclass
class Watched:
    """A page of a browser, and everything it asked for."""

    page: Page
    outside: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, url: str) -> Frame:
        """Open the app at an address and return the frame of the map once it is drawn."""
        self.page.goto(url)
        return self.frame()

    def frame(self) -> Frame:
        """Return the frame of the map once it is drawn."""
        deadline = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < deadline:
            for frame in self.page.frames:
                try:
                    if frame.evaluate(
                        "Boolean(window.Dateline && window.Dateline.app && window.Dateline.app.redrawn !== undefined)"
                    ):
                        around = "component/streamlit_folium" in frame.url and frame.parent_frame is self.page.main_frame
                        if around and not re.search(r"embed=|/desk", self.page.url):
                            self.page.locator(".dateline-since").wait_for(timeout=PATIENCE)  # it comes when the map stands
                        self.page.wait_for_timeout(600)
                        return frame
                except Error:
                    continue  # the frame went away meanwhile
            self.page.wait_for_timeout(100)
        raise AssertionError(f"The map was not drawn within {PATIENCE / 1000:.0f} s; the console says {self.errors}.")


def paste_an_article(page: Page) -> None:
    """Paste an article at the desk, with one sentence that makes one claim, and say who reads it.

    A server that is just starting answers late, and a page that is written anew may take away what was typed before it was
    told: what is missing is typed again, as an editor would.
    """
    page.get_by_text("Paste a text").click(timeout=PATIENCE)
    text, review = page.get_by_role("textbox", name="Text", exact=True), page.get_by_role("textbox", name="Reviewed by")
    expect(text).to_be_visible(timeout=PATIENCE)
    told = {page.get_by_role("textbox", name=name): given for name, given in ARTICLE.items()} | {text: SENTENCE}
    for _ in range(4):
        for box, given in told.items():
            box.fill(given)
        text.press("Control+Enter")
        try:
            expect(page.locator(".dateline-text")).to_contain_text("Palmyra", timeout=PATIENCE / 3)
            expect(review).to_be_visible(timeout=PATIENCE / 3)
        except AssertionError:
            continue
        break
    expect(page.locator("mark").first).to_contain_text("captured", timeout=PATIENCE)
    review.fill("A. Editor")
    review.press("Enter")


def tick_first(page: Page) -> Locator:
    """Tick the first claim of the desk's table, and return the button that accepts it.

    The table is drawn on a canvas: its cells are reached by position and keyboard, and a page that is written anew moves it.
    """
    accept = page.get_by_role("button", name="Accept 1 into the story")
    for _ in range(6):
        page.wait_for_timeout(1500)
        if accept.is_visible() and accept.is_enabled():
            return accept  # the tick before came late: another would take it away
        box = page.get_by_test_id("stDataFrame").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 30, box["y"] + 54)
        page.keyboard.press("Space")
        try:
            expect(accept).to_be_enabled(timeout=PATIENCE / 10)
        except AssertionError:
            continue
        return accept
    raise AssertionError("The first claim could not be ticked.")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as play:
        try:
            browser = play.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        except Error as error:
            pytest.fail(f"{_NO_BROWSER} ({error.message.splitlines()[0]})", pytrace=False)
        yield browser
        browser.close()


@pytest.fixture
def watch(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Return what opens a watched page; options are those of a browser context."""
    contexts = []

    def opened(**options: Any) -> Watched:
        context = browser.new_context(**{"viewport": DESK, **options})
        contexts.append(context)
        watched = Watched(context.new_page())

        def route(route: Route) -> None:
            if urlsplit(route.request.url).hostname in (None, "", "127.0.0.1"):
                route.continue_()
            else:
                watched.outside.append(route.request.url)
                route.abort()

        context.route("**/*", route)
        page = watched.page
        page.on("request", lambda request: watched.requests.append(request.url))
        page.on("websocket", lambda socket: socket.on("framesent", lambda data: watched.sent.append(len(data))))
        page.on("console", lambda message: watched.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: watched.errors.append(str(error)))
        return watched

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Return what serves the app for a story's folder and gives its address; a folder is served once.

    Keywords are variables of the server's environment.
    """
    running: dict[Path, Server] = {}

    def served(story: Path, **settings: str) -> str:
        if story not in running:
            running[story] = Server(tmp_path_factory.mktemp("server"), story, settings)
            running[story].start()
        return running[story].url

    yield served
    for server in running.values():
        server.end()


@pytest.fixture(scope="session")
def address(serve: Callable[[Path], str]) -> str:
    """The address of the bundled story."""
    return serve(SEEDS)


@pytest.fixture(scope="session")
def told() -> dict[str, Any]:
    """The payload of the bundled story."""
    return payload(read_story(SEEDS))


@pytest.fixture
def laid(tmp_path: Path) -> Callable[[dict[str, Any]], str]:
    """Return what lays a payload as a plain page, under the strictest policy that it must bear, and gives its address."""

    def page(data: dict[str, Any]) -> str:
        site = lay(tmp_path / "site", data)
        styles = "".join(f'<link rel="stylesheet" href="{name}">' for name in site.styles)
        scripts = "".join(f'<script src="{name}"></script>' for name in site.scripts)
        (site.folder / "index.html").write_text(
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Dateline</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">{styles}</head>'
            f'<body><main><h1>Dateline</h1><div data-dateline-map="{site.digest}"></div></main>{scripts}</body></html>',
            encoding="utf-8",
        )
        return (site.folder / "index.html").as_uri()

    return page


Opened = Callable[..., tuple[Watched, Frame]]


@pytest.fixture
def opened(watch: Callable[..., Watched], laid: Callable[[dict[str, Any]], str], told: dict[str, Any]) -> Opened:
    """Return what opens a payload, by default the bundled story's, as a plain page, at an address where one is given."""

    def page(data: dict[str, Any] | None = None, address: str = "", **options: Any) -> tuple[Watched, Frame]:
        watched = watch(**options)
        return watched, watched.open(laid(told if data is None else data) + (f"#{address}" if address else ""))

    return page
