"""The story's tables as a Data Package: derived from the code, true of the files, and strict enough to find a slip."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import frictionless
import pytest
from conftest import SEEDS, bundled
from hypothesis import given
from hypothesis import strategies as st

from geo import claims, codebook, control, corrections, laws, places, words
from geo.__main__ import main
from geo.schema import NAME, TIME_PRECISION, control_schema, geo_precision, package, time_precision
from geo.story import read_story
from geo.storyfile import CLASSES

CORRECTION = {
    "corrected_at": "2024-12-07T09:30+03:00",
    "claim_id": "itv-01",
    "action": "withdrawn",
    "why": "The outlet took its report back.",
}
Found = set[tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled story with one correction, and its description."""
    copy = Path(shutil.copytree(SEEDS, tmp_path / "story"))
    with (copy / "corrections.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, corrections.COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerow(CORRECTION)
    (copy / NAME).write_text(described(), encoding="utf-8")
    return copy


@cache
def described() -> str:
    return json.dumps(package(bundled()))


def describe(folder: Path) -> None:
    (folder / NAME).write_text(json.dumps(package(read_story(folder))), encoding="utf-8")


def faults(report: frictionless.Report) -> Found:
    """Return a report's errors: line, column and kind."""
    return {(row or 0, field or "", kind) for row, field, kind in report.flatten(["rowNumber", "fieldName", "type"])}


def validated(folder: Path) -> Found:
    return faults(frictionless.validate(folder / NAME))


def change(folder: Path, name: str, edit: Callable[[list[list[str]]], object]) -> None:
    """Change the rows of a table, the header among them, in place."""
    path = folder / name
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    edit(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def fields_of(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for table in (*described["resources"], *described["outputs"]):
        for field in table["schema"]["fields"]:
            yield f"{table['name']}.{field['name']}", field


def test_the_bundled_description_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """The committed file is derived and never edited."""
    assert main(["schema", "--story", str(SEEDS)]) == 0
    mend = "it no longer describes the story: run `python -m geo schema --write` and commit what it writes"
    assert capsys.readouterr().out == (SEEDS / NAME).read_text(encoding="utf-8"), mend


def test_writing_gives_what_printing_gives_and_leaves_nothing_else(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--write` puts the printed text into the folder, in one step."""
    (folder / NAME).write_text("old", encoding="utf-8")
    before = sorted(folder.iterdir())
    assert main(["schema", "--story", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert main(["schema", "--story", str(folder), "--write"]) == 0
    assert capsys.readouterr().out == ""
    assert (folder / NAME).read_text(encoding="utf-8") == printed
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (places.COLUMNS, codebook.PLACES),
        (claims.COLUMNS, codebook.CLAIMS),
        (corrections.COLUMNS, codebook.CORRECTIONS),
        ((*control.COLUMNS, "name", "lat", "lon", "precision"), codebook.CONTROL),
        (places.KINDS, codebook.PLACE_KINDS),
        (claims.KINDS, codebook.CLAIM_KINDS),
        (claims.EXTENTS, ("", *codebook.EXTENTS)),
        (claims.PRECISIONS, codebook.DATE_PRECISIONS),
        (claims.PRECISIONS, TIME_PRECISION),
        (claims.STANDINGS, ("", *codebook.STANDINGS)),
        (claims.MODALITIES, codebook.MODALITIES),
        (claims.RELATIONS, codebook.RELATIONS),
        (corrections.ACTIONS, codebook.ACTIONS),
        (CLASSES, codebook.SOURCE_CLASSES),
    ],
)
def test_the_words_cover_every_column_and_code_and_no_other(columns: Any, told: Any) -> None:
    """A column or code of the code has its words in geo/codebook.py, and words without one are removed there."""
    assert set(columns) == set(told)


def test_every_column_and_every_code_says_what_it_means() -> None:
    """Each field has a title and a description; each code listed has a label."""
    described = package(bundled())
    assert len(described["resources"]) == 4
    bare = [name for name, field in fields_of(described) if not (field["title"].strip() and field["description"].strip())]
    codes = [
        code for _, field in fields_of(described) for key in ("categories", "itemCategories") for code in field.get(key, [])
    ]
    assert bare == []
    assert len(codes) > 100
    assert [code for code in codes if not code["label"].strip()] == []


def test_statuses_laws_and_tiers_are_those_of_the_map() -> None:
    """What readers are told of a status, a law or a tier is what the description tells."""
    fields = {field["name"]: field for field in control_schema()["fields"]}
    assert [code["value"] for code in fields["status"]["categories"]] == [status for status, _, _ in words.STATUSES]
    assert {code["value"]: code["description"] for code in fields["law"]["categories"]} == laws.LAWS
    assert [code["value"] for code in package(bundled())["codes"]["tier"]] == [tier for tier, _, _ in words.TIERS]


def test_the_bundled_files_are_as_described() -> None:
    """The committed description is a valid Data Package, and every row of every file keeps to it."""
    report = frictionless.validate(SEEDS / NAME)
    assert faults(report) == set()
    checked = {f"{task.name}.csv": task.stats.get("rows", 0) for task in report.tasks}
    there = {}
    for path in SEEDS.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            there[path.name] = sum(1 for _ in csv.DictReader(file))
    assert checked == {name: rows for name, rows in there.items() if name != "drafts.csv"}
    assert checked["claims.csv"] > 50


@pytest.mark.parametrize("options", [(), ("--on", "2024-12-05"), ("--known", "2024-12-01")])
def test_the_printed_control_table_is_as_described(options: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """What the command prints as CSV keeps to the published schema, with and without the story's actors in it."""
    assert main(["control", "--story", str(SEEDS), "--format", "csv", *options]) == 0
    printed = capsys.readouterr().out
    assert len(printed.splitlines()) > 5
    for schema in (control_schema(), control_schema(bundled())):
        assert control_faults(printed, schema) == set()


def control_faults(printed: str, schema: dict[str, Any]) -> Found:
    resource = frictionless.Resource(data=printed.encode(), format="csv", schema=frictionless.Schema.from_descriptor(schema))
    return faults(resource.validate())


SPOILED = [
    ("claims.csv", 5, "claim_id", "", "constraint-error"),
    ("claims.csv", 5, "claim_id", "newsbytes-01", "unique-error"),
    ("claims.csv", 6, "article", "no-such-article", "constraint-error"),
    ("claims.csv", 7, "start", "-3", "constraint-error"),
    ("claims.csv", 7, "end", "twelve", "type-error"),
    ("claims.csv", 8, "place", "", "constraint-error"),
    ("claims.csv", 9, "kind", "conquered", "constraint-error"),
    ("claims.csv", 10, "actor", "martians", "constraint-error"),
    ("claims.csv", 11, "against", "government,sdf", "constraint-error"),
    ("claims.csv", 12, "extent", "half", "constraint-error"),
    ("claims.csv", 13, "date_start", "5 December", "type-error"),
    ("claims.csv", 13, "date_end", "2024-02-30", "type-error"),
    ("claims.csv", 13, "date_end", "", "constraint-error"),
    ("claims.csv", 14, "date_precision", "hour", "constraint-error"),
    ("claims.csv", 15, "standing", "forever", "constraint-error"),
    ("claims.csv", 15, "implied", "no", "constraint-error"),
    ("claims.csv", 16, "claimant", "sohr;nobody", "constraint-error"),
    ("claims.csv", 17, "modality", "whispered", "constraint-error"),
    ("claims.csv", 18, "relation", "rumour", "constraint-error"),
    ("places.csv", 4, "place_id", "syria", "unique-error"),
    ("places.csv", 4, "name", "", "constraint-error"),
    ("places.csv", 5, "kind", "metropolis", "constraint-error"),
    ("places.csv", 6, "lat", "95", "constraint-error"),
    ("places.csv", 6, "lat", "36,2", "type-error"),
    ("places.csv", 6, "lon", "nan", "constraint-error"),
    ("places.csv", 7, "country", "Syria", "constraint-error"),
    ("places.csv", 8, "precision", "4", "constraint-error"),
    ("gazetteer.csv", 900, "geonameid", "12a", "type-error"),
    ("gazetteer.csv", 901, "population", "-1", "constraint-error"),
    ("gazetteer.csv", 902, "lon", "181", "constraint-error"),
    ("corrections.csv", 2, "corrected_at", "2024-12-07T09:30", "constraint-error"),
    ("corrections.csv", 2, "action", "erased", "constraint-error"),
    ("corrections.csv", 2, "why", "", "constraint-error"),
]


@pytest.mark.parametrize(("name", "line", "column", "value", "kind"), SPOILED)
def test_a_spoiled_cell_is_found_where_it_stands(
    folder: Path, name: str, line: int, column: str, value: str, kind: str
) -> None:
    """The description refuses the cell at its line and column, nothing else, and `check` refuses it there too."""

    def spoil(rows: list[list[str]]) -> None:
        rows[line - 1][rows[0].index(column)] = value

    change(folder, name, spoil)
    found = validated(folder)
    assert (line, column, kind) in found
    assert {(row, field) for row, field, other in found if other not in ("primary-key", "foreign-key")} == {(line, column)}
    assert {row for row, _, other in found if other == "primary-key"} <= {line}
    assert (name, line, column) in {(problem.file, problem.line, problem.field) for problem in read_story(folder).problems}


@pytest.mark.parametrize(
    ("cell", "is_read"),
    [
        ("2026-11-22", True),
        ("2026-11-22T09:30+03:00", True),
        ("2026-11-22T09:30:15Z", True),
        ("on 2026-11-22", False),
        ("2026-11-22 or so", False),
        ("2026-11-22T09:30", False),
        ("on 2026-11-22T09:30Z", False),
    ],
)
def test_a_review_has_a_day_or_a_moment_with_its_offset(cell: str, is_read: bool) -> None:
    """The pattern holds for the whole cell, in both of its forms."""
    table = next(table for table in package(bundled())["resources"] if table["name"] == "claims")
    field = frictionless.Schema.from_descriptor(table["schema"]).get_field("reviewed_at")
    _, notes = field.read_cell(cell)
    assert (not notes) == is_read


def test_a_correction_of_no_claim_is_found(folder: Path) -> None:
    """corrections.claim_id is a foreign key to claims.csv."""
    change(folder, "corrections.csv", lambda rows: rows[1].__setitem__(1, "itv-99"))
    assert {(row, kind) for row, _, kind in validated(folder)} == {(2, "foreign-key")}


def test_a_table_of_another_form_is_found(folder: Path) -> None:
    """A column that is gone and a row that is short are faults of their file."""
    change(folder, "places.csv", lambda rows: [row.pop(rows[0].index("precision")) for row in reversed(rows)])
    change(folder, "claims.csv", lambda rows: rows[3].pop())
    found = validated(folder)
    assert "missing-label" in {kind for _, _, kind in found}
    assert (4, "note", "missing-cell") in found


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("place_id", ""),
        ("lat", "95"),
        ("valid_from", ""),
        ("valid_to", "tomorrow"),
        ("status", "liberated"),
        ("holder", "martians"),
        ("contenders", "government;martians"),
        ("background", "perhaps"),
        ("law", "conquest"),
        ("disputed_by", "martians"),
        ("basis", ""),
    ],
)
def test_a_spoiled_control_table_is_found(column: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The control table's schema refuses a wrong cell at its line and column."""
    main(["control", "--story", str(SEEDS), "--format", "csv"])
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    rows[3][rows[0].index(column)] = value
    spoiled = io.StringIO()
    csv.writer(spoiled, lineterminator="\n").writerows(rows)
    found = control_faults(spoiled.getvalue(), control_schema(bundled()))
    assert {(row, field) for row, field, kind in found if kind != "primary-key"} == {(4, column)}


def test_a_story_with_its_claims_alone_is_described(folder: Path) -> None:
    """Only tables that are there are described, and nothing refers to those that are not."""
    for name in ("gazetteer.csv", "corrections.csv"):
        (folder / name).unlink()
    describe(folder)
    assert [table["name"] for table in package(read_story(folder))["resources"]] == ["places", "claims"]
    assert validated(folder) == set()
    (folder / "claims.csv").unlink()
    shutil.copy(SEEDS / "corrections.csv", folder)
    describe(folder)
    assert validated(folder) == set()


def test_columns_are_described_in_the_order_of_the_file(folder: Path) -> None:
    """A table with its columns in another order, one of its own and a byte order mark is still as described."""
    change(folder, "places.csv", lambda rows: [row.reverse() for row in rows])
    change(folder, "places.csv", lambda rows: [row.append("ours" if number == 0 else "x") for number, row in enumerate(rows)])
    path = folder / "places.csv"
    path.write_text("\ufeff" + path.read_text(encoding="utf-8"), encoding="utf-8")
    describe(folder)
    assert validated(folder) == set()
    fields = package(read_story(folder))["resources"][0]["schema"]["fields"]
    assert [field["name"] for field in fields] == [*reversed(places.COLUMNS), "ours"]
    assert "not read" in fields[-1]["description"]


def test_a_story_of_another_place_in_another_script_is_described(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A title without a Latin letter still gives a package a name that the standard allows."""
    text = (folder / "story.toml").read_text(encoding="utf-8")
    lines = ['short_title = "Фронт"' if line.startswith("short_title") else line for line in text.splitlines()]
    (folder / "story.toml").write_text("\n".join(lines), encoding="utf-8")
    describe(folder)
    assert package(read_story(folder))["name"] == "story"
    assert validated(folder) == set()


def test_a_folder_without_tables_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """There is nothing to describe, and the command says so and writes nothing."""
    shutil.copy(SEEDS / "story.toml", tmp_path)
    assert main(["schema", "--story", str(tmp_path), "--write"]) == 2
    assert "no table to describe" in capsys.readouterr().err
    assert not (tmp_path / NAME).exists()


DAY = date(2024, 12, 5)


@pytest.mark.parametrize(
    ("basis", "days", "standing", "code"),
    [
        ("day", 1, "", 1),
        ("pub", 1, "", 1),
        ("anaphoric", 1, "", 1),
        ("anaphoric", 6, "", 2),
        ("range", 2, "", 2),
        ("range", 8, "", 3),
        ("range", 30, "throughout", 2),
        ("week", 7, "", 2),
        ("by_pub", 4, "", 2),
        ("by_pub", 10, "", 3),
        ("by_pub", None, "", 3),
        ("standing", 1797, "throughout", 3),
        ("none", 1, "", 3),
        ("day", 400, "since", 1),
    ],
)
def test_time_precision_is_the_coarser_of_basis_and_width(basis: str, days: int | None, standing: str, code: int) -> None:
    """ACLED's codes: 1 a day, 2 a week, 3 less; a state that lasts is so on each of its days."""
    first = DAY - timedelta(days - 1) if days else None
    some = next(iter(bundled().claims.values()))
    assert time_precision(replace(some, precision=basis, first=first, last=DAY, standing=standing)) == code


@given(st.sampled_from(claims.PRECISIONS), st.sampled_from(claims.STANDINGS), st.integers(0, 60), st.integers(0, 60))
def test_a_wider_interval_is_never_more_precise(basis: str, standing: str, days: int, more: int) -> None:
    """Time precision never improves as the interval grows, and never beats its basis."""
    some = replace(next(iter(bundled().claims.values())), precision=basis, standing=standing, last=DAY)
    narrow = time_precision(replace(some, first=DAY - timedelta(days)))
    assert TIME_PRECISION[basis] <= narrow <= time_precision(replace(some, first=DAY - timedelta(days + more))) <= 3


@pytest.mark.parametrize(
    ("kind", "precision", "code"),
    [
        ("town", 1, 1),
        ("airport", 1, 1),
        ("hill", 2, 2),
        ("town", 3, 3),
        ("district", 1, 2),
        ("province", 1, 3),
        ("country", 1, 3),
    ],
)
def test_geo_precision_is_the_coarser_of_position_and_kind(kind: str, precision: int, code: int) -> None:
    """ACLED's codes: 1 the place, 2 near it, 3 a region; the exact middle of a region is still the region."""
    assert geo_precision(replace(bundled().places["aleppo"], kind=kind, precision=precision)) == code


def test_the_published_mapping_is_the_one_that_the_functions_use() -> None:
    """Who reads only the description gets every claim's and place's codes as we do."""
    told = package(bundled())["precision"]
    for place in bundled().places.values():
        best = told["geographic"]["bestOfKind"].get(place.kind, 1)
        assert geo_precision(place) == max(told["geographic"]["fromPrecision"][str(place.precision)], best)
    for claim in bundled().claims.values():
        best = told["time"]["fromDatePrecision"][claim.precision]
        days = None if claim.first is None else 1 if claim.lasts else (claim.last - claim.first).days + 1
        width = 3 if days is None or days > 7 else 2 if days > 1 else 1
        assert time_precision(claim) == max(best, width)
