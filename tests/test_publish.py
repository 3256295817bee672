"""A published folder: whole or not at all, the same bytes, relative links, text that stays text, and a story taken back."""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import ROOT, SEEDS, bundled
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from geo import publish as publishing
from geo.__main__ import main
from geo.control import control_table
from geo.errors import DatelineError
from geo.escaping import markup
from geo.exports import export, who_holds_what
from geo.page import POLICY, embed_snippet
from geo.payload import payload
from geo.publish import moment_of_publishing, publish, site_address
from geo.story import Story, read_story

MOMENT = datetime(2024, 12, 7, 6, 30, tzinfo=UTC)
URL = "https://news.example/syria/"
HOSTILE = '</title><script>window.hit=1</script><img src=x onerror="window.hit=1">{{7*7}}\''


class Page(HTMLParser):
    """What a page refers to and which elements it has, with their text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.meta: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        assert not [name for name in given if name.startswith("on") or name == "style"], tag
        if tag == "meta":
            self.meta[given.get("property") or given.get("http-equiv") or given.get("name") or ""] = given.get("content") or ""
        elif given.get("rel") != "canonical":
            self.links += [value for name in ("href", "src") if (value := given.get(name))]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled story, published once."""
    return publish(bundled(), tmp_path_factory.mktemp("made") / "site", url=URL, moment=MOMENT)


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., Story]:
    """Return what reads a copy of the bundled story with lines put before its story.toml, or with its title changed."""

    def changed(line: str = "", *, title: str = "") -> Story:
        folder = tmp_path / "story"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(SEEDS, folder)
        toml = folder / "story.toml"
        text = toml.read_text(encoding="utf-8")
        if title:
            text = re.sub(r"(?m)^title = .*$", lambda _: f"title = {json.dumps(title)}", text, count=1)
        toml.write_text(f"{line}\n{text}", encoding="utf-8")
        return read_story(folder)

    return changed


def contents(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def pages(folder: Path) -> Iterator[Page]:
    for name in ("index.html", "embed.html"):
        yield Page((folder / name).read_text(encoding="utf-8"))


def test_every_link_is_relative_and_leads_to_a_file(site: Path) -> None:
    """Both pages refer to files of the folder only; nothing of an outside address is loaded."""
    for page in pages(site):
        assert page.links
        for link in page.links:
            if link != "data:,":
                assert (urlsplit(link).scheme, link[:1] == "/") == ("", False), link
                assert (site / link).is_file(), link


def test_the_policy_is_the_strictest_that_works(site: Path) -> None:
    """Scripts, styles and the question for a newer edition: from the own host; nothing else, and nothing inline."""
    for page in pages(site):
        assert page.meta["Content-Security-Policy"] == POLICY
        assert "unsafe" not in POLICY
        assert POLICY.startswith("default-src 'none';")
        assert "style" not in page.tags


def test_a_link_elsewhere_shows_title_and_picture(site: Path) -> None:
    """Title, standfirst, and a picture of 1200 by 630 at a whole address; the picture is in the folder."""
    meta = next(pages(site)).meta
    assert (meta["og:title"], meta["og:description"]) == (bundled().settings.title, bundled().settings.standfirst)
    assert meta["og:url"] == URL
    assert meta["og:image"].startswith(URL)
    picture = (site / meta["og:image"].removeprefix(URL)).read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1200, 630)


def test_readers_without_scripts_have_the_table_and_the_method(site: Path) -> None:
    """Every cell of the last day's table, and each paragraph of the method, is text of the page."""
    page = next(pages(site))
    told = set(page.texts)
    for row in who_holds_what(bundled(), control_table(bundled()), bundled().last_day):
        assert {cell for cell in row.values() if cell} <= told
    assert set(bundled().settings.method) <= told
    assert page.tags.count("tr") == 1 + len(who_holds_what(bundled(), control_table(bundled()), bundled().last_day))


def test_the_data_beside_the_page_is_that_of_the_command(site: Path) -> None:
    """Each format is in the folder `data` with the bytes of an export."""
    story = bundled()
    data = {path.read_bytes() for path in (site / "data").iterdir()}
    wanted = [export(story, form) for form in ("csv", "geojson", "kml", "zip")]
    assert set(wanted) < data
    assert {export(story, "geojson", story.last_day), export(story, "kml", story.last_day)} < data
    assert any(path.name.endswith("-articles.csv") for path in (site / "data").iterdir())


def test_the_version_is_that_of_the_page(site: Path) -> None:
    """version.json, page and payload name one edition; the moment is shown in the story's zone."""
    told = json.loads((site / "version.json").read_text(encoding="utf-8"))
    text = (site / "index.html").read_text(encoding="utf-8")
    assert told["edition"] == payload(bundled())["digest"]
    assert f'data-dateline-edition="{told["edition"]}"' in text
    assert told["words"] == "7 December 2024, 09:30 (Damascus)"
    assert "Published <time" in text
    assert told["words"] in text


def test_the_same_story_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    """Published again, to a new place and over an old one: no byte differs. At another moment three files differ."""
    again = publish(read_story(SEEDS), tmp_path / "again", url=URL, moment=MOMENT)
    assert contents(again) == contents(site)
    assert contents(publish(read_story(SEEDS), again, url=URL, moment=MOMENT)) == contents(site)
    later = contents(publish(bundled(), again, url=URL, moment=MOMENT.replace(hour=9)))
    assert {name for name, digest in later.items() if contents(site)[name] != digest} == {
        "index.html",
        "embed.html",
        "version.json",
    }
    assert [path.name for path in tmp_path.iterdir()] == ["again"]


def test_the_moment_comes_from_the_command_the_environment_or_the_clock() -> None:
    """--published-at outranks SOURCE_DATE_EPOCH, which outranks now; what is no moment is refused."""
    assert moment_of_publishing("2024-12-07T09:30+03:00", "0") == MOMENT
    assert moment_of_publishing("", "1733553000") == MOMENT
    assert abs((moment_of_publishing("") - datetime.now(UTC)).total_seconds()) < 120
    for text, epoch in (("2024-12-07", ""), ("soon", ""), ("", "soon"), ("", "9" * 30)):
        with pytest.raises(DatelineError):
            moment_of_publishing(text, epoch)


def test_an_edition_replaces_the_one_before_whole(edited: Callable[..., Story], tmp_path: Path) -> None:
    """Nothing of the old edition is left in the folder."""
    out = publish(bundled(), tmp_path / "site", moment=MOMENT)
    before = set(contents(out))
    publish(edited('editor = "x"', title="Another title"), out, moment=MOMENT)
    text = (out / "index.html").read_text(encoding="utf-8")
    assert "<h1>Another title</h1>" in text
    old = next(name for name in before if name.startswith("assets/story-"))
    assert not (out / old).exists()


@pytest.mark.parametrize("exchanges", [True, False])
def test_what_fails_half_way_leaves_the_old_edition(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchanges: bool
) -> None:
    """An error while drawing, or while putting in place, changes nothing and leaves nothing beside."""
    out = tmp_path / "site"
    shutil.copytree(site, out)
    if not exchanges:
        monkeypatch.setattr(publishing, "_exchanged", lambda one, other: False)

    def refused(*given: object) -> None:
        raise OSError(28, "No space left on device")

    for broken in ("_style", "_exchange"):
        with monkeypatch.context() as patch:
            patch.setattr(publishing, broken, refused)
            with pytest.raises(DatelineError, match="No space left"):
                publish(bundled(), out, url=URL, moment=MOMENT.replace(hour=1))
        assert contents(out) == contents(site), broken
    publish(bundled(), out, url=URL, moment=MOMENT)
    assert contents(out) == contents(site)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is of POSIX")
def test_a_killed_run_never_leaves_half_a_folder(site: Path, tmp_path: Path) -> None:
    """Killed at any moment of its work, the folder is the old edition or the new one, whole."""
    out = tmp_path / "site"
    shutil.copytree(site, out)
    command = [sys.executable, "-m", "geo", "publish", str(out), "--url", URL, "--published-at"]
    whole = [contents(site), contents(publish(bundled(), tmp_path / "new", url=URL, moment=MOMENT.replace(hour=9)))]
    for wanted in ("the data", "the page", "putting it in its place"):
        process = subprocess.Popen(
            [*command, "2024-12-07T12:30+03:00"], cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        assert process.stderr is not None
        for line in process.stderr:
            if line.decode().strip() == wanted:
                break
        process.send_signal(signal.SIGKILL)
        process.wait(20)
        assert contents(out) in whole
    for left in tmp_path.glob(".site.new-*"):
        os.utime(left, (0, 0))
    publish(bundled(), out, url=URL, moment=MOMENT)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "site"], "what killed runs left is cleared away"


def test_a_reader_never_finds_the_folder_gone(site: Path, tmp_path: Path) -> None:
    """Where the system can exchange folders, the address answers all the time while editions follow each other."""
    out = tmp_path / "site"
    shutil.copytree(site, out)
    probe, other = tmp_path / "one", tmp_path / "other"
    probe.mkdir(), other.mkdir()
    if not publishing._exchanged(probe, other):
        pytest.skip("this file system cannot exchange folders in one step")
    script = (
        "import sys, time, pathlib\npage = pathlib.Path(sys.argv[1]) / 'index.html'\nend = time.time() + 4\nmissed = 0\n"
        "while time.time() < end:\n    missed += not page.exists()\nprint(missed)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(out)], stdout=subprocess.PIPE) as reader:
        end = time.time() + 4
        while time.time() < end:
            beside = tmp_path / ".beside"
            shutil.copytree(site, beside)
            publishing._exchange(beside, out)
            shutil.rmtree(beside)
        assert reader.communicate(timeout=20)[0].strip() == b"0"


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    """A folder with other files, and a file, are refused; an empty folder is taken."""
    other = tmp_path / "photos"
    other.mkdir()
    (other / "one.jpg").write_bytes(b"x")
    (tmp_path / "file").write_bytes(b"x")
    for place in (other, tmp_path / "file"):
        with pytest.raises(DatelineError, match="something else"):
            publish(bundled(), place, moment=MOMENT)
    assert [path.name for path in other.iterdir()] == ["one.jpg"]
    (tmp_path / "empty").mkdir()
    publish(bundled(), tmp_path / "empty", moment=MOMENT)
    assert (tmp_path / "empty" / "index.html").is_file()


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://x/y", "https://x/?a=1", "https://x/#a", 'https://x/"><b>', "javascript:1"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(DatelineError):
        site_address(url)


@pytest.mark.parametrize("url", ["https://x.org/a", "https://x.org/a/", "https://x.org/a/index.html"])
def test_an_address_names_the_folder(url: str) -> None:
    assert site_address(url) == "https://x.org/a/"


def test_text_of_a_story_stays_text(edited: Callable[..., Story], tmp_path: Path) -> None:
    """A title that is markup, script and template at once stands in both pages, and the snippet, as it was written."""
    out = publish(edited(title=HOSTILE), tmp_path / "site", url=URL, moment=MOMENT)
    for page in pages(out):
        assert page.tags.count("script") == 4
        assert "img" not in page.tags
        assert HOSTILE in page.texts
    assert next(pages(out)).meta["og:title"] == HOSTILE
    (frame,) = re.findall(r'<iframe [^>]*title="([^"]*)"', embed_snippet(edited(title=HOSTILE), URL))
    assert "<" not in frame


def test_a_story_taken_back_leaves_a_notice_at_its_address(
    edited: Callable[..., Story], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page says so and why; map and data are gone; version.json tells open pages."""
    out = publish(bundled(), tmp_path / "site", url=URL, moment=MOMENT)
    story = edited('retracted = "Two <b>reports</b> were forged."')
    assert story.problems == ()
    assert main(["publish", str(out), "--story", str(story.folder), "--url", URL]) == 0
    assert capsys.readouterr().out == ""
    for page in pages(out):
        assert "Two <b>reports</b> were forged." in page.texts
        assert "Retracted" in page.texts
        assert "script" not in page.tags
    assert json.loads((out / "version.json").read_text(encoding="utf-8"))["retracted"] == "Two <b>reports</b> were forged."
    assert not (out / "data").exists()
    assert [path.suffix for path in (out / "assets").iterdir()] == [".css"]
    publish(bundled(), out, url=URL, moment=MOMENT)
    assert (out / "data").is_dir()


def test_the_command_tells_its_steps_and_prints_the_snippet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Progress goes to standard error, the frame to paste to standard output; a wrong address is wrong usage."""
    assert main(["publish", str(tmp_path / "site"), "--story", str(SEEDS), "--url", "https://news.example/syria"]) == 0
    said = capsys.readouterr()
    assert "the data" in said.err
    assert 'src="https://news.example/syria/embed.html"' in said.out
    assert 'href="https://news.example/syria/"' in said.out
    assert main(["publish", str(tmp_path / "site"), "--story", str(SEEDS), "--url", "nowhere"]) == 2


@given(st.text())
def test_markup_is_inert_and_reads_back(text: str) -> None:
    """Any text at all, between tags and within quotes, is read back by HTML as it was, and by XML too."""
    found = markup(text)
    assert not set(found) & set("<>\"'")
    page = Page(f'<p title="{found}">{found}</p>')
    plain = html.unescape(found)
    assert "".join(page.texts) == plain
    assert page.tags == ["p"]
    assert etree.fromstring(f'<p title="{found}"/>'.encode()).get("title", "").split() == plain.split()
    kept = [one for one, other in zip(text, plain, strict=True) if one == other]
    assert len(kept) + plain.count("\ufffd") >= len(text)
