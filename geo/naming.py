"""What a capitalised name in a text means: a place, a person, an organisation, or nothing, by the words around it.

The judge sees a window of text and no more, so that the same words always mean the same. Longest names first; words of the
sentence's beginning, demonyms, given names, titles and the heads of organisations tell a place from what only looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from geo.gazetteer import Gazetteer, Match
from geo.leaning import Found, Surroundings
from geo.lexicon import Lexicon, demonyms
from geo.places import SETTLEMENTS, VAGUE, Place
from geo.spelling import Level, folded
from geo.wordlists import phrases, words

_UPPER = "".join(chr(code) for code in range(0x2C00) if chr(code).isupper())
_JOINED = r"(?:[-‐‑'’ʼ]\w+)*"
_LINKS = r"(?:(?:of|for|al|el|ar|as|ash|at|ad|ed|ez|az|an|de|du|da|la|der|van|von|bin|ibn)[ -](?:the )?)?"
_RUN = re.compile(rf"(?:[{_UPPER}]\.){{2,}}|[{_UPPER}]\w*{_JOINED}(?:[ \u00a0]{_LINKS}[{_UPPER}]\w*{_JOINED})*")
_TOKEN = re.compile(r"(?:\w\.){2,}|\w+(?:[-‐‑'’ʼ]\w+)*")
_POSSESSIVE = re.compile(r"['’ʼ][sS]?$")
_STARTS = re.compile(r"(?:^|[.!?:;…\n\r•*>“\"|]|[—–-] |\(|\[|[.!?]['’”)])[ \t\"“‘'(\[]*$")
_ARTICLE = re.compile(r"(?:^|(?<=[\s(“‘\"'/,]))(?:al|el|ul|ar|as|ash|at|ath|ad|adh|ed|et|es|esh|ez|az|an|en|er)[-‐‑ ’']$")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Gen|Maj|Col|Lt|Brig|Capt|Sgt|Prof|Sen|Gov|St|Rev)\. $")
_BEFORE_PLACES = re.compile(
    r"\b(?:in|near|from|to|into|at|around|outside|inside|towards?|across|between|through|over|on|against"
    r"|(?:north|south|east|west)"
    r"(?:east|west)? of|of (?:city|town|village)|(?:cit|town|village|capital|province)\w* of)(?: the"
    r"| [A-Z][\w-]+(?:,| and|, and))? $"
)
_SURE = re.compile(
    r"\b(?:near|outside|(?:town|city|village|hamlet|suburb|settlement|province|district|port|crossing"
    r"|hill) of|(?:north|south|east|west)(?:[- ]?(?:east|west))? of) $"
)
_ADJECTIVAL = re.compile(
    r".{3,}(?:ed|ing|ern|ous|ful|ical|an|ish|ese|ic|ist|led|backed|held|controlled)$|greater|upper|lower"
    r"|old|new|inner|mid|rural|downtown"
)
_COMMA = re.compile(r", ([^\W\d_][\w.]*(?: [^\W\d_a-z][\w.]*){0,2})")
_LONGEST = 6


class Worth(IntEnum):
    """Whether a capitalised word can begin a place's name: no, only where the words around it say so, or yes."""

    NONE = 0
    UNKNOWN = 1
    KNOWN = 2


class Decision(NamedTuple):
    """What a name means where it stands: its mentions, and the surnames of persons named with it."""

    found: tuple[Found, ...]
    persons: tuple[str, ...]


class _Word(NamedTuple):
    text: str
    start: int
    end: int  # without the possessive
    stop: int
    lower: str
    is_link: bool
    is_owner: bool


class Judge:
    """Decides what runs of capitalised words mean, over one gazetteer and one lexicon."""

    def __init__(self, gazetteer: Gazetteer, lexicon: Lexicon) -> None:
        self._gazetteer = gazetteer
        self._common = words("names", "common")
        self._given = words("names", "given")
        self._titles = words("names", "titles")
        self._personal = words("names", "personal")
        self._heads = words("names", "organisations")
        self._elsewhere = frozenset(phrase.lower() for phrase in phrases("names", "elsewhere"))
        self._matches: dict[str, list[Match]] = {}
        self._surroundings = Surroundings(self.lookup)
        self._demonyms = demonyms(place.name for _, place in gazetteer.names() if place.kind in ("country", "continent"))
        self._firsts = {folded(word) for name, _ in gazetteer.names(Level.EXACT) for word in _first_capital(name)}
        self._blocked: dict[str, list[str]] = {}
        for name in lexicon.names:
            for word in set(name.replace("-", " ").split()):
                if word[:1].isupper():
                    self._blocked.setdefault(word, []).append(name)

    def lookup(self, name: str) -> list[Match]:
        """Return what the gazetteer has for a name, best first."""
        found = self._matches.get(name)
        if found is None:
            if len(self._matches) > 50_000:
                self._matches.clear()
            found = self._matches[name] = self._gazetteer.lookup(name)
        return found

    def weigh(self, word: str) -> Worth:
        """Return whether a capitalised word can begin a place's name."""
        if self.lookup(word) or folded(word) in self._firsts:
            return Worth.KNOWN
        lower = word.lower()
        is_other = lower in self._common or lower in self._demonyms or lower in self._given or lower in self._heads
        return Worth.NONE if is_other else Worth.UNKNOWN

    def of_kind(self, place: Place, group: str) -> Place | None:
        """Return the place of a group of kinds (province, airport) that has the name of another place, or None."""
        return self._surroundings.of_kind(place.name, group, self.lookup(place.name))

    def decide(self, window: str, at: int) -> Decision | None:
        """Return what the name that begins at `at` of a window means, None where it has nothing to do with places."""
        if at and window[at - 1].isalnum():
            return None
        start, end = next((run.span() for run in _RUN.finditer(window) if run.end() > at), (at, at))
        tokens = list(self._words(window, start, end)) if start <= at else []
        if not tokens:
            return None
        begins = _STARTS.search(window[:start]) is not None
        is_headline = self._is_headline(tokens)
        found: list[tuple[int, Found]] = []
        persons = self._persons(tokens, is_headline)
        index = 0
        while index < len(tokens) and tokens[index].start <= at:
            index = self._step(window, tokens, index, begins, is_headline, found)
        mine = tuple(item for owner, item in found if owner == at)
        return Decision(mine, tuple(persons)) if mine or persons else None

    def _words(self, window: str, start: int, end: int) -> Iterator[_Word]:
        for match in _TOKEN.finditer(window, start, end):
            text, stop = match.group(), match.end()
            owner = _POSSESSIVE.search(text) if len(text) > 2 else None
            bare = text[: owner.start()] if owner else text
            yield _Word(bare, match.start(), match.start() + len(bare), stop, bare.lower(), bare.islower(), owner is not None)

    def _is_headline(self, tokens: list[_Word]) -> bool:
        """Return whether capitals say nothing here: all letters are capitals, or ordinary words have them as well."""
        if len(tokens) > 1 and all(word.text.isupper() for word in tokens):
            return True
        return sum(word.lower in self._common for word in tokens[1:]) >= 2

    def _is_name(self, word: _Word) -> bool:
        """Return whether a word is a name that is neither a place's, a demonym nor an ordinary word."""
        lower = word.lower
        if word.is_link or lower in self._common or lower in self._demonyms or _ADJECTIVAL.fullmatch(lower):
            return False
        if word.text.isupper() and len(word.text) < 6:
            return False
        return not any(match.level > Level.SKELETON for match in self.lookup(word.text))

    def _persons(self, tokens: list[_Word], is_headline: bool) -> list[str]:
        """Return the surnames of a person in the run: the last word after a given name or a title."""
        if is_headline or len(tokens) < 2:
            return []
        last = tokens[-1]
        named = any(word.lower in self._given for word in tokens[:-1]) and not (
            tokens[0].lower in self._personal and len(tokens) == 2 and self.lookup(last.text)
        )
        if not named or last.lower in self._heads or last.is_link or any(word.is_owner for word in tokens[:-1]):
            return []
        names = {last.text, last.text.rpartition("-")[2]}
        return [name for name in names | {name + "'s" for name in names} if len(name) > 2]

    def _step(
        self, window: str, tokens: list[_Word], index: int, begins: bool, is_headline: bool, found: list[tuple[int, Found]]
    ) -> int:
        """Judge the words from `index` on, append what they mean, and return where to go on."""
        word = tokens[index]
        if word.is_link and "-" not in word.text:
            return index + 1
        for stop in range(min(len(tokens), index + _LONGEST), index, -1):
            last = tokens[stop - 1]
            if last.is_link and "-" not in last.text:
                continue
            begin = word.start
            if index == 0 and stop - index <= 3:
                article = _ARTICLE.search(window, max(0, begin - 5), begin)
                if article:
                    matches = self._strong(window[article.start() : last.end], window, tokens, index, stop, begins, is_headline)
                    if matches:
                        return self._accept(window, tokens, index, stop, article.start(), matches, found, is_headline)
                    if stop - index == 1 and window[article.end() - 1] not in " ":
                        continue  # "al-Madani" is not "Madani"
            matches = self._strong(window[begin : last.end], window, tokens, index, stop, begins, is_headline)
            if matches:
                return self._accept(window, tokens, index, stop, begin, matches, found, is_headline)
        if "-" in word.text or "‑" in word.text or "‐" in word.text:
            self._parts(window, word, tokens, index, found, is_headline)
        else:
            self._unresolved(window, tokens, index, begins, is_headline, found)
        return index + 1

    def _strong(
        self, name: str, window: str, tokens: list[_Word], index: int, stop: int, begins: bool, is_headline: bool
    ) -> list[Match]:
        """Return the places that a name means where it stands, an empty list where it means none."""
        is_single = stop - index == 1
        first = tokens[index]
        if is_single and len(name) < 2:
            return []
        starts = begins and index == 0
        alone = (
            len(tokens) == 1
            and not begins
            and not is_headline
            and any(match.level is Level.EXACT for match in self.lookup(name))
        )
        if (
            is_single
            and first.lower in self._common
            and not alone
            and (is_headline or not first.text.isupper())
            and (starts or is_headline or not _BEFORE_PLACES.search(window[: first.start]))
        ):
            # A common word is a place's name only where a place is expected.
            return [] if not self._is_headline_place(name, is_headline) else self.lookup(name)
        matches = self.lookup(name)
        if not matches:
            return []
        if matches[0].level == Level.SKELETON and not self._may_be_misspelled(
            name, window, tokens, index, stop, starts, is_headline
        ):
            return []
        if self._is_blocked(window, tokens[index], tokens[stop - 1]):
            return []
        if not is_headline and not self._stands_alone(window, tokens, index, stop, begins):
            return []
        return matches

    def _is_headline_place(self, name: str, is_headline: bool) -> bool:
        return is_headline and name.lower() not in self._common

    def _may_be_misspelled(
        self, name: str, window: str, tokens: list[_Word], index: int, stop: int, starts: bool, is_headline: bool
    ) -> bool:
        """Return whether a name may be a place's in another spelling: where a place is expected, and no other word."""
        lower = name.lower()
        if (
            starts
            or is_headline
            or len(name) < 4
            or lower in self._demonyms
            or any(w.lower in self._common for w in tokens[index:stop])
        ):
            return False
        if lower.endswith(("i", "ian", "ese")) and any(m.level > Level.SKELETON for m in self.lookup(name.rstrip("i"))):
            return False
        left = window[: tokens[index].start]
        left = _ARTICLE.sub("", left)
        return (
            _BEFORE_PLACES.search(left) is not None or self._surroundings.kind_after(window, tokens[stop - 1].end) is not None
        )

    def _is_blocked(self, window: str, first: _Word, last: _Word) -> bool:
        """Return whether the name is part of a longer name that the story says is no place's."""
        for piece in {first.text, *re.split("[-‐‑ ]", window[first.start : last.end])}:
            for name in self._blocked.get(piece, ()):
                at = window.find(name, max(0, first.start - len(name)), last.end + len(name))
                if at >= 0 and at <= first.start and at + len(name) >= last.end and len(name) > last.end - first.start:
                    return True
        return False

    def _stands_alone(self, window: str, tokens: list[_Word], index: int, stop: int, begins: bool) -> bool:
        """Return whether no neighbouring name makes a person, an organisation or another thing of the name."""
        if index == 0 and _TITLED.search(window[max(0, tokens[0].start - 8) : tokens[0].start]):
            return False
        if index and not tokens[index - 1].is_owner:
            before = tokens[index - 1]
            is_plain = begins and index == 1 and (before.lower in self._common or before.lower not in self._given)
            if before.lower in self._given or (before.lower in self._titles and not is_plain):
                return False
            if not is_plain and self._is_name(before) and not before.is_link:
                return False
            if before.is_link and any(word.lower in self._heads for word in tokens[:index]):
                return False
        if stop < len(tokens) and not tokens[stop - 1].is_owner:
            after = tokens[stop]
            if not self._surroundings.is_kind(after.lower) and after.lower not in (
                "international",
                "military",
                "air",
                "naval",
                "border",
            ):
                if any(word.lower in self._heads for word in tokens[stop:]):
                    return False
                if self._is_name(after):
                    return False
                if tokens[stop - 1].lower in self._personal and after.lower not in self._common:
                    return bool(self.lookup(after.text))
        elif stop < len(tokens) and tokens[stop].lower in self._heads and len(tokens) > stop + 1:
            return True
        return True

    def _accept(
        self,
        window: str,
        tokens: list[_Word],
        index: int,
        stop: int,
        begin: int,
        matches: list[Match],
        found: list[tuple[int, Found]],
        is_headline: bool,
    ) -> int:
        end = tokens[stop - 1].end
        matches = self._meant(window, matches, begin, end)
        owner = tokens[index].start + next((at for at, letter in enumerate(tokens[index].text) if letter.isupper()), 0)
        found.extend((owner, item) for item in self._surroundings.read(window, begin, end, matches))
        if matches and matches[0].place.kind == "region" and stop - index > 1:
            inner = self.lookup(tokens[stop - 1].text)
            if inner and inner[0].place.kind == "country" and inner[0].level > Level.ARTICLE:
                place = inner[0].place
                item = Found(tokens[stop - 1].start, end, place, place.precision, place.kind, None, "")
                found.append((owner, item))
        return stop

    def _meant(self, window: str, matches: list[Match], begin: int, end: int) -> list[Match]:
        """Return the matches that agree with a region named after a comma ("Tripoli, Lebanon"); none where it is elsewhere."""
        after = _COMMA.match(window, end)
        if after is None:
            rivals = self._gazetteer.rivals(matches)
            return [] if rivals and matches[0].place.kind not in ("country", "continent") else matches
        said = after.group(1)
        pieces = said.split(" ")
        for length in range(len(pieces), 0, -1):
            region = " ".join(pieces[:length])
            if region.lower() in self._elsewhere or region.lower().rstrip(".") in self._elsewhere:
                return []
            around = [match.place for match in self.lookup(region) if match.level > Level.SKELETON]
            if around and around[0].kind in ("country", "province") and matches[0].place.kind in SETTLEMENTS:
                inside = [m for m in matches if m.place.country == around[0].country]
                if inside:
                    return inside
                stop = after.start(1) + len(region)
                closes = window[stop : stop + 1] in ("", ".", ",", ";", ")", "\n") and window[:begin].endswith(
                    ("in ", "from ", "of ")
                )
                return [] if closes else matches
        return matches

    def _parts(
        self, window: str, word: _Word, tokens: list[_Word], index: int, found: list[tuple[int, Found]], is_headline: bool
    ) -> None:
        """Find places in a hyphenated word: Goma-Sake, Rwanda-backed."""
        at = word.start
        pieces = re.split("([-‐‑])", word.text)
        if pieces[0].islower() and len(pieces[0]) <= 4:
            return
        for piece in pieces:
            if piece[:1].isupper() and (piece.lower() not in self._common):
                matches = [match for match in self.lookup(piece) if match.level > Level.ARTICLE]
                if matches and not self._is_blocked(window, word, word):
                    place = matches[0].place
                    found.append((at, Found(at, at + len(piece), place, place.precision, place.kind, None, "")))
            at += len(piece)

    def _unresolved(
        self, window: str, tokens: list[_Word], index: int, begins: bool, is_headline: bool, found: list[tuple[int, Found]]
    ) -> None:
        """Keep a name that must be a place's, though no gazetteer has it."""
        word = tokens[index]
        if is_headline or index or begins or not self._is_name(word) or word.lower in self._given or word.text.isupper():
            return
        left = _ARTICLE.sub("", window[: word.start])
        kind = self._surroundings.kind_after(window, tokens[-1].end)
        sure = _SURE.search(left)
        last = tokens[-1]
        if any(other.lower in self._heads or other.lower in self._titles for other in tokens) or self._is_blocked(
            window, word, last
        ):
            return
        if sure or kind in ("airport", "airbase", "crossing"):
            found.append((word.start, Found(len(left), last.end, None, VAGUE, kind or "", None, "")))


def _first_capital(name: str) -> Iterator[str]:
    """Yield the first word of a name that is written with a capital."""
    found = re.search(rf"[{_UPPER}]\w+", name)
    if found:
        yield found.group()
