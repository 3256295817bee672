"""The map itself, as a plain page under a strict policy: hands, eyes, and text that wants to run."""

from __future__ import annotations

import copy
import re
from datetime import date, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, expect

from browser.conftest import DESK, PHONE, Opened

pytestmark = pytest.mark.browser
HOSTILE = '<img src=x onerror="window.hit=1">{{7*7}}{% x %}${window.hit=1}</script><script>window.hit=1</script>'
NAMES = ".dl-name:not(.dl-left-out), .dl-note:not(.dl-left-out), .dl-ground-name:not(.dl-left-out)"
COVERED = """() => { // what of the day lies on the tools, and which names lie on its letters
    const tools = document.querySelector(".dl-bar-top").getBoundingClientRect();
    const said = Dateline.inked(document.querySelector(".dl-day"));
    const names = [...document.querySelectorAll(".dl-name:not(.dl-left-out), .dl-note:not(.dl-left-out)")];
    const meets = (one, two) => one.top < two.bottom && two.top < one.bottom && one.left < two.right && two.left < one.right;
    return [...said.filter((one) => one.top < tools.bottom).map((one) => one.top),
        ...names.filter((name) => said.some((one) => meets(one, name.getBoundingClientRect()))).map((one) => one.textContent)];
}"""
OVERLAPS = """(selector) => {
    const boxes = [...document.querySelectorAll(selector)].filter((node) => node.offsetWidth)
        .map((node) => [node.textContent, node.getBoundingClientRect()]);
    const found = [];
    boxes.forEach(([one, a], at) => boxes.slice(at + 1).forEach(([two, b]) => {
        const beside = a.left + 1 >= b.right || b.left + 1 >= a.right, above = a.top + 1 >= b.bottom || b.top + 1 >= a.bottom;
        if (!beside && !above) found.push(`${one} / ${two}`);
    }));
    return { count: boxes.length, found };
}"""


def show(frame: Frame, day: int) -> None:
    frame.evaluate("(day) => { const { moment } = Dateline.app; moment.go({ day }); moment.tell(); }", day)


def test_a_plain_page_from_a_file_needs_nothing_else(opened: Opened) -> None:
    """Opened from a disk, under a policy that allows only own files, the map is drawn and nothing is refused."""
    watched, frame = opened()
    assert frame.locator("button.dl-place").count() >= 19
    assert watched.errors == []
    assert watched.outside == []


def test_the_slider_answers_to_the_keyboard(opened: Opened, told: dict[str, Any]) -> None:
    """Arrows go a day, Page keys a week, Home and End to the ends; a screen reader hears day and reports."""
    watched, frame = opened()
    slider = frame.get_by_role("slider", name="Day")
    slider.focus()
    expect(slider).to_have_attribute("aria-valuetext", f"6 December 2024: 1 report, {told['counts'][-1]} claims")
    for key, day in (("ArrowLeft", 5), ("PageDown", 28), ("Home", 26), ("ArrowRight", 27), ("PageUp", 4), ("End", 6)):
        watched.page.keyboard.press(key)
        expect(slider).to_have_attribute("aria-valuetext", re.compile(rf"^{day} "))


def test_space_on_the_slider_plays_and_pauses(opened: Opened) -> None:
    """Space starts; Space again stops."""
    watched, frame = opened()
    frame.get_by_role("slider").focus()
    watched.page.keyboard.press("Space")
    expect(frame.get_by_role("button", name="Pause")).to_be_visible()
    watched.page.keyboard.press("Space")
    expect(frame.get_by_role("button", name="Play")).to_be_visible()


def test_the_wheel_moves_the_page_and_zooms_only_with_control(opened: Opened) -> None:
    """A turn over the map leaves its zoom; a turn with Ctrl changes it."""
    watched, frame = opened()
    box = frame.locator(".dl-stage").bounding_box()
    assert box is not None
    watched.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    before = frame.evaluate("Dateline.app.map.getZoom()")
    watched.page.mouse.wheel(0, -200)
    frame.wait_for_timeout(600)
    assert frame.evaluate("Dateline.app.map.getZoom()") == before
    watched.page.keyboard.down("Control")
    watched.page.mouse.wheel(0, -200)
    watched.page.keyboard.up("Control")
    frame.wait_for_function("(before) => Dateline.app.map.getZoom() > before", arg=before)


def test_what_may_have_happened_is_told_apart_from_what_did(opened: Opened) -> None:
    """On 27 November the fall of Saraqeb is only possible, and says between which days."""
    _, frame = opened()
    show(frame, 1)
    expect(frame.get_by_role("heading", name="May have happened this day")).to_be_visible()
    expect(frame.locator(".dl-item", has_text="Saraqeb")).to_contain_text("some time in 27–30 Nov")


def test_an_interval_of_years_names_them(opened: Opened) -> None:
    """Hama, held since 2011 by Reuters' account: year and all, and no day of it is invented."""
    _, frame = opened()
    show(frame, 1)
    frame.get_by_role("button", name="Hama", exact=False).first.click()
    expect(frame.locator(".dl-facts")).to_contain_text("Since2011")
    expect(frame.locator(".dl-card")).to_contain_text("1 Jan 2011 – 5 Dec 2024")


def test_play_runs_and_pauses(opened: Opened) -> None:
    """Play from the last day begins at the first; pressed again it pauses."""
    _, frame = opened()
    frame.get_by_role("button", name="Play").click()
    frame.wait_for_timeout(2400)
    frame.get_by_role("button", name="Pause").click()
    day = frame.evaluate("Dateline.app.moment.day")
    assert 1 <= day <= 4
    frame.wait_for_timeout(1200)
    assert frame.evaluate("Dateline.app.moment.day") == day


def test_a_step_restyles_only_what_changed(opened: Opened) -> None:
    """A step draws fewer cells than there are, and none twice; `benches/bench_map.py` tells the milliseconds."""
    _, frame = opened()
    measured = frame.evaluate("""() => {
        const { territory, moment, story } = Dateline.app, drawn = [];
        for (let round = 0; round < 5; round += 1) for (let day = 0; day < story.length; day += 1) {
            moment.day = day;
            drawn.push(territory.draw(moment));
        }
        const again = territory.draw(moment);
        return { most: Math.max(...drawn), again, cells: story.cells.length };
    }""")
    assert measured["cells"] > 200
    assert measured["most"] < measured["cells"] / 3
    assert measured["again"] == 0


def test_a_card_opens_by_keyboard_and_gives_the_focus_back(opened: Opened) -> None:
    """Enter on a symbol opens its card and moves the focus there; Escape closes it and returns."""
    watched, frame = opened()
    symbol = frame.locator("button.dl-place[aria-label^='Aleppo:']")
    symbol.focus()
    watched.page.keyboard.press("Enter")
    title = frame.locator(".dl-card-title")
    expect(title).to_be_focused()
    expect(title).to_contain_text("Aleppo")
    expect(title.locator("[lang=ar]")).to_have_attribute("dir", "rtl")
    watched.page.keyboard.press("Escape")
    expect(frame.locator(".dl-card")).to_be_hidden()
    expect(symbol).to_be_focused()


def test_the_list_leads_to_the_card_with_both_sides_of_a_dispute(opened: Opened) -> None:
    """Aleppo on 1 December: the report and the army's denial stand on one card, in columns of one size."""
    _, frame = opened()
    show(frame, 5)
    frame.locator(".dl-item-name", has_text="Aleppo").first.click()
    sides = frame.locator(".dl-sides > div")
    expect(sides).to_have_count(2)
    wide = sides.evaluate_all("(nodes) => nodes.map((node) => node.getBoundingClientRect().width)")
    assert abs(wide[0] - wide[1]) < 2
    assert min(wide) > 50
    expect(frame.locator(".dl-claim").first).to_be_visible()
    assert frame.get_by_text("Dateline's summary, not a quotation").count() > 0
    assert frame.get_by_text("(date inferred)").count() > 0


def test_the_card_tells_the_law_behind_its_colour(opened: Opened) -> None:
    """Hama on 3 December is under attack; pressing "Why this colour?" says by which law."""
    _, frame = opened()
    show(frame, 7)
    frame.get_by_role("button", name="Hama", exact=False).first.click()
    frame.get_by_text("Why this colour?").click()
    expect(frame.get_by_text("Dated fighting puts a place under attack; its holder keeps it.")).to_be_visible()
    expect(frame.get_by_text("Here it rests on the claims of")).to_contain_text("Reuters")


@pytest.mark.parametrize(
    ("shown", "known"),
    [
        ("date=2024-12-05&place=hama", "from reports up to 6 December 2024"),
        ("date=2024-12-05&known=2024-12-05&place=hama", ""),  # another status, of that evening
        ("date=2024-12-06&place=hama", ""),
        ("date=2024-12-06&place=homs", ""),  # of before the story
    ],
)
def test_the_card_says_what_is_known_only_since_a_later_day(opened: Opened, shown: str, known: str) -> None:
    """Hama was held by the opposition on 5 December: that is the word of the next day."""
    _, frame = opened(address=shown)
    told = dict(
        zip(frame.locator(".dl-facts dt").all_text_contents(), frame.locator(".dl-facts dd").all_text_contents(), strict=True)
    )
    assert "Since" in told
    assert told.get("First known", "") == known


def test_a_day_without_reports_says_so_and_leads_on(opened: Opened) -> None:
    """27 November has none; its link goes to 30 November."""
    _, frame = opened()
    show(frame, 1)
    expect(frame.locator(".dl-silence")).to_contain_text("No report is dated this day")
    frame.get_by_role("button", name="Go to 30 November, with").click()
    expect(frame.locator(".dl-list h2").first).to_have_text("30 November: what was reported")


def test_layers_can_be_switched_off(opened: Opened) -> None:
    """Without the modelled and the background tier fewer cells are painted; without events there is no symbol of one."""
    _, frame = opened()
    painted = "Dateline.app.territory.styles.filter((style) => style >= 0).length"
    counts = [frame.evaluate(painted)]
    front = "document.querySelector('.leaflet-dl-front-casing-pane path').getTotalLength()"
    assert frame.evaluate(front) > 0
    for box in frame.locator(".dl-keys input").all():
        box.uncheck()
        counts.append(frame.evaluate(painted))
    assert counts[0] > counts[-1] >= 1
    assert frame.locator(".dl-event").count() == 0
    assert frame.evaluate(front) == 0


@pytest.mark.parametrize(
    "size",
    [DESK, {"width": 960, "height": 700}, PHONE, {"width": 320, "height": 640}],
    ids=["desk", "tablet", "phone", "narrow"],
)
def test_no_names_lie_upon_each_other_and_nothing_is_cut(opened: Opened, size: dict[str, int]) -> None:
    """On every day the boxes of all names are apart; the page is nowhere wider than the window."""
    _, frame = opened(viewport=size)
    for day in range(frame.evaluate("Dateline.app.story.length")):
        show(frame, day)
        result = frame.evaluate(OVERLAPS, NAMES)
        assert result["count"] >= 5
        assert result["found"] == [], day
        assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth"), day
    frame.evaluate("Dateline.app.map.setZoom(Dateline.app.map.getZoom() + 1.5, {animate: false})")
    assert frame.evaluate(OVERLAPS, NAMES)["found"] == []


@pytest.mark.parametrize("text", ["100%", "200%"])
@pytest.mark.parametrize("width", [920, 1000, 1100, 1340])
def test_the_day_stands_clear_of_what_is_over_the_map(opened: Opened, width: int, text: str) -> None:
    """Whatever the width and the size of letters: under the tools, and no name under it."""
    _, frame = opened(viewport={"width": width, "height": 900})
    frame.evaluate(f"() => {{ document.documentElement.style.fontSize = '{text}'; dispatchEvent(new Event('resize')); }}")
    frame.wait_for_timeout(500)
    assert frame.evaluate(COVERED) == []


@pytest.mark.parametrize("size", [{"width": 3440, "height": 1440}, {"width": 3840, "height": 2160}], ids=["21:9", "4K"])
def test_a_very_large_window_is_filled_and_the_sea_ends_where_the_map_does(opened: Opened, size: dict[str, int]) -> None:
    """Map and slider take the window's height, nothing is wider than it, and where no land is drawn no water is either."""
    _, frame = opened(viewport=size)
    found = frame.evaluate("""() => {
        const { map, view } = Dateline.app, [west, south, east, north] = view.basemap.drawn;
        const box = (name) => document.querySelector(name).getBoundingClientRect();
        const paper = (node) => getComputedStyle(node).backgroundColor;
        const at = (lat, lon) => map.latLngToContainerPoint([lat, lon]).x + box(".leaflet-container").left;
        return {
            over: document.documentElement.scrollWidth - innerWidth, below: box(".dl-timeline").bottom, wide: map.getSize().x,
            sides: [box(".dl-sea").left, box(".dl-sea").right], lands: [at(south, west), at(north, east)],
            papers: [map.getContainer(), document.querySelector(".dl-figure")].map(paper),
        };
    }""")
    assert found["over"] == 0
    assert size["height"] * 0.8 < found["below"] <= size["height"]
    for side, land in zip(found["sides"], found["lands"], strict=True):
        assert side == pytest.approx(land, abs=2) or not 0 < land < found["wide"]  # what is far out of sight is cut off
    assert len(set(found["papers"])) == 1


def test_text_at_twice_its_size_stays_on_the_page(opened: Opened) -> None:
    """With letters of 200 % nothing runs out of the window and the slider can still be reached."""
    _, frame = opened(viewport={"width": 1280, "height": 900})
    frame.evaluate("() => { document.documentElement.style.fontSize = '200%'; dispatchEvent(new Event('resize')); }")
    frame.wait_for_timeout(400)
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert frame.evaluate(OVERLAPS, NAMES)["found"] == []
    expect(frame.get_by_role("slider", name="Day")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened: Opened, scheme: str) -> None:
    """No accessibility violation on the map with its list, nor with a card and the method open."""
    watched, frame = opened(color_scheme=scheme, bypass_csp=True)
    axe = Axe()
    found = axe.run(watched.page).response["violations"]
    frame.evaluate("Dateline.app.open(Dateline.app.story.claims.find((claim) => claim.denied_by.length).place)")
    frame.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
    found += axe.run(watched.page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found] == []


def test_the_map_follows_the_theme_of_the_page_around_it(opened: Opened) -> None:
    """A theme that the page sends outranks the system's; the land under the cells darkens with it."""
    _, frame = opened(color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = frame.evaluate(ground)
    frame.evaluate("Dateline.app.theme.follow({ base: 'dark', backgroundColor: '#15171a' })")
    assert frame.evaluate(ground) == "rgb(21, 23, 26)" != light
    assert frame.evaluate("Dateline.app.theme.land") == "#272a2d"


def test_the_day_of_knowledge_can_be_another(opened: Opened, told: dict[str, Any]) -> None:
    """As known before the first report, only the background is drawn, and no claim is listed; later knowledge adds to it."""
    _, frame = opened()

    def painted(known: int) -> set[int]:
        frame.evaluate("(known) => { const { moment } = Dateline.app; moment.go({ known }); moment.tell(); }", known)
        styles = frame.evaluate("Dateline.app.territory.styles")
        return {style % 3 for style in styles if style >= 0}

    assert painted(0) == {2}
    expect(frame.locator(".dl-known")).to_contain_text("As known on 26 November 2024")
    expect(frame.locator(".dl-saying")).to_have_count(0)
    assert painted(len(told["known"]) - 1) == {0, 1, 2}


def test_a_denial_that_was_not_yet_published_is_not_shown(opened: Opened) -> None:
    """The army's denial of 1 December stands on Aleppo's card, but not on the card as known on 30 November."""
    _, frame = opened()
    show(frame, 4)
    frame.get_by_role("button", name="Aleppo", exact=False).first.click()
    expect(frame.locator(".dl-card")).to_contain_text("Denied")
    frame.evaluate("() => { const { moment } = Dateline.app; moment.go({ known: 1 }); moment.tell(); }")
    expect(frame.locator(".dl-known")).to_contain_text("As known on 30 November 2024")
    expect(frame.locator(".dl-card")).not_to_contain_text("Denied")


def poisoned(value: Any, key: str = "") -> Any:
    """Return data in which every text that a reader sees is hostile; ids, days, kinds and colours stay."""
    kept = {"id", "schema", "digest", "days", "time_zone", "colour", "dark", "texture", "published", "basis", "kind", "status"}
    kept |= {
        "from",
        "to",
        "since",
        "confirmed",
        "possible",
        "modality",
        "relation",
        "date_precision",
        "layer",
        "iso",
        "type",
        "extent",
    }
    if key in kept:
        return value
    if isinstance(value, str):
        return HOSTILE
    if isinstance(value, list):
        return [poisoned(item, key) for item in value]
    if isinstance(value, dict):
        return {name: poisoned(item, name) for name, item in value.items()}
    return value


def test_hostile_text_shows_as_it_is_written_and_never_runs(opened: Opened, told: dict[str, Any]) -> None:
    """Every text of the story is markup, script and template at once: it is read, and nothing happens."""
    watched, frame = opened(poisoned(copy.deepcopy(told)))
    for day in (0, 5, 10):
        show(frame, day)
    frame.evaluate("Dateline.app.open(Dateline.app.story.claims.find((claim) => claim.denied_by.length).place)")
    frame.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
    frame.wait_for_timeout(300)
    assert frame.evaluate("window.hit") is None
    assert frame.locator("img").count() == 0
    assert watched.errors == []
    for selector in (".dl-card-title", ".dl-method-body", ".dl-sources", ".dl-legend", ".dl-claim"):
        assert HOSTILE in (frame.locator(selector).first.text_content() or ""), selector


def test_a_story_of_four_years_stays_usable(opened: Opened, told: dict[str, Any]) -> None:
    """1,500 days: written days stay apart, each day can be reached, the slider keeps within the page."""
    data = copy.deepcopy(told)
    count = 1500
    data["days"] = [(date(2021, 1, 1) + timedelta(days=index)).isoformat() for index in range(count)]
    data["counts"] = [index % 7 for index in range(count)]
    data["modelled_from"] = [[1] * count for _ in data["known"]]
    watched, frame = opened(data, viewport=PHONE)
    assert frame.evaluate(OVERLAPS, ".dl-ticks span")["found"] == []
    assert 2 <= frame.locator(".dl-ticks span").count() <= 12
    slider = frame.get_by_role("slider", name="Day")
    slider.focus()
    watched.page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "7 February 2025: 0 reports".replace("0 reports", "no reports"))
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_days_do_not_shift_with_the_readers_clock(opened: Opened, zone: str) -> None:
    """East and west of the date line the last day is 6 December."""
    _, frame = opened(timezone_id=zone)
    expect(frame.locator(".dl-date")).to_contain_text("6 December")
