"""Claims: what one sentence of one article says of one place, who says it, and of which days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from geo.articles import Article
from geo.days import in_words, parse_day
from geo.errors import DatelineError, Problem
from geo.places import Place
from geo.storyfile import Actor, Source
from geo.tables import Row, read_table

NAME = "claims.csv"
GAINS = frozenset({"captured", "controls"})
FIGHTS = frozenset({"clashes", "repelled", "besieges"})
CHANGING = GAINS | FIGHTS | {"entered", "withdrew"}
"""Kinds that can change who controls a place, after ACLED's event types."""
EVENTS = frozenset({"advancing", "strike", "reinforced", "border_closed", "border_opened", "presence", "displaced"})
"""Kinds that never do."""
KINDS = CHANGING | EVENTS
EXTENTS = ("", "part", "much", "most", "whole")
PRECISIONS = ("day", "pub", "range", "week", "by_pub", "anaphoric", "standing", "none")
"""What the days rest on: a day named, the day of publication, an interval named, a week named, "some time up to publication",
a day named elsewhere in the article, a state that lasts, nothing."""
STANDINGS = ("", "throughout", "since", "first_since")
MODALITIES = ("asserted", "attributed", "announced", "denied")
RELATIONS = ("originating", "relay", "corroborating")
COLUMNS = (
    "claim_id",
    "article",
    "start",
    "end",
    "text",
    "place",
    "kind",
    "actor",
    "against",
    "extent",
    "date_start",
    "date_end",
    "date_precision",
    "standing",
    "implied",
    "claimant",
    "modality",
    "relation",
    "reviewed_by",
    "reviewed_at",
    "note",
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim.

    Attributes
    ----------
    claim_id, article, place : ids
    start, end, text : the span of the article's body it rests on, in code points, and its words
    kind : one of `KINDS`
    actor : id of who acts, "" where nobody is named; of a denial, who holds the place by the word of the one who denies
    against : ids of those it is done to
    extent : how much of the place, "" where not said
    first, last : the days between which it happened, first None where not said
    precision : one of `PRECISIONS`
    standing : "throughout" or "since" where it held on each of these days
    implied : whether the place or the actor is named only in the words around the span
    reported : day of the article's publication
    claimants : ids of the sources that say so
    modality : asserted (own voice), attributed, announced, denied
    relation : originating, relay (repeats a report already counted), corroborating
    reviewed_by, reviewed_at : "" where no editor has read it
    background : whether it is of the situation before the story, and no report
    """

    claim_id: str
    article: str
    start: int
    end: int
    text: str
    place: str
    kind: str
    actor: str
    against: tuple[str, ...]
    extent: str
    first: date | None
    last: date
    precision: str
    standing: str
    implied: bool
    reported: date
    claimants: tuple[str, ...]
    modality: str
    relation: str
    reviewed_by: str = ""
    reviewed_at: str = ""
    note: str = ""
    background: bool = False

    @property
    def lasts(self) -> bool:
        """Whether it held on each of its days, rather than happening on one of them."""
        return self.standing in ("throughout", "since")

    @property
    def is_reviewed(self) -> bool:
        """Whether an editor has read it."""
        return bool(self.reviewed_by and self.reviewed_at)


@dataclass(frozen=True, slots=True)
class Known:
    """What a claim may refer to: the story's articles, places, actors and sources, by id."""

    articles: Mapping[str, Article]
    places: Mapping[str, Place]
    actors: Mapping[str, Actor]
    sources: Mapping[str, Source]


def read_claims(path: Path, known: Known, problems: list[Problem]) -> Iterator[tuple[Row, Claim]]:
    """Yield the rows of a file and their claims; a row that breaks a rule goes to `problems` instead."""
    seen: dict[str, int] = {}
    for row in read_table(path, NAME, COLUMNS, problems):
        try:
            claim = claim_of(row, known)
            first = seen.setdefault(claim.claim_id, row.line)
            if first != row.line:
                raise ClaimError("claim_id", f"An id stands once; line {first} has it already.", "give this claim its own id.")
        except ClaimError as error:
            problems.append(row.problem(error.field, error.rule, error.mend))
        else:
            if str(claim.start) != row["start"] or str(claim.end) != row["end"]:
                rule = "The claim's words have moved in their article; the claim is shown all the same."
                problems.append(row.problem("start", rule, f"write start {claim.start} and end {claim.end}."))
            yield row, claim


_Item = TypeVar("_Item")


class ClaimError(DatelineError):
    """A field that breaks a rule: the field, the rule, and how to mend it."""

    def __init__(self, field: str, rule: str, mend: str) -> None:
        super().__init__(rule)
        self.field, self.rule, self.mend = field, rule, mend


def claim_of(row: Row, known: Known) -> Claim:
    """Return the claim of a row.

    Raises
    ------
    ClaimError : the row breaks a rule
    """
    if not row["claim_id"]:
        raise ClaimError("claim_id", "A claim has an id.", "give it one that no other claim has.")
    article = _one_of(row, "article", known.articles, "an article in articles/")
    start, end = _span(row, article.body)
    place = _one_of(row, "place", known.places, "a place of places.csv or gazetteer.csv")
    kind = _choice(row, "kind", sorted(KINDS))
    if kind in CHANGING and not row["actor"]:
        raise ClaimError("actor", f"Somebody does what a claim of kind {kind} says.", "name the actor.")
    for field, ids in (("actor", known.actors), ("against", known.actors), ("claimant", known.sources)):
        for item in _split(row[field]):
            if item not in ids:
                raise ClaimError(field, f"It must be one of {', '.join(ids)}.", "choose one of these, or add it to story.toml.")
    if not _split(row["claimant"]):
        raise ClaimError("claimant", "Somebody says so: the publication's own voice counts.", "name the source.")
    if len(_split(row["actor"])) > 1:
        raise ClaimError("actor", "A claim has one actor.", "write a claim for each.")
    first, last = _days(row, article)
    _choice(row, "implied", ("", "yes"))
    return Claim(
        claim_id=row["claim_id"],
        article=article.article_id,
        start=start,
        end=end,
        text=row["text"],
        place=place.place_id,
        kind=kind,
        actor=row["actor"],
        against=_split(row["against"]),
        extent=_choice(row, "extent", EXTENTS),
        first=first,
        last=last,
        precision=_choice(row, "date_precision", PRECISIONS),
        standing=_choice(row, "standing", STANDINGS),
        implied=row["implied"] == "yes",
        reported=article.published,
        claimants=_split(row["claimant"]),
        modality=_choice(row, "modality", MODALITIES),
        relation=_choice(row, "relation", RELATIONS),
        reviewed_by=row["reviewed_by"],
        reviewed_at=row["reviewed_at"],
        note=row["note"],
        background=article.is_background,
    )


def _one_of(row: Row, field: str, items: Mapping[str, _Item], what: str) -> _Item:
    if row[field] not in items:
        raise ClaimError(field, f"It must be {what}.", "correct the id, or add what it names.")
    return items[row[field]]


def _choice(row: Row, field: str, choices: tuple[str, ...] | list[str]) -> str:
    if row[field] not in choices:
        words = ", ".join(choice or "(empty)" for choice in choices)
        raise ClaimError(field, f"It must be one of {words}.", "choose one of these.")
    return row[field]


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _span(row: Row, body: str) -> tuple[int, int]:
    """Return where the claim's words stand: at start..end, or at the one other place where the body has them."""
    for field in ("start", "end"):
        if not (row[field].isascii() and row[field].isdigit() and len(row[field]) < 10):
            raise ClaimError(field, "It is a whole number of code points from the start of the body.", "write digits only.")
    if not row["text"]:
        raise ClaimError("text", "A claim rests on words of its article.", "copy the words from the article.")
    start, end = int(row["start"]), int(row["end"])
    if body[start:end] == row["text"]:
        return start, end
    if body.count(row["text"]) == 1:
        return body.index(row["text"]), body.index(row["text"]) + len(row["text"])
    raise ClaimError(
        "text",
        f"The words must stand in the article; at {start}–{end} it reads “{body[start:end][:60]}”. "
        "A claim whose words changed after it was reviewed counts as unreviewed.",
        "copy the words as they stand now, and review the claim again.",
    )


def _days(row: Row, article: Article) -> tuple[date | None, date]:
    days: list[date | None] = []
    for field in ("date_start", "date_end"):
        try:
            days.append(parse_day(row[field]) if row[field] else None)
        except DatelineError as error:
            raise ClaimError(field, str(error), "write the day as 2024-12-05.") from error
    first, last = days
    if last is None:
        raise ClaimError("date_end", "A claim has a last possible day.", "write the last day on which it may have happened.")
    if first is not None and first > last:
        raise ClaimError("date_end", "The last possible day is not before the first.", "exchange or correct the two days.")
    if last > article.published and row["modality"] != "announced":
        raise ClaimError(
            "date_end",
            f"An article cannot tell of days after it was published, {in_words(article.published)}.",
            "correct the day, or mark the claim as announced.",
        )
    return first, last
