"""Spoil any file of the story: the fault is named with file, line, field, value, rule and mend, and the rest is shown."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SEEDS, bundled

from geo.errors import Problem, StoryError, condensed
from geo.payload import payload
from geo.story import Story, fingerprint, read_story

Change = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled story to spoil."""
    return Path(shutil.copytree(SEEDS, tmp_path / "story"))


def swap(old: str, new: str) -> Change:
    """Return a change of the first occurrence of a text, which must be there."""

    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return change


def spoil(folder: Path, name: str, change: Change) -> tuple[Story, Problem]:
    """Change one file, read the story, and return it with its first problem."""
    path = folder / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    story = read_story(folder)
    assert story.problems, f"{name}: nothing was said"
    return story, story.problems[0]


CLAIM = "newsbytes-01,newsbytes-2024-11-30,0,"
SPOILS: list[tuple[str, str, str, str, Change]] = [
    # file, line ("" for any), field, part of the value, change
    ("claims.csv", "2", "kind", "captuerd", swap(",aleppo,captured,", ",aleppo,captuerd,")),
    ("claims.csv", "2", "place", "aleppp", swap(",aleppo,captured,", ",aleppp,captured,")),
    ("claims.csv", "2", "actor", "martians", swap(",captured,opposition,", ",captured,martians,")),
    ("claims.csv", "2", "date_start", "2024-13-30", swap(",2024-11-30,2024-11-30,", ",2024-13-30,2024-11-30,")),
    ("claims.csv", "2", "date_end", "2024-11-01", swap(",2024-11-30,2024-11-30,", ",2024-11-30,2024-11-01,")),
    ("claims.csv", "2", "date_end", "2025-11-30", swap(",2024-11-30,2024-11-30,", ",2024-11-30,2025-11-30,")),
    ("claims.csv", "2", "start", "abc", swap(CLAIM, "newsbytes-01,newsbytes-2024-11-30,abc,")),
    ("claims.csv", "2", "text", "Most of Paris", swap("Most of Aleppo city has", "Most of Paris has")),
    ("claims.csv", "2", "claimant", "nobody", swap(",sohr,attributed", ",nobody,attributed")),
    ("claims.csv", "2", "modality", "shouted", swap(",sohr,attributed", ",sohr,shouted")),
    ("claims.csv", "2", "extent", "all", swap(",most,", ",all,")),
    ("claims.csv", "2", "claim_id", "", swap("newsbytes-01,", ",")),
    ("claims.csv", "3", "claim_id", "newsbytes-01", swap("\nnewsbytes-02,", "\nnewsbytes-01,")),
    ("claims.csv", "2", "article", "newsbytes-2025", swap("newsbytes-2024-11-30,0", "newsbytes-2025,0")),
    ("claims.csv", "1", "header", "", swap("claim_id,article", "claim,article")),
    ("claims.csv", "2", "row", "", swap("newsbytes-01,", "newsbytes-01,,")),
    ("places.csv", "3", "lat", "96.2", swap(",36.20124,", ",96.2,")),
    ("places.csv", "3", "lon", "east", swap(",37.16117,", ",east,")),
    ("places.csv", "3", "kind", "metropolis", swap("حلب,city", "حلب,metropolis")),
    ("places.csv", "3", "country", "Syria", swap(",37.16117,SY", ",37.16117,Syria")),
    ("places.csv", "3", "precision", "9", swap(",170063,1,", ",170063,9,")),
    ("places.csv", "3", "place_id", "syria", swap("\naleppo,", "\nsyria,")),
    ("places.csv", "3", "geonameid", "17oo63", swap(",170063,", ",17oo63,")),
    ("gazetteer.csv", "", "lat", "north", lambda text: re.sub(r"(\n(?:[^,\n]*,){4})[^,]*", r"\1north", text, count=1)),
    ("gazetteer.csv", "1", "header", "", swap("place_id,", "id,")),
    ("story.toml", "", "first_day", "yesterday", swap("first_day = 2024-11-26", 'first_day = "yesterday"')),
    ("story.toml", "", "last_day", "2024-11-01", swap("last_day = 2024-12-06", "last_day = 2024-11-01")),
    ("story.toml", "", "TOML", "title", swap('title = "Syria', 'title = Syria"')),
    ("story.toml", "", "TOML", "clock", swap('clock = "Damascus"', 'clock = "Damascus"\nclock = "again"')),
    ("story.toml", "", "time_zone", "Asia/Atlantis", swap("Asia/Damascus", "Asia/Atlantis")),
    ("story.toml", "", "countries", "Syria", swap('countries = ["SY"]', 'countries = ["SY", "Syria"]')),
    ("story.toml", "", "actors.colour", "green", swap('colour = "#009e73"', 'colour = "green"')),
    ("story.toml", "", "actors.texture", "plaid", swap('texture = "diagonal"', 'texture = "plaid"')),
    ("story.toml", "", "sources.class", "blog", swap('class = "aggregator"', 'class = "blog"')),
    ("story.toml", "", "hostile.pairs", "martians", swap('["south", "government"]', '["south", "martians"]')),
    ("story.toml", "", "territory.reach_km", "-28", swap("reach_km = 28", "reach_km = -28")),
    ("story.toml", "", "titel", "", swap("title = ", 'titel = "x"\ntitle = ')),
    ("story.toml", "", "title", "Long", swap('title = "', 'title = "' + "Long " * 2000)),
    ("articles/itv-2024-12-06.md", "", "published", "2031-12-06", swap("published: 2024-12-06", "published: 2031-12-06")),
    ("places.csv", "", "aleppo: lat, lon", "36.20124, 27.0", swap(",37.16117,", ",27.0,")),
    ("lexicon.toml", "", "since", "soon", swap("since = 2024-11-27", 'since = "soon"')),
    ("articles/itv-2024-12-06.md", "6", "published", "soon", swap("published: 2024-12-06", "published: soon")),
    ("articles/itv-2024-12-06.md", "7", "published_basis", "guessed", swap("basis: inferred", "basis: guessed")),
    ("articles/itv-2024-12-06.md", "2", "source", "bbc", swap("source: itv", "source: bbc")),
    ("articles/itv-2024-12-06.md", "10", "url", "javascript:alert(1)", swap('url: ""', "url: javascript:alert(1)")),
    ("articles/itv-2024-12-06.md", "1", "front matter", "", swap("---\n", "")),
    ("articles/itv-2024-12-06.md", "4", "front matter", "", swap("publisher: ITV News", "publisher: [ITV: News")),
    ("corrections.csv", "2", "corrected_at", "today", lambda text: text + "today,itv-08,withdrawn,,,,why\n"),
    ("corrections.csv", "2", "claim_id", "itv-99", lambda text: text + "2024-12-07T09:00+03:00,itv-99,withdrawn,,,,why\n"),
    ("basemap.json", "", "", "", lambda text: text[: len(text) // 2]),
    ("basemap.json", "", "", "", lambda text: "[]"),
]


@pytest.mark.parametrize(
    ("name", "line", "field", "value", "change"), SPOILS, ids=[f"{row[0]}-{row[2]}-{row[3]}" for row in SPOILS]
)
def test_a_fault_is_named_and_the_map_still_comes_up(
    folder: Path, name: str, line: str, field: str, value: str, change: Change
) -> None:
    story, problem = spoil(folder, name, change)
    assert problem.file == name
    assert value in problem.value
    assert not field or problem.field == field
    assert problem.rule
    assert problem.mend
    if line:
        assert problem.line == int(line)
    elif name == "story.toml":
        assert problem.line is not None
    data = payload(story)
    if (name, field) != ("claims.csv", "header"):
        assert len(data["claims"]) > 0
        assert len(data["states"][-1]) > 0
    assert data["problems"][0]["file"] == name


@pytest.mark.parametrize("name", ["places.csv", "gazetteer.csv", "claims.csv", "corrections.csv", "basemap.json"])
def test_a_file_that_is_absent_is_named_and_the_map_still_comes_up(folder: Path, name: str) -> None:
    (folder / name).unlink()
    story = read_story(folder)
    assert any(problem.file == name for problem in story.problems)
    assert payload(story)["days"][0] == "2024-11-26"


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"caf\xe9", b"\x00"], ids=["utf-16", "latin-1", "nul"])
def test_bytes_that_are_no_text_are_a_problem_of_their_file_alone(folder: Path, raw: bytes) -> None:
    path = folder / "articles" / "sun-2024-12-01.md"
    path.write_bytes(path.read_bytes().replace(b"source: sun", b"source: " + raw))
    story = read_story(folder)
    assert any(problem.file == "articles/sun-2024-12-01.md" for problem in story.problems)
    assert "itv-2024-12-06" in story.articles


def test_a_story_without_its_story_file_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match=r"story\.toml"):
        read_story(tmp_path)


def test_a_claim_whose_words_only_moved_is_shown_and_its_place_is_given(folder: Path) -> None:
    story, problem = spoil(
        folder, "articles/itv-2024-12-06.md", swap("The rebels have turned", "In short: the rebels. The rebels have turned")
    )
    assert problem.file == "claims.csv"
    assert problem.field == "start"
    assert "itv-08" in story.claims


def test_a_claim_whose_words_changed_is_not_shown(folder: Path) -> None:
    story, problem = spoil(
        folder, "articles/itv-2024-12-06.md", swap("fell to the rebels on Thursday", "fell to the rebels on Friday")
    )
    assert problem.field == "text"
    assert "itv-08" not in story.claims


def test_a_claim_that_no_editor_reviewed_is_a_draft_and_never_shown(folder: Path) -> None:
    path = folder / "claims.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[1] = lines[1].replace("Dateline desk (two readings)", "")
    path.write_text("\n".join(lines), encoding="utf-8")
    story = read_story(folder)
    assert not story.problems
    assert [draft.claim_id for draft in story.drafts] == ["newsbytes-01"]
    assert "newsbytes-01" not in story.claims


def test_a_story_of_one_day_shows_nothing_of_other_days_as_reported_on_it(folder: Path) -> None:
    path = folder / "story.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("first_day = 2024-11-26", "first_day = 2024-12-06"), encoding="utf-8"
    )
    data = payload(read_story(folder))
    assert data["days"] == ["2024-12-06"]
    articles = {data["articles"][claim["article"]]["id"] for claim in data["claims"] if claim["reported"] == 0}
    assert articles == {"itv-2024-12-06"}
    assert all(data["claims"][event["claim"]]["to"] >= "2024-12-06" for event in data["events"])


def test_a_story_of_decades_is_drawn_from_its_days_of_change_alone(folder: Path) -> None:
    path = folder / "story.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("last_day = 2024-12-06", "last_day = 2099-12-06"), encoding="utf-8"
    )
    data = payload(read_story(folder))
    assert len(data["days"]) > 27_000
    assert max(day for history in data["cell_days"][-1] for day, *_ in history[1]) <= 10 + 8  # the last report, aged


def test_readers_are_told_once_of_what_many_rows_share(folder: Path) -> None:
    path = folder / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",strike,", ",strife,"), encoding="utf-8")
    story = read_story(folder)
    told = condensed(story.problems)
    assert len(story.problems) > 5
    assert len(told) == 1
    assert f"{len(story.problems) - 1} more rows" in told[0].rule


def test_a_withdrawn_claim_changes_no_status(folder: Path) -> None:
    with (folder / "corrections.csv").open("a", encoding="utf-8") as file:
        file.write("2024-12-07T09:00+03:00,sun-16,withdrawn,,,,The paper withdrew it.\n")
    story = read_story(folder)
    assert not story.problems
    assert "sun-16" not in story.claims
    assert story.corrections[0].why == "The paper withdrew it."


def test_a_link_that_leaves_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "secret.md"
    outside.write_text("---\nsource: itv\npublisher: x\npublished: 2024-12-06\n---\nsecret\n", encoding="utf-8")
    (folder / "articles" / "link.md").symlink_to(outside)
    story = read_story(folder)
    assert "link" not in story.articles
    assert any("leaves the folder" in problem.value for problem in story.problems)


def test_aliases_in_front_matter_are_refused(folder: Path) -> None:
    story, problem = spoil(folder, "articles/itv-2024-12-06.md", swap("source: itv", "source: &a itv\nagency2: *a"))
    assert problem.field == "front matter"
    assert "sun-2024-12-01" in story.articles


def test_an_edit_of_a_file_changes_the_fingerprint(folder: Path) -> None:
    before = fingerprint(folder)
    with (folder / "claims.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert fingerprint(folder) != before


def test_the_bundled_story_has_no_problem_and_every_basis_leads_to_its_words() -> None:
    story = bundled()
    assert story.problems == ()
    for claim in story.claims.values():
        assert story.articles[claim.article].body[claim.start : claim.end] == claim.text
