"""The page in Streamlit: what it asks of the server and of others, and how the address and the day follow each other."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SEEDS
from playwright.sync_api import Frame, expect

from browser.conftest import PATIENCE, PHONE, Watched

pytestmark = pytest.mark.browser
SHOWN = "() => Dateline.app.story.days[Dateline.app.moment.day]"


def drag(watched: Watched, frame: Frame, day: int, *, through: bool = False, release: bool = True) -> None:
    """Drag the slider to a day, over all days first where `through` is true."""
    box = frame.locator(".dl-chart").bounding_box()
    assert box is not None
    count = frame.evaluate("Dateline.app.story.length")
    mouse = watched.page.mouse

    def at(index: int) -> tuple[float, float]:
        return box["x"] + (index + 0.5) / count * box["width"], box["y"] + 40

    mouse.move(*at(frame.evaluate("Dateline.app.moment.day")))
    mouse.down()
    for index in [*range(count - 1, -1, -1), *range(count)] if through else []:
        mouse.move(*at(index))
        watched.page.wait_for_timeout(40)
    mouse.move(*at(day), steps=4)
    if release:
        mouse.up()


def test_the_map_is_drawn_without_asking_anyone_outside(watch: Callable[..., Watched], address: str) -> None:
    """Cells, places, day and list are there; no request leaves the machine and the console stays clean."""
    watched = watch()
    frame = watched.open(address)
    assert frame.locator(".leaflet-dl-cells-pane path[fill^='url'], .leaflet-dl-cells-pane path[fill^='#']").count() > 50
    assert frame.locator("button.dl-place").count() >= 19
    expect(frame.locator(".dl-date")).to_have_text(re.compile(r"6\s+December\s+2024"))
    expect(frame.locator(".dl-list h2").first).to_have_text("6 December: what was reported")
    assert watched.outside == []
    assert watched.errors == []


def test_dragging_asks_the_server_nothing_until_release(watch: Callable[..., Watched], address: str) -> None:
    """Over all days cells change colour without a request or message; release sends one, and the map stays the same one."""
    watched = watch()
    frame = watched.open(address)
    watched.page.evaluate("window.mark = document.querySelector('iframe')")
    frame.evaluate("""() => {
        window.seen = new Set();
        Dateline.app.moment.onChange((moment) => seen.add(moment.day + ':' + Dateline.app.territory.styles.join()));
    }""")
    requests, sent = len(watched.requests), len(watched.sent)
    drag(watched, frame, 4, through=True, release=False)
    watched.page.wait_for_timeout(600)
    assert (len(watched.requests), len(watched.sent)) == (requests, sent)
    seen = frame.evaluate("[...seen]")
    assert len({state.split(":")[0] for state in seen}) == frame.evaluate("Dateline.app.story.length")
    assert len({state.split(":")[1] for state in seen}) >= 4
    watched.page.mouse.up()
    expect(watched.page.get_by_role("heading", name="Who holds what on 30 November 2024")).to_be_visible(timeout=PATIENCE)
    assert len(watched.sent) == sent + 1
    assert watched.page.url.endswith("?date=2024-11-30")
    assert watched.page.evaluate("window.mark === document.querySelector('iframe') && window.mark.isConnected")
    assert frame.evaluate(SHOWN) == "2024-11-30"


def test_an_address_opens_its_day_and_a_reload_keeps_it(watch: Callable[..., Watched], address: str) -> None:
    """?date=2024-12-01 opens 1 December, and does so again."""
    watched = watch()
    frame = watched.open(f"{address}?date=2024-12-01")
    assert frame.evaluate(SHOWN) == "2024-12-01"
    expect(watched.page.get_by_role("heading", name="Who holds what on 1 December 2024")).to_be_visible()
    watched.page.reload()
    assert watched.frame().evaluate(SHOWN) == "2024-12-01"


@pytest.mark.parametrize("value", ["nonsense", "2031-01-01", "2024-13-45", "<b>x</b>"])
def test_an_address_without_a_day_of_the_map_opens_the_last_and_says_so(
    watch: Callable[..., Watched], address: str, value: str
) -> None:
    """The sentence names the value as it was written and the days there are."""
    watched = watch()
    frame = watched.open(f"{address}?date={value}")
    assert frame.evaluate(SHOWN) == "2024-12-06"
    said = watched.page.get_by_role("alert").filter(has_text="26 November 2024 to 6 December 2024")
    expect(said).to_contain_text(value)


def test_back_and_forward_move_the_map(watch: Callable[..., Watched], address: str) -> None:
    """The browser's Back shows the earlier day on the same map, Forward the later one."""
    watched = watch()
    frame = watched.open(address)
    watched.page.evaluate("window.mark = document.querySelector('iframe')")
    drag(watched, frame, 5)
    watched.page.wait_for_url("**date=2024-12-01", timeout=PATIENCE)
    drag(watched, frame, 9)
    watched.page.wait_for_url("**date=2024-12-05", timeout=PATIENCE)
    watched.page.go_back()
    frame.wait_for_function(f"({SHOWN})() === '2024-12-01'", timeout=PATIENCE)
    watched.page.go_forward()
    frame.wait_for_function(f"({SHOWN})() === '2024-12-05'", timeout=PATIENCE)
    assert watched.page.evaluate("window.mark === document.querySelector('iframe')")


def test_a_late_answer_does_not_move_the_reader_back(watch: Callable[..., Watched], address: str) -> None:
    """Two releases shortly after each other: the map stays on the second day, and page and address arrive there."""
    watched = watch()
    frame = watched.open(address)
    frame.evaluate("() => { window.days = []; Dateline.app.moment.onChange((moment) => days.push(moment.day)); }")
    drag(watched, frame, 4)
    watched.page.wait_for_timeout(300)
    drag(watched, frame, 9)
    frame.evaluate("days.length = 0")
    watched.page.wait_for_url("**date=2024-12-05", timeout=PATIENCE)
    expect(watched.page.get_by_role("heading", name="Who holds what on 5 December 2024")).to_be_visible(timeout=PATIENCE)
    watched.page.wait_for_timeout(500)
    assert set(frame.evaluate("days")) <= {9}
    assert frame.evaluate(SHOWN) == "2024-12-05"


def test_title_map_day_and_slider_are_on_a_phones_first_screen(watch: Callable[..., Watched], address: str) -> None:
    """At 390 by 844 nothing of them needs scrolling, and nothing is cut at the sides."""
    watched = watch(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    frame = watched.open(address)
    top = watched.page.locator("iframe").first.bounding_box()
    assert top is not None
    for selector in (".dl-date", ".leaflet-container", ".dl-range", ".dl-play"):
        box = frame.locator(selector).bounding_box()
        assert box is not None
        assert box["height"] > 0
        assert box["y"] + box["height"] <= PHONE["height"], selector
    expect(watched.page.locator("h1")).to_be_in_viewport(ratio=1)
    assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not frame.evaluate("document.querySelector('.dl-legend').open")


@pytest.mark.parametrize("blocked", ["**/story-*.js", "**/dateline-*.js", "**/leaflet-*.js", "**/app.assets/**"])
def test_a_file_that_does_not_load_leaves_a_sentence(watch: Callable[..., Watched], address: str, blocked: str) -> None:
    """Where a script or the story does not come, the reader reads so, and the table stays."""
    watched = watch()
    watched.page.route(blocked, lambda route: route.abort())
    watched.page.goto(address)
    said = watched.page.frame_locator("iframe").first.get_by_text(re.compile("The map could not be loaded"))
    expect(said).to_be_visible(timeout=PATIENCE)
    expect(watched.page.get_by_role("heading", name=re.compile("Who holds what"))).to_be_visible()


def test_an_edited_story_shows_without_a_restart(
    watch: Callable[..., Watched], serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A new title in story.toml is there after a reload."""

    story = tmp_path_factory.mktemp("story") / "copy"
    shutil.copytree(SEEDS, story)
    watched = watch()
    watched.open(serve(story))
    settings = story / "story.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r"(?m)^title = .*$", 'title = "Another *headline* <i>here</i>"', text), encoding="utf-8")
    watched.page.reload()
    expect(watched.page.locator("h1")).to_have_text("Another *headline* <i>here</i>", timeout=PATIENCE)
    watched.frame()


def test_a_folder_without_a_story_says_what_to_mend(
    watch: Callable[..., Watched], serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The page names the file that is missing instead of a traceback."""
    watched = watch()
    watched.page.goto(serve(tmp_path_factory.mktemp("empty")))
    expect(watched.page.get_by_role("alert").first).to_contain_text("story.toml", timeout=PATIENCE)
