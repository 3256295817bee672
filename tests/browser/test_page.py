"""The page in Streamlit: what it asks of the server and of others, and how the address and the day follow each other."""

from __future__ import annotations

import io
import itertools
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, SEEDS
from PIL import Image, ImageChops
from playwright.sync_api import Error, Frame, Locator, expect

from browser.conftest import PATIENCE, PHONE, Watched
from geo.chart import LOOKS, OVERLAYS, STATES

pytestmark = pytest.mark.browser
GREY = "--side:#8a8a8a;--rival:#8a8a8a;--denier:#8a8a8a"
SHOWN = "() => Dateline.app.story.days[Dateline.app.moment.day]"


def drag(watched: Watched, frame: Frame, day: int, *, through: bool = False, release: bool = True) -> None:
    """Drag the slider to a day, over all days first where `through` is true."""
    box = frame.locator(".dl-chart:has([aria-label=Day])").bounding_box()
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
    frame.wait_for_function(f"() => ({SHOWN})() === '2024-12-01'", timeout=PATIENCE)
    watched.page.go_forward()
    frame.wait_for_function(f"() => ({SHOWN})() === '2024-12-05'", timeout=PATIENCE)
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
    for selector in (".dl-date", ".leaflet-container", ".dl-range[aria-label=Day]", ".dl-to-play"):
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


def chart_of(watched: Watched) -> Locator:
    """Return the picture of the history once it is drawn."""
    chart = watched.page.locator(".dateline-history")
    expect(chart).to_be_visible(timeout=PATIENCE)
    return chart


def choose(watched: Watched, since: str) -> None:
    """Choose with which day the day shown is compared."""
    option = watched.page.get_by_role("option", name=since)
    for _ in range(5):  # a list that opens while the page is written anew is closed by that
        watched.page.get_by_role("combobox", name="What changed since").click()
        try:
            option.click(timeout=PATIENCE / 10)
        except Error:
            continue
        return
    raise AssertionError(f"The list of days never offered {since}.")


def test_what_changed_follows_the_day_and_the_choice_of_another(watch: Callable[..., Watched], address: str) -> None:
    """The list is of the day of the map since the day before, or since another that the reader chooses."""
    watched = watch()
    frame = watched.open(f"{address}?date=2024-12-05")
    said = watched.page.locator(".dateline-changes")
    expect(watched.page.get_by_role("heading", name="What changed since 4 December")).to_be_visible(timeout=PATIENCE)
    expect(said).to_contain_text("Changed hands")
    expect(said).to_contain_text("Before: under attack by the opposition; held by the government. ITV News")
    expect(said).not_to_contain_text("Aleppo")
    choose(watched, "the first day")
    expect(watched.page.get_by_role("heading", name="What changed since 26 November")).to_be_visible(timeout=PATIENCE)
    expect(said).to_contain_text("Saraqeb")
    choose(watched, "the day before")
    frame.get_by_role("slider", name="Day", exact=True).press("ArrowLeft")
    expect(watched.page.get_by_text("Nothing changed: 3–4 December 2024.")).to_be_visible(timeout=PATIENCE)
    expect(said).to_have_count(0)
    assert watched.outside == []
    assert watched.errors == []


def test_days_that_cannot_be_compared_are_answered_in_words(watch: Callable[..., Watched], address: str) -> None:
    """A later day, and the first day of all, give a sentence and no list."""
    watched = watch()
    watched.open(f"{address}?date=2024-11-26")
    expect(watched.page.get_by_text("26 November 2024 is the first day of the map")).to_be_visible(timeout=PATIENCE)
    watched.open(f"{address}?date=2024-12-01")
    choose(watched, "another day")
    day = watched.page.get_by_role("spinbutton", name="day, Earlier day")
    expect(day).to_be_visible(timeout=PATIENCE)
    day.focus()
    watched.page.keyboard.type("30")
    watched.page.keyboard.press("Enter")
    watched.page.keyboard.press("Escape")  # closes the calendar, which tells the server
    expect(watched.page.locator(".dateline-changes")).to_contain_text("Aleppo airport", timeout=PATIENCE)
    expect(watched.page.get_by_role("heading", name="What changed since 30 November")).to_be_visible(timeout=PATIENCE)
    frame = watched.frame()
    for _ in range(2):
        frame.get_by_role("slider", name="Day", exact=True).press("ArrowLeft")
    late = watched.page.get_by_text("30 November 2024 is later than 29 November 2024, the day shown")
    expect(late).to_be_visible(timeout=PATIENCE)


def test_the_history_is_drawn_with_the_day_shown_and_told_again_as_a_table(watch: Callable[..., Watched], address: str) -> None:
    """A name a place, a line at the day; the same stands in a table that is opened from the keyboard."""
    watched = watch(viewport=PHONE, has_touch=True, is_mobile=True)
    watched.open(f"{address}?date=2024-12-01")
    chart = chart_of(watched)
    names = chart.locator(".dateline-row > span").all_text_contents()
    assert {"Aleppo", "Hama", "Saraqeb", "Damascus"} <= set(names)
    assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box, line = chart.bounding_box(), watched.page.locator(".dateline-now i").bounding_box()
    assert box is not None
    assert line is not None
    day = chart.locator(".dateline-days span", has_text=re.compile("^1Dec$")).bounding_box()
    assert day is not None
    assert abs(line["x"] - (day["x"] + day["width"] / 2)) < 3
    assert box["y"] <= line["y"] < line["y"] + line["height"] <= box["y"] + box["height"] + 4
    table = watched.page.locator("summary", has_text="The same as a table")
    table.focus()
    watched.page.keyboard.press("Enter")
    grid = watched.page.locator("[role=grid]")
    expect(grid).to_have_count(1, timeout=PATIENCE)
    expect(grid).to_contain_text("Under attack by the opposition; held by the government")
    assert watched.errors == []


def test_another_day_sends_little_and_not_the_history_again(watch: Callable[..., Watched], address: str) -> None:
    """A release of the slider brings 6 KiB at most; the picture stays the same element."""
    watched = watch()
    received: list[int] = []
    watched.page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    frame = watched.open(address)
    chart = chart_of(watched)
    watched.page.wait_for_timeout(1500)
    chart.evaluate("(node) => { window.drawn = node; }")
    for day in ("5", "4", "3"):
        received.clear()
        frame.get_by_role("slider", name="Day", exact=True).press("ArrowLeft")
        heading = watched.page.get_by_role("heading", name=f"Who holds what on {day} December 2024")
        expect(heading).to_be_visible(timeout=PATIENCE)
        watched.page.wait_for_timeout(700)
        assert 0 < sum(received) <= 6 * 1024, received
    assert watched.page.evaluate("window.drawn.isConnected")


@pytest.mark.parametrize("theme", ["", "dateline-dark"])
def test_no_two_forms_of_a_bar_look_alike_without_colour(watch: Callable[..., Watched], theme: str) -> None:
    """Drawn in one grey, each status and what is laid over it differs from every other, as a bar and in the key."""
    page = watch(viewport={"width": 400, "height": 900}).page
    style = (ROOT / "geo" / "assets" / "page.css").read_text(encoding="utf-8")
    bars = {look: f'<i class="dateline-look {look}" style="--from:0;--to:1;{GREY}"></i>' for look in STATES}
    for look in OVERLAYS:
        bars[look] = f'<i class="dateline-look control" style="--from:0;--to:1;{GREY}"><b class="{look}"></b></i>'
    rows = "".join(
        f'<p style="padding:8px"><span class="dateline-bars" style="display:block">{bar}</span></p>' for bar in bars.values()
    )
    keys = "".join(f'<li style="padding:8px"><i class="dateline-look {look}"></i></li>' for look in LOOKS)
    ground = "background:#15171a;color:#eee9dc" if theme else "background:#fbfaf6;color:#1c1b18"
    page.set_content(
        f'<style>{style}</style><body style="{ground};width:360px">'
        f'<div class="dateline-history {theme}" style="--days:1">{rows}'
        f'</div><ul class="dateline-key">{keys}</ul>'
    )
    for parts in (page.locator("p"), page.locator("li")):
        pictures = [Image.open(io.BytesIO(one.screenshot())).convert("L") for one in parts.all()]
        assert len(pictures) == len(LOOKS)
        for (one, first), (other, second) in itertools.combinations(zip(LOOKS, pictures, strict=True), 2):
            shades = ImageChops.difference(first, second).histogram()  # of what both cover: their heights may differ by a pixel
            assert sum(shades[40:]) > 25, f"{one} and {other} look alike"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_around_the_map(watch: Callable[..., Watched], address: str, scheme: str) -> None:
    """No accessibility violation on the page, its tables closed and open."""
    watched = watch(color_scheme=scheme, bypass_csp=True)
    watched.open(address)
    chart_of(watched)
    axe, around = Axe(), {"exclude": [["iframe"]]}  # the map has its own test
    found = axe.run(watched.page, context=around).response["violations"]
    for name in ("The same as a table", "The table of this day"):
        watched.page.locator("summary", has_text=name).click()
    expect(watched.page.locator("[role=grid]")).to_have_count(2, timeout=PATIENCE)
    expect(watched.page.locator("[data-stale=true]")).to_have_count(0, timeout=PATIENCE)  # else it is faded
    watched.page.wait_for_timeout(500)
    found += axe.run(watched.page, context=around).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found] == []


def test_names_are_text_in_the_list_and_the_picture(
    watch: Callable[..., Watched], serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A place and a side with names of markup, of a template and of an expression are shown as written, and nothing runs."""
    story = tmp_path_factory.mktemp("hostile") / "copy"
    shutil.copytree(SEEDS, story)
    place = "<img src=x onerror=window.hit=1>{{7*7}}datum.fill"
    side = "<b onclick=alert(1)>`${1}'];alert(1)//"
    places = (story / "places.csv").read_text(encoding="utf-8")
    (story / "places.csv").write_text(places.replace("\nhama,Hama,", f"\nhama,{place},"), encoding="utf-8")
    settings = (story / "story.toml").read_text(encoding="utf-8")
    (story / "story.toml").write_text(settings.replace('short = "the opposition"', f'short = "{side}"'), encoding="utf-8")
    watched = watch(viewport={"width": 1340, "height": 2600})
    watched.open(f"{serve(story)}?date=2024-12-05")
    chart = chart_of(watched)
    expect(watched.page.locator(".dateline-changes")).to_contain_text(place)
    expect(watched.page.locator(".dateline-changes")).to_contain_text(side)
    row = chart.locator(".dateline-row", has_text="<img src=x")
    expect(row.locator("> span")).to_have_text(place)
    title = row.locator(".dateline-look").last.get_attribute("title") or ""
    assert title.startswith(place)
    assert side in title
    assert chart.locator("img, [onclick], [onerror]").count() == 0
    assert watched.page.evaluate("window.hit") is None
    assert watched.outside == []
    assert [error for error in watched.errors if "404" not in error] == []


def test_the_page_begins_with_the_headline(watch: Callable[..., Watched], address: str) -> None:
    """Nothing stands before it, and nothing is written that the page does not write on purpose."""
    watched = watch()
    watched.open(address)
    assert watched.page.locator(".stMainBlockContainer").inner_text().strip().startswith("Syria, 27 November")
    assert watched.page.locator(".stMainBlockContainer .stMarkdown").count() == 0


def test_what_stands_around_comes_though_the_map_never_does(watch: Callable[..., Watched], address: str) -> None:
    """Where not even the first of the map's scripts is loaded, history and tables are written all the same."""
    watched = watch()
    watched.page.route(re.compile(r"/guard-\w+\.js"), lambda route: route.abort())
    watched.page.goto(address)
    expect(watched.page.locator(".dateline-history")).to_be_visible(timeout=PATIENCE)
    expect(watched.page.locator("iframe").content_frame.get_by_role("alert")).to_contain_text("could not be loaded")
