"""A story's words for its actors and sources are read with care, and most need not be written at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import bundled
from readers import context

from geo.errors import Problem
from geo.lexicon import demonyms, read_own

SETTINGS = bundled().settings


def test_the_bundled_lexicon_has_no_problems() -> None:
    problems: list[Problem] = []
    assert read_own(bundled().folder, SETTINGS.actors, SETTINGS.sources, problems)["since"]
    assert problems == []


def test_labels_alone_give_names_initials_and_demonyms() -> None:
    words = context("sudan").lexicon
    assert words.actors["rapid support forces"] == words.actors["rsf"] == "rsf"
    assert words.actors["army"] == words.adjectives["sudanese"] == "saf"
    assert context("ukraine").lexicon.adjectives["russian"] == "russia"


def test_demonyms_are_made_from_the_names_of_countries() -> None:
    found = demonyms(["Sudan", "Rwanda", "Congo", "Iraq", "Turkey", "Ukraine"])
    pairs = [("sudanese", "Sudan"), ("rwandan", "Rwanda"), ("congolese", "Congo"), ("iraqi", "Iraq"), ("turkish", "Turkey")]
    assert [(word, found.get(word)) for word, _ in pairs] == pairs
    assert found["ukrainian"] == "Ukraine"


@pytest.mark.parametrize(
    ("text", "field", "line"),
    [
        ("since = 'soon'\n", "since", 1),
        ("colour = 'red'\n", "colour", 1),
        ("names = 1\n", "names", 1),
        ('[[actors]]\nid = "nobody"\nnames = ["x"]\n', "actors.id", 2),
        ('[[sources]]\nid = "sohr"\nnames = "x"\n', "sources.names", 3),
        ("names = [\n", "TOML", 2),
    ],
)
def test_a_slip_is_said_with_its_line_and_how_to_mend_it(tmp_path: Path, text: str, field: str, line: int) -> None:
    (tmp_path / "lexicon.toml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    read_own(tmp_path, SETTINGS.actors, SETTINGS.sources, problems)
    (problem,) = problems
    assert (problem.field, problem.mend != "") == (field, True)
    assert problem.line in (line, line - 1, None) if field == "TOML" else problem.line == line


def test_a_story_needs_no_lexicon(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert read_own(tmp_path, SETTINGS.actors, SETTINGS.sources, problems) == {}
    assert problems == []
