"""Text -> sentences of words, each word with what the story's lexicon and the rules know of it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from geo.datewords import When, days
from geo.mentions import Mention
from geo.reading.grammar import NOUN, Phrase, phrases
from geo.wordlists import words

_BETWEEN_WORDS = words("actors", "between", "words")
_HEADS_WORDS = words("actors", "heads", "words")

_TOKEN = re.compile(r"[^\W_]+(?:[-'’‑][^\W_]+)*(?:(?<=s)['’](?!\w))?|[,;:?()—–…]|-(?= )|[.](?=\d)")


class Chunk(NamedTuple):
    """Somebody who acts: words first..last (last excluded), actor's id ("" where not known), whether only an adjective."""

    first: int
    last: int
    actor: str
    is_adjective: bool
    is_owner: bool


class Trigger(NamedTuple):
    """Words that may make a claim."""

    first: int
    last: int
    phrases: tuple[Phrase, ...]


@dataclass(slots=True)
class Names:
    """A story's names for actors and sources, ready to be found: by first word, the longest first."""

    actors: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    adjectives: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    sources: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    natives: frozenset[str] = frozenset()
    firsts: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.firsts = frozenset(self.actors) | frozenset(self.adjectives) | _UNNAMED

    @staticmethod
    def table(named: dict[str, str]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
        """Return phrases and ids by the first word of the phrase."""
        found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for phrase, ident in named.items():
            pieces = tuple(word.removesuffix("'s").rstrip("'") for word in phrase.split())
            if pieces:
                found.setdefault(pieces[0], []).append((pieces, ident))
        for group in found.values():
            group.sort(key=lambda item: -len(item[0]))
        return found


class Words:
    """The words of one sentence in lower case, and what they are whatever stands around the sentence.

    Attributes
    ----------
    text : the sentence
    low : words and marks in lower case, without a possessive 's
    owners : indices of the words that had a possessive
    """

    def __init__(self, text: str, names: Names, published: date) -> None:
        self.text, self.names, self.published = text, names, published
        self.low: list[str] = _TOKEN.findall(text.lower())
        self.owners: set[int] = set()
        if "'" in text or "’" in text:
            self._mark_owners()

    def _mark_owners(self) -> None:
        low = self.low
        for at, written in enumerate(low):
            word = low[at] = written.replace("’", "'")
            if word.endswith("'s"):
                low[at] = word[:-2]
                self.owners.add(at)
            elif word.endswith("s'"):
                low[at] = word[:-1]
                self.owners.add(at)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where each word stands, in code points from the sentence's start."""
        lowered = self.text.lower()
        if len(lowered) == len(self.text):
            return [found.span() for found in _TOKEN.finditer(lowered)]
        # Lower case may be longer than the text (İ): the words are found anew in the text itself.
        found = [match.span() for match in _TOKEN.finditer(self.text)]
        found += [(len(self.text), len(self.text))] * (len(self.low) - len(found))
        return found[: len(self.low)]

    @cached_property
    def starts(self) -> list[int]:
        """Where each word begins."""
        return [start for start, _ in self.spans]

    @cached_property
    def is_question(self) -> bool:
        """Whether the sentence asks."""
        return self.text.rstrip(" \"'”’)").endswith("?")

    @cached_property
    def whens(self) -> list[When]:
        """The days that the sentence names."""
        return days(self.text, self.published)

    @cached_property
    def triggers(self) -> list[Trigger]:
        """The phrases that may make a claim, the longest at each word."""
        table, low = phrases(), self.low
        if table.keys().isdisjoint(low):
            return []
        found: list[Trigger] = []
        covered = 0
        for at, word in enumerate(low):
            group = table.get(word)
            if group is None or at < covered:
                continue
            hits: list[Phrase] = []
            for phrase in group:
                length = len(phrase.words)
                if hits and length < len(hits[0].words):
                    break
                if length == 1 or self._ends(at, phrase.words):
                    hits.append(phrase)
            if hits:
                stop = self._ends(at, hits[0].words)
                found.append(Trigger(at, stop, tuple(hits)))
                covered = stop
        return found

    def _ends(self, at: int, pieces: tuple[str, ...]) -> int:
        """Return where a phrase that begins at a word ends, 0 where it does not stand there; adverbs may stand inside."""
        low, here = self.low, at + 1
        for number, piece in enumerate(pieces[1:]):
            if low[here : here + 1] == [piece]:
                here += 1
                continue
            between = _BETWEEN if number == 0 and pieces[0] in _BE else _AMID
            if low[here : here + 1] and low[here] in between and low[here + 1 : here + 2] == [piece]:
                here += 2
                continue
            return 0
        return here

    @cached_property
    def chunk_at(self) -> dict[int, Chunk]:
        """Who stands at the index of every word of theirs."""
        return {index: chunk for chunk in self.chunks for index in range(chunk.first, chunk.last)}

    @cached_property
    def live_triggers(self) -> list[Trigger]:
        """The triggers but for verbs that are part of a name ("government forces")."""
        inside = {index for chunk in self.chunks for index in range(chunk.first + 1, chunk.last)}
        return [
            item for item in self.triggers if item.first not in inside or any(phrase.form == NOUN for phrase in item.phrases)
        ]

    @cached_property
    def chunks(self) -> list[Chunk]:
        """Those who act, in order."""
        return list(self._chunks())

    def _chunks(self) -> Iterator[Chunk]:
        heads, between = _HEADS_WORDS, _BETWEEN_WORDS
        low, at = self.low, 0
        firsts = self.names.firsts
        for here in [index for index, word in enumerate(low) if word in firsts or "-" in word]:
            if here < at:
                continue
            at = here
            name = _longest(self.names.actors, low, at)
            adjective = _longest(self.names.adjectives, low, at)
            word = low[at]
            if name is not None and len(name[0]) == 1 and self._is_foreign(at):
                continue  # "the Iraqi army", where the story has no such actor
            if adjective is None and "-" in word:
                adjective = self._compound(word)
            if name is None and adjective is None:
                if word in _UNNAMED:
                    yield Chunk(at, at + 1, "", False, at in self.owners)
                continue
            if name is not None and (adjective is None or len(name[0]) >= len(adjective[0])):
                length, actor, is_name = len(name[0]), name[1], True
            else:
                assert adjective is not None  # noqa: S101 - one of the two was found
                length, actor, is_name = len(adjective[0]), adjective[1], False
            stop = at + length
            if (
                not is_name
                and word in self.names.natives
                and stop < len(low)
                and (_longest(self.names.actors, low, stop) or _longest(self.names.adjectives, low, stop))
            ):
                continue
            head = stop
            owner = stop - 1 in self.owners
            while head < len(low) and head < stop + 4 and low[head] not in heads:
                other = _longest(self.names.adjectives, low, head)
                if not (low[head] in between or (other is not None and (other[1] == actor or low[head] in self.names.natives))):
                    break
                head += 1
            if head < len(low) and low[head] in heads and not (is_name and owner and low[head] in _NOMINAL):
                head += 1
                while head < len(low) and low[head] in heads and low[head] not in _NOMINAL and head - 1 not in self.owners:
                    head += 1
                if low[head - 1] not in _NOMINAL or (is_name and head - 1 == stop):
                    if low[head - 1] in _NOMINAL:
                        head -= 1
                    yield Chunk(at, head, actor, False, head - 1 in self.owners)
                    at = head
                    continue
            yield Chunk(at, stop, actor, not is_name, owner)
            at = stop

    def _is_foreign(self, at: int) -> bool:
        """Return whether a general name (army, government) follows the adjective of a country without an actor."""
        previous = self.low[at - 1] if at else ""
        if not previous.endswith(_OF_COUNTRIES) or len(previous) < 4 or previous in self.names.natives:
            return False
        if previous in self.names.firsts or self.low[at] not in _HEADS_WORDS:
            return False
        return self.text[self.starts[at - 1]].isupper()

    def _compound(self, word: str) -> tuple[tuple[str, ...], str] | None:
        """Return who "rebel-held", "army-led", "junta-controlled" names; "foreign-backed" names another than its first word."""
        stem, _, ending = word.rpartition("-")
        if ending in ("led", "held", "controlled", "run", "dominated", "occupied"):
            for table in (self.names.adjectives, self.names.actors):
                found = _longest(table, [stem], 0)
                if found:
                    return (word,), found[1]
        return None


class Sentence:
    """One sentence of an article: its words, where it stands, and its places.

    Attributes
    ----------
    words : its words; offsets in them count from the sentence's start
    start : where it stands in the article, in code points
    mentions : its places, of several at one spot the widest
    """

    def __init__(self, known: Words, start: int, mentions: list[Mention]) -> None:
        self.words, self.start = known, start
        self.text, self.low, self.owners, self.names, self.published = (
            known.text,
            known.low,
            known.owners,
            known.names,
            known.published,
        )
        self.triggers, self.chunks = known.live_triggers, known.chunks
        self.mentions = _widest(mentions) if len(mentions) > 1 else mentions
        self.places: list[tuple[int, int, Mention]] = []
        if self.triggers and mentions:
            starts = known.starts
            self.places = [
                (max(0, bisect_right(starts, mention.start - start) - 1), bisect_left(starts, mention.end - start), mention)
                for mention in self.mentions
            ]

    @cached_property
    def place_at(self) -> dict[int, tuple[int, Mention]]:
        """For the index of every word of a place, the index of the place's first word, and the place."""
        return {index: (first, mention) for first, last, mention in self.places for index in range(first, last)}

    @cached_property
    def place_from(self) -> dict[int, tuple[int, Mention]]:
        """For the index of a place's first word, the index after its last, and the place."""
        return {first: (last, mention) for first, last, mention in self.places}

    @property
    def is_question(self) -> bool:
        """Whether the sentence asks."""
        return self.words.is_question

    @property
    def whens(self) -> list[When]:
        """The days that the sentence names; offsets count from its start."""
        return self.words.whens

    def index(self, offset: int) -> int:
        """Return the index of the word at or after an offset from the sentence's start."""
        return bisect_left(self.words.starts, offset)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where the words first..last (last excluded) stand in the article."""
        spans = self.words.spans
        return self.start + spans[first][0], self.start + spans[last - 1][1]


_BE = frozenset(["is", "are", "was", "were", "been", "be", "being"])
_BETWEEN = frozenset(
    [
        "still",
        "now",
        "also",
        "largely",
        "already",
        "fully",
        "again",
        "firmly",
        "currently",
        "almost",
        "virtually",
        "nearly",
        "completely",
        "entirely",
        "effectively",
        "all",
    ]
)
_OF_COUNTRIES = ("i", "an", "ese", "ish", "ench")
_AMID = frozenset(
    [
        "back",
        "deep",
        "deeper",
        "further",
        "straight",
        "right",
        "again",
        "full",
        "partial",
        "complete",
        "total",
        "effective",
        "firm",
        "overall",
        "heavy",
        "intense",
        "sustained",
        "renewed",
        "fierce",
        "closer",
        "once",
        "down",
        "on",
        "fresh",
        "operational",
    ]
)
_UNNAMED = frozenset(["fighters", "troops", "soldiers", "forces", "gunmen", "militants", "militiamen", "combatants"])
_NOMINAL = frozenset(["offensive", "advance", "campaign", "push", "war", "positions", "position", "insurgents'"])


def _longest(
    table: dict[str, list[tuple[tuple[str, ...], str]]], low: list[str], at: int
) -> tuple[tuple[str, ...], str] | None:
    for item in table.get(low[at], ()):
        pieces = item[0]
        if len(pieces) == 1 or tuple(low[at : at + len(pieces)]) == pieces:
            return item
    return None


def source_at(names: Names, low: list[str], at: int) -> tuple[int, str] | None:
    """Return where a source's name that begins at a word ends, and the source's id, or None."""
    found = _longest(names.sources, low, at)
    return (at + len(found[0]), found[1]) if found else None


def _widest(mentions: list[Mention]) -> list[Mention]:
    found: list[Mention] = []
    for mention in mentions:
        if not found or mention.start >= found[-1].end or (mention.end > found[-1].end and mention.start > found[-1].start):
            found.append(mention)
    return found
