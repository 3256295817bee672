"""A TOML file -> values of the expected type, and the problem with its line of every value that is not.

A key that cannot be read gives a fallback that claims nothing, so that one slip never costs the rest of the file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from geo.errors import Problem

ID = re.compile(r"[a-z][a-z0-9_-]{0,63}")
"""What an id may look like."""
_MENDS = {bool: "write true or false.", str: "write a text in quotes.", list: 'write a list, as ["…", "…"].'}


@dataclass(slots=True)
class TomlFile:
    """A TOML file as text, and its tables once `parse` has read them.

    Attributes
    ----------
    name : what the file is called in messages
    problems : list that is appended to
    """

    name: str
    text: str
    problems: list[Problem]
    lines: list[str] = field(default_factory=list)
    top: dict[str, Any] = field(default_factory=dict)

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
        """Add the problem of a key's value."""
        field = f"{table}.{key}" if table else key
        self.problems.append(Problem(self.name, self.line_of(key, table, number), field, str(value), rule, mend))

    def parse(self) -> bool:
        """Read the tables of the file into `top`, leaving out lines that are not TOML; return whether anything was left."""
        self.lines = self.text.split("\n")
        lines = list(self.lines)
        for _ in range(50):
            try:
                self.top = tomllib.loads("\n".join(lines).replace("\r\n", "\n"))
                return True
            except (tomllib.TOMLDecodeError, RecursionError) as error:
                found = re.search(r"\(at line (\d+)", str(error))
                line = min(int(found.group(1)), len(lines)) if found else len(lines)
                if isinstance(error, RecursionError):  # it names no line: the one with the most brackets is to blame
                    line = 1 + max(range(len(lines)), key=lambda at: lines[at].count("[") + lines[at].count("{"))
                while line > 1 and not lines[line - 1].strip():
                    line -= 1
                if not lines[line - 1].strip():
                    break
                rule = re.sub(r"\s*\(at .*", "", str(error)) or "too deep"
                mend = "correct this line: key = value, texts in quotes, days without; it was left out."
                self.problems.append(Problem(self.name, line, "TOML", lines[line - 1].strip(), f"{rule}.", mend))
                lines[line - 1] = ""
        return False

    def known_keys(self, keys: Iterable[str]) -> None:
        """Add a problem for every key at the top that is none of these."""
        for key in sorted(set(self.top) - set(keys)):
            self.say(key, "…", f"The keys are {', '.join(keys)}.", "rename or remove this key; it is not read.")

    def rows(self, table: str, fields: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield number and fields of each entry of an array of tables, with the fallbacks given for what is absent."""
        rows = self.top.get(table, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.say(table, rows, f"It is an array of tables [[{table}]].", f"write each entry below a line [[{table}]].")
            return
        seen: set[str] = set()
        for number, row in enumerate(rows):

            def say(key: str, rule: str, mend: str, number: int = number, row: dict[str, Any] = row) -> None:
                self.say(key, row.get(key, ""), rule, mend, table, number)

            for key in sorted(set(row) - set(fields)):
                say(key, f"The keys are {', '.join(fields)}.", "rename or remove this key.")
            if not isinstance(row.get("id"), str) or not ID.fullmatch(row["id"]):
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
                        say(key, "It has the wrong type.", _MENDS[type(fallback)])
                yield number, clean

    def table(self, key: str) -> dict[str, Any]:
        """Return a table, empty where there is none."""
        value = self.top.get(key, {})
        if isinstance(value, dict):
            return value
        self.say(key, value, f"It is a table [{key}].", f"write its keys below a line [{key}].")
        return {}

    def words(self, key: str, fallback: str = "") -> str:
        """Return a text."""
        value = self.top.get(key, fallback)
        if isinstance(value, str):
            return value
        self.say(key, value, "It is a text.", f'write {key} = "…".')
        return str(fallback)

    def texts(self, key: str, pattern: str = r"(?s).*\S.*", what: str = "texts in quotes") -> tuple[str, ...]:
        """Return the texts of a list that fit a pattern."""
        value = self.top.get(key, [])
        values = value if isinstance(value, list) else [value]
        good = tuple(item for item in values if isinstance(item, str) and re.fullmatch(pattern, item))
        for item in values:
            if item not in good:
                self.say(key, item, f"It is a list of {what}.", f'write {key} = ["…", "…"].')
        return good

    def day(self, key: str, *, needed: bool = True) -> date | None:
        """Return a day, None where there is none."""
        value = self.top.get(key)
        if isinstance(value, date) and not isinstance(value, datetime) and date.min.year < value.year < date.max.year:
            return value
        if value is not None or needed:
            self.say(key, "" if value is None else value, "It is a day.", f"write {key} = 2024-12-05, without quotes.")
        return None

    def km(self, table: str, key: str, fallback: float) -> float:
        """Return a distance in kilometres, above 0 and up to 500."""
        value = self.table(table).get(key, fallback)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= 500:
            return float(value)
        self.say(
            key, value, "It is a distance in kilometres, above 0 and up to 500.", f"write {key} = {fallback:g}.", "territory"
        )
        return fallback

    def zone(self, key: str) -> ZoneInfo:
        """Return a time zone; UTC where it is none."""
        value = self.top.get(key, "")
        try:
            return ZoneInfo(str(value))
        except (KeyError, ValueError, OSError):
            self.say(
                "time_zone", value, "It is a name of the IANA database.", 'write time_zone = "Asia/Damascus"; UTC meanwhile.'
            )
            return ZoneInfo("UTC")
