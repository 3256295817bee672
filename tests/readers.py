"""Contexts to read with: the bundled story's, and those of the small stories in tests/data."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from conftest import SEEDS

from geo.articles import Article
from geo.gazetteer import Gazetteer
from geo.lexicon import lexicon
from geo.mentions import Finder
from geo.places import Place
from geo.reading.context import context_of
from geo.reading.proposals import Context
from geo.story import read_story
from geo.storyfile import Actor, Side, Source

DATA = Path(__file__).parent / "data"
THURSDAY = "2024-12-05"


@cache
def traps() -> dict[str, Any]:
    """Return the trap suite."""
    return tomllib.loads((DATA / "traps.toml").read_text(encoding="utf-8"))


@cache
def unseen() -> dict[str, Any]:
    """Return the sentences that were written without looking at the rules."""
    return tomllib.loads((DATA / "unseen.toml").read_text(encoding="utf-8"))


def cases(field: str) -> list[dict[str, Any]]:
    """Return the traps that expect something of a field: places, day or claims."""
    return [case for table in traps()["traps"] for case in table["each"] if field in case]


@cache
def context(name: str, fresh: bool = False) -> Context:
    """Return what reading knows of a story: "seeds" or one of the trap suite's, or of the fresh sentences'."""
    if name == "seeds":
        return context_of(read_story(SEEDS))
    stories = traps()["stories"] | (unseen()["stories"] if fresh else {})
    row = stories[name]
    places = [_place(text) for text in row["places"]]
    sides = {part[0]: Side(*part) for part in (text.split(";") for text in row["sides"])}
    actors = {}
    for text in row["actors"]:
        ident, label, side = text.split(";")
        actors[ident] = Actor(ident, label, label, side, "#000000", "#ffffff", "none", True)
    sources = {}
    for text in row["sources"]:
        ident, label, kind, side = text.split(";")
        sources[ident] = Source(ident, label, kind, side, "")
    gazetteer = Gazetteer(places, row["countries"])
    countries = [place.name for place in places if place.kind == "country"]
    homes = [place.name for place in places if place.kind == "country" and place.country in row["countries"]]
    words = lexicon(sides, actors, sources, countries, None, homes)
    hostile = frozenset(frozenset(pair) for pair in row["hostile"])
    finder = Finder(gazetteer, words)
    return Context(finder, words, actors, sources, hostile, tuple(row["countries"]), gazetteer)


def _place(text: str) -> Place:
    ident, name, kind, lat, lon, country, aliases = text.split(";")
    return Place(ident, name, kind, float(lat), float(lon), country, aliases=tuple(filter(None, aliases.split("|"))))


def article(text: str, story: str = "seeds", published: str = THURSDAY) -> Article:
    """Return an article with a text, in its publication's own voice."""
    source = "reuters" if story == "seeds" else "wire"
    day = date.fromisoformat(published)
    return Article("a", source, "The Wire", "untitled", "", day, "stated", "", "en", "", "text", text)
