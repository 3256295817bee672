"""story.toml -> the words, days, actors and sources of a story.

A key that cannot be read gives a problem and a fallback that claims nothing, so that one slip never takes the map down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from geo.errors import Problem, StoryError
from geo.tables import read_text
from geo.tomlfile import TomlFile

NAME = "story.toml"
CLASSES = (
    "agency",
    "broadcaster",
    "newspaper",
    "tabloid",
    "aggregator",
    "state agency",
    "monitor",
    "party",
    "unnamed",
    "reference",
)
TEXTURES = ("none", "diagonal", "back", "cross", "dots", "horizontal", "vertical")
_LONGEST_TITLE = 200
LONGEST_STORY = 36_600  # days
_GREY = "#767676"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Side:
    """A side of the conflict; an actor with the same id stands for "of that side, group not named"."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: label and short name in words, side, colours as #rrggbb, texture, and whether it can hold ground."""

    id: str
    label: str
    short: str
    side: str
    colour: str
    dark: str
    texture: str
    holds_ground: bool


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so: name, one of `CLASSES`, the side it is on ("" for none), and why it is classed so."""

    id: str
    name: str
    kind: str
    side: str
    why: str


@dataclass(frozen=True, slots=True)
class Disputed:
    """An area that a country administers beyond its recognised borders: drawn as base map, and held by nobody.

    Attributes
    ----------
    name, note : in words
    administered_by : ISO 3166-1 alpha-2
    line, old_line : what its inner and its outer edge are called
    """

    name: str
    note: str
    administered_by: str
    line: str = ""
    old_line: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What story.toml says. Distances are kilometres, days are days in `zone`.

    `retracted` says why the story was taken back, "" where it stands.
    A status is aged when it was last confirmed more than `fades_after_days` before the day shown; None: nothing ever is.
    """

    title: str
    short_title: str
    standfirst: str
    language: str
    zone: ZoneInfo
    clock: str
    countries: tuple[str, ...]
    neighbours: tuple[str, ...]
    first_day: date | None
    last_day: date | None
    contact: str
    retracted: str
    method: tuple[str, ...]
    attribution: tuple[str, ...]
    notes: tuple[str, ...]
    no_status: frozenset[str]
    disputed: tuple[Disputed, ...]
    cell_radius_km: float
    reach_km: float
    fades_after_days: int | None
    sides: dict[str, Side]
    hostile: frozenset[frozenset[str]]
    actors: dict[str, Actor]
    sources: dict[str, Source]


_TOP: dict[str, Any] = {
    "title": "",
    "short_title": "",
    "standfirst": "",
    "language": "en",
    "time_zone": "UTC",
    "clock": "",
    "countries": [],
    "neighbours": [],
    "first_day": None,
    "last_day": None,
    "contact": "",
    "retracted": "",
    "method": [],
    "attribution": [],
    "notes": [],
    "no_status": [],
    "fades_after_days": None,
    "disputed": [],
    "territory": {},
    "sides": [],
    "hostile": {},
    "actors": [],
    "sources": [],
}
_ROWS: dict[str, dict[str, Any]] = {
    "sides": {"id": "", "label": ""},
    "actors": {
        "id": "",
        "label": "",
        "short": "",
        "side": "",
        "colour": _GREY,
        "dark": _GREY,
        "texture": "none",
        "holds_ground": True,
    },
    "disputed": {"id": "", "name": "", "note": "", "administered_by": "", "line": "", "old_line": ""},
    "sources": {"id": "", "name": "", "class": "unnamed", "side": "", "why": ""},
}


KEYS = (*_TOP, *(key for row in _ROWS.values() for key in row), "cell_radius_km", "reach_km", "pairs")
"""Every key that the file may have, at the top or in a table."""


def read_settings(folder: Path, problems: list[Problem]) -> Settings:
    """Return what a story's story.toml says.

    Raises
    ------
    StoryError : the file is absent, unreadable, or so broken that nothing can be read
    """
    file = TomlFile(NAME, read_text(folder / NAME, NAME), problems)
    if not file.parse():
        raise StoryError(*problems)
    top = file.top
    file.known_keys(_TOP)
    sides = {row["id"]: Side(row["id"], row["label"] or row["id"]) for _, row in file.rows("sides", _ROWS["sides"])}
    if not (isinstance(top.get("title"), str) and top["title"].strip()):
        file.say("title", top.get("title", ""), "A story has a title.", 'write title = "…".')
        top["title"] = folder.resolve().name
    title = file.words("title")
    if len(title) > _LONGEST_TITLE:
        file.say("title", title, f"A title has {_LONGEST_TITLE} characters at most; the rest is left out.", "shorten it.")
        title = f"{title[:_LONGEST_TITLE]}…"
    first, last = file.day("first_day"), file.day("last_day")
    if first and last and first > last:
        file.say("last_day", last, "The last day is not before the first.", "exchange or correct the two days.")
        first, last = last, first
    if first and last and (last - first).days > LONGEST_STORY:
        file.say("last_day", last, "A story has at most a hundred years.", "correct the year.")
        first = last = None  # which of the two is wrong, the articles tell
    return Settings(
        title=title,
        short_title=file.words("short_title") or title,
        standfirst=file.words("standfirst"),
        language=file.words("language"),
        zone=file.zone("time_zone"),
        clock=file.words("clock"),
        countries=file.texts("countries", r"[A-Z]{2}", "codes of ISO 3166-1 alpha-2, as SY"),
        neighbours=file.texts("neighbours", r"[A-Z]{2}", "codes of ISO 3166-1 alpha-2, as LB"),
        first_day=first,
        last_day=last,
        contact=file.words("contact"),
        retracted=file.words("retracted").strip(),
        method=file.texts("method"),
        attribution=file.texts("attribution"),
        notes=file.texts("notes"),
        no_status=frozenset(file.texts("no_status")),
        disputed=tuple(
            Disputed(**{key: value for key, value in row.items() if key != "id"})
            for _, row in file.rows("disputed", _ROWS["disputed"])
        ),
        cell_radius_km=file.km("territory", "cell_radius_km", 12.0),
        reach_km=file.km("territory", "reach_km", 25.0),
        fades_after_days=_fades(file),
        sides=sides,
        hostile=_hostile(file, sides),
        actors={actor.id: actor for actor in _actors(file, sides)},
        sources={source.id: source for source in _sources(file, sides)},
    )


def _fades(file: TomlFile) -> int | None:
    value = file.top.get("fades_after_days")
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LONGEST_STORY):
        return value
    rule = f"It is a whole number of days, from 1 to {LONGEST_STORY}; nothing fades meanwhile."
    file.say("fades_after_days", value, rule, "write fades_after_days = 7, or leave it out: then nothing fades.")
    return None


def _actors(file: TomlFile, sides: dict[str, Side]) -> Iterator[Actor]:
    for number, row in file.rows("actors", _ROWS["actors"]):

        def say(key: str, rule: str, mend: str, row: dict[str, Any] = row, number: int = number) -> None:
            file.say(key, row[key], rule, mend, "actors", number)

        if row["side"] not in sides:
            say("side", f"It must be a side: {', '.join(sides)}.", "name a side that stands under [[sides]].")
            row["side"] = row["id"]
        for key in ("colour", "dark"):
            if not _COLOUR.fullmatch(row[key]):
                say(key, "A colour is # and six hexadecimal digits.", "write it as #009e73; grey is shown meanwhile.")
                row[key] = _GREY
        if row["texture"] not in TEXTURES:
            say("texture", f"It must be one of {', '.join(TEXTURES)}.", "choose one of these.")
            row["texture"] = "none"
        label = row["label"] or row["id"]
        yield Actor(
            row["id"],
            label,
            row["short"] or label,
            row["side"],
            row["colour"].lower(),
            row["dark"].lower(),
            row["texture"],
            row["holds_ground"],
        )


def _sources(file: TomlFile, sides: dict[str, Side]) -> Iterator[Source]:
    for number, row in file.rows("sources", _ROWS["sources"]):
        if row["class"] not in CLASSES:
            rule = f"It must be one of {', '.join(CLASSES)}."
            file.say("class", row["class"], rule, "choose one; it counts as unnamed meanwhile.", "sources", number)
            row["class"] = "unnamed"
        if row["side"] and row["side"] not in sides:
            rule = f"It must be empty or a side: {', '.join(sides)}."
            file.say("side", row["side"], rule, "name a side; the source counts as unnamed meanwhile.", "sources", number)
            row["side"], row["class"] = "", "unnamed"
        yield Source(row["id"], row["name"] or row["id"], row["class"], row["side"], row["why"])


def _hostile(file: TomlFile, sides: dict[str, Side]) -> frozenset[frozenset[str]]:
    pairs = file.table("hostile").get("pairs", [])
    good = set()
    for pair in pairs if isinstance(pairs, list) else [pairs]:
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(side, str) and side in sides for side in pair):
            good.add(frozenset(pair))
        else:
            file.say(
                "pairs",
                pair,
                f"A pair names two of {', '.join(sides)}.",
                'write it as ["opposition", "government"].',
                "hostile",
            )
    return frozenset(pair for pair in good if len(pair) == 2)
