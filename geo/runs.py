"""Runs of capitalised words ("Deir al-Zour", "U.S.", "President Assad"), and the words in them, apart from any context."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from geo.gazetteer import Match

CAPITALS = "".join(chr(code) for code in range(0x2C00) if chr(code).isupper())
"""The letters that begin a name."""

_JOINED = r"(?:[-‐‑'’ʼ]\w+)*"
_LINKS = r"(?:(?:of|for|al|el|ar|as|ash|at|ad|ed|ez|az|an|de|du|da|la|der|van|von|bin|ibn)[ -](?:the )?)?"
# Both alternatives begin with one set of letters, so that the search skips to the next of them.
RUN = re.compile(rf"[{CAPITALS}](?:\.(?:[{CAPITALS}]\.)+|\w*{_JOINED}(?:[ \u00a0]{_LINKS}[{CAPITALS}]\w*{_JOINED})*)")
CAPITALISED = re.compile(rf"[{CAPITALS}]\w+")
_TOKEN = re.compile(r"(?:\w\.){2,}|\w+(?:[-‐‑'’ʼ]\w+)*")
_POSSESSIVE = re.compile(r"['’ʼ][sS]?$")


class Word(NamedTuple):
    """A word of a run; offsets count from the run's start.

    Attributes
    ----------
    text : without the possessive
    start, end : where that stands
    lower : in lower case
    is_link : no capital in it (al, of)
    is_owner : it has a possessive
    capital : where its first capital stands
    """

    text: str
    start: int
    end: int
    lower: str
    is_link: bool
    is_owner: bool
    capital: int


class Known(NamedTuple):
    """What the gazetteer has for a name: the places, best first, and what follows from them alone.

    Attributes
    ----------
    is_exact : one of them is written so
    is_distant : they only share the skeleton
    is_contested : several fit as well and none is a country
    """

    matches: list[Match]
    is_exact: bool
    is_distant: bool
    is_contested: bool


class Option(NamedTuple):
    """Some words of a run, from one to another, taken as one name.

    Attributes
    ----------
    stop : the index after the last word
    start, end : where they stand, from the run's start
    known : what the gazetteer has for them
    blocked : names that are no places' and share a word with these
    stands : whether the run's other words leave them a place, where the run does not begin a sentence, and where it does
    is_plain : nothing of the above stands against the name, wherever it is
    """

    stop: int
    start: int
    end: int
    known: Known
    blocked: tuple[str, ...]
    stands: tuple[bool, bool]
    is_plain: bool


class Run:
    """A run of capitalised words.

    Attributes
    ----------
    text : the run
    names : where words stand that can begin a place's name, from the run's start
    is_doubtful : the first word begins a place's name only where the words before say so
    words : its words; this and the rest are filled when first wanted
    is_headline : capitals say nothing in it
    persons : surnames of a person named in it
    is_unknown : the whole of it may be the name of a place that the gazetteer has not
    options : by the index of the first word, names to try, longest first, None where not yet wanted
    """

    __slots__ = ("is_doubtful", "is_headline", "is_unknown", "names", "options", "persons", "text", "words")

    def __init__(self, text: str, names: tuple[int, ...], is_doubtful: bool) -> None:
        self.text = text
        self.names = names
        self.is_doubtful = is_doubtful
        self.words: list[Word] = []
        self.is_headline = False
        self.persons: tuple[str, ...] = ()
        self.is_unknown = False
        self.options: list[tuple[Option, ...] | None] = []


UNREAD = Run("", (), False)
"""Stands for a run that was not yet read."""


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of a run."""
    for match in _TOKEN.finditer(text):
        said, start = match.group(), match.start()
        owner = _POSSESSIVE.search(said) if len(said) > 2 else None
        bare = said[: owner.start()] if owner else said
        capital = start + next((at for at, letter in enumerate(bare) if letter.isupper()), 0)
        yield Word(bare, start, start + len(bare), bare.lower(), bare.islower(), owner is not None, capital)


def first_capitalised(name: str) -> str:
    """Return the first word of a name that is written with a capital, "" for none."""
    found = CAPITALISED.search(name)
    return found.group() if found else ""
