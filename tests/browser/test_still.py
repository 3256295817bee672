"""The still beside the map in a browser: one look, measured dot by dot."""

from __future__ import annotations

import io
import math
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from conftest import bundled
from PIL import Image

from browser.conftest import Opened, Watched
from geo.drawing import Page
from geo.placing import Box
from geo.plate import Chart, Plate
from geo.scene import Scene
from geo.stills import still
from geo.style import constant, style

pytestmark = pytest.mark.browser
NEAR = 6  # levels of 255 by which two renderers may differ in the mean of a tile
POINT = "(at) => { const { x, y } = Dateline.app.map.latLngToContainerPoint(at); return [x, y]; }"
OTHERS = """[...document.querySelectorAll('.leaflet-pane')]
    .filter((pane) => !/map-pane|dl-(country|cells)-pane/.test(pane.className))"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("day", [0, 6, 10])
def test_a_cell_has_one_tint_in_both(
    theme: str, day: int, watch: Callable[..., Watched], laid: Callable[[dict[str, Any]], str], told: dict[str, Any]
) -> None:
    """The mean colour of a tile of each side, tier and age is the same in Chromium and in a still; aged ones among them."""
    watched = watch(viewport={"width": 1800, "height": 1400}, color_scheme=theme, device_scale_factor=1)
    frame = watched.open(laid(told))
    frame.evaluate("(day) => { const { moment } = Dateline.app; moment.go({ day }); moment.tell(); }", day)
    frame.evaluate(f"{OTHERS}.forEach((pane) => {{ pane.style.visibility = 'hidden'; }})")
    scene, size = Scene(told, day, len(told["known"]) - 1), 2 * constant("theme", "TILE")
    view = told["view"]
    chart = Chart(Box(0, 0, 2400, 2400), (view["west"], view["south"], view["east"], view["north"]), Box(0, 0, 2400, 2400))
    page = Page(2400, 2400, 1, "png")
    plate = Plate(page, style(theme), told, chart)
    plate.ground()
    plate.territory(scene)
    dots = page.pixels().astype(float)
    shot = frame.locator(".leaflet-container").screenshot()
    image = np.asarray(Image.open(_stream(shot)).convert("RGB")).astype(float)
    groups: dict[tuple[int, int, bool], list[Any]] = defaultdict(list)
    for cell, *paint in scene.cells:
        groups[tuple(paint)].append(shapely.make_valid(shapely.Polygon(told["cells"][cell][0])))
    compared = 0
    for paint, faces in groups.items():
        roomiest = shapely.maximum_inscribed_circle(shapely.union_all(faces))
        (lon, lat), (to_lon, to_lat) = shapely.get_coordinates(roomiest)
        x, y = frame.evaluate(POINT, [lat, lon])
        here, rim = chart.point(lat, lon), frame.evaluate(POINT, [to_lat, to_lon])
        if math.dist((x, y), rim) < size:
            continue
        one, other = _tile(image, x, y, size), _tile(dots, here.x, here.y, size)
        if one is not None and other is not None:
            assert np.abs(one.mean(axis=(0, 1)) - other.mean(axis=(0, 1))).max() < NEAR, paint
            compared += 1
    assert compared >= 4


def test_an_svg_looks_as_its_png(watch: Callable[..., Watched], tmp_path: Path) -> None:
    """Chromium, with nothing but the file, draws the SVG as the PNG is drawn: the letters come with it."""
    svg = still(bundled(), date(2024, 12, 6), "1200x630", tmp_path / "a.svg")
    png = still(bundled(), date(2024, 12, 6), "1200x630", tmp_path / "a.png")
    watched = watch(viewport={"width": 1200, "height": 630}, device_scale_factor=1)
    watched.page.goto(svg.as_uri())
    watched.page.wait_for_timeout(300)
    seen = Image.open(_stream(watched.page.screenshot())).convert("L")
    drawn = Image.open(png).convert("L")
    apart = np.abs(np.asarray(seen, dtype=float) - np.asarray(drawn, dtype=float))
    assert apart.mean() < 3
    assert watched.outside == []
    assert [url for url in watched.requests if not url.startswith(("file:", "data:"))] == []


def _stream(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)


def _tile(dots: Any, x: float, y: float, size: int) -> Any:
    """Return the square of dots round a point, None where it is not wholly on the picture."""
    top, left = round(y - size / 2), round(x - size / 2)
    if top < 0 or left < 0 or top + size > dots.shape[0] or left + size > dots.shape[1]:
        return None
    return dots[top : top + size, left : left + size]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_many_cells_are_drawn_on_a_canvas_as_few_are_in_svg(opened: Opened, told: dict[str, Any], theme: str) -> None:
    """Colours, textures and ageing are the same whichever way a map is drawn."""
    beyond = [[[[20.0, 20.0], [20.1, 20.0], [20.0, 20.1]]]] * 800  # nobody holds them, and they are out of sight
    seen = []
    for cells in (told["cells"], [*told["cells"], *beyond]):
        data = {**told, "cells": cells, "fades_after_days": 3}
        watched, frame = opened(data, color_scheme=theme, reduced_motion="reduce")
        assert frame.evaluate("Dateline.app.territory.canvas") == (cells is not told["cells"])
        seen.append(np.asarray(Image.open(io.BytesIO(frame.locator(".dl-stage").screenshot())).convert("RGB"), dtype=float))
        watched.page.close()
    off = np.abs(seen[0] - seen[1]).max(axis=2)
    assert (off > 12).mean() < 0.0005, f"{(off > 12).mean():.4f} of the picture differs"
