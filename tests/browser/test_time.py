"""Time in the reader's map, by mouse, finger and keyboard: the day, what was known, a long story, two days compared."""

from __future__ import annotations

import copy
import re
import shutil
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import SEEDS
from playwright.sync_api import Frame, Locator, expect

from browser.conftest import DESK, PHONE, Opened, Watched
from geo.payload import payload
from geo.story import read_story

pytestmark = pytest.mark.browser
FINGER = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
NARROW = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
LAST = 10
APART = """(selector) => {
    const nodes = [...document.querySelectorAll(selector)].filter((node) => node.offsetWidth);
    const boxes = nodes.map((node) => node.getBoundingClientRect());
    boxes.sort((one, two) => one.left - two.left);
    return boxes.every((box, at) => !at || box.left >= boxes[at - 1].right);
}"""
BOXES = """(selectors) => [...document.querySelectorAll(selectors)].filter((node) => node.checkVisibility()).map((node) => {
    const { left, width, height } = node.getBoundingClientRect();
    return [node.className || node.tagName, left, width, height];
})"""
RAISED = """() => {
    const group = document.querySelector(".dl-changed-cells");
    return Dateline.app.territory.shapes.flatMap((shape, cell) => (shape._path.parentNode === group ? [cell] : []));
}"""
GO = """(known) => {
    const { moment, timeline } = Dateline.app;
    moment.go({ known, compare: 1490 });
    moment.tell();
    timeline.look(1300, 200);
}"""


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The payload of a story of 1,500 days: the bundled one, begun four years earlier."""
    folder = tmp_path_factory.mktemp("years") / "story"
    shutil.copytree(SEEDS, folder)
    settings = folder / "story.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r"(?m)^first_day = .*$", "first_day = 2020-10-29", text), encoding="utf-8")
    data = payload(read_story(folder))
    assert len(data["days"]) == 1500
    return data


def day(frame: Frame) -> int:
    return int(frame.evaluate("Dateline.app.moment.day"))


def settled(frame: Frame, expression: str, wanted: object) -> None:
    """Wait until an expression of the page has a value."""
    frame.wait_for_function(f"(wanted) => ({expression}) === wanted", arg=wanted)


def slider(frame: Frame) -> Locator:
    return frame.get_by_role("slider", name="Day", exact=True)


def at(frame: Frame, index: int, row: str = ".dl-bars") -> tuple[float, float]:
    """The middle of a day's column on the screen, in pixels."""
    box = frame.locator(row).first.bounding_box()
    assert box is not None
    first, span = frame.evaluate("[Dateline.app.timeline.view.first, Dateline.app.timeline.view.span]")
    return box["x"] + (index + 0.5 - first) / span * box["width"], box["y"] + box["height"] / 2


def sides(told: dict[str, Any], index: int, known: int = -1) -> dict[int, tuple[str | None, str]]:
    """Place -> side of the holder and status on a day, read from the payload."""
    found = {}
    for entry in told["states"][known]:
        for span in entry["spans"]:
            if span["day"] <= index < span["end"]:
                side = None if span["holder"] is None else told["actors"][span["holder"]]["side"]
                found[entry["place"]] = side, span["status"]
    return found


def handed(told: dict[str, Any], first: int, last: int, known: int = -1) -> set[int]:
    """Places that one side holds on a day and another on a later one."""
    before, after = sides(told, first, known), sides(told, last, known)
    return {
        place for place in before.keys() & after.keys() if None not in (a := before[place][0], b := after[place][0]) and a != b
    }


def painted(told: dict[str, Any], cell: int, index: int) -> str | None:
    """The side whose paint a cell has on a day, read from the payload."""
    changes = next((changes for number, changes in told["cell_days"][-1] if number == cell), [])
    actor = next((change[1] for change in reversed(changes) if change[0] <= index), -1)
    return None if actor < 0 else str(told["actors"][actor]["side"])


def swipe(watched: Watched, start: tuple[float, float], across: float) -> None:
    """Draw one finger left or right by some pixels."""
    session = watched.page.context.new_cdp_session(watched.page)
    x, y = start
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in (0.25, 0.5, 0.75, 1):
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + across * part, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_day_is_chosen_by_a_click_and_by_a_drag(opened: Opened) -> None:
    """A click on a column shows its day; a drag of the thumb passes through days to where it ends."""
    watched, frame = opened()
    mouse = watched.page.mouse
    mouse.click(*at(frame, 3))
    settled(frame, "Dateline.app.moment.day", 3)
    expect(frame.locator(".dl-date")).to_contain_text("29 November")
    mouse.move(*at(frame, 3))
    mouse.down()
    mouse.move(*at(frame, 7), steps=8)
    mouse.up()
    settled(frame, "Dateline.app.moment.day", 7)


def test_the_day_is_spoken_when_the_reader_rests_and_not_on_the_way(opened: Opened) -> None:
    """A drag over six days says one thing: the day it ends on, its reports and who changes hands; nothing is said at first."""
    watched, frame = opened()
    spoken = frame.locator(".dl-timeline [role=status]")
    frame.wait_for_timeout(900)
    expect(spoken).to_have_text("")
    frame.evaluate("""() => {
        window.heard = [];
        const node = document.querySelector(".dl-timeline [role=status]");
        const listen = new MutationObserver(() => window.heard.push(node.textContent));
        listen.observe(node, { childList: true, characterData: true, subtree: true });
    }""")
    mouse = watched.page.mouse
    mouse.move(*at(frame, LAST))
    mouse.down()
    for index in range(9, 3, -1):
        mouse.move(*at(frame, index))
        frame.wait_for_timeout(60)
    mouse.up()
    expect(spoken).to_have_text(re.compile(r"^30 November 2024: 1 report, \d+ claims\. Aleppo and Saraqeb change hands$"))
    assert len(frame.evaluate("heard")) == 1


def test_marks_and_keys_lead_from_one_change_of_hands_to_the_next(opened: Opened, told: dict[str, Any]) -> None:
    """Each day on which a holder's side changes has a mark; [ and ] and the buttons stop on these days only."""
    watched, frame = opened()
    changes = [index for index in range(1, LAST + 1) if handed(told, index - 1, index)]
    assert len(changes) >= 2
    path = frame.locator(".dl-change").get_attribute("d") or ""
    assert path.count("M") == len(changes)
    visited = []
    for _ in changes:
        watched.page.keyboard.press("[")
        visited.append(day(frame))
    assert visited == changes[::-1]
    expect(frame.get_by_role("button", name="Previous change of hands")).to_be_disabled()
    watched.page.keyboard.press("]")
    assert day(frame) == changes[1]
    frame.get_by_role("button", name="Previous change of hands").click()
    assert day(frame) == changes[0]
    frame.get_by_role("button", name="Next change of hands").click()
    assert day(frame) == changes[1]


def test_a_bracket_that_is_typed_is_text(opened: Opened) -> None:
    """In a field for text the keys of the map are letters."""
    watched, frame = opened()
    frame.evaluate("""() => {
        const field = document.createElement("input");
        field.id = "field";
        document.querySelector(".dl").append(field);
        field.focus();
    }""")
    watched.page.keyboard.press("[")
    assert frame.locator("#field").input_value() == "["
    assert day(frame) == LAST


def test_three_speeds_and_the_last_is_remembered_for_the_visit(opened: Opened) -> None:
    """The button goes round three speeds; the fastest plays faster; after a reload it is still chosen."""
    watched, frame = opened()
    button = frame.get_by_role("button", name="Speed")
    seen = []
    for _ in range(3):
        seen.append(button.inner_text())
        button.click()
    assert len(set(seen)) == 3
    while button.inner_text() != "3×":
        button.click()
    frame.get_by_role("button", name="Play").click()
    frame.wait_for_timeout(2200)
    frame.get_by_role("button", name="Pause").click()
    assert 5 <= day(frame) <= 8
    watched.page.reload()
    frame = watched.frame()
    expect(frame.get_by_role("button", name="Speed")).to_have_text("3×")


def test_playing_without_motion_steps_and_does_not_glide(opened: Opened) -> None:
    """Where the reader wants no motion, play still goes from day to day, and nothing is eased; else the thumb glides."""
    watched, frame = opened(reduced_motion="reduce")
    glide = "getComputedStyle(document.querySelector('.dl-timeline .dl-thumb')).transitionDuration.split('s')[0]"
    frame.get_by_role("button", name="Play").click()
    assert float(frame.evaluate(glide)) < 0.001
    frame.wait_for_function("() => Dateline.app.moment.day === 1")
    frame.get_by_role("button", name="Pause").click()
    watched.page.emulate_media(reduced_motion="no-preference")
    frame.get_by_role("button", name="Play").click()
    assert float(frame.evaluate(glide)) > 0.1


def test_a_finger_swipes_from_day_to_day(opened: Opened) -> None:
    """Left over the row of buttons is the next day, right the one before; so it is over the date; a short way is none."""
    watched, frame = opened(**FINGER)
    box = frame.locator(".dl-buttons").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    swipe(watched, middle, 120)
    settled(frame, "Dateline.app.moment.day", LAST - 1)
    swipe(watched, middle, 20)
    swipe(watched, middle, -120)
    settled(frame, "Dateline.app.moment.day", LAST)
    date = frame.locator(".dl-date").bounding_box()
    assert date is not None
    swipe(watched, (date["x"] + 60, date["y"] + 8), 120)
    settled(frame, "Dateline.app.moment.day", LAST - 1)


def test_a_finger_drags_the_slider(opened: Opened) -> None:
    """A finger on the slider's bars scrubs to the day under it."""
    watched, frame = opened(**FINGER)
    x, y = at(frame, LAST)
    swipe(watched, (x, y), at(frame, 4)[0] - x)
    settled(frame, "Dateline.app.moment.day", 4)


def test_a_short_story_has_no_brush(opened: Opened) -> None:
    """Eleven days are wide enough to be pressed: there is nothing to look closer at."""
    for options in ({"viewport": DESK}, FINGER):
        _, frame = opened(**options)
        expect(frame.locator(".dl-brush")).to_be_hidden()


def test_a_span_of_a_long_story_is_looked_at_closer(opened: Opened, years: dict[str, Any]) -> None:
    """A drag over the brush shows those days only, a day wide enough to press; a double click shows the whole again."""
    watched, frame = opened(years)
    strip = frame.locator(".dl-strip").bounding_box()
    assert strip is not None
    mouse, y = watched.page.mouse, strip["y"] + strip["height"] / 2
    assert "1,500 days" in (frame.locator(".dl-brush-words").text_content() or "")
    mouse.move(strip["x"] + strip["width"] * 0.9, y)
    mouse.down()
    mouse.move(strip["x"] + strip["width"], y, steps=6)
    mouse.up()
    view = frame.evaluate("Dateline.app.timeline.view")
    assert abs(view["span"] - 150) <= 3
    assert view["first"] + view["span"] == 1500
    assert slider(frame).get_attribute("min") == str(view["first"])
    assert frame.evaluate(APART, ".dl-chart .dl-ticks span")
    mouse.click(*at(frame, 1450))
    settled(frame, "Dateline.app.moment.day", 1450)
    mouse.dblclick(strip["x"] + strip["width"] * 0.95, y)
    settled(frame, "Dateline.app.timeline.view.span", 1500)
    assert day(frame) == 1450


def test_the_window_of_the_brush_is_drawn_along(opened: Opened, years: dict[str, Any]) -> None:
    """Pulled at its middle the window keeps its span; the shown day stays, and an arrow key brings it back into view."""
    watched, frame = opened(years)
    frame.evaluate("Dateline.app.timeline.look(1350, 150)")
    strip = frame.locator(".dl-strip").bounding_box()
    assert strip is not None
    mouse, y = watched.page.mouse, strip["y"] + strip["height"] / 2
    mouse.move(strip["x"] + strip["width"] * 0.95, y)
    mouse.down()
    mouse.move(strip["x"] + strip["width"] * 0.25, y, steps=6)
    mouse.up()
    view = frame.evaluate("Dateline.app.timeline.view")
    assert view["span"] == 150
    assert 280 <= view["first"] <= 320
    assert day(frame) == 1499
    expect(frame.locator(".dl-chart > .dl-track > .dl-thumb").first).to_be_hidden()
    slider(frame).focus()
    watched.page.keyboard.press("ArrowLeft")
    settled(frame, "Dateline.app.moment.day", 1498)
    frame.wait_for_function("() => Dateline.app.timeline.view.first > 1300")


def test_the_brush_answers_to_the_keyboard_and_says_its_days(opened: Opened, years: dict[str, Any]) -> None:
    """Both ends are sliders with spoken days: arrows a day, Page keys thirty, Shift the window, Escape the whole story."""
    watched, frame = opened(years)
    begins, ends = frame.get_by_role("slider", name="Span begins"), frame.get_by_role("slider", name="Span ends")
    expect(begins).to_have_attribute("aria-valuetext", "29 October 2020")
    expect(ends).to_have_attribute("aria-valuetext", "6 December 2024")
    begins.focus()
    watched.page.keyboard.press("PageUp")
    watched.page.keyboard.press("ArrowRight")
    expect(begins).to_have_attribute("aria-valuetext", "29 November 2020")
    ends.focus()
    watched.page.keyboard.press("ArrowLeft")
    expect(ends).to_have_attribute("aria-valuetext", "5 December 2024")
    watched.page.keyboard.press("Shift+ArrowRight")
    expect(begins).to_have_attribute("aria-valuetext", "30 November 2020")
    expect(ends).to_have_attribute("aria-valuetext", "6 December 2024")
    begins.focus()
    watched.page.keyboard.press("End")
    assert frame.evaluate("Dateline.app.timeline.view.span") == 7
    watched.page.keyboard.press("Escape")
    assert frame.evaluate("Dateline.app.timeline.view.span") == 1500
    expect(frame.get_by_role("button", name="Whole story")).to_be_hidden()


def test_playing_takes_the_window_along(opened: Opened, years: dict[str, Any]) -> None:
    """Played over the end of the window, the day stays in view."""
    _, frame = opened(years)
    frame.evaluate("Dateline.app.timeline.look(100, 60)")
    frame.evaluate("() => { const { moment } = Dateline.app; moment.go({ day: 158 }); moment.tell(); }")
    frame.get_by_role("button", name="Play").click()
    frame.wait_for_function("() => Dateline.app.moment.day > 161")
    first, span = frame.evaluate("[Dateline.app.timeline.view.first, Dateline.app.timeline.view.span]")
    assert span == 60
    assert first <= day(frame) < first + span


def test_the_moment_of_knowledge_is_chosen_by_the_date(opened: Opened, told: dict[str, Any]) -> None:
    """A press on "With reports up to" opens a slider, a stop a moment; an earlier one redraws the map and says so."""
    watched, frame = opened()
    opener = frame.get_by_role("button", name="With reports up to 6 December 2024")
    expect(frame.get_by_role("slider", name="As known on")).to_be_hidden()
    opener.click()
    known = frame.get_by_role("slider", name="As known on")
    expect(known).to_be_focused()
    expect(known).to_have_attribute("aria-valuetext", "6 December 2024, the latest")
    expect(frame.locator(".dl-knowing .dl-stop:visible")).to_have_count(len(told["known"]))
    painted = "Dateline.app.territory.styles.join()"
    before = frame.evaluate(painted)
    watched.page.keyboard.press("Home")
    expect(known).to_have_attribute("aria-valuetext", told["known"][0]["words"])
    frame.wait_for_function(f"(before) => {painted} !== before", arg=before)
    expect(frame.locator(".dl-day")).to_contain_text(f"As known on {told['known'][0]['words']}")
    expect(frame.locator(".dl-day")).to_contain_text("Later reports are left out.")
    expect(slider(frame)).to_have_attribute("aria-valuetext", "6 December 2024: its reports are left out")
    watched.page.keyboard.press("Escape")
    expect(known).to_be_hidden()
    expect(frame.get_by_text("Later reports are left out.")).to_be_in_viewport(ratio=1)
    frame.get_by_role("button", name="Back to the latest").click()
    settled(frame, "Dateline.app.moment.known", len(told["known"]) - 1)
    expect(frame.get_by_text("Later reports are left out.")).to_be_hidden()
    assert frame.evaluate(painted) == before


def test_changes_of_hands_are_those_known_then(opened: Opened, told: dict[str, Any]) -> None:
    """As known before the last report, the marks leave out what it told; the bars of later days are veiled."""
    _, frame = opened()
    for known in range(len(told["known"])):
        frame.evaluate("(known) => { const { moment } = Dateline.app; moment.go({ known }); moment.tell(); }", known)
        wanted = sum(bool(handed(told, index - 1, index, known)) for index in range(1, LAST + 1))
        assert (frame.locator(".dl-change").get_attribute("d") or "").count("M") == wanted
        assert float(frame.locator(".dl-veil").get_attribute("width") or -1) == LAST - told["known"][known]["day"]


def test_a_moment_of_correction_is_told_apart(opened: Opened, told: dict[str, Any]) -> None:
    """Its stop has another shape, its words say so, and it may lie after the last day."""
    data = copy.deepcopy(told)
    data["known"].append({"id": "2024-12-09T09:30", "day": LAST + 1, "words": "9 December 2024, 09:30", "corrected": True})
    for key in ("states", "cell_days", "edge_days", "modelled_from"):
        data[key].append(data[key][-1])
    _, frame = opened(data)
    frame.get_by_role("button", name="With reports up to 9 December 2024, 09:30").click()
    expect(frame.get_by_role("slider", name="As known on")).to_have_attribute(
        "aria-valuetext", "9 December 2024, 09:30, a correction, the latest"
    )
    expect(frame.locator(".dl-stops .dl-stop-corrected")).to_have_count(1)
    expect(frame.locator(".dl-knowing")).to_contain_text("a correction was made")


def test_two_days_are_compared_on_the_map_and_in_words(opened: Opened, told: dict[str, Any]) -> None:
    """What differs stands out and nothing else does; the line counts it, the list names it; Escape and the button end it."""
    watched, frame = opened()
    button = frame.get_by_role("button", name="Compare")
    button.click()
    other = frame.get_by_role("slider", name="Compare with")
    expect(other).to_be_focused()
    expect(other).to_have_attribute("aria-valuetext", "29 November 2024")
    for _ in range(2):
        watched.page.keyboard.press("ArrowLeft")
    settled(frame, "Dateline.app.moment.compare", 1)
    hands, before, after = handed(told, 1, LAST), sides(told, 1), sides(told, LAST)
    differ = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
    assert 0 < len(hands) < len(differ)
    line = frame.locator(".dl-compare-words")
    expect(line).to_contain_text(f"Since 27 November: {len(hands)} places changed hands")
    expect(line).to_contain_text(f"{len(after.keys() - before.keys())} are newly reported")
    nodes = "Dateline.app.places.items.map(({ index, button, note }) => [index, button || note]).filter(([, node]) => node)"
    drawn = frame.evaluate(f"{nodes}.map(([index, node]) => [index, node.hasAttribute('data-changed')])")
    assert {place for place, marked in drawn if marked} == differ & {place for place, _ in drawn}
    frame.get_by_text(re.compile("^List all")).click()
    expect(frame.locator(".dl-differences li")).to_have_count(len(differ))
    expect(frame.locator(".dl-differences li", has_text="Hama").first).to_contain_text("Held by the government")
    cells = [cell for cell in range(len(told["cells"])) if painted(told, cell, 1) != painted(told, cell, LAST)]
    assert len(cells) > 5
    assert frame.evaluate(RAISED) == cells
    watched.page.keyboard.press("Escape")
    expect(other).to_be_hidden()
    assert frame.evaluate("Dateline.app.moment.compare") is None
    assert frame.locator("[data-changed]").count() == 0
    assert frame.evaluate(RAISED) == []
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_the_second_day_may_be_later_and_is_chosen_by_hand(opened: Opened, told: dict[str, Any]) -> None:
    """A click on the second track chooses the day; a later one is told as "Until"; the same day asks for another."""
    watched, frame = opened()
    frame.get_by_role("button", name="Compare").click()
    watched.page.mouse.click(*at(frame, 3))
    settled(frame, "Dateline.app.moment.day", 3)
    watched.page.mouse.click(*at(frame, 9, ".dl-lane .dl-track"))
    settled(frame, "Dateline.app.moment.compare", 9)
    count = len(handed(told, 3, 9))
    expect(frame.locator(".dl-compare-words")).to_contain_text(f"Until 5 December: {count} places changed hands")
    watched.page.mouse.click(*at(frame, 3, ".dl-lane .dl-track"))
    expect(frame.locator(".dl-compare-words")).to_contain_text("Both days are the same")
    watched.page.mouse.click(*at(frame, 2, ".dl-lane .dl-track"))
    expect(frame.locator(".dl-compare-words")).to_contain_text("Since 28 November: no place changed")


def test_what_differs_leads_to_the_card(opened: Opened) -> None:
    """A name of the list opens that place's card."""
    _, frame = opened()
    frame.get_by_role("button", name="Compare").click()
    frame.get_by_text(re.compile("^List all")).click()
    frame.locator(".dl-differences").get_by_role("button", name="Saraqeb").click()
    expect(frame.locator(".dl-card-title")).to_contain_text("Saraqeb")


@pytest.mark.parametrize("options", [FINGER, NARROW], ids=["phone", "narrow"])
def test_fingers_find_every_control_and_nothing_is_cut(opened: Opened, years: dict[str, Any], options: dict[str, Any]) -> None:
    """With everything open, each button of time has 44 pixels each way and the page is no wider than the screen."""
    _, frame = opened(years, **options)
    frame.locator(".dl-known-button").click()
    frame.evaluate(GO, 2)
    frame.locator(".dl-compare summary").click()
    controls = "button, summary, .dl-strip, .dl-lane"
    boxes = frame.evaluate(BOXES, [f".dl-timeline :is({controls})", ".dl-knowledge button"])
    assert len(boxes) >= 10
    assert [(name, width, height) for name, _, width, height in boxes if width < 44 or height < 44] == []
    boxes += frame.evaluate(BOXES, [".dl-compare-words", ".dl-brush-words"])
    wide = frame.evaluate("innerWidth")
    assert [name for name, left, width, _ in boxes if left < 0 or left + width > wide] == []
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_text_of_twice_the_size_keeps_the_row(opened: Opened) -> None:
    """At 200 % the buttons stay beside the slider, apart from each other, and their words within them."""
    _, frame = opened(viewport={"width": 1280, "height": 900})
    frame.evaluate("() => { document.documentElement.style.fontSize = '200%'; dispatchEvent(new Event('resize')); }")
    frame.get_by_role("button", name="Compare").click()
    frame.wait_for_timeout(300)
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert frame.evaluate(APART, ".dl-more .dl-button")
    assert frame.evaluate(
        "[...document.querySelectorAll('.dl-timeline button')].every((node) => node.scrollWidth <= node.clientWidth + 1)"
    )
    assert frame.locator(".dl-scale").evaluate("(node) => node.clientWidth") > 500


def test_the_day_stays_on_one_line_in_wide_letters(opened: Opened) -> None:
    """In a font wider than ours the longest day stands over the count of reports and not on it."""
    _, frame = opened(viewport=DESK)
    below, across, wide = frame.evaluate("""() => {
        const { date, dayAndMonth, year, knowledge } = Dateline.app;
        date.style.letterSpacing = "0.12em";
        dayAndMonth.textContent = "28 September";
        const [day, after, line, count] = [dayAndMonth, year, date, knowledge.node].map((node) => node.getBoundingClientRect());
        return [count.top - after.bottom, after.left - day.right, after.right - line.right];
    }""")
    assert wide > 0
    assert across > 0
    assert below >= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state_of_time(opened: Opened, years: dict[str, Any], scheme: str) -> None:
    """No accessibility violation with the brush in use, an earlier moment of knowledge and two days compared."""
    watched, frame = opened(years, color_scheme=scheme, bypass_csp=True)
    frame.locator(".dl-known-button").click()
    frame.evaluate(GO, 2)
    frame.locator(".dl-compare summary").click()
    frame.wait_for_timeout(200)
    found = Axe().run(watched.page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:160], rule["nodes"][0]["failureSummary"][:200]) for rule in found] == []


def test_what_depends_on_all_days_is_worked_out_once(opened: Opened, years: dict[str, Any]) -> None:
    """Steps through the days read the changes of hands of a moment of knowledge once, and lay the scale out not at all."""
    _, frame = opened(years)
    counted = frame.evaluate("""() => {
        const { timeline, story, moment } = Dateline.app;
        let read = 0, laid = 0;
        timeline.changes.found.clear();
        const states = story.states, lay = timeline.lay.bind(timeline);
        Object.defineProperty(story, "states", { get: () => { read += 1; return states; } });
        timeline.lay = () => { laid += 1; lay(); };
        for (let day = 1400; day < 1500; day += 1) { moment.day = day; timeline.draw(moment); }
        return [read, laid];
    }""")
    assert counted == [1, 0]
