"""A story -> a film of its days, MP4 or GIF: the picture of each day, held longer where something changed.

From one day to the next, what differs fades to the empty map and from there to the new picture. It never passes through a
mixture of two sides, which could be the colour of a third. A day of which nothing is known to differ follows at once.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from geo.errors import DatelineError
from geo.files import write_whole
from geo.payload import payload
from geo.picture import Picture, Sheet, sheet
from geo.scene import Scene
from geo.stills import form_of, known_index
from geo.story import Story
from geo.style import style

FORMS = ("mp4", "gif")
FRAMES = {"mp4": 30, "gif": 12}
"""Frames a second."""

SHORTEST, LONGEST = 1.0, 600.0
_FADE = 0.5  # seconds
_QUIET, _CHANGED, _FIRST, _LAST = 1.0, 3.0, 2.5, 4.5  # how long days are held, beside one another
_SHADES = 256  # colours of a GIF
_CONTENTS, _CONTENTS_A_FRAME = 4096, 32  # bytes kept for an MP4's table of contents
_SAMPLES = 6  # pictures that a GIF's colours are chosen from

Dots = np.ndarray[Any, np.dtype[np.uint8]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Turn:
    """How long a day has: frames of fading into it, and frames for which it is held."""

    fade: int
    hold: int


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture (height, width, 3) and for how many frames it stands; whether it is of one day, and not between two."""

    dots: Dots
    frames: int
    is_day: bool


def film(
    story: Story,
    path: Path | str,
    size: str,
    seconds: float,
    known: date | datetime | None = None,
    theme: str = "light",
    progress: Progress | None = None,
) -> Path:
    """Draw a story's days into a film, and return its path. Nothing is written before all of it is done.

    Parameters
    ----------
    path : its ending says what is made: .mp4 or .gif
    size : width and height in pixels, as 1080x1920, or square
    seconds : how long it lasts
    known, theme : as in `geo.stills.still`
    progress : called with the frames that are done and all of them

    Raises
    ------
    DatelineError : size, ending, theme or length cannot be, or the story has too many days for it
    """
    path = Path(path)
    form = form_of(path, FORMS)
    on = _screen(size, form)
    if not SHORTEST <= seconds <= LONGEST:
        raise DatelineError(f"seconds: a film lasts {SHORTEST:g} to {LONGEST:g} seconds, not {seconds:g}.")
    data, at = payload(story), known_index(story, known)
    scenes = [Scene(data, day, at) for day in range(len(data["days"]))]
    turns = schedule([scene.key for scene in scenes], seconds, FRAMES[form])
    picture = Picture(on, style(theme).theme, scenes)
    frames = sum(turn.fade + turn.hold for turn in turns)
    shots = _counted(shots_of(picture, scenes, turns), frames, progress)
    write_whole(path, _mp4(shots, on, frames) if form == "mp4" else _gif(shots, picture, scenes))
    return path


def schedule(keys: Sequence[Any], seconds: float, rate: int) -> list[Turn]:
    """Return how long each day has; days on which the picture changes, the first and the last are held longer.

    Parameters
    ----------
    keys : what is drawn on each day, equal where nothing differs
    rate : frames a second

    Raises
    ------
    DatelineError : a day would have no frame
    """
    changed = [False] + [one != other for one, other in pairwise(keys)]
    weights = [_CHANGED if turned else _QUIET for turned in changed]
    weights[0] = max(weights[0], _FIRST)
    weights[-1] = max(weights[-1], _LAST)
    total = round(seconds * rate)
    if total < len(keys):
        least = -(-len(keys) // rate)
        raise DatelineError(f"seconds: {seconds:g} are too few for {len(keys)} days; give {least} at the least.")
    spare = total - len(keys)  # every day has one frame for certain
    ends = [len(weights[: at + 1]) + round(spare * sum(weights[: at + 1]) / sum(weights)) for at in range(len(weights))]
    shares = [end - start for start, end in pairwise([0, *ends])]
    fades = [min(round(_FADE * rate), share // 3) if turned else 0 for share, turned in zip(shares, changed, strict=True)]
    return [Turn(fade, share - fade) for share, fade in zip(shares, fades, strict=True)]


def shots_of(picture: Picture, scenes: Sequence[Scene], turns: Sequence[Turn]) -> Iterator[Shot]:
    """Yield the pictures of a film in their order; every map that differs is drawn once."""
    blank = picture.blank().pixels()
    day = picture.day_box
    parts = [picture.dots(box) for box in (day._replace(bottom=day.bottom - 2), picture.strip)]
    before: Dots | None = None
    last: Any = None
    for scene, turn in zip(scenes, turns, strict=True):
        if before is None or scene.key != last:
            now = picture.page(scene).pixels()
        else:
            now, caption = before.copy(), picture.caption(scene).pixels()
            for part in parts:
                now[part] = caption[part]
        if before is not None and turn.fade:
            for dots in eased(before, blank, now, turn.fade):
                for part in parts:  # the day is never half of one and half of another
                    dots[part] = now[part]
                yield Shot(dots, 1, False)
        yield Shot(now, turn.hold, True)
        before, last = now, scene.key


def eased(before: Dots, blank: Dots, after: Dots, frames: int) -> Iterator[Dots]:
    """Yield pictures between two: where they differ, the one goes over into the blank, and the blank into the other."""
    differs = (before != after).any(axis=2)
    old, empty, new = (dots[differs].astype(np.float32) for dots in (before, blank, after))
    for step in range(1, frames + 1):
        part = 2 * step / (frames + 1)
        mixed = old + (empty - old) * part if part <= 1 else empty + (new - empty) * (part - 1)
        dots = before.copy()
        dots[differs] = np.rint(mixed).astype(np.uint8)
        yield dots


def _screen(size: str, form: str) -> Sheet:
    on = sheet(size)
    if on.paper:
        raise DatelineError(f"size: {size} is paper; a film has pixels, as 1080x1920.")
    if form == "mp4" and (on.width % 2 or on.height % 2):
        raise DatelineError(f"size: an MP4 has an even number of pixels each way, and {size} has not.")
    return on


def _counted(shots: Iterator[Shot], total: int, progress: Progress | None) -> Iterator[Shot]:
    done = 0
    for shot in shots:
        yield shot
        done += shot.frames
        if progress is not None:
            progress(done, total)


def _mp4(shots: Iterator[Shot], on: Sheet, frames: int) -> bytes:
    """Return a film in H.264, its table of contents at its beginning, so that it plays while it loads."""
    import av
    from av.video.reformatter import ColorRange, Colorspace

    width, height, rate = int(on.width), int(on.height), FRAMES["mp4"]
    stream = io.BytesIO()
    options = {"moov_size": str(_CONTENTS + frames * _CONTENTS_A_FRAME), "fflags": "+bitexact"}
    with av.open(stream, "w", format="mp4", options=options) as container:
        video = container.add_stream("libx264", rate=rate, options={"crf": "18", "preset": "veryfast", "threads": "2"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.codec_context.time_base = Fraction(1, rate)
        at = 0
        for shot in shots:
            drawn = av.VideoFrame.from_ndarray(np.ascontiguousarray(shot.dots), format="rgb24")
            frame = drawn.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG)
            for _ in range(shot.frames):
                frame.pts = at
                container.mux(video.encode(frame))
                at += 1
        container.mux(video.encode())
    return stream.getvalue()


def _gif(shots: Iterator[Shot], picture: Picture, scenes: Sequence[Scene]) -> bytes:
    """Return a film as a GIF: one set of colours for all of it, a picture that is held stored once."""
    from PIL import Image

    shades = _shades(picture, scenes)
    images, ends, frames = [], [0], 0
    for shot in shots:
        images.append(Image.fromarray(shot.dots).quantize(palette=shades, dither=Image.Dither.NONE))
        frames += shot.frames
        ends.append(round(frames * 100 / FRAMES["gif"]) * 10)
    stream = io.BytesIO()
    durations = [end - start for start, end in pairwise(ends)]
    images[0].save(stream, "GIF", save_all=True, append_images=images[1:], duration=durations, loop=0, optimize=False)
    return stream.getvalue()


def _shades(picture: Picture, scenes: Sequence[Scene]) -> Any:
    """Return an image whose colours are those of the whole film."""
    from PIL import Image

    distinct = [scene for at, scene in enumerate(scenes) if at == 0 or scene.key != scenes[at - 1].key]
    step = max(1, len(distinct) // _SAMPLES)
    chosen = np.hstack([picture.page(scene).pixels() for scene in distinct[::step][-_SAMPLES:]])
    return Image.fromarray(chosen[::2, ::2]).quantize(_SHADES, method=Image.Quantize.MEDIANCUT, kmeans=2)
