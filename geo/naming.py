"""What a capitalised name in a text means: a place, a person, an organisation, or nothing, by the words around it.

The judge sees a window of text and no more, so that the same words always mean the same. Longest names first; words of the
sentence's beginning, demonyms, given names, titles and the heads of organisations tell a place from what only looks like one.
What a run of capitalised words says by itself is in the runbook; here stands what depends on its surroundings.
"""

from __future__ import annotations

import re

from geo.gazetteer import Gazetteer, Match
from geo.leaning import Found, Surroundings
from geo.lexicon import Lexicon
from geo.places import SETTLEMENTS, VAGUE, Place
from geo.runbook import Runbook
from geo.runs import RUN, Known, Option, Run, Word
from geo.spelling import Level
from geo.wordlists import phrases

_OPENING = " \t\"“‘'(["  # stand between a sentence's beginning and its first word
_SIGNS = frozenset('.!?:;…\n\r•*>“"|([')  # after these a sentence begins
_ARTICLE = re.compile(r"(?:^|(?<=[\s(“‘\"'/,]))(?:al|el|ul|ar|as|ash|at|ath|ad|adh|ed|et|es|esh|ez|az|an|en|er)[-‐‑ ’']$")
_ARTICLE_ENDS = frozenset(
    ("al", "el", "ul", "ar", "as", "sh", "at", "th", "ad", "dh", "ed", "et", "es", "ez", "az", "an", "en", "er")
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Gen|Maj|Col|Lt|Brig|Capt|Sgt|Prof|Sen|Gov|St|Rev)\. $")
_BEFORE_PLACES = re.compile(
    r"\b(?:in|near|from|to|into|at|around|outside|inside|towards?|across|between|through|over|on|against"
    r"|(?:north|south|east|west)"
    r"(?:east|west)? of|of (?:city|town|village)|(?:cit|town|village|capital|province)\w* of)(?: the"
    r"| [A-Z][\w-]+(?:,| and|, and))? $"
)
_NEARER = re.compile(
    r"\b(?:near|outside|(?:town|city|village|hamlet|suburb|settlement|province|district|port|crossing"
    r"|hill) of|(?:north|south|east|west)(?:[- ]?(?:east|west))? of) $"
)
_COMMA = re.compile(r", ([^\W\d_][\w.]*(?: [^\W\d_a-z][\w.]*){0,2})")
_HYPHEN = re.compile("([-‐‑])")
_LONGEST_WITH_ARTICLE = 3

Owned = tuple[int, Found]
"""A mention, and where the first capital of its name stands from the run's start."""


class Judge:
    """Decides what runs of capitalised words mean, over one gazetteer and one lexicon."""

    def __init__(self, gazetteer: Gazetteer, lexicon: Lexicon) -> None:
        self.book = Runbook(gazetteer, lexicon)
        self._elsewhere = frozenset(phrase.lower() for phrase in phrases("names", "elsewhere"))
        self._surroundings = Surroundings(self.book.lookup)

    def of_kind(self, place: Place, group: str) -> Place | None:
        """Return the place of a group of kinds (province, airport) that has the name of another place, or None."""
        return self._surroundings.of_kind(place.name, group, self.book.lookup(place.name))

    def decide(self, window: str, at: int) -> tuple[list[Found], tuple[str, ...]]:
        """Return what the name that begins at `at` of a window means: its mentions, and surnames of persons named with it."""
        found = next((found for found in RUN.finditer(window) if found.end() > at), None)
        run = self.book.run(found.group()) if found is not None and found.start() <= at else None
        if found is None or run is None:
            return [], ()
        start = found.start()
        items = [item for owner, item in self.meant(window, start, run, at - start) if owner == at - start]
        return items, run.persons

    def meant(self, window: str, at: int, run: Run, last: int) -> list[Owned]:
        """Return what the names of a run mean where it stands.

        Parameters
        ----------
        window : the run and the text around it
        at : where in the window the run begins
        run : the run
        last : no name that begins after it is wanted, from the run's start
        """
        if not run.words:
            self.book.fill(run)
        # Nearly always a name stands after a word and a space.
        begins = not (at > 1 and window[at - 1] == " " and window[at - 2].isalnum()) and _begins(window, at)
        article = _article(window, at) if at > 2 and window[at - 3 : at - 1] in _ARTICLE_ENDS else None
        found: list[Owned] = []
        run_words = run.words
        index = 0
        while index < len(run_words):
            word = run_words[index]
            if word.start > last:
                break
            if word.is_link and "-" not in word.text:
                index += 1
                continue
            options = run.options[index]
            if options is None:
                options = self.book.options(run, index)
            if article is not None and not index:
                stop = self._with_article(window, at, run, options, begins, article, found)
            else:
                stop = 0
                for option in options:
                    known = option.known
                    if (option.is_plain and (index or not window.endswith(". ", 0, at))) or (
                        known.matches and self._fits(window, at, run, index, option, known, option.start, begins)
                    ):
                        self._accept(window, at, run, index, option, known, at + option.start, found)
                        stop = option.stop
                        break
            if stop:
                index = stop
                continue
            if "-" in word.text or "‑" in word.text or "‐" in word.text:
                self._parts(window, at, word, found)
            elif not index and not begins and run.is_unknown:
                self._unresolved(window, at, run, found)
            index += 1
        return found

    def _with_article(
        self,
        window: str,
        at: int,
        run: Run,
        options: tuple[Option, ...],
        begins: bool,
        article: tuple[int, int],
        found: list[Owned],
    ) -> int:
        """Accept the first name of a run after an article, with the article or without; return the index after it, or 0."""
        begin, end = article
        for option in options:
            if option.stop <= _LONGEST_WITH_ARTICLE:
                known = self.book.known(window[begin : at + option.end])
                if known.matches and self._fits(window, at, run, 0, option, known, begin - at, begins):
                    self._accept(window, at, run, 0, option, known, begin, found)
                    return option.stop
                if option.stop == 1 and window[end - 1] != " ":
                    continue  # "al-Madani" is not "Madani"
            known = option.known
            if known.matches and self._fits(window, at, run, 0, option, known, option.start, begins):
                self._accept(window, at, run, 0, option, known, at + option.start, found)
                return option.stop
        return 0

    def _fits(self, window: str, at: int, run: Run, index: int, option: Option, known: Known, start: int, begins: bool) -> bool:
        """Return whether a name, from `start` of the run on, means its places where it stands."""
        first = run.words[index]
        if option.stop - index == 1:
            if option.end - start < 2:
                return False
            if first.lower in self.book.common and (run.is_headline or not first.text.isupper()):
                # A common word is a place's name only where a place is expected.
                alone = len(run.words) == 1 and not begins and not run.is_headline and known.is_exact
                if not alone and (
                    (begins and not index) or run.is_headline or not _BEFORE_PLACES.search(window[: at + first.start])
                ):
                    return run.is_headline and window[at + start : at + option.end].lower() not in self.book.common
        if known.is_distant and not self._may_be_misspelled(window, at, run, index, option, start, begins):
            return False
        if option.blocked and _is_blocked(window, option.blocked, at + option.start, at + option.end):
            return False
        if run.is_headline:
            return True
        return option.stands[begins] and (index > 0 or not _is_titled(window, at))

    def _may_be_misspelled(self, window: str, at: int, run: Run, index: int, option: Option, start: int, begins: bool) -> bool:
        """Return whether a name may be a place's in another spelling: where a place is expected, and no other word."""
        name = window[at + start : at + option.end]
        lower = name.lower()
        if (
            (begins and not index)
            or run.is_headline
            or len(name) < 4
            or lower in self.book.demonyms
            or any(word.lower in self.book.common for word in run.words[index : option.stop])
        ):
            return False
        if lower.endswith(("i", "ian", "ese")) and any(m.level > Level.SKELETON for m in self.book.lookup(name.rstrip("i"))):
            return False
        left = _without_article(window, at + run.words[index].start)
        return _BEFORE_PLACES.search(left) is not None or self._surroundings.kind_after(window, at + option.end) is not None

    def _accept(
        self, window: str, at: int, run: Run, index: int, option: Option, known: Known, begin: int, found: list[Owned]
    ) -> None:
        """Append what a name means with the words around it."""
        end = at + option.end
        if window.startswith(", ", end):
            matches = self._agreeing(window, known, begin, end)
        else:
            matches = [] if known.is_contested else known.matches
        owner = run.words[index].capital
        for item in self._surroundings.read(window, begin, end, matches):
            found.append((owner, item))
        if option.stop - index > 1 and matches and matches[0].place.kind == "region":
            last = run.words[option.stop - 1]
            inner = self.book.lookup(last.text)
            if inner and inner[0].place.kind == "country" and inner[0].level > Level.ARTICLE:
                place = inner[0].place
                found.append((owner, Found(at + last.start, end, place, place.precision, place.kind, None, "")))

    def _agreeing(self, window: str, known: Known, begin: int, end: int) -> list[Match]:
        """Return the matches that agree with a region named after a comma ("Tripoli, Lebanon"); none where it is elsewhere."""
        matches = known.matches
        after = _COMMA.match(window, end)
        if after is None:
            return [] if known.is_contested else matches
        pieces = after.group(1).split(" ")
        for length in range(len(pieces), 0, -1):
            region = " ".join(pieces[:length])
            if region.lower() in self._elsewhere or region.lower().rstrip(".") in self._elsewhere:
                return []
            around = [match.place for match in self.book.lookup(region) if match.level > Level.SKELETON]
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

    def _parts(self, window: str, at: int, word: Word, found: list[Owned]) -> None:
        """Find places in a hyphenated word: Goma-Sake, Rwanda-backed."""
        start = word.start
        pieces = _HYPHEN.split(word.text)
        if pieces[0].islower() and len(pieces[0]) <= 4:
            return
        for piece in pieces:
            if piece[:1].isupper() and piece.lower() not in self.book.common:
                matches = [match for match in self.book.lookup(piece) if match.level > Level.ARTICLE]
                blocked = self.book.blocked(word.text, word.text) if matches else ()
                if matches and not _is_blocked(window, blocked, at + word.start, at + word.end):
                    place = matches[0].place
                    begin = at + start
                    found.append((start, Found(begin, begin + len(piece), place, place.precision, place.kind, None, "")))
            start += len(piece)

    def _unresolved(self, window: str, at: int, run: Run, found: list[Owned]) -> None:
        """Keep a name that must be a place's, though no gazetteer has it."""
        first, last = run.words[0], run.words[-1]
        left = _without_article(window, at + first.start)
        end = at + last.end
        kind = self._surroundings.kind_after(window, end)
        if kind in ("airport", "airbase", "crossing") or (
            left.endswith((" of ", "near ", "outside ")) and _NEARER.search(left)
        ):
            blocked = self.book.blocked(first.text, run.text[first.start : last.end])
            if not _is_blocked(window, blocked, at + first.start, end):
                found.append((first.start, Found(len(left), end, None, VAGUE, kind or "", None, "")))


def _begins(window: str, at: int) -> bool:
    """Return whether a sentence, a line, a quotation or a bracket begins before `at`."""
    left = window[:at]
    bare = left.rstrip(_OPENING)
    opening = left[len(bare) :]
    if not bare or bare[-1] in _SIGNS or not _SIGNS.isdisjoint(opening):
        return True
    return (bare[-1] in "—–-" and opening.startswith(" ")) or (bare[-1] in "’”)" and bare[-2:-1] in (".", "!", "?"))


def _is_titled(window: str, at: int) -> bool:
    return window.endswith(". ", 0, at) and _TITLED.search(window[max(0, at - 8) : at]) is not None


def _article(window: str, at: int) -> tuple[int, int] | None:
    """Return where the Arabic article before `at` stands, None where there is none."""
    if at >= 3 and window[at - 1] in "-‐‑ ’'" and window[at - 3 : at - 1] in _ARTICLE_ENDS:
        found = _ARTICLE.search(window, max(0, at - 5), at)
        if found is not None:
            return found.span()
    return None


def _without_article(window: str, at: int) -> str:
    article = _article(window, at)
    return window[: article[0] if article else at]


def _is_blocked(window: str, names: tuple[str, ...], begin: int, end: int) -> bool:
    """Return whether a name is part of a longer name that the story says is no place's."""
    for name in names:
        at = window.find(name, max(0, begin - len(name)), end + len(name))
        if 0 <= at <= begin and at + len(name) >= end and len(name) > end - begin:
            return True
    return False
