"""Under the policies that the server sends, everything works in a real Chromium, and what they forbid does not."""

from __future__ import annotations

import asyncio
import functools
import http.server
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SEEDS, bundled
from playwright.sync_api import Page, expect

from browser.conftest import PATIENCE, Watched, paste_an_article, tick_first
from geo.backgrounds import backgrounds
from geo.crowd import BUSY
from geo.headers import tile_hosts

sys.path.append(str(ROOT / "benches"))
from bench_load import crowd

pytestmark = pytest.mark.browser
RUN = """(how) => new Promise((done) => setTimeout(() => {
    // In a task of its own: what the test itself runs, no policy stops.
    try { done(how === "eval" ? (0, eval)("1 + 1") : Function("return 2")()); } catch (error) { done(error.name); }
}))"""
INLINE = """() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
    return Boolean(window.ran);
}"""
TOLD = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));"""
Serve = Callable[..., str]


@pytest.fixture
def seen(watch: Callable[..., Watched]) -> Callable[..., Watched]:
    """Return what opens a watched page that also tells each violation of a policy, in every frame."""

    def opened(**options: Any) -> Watched:
        watched = watch(**options)
        watched.page.context.add_init_script(TOLD)
        return watched

    return opened


def copied(tmp_path: Path, name: str) -> Path:
    """Return a copy of the bundled story: a server of its own is started for it."""
    return Path(shutil.copytree(SEEDS, tmp_path / name))


def violations(watched: Watched) -> list[str]:
    return [one for one in watched.errors if "olicy" in one]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_reader_who_uses_everything_meets_no_policy(seen: Callable[..., Watched], address: str, theme: str) -> None:
    """Slider, card, every fold, chart, tables, files to take away, the way back: nothing is refused, the console is clean."""
    watched = seen(color_scheme=theme)
    frame, page = watched.open(f"{address}?date=2024-12-03"), watched.page
    expect(page.locator(".dateline-history")).to_be_visible(timeout=PATIENCE)
    frame.locator("button.dl-place").first.click()
    expect(frame.locator(".dl-card").first).to_be_visible()
    frame.get_by_role("slider", name="Day").press("ArrowLeft")
    expect(page.get_by_role("heading", name="Who holds what on 2 December 2024")).to_be_visible(timeout=PATIENCE)
    tables, files = page.get_by_test_id("stDataFrame"), page.locator(".st-key-take-site button")
    folds = {
        "The same as a table": lambda: expect(tables).to_have_count(1, timeout=PATIENCE),
        "The table of this day": lambda: expect(tables).to_have_count(2, timeout=PATIENCE),
        "The data, and this map in your own page": lambda: expect(files).to_be_visible(timeout=PATIENCE),
    }
    for fold, opens in folds.items():
        page.get_by_text(fold).first.click()
        opens()
    for key in ("take-0-csv", "take-0-kml", "take-1200x630-png", "take-A4-pdf", "take-1200x630-svg", "take-site"):
        with page.expect_download(timeout=PATIENCE) as found:
            page.locator(f".st-key-{key} button").click()
        assert Path(found.value.path()).stat().st_size > 500
    page.go_back()
    expect(page.get_by_role("heading", name="Who holds what on 3 December 2024")).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(500)
    assert watched.errors == []


FILES = """() => performance.getEntriesByType("resource").filter(({ name }) => name.includes(".assets/"))
    .map(({ name, startTime, transferSize }) => [name.split("/").pop(), startTime, transferSize])"""


def test_the_maps_files_come_at_once_and_once(watch: Callable[..., Watched], address: str) -> None:
    """The frame's answer names the scripts: each is asked for before the frame's own script could name it, and then kept."""
    watched = watch()
    watched.page.context.unroute_all()  # who looks at each request has the browser keep nothing
    asked = "performance.getEntriesByType('resource').find(({ name }) => name.includes('static/js/main')).responseEnd"
    for visit in range(2):
        frame = watched.open(address)
        scripts = [one for one in frame.evaluate(FILES) if one[0].endswith(".js")]
        assert sorted(name.split("-")[0] for name, _, _ in scripts) == ["dateline", "guard", "leaflet", "story"]
        read = frame.evaluate(asked)
        assert all(start < read for _, start, _ in scripts), scripts
        assert not visit or not any(size for _, _, size in scripts), scripts
    assert watched.errors == []


def test_a_background_is_loaded_from_its_provider_and_nothing_from_anybody_else(
    seen: Callable[..., Watched], address: str
) -> None:
    """Each background that is offered asks its host; a picture of another host is refused, in the frame and around it."""
    watched = seen()
    frame = watched.open(address)
    hosts = tile_hosts(backgrounds())
    choice = frame.locator("select").filter(has=frame.locator(f"option[value={backgrounds()[0].background_id}]")).first
    for one in backgrounds():
        asked = len(watched.outside)
        choice.select_option(one.background_id)
        watched.page.wait_for_timeout(700)
        assert len(watched.outside) > asked, one
    assert all(url.startswith(hosts) for url in watched.outside)
    assert violations(watched) == []
    for place in (frame, watched.page.main_frame):
        place.evaluate("() => { new Image().src = 'https://evil.example/a.png'; }")
    watched.page.wait_for_timeout(300)
    assert [one for one in watched.outside if "evil" in one] == []
    assert len([one for one in violations(watched) if one.startswith("policy: img-src")]) == 2


def test_text_is_run_neither_in_the_page_nor_in_the_maps_frame(seen: Callable[..., Watched], address: str) -> None:
    """No eval, no Function; in the page no inline script either; no request to elsewhere, no base, no form."""
    watched = seen()
    frame, page = watched.open(address), watched.page.main_frame
    for place in (frame, page):
        assert [place.evaluate(RUN, how) for how in ("eval", "Function")] == ["EvalError", "EvalError"]
        assert place.evaluate("() => fetch('https://evil.example/').then(() => 'sent', () => 'refused')") == "refused"
    assert page.evaluate(INLINE) is False
    assert watched.outside == []


def test_the_desk_works_under_the_same_policy(seen: Callable[..., Watched], serve: Serve, tmp_path: Path) -> None:
    """An article pasted, its claims in a table, the preview of the map."""
    watched = seen()
    page = watched.page
    page.goto(f"{serve(copied(tmp_path, 'desk'), DATELINE_DESK='1')}desk")
    paste_an_article(page)
    tick_first(page)
    page.get_by_role("button", name="Preview the map").click(timeout=PATIENCE)
    watched.frame()
    assert violations(watched) == []


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Return what puts the app into a page of another origin and gives that page's address; "" gives the origin alone."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    folder = tmp_path / "newsroom"
    folder.mkdir()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"

    def page(url: str) -> str:
        if not url:
            return origin
        (folder / "a.html").write_text(f'<!doctype html><title>x</title><iframe src="{url}" width="760" height="900"></iframe>')
        return f"{origin}/a.html"

    yield page
    server.shutdown()


def test_another_site_may_not_frame_the_app_unless_the_operator_says_so(
    watch: Callable[..., Watched], address: str, serve: Serve, newsroom: Callable[[str], str], tmp_path: Path
) -> None:
    """Refused by default; with the site's origin in DATELINE_FRAME_ANCESTORS the map is drawn there and follows its slider."""
    watched = watch()
    watched.page.goto(newsroom(f"{address}?embed=true"))
    watched.page.wait_for_timeout(1500)
    assert [frame for frame in watched.page.frames if frame.url.startswith(address)] == []
    assert any("frame-ancestors" in one for one in watched.errors)
    allowed = serve(copied(tmp_path, "framed"), DATELINE_FRAME_ANCESTORS=newsroom(""))
    watched = watch()
    frame = watched.open(newsroom(f"{allowed}?embed=true&date=2024-12-01"))
    assert frame.parent_frame is not None
    assert frame.parent_frame.url.startswith(allowed)
    slider = frame.get_by_role("slider", name="Day")
    slider.press("ArrowRight")
    expect(frame.locator(".dl-date")).to_contain_text("2")
    assert violations(watched) == []


def test_a_reader_for_whom_there_is_no_room_is_told_so_and_comes_in_later(
    watch: Callable[..., Watched], serve: Serve, tmp_path: Path
) -> None:
    """One place: the second reader reads a plain page that names the published copy; the first goes on; then they change."""
    url = serve(copied(tmp_path, "full"), DATELINE_READERS="1", DATELINE_PUBLISHED="https://news.example/map/")
    first, second = watch(), watch()
    frame = first.open(url)
    answer = second.page.goto(url)
    assert answer is not None
    assert answer.status == 503
    expect(second.page.get_by_role("heading", name="Too many readers at once")).to_be_visible()
    expect(second.page.get_by_role("link", name="a published copy")).to_have_attribute("href", "https://news.example/map/")
    assert [one for one in second.errors if "503" not in one] == []
    frame.get_by_role("slider", name="Day").press("ArrowLeft")
    expect(first.page.get_by_role("heading", name="Who holds what on 5 December 2024")).to_be_visible(timeout=PATIENCE)
    first.page.goto("about:blank")
    second.page.wait_for_timeout(500)
    second.open(url)


def test_while_the_page_is_busy_the_map_goes_on_and_the_page_catches_up(
    watch: Callable[..., Watched], serve: Serve, tmp_path: Path
) -> None:
    """Many let go at once: the reader is told, the map shows each day at once and does not fade, the page comes after it."""
    url = serve(copied(tmp_path, "busy"))
    watched = watch()
    frame, page = watched.open(url), watched.page
    days, over = list(bundled().days), threading.Event()

    async def press() -> None:
        readers = await crowd(url, 300)  # a fast machine has a turn for half as many within a second

        ready.set()
        await asyncio.gather(*(_press(reader, at, days, over) for at, reader in enumerate(readers)))

    ready = threading.Event()
    pressed = threading.Thread(target=lambda: asyncio.run(press()))
    pressed.start()
    try:
        assert ready.wait(120)
        page.wait_for_timeout(1500)
        slider = frame.get_by_role("slider", name="Day")
        for _ in range(3):
            slider.press("ArrowLeft")
        expect(frame.locator(".dl-date")).to_contain_text("3")
        expect(page.get_by_text(BUSY)).to_be_attached(timeout=PATIENCE)
        page.wait_for_timeout(1200)
        assert faded(page) == 1
        slider.press("ArrowRight")
        expect(frame.locator(".dl-date")).to_contain_text("4")
    finally:
        over.set()
        pressed.join(60)
    expect(page.get_by_role("heading", name="Who holds what on 4 December 2024")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(BUSY)).to_have_count(0, timeout=PATIENCE)
    assert watched.errors == []


async def _press(reader: Any, number: int, days: list[Any], over: threading.Event) -> None:
    while not over.is_set():
        await reader.commit(days[number % len(days)])
        number += 1


def faded(page: Page) -> float:
    """Return how opaque the map's frame is, with all that it stands in."""
    found: float = page.evaluate("""() => {
        let shown = 1;
        for (let node = document.querySelector("iframe"); node; node = node.parentElement) {
            shown *= Number(getComputedStyle(node).opacity);
        }
        return shown;
    }""")
    return found
