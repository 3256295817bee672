"""story.toml -> the words, days, actors and sources of a story.

A key that cannot be read gives a problem and a fallback that claims nothing, so that one slip never takes the map down.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from geo.errors import Problem, StoryError
from geo.tables import read_text

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
_GREY = "#767676"
_ID = re.compile(r"[a-z][a-z0-9_-]{0,63}")
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
    """What story.toml says. Distances are kilometres, days are days in `zone`."""

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
    method: tuple[str, ...]
    attribution: tuple[str, ...]
    notes: tuple[str, ...]
    no_status: frozenset[str]
    disputed: tuple[Disputed, ...]
    cell_radius_km: float
    reach_km: float
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
    "method": [],
    "attribution": [],
    "notes": [],
    "no_status": [],
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


@dataclass(slots=True)
class _Reader:
    text: str
    problems: list[Problem]
    lines: list[str] = field(default_factory=list)

    def line_of(self, key: str, table: str = "", number: int = 0) -> int | None:
        """Return the line of a key, in the number-th table of an array where one is given."""
        inside, seen = table == "", -1
        for line, words in enumerate(self.lines, start=1):
            header = re.match(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?", words)
            if header:
                seen += header.group(1) == table
                inside = header.group(1) == table and seen == number
                if inside and not key:
                    return line
            elif inside and re.match(rf"\s*{re.escape(key)}\s*=", words):
                return line
        return self.line_of("", table, number) if table and key else None

    def say(self, key: str, value: object, rule: str, mend: str, table: str = "", number: int = 0) -> None:
        name = f"{table}.{key}" if table else key
        self.problems.append(Problem(NAME, self.line_of(key, table, number), name, str(value), rule, mend))


def read_settings(folder: Path, problems: list[Problem]) -> Settings:
    """Return what a story's story.toml says.

    Raises
    ------
    StoryError : the file is absent, unreadable, or so broken that nothing can be read
    """
    reader = _Reader(read_text(folder / NAME, NAME), problems)
    top = _parse(reader)
    for key in sorted(set(top) - set(_TOP)):
        reader.say(key, "…", f"The keys are {', '.join(_TOP)}.", "rename or remove this key; it is not read.")
    sides = {row["id"]: Side(row["id"], row["label"] or row["id"]) for _, row in _rows(reader, top, "sides")}
    if not (isinstance(top.get("title"), str) and top["title"].strip()):
        reader.say("title", top.get("title", ""), "A story has a title.", 'write title = "…".')
        top["title"] = folder.resolve().name
    territory = _table(reader, top, "territory")
    title = _words(reader, top, "title")
    first, last = _day(reader, top, "first_day"), _day(reader, top, "last_day")
    if first and last and first > last:
        reader.say("last_day", last, "The last day is not before the first.", "exchange or correct the two days.")
        first, last = last, first
    if first and last and (last - first).days > 36_600:
        reader.say("last_day", last, "A story has at most a hundred years.", "correct the year.")
        last = None
    return Settings(
        title=title,
        short_title=_words(reader, top, "short_title") or title,
        standfirst=_words(reader, top, "standfirst"),
        language=_words(reader, top, "language"),
        zone=_zone(reader, top),
        clock=_words(reader, top, "clock"),
        countries=_list(reader, top, "countries", r"[A-Z]{2}", "codes of ISO 3166-1 alpha-2, as SY"),
        neighbours=_list(reader, top, "neighbours", r"[A-Z]{2}", "codes of ISO 3166-1 alpha-2, as LB"),
        first_day=first,
        last_day=last,
        contact=_words(reader, top, "contact"),
        method=_list(reader, top, "method"),
        attribution=_list(reader, top, "attribution"),
        notes=_list(reader, top, "notes"),
        no_status=frozenset(_list(reader, top, "no_status")),
        disputed=tuple(
            Disputed(**{key: value for key, value in row.items() if key != "id"}) for _, row in _rows(reader, top, "disputed")
        ),
        cell_radius_km=_km(reader, territory, "cell_radius_km", 12.0),
        reach_km=_km(reader, territory, "reach_km", 25.0),
        sides=sides,
        hostile=_hostile(reader, top, sides),
        actors={actor.id: actor for actor in _actors(reader, top, sides)},
        sources={source.id: source for source in _sources(reader, top, sides)},
    )


def _parse(reader: _Reader) -> dict[str, Any]:
    """Return the tables of the file, leaving out lines that are not TOML."""
    reader.lines = reader.text.split("\n")
    lines = list(reader.lines)
    for _ in range(50):
        try:
            return tomllib.loads("\n".join(lines).replace("\r\n", "\n"))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            found = re.search(r"\(at line (\d+)", str(error))
            line = min(int(found.group(1)), len(lines)) if found else len(lines)
            while line > 1 and not lines[line - 1].strip():
                line -= 1
            if not lines[line - 1].strip():
                break
            rule = re.sub(r"\s*\(at .*", "", str(error)) or "too deep"
            mend = "correct this line: key = value, texts in quotes, days without; it was left out."
            reader.problems.append(Problem(NAME, line, "TOML", lines[line - 1].strip(), f"{rule}.", mend))
            lines[line - 1] = ""
    raise StoryError(*reader.problems)


def _rows(reader: _Reader, top: dict[str, Any], table: str) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = top.get(table, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        reader.say(table, rows, f"It is an array of tables [[{table}]].", f"write each entry below a line [[{table}]].")
        return
    seen: set[str] = set()
    for number, row in enumerate(rows):
        fields = _ROWS[table]

        def say(key: str, rule: str, mend: str, number: int = number, row: dict[str, Any] = row) -> None:
            reader.say(key, row.get(key, ""), rule, mend, table, number)

        for key in sorted(set(row) - set(fields)):
            say(key, f"The keys are {', '.join(fields)}.", "rename or remove this key.")
        if not isinstance(row.get("id"), str) or not _ID.fullmatch(row["id"]):
            say("id", "An id is lower-case letters, digits, - and _.", "give the entry an id, as hts_led.")
        elif row["id"] in seen:
            say("id", "An id stands once.", "give this entry an id of its own.")
        else:
            seen.add(row["id"])
            clean = dict(fields)
            for key, fallback in fields.items():
                if isinstance(row.get(key, fallback), type(fallback)):
                    clean[key] = row.get(key, fallback)
                else:
                    say(
                        key, "It has the wrong type.", "write true or false." if fallback is True else "write a text in quotes."
                    )
            yield number, clean


def _actors(reader: _Reader, top: dict[str, Any], sides: dict[str, Side]) -> Iterator[Actor]:
    for number, row in _rows(reader, top, "actors"):

        def say(key: str, rule: str, mend: str, row: dict[str, Any] = row, number: int = number) -> None:
            reader.say(key, row[key], rule, mend, "actors", number)

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


def _sources(reader: _Reader, top: dict[str, Any], sides: dict[str, Side]) -> Iterator[Source]:
    for number, row in _rows(reader, top, "sources"):
        if row["class"] not in CLASSES:
            rule = f"It must be one of {', '.join(CLASSES)}."
            reader.say("class", row["class"], rule, "choose one; it counts as unnamed meanwhile.", "sources", number)
            row["class"] = "unnamed"
        if row["side"] and row["side"] not in sides:
            rule = f"It must be empty or a side: {', '.join(sides)}."
            reader.say("side", row["side"], rule, "name a side; the source counts as unnamed meanwhile.", "sources", number)
            row["side"], row["class"] = "", "unnamed"
        yield Source(row["id"], row["name"] or row["id"], row["class"], row["side"], row["why"])


def _hostile(reader: _Reader, top: dict[str, Any], sides: dict[str, Side]) -> frozenset[frozenset[str]]:
    pairs = _table(reader, top, "hostile").get("pairs", [])
    good = set()
    for pair in pairs if isinstance(pairs, list) else [pairs]:
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(side, str) and side in sides for side in pair):
            good.add(frozenset(pair))
        else:
            reader.say(
                "pairs",
                pair,
                f"A pair names two of {', '.join(sides)}.",
                'write it as ["opposition", "government"].',
                "hostile",
            )
    return frozenset(pair for pair in good if len(pair) == 2)


def _table(reader: _Reader, top: dict[str, Any], key: str) -> dict[str, Any]:
    value = top.get(key, {})
    if isinstance(value, dict):
        return value
    reader.say(key, value, f"It is a table [{key}].", f"write its keys below a line [{key}].")
    return {}


def _words(reader: _Reader, top: dict[str, Any], key: str) -> str:
    value = top.get(key, _TOP[key])
    if isinstance(value, str):
        return value
    reader.say(key, value, "It is a text.", f'write {key} = "…".')
    return str(_TOP[key])


def _list(
    reader: _Reader, top: dict[str, Any], key: str, pattern: str = r"(?s).*\S.*", what: str = "texts in quotes"
) -> tuple[str, ...]:
    value = top.get(key, [])
    values = value if isinstance(value, list) else [value]
    good = tuple(item for item in values if isinstance(item, str) and re.fullmatch(pattern, item))
    for item in values:
        if item not in good:
            reader.say(key, item, f"It is a list of {what}.", f'write {key} = ["…", "…"].')
    return good


def _day(reader: _Reader, top: dict[str, Any], key: str) -> date | None:
    value = top.get(key)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    reader.say(key, "" if value is None else value, "It is a day.", f"write {key} = 2024-12-05, without quotes.")
    return None


def _km(reader: _Reader, table: dict[str, Any], key: str, fallback: float) -> float:
    value = table.get(key, fallback)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= 500:
        return float(value)
    reader.say(
        key, value, "It is a distance in kilometres, above 0 and up to 500.", f"write {key} = {fallback:g}.", "territory"
    )
    return fallback


def _zone(reader: _Reader, top: dict[str, Any]) -> ZoneInfo:
    value = top.get("time_zone", "")
    try:
        return ZoneInfo(str(value))
    except (KeyError, ValueError, OSError):
        reader.say(
            "time_zone", value, "It is a name of the IANA database.", 'write time_zone = "Asia/Damascus"; UTC meanwhile.'
        )
        return ZoneInfo("UTC")
