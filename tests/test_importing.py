"""Files from outside become articles whatever their encoding, and a bad one says in a sentence what is wrong with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from conftest import bundled
from readers import context

from geo.errors import Problem, StoryError
from geo.importing import read_file, read_files

SETTINGS = bundled().settings
MATTER = "---\npublished: 2024-12-05\npublisher: Reuters\n---\n"
PAGE = """<html><head><meta charset="utf-8"><title>Rebels take Hama</title>
<meta property="article:published_time" content="2024-12-05T10:00:00+00:00"></head><body>
<nav><a href="/">Home</a><a href="/sport">Sport in Damascus</a></nav>
<article><h1>Rebels take Hama</h1>{}</article><footer>All rights reserved</footer></body></html>"""
PARAGRAPH = (
    "<p>Rebels captured Hama on Thursday, residents said, after three days of fighting around the city and on its roads.</p>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1256"])
def test_text_in_any_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    text = MATTER + "دخلت القوات مدينة حماة يوم الخميس وانسحب الجيش من المدينة إلى حمص كما قال السكان هناك.\n" * 5
    path = tmp_path / "article.md"
    path.write_bytes(text.encode(encoding))
    found = read_file(path, SETTINGS)
    assert "حماة" in found.body
    assert "hama" in {mention.place.place_id for mention in context("seeds").finder.find(found.body) if mention.place}


def test_offsets_count_from_the_body_after_the_front_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes((MATTER + "Hama fell.").replace("\n", "\r\n").encode())
    found = read_file(path, SETTINGS)
    assert found.body == "Hama fell."
    assert (found.source, found.published) == ("reuters", date(2024, 12, 5))


def test_bare_text_takes_the_day_and_the_publisher_that_are_given(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Hama fell.", encoding="utf-8")
    found = read_file(path, SETTINGS, published=date(2024, 12, 6), publisher="ITV News")
    assert (found.source, found.publisher, found.published) == ("itv", "ITV News", date(2024, 12, 6))


def test_a_saved_page_gives_its_article_and_not_its_menu(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE.format(PARAGRAPH * 4), encoding="utf-8")
    found = read_file(path, SETTINGS)
    assert "captured Hama" in found.body
    assert "Sport" not in found.body
    assert found.published == date(2024, 12, 5)


def test_marks_of_direction_hide_no_name(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("People reached \u200fحلب\u200e and \u202aHoms\u202c.", encoding="utf-8")
    found = read_file(path, SETTINGS, published=date(2024, 12, 5))
    assert [m.place.place_id for m in context("seeds").finder.find(found.body) if m.place] == ["aleppo", "homs"]


@pytest.mark.parametrize(
    ("name", "content", "field"),
    [
        ("a.txt", b"Hama fell.", "published"),
        ("a.md", b"---\npublished: soon\n---\nHama fell.", "published"),
        ("a.md", b"---\npublished: [\n---\nHama fell.", "front matter"),
        ("a.md", b"---\npublished: 2024-12-05\n---\n \n", "text"),
        ("a.pdf", b"%PDF-1.7", "name"),
        ("a.txt", bytes(range(256)) * 20, "encoding"),
        ("a.html", b"<html><body></body></html>", "page"),
    ],
)
def test_a_bad_file_says_what_is_wrong_and_how_to_mend_it(tmp_path: Path, name: str, content: bytes, field: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(StoryError) as caught:
        read_file(path, SETTINGS)
    (problem,) = caught.value.problems
    assert problem.field == field
    assert problem.mend


def test_the_other_files_are_read_all_the_same(tmp_path: Path) -> None:
    good = tmp_path / "good.md"
    good.write_text(MATTER + "Hama fell.", encoding="utf-8")
    problems: list[Problem] = []
    found = list(read_files([tmp_path / "absent.md", good], SETTINGS, problems))
    assert [article.article_id for article in found] == ["good"]
    assert len(problems) == 1
