"""Words around a place's name that say its kind, its part, or another place that leans on it.

"Goma province", "rural areas in Goma", "Goma's airport" are other places than the city of this name; "two towns near
Goma" is a place without a name, and never gets one here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from geo.gazetteer import Match
from geo.places import EXACT, NEAR, SETTLEMENTS, VAGUE, Place
from geo.spelling import Level
from geo.wordlists import rules, words

Lookup = Callable[[str], list[Match]]

_BETWEEN = (
    r"(?:(?:international|military|civil|civilian|border|main|historic|historical|ancient|old|air|naval|strategic|medieval"
    r"|(?:north|south|east|west)(?:[- ]?(?:east|west))?(?:ern)?) ){0,3}"
)
_DIRECTION = r"(?:(?:north|south|east|west)(?:[- ]?(?:east|west))?(?:ern|erly)?|central|rural)"
_DIRECTED = re.compile(rf"\b(?:the )?({_DIRECTION})(?: part of| half of| of)? $", re.IGNORECASE)
_OWN_DIRECTION = re.compile(
    rf"['’]s? ({_DIRECTION}[- ]?(?:{_DIRECTION})?)(?: (?:countryside|region|regions|areas?|provinces?|coast"
    rf"|borders?|parts?))?\b"
)
_PART = re.compile(
    r"(?:['’]s?)?[ -](?:city )?(?:(?:north|south|east|west)(?:east|west)?(?:ern)? )?(?:cent(?:er|re)"
    r"|downtown|old city|suburbs?|districts?"
    r"|neighbou?rhoods?|quarters?|outskirts|edges?|flanks?)\b"
)
_PART_BEFORE = re.compile(
    r"\b(?:parts|districts?|neighbou?rhoods?|quarters?|cent(?:er|re)|heart|downtown|inner|swathes|swaths|areas|sections)"
    r"(?: of| in)?(?: the (?:\w+ )?city of)? $"
)
_LIST_AFTER = r"(?:(?:, (?:and |or )?| and | or |/)[^\W\d_a-z][\w’'‑-]*(?: [^\W\d_a-z][\w’'‑-]*)?)*"
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
_TALK = r"(?:the )?(?:(?:\w+ ){0,4}(?:city|town|village|capital|province|country) of )?"


class Found(NamedTuple):
    """A mention relative to its window: where, the place, precision, kind, what it leans on, part."""

    first: int
    last: int
    place: Place | None
    precision: int
    kind: str
    near: Place | None
    part: str


class Surroundings:
    """Reads the words around a name.

    Parameters
    ----------
    lookup : what the gazetteer has for a name
    """

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        table = rules("names")["kinds"]
        self._groups: dict[str, str] = {}
        for group in table:
            for word in words("names", "kinds", group, "words"):
                self._groups[word] = group
        self._fits = {group: frozenset(row["fits"]) for group, row in table.items()}
        self._forms = {group: tuple(row["forms"]) for group, row in table.items()}
        self._rural = words("names", "kinds", "province", "rural")
        alternatives = "|".join(sorted((*self._groups, "air bases?"), key=len, reverse=True))
        self._after = re.compile(
            rf"(?:['’]s?)?[ -]{_BETWEEN}({alternatives})\b(?! (?:of|television|media|news|tv|department))", re.IGNORECASE
        )
        plurals = "|".join(word for word in sorted(self._groups) if word.endswith("s") or word == "countryside")
        self._after_list = re.compile(rf"{_LIST_AFTER} ({plurals})\b")
        self._before = re.compile(
            rf"(?:\b((?i:{alternatives}))s? of (?:the )?|\b((?i:rural|countryside|hinterland)(?: \w+)?) (?:in|of"
            rf"|around) (?:the )?){_LIST_BEFORE}$"
        )
        self._heads = {word: kind for kind in rules("names")["vague"] for word in words("names", "vague", kind)}
        heads = "|".join(sorted(self._heads, key=len, reverse=True))
        edges = "|".join(sorted((*words("names", "vague", "neighbourhood"), "areas?"), key=len, reverse=True))
        self._vague = re.compile(
            rf"(?:\b{_NUMBER} )?(?:\b(?:main|strategic|small|key|other|nearby|major|border|important|high|more|few"
            rf"|most of their|most of its) ){{0,3}}"
            rf"\b({heads}) (?:[a-z]+ )?{_RELATION} {_TALK}$"
            rf"|(?:\b{_NUMBER} )?(?:\b(?:eastern|western|northern|southern) )?\b({edges}) {_OF} {_TALK}$",
            re.IGNORECASE,
        )
        self._near_edge = frozenset(edges.replace("?", "").split("|"))

    def is_kind(self, word: str) -> bool:
        """Return whether a word says the kind of a place."""
        return word in self._groups or word in ("city's", "base")

    def kind_after(self, window: str, end: int) -> str | None:
        """Return the group of kinds that the words after a name say, or None."""
        found = self._after.match(window, end)
        return self._groups.get(found.group(1).lower(), "airbase") if found else None

    def read(self, window: str, begin: int, end: int, matches: list[Match]) -> list[Found]:
        """Return the mentions that a name makes with the words around it; with no matches the name stays unresolved."""
        group, stop = self._kind(window, begin, end, matches)
        name = window[begin:end]
        if not matches:
            return [Found(begin, end, None, VAGUE, "", None, "")]
        place: Place | None = matches[0].place
        if group is not None and matches[0].place.kind not in ("country", "continent"):
            place = self.of_kind(name, group, matches)
            if place is None and group in ("state", "district", "landmark", "city"):
                place, stop, group = matches[0].place, end, None
            elif place is None and group in ("airport", "airbase", "crossing"):
                near = matches[0].place
                return [
                    Found(begin, end, near, near.precision, near.kind, None, ""),
                    Found(begin, stop, None, NEAR, _KIND[group], near, ""),
                ]
            elif place is not None and group == "landmark" and window[end : end + 1] in ("'", "’"):
                whole = matches[0].place  # "the city's citadel" names the city as well
                return [
                    Found(begin, stop, place, place.precision, place.kind, None, ""),
                    Found(begin, end, whole, whole.precision, whole.kind, None, ""),
                ]
        else:
            stop = end
        if place is None:
            return [Found(begin, stop, None, VAGUE, "province", matches[0].place, "")]
        found = []
        left = window[:begin]
        part = ""
        if left.endswith(" "):
            is_rural = group == "province" and stop == end
            vague = (
                self._vague.search(left)
                if not is_rural and (group is None or place.kind in SETTLEMENTS or place.kind == "province")
                else None
            )
            if vague is not None and not (place.kind == "country" and vague.group(2)):
                head = (vague.group(1) or vague.group(2)).lower()
                kind = self._heads.get(head, "region")
                own = self._named_vague(window[vague.start() : stop])
                precision = NEAR if place.kind in SETTLEMENTS else VAGUE
                if own is not None:
                    found.append(Found(vague.start(), stop, own, own.precision, own.kind, place, ""))
                else:
                    found.append(Found(vague.start(), stop, None, precision, kind, place, ""))
            else:
                found += self._directed(window, left, begin, stop, place)
            if _PART_BEFORE.search(left) or (place.kind == "province" and _DIRECTED.search(left)):
                part = "part"
        found.append(
            Found(
                begin,
                stop,
                place,
                place.precision if group or place.kind not in SETTLEMENTS else EXACT,
                place.kind,
                None,
                part or self._part(window, stop),
            )
        )
        if window.startswith(("'", "’"), end) and place.kind in ("country", "region"):
            directed = _OWN_DIRECTION.match(window, end)
            if directed is not None:
                region = self._region(directed.group(1), name)
                found.insert(0, Found(begin, directed.end(), region, VAGUE, "region", place, ""))
        return found

    def _kind(self, window: str, begin: int, end: int, matches: list[Match]) -> tuple[str | None, int]:
        after = self._after.match(window, end)
        if after is not None:
            return self._groups.get(after.group(1).lower(), "airbase"), after.end()
        listed = self._after_list.match(window, end) if window[end : end + 1] in (",", " ", "/") else None
        if listed is not None:
            return self._groups[listed.group(1).lower()], end
        left = window[:begin]
        if left.endswith((" ", "’", "'", "-")):
            before = self._before.search(left)
            if before is not None:
                word = (before.group(1) or "").lower()
                return (self._groups.get(word, "airbase") if word else "province"), end
        return None, end

    def of_kind(self, name: str, group: str, matches: list[Match]) -> Place | None:
        """Return the place of a group of kinds that a name may mean, or None."""
        fits = self._fits[group]
        for match in matches:
            if match.place.kind in fits and not (group == "city" and match.place.kind not in SETTLEMENTS):
                return match.place
        bases = dict.fromkeys((name, matches[0].place.name))
        for base in bases:
            for form in self._forms[group]:
                for match in self._lookup(f"{base} {form}"):
                    if match.place.kind in fits and match.level > Level.SKELETON:
                        return match.place
        return None

    def _named_vague(self, words_there: str) -> Place | None:
        """Return the story's own place for a vague phrase, where it is written just so."""
        for text in (words_there, re.sub(r"^(?:the|a|an) ", "", words_there, flags=re.IGNORECASE)):
            for match in self._lookup(text):
                if match.level > Level.ARTICLE and match.place.precision > EXACT:
                    return match.place
        return None

    def _directed(self, window: str, left: str, begin: int, stop: int, place: Place) -> list[Found]:
        directed = _DIRECTED.search(left)
        if directed is None or place.kind not in ("country", "region"):
            return []
        region = self._region(directed.group(1), window[begin:stop])
        return [Found(directed.start(), stop, region, VAGUE, "region", place, "")]

    def _region(self, direction: str, name: str) -> Place | None:
        direction = direction.lower()
        forms = (f"{direction} {name}", f"{direction}ern {name}", f"{direction.removesuffix('ern')} {name}")
        for form in forms:
            for match in self._lookup(form):
                if match.level > Level.ARTICLE and match.place.kind == "region":
                    return match.place
        return None

    def _part(self, window: str, stop: int) -> str:
        return "part" if _PART.match(window, stop) else ""


_KIND = {"airport": "airport", "airbase": "airbase", "crossing": "border_crossing"}
