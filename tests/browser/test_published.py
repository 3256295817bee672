"""The published folder in a real Chromium: from a folder, a disk, in a frame, on a slow line, and when it is out of date."""

from __future__ import annotations

import functools
import gzip
import http.server
import io
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import SEEDS, bundled
from playwright.sync_api import Frame, expect

from browser.conftest import PHONE, Watched
from geo.exports import export
from geo.publish import publish
from geo.stills import drawn
from geo.story import read_story

pytestmark = pytest.mark.browser
MOMENT = datetime(2024, 12, 7, 6, 30, tzinfo=UTC)
LARGEST = 250_000
"""Bytes of a first load, gzip'd, in all."""
STATE = """() => {
    const { territory, front, moment, story } = Dateline.app;
    return [0, 5, 10].map((day) => {
        moment.go({ day });
        moment.tell();
        return {
            styles: [...territory.styles],
            front: front.key,
            places: [...document.querySelectorAll("button.dl-place")].map((node) => node.getAttribute("aria-label")).sort(),
            list: document.querySelector(".dl-list").textContent,
        };
    });
}"""
EMPTY = """() => { window.refused = []; addEventListener("securitypolicyviolation",
    (event) => refused.push(`${event.violatedDirective} ${event.blockedURI}`)); }"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """A plain file server that gzips, as web servers do, and notes what it was asked for."""

    asked: list[str]
    sent: list[int]

    def send_head(self) -> Any:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        self.asked.append(self.path)
        if not path.is_file():
            self.send_error(404)
            return None
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        if path.suffix in (".html", ".js", ".css", ".json"):
            body = gzip.compress(body, 6, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.sent.append(len(body))
        return io.BytesIO(body)

    def log_message(self, *given: object) -> None:
        """Say nothing."""


class Served:
    """A folder on a server: its address, what was asked of it, and the bytes of each answer."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        self.sent: list[int] = []
        handler = type("Noting", (Handler,), {"asked": self.asked, "sent": self.sent})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A web server's folder with the bundled story under a/b/."""
    root = tmp_path_factory.mktemp("root")
    publish(bundled(), root / "a" / "b", url="https://news.example/syria/", moment=MOMENT)
    return root


@pytest.fixture
def served(root: Path) -> Iterator[Served]:
    found = Served(root)
    yield found
    found.server.shutdown()
    found.server.server_close()


def opened(watched: Watched, url: str) -> Frame:
    """Open a page and return its frame with the map once that is drawn, noting what its policy refuses."""
    watched.page.add_init_script(f"({EMPTY})()")
    return watched.open(url)


def address(root: Path, served: Served, how: str) -> str:
    return f"{served.url}a/b/" if how == "http" else (root / "a" / "b" / "index.html").as_uri()


@pytest.mark.parametrize("how", ["http", "file"])
def test_all_of_the_map_works_with_the_network_cut(root: Path, served: Served, watch: Callable[..., Watched], how: str) -> None:
    """From a sub-folder and from a disk: days, list, card, search and layers; nothing is asked of outside, nothing refused."""
    watched = watch()
    frame = opened(watched, address(root, served, how))
    page = watched.page
    slider = frame.get_by_role("slider", name="Day")
    slider.focus()
    page.keyboard.press("Home")
    expect(frame.locator(".dl-date")).to_contain_text("26 November")
    page.keyboard.press("End")
    frame.locator(".dl-item-name", has_text="Aleppo").first.click()
    expect(frame.locator(".dl-card-title")).to_contain_text("Aleppo")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("hama")
    page.keyboard.press("Enter")
    expect(frame.locator(".dl-card-title")).to_contain_text("Hama")
    page.wait_for_function("() => location.hash.includes('place=hama')")
    for box in frame.locator(".dl-keys input").all():
        box.uncheck()
    frame.get_by_text("How this is made").click()
    expect(frame.locator(".dl-method-body")).to_be_visible()
    frame.get_by_text("The table of this day").click()
    expect(frame.locator(".site-wide table")).to_contain_text("Aleppo")
    assert frame.evaluate("refused") == []
    assert watched.errors == []
    assert watched.outside == []
    folder = address(root, served, how).removesuffix("index.html")
    assert all(url.startswith((folder, "data:")) for url in watched.requests)


def test_what_is_shown_survives_a_reload_and_a_link(served: Served, watch: Callable[..., Watched]) -> None:
    """The hash holds day and place: the same address opens the same."""
    watched = watch()
    frame = opened(watched, f"{served.url}a/b/#date=2024-11-30&place=aleppo")
    expect(frame.locator(".dl-date")).to_contain_text("30 November")
    expect(frame.locator(".dl-card-title")).to_contain_text("Aleppo")


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(served: Served, watch: Callable[..., Watched], scheme: str, size: dict[str, int] | None) -> None:
    """No accessibility violation on the page with everything on it opened, nor is it wider than the window."""
    watched = watch(color_scheme=scheme, bypass_csp=True, **({"viewport": size} if size else {}))
    frame = opened(watched, f"{served.url}a/b/")
    found = Axe().run(watched.page).response["violations"]
    frame.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
    found += Axe().run(watched.page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found] == []
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_first_load_is_small(served: Served, watch: Callable[..., Watched]) -> None:
    """All that a first visit fetches, gzip'd, Leaflet and story with it."""
    opened(watch(), f"{served.url}a/b/")
    assert len(served.sent) >= 7
    assert sum(served.sent) < LARGEST, dict(zip(served.asked, served.sent, strict=False))
    assert not [path for path in served.asked if path.endswith((".png", ".zip", ".csv", "version.json"))]


def test_the_page_in_streamlit_and_the_published_one_draw_the_same(
    served: Served, watch: Callable[..., Watched], address: str
) -> None:
    """One payload, and on three days the same cells, front line, places and list."""
    there, here = watch(), watch()
    streamlit, published = there.open(address), opened(here, f"{served.url}a/b/")
    digest = "window.DATELINE.digest"
    assert streamlit.evaluate(digest) == published.evaluate(digest)
    assert streamlit.evaluate(STATE) == published.evaluate(STATE)


@pytest.mark.parametrize("how", ["http", "file"])
@pytest.mark.parametrize("name", ["embed.html", "index.html"])
def test_in_a_frame_it_is_bare(
    root: Path, tmp_path: Path, served: Served, watch: Callable[..., Watched], how: str, name: str
) -> None:
    """In somebody else's page: title, map with its slider in view, sources, edition, and the way to the full page."""
    target = f"{served.url}a/b/{name}" if how == "http" else (root / "a" / "b" / name).as_uri()
    iframe = f'<iframe src="{target}#date=2024-12-01" width="760" height="720"></iframe>'
    (tmp_path / "host.html").write_text(f"<!doctype html><title>x</title><p>An article</p>{iframe}", encoding="utf-8")
    watched = watch()
    frame = opened(watched, (tmp_path / "host.html").as_uri())
    assert frame != watched.page.main_frame
    expect(frame.locator(".dl-embed-title")).to_have_text(bundled().settings.title)
    expect(frame.locator(".site-more")).to_be_hidden()
    expect(frame.locator(".dl-sources")).to_be_visible()
    expect(frame.locator("[data-dateline-edition]")).to_be_visible()
    bottom = frame.evaluate("document.querySelector('.dl-time, .dl-timeline, [role=slider]').getBoundingClientRect().bottom")
    assert bottom <= 720
    full = frame.locator(".dl-full").get_attribute("href") or ""
    assert full.endswith("/a/b/index.html#date=2024-12-01")
    assert watched.errors == []
    assert frame.evaluate("refused") == []


def republished(root: Path, change: Callable[[str], str], tmp_path: Path) -> None:
    """Publish a changed copy of the bundled story in the place of the first."""
    folder = Path(shutil.copytree(SEEDS, tmp_path / "story"))
    toml = folder / "story.toml"
    toml.write_text(change(toml.read_text(encoding="utf-8")), encoding="utf-8")
    publish(read_story(folder), root / "a" / "b", url="https://news.example/syria/", moment=MOMENT.replace(day=9))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda text: text.replace("what four reports said", "what four articles said"),
            "There is a newer edition of this map",
        ),
        (
            lambda text: f'retracted = "Two <b>reports</b> were forged."\n{text}',
            "retracted, 9 December 2024, 09:30 (Damascus): Two <b>reports</b>",
        ),
    ],
    ids=["newer", "retracted"],
)
def test_an_open_page_learns_of_a_newer_edition(
    root: Path, tmp_path: Path, watch: Callable[..., Watched], change: Callable[[str], str], says: str
) -> None:
    """It asks its own host every few minutes, says nothing while all is the same, then says so and offers to reload."""
    own = tmp_path / "root"
    shutil.copytree(root, own)
    served = Served(own)
    watched = watch()
    watched.page.clock.install()
    frame = opened(watched, f"{served.url}a/b/")
    note = frame.locator(".site-newer")
    watched.page.clock.fast_forward(5 * 60 * 1000)
    watched.page.wait_for_timeout(300)
    assert served.asked.count("/a/b/version.json") == 1
    expect(note).to_be_hidden()
    republished(own, change, tmp_path)
    watched.page.clock.fast_forward(5 * 60 * 1000)
    expect(note).to_contain_text(says)
    note.get_by_role("link", name="Reload the page").click()
    expect(watched.page.locator("h1, .site-stamp").first).to_contain_text("articles" if "newer" in says else "Retracted")
    assert watched.errors == []
    served.server.shutdown()


def test_a_copy_on_a_disk_says_of_when_it_is_and_where_the_current_one_is(root: Path, watch: Callable[..., Watched]) -> None:
    """It asks nobody, and names its date and the address."""
    watched = watch()
    watched.page.clock.install()
    frame = opened(watched, (root / "a" / "b" / "index.html").as_uri())
    line = frame.locator("[data-dateline-edition]")
    expect(line).to_contain_text("Published 7 December 2024, 09:30 (Damascus)")
    expect(line).to_contain_text("a copy; the current edition is at news.example/syria")
    watched.page.clock.fast_forward(10 * 60 * 1000)
    assert [url for url in watched.requests if "version" in url] == []
    assert watched.errors == []


def test_without_scripts_the_table_and_the_method_can_be_read(served: Served, watch: Callable[..., Watched]) -> None:
    """A reader without JavaScript opens the table of the last day and reads how it is made."""
    page = watch(java_script_enabled=False).page
    page.goto(f"{served.url}a/b/")
    page.get_by_text("The table of this day").click()
    expect(page.get_by_role("row", name="Aleppo", exact=False).first).to_be_visible()
    expect(page.get_by_role("heading", name="How this is made")).to_be_visible()


def test_a_file_that_does_not_come_is_told_where_the_map_would_be(
    root: Path, tmp_path: Path, watch: Callable[..., Watched]
) -> None:
    """Without the story's file the page says so under the headline, and the table and the data are still there."""
    own = Path(shutil.copytree(root, tmp_path / "root"))
    next((own / "a" / "b" / "assets").glob("story-*.js")).unlink()
    watched = watch()
    watched.page.goto((own / "a" / "b" / "index.html").as_uri())
    alert = watched.page.get_by_role("alert")
    expect(alert).to_contain_text("The map could not be loaded")
    head = watched.page.locator("h1").bounding_box()
    box, more = alert.bounding_box(), watched.page.locator(".site-more").bounding_box()
    assert head is not None
    assert box is not None
    assert more is not None
    assert head["y"] < box["y"] < more["y"]


def test_the_page_in_streamlit_hands_out_the_data_when_asked(watch: Callable[..., Watched], address: str) -> None:
    """Nothing is made before it is asked for; a download has the bytes of the export; the text to paste names the day."""
    watched = watch()
    watched.open(f"{address}?date=2024-12-01")
    page = watched.page
    assert page.locator("[class*=st-key-take-]").count() == 0
    page.get_by_text("The data, and this map in your own page").click()
    with page.expect_download() as found:
        page.locator(".st-key-take-0-geojson button").click()
    name, day = "syria-november-december-2024-2024-12-01.geojson", bundled().first_day.replace(month=12, day=1)
    assert found.value.suggested_filename == name
    assert Path(found.value.path()).read_bytes() == export(bundled(), "geojson", day)
    with page.expect_download() as found:
        page.locator(".st-key-take-square-png button").click()
    assert found.value.suggested_filename == name.replace(".geojson", ".png")
    assert Path(found.value.path()).read_bytes() == drawn(bundled(), day, "square", "png")
    with page.expect_download() as found:
        page.locator(".st-key-take-site button").click()
    with zipfile.ZipFile(found.value.path()) as archive:
        assert "syria-november-december-2024/index.html" in archive.namelist()
    expect(page.locator("[data-testid=stCode]")).to_contain_text("?embed=true&amp;date=2024-12-01")
    assert watched.outside == []


def test_a_story_taken_back_is_not_shown_in_streamlit(
    tmp_path: Path, serve: Callable[[Path], str], watch: Callable[..., Watched]
) -> None:
    """The page says why, and has neither map nor data."""
    folder = Path(shutil.copytree(SEEDS, tmp_path / "story"))
    toml = folder / "story.toml"
    toml.write_text(f'retracted = "Two <b>reports</b> were forged."\n{toml.read_text(encoding="utf-8")}', encoding="utf-8")
    page = watch().page
    page.goto(serve(folder))
    expect(page.get_by_text("Two <b>reports</b> were forged.")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("The data, and this map")).to_have_count(0)
    assert page.locator("iframe").count() == 0
