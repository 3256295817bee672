"""A story -> the payload: everything that the map in a browser is given, as plain data.

Days are indexes into `days`; places, actors, sources, articles and claims are indexes into their lists; None is "none".
A claim that was amended stands once for each of its editions. States, cells and edges come once for every entry of `known`,
the moments at which something became known or was corrected.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import pandas as pd

from geo.claims import EVENTS, Claim
from geo.control import WITHOUT_STATUS, control_tables
from geo.corrections import Edition
from geo.days import day_in, moment_in_words
from geo.errors import condensed
from geo.laws import LAWS
from geo.mesh import folded
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
    def editions(self) -> list[Edition]:
        shown = (edition for edition in self.story.editions if edition.until is None or edition.known < edition.until)
        return sorted(
            shown,
            key=lambda one: (one.claim.reported, one.claim.article, one.claim.start, one.claim.claim_id, one.known),
        )

    @cached_property
    def claims(self) -> list[Claim]:
        return [edition.claim for edition in self.editions]

    @cached_property
    def spans(self) -> list[tuple[int, int | None]]:
        """For each claim the moments between which it stands: the first, and the one before which it ends."""
        instants = [self.story.instant(moment) for moment in self.story.moments]
        return [
            (bisect_left(instants, one.known), bisect_left(instants, one.until) if one.until else None) for one in self.editions
        ]

    @cached_property
    def standing(self) -> list[dict[str, int]]:
        """For each moment of knowledge: claim_id -> index of the claim as it stood then."""
        last = len(self.story.moments)
        found: list[dict[str, int]] = [{} for _ in self.story.moments]
        for index, (claim, (first, end)) in enumerate(zip(self.claims, self.spans, strict=True)):
            for moment in range(first, last if end is None else end):
                found[moment][claim.claim_id] = index
        return found

    @cached_property
    def at_place(self) -> dict[str, list[int]]:
        """For each place the indexes of its claims."""
        found: dict[str, list[int]] = {}
        for index, claim in enumerate(self.claims):
            found.setdefault(claim.place, []).append(index)
        return found

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
    tables = list(control_tables(story))
    theatre = Theatre(story)
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "title": settings.title,
        "standfirst": settings.standfirst,
        "method": list(settings.method),
        "notes": list(settings.notes),
        "contact": settings.contact,
        "attribution": list(settings.attribution),
        "fades_after_days": settings.fades_after_days,
        "time_zone": settings.zone.key,
        "clock": settings.clock,
        "days": [day.isoformat() for day in story.days],
        "counts": _counts(book),
        "articles_a_day": [
            sum(a.published == day and not a.is_background for a in story.articles.values()) for day in story.days
        ],
        "known": [_moment(book, moment) for moment in story.moments],
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
        "claims": [_claim(book, index) for index in range(len(book.claims))],
        "corrections": _corrections(book),
        "statuses": [{"id": key, "label": label, "means": means} for key, label, means in STATUSES],
        "laws": LAWS,
        "tiers": [{"id": key, "label": label, "means": means} for key, label, means in TIERS],
        "states": _all_states(book, tables),
        "events": _events(book, tables[-1]),
        "basemap": {"type": "FeatureCollection", "features": story.basemap.features},
        "problems": [problem.as_dict() for problem in condensed(story.problems)],
        **theatre.payload(tables, book.index["actors"]),
    }
    text = json.dumps(compact(data), sort_keys=True, ensure_ascii=True)
    return {**data, "digest": hashlib.sha256(text.encode()).hexdigest()[:12]}


def compact(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return a payload as it is sent: of each moment of knowledge only what differs from the moment before, each corner once.

    What is no longer there is sent empty. The page unfolds it again.
    """
    states = [{entry["place"]: entry["spans"] for entry in entries} for entries in payload.get("states", ())]
    less: dict[str, list[list[Any]]] = {
        "states": [[{"place": place, "spans": spans} for place, spans in changed] for changed in _differences(states)]
    }
    for name in ("cell_days", "edge_days"):
        less[name] = [[[key, told] for key, told in changed] for changed in _differences(map(dict, payload.get(name, ())))]
    mesh = folded(payload["cells"], payload["edges"]) if "cells" in payload else {}
    return {**payload, **{name: told for name, told in less.items() if name in payload}, **mesh}


def _differences(moments: Iterable[dict[int, list[Any]]]) -> Iterator[list[tuple[int, list[Any]]]]:
    before: dict[int, list[Any]] = {}
    for now in moments:
        keys = sorted(now.keys() | before.keys())
        yield [(key, now.get(key, [])) for key in keys if now.get(key, []) != before.get(key, [])]
        before = now


def _moment(book: _Book, known: date | datetime) -> dict[str, Any]:
    zone = book.story.settings.zone
    day = day_in(known, zone)
    return {
        "id": known.isoformat(),
        "day": book.days.get(day, len(book.days)),
        "words": moment_in_words(known, zone),
        "corrected": isinstance(known, datetime),
    }


def _corrections(book: _Book) -> list[dict[str, Any]]:
    """Return what was corrected in claims that had been shown, in order of time."""
    zone = book.story.settings.zone
    rows = [
        (one.corrected_at, index, end, one)
        for index, (edition, (_, end)) in enumerate(zip(book.editions, book.spans, strict=True))
        for one in edition.ended_by
    ]
    return [
        {
            "claim": index,
            "known": end,
            "at": moment_in_words(at, zone),
            "action": one.action,
            "field": one.field,
            "before": one.before,
            "after": one.after,
            "why": one.why,
        }
        for at, index, end, one in sorted(rows, key=lambda row: row[:2])
    ]


def _counts(book: _Book) -> list[int]:
    """Return the number of reports a day: claims first told on it, a relay of one already counted left out."""
    counts = [0] * len(book.days)
    for claim in book.story.claims.values():
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
        "aliases": list(place.aliases),
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


def _claim(book: _Book, index: int) -> dict[str, Any]:
    story, claim, (first, end) = book.story, book.claims[index], book.spans[index]

    def others(chosen: Callable[[Claim], bool]) -> list[int]:
        return [
            other
            for other in book.at_place[claim.place]
            if chosen(book.claims[other]) and _together(book.spans[index], book.spans[other])
        ]

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
        "to": claim.last.isoformat(),
        "date_precision": claim.precision,
        "standing": claim.standing,
        "reported": book.day(claim.reported) if claim.reported >= story.first_day else -1,
        "claimant": book.at("sources", claim.claimants[0]),
        "claimants": [book.at("sources", source) for source in claim.claimants],
        "modality": claim.modality,
        "relation": claim.relation,
        "words": claim_in_words(story, claim),
        "denied_by": others(lambda denial: _denies(story, denial, claim)),
        "denies": others(lambda other: _denies(story, claim, other)),
        "note": claim.note,
        "known": [first, end],
    }


def _together(one: tuple[int, int | None], other: tuple[int, int | None]) -> bool:
    """Return whether two claims stand at one moment of knowledge."""
    return (other[1] is None or one[0] < other[1]) and (one[1] is None or other[0] < one[1])


def _denies(story: Story, denial: Claim, claim: Claim) -> bool:
    """Return whether one claim denies another: a denial of a gain, or an attack beaten back on the day of an entry."""
    if denial.claim_id == claim.claim_id or claim.modality == "denied":
        return False
    losers = {story.side_of(actor) for actor in denial.against}
    if story.side_of(claim.actor) not in losers:
        return False
    if denial.modality == "denied":
        return claim.kind in ("captured", "controls", "entered") and claim.last <= denial.last
    return denial.kind == "repelled" and claim.kind == "entered" and claim.last == denial.last


def _all_states(book: _Book, tables: list[pd.DataFrame]) -> list[list[dict[str, Any]]]:
    """Return the states of every moment of knowledge; where nothing new is known of a place it has the states it had."""
    changed: list[set[str]] = [set() for _ in [*tables, None]]
    for claim, (first, end) in zip(book.claims, book.spans, strict=True):
        changed[min(first, len(tables))].add(claim.place)
        changed[len(tables) if end is None else end].add(claim.place)
    found: list[list[dict[str, Any]]] = []
    kept: dict[int | None, dict[str, Any]] = {}
    for known, table in enumerate(tables):
        gone = {book.at("places", place) for place in changed[known]}
        fresh = _states(book, table[table["place_id"].isin(changed[known])], known)
        kept = {index: entry for index, entry in kept.items() if index not in gone} | {entry["place"]: entry for entry in fresh}
        found.append([kept[index] for index in sorted(kept, key=lambda index: index or 0)])
    return found


def _states(book: _Book, table: pd.DataFrame, known: int) -> list[dict[str, Any]]:
    story, found, standing = book.story, [], book.standing[known]
    for place, rows in table.groupby("place_id", sort=True):
        at_place = (book.claims[index] for index in book.at_place[str(place)])
        claims = [claim for claim in at_place if book.claims[standing.get(claim.claim_id, -1)] is claim]
        spans = []
        for row in rows.to_dict("records"):
            first = max(row["valid_from"].date(), story.first_day)
            end = len(book.days) if pd.isna(row["valid_to"]) else book.day(row["valid_to"].date())
            if book.day(first) < end and first <= story.last_day:
                spans.append(
                    {
                        **_span(book, {str(key): value for key, value in row.items()}, claims, first, story.days[end - 1], end),
                        "basis": [standing[claim] for claim in row["basis"]],
                    }
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
        "contenders": [book.at("actors", actor) for actor in row["contenders"]],
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
    }


def _events(book: _Book, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what happened without changing control; the same thing told twice stands once, with its first claim."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for index, claim in sorted(enumerate(book.claims), key=lambda item: (item[1].relation == "relay", item[0])):
        place = book.story.places[claim.place]
        if claim.kind not in EVENTS or place.kind in WITHOUT_STATUS:
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
            found.setdefault((claim.kind, claim.place, day, end, book.spans[index]), event)
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
