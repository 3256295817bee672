"""The rules of reading, compiled: `geo/rules/verbs.toml` -> phrases that make claims, each with its rule and its form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from geo.claims import KINDS
from geo.errors import DatelineError
from geo.wordlists import rules

BASE, PLAIN, PAST, PARTICIPLE, EITHER, GERUND, NOUN = "base", "s", "past", "participle", "past or participle", "ing", "noun"
"""Forms of a verb: take, takes, took, taken, captured, taking; and the noun."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one group of verbs and nouns makes claims; the fields are described in `geo/rules/verbs.toml`."""

    number: int
    kind: str
    place: str
    prepositions: frozenset[str]
    loser: bool
    implied: bool
    people: bool
    needs: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that makes a claim: its words in lower case, its rule, its form."""

    words: tuple[str, ...]
    rule: Rule
    form: str


@cache
def phrases() -> dict[str, tuple[Phrase, ...]]:
    """Return every phrase by its first word, the longest first.

    Raises
    ------
    DatelineError : a rule has an unknown kind
    """
    found: dict[str, list[Phrase]] = {}
    irregular = _irregular()
    for number, row in enumerate(rules("verbs")["rules"]):
        rule = _rule(number, row)
        for phrase in _phrases(row, rule, irregular):
            found.setdefault(phrase.words[0], []).append(phrase)
    return {word: tuple(sorted(group, key=lambda phrase: -len(phrase.words))) for word, group in found.items()}


def _rule(number: int, row: dict[str, Any]) -> Rule:
    if row["kind"] not in KINDS:
        raise DatelineError(
            f"rules: verbs.toml, rule {number + 1}: kind is {row['kind']!r}; it must be one of {', '.join(sorted(KINDS))}"
        )
    place = row["place"]
    named = place if place in ("object", "subject", "any", "border") else "after"
    prepositions = frozenset(part.strip() for part in place.split(",")) if named == "after" else frozenset()
    return Rule(
        number,
        row["kind"],
        named,
        prepositions,
        row.get("loser", False),
        row.get("implied", False),
        row.get("people", False),
        row.get("needs", ""),
    )


def _phrases(row: dict[str, Any], rule: Rule, irregular: dict[str, tuple[str, str, str]]) -> Iterator[Phrase]:
    for verb in _listed(row.get("verbs", "")):
        first, *rest = verb.split()
        for word, form in forms(first, irregular):
            if verb == "near" and form == BASE:
                continue  # a preposition far more often
            yield Phrase((word, *rest), rule, form)
    for noun in _listed(row.get("nouns", "")):
        yield Phrase(tuple(noun.split()), rule, NOUN)


def _listed(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split(",") if part.strip()]


def _irregular() -> dict[str, tuple[str, str, str]]:
    found = {}
    for part in rules("verbs")["irregular"].split(";"):
        if part.strip():
            base, past, participle, gerund = part.split()
            found[base] = (past, participle, gerund)
    return found


def forms(verb: str, irregular: dict[str, tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the forms of a verb, each with its name."""
    if verb == "be":
        yield from (
            ("be", BASE),
            ("is", PLAIN),
            ("are", PLAIN),
            ("was", PAST),
            ("were", PAST),
            ("been", PARTICIPLE),
            ("being", GERUND),
        )
        return
    stem = verb.removesuffix("e")
    ended = (
        verb[:-1] + "ies"
        if re.search("[^aeiou]y$", verb)
        else verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")
    )
    regular = verb[:-1] + "ied" if re.search("[^aeiou]y$", verb) else stem + "ed"
    past, participle, gerund = irregular.get(verb, (regular, regular, stem + "ing"))
    yield verb, BASE
    yield ("has" if verb == "have" else ended), PLAIN
    yield gerund, GERUND
    if past == participle:
        yield past, EITHER
    else:
        yield past, PAST
        yield participle, PARTICIPLE
