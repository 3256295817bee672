"""What runs of capitalised words say by themselves, each worked out once: the words, the persons, the names to try.

News repeats its names: a book of the runs that were met spares most of the work on a text never seen.
"""

from __future__ import annotations

import re
from enum import IntEnum

from geo.gazetteer import Gazetteer, Match
from geo.lexicon import Lexicon, demonyms
from geo.runs import CAPITALISED, UNREAD, Known, Option, Run, Word, first_capitalised, words_of
from geo.spelling import Level, folded, is_abbreviation
from geo.wordlists import rules, words

SURE = frozenset(("of ", "ar ", "de ", "al-", "el-", "he ", "in ", "nd "))
"""Ends of the words before a place's name: of, near, outside, al-, the, in, and."""

_ADJECTIVAL = re.compile(
    r".{3,}(?:ed|ing|ern|ous|ful|ical|an|ish|ese|ic|ist|led|backed|held|controlled)$|greater|upper|lower"
    r"|old|new|inner|mid|rural|downtown"
)
_SEAM = re.compile("[-‐‑ ]")
_LONGEST = 6  # words of a name
_MOST_RUNS, _MOST_NAMES, _MOST_WORDS = 8_000, 30_000, 20_000  # kept, then begun anew


class Worth(IntEnum):
    """Whether a capitalised word can begin a place's name: no, only where the words around it say so, or yes."""

    NONE = 0
    UNKNOWN = 1
    KNOWN = 2


class Runbook:
    """What runs say by themselves, over one gazetteer and one lexicon.

    Attributes
    ----------
    runs : text -> run, None where no word of it can begin a place's name; of the runs met so far
    common, given, titles, heads : words of geo/rules/names.toml
    demonyms : adjectives of countries and continents
    """

    def __init__(self, gazetteer: Gazetteer, lexicon: Lexicon) -> None:
        self._gazetteer = gazetteer
        self.common = words("names", "common")
        self.given = words("names", "given")
        self.titles = words("names", "titles")
        self.heads = words("names", "organisations")
        self._personal = words("names", "personal")
        self._kinds = frozenset(word for group in rules("names")["kinds"] for word in words("names", "kinds", group, "words"))
        self._kinds |= {"city's", "base", "international", "military", "air", "naval", "border"}
        self.demonyms = demonyms(place.name for _, place in gazetteer.names() if place.kind in ("country", "continent"))
        names = {name for name, _ in gazetteer.names(Level.EXACT)}
        self._firsts = {folded(word) for word in map(first_capitalised, names) if word}
        self._dotted = sorted(name for name in names if "." in name and is_abbreviation(name))
        self._blocked: dict[str, list[str]] = {}
        for name in lexicon.names:
            for word in set(name.replace("-", " ").split()):
                if word[:1].isupper():
                    self._blocked.setdefault(word, []).append(name)
        self.runs: dict[str, Run | None] = {}
        self._known: dict[str, Known] = {}
        self._worth: dict[str, Worth] = {}

    def known(self, name: str) -> Known:
        """Return what the gazetteer has for a name."""
        found = self._known.get(name)
        if found is None:
            if len(self._known) >= _MOST_NAMES:
                self._known.clear()
            found = self._known[name] = self._look_up(name)
        return found

    def lookup(self, name: str) -> list[Match]:
        """Return the places that have a name, best first."""
        return self.known(name).matches

    def run(self, text: str) -> Run | None:
        """Return what a run of capitalised words says by itself, None where no word of it can begin a place's name."""
        run = self.runs.get(text, UNREAD)
        if run is UNREAD:
            if len(self.runs) >= _MOST_RUNS:
                self.runs.clear()
            run = self.runs[text] = self._read(text)
        return run

    def fill(self, run: Run) -> None:
        """Work out the words of a run and what they say."""
        said = list(words_of(run.text))
        run.options = [None] * len(said)
        run.is_headline = self._is_headline(said)
        run.persons = self._persons(said, run.is_headline)
        run.is_unknown = not run.is_headline and self._is_unknown(said)
        run.words = said  # last: by it another thread sees that the rest is there

    def options(self, run: Run, index: int) -> tuple[Option, ...]:
        """Return the names that may begin with a word of a run, longest first, and keep them there."""
        options, text = [], run.text
        for stop in range(min(len(run.words), index + _LONGEST), index, -1):
            last = run.words[stop - 1]
            if last.is_link and "-" not in last.text:
                continue
            first = run.words[index]
            start, end = first.start, last.end
            known = self.known(text[start:end])
            stands = (self._stands_alone(run.words, index, stop, False), self._stands_alone(run.words, index, stop, True))
            blocked = self.blocked(first.text, text[start:end])
            is_usual = stop - index == 1 and (end - start < 2 or first.lower in self.common)
            is_plain = bool(known.matches) and not (known.is_distant or blocked or is_usual) and all(stands)
            options.append(Option(stop, start, end, known, blocked, stands, is_plain))
        found = run.options[index] = tuple(options)
        return found

    def blocked(self, first: str, name: str) -> tuple[str, ...]:
        """Return the names of no places that share a word with a name, of which `first` is the first word."""
        pieces = {first, *_SEAM.split(name)}
        return tuple(other for piece in pieces for other in self._blocked.get(piece, ()))

    def is_name(self, word: Word) -> bool:
        """Return whether a word is a name that is neither a place's, a demonym nor an ordinary word."""
        lower = word.lower
        if word.is_link or lower in self.common or lower in self.demonyms or _ADJECTIVAL.fullmatch(lower):
            return False
        if word.text.isupper() and len(word.text) < 6:
            return False
        return not any(match.level > Level.SKELETON for match in self.lookup(word.text))

    def _look_up(self, name: str) -> Known:
        matches = self._gazetteer.lookup(name)
        if not matches:
            return _NOTHING
        is_contested = matches[0].place.kind not in ("country", "continent") and bool(self._gazetteer.rivals(matches))
        is_exact = any(match.level is Level.EXACT for match in matches)
        return Known(matches, is_exact, matches[0].level == Level.SKELETON, is_contested)

    def _weigh(self, word: str) -> Worth:
        worth = self._worth.get(word)
        if worth is None:
            if len(self._worth) >= _MOST_WORDS:
                self._worth.clear()
            lower = word.lower()
            if folded(word) in self._firsts or self.lookup(word):
                worth = Worth.KNOWN
            elif lower in self.common or lower in self.demonyms or lower in self.given or lower in self.heads:
                worth = Worth.NONE
            else:
                worth = Worth.UNKNOWN
            self._worth[word] = worth
        return worth

    def _read(self, text: str) -> Run | None:
        starts: set[int] = set()
        is_doubtful = False
        for found in CAPITALISED.finditer(text):
            at, worth = found.start(), self._weigh(found.group())
            if worth is Worth.KNOWN or (worth is Worth.UNKNOWN and at >= 3 and text[at - 3 : at] in SURE):
                starts.add(at)
            elif worth is Worth.UNKNOWN and not at:
                is_doubtful = True
        if "." in text and any(name in text for name in self._dotted):
            starts.add(0)
        return Run(text, tuple(sorted(starts)), is_doubtful) if starts or is_doubtful else None

    def _is_unknown(self, run: list[Word]) -> bool:
        """Return whether a run may be the name of a place that the gazetteer has not."""
        first = run[0]
        if first.lower in self.given or first.text.isupper() or not self.is_name(first):
            return False
        return not any(word.lower in self.heads or word.lower in self.titles for word in run)

    def _is_headline(self, run: list[Word]) -> bool:
        """Return whether capitals say nothing here: all letters are capitals, or ordinary words have them as well."""
        if len(run) > 1 and all(word.text.isupper() for word in run):
            return True
        return sum(word.lower in self.common for word in run[1:]) >= 2

    def _persons(self, run: list[Word], is_headline: bool) -> tuple[str, ...]:
        """Return the surnames of a person in the run: the last word after a given name or a title."""
        if is_headline or len(run) < 2:
            return ()
        last = run[-1]
        named = any(word.lower in self.given for word in run[:-1]) and not (
            run[0].lower in self._personal and len(run) == 2 and self.lookup(last.text)
        )
        if not named or last.lower in self.heads or last.is_link or any(word.is_owner for word in run[:-1]):
            return ()
        names = {last.text, last.text.rpartition("-")[2]}
        return tuple(name for name in names | {name + "'s" for name in names} if len(name) > 2)

    def _stands_alone(self, run: list[Word], index: int, stop: int, begins: bool) -> bool:
        """Return whether no neighbouring name makes a person, an organisation or another thing of the name."""
        if index and not run[index - 1].is_owner:
            before = run[index - 1]
            is_plain = begins and index == 1 and (before.lower in self.common or before.lower not in self.given)
            if before.lower in self.given or (before.lower in self.titles and not is_plain):
                return False
            if not is_plain and self.is_name(before) and not before.is_link:
                return False
            if before.is_link and any(word.lower in self.heads for word in run[:index]):
                return False
        if stop < len(run) and not run[stop - 1].is_owner:
            after = run[stop]
            if after.lower not in self._kinds:
                if any(word.lower in self.heads for word in run[stop:]):
                    return False
                if self.is_name(after):
                    return False
                if run[stop - 1].lower in self._personal and after.lower not in self.common:
                    return bool(self.lookup(after.text))
        return True


_NOTHING = Known([], False, False, False)
