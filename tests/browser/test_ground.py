"""The ground in a real Chromium: the front drawn as one line, and colours that fade."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from conftest import ROOT, SEEDS

from browser.conftest import Watched
from geo.payload import payload
from geo.smoothing import Stretch, smoothed
from geo.story import read_story

pytestmark = pytest.mark.browser

DRAWN = "() => Boolean(window.Dateline && Dateline.app && Dateline.app.redrawn !== undefined)"
FILLS = """(day) => {
    const { territory, moment } = Dateline.app;
    territory.draw({ day, known: moment.known });
    return territory.shapes.map((shape) => shape.options.fill ? shape.options.fillColor : null);
}"""


def opened(watch: Callable[..., Watched], url: str) -> Any:
    page = watch().page
    page.goto(url)
    page.wait_for_function(DRAWN)
    return page


def lines(chance: random.Random) -> list[tuple[bool, list[list[float]]]]:
    """Stretches of two kinds that meet end to end, in some order and direction, some of them in a ring."""
    found = []
    for _ in range(3):
        corners = [[round(chance.uniform(36, 37), 4), round(chance.uniform(34, 35), 4)] for _ in range(chance.randint(2, 9))]
        corners += corners[:1] if chance.random() < 0.4 and len(corners) > 3 else []
        for at in range(1, len(corners)):
            way = [corners[at - 1], corners[at]]
            found.append((chance.random() < 0.5, way if chance.random() < 0.5 else way[::-1]))
    chance.shuffle(found)
    return found


def test_the_browser_draws_the_front_as_python_does(watch: Callable[..., Watched]) -> None:
    """The same stretches and places give the same points, whatever their order, and however near the map is."""
    page = watch().page
    page.goto("about:blank")
    page.add_script_tag(path=ROOT / "geo" / "assets" / "smoothing.js")
    chance = random.Random(7)  # noqa: S311 - lines to draw, no secret
    for _ in range(60):
        stretches = lines(chance)
        keep = [[round(chance.uniform(36, 37), 4), round(chance.uniform(34, 35), 4)] for _ in range(chance.randint(0, 40))]
        within = chance.choice([0.3, 2.0, 6.0])
        given = [{"label": label, "points": points} for label, points in stretches]
        drawn = page.evaluate("(given) => Dateline.smoothed(...given)", [given, keep, within])
        told = smoothed(
            [Stretch((label,), np.array(points)) for label, points in stretches], np.array(keep).reshape(-1, 2), within
        )
        assert [each["label"] for each in drawn] == [label for each in told for label in each.label]
        for one, other in zip(drawn, told, strict=True):
            assert np.array(one["points"]) == pytest.approx(other.points, abs=1e-9)


def test_the_line_never_leaves_its_edges_by_more_than_its_stroke_hides(
    watch: Callable[..., Watched], laid: Callable[[dict[str, Any]], str], told: dict[str, Any]
) -> None:
    """At every zoom each corner of the edges lies under the stroke, and the line is laid anew only when it must be."""
    page = opened(watch, laid(told))
    found = page.evaluate(
        """async () => {
            const { map, front, moment } = Dateline.app, far = [];
            let laid = 0;
            const lay = front.lay;
            front.lay = function () { laid += 1; return lay.call(this); };
            front.draw(moment);
            front.draw(moment);
            const still = laid;
            for (const zoom of [6, 7.3, 9, 11, 13]) {
                map.setView([35, 36.65], zoom, { animate: false });
                await new Promise((done) => setTimeout(done, 500)); // it follows a zoom
                const parts = front.strokes[0].bundles.flatMap(({ lines }) =>
                    lines.map((line) => line.map((point) => map.project(point, zoom))));
                for (const { points } of front.stretches) for (const [lon, lat] of points) {
                    const corner = map.project([lat, lon], zoom);
                    far.push(Math.min(...parts.flatMap((line) => line.slice(1).map((end, at) =>
                        L.LineUtil.pointToSegmentDistance(corner, line[at], end)))));
                }
            }
            const casing = getComputedStyle(document.querySelector("path.dl-front-casing"));
            return { far, still, laid, stroke: parseFloat(casing.strokeWidth) };
        }"""
    )
    assert len(found["far"]) > 20
    assert max(found["far"]) > 0.5
    assert max(found["far"]) <= found["stroke"] / 2 + 0.1
    assert found["still"] == 0
    assert found["laid"] > 0


def test_what_is_not_confirmed_for_long_is_drawn_so(
    watch: Callable[..., Watched], laid: Callable[[dict[str, Any]], str]
) -> None:
    """From its day on an aged cell has another paint of the same side, its symbol a broken outline and a word of it."""
    story = read_story(SEEDS)
    told = payload(replace(story, settings=replace(story.settings, fades_after_days=2)))
    aged = {(cell, change[0]) for cell, changes in told["cell_days"][-1] for change in changes if change[3:]}
    day = min(day for _, day in aged)
    page = opened(watch, laid(told))
    before, after = page.evaluate(FILLS, day - 1), page.evaluate(FILLS, day)
    changed = {cell for cell, (one, other) in enumerate(zip(before, after, strict=True)) if one != other}
    assert {cell for cell, on in aged if on == day} <= changed
    assert all(after[cell].endswith("-aged)") for cell, on in aged if on == day)
    page.evaluate("(day) => { Dateline.app.moment.go({ day }); Dateline.app.moment.tell(); }", day)
    symbols = page.locator(".dl-place:has(.dl-aged)")
    assert symbols.count()
    assert all("not confirmed since" in (symbol.get_attribute("aria-label") or "") for symbol in symbols.all())
    is_broken = "(node) => getComputedStyle(node).strokeDasharray.split(',').some((part, at) => at % 2 && parseFloat(part) > 0)"
    lines = page.locator(".dl-place .dl-aged :is(.dl-outline, .dl-casing, .dl-burst, .dl-claimed)")
    assert lines.first.evaluate(is_broken)
    whole = page.locator(".dl-place .dl-symbol:not(.dl-aged) .dl-outline")
    assert whole.count()
    assert not any(line.evaluate(is_broken) for line in whole.all())
    assert page.locator(".dl-keys").get_by_text("Not confirmed for more than 2 days").count() == 1
    page.evaluate("() => { Dateline.app.moment.go({ day: 0 }); Dateline.app.moment.tell(); }")
    assert page.locator(".dl-place .dl-aged").count() == 0


def test_after_any_jump_places_and_front_are_those_of_a_map_drawn_anew(
    watch: Callable[..., Watched], laid: Callable[[dict[str, Any]], str]
) -> None:
    """Only what may differ is looked at: from any day and moment of knowledge to any other nothing stays as it was before."""
    story = read_story(SEEDS)
    page = opened(watch, laid(payload(replace(story, settings=replace(story.settings, fades_after_days=2)))))
    chance = random.Random(7)  # noqa: S311 - a walk, no secret
    days, known = page.evaluate("[Dateline.app.story.length, Dateline.app.story.latest + 1]")
    walk = [[chance.randrange(days), chance.choice([known - 1, chance.randrange(known)])] for _ in range(150)]
    walk[60:60] = [[day, known - 1] for day in (*range(days), *reversed(range(days)))]
    jumped, anew = page.evaluate(
        """(walk) => {
            const { places, front } = Dateline.app;
            const said = ({ span, button, note, shown, aged }) => [shown, aged, Dateline.look(span, aged),
                shown && button ? button.title + button.innerHTML : "", shown && note ? note.textContent : ""].join(" ");
            const seen = (places, front) => [places.items.map(said).join("|"), places.happening.map(({ kind }) => kind).join(),
                front.strokes.map(({ _drawn }) => _drawn).join("|")];
            const jumped = walk.map(([day, known]) => {
                places.draw({ day, known });
                front.draw({ day, known });
                return seen(places, front);
            });
            const anew = walk.map(([day, known]) => {
                places.shows = front.key = null;
                places.draw({ day, known }, true);
                front.draw({ day, known });
                return seen(places, front);
            });
            return [jumped, anew];
        }""",
        walk,
    )
    assert len({str(seen) for seen in anew}) > 15
    assert len({front for *_, front in anew}) > 2
    for at, (one, other) in enumerate(zip(jumped, anew, strict=True)):
        assert one == other, (walk[at - 1], walk[at])


def test_every_paint_of_the_map_is_its_own(
    watch: Callable[..., Watched], laid: Callable[[dict[str, Any]], str], told: dict[str, Any]
) -> None:
    """Fresh or aged, in each tier and of each side that the story colours, no two are painted alike; aged is paler."""
    page = opened(watch, laid(told))
    for theme in ("light", "dark"):
        paints = page.evaluate(
            """(name) => {
                const { theme, story } = Dateline.app, found = [];
                theme.set(name);
                const sides = new Set(story.cell_days.flat().flatMap(([, changes]) => changes.map(([, actor]) => actor)));
                for (const actor of sides) if (actor >= 0) for (const tier of [0, 1, 2]) for (const aged of [false, true]) {
                    const paint = theme.paint(actor, tier, aged), id = (paint.match(/^url\\(#(.*)\\)$/) || [])[1];
                    const drawn = id ? document.getElementById(id).innerHTML : paint;
                    found.push({ actor, tier, aged, drawn, ground: theme.tile(actor, tier, aged).ground, land: theme.land });
                }
                return found;
            }""",
            theme,
        )
        assert len({paint["drawn"] for paint in paints}) == len(paints)

        def far(one: str, other: str) -> int:
            return sum(abs(int(one[at : at + 2], 16) - int(other[at : at + 2], 16)) for at in (1, 3, 5))

        for fresh, aged in zip(paints[::2], paints[1::2], strict=True):
            assert 0 < far(aged["ground"], aged["land"]) < far(fresh["ground"], fresh["land"])


def test_a_story_that_never_fades_says_nothing_of_it(
    watch: Callable[..., Watched], laid: Callable[[dict[str, Any]], str], told: dict[str, Any]
) -> None:
    """Where nothing ever ages no symbol is aged and the legend has no row."""
    days = [[[cell, [change[:3] for change in changes]] for cell, changes in history] for history in told["cell_days"]]
    page = opened(watch, laid({**told, "fades_after_days": None, "cell_days": days, "digest": "0123456789ab"}))
    assert page.locator(".dl-aged").count() == 0
    assert page.get_by_text("Not confirmed for").count() == 0
