"""The same days of the same cells, drawn by what folium and streamlit-folium offer, for `bench_peers.py`.

Peers get the polygons and colours of our own payload and nothing else: no names, lists or sources. Their libraries come from
npm's packages; what they would load and not need (Bootstrap, icons) is left out, in their favour.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import folium
import xstatic.pkg.leaflet
from folium.plugins import TimeSliderChoropleth, TimestampedGeoJson

PACKAGES = {
    "d3@4.13.0": "build/d3.min.js",
    "jquery@3.7.1": "dist/jquery.min.js",
    "jquery-ui-dist@1.12.1": "jquery-ui.min.js",
    "moment@2.18.1": "min/moment.min.js",
    "iso8601-js-period@0.2.1": "iso8601.js",
    "leaflet-timedimension@1.1.1": "dist/leaflet.timedimension.min.js",
}
LARGEST = 64_000_000
"""Bytes of a page beyond which a peer is not tried: its own JSON alone takes Chromium longer than a reader waits."""


@dataclass(frozen=True)
class Drawn:
    """What is drawn: rings of each cell, and for each cell and day a colour, "" for none."""

    days: tuple[str, ...]
    rings: tuple[tuple[Any, ...], ...]
    colours: tuple[tuple[str, ...], ...]

    @property
    def entries(self) -> int:
        """The number of cells with a colour, summed over days."""
        return sum(1 for history in self.colours for colour in history if colour)


class TooLargeError(ValueError):
    """A peer's page would be larger than is tried."""


def drawn(payload: dict[str, Any]) -> Drawn:
    """Return what our map draws of cells, as known at the last moment; only cells that are ever coloured."""
    days, colours, rings = payload["days"], [], []
    fill = {index: actor["colour"] for index, actor in enumerate(payload["actors"])}
    for cell, changes in payload["cell_days"][-1]:
        history, held = [], ""
        turns = {change[0]: fill.get(change[1], "") for change in changes}
        for day in range(len(days)):
            held = turns.get(day, held)
            history.append(held)
        colours.append(tuple(history))
        rings.append(tuple(payload["cells"][cell]))
    return Drawn(tuple(days), tuple(rings), tuple(colours))


def libraries(folder: Path) -> dict[str, str] | None:
    """Fetch the peers' libraries with npm into a folder; return the name of each file, None where that cannot be done."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for package, inside in PACKAGES.items():
        name = package.split("@")[0]
        made = subprocess.run([npm, "pack", "--silent", package], cwd=folder, capture_output=True, text=True, check=False)
        if made.returncode:
            return None
        with tarfile.open(folder / made.stdout.split()[-1]) as packed:
            member = packed.extractfile(f"package/{inside}")
            assert member is not None  # noqa: S101 - the packages' versions are fixed above
            (folder / f"{name}.js").write_bytes(member.read())
        found[name] = f"{name}.js"
    leaflet = Path(xstatic.pkg.leaflet.BASE_DIR)
    for suffix in ("js", "css"):
        shutil.copy(leaflet / f"leaflet.{suffix}", folder)
    return {**found, "leaflet": "leaflet.js", "leaflet_css": "leaflet.css"}


def chart(names: dict[str, str], base: str = "") -> folium.Map:
    """Return a bare folium map, its libraries at our own addresses."""
    found = folium.Map([34.8, 38], zoom_start=7, tiles=None)
    found.default_js = [(name, base + names[name]) for name in ("leaflet", "jquery")]
    found.default_css = [("leaflet_css", base + names["leaflet_css"])]
    return found


def sliding(what: Drawn, names: dict[str, str], base: str = "") -> TimeSliderChoropleth:
    """Return a TimeSliderChoropleth: a style for each cell and day, so that a step in either direction holds.

    Raises
    ------
    TooLargeError : the page would be larger than is tried
    """
    style = len('"1735689600": {"color": "#009e73", "opacity": 0.7}, ')
    _refuse(len(what.rings) * len(what.days) * style)
    stamps = [str(int(_noon(day))) for day in what.days]
    styles = {
        str(cell): {
            stamp: {"color": colour or "#ffffff", "opacity": 0.7 if colour else 0}
            for stamp, colour in zip(stamps, history, strict=True)
        }
        for cell, history in enumerate(what.colours)
    }
    layer = TimeSliderChoropleth(json.dumps({"type": "FeatureCollection", "features": list(_features(what))}), styledict=styles)
    layer.default_js = [("d3v4", base + names["d3"]), ("moment", base + names["moment"])]
    return layer


def choropleth(what: Drawn, names: dict[str, str]) -> str:
    """Return the page of a TimeSliderChoropleth.

    Raises
    ------
    TooLargeError : the page would be larger than is tried
    """
    page = chart(names)
    sliding(what, names).add_to(page)
    return str(page.get_root().render())


def timestamped(what: Drawn, names: dict[str, str]) -> str:
    """Return the page of a TimestampedGeoJson: a feature for each cell and day, shown for one day.

    Raises
    ------
    TooLargeError : the page would be larger than is tried
    """
    shape = sum(len(json.dumps(rings[:1])) for rings in what.rings) / max(1, len(what.rings))
    _refuse(int(what.entries * (shape + 140)))
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": list(rings[:1])},
            "properties": {"times": [day], "style": {"fillColor": colour, "fillOpacity": 0.7, "weight": 0.8}},
        }
        for rings, history in zip(what.rings, what.colours, strict=True)
        for day, colour in zip(what.days, history, strict=True)
        if colour
    ]
    layer = TimestampedGeoJson(
        {"type": "FeatureCollection", "features": features}, period="P1D", duration="P1D", auto_play=False, add_last_point=False
    )
    needed = ("jquery-ui-dist", "iso8601-js-period", "leaflet-timedimension", "moment")
    layer.default_js = [(name, names[name]) for name in needed]
    layer.default_css = []
    page = chart(names)
    layer.add_to(page)
    return str(page.get_root().render())


def of_day(what: Drawn, day: int) -> dict[str, Any]:
    """Return the coloured cells of a day as GeoJSON; each says its colour and the day."""
    features = []
    for cell, (feature, history) in enumerate(zip(_features(what), what.colours, strict=True)):
        if history[day]:
            features.append({**feature, "id": cell, "properties": {"colour": history[day], "day": day}})
    return {"type": "FeatureCollection", "features": features}


def _features(what: Drawn) -> Iterator[dict[str, Any]]:
    for cell, rings in enumerate(what.rings):
        yield {
            "type": "Feature",
            "id": str(cell),
            "properties": {},
            "geometry": {"type": "Polygon", "coordinates": list(rings[:1])},
        }


def _noon(day: str) -> float:
    return (date.fromisoformat(day) - date(1970, 1, 1)).days * 86400 + 43200


def _refuse(size: int) -> None:
    if size > LARGEST:
        raise TooLargeError(f"its page would have about {size / 1e6:,.0f} MB; it is not tried above {LARGEST / 1e6:.0f} MB")
