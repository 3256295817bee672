"""What changed between two days, for readers: the differences of the control table, grouped and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from geo.days import in_words
from geo.errors import DatelineError
from geo.explain import changes
from geo.story import Story

GROUPS = {
    "changed hands": "Changed hands",
    "contested": "Contested or attacked",
    "newly reported": "Newly reported",
    "status": "Same holder, told otherwise",
    "no longer": "No longer told",
    "corrected": "Corrected",
}
"""The kinds of change of `geo.explain.changes`: their headings, in the order of their news."""


@dataclass(frozen=True, slots=True)
class Change:
    """One place's change: its name, what held before and what holds now, in words and "" for nothing, and what it rests on.

    Attributes
    ----------
    rests_on : names of the publishers, or why a correction was made
    """

    name: str
    before: str
    after: str
    rests_on: str


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Changes of one kind under one heading, in the order of their names; at least one."""

    kind: str
    title: str
    changes: tuple[Change, ...]


def publishers(story: Story, basis: Sequence[str]) -> str:
    """Return the publishers of claims, each once, in the order of the claims."""
    claims = story.claims
    if any(claim not in claims for claim in basis):  # one that a correction withdrew
        claims = {edition.claim.claim_id: edition.claim for edition in story.editions}
    articles = (claims[claim].article for claim in basis if claim in claims)
    return ", ".join(dict.fromkeys(story.articles[article].publisher for article in articles))


def capital(text: str) -> str:
    """Return a text as it opens a line: its first letter a capital."""
    return text[:1].upper() + text[1:]


def changes_in_words(story: Story, first: date, last: date, known: date | datetime | None = None) -> tuple[ChangeGroup, ...]:
    """Return what changed between two days of the story, grouped in the order of `GROUPS`; empty where nothing did.

    Raises
    ------
    DatelineError : the first day is not before the last, or the last is the first of the story
    """
    if last <= story.first_day:
        raise DatelineError(f"{in_words(last)} is the first day of the map: there is no earlier day to compare it with.")
    if first == last:
        raise DatelineError(f"Both days are {in_words(first)}: choose an earlier day to compare it with.")
    if first > last:
        raise DatelineError(f"{in_words(first)} is later than {in_words(last)}, the day shown: choose an earlier day.")
    found: dict[str, list[Change]] = {kind: [] for kind in GROUPS}
    for row in changes(story, first, last, known):
        name, before, after = capital(row["name"]), _lower(row["before"]), _lower(row["after"])
        rests_on = publishers(story, row["basis"])
        if row["change"] == "corrected":
            whys = [one.why.rstrip(".") for one in story.corrections if one.claim_id in row["basis"]]
            rests_on = ". ".join([*dict.fromkeys(whys), rests_on])
            after = f"{after or 'nothing is told of it'}, as before" if before == after else after
        found[row["change"]].append(Change(name, before, after, rests_on))
    return tuple(
        ChangeGroup(kind, title, tuple(sorted(found[kind], key=lambda change: change.name)))
        for kind, title in GROUPS.items()
        if found[kind]
    )


def _lower(text: str | None) -> str:
    return text[:1].lower() + text[1:] if text else ""
