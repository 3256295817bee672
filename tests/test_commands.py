"""The command line as scripts use it: JSON Lines on standard output, messages on standard error, 0, 1 or 2."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from conftest import SEEDS

from geo.__main__ import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, object]], str]:
    status = main(list(arguments))
    said = capsys.readouterr()
    return status, [json.loads(line) for line in said.out.splitlines()], said.err


def test_the_state_on_a_day_as_known_that_day(capsys: pytest.CaptureFixture[str]) -> None:
    status, rows, told = run(capsys, "control", "--story", str(SEEDS), "--on", "2024-12-05", "--known", "2024-12-05")
    hama = next(row for row in rows if row["name"] == "Hama")
    assert (status, told) == (0, "")
    assert (hama["status"], hama["holder"], hama["contender"], hama["disputed_by"]) == (
        "under_attack",
        "government",
        "opposition",
        "government",
    )
    assert isinstance(hama["basis"], list)
    assert "jpost-04" in hama["basis"]


def test_what_became_known_later_changes_the_same_day(capsys: pytest.CaptureFixture[str]) -> None:
    _, rows, _ = run(capsys, "control", "--story", str(SEEDS), "--on", "2024-12-05", "--known", "2024-12-06")
    hama = next(row for row in rows if row["name"] == "Hama")
    assert (hama["status"], hama["holder"], hama["since"]) == ("control", "opposition", "2024-12-05")


def test_without_a_day_every_interval_is_printed_and_each_has_a_basis(capsys: pytest.CaptureFixture[str]) -> None:
    _, rows, _ = run(capsys, "control", "--story", str(SEEDS))
    assert len([row for row in rows if row["name"] == "Aleppo"]) > 2
    assert all(row["basis"] and row["valid_from"] for row in rows)


def test_csv_says_the_same_as_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    _, rows, _ = run(capsys, "control", "--story", str(SEEDS), "--on", "2024-12-06")
    assert main(["control", "--story", str(SEEDS), "--on", "2024-12-06", "--format", "csv"]) == 0
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["place_id"] for row in table] == [row["place_id"] for row in rows]
    assert table[2]["basis"].split(";") == rows[2]["basis"]


@pytest.mark.parametrize("arguments", [["control", "--on", "yesterday"], ["control", "--known", "2024-02-30"]])
def test_a_day_that_is_none_is_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    status, rows, told = run(capsys, *arguments, "--story", str(SEEDS))
    assert (status, rows) == (2, [])
    assert "is not a day" in told


@pytest.mark.parametrize(
    "arguments",
    [
        ["control", "--on", "2031-01-01"],
        ["explain", "hama", "--on", "2024-11-25"],
        ["changes", "--from", "2024-12-06", "--to", "2024-11-26"],
        ["explain", "Atlantis"],
    ],
)
def test_what_the_story_does_not_have_is_refused_with_the_reason(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    status, rows, told = run(capsys, *arguments, "--story", str(SEEDS))
    assert (status, rows) == (2, [])
    assert told.strip()


@pytest.mark.parametrize("arguments", [[], ["conquer"], ["control", "--format", "xml"], ["places"]])
def test_words_that_no_command_takes_are_wrong_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


def test_check_is_silent_about_a_sound_story(capsys: pytest.CaptureFixture[str]) -> None:
    status, rows, told = run(capsys, "check", "--story", str(SEEDS))
    assert (status, rows) == (0, [])
    assert "0 problems" in told


def test_check_names_every_fault(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SEEDS, tmp_path / "story"))
    claims = folder / "claims.csv"
    claims.write_text(claims.read_text(encoding="utf-8").replace(",strike,", ",strife,"), encoding="utf-8")
    status, rows, told = run(capsys, "check", "--story", str(folder))
    assert status == 1
    assert len(rows) > 5
    assert all(set(row) == {"file", "line", "field", "value", "rule", "mend"} and row["value"] == "strife" for row in rows)
    assert "claims.csv, line" in told


def test_a_folder_without_a_story_is_a_problem_in_the_data(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for command in ("check", "control"):
        status, _, told = run(capsys, command, "--story", str(tmp_path))
        assert status == 1
        assert "story.toml" in told


ARTICLE = """---
publisher: ITV News
published: 2024-12-06
---
Rebels captured Palmyra on Thursday, said the Syrian Observatory for Human Rights.
"""


def test_places_and_claims_of_an_article_come_with_their_offsets(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "itv.md"
    file.write_text(ARTICLE, encoding="utf-8")
    body = ARTICLE.split("---\n")[2]
    status, places, _ = run(capsys, "places", str(file), "--story", str(SEEDS))
    assert status == 0
    assert [(row["place_id"], body[row["start"] : row["end"]]) for row in places] == [("palmyra", "Palmyra")]
    status, claims, _ = run(capsys, "claims", str(file), "--story", str(SEEDS))
    assert status == 0
    assert [(row["place_id"], row["kind"], row["actor"], row["claimant"], row["date_end"]) for row in claims] == [
        ("palmyra", "captured", "opposition", "sohr", "2024-12-05")
    ]


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    good = tmp_path / "good.md"
    good.write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "bad.md").write_bytes(b"\x00\x01")
    status, rows, told = run(
        capsys, "claims", str(tmp_path / "bad.md"), str(good), str(tmp_path / "none.md"), "--story", str(SEEDS)
    )
    assert (status, len(rows)) == (1, 1)
    assert "bad.md" in told
    assert "none.md" in told


def test_a_list_of_names_becomes_places(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("Saraqib\n\nحلب\nAtlantis\n", encoding="utf-8")
    status, rows, _ = run(capsys, "places", "--names", str(names), "--story", str(SEEDS))
    assert status == 0
    assert [row["place_id"] for row in rows] == ["saraqeb", "aleppo", None]


def test_drafts_are_written_beside_the_claims_and_told_apart(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SEEDS, tmp_path / "story"))
    status, _, told = run(capsys, "draft", "--story", str(folder))
    assert status == 0
    assert "4/4" in told
    with (folder / "drafts.csv").open(encoding="utf-8", newline="") as file:
        states = {row["state"] for row in csv.DictReader(file)}
    assert states <= {"new", "changed", "gone", "same"}
    assert "same" in states
