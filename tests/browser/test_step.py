"""A step of the slider: what is changed in place is what would have been made new."""

from __future__ import annotations

import pytest

from browser.conftest import DESK, Opened

pytestmark = pytest.mark.browser
BECOMES = """() => {
    const spans = [null], looks = [], faults = [];
    for (const status of ["control", "contested", "under_attack", "reported", "claimed"]) {
        for (const disputed of [[], [1]]) for (const background of [false, true]) {
            const told = { status, disputed, background };
            spans.push({ ...told, holder: 0, contender: 1 }, { ...told, holder: null, contender: null });
        }
    }
    for (const kind of ["town", "airport"]) for (const span of spans) for (const aged of span ? [false, true] : [false]) {
        looks.push(() => Dateline.symbol(Dateline.app.theme, kind, 2, span, aged));
    }
    for (const from of looks) for (const to of looks) {
        const home = document.createElement("div");
        home.append(from());
        Dateline.become(home.firstChild, to());
        if (home.childNodes.length !== 1 || !home.firstChild.isEqualNode(to())) faults.push(home.innerHTML);
    }
    return [looks.length, new Set(looks.map((look) => look().outerHTML)).size, faults];
}"""
SCRUBBED = """async () => {
    const { app } = Dateline, { moment, story, list, places } = app;
    const rest = (time) => new Promise((done) => setTimeout(done, time)), days = [...story.days.keys()];
    for (const day of [...days, ...days.toReversed(), ...days.slice(0, 6)]) {
        moment.go({ day });
        await rest(20);
    }
    const shown = () => [list.title.textContent, list.body.innerHTML];
    const items = places.items.filter((item) => item.exact);
    const symbols = () => items.filter((item) => item.shown).map((item) => item.button.firstChild.cloneNode(true));
    await rest(400);
    const [words, drawn] = [shown(), symbols()];
    list.draw(moment);
    for (const item of items) item.button.replaceChildren();
    places.draw(moment, true);
    const anew = symbols();
    const same = drawn.length === anew.length && drawn.every((symbol, at) => symbol.isEqualNode(anew[at]));
    return [words, shown(), drawn.length, same];
}"""


def test_a_symbol_that_changes_is_the_symbol_made_new(opened: Opened) -> None:
    """From any look to any other, of round and of boxed signs, nothing stays of the old one and nothing lacks of the new."""
    _, frame = opened(viewport=DESK)
    looks, different, faults = frame.evaluate(BECOMES)
    assert looks == 162
    assert different > 60
    assert not faults


def test_after_a_rest_list_and_symbols_are_those_of_a_fresh_page(opened: Opened) -> None:
    """However fast the reader went through the days, what stands at rest is what drawing that day anew gives."""
    _, frame = opened(viewport=DESK)
    scrubbed, fresh, symbols, same = frame.evaluate(SCRUBBED)
    assert scrubbed == fresh
    assert symbols > 5
    assert same
