"""Who does it: the subject of a verb, and who is named after "by"."""

from __future__ import annotations

from typing import NamedTuple

from geo.mentions import Mention
from geo.reading.sentences import Chunk, Sentence
from geo.wordlists import words

_ATTEMPT = words("cues", "attempt")
_CLAUSE = words("cues", "clause")
_DENY = words("cues", "deny")
_DONE = words("cues", "done")
_INTENT = words("cues", "intent")
_PREPOSITIONS = words("cues", "prepositions")
_SAY = words("cues", "say")

BE = frozenset(["is", "are", "was", "were", "been", "be", "being", "am", "get", "got", "gets"])
HAVE = frozenset(["has", "have", "had", "having"])
AUXILIARY = (
    BE | HAVE | frozenset(["do", "does", "did", "will", "would", "could", "should", "may", "might", "must", "can", "to"])
)
ADVERBS = frozenset(
    [
        "now",
        "also",
        "again",
        "still",
        "already",
        "since",
        "then",
        "soon",
        "later",
        "further",
        "not",
        "never",
        "all",
        "both",
        "just",
        "even",
        "first",
        "once",
        "together",
        "reportedly",
        "largely",
        "today",
        "yesterday",
        "overnight",
        "quickly",
        "finally",
        "earlier",
        "proudly",
        "only",
        "more",
        "apparently",
        "effectively",
        "fully",
        "so",
        "far",
    ]
)
RELATIVE = frozenset(("who", "which", "that"))
DETERMINERS = frozenset(
    [
        "the",
        "a",
        "an",
        "some",
        "all",
        "its",
        "their",
        "his",
        "other",
        "several",
        "most",
        "many",
        "any",
        "this",
        "that",
        "these",
        "those",
        "both",
        "no",
        "certain",
        "more",
        "few",
        "of",
    ]
)
_PRONOUNS = frozenset(("they", "it", "he", "them", "she", "we"))
FURTHER = frozenset(
    [
        "northern",
        "southern",
        "eastern",
        "western",
        "central",
        "strategic",
        "main",
        "major",
        "key",
        "important",
        "second",
        "third",
        "fourth",
        "largest",
        "biggest",
        "ancient",
        "historic",
        "besieged",
        "wide",
        "large",
        "vast",
        "great",
        "rebel-held",
        "nearby",
        "neighbouring",
        "neighboring",
        "surrounding",
        "entire",
        "whole",
        "local",
        "capital",
        "port",
        "border",
        "first",
        "last",
    ]
)
_AFTER_PARTICIPLE = frozenset(("from", "in", "on", "last", "earlier", "after", "during", "days", "weeks", "hours", "overnight"))
_GROUP_NOUNS = frozenset(["group", "militia", "alliance", "faction", "coalition", "movement", "paramilitary", "paramilitaries"])
ARMS = frozenset(
    [
        "air",
        "strike",
        "strikes",
        "airstrike",
        "airstrikes",
        "missile",
        "missiles",
        "drone",
        "drones",
        "shell",
        "shells",
        "shelling",
        "rocket",
        "rockets",
        "fire",
        "artillery",
        "attack",
        "attacks",
        "raid",
        "raids",
        "bombardment",
        "bombs",
        "bomb",
        "mortars",
        "mortar",
        "munitions",
        "warplane",
        "warplanes",
        "jets",
        "barrage",
    ]
)


class Subject(NamedTuple):
    """A verb's subject: who acts, or a pronoun ("they"), or a place."""

    chunk: Chunk | None = None
    pronoun: int = -1
    place: Mention | None = None


def is_governed(sentence: Sentence, first: int) -> bool:
    """Return whether the words from an index on hang on a preposition."""
    low, at = sentence.low, first - 1
    while at >= 0 and (low[at] in DETERMINERS or low[at] in FURTHER or low[at].endswith("est")):
        at -= 1
    return (
        at >= 0
        and (low[at] in _PREPOSITIONS or low[at] in ("called", "including", "than"))
        and low[at] not in ("after", "before", "since", "during")
    )


def is_passive(sentence: Sentence, first: int, last: int, form: str) -> bool:
    """Return whether a participle is passive."""
    if form not in ("participle", "past or participle"):
        return False
    low, at = sentence.low, first - 1
    while at >= 0 and (low[at] in ADVERBS or low[at].endswith("ly") or low[at - 1 : at + 1] == ["all", "but"]):
        at -= 1
    if at >= 0 and low[at] in BE:
        return True
    if at == first - 1 and low[at] == "," and low[last : last + 1] and low[last] in _AFTER_PARTICIPLE:
        return any(end == at and mention.kind != "country" for _, end, mention in sentence.places)
    return last < len(low) and low[last] == "by"


def subject(sentence: Sentence, first: int, form: str) -> Subject | None:
    """Return the subject of a verb at an index, None where it is nobody known."""
    low = sentence.low
    chunks, places = sentence.words.chunk_at, sentence.place_at
    done, attempt, intent = _DONE, _ATTEMPT, _INTENT
    prepositions, cuts = _PREPOSITIONS, _CLAUSE
    unknown, crossed, joined = (
        False,
        False,
        first > 0 and (low[first - 1] == "to" or (form == "ing" and low[first - 1] in _DENY)),
    )
    pending: Chunk | None = None
    at = first - 1
    while at >= 0:
        chunk, word = chunks.get(at), low[at]
        if chunk is not None and chunk.actor and unknown and set(low[at + 1 : first]) - AUXILIARY <= ARMS:
            return Subject(chunk=chunk)  # "an enemy air strike hit the crossing"
        if chunk is not None and not chunk.is_adjective:
            if is_governed(sentence, chunk.first) and not (unknown and not joined):
                if not unknown and not crossed:
                    pending = pending or chunk
                at = chunk.first - 1
                while at >= 0 and (
                    low[at] in DETERMINERS
                    or low[at] in prepositions
                    or low[at] in ("led", "backed", "supported", "including", "called")
                ):
                    at -= 1
                unknown = False
                continue
            if unknown and not joined:
                return Subject(chunk=pending) if pending else None
            if chunk.actor == "" and pending is not None:
                return Subject(chunk=pending)
            return Subject(chunk=chunk)
        if at in places and not unknown:
            start, mention = places[at]
            if is_governed(sentence, start) or joined or crossed:
                at = start - 1
                unknown = False
                while at >= 0 and (low[at] in DETERMINERS or low[at] in prepositions):
                    at -= 1
                continue
            return Subject(place=mention)
        if word in _PRONOUNS and not unknown:
            return Subject(pronoun=at)
        if word in _GROUP_NOUNS and at and low[at - 1] in ("the", "this") and not unknown:
            return Subject(pronoun=at)
        if word in (";", ":", "?"):
            break
        if word in (",", "(", ")", "—", "–", "-", "…"):
            if unknown and not joined:
                if pending is not None:
                    return Subject(chunk=pending)
                unknown = False
            crossed = True
        elif word in ("and", "but", "then", "or"):
            if unknown and not joined:
                return Subject(chunk=pending) if pending else None
            crossed = joined = True
        elif word in RELATIVE:
            if word == "that" and at and low[at - 1] in _SAY:
                break
            unknown = False
        elif word == "since" and at and low[at - 1] in HAVE:
            pass  # "has since bombed"
        elif word in cuts and word not in ("with", "so", "yet"):
            if form != "ing" or unknown:
                break
            joined = True
        elif word in prepositions or word == "to":
            if unknown and form in ("base", "s") and word != "to" and not joined:
                return None  # "relying on suicide attacks": no verb at all
            if unknown:
                unknown = joined
        elif word in AUXILIARY or word in ADVERBS or word.endswith("ly") or word in done or word in attempt or word in intent:
            if unknown and (word in AUXILIARY) and not joined:
                joined = True
        elif word.endswith(("ed", "led")) and low[at + 1] in ("by", "with", "from", "in", "at"):
            unknown = False
        elif word not in DETERMINERS and not joined:
            unknown = True
        at -= 1
    if pending is not None and not (unknown and not joined):
        return Subject(chunk=pending)
    return None


def agent(sentence: Sentence, start: int, marks: tuple[str, ...] = ("by",), reach: int = 14) -> Chunk | None:
    """Return who is named after "by" (or other words) from an index on: the most exactly named of those set side by side."""
    low = sentence.low
    for at in range(start, min(len(low), start + reach)):
        if low[at] in (";", ":") or (low[at] in _CLAUSE and low[at] not in ("and", "with", "since", "amid", "that")):
            return None
        if low[at] in marks:
            if (
                low[at] == "by"
                and at > start
                and low[at - 1] in ("backed", "supported", "led", "joined", "followed", "aided", "accompanied")
            ):
                continue
            near = [chunk for chunk in sentence.chunks if at < chunk.first <= at + 6]
            near = [chunk for chunk in near if not chunk.is_adjective or chunk.actor]
            if not near:
                continue
            best = near[0]
            countries = {first for first, _, mention in sentence.places if mention.kind == "country"}
            for chunk in near[1:]:
                between = low[best.last : chunk.first]
                if chunk.first in countries:
                    break
                if set(between) <= {"in", "of", "from", "the", "called", "with", "("}:
                    best = chunk
                else:
                    break
            return best
    return None
