"""Colours in a real Chromium: sides that everybody can tell apart, and text that can be read, both measured in pixels."""

from __future__ import annotations

import io
import itertools
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from coloraide import Color
from conftest import bundled
from PIL import Image
from playwright.sync_api import Frame, Page

from browser.conftest import PATIENCE, PHONE, Opened, Watched

pytestmark = pytest.mark.browser

TILE = 24
"""Pixels of a paint that are looked at, each way: whole repeats of every texture."""
VISIONS = (None, "protan", "deutan", "tritan")
"""As most see, and the three ways of seeing with two kinds of cones (Brettel 1997, Vienot 1999)."""
APART = 10.0
"""CIEDE2000 that two sides differ by, else each has a texture of its own."""
SEEN = 6.0
"""CIEDE2000 that the marks of a texture differ by from what they stand on: thin, so less than areas want, and never none."""
LONG = {"width": 1340, "height": 5000}
READ = 4.5
"""Contrast of text (WCAG 2.2 AA)."""
PAINTED = """({ name, size }) => {
    const { theme, story } = Dateline.app, found = [];
    theme.set(name);
    story.actors.forEach((actor, at) => {
        for (const tier of [0, 1, 2]) for (const aged of [false, true]) {
            const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
            const pen = canvas.getContext("2d");
            pen.fillStyle = theme.ink(at, tier, aged);
            pen.fillRect(0, 0, size, size);
            found.push({ actor: actor.id, tier, aged, land: theme.land, dots: [...pen.getImageData(0, 0, size, size).data] });
        }
    });
    return found;
}"""
WRITTEN = """() => {
    const found = [], range = document.createRange(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode, within = node.parentElement, style = getComputedStyle(within);
        if (!node.data.trim() || within.closest("[disabled], [aria-disabled=true]")) continue;
        let opacity = 1;
        for (let one = within; one; one = one.parentElement) opacity *= getComputedStyle(one).opacity;
        range.selectNodeContents(node);
        for (const { left, top, right, bottom } of range.getClientRects())
            found.push({ text: node.data.trim().slice(0, 40), colour: style.color, opacity,
                box: [left, top, right, bottom].map((side, at) => Math.max(0, at < 2 ? Math.floor(side) : Math.ceil(side))) });
    }
    return found;
}"""
Pixels = npt.NDArray[np.float64]


def as_seen(colour: Color, vision: str | None) -> Color:
    return colour if vision is None else colour.filter(vision)


def far(one: Color, other: Color) -> float:
    return float(one.delta_e(other, method="2000"))


@pytest.fixture(params=["light", "dark"])
def paints(request: pytest.FixtureRequest, opened: Opened) -> dict[tuple[str, int, bool], dict[str, Any]]:
    """Return the paint of each actor, tier and freshness as drawn: its ground, its marks and where they are, and the land."""
    _, frame = opened()
    found = {}
    for paint in frame.evaluate(PAINTED, {"name": request.param, "size": TILE}):
        dots = np.array(paint["dots"]).reshape(TILE, TILE, 4)[..., :3]
        counted = Counter(map(tuple, dots.reshape(-1, 3)))
        ground = counted.most_common(1)[0][0]
        colours = [Color("srgb", [value / 255 for value in dot]) for dot in (ground, *counted)]
        found[paint["actor"], paint["tier"], paint["aged"]] = {
            "ground": colours[0],
            "others": colours[1:],
            "where": (dots != ground).any(axis=2),
            "land": Color(paint["land"]),
        }
    return found


def strongest(paint: dict[str, Any], vision: str | None) -> float:
    """Return how far the marks of a paint's texture stand out from its ground; 0 where there are none."""
    ground = as_seen(paint["ground"], vision)
    return max(far(ground, as_seen(other, vision)) for other in paint["others"])


def test_sides_are_told_apart_however_colours_are_seen(paints: dict[tuple[str, int, bool], dict[str, Any]]) -> None:
    """Of any two sides that hold ground the areas differ in colour, or each in its own texture, that can be seen there."""
    actors = bundled().settings.actors
    holding = [key for key, actor in actors.items() if actor.holds_ground]
    assert len({actors[key].side for key in holding}) >= 5
    pairs = [pair for pair in itertools.combinations(holding, 2) if actors[pair[0]].side != actors[pair[1]].side]
    for tier, vision, pair in itertools.product((0, 1, 2), VISIONS, pairs):
        painted = [paints[key, tier, False] for key in pair]
        apart = far(*(as_seen(paint["ground"], vision) for paint in painted))
        if apart >= APART:
            continue
        where = f"{' and '.join(pair)}, {apart:.1f} apart, tier {tier}, {vision}"
        assert (painted[0]["where"] != painted[1]["where"]).any(), where
        marks = [strongest(paint, vision) for key, paint in zip(pair, painted, strict=True) if actors[key].texture != "none"]
        assert min(marks) >= SEEN, where


def test_a_texture_says_the_side_and_never_how_certain_it_is(paints: dict[tuple[str, int, bool], dict[str, Any]]) -> None:
    """The marks of a side are the same in all tiers; no two sides have the same; none is as pale as what nobody reported."""
    actors = bundled().settings.actors
    for key in actors:
        first, *others = (paints[key, tier, False]["where"] for tier in (0, 1, 2))
        assert all((first == other).all() for other in others), key
        assert first.any() == (actors[key].texture != "none")
    textures = {actor.side: paints[key, 0, False]["where"].tobytes() for key, actor in actors.items() if actor.holds_ground}
    assert len(set(textures.values())) == len(textures)
    for (key, _, _), paint in paints.items():
        if actors[key].holds_ground:
            assert far(paint["ground"], paint["land"]) > 5


def luminance(colours: Pixels) -> Pixels:
    """Return WCAG's relative luminance of colours of 0 to 255."""
    share = colours / 255
    linear: Pixels = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def around(marked: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return the pixels that are marked or touch one that is."""
    wide = np.pad(marked, 1)
    return np.lib.stride_tricks.sliding_window_view(wide, (3, 3)).any(axis=(2, 3))


def picture(page: Page) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")).astype(float)


def faint(page: Page, part: Page | Frame) -> tuple[int, list[str]]:
    """Return how much text of a page can be seen, and what of it differs by less than it must from what it stands on.

    What a text stands on is what is there without it: a halo, areas, textures. A twentieth of it may be nearer.
    """
    written = part.evaluate(WRITTEN)
    full = picture(page)
    part.add_style_tag(content="* { -webkit-text-fill-color: transparent !important; }")
    bare = picture(page)
    changed = np.abs(full - bare).max(axis=2) > 24
    seen, found = 0, []
    for text in written:
        left, top, right, bottom = text["box"]
        letters = changed[top:bottom, left:right]
        if letters.sum() < 8:
            continue  # out of sight, or under something
        seen += 1
        under = bare[top:bottom, left:right][around(letters)]
        red, green, blue, own = Color(text["colour"]).convert("srgb")[:]
        share = own * text["opacity"]
        ink = np.array([red, green, blue]) * 255 * share + under * (1 - share)
        lights = np.sort([luminance(ink), luminance(under)], axis=0) + 0.05
        contrast = float(np.percentile(lights[1] / lights[0], 5))
        if contrast < READ:
            found.append(f"{contrast:.2f} {text['text']}")
    return seen, found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "shown",
    ["date=2024-12-05&place=hama", "date=2024-12-06", "date=2024-11-26&labels=both", "date=2024-12-05&compare=2024-11-30"],
    ids=["card", "last", "first", "compared"],
)
def test_all_text_of_the_map_can_be_read(opened: Opened, scheme: str, shown: str) -> None:
    """Names over any side, day, list, card, pills and legend: 4.5 to 1 against what is under them."""
    watched, _ = opened(address=shown, color_scheme=scheme, bypass_csp=True, viewport=LONG)
    watched.page.wait_for_timeout(800)
    seen, found = faint(watched.page, watched.page)
    assert seen > 120
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read_on_a_phone(opened: Opened, scheme: str) -> None:
    """As on a desk, with the card as a sheet over the map."""
    watched, _ = opened(address="date=2024-12-05&place=hama", color_scheme=scheme, bypass_csp=True, viewport=PHONE)
    watched.page.wait_for_timeout(800)
    seen, found = faint(watched.page, watched.page)
    assert seen > 10
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_around_the_map_can_be_read(watch: Callable[..., Watched], address: str, scheme: str) -> None:
    """Headline, history with its labels, what changed: as Streamlit shows them."""
    watched = watch(color_scheme=scheme, bypass_csp=True, viewport=LONG)
    watched.open(f"{address}?date=2024-12-05")
    watched.page.locator(".dateline-row").first.wait_for(timeout=PATIENCE)
    watched.page.wait_for_timeout(1500)
    seen, found = faint(watched.page, watched.page)
    assert seen > 80
    assert found == []
