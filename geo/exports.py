"""A story -> the files that readers and other people's tools take away: CSV, GeoJSON, KML, and all of its tables as one zip.

The same story gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd

from geo import control
from geo.changes import capital, publishers
from geo.control import control_table, state_on
from geo.days import in_words
from geo.errors import DatelineError, Problem, StoryError
from geo.escaping import csv_cell
from geo.geojson import collection
from geo.kml import kml
from geo.schema import NAME as PACKAGE
from geo.schema import control_schema, package, slug, table_resource
from geo.story import Story
from geo.tables import read_table
from geo.words import status_in_words

FORMATS = {
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "kml": "application/vnd.google-earth.kml+xml",
    "zip": "application/zip",
}
"""What can be had, with its media type; zip is the data package: every table, described."""
ARTICLES = {
    "article_id": "The id that claims name in `article`.",
    "publisher": "Who published it.",
    "title": "Its title, or untitled.",
    "agency": "The agency that it relays, if it does.",
    "source": "Id of the source that speaks in its own voice.",
    "published": "The day of publication, in the story's time zone.",
    "published_basis": "Whether that day is stated or inferred.",
    "published_note": "From what it was inferred.",
    "language": "The language of the original.",
    "url": "Its address, if known.",
    "body": "What the story holds of it: a summary in the editor's words, its text, or the background before the story.",
}
_FIRST, _LAST = ("place_id", "name", "lat", "lon", "precision"), ("disputed_by", "basis")
CONTROL = (*_FIRST, *(column for column in control.COLUMNS if column not in (*_FIRST, *_LAST)), *_LAST)
"""The columns of the control table as it is handed out."""
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SPREADSHEET = "A text that a spreadsheet would take for a formula has an apostrophe before it."


def export(story: Story, form: str, on: date | None = None, known: date | datetime | None = None) -> bytes:
    """Return a story's data in one of `FORMATS`: of one day, by default of all days; as known by a moment, by default now.

    Raises
    ------
    StoryError : the story was retracted
    DatelineError : the story does not show that day, there is no such format, or a data package was asked for one day
    """
    if story.settings.retracted:
        rule = "A retracted story has no data to hand out."
        raise StoryError(
            Problem("story.toml", None, "retracted", story.settings.retracted, rule, "remove the key if it stands.")
        )
    if on is not None and not story.first_day <= on <= story.last_day:
        raise DatelineError(f"The story has no {on}: its days are {story.first_day} to {story.last_day}.")
    if form == "csv":
        table = control_table(story, known)
        return csv_text(control_rows(story, table if on is None else state_on(table, on)), CONTROL).encode()
    if form == "geojson":
        return geojson(collection(story, on, known))
    if form == "kml":
        return kml(story, collection(story, on, known)).encode()
    if form == "zip":
        if on is not None or known is not None:
            raise DatelineError("The data package is the whole story: ask for it without a day.")
        return zipped({name: text.encode() for name, text in data_package(story).items()})
    raise DatelineError(f"“{form}” is no format: choose one of {', '.join(FORMATS)}.")


def geojson(found: Mapping[str, Any]) -> bytes:
    """Return a collection as a GeoJSON file."""
    return (json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def export_name(story: Story, form: str, on: date | None = None, known: date | datetime | None = None) -> str:
    """Return the name of an export's file: the story, the day shown, and the moment of knowledge where one is given."""
    by = ["known", known.isoformat().replace(":", "")] if known else []
    stem = "-".join([story_name(story), *([on.isoformat()] if on else []), *by])
    return f"{stem}.{form}"


def story_name(story: Story) -> str:
    """Return a story's short title as it can stand in the name of a file."""
    return slug(story.settings.short_title)[:80].strip("-") or "story"


def control_rows(story: Story, table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the rows of a control table as plain data, with each place's name and position; `basis` stays a list."""

    def plain(value: Any) -> Any:
        if isinstance(value, bool):
            return value
        if isinstance(value, tuple):
            return ";".join(value) or None
        if value is None or value != value:  # NaN and NaT differ from themselves
            return None
        return value.date().isoformat() if hasattr(value, "date") else value

    for row in ({str(key): value for key, value in row.items()} for row in table.to_dict("records")):
        place = story.places[row["place_id"]]
        yield {
            "place_id": place.place_id,
            "name": place.name,
            "lat": place.lat,
            "lon": place.lon,
            "precision": place.precision,
            **{key: plain(row[key]) for key in row if key not in ("place_id", "basis", "disputed_by")},
            "disputed_by": ";".join(row["disputed_by"]) or None,
            "basis": list(row["basis"]),
        }


def csv_text(rows: Iterable[Mapping[str, Any]], columns: Iterable[str] = ()) -> str:
    """Return rows as CSV that no spreadsheet takes for formulas; lists have ; between. Without rows, only `columns`."""
    rows = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else list(columns), lineterminator="\n")
    if rows or columns:
        writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(";".join(cell) if isinstance(cell, list) else cell) for key, cell in row.items()})
    return out.getvalue()


def _cell(value: object) -> object:
    return value if isinstance(value, str) and _NUMBER.fullmatch(value) else csv_cell(value)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files by name, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)  # its time is that of 1980, for ever
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def data_package(story: Story) -> dict[str, str]:
    """Return the files of a story's data package by name: datapackage.json, its tables, the articles and the control table.

    Drafts, which no editor has reviewed, are left out, and so is what was published after the last day.
    """
    described, files = package(story), dict[str, str]()
    reviewed = {edition.claim.claim_id for edition in story.editions}
    for resource in described["resources"]:
        columns = [field["name"] for field in resource["schema"]["fields"]]
        rows = [row.cells for row in read_table(story.folder / resource["path"], resource["path"], columns, [])]
        if resource["name"] in ("claims", "corrections"):
            rows = [row for row in rows if row.get("claim_id") in reviewed]
        files[resource["path"]] = csv_text(rows, columns)
        resource["description"] += f" {_SPREADSHEET}"
    files["articles.csv"] = articles_csv(story)
    files["control.csv"] = csv_text(control_rows(story, control_table(story)), CONTROL)
    described["resources"] += [
        table_resource("articles", "Articles", "What the claims were read from.", _articles_schema(story))
    ]
    made, *_ = described.pop("outputs")
    described["resources"].append(table_resource("control", made["title"], made["description"], control_schema(story)))
    return {PACKAGE: json.dumps(described, ensure_ascii=False, indent=2) + "\n", **files}


def articles_csv(story: Story) -> str:
    """Return the references of a story's articles as CSV, columns `ARTICLES`; their texts are not in it."""
    rows = []
    for article in story.articles.values():
        row = {column: getattr(article, column, "") for column in ARTICLES}
        rows.append({**row, "published": article.published.isoformat(), "body": article.nature})
    return csv_text(rows, ARTICLES)


def _articles_schema(story: Story) -> dict[str, Any]:
    fields = [
        {
            "name": name,
            "type": "date" if name == "published" else "string",
            "format": "default",
            "title": name.replace("_", " ").capitalize(),
            "description": words,
        }
        for name, words in ARTICLES.items()
    ]
    return {"fields": fields, "missingValues": [""], "primaryKey": ["article_id"]}


def who_holds_what(
    story: Story, table: pd.DataFrame, day: date, written: Callable[[date], str] = in_words
) -> list[dict[str, str]]:
    """Return the control table of a day for readers, a row a place, all in words; what is reported comes first.

    `written` is how a day is written.
    """
    actors, places = story.settings.actors, story.places

    def label(actor: object) -> str:
        return actors[actor].label if isinstance(actor, str) and actor in actors else ""

    def since(value: pd.Timestamp) -> str:
        years = story.first_day.year > value.year and (value.month, value.day) == (1, 1)
        return f"{value:%Y}" if years else written(value.date())

    state = state_on(table, day).sort_values(["background", "place_id"])
    return [
        {
            "Place": capital(places[row["place_id"]].name),
            "Status": status_in_words(story, row),
            "Holder": label(row["holder"]),
            "Since": since(row["since"]),
            "Last confirmed": written(row["last_confirmed"].date()),
            "Disputed by": ", ".join(label(side) or side for side in row["disputed_by"]),
            "Publishers": publishers(story, row["basis"]),
        }
        for row in ({str(key): value for key, value in row.items()} for row in state.to_dict("records"))
    ]
