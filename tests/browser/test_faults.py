"""The page under faults: no line, a line that is cut, a server that dies, a story that breaks, files that a cleaner removes."""

from __future__ import annotations

import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import SEEDS
from playwright.sync_api import Frame, expect
from serving import Server

from browser.conftest import PATIENCE, Watched
from browser.test_page import SHOWN

pytestmark = pytest.mark.browser
SOCKETS = """if (window === window.top) {
    window.lines = [];
    const Real = window.WebSocket;
    window.WebSocket = class extends Real { constructor(...given) { super(...given); lines.push(this); } };
}"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path, Path(shutil.copytree(SEEDS, tmp_path / "story")), {"TMPDIR": str(tmp_path)})
    made.start()
    yield made
    made.end(signal.SIGKILL)


def folders(server: Server) -> list[Path]:
    """Return the folders that apps at this address hand out, or left behind."""
    return sorted(server.folder.glob("dateline-app-*"))


def step(frame: Frame) -> str:
    """Go a day back with the keyboard, and return the day that the map then shows."""
    before = frame.evaluate(SHOWN)
    frame.get_by_role("slider", name="Day", exact=True).press("ArrowLeft")
    frame.wait_for_function(f"(before) => ({SHOWN})() !== before", arg=before, timeout=PATIENCE)
    return str(frame.evaluate(SHOWN))


def caught_up(watched: Watched, frame: Frame, day: str) -> None:
    """Wait until address and page are of a day, and see that the map still is."""
    watched.page.wait_for_url(f"**date={day}", timeout=PATIENCE)
    words = f"Who holds what on {int(day[-2:])} December 2024"
    expect(watched.page.get_by_role("heading", name=words)).to_be_visible(timeout=PATIENCE)
    assert frame.evaluate(SHOWN) == day
    assert watched.page.evaluate("window.mark.isConnected")


def opened(watch: Callable[..., Watched], url: str) -> tuple[Watched, Frame]:
    watched = watch()
    watched.page.add_init_script(SOCKETS)
    frame = watched.open(url)
    watched.page.evaluate("window.mark = document.querySelector('iframe')")
    return watched, frame


def cut(watched: Watched) -> None:
    """Close every line that the page has to its server."""
    watched.page.evaluate("lines.forEach((line) => line.close())")


def test_a_move_made_while_the_line_is_cut_arrives_when_it_is_back(watch: Callable[..., Watched], address: str) -> None:
    """The websocket is cut in the moment of the release: the map moves, and page and address follow without another move."""
    watched, frame = opened(watch, address)
    caught_up(watched, frame, step(frame))
    for _ in range(2):
        cut(watched)
        caught_up(watched, frame, step(frame))
    expect(watched.page.get_by_role("dialog")).to_have_count(0)


def test_scrubbing_goes_on_offline_and_the_page_catches_up(watch: Callable[..., Watched], address: str) -> None:
    """In the middle of a scrub the network goes and the line is cut; the last day of many is the one that arrives."""
    watched, frame = opened(watch, address)
    slider = frame.get_by_role("slider", name="Day", exact=True)
    slider.press("ArrowLeft")
    watched.page.context.set_offline(True)
    cut(watched)
    for key in ("Home", "End", "ArrowLeft", "ArrowLeft", "ArrowLeft"):
        slider.press(key)
        watched.page.wait_for_timeout(350)
    assert frame.evaluate(SHOWN) == "2024-12-03"
    names = frame.locator(".dl-list h2").first
    expect(names).to_have_text(re.compile("3 December"))
    watched.page.wait_for_timeout(1500)
    watched.page.context.set_offline(False)
    caught_up(watched, frame, "2024-12-03")
    watched.page.go_back()
    frame.wait_for_function(f"() => ({SHOWN})() !== '2024-12-03'", timeout=PATIENCE)


def test_a_dead_server_leaves_the_map_and_a_message_that_goes(watch: Callable[..., Watched], server: Server) -> None:
    """Streamlit's message can be dismissed, and the map scrubbed on; a new process is told the day, and Back works."""
    watched, frame = opened(watch, server.url)
    first = step(frame)
    caught_up(watched, frame, first)
    server.end(signal.SIGKILL)
    message = watched.page.get_by_role("dialog")
    expect(message).to_be_visible(timeout=PATIENCE)
    watched.page.keyboard.press("Escape")
    expect(message).to_have_count(0, timeout=PATIENCE)
    for _ in range(2):
        day = step(frame)
    watched.page.wait_for_timeout(1000)
    assert frame.evaluate(SHOWN) == day
    expect(message).to_have_count(0)
    server.start()
    caught_up(watched, frame, day)
    expect(message).to_have_count(0)
    watched.page.go_back()
    frame.wait_for_function(f"() => ({SHOWN})() === '{first}'", timeout=PATIENCE)
    caught_up(watched, frame, first)


def test_the_first_move_after_a_new_process_reaches_the_address(watch: Callable[..., Watched], server: Server) -> None:
    """Nobody moved while it was gone: neither the first move of all nor one after others is lost."""
    watched, frame = opened(watch, server.url)
    for _ in range(2):
        server.end(signal.SIGKILL)
        server.start()
        watched.page.wait_for_function("() => lines.at(-1).readyState === 1", timeout=PATIENCE)
        watched.page.wait_for_timeout(300)
        caught_up(watched, frame, step(frame))


def test_back_moves_the_map_though_the_process_is_another(watch: Callable[..., Watched], server: Server) -> None:
    """What a new process says of its first answer counts, though it knows of no move."""
    watched, frame = opened(watch, server.url)
    first = step(frame)
    caught_up(watched, frame, first)
    caught_up(watched, frame, step(frame))
    server.end(signal.SIGKILL)
    server.start()
    watched.page.wait_for_function("() => lines.at(-1).readyState === 1", timeout=PATIENCE)
    watched.page.wait_for_timeout(300)
    watched.page.go_back()
    caught_up(watched, frame, first)
    watched.page.locator("summary", has_text="The table of this day").click()
    expect(watched.page.locator("[role=grid]")).to_have_count(1, timeout=PATIENCE)  # the page is written once more
    caught_up(watched, frame, first)


def test_a_clock_set_back_loses_no_move(watch: Callable[..., Watched], server: Server) -> None:
    """The reader's clock falls back by years, and another edition makes the map anew: its moves still reach the address."""
    watched, frame = opened(watch, server.url)
    caught_up(watched, frame, step(frame))
    settings = server.story / "story.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('standfirst = "', 'standfirst = "Anew. ', 1), encoding="utf-8"
    )
    watched.page.context.add_init_script("Date.now = () => 1e9")
    frame.evaluate("Date.now = () => 1e9")
    watched.page.wait_for_url(f"**date={step(frame)}", timeout=PATIENCE)
    expect(watched.page.get_by_text("Anew.")).to_be_visible(timeout=PATIENCE)
    watched.page.wait_for_function("() => !window.mark.isConnected", timeout=PATIENCE)
    newer = watched.frame()
    watched.page.evaluate("window.mark = document.querySelector('iframe')")
    newer.evaluate("Date.now = () => 1e9")
    caught_up(watched, newer, step(newer))


def test_a_broken_story_keeps_its_map_says_so_and_comes_right(watch: Callable[..., Watched], server: Server) -> None:
    """On the open page and for who comes anew: one sentence over the map, the problem at the foot; mended, it is gone."""
    watched, frame = opened(watch, server.url)
    caught_up(watched, frame, step(frame))
    claims = server.story / "claims.csv"
    whole = claims.read_bytes()
    claims.write_bytes(whole[: len(whole) // 3])
    caught_up(watched, frame, step(frame))
    said = watched.page.get_by_role("alert").filter(has_text="This map is not the newest")
    expect(said).to_have_count(1, timeout=PATIENCE)
    expect(said).to_contain_text("(Damascus)")
    comes = watch()
    comes.open(server.url)
    expect(comes.page.get_by_role("alert").filter(has_text="This map is not the newest")).to_be_visible(timeout=PATIENCE)
    expect(comes.page.locator("h1")).to_contain_text("what four reports said")
    comes.page.locator("summary", has_text="keep the newest files from being shown").click()
    expect(comes.page.get_by_role("alert").filter(has_text="To mend")).to_be_visible(timeout=PATIENCE)
    framed = watch()
    framed.open(f"{server.url}?embed=true")
    expect(framed.page.get_by_role("alert").filter(has_text="This map is not the newest")).to_be_visible(timeout=PATIENCE)
    shutil.rmtree(server.story)
    caught_up(watched, frame, step(frame))
    expect(said).to_have_count(1)
    shutil.copytree(SEEDS, server.story)
    caught_up(watched, frame, step(frame))
    expect(said).to_have_count(0, timeout=PATIENCE)
    assert "cannot be shown as it is now" in server.said
    assert "again" in server.said


def test_files_of_the_map_come_back_and_no_process_leaves_any(watch: Callable[..., Watched], server: Server) -> None:
    """A cleaner removes the folder under the process: the next reader has the map. A stopped process takes its folder along."""
    watched, _ = opened(watch, server.url)
    (folder,) = folders(server)
    shutil.rmtree(folder)
    comes = watch()
    comes.open(server.url)
    assert comes.errors == []
    assert folders(server) == [folder]
    watched.page.close()
    server.end()
    assert folders(server) == []
