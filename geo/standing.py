"""The standing edition of a folder: the newest story that could be shown, kept while the newest files cannot be.

What is removed from a story is an edit, and is followed. What is lost is a fault: a file that is gone, unreadable, cut off or
refused for the greater part; an article, place or actor that claims still name. Then the last good edition stands, and says so.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Set
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar

from geo.days import moment_in_words
from geo.errors import DatelineError, Problem, StoryError
from geo.story import Story, fingerprint, read_story

READINGS = 3
"""How often a folder is read that changes while it is read."""
AGAIN = 5.0
"""Seconds after which what could not be shown is tried again though no file changed: a disk may have room by then."""
_REST = 0.2  # seconds between two readings of files that change
_WHOLE = frozenset({"file", "encoding", "folder"})  # fields of problems that cost a whole file
_ROW = frozenset({"row", "TOML"})  # fields of problems that a cut in the middle of a line gives

_log = logging.getLogger(__name__)
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Edition(Generic[Made]):
    """What readers are shown.

    Attributes
    ----------
    files : fingerprint of the files that it was read from
    story : the story
    made : what was made of it
    seen : when the folder was last found to hold exactly this, in UTC; the only thing here that a clock has a say in
    problems : what keeps the newest files from being shown; empty where this is the newest
    """

    files: str
    story: Story
    made: Made
    seen: datetime
    problems: tuple[Problem, ...] = ()

    @property
    def words(self) -> str:
        """Return the sentence for readers: that this is not the newest edition, of when it is, and why; "" of the newest."""
        if not self.problems:
            return ""
        settings, count = self.story.settings, len(self.problems)
        moment = f"{moment_in_words(self.seen, settings.zone)} ({settings.clock or settings.zone.key})"
        why = "its files now have a problem" if count == 1 else f"its files now have {count} problems"
        why = {_CHANGING: "its files are being written just now", _AT_THE_SERVER: "the server cannot draw a newer one"}.get(
            self.problems[0], f"{why} to be mended first"
        )
        return f"This map is not the newest: it shows the story as it stood on {moment}, since {why}."


class Standing(Generic[Made]):
    """The standing edition of one folder, for all readers of a process.

    Parameters
    ----------
    folder : the story's
    make : makes of a story what is shown
    holds : whether what was made is still whole; where it is not, it is made again from the same story
    """

    def __init__(
        self, folder: Path | str, make: Callable[[Story], Made], holds: Callable[[Made], bool] = lambda made: True
    ) -> None:
        self._folder, self._make, self._holds = Path(folder), make, holds
        self._lock = threading.Lock()
        self._good: Edition[Made] | None = None
        self._failed: tuple[str, float, DatelineError] | None = None

    def latest(self, meanwhile: Callable[[], AbstractContextManager[object]] = nullcontext) -> Edition[Made]:
        """Return the newest edition, or the last good one with the problems that keep the newest from being shown.

        Parameters
        ----------
        meanwhile : gives what is entered while the folder is read, which takes a moment

        Raises
        ------
        StoryError : there is no story to show, and none was shown before
        DatelineError : there is one, but the server could not make what is shown of it, and nothing was shown before
        """
        with self._lock:
            files, good = fingerprint(self._folder), self._good
            if good is not None and good.files == files:
                if self._failed is not None:
                    _log.warning("The story in %s is as it was: what is shown is the newest again.", self._folder)
                self._failed = None
                self._good = good = replace(good, made=self._whole(good), seen=datetime.now(UTC))
                return good
            error = self._failure(files)
            if error is None:
                try:
                    with meanwhile():
                        read = self._read(good)
                except DatelineError as found:
                    error = found
                    self._note(error)
                else:
                    if self._failed is not None:
                        _log.warning("The story in %s can be shown again.", self._folder)
                    self._failed, self._good = None, read
                    return read
            if good is None:
                raise error
            problems = error.problems if isinstance(error, StoryError) else (_AT_THE_SERVER,)
            return replace(good, made=self._whole(good), problems=problems)

    def _failure(self, files: str) -> DatelineError | None:
        """Return why these files could not be shown, None where that is not known or long ago."""
        if self._failed is None or self._failed[0] != files or time.monotonic() > self._failed[1] + AGAIN:
            return None
        return self._failed[2]

    def _note(self, error: DatelineError) -> None:
        """Keep why the files could not be shown, and tell the operator once."""
        files, good = fingerprint(self._folder), self._good
        if good is not None and (self._failed is None or self._failed[0] != files):
            held = f"the edition of {good.seen:%Y-%m-%d %H:%M} UTC stays up"
            _log.warning("The story in %s cannot be shown as it is now; %s: %s", self._folder, held, error)
        self._failed = (files, time.monotonic(), error)

    def _read(self, good: Edition[Made] | None) -> Edition[Made]:
        """Return the edition that the folder holds now, which succeeds a good one.

        Raises
        ------
        DatelineError : it is no such edition, or what is shown of it could not be made
        """
        try:
            story, files, rested = self._rested()
            if good is not None and not rested:
                raise StoryError(_CHANGING)
            if good is not None and (problems := lost(story, good.story)):
                raise StoryError(*problems)
            return Edition(files, story, self._make(story), datetime.now(UTC))
        except StoryError:
            raise
        except Exception as error:
            # Whatever keeps a newer map from being made, a full disk or a mistake of ours, must not take away the one there is.
            if good is None and not isinstance(error, OSError | DatelineError):
                raise
            _log.exception("The map of the story in %s could not be made.", self._folder)
            raise DatelineError("The server could not make the map's files.") from error

    def _rested(self) -> tuple[Story, str, bool]:
        """Return the story, its files' fingerprint, and whether they rested while they were read; they are given some tries."""
        for reading in range(1, READINGS + 1):
            before = fingerprint(self._folder)
            try:
                story: Story | None = read_story(self._folder)
            except StoryError:
                if reading == READINGS or fingerprint(self._folder) == before:
                    raise
                story = None
            rested = fingerprint(self._folder) == before
            if story is not None and (rested or reading == READINGS):
                return story, before, rested
            time.sleep(_REST)
        raise AssertionError  # the last reading returned or raised

    def _whole(self, good: Edition[Made]) -> Made:
        """Return what was made of an edition; where somebody removed it, make it again."""
        if self._holds(good.made):
            return good.made
        try:
            made = self._make(good.story)
        except (OSError, DatelineError):
            _log.exception("The files of the map were removed and could not be made again.")
            return good.made
        _log.warning("The files of the map were removed by somebody; they are there again.")
        self._good = replace(good, made=made)
        return made


_CHANGING = Problem(
    "the folder", None, "files", "being written", "A story is read while its files rest.", "wait until all of it is written."
)
_AT_THE_SERVER = Problem(
    "the map", None, "files", "not made", "The server needs room and leave to write the map's files.", "see the server's log."
)


def lost(story: Story, before: Story) -> tuple[Problem, ...]:
    """Return the problems by which a story lost a file, the greater part of one, or what its claims name; () if none.

    Half a file cannot be told from a shorter one by what it says. It is taken for cut off where it has a problem, and its
    last line, which has that problem, does not end. A story that was retracted is followed, whatever else is wrong.
    """
    if story.settings.retracted:
        return ()
    old = {(problem.file, problem.field, problem.value, problem.rule) for problem in before.problems}
    new = [one for one in story.problems if (one.file, one.field, one.value, one.rule) not in old]
    had, has = _rows(before), _rows(story)
    gone = {field: _named(before)[field] - names for field, names in _named(story).items()}
    named = {
        name for one in new if one.file == "claims.csv" for name in one.value.split(";") if name in gone.get(one.field, ())
    }
    cut = _shortened(story, before)
    is_cut = any(claim.article in cut for key, claim in before.claims.items() if key not in story.claims)
    found = []
    for problem in new:
        own = problem.file in had or problem.file == "articles"
        if (
            (own and (problem.field in _WHOLE or _is_cut(story.folder, problem)))
            or 2 * has.get(problem.file, 0) < had.get(problem.file, 0)
            or (problem.file == "claims.csv" and named.intersection(problem.value.split(";")))
            or (problem.file.startswith("articles/") and problem.file[9:-3] in named)
            or (problem.file == "claims.csv" and problem.field == "text" and is_cut)
        ):
            found.append(problem)
    return tuple(found)


def _named(story: Story) -> dict[str, Set[str]]:
    """Return what claims may name, by the field that names it."""
    actors, sources = story.settings.actors.keys(), story.settings.sources.keys()
    return {
        "article": story.articles.keys(),
        "place": story.places.keys(),
        "actor": actors,
        "against": actors,
        "claimant": sources,
    }


def _rows(story: Story) -> dict[str, int]:
    """Return how much of each file was read."""
    own = len(story.story_places)
    return {
        "story.toml": len(story.settings.actors) + len(story.settings.sources),
        "claims.csv": len(story.claims) + len(story.drafts),
        "places.csv": own,
        "gazetteer.csv": len(story.listed) - own,
        "corrections.csv": len(story.corrections),
        "basemap.json": len(story.basemap.features),
    }


def _shortened(story: Story, before: Story) -> set[str]:
    """Return the articles of which only the beginning is left."""
    both = [
        (story.articles[key].body.rstrip(), before.articles[key].body.rstrip(), key)
        for key in story.articles.keys() & before.articles.keys()
    ]
    return {key for now, then, key in both if now != then and then.startswith(now)}


def _is_cut(folder: Path, problem: Problem) -> bool:
    """Return whether a problem is of the last line of a file, and that line does not end."""
    try:
        raw = (folder / problem.file).read_bytes()
    except OSError:
        return True
    return not raw.endswith(b"\n") and (problem.field in _ROW or problem.line == raw.count(b"\n") + 1)
