"""Places in text: words -> mentions, by the longest name that the gazetteer has and by what stands around it.

    finder = Finder(gazetteer, lexicon)
    finder.find("Rebels entered two towns near Goma.")

What a name means is decided from the words just around it in its line (`geo.naming`). What a line says is kept, since
paragraphs of agencies come again and again; and what a run of capitalised words says by itself (`geo.runbook`), since news
repeats its names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from geo.gazetteer import Gazetteer
from geo.lexicon import Lexicon
from geo.naming import Judge
from geo.places import Place
from geo.runbook import SURE
from geo.runs import RUN, UNREAD
from geo.spelling import Level

LEFT, RIGHT = 96, 72
"""How many characters before a name, and from its start on, decide what it means."""

_KEPT = 4_000  # lines kept
_LONGEST = 3_000  # characters of a line that is read as one
_OTHER = re.compile("[\u0590-\u06ff\u0750-\u077f]")
_OTHER_WORD = re.compile("[\u0590-\u06ff\u0750-\u077f\u200c]+")
_LONGEST_OTHER = 4
_PROCLITICS = ("وال", "بال", "فال", "كال", "لل", "و", "ب", "ل", "ف", "ك")


class Mention(NamedTuple):
    """A place named in a text, or a place without a name that leans on a named one.

    Attributes
    ----------
    start, end : where it stands, in Unicode code points
    text : its words there
    place : the place meant, None where the name stays unresolved or the article gives none
    precision : 1 exact, 2 near a named place, 3 a region
    kind : the place's kind; of an unresolved name what the words around it say, or ""
    near : the named place that a vague one leans on, or None
    part : how much of the place the words mean ("part" for a quarter or a direction), or ""
    """

    start: int
    end: int
    text: str
    place: Place | None
    precision: int
    kind: str
    near: Place | None = None
    part: str = ""

    @property
    def is_vague(self) -> bool:
        """Whether the words lean on a named place instead of naming one."""
        return self.near is not None

    def as_dict(self, article: str) -> dict[str, object]:
        """Return the mention as plain data for JSON; a vague place has the position of the one it leans on."""
        place, where = self.place, self.where
        return {
            "article": article,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "place_id": place.place_id if place else None,
            "name": place.name if place else self.text,
            "kind": self.kind,
            "country": where.country if where else "",
            "lat": where.lat if where else None,
            "lon": where.lon if where else None,
            "geonameid": place.geonameid if place else None,
            "precision": self.precision,
        }

    @property
    def where(self) -> Place | None:
        """The place that gives the position: the one meant, or the one leant on."""
        return self.place or self.near


class _Line(NamedTuple):
    mentions: tuple[Mention, ...]
    persons: tuple[str, ...]


_mention = tuple.__new__  # builds a named tuple without the detour through its constructor


def _in_order(mention: Mention) -> tuple[int, int]:
    return mention.start, -mention.end


class Finder:
    """Finds the places of one story's gazetteer in texts.

    Parameters
    ----------
    gazetteer : names and places
    lexicon : actors, sources and names of persons and organisations, in which no place is meant
    """

    def __init__(self, gazetteer: Gazetteer, lexicon: Lexicon) -> None:
        self._judge = Judge(gazetteer, lexicon)
        self._gazetteer = gazetteer
        self._lines: dict[str, _Line] = {}
        self.places = gazetteer.places
        self.countries = tuple(place for place in self.places.values() if place.kind == "country")

    def find(self, text: str) -> list[Mention]:
        """Return the mentions of a text in the order of their starts, of two with one start the longer first."""
        lines, found = self._lines, []
        persons: set[str] = set()
        start = 0
        for line in text.split("\n") if len(text) < _LONGEST else _pieces(text):
            read = lines.get(line)
            if read is None:
                read = self._read(line)
            for first, last, words, place, precision, kind, near, part in read.mentions:
                found.append(_mention(Mention, (first + start, last + start, words, place, precision, kind, near, part)))
            if read.persons:
                persons.update(read.persons)
            start += len(line) + 1
        return [mention for mention in found if mention.text not in persons] if persons else found

    def of_kind(self, place: Place, group: str) -> Place | None:
        """Return the place of another kind that has a place's name: the province or the airport of a city; None for none."""
        return self._judge.of_kind(place, group)

    def _read(self, line: str) -> _Line:
        """Read one line, and keep what it says: agencies' paragraphs come again and again."""
        found: list[Mention] = []
        persons: set[str] = set()
        judge, runs = self._judge, self._judge.book.runs
        for match in RUN.finditer(line):
            text = match.group()
            run = runs.get(text, UNREAD)
            if run is UNREAD:
                run = judge.book.run(text)
            if run is None:
                continue
            start, names = match.start(), run.names
            if run.is_doubtful and line[max(0, start - 3) : start] in SURE:
                names = (0, *names)
            if names and not names[0] and start and line[start - 1].isalnum():
                names = names[1:]  # the end of a word, not a name
            if not names:
                continue
            if len(text) > RIGHT:  # too long for one window
                for name in names:
                    self._decide(line, start + name, found, persons)
                continue
            left = max(0, start + names[0] - LEFT)
            window = line[left : start + names[-1] + RIGHT]
            for owner, (first, last, place, precision, kind, near, part) in judge.meant(window, start - left, run, names[-1]):
                if owner in names:
                    said = window[first:last]
                    found.append(_mention(Mention, (first + left, last + left, said, place, precision, kind, near, part)))
            if run.persons:
                persons.update(run.persons)
        if not line.isascii() and _OTHER.search(line):
            found += self._in_other_scripts(line)
        if len(self._lines) >= _KEPT:
            self._lines.clear()
        if len(found) > 1:
            found.sort(key=_in_order)
        read = _Line(tuple(found), tuple(persons))
        self._lines[line] = read
        return read

    def _decide(self, line: str, at: int, found: list[Mention], persons: set[str]) -> None:
        """Add what the name at `at` of a line means, which stands in a run longer than what decides."""
        left = max(0, at - LEFT)
        window = line[left : at + RIGHT]
        items, surnames = self._judge.decide(window, at - left)
        for first, last, place, precision, kind, near, part in items:
            found.append(Mention(first + left, last + left, window[first:last], place, precision, kind, near, part))
        persons.update(surnames)

    def _in_other_scripts(self, text: str) -> Iterable[Mention]:
        """Yield names in Arabic and Hebrew script, which has no capitals: the longest run of words that is a name."""
        words = [(found.start(), found.end()) for found in _OTHER_WORD.finditer(text)]
        index = 0
        while index < len(words):
            for length in range(min(_LONGEST_OTHER, len(words) - index), 0, -1):
                start, end = words[index][0], words[index + length - 1][1]
                if end - start > length * 24 or "\n" in text[start:end]:
                    continue
                found = self._other(text[start:end])
                if found is not None:
                    skipped, place = found
                    yield Mention(start + skipped, end, text[start + skipped : end], place, place.precision, place.kind)
                    index += length
                    break
            else:
                index += 1

    def _other(self, name: str) -> tuple[int, Place] | None:
        for prefix in ("", *_PROCLITICS):
            if name.startswith(prefix) and len(name) - len(prefix) >= 2:
                bare = name[len(prefix) :]
                for spelled in (bare, "ال" + bare) if prefix.endswith("ل") and len(prefix) > 1 else (bare,):
                    place = _closest(self._gazetteer, spelled)
                    if place is not None:
                        return len(prefix), place
        return None


@lru_cache(maxsize=8192)
def _closest(gazetteer: Gazetteer, name: str) -> Place | None:
    matches = gazetteer.lookup(name)
    return matches[0].place if matches and matches[0].level > Level.ARTICLE else None


def _pieces(text: str) -> Iterable[str]:
    """Yield the lines of a text, long ones in pieces that end with a space, so that time grows with length and no faster."""
    for line in text.split("\n"):
        start = 0
        while len(line) - start > _LONGEST:
            stop = max(line.rfind(". ", start, start + _LONGEST) + 1, start)
            if stop <= start:
                stop = max(line.rfind(" ", start, start + _LONGEST), start)
            if stop <= start:
                stop = start + _LONGEST  # a word this long has no place in it; one letter of it is passed over
            yield line[start:stop]
            start = stop + 1
        yield line[start:]


def mentions(text: str, gazetteer: Gazetteer, lexicon: Lexicon) -> list[Mention]:
    """Return the places of a text; to read many texts make one `Finder` and keep it."""
    return Finder(gazetteer, lexicon).find(text)
