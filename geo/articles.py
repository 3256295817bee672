"""Articles: `articles/SLUG.md` -> front matter and body.

A file is UTF-8 text that opens with YAML front matter between two lines of three dashes; the rest is the body, in which spans
are counted in Unicode code points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from geo.days import day_in, day_or_moment
from geo.errors import DatelineError, Problem, StoryError
from geo.tables import read_text

_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n+|\Z)", re.DOTALL | re.MULTILINE)
FIELDS = (
    "source",
    "publisher",
    "title",
    "agency",
    "published",
    "published_basis",
    "published_note",
    "language",
    "url",
    "body",
)
_LONGEST_MATTER = 65_536
_CHOICES = {"published_basis": ("stated", "inferred"), "body": ("summary", "text", "background")}


@dataclass(frozen=True, slots=True)
class Article:
    """One article.

    Attributes
    ----------
    article_id : the file's name without its ending
    source : id of the source that speaks in the article's own voice
    publisher, title, agency : as cited; title "untitled" where the text has none; agency "" where it relays none
    published : the day of publication in the story's time zone
    published_basis : "stated" or "inferred"; published_note says from what
    language : of the original
    url : https address, or ""
    nature : "summary" (our words), "text" (its own), "background" (who held what before the story)
    body : the text that claims rest on
    published_at : the moment of publication, None where only its day is stated
    """

    article_id: str
    source: str
    publisher: str
    title: str
    agency: str
    published: date
    published_basis: str
    published_note: str
    language: str
    url: str
    nature: str
    body: str
    published_at: datetime | None = None

    @property
    def is_background(self) -> bool:
        """Whether it says who held what before the story began."""
        return self.nature == "background"


def read_article(path: Path, name: str, zone: ZoneInfo) -> Article:
    """Return the article in a file.

    Raises
    ------
    StoryError : its problems, each with file and line
    """
    text = read_text(path, name).replace("\r\n", "\n").replace("\r", "\n")
    fields, matter, body = front_matter(text, name)
    if not matter:
        raise StoryError(
            Problem(
                name,
                1,
                "front matter",
                text[:20],
                "An article opens with front matter between two lines of ---.",
                "write --- on the first line, the fields below it, and --- again.",
            )
        )
    problems = list(_problems(fields, body, name, matter))
    published: date | datetime | None = None
    if "published" in fields:
        try:
            published = day_or_moment(fields["published"])
        except DatelineError as error:
            line = _line_of("published", matter)
            problems.append(
                Problem(name, line, "published", fields["published"], str(error), "give the day, or a moment with its offset.")
            )
    if problems or published is None:
        raise StoryError(*problems)
    return Article(
        article_id=path.stem,
        source=fields["source"],
        publisher=fields["publisher"],
        title=fields.get("title", "untitled") or "untitled",
        agency=fields.get("agency", ""),
        published=day_in(published, zone),
        published_basis=fields.get("published_basis", "stated"),
        published_note=fields.get("published_note", ""),
        language=fields.get("language", ""),
        url=fields.get("url", ""),
        nature=fields.get("body", "text"),
        body=body,
        published_at=published if isinstance(published, datetime) else None,
    )


def front_matter(text: str, name: str) -> tuple[dict[str, str], str, str]:
    """Return the fields of a text's front matter, the front matter as it stands, and the body; "" and all where it has none.

    Raises
    ------
    StoryError : the front matter is not a list of fields, each a line of text
    """
    found = _MATTER.match(text)
    if found is None:
        return {}, "", text
    return _fields(found.group(1), name), found.group(1), text[found.end() :]


def _fields(matter: str, name: str) -> dict[str, str]:
    def refuse(line: int | None, value: object, rule: str, mend: str) -> StoryError:
        return StoryError(Problem(name, line, "front matter", str(value), rule, mend))

    if len(matter) > _LONGEST_MATTER:
        rule = f"Front matter has {_LONGEST_MATTER} characters at most."
        raise refuse(1, f"{len(matter)} characters", rule, "close it with --- before the text.")
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(matter, Loader=yaml.BaseLoader)):
            raise refuse(1, "*", "Front matter has no aliases.", "write the value out.")
        fields = yaml.load(matter, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes strings, lists and dicts only
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = min(mark.line, matter.count("\n")) if mark is not None else 0
        rule = f"Front matter must be YAML: {getattr(error, 'problem', None) or 'nested too deeply'}."
        raise refuse(
            line + 2, matter.split("\n")[line], rule, "put values that hold a colon or a bracket in quotes."
        ) from error
    if not isinstance(fields, dict):
        raise refuse(2, fields, "Front matter is a list of fields.", "write one field a line, as published: 2024-12-05.")
    for key, value in fields.items():
        if not isinstance(value, str):
            raise refuse(_line_of(key, matter), value, f"The field {key} is one line of text.", "write it on one line.")
        if re.search(r"[\ud800-\udfff]", value):
            raise refuse(_line_of(key, matter), value, f"The field {key} holds half a character.", "write it out as text.")
    return fields


def _problems(fields: dict[str, str], body: str, name: str, matter: str) -> list[Problem]:
    problems = []

    def say(field: str, rule: str, mend: str) -> None:
        problems.append(Problem(name, _line_of(field, matter), field, fields.get(field, ""), rule, mend))

    for field in ("source", "publisher", "published"):
        if not fields.get(field):
            say(field, "It is required.", f"add a line {field}: … to the front matter.")
    for field, choices in _CHOICES.items():
        if fields.get(field, choices[0]) not in choices:
            say(field, f"It must be one of {', '.join(choices)}.", "choose one of these.")
    for field in fields:
        if field not in FIELDS:
            say(field, f"The fields are {', '.join(FIELDS)}.", "rename or remove this field.")
    if fields.get("url") and not re.fullmatch(r"https?://[^\s<>\"'`{}\\]+", fields["url"]):
        say("url", "It must be an address that starts with https://.", "write the article's address, or leave it empty.")
    if not body.strip():
        say("body text", "An article has a text below its front matter.", "write or paste the text.")
    return problems


def _line_of(field: object, matter: str) -> int | None:
    for number, line in enumerate(matter.split("\n"), start=2):
        if re.match(rf"{re.escape(str(field))}\s*:", line):
            return number
    return 1
