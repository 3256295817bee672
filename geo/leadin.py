"""Words before a place's name that lead in to it: "towns near", "the provinces of", "north of", "parts of".

The patterns are slow and seldom match, so that each is tried only where the last words before the name allow it, and from
the words of kind on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from geo.wordlists import rules, words

DIRECTION = r"(?:(?:north|south|east|west)(?:[- ]?(?:east|west))?(?:ern|erly)?|central|rural)"
"""A pattern for a direction, without a group."""

_DIRECTED = re.compile(rf"\b(?:the )?({DIRECTION})(?: part of| half of| of)? $", re.IGNORECASE)
_PART_BEFORE = re.compile(
    r"\b(?:parts|districts?|neighbou?rhoods?|quarters?|cent(?:er|re)|heart|downtown|inner|swathes|swaths|areas|sections)"
    r"(?: of| in)?(?: the (?:\w+ )?city of)? $"
)
_LIST_BEFORE = r"(?:[^\W\d_a-z][\w’'‑-]*(?: [^\W\d_a-z][\w’'‑-]*)?(?:, (?:and |or )?| and | or ))*"
_RELATION = (
    r"(?:(?:located |lying |situated )?(?:in |on )?(?:the )?(?:outskirts |edge |edges )?(?:just "
    r"|immediately |directly |close |further |far )?"
    r"(?:near|nearby|around|outside|close to|bordering|overlooking|along|between|into|with|to|from"
    r"|(?:to the )?(?:north|south|east|west)(?:[- ]?(?:east|west))? of|(?:on|at) the (?:edge|edges|outskirts|approaches) of))"
)
_OF = r"(?:of|in|on the edge of)"
_NUMBER = (
    r"(?:a|an|the|one of(?: the)?|its|some|several|various|many|two|three|four|five|six|seven|eight|nine"
    r"|ten|dozens of|a number of|both|some of(?: the)?|two of(?: the)?|most of(?: the)?|many of(?: the)?"
    r"|\d{1,3})"
)
_SIZE = "main|strategic|small|key|other|nearby|major|border|important|high|more|few|most of their|most of its"
_SIDE = "eastern|western|northern|southern"
_QUALIFIERS = frozenset(re.findall("[a-z]+", f"{_NUMBER} {_SIZE} {_SIDE}"))
_TALK = r"(?:the )?(?:(?:\w+ ){0,4}(?:city|town|village|capital|province|country) of )?"
_RURAL = ("rural", "countryside", "hinterland")
_LAST_WORD = re.compile(r"\w+$")
_LETTERS = bytes(ord(letter) if letter.isalnum() or letter == "_" else 32 for letter in map(chr, range(256)))

# Last words that the patterns end with: of _RELATION, _OF and _TALK, of what says the kind, of a direction, of a part.
_LEANS = frozenset(
    re.findall("[a-z]+", "near nearby around outside to bordering overlooking along between into with from of in the")
)
_LISTS = frozenset(("of", "the", "in", "around", "and", "or", ","))
_ONLY_LISTS = _LISTS - _LEANS
_DIRECTIONS = ("north", "south", "east", "west", "ern", "erly", "central", "rural", "of")
_PARTS = (
    *("parts", "district", "districts", "neighborhood", "neighbourhood", "neighborhoods", "neighbourhoods", "quarter"),
    *("quarters", "center", "centre", "heart", "downtown", "inner", "swathes", "swaths", "areas", "sections"),
)

_LASTS = _LEANS | _ONLY_LISTS
_ENDS = (",", *_DIRECTIONS, *_PARTS)


class LeadIn(NamedTuple):
    """What stands before a name.

    Attributes
    ----------
    left : the text before it, with a space at its end
    tail : the last four words of it, what stands before these first and "" last
    last : the last word in lower case, "," for one with a comma, "" where no word of kind can lead in to the name
    cues : where words of kind stand
    """

    left: str
    tail: list[str]
    last: str
    cues: list[int]


class Leant(NamedTuple):
    """Words for a place without a name, which lean on the name they stand before: where they begin, and their kind."""

    start: int
    kind: str
    is_edge: bool


class LeadIns:
    """Reads what stands before names.

    Parameters
    ----------
    groups : word of kind -> group of kinds
    """

    def __init__(self, groups: Mapping[str, str]) -> None:
        self._groups = groups
        kinds = "|".join(sorted((*groups, "air bases?"), key=len, reverse=True))
        rural = "|".join(_RURAL)
        self._kind = re.compile(
            rf"(?:\b((?i:{kinds}))s? of (?:the )?|\b((?i:{rural})(?: \w+)?) (?:in|of|around) (?:the )?){_LIST_BEFORE}$"
        )
        self._heads = {word: kind for kind in rules("names")["vague"] for word in words("names", "vague", kind)}
        heads = "|".join(sorted(self._heads, key=len, reverse=True))
        edges = "|".join(sorted((*words("names", "vague", "neighbourhood"), "areas?"), key=len, reverse=True))
        self._vague = re.compile(
            rf"(?:\b{_NUMBER} )?(?:\b(?:{_SIZE}) ){{0,3}}\b({heads}) (?:[a-z]+ )?{_RELATION} {_TALK}$"
            rf"|(?:\b{_NUMBER} )?(?:\b(?:{_SIDE}) )?\b({edges}) {_OF} {_TALK}$",
            re.IGNORECASE,
        )
        # The same from the word of kind on: most of these lead to nothing.
        self._leaning = re.compile(rf"\b(?:(?:{heads}) (?:[a-z]+ )?{_RELATION}|(?:{edges}) {_OF}) {_TALK}$", re.IGNORECASE)
        forms = {form for word in (*groups, "air") for form in (word, word + "s")}
        cues = {*forms, *_RURAL, *self._heads, *words("names", "vague", "neighbourhood"), "area", "areas"}
        self._cues = {piece: piece.decode("latin-1") for word in cues for piece in _pieces(word)[:1]}

    def read(self, window: str, begin: int) -> LeadIn | None:
        """Return what stands before a name that begins at `begin`, None where it cannot be any of what is read here."""
        if not begin or window[begin - 1] != " ":
            return None
        last = window[window.rfind(" ", 0, begin - 1) + 1 : begin - 1].lower()
        if last not in _LASTS and not last.endswith(_ENDS):
            return None
        left = window[:begin]
        tail = left.rsplit(" ", 4)
        near = 0
        if last in _LEANS:
            if last == "in":  # the word of kind is one of the two before
                near = max(0, len(left) - sum(map(len, tail[-4:])) - 3)
            elif last == "the" and (len(tail) < 3 or not (tail[-3].lower() in _LEANS or tail[-3] in _LISTS)):
                return None
        elif last in _ONLY_LISTS or last.endswith(","):
            if not (" of " in left or " in " in left or " around " in left):
                return None
            last = last if last in _ONLY_LISTS else ","
        else:
            return LeadIn(left, tail, "", [])
        cues = self._cues.keys() & _pieces(left[near:])
        return LeadIn(left, tail, last, self._places(left, cues)) if cues else LeadIn(left, tail, "", [])

    def _places(self, left: str, cues: set[bytes]) -> list[int]:
        lower = left.replace("İ", "I").lower()  # of all letters only this one is longer in lower case
        starts = []
        for cue in cues:
            spelled = self._cues[cue]
            at = lower.find(spelled)
            while at >= 0:
                starts.append(at)
                at = lower.find(spelled, at + 1)
        return sorted(starts)

    def group(self, lead: LeadIn) -> str | None:
        """Return the group of kinds that the words before a name, or before the list it stands in, say; None for none."""
        if lead.last in _LISTS:
            for at in lead.cues:
                found = self._kind.match(lead.left, at)
                if found is not None:
                    word = (found.group(1) or "").lower()
                    return self._groups.get(word, "airbase") if word else "province"
        return None

    def leant(self, lead: LeadIn) -> Leant | None:
        """Return the words for a place without a name that lean on the name they stand before, None for none."""
        if lead.last not in _LEANS:
            return None
        for at in lead.cues:
            if self._leaning.match(lead.left, at):
                for start in _starts(lead.left, at):
                    found = self._vague.match(lead.left, start)
                    if found is not None:
                        head = found.group(1) or found.group(2)
                        return Leant(found.start(), self._heads.get(head.lower(), "region"), found.group(1) is None)
        return None


def direction(lead: LeadIn) -> re.Match[str] | None:
    """Return the direction that stands before a name (northern, the south of) as its group 1, None for none."""
    return _DIRECTED.search(lead.left) if lead.tail[-2].lower().endswith(_DIRECTIONS) else None


def is_part(lead: LeadIn) -> bool:
    """Return whether the words before a name mean a part of its place (parts of, downtown)."""
    word = lead.tail[-2]
    if word in ("of", "in") and len(lead.tail) > 2:
        word = lead.tail[-3]
        if word == "city":
            return _PART_BEFORE.search(lead.left) is not None
    return word.endswith(_PARTS) and _PART_BEFORE.search(lead.left) is not None


def _starts(left: str, at: int) -> list[int]:
    """Return where the words of number and size before a word begin ("the two main" towns), from the left, and it."""
    starts = [at]
    while starts[0] and left[starts[0] - 1] == " ":
        stop = starts[0] - 1
        word = _LAST_WORD.search(left, left.rfind(" ", 0, stop) + 1, stop)
        if word is None or not (word.group().lower() in _QUALIFIERS or word.group().isdigit()):
            break
        starts.insert(0, word.start())
    return starts


def _pieces(text: str) -> list[bytes]:
    """Return the words of a text in lower case, fast: as bytes, a letter that Western Europe has not parts them."""
    return text.encode("latin-1", "replace").lower().translate(_LETTERS).split()
