"""Backgrounds of pictures from outside that a reader may choose: whose they are, where they lie, how they are credited.

None is loaded until a reader chooses it: each picture asked for tells its provider that somebody looks at this map, and where.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import xyzservices.providers  # type: ignore[import-untyped] # folium's list of tile providers; ships no types

CHOICE = {
    "osm": ("OpenStreetMap.Mapnik", "OpenStreetMap"),
    "topo": ("OpenTopoMap", "OpenTopoMap (relief)"),
    "satellite": ("Esri.WorldImagery", "Esri, satellite pictures"),
    "grey": ("Esri.WorldGrayCanvas", "Esri, pale grey"),
}
"""id -> the provider's name in xyzservices, and what readers call it. CARTO's, which were free, want a key now."""
_FILLED = ("url", "attribution", "html_attribution", "name", "max_zoom", "subdomains")


@dataclass(frozen=True, slots=True)
class Background:
    """One background.

    Attributes
    ----------
    background_id, label : its id in an address, what readers call it
    url : https address of a picture, as Leaflet fills it: {z}, {x}, {y}, and {s} for one of `subdomains`
    subdomains : letters, "" where the address has no {s}
    max_zoom : the nearest zoom of which there are pictures
    credit : who is to be named, as (words, link or "") in their order
    """

    background_id: str
    label: str
    url: str
    subdomains: str
    max_zoom: int
    credit: tuple[tuple[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the background as plain data for the map's script."""
        return {
            "id": self.background_id,
            "label": self.label,
            "url": self.url,
            "subdomains": self.subdomains,
            "max_zoom": self.max_zoom,
            "credit": [list(part) for part in self.credit],
        }


def backgrounds(providers: Mapping[str, Mapping[str, Any]] | None = None) -> tuple[Background, ...]:
    """Return the backgrounds that can be offered, in their order; one that is gone, or that wants a key, is left out.

    Parameters
    ----------
    providers : by name, as xyzservices lists them (by default its own list): url, attribution, max_zoom ...
    """
    listed = xyzservices.providers.flatten() if providers is None else providers
    found = []
    for key, (name, label) in CHOICE.items():
        background = _background(key, label, listed[name]) if name in listed else None
        if background is not None:
            found.append(background)
    return tuple(found)


def _background(key: str, label: str, provider: Mapping[str, Any]) -> Background | None:
    url = str(provider["url"])
    for name, value in provider.items():
        if name not in _FILLED and isinstance(value, str):
            if f"{{{name}}}" in url and value.startswith("<insert"):
                return None  # a key that the publisher would have to have
            url = url.replace(f"{{{name}}}", value)
    url = url.replace("{r}", "")
    if not url.startswith("https://"):
        return None
    subdomains = str(provider.get("subdomains", "abc")) if "{s}" in url else ""
    reader = _Credit()
    reader.feed(str(provider.get("html_attribution") or provider.get("attribution", "")))
    reader.close()
    return Background(key, label, url, subdomains, int(provider.get("max_zoom", 18)), tuple(reader.parts))


class _Credit(HTMLParser):
    """The words of an attribution with their links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple[str, str]] = []
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._link = ""

    def handle_data(self, data: str) -> None:
        self.parts.append((data, self._link))
