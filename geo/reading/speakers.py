"""Who says so: the sources that a sentence names, and which of its words are on whose word."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from geo.reading.sentences import Chunk, Sentence, source_at
from geo.wordlists import words

_CLAUSE = words("cues", "clause")
_CUTS = _CLAUSE - {"and", "that", "with", "since"}
_DENY = words("cues", "deny")
_SAY = words("cues", "say")

_REPORTER = re.compile(r"\b(?:correspondents?|reporters?|journalists?|editors?|photographs?|photographers?)\b", re.IGNORECASE)
_BEFORE_NOUNS = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "that",
        "any",
        "its",
        "their",
        "these",
        "those",
        "some",
        "of",
        "in",
        "by",
        "no",
        "his",
        "for",
        "under",
    ]
)
_ABOUT = ("that", "had", "has", "have", "it", "they", "the", "in", "on", "to", "there", "its", "their", "a", "an", ",")


@dataclass(frozen=True, slots=True)
class Saying:
    """Words first..last (last excluded) of a sentence on somebody's word.

    Attributes
    ----------
    verb : index of the word for saying
    sources : ids of the story's sources, or the speaker's own words where the story does not know the speaker
    actor : id of the actor who speaks, "" for none
    is_denial : whether it is denied
    is_pronoun : whether the speaker is only "it", "he" or "they"
    """

    first: int
    last: int
    verb: int
    sources: tuple[str, ...]
    actor: str
    is_denial: bool
    is_pronoun: bool
    is_both: bool = False


def sayings(sentence: Sentence) -> list[Saying]:
    """Return what a sentence gives on somebody's word, in the order of the words for saying."""
    return list(_sayings(sentence))


def _sayings(sentence: Sentence) -> Iterator[Saying]:
    say, deny = _SAY, _DENY
    low = sentence.low
    count = len(low)
    for at, word in enumerate(low):
        is_denial = word in deny
        if word in ("according", "citing", "quoting") and not (word == "according" and low[at + 1 : at + 2] != ["to"]):
            begin = at + (2 if word == "according" else 1)
            found = _named(sentence, begin, min(count, begin + 9))
            if found is None:
                found = _Speaker((_text(sentence, begin, _phrase_end(low, begin)),), "", False)
            span = (0, at) if at > 1 else (begin, count)
            yield Saying(*span, at, found.sources, found.actor, False, False)
        elif is_denial or word in say:
            if at and low[at - 1] in _BEFORE_NOUNS:
                continue  # "the reports", "any claim"
            if not is_denial and _is_passive(low, at):
                found = _named(sentence, at + 2, min(count, at + 10)) if low[at + 1 : at + 2] == ["by"] else None
                if found is not None:  # "the agency was told by the monitor"
                    yield Saying(0, at, at, found.sources, found.actor, False, False)
                continue
            yield from _spoken(sentence, at, is_denial)
        elif word == ":" and at > 2 and count - at < 9:
            found = _named(sentence, at + 1, count)
            if found is not None and found.first == at + 1 and found.last >= count - 1:
                yield Saying(0, at, at, found.sources, found.actor, False, False)


@dataclass(frozen=True, slots=True)
class _Speaker:
    sources: tuple[str, ...]
    actor: str
    is_pronoun: bool
    first: int = 0
    last: int = 0
    is_both: bool = False


def _spoken(sentence: Sentence, at: int, is_denial: bool) -> Iterator[Saying]:
    low, count = sentence.low, len(sentence.low)
    left = _clause_start(low, at)
    both = any(low[i : i + 2] in (["both", "sides"], ["both", "camps"]) for i in range(left, at))
    speaker = _named(sentence, left, at) or _pronoun(low, left, at)
    after = low[at + 1] if at + 1 < count else ""
    trails = left > 0 and low[left - 1] == "," and (at + 2 >= count or not _goes_on(low, at))
    if both:
        speaker = _Speaker((), "", False, left, at, True)
    if (
        speaker is None
        and not _text(sentence, left, at)
        and (not after or after not in _ABOUT or (left > 0 and low[left - 1] == "," and _names_at(sentence, at + 1)))
    ):
        # "... , said the Observatory"
        speaker = _named(sentence, at + 1, min(count, at + 8))
        trails = trails or (speaker is not None and at > 2)
        if speaker is not None and speaker.last + 4 < count and at < 4:
            trails = False
    if speaker is None and at and low[at - 1] == ",":  # "The group, for its part, said"
        opening = next((index for index in range(at - 2, max(0, at - 12), -1) if low[index] == ","), None)
        speaker = _named(sentence, _clause_start(low, opening), opening) if opening is not None else None
        trails = trails and speaker is None
    if speaker is None:
        own = _text(sentence, left, at)
        if not own or len(own) > 80 or _REPORTER.search(own):
            return  # the publication's own reporter is its own voice
        speaker = _Speaker((own,), "", False)
    if trails:
        yield Saying(
            0, left if left < at else at, at, speaker.sources, speaker.actor, is_denial, speaker.is_pronoun, speaker.is_both
        )
    else:
        yield Saying(
            at + 1, _scope_end(low, at), at, speaker.sources, speaker.actor, is_denial, speaker.is_pronoun, speaker.is_both
        )


def _names_at(sentence: Sentence, at: int) -> bool:
    """Return whether a source is named right after a word: "added the monitor"."""
    low = sentence.low
    return any(index < len(low) and source_at(sentence.names, low, index) is not None for index in (at, at + 1))


def _goes_on(low: list[str], at: int) -> bool:
    if low[at] in ("told", "tells") and low[at + 1] == "the":
        return _words_after(low, at) > 5
    return low[at + 1] in ("that", "it", "they", "the", "he", "to", "its", "there") or _words_after(low, at) > 5


def _words_after(low: list[str], at: int) -> int:
    total = 0
    for word in low[at + 1 :]:
        if not word[0].isalnum():
            break
        total += 1
    return total


def _scope_end(low: list[str], at: int) -> int:
    for index in range(at + 1, len(low)):
        if low[index] == ";":
            return index
        if low[index] == "where" and index and low[index - 1] != ",":
            return index
    return len(low)


def _clause_start(low: list[str], at: int) -> int:
    cuts = _CUTS
    commas = 0
    for index in range(at - 1, -1, -1):
        if low[index] in cuts or low[index] in (";", ":", "—", "–"):
            return index + 1
        if low[index] == ",":
            commas += 1
            if commas == 1 and index and _is_apposition(low, index, at):
                continue
            return index + 1
    return 0


def _is_apposition(low: list[str], comma: int, at: int) -> bool:
    """Return whether the words between a comma and the verb are set off on both sides ("X, from Y, told ...")."""
    return at > comma + 1 and "," in low[:comma] and low[at - 1] == ","


def _phrase_end(low: list[str], begin: int) -> int:
    index = begin
    while index < len(low) and low[index] not in (",", ";", ":", ")", "as", "which", "that", "who", "after", "while"):
        index += 1
    return min(index, begin + 8)


def _is_passive(low: list[str], at: int) -> bool:
    return at > 0 and low[at - 1] in ("was", "were", "is", "are", "been", "be", "being") and not low[at].endswith("ing")


def _named(sentence: Sentence, first: int, last: int) -> _Speaker | None:
    """Return the sources and the actor named between two words, all of them where joined by "and"."""
    low = sentence.low
    found: list[tuple[int, int, str]] = []
    at = first
    while at < last:
        source = source_at(sentence.names, low, at)
        if source is not None and source[0] <= last:
            found.append((at, source[0], source[1]))
            at = source[0]
        else:
            at += 1
    actors = [chunk for chunk in sentence.chunks if first <= chunk.first and chunk.last <= last and not chunk.is_adjective]
    actor = _speaking(actors, found)
    if found:
        ids = tuple(dict.fromkeys(item[2] for item in found))
        joined = all("and" in low[one[1] : two[0]] or two[0] - one[1] <= 1 for one, two in itertools.pairwise(found))
        return _Speaker(ids if joined else ids[:1], actor, False, found[0][0], found[-1][1])
    if actors and actor:
        return _Speaker((), actor, False, actors[0].first, actors[0].last)
    return None


def _speaking(actors: list[Chunk], found: list[tuple[int, int, str]]) -> str:
    if not actors:
        return ""
    if found:
        inside = [chunk for chunk in actors if chunk.first < found[0][1] and chunk.last > found[0][0]]
        return inside[0].actor if inside else ""
    return actors[0].actor


def _pronoun(low: list[str], first: int, last: int) -> _Speaker | None:
    if any(word in ("it", "he", "they", "she") for word in low[first:last][-4:]):
        return _Speaker((), "", True)
    return None


def _text(sentence: Sentence, first: int, last: int) -> str:
    low = sentence.low
    skipped = _CLAUSE | {
        ",",
        "also",
        "has",
        "have",
        "had",
        "later",
        "earlier",
        "previously",
        "been",
        "now",
        "the",
        "a",
        "an",
    }
    while first < last and low[first] in skipped:
        first += 1
    while last > first and low[last - 1] in skipped:
        last -= 1
    if last <= first:
        return ""
    return " ".join(sentence.text[sentence.words.spans[first][0] : sentence.words.spans[last - 1][1]].split())
