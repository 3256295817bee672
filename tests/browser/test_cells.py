"""Many cells on a canvas: wherever the reader's hand leads, what is seen in the end is what a fresh drawing would show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Frame

from browser.conftest import Opened

pytestmark = pytest.mark.browser
BEYOND = [[[[20.0, 20.0], [20.1, 20.0], [20.0, 20.1], [20.0, 20.0]]]] * 800
"""Cells that nobody holds, out of sight: with them a map is drawn on a canvas."""
SETTLED = "Dateline.app.territory.cells.settled"
SETTLING = """async () => {
    const { cells } = Dateline.app.territory, frame = () => new Promise(requestAnimationFrame);
    for (let count = 0; !cells.settled && count < 900; count += 1) await frame();
}"""
SLOW = "() => { Object.defineProperty(Dateline.app.territory.cells, 'pace', { get: () => 40, set: () => {} }); }"
"""Let a picture take many frames, as that of a large story does."""
PAN = "([x, y]) => { Dateline.app.map.panBy([x, y], { animate: false }); }"
ZOOM = "(by) => { const { map } = Dateline.app; map.setZoom(map.getZoom() + by, { animate: false }); }"
DAY = "(day) => { const { moment } = Dateline.app; moment.go({ day }); moment.tell(); }"
FRAMES = "async (count) => { for (; count > 0; count -= 1) await new Promise(requestAnimationFrame); }"
FAR = """() => {
    // A dot is off where it and all around it differ, farther than a line of 1.2 px reaches on this screen: which of two cells
    // has its line above the other's is no matter here.
    const { map, story, territory: { cells } } = Dateline.app;
    const fresh = new Dateline.Cells(map, story.cells, "dl-cells");
    cells.inks.forEach((ink, cell) => { fresh.paint(cell, ink); fresh.fade(cell, cells.strengths[cell]); });
    fresh.finish();
    const one = cells.shown, two = fresh.shown, { width, height } = two.canvas;
    const dots = (picture) => picture.pen.getImageData(0, 0, width, height).data;
    const here = one.canvas.getBoundingClientRect(), there = two.canvas.getBoundingClientRect();
    const a = dots(one), b = dots(two), differs = new Uint8Array(width * height);
    let off = 0, sharp = 0, painted = 0;
    for (let at = 0; at < width * height; at += 1) {
        for (let part = 0; part < 4; part += 1) if (Math.abs(a[4 * at + part] - b[4 * at + part]) > 24) differs[at] = 1;
        sharp += differs[at];
        painted += b[4 * at + 3] > 128;
    }
    const reach = L.Browser.retina ? 2 : 1, around = Array.from({ length: 2 * reach + 1 }, (_, at) => at - reach);
    for (let y = reach; y < height - reach; y += 1) {
        for (let x = reach; x < width - reach; x += 1) {
            const at = y * width + x;
            off += differs[at] && around.every((row) => around.every((column) => differs[at + row * width + column]));
        }
    }
    const box = ({ left, top, width, height }) => [left, top, width, height];
    [0, 1].forEach(() => [fresh.shown, fresh.spare].forEach(({ canvas }) => canvas.remove()));
    return { off, sharp: sharp / painted, painted: painted / (width * height), here: box(here), there: box(there),
        size: [one.canvas.width - width, one.canvas.height - height], seen: one.canvas.style.display !== "none" };
}"""
Big = Callable[..., Frame]


def test_cells_and_edges_arrive_as_they_were_made(opened: Opened, told: dict[str, Any]) -> None:
    """What is sent with each corner once is unfolded to the same figures, to the last bit."""
    _, frame = opened()
    edges = list(told["edges"])
    while not edges[-1]:
        edges.pop()
    assert frame.evaluate("Dateline.app.story.cells") == told["cells"]
    assert frame.evaluate("Dateline.app.story.edges") == edges


@pytest.fixture(params=[1, 2])
def big(request: pytest.FixtureRequest, opened: Opened, told: dict[str, Any]) -> Big:
    """Return what opens the bundled story as a map on a canvas, on a plain and on a fine screen."""

    def page(**options: Any) -> Frame:
        data = {**told, "cells": [*told["cells"], *BEYOND], "fades_after_days": 3}
        watched, frame = opened(data, device_scale_factor=request.param, reduced_motion="reduce", **options)
        assert frame.evaluate("Dateline.app.territory.canvas")
        assert not watched.errors
        frame.evaluate("() => { Dateline.app.map.setMaxBounds(null); }")  # else Leaflet takes the map back by itself
        return frame

    return page


def same(frame: Frame, sharp: float = 0.0005) -> None:
    """Assert that the map settles, and shows what a fresh drawing does; `sharp` is the share of dots that may differ."""
    frame.evaluate(SETTLING)
    found = frame.evaluate(FAR)
    assert frame.evaluate(SETTLED)
    assert found["painted"] > 0.005, found
    assert found["size"] == [0, 0], found
    assert found["seen"], found
    assert found["here"] == pytest.approx(found["there"], abs=0.01), found
    assert found["off"] == 0, found
    assert found["sharp"] <= sharp, found


def test_a_pan_keeps_the_drawing_and_leaves_no_seam(big: Big) -> None:
    """Pans by odd amounts, to every side, nothing drawn twice: dot by dot as a fresh drawing, textures too."""
    frame = big()
    frame.evaluate(SLOW)
    for by in ([61, -37], [-133, 5], [7, 211], [-301, 33]):
        frame.evaluate(PAN, by)
        same(frame)


def test_pans_that_follow_one_another_end_in_the_last(big: Big) -> None:
    """A pan while the picture of the one before is drawn, out of the view and back."""
    frame = big()
    frame.evaluate(SLOW)
    for by in ([61, -37], [2500, 0], [-2431, 18], [33, -77], [-90, -21]):
        frame.evaluate(PAN, by)
        frame.evaluate(FRAMES, 2)
    same(frame)


def test_a_pan_draws_only_what_comes_into_view(big: Big) -> None:
    """The cells of the rest are not drawn again."""
    frame = big()
    frame.evaluate(
        """() => { const { cells } = Dateline.app.territory, { fill } = cells; cells.filled = 0;
        cells.fill = (...given) => { cells.filled += 1; fill.apply(cells, given); }; }"""
    )
    frame.evaluate(PAN, [0, 4])
    frame.evaluate(SETTLING)
    few = frame.evaluate("Dateline.app.territory.cells.filled")
    frame.evaluate(ZOOM, 0.2)
    frame.evaluate(SETTLING)
    assert few < (frame.evaluate("Dateline.app.territory.cells.filled") - few) / 2


def test_days_may_change_while_a_picture_is_drawn(big: Big) -> None:
    """Zooms and pans with scrubbing in between: cells painted, unpainted and aged meanwhile are right in the end."""
    frame = big()
    frame.evaluate(SLOW)
    days = frame.evaluate("Dateline.app.story.length")
    for turn, by in enumerate((0.5, -1.2, 1.9, -0.7, 0.3)):
        frame.evaluate(ZOOM, by)
        for day in (0, days - 1, days // 2, turn + 2):
            frame.evaluate(DAY, day)
            frame.evaluate(FRAMES, 1)
        frame.evaluate(PAN, [37 * turn - 60, 21])
        frame.evaluate(FRAMES, 2)
        frame.evaluate(DAY, days - 1 - turn)
        same(frame, sharp=0.05)


def test_a_change_of_theme_meanwhile_leaves_nothing_of_the_old(big: Big) -> None:
    """Theme, tiers shown and not shown, days compared: all amid a zoom and a pan."""
    frame = big()
    frame.evaluate(SLOW)
    for step in (
        "theme.choose('dark')",
        "layer('modelled', false)",
        "layer('modelled', true)",
        "theme.choose('light')",
        "territory.cells.fade(3, 0.3)",
    ):
        frame.evaluate(ZOOM, 0.4)
        frame.evaluate(FRAMES, 3)
        frame.evaluate(f"() => {{ Dateline.app.{step}; }}")
        frame.evaluate(FRAMES, 1)
        frame.evaluate(PAN, [-23, 41])
        frame.evaluate(ZOOM, -0.4)
        same(frame, sharp=0.05)
        frame.evaluate(PAN, [51, -13])
        frame.evaluate(FRAMES, 1)
        frame.evaluate("() => Dateline.app.theme.set(Dateline.app.theme.name)")
        same(frame, sharp=0.0005)


def test_another_size_of_the_window_is_covered(big: Big) -> None:
    """A window made larger, and smaller, amid a zoom."""
    frame = big()
    frame.evaluate(SLOW)
    for width, height in ((1611, 997), (1033, 707), (700, 900)):
        frame.evaluate(ZOOM, 0.3)
        frame.page.set_viewport_size({"width": width, "height": height})
        frame.page.wait_for_timeout(500)
        same(frame)


def test_a_zoom_shows_the_old_picture_until_the_new_one_is_whole(big: Big) -> None:
    """In every frame of a zoom one picture is seen, at the place where its land is, and at the end the new one."""
    frame = big()
    frame.evaluate(SLOW)
    seen = frame.evaluate(
        """async (by) => {
        const { map, territory: { cells } } = Dateline.app, found = [];
        map.setZoom(map.getZoom() + by, { animate: false });
        do {
            await new Promise(requestAnimationFrame);
            const [one, ...more] = [...map.getPane("dl-cells").children].filter(({ style }) => style.display !== "none");
            const { zoom, origin, bounds } = cells.shown;
            const box = one.getBoundingClientRect(), home = map.getContainer().getBoundingClientRect();
            const at = (corner) => map.latLngToContainerPoint(map.unproject(origin.add(corner), zoom));
            const [from, to] = [at(bounds.min), at(bounds.max)];
            const edges = [box.left - home.left, box.top - home.top, box.right - home.left, box.bottom - home.top];
            const apart = [from.x, from.y, to.x, to.y].map((goal, at) => Math.abs(edges[at] - goal));
            found.push([more.length, one === cells.shown.canvas, Math.max(...apart), zoom]);
        } while (!cells.settled);
        return found;
        }""",
        0.8,
    )
    assert len(seen) > 2
    assert all(more == 0 and is_shown and apart <= 2 for more, is_shown, apart, _ in seen), seen
    zooms = [zoom for *_, zoom in seen]
    assert zooms[-1] > zooms[0]
    assert zooms == sorted(zooms)


def test_print_waits_for_no_frame(big: Big) -> None:
    """What is left to draw is drawn before the page is printed."""
    frame = big()
    frame.evaluate(SLOW)
    frame.evaluate(f"() => {{ ({ZOOM})(0.5); dispatchEvent(new Event('beforeprint')); }}")
    assert frame.evaluate(SETTLED)
    same(frame)
