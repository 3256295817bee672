"""The base map: what the bundled one must hold, how bad files are told, and how a new one is derived."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from geo.basemap import Basemap, read_basemap
from geo.errors import DatelineError
from geo.outlines import DECIMALS, Disputed, write_basemap
from geo.places import Place

SEEDS = Path(__file__).parents[1] / "seeds"


def read(path: Path) -> tuple[Basemap, list[Any]]:
    problems: list[Any] = []
    return read_basemap(path, path.name, problems), problems


@pytest.fixture(scope="module")
def bundled() -> Basemap:
    basemap, problems = read(SEEDS / "basemap.json")
    assert problems == []
    return basemap


def lines(basemap: Basemap, layer: str, **properties: object) -> Any:
    found = [
        shapely.geometry.shape(feature["geometry"])
        for feature in basemap.features
        if feature["properties"]["layer"] == layer and properties.items() <= feature["properties"].items()
    ]
    return shapely.union_all(found)


def test_bundled_map_is_small_and_names_its_source() -> None:
    """The bundled base map costs a page less than 80 kB and says whose data it is."""
    basemap, _ = read(SEEDS / "basemap.json")
    assert (SEEDS / "basemap.json").stat().st_size < 80_000
    assert "Natural Earth" in basemap.attribution


def test_bundled_map_has_fourteen_provinces_with_codes_of_their_own(bundled: Basemap) -> None:
    """Every governorate is there once, under the GeoNames code that its towns carry."""
    by_code = {province.code: province for province in bundled.provinces}
    assert sorted(by_code) == [f"{number:02}" for number in range(1, 15)]
    for code, lon, lat in (("09", 37.16, 36.20), ("11", 36.73, 34.72), ("07", 40.14, 35.34), ("13", 36.29, 33.51)):
        assert by_code[code].geometry.intersects(shapely.Point(lon, lat))


def test_bundled_map_leaves_no_gap_between_areas(bundled: Basemap) -> None:
    """Provinces, neighbours and the disputed area share their vertices, and the provinces make up the country."""
    provinces = [province.geometry for province in bundled.provinces]
    areas = [*provinces, *(area.geometry for area in bundled.neighbours), *bundled.excluded]
    assert shapely.coverage_is_valid(areas)
    assert shapely.union_all(provinces).equals(bundled.outline)


def test_bundled_golan_is_apart_from_both_countries(bundled: Basemap) -> None:
    """The occupied Golan is one area of about 1,200 km², in no country's outline, and says why."""
    (golan,) = bundled.disputed
    assert golan.geometry.geom_type == "Polygon"
    assert 1_100 < golan.geometry.area * 111.2**2 * 0.839 < 1_300
    for place in (shapely.Point(35.77, 33.27), shapely.Point(35.69, 32.99)):  # Majdal Shams, Katzrin
        assert golan.geometry.contains(place)
        assert not bundled.outline.contains(place)
        assert not any(area.geometry.contains(place) for area in bundled.neighbours)
    assert bundled.outline.contains(shapely.Point(35.85, 33.13))  # Quneitra's side of the line
    assert "1967" in golan.note


def test_bundled_golan_has_both_lines_and_no_border(bundled: Basemap) -> None:
    """The edge towards Syria is the line of 1974 and never drawn as a border."""
    (golan,) = bundled.disputed
    line = lines(bundled, "disputed_line", story=True)
    assert line.length > 0.7
    assert line.equals(shapely.intersection(golan.geometry.boundary, bundled.outline.boundary))
    assert shapely.intersection(lines(bundled, "country_border"), line).length == 0
    assert lines(bundled, "disputed_line", story=False).length > 0.7


def test_bundled_borders_are_drawn_once(bundled: Basemap) -> None:
    """Province borders run inside the country only, and no stretch of line belongs to two layers."""
    inner, outer = lines(bundled, "province_border"), lines(bundled, "country_border")
    assert shapely.intersection(inner, bundled.outline.boundary).length == 0
    assert shapely.intersection(inner, outer).length == 0
    drawn = [
        part
        for feature in bundled.features
        if feature["geometry"]["type"] == "MultiLineString"
        for part in shapely.get_parts(shapely.geometry.shape(feature["geometry"]))
    ]
    assert sum(part.length for part in drawn) == pytest.approx(shapely.union_all(drawn).length)


def test_bundled_coordinates_are_short(bundled: Basemap) -> None:
    """No coordinate has more decimals than the file is made with."""
    for feature in bundled.features:
        coords = shapely.get_coordinates(shapely.geometry.shape(feature["geometry"]))
        assert (coords.round(DECIMALS) == coords).all()


def area(layer: str, west: float, south: float, east: float, north: float, **properties: object) -> dict[str, Any]:
    geometry = json.loads(shapely.to_geojson(shapely.box(west, south, east, north)))
    middle = [(west + east) / 2, (south + north) / 2]
    return {"type": "Feature", "properties": {"layer": layer, "label": middle, **properties}, "geometry": geometry}


def collection(*features: object, **more: object) -> str:
    return json.dumps({"type": "FeatureCollection", **more, "features": list(features)})


LAND = area("country", 0, 0, 2, 2, iso="AD", name="Andorra", story=True)


def test_areas_are_sorted_by_what_they_are(tmp_path: Path) -> None:
    """The story's countries make one outline; the others are neighbours."""
    path = tmp_path / "basemap.json"
    second = area("country", 2, 0, 4, 2, iso="ES", name="Spain", story=True)
    beyond = area("country", 4, 0, 6, 2, iso="FR", name="France", story=False)
    path.write_text(collection(LAND, second, beyond, attribution="whose"), encoding="utf-8")
    basemap, problems = read(path)
    assert problems == []
    assert basemap.outline.equals(shapely.box(0, 0, 4, 2))
    assert [neighbour.name for neighbour in basemap.neighbours] == ["France"]
    assert basemap.attribution == "whose"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"type":"FeatureCollection"}',
        '{"type":"FeatureCollection","features":{}}',
        '{"type":"Feature","features":[]}',
        collection(),
        "[" * 100_000,
        collection(LAND).replace("2.0", "NaN", 1),
    ],
)
def test_a_file_that_is_no_map_gives_a_problem_and_an_empty_map(tmp_path: Path, text: str) -> None:
    """Whatever stands in the file, reading gives problems that name it, and never an exception."""
    path = tmp_path / "basemap.json"
    path.write_text(text, encoding="utf-8")
    basemap, problems = read(path)
    assert basemap == Basemap()
    assert [problem.file for problem in problems] == ["basemap.json"]


def test_an_absent_or_undecodable_file_gives_a_problem(tmp_path: Path) -> None:
    """A file that is not there, or is not UTF-8, is told like any other fault."""
    path = tmp_path / "basemap.json"
    assert len(read(path)[1]) == 1
    path.write_bytes(b"\xff\xfe{}")
    assert [problem.field for problem in read(path)[1]] == ["encoding"]


def changed(**changes: object) -> dict[str, Any]:
    feature = area("country", 3, 0, 4, 2, iso="ES", name="Spain", story=False)
    for key, value in changes.items():
        feature["properties" if key in feature["properties"] else key] = value
    return feature


def faulty(**properties: object) -> dict[str, Any]:
    feature = changed()
    feature["properties"] |= properties
    return feature


BOWTIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


@pytest.mark.parametrize(
    ("feature", "field"),
    [
        (7, "properties"),
        ({"type": "Feature", "geometry": LAND["geometry"]}, "properties"),
        (faulty(layer="sea"), "layer"),
        (faulty(layer=["country"]), "layer"),
        (faulty(name=7), "name"),
        (faulty(story="yes"), "story"),
        (faulty(label=[1]), "label"),
        (faulty(label=["1", "2"]), "label"),
        (faulty(label=[1, 91]), "label"),
        (changed(geometry=None), "geometry"),
        (changed(geometry="POLYGON"), "geometry"),
        (changed(geometry={"type": "Point", "coordinates": [1, 1]}), "geometry"),
        (changed(geometry={"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}), "geometry"),
        (changed(geometry={"type": "Polygon", "coordinates": [[["a", 0], [1, 1], [1, 0], ["a", 0]]]}), "geometry"),
        (changed(geometry=BOWTIE), "geometry"),
        (area("country", 175, 0, 182, 2, iso="FJ", name="Fiji", story=False), "geometry"),
    ],
)
def test_a_bad_feature_is_left_out_and_told(tmp_path: Path, feature: object, field: str) -> None:
    """One bad feature costs that feature only; its problem says which one and what is wrong."""
    path = tmp_path / "basemap.json"
    path.write_text(collection(LAND, feature), encoding="utf-8")
    basemap, problems = read(path)
    assert basemap.outline.equals(shapely.box(0, 0, 2, 2))
    assert len(basemap.features) == 1
    assert [problem.field for problem in problems] == [f"feature 2, {field}"]


ZONE = Disputed("The strip", "held", "ES", line="new line", old_line="old line")


@pytest.fixture
def packages(tmp_path: Path) -> dict[str, Path]:
    """Files as the packages have them: Andorra 0-2°, Spain 2-5° of which 2-3° is beyond its recognised outline."""
    pytest.importorskip("pyogrio", reason="pyogrio is needed to derive base maps only")
    pytest.importorskip("geopandas", reason="geopandas is needed to derive base maps only")

    def shape(identity: dict[str, str], *bounds: float) -> dict[str, Any]:
        return {"type": "Feature", "properties": identity, "geometry": area("country", *bounds)["geometry"]}

    atlas = tmp_path / "countries-10m.json"
    countries = [
        shape({"id": "020", "name": "Andorra"}, 0, 0, 2, 2),
        shape({"id": "724", "name": "Spain"}, 2, 0, 5, 2),
        shape({"id": "250", "name": "France"}, 40, 40, 50, 50),
    ]
    atlas.write_text(collection(*countries, name="countries"), encoding="utf-8")
    folder = tmp_path / "data"
    folder.mkdir()
    # the provinces' drawing of the outline is 0.002° off, as in the packages
    provinces = [
        shape({"id": "AD.WE", "name": "West (Oeste)"}, 0.002, 0.001, 1, 2.002),
        shape({"id": "AD.EA", "name": "East"}, 1, 0.001, 1.8, 2.002),
        shape({"id": "AD", "name": "Zone"}, 1.8, 0.001, 1.998, 2.002),
    ]
    (folder / "and.topo.json").write_text(collection(*provinces, name="and"), encoding="utf-8")
    views = tmp_path / "views.json"
    views.write_text(collection(shape({"ISO_A2_EH": "ES"}, 3, 0, 5, 2), name="views"), encoding="utf-8")
    return {"atlas": atlas, "provinces": folder, "views": views}


TOWNS = [
    Place("a", "A", "town", 1.0, 0.5, "AD", "07"),
    Place("b", "B", "town", 1.1, 0.6, "AD", "07"),
    Place("c", "C", "town", 1.0, 0.9, "AD", "04"),  # on the wrong side of a rough border
    Place("d", "D", "town", 0.5, 1.5, "AD", "04"),
    Place("e", "E", "town", 0.5, 1.9, "AD", "04"),  # in the zone
    Place("f", "East province", "province", 1.0, 1.5, "AD", "04", precision=3),
    Place("g", "Andorre", "country", 1.0, 1.0, "AD"),
]


def test_a_derived_map_has_codes_by_vote_and_house_names(tmp_path: Path, packages: dict[str, Path]) -> None:
    """A province's code is its towns' by majority, a zone joins its province, and the story's names win."""
    path = tmp_path / "basemap.json"
    write_basemap(path, ["AD"], places=TOWNS, **packages)
    basemap, problems = read(path)
    assert problems == []
    by_code = {province.code: province for province in basemap.provinces}
    assert {code: province.name for code, province in by_code.items()} == {"04": "East province", "07": "West"}
    assert by_code["04"].geometry.equals(shapely.box(1, 0, 2, 2))
    assert basemap.outline.equals(shapely.box(0, 0, 2, 2))
    assert [feature["properties"]["name"] for feature in basemap.features[:2]] == ["Andorre", "Spain"]
    assert lines(basemap, "province_border").equals(shapely.LineString([(1, 0), (1, 2)]))
    assert lines(basemap, "country_border", story=True).equals(shapely.LineString([(2, 0), (2, 2)]))


def test_a_disputed_area_is_what_is_held_beyond_the_recognised_outline(tmp_path: Path, packages: dict[str, Path]) -> None:
    """It is taken out of the country that holds it, and its edges are lines of their own."""
    path = tmp_path / "basemap.json"
    write_basemap(path, ["AD"], places=TOWNS, disputed=[ZONE], **packages)
    basemap, _ = read(path)
    (strip,) = basemap.disputed
    assert strip.geometry.equals(shapely.box(2, 0, 3, 2))
    assert (strip.name, strip.note) == ("The strip", "held")
    assert basemap.neighbours[0].geometry.equals(shapely.box(3, 0, 5, 2))
    assert lines(basemap, "disputed_line", name="new line").equals(shapely.LineString([(2, 0), (2, 2)]))
    assert lines(basemap, "disputed_line", name="old line").equals(shapely.LineString([(3, 0), (3, 2)]))
    assert lines(basemap, "country_border").is_empty


def test_deriving_twice_gives_the_same_bytes(tmp_path: Path, packages: dict[str, Path]) -> None:
    """The order of places does not matter either."""
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    write_basemap(first, ["AD"], places=TOWNS, disputed=[ZONE], **packages)
    write_basemap(second, ["AD"], places=reversed(TOWNS), disputed=[ZONE], **packages)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("countries", "disputed", "words"),
    [
        ([], [], "none not in"),
        (["XX"], [], "XX"),
        (["AD"], [Disputed("a", "b", "FR")], "FR"),
        (["ES"], [], "esp.topo.json"),
    ],
)
def test_a_map_that_cannot_be_derived_says_why_and_leaves_the_old_one(
    tmp_path: Path, packages: dict[str, Path], countries: list[str], disputed: list[Disputed], words: str
) -> None:
    """An error names what is wrong; the file that was there stays as it was."""
    path = tmp_path / "basemap.json"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(DatelineError, match=words):
        write_basemap(path, countries, places=TOWNS, disputed=disputed, **packages)
    assert path.read_text(encoding="utf-8") == "old"
