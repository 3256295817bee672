"""Where it happens: the place that is the object or the subject of a verb, or stands after a preposition."""

from __future__ import annotations

from typing import NamedTuple

from geo.mentions import Mention
from geo.places import SETTLEMENTS
from geo.reading.roles import ADVERBS, AUXILIARY, DETERMINERS, FURTHER, RELATIVE, is_governed
from geo.reading.sentences import Sentence
from geo.wordlists import words

_ASSETS = words("cues", "assets")
_CLAUSE = words("cues", "clause")
_CUTS = _CLAUSE - {"and", "since", "that", "amid", "with"}
_COUNTED = words("cues", "counted")
_DONE = words("cues", "done")
_PART = words("cues", "part")
_EXTENTS = {name: words("cues", name) for name in ("whole", "most", "much", "part")}
_PEOPLE = words("cues", "people")
_PLACES = words("cues", "places")
_PREPOSITIONS = words("cues", "prepositions")

_LOCATIVE = frozenset(["in", "across", "around", "inside", "over", "at", "throughout", "on", "within", "from"])
_NEARBY = frozenset(("near", "outside", "around", "nearby"))
_EDGES = frozenset(
    ["edge", "edges", "outskirts", "gates", "limits", "flanks", "flank", "suburbs", "centre", "center", "doorstep"]
)
_SPAN = 10


class Target(NamedTuple):
    """A place that a claim is about: the mention, or the words that stand for one spoken of before; how much of it."""

    mention: Mention | None
    word: str
    first: int
    last: int
    extent: str
    is_near: bool = False
    is_counted: bool = False


def after(sentence: Sentence, start: int, *, is_weak: bool = False, reach: int = _SPAN) -> list[Target]:
    """Return the places that stand as an object from an index on; an empty list where the object is no place."""
    low, count = sentence.low, len(sentence.low)
    places = sentence.place_from
    whole, most, much, part = _EXTENTS.values()
    assets, counted, nouns = _ASSETS, _COUNTED, _PLACES
    prepositions, cuts = _PREPOSITIONS, _CLAUSE
    extent, is_asset, is_near, has_count, is_counted = "", False, False, False, False
    at, end = start, min(count, start + reach)
    while at < end:
        if at in places:
            last, mention = places[at]
            if at == start and low[at] == "at" and reach > 1:
                return []
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
            if (
                not extent
                and last - 1 in sentence.owners
                and low[last : last + 4]
                and any(word in assets for word in low[last : last + 3])
            ):
                extent = "" if low[last] in ("defenses", "defences", "edge", "gates") else "part"
            first_target = Target(mention, "", at, last, extent or ("part" if is_asset else ""), is_near, is_counted)
            return [first_target, *_listed(sentence, last, places)]
        word = low[at]
        if word in ("the", "that", "this", "its", "their") or word == "there" or (word in ("it",) and at == start):
            stands = _stands_for(sentence, at, nouns)
            if stands is not None:
                name, last = stands
                is_asset = is_asset or (last < count and name != word and low[last] in assets)
                return [
                    Target(None, name, at, last, extent or ("part" if is_asset else ""), is_near, is_counted),
                    *_listed(sentence, last, places),
                ]
        if word in most:
            extent = "most"
        elif word in whole:
            extent = "whole"
        elif word in much:
            extent = extent or "much"
        elif (
            is_weak
            and at == start
            and (
                word in ("part", "place", "control", "shelter") or (word == "positions" and low[at + 1 : at + 2] == ["outside"])
            )
        ):
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
        elif word in ("about", "around", "over", "nearly", "almost") and at + 1 < count and low[at + 1][0].isdigit():
            has_count = True
        elif word == "of":
            previous = low[at - 1] if at > start else "of"
            if not (
                previous in nouns
                or previous in most
                or previous in whole
                or previous in much
                or previous in part
                or previous in assets
                or at == start
                or previous
                in ("control", "town", "towns", "rest", "hands", "cities", "countryside", "heart", "defenders", "state")
            ):
                return []
        elif word in _NEARBY:
            if at > start and not is_asset:
                return []
            is_near = True
        elif word in _LOCATIVE or word == "and":
            if not is_asset:
                return []
        elif word in (",", ";", ":", "?", "(", ")") or word in prepositions or word in cuts or word in AUXILIARY:
            return []
        elif word[0].isdigit() or word in ("some", "dozens", "hundreds"):
            has_count = True
        elif (
            is_weak
            and word not in DETERMINERS
            and word not in FURTHER
            and word not in nouns
            and not word.endswith(("ern", "est", "ic", "al"))
        ):
            return []
        at += 1
    return []


def behind(sentence: Sentence, start: int, prepositions: frozenset[str], reach: int = 16) -> list[Target]:
    """Return the places after one of some prepositions, within the clause that goes on from an index."""
    low, count = sentence.low, len(sentence.low)
    cuts = _CUTS
    triggers = {trigger.first for trigger in sentence.triggers}
    for at in range(start, min(count, start + reach)):
        word = low[at]
        if word in prepositions and at in sentence.place_from:
            found = after(sentence, at, reach=1)  # a place's words may begin with the preposition
            if found:
                return found
        if word in (";", ":", "?") or word in cuts:
            break
        if word == "and" and any(index in triggers or low[index] in AUXILIARY for index in range(at + 1, min(count, at + 4))):
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
    prepositions, nouns = _PREPOSITIONS, _PLACES
    ends = {last: (start, mention) for start, last, mention in sentence.places}
    at = first
    crossed = False
    for _ in range(14):
        if at in ends:
            start, mention = ends[at]
            if mention.is_vague or not is_governed(sentence, start) or _is_kind_of(low, start):
                return [
                    *_listed_before(sentence, start, ends),
                    Target(mention, "", start, at, extent_before(low, start, mention)),
                ]
            if low[start - 1] == "of":
                return [Target(mention, "", start, at, extent_before(low, start, mention))]
            return (
                [*_listed_before(sentence, start, ends), Target(mention, "", start, at, extent_before(low, start, mention))]
                if low[start - 1] in ("in", "of") and low[max(0, start - 2)] in _PART
                else []
            )
        at -= 1
        if at < 0:
            return []
        word = low[at]
        if word in ("it", "there"):
            return [Target(None, word, at, at + 1, "")]
        if word in nouns and at and low[at - 1] in ("the", "that", "this"):
            return [Target(None, f"the {word}", at - 1, at + 1, "")]
        if word in nouns and at > 1 and low[at - 2] in ("the", "that", "this") and low[at - 1] in FURTHER:
            return [Target(None, f"the {word}", at - 2, at + 1, "")]
        if word == "," and not crossed:
            opening = next((index for index in range(at - 1, max(-1, at - 12), -1) if low[index] == ","), None)
            if (
                opening is not None
                and opening in ends
                and (
                    low[opening + 1] in ("the", "a", "an", "which", "where", "another", "one", "once")
                    or low[opening + 1].endswith(("ed", "en"))
                )
            ):
                start, mention = ends[opening]
                if not is_governed(sentence, start):
                    return [Target(mention, "", start, opening, extent_before(low, start, mention))]
        if word in RELATIVE or word in (",", ")", "(") or word in ("and",):
            crossed = crossed or word != "and"
            continue
        if word == "but" and at and low[at - 1] == "all":
            continue  # "is all but surrounded"
        if word in AUXILIARY or word in ADVERBS or word.endswith("ly") or word in _DONE or word in ("defences", "defenses"):
            continue
        if word in prepositions or not crossed:
            return []
    return []


def _described(
    sentence: Sentence, first: int, last: int, mention: Mention, places: dict[int, tuple[int, Mention]]
) -> Target | None:
    """Return the city of "the country's second city", which its name may follow: "Congo's sixth biggest city - Goma"."""
    low = sentence.low
    if last - 1 not in sentence.owners or mention.place is None or mention.place.kind != "country":
        return None
    at = last
    while at < min(len(low), last + 4) and (low[at] in FURTHER or low[at].endswith("est")):
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
    """Return the places that stand before another in a list, over "and much of" and the words that tell what each is."""
    low = sentence.low
    found: list[Target] = []
    while start > 1 and (low[start - 1] in DETERMINERS or any(low[start - 1] in group for group in _EXTENTS.values())):
        start -= 1
    if start > 2 and low[start - 1] == "and" and low[start - 2] == ",":
        told = next((index for index in range(start - 3, max(-1, start - 10), -1) if low[index] == ","), None)
        if told is not None and told in ends and low[told + 1] in ("the", "a", "an"):
            first, mention = ends[told]
            return [Target(mention, "", first, told, mention.part)]
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
    return start > 1 and low[start - 1] == "of" and low[start - 2] in _PLACES


def extent_before(low: list[str], start: int, mention: Mention) -> str:
    """Return how much of a place the words before it mean: "most", "much", "whole", "part" or ""."""
    window = low[max(0, start - 4) : start]
    for name in ("most", "much", "whole", "part"):
        if any(word in _EXTENTS[name] for word in window) and "of" in window:
            return name
    if window[-1:] == ["all"]:
        return "whole"
    return mention.part


def _listed(sentence: Sentence, at: int, places: dict[int, tuple[int, Mention]]) -> list[Target]:
    """Return the places that go on a list: ", Goma and much of the province"."""
    low, count = sentence.low, len(sentence.low)
    found: list[Target] = []
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
            kind = next((name for name in ("whole", "most", "much", "part") if word in _EXTENTS[name]), "")
            stands = _stands_for(sentence, index, _PLACES) if word in ("the",) else None
            if stands is not None:
                break
            if kind:
                extent = kind
            elif word not in DETERMINERS and word not in FURTHER and word not in _PLACES:
                return found
            index += 1
        if index < count and index in places:
            last, mention = places[index]
            if _described(sentence, index, last, mention, places) is not None:
                return found
            if low[at] == "," and (mention.is_vague or low[index] in ("a", "an")) and "and" not in low[at:index]:
                return found
            beyond = last
            while low[beyond : beyond + 1] == ["and"] and beyond + 1 in places:
                beyond = places[beyond + 1][0]
            if beyond < count and (
                low[beyond] in AUXILIARY - {"to"} or any(trigger.first == beyond for trigger in sentence.triggers)
            ):
                return found
            found.append(Target(mention, "", index, last, extent or mention.part))
            at = last
            continue
        stands = _stands_for(sentence, index, _PLACES) if index < count else None
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
    if low[at] in ("its", "their") and index < count and low[index] in _EDGES:
        return "the city", index + 1
    while (
        index < count
        and index < at + 4
        and low[index] not in nouns
        and (low[index] in FURTHER or low[index].endswith(("ern", "al", "ed", "est", "ing")))
    ):
        index += 1
    if index < count and low[index] in nouns and low[at] != "its" and low[at] != "their":
        if (
            low[index + 1 : index + 2] == ["of"]
            or index + 1 in starts
            or any(first <= index < last for first, last, _ in sentence.places)
        ):
            return None
        noun = low[index]
        if "international" in low[at:index]:
            noun = "international airport" if noun == "airport" else noun
        return f"the {noun}", index + 1
    return None


def _is_owner_of_people(low: list[str], last: int, mention: Mention, sentence: Sentence) -> bool:
    if last >= len(low) or not mention.place or mention.place.kind not in SETTLEMENTS:
        return False
    return low[last] in _PEOPLE and last - 1 not in sentence.owners
