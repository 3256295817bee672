"""Words around a place's name that say its kind, its part, or another place that leans on it.

"Goma province", "rural areas in Goma", "Goma's airport" are other places than the city of this name; "two towns near
Goma" is a place without a name, and never gets one here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from geo.gazetteer import Match
from geo.leadin import DIRECTION, LeadIn, LeadIns, direction, is_part
from geo.places import EXACT, NEAR, SETTLEMENTS, VAGUE, Place
from geo.spelling import Level
from geo.wordlists import rules, words

Lookup = Callable[[str], list[Match]]

_BETWEEN = (
    r"(?:(?:international|military|civil|civilian|border|main|historic|historical|ancient|old|air|naval|strategic|medieval"
    r"|(?:north|south|east|west)(?:[- ]?(?:east|west))?(?:ern)?) ){0,3}"
)
_OWN_DIRECTION = re.compile(
    rf"['’]s? ({DIRECTION}[- ]?(?:{DIRECTION})?)(?: (?:countryside|region|regions|areas?|provinces?|coast"
    rf"|borders?|parts?))?\b"
)
_PART = re.compile(
    r"(?:['’]s?)?[ -](?:city )?(?:(?:north|south|east|west)(?:east|west)?(?:ern)? )?(?:cent(?:er|re)"
    r"|downtown|old city|suburbs?|districts?"
    r"|neighbou?rhoods?|quarters?|outskirts|edges?|flanks?)\b"
)
_LIST_AFTER = r"(?:(?:, (?:and |or )?| and | or |/)[^\W\d_a-z][\w’'‑-]*(?: [^\W\d_a-z][\w’'‑-]*)?)*"


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
        alternatives = "|".join(sorted((*self._groups, "air bases?"), key=len, reverse=True))
        self._after = re.compile(
            rf"(?:['’]s?)?[ -]{_BETWEEN}({alternatives})\b(?! (?:of|television|media|news|tv|department))", re.IGNORECASE
        )
        plurals = "|".join(word for word in sorted(self._groups) if word.endswith("s") or word == "countryside")
        self._after_list = re.compile(rf"{_LIST_AFTER} ({plurals})\b")
        following = (*re.findall("[a-z]{3,}", f"{_BETWEEN} {_PART.pattern}"), *self._groups, "and", "or ", "airbase")
        self._beginnings = frozenset(word[:3] for word in following)
        self._lead_ins = LeadIns(self._groups)

    def kind_after(self, window: str, end: int) -> str | None:
        """Return the group of kinds that the words after a name say, or None."""
        found = self._after.match(window, end)
        return self._groups.get(found.group(1).lower(), "airbase") if found else None

    def read(self, window: str, begin: int, end: int, matches: list[Match]) -> list[Found]:
        """Return the mentions that a name makes with the words around it; with no matches the name stays unresolved."""
        name = window[begin:end]
        if not matches:
            return [Found(begin, end, None, VAGUE, "", None, "")]
        lead = self._lead_ins.read(window, begin)
        follows = self._may_follow(window, end)
        if lead is None and not follows and not window.startswith((",", "/"), end):
            alone = matches[0].place
            return [Found(begin, end, alone, EXACT if alone.kind in SETTLEMENTS else alone.precision, alone.kind, None, "")]
        group, stop = self._kind(window, end, follows)
        if group is None and lead is not None and lead.last:
            group = self._lead_ins.group(lead)
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
        part = ""
        if lead is not None:
            leant = None
            if (group is None or place.kind in SETTLEMENTS or place.kind == "province") and (group != "province" or stop > end):
                leant = self._lead_ins.leant(lead)
            if leant is not None and not (place.kind == "country" and leant.is_edge):
                own = self._named_vague(window[leant.start : stop])
                if own is not None:
                    found.append(Found(leant.start, stop, own, own.precision, own.kind, place, ""))
                else:
                    precision = NEAR if place.kind in SETTLEMENTS else VAGUE
                    found.append(Found(leant.start, stop, None, precision, leant.kind, place, ""))
            elif place.kind in ("country", "region"):
                found += self._directed(window, lead, begin, stop, place)
            if is_part(lead) or (place.kind == "province" and direction(lead) is not None):
                part = "part"
        found.append(
            Found(
                begin,
                stop,
                place,
                place.precision if group or place.kind not in SETTLEMENTS else EXACT,
                place.kind,
                None,
                part or ("part" if (follows or stop > end) and _PART.match(window, stop) else ""),
            )
        )
        if window.startswith(("'", "’"), end) and place.kind in ("country", "region"):
            directed = _OWN_DIRECTION.match(window, end)
            if directed is not None:
                region = self._region(directed.group(1), name)
                found.insert(0, Found(begin, directed.end(), region, VAGUE, "region", place, ""))
        return found

    def _kind(self, window: str, end: int, follows: bool) -> tuple[str | None, int]:
        after = self._after.match(window, end) if follows else None
        if after is not None:
            return self._groups.get(after.group(1).lower(), "airbase"), after.end()
        if follows or window.startswith((",", "/"), end):
            listed = self._after_list.match(window, end)
            if listed is not None:
                return self._groups[listed.group(1).lower()], end
        return None, end

    def _may_follow(self, window: str, end: int) -> bool:
        """Return whether what stands after a name may say its kind or a part of it, by three letters of the next word."""
        if window.startswith(" ", end):
            return window[end + 1 : end + 4].lower() in self._beginnings
        return window.startswith(("-", "'", "’"), end)

    def of_kind(self, name: str, group: str, matches: list[Match]) -> Place | None:
        """Return the place of a group of kinds that a name may mean, or None."""
        fits = self._fits[group]
        for match in matches:
            if match.place.kind in fits and not (group == "city" and match.place.kind not in SETTLEMENTS):
                return match.place
        bases = dict.fromkeys((name, *(match.place.name for match in matches[:1])))
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

    def _directed(self, window: str, lead: LeadIn, begin: int, stop: int, place: Place) -> list[Found]:
        directed = direction(lead)
        if directed is None:
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


_KIND = {"airport": "airport", "airbase": "airbase", "crossing": "border_crossing"}
