"""Whether a phrase says that something is so: not where it is asked, wished, feared, tried, denied, conditional or history."""

from __future__ import annotations

from enum import Enum

from geo.datewords import When
from geo.reading.grammar import BASE, GERUND, NOUN
from geo.reading.sentences import Sentence, Trigger
from geo.wordlists import words

_CLAUSE = words("cues", "clause")
_ENDS = _CLAUSE - {"and", "that", "with", "since", "amid"}
_CUTS = _CLAUSE - {"and", "that", "with", "since", "amid", "then", "yet", "so"}
_CONDITION = words("cues", "condition")
_FUTURE = words("cues", "future")
_MODAL, _INTENT, _ATTEMPT, _DONE = (words("cues", key) for key in ("modal", "intent", "attempt", "done"))
_HISTORY = words("cues", "history")
_NEGATION = words("cues", "negation")


class Stance(Enum):
    """What a phrase does with what it names."""

    SAID = "said"
    TRIED = "tried"
    ANNOUNCED = "announced"
    NOT_SAID = "not said"


_BE = frozenset(("is", "are", "was", "were"))
_FALSE = frozenset(("false", "untrue", "unfounded", "baseless", "incorrect", "fake", "wrong", "fabricated", "premature"))
_RUMOUR = frozenset(("rumours", "rumors", "rumour", "rumor", "reports", "claims", "claim", "report", "news", "suggestions"))
_ALMOST = frozenset(("almost", "nearly"))
_LONG = frozenset(("year", "years", "decade", "decades", "months"))
_NEAR = 7
_VERBAL_NEGATION = frozenset(("not", "never", "n't", "hardly", "barely"))


def stance(sentence: Sentence, trigger: Trigger, form: str, extent: str) -> Stance:
    """Return what a sentence does with one of its phrases.

    Parameters
    ----------
    form : of the phrase, as in `geo.reading.grammar`
    extent : how much of the place is meant; who acts "to seize much of" a city has done so
    """
    low, first, last = sentence.low, trigger.first, trigger.last
    phrase_is_strike = any(phrase.rule.kind == "strike" for phrase in trigger.phrases)
    if sentence.is_question or _is_conditional(sentence, first):
        return Stance.NOT_SAID
    left = _clause_start(sentence, first)
    clause = low[left:first]
    right = low[last : _clause_end(sentence, last)]
    modal, intent, attempt, done = _MODAL, _INTENT, _ATTEMPT, _DONE
    if any(word in modal or word.endswith("n't") for word in clause):
        return Stance.NOT_SAID
    if any(word in _NEGATION for word in clause[-6:]):
        return Stance.NOT_SAID
    if any(word in _HISTORY for word in clause[-5:]):
        return Stance.NOT_SAID
    near = clause[-_NEAR:]
    if any(phrase.rule.kind == "controls" for phrase in trigger.phrases) and "until" in low[max(0, left - 1) : last + 8]:
        return Stance.NOT_SAID  # "until last week they held it"
    if _FALSE.intersection(right) and _RUMOUR.intersection(clause):
        return Stance.NOT_SAID
    if (_ALMOST.intersection(clause[-1:]) or low[max(0, first - 2) : first] == ["all", "but"]) and any(
        phrase.rule.kind in ("captured", "entered") for phrase in trigger.phrases
    ):
        return Stance.NOT_SAID
    if form == NOUN:
        if any(word in modal for word in right[:9]) and any(word in ("would", "could", "might", "may") for word in right[:9]):
            return Stance.NOT_SAID
        ordered = phrase_is_strike and any(word in ("order", "orders", "ordered", "ordering") for word in near[-4:])
        if "first" in clause[-3:] and any(word in ("mark", "marks", "marked", "marking") for word in clause):
            return Stance.NOT_SAID
        if (any(word in intent for word in near[-4:]) and not ordered) or any(
            word in ("after", "before", "for") and low[first - 1] == word and "to" in clause for word in ("for",)
        ):
            return Stance.NOT_SAID
        if any(word in _FUTURE for word in clause) or any(word in _FUTURE for word in right[:3]):
            return Stance.NOT_SAID
        return Stance.SAID
    if any(word in _FUTURE for word in clause):
        return Stance.ANNOUNCED
    if form == BASE and "to" in near[-4:]:
        before = [word for word in near if word not in ("to", "also", "again", "now", "further", "be", "have")]
        before_to = clause[: len(clause) - 1 - clause[::-1].index("to")]
        governing = before_to[-1] if before_to else ""
        if any(word in attempt for word in before[-4:]) and not any(word in intent for word in before_to[-2:]):
            return Stance.TRIED
        if governing in done or (len(before_to) > 1 and governing in ("also", "again", "now") and before_to[-2] in done):
            return Stance.NOT_SAID if any(word in intent for word in before_to[-5:-1]) else Stance.SAID
        return (
            Stance.SAID
            if extent in ("most", "much", "part") and not any(word in intent for word in before)
            else Stance.NOT_SAID
        )
    if form == BASE and not any(word in done for word in near[-3:]) and any(word in intent for word in near):
        return Stance.NOT_SAID
    if ("to" in near[-3:] and "have" in near[-2:]) or ("to" in near[-3:] and "be" in near[-2:]):
        return Stance.NOT_SAID if any(word in intent for word in near[:-2]) else Stance.SAID
    if form == GERUND:
        if any(word in attempt for word in near[-2:]):
            return Stance.TRIED
        if near and near[-1] in _BE and any(phrase.rule.kind == "captured" for phrase in trigger.phrases):
            # "are taking it" is not yet done, and "is losing it" neither
            return Stance.NOT_SAID if any(phrase.rule.loser for phrase in trigger.phrases) else Stance.TRIED
        if near[-1:] == ["from"]:
            return Stance.NOT_SAID  # "kept them from entering"
        if any(word in intent for word in near[-3:]) or "without" in near[-2:] or near[-1:] == ["for"] or near[-1:] == ["of"]:
            return Stance.NOT_SAID
    return Stance.SAID


def is_negated(sentence: Sentence, trigger: Trigger) -> bool:
    """Return whether a phrase is plainly said not to be so: "has not fallen", with no "if" and no "may"."""
    low, first = sentence.low, trigger.first
    left = _clause_start(sentence, first)
    if sentence.is_question or _is_conditional(sentence, first) or any(word in _FUTURE | _MODAL for word in low[left:first]):
        return False
    return any(
        word in _VERBAL_NEGATION or word == "neither" or word.endswith("n't") for word in low[max(left, first - 8) : first]
    )


def is_history(sentence: Sentence, trigger: Trigger, when: When | None) -> bool:
    """Return whether a phrase tells of years ago: by its own day, or after "in 2016, when"."""
    if when is not None and when.is_history:
        return True
    if when is not None and when.lasting and any(other.is_history for other in sentence.whens):
        return True  # "held it for ten days in 2012"
    low = sentence.low
    for at in range(trigger.first - 2, max(0, trigger.first - 8), -1):
        if low[at] in (",", ";"):
            break
        if low[at] in _LONG and low[at + 1] in ("after", "since", "before"):
            return True
    for other in sentence.whens:
        if not (other.is_history or (other.is_since and other.first.year < sentence.published.year)):
            continue
        at = sentence.index(other.end)
        if (at < trigger.first and at < len(low) and low[at] in ("when", "after", "as", "before")) or (
            at + 1 < trigger.first and low[at : at + 2] == [",", "when"]
        ):
            return True
    return False


def _is_conditional(sentence: Sentence, first: int) -> bool:
    low = sentence.low
    condition = _CONDITION
    at = next((index for index, word in enumerate(low) if word in condition), -1)
    if at < 0:
        return bool(low[0] in ("had", "should", "were") and len(low) > 4)
    if at < first:
        return True
    return any(word in ("would", "could", "will", "might", "may") for word in low[:at])


def _clause_start(sentence: Sentence, first: int) -> int:
    cuts = _CUTS
    low = sentence.low
    at = first - 1
    if at > 0 and low[at] in ("it", "they") and any(last == at for _, last, _ in sentence.places):
        return at  # "the region it occupies"
    while at >= 0:
        if low[at] in (";", ":") or low[at] in cuts:
            return at + 1
        if (
            low[at] in ("and", "but", ",")
            and any(trigger.last <= at and trigger.last > at - 14 for trigger in sentence.triggers)
            and _has_verb(sentence, at + 1, first)
        ):
            return at + 1
        at -= 1
    return 0


def _has_verb(sentence: Sentence, first: int, last: int) -> bool:
    """Return whether a clause has its own beginning: somebody, or an auxiliary, before the phrase."""
    low = sentence.low
    if any(
        low[index] in ("is", "are", "was", "were", "has", "have", "had", "they", "it", "he") for index in range(first, last)
    ):
        return True
    return any(first <= chunk.first < last for chunk in sentence.chunks)


def _clause_end(sentence: Sentence, last: int) -> int:
    cuts = _ENDS
    low = sentence.low
    for at in range(last, len(low)):
        if low[at] in (";", ":") or low[at] in cuts:
            return at
    return len(low)
