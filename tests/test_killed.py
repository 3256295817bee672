"""Nothing gets lost: a run killed at any moment leaves the old output or the new one, and never half of either.

DATELINE_FULL=1 kills 300 runs; otherwise 12.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import ROOT, SEEDS

from geo.drafts import DRAFT_COLUMNS
from geo.errors import DatelineError
from geo.files import write_whole
from geo.story import read_story

KILLS = 50 if os.environ.get("DATELINE_FULL") == "1" else 2  # of each of six commands
DESK = """
import sys
from datetime import date
from pathlib import Path
from geo.articles import Article
from geo.desk import enter
from geo.reading.claims import read
from geo.reading.context import context_of
from geo.story import read_story
story = read_story(sys.argv[1])
print("ready", flush=True)
article = Article("itv-2024-12-06b", "itv", "ITV News", "untitled", "", date(2024, 12, 6), "stated", "", "en", "", "text",
    "Rebels captured Palmyra on Friday.\\n")
enter(story, article, read(article, context_of(story)), "A. Editor", date(2024, 12, 6))
"""


def published(folder: Path) -> str:
    """Return what is wrong with a published folder: a file that its page names is missing, or its name does not fit it."""
    out = folder / "out"
    if not out.exists():
        return ""
    told = json.loads((out / "version.json").read_text(encoding="utf-8"))
    page = (out / "index.html").read_text(encoding="utf-8")
    if told["edition"] not in page or not page.endswith("</html>\n"):
        return "the page is cut"
    if not (out / "assets" / f"story-{told['edition']}.js").read_text(encoding="ascii").endswith(";\n"):
        return "the payload is cut"
    for path in (out / "assets").glob("*-????????????.*"):
        stem = path.name.split(".")[0].rsplit("-", 1)[1]
        is_named = not path.name.startswith("story-") and path.suffix != ".gz"
        if is_named and hashlib.sha256(path.read_bytes()).hexdigest()[:12] != stem:
            return f"{path.name} is not what its name says"
    return ""


def drafted(folder: Path) -> str:
    path = folder / "story" / "drafts.csv"
    if not path.exists():
        return ""
    text = path.read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    return "" if text.endswith("\n") and all(len(row) == len(DRAFT_COLUMNS) for row in rows) else "drafts.csv is cut"


def described(folder: Path) -> str:
    json.loads((folder / "story" / "datapackage.json").read_text(encoding="utf-8"))
    return ""


def drawn(folder: Path) -> str:
    path = folder / "a.png"
    return "" if not path.exists() or path.read_bytes().endswith(b"IEND\xaeB`\x82") else "the picture is cut"


def exported(folder: Path) -> str:
    path = folder / "a.geojson"
    if path.exists():
        json.loads(path.read_text(encoding="utf-8"))
    return ""


def entered(folder: Path) -> str:
    """Return what is wrong with a story that an editor was entering a claim into: it has none of it, the article, or all."""
    story = read_story(folder / "story")
    if story.problems:
        return f"{story.problems}"
    fresh = [claim for claim in story.claims.values() if claim.article == "itv-2024-12-06b"]
    return "" if len(fresh) in (0, 1) and (not fresh or "itv-2024-12-06b" in story.articles) else f"{fresh}"


COMMANDS: dict[str, tuple[list[str], Callable[[Path], str]]] = {
    "publish": (["-m", "geo", "publish", "out", "--story", "story"], published),
    "draft": (["-m", "geo", "draft", "--story", "story"], drafted),
    "schema": (["-m", "geo", "schema", "--write", "--story", "story"], described),
    "still": (["-m", "geo", "still", "a.png", "--size", "640x480", "--story", "story"], drawn),
    "export": (["-m", "geo", "export", "--format", "geojson", "--out", "a.geojson", "--story", "story"], exported),
    "desk": (["-c", DESK, "story"], entered),
}


def started(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1735689600"}
    quiet = subprocess.DEVNULL
    return subprocess.Popen([sys.executable, *command], cwd=folder, env=environment, stdout=quiet, stderr=quiet)


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Return when each file was last written, and its size; what goes away meanwhile is left out."""
    found = {}
    for path in list(folder.rglob("*")):
        with suppress(OSError):
            stat = path.stat()
            found[str(path)] = (stat.st_mtime_ns, stat.st_size)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_a_killed_run_leaves_the_old_or_the_new(name: str, tmp_path: Path) -> None:
    """SIGKILL at random moments, half of them just when the run begins to write; then a run to the end, which must succeed."""
    command, fault = COMMANDS[name]
    chance = random.Random(name)  # noqa: S311 - the same moments each time is what is wanted
    shutil.copytree(SEEDS, tmp_path / "story")
    began = time.monotonic()
    assert started(command, tmp_path).wait(300) == 0
    whole = time.monotonic() - began
    assert fault(tmp_path) == ""
    for number in range(KILLS):
        if name == "desk":
            shutil.rmtree(tmp_path / "story")
            shutil.copytree(SEEDS, tmp_path / "story")
        before = stamps(tmp_path)
        run = started(command, tmp_path)
        deadline = time.monotonic() + chance.uniform(0.1, whole)
        while run.poll() is None and time.monotonic() < (deadline if number % 2 else began + 10_000):
            if number % 2 == 0 and stamps(tmp_path) != before:
                time.sleep(chance.uniform(0, chance.choice((0.02, whole / 3))))
                break
            time.sleep(0.002)
        run.send_signal(signal.SIGKILL)
        run.wait()
        assert fault(tmp_path) == "", f"kill {number}"
    if name == "desk":
        shutil.rmtree(tmp_path / "story")
        shutil.copytree(SEEDS, tmp_path / "story")
    assert started(command, tmp_path).wait(300) == 0
    assert fault(tmp_path) == ""


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    """A check that fails, half a character, and a folder that is none: one clear error, the old file, and nothing beside it."""
    path = tmp_path / "claims.csv"
    write_whole(path, "old")

    def refuse(written: Path) -> None:
        raise DatelineError(f"{written.read_text(encoding='utf-8')} is refused")

    with pytest.raises(DatelineError, match="new is refused"):
        write_whole(path, "new", refuse)
    with pytest.raises(DatelineError, match="half a character"):
        write_whole(path, "a\ud800")
    with pytest.raises(DatelineError, match="cannot be written"):
        write_whole(tmp_path / "none" / "claims.csv", "new")
    with pytest.raises(DatelineError, match="cannot be written"):
        write_whole(tmp_path, "new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["claims.csv"]
    assert path.read_text(encoding="utf-8") == "old"


def test_a_file_keeps_its_permissions_and_leftovers_go(tmp_path: Path) -> None:
    """What killed runs left is no article of the story, and goes a day later."""
    path = tmp_path / "a.csv"
    write_whole(path, b"one")
    path.chmod(0o600)
    old, young = tmp_path / ".dateline-old.new", tmp_path / ".dateline-young.new"
    for left in (old, young):
        left.write_bytes(b"half")
    os.utime(old, (0, 0))
    write_whole(path, b"two")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"two", 0o600)
    assert not old.exists()
    assert young.exists()


def test_what_an_editors_programme_hides_behind_a_dot_is_no_article(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SEEDS, tmp_path / "story"))
    (folder / "articles" / ".itv-2024-12-06.md").write_text("---\nhalf", encoding="utf-8")
    (folder / "articles" / ".#itv-2024-12-06.md").symlink_to("nobody@nowhere")
    story = read_story(folder)
    assert story.problems == ()
    assert len(story.articles) == len(read_story(SEEDS).articles)
