"""Milliseconds of script that one step of the slider takes in Chromium, on the bundled story; kilobytes of what is sent."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from geo.payload import payload
from geo.story import read_story
from geo.timemap import lay

SCRIPT = """() => {
    const { territory, front, moment, story } = Dateline.app, parts = { cells: [], front: [], "whole step": [] };
    const timed = (name, act) => { const began = performance.now(); act(); parts[name].push(performance.now() - began); };
    for (let round = 0; round < 20; round += 1) for (let day = 0; day < story.length; day += 1) {
        moment.day = day;
        timed("cells", () => territory.draw(moment));
        timed("front", () => front.draw(moment));
        timed("whole step", () => { Dateline.app.draw(); Dateline.app.follow(); });
    }
    return Object.fromEntries(Object.entries(parts).map(([name, costs]) => {
        costs.sort((a, b) => a - b);
        return [name, [costs[costs.length >> 1], costs[Math.floor(costs.length * 0.95)]]];
    }));
}"""


def main() -> None:
    """Print the table."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as play:
        folder = Path(made)
        data = payload(read_story("seeds"))
        site = lay(folder, data)
        styles = "".join(f'<link rel="stylesheet" href="{name}">' for name in site.styles)
        scripts = "".join(f'<script src="{name}"></script>' for name in site.scripts)
        body = f'<div data-dateline-map="{site.digest}" style="height:500px"></div>{scripts}'
        head = f'<meta charset="utf-8">{styles}'
        (folder / "index.html").write_text(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>")
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1340, "height": 900})
        page.goto((folder / "index.html").as_uri())
        page.wait_for_function("window.Dateline && Dateline.app && Dateline.app.redrawn !== undefined")
        costs = page.evaluate(SCRIPT)
        browser.close()
        size = (folder / site.story).stat().st_size / 1000
        print(f"{len(data['cells'])} cells, {len(data['days'])} days, payload {size:.0f} kB")
        print(f"{'part':12} {'median ms':>10} {'95 % ms':>10}")
        for name, (median, high) in costs.items():
            print(f"{name:12} {median:10.2f} {high:10.2f}")


if __name__ == "__main__":
    main()
