"""The data that readers take away: each format passes its own standard's checker and says what the control table says."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import geojson_validator
import pandas as pd
import pytest
import shapely
from conftest import SEEDS, bundled
from fastkml import KML
from fastkml.validator import validate
from frictionless import Package
from lxml import etree

from geo.__main__ import main
from geo.control import DAY_COLUMNS, control_table, state_on
from geo.errors import DatelineError, StoryError
from geo.exports import CONTROL, FORMATS, export, export_name, who_holds_what
from geo.geojson import LAYERS, collection
from geo.payload import payload
from geo.story import Story, read_story

DAYS = (date(2024, 11, 26), date(2024, 12, 1), date(2024, 12, 6))
HOSTILE = "=HYPERLINK(1)<img src=x onerror=alert(1)>&\"']]>"
KML_NS = {"k": "http://www.opengis.net/kml/2.2"}


@cache
def whole() -> dict[str, Any]:
    return collection(bundled())


@pytest.fixture
def hostile(tmp_path: Path) -> Story:
    """The bundled story with markup, a formula and a character that XML lacks in its title and in the name of Saraqeb."""
    folder = Path(shutil.copytree(SEEDS, tmp_path / "story"))
    places = folder / "places.csv"
    name = '"' + HOSTILE.replace('"', '""') + '"'
    places.write_text(places.read_text(encoding="utf-8").replace("saraqeb,Saraqeb,", f"saraqeb,{name},"), encoding="utf-8")
    toml = folder / "story.toml"
    lines = toml.read_text(encoding="utf-8").splitlines()
    at = next(at for at, line in enumerate(lines) if line.startswith("title = "))
    lines[at] = f"title = {json.dumps(HOSTILE + chr(0x0B))}"
    toml.write_text("\n".join(lines), encoding="utf-8")
    return read_story(folder)


def features(found: dict[str, Any], layer: str) -> list[dict[str, Any]]:
    return [one for one in found["features"] if one["properties"]["layer"] == layer]


def holds(told: dict[str, Any], day: date) -> bool:
    """Return whether a feature of all days holds on one."""
    return told["valid_from"] <= day.isoformat() and (told["valid_to"] is None or day.isoformat() < told["valid_to"])


@pytest.mark.parametrize("on", [*DAYS, None])
def test_geojson_is_what_the_standard_says(on: date | None) -> None:
    """A validator finds no fault in structure, rings or winding; the box holds every feature; there is no crs."""
    found = json.loads(export(bundled(), "geojson", on))
    assert geojson_validator.validate_structure(found) == {}
    assert geojson_validator.validate_geometries(found)["invalid"] == {}
    assert {one["properties"]["layer"] for one in found["features"]} <= set(LAYERS)
    assert "crs" not in found
    west, south, east, north = found["bbox"]
    box = shapely.box(west - 1e-4, south - 1e-4, east + 1e-4, north + 1e-4)
    assert all(box.covers(shapely.geometry.shape(one["geometry"])) for one in found["features"])


@pytest.mark.parametrize("on", DAYS)
def test_places_are_the_state_of_the_day(on: date) -> None:
    """Each row of the control table is one point, with its status, holder, day and basis."""
    state = state_on(control_table(bundled()), on)
    told = {one["properties"]["place_id"]: one["properties"] for one in features(collection(bundled(), on), "places")}
    assert set(told) == set(state["place_id"])
    for row in state.to_dict("records"):
        one = told[row["place_id"]]
        holder = row["holder"] if isinstance(row["holder"], str) else None
        assert (one["status"], one["holder"], one["basis"]) == (row["status"], holder, list(row["basis"]))
        assert one["since"] == row["since"].date().isoformat()
        assert one["last_confirmed"] == row["last_confirmed"].date().isoformat()
        assert one["tier"] == ("background" if row["background"] else "reported")


@pytest.mark.parametrize("on", bundled().days)
def test_the_features_of_all_days_are_those_of_each_day(on: date) -> None:
    """What holds on a day, taken from the whole story, covers the same ground and names the same places and events."""
    day = collection(bundled(), on)
    ground: dict[tuple[str, str, bool], list[Any]] = {}
    for one in features(whole(), "territory"):
        told = one["properties"]
        if holds(told, on):
            ground.setdefault((told["holder"], told["tier"], told["aged"]), []).append(shapely.geometry.shape(one["geometry"]))
    once = {
        (one["properties"]["holder"], one["properties"]["tier"], one["properties"]["aged"]): shapely.geometry.shape(
            one["geometry"]
        )
        for one in features(day, "territory")
    }
    assert set(ground) == set(once)
    for key, shapes in ground.items():
        assert shapely.union_all(shapes).symmetric_difference(once[key]).area < 1e-3, key
    for layer in ("front_line", "places", "events"):
        kept = [
            {key: value for key, value in one["properties"].items() if key not in ("valid_from", "valid_to", "last_confirmed")}
            for one in features(whole(), layer)
            if holds(one["properties"], on)
        ]
        left_out = ("day", "aged", "last_confirmed")
        asked = [
            {key: value for key, value in one["properties"].items() if key not in left_out} for one in features(day, layer)
        ]
        assert sorted(kept, key=str) == sorted(asked, key=str), layer


@pytest.mark.parametrize("on", bundled().days)
def test_events_are_those_of_the_map(on: date) -> None:
    """Kind and place of each day's events are those that the map draws."""
    data, index = payload(bundled()), bundled().days.index(on)
    drawn = {(one["kind"], data["places"][one["place"]]["id"]) for one in data["events"] if one["day"] <= index < one["end"]}
    told = {(one["properties"]["kind"], one["properties"]["place_id"]) for one in features(collection(bundled(), on), "events")}
    assert told == drawn


def test_what_was_known_earlier_says_less() -> None:
    """As known on 26 November only the background stands, and nothing is an event."""
    found = collection(bundled(), date(2024, 12, 6), date(2024, 11, 26))
    assert {one["properties"]["tier"] for one in features(found, "places")} == {"background"}
    assert features(found, "events") == []


def test_nothing_lies_on_the_golan() -> None:
    """No territory of any day covers a disputed area."""
    golan = shapely.union_all(bundled().basemap.excluded)
    for one in features(whole(), "territory"):
        assert shapely.geometry.shape(one["geometry"]).intersection(golan).area < 1e-4


@pytest.mark.parametrize("on", [*DAYS, None])
def test_kml_keeps_to_its_schema_and_opens(on: date | None, tmp_path: Path) -> None:
    """The schema of KML 2.2 holds, a parser finds each feature once, and each has its time."""
    file = tmp_path / "story.kml"
    file.write_bytes(export(bundled(), "kml", on))
    assert validate(file_to_validate=file)
    (document,) = KML.parse(file).features
    marks = [mark for folder in document.features for mark in folder.features]
    assert len(marks) == len(collection(bundled(), on)["features"])
    assert all(mark.times is not None for mark in marks)


def test_kml_says_days_in_the_zone_and_colours_as_the_story_does() -> None:
    """Aleppo's first day begins at midnight in Damascus; the opposition's fill is its colour, bytes turned round."""
    tree = etree.fromstring(export(bundled(), "kml", date(2024, 12, 1)))
    assert tree.findtext(".//k:Placemark/k:TimeSpan/k:begin", namespaces=KML_NS) == "2024-12-01T00:00:00+03:00"
    assert tree.findtext(".//k:Placemark/k:TimeSpan/k:end", namespaces=KML_NS) == "2024-12-02T00:00:00+03:00"
    colour = tree.findtext(".//k:Style[@id='opposition']/k:IconStyle/k:color", namespaces=KML_NS)
    assert colour == "ff" + "739e00"
    assert bundled().settings.actors["opposition"].colour == "#009e73"
    assert tree.findall(".//k:href", namespaces=KML_NS) == []


def test_csv_comes_back_as_the_same_table() -> None:
    """Read by pandas, each column and row is that of the control table."""
    table = control_table(bundled())
    read = pd.read_csv(io.BytesIO(export(bundled(), "csv")), parse_dates=list(DAY_COLUMNS))
    assert list(read.columns) == list(CONTROL)
    assert len(read) == len(table)
    for column in table.columns:
        if column in ("contenders", "disputed_by", "basis"):
            back = [tuple(cell.split(";")) if isinstance(cell, str) else () for cell in read[column]]
            assert back == table[column].tolist(), column
        elif column in DAY_COLUMNS:
            assert read[column].astype("datetime64[s]").equals(table[column].astype("datetime64[s]")), column
        else:
            assert read[column].fillna("").tolist() == table[column].fillna("").tolist(), column


def test_the_package_passes_a_checker(tmp_path: Path) -> None:
    """Every table in the zip keeps to its description; the control table and the articles are among them."""
    with zipfile.ZipFile(io.BytesIO(export(bundled(), "zip"))) as archive:
        archive.extractall(tmp_path)
    package = Package(str(tmp_path / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["fieldName", "note"])[:5]
    assert {"claims", "places", "control", "articles"} <= set(package.resource_names)
    assert len(list(csv.reader((tmp_path / "claims.csv").open(encoding="utf-8")))) == len(bundled().claims) + 1


def test_no_claim_leaves_unreviewed(tmp_path: Path) -> None:
    """A claim that no editor has read is in no file."""
    folder = Path(shutil.copytree(SEEDS, tmp_path / "story"))
    claims = folder / "claims.csv"
    text = claims.read_text(encoding="utf-8")
    spoilt = text.replace(",Dateline desk (two readings),2026-11-22,", ",,,", 1)
    assert spoilt != text
    claims.write_text(spoilt, encoding="utf-8")
    story = read_story(folder)
    (draft,) = story.drafts
    archive = zipfile.ZipFile(io.BytesIO(export(story, "zip")))
    files = [archive.read(name) for name in archive.namelist() if name != "datapackage.json"]
    files += [export(story, form) for form in ("csv", "geojson", "kml")]
    assert all(draft.claim_id.encode() not in content for content in files)


def test_text_of_a_story_stays_text(hostile: Story) -> None:
    """Markup and formulas in names and titles come out as they were written, in no format as something that acts."""
    rows = list(csv.DictReader(io.StringIO(export(hostile, "csv").decode())))
    assert {row["name"] for row in rows if row["place_id"] == "saraqeb"} == {"'" + HOSTILE}
    told = features(json.loads(export(hostile, "geojson", date(2024, 12, 6))), "places")
    assert next(one["properties"]["name"] for one in told if one["properties"]["place_id"] == "saraqeb") == HOSTILE
    tree = etree.fromstring(export(hostile, "kml", date(2024, 12, 6)))
    assert HOSTILE in tree.xpath("//k:Placemark/k:name/text()", namespaces=KML_NS)
    assert tree.findtext(".//k:Document/k:name", namespaces=KML_NS) == HOSTILE + "\ufffd"
    for description in tree.xpath("//k:description/text() | //k:value/text()", namespaces=KML_NS):
        assert "<" not in description  # what a viewer reads as HTML holds no tag


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_story_gives_the_same_bytes(form: str) -> None:
    assert export(read_story(SEEDS), form) == export(read_story(SEEDS), form)


def test_names_of_files_say_story_and_day() -> None:
    story = bundled()
    assert export_name(story, "csv") == "syria-november-december-2024.csv"
    assert export_name(story, "kml", date(2024, 12, 5)) == "syria-november-december-2024-2024-12-05.kml"
    assert export_name(story, "csv", None, date(2024, 12, 1)) == "syria-november-december-2024-known-2024-12-01.csv"


@pytest.mark.parametrize(("form", "on"), [("xml", None), ("csv", date(2031, 1, 1)), ("zip", date(2024, 12, 5))])
def test_what_cannot_be_had_is_refused(form: str, on: date | None) -> None:
    with pytest.raises(DatelineError):
        export(bundled(), form, on)


def test_a_retracted_story_has_no_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its export is a problem in the data, named with the reason."""
    folder = Path(shutil.copytree(SEEDS, tmp_path / "story"))
    toml = folder / "story.toml"
    toml.write_text('retracted = "Two reports were forged."\n' + toml.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(StoryError):
        export(read_story(folder), "csv")
    assert main(["export", "--story", str(folder)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "Two reports were forged." in said.err


def test_the_command_prints_or_writes(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Without --out the data is printed; a folder gets a file of the story's own name; no other file is left."""
    assert main(["export", "--story", str(SEEDS), "--format", "geojson", "--on", "2024-12-05"]) == 0
    printed = capsysbinary.readouterr().out
    assert printed == export(bundled(), "geojson", date(2024, 12, 5))
    assert main(["export", "--story", str(SEEDS), "--format", "geojson", "--on", "2024-12-05", "--out", str(tmp_path)]) == 0
    (file,) = tmp_path.iterdir()
    assert (file.name, file.read_bytes()) == ("syria-november-december-2024-2024-12-05.geojson", printed)
    assert main(["export", "--story", str(SEEDS), "--out", str(tmp_path / "none" / "x.csv")]) == 2


def test_the_table_for_readers_is_in_words() -> None:
    """One row a place, what is reported before the background; no code of the table is left in it."""
    rows = who_holds_what(bundled(), control_table(bundled()), date(2024, 12, 6))
    assert len(rows) == len(state_on(control_table(bundled()), date(2024, 12, 6)))
    aleppo = next(row for row in rows if row["Place"] == "Aleppo")
    assert (aleppo["Holder"], aleppo["Since"]) == ("Opposition, group not named", "30 November 2024")
    assert "NewsBytes" in aleppo["Publishers"]
    assert "(background)" in rows[-1]["Status"]
