"""Drafts stand beside the reviewed claims; accepted ones enter the story whole or not at all."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import SEEDS
from readers import context

from geo.drafts import STATES, accept, compare, save_article, write_drafts
from geo.errors import DatelineError, StoryError
from geo.reading.claims import read
from geo.story import Story, read_story

DAY = date(2026, 11, 22)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    shutil.copytree(SEEDS, tmp_path / "story")
    return read_story(tmp_path / "story")


def test_every_proposal_and_every_claim_is_in_the_drafts_once(story: Story) -> None:
    seen: list[str] = []
    drafts = write_drafts(story, lambda done, count, article: seen.append(f"{done}/{count} {article}"))
    reported = [claim.claim_id for claim in story.claims.values() if not claim.background]
    assert sorted(draft.claim.claim_id for draft in drafts if draft.claim) == sorted(reported)
    assert len(seen) == 4
    with (story.folder / "drafts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(drafts)
    assert {row["state"] for row in rows} <= set(STATES)


def test_a_proposal_that_says_what_the_claim_says_is_the_same_and_another_day_is_a_change(story: Story) -> None:
    article = story.articles["itv-2024-12-06"]
    proposed = read(article, context("seeds"))
    claims = [claim for claim in story.claims.values() if claim.article == article.article_id]
    same = next(draft for draft in compare(proposed, claims, context("seeds")) if draft.state == "same")
    assert same.proposed is not None
    moved = replace(same.proposed, date_start="2024-11-28", date_end="2024-11-28")
    assert next(compare([moved], claims, context("seeds"))).state == "changed"


def test_accepted_claims_are_read_again_as_reviewed(story: Story) -> None:
    drafts = write_drafts(story)
    chosen = [draft.proposed for draft in drafts if draft.proposed and draft.proposed.place_id and draft.state == "same"][:2]
    ids = accept(story, chosen, "A. Editor", DAY)
    again = read_story(story.folder)
    assert not again.problems
    assert [again.claims[name].reviewed_by for name in ids] == ["A. Editor"] * 2


def test_a_claim_that_the_story_cannot_take_leaves_the_file_as_it_was(story: Story) -> None:
    before = (story.folder / "claims.csv").read_bytes()
    good = next(draft.proposed for draft in write_drafts(story) if draft.proposed and draft.state == "same")
    with pytest.raises(StoryError, match="claimant"):
        accept(story, [good, replace(good, claimant="a man in the street")], "A. Editor", DAY)
    with pytest.raises(DatelineError, match="reviewed_by"):
        accept(story, [good], " ", DAY)
    assert (story.folder / "claims.csv").read_bytes() == before
    assert [path.name for path in story.folder.iterdir() if path.name.startswith(".claims")] == []


def test_a_saved_article_is_read_again_as_it_was(story: Story) -> None:
    article = replace(
        story.articles["itv-2024-12-06"], article_id="itv-2", title='A "quoted": title', body="Hama fell.\nSo it was said."
    )
    save_article(story, article)
    again = read_story(story.folder).articles["itv-2"]
    assert (again.title, again.body) == (article.title, article.body)
    with pytest.raises(DatelineError, match="already"):
        save_article(story, article)
    with pytest.raises(DatelineError, match="no id"):
        save_article(story, replace(article, article_id="../outside"))
