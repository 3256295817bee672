"""Films: as long as asked, the pictures of the stills, nothing between two sides, and never half a file."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from conftest import ROOT, SEEDS, bundled
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image, ImageSequence

from geo.__main__ import main
from geo.errors import DatelineError
from geo.film import FRAMES, eased, film, schedule, shots_of
from geo.payload import payload
from geo.picture import Picture, sheet
from geo.scene import Scene

SIZE, SECONDS = "640x360", 4


@cache
def scenes() -> tuple[Scene, ...]:
    told = payload(bundled())
    return tuple(Scene(told, day, len(told["known"]) - 1) for day in range(len(told["days"])))


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(bundled(), tmp_path_factory.mktemp("film") / "a.mp4", SIZE, SECONDS)


def frames(path: Path) -> list[Any]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_a_film_lasts_as_long_as_asked(filmed: Path) -> None:
    """Length, size and rate are those that were asked for, to a fifth of a second and to the pixel."""
    with av.open(str(filmed)) as container:
        assert container.duration is not None
        assert container.duration / av.time_base == pytest.approx(SECONDS, abs=0.2)
        video = container.streams.video[0]
        assert (video.width, video.height, video.average_rate) == (640, 360, FRAMES["mp4"])
    assert len(frames(filmed)) == SECONDS * FRAMES["mp4"]


def test_the_frames_of_a_pause_are_the_still_of_the_day(filmed: Path) -> None:
    """Held, each changed day shows the map of its still; only the encoder's blur lies between."""
    turns = schedule([scene.key for scene in scenes()], SECONDS, FRAMES["mp4"])
    shown, at = frames(filmed), 0
    for scene, turn in zip(scenes(), turns, strict=True):
        at += turn.fade + turn.hold
        alone = Picture(sheet(SIZE), "light", [scene])
        rows, columns = alone.dots(alone.frame)
        still = alone.page(scene).pixels()[rows, columns].astype(int)
        apart = np.abs(shown[at - 1][rows, columns].astype(int) - still)
        assert apart.mean() < 2.5
        assert np.quantile(apart, 0.99) < 30


def test_a_film_can_be_read_from_its_beginning(filmed: Path) -> None:
    """The table of contents stands before the pictures, so that a page plays the film while it loads."""
    content = filmed.read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_the_same_story_gives_the_same_film(tmp_path: Path) -> None:
    """Two films of one story have the same bytes."""
    for form in ("mp4", "gif"):
        one, two = (film(bundled(), tmp_path / f"{name}.{form}", "320x320", 1.0).read_bytes() for name in "ab")
        assert one == two


def test_a_gif_lasts_as_long_as_asked(tmp_path: Path) -> None:
    """A GIF's pictures add up to the length asked for, and repeat."""
    with Image.open(film(bundled(), tmp_path / "a.gif", "360x360", 5)) as image:
        lengths = [frame.info["duration"] for frame in ImageSequence.Iterator(image)]
        assert sum(lengths) / 1000 == pytest.approx(5, abs=0.2)
        assert image.size == (360, 360)
        assert image.info["loop"] == 0


def test_what_changes_hands_fades_through_the_blank() -> None:
    """From one side's colour to another's, every dot lies between one of them and the blank, and half-way it is blank."""
    before, blank, after = (
        np.full((2, 2, 3), colour, dtype=np.uint8) for colour in ((0, 158, 115), (251, 248, 240), (213, 94, 0))
    )
    after[0, 0] = before[0, 0]
    steps = list(eased(before, blank, after, 9))
    assert len(steps) == 9
    assert all((dots[0, 0] == before[0, 0]).all() for dots in steps)
    assert (steps[4][1, 1] == blank[1, 1]).all()
    for dots in steps:
        dot = dots[1, 1].astype(float)
        assert min(_from_segment(dot, one[1, 1], blank[1, 1]) for one in (before, after)) <= 1


def _from_segment(dot: Any, one: Any, other: Any) -> float:
    start, way = one.astype(float), other.astype(float) - one
    part = np.clip((dot - start) @ way / (way @ way), 0, 1)
    return float(np.linalg.norm(dot - start - part * way))


def test_a_quiet_day_is_not_drawn_again_but_told() -> None:
    """Where nothing differs the map stays dot for dot, and day and progress go on."""
    told = payload(bundled())
    quiet = [Scene(told, 0, 0), Scene(told, 1, 0)]
    assert quiet[0].key == quiet[1].key
    picture = Picture(sheet(SIZE), "light", quiet)
    one, two = (shot.dots for shot in shots_of(picture, quiet, schedule([0, 0], 1, 10)))
    assert (one[picture.dots(picture.frame)] == two[picture.dots(picture.frame)]).all()
    assert (one[picture.dots(picture.day_box)] != two[picture.dots(picture.day_box)]).any()
    assert (picture.page(quiet[1]).pixels() == two).all()


@given(some.lists(some.integers(0, 3), min_size=1, max_size=400), some.floats(1, 120), some.sampled_from([12, 30]))
def test_every_day_has_its_time(keys: list[int], seconds: float, rate: int) -> None:
    """The days share all frames and each has one at least; no changed day is shorter than a quiet one beside it by a fade."""
    if round(seconds * rate) < len(keys):
        with pytest.raises(DatelineError, match="too few"):
            schedule(keys, seconds, rate)
        return
    turns = schedule(keys, seconds, rate)
    assert sum(turn.fade + turn.hold for turn in turns) == round(seconds * rate)
    assert all(turn.hold >= 1 and turn.fade >= 0 for turn in turns)
    for (key, other), turn in zip(pairwise(keys), turns[1:], strict=True):
        assert key != other or turn.fade == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["--size", "A4", "a.mp4"],
        ["--size", "641x361", "a.mp4"],
        ["--seconds", "0", "a.mp4"],
        ["--seconds", "nan", "a.mp4"],
        ["--seconds", "1e9", "a.mp4"],
        ["--known", "2020-01-01", "a.mp4"],
        ["a.avi"],
        ["a.png"],
    ],
)
def test_what_cannot_be_filmed_is_refused_in_a_sentence(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Paper, odd pixels, no time or an unknown ending: exit status 2, one sentence, no file."""
    monkeypatch.chdir(tmp_path)
    assert main(["film", "--story", str(SEEDS), *arguments]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert said[0].endswith(".")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("stop", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_stopped_half_way_the_old_film_stays(stop: signal.Signals, status: int, tmp_path: Path) -> None:
    """A film that is interrupted, or killed, leaves the old one whole and nothing beside it."""
    out = tmp_path / "a.mp4"
    out.write_bytes(b"the old film")
    command = [sys.executable, "-m", "geo", "film", "--story", str(SEEDS), "--size", SIZE, "--seconds", "300", str(out)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        said, deadline = b"", time.monotonic() + 120
        while b"frames" not in said and time.monotonic() < deadline:
            said += process.stderr.read(1)
        process.send_signal(stop)
        process.stderr.read()
        assert process.wait(60) == status
    assert b"/9000 frames" in said + b" "
    assert out.read_bytes() == b"the old film"
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
