"""A story's tables described for other people's tools: a Frictionless Data Package (version 1, tabular).

    story -> package(story) -> datapackage.json

The columns and codes are those of the modules that read them, their words those of `geo.codebook`: neither can be there
without the other. Codes stand twice in a field: in `constraints.enum`, which tools check, and with what they mean in
`categories` (a property of version 2 of the standard, which version 1 passes over).
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from geo import claims, codebook, control, corrections, places
from geo.claims import Claim
from geo.codebook import Column
from geo.errors import DatelineError, StoryError
from geo.laws import LAWS
from geo.places import Place
from geo.story import Story
from geo.storyfile import CLASSES
from geo.tables import read_text
from geo.words import STATUSES, TIERS

NAME = "datapackage.json"
WEEK = 7
"""The longest interval, in days, that ACLED's time precision 2 stands for."""
TIME_PRECISION = {"day": 1, "pub": 1, "anaphoric": 1, "range": 2, "week": 2, "by_pub": 2, "standing": 3, "none": 3}
"""The best of ACLED's time precisions that each basis of a claim's days allows."""
AREAS = {"district": 2, "province": 3, "region": 3, "country": 3, "continent": 3}
"""The best of ACLED's geographic precisions that a kind of place allows whose point stands for an area; for others it is 1."""

_Codes = list[dict[str, Any]]


def time_precision(claim: Claim) -> int:
    """Return how exactly a claim's day is known, in ACLED's codes: 1 the day, 2 within a week, 3 less exactly.

    It is the coarser of what the claim's basis allows (`TIME_PRECISION`) and the width of its interval. A claim that lasts is
    so on each of its days, and its width does not count.
    """
    best = TIME_PRECISION[claim.precision]
    if claim.first is None:
        return 3
    days = 1 if claim.lasts else (claim.last - claim.first).days + 1
    return max(best, 1 if days == 1 else 2 if days <= WEEK else 3)


def geo_precision(place: Place) -> int:
    """Return how exactly a place is located, in ACLED's codes: 1 the place itself, 2 near it, 3 a larger region.

    It is the coarser of the position's own precision and what its kind allows (`AREAS`): the exact middle of a country is
    still the whole country.
    """
    return max(place.precision, AREAS.get(place.kind, 1))


def package(story: Story) -> dict[str, Any]:
    """Return the Data Package of a story's folder, as plain data for JSON; it describes those tables that are there.

    Raises
    ------
    DatelineError : the folder has no table
    """
    resources = list(_resources(story))
    if not resources:
        raise DatelineError(f"“{story.folder}” has no table to describe: no places.csv, gazetteer.csv, claims.csv.")
    settings = story.settings
    sources, licences = _sources(story)
    found = {
        "profile": "tabular-data-package",
        "name": slug(settings.short_title) or slug(story.folder.resolve().name) or "story",
        "title": settings.title,
        "description": "\n\n".join([settings.standfirst, *settings.method, *settings.notes]).strip(),
        "language": settings.language,
        "contact": settings.contact,
        "temporal": {
            "start": story.first_day.isoformat(),
            "end": story.last_day.isoformat(),
            "timeZone": settings.zone.key,
        },
        "countries": list(settings.countries),
        "licenses": licences,
        "sources": sources,
        "resources": resources,
        "outputs": [
            {
                "name": "control",
                "title": "The control table",
                "description": "Who holds what, on which days, on whose word: derived from the claims, a row a place and "
                "interval. A text that a spreadsheet would take for a formula has an apostrophe before it.",
                "command": "python -m geo control --format csv",
                "schema": control_schema(story),
            }
        ],
        "codes": {"class": _codes(CLASSES, codebook.SOURCE_CLASSES), "tier": _triples(TIERS)},
        "precision": _precision(),
    }
    return {key: value for key, value in found.items() if value not in ("", [])}


def control_schema(story: Story | None = None) -> dict[str, Any]:
    """Return the Table Schema of what `python -m geo control --format csv` prints; with a story, its actors are listed too."""
    last = ("disputed_by", "basis")
    first = ("place_id", "name", "lat", "lon", "precision")
    columns = (*first, *(column for column in control.COLUMNS if column not in (*first, *last)), *last)
    actors = _actors(story) if story else None
    codes = {
        "precision": _codes((places.EXACT, places.NEAR, places.VAGUE), codebook.PLACE_PRECISIONS),
        "status": _triples(STATUSES),
        "extent": _codes(claims.EXTENTS, codebook.EXTENTS),
        "law": _codes(LAWS, LAWS),
        **({"holder": actors, "contender": actors, "held_before": actors} if actors else {}),
    }
    items = (
        {"disputed_by": [{"value": side.id, "label": side.label} for side in story.settings.sides.values()]} if story else {}
    )
    if story and actors:
        items["contenders"] = actors
    return _schema(columns, codebook.CONTROL, codes, items, ("place_id", "valid_from"))


def _resources(story: Story) -> Iterator[dict[str, Any]]:
    held = {
        name: header
        for name in (*codebook.PLACE_TABLES, "claims", "corrections")
        if (header := _header(story, name)) is not None
    }
    codes: dict[str, _Codes] = {
        "kind": _codes(sorted(places.KINDS), codebook.PLACE_KINDS, acledGeoPrecision=lambda kind: AREAS.get(kind, 1)),
        "precision": _codes((places.EXACT, places.NEAR, places.VAGUE), codebook.PLACE_PRECISIONS),
    }
    for name in [name for name in codebook.PLACE_TABLES if name in held]:
        schema = _schema(_order(held[name], places.COLUMNS), codebook.PLACES, codes, {}, ("place_id",))
        yield table_resource(name, "Places" if name == "places" else "Gazetteer", codebook.PLACE_TABLES[name], schema)
    if "claims" in held:
        schema = _claims_schema(story, _order(held["claims"], claims.COLUMNS))
        told = "What the articles say of each place, who says so and of which days. One that no editor has read counts nothing."
        yield table_resource("claims", "Claims", told, schema)
    if "corrections" in held:
        changeable = [column for column in claims.COLUMNS if column not in corrections.FIXED]
        codes = {
            "action": _codes(corrections.ACTIONS, codebook.ACTIONS),
            "field": [{"value": column, "label": codebook.CLAIMS[column].title} for column in changeable],
        }
        schema = _schema(_order(held["corrections"], corrections.COLUMNS), codebook.CORRECTIONS, codes, {})
        if "claims" in held:
            reference = {"resource": "claims", "fields": ["claim_id"]}
            schema["foreignKeys"] = [{"fields": ["claim_id"], "reference": reference}]
        told = "What was changed after it was shown, when and why. A file with only a header means: nothing so far."
        yield table_resource("corrections", "Corrections", told, schema)


def table_resource(name: str, title: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table, NAME.csv, as an entry of a package's resources."""
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "title": title,
        "description": description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": dict(schema),
    }


def _claims_schema(story: Story, columns: Iterable[str]) -> dict[str, Any]:
    sources = [
        {"value": one.id, "label": one.name, "class": one.kind, "side": one.side, "description": one.why}
        for one in story.settings.sources.values()
    ]
    articles = [
        {
            "value": one.article_id,
            "label": f"{one.publisher}: {one.title}",
            "source": one.source,
            "published": (one.published_at or one.published).isoformat(),
            "publishedBasis": one.published_basis,
            "background": one.is_background,
        }
        for one in story.articles.values()
    ]
    kinds = [*sorted(claims.CHANGING), *sorted(claims.EVENTS)]
    codes = {
        "article": articles,
        "kind": _codes(kinds, codebook.CLAIM_KINDS, changesControl=lambda kind: kind in claims.CHANGING),
        "actor": _actors(story),
        "extent": _codes(claims.EXTENTS, codebook.EXTENTS),
        "date_precision": _codes(claims.PRECISIONS, codebook.DATE_PRECISIONS, acledTimePrecision=TIME_PRECISION.__getitem__),
        "standing": _codes(claims.STANDINGS, codebook.STANDINGS),
        "implied": _codes(("yes",), codebook.IMPLIED),
        "modality": _codes(claims.MODALITIES, codebook.MODALITIES),
        "relation": _codes(claims.RELATIONS, codebook.RELATIONS),
    }
    return _schema(columns, codebook.CLAIMS, codes, {"against": codes["actor"], "claimant": sources}, ("claim_id",))


def _schema(
    columns: Iterable[str],
    words: Mapping[str, Column],
    codes: Mapping[str, _Codes],
    items: Mapping[str, _Codes],
    key: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return a Table Schema: `codes` are those of columns with one code a cell, `items` of those with ; between them.

    Codes that several columns share are explained in the first of them.
    """
    fields, told = [], set()
    for column in columns:
        field = _field(column, words.get(column), codes.get(column), items.get(column))
        for key_of_codes in ("categories", "itemCategories"):
            if id(field.get(key_of_codes)) in told:
                del field[key_of_codes]
        told |= {id(known) for known in (codes.get(column), items.get(column)) if known}
        fields.append(field)
    return {"fields": fields, "missingValues": [""], **({"primaryKey": list(key)} if key else {})}


def _field(name: str, column: Column | None, codes: _Codes | None, items: _Codes | None) -> dict[str, Any]:
    if column is None:
        return {"name": name, "type": "string", "format": "default", "title": name, "description": "Dateline does not read it."}
    found: dict[str, Any] = {"name": name, "type": column.type, "format": "default"}
    found |= {"title": column.title, "description": column.description}
    constraints = dict(column.constraints)
    if codes:
        constraints["enum"] = [code["value"] for code in codes]
        found["categories"] = codes
    if items:
        one = "|".join(re.escape(code["value"]) for code in items)
        constraints["pattern"] = rf"\s*({one})(\s*;\s*({one}))*\s*"
        found["delimiter"], found["itemCategories"] = ";", items
    return {**found, **({"constraints": constraints} if constraints else {})}


def _codes(codes: Iterable[Any], words: Mapping[Any, str], **more: Any) -> _Codes:
    """Return codes with their meaning, the empty one left out, and with what each of `more` returns for a code."""
    return [
        {
            "value": code,
            "label": str(code).replace("_", " ") if isinstance(code, str) else words[code].partition(":")[0],
            "description": words[code],
            **{key: of(code) for key, of in more.items()},
        }
        for code in codes
        if code != ""
    ]


def _triples(rows: Iterable[tuple[str, str, str]]) -> _Codes:
    return [{"value": value, "label": label, "description": description} for value, label, description in rows]


def _actors(story: Story) -> _Codes:
    return [
        {"value": one.id, "label": one.label, "side": one.side, "holdsGround": one.holds_ground}
        for one in story.settings.actors.values()
    ]


def _precision() -> dict[str, Any]:
    return {
        "after": "The precision codes of ACLED (Armed Conflict Location & Event Data), in our words.",
        "time": {
            "codes": [{"value": value, "description": said} for value, said in codebook.ACLED_TIME.items()],
            "fromDatePrecision": {code: TIME_PRECISION[code] for code in claims.PRECISIONS},
            "rule": f"The coarser of this and the interval's width: one day is 1, up to {WEEK} days 2, more, or no first "
            "day, 3. The width of a claim that is so throughout, or since, its first day does not count. The day to use is "
            "the last possible one, where ACLED takes the middle of the interval.",
        },
        "geographic": {
            "codes": [{"value": value, "description": said} for value, said in codebook.ACLED_PLACE.items()],
            "fromPrecision": {str(value): value for value in (places.EXACT, places.NEAR, places.VAGUE)},
            "bestOfKind": AREAS,
            "rule": "The coarser of the two: from the place's precision, and the best that its kind allows (1 for all others).",
        },
    }


def _sources(story: Story) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return where the data comes from: the known providers with their licences, and the story's own attribution."""
    said = "\n".join([*story.settings.attribution, *{place.source for place in story.listed}])
    known = [entry for name, entry in codebook.PROVIDERS.items() if name in said]
    own = [{"title": line} for line in story.settings.attribution]
    return [*(dict(source) for source, _ in known), *own], [dict(licence) for _, licence in known]


def _header(story: Story, name: str) -> list[str] | None:
    """Return the header of one of the story's tables, None where the table is absent or cannot be read."""
    try:
        text = read_text(story.folder / f"{name}.csv", f"{name}.csv")
        return [cell.strip() for cell in next(csv.reader(io.StringIO(text, newline="")), [])]
    except (StoryError, csv.Error):
        return None


def _order(header: Iterable[str], columns: Iterable[str]) -> list[str]:
    """Return a table's columns as its header has them, then those that it should have and lacks."""
    return list(dict.fromkeys([*filter(None, header), *columns]))


def slug(text: str) -> str:
    """Return a text as it can stand in the name of a file or a package: small ASCII letters, figures and hyphens."""
    plain = unicodedata.normalize("NFKD", text.replace("–", "-")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
