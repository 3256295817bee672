"""Nothing falls over: a spoiled story costs what was spoiled, says so, and takes no more than a few seconds.

DATELINE_FULL=1 spoils 2,000 stories; otherwise 60.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SEEDS, bundled

from geo.claims import COLUMNS
from geo.control import control_table
from geo.errors import DatelineError, Problem, StoryError
from geo.escaping import script_file
from geo.exports import export, export_name
from geo.importing import read_files
from geo.payload import payload
from geo.publish import publish
from geo.story import read_story
from geo.timemap import lay

COUNT = 2000 if os.environ.get("DATELINE_FULL") == "1" else 60
PATIENCE = 5.0  # seconds of this process's own work that one story may take
NAMES = sorted(str(path.relative_to(SEEDS)) for path in SEEDS.rglob("*") if path.is_file() and path.name != "datapackage.json")
Spoiling = Callable[[bytes, random.Random], bytes]


def flipped(raw: bytes, chance: random.Random) -> bytes:
    """Some bytes are others."""
    out = bytearray(raw)
    for _ in range(chance.choice((1, 1, 3, 30))):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def dropped(raw: bytes, chance: random.Random) -> bytes:
    """Some lines are gone."""
    lines = raw.split(b"\n")
    for _ in range(min(chance.choice((1, 1, 2, 10)), len(lines) - 1)):
        del lines[chance.randrange(len(lines))]
    return b"\n".join(lines)


def doubled(raw: bytes, chance: random.Random) -> bytes:
    """Some lines stand twice."""
    lines = raw.split(b"\n")
    for _ in range(chance.choice((1, 1, 2, 10))):
        at = chance.randrange(len(lines))
        lines.insert(chance.randrange(len(lines)) if chance.random() < 0.3 else at, lines[at])
    return b"\n".join(lines)


def swapped(raw: bytes, chance: random.Random) -> bytes:
    """Two cells, or two words, have changed places."""
    by = b"," if raw.count(b",") > 50 else b" "
    parts = raw.split(by)
    one, two = chance.randrange(len(parts)), chance.randrange(len(parts))
    parts[one], parts[two] = parts[two], parts[one]
    return by.join(parts)


def truncated(raw: bytes, chance: random.Random) -> bytes:
    """The end is missing."""
    return raw[: chance.randrange(len(raw))]


def renamed(raw: bytes, chance: random.Random) -> bytes:
    """A key, a column or an id is called something else."""
    words = [word for word in raw[:4000].replace(b",", b" ").split() if word.isalnum()]
    return raw.replace(chance.choice(words), b"renamed", chance.choice((1, -1))) if words else raw


def stuffed(raw: bytes, chance: random.Random) -> bytes:
    """Somewhere stands what breaks readers: odd numbers, years, quotes, controls, depth."""
    words = (
        b'\x00 \xff \xc3 \xed\xa0\x80 " \' """ [ [[ { }}} --- \xef\xbb\xbf \xff\xfe nan inf -inf 1e999 -0 0001-01-01 '
        b"9999-12-31 0001-01-01T00:00:00+14:00 9999-12-31T23:59:59-14:00 99999999999999999999 \xe2\x80\xae"
    )
    odd = [*words.split(), b"\r", b"\r\n", b"[" * 5000, b'{"a":' * 5000, b"- " * 3000, b"a" * 200_000, b"," * 3000]
    lines = raw.split(b"\n")
    at = chance.randrange(len(lines))
    cells = lines[at].split(b",")
    place = chance.randrange(len(cells))
    cells[place] = chance.choice((chance.choice(odd), cells[place] + chance.choice(odd)))
    lines[at] = b",".join(cells)
    return b"\n".join(lines)


def dated(raw: bytes, chance: random.Random) -> bytes:
    """The days are others: as far as the calendar goes, or to no day."""
    new = chance.choice(
        (b"0001-01-01", b"9999-12-31", b"2024-02-30", b"1924-12-01", b"2124-12-01", b"2024-13-01", b"1677-09-20")
    )
    old = chance.choice((b"2024-12-06", b"2024-12-05", b"2024-11-26", b"2024-11-30", b"2024-12-01"))
    return raw.replace(old, new, chance.choice((1, -1)))


def emptied(raw: bytes, chance: random.Random) -> bytes:
    """Nothing is left, or only white space."""
    return chance.choice((b"", b"\n", b" \n\t\n", b"\xef\xbb\xbf"))


SPOILINGS: tuple[Spoiling, ...] = (
    flipped, dropped, doubled, swapped, truncated, renamed, stuffed, dated, emptied,
)  # fmt: skip


def spoil(folder: Path, number: int) -> list[str]:
    """Spoil a copy of the bundled story in the way of a number, and return the names of the files that were changed."""
    chance = random.Random(number)  # noqa: S311 - the same spoilings each time is what is wanted
    shutil.copytree(SEEDS, folder)
    changed = set()
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        name = chance.choice(NAMES if chance.random() < 0.4 else ["story.toml", "claims.csv", "places.csv", *NAMES[:5]])
        path = folder / name
        if chance.random() < 0.06 or not path.exists():
            path.unlink(missing_ok=True)
        elif raw := path.read_bytes():
            path.write_bytes(SPOILINGS[(number + len(changed)) % len(SPOILINGS)](raw, chance))
        changed.add(name)
    return sorted(changed)


def is_named(problem: Problem) -> bool:
    return bool(problem.file and problem.field and problem.rule and problem.mend) and len(str(problem)) < 4000


def tell(folder: Path) -> str:
    """Read a story, draw its payload and its data, and return what is wrong with that; "" where nothing is."""
    began = time.process_time()
    try:
        story = read_story(folder)
    except StoryError as error:
        return "" if all(map(is_named, error.problems)) else f"unnamed: {error.problems}"
    if not all(map(is_named, story.problems)):
        return f"unnamed: {[problem for problem in story.problems if not is_named(problem)][:2]}"
    try:
        control_table(story)
        drawn = payload(story)
        script_file("DATELINE", drawn)
        if not story.settings.retracted and int(folder.name) % 4 == 0:
            for form in ("csv", "geojson", "kml", "zip"):
                export(story, form)
    except DatelineError as error:
        return f"the story was read and could not be shown: {error}"
    spent = time.process_time() - began
    return f"{spent:.1f} s" if spent > PATIENCE else lost(folder, drawn)


def lost(folder: Path, drawn: dict[str, Any]) -> str:
    """Return which row that was not touched is missing from the map, "" where none is.

    A row counts as untouched where its line stands in its file and nothing that it refers to was changed.
    """
    own = [name for name in NAMES if name not in ("claims.csv", "basemap.json", "gazetteer.csv", "corrections.csv")]
    same = all((folder / name).exists() and (folder / name).read_bytes() == (SEEDS / name).read_bytes() for name in own)
    if not same or not (folder / "claims.csv").exists():
        return ""
    try:
        lines = (folder / "claims.csv").read_bytes().decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        return ""
    whole = (SEEDS / "claims.csv").read_text(encoding="utf-8").split("\n")
    if lines[0] != whole[0] or any(line.count('"') % 2 for line in lines) or any("\r" in line for line in lines):
        return ""
    kept = {claim["id"] for claim in drawn["claims"]}
    ids = [line.split(",")[0] for line in lines]
    for line in whole[1:]:
        name = line.split(",")[0]
        if name and line in lines and ids.count(name) == 1 and name in _SHOWN and name not in kept:
            return f"{name} is lost"
    return ""


_SHOWN = {claim["id"] for claim in payload(bundled())["claims"]}


@pytest.mark.parametrize("start", range(0, COUNT, 20))
def test_a_spoiled_story_is_read_as_far_as_it_goes(start: int, tmp_path: Path) -> None:
    """No exception but a list of problems; each names file, field, rule and mend; rows that were not touched stay."""
    found = {}
    for number in range(start, min(start + 20, COUNT)):
        folder = tmp_path / str(number)
        changed = spoil(folder, number)
        if said := tell(folder):
            found[number] = (changed, said)
        shutil.rmtree(folder)
    assert found == {}


def refused(folder: Path) -> str:
    """Return the file of the one problem that a spoiled copy of the bundled story has, within bounds of time and memory.

    It is read in a process of its own that may have 1 GB and 20 seconds.
    """

    def bounds() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (2**30, 2**30))
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))

    command = [sys.executable, "-m", "geo", "check", "--story", str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=bounds)
    assert run.returncode == 1, run.stderr[-600:]
    assert "Traceback" not in run.stderr
    (found,) = map(json.loads, run.stdout.splitlines())
    assert all(found[key] for key in ("field", "rule", "mend"))
    return str(found["file"])


def put(name: str, content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(content) and None


def more(name: str, content: bytes) -> Callable[[Path], None]:
    """Return what adds to the end of a file."""
    return lambda folder: (folder / name).write_bytes((SEEDS / name).read_bytes() + content) and None


def before(name: str, content: bytes) -> Callable[[Path], None]:
    """Return what adds to the beginning of a file."""
    return lambda folder: (folder / name).write_bytes(content + (SEEDS / name).read_bytes()) and None


def link(name: str, target: str) -> Callable[[Path], None]:
    def made(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)

    return made


def vast(folder: Path) -> None:
    with (folder / "corrections.csv").open("r+b") as file:
        file.truncate(2**40)


def wide(folder: Path) -> None:
    header = ",".join(COLUMNS)
    names = ",".join(f"c{number}" for number in range(100_000))
    (folder / "claims.csv").write_text(f"{header},{names}\n", encoding="utf-8")


MATTER = b"---\nsource: itv\npublisher: ITV News\npublished: 2024-12-05\n%s\n---\nText.\n"
LAUGHS = b"a: &a [x,x,x,x]\n" + b"".join(b"%c: &%c [*%c,*%c]\n" % (98 + at, 98 + at, 97 + at, 97 + at) for at in range(24))
EARLY = MATTER.replace(b"2024-12-05", b"0001-01-01T00:00:00+14:00") % b""
BAD_FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a link out of the folder": (link("articles/x.md", "/etc/hostname"), "articles/x.md"),
    "a link up": (link("corrections.csv", "../../../../../etc/hostname"), "corrections.csv"),
    "a link to itself": (link("articles/x.md", "x.md"), "articles/x.md"),
    "a device": (link("corrections.csv", "/dev/zero"), "corrections.csv"),
    "a terabyte": (vast, "corrections.csv"),
    "a hundred thousand columns": (wide, "claims.csv"),
    "a billion laughs": (put("articles/x.md", MATTER % LAUGHS), "articles/x.md"),
    "deep YAML": (put("articles/x.md", MATTER % (b"a: " + b"[" * 20_000)), "articles/x.md"),
    "endless front matter": (put("articles/x.md", MATTER % (b"a: b\n" * 400_000)), "articles/x.md"),
    "half a character": (put("articles/x.md", MATTER % b'title: "a\\uD800b"'), "articles/x.md"),
    "half a character in bytes": (put("articles/x.md", MATTER % b"" + b"\xed\xa0\x80"), "articles/x.md"),
    "a year before all zones": (
        put("articles/x.md", EARLY),
        "articles/x.md",
    ),
    "deep JSON": (put("basemap.json", b'{"a":' * 100_000), "basemap.json"),
    "deep TOML": (more("lexicon.toml", b"\nnames2 = " + b"[" * 20_000 + b"\n"), "lexicon.toml"),
    "a key twice": (before("lexicon.toml", b"since = 2024-11-27\n"), "lexicon.toml"),
    "another encoding": (put("corrections.csv", "corrected_at,claim_id".encode("utf-16")), "corrections.csv"),
    "mixed encodings": (more("corrections.csv", "é,\n".encode() + "é,\n".encode("latin-1")), "corrections.csv"),
    "a cell of a megabyte": (more("places.csv", b"x," + b"a" * 2**20 + b"\n"), "places.csv"),
    "a quote that nobody closed": (more("claims.csv", b'x-1,"never closed\n'), "claims.csv"),
    "NUL bytes": (more("claims.csv", b"\x00\x00\x00,\x00\n"), "claims.csv"),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_bad_file_is_one_clear_problem(what: str, tmp_path: Path) -> None:
    spoil_it, file = BAD_FILES[what]
    folder = Path(shutil.copytree(SEEDS, tmp_path / "story"))
    spoil_it(folder)
    assert refused(folder) == file


def test_an_open_quote_costs_one_row_and_not_the_rest(tmp_path: Path) -> None:
    """Wherever the quote stands, every other claim stays."""
    folder = Path(shutil.copytree(SEEDS, tmp_path / "story"))
    header, *rows = (SEEDS / "claims.csv").read_text(encoding="utf-8").split("\n")
    for at in (0, 7, 30):
        spoiled = [*rows[:at], f'x-1,"{rows[at]}', *rows[at:]]
        (folder / "claims.csv").write_text("\n".join([header, *spoiled]), encoding="utf-8")
        story = read_story(folder)
        assert set(story.claims) == set(bundled().claims)
        assert [(problem.file, problem.line) for problem in story.problems] == [("claims.csv", at + 2)]


def test_no_name_of_a_file_leads_out_of_the_story(tmp_path: Path) -> None:
    """A place, an article or a claim that calls itself a path is no path: nothing is written beside the story."""
    folder = Path(shutil.copytree(SEEDS, tmp_path / "in" / "story"))
    toml = folder / "story.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('short_title = "', 'short_title = "../../../x/'), encoding="utf-8")
    places = (folder / "places.csv").read_text(encoding="utf-8")
    (folder / "places.csv").write_text(places.replace("\nsaraqeb,", "\n../../saraqeb,"), encoding="utf-8")
    story = read_story(folder)
    name = export_name(story, "csv")
    assert "/" not in name
    assert ".." not in name
    lay(tmp_path / "in" / "laid", payload(story))
    publish(story, tmp_path / "in" / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == ["laid", "out", "story"]


def test_files_from_outside_are_refused_one_by_one(tmp_path: Path) -> None:
    """Of files that an editor brings, what is no text, no article or not there is one problem each."""
    contents = {
        "nul.md": b"\x00" * 5000,
        "laughs.md": MATTER % LAUGHS,
        "deep.html": b"<div>" * 50_000,
        "empty.txt": b"",
        "half.md": MATTER % b'title: "\\uD800"',
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "loop.md").symlink_to("loop.md")
    paths = [*(tmp_path / name for name in contents), tmp_path / "loop.md", tmp_path / "a\x00b.md", tmp_path]
    problems: list[Problem] = []
    assert list(read_files(paths, bundled().settings, problems)) == []
    assert len(problems) == len(paths)
    assert all(map(is_named, problems))
