"""Who does it and where: the subject of a verb, its object, and the place that a claim is about."""

from __future__ import annotations

from typing import NamedTuple

from geo.mentions import Mention
from geo.places import NEAR, SETTLEMENTS
from geo.reading.sentences import Chunk, Sentence
from geo.wordlists import words

BE = frozenset("is are was were been be being am get got gets".split())
HAVE = frozenset("has have had having".split())
_AUXILIARY = BE | HAVE | frozenset("do does did will would could should may might must can to".split())
ADVERBS = frozenset(
    "now also again still already since then soon later further not never all both just even first once together reportedly largely today yesterday "
    "overnight quickly finally earlier proudly only more apparently effectively fully so far".split()
)
_RELATIVE = frozenset(("who", "which", "that"))
_DETERMINERS = frozenset("the a an some all its their his other several most many any this that these those both no certain more few of".split())
_PRONOUNS = frozenset(("they", "it", "he", "them", "she"))
_LOCATIVE = frozenset("in across around inside over at throughout on within from".split())
_NEARBY = frozenset(("near", "outside", "around", "nearby"))
_FURTHER = frozenset(("northern southern eastern western central strategic main major key important second third fourth largest biggest ancient historic "
    "besieged rebel-held nearby neighbouring neighboring surrounding entire whole local capital port border first last").split())
_GROUP_NOUNS = frozenset("group militia alliance faction coalition movement paramilitary paramilitaries".split())
_SPAN = 10


class Subject(NamedTuple):
    """A verb's subject: who acts, or a pronoun ("they"), or a place."""

    chunk: Chunk | None = None
    pronoun: int = -1
    place: Mention | None = None


class Target(NamedTuple):
    """A place that a claim is about: the mention, or the words that stand for one spoken of before; how much of it."""

    mention: Mention | None
    word: str
    first: int
    last: int
    extent: str
    is_near: bool = False
    is_counted: bool = False


def is_governed(sentence: Sentence, first: int) -> bool:
    """Return whether the words from an index on hang on a preposition."""
    low, at = sentence.low, first - 1
    while at >= 0 and (low[at] in _DETERMINERS or low[at] in _FURTHER or low[at].endswith("est")):
        at -= 1
    return at >= 0 and (low[at] in words("cues", "prepositions") or low[at] in ("called", "including", "than")) and low[at] not in ("after", "before", "since", "during")


def is_passive(sentence: Sentence, first: int, last: int, form: str) -> bool:
    """Return whether a participle is passive."""
    if form not in ("participle", "past or participle"):
        return False
    low, at = sentence.low, first - 1
    while at >= 0 and (low[at] in ADVERBS or low[at].endswith("ly")):
        at -= 1
    if at >= 0 and low[at] in BE:
        return True
    return last < len(low) and low[last] == "by"


def subject(sentence: Sentence, first: int, form: str) -> Subject | None:
    """Return the subject of a verb at an index, None where it is nobody known."""
    low = sentence.low
    chunks = {index: chunk for chunk in sentence.chunks for index in range(chunk.first, chunk.last)}
    places = {index: (start, mention) for start, stop, mention in sentence.places for index in range(start, stop)}
    done, attempt, intent = words("cues", "done"), words("cues", "attempt"), words("cues", "intent")
    prepositions, cuts = words("cues", "prepositions"), words("cues", "clause")
    unknown, crossed, joined = False, False, first > 0 and low[first - 1] == "to"
    pending: Chunk | None = None
    at = first - 1
    while at >= 0:
        chunk, word = chunks.get(at), low[at]
        if chunk is not None and not chunk.is_adjective:
            if is_governed(sentence, chunk.first) and not (unknown and not joined):
                if not unknown and not crossed:
                    pending = pending or chunk
                at = chunk.first - 1
                while at >= 0 and (low[at] in _DETERMINERS or low[at] in prepositions or low[at] in ("led", "backed", "supported", "including", "called")):
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
                while at >= 0 and (low[at] in _DETERMINERS or low[at] in prepositions):
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
        elif word in _RELATIVE:
            if word == "that" and at and low[at - 1] in words("cues", "say"):
                break
            unknown = False
        elif word in cuts and word not in ("with", "so", "yet"):
            if form != "ing" or unknown:
                break
            joined = True
        elif word in prepositions or word == "to":
            if unknown and form in ("base", "s") and word != "to" and not joined:
                return None  # "relying on suicide attacks": no verb at all
            if unknown:
                unknown = joined
        elif word in _AUXILIARY or word in ADVERBS or word.endswith("ly") or word in done or word in attempt or word in intent:
            if unknown and (word in _AUXILIARY) and not joined:
                joined = True
        elif word.endswith(("ed", "led")) and low[at + 1] in ("by", "with", "from", "in", "at"):
            unknown = False
        elif word not in _DETERMINERS and not joined:
            unknown = True
        at -= 1
    if pending is not None and not (unknown and not joined):
        return Subject(chunk=pending)
    return None


def agent(sentence: Sentence, start: int, marks: tuple[str, ...] = ("by",), reach: int = 14) -> Chunk | None:
    """Return who is named after "by" (or other words) from an index on: the most exactly named of those set side by side."""
    low = sentence.low
    for at in range(start, min(len(low), start + reach)):
        if low[at] in (";", ":") or (low[at] in words("cues", "clause") and low[at] not in ("and", "with", "since", "amid", "that")):
            return None
        if low[at] in marks:
            if low[at] == "by" and at > start and low[at - 1] in ("backed", "supported", "led", "joined", "followed", "aided", "accompanied"):
                continue
            near = [chunk for chunk in sentence.chunks if at < chunk.first <= at + 6]
            near = [chunk for chunk in near if not chunk.is_adjective or chunk.actor]
            if not near:
                continue
            best = near[0]
            for chunk in near[1:]:
                between = low[best.last : chunk.first]
                if set(between) <= {"in", "of", "from", "the", "called", "with", "("}:
                    best = chunk
                else:
                    break
            return best
    return None


def after(sentence: Sentence, start: int, *, is_weak: bool = False, reach: int = _SPAN) -> list[Target]:
    """Return the places that stand as an object from an index on; an empty list where the object is no place."""
    low, count = sentence.low, len(sentence.low)
    places = {first: (last, mention) for first, last, mention in sentence.places}
    whole, most, much, part = (words("cues", key) for key in ("whole", "most", "much", "part"))
    assets, counted, nouns = words("cues", "assets"), words("cues", "counted"), words("cues", "places")
    prepositions, cuts = words("cues", "prepositions"), words("cues", "clause")
    extent, is_asset, is_near, has_count, is_counted = "", False, False, False, False
    at, end = start, min(count, start + reach)
    while at < end:
        if at in places:
            last, mention = places[at]
            described = _described(sentence, at, last, mention, places)
            if described is not None:
                return [described._replace(extent=extent or described.extent, is_near=is_near)]
            if _is_owner_of_people(low, last, mention, sentence):
                return []
            if mention.part and not extent:
                extent = "part"
            own = low[at:last]
            if mention.is_vague and not extent and own and own[0] in much | most:
                extent = "most" if own[0] in most else "much"
            if not extent and last - 1 in sentence.owners and low[last : last + 4] and any(word in assets for word in low[last : last + 3]):
                extent = "" if low[last] in ("defenses", "defences", "edge", "gates") else "part"
            first_target = Target(mention, "", at, last, extent or ("part" if is_asset else ""), is_near, is_counted)
            return [first_target, *_listed(sentence, last, places)]
        word = low[at]
        if word in ("the", "that", "this", "its", "their") or word == "there" or (word in ("it",) and at == start):
            stands = _stands_for(sentence, at, nouns)
            if stands is not None:
                name, last = stands
                return [Target(None, name, at, last, extent or ("part" if is_asset else ""), is_near, is_counted), *_listed(sentence, last, places)]
        if word in most:
            extent = "most"
        elif word in whole:
            extent = "whole"
        elif word in much:
            extent = extent or "much"
        elif is_weak and at == start and word in ("positions", "part", "place", "control", "areas"):
            return []
        elif word in part and word not in ("locations",):
            extent = extent or "part"
            is_asset = is_asset or word in assets or word in part
            if (has_count or low[at - 1] in ("two", "three", "four", "five", "several", "many")) and word in counted:
                is_counted = True
        elif word in counted and has_count:
            is_counted = is_asset = True
        elif word in assets:
            is_asset = True
        elif word == "of":
            previous = low[at - 1] if at > start else "of"
            if not (previous in nouns or previous in most or previous in whole or previous in much or previous in part or previous in assets or at == start or previous in ("control", "town", "rest", "hands", "cities")):
                return []
        elif word in _NEARBY:
            if at > start and not is_asset:
                return []
            is_near = True
        elif word in _LOCATIVE:
            if not is_asset:
                return []
        elif word == "and":
            if not is_asset:
                return []
        elif word in (",", ";", ":", "?", "(", ")") or word in prepositions or word in cuts or word in _AUXILIARY:
            return []
        elif word[0].isdigit() or word in ("some", "dozens", "hundreds"):
            has_count = True
        elif is_weak and word not in _DETERMINERS and word not in _FURTHER and word not in nouns and not word.endswith(("ern", "est", "ic", "al")):
            return []
        at += 1
    return []


def behind(sentence: Sentence, start: int, prepositions: frozenset[str], reach: int = 16) -> list[Target]:
    """Return the places after one of some prepositions, within the clause that goes on from an index."""
    low, count = sentence.low, len(sentence.low)
    cuts = words("cues", "clause") - {"and", "since", "that", "amid", "with"}
    triggers = {trigger.first for trigger in sentence.triggers}
    for at in range(start, min(count, start + reach)):
        word = low[at]
        if word in (";", ":", "?") or word in cuts:
            break
        if word == "and" and any(index in triggers or low[index] in _AUXILIARY for index in range(at + 1, min(count, at + 4))):
            break
        two = " ".join(low[at : at + 2])
        if two in prepositions or word in prepositions:
            skip = 2 if two in prepositions else 1
            found = after(sentence, at + skip, is_weak=word == "to", reach=9)
            if found:
                if word in _NEARBY:
                    found = [target._replace(is_near=True) for target in found]
                return found
    return []


def before(sentence: Sentence, first: int) -> list[Target]:
    """Return the places that are the subject of a verb at an index: the nearest on its left with nothing else between."""
    low = sentence.low
    prepositions, nouns = words("cues", "prepositions"), words("cues", "places")
    ends = {last: (start, mention) for start, last, mention in sentence.places}
    at = first
    crossed = False
    for _ in range(14):
        if at in ends:
            start, mention = ends[at]
            if mention.is_vague or not is_governed(sentence, start) or _is_kind_of(low, start) or crossed:
                return [*_listed_before(sentence, start, ends), Target(mention, "", start, at, extent_before(low, start, mention))]
            if low[start - 1] == "of":
                return [Target(mention, "", start, at, extent_before(low, start, mention))]
            return [*_listed_before(sentence, start, ends), Target(mention, "", start, at, extent_before(low, start, mention))] if low[start - 1] in ("in", "of") and low[max(0, start - 2)] in words("cues", "part") else []
        at -= 1
        if at < 0:
            return []
        word = low[at]
        if word in ("it", "there"):
            return [Target(None, word, at, at + 1, "")]
        if word in nouns and at and low[at - 1] in ("the", "that", "this"):
            return [Target(None, f"the {word}", at - 1, at + 1, "")]
        if word in nouns and at > 1 and low[at - 2] in ("the", "that", "this") and low[at - 1] in _FURTHER:
            return [Target(None, f"the {word}", at - 2, at + 1, "")]
        if word in _RELATIVE or word in (",", ")", "(") or word in ("and",):
            crossed = crossed or word != "and"
            continue
        if word in _AUXILIARY or word in ADVERBS or word.endswith("ly") or word in words("cues", "done") or word in ("defences", "defenses"):
            continue
        if word in prepositions or not crossed:
            return []
    return []


def _described(sentence: Sentence, first: int, last: int, mention: Mention, places: dict[int, tuple[int, Mention]]) -> Target | None:
    """Return the city of "the country's second city", which its name may follow: "Syria's third biggest city - Homs"."""
    low = sentence.low
    if last - 1 not in sentence.owners or mention.place is None or mention.place.kind != "country":
        return None
    at = last
    while at < min(len(low), last + 4) and (low[at] in _FURTHER or low[at].endswith("est")):
        at += 1
    if at == last or at >= len(low) or low[at] not in ("city", "town", "port", "village"):
        return None
    beyond = at + 1
    if low[beyond : beyond + 1] and low[beyond] in ("-", ",", "–", "—", "of", "("):
        beyond += 1
    if beyond in places:
        return Target(places[beyond][1], "", beyond, places[beyond][0], "")
    return Target(None, "the city", first, at + 1, "")


def _listed_before(sentence: Sentence, start: int, ends: dict[int, tuple[int, Mention]]) -> list[Target]:
    low = sentence.low
    found: list[Target] = []
    while start > 1 and low[start - 1] in ("and", ","):
        stop = start - 1
        if low[stop - 1] == ",":
            stop -= 1
        if stop not in ends:
            break
        start, mention = ends[stop]
        found.insert(0, Target(mention, "", start, stop, mention.part))
    return found


def _is_kind_of(low: list[str], start: int) -> bool:
    return start > 1 and low[start - 1] == "of" and low[start - 2] in words("cues", "places")


def extent_before(low: list[str], start: int, mention: Mention) -> str:
    window = low[max(0, start - 4) : start]
    for name in ("most", "much", "whole", "part"):
        if any(word in words("cues", name) for word in window) and "of" in window:
            return name
    if window[-1:] == ["all"]:
        return "whole"
    return mention.part


def _listed(sentence: Sentence, at: int, places: dict[int, tuple[int, Mention]]) -> list[Target]:
    """Return the places that go on a list: ", Homs and much of the province"."""
    low, count, found = sentence.low, len(sentence.low), []
    while at < count:
        index = at
        if low[index] == ",":
            index += 1
        if low[index : index + 3] == ["as", "well", "as"]:
            index += 3
        elif index < count and low[index] in ("and", "or", "plus"):
            index += 1
        elif index == at:
            break
        extent = ""
        for _ in range(5):
            if index >= count or index in places:
                break
            word = low[index]
            kind = next((name for name in ("whole", "most", "much", "part") if word in words("cues", name)), "")
            stands = _stands_for(sentence, index, words("cues", "places")) if word in ("the",) else None
            if stands is not None:
                break
            if kind:
                extent = kind
            elif word not in _DETERMINERS and word not in _FURTHER and word not in words("cues", "places"):
                return found
            index += 1
        if index < count and index in places:
            last, mention = places[index]
            if low[at] == "," and (mention.is_vague or low[index] in ("a", "an")) and "and" not in low[at:index]:
                return found
            if last < count and (low[last] in _AUXILIARY or any(trigger.first == last for trigger in sentence.triggers)):
                return found
            found.append(Target(mention, "", index, last, extent or mention.part))
            at = last
            continue
        stands = _stands_for(sentence, index, words("cues", "places")) if index < count else None
        if stands is not None and "and" in low[at:index]:
            found.append(Target(None, stands[0], index, stands[1], extent))
        break
    return found


def _stands_for(sentence: Sentence, at: int, nouns: frozenset[str]) -> tuple[str, int] | None:
    """Return the words that stand for a place spoken of before, and where they end: "the city", "its flanks", "there"."""
    low, count = sentence.low, len(sentence.low)
    starts = {first for first, _, _ in sentence.places}
    if low[at] in ("it", "there"):
        return low[at], at + 1
    index = at + 1
    while index < count and index < at + 4 and low[index] not in nouns and (low[index] in _FURTHER or low[index].endswith(("ern", "al", "ed", "est", "ing"))):
        index += 1
    if index < count and low[index] in nouns and low[at] != "its" and low[at] != "their":
        if low[index + 1 : index + 2] == ["of"] or index + 1 in starts or any(first <= index < last for first, last, _ in sentence.places):
            return None
        noun = low[index]
        if "international" in low[at:index]:
            noun = "international airport" if noun == "airport" else noun
        return f"the {noun}", index + 1
    return None


def _is_owner_of_people(low: list[str], last: int, mention: Mention, sentence: Sentence) -> bool:
    if last >= len(low) or not mention.place or mention.place.kind not in SETTLEMENTS:
        return False
    return low[last] in words("cues", "people") and last - 1 not in sentence.owners


def precision_of(target: Target) -> int:
    """Return how exactly a target's place is known."""
    if target.mention is None:
        return NEAR if target.is_near else 1
    if target.is_near and target.mention.precision < NEAR:
        return NEAR
    return target.mention.precision
