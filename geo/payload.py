"""A story -> the payload: everything that the map in a browser is given, as plain data.

Days are indexes into `days`; places, actors, sources, articles and claims are indexes into their lists; None is "none".
States, cells and edges come once for every entry of `known`, the days on which something became known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from geo.claims import EVENTS, Claim
from geo.control import control_table
from geo.errors import condensed
from geo.laws import LAWS
from geo.places import EXACT, Place
from geo.story import Story
from geo.theatre import Theatre, named_places
from geo.words import STATUSES, TIERS, claim_in_words, notes_on, status_in_words

SCHEMA = 1
_STOP_SHORT = 0.16
"""The part of an arrow's length that it ends before its goal: it points at a place, it has not reached it."""


@dataclass(frozen=True)
class _Book:
    """A story with the index of each of its entries."""

    story: Story

    @cached_property
    def days(self) -> dict[date, int]:
        return {day: index for index, day in enumerate(self.story.days)}

    @cached_property
    def claims(self) -> list[Claim]:
        return sorted(
            self.story.claims.values(), key=lambda claim: (claim.reported, claim.article, claim.start, claim.claim_id)
        )

    @cached_property
    def places(self) -> list[Place]:
        claimed = {claim.place for claim in self.claims}
        return [self.story.places[key] for key in sorted(claimed | named_places(self.story))]

    @cached_property
    def index(self) -> dict[str, dict[str, int]]:
        """For each list of the payload: id -> index."""
        settings = self.story.settings
        lists: dict[str, Iterable[str]] = {
            "places": (place.place_id for place in self.places),
            "actors": settings.actors,
            "sources": settings.sources,
            "articles": self.story.articles,
            "claims": (claim.claim_id for claim in self.claims),
        }
        return {name: {key: index for index, key in enumerate(ids)} for name, ids in lists.items()}

    def at(self, name: str, key: object) -> int | None:
        return self.index[name].get(key) if isinstance(key, str) else None

    def actor_of_side(self, side: str) -> int | None:
        """Return the actor that stands for a side: the one of its id, else its first."""
        actors = self.story.settings.actors
        return self.at("actors", side if side in actors else next((key for key in actors if actors[key].side == side), None))

    def day(self, day: date) -> int:
        """Return the index of a day, clipped to the days shown."""
        return self.days.get(day, 0 if day < self.story.first_day else len(self.days))


def payload(story: Story) -> dict[str, Any]:
    """Return the payload of a story. Its `digest` changes whenever anything else in it does."""
    book = _Book(story)
    settings = story.settings
    tables = [control_table(story, known) for known in story.known_days]
    theatre = Theatre(story)
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "title": settings.title,
        "standfirst": settings.standfirst,
        "method": list(settings.method),
        "notes": list(settings.notes),
        "contact": settings.contact,
        "attribution": list(settings.attribution),
        "time_zone": settings.zone.key,
        "clock": settings.clock,
        "days": [day.isoformat() for day in story.days],
        "counts": _counts(book),
        "articles_a_day": [
            sum(a.published == day and not a.is_background for a in story.articles.values()) for day in story.days
        ],
        "known": [book.day(day) for day in story.known_days],
        "view": _view(book),
        "actors": [
            {key: getattr(actor, key) for key in ("id", "label", "short", "side", "colour", "dark", "texture")}
            for actor in settings.actors.values()
        ],
        "sources": [
            {"id": s.id, "name": s.name, "class": s.kind, "side": book.actor_of_side(s.side) if s.side else None, "why": s.why}
            for s in settings.sources.values()
        ],
        "articles": _articles(book),
        "places": [_place(book, place) for place in book.places],
        "claims": [_claim(book, claim) for claim in book.claims],
        "statuses": [{"id": key, "label": label, "means": means} for key, label, means in STATUSES],
        "laws": LAWS,
        "tiers": [{"id": key, "label": label, "means": means} for key, label, means in TIERS],
        "states": [_states(book, table, known) for table, known in zip(tables, story.known_days, strict=True)],
        "events": _events(book, tables[-1]),
        "basemap": {"type": "FeatureCollection", "features": story.basemap.features},
        "problems": [problem.as_dict() for problem in condensed(story.problems)],
        **theatre.payload(tables, book.index["actors"]),
    }
    text = json.dumps(data, sort_keys=True, ensure_ascii=True)
    return {**data, "digest": hashlib.sha256(text.encode()).hexdigest()[:12]}


def _counts(book: _Book) -> list[int]:
    """Return the number of reports a day: claims first told on it, a relay of one already counted left out."""
    counts = [0] * len(book.days)
    for claim in book.claims:
        if claim.reported in book.days and claim.relation != "relay" and not claim.background:
            counts[book.days[claim.reported]] += 1
    return counts


def _articles(book: _Book) -> list[dict[str, Any]]:
    return [
        {
            "id": article.article_id,
            "publisher": article.publisher,
            "agency": article.agency,
            "title": article.title,
            "published": article.published.isoformat(),
            "basis": article.published_basis,
            "basis_note": article.published_note,
            "url": article.url,
            "day": book.days.get(article.published),
            "background": article.is_background,
            "summary": article.nature == "summary",
            "body": article.body,
        }
        for article in book.story.articles.values()
    ]


def _place(book: _Book, place: Place) -> dict[str, Any]:
    told = any(claim.place == place.place_id and not claim.background for claim in book.claims)
    big = place.population >= 250_000
    return {
        "id": place.place_id,
        "name": place.name,
        "arabic": place.arabic,
        "kind": place.kind,
        "lat": place.lat,
        "lon": place.lon,
        "precision": place.precision,
        "rank": 1 if told and place.precision == EXACT else 2 if told or big else 3,
        "note": _note(book, place),
    }


def _note(book: _Book, place: Place) -> str:
    if place.place_id in book.story.settings.no_status:
        return "This map gives the place no holder: it is part of the background, and what is reported of it is an event."
    return "" if place.precision == EXACT else "The reports do not say exactly where."


def _claim(book: _Book, claim: Claim) -> dict[str, Any]:
    story = book.story
    return {
        "id": claim.claim_id,
        "article": book.at("articles", claim.article),
        "text": claim.text,
        "start": claim.start,
        "place": book.at("places", claim.place),
        "kind": claim.kind,
        "actor": book.at("actors", claim.actor),
        "against": [book.at("actors", actor) for actor in claim.against],
        "extent": claim.extent,
        "from": claim.first.isoformat() if claim.first else None,
        "to": claim.last.isoformat() if claim.last else None,
        "date_precision": claim.precision,
        "standing": claim.standing,
        "reported": book.day(claim.reported) if claim.reported >= story.first_day else -1,
        "claimant": book.at("sources", claim.claimants[0]),
        "claimants": [book.at("sources", source) for source in claim.claimants],
        "modality": claim.modality,
        "relation": claim.relation,
        "words": claim_in_words(story, claim),
        "denied_by": [book.at("claims", denial.claim_id) for denial in book.claims if _denies(story, denial, claim)],
        "denies": [book.at("claims", other.claim_id) for other in book.claims if _denies(story, claim, other)],
        "note": claim.note,
    }


def _denies(story: Story, denial: Claim, claim: Claim) -> bool:
    """Return whether one claim denies another: a denial of a gain, or an attack beaten back on the day of an entry."""
    if denial.place != claim.place or denial.claim_id == claim.claim_id or claim.modality == "denied":
        return False
    losers = {story.side_of(actor) for actor in denial.against}
    if story.side_of(claim.actor) not in losers or denial.last is None or claim.last is None:
        return False
    if denial.modality == "denied":
        return claim.kind in ("captured", "controls", "entered") and claim.last <= denial.last
    return denial.kind == "repelled" and claim.kind == "entered" and claim.last == denial.last


def _states(book: _Book, table: pd.DataFrame, known: date) -> list[dict[str, Any]]:
    story, found = book.story, []
    for place, rows in table.groupby("place_id", sort=True):
        claims = [claim for claim in book.claims if claim.place == place and claim.reported <= known]
        spans = []
        for row in rows.to_dict("records"):
            first = max(row["valid_from"].date(), story.first_day)
            end = len(book.days) if pd.isna(row["valid_to"]) else book.day(row["valid_to"].date())
            if book.day(first) < end and first <= story.last_day:
                spans.append(
                    _span(book, {str(key): value for key, value in row.items()}, claims, first, story.days[end - 1], end)
                )
        if spans:
            found.append({"place": book.at("places", place), "spans": spans})
    return found


def _span(book: _Book, row: dict[str, Any], claims: list[Claim], first: date, last: date, end: int) -> dict[str, Any]:
    def day(value: object) -> str | None:
        return value.date().isoformat() if isinstance(value, pd.Timestamp) and pd.notna(value) else None

    return {
        "day": book.day(first),
        "end": end,
        "status": row["status"],
        "holder": book.at("actors", row["holder"]),
        "contender": book.at("actors", row["contender"]),
        "extent": row["extent"] if isinstance(row["extent"], str) else "",
        "disputed": [book.actor_of_side(side) for side in row["disputed_by"]],
        "background": bool(row["background"]),
        "words": status_in_words(book.story, row),
        "since": day(row["since"]),
        "since_year_only": book.story.first_day.year > row["since"].year and (row["since"].month, row["since"].day) == (1, 1),
        "before": book.at("actors", row["held_before"]),
        "confirmed": day(row["last_confirmed"]),
        "possible": day(row["possible_from"]),
        "why": row["law"],
        "notes": notes_on(book.story, row, claims, first, last),
        "basis": [book.at("claims", claim) for claim in row["basis"]],
    }


def _events(book: _Book, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what happened without changing control; the same thing told twice stands once, with its first claim."""
    found: dict[tuple[str, str, int, int], dict[str, Any]] = {}
    for index, claim in sorted(enumerate(book.claims), key=lambda item: (item[1].relation == "relay", item[0])):
        place = book.story.places[claim.place]
        if claim.kind not in EVENTS or claim.last is None or place.kind in ("country", "continent"):
            continue
        if claim.last < book.story.first_day:
            continue
        first = claim.last if claim.precision == "by_pub" else claim.first or claim.last
        day, end = book.day(first), min(book.day(claim.last) + 1, len(book.days))
        if day < end:
            start = _came_from(book, claim, table) if claim.kind == "advancing" else None
            event = {
                "claim": index,
                "kind": claim.kind,
                "place": book.at("places", claim.place),
                "day": day,
                "end": end,
                "at": _short_of(start, place) if start else [place.lat, place.lon],
                "from": [start.lat, start.lon] if start else None,
            }
            found.setdefault((claim.kind, claim.place, day, end), event)
    return list(found.values())


def _came_from(book: _Book, claim: Claim, table: pd.DataFrame) -> Place | None:
    """Return the nearest place that the advancing side holds on the day, where an arrow starts; None for a region."""
    goal, day = book.story.places[claim.place], pd.Timestamp(claim.last)
    if goal.kind in ("region", "province"):
        return None
    held = table[(table["valid_from"] <= day) & ~(table["valid_to"] <= day) & table["status"].isin(["control", "reported"])]
    side = book.story.side_of(claim.actor)
    places = [
        book.story.places[row.place_id]
        for row in held.itertuples()
        if book.story.side_of(row.holder) == side and book.story.places[row.place_id].is_settlement
    ]
    return min(places, key=lambda place: (place.lat - goal.lat) ** 2 + (place.lon - goal.lon) ** 2, default=None)


def _short_of(start: Place, goal: Place) -> list[float]:
    part = 1 - _STOP_SHORT
    return [round(start.lat + part * (goal.lat - start.lat), 4), round(start.lon + part * (goal.lon - start.lon), 4)]


def _view(book: _Book) -> dict[str, float]:
    """Return the bounds of what is reported, in degrees, with a margin; of all places where nothing is."""
    told = {claim.place for claim in book.claims if not claim.background}
    places = [p for p in book.places if p.place_id in told and p.kind not in ("country", "continent", "region", "province")]
    if not places:
        outline = book.story.basemap.outline
        west, south, east, north = (-180.0, -60.0, 180.0, 75.0) if outline.is_empty else outline.bounds
        return {"south": south, "west": west, "north": north, "east": east}
    lats, lons = [place.lat for place in places], [place.lon for place in places]
    return {"south": min(lats) - 0.3, "west": min(lons) - 0.6, "north": max(lats) + 0.3, "east": max(lons) + 0.6}
