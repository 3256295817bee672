"""A reader's hands on the map: the link that holds everything, finding, the card, names, and the keyboard's way through."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageChops
from playwright.sync_api import Frame, Page, expect

from browser.conftest import PATIENCE, PHONE, Opened, Watched
from geo.address import LAYERS, PARAMETERS

pytestmark = pytest.mark.browser
TOUCH = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
STATE = "() => Dateline.app.stance.state()"
FULL = "date=2024-12-01&known=2024-12-01&compare=2024-11-30&place=aleppo&view=35.5,37.2,7.5&off=background,events&labels=both"


def violations(page: Page) -> list[tuple[str, str]]:
    """Return what axe has against a page as it stands, with the element it names first."""
    return [(rule["id"], rule["nodes"][0]["html"][:160]) for rule in Axe().run(page).response["violations"]]


def hash_of(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).fragment).items()}


def stood(frame: Frame) -> dict[str, str]:
    """Return what the map says of its own stance, only what differs from the default."""
    return {name: value for name, value in frame.evaluate(STATE).items() if value}


# The address


def test_a_plain_page_opens_as_its_address_says(opened: Opened) -> None:
    """Day, knowledge, comparison, place, view, layers and names stand as written, on a disk, and nothing is written anew."""
    watched, frame = opened(address=FULL)
    assert "&".join(f"{name}={value}" for name, value in stood(frame).items()) == FULL
    expect(frame.locator(".dl-date")).to_contain_text("1 December")
    expect(frame.locator(".dl-card-title")).to_contain_text("Aleppo")
    assert frame.evaluate("Dateline.app.map.getZoom()") == pytest.approx(7.5, abs=0.05)
    assert frame.evaluate("Dateline.app.map.getCenter().lat") == pytest.approx(35.5, abs=0.05)
    assert frame.locator(".dl-event").count() == 0
    assert frame.locator(".dl-name [lang=ar]").count() > 0
    frame.wait_for_timeout(1200)
    assert urlsplit(watched.page.url).fragment == FULL
    assert watched.errors == []


def looks(watched: Watched) -> Image.Image:
    """Return the picture of a page that has come to rest."""
    watched.page.wait_for_timeout(1500)
    return Image.open(io.BytesIO(watched.page.screenshot(animations="disabled"))).convert("RGB")


def differ(one: Image.Image, other: Image.Image) -> float:
    """Return the share of two pictures' pixels that are not the same."""
    assert one.size == other.size
    far = ImageChops.difference(one, other).convert("L").histogram()
    return sum(far[16:]) / sum(far)


ADDRESSES = [
    "",
    FULL,
    "date=2024-12-05&place=hama&theme=dark",
    "date=2024-11-30&known=2024-12-06&view=36.2,37.15,9&labels=ar",
    "compare=2024-11-27&off=territory,front&view=34.5,36.5,8",
]


@pytest.mark.parametrize("options", [{}, TOUCH], ids=["desk", "phone"])
@pytest.mark.parametrize("shown", ADDRESSES)
def test_a_reload_shows_the_same_picture(opened: Opened, shown: str, options: dict[str, Any]) -> None:
    """Pixel by pixel, for what an address can hold: day, knowledge, comparison, place, view, layers, names and theme."""
    watched, _ = opened(address=shown, **options)
    first = looks(watched)
    watched.page.reload()
    watched.frame()
    assert differ(first, looks(watched)) < 0.001


def test_a_reload_shows_the_same_picture_in_streamlit(watch: Callable[..., Watched], address: str) -> None:
    """The page with the map in it."""
    watched = watch()
    watched.open(f"{address}?{FULL}")
    first = looks(watched)
    watched.page.reload()
    watched.frame()
    assert differ(first, looks(watched)) < 0.001


def test_two_addresses_show_two_pictures(opened: Opened) -> None:
    """What the comparison of pictures rests on: another day alone is seen in it."""
    first, other = (looks(opened(address=shown)[0]) for shown in ("date=2024-12-05", "date=2024-12-06"))
    assert differ(first, other) > 0.01


def test_page_and_map_know_the_same_parameters_and_layers(opened: Opened) -> None:
    """What the page checks is what the map reads and writes, in the same order."""
    _, frame = opened()
    assert frame.evaluate("Dateline.PARAMETERS") == list(PARAMETERS)
    assert frame.evaluate("Dateline.app.legend.layers") == list(LAYERS)


def test_what_the_reader_does_is_in_the_address_and_back_undoes_it(opened: Opened) -> None:
    """A day, a card, a layer and names by real clicks; Back goes through them in turn, Forward returns."""
    watched, frame = opened()
    page = watched.page
    frame.get_by_role("button", name="Previous day").click()
    page.wait_for_url("**#date=2024-12-05")
    frame.locator(".dl-item-name", has_text="Hama").first.click()
    page.wait_for_url("**#date=2024-12-05&place=hama")
    frame.get_by_role("checkbox", name="Events of the day").click()
    page.wait_for_url("**&off=events")
    frame.get_by_label("Names on the map").select_option("ar")
    page.wait_for_url("**&labels=ar")
    page.go_back()
    frame.wait_for_function("() => !Dateline.app.stance.state().labels")
    expect(frame.get_by_label("Names on the map")).to_have_value("")
    page.go_back()
    expect(frame.get_by_role("checkbox", name="Events of the day")).to_be_checked()
    page.go_back()
    expect(frame.locator(".dl-card")).to_be_hidden()
    page.go_back()
    expect(frame.locator(".dl-date")).to_contain_text("6 December")
    page.go_forward()
    expect(frame.locator(".dl-date")).to_contain_text("5 December")
    frame.wait_for_timeout(800)
    assert hash_of(page) == {"date": "2024-12-05"}


def test_a_view_replaces_the_address_and_makes_no_step(opened: Opened) -> None:
    """Zooming writes the view; the history grows by nothing; the button for the whole takes it away again."""
    watched, frame = opened()
    before = watched.page.evaluate("history.length")
    frame.get_by_role("button", name="Zoom in").click()
    watched.page.wait_for_url(re.compile(r"#view=-?\d+\.\d\d,-?\d+\.\d\d,\d+(\.\d)?$"))
    frame.get_by_role("button", name="Show the whole map").click()
    watched.page.wait_for_url(re.compile(r"#$"))
    assert watched.page.evaluate("history.length") == before


def test_what_the_map_does_by_itself_is_no_view(opened: Opened) -> None:
    """Opening a card far off moves the map; the address names the place and no view."""
    watched, frame = opened(**TOUCH)
    frame.evaluate("Dateline.app.open(Dateline.app.story.places.findIndex(({ id }) => id === 'daraa'))")
    watched.page.wait_for_url("**#place=daraa")
    frame.wait_for_timeout(1200)
    assert hash_of(watched.page) == {"place": "daraa"}


def test_nonsense_in_a_hash_says_so_once_and_shows_the_default(opened: Opened) -> None:
    """Each wrong parameter has its sentence, as text; the right one holds."""
    _, frame = opened(address="date=<b>x</b>&place=atlantis&view=1,2&off=roads&known=never&labels=ar&theme=pink&compare=0")
    said = frame.locator(".dl-notice p")
    expect(said).to_have_count(7)
    expect(said.first).to_contain_text("“<b>x</b>”")
    assert stood(frame) == {"labels": "ar"}
    frame.locator(".dl-notice").get_by_role("button", name="Close").click()
    expect(said).to_have_count(0)


def test_a_link_to_the_latest_day_says_so_and_can_be_kept_to_a_day(opened: Opened) -> None:
    """Without a day the link moves on with the story; the box keeps it to the day; a day before the last is always kept."""
    watched, frame = opened(permissions=["clipboard-read", "clipboard-write"])
    frame.get_by_role("button", name="Copy link").click()
    field = frame.get_by_role("textbox", name="Link to what is shown")
    expect(frame.locator(".dl-share-said")).to_contain_text("the latest day, now 6 December 2024")
    assert urlsplit(field.input_value()).fragment == ""
    frame.get_by_role("checkbox", name="Always open 6 December 2024").check()
    expect(field).to_have_value(re.compile("#date=2024-12-06$"))
    watched.page.keyboard.press("Escape")
    expect(frame.get_by_role("button", name="Copy link")).to_be_focused()
    frame.get_by_role("button", name="Previous day").click()
    frame.get_by_role("button", name="Copy link").click()
    expect(field).to_have_value(re.compile("#date=2024-12-05$"))
    expect(frame.get_by_role("checkbox", name=re.compile("Always open"))).to_be_hidden()


def test_a_link_that_names_the_last_day_keeps_naming_it(opened: Opened) -> None:
    """?date= of the last day survives other steps; moving away and back again means the latest."""
    watched, frame = opened(address="date=2024-12-06")
    frame.locator(".dl-item-name", has_text="Hama").first.click()
    watched.page.wait_for_url("**#date=2024-12-06&place=hama")
    frame.get_by_role("button", name="Previous day").click()
    watched.page.wait_for_url("**#date=2024-12-05&place=hama")
    frame.get_by_role("button", name="Next day").click()
    watched.page.wait_for_url("**#place=hama")


def test_where_nothing_can_be_copied_the_link_is_there_to_be_marked(opened: Opened) -> None:
    """Without a clipboard the field holds the link, focused and marked."""
    _, frame = opened()
    frame.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    frame.get_by_role("button", name="Copy link").click()
    expect(frame.locator(".dl-share-said")).to_contain_text("Copy the link from here")
    field = frame.get_by_role("textbox", name="Link to what is shown")
    expect(field).to_be_focused()
    assert field.evaluate("(node) => node.selectionEnd - node.selectionStart === node.value.length && node.value.length > 8")


def test_in_streamlit_the_address_follows_once_on_rest(watch: Callable[..., Watched], address: str) -> None:
    """A card, then a zoom: one message and one step of the history each, the same map, and another reader sees the same."""
    watched = watch()
    frame = watched.open(address)
    page = watched.page
    page.evaluate("window.mark = document.querySelector('iframe')")
    length, sent = page.evaluate("history.length"), len(watched.sent)
    frame.locator("button.dl-place[aria-label^='Aleppo:']").click()
    page.wait_for_url("**?place=aleppo", timeout=PATIENCE)
    frame.get_by_role("button", name="Zoom in").click()
    page.wait_for_url(re.compile("view="), timeout=PATIENCE)
    page.wait_for_timeout(1500)
    assert len(watched.sent) == sent + 2
    assert page.evaluate("history.length") == length + 2
    assert page.evaluate("mark === document.querySelector('iframe') && mark.isConnected")
    other = watch()
    again = other.open(page.url)
    assert stood(again) == stood(frame)
    assert len(stood(again)) == 2
    page.go_back()
    frame.wait_for_function("() => Dateline.app.stance.state().view === ''", timeout=PATIENCE)
    page.go_back()
    expect(frame.locator(".dl-card")).to_be_hidden(timeout=PATIENCE)
    assert page.evaluate("mark === document.querySelector('iframe')")
    assert watched.errors == []


def test_in_streamlit_nonsense_gives_sentences_and_the_table_stays(watch: Callable[..., Watched], address: str) -> None:
    """A wrong place and layer: a sentence each, the default shown, nothing of it runs."""
    watched = watch()
    frame = watched.open(f"{address}?place={{{{7*7}}}}&off=%3Cb%3E&labels=both")
    expect(watched.page.get_by_role("alert").filter(has_text="place “{{7*7}}”")).to_be_visible(timeout=PATIENCE)
    expect(watched.page.get_by_role("alert").filter(has_text="off “<b>”")).to_be_visible()
    assert stood(frame) == {"labels": "both"}


# Finding


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("aleppo", "Aleppo"),
        ("HALAB", "Aleppo"),
        ("حلب", "Aleppo"),
        ("alepo", "Aleppo"),
        ("Damscus", "Damascus"),
        ("الرقة", "Raqqa"),
        ("رقه", "Raqqa"),
        ("ar-Raqqah", "Raqqa"),
        ("as suwayda", "As-Suwayda"),
        ("suwayda", "As-Suwayda"),
        ("dayr az zawr", "Deir ez-Zor"),
        ("saraqib", "Saraqeb"),
        ("Sarāqib", "Saraqeb"),
        ("إدلب", "Idlib"),
        ("ادلب", "Idlib"),
    ],
)
def test_a_place_is_found_by_any_spelling(opened: Opened, told: dict[str, Any], typed: str, name: str) -> None:
    """Case, accents, articles, hyphens, Arabic letters and one wrong letter do not stand in the way."""
    _, frame = opened()
    found = frame.evaluate("(text) => Dateline.app.find.finder.find(text).map(({ place }) => place.name)", typed)
    assert found[:1] == [name]


def test_the_stroke_leads_to_the_search_and_enter_to_the_card(opened: Opened) -> None:
    """From the slider by keyboard alone: / focuses, arrows choose, Enter opens, Escape gives the focus back to the field."""
    watched, frame = opened()
    keys = watched.page.keyboard
    frame.get_by_role("slider", name="Day").focus()
    keys.press("/")
    field = frame.get_by_role("combobox", name="Find a place")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    keys.type("da")
    expect(field).to_have_attribute("aria-expanded", "true")
    options = frame.get_by_role("option")
    first = options.nth(0).locator(".dl-found-name").inner_text()
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    keys.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    keys.press("ArrowUp")
    keys.press("Enter")
    expect(frame.locator(".dl-card-title")).to_be_focused()
    assert frame.locator(".dl-card-title span").first.inner_text() in first
    keys.press("Escape")
    expect(field).to_be_focused()
    keys.type("xyzzy")
    expect(frame.get_by_text("No place of that name on this map.").first).to_be_visible()
    keys.press("Escape")
    expect(field).to_have_value("")


def test_places_with_a_status_come_first_and_one_without_gets_its_card(opened: Opened, told: dict[str, Any]) -> None:
    """Among equal matches a place of which something is said stands first; of one never spoken of the card says so."""
    _, frame = opened()
    order = frame.evaluate("""() => Dateline.app.find.finder.find('a').map(({ index, order }) => [order[0], order[1]])""")
    assert order == sorted(order)
    silent = frame.evaluate(
        "() => Dateline.app.places.items.findIndex(({ shown, exact, span }) => exact && !shown && !span)",
    )
    if silent < 0:
        pytest.skip("every exact place of the bundled story is shown on its last day")
    frame.get_by_role("combobox", name="Find a place").fill(told["places"][silent]["name"])
    frame.get_by_role("option").first.click()
    expect(frame.locator(".dl-card")).to_contain_text("It is left blank")
    expect(frame.locator(".dl-here")).to_be_visible()


# The card


def corrected(told: dict[str, Any]) -> dict[str, Any]:
    """Return the bundled story as if two claims about Aleppo had been corrected at the last moment of knowledge."""
    data = copy.deepcopy(told)
    aleppo = next(index for index, place in enumerate(data["places"]) if place["id"] == "aleppo")
    claims = [index for index, claim in enumerate(data["claims"]) if claim["place"] == aleppo]
    last = len(data["known"]) - 1
    base = {"known": last, "at": "9 December 2024, 09:30"}
    data["corrections"] = [
        {
            **base,
            "claim": claims[0],
            "action": "withdrawn",
            "field": "",
            "before": "",
            "after": "",
            "why": "The publisher took it back.",
        },
        {
            **base,
            "claim": claims[1],
            "action": "amended",
            "field": "extent",
            "before": "whole",
            "after": "most",
            "why": "It said most of it.",
        },
    ]
    data["claims"][claims[0]]["known"][1] = last
    return data


def test_a_withdrawn_claim_stays_on_the_card_struck_through(opened: Opened, told: dict[str, Any]) -> None:
    """It says when and why; an amended one says what it said before; as known before, neither is there."""
    data = corrected(told)
    _, frame = opened(data, "place=aleppo")
    blocks = frame.locator(".dl-correction")
    expect(blocks).to_have_count(2)
    expect(blocks.nth(0).locator("s")).to_have_text(data["claims"][data["corrections"][0]["claim"]]["words"])
    expect(blocks.nth(0)).to_contain_text("Withdrawn 9 December 2024, 09:30. The publisher took it back.")
    expect(blocks.nth(1)).to_contain_text("Extent: whole (was) → most")
    frame.evaluate("() => { const { moment } = Dateline.app; moment.go({ known: moment.known - 1 }); }")
    expect(blocks).to_have_count(0)


def test_the_card_says_when_the_last_word_is_old(opened: Opened, told: dict[str, Any]) -> None:
    """A story that fades after 7 days says so on the eighth; one that never fades says nothing."""
    data = {**copy.deepcopy(told), "fades_after_days": 7}
    _, frame = opened(data, "place=damascus")
    expect(frame.locator(".dl-faded")).to_contain_text("Not confirmed for 10 days.")
    frame.evaluate("() => Dateline.app.moment.go({ day: 7 })")
    expect(frame.locator(".dl-faded")).to_have_count(0)
    _, frame = opened({**copy.deepcopy(told), "fades_after_days": None}, "place=damascus")
    expect(frame.locator(".dl-card")).to_contain_text("Last confirmed")
    expect(frame.locator(".dl-faded")).to_have_count(0)


def test_a_claim_of_another_day_leads_to_that_day(opened: Opened) -> None:
    """On the card of Aleppo a claim told on 30 November goes there; the card stays open, and the address follows."""
    watched, frame = opened(address="place=aleppo")
    frame.locator(".dl-card").get_by_role("button", name="Go to 30 November").first.click()
    expect(frame.locator(".dl-date")).to_contain_text("30 November")
    expect(frame.locator(".dl-card-title")).to_be_focused()
    watched.page.wait_for_url("**#date=2024-11-30&place=aleppo")


def test_what_was_said_later_leads_to_the_day_it_was_said(opened: Opened) -> None:
    """The list of 27 November names Saraqeb as told later; its button moves the slider."""
    _, frame = opened(address="date=2024-11-27")
    frame.locator(".dl-item", has_text="Saraqeb").get_by_role("button", name=re.compile("^Go to ")).first.click()
    frame.wait_for_function("() => Dateline.app.story.counts[Dateline.app.moment.day] > 0")


def test_list_and_map_light_each_other_up(opened: Opened) -> None:
    """The pointer on a list item marks the symbol; the focus on the symbol marks the item; leaving both clears both."""
    _, frame = opened()
    item = frame.locator(".dl-item", has_text="Hama").first
    symbol = frame.locator("button.dl-place[aria-label^='Hama:']")
    item.hover()
    expect(symbol).to_have_class(re.compile("dl-lit"))
    frame.locator(".dl-date").hover(force=True)
    expect(symbol).not_to_have_class(re.compile("dl-lit"))
    symbol.focus()
    expect(item).to_have_class(re.compile("dl-lit"))


def test_on_a_phone_the_card_is_a_sheet_that_the_reader_sees(opened: Opened) -> None:
    """Opened from the list it lies in the window, the place above it and the slider below; it grows, and closing leads back."""
    _, frame = opened(**TOUCH)
    button = frame.locator(".dl-item-name", has_text="Aleppo").first
    button.tap()
    card = frame.locator(".dl-card")
    expect(frame.locator(".dl-card-title")).to_be_in_viewport()
    frame.wait_for_timeout(600)
    sheet, stage = card.bounding_box(), frame.locator(".dl-stage").bounding_box()
    place = frame.locator("button.dl-place[aria-label^='Aleppo:']").bounding_box()
    assert sheet is not None
    assert stage is not None
    assert place is not None
    assert stage["y"] <= place["y"] <= sheet["y"] - 20
    assert sheet["y"] + sheet["height"] == pytest.approx(stage["y"] + stage["height"], abs=3)
    expect(frame.get_by_role("slider", name="Day")).to_be_in_viewport()
    frame.get_by_role("button", name="Read all").tap()
    expect(frame.get_by_role("button", name="Less")).to_have_attribute("aria-expanded", "true")
    grown = card.bounding_box()
    assert grown is not None
    assert grown["height"] > sheet["height"] + 100
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    frame.get_by_role("button", name=re.compile("^Back to")).tap()
    expect(card).to_be_hidden()
    expect(button).to_be_focused()


# Names, keyboard, sizes


@pytest.mark.parametrize("size", [{"width": 1340, "height": 900}, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("labels", ["ar", "both"])
def test_names_in_arabic_never_collide(opened: Opened, size: dict[str, int], labels: str) -> None:
    """On every day no name lies upon another, none is wider than its box, and the Arabic ones are marked as such."""
    from browser.test_map import NAMES, OVERLAPS, show

    _, frame = opened(address=f"labels={labels}", viewport=size)
    for day in range(frame.evaluate("Dateline.app.story.length")):
        show(frame, day)
        result = frame.evaluate(OVERLAPS, NAMES)
        assert result["found"] == [], day
        assert (
            frame.evaluate("""() => [...document.querySelectorAll('.dl-name:not(.dl-left-out) .dl-line')]
            .filter((line) => line.scrollWidth > line.parentNode.clientWidth + 1).map((line) => line.textContent)""")
            == []
        )
    arabic = frame.locator(".dl-name:not(.dl-left-out) [lang=ar][dir=rtl]")
    assert arabic.count() >= 5
    english = frame.evaluate("document.querySelectorAll('.dl-name:not(.dl-left-out) span:not([lang]):not(.dl-line)').length")
    assert (english > 0) == (labels == "both")


FOCUS_IS_SEEN = """() => {
    const node = document.activeElement, around = node.closest('.dl-chart, .dl-find');
    const outlined = (one) => one && getComputedStyle(one).outlineStyle !== 'none';
    if ([node, ...node.querySelectorAll('*'), around].some(outlined)) return true;
    const thumb = around && around.querySelector('.dl-thumb'); // of the slider it is the thumb that shows the focus
    const drawn = () => thumb && getComputedStyle(thumb).backgroundImage;
    const focused = drawn();
    node.blur();
    const other = drawn();
    node.focus({ focusVisible: true });
    return focused !== other && drawn() === focused;
}"""


def test_the_keyboard_meets_the_slider_before_the_places_and_can_pass_them(opened: Opened) -> None:
    """Tab from the top: search, slider, then a way past the places, which leads to the list."""
    watched, frame = opened()
    keys = watched.page.keyboard
    seen: list[str] = []
    for _ in range(20):
        keys.press("Tab")
        seen.append(frame.evaluate("document.activeElement.className || document.activeElement.tagName"))
        seen_as_focused = frame.evaluate(FOCUS_IS_SEEN)
        assert seen_as_focused, seen[-1]
        if "dl-skip" in seen[-1]:
            break
    assert any("dl-find-input" in name for name in seen)
    assert any("dl-range" in name for name in seen)
    assert not any("dl-place" in name for name in seen)
    assert "dl-skip" in seen[-1]
    keys.press("Enter")
    expect(frame.locator(".dl-side-title").first).to_be_focused()


def test_what_a_finger_presses_is_large_enough(opened: Opened) -> None:
    """On a phone every control outside the map's own symbols measures 44 pixels at least one way and 40 the other."""
    _, frame = opened(address="place=aleppo", **TOUCH)
    small = frame.evaluate("""() => [
        ...document.querySelectorAll('.dl button, .dl select, .dl summary, .leaflet-bar a, .dl input')]
        .filter((node) => node.type !== 'range' && node.type !== 'checkbox')
        .filter((node) => node.offsetWidth > 1 && !node.closest('.leaflet-marker-pane, .dl-foot'))
        .filter((node) => node.offsetHeight < 40 || (node.offsetWidth < 40 && !node.textContent))
        .map((node) => [node.className, node.offsetWidth, node.offsetHeight])""")
    assert small == []


def test_large_letters_fold_the_legend_away(opened: Opened) -> None:
    """At 200 % the open legend would cover the map: it folds, and unfolds when letters are small again."""
    _, frame = opened(viewport={"width": 1280, "height": 900})
    legend = frame.locator(".dl-legend")
    assert legend.evaluate("(node) => node.open")
    frame.evaluate("() => { document.documentElement.style.fontSize = '200%'; dispatchEvent(new Event('resize')); }")
    assert not legend.evaluate("(node) => node.open")
    frame.evaluate("() => { document.documentElement.style.fontSize = ''; dispatchEvent(new Event('resize')); }")
    assert legend.evaluate("(node) => node.open")


def test_the_zoom_is_never_under_the_legend(opened: Opened) -> None:
    """On a desk the three buttons of the zoom and the open legend are apart."""
    _, frame = opened(viewport={"width": 1340, "height": 760})
    zoom, legend = frame.locator(".leaflet-control-zoom").bounding_box(), frame.locator(".dl-legend").bounding_box()
    assert zoom is not None
    assert legend is not None
    assert zoom["y"] + zoom["height"] <= legend["y"]


# Loading, embedding, axe


def test_something_stands_in_the_frame_before_the_map(watch: Callable[..., Watched], address: str) -> None:
    """While the map's own script is held back the frame says that it loads; then the map takes its place."""
    watched = watch()
    held: list[Any] = []
    watched.page.route("**/dateline-*.js", lambda route: held.append(route))  # noqa: PLW0108 # the browser marks what it is given
    watched.page.goto(address)
    waiting = watched.page.frame_locator("iframe").first.locator("#dateline-wait")
    expect(waiting).to_contain_text("Loading the map", timeout=PATIENCE)
    box = waiting.bounding_box()
    assert box is not None
    assert box["height"] >= 400
    for route in held:
        route.continue_()
    frame = watched.frame()
    expect(frame.locator("#dateline-wait")).to_have_count(0)


def test_embedded_the_frame_carries_title_sources_and_the_way_to_the_page(watch: Callable[..., Watched], address: str) -> None:
    """?embed=true: all three stand in the map's frame, nothing else around it, and the link holds what is shown."""
    watched = watch()
    frame = watched.open(f"{address}?embed=true&place=aleppo&date=2024-12-01")
    expect(frame.get_by_role("heading", name=re.compile("^Syria"))).to_be_visible()
    expect(frame.locator(".dl-sources")).to_contain_text("Sources:")
    expect(frame.get_by_role("link", name="Open the full page")).to_have_attribute(
        "href", f"{address}?date=2024-12-01&place=aleppo"
    )
    assert watched.page.locator("h1").count() == 0
    assert watched.page.get_by_text("Who holds what on").count() == 0


def test_a_plain_page_in_somebody_elses_frame_says_what_it_is(
    watch: Callable[..., Watched], laid: Callable[[dict[str, Any]], str], told: dict[str, Any]
) -> None:
    """Alone it has no such line; with ?embed=true it has, and the link leads to itself without it."""
    page = laid(told)
    watched = watch()
    frame = watched.open(f"{page}?embed=true#place=aleppo")
    expect(frame.get_by_role("link", name="Open the full page")).to_have_attribute("href", f"{page}#place=aleppo")
    other = watch()
    assert other.open(page).locator(".dl-embed-head").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(opened: Opened, told: dict[str, Any], scheme: str) -> None:
    """Search open, link open, a corrected card open, a wrong address, both names: no violation."""
    watched, frame = opened(corrected(told), "labels=both&off=roads", color_scheme=scheme, bypass_csp=True)
    frame.get_by_role("combobox", name="Find a place").fill("a")
    assert violations(watched.page) == []
    frame.get_by_role("button", name="Copy link").click()
    assert violations(watched.page) == []
    frame.locator(".dl-item-name", has_text="Aleppo").first.click()
    expect(frame.locator(".dl-correction").first).to_be_visible()
    assert violations(watched.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_an_embedded_map(watch: Callable[..., Watched], address: str, scheme: str) -> None:
    """?embed=true with a card open: the page and the map's frame."""
    watched = watch(color_scheme=scheme, bypass_csp=True)
    frame = watched.open(f"{address}?embed=true&place=aleppo")
    expect(frame.locator(".dl-card")).to_be_visible()
    assert violations(watched.page) == []


def test_axe_finds_nothing_on_a_phone(opened: Opened, told: dict[str, Any]) -> None:
    """The sheet, the sheet at full length, and the open legend: no violation."""
    watched, frame = opened(corrected(told), "place=aleppo", bypass_csp=True, **TOUCH)
    assert violations(watched.page) == []
    frame.get_by_role("button", name="Read all").tap()
    frame.evaluate("document.querySelector('.dl-legend').open = true")
    assert violations(watched.page) == []
