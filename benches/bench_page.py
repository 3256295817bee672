"""The Streamlit page beside a bare st_folium page, bundled story: first map, a commit, and what scrubbing asks of the server.

Run: make bench, or PYTHONPATH=. python benches/bench_page.py
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from chromium import ROOT, Wire, chromium, frame_with, median, quiet, served, streamlit, wire
from peers import libraries
from playwright.sync_api import Browser, Page
from tables import head, row

READY = "Boolean(window.Dateline && Dateline.app && Dateline.app.redrawn !== undefined)"


def with_server(browser: Browser, made: Path, names: dict[str, str] | None) -> None:
    """Print first map, commit and scrubbing of our Streamlit page beside a bare st_folium page."""
    head(
        "the Streamlit page, bundled story",
        "first map, ms",
        "a commit, ms",
        "a commit, kB to the reader / back",
        "messages a scrubbed step",
        "server, ms CPU a scrubbed step",
    )
    found: dict[str, tuple[float, float]] = {}
    with streamlit(ROOT / "app.py", made, DATELINE_STORY="seeds") as server:
        first = _first(browser, server.url, READY)
        page = browser.new_page(viewport={"width": 1340, "height": 900})
        messages = wire(page)
        page.goto(server.url)
        frame = frame_with(page, READY)
        quiet(page, messages, 2)
        slider, took, size = frame.get_by_role("slider", name="Day"), [], []
        for at in range(9):
            messages.clear()
            slider.press("ArrowLeft" if at % 2 == 0 else "ArrowRight")
            quiet(page, messages, 1.2)
            took.append(1000 * messages.seconds)
            size.append(_ways(messages))
        scrubbed, cpu = _scrub(page, frame, messages, server)
        page.close()
        found["ours"] = first, median(took)
        row("Dateline", f"{first:.0f}", f"{median(took):.0f}", _both(size), scrubbed, f"{cpu:.1f}")
    if names is None:
        return
    with (
        served(made / "libraries") as base,
        streamlit(
            ROOT / "benches/peer_app.py",
            made,
            PEER="bare",
            DRAWN="",
            LIBRARIES=base,
            NAMES=json.dumps(names),
            PYTHONPATH="benches",
        ) as server,
    ):
        drawn_map = "Boolean(document.querySelector('.leaflet-map-pane'))"
        first = _first(browser, server.url, drawn_map)
        page = browser.new_page(viewport={"width": 1340, "height": 900})
        messages = wire(page)
        page.goto(server.url)
        frame = frame_with(page, drawn_map)
        quiet(page, messages, 2)
        took, size = [], []
        for at in range(9):
            messages.clear()
            frame.locator(".leaflet-container").click(position={"x": 200 + 30 * at, "y": 200})
            quiet(page, messages, 1.2)
            took.append(1000 * messages.seconds)
            size.append(_ways(messages))
        page.close()
        row("a bare st_folium page", f"{first:.0f}", f"{median(took):.0f}", _both(size), "", "")
    ratios = found["ours"][0] / first, found["ours"][1] / median(took)
    print(f"\nFirst map {ratios[0]:.2f} times, a commit {ratios[1]:.2f} times that of the bare page.")


def _ways(messages: Wire) -> tuple[int, int]:
    """Return the bytes of messages to the reader and back."""
    return sum(size for _, size in messages.received), sum(size for _, size in messages.sent)


def _both(sizes: list[tuple[int, int]]) -> str:
    return " / ".join(f"{median([one[way] for one in sizes]) / 1000:.2f}" for way in (0, 1))


def _first(browser: Browser, url: str, ready: str) -> float:
    """Return the median milliseconds until a new reader sees the map; the first, for whom the server starts up, is left out."""
    took = []
    for _ in range(6):
        context = browser.new_context(viewport={"width": 1340, "height": 900})
        page = context.new_page()
        began = time.monotonic()
        page.goto(url, wait_until="commit")
        frame_with(page, ready)
        took.append(1000 * (time.monotonic() - began))
        context.close()
    return median(took[1:])


def _scrub(page: Page, frame: Any, messages: Any, server: Any) -> tuple[str, float]:
    """Return messages and milliseconds of the server a step, while the slider is dragged and not released."""
    box = frame.get_by_role("slider", name="Day").bounding_box()
    y, moves = box["y"] + box["height"] / 2, 100
    page.mouse.move(box["x"] + 14, y)
    page.mouse.down()
    quiet(page, messages, 2)
    messages.clear()
    idle = server.cpu
    page.wait_for_timeout(3000)
    idle, began, start = server.cpu - idle, server.cpu, time.monotonic()
    for at in range(moves):
        page.mouse.move(box["x"] + 14 + (box["width"] - 28) * ((at % 20) / 19), y)
        page.wait_for_timeout(25)
    used = server.cpu - began - idle * (time.monotonic() - start) / 3
    count = len(messages.sent) + len(messages.received)
    page.mouse.up()
    return f"{count / moves:g}", 1000 * max(0.0, used) / moves


def main() -> None:
    """Print the table."""
    print(f"Chromium without a GPU, {len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f} at the start")
    with tempfile.TemporaryDirectory() as temporary, chromium() as browser:
        made = Path(temporary)
        with_server(browser, made, libraries(made / "libraries"))


if __name__ == "__main__":
    main()
