"""Under faults the last good map stays up and says so, the old output stays whole, and no clock moves the map.

Real files, real processes, real limits of the system. DATELINE_FULL=1 writes and reads for five minutes and tries every cut.
"""

from __future__ import annotations

import hashlib
import logging
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ROOT, SEEDS, bundled

from geo import standing
from geo.errors import DatelineError, StoryError
from geo.files import write_whole
from geo.payload import payload
from geo.served import PREFIX, keep, own_folder
from geo.standing import Standing
from geo.story import Story, fingerprint, read_story
from geo.timemap import lay

FULL = os.environ.get("DATELINE_FULL") == "1"
SECONDS = 300 if FULL else 3
CUTS = 2000 if FULL else 25
NOBODY = 65_534
FILES = ("story.toml", "claims.csv", "places.csv", "gazetteer.csv", "corrections.csv", "basemap.json")
ARTICLE = "articles/sun-2024-12-01.md"


def told(story: Story) -> str:
    """Return what is drawn of a story, as a digest."""
    drawn = (story.settings, story.places, story.articles, story.editions, story.corrections, story.basemap.features)
    return hashlib.sha256(repr(drawn).encode()).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SEEDS, tmp_path / "story"))


@pytest.fixture
def stands(folder: Path) -> Standing[str]:
    """The standing edition of a copy of the bundled story, which was shown once."""
    found = Standing(folder, told)
    assert found.latest().problems == ()
    return found


def gone(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def half(path: Path) -> None:
    """Leave half of it, cut in the middle of a line."""
    raw = path.read_bytes()
    cut = len(raw) // 2
    while raw[cut - 1 : cut] in b"\n" or raw[cut : cut + 1] in b"\r\n":
        cut += 1
    path.write_bytes(raw[:cut])


def foreign(path: Path) -> None:
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))


def zeroed(path: Path) -> None:
    """What some file systems leave after a power cut."""
    path.write_bytes(b"\x00" * path.stat().st_size)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


FAULTS = (gone, empty, half, foreign, zeroed, a_folder, circle)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", [*FILES, ARTICLE])
def test_the_last_good_map_stands_while_a_file_is_spoiled(
    fault: Callable[[Path], None], name: str, folder: Path, stands: Standing[str]
) -> None:
    """It is what was shown before, it says that it is not the newest, and it comes right by itself."""
    before, path = stands.latest(), folder / name
    fault(path)
    held = stands.latest()
    assert (held.made, held.files, held.seen) == (before.made, before.files, before.seen)
    assert held.problems
    assert "not the newest" in held.words
    assert "(Damascus)" in held.words
    if path.is_dir():
        path.rmdir()
    path.unlink(missing_ok=True)
    shutil.copyfile(SEEDS / name, path)
    after = stands.latest()
    assert after.problems == ()
    assert after.words == ""
    assert after.made == before.made
    assert after.files != before.files


def test_the_last_good_map_stands_while_the_folder_is_away(folder: Path, stands: Standing[str]) -> None:
    """Moved, replaced by a file, emptied, without its articles: and it is there again as soon as the folder is."""
    before, away = stands.latest().made, folder.with_name("away")
    folder.rename(away)
    assert stands.latest().problems
    folder.write_text("no folder", encoding="utf-8")
    assert stands.latest().made == before
    folder.unlink()
    folder.mkdir()
    assert stands.latest().problems
    folder.rmdir()
    away.rename(folder)
    assert stands.latest().problems == ()
    (folder / "articles").rename(away)
    held = stands.latest()
    assert held.problems
    assert held.made == before


UNREADABLE = """
import os, sys
from pathlib import Path
from geo.standing import Standing
folder = Path(sys.argv[1])
stands = Standing(folder, lambda story: len(story.claims))
stands.latest()  # all that Python needs for it is loaded while it may be
if os.getuid() == 0:
    os.setgid(NOBODY), os.setuid(NOBODY)
before = stands.latest()
for path in (folder / "claims.csv", folder / "story.toml", folder / "articles", folder):
    mode = path.stat().st_mode & 0o777
    path.chmod(0)
    held = stands.latest()
    assert held.problems and held.made == before.made, path
    path.chmod(mode)
    assert not stands.latest().problems, path
print("held")
""".replace("NOBODY", str(NOBODY))


def test_the_last_good_map_stands_while_files_may_not_be_read() -> None:
    """A file, the articles' folder, the story's folder without permission; read by a user whom permissions bind."""
    ours = Path(shutil.copytree(SEEDS, Path("/tmp") / f"dateline-test-{os.getpid()}"))  # noqa: S108 - pytest's own folders bar others
    try:
        if os.getuid() == 0:
            for path in (ours, *ours.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
        run = subprocess.run(
            [sys.executable, "-c", UNREADABLE, str(ours)], cwd=ROOT, capture_output=True, text=True, check=False
        )
    finally:
        shutil.rmtree(ours)
    assert run.stdout == "held\n", run.stderr[-800:]


def test_without_an_earlier_edition_the_fault_itself_is_told(folder: Path) -> None:
    """A process that never showed a good one has nothing to hold: the problem is raised, and is gone when it is mended."""
    (folder / "story.toml").rename(folder / "away.toml")
    found = Standing(folder, told)
    with pytest.raises(StoryError, match=r"story\.toml"):
        found.latest()
    (folder / "away.toml").rename(folder / "story.toml")
    assert found.latest().problems == ()


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_missing_from_the_start_holds_nothing_up(name: str, folder: Path) -> None:
    """What the first edition did without is no loss to a later one."""
    if name != "story.toml":
        (folder / name).unlink()
    found = Standing(folder, told)
    first = found.latest()
    settings = folder / "story.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('title = "', 'title = "Newer: ', 1), encoding="utf-8")
    second = found.latest()
    assert second.problems == ()
    assert second.story.settings.title == f"Newer: {first.story.settings.title}"


def test_an_edit_is_followed_with_its_slips(folder: Path, stands: Standing[str]) -> None:
    """Rows removed are removed, a row with a slip is left out and listed; neither keeps a newer map from being shown."""
    claims = folder / "claims.csv"
    lines = claims.read_text(encoding="utf-8").splitlines(keepends=True)
    claims.write_text("".join(lines[:4]), encoding="utf-8")
    shorter = stands.latest()
    assert shorter.problems == ()
    assert len(shorter.story.claims) == 3
    claims.write_text("".join([*lines[:8], lines[8].replace(",captured,", ",taken,"), *lines[9:], "x,y\n"]), encoding="utf-8")
    slips = stands.latest()
    assert slips.problems == ()
    assert slips.story.problems
    assert len(slips.story.claims) > 60
    claims.write_text(lines[0], encoding="utf-8")
    assert stands.latest().story.claims == {}
    articles = {claim.article for claim in bundled().claims.values()}
    (folder / "articles" / f"{min(articles)}.md").unlink()
    assert stands.latest().problems == ()  # no claim names it any more


def test_a_retraction_gets_through_whatever_else_is_wrong(folder: Path, stands: Standing[str]) -> None:
    (folder / "claims.csv").unlink()
    half(folder / "places.csv")
    settings = folder / "story.toml"
    settings.write_text(f'retracted = "It was wrong."\n{settings.read_text(encoding="utf-8")}', encoding="utf-8")
    assert stands.latest().problems == ()
    assert stands.latest().story.settings.retracted == "It was wrong."


@pytest.mark.timeout(3600)  # in full, every byte of a file
@pytest.mark.parametrize("name", ["claims.csv", "places.csv", "story.toml", "corrections.csv", ARTICLE])
def test_wherever_a_file_is_cut_no_claim_is_shown_that_was_never_made(name: str, folder: Path, stands: Standing[str]) -> None:
    """Cut anywhere, it is held, or it is a file that ends sooner: whole rows are there or not, and none is another."""
    chance = random.Random(name)  # noqa: S311 - the same cuts each time is what is wanted
    whole, raw = stands.latest().story, (SEEDS / name).read_bytes()
    cuts = range(len(raw)) if len(raw) <= CUTS else sorted(chance.sample(range(len(raw)), CUTS))
    held = 0
    for cut in cuts:
        (folder / name).write_bytes(raw[:cut])
        shown = stands.latest()
        held += bool(shown.problems)
        if not shown.problems:
            for key, claim in shown.story.claims.items():
                was = whole.claims[key]
                same = all(getattr(claim, field) == getattr(was, field) for field in was.__slots__ if field != "note")
                assert same, f"cut at {cut}: {key}"
        (folder / name).write_bytes(raw)
        assert stands.latest().problems == ()
    assert held > 0


WRITER = """
import random, sys, time
from pathlib import Path
folder, first, second = map(Path, sys.argv[1:])
chance = random.Random(1)
names = ["claims.csv", "story.toml", "places.csv"]
print("ready", flush=True)
while True:
    for source in (second, first):
        for name in names:
            raw = (source / name).read_bytes()
            with (folder / name).open("wb", buffering=0) as file:
                at = 0
                while at < len(raw):
                    piece = chance.randrange(1, len(raw) // 3)
                    file.write(raw[at : at + piece])
                    at += piece
                    time.sleep(chance.choice((0, 0.001, 0.02)))
        time.sleep(chance.choice((0.05, 0.4, 0.8)))
"""


def saw_both(seen: set[tuple[str, bool]]) -> bool:
    return {title.startswith("Second") for title, _ in list(seen)} == {True, False}


def test_readers_never_see_half_of_what_a_writer_is_writing(folder: Path, tmp_path: Path, stands: Standing[str]) -> None:
    """An editor's programme that writes files in pieces, four readers, a kill in the middle: nothing that is neither story.

    What they are shown holds every claim of one edition and the title of an edition; after the kill it is held, and mended.
    """
    second = Path(shutil.copytree(SEEDS, tmp_path / "second"))
    text = (second / "story.toml").read_text(encoding="utf-8")
    (second / "story.toml").write_text(text.replace('title = "', 'title = "Second: ', 1), encoding="utf-8")
    ids = set(bundled().claims)
    seen, faults, over = set(), [], threading.Event()

    def reader() -> None:
        while not over.is_set():
            shown = stands.latest()
            seen.add((shown.story.settings.title, bool(shown.problems)))
            if set(shown.story.claims) != ids or len(shown.story.story_places) != len(bundled().story_places):
                faults.append((shown.story.problems, len(shown.story.claims)))
            time.sleep(0.01)

    command = [sys.executable, "-c", WRITER, str(folder), str(SEEDS), str(second)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        readers = [threading.Thread(target=reader) for _ in range(4)]
        for one in readers:
            one.start()
        began = time.monotonic()
        while (spent := time.monotonic() - began) < SECONDS or (spent < 60 and not saw_both(seen)):
            time.sleep(0.1)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        time.sleep(0.3)
        over.set()
        for one in readers:
            one.join()
    assert faults == []
    assert saw_both(seen)
    for name in FILES:
        write_whole(folder / name, (SEEDS / name).read_bytes(), lasting=False)
    assert stands.latest().problems == ()
    assert stands.latest().story.settings.title == bundled().settings.title


@pytest.mark.parametrize("lag", [-86_400 * 365, 86_400 * 365, 0])
def test_a_file_put_back_from_elsewhere_is_another_whatever_its_time_says(lag: int, folder: Path) -> None:
    """The same size, and a time that is older, in the future, or the very same: the fingerprint differs."""
    path = folder / "claims.csv"
    stat, before = path.stat(), fingerprint(folder)
    raw = path.read_bytes()
    copy = folder.parent / "copy.csv"
    copy.write_bytes(raw.replace(b"captured", b"clashing", 1))
    os.utime(copy, ns=(stat.st_atime_ns, stat.st_mtime_ns + lag * 10**9))
    copy.replace(path)
    assert path.stat().st_size == stat.st_size
    assert fingerprint(folder) != before


def test_a_full_disk_keeps_the_last_good_map_and_is_tried_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """No room for the newer map's files: the old one stays, the log says why once; with room again it is made untouched."""
    site = tmp_path / "site"
    found = Standing(folder, lambda story: lay(site, payload(story)), lambda made: made.is_whole)
    before = found.latest()
    settings = folder / "story.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('title = "', 'title = "Newer: ', 1), encoding="utf-8")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with caplog.at_level(logging.WARNING, "geo.standing"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
        try:
            for _ in range(3):
                held = found.latest()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert held.made == before.made
    assert held.made.is_whole
    assert "the server cannot draw a newer one" in held.words
    assert [record.getMessage().split(":")[0] for record in caplog.records if record.exc_info is None] == [
        f"The story in {folder} cannot be shown as it is now; the edition of {before.seen:%Y-%m-%d %H}"
    ]
    assert "File too large" in caplog.text
    monkeypatch.setattr(standing, "AGAIN", 0.0)
    after = found.latest()
    assert after.problems == ()
    assert after.story.settings.title.startswith("Newer: ")
    assert sorted(path.name for path in site.glob(".dateline-*")) == []


def test_a_mistake_in_drawing_keeps_the_last_good_map(folder: Path) -> None:
    """Whatever a newer story does to us, readers keep the one they had."""
    broken = []

    def made(story: Story) -> str:
        if broken:
            raise ZeroDivisionError("a mistake of ours")
        return told(story)

    found = Standing(folder, made)
    before = found.latest()
    broken.append(True)
    os.utime(folder / "claims.csv")
    assert found.latest().made == before.made
    assert found.latest().problems


def test_the_operator_is_told_once_and_again_when_it_is_mended(
    folder: Path, stands: Standing[str], caplog: pytest.LogCaptureFixture
) -> None:
    """The log names file and mend at the first reader after a fault, nothing at the next hundred, and the end of it."""
    with caplog.at_level(logging.WARNING, "geo.standing"):
        (folder / "claims.csv").rename(folder / "away.csv")
        began = time.monotonic()
        for _ in range(100):
            assert stands.latest().words != ""
        spent = time.monotonic() - began
        (folder / "away.csv").rename(folder / "claims.csv")
        stands.latest()
    first, last = (record.getMessage() for record in caplog.records)
    assert "claims.csv" in first
    assert "To mend: " in first
    assert "again" in last
    assert spent < standing.AGAIN  # what is known to be broken is not read for every reader


def test_files_of_the_map_that_a_cleaner_removed_are_laid_again(folder: Path, tmp_path: Path) -> None:
    """One file or the whole folder, while the story stands as it is and while it is broken."""
    site = tmp_path / "site"

    def made(story: Story) -> object:
        keep(site)
        return lay(site, payload(story))

    found = Standing(folder, made, lambda made: made.is_whole)  # type: ignore[attr-defined]
    first = found.latest().made
    (site / first.story).unlink()  # type: ignore[attr-defined]
    assert found.latest().made.is_whole  # type: ignore[attr-defined]
    shutil.rmtree(site)
    assert found.latest().made.is_whole  # type: ignore[attr-defined]
    assert site.stat().st_mode & 0o777 == 0o700
    (folder / "story.toml").unlink()
    shutil.rmtree(site)
    held = found.latest()
    assert held.problems
    assert held.made.is_whole  # type: ignore[attr-defined]


HOLDER = """
import sys, time
from geo.served import own_folder
folder = own_folder()
(folder / "index.html").touch()
print(folder, flush=True)
time.sleep(60 if len(sys.argv) > 1 else 0)
"""


def test_no_process_leaves_its_folder_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An end removes the folder; after a kill the next process does, and leaves alone what a living one uses."""
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}

    def start(*more: str) -> tuple[subprocess.Popen[str], Path]:
        run = subprocess.Popen([sys.executable, "-c", HOLDER, *more], env=environment, stdout=subprocess.PIPE, text=True)
        assert run.stdout is not None
        return run, Path(run.stdout.readline().strip())

    ended, gone_with_it = start()
    assert ended.wait(30) == 0
    assert not gone_with_it.exists()
    killed, left = start("stay")
    living, used = start("stay")
    try:
        killed.kill()
        killed.wait()
        assert left.is_dir()
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        monkeypatch.setattr("tempfile.tempdir", None)
        own = own_folder()
        assert not left.exists()
        assert (used / "index.html").exists()
        assert own.name.startswith(PREFIX)
    finally:
        for run in (killed, living):
            run.kill()
            run.wait()
            run.stdout.close()  # type: ignore[union-attr]


def test_a_folder_that_another_user_put_in_its_place_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: other)
    with pytest.raises(DatelineError, match="belongs to another user"):
        keep(tmp_path / "taken")


# Disk full


def run(arguments: list[str], folder: Path, limit: int | None = None, out: int = subprocess.DEVNULL) -> tuple[int, list[str]]:
    """Run a command in a process whose files may have `limit` bytes; return its exit status and what it said last."""

    def bounds() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1735689600"}
    done = subprocess.run(
        [sys.executable, "-m", "geo", *arguments],
        cwd=folder, env=environment, stdout=out, stderr=subprocess.PIPE, text=True, check=False, preexec_fn=bounds,
    )  # fmt: skip
    return done.returncode, [line for line in done.stderr.replace("\r", "\n").splitlines() if line]


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


WRITES: dict[str, list[str]] = {
    "publish": ["publish", "out", "--story", "story"],
    "export": ["export", "--format", "geojson", "--out", "a.geojson", "--story", "story"],
    "zip": ["export", "--format", "zip", "--out", "a.zip", "--story", "story"],
    "still": ["still", "a.png", "--size", "640x480", "--story", "story"],
    "svg": ["still", "a.svg", "--size", "640x480", "--story", "story"],
    "pdf": ["still", "a.pdf", "--size", "640x480", "--story", "story"],
    "film": ["film", "a.mp4", "--size", "320x320", "--seconds", "2", "--story", "story"],
    "schema": ["schema", "--write", "--story", "story"],
    "draft": ["draft", "--story", "story"],
}
DRAWN = ("still", "svg", "pdf", "film")  # take seconds, and write one file at their end
LIMITS = (0, 1, 4_096, 100_000, 150_000, 400_000)


@pytest.mark.parametrize("name", WRITES)
def test_a_full_disk_leaves_the_old_output_whole_and_one_sentence(name: str, tmp_path: Path) -> None:
    """A limit to files stops the writing wherever it falls, as any user may set one; then it goes on as if nothing had been."""
    shutil.copytree(SEEDS, tmp_path / "story")
    status, said = run(WRITES[name], tmp_path)
    assert status == 0, said
    before, stopped = contents(tmp_path), 0
    settings = tmp_path / "story" / "story.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('title = "', 'title = "N: ', 1), encoding="utf-8")
    del before["story/story.toml"]
    for limit in LIMITS if FULL else LIMITS[2:3] if name in DRAWN else LIMITS[2:5:2]:
        status, said = run(WRITES[name], tmp_path, limit)
        if status == 0:
            continue  # it fits
        stopped += 1
        assert status == 2, said
        assert "cannot be written: File too large" in said[-1], said
        assert "Traceback" not in " ".join(said)
        now = contents(tmp_path)
        del now["story/story.toml"]
        assert now == before, limit
        left = [path.name for path in tmp_path.rglob(".*")]
        assert left == []
    assert stopped > 0
    if FULL or name not in DRAWN:
        assert run(WRITES[name], tmp_path)[0] == 0


PRINTS = (
    ["export"], ["export", "--format", "zip"], ["control"], ["control", "--format", "csv"], ["schema"], ["explain", "hama"],
    ["changes", "--from", "2024-11-26", "--to", "2024-12-06"], ["places", str(SEEDS / ARTICLE)],
    ["claims", str(SEEDS / ARTICLE)],
)  # fmt: skip


@pytest.mark.parametrize("arguments", PRINTS, ids=lambda arguments: "-".join(arguments[:3]).replace("/", ""))
def test_what_is_printed_onto_a_full_disk_is_one_sentence(arguments: list[str], tmp_path: Path) -> None:
    """/dev/full answers as a full disk does."""
    with Path("/dev/full").open("wb") as full:
        status, said = run([*arguments, "--story", str(SEEDS)], tmp_path, out=full.fileno())
    assert status == 2
    assert said == ["standard output: No space left on device."]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB: mounted by root, or in a namespace of one's own; a file limit elsewhere holds the same promise."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], check=False, capture_output=True).returncode:
        pytest.skip("this user may mount no disk; the same is tried above by a limit to files")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_disk_that_is_really_full_leaves_the_published_site_whole(small: Path) -> None:
    """Published once, the next edition does not fit beside it: the old one stays, byte for byte, and nothing lies beside."""
    shutil.copytree(SEEDS, small.parent / "story")
    publishing = ["publish", str(small / "out"), "--story", str(small.parent / "story")]
    subprocess.run(["mount", "-o", "remount,size=6m", small], check=True)
    assert run(publishing, small.parent)[0] == 0
    before = contents(small / "out")
    used = sum(-(-path.stat().st_size // 4096) * 4096 for path in small.rglob("*") if path.is_file())
    for room in (0, 8_192, 300_000, 900_000):
        subprocess.run(["mount", "-o", f"remount,size={used + 65_536 + room}", small], check=True)
        status, said = run(publishing, small.parent)
        assert status == 2, said
        assert "No space left on device" in said[-1]
        assert contents(small / "out") == before
        assert [path.name for path in small.iterdir()] == ["out"]


# Clocks

CLOCK = """
import datetime, sys, time
at = float(sys.argv.pop(1))
began = time.monotonic()
now = lambda: at + time.monotonic() - began
class Kind(type(datetime.datetime)):
    def __instancecheck__(cls, one):
        return isinstance(one, real)
real = datetime.datetime
class Faked(real, metaclass=Kind):
    @classmethod
    def now(cls, tz=None):
        return real.fromtimestamp(now(), tz)
    @classmethod
    def today(cls):
        return real.fromtimestamp(now())
    @classmethod
    def utcnow(cls):
        return real.fromtimestamp(now(), datetime.UTC).replace(tzinfo=None)
class Day(type(datetime.date)):
    def __instancecheck__(cls, one):
        return isinstance(one, plain)
plain = datetime.date
class Today(plain, metaclass=Day):
    @classmethod
    def today(cls):
        return plain.fromtimestamp(now())
import geo.__main__, pandas, matplotlib.figure, geo.publish, geo.stills, geo.exports, geo.kml
time.time, time.time_ns = now, lambda: int(now() * 1e9)
for name, module in list(sys.modules.items()):
    if name.startswith("geo"):
        for key, value in list(vars(module).items()):
            if value is real: setattr(module, key, Faked)
            if value is plain: setattr(module, key, Today)
sys.exit(geo.__main__.main(sys.argv[1:]))
"""
CLOCKS = ((0.0, "Pacific/Kiritimati"), (1e9, "UTC"), (4e9, "Pacific/Pago_Pago"), (1733529599.0, "America/St_Johns"))


def test_no_clock_and_no_time_zone_of_the_machine_moves_the_map(tmp_path: Path) -> None:
    """In 1970, 2001, 2096 and at a midnight of the story, from UTC+14 to UTC-11, files of 1980 or 2090: the same bytes."""
    runs = {}
    for number, (clock, zone) in enumerate(CLOCKS):
        story = Path(shutil.copytree(SEEDS, tmp_path / f"{number}" / "story"))
        for path in story.rglob("*"):
            os.utime(path, ((3.2e8, 3.8e9)[number % 2],) * 2)
        arguments = ["publish", str(tmp_path / f"{number}" / "out"), "--published-at", "2024-12-07T09:30+03:00", "--story"]
        command = [sys.executable, "-c", CLOCK, str(clock), *arguments, str(story)]
        environment = {**os.environ, "TZ": zone, "PYTHONPATH": str(ROOT)}
        environment.pop("SOURCE_DATE_EPOCH", None)
        out, quiet = tmp_path / f"{number}" / "out", subprocess.DEVNULL
        runs[zone] = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=quiet, stderr=subprocess.PIPE), out
    found = {}
    for zone, (done, out) in runs.items():
        said = done.communicate()[1].decode()
        assert done.returncode == 0, said[-800:]
        found[zone] = contents(out)
    first = next(iter(found.values()))
    assert len(first) > 15
    for where, files in found.items():
        differ = {name for name in files.keys() | first.keys() if files.get(name) != first.get(name)}
        assert differ == set(), where


def test_the_sentence_of_a_held_map_tells_the_hour_of_the_story(folder: Path, stands: Standing[str]) -> None:
    """In the story's zone, whatever the machine's is, with the reason, in one sentence."""
    before = stands.latest()
    (folder / "claims.csv").unlink()
    (folder / "places.csv").unlink()
    held = stands.latest()
    local = before.seen.astimezone(held.story.settings.zone)
    assert f"as it stood on {local.day} {local:%B %Y, %H:%M} (Damascus)" in held.words
    assert held.words.endswith(f"its files now have {len(held.problems)} problems to be mended first.")
    assert held.words.count(". ") == 0  # one sentence


def test_reading_is_not_hindered_by_files_from_the_future(folder: Path) -> None:
    """A machine whose clock was set back reads what was written before."""
    for path in folder.rglob("*"):
        os.utime(path, (4e9, 4e9))
    assert told(read_story(folder)) == told(bundled())
