"""The desk in a browser: off unless turned on; an editor reads, accepts and previews, and the story has it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SEEDS
from playwright.sync_api import expect

from browser.conftest import PATIENCE, Watched, paste_an_article, tick_first
from geo.story import read_story

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the bundled story that the desk may write to."""
    return Path(shutil.copytree(SEEDS, tmp_path_factory.mktemp("desk") / "story"))


def test_there_is_no_desk_unless_the_operator_turned_it_on(watch: Callable[..., Watched], address: str) -> None:
    """Its address shows the map's page, and no link leads to it."""
    watched = watch()
    watched.page.goto(f"{address}desk")
    watched.page.wait_for_timeout(4000)
    assert watched.page.get_by_text("The desk").count() == 0
    assert watched.page.get_by_role("link", name="Desk").count() == 0


def test_an_accepted_claim_is_written_and_a_preview_writes_nothing(
    watch: Callable[..., Watched], serve: Callable[..., str], story: Path
) -> None:
    """Paste an article, see its claim, preview the map with it, then accept it."""
    page = watch().page
    page.goto(f"{serve(story, DATELINE_DESK='1')}desk")
    paste_an_article(page)
    accept = tick_first(page)
    before = (story / "claims.csv").read_bytes()
    page.get_by_role("button", name="Preview the map").click()
    expect(page.locator("iframe").first).to_be_visible(timeout=PATIENCE)
    assert (story / "claims.csv").read_bytes() == before
    accept.click()
    expect(page.get_by_text("Written to claims.csv")).to_be_visible(timeout=PATIENCE)
    after = read_story(story)
    assert after.problems == ()
    assert any(claim.place == "palmyra" and claim.reviewed_by == "A. Editor" for claim in after.claims.values())
