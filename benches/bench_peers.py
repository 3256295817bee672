"""The time map against what folium and streamlit-folium offer, in one run of Chromium.

Run: make bench, or PYTHONPATH=. python benches/bench_peers.py [bundled] [CELLSxDAYS[xEVERY] ...]
EVERY is the number of days from one article to the next; without it one article tells of all days.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chromium import (
    FRAMES,
    ROOT,
    Counters,
    chromium,
    frame_with,
    median,
    part,
    quiet,
    script_a_step,
    served,
    streamlit,
    wire,
    work_a_step,
)
from peers import Drawn, TooLargeError, choropleth, drawn, libraries, timestamped
from playwright.sync_api import Browser, Page
from synthetic import write_story
from tables import head, row

from geo.payload import compact, payload
from geo.story import read_story
from geo.timemap import lay

SIZES = ("bundled", "1000x365")
STEPS = 220
SLOW_STEPS = 12
READY = "Boolean(window.Dateline && Dateline.app && Dateline.app.redrawn !== undefined)"
OURS = {
    "restyle": """(day) => { const { moment, territory, front } = Dateline.app;
        moment.day = day; territory.draw(moment); front.draw(moment); }""",
    "whole": "(day) => Dateline.app.moment.go({ day })",
}
CHOROPLETH = """(day) => { const input = document.querySelector("input[type=range]");
    input.value = day; input.dispatchEvent(new Event("input", { bubbles: true })); }"""
TIMESTAMPED = """(day) => { window.benched = window.benched || Object.values(window).find((one) => one instanceof L.Map);
    window.benched.timeDimension.setCurrentTimeIndex(day); }"""
PARTS = """() => { // what each part of a step takes, summed: the script alone, without style, layout and paint
    const { app } = Dateline, { moment } = app, found = {}, timed = (name, act) => {
        const began = performance.now(); act(); found[name] = (found[name] || 0) + performance.now() - began; };
    const steps = Math.min(app.story.length, 300);
    for (let day = 0; day < steps; day += 1) {
        moment.day = day;
        timed("cells", () => app.territory.draw(moment));
        timed("front", () => app.front.draw(moment));
        timed("places and names", () => { app.places.draw(moment); app.places.settle(); });
        timed("slider", () => { app.timeline.draw(moment); app.knowledge.draw(moment); app.compare.draw(moment); });
        timed("list", () => { app.list.draw(moment); app.legend.follow(moment); });
    }
    return Object.fromEntries(Object.entries(found).map(([name, all]) => [name, all / steps]));
}"""
PAN = "(at) => Dateline.app.map.panBy([at % 2 ? 60 : -60, at % 2 ? -30 : 30], { animate: false })"
ZOOM = "(at) => { const { map } = Dateline.app; map.setZoom(map.getZoom() + (at % 2 ? -0.5 : 0.5), { animate: false }); }"


def kilobytes(data: bytes) -> str:
    """Return "raw / gzip'd" in kB."""
    return f"{len(data) / 1000:,.0f} / {len(gzip.compress(data)) / 1000:,.0f}"


def walk(length: int, steps: int) -> list[int]:
    """Return day after day, there and back, so many steps."""
    there = [*range(length), *range(length - 2, 0, -1)] or [0]
    return [there[at % len(there)] for at in range(1, steps + 1)]


def ours(folder: Path, data: dict[str, Any]) -> Path:
    """Lay our map as a plain page and return it."""
    site = lay(folder, data)
    styles = "".join(f'<link rel="stylesheet" href="{name}">' for name in site.styles)
    scripts = "".join(f'<script src="{name}"></script>' for name in site.scripts)
    body = f'<div data-dateline-map="{site.digest}"></div>{scripts}'
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{styles}</head><body>{body}</body></html>'
    )
    return folder / "index.html"


def opened(browser: Browser, page: Path, ready: str) -> Page:
    """Open a page of a file and wait until it is drawn."""
    found = browser.new_page(viewport={"width": 1340, "height": 900})
    found.set_default_timeout(120_000)
    found.goto(page.as_uri(), timeout=120_000)
    found.wait_for_function(ready, timeout=120_000)
    found.wait_for_timeout(800)
    return found


def plain_pages(browser: Browser, name: str, data: dict[str, Any], made: Path, names: dict[str, str] | None) -> None:
    """Print what scrubbing costs on pages that need no server: ours, TimeSliderChoropleth, TimestampedGeoJson."""
    what, days = drawn(data), walk(len(data["days"]), STEPS)
    head(
        f"{name}: a step on a plain page",
        "script to restyle, ms",
        "all work, median ms",
        "95 %, ms",
        "map's data, kB raw / gzip",
        "whole page, kB",
    )
    page = ours(made / f"ours-{name}", data)
    shown = opened(browser, page, READY)
    script = script_a_step(shown, OURS["restyle"], days)
    work = work_a_step(browser, shown, OURS["whole"], days)
    files = sorted(page.parent.glob("*.*s"))
    told = compact(data)
    sent = json.dumps(
        {key: told[key] for key in ("corners", "cells", "cell_days", "edges", "edge_days", "days")}, separators=(",", ":")
    ).encode()
    row(
        "Dateline",
        f"{script:.2f}",
        f"{median(work):.1f}",
        f"{part(work, 0.95):.1f}",
        kilobytes(sent),
        kilobytes(b"".join(f.read_bytes() for f in files)),
    )
    parts = shown.evaluate(PARTS)
    frames = {"pan": shown.evaluate(FRAMES, [PAN, 40, 60]), "zoom": shown.evaluate(FRAMES, [ZOOM, 24, 120])}
    shown.close()
    peers: dict[str, tuple[Callable[[Drawn, dict[str, str]], str], str, str]] = {
        "TimeSliderChoropleth": (
            choropleth,
            CHOROPLETH,
            "document.querySelector('input[type=range]') && document.querySelector('path[id]')",
        ),
        "TimestampedGeoJson": (timestamped, TIMESTAMPED, "document.querySelector('.leaflet-overlay-pane path')"),
    }
    best: list[float] = []
    for label, (make, act, ready) in peers.items():
        if names is None:
            row(label, "not measured: npm could not fetch its libraries", "", "", "", "")
            continue
        try:
            text = make(what, names).encode()
            (made / "libraries" / f"{label}.html").write_bytes(text)
            shown = opened(browser, made / "libraries" / f"{label}.html", ready)
        except TooLargeError as error:
            row(label, f"cannot: {error}", "", "", "", "")
            continue
        except Exception as error:  # whatever stops a peer is its result
            row(label, f"gave up: {str(error).splitlines()[0]}", "", "", f"{len(text) / 1000:,.0f}", "")
            continue
        cost = script_a_step(shown, act, days)
        work = work_a_step(browser, shown, act, days)
        best.append(cost)
        row(
            label,
            f"{cost:.2f}",
            f"{median(work):.1f}",
            f"{part(work, 0.95):.1f}",
            kilobytes(text),
            kilobytes(text + _libraries(made, label, names)),
        )
        shown.close()
    print(
        f"\n{len(data['cells'])} cells, {len(data['days'])} days, known at {len(data['known'])} moments; {len(days)} steps.",
        end=" ",
    )
    if best:
        print(f"Restyling: {script / min(best):.2f} of the best peer's script.", end=" ")
    print(
        "Frame in which the map is drawn anew, median ms: "
        + ", ".join(f"{kind} {median(found):.0f}" for kind, found in frames.items())
        + "."
    )
    print("Script of a step by part, ms: " + ", ".join(f"{key} {cost:.2f}" for key, cost in parts.items()) + ".")


def _libraries(made: Path, label: str, names: dict[str, str]) -> bytes:
    needed = {
        "TimeSliderChoropleth": ("d3", "moment"),
        "TimestampedGeoJson": ("jquery-ui-dist", "iso8601-js-period", "leaflet-timedimension", "moment"),
    }
    return b"".join(
        (made / "libraries" / names[name]).read_bytes() for name in ("leaflet", "leaflet_css", "jquery", *needed[label])
    )


def handed(made: Path, name: str, what: Drawn) -> str:
    """Write what is drawn into a file for `peer_app.py` and return its path."""
    file = made / f"drawn-{name}.json"
    file.write_text(json.dumps({"days": what.days, "rings": what.rings, "colours": what.colours}))
    return str(file)


STORY_FILE = """() => performance.getEntriesByType("resource").filter(({ name }) => name.includes("/story-"))
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)"""


def through_streamlit(
    browser: Browser, name: str, folder: Path, data: dict[str, Any], made: Path, names: dict[str, str]
) -> None:
    """Print what Streamlit sends a reader of ours, words and base map and all, and of a TimeSliderChoropleth in st_folium."""
    head(f"{name}: what Streamlit sends", "with the first map, kB", "with each rerun, kB")
    with streamlit(ROOT / "app.py", made, DATELINE_STORY=str(folder)) as server:
        row(
            "Dateline", *_sent(browser, server, READY, lambda frame: frame.get_by_role("slider", name="Day").press("ArrowLeft"))
        )
    settings = {"DRAWN": handed(made, name, drawn(data)), "NAMES": json.dumps(names), "PYTHONPATH": "benches"}
    with (
        served(made / "libraries") as base,
        streamlit(ROOT / "benches/peer_app.py", made, PEER="sliding", LIBRARIES=base, **settings) as server,
    ):
        try:
            ready = "Boolean(document.querySelector('input[type=range]'))"
            place = {"x": 200, "y": 300}
            row(
                "TimeSliderChoropleth in st_folium",
                *_sent(browser, server, ready, lambda frame: frame.locator(".leaflet-container").click(position=place)),
            )
        except TimeoutError as error:
            row("TimeSliderChoropleth in st_folium", f"gave up: {error}", "")


def _sent(browser: Browser, server: Any, ready: str, act: Callable[[Any], object]) -> list[str]:
    """Return the kilobytes with the first map, messages and the story's file as they were sent, and with a rerun."""
    page = browser.new_page(viewport={"width": 1340, "height": 900})
    messages = wire(page)
    page.goto(server.url)
    frame = frame_with(page, ready)
    quiet(page, messages, 2)
    first = sum(size for _, size in messages.received) + frame.evaluate(STORY_FILE)
    messages.clear()
    act(frame)
    quiet(page, messages, 1.5)
    again = sum(size for _, size in messages.received)
    page.close()
    return [f"{first / 1000:,.0f}", f"{again / 1000:,.0f}"]


def rebuilt_pages(browser: Browser, name: str, data: dict[str, Any], made: Path, names: dict[str, str]) -> None:
    """Print what scrubbing costs where streamlit-folium sends each day anew."""
    what = drawn(data)
    given = handed(made, name, what)
    head(
        f"{name}: a step through the server", "until drawn, ms", "script, ms", "all work, ms", "server, ms CPU", "messages, kB"
    )
    with served(made / "libraries") as base:
        for peer, label in (("rebuilt", "st_folium, rebuilt"), ("group", "st_folium, feature_group_to_add")):
            with streamlit(
                ROOT / "benches/peer_app.py",
                made,
                PEER=peer,
                DRAWN=given,
                LIBRARIES=base,
                NAMES=json.dumps(names),
                PYTHONPATH="benches",
            ) as server:
                try:
                    row(label, *_steps(browser, server, len(what.days)))
                except TimeoutError as error:
                    row(label, f"gave up: {error}", "", "", "", "")


def _steps(browser: Browser, server: Any, length: int) -> list[str]:
    page = browser.new_page(viewport={"width": 1340, "height": 900})
    messages = wire(page)
    page.goto(server.url)
    frame_with(page, "Boolean(document.querySelector('path.peer-day-0'))")
    quiet(page, messages)
    thumb = page.get_by_role("slider")
    thumb.focus()
    counters = Counters(page)
    before, cpu, took, size = counters.read(), server.cpu, [], []
    steps = min(SLOW_STEPS, length - 1)
    for day in range(1, steps + 1):
        messages.clear()
        began = time.monotonic()
        thumb.press("ArrowRight")
        frame_with(page, f"Boolean(document.querySelector('path.peer-day-{day}'))", 60)
        took.append(1000 * (time.monotonic() - began))
        quiet(page, messages, 0.4)
        size.append(messages.bytes / 1000)
    after = counters.read()
    each = [1000 * (after[key] - before[key]) / steps for key in ("ScriptDuration", "TaskDuration")]
    page.close()
    return [
        f"{median(took):.0f}",
        *(f"{cost:.0f}" for cost in each),
        f"{1000 * (server.cpu - cpu) / steps:.0f}",
        f"{median(size):,.0f}",
    ]


def story_of(size: str, made: Path) -> tuple[Path, dict[str, Any]]:
    """Return the folder and the payload of a size, and print what it took to make."""
    began = time.monotonic()
    folder = ROOT / "seeds"
    if size != "bundled":
        cells, days, every = (*map(int, size.split("x")), 0)[:3]
        folder = write_story(made / f"story-{size}", cells, days, every=every or days)
    story = read_story(folder)
    read = time.monotonic()
    data = payload(story)
    print(f"\n{size}: {len(story.claims)} claims, read in {read - began:.1f} s, payload in {time.monotonic() - read:.1f} s")
    return folder, data


def main() -> None:
    """Print the tables."""
    print(f"Chromium without a GPU, {len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f} at the start")
    with tempfile.TemporaryDirectory() as temporary, chromium() as browser:
        made = Path(temporary)
        names = libraries(made / "libraries")
        for size in sys.argv[1:] or SIZES:
            folder, data = story_of(size, made)
            plain_pages(browser, size, data, made, names)
            if names is not None:
                through_streamlit(browser, size, folder, data, made, names)
                rebuilt_pages(browser, size, data, made, names)


if __name__ == "__main__":
    main()
