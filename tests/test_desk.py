"""The desk: what an editor accepts enters the story whole or not at all, and what is shown is escaped."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import SEEDS

from geo.articles import Article
from geo.desk import enter, marked, previewed
from geo.errors import DatelineError, StoryError
from geo.reading.claims import read
from geo.reading.context import context_of
from geo.reading.proposals import ProposedClaim
from geo.story import Story, read_story

TODAY = date(2024, 12, 6)
ARTICLE = Article(
    article_id="itv-2024-12-06b",
    source="itv",
    publisher="ITV News",
    title="untitled",
    agency="",
    published=TODAY,
    published_basis="stated",
    published_note="",
    language="en",
    url="",
    nature="text",
    body="Rebels captured Palmyra on Friday. <script>alert(1)</script>\n",
)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """A copy of the bundled story that may be changed."""
    return read_story(shutil.copytree(SEEDS, tmp_path / "story"))


@pytest.fixture
def proposals(story: Story) -> list[ProposedClaim]:
    return read(ARTICLE, context_of(story))


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_sentence_becomes_a_proposal_that_can_enter(story: Story, proposals: list[ProposedClaim]) -> None:
    assert [(claim.place_id, claim.kind, claim.actor) for claim in proposals] == [("palmyra", "captured", "opposition")]
    ids = enter(story, ARTICLE, proposals, "A. Editor", TODAY)
    after = read_story(story.folder)
    assert after.problems == ()
    claim = after.claims[ids[0]]
    assert (claim.place, claim.reviewed_by, claim.reviewed_at) == ("palmyra", "A. Editor", "2024-12-06")
    assert after.articles["itv-2024-12-06b"].body.startswith("Rebels captured Palmyra")


def test_a_preview_changes_no_file(story: Story, proposals: list[ProposedClaim]) -> None:
    before = files(story.folder)
    shown = previewed(story, ARTICLE, proposals, "A. Editor", TODAY)
    assert any(claim.place == "palmyra" and not claim.background for claim in shown.claims.values())
    assert files(story.folder) == before


def test_what_the_story_cannot_take_leaves_every_file_as_it_was(story: Story, proposals: list[ProposedClaim]) -> None:
    before = files(story.folder)
    with pytest.raises(StoryError, match="place"):
        enter(story, ARTICLE, [*proposals, replace(proposals[0], place_id="atlantis")], "A. Editor", TODAY)
    assert files(story.folder) == before


def test_nobody_is_no_reviewer(story: Story, proposals: list[ProposedClaim]) -> None:
    before = files(story.folder)
    with pytest.raises(DatelineError, match="reviewed_by"):
        enter(story, ARTICLE, proposals, "  ", TODAY)
    assert files(story.folder) == before


@pytest.mark.parametrize("name", ["../escape", "UPPER", "", "a/b"])
def test_an_id_that_is_no_files_name_is_refused(story: Story, proposals: list[ProposedClaim], name: str) -> None:
    before = files(story.folder)
    with pytest.raises(DatelineError):
        enter(story, replace(ARTICLE, article_id=name), proposals, "A. Editor", TODAY)
    assert files(story.folder) == before


def test_the_marked_text_says_the_same_and_nothing_in_it_is_markup(story: Story, proposals: list[ProposedClaim]) -> None:
    page = marked(ARTICLE, context_of(story).finder.find(ARTICLE.body), proposals)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert '<mark title="claim 1">' in page
    assert 'title="Palmyra"' in page
