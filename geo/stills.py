"""A story at a moment -> a picture for print, for the web or for a feed: PNG, SVG or PDF, drawn without a browser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from geo.days import day_in
from geo.drawing import FORMS
from geo.errors import DatelineError, shown
from geo.files import write_whole
from geo.payload import payload
from geo.picture import Picture, sheet
from geo.scene import Scene, day_index
from geo.story import Story
from geo.style import style


def still(
    story: Story,
    day: date,
    size: str,
    path: Path | str,
    known: date | datetime | None = None,
    theme: str = "light",
) -> Path:
    """Draw a story's map of a day into a file, and return its path. The file is written beside and renamed.

    Parameters
    ----------
    path : its ending says what is made: .png, .svg or .pdf
    day, size, known, theme : as `drawn` takes them

    Raises
    ------
    DatelineError : the ending is unknown, or as `drawn`
    """
    path = Path(path)
    write_whole(path, drawn(story, day, size, form_of(path, FORMS), known, theme))
    return path


def drawn(story: Story, day: date, size: str, form: str, known: date | datetime | None = None, theme: str = "light") -> bytes:
    """Return a story's map of a day as a file's content.

    Parameters
    ----------
    day : a day of the story
    size : as `sheet` reads it
    form : one of `FORMS`
    known : count only what was reported by then, and as it stood then; default: all of it, as it stands now
    theme : light or dark

    Raises
    ------
    DatelineError : the story has no such day, nothing is known by then, or size or theme is unknown
    """
    on, look = sheet(size), style(theme).theme
    data = payload(story)
    scene = Scene(data, day_index(data, day), known_index(story, known))
    return Picture(on, look, [scene]).page(scene, form).content(data["title"], on.said)


def form_of(path: Path, forms: Sequence[str]) -> str:
    """Return the ending of a file's name.

    Raises
    ------
    DatelineError : it is none of the forms
    """
    form = path.suffix.lower().removeprefix(".")
    if form not in forms:
        names = ", ".join(f".{one}" for one in forms)
        raise DatelineError(f"“{shown(path.name)}” does not say what to make: let it end in one of {names}.")
    return form


def known_index(story: Story, known: date | datetime | None) -> int:
    """Return the index, among the story's moments, of the last that is not later than a day or a moment.

    Raises
    ------
    DatelineError : the first is later
    """
    moments = story.moments
    if known is None:
        return len(moments) - 1
    earlier = [at for at, moment in enumerate(moments) if story.instant(moment) <= story.instant(known)]
    if not earlier:
        first = day_in(moments[0], story.settings.zone)
        raise DatelineError(f"known: nothing is known by {known}; the story begins on {first}.")
    return earlier[-1]
