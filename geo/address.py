"""The address of the map: which day, what was known, which place, view, layers, base map, names and theme a link opens.

Read from query parameters or from what the map posts, checked against the story, written back with only what differs
from the default. `geo/assets/address.js` reads and writes the same words.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from geo.backgrounds import CHOICE
from geo.days import in_words, parse_day
from geo.errors import DatelineError, shown
from geo.story import Story
from geo.theatre import named_places

LAYERS = ("modelled", "background", "front", "events")
"""Layers that a reader may switch off."""
LABELS = ("en", "ar", "both")
THEMES = ("light", "dark")
LATEST = "latest"
_VIEW = re.compile(r"(-?\d{1,2}(?:\.\d{1,6})?),(-?\d{1,3}(?:\.\d{1,6})?),(\d{1,2}(?:\.\d{1,3})?)")


@dataclass(frozen=True, slots=True)
class Address:
    """What an address asks for; "" is the default of each.

    Attributes
    ----------
    date : ISO day; "" the last day, whichever that will be
    known : id of a moment of knowledge, as in the payload; "" the latest
    compare : ISO day that the day is compared with; "" none
    place : place_id whose card is open; "" none
    view : "lat,lon,zoom" in degrees and Leaflet's zoom; "" the whole
    off : ids of layers switched off, parted by commas
    ground : id of a base map of pictures, which the reader is offered; "" our own
    labels : "ar" or "both"; "" names in English
    theme : "light" or "dark"; "" that of the page
    """

    date: str = ""
    known: str = ""
    compare: str = ""
    place: str = ""
    view: str = ""
    off: str = ""
    ground: str = ""
    labels: str = ""
    theme: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """The query parameters, only those that differ from the default."""
        return {name: value for name in PARAMETERS if (value := getattr(self, name))}

    def day(self, story: Story) -> datetime.date:
        """Return the day to show."""
        return datetime.date.fromisoformat(self.date) if self.date else story.last_day


PARAMETERS = tuple(field.name for field in fields(Address))


def read_address(story: Story, given: Mapping[str, Any]) -> tuple[Address, list[str]]:
    """Return what is usable of some parameters, and a sentence for each that is not; others than `PARAMETERS` are ignored."""
    usable, faults = {}, []
    for name, rule in _RULES.items():
        value = given.get(name)
        if value is None or value == "":
            continue
        try:
            usable[name] = rule(story, str(value))
        except DatelineError as error:
            faults.append(f"The address asks for {name} “{shown(value)}”. {error}")
    return Address(**usable), faults


def _days(story: Story) -> str:
    return f"The map has the days from {in_words(story.first_day)} to {in_words(story.last_day)}"


def _day(story: Story, value: str) -> str:
    day = parse_day(value)
    if not story.first_day <= day <= story.last_day:
        raise DatelineError("not a day of the story")
    return day.isoformat()


def _date(story: Story, value: str) -> str:
    try:
        return "" if value == LATEST else _day(story, value)
    except DatelineError:
        raise DatelineError(f"{_days(story)}; it shows the last of them.") from None


def _compare(story: Story, value: str) -> str:
    try:
        return _day(story, value)
    except DatelineError:
        raise DatelineError(f"{_days(story)}; it compares no other day.") from None


def _known(story: Story, value: str) -> str:
    ids = [moment.isoformat() for moment in story.moments]
    if value not in ids:
        raise DatelineError("Nothing became known then; it shows what is known now.")
    return "" if value == ids[-1] else value


def _place(story: Story, value: str) -> str:
    if value not in named_places(story) and all(claim.place != value for claim in story.claims.values()):
        raise DatelineError("The map has no such place; it shows the list of the day.")
    return value


def _view(story: Story, value: str) -> str:
    found = _VIEW.fullmatch(value)
    if found:
        lat, lon, zoom = map(float, found.groups())
        if math.fabs(lat) <= 85 and math.fabs(lon) <= 180 and zoom <= 18:
            return value
    raise DatelineError("A view is latitude, longitude and zoom, as 34.8,37.2,6.4; it shows the whole.")


def _off(story: Story, value: str) -> str:
    wanted = {layer for layer in value.split(",") if layer}
    if not wanted <= set(LAYERS):
        raise DatelineError(f"The layers that can be switched off are {', '.join(LAYERS)}; it shows them all.")
    return ",".join(layer for layer in LAYERS if layer in wanted)


def _ground(story: Story, value: str) -> str:
    if value not in CHOICE:
        raise DatelineError(f"The base maps are {', '.join(CHOICE)}; it shows its own.")
    return value


def _labels(story: Story, value: str) -> str:
    if value not in LABELS:
        raise DatelineError("Names are written as en, ar or both; it writes them in English.")
    return "" if value == LABELS[0] else value


def _theme(story: Story, value: str) -> str:
    if value not in THEMES:
        raise DatelineError("A theme is light or dark; it takes that of the page.")
    return value


_RULES: dict[str, Callable[[Story, str], str]] = {
    "date": _date,
    "known": _known,
    "compare": _compare,
    "place": _place,
    "view": _view,
    "off": _off,
    "ground": _ground,
    "labels": _labels,
    "theme": _theme,
}
