"""The words of one story: what its actors and sources are called, and names in which no place is meant.

Read from the story's actors and sources, from the general words of `geo/rules/actors.toml`, and from the story's own
`lexicon.toml`, which may be absent:

    since = 2024-11-27               # what is told without a day happened on this day at the earliest
    names = ["The Goma Post"]      # persons and organisations that hold a place's name
    [[actors]]
    id = "rebels"
    names = ["jihadist rebels"]      # stand by themselves
    adjectives = ["jihadist"]        # stand before forces, fighters, troops ...
    [[sources]]
    id = "monitor"
    names = ["the Observatory"]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo.errors import Problem, StoryError
from geo.storyfile import Actor, Side, Source
from geo.tables import read_text
from geo.tomlfile import TomlFile
from geo.wordlists import phrases, rules, words

NAME = "lexicon.toml"
_KEYS = ("since", "names", "actors", "sources")
_ENDINGS = ("n", "an", "ian", "ese", "lese", "i", "ish", "er", "ic")
_STATE = (
    "military",
    "army",
    "armed forces",
    "forces",
    "troops",
    "soldiers",
    "air force",
    "government",
    "junta",
    "defence ministry",
)
"""What belongs to a country's government where the country's name stands before it."""
_INITIALS = re.compile(r"\b[A-Z]")
_BRACKETS = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What a story's actors and sources are called, in lower case.

    Attributes
    ----------
    actors : phrase -> actor's id; stands by itself
    adjectives : phrase -> actor's id; stands before a word for people, forces or arms
    sources : phrase -> source's id
    names : phrases, as written, in which no place is meant
    natives : adjectives of the story's own countries, which say nothing before another name (Congolese rebels)
    since : what is told without a day happened on this day at the earliest, or None
    """

    actors: Mapping[str, str] = field(default_factory=dict)
    adjectives: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    natives: frozenset[str] = frozenset()
    since: date | None = None


def lexicon(
    sides: Mapping[str, Side],
    actors: Mapping[str, Actor],
    sources: Mapping[str, Source],
    countries: Iterable[str] = (),
    own: Mapping[str, Any] | None = None,
    homes: Iterable[str] = (),
) -> Lexicon:
    """Return the lexicon of a story.

    Parameters
    ----------
    sides, actors, sources : by id, as story.toml has them
    countries : names of countries, whose demonyms may stand for an actor ("Russian jets")
    own : what `read_own` returned
    homes : names of the story's own countries; their demonyms mean the government
    """
    own = own or {}
    names: dict[str, str] = {}
    adjectives: dict[str, str] = {}
    for row in own.get("actors", ()):
        names.update({_plain(name): row["id"] for name in row.get("names", ())})
        adjectives.update({_plain(name): row["id"] for name in row.get("adjectives", ())})
    by_demonym = demonyms(countries)
    at_home = set(homes)
    natives = frozenset(word for word, country in by_demonym.items() if country in at_home)
    for actor in actors.values():
        for phrase in _labels(actor.label, actor.short):
            _enter(
                phrase,
                actor.id,
                {word: name for word, name in by_demonym.items() if word not in natives},
                natives | {home.lower() for home in at_home},
                names,
                adjectives,
            )
    for name in rules("actors")["classes"]:
        actor_id = _of_class(words("actors", "classes", name, "marks"), sides, actors)
        if actor_id:
            for phrase in phrases("actors", "classes", name, "names"):
                names.setdefault(phrase, actor_id)
            for phrase in words("actors", "classes", name, "adjectives"):
                adjectives.setdefault(phrase, actor_id)
            if name == "government":
                for home in at_home:
                    for head in _STATE:
                        names.setdefault(f"{home.lower()} {head}", actor_id)
                said = set(re.findall(r"\w+", actors[actor_id].label.lower()))
                for word in natives:
                    adjectives.setdefault(word, actor_id)
                    if word in said:  # "Ukrainian armed forces": the country acts as they do
                        names.setdefault(by_demonym[word].lower(), actor_id)
    spoken: dict[str, str] = {}
    for row in own.get("sources", ()):
        spoken.update({_plain(name): row["id"] for name in row.get("names", ())})
    for source in sources.values():
        for phrase in _labels(source.name.split(",")[0]):
            if phrase not in names or source.id not in actors:
                spoken.setdefault(phrase, source.id)
    proper = [*own.get("names", ())]
    proper += [item.label for item in actors.values()] + [item.name for item in sources.values()]
    proper += [name for row in own.get("actors", ()) for name in row.get("names", ())]
    proper += [name for row in own.get("sources", ()) for name in row.get("names", ())]
    known = {name.lower() for name in countries}
    kept = dict.fromkeys(piece for name in proper for piece in _proper(name) if piece.lower() not in known)
    return Lexicon(names, adjectives, spoken, tuple(kept), natives, own.get("since"))


def _labels(*labels: str) -> list[str]:
    """Return what a label calls something: whole, in brackets, beside a slash or before a comma, and by its initials."""
    found: list[str] = []
    for label in labels:
        inner = _BRACKETS.findall(label)
        outer = _BRACKETS.sub(" ", label)
        for piece in (*inner, *re.split(r"[/,]", outer)):
            phrase = _plain(piece)
            if phrase and phrase != "group not named":
                found.append(phrase)
        initials = "".join(_INITIALS.findall(outer.split(",")[0]))
        if len(initials) > 2:
            found.append(initials.lower())
    return list(dict.fromkeys(found))


def _enter(
    phrase: str,
    ident: str,
    by_demonym: Mapping[str, str],
    natives: frozenset[str],
    names: dict[str, str],
    adjectives: dict[str, str],
) -> None:
    names.setdefault(phrase, ident)
    heads = words("actors", "heads", "words") | {"national", "armed", "democratic", "led"}
    pieces = [word for word in phrase.split() if word not in heads]
    if not pieces:
        return
    if len(pieces) == 1 and pieces[0] not in natives:
        word = pieces[0]
        adjectives.setdefault(word, ident)
        country = by_demonym.get(word)
        if country is not None:
            if country:
                names.setdefault(country.lower(), ident)
        elif len(phrase.split()) > 1 and word.endswith(("an", "ian", "ese", "ish", "led", "backed")):
            pass
        else:
            names.setdefault(word, ident)
    for adjective, country in by_demonym.items():
        if country.lower() == phrase:
            adjectives.setdefault(adjective, ident)


def _of_class(marks: frozenset[str], sides: Mapping[str, Side], actors: Mapping[str, Actor]) -> str:
    found: list[tuple[bool, bool, int, str]] = []
    for actor in actors.values():
        side = sides.get(actor.side)
        said = set(re.findall(r"\w+", f"{actor.id} {actor.label} {actor.side} {side.label if side else ''}".lower()))
        own = set(re.findall(r"\w+", f"{actor.id} {actor.label}".lower()))
        if marks & said:
            found.append((actor.id != actor.side, not marks & own, len(found), actor.id))
    return min(found)[3] if found else ""


@lru_cache(maxsize=64)
def _demonyms(countries: tuple[str, ...]) -> dict[str, str]:
    found = dict(rules("actors")["demonyms"].items())
    for country in countries:
        lower = country.lower()
        if " " in lower or len(lower) < 4:
            continue
        stems = {lower, lower.rstrip("aeiouy")}
        if lower.endswith(("on", "ey", "an", "ania")):
            stems.add(lower[:-2])
        for stem in stems:
            for ending in _ENDINGS:
                word = stem + ending
                if len(stem) > 2 and word not in found and word != lower:
                    found[word] = country
    return found


def demonyms(countries: Iterable[str]) -> dict[str, str]:
    """Return words that may be the demonyms of countries, and the country of each; "" where it has none."""
    return _demonyms(tuple(sorted(set(countries))))


def _plain(name: str) -> str:
    phrase = " ".join(re.findall(r"[\w'’-]+", name.lower().replace("’", "'")))
    return phrase.removeprefix("the ")


def _proper(name: str) -> Iterable[str]:
    for piece in (*_BRACKETS.findall(name), *re.split(r"[/,]", _BRACKETS.sub(" ", name))):
        words_there = piece.split()
        capitals = [word for word in words_there if word[:1].isupper()]
        if len(words_there) > 1 and len(capitals) > 1:
            yield " ".join(words_there)


def read_own(
    folder: Path, actors: Mapping[str, Actor], sources: Mapping[str, Source], problems: list[Problem]
) -> dict[str, Any]:
    """Return what a story's lexicon.toml says, {} where there is none; what cannot be read goes to `problems`."""
    if not (folder / NAME).is_file():
        return {}
    try:
        file = TomlFile(NAME, read_text(folder / NAME, NAME), problems)
    except StoryError as error:
        problems.extend(error.problems)
        return {}
    if not file.parse():
        return {}
    file.known_keys(_KEYS)
    found: dict[str, Any] = {
        "since": file.day("since", needed=False),
        "names": file.texts("names"),
        "actors": [],
        "sources": [],
    }
    for table, ids in (("actors", actors), ("sources", sources)):
        for number, row in file.rows(table, {"id": "", "names": [], "adjectives": []}):
            if row["id"] in ids:
                found[table].append(row)
            else:
                file.say("id", row["id"], f"It must be one of {', '.join(ids)}.", "choose one of these.", table, number)
    return found
