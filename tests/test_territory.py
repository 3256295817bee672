"""Territory: cells cover the ground once, colour only what a status allows, and the front parts enemies only."""

from __future__ import annotations

import itertools
import json
import random
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.cells import great_circle, nearest
from geo.errors import DatelineError
from geo.territory import (
    Cells,
    Settlement,
    cells,
    colour,
    drawn_line,
    front_line,
    merged_line,
    over_days,
    rounded,
    shapes,
)

RADIUS, REACH = 12.0, 30.0
METRE = 1e-5  # degrees
SQUARE = shapely.box(36, 34, 37, 35)
RING = SQUARE.difference(shapely.box(36.4, 34.4, 36.6, 34.6))
ISLANDS = shapely.union_all(
    [shapely.box(36, 34, 36.4, 35), shapely.box(36.45, 34, 37, 34.45), shapely.Point(36.7, 34.8).buffer(0.1)]
)
FOES = {frozenset({"red", "blue"})}

outlines = st.sampled_from([SQUARE, RING, ISLANDS])
spots = st.tuples(st.integers(3360, 3540), st.integers(3560, 3740)).map(lambda spot: (spot[0] / 100, spot[1] / 100))
towns = st.lists(spots, max_size=25).map(
    lambda found: [Settlement(f"p{number:02}", lat, lon) for number, (lat, lon) in enumerate(found)]
)
quick = settings(max_examples=40, deadline=None)


def state(place: Settlement, status: str, holder: str | None, *, background: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "place_id": place.place_id,
        "status": status,
        "holder": holder,
        "background": background,
        "basis": (f"c-{place.place_id}",),
        "lat": place.lat,
        "lon": place.lon,
        "radiates": status in ("control", "reported"),
        "aged": False,
    } | more


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    columns = ["place_id", "status", "holder", "background", "basis", "lat", "lon", "radiates", "aged"]
    return pd.DataFrame(list(rows), columns=columns)


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Settlement], Cells, pd.DataFrame]:
    """Settlements with their cells, and a status for some of them."""
    places = draw(towns)
    rows = []
    for place in draw(st.lists(st.sampled_from(places), unique=True, max_size=8)) if places else []:
        status = draw(st.sampled_from(["control", "reported", "claimed", "contested", "under_attack"]))
        holder = draw(st.sampled_from(["red", "blue", "green", None]))
        rows.append(state(place, status, holder, background=draw(st.booleans()), aged=draw(st.booleans())))
    return places, cells(places, draw(outlines), RADIUS), table(*rows)


def holders(coloured: pd.DataFrame) -> dict[str, tuple[str, str]]:
    return {row.place_id: (row.holder, row.tier) for row in coloured.itertuples()}


def row_of_towns(*lons: float) -> list[Settlement]:
    return [Settlement(f"p{number}", 34.5, lon) for number, lon in enumerate(lons)]


@quick
@given(towns, outlines)
def test_cells_cover_no_point_twice(places: list[Settlement], outline: Any) -> None:
    """The areas of all cells add up to the area that they cover together."""
    made = cells(places, outline, RADIUS)
    together = shapely.union_all(list(made.polygons))
    assert sum(polygon.area for polygon in made.polygons) == pytest.approx(together.area, abs=1e-9)
    assert all(polygon.is_valid for polygon in made.polygons)


@quick
@given(towns, outlines)
def test_cells_stay_within_outline_radius_and_allowed_ground(places: list[Settlement], outline: Any) -> None:
    """No cell leaves the country, its circle or enters an excluded area."""
    banned = shapely.box(36.1, 34.1, 36.3, 34.6)
    made = cells(places, outline, RADIUS, [banned])
    where = {place.place_id: place for place in places}
    for ids, polygon in zip(made.place_ids, made.polygons, strict=True):
        assert outline.buffer(METRE).covers(polygon)
        assert not banned.buffer(-METRE).intersects(polygon)
        corners = shapely.get_coordinates(polygon)
        town = where[ids[0]]
        away = great_circle(np.full(len(corners), town.lat), np.full(len(corners), town.lon), corners[:, 1], corners[:, 0])
        assert away.max() < RADIUS * 1.001
        assert not banned.contains(shapely.Point(town.lon, town.lat))


@quick
@given(towns, outlines, st.lists(st.tuples(st.floats(34, 35), st.floats(36, 37)), max_size=30))
def test_ground_within_reach_belongs_to_the_nearest_place(
    places: list[Settlement], outline: Any, points: list[tuple[float, float]]
) -> None:
    """A point of the country lies in the cell of the place nearest to it, measured on the sphere."""
    made = cells(places, outline, RADIUS)
    cell_of = {place_id: cell for cell, ids in enumerate(made.place_ids) for place_id in ids}
    lats, lons = np.array([p.lat for p in places]), np.array([p.lon for p in places])
    unique = {(place.lat, place.lon): place.place_id for place in reversed(places)}
    for lat, lon in points:
        point = shapely.Point(lon, lat)
        if not places or not outline.buffer(-1e-4).contains(point):
            continue
        away = great_circle(np.full(len(lats), lat), np.full(len(lons), lon), lats, lons)
        near = sorted({(round(km, 6), unique[place.lat, place.lon]) for km, place in zip(away, places, strict=True)})
        is_clear = len(near) == 1 or near[1][0] > near[0][0] * 1.01 + 0.01
        if near[0][0] < RADIUS * 0.98 and is_clear:
            assert made.polygons[cell_of[near[0][1]]].buffer(METRE).contains(point)


@quick
@given(towns, outlines)
def test_every_edge_is_shared_to_the_vertex(places: list[Settlement], outline: Any) -> None:
    """Both cells of an edge have all of its vertices, so that no sliver shows between them; each edge stands once."""
    made = cells(places, outline, RADIUS)
    corners = [set(map(tuple, shapely.get_coordinates(polygon))) for polygon in made.polygons]
    for one, other, line in made.edges:
        assert one < other
        assert line.geom_type == "LineString"
        assert set(line.coords) <= corners[one]
        assert set(line.coords) <= corners[other]
    shared = sum(line.length for _, _, line in made.edges)
    outside = shapely.union_all(list(made.polygons)).length
    assert sum(polygon.length for polygon in made.polygons) == pytest.approx(2 * shared + outside, rel=1e-6, abs=1e-6)


@quick
@given(towns, outlines, st.randoms())
def test_the_order_of_settlements_does_not_matter(places: list[Settlement], outline: Any, chance: random.Random) -> None:
    """Shuffled settlements give the same cells and edges."""
    shuffled = list(places)
    chance.shuffle(shuffled)
    assert cells(places, outline, RADIUS) == cells(shuffled, outline, RADIUS)


@quick
@example([Settlement("a", 34.69, 35.93), Settlement("b", 34.72, 36.12)], SQUARE)  # a needle that rounding crosses
@given(towns, outlines)
def test_rounding_keeps_cells_valid_and_apart(places: list[Settlement], outline: Any) -> None:
    """Four decimals leave valid cells that overlap by no more than rounding moves a line."""
    short = [rounded(polygon) for polygon in cells(places, outline, RADIUS).polygons]
    assert all(polygon.is_valid for polygon in short)
    for polygon in short:
        coords = shapely.get_coordinates(polygon)
        assert (np.round(coords, 4) == coords).all()
    overlap = sum(polygon.area for polygon in short) - shapely.union_all(short).area
    assert abs(overlap) < 1e-4 * (1 + sum(polygon.length for polygon in short))


def test_one_place_has_a_round_cell() -> None:
    """A single settlement's cell is its circle: about the circle's area, no edges."""
    made = cells([Settlement("a", 34.5, 36.5)], SQUARE, RADIUS)
    km2 = made.polygons[0].area * 111.19**2 * np.cos(np.radians(34.5))
    assert made.place_ids == (("a",),)
    assert made.edges == ()
    assert 0.96 < km2 / (np.pi * RADIUS**2) < 1


def test_no_place_has_no_cells() -> None:
    """Without settlements, or without a country, there is nothing and no error."""
    assert cells([], SQUARE, RADIUS) == Cells()
    assert cells([Settlement("a", 34.5, 36.5)], shapely.Polygon(), RADIUS) == Cells()
    empty = colour(Cells(), [], table(), reach_km=REACH)
    assert empty.empty
    assert front_line(Cells(), empty, FOES).empty
    assert shapes(Cells(), empty).empty
    assert merged_line(Cells(), front_line(Cells(), empty, FOES)).empty


def test_two_places_on_one_spot_share_a_cell() -> None:
    """The cell carries both names, sorted, and either one's status colours it."""
    twins = [Settlement("b", 34.5, 36.5), Settlement("a", 34.50001, 36.49999)]
    made = cells(twins, SQUARE, RADIUS)
    assert made.place_ids == (("a", "b"),)
    coloured = colour(made, twins, table(state(twins[0], "control", "red")), reach_km=REACH)
    assert holders(coloured) == {"a": ("red", "reported")}


def test_two_places_on_one_spot_that_disagree_have_no_colour() -> None:
    """Neither word wins where two reports on one spot differ, there or nearby; a report outranks the background."""
    twins = [Settlement("a", 34.5, 36.5), Settlement("b", 34.5, 36.5), Settlement("c", 34.5, 36.6)]
    made = cells(twins, SQUARE, RADIUS)
    told = table(state(twins[0], "control", "red"), state(twins[1], "control", "blue"))
    assert colour(made, twins, told, reach_km=REACH).empty
    told = table(state(twins[0], "control", "red", background=True), state(twins[1], "control", "blue"))
    assert holders(colour(made, twins, told, reach_km=REACH)) == {"a": ("blue", "reported"), "c": ("blue", "modelled")}


def test_two_places_on_one_spot_that_agree_have_its_colour() -> None:
    """One word or two for one holder give one colour; it is aged only where both are."""
    twins = [Settlement("a", 34.5, 36.5), Settlement("b", 34.5, 36.5), Settlement("c", 34.5, 36.6)]
    made = cells(twins, SQUARE, RADIUS)
    old, new = state(twins[0], "control", "red", aged=True), state(twins[1], "reported", "red")
    for rows, aged in (((old, new), False), ((old, new | {"aged": True}), True)):
        coloured = colour(made, twins, table(*rows), reach_km=REACH)
        assert holders(coloured) == {"a": ("red", "reported"), "c": ("red", "modelled")}
        assert list(coloured["aged"]) == [aged, aged]


def test_one_place_colours_itself() -> None:
    """A single settlement under control has its cell, one shape and no front."""
    only = Settlement("a", 34.5, 36.5)
    made = cells([only], SQUARE, RADIUS)
    coloured = colour(made, [only], table(state(only, "control", "red")), reach_km=REACH)
    assert holders(coloured) == {"a": ("red", "reported")}
    assert shapes(made, coloured).at[0, "geometry"].equals(made.polygons[0])
    assert front_line(made, coloured, FOES).empty


@pytest.mark.parametrize(("lat", "lon"), [(34.5, 37.0), (35.0, 36.5), (34.0, 36.0)])
def test_a_place_exactly_on_the_border_has_the_half_of_its_cell_inside(lat: float, lon: float) -> None:
    """On an edge or a corner of the outline it is coloured like any other, and nothing is coloured abroad."""
    edge, inner = Settlement("edge", lat, lon), Settlement("inner", 34.5, 36.6)
    made = cells([edge, inner], SQUARE, RADIUS)
    told = table(state(edge, "control", "red"), state(inner, "control", "blue"))
    assert holders(colour(made, [edge, inner], told, reach_km=REACH))["edge"] == ("red", "reported")
    cell = made.polygons[made.place_ids.index(("edge",))]
    assert SQUARE.buffer(METRE).contains(cell)
    assert cell.distance(shapely.Point(lon, lat)) < METRE


def test_a_border_place_gets_what_lies_within_the_country() -> None:
    """A place just abroad has the part of its cell in the country; one far abroad has none."""
    made = cells([Settlement("near", 34.5, 37.05), Settlement("far", 34.5, 39)], SQUARE, RADIUS)
    assert made.place_ids == (("near",),)
    assert SQUARE.buffer(METRE).contains(made.polygons[0])


def test_a_place_in_an_excluded_area_has_no_cell_beyond_it() -> None:
    """A place within, or so near that the border cannot tell, colours nothing on the other side of the line."""
    banned = shapely.box(36, 34, 36.5, 35)
    places = [Settlement("in", 34.5, 36.49), Settlement("edge", 34.6, 36.503), Settlement("out", 34.5, 36.6)]
    made = cells(places, SQUARE, RADIUS, [banned])
    assert made.place_ids == (("out",),)
    assert made.polygons[0].bounds[0] == pytest.approx(36.5, abs=METRE)


@pytest.mark.parametrize("lat", [-89.0, 84.9, 90.0])
def test_places_near_a_pole_give_no_error(lat: float) -> None:
    """Beyond Mercator's reach a place has no cell."""
    made = cells([Settlement("a", lat, 36.5)], shapely.box(30, -90, 40, 90), RADIUS)
    assert len(made) == (abs(lat) < 85)


@pytest.mark.parametrize("radius", [0, -1, float("nan"), float("inf")])
def test_a_radius_that_is_none_is_refused(radius: float) -> None:
    """The error shows the value."""
    with pytest.raises(DatelineError, match=str(radius)):
        cells([], SQUARE, radius)


@pytest.mark.parametrize(("lat", "lon"), [(91, 0), (0, 181), (float("nan"), 0)])
def test_a_settlement_off_the_globe_is_refused(lat: float, lon: float) -> None:
    """The error names the place."""
    with pytest.raises(DatelineError, match="here"):
        Settlement("here", lat, lon)


@quick
@given(st.lists(spots, max_size=12), st.lists(spots, max_size=12), st.floats(1, 80))
def test_nearest_is_the_nearest_on_the_sphere(
    places: list[tuple[float, float]], sources: list[tuple[float, float]], reach: float
) -> None:
    """The tree on the plane gives what trying every source gives."""
    lat, lon = np.array(places, dtype=float).reshape(-1, 2).T
    to_lat, to_lon = np.array(sources, dtype=float).reshape(-1, 2).T
    found = nearest(lat, lon, to_lat, to_lon, reach)
    for place, source in enumerate(found):
        away = great_circle(np.full(len(to_lat), lat[place]), np.full(len(to_lat), lon[place]), to_lat, to_lon)
        if not len(away) or away.min() > reach + 1e-9:
            assert source == -1
        elif away.min() < reach - 1e-9:
            assert source >= 0
            assert away[source] == pytest.approx(away.min(), abs=1e-6)


def test_nearest_is_not_taken_from_the_plane() -> None:
    """Of two nearly equal distances the shorter on the sphere wins, though Mercator draws the northern one longer."""
    lat = np.array([60.0])
    north, south = np.array([60.1798]), np.array([59.82])
    found = nearest(lat, np.array([30.0]), np.concatenate([south, north]), np.array([30.0, 30.0]), 30)
    assert list(found) == [1]


def test_tiers_follow_what_the_colour_rests_on() -> None:
    """A reported place is reported, its neighbour modelled; from the background both are background; far is blank."""
    places = row_of_towns(36.1, 36.2, 36.6, 36.9)
    made = cells(places, SQUARE, RADIUS)
    report = colour(made, places, table(state(places[0], "reported", "red")), reach_km=REACH)
    assert holders(report) == {"p0": ("red", "reported"), "p1": ("red", "modelled")}
    assert list(report["from_place"]) == ["p0", "p0"]
    assert list(report["basis"]) == [("c-p0",), ("c-p0",)]
    before = colour(made, places, table(state(places[0], "control", "red", background=True)), reach_km=REACH)
    assert holders(before) == {"p0": ("red", "background"), "p1": ("red", "background")}


def test_a_place_under_attack_keeps_its_cell_and_spreads_nothing() -> None:
    """The holder's colour stays on the place itself; the cells around take nothing, not even from farther away."""
    places = row_of_towns(36.1, 36.2, 36.35)
    made = cells(places, SQUARE, RADIUS)
    told = table(state(places[0], "under_attack", "red"), state(places[2], "control", "blue"))
    assert holders(colour(made, places, told, reach_km=REACH)) == {"p0": ("red", "reported"), "p2": ("blue", "reported")}


@pytest.mark.parametrize("status", ["contested", "claimed"])
def test_contested_and_claimed_places_are_blank_and_block(status: str) -> None:
    """They have no colour, and the cells nearest to them take none from elsewhere."""
    places = row_of_towns(36.1, 36.15, 36.3)
    made = cells(places, SQUARE, RADIUS)
    told = table(state(places[0], status, "red"), state(places[2], "control", "blue"))
    assert holders(colour(made, places, told, reach_km=REACH)) == {"p2": ("blue", "reported")}


def test_a_cell_is_as_old_as_the_place_that_it_takes_its_colour_from() -> None:
    """What is aged ages the cells around it and no others; shapes keep the two apart; without the column nothing is aged."""
    places = row_of_towns(36.1, 36.2, 36.6, 36.7)
    made = cells(places, SQUARE, RADIUS)
    told = table(state(places[0], "control", "red", aged=True), state(places[3], "control", "red"))
    coloured = colour(made, places, told, reach_km=REACH)
    assert dict(zip(coloured["place_id"], coloured["aged"], strict=True)) == {"p0": True, "p1": True, "p2": False, "p3": False}
    assert list(shapes(made, coloured)[["tier", "aged"]].itertuples(index=False, name=None)) == [
        ("modelled", False),
        ("modelled", True),
        ("reported", False),
        ("reported", True),
    ]
    assert not colour(made, places, told.drop(columns="aged"), reach_km=REACH)["aged"].any()


def test_the_day_on_which_a_colour_ages_is_a_change() -> None:
    """Holder and tier stay; the entry of the day says that they are aged, and the next that they are not."""
    places = row_of_towns(36.5)
    made = cells(places, SQUARE, RADIUS)
    fresh, old = table(state(places[0], "control", "red")), table(state(places[0], "control", "red", aged=True))
    changes = over_days(made, places, [fresh, fresh, old, old, fresh], reach_km=10, hostile=FOES)
    assert changes.cells == (((0, "red", "reported", False), (2, "red", "reported", True), (4, "red", "reported", False)),)


def test_islands_of_each_side_in_the_other_are_ringed_apart() -> None:
    """Two islands of blue in red give two closed lines; an island of red in one of them gives a third."""
    places = [Settlement(f"p{row}{column}", 34.2 + row / 10, 36.15 + column / 12) for row in range(7) for column in range(9)]
    made = cells(places, SQUARE, RADIUS)
    ring = {f"p{row}{column}" for row in (2, 3, 4) for column in (1, 2, 3)} - {"p32"}
    blue = ring | {"p36"}
    told = table(*(state(place, "control", "blue" if place.place_id in blue else "red") for place in places))
    coloured = colour(made, places, told, reach_km=REACH)
    front = front_line(made, coloured, FOES)
    for line in (merged_line(made, front), drawn_line(made, front, [(place.lat, place.lon) for place in places])):
        assert list(line["solid"]) == [True] * 3
        assert all(geometry.is_closed for geometry in line["geometry"])
    areas = shapes(made, coloured).set_index("holder")["geometry"]
    assert len(shapely.get_parts(areas["blue"])) == 2
    assert len(shapely.get_parts(areas["red"])) == 2


def test_a_blank_place_is_never_coloured_by_inference() -> None:
    """A place named without a status stays blank next to a held one; with a status it has its colour."""
    places = row_of_towns(36.1, 36.2)
    made = cells(places, SQUARE, RADIUS)
    told = table(state(places[0], "control", "red"))
    assert holders(colour(made, places, told, reach_km=REACH, blank={"p1"})) == {"p0": ("red", "reported")}
    assert holders(colour(made, places, told, reach_km=REACH, blank={"p0"}))["p0"] == ("red", "reported")


def test_missing_statuses_and_holders_colour_nothing() -> None:
    """Empty, missing and unknown statuses are no status; a status without a holder has no colour."""
    places = row_of_towns(36.1, 36.2, 36.3)
    made = cells(places, SQUARE, RADIUS)
    told = table(state(places[0], "unknown", "red"), state(places[1], "", "red"), state(places[2], "control", None))
    told.loc[1, "status"] = np.nan
    assert colour(made, places, told, reach_km=REACH).empty


@quick
@given(stories(), st.sets(st.integers(0, 24), max_size=5))
def test_inference_never_colours_a_blank_contested_or_distant_place(
    story: tuple[list[Settlement], Cells, pd.DataFrame], blank: set[int]
) -> None:
    """Whatever the statuses, a coloured cell has its own status or takes it from a radiating place within the reach."""
    places, made, states = story
    unnamed = {f"p{number:02}" for number in blank}
    where = {place.place_id: place for place in places}
    told = states.set_index("place_id")
    for row in colour(made, places, states, reach_km=REACH, blank=unnamed).itertuples():
        ids = made.place_ids[row.cell]
        source, town = told.loc[row.from_place], where[ids[0]]
        assert row.holder == source["holder"]
        assert (row.tier == "background") == source["background"]
        assert not row.aged or source["aged"]
        if row.from_place in ids:
            assert source["status"] in ("control", "reported", "under_attack")
            assert row.tier != "modelled"
        else:
            assert not set(ids) & (unnamed | set(told.index))
            assert source["status"] in ("control", "reported")
            assert row.tier != "reported"
            away = great_circle(*(np.array([x]) for x in (town.lat, town.lon, source["lat"], source["lon"])))
            assert away[0] <= REACH


@quick
@given(stories())
def test_the_front_parts_enemies_and_rests_on_a_report(story: tuple[list[Settlement], Cells, pd.DataFrame]) -> None:
    """Each stretch lies between two enemies of whom one at least is reported; solid where both are."""
    places, made, states = story
    coloured = colour(made, places, states, reach_km=REACH).set_index("cell")
    front = front_line(made, coloured.reset_index(), FOES)
    drawn = set(front["edge"])
    for number, edge in enumerate(made.edges):
        sides = [coloured.loc[cell] if cell in coloured.index else None for cell in (edge.one, edge.other)]
        meets = all(side is not None for side in sides) and {side["holder"] for side in sides} == {"red", "blue"}
        told = [side is not None and side["tier"] != "background" for side in sides]
        assert (number in drawn) == (meets and any(told))
        if number in drawn:
            assert front.set_index("edge").at[number, "solid"] == all(told)


@quick
@given(stories())
def test_without_a_report_there_is_no_front(story: tuple[list[Settlement], Cells, pd.DataFrame]) -> None:
    """The background alone never draws a front line."""
    places, made, states = story
    coloured = colour(made, places, states.assign(background=True), reach_km=REACH)
    assert front_line(made, coloured, FOES).empty


def test_an_island_of_one_side_is_ringed_by_the_front() -> None:
    """A place held within the other side's ground is shut in by one closed line, dashed towards the background."""
    places = [Settlement(f"p{row}{column}", 34.3 + row / 10, 36.3 + column / 10) for row in range(5) for column in range(5)]
    made = cells(places, SQUARE, RADIUS)
    told = table(
        *(state(p, "control", "blue" if p.place_id == "p22" else "red", background=p.place_id != "p22") for p in places)
    )
    coloured = colour(made, places, told, reach_km=REACH)
    front = merged_line(made, front_line(made, coloured, FOES))
    assert list(front["solid"]) == [False]
    assert front.at[0, "geometry"].is_closed
    areas = shapes(made, coloured).set_index(["holder", "tier"])["geometry"]
    assert front.at[0, "geometry"].equals(areas["blue", "reported"].boundary)
    assert len(areas["red", "background"].interiors) == 1


def test_no_front_along_an_excluded_area() -> None:
    """Enemies on two sides of an excluded area do not meet."""
    places = row_of_towns(36.35, 36.65)
    banned = shapely.box(36.45, 34, 36.55, 35)
    told = table(state(places[0], "control", "red"), state(places[1], "control", "blue"))
    for exclude, count in (([], 1), ([banned], 0)):
        made = cells(places, SQUARE, 20, exclude)
        assert len(front_line(made, colour(made, places, told, reach_km=REACH), FOES)) == count


@quick
@given(stories())
def test_shapes_are_valid_and_cover_the_coloured_cells(story: tuple[list[Settlement], Cells, pd.DataFrame]) -> None:
    """Dissolving loses no ground and names every claim that a colour rests on."""
    places, made, states = story
    coloured = colour(made, places, states, reach_km=REACH)
    areas = shapes(made, coloured)
    assert all(geometry.is_valid for geometry in areas["geometry"])
    total = sum(made.polygons[cell].area for cell in coloured["cell"])
    assert sum(geometry.area for geometry in areas["geometry"]) == pytest.approx(total, abs=1e-9)
    assert {claim for claims in areas["basis"] for claim in claims} == {c for claims in coloured["basis"] for c in claims}


def test_only_changes_are_told() -> None:
    """A cell that keeps its holder has one entry; one that is taken, and an edge that opens, have the day of it."""
    places = row_of_towns(36.1, 36.3)
    made = cells(places, SQUARE, RADIUS)
    red, blue = state(places[0], "control", "red"), state(places[1], "control", "blue")
    days = [table(red), table(red), table(red, blue), table(red, blue | {"basis": ("c2",)}), table(red)]
    changes = over_days(made, places, days, reach_km=10, hostile=FOES)
    assert changes.cells == (((0, "red", "reported", False),), ((2, "blue", "reported", False), (4, None, None, False)))
    assert changes.edges == (((2, "solid"), (4, "none")),)


@quick
@given(stories(), st.lists(st.sampled_from(["all", "none", "half", "background"]), max_size=6))
def test_replaying_the_changes_gives_every_day(story: tuple[list[Settlement], Cells, pd.DataFrame], days: list[str]) -> None:
    """What changes, replayed, is each day's colours and front; nothing is told twice; it is JSON."""
    places, made, states = story
    kinds = {"all": states, "none": states[:0], "half": states[::2], "background": states.assign(background=True)}
    changes = over_days(made, places, [kinds[day] for day in days], reach_km=REACH, hostile=FOES)
    for lists, start in ((changes.cells, (None, None, False)), (changes.edges, ("none",))):
        for entries in lists:
            told = [start, *(entry[1:] for entry in entries)]
            assert all(one != other for one, other in itertools.pairwise(told))
            assert [entry[0] for entry in entries] == sorted({entry[0] for entry in entries})
    for day, kind in enumerate(days):
        coloured = colour(made, places, kinds[kind], reach_km=REACH)
        now = {cell: entry[1:] for cell, entries in enumerate(changes.cells) for entry in entries if entry[0] <= day}
        now = {cell: entry for cell, entry in now.items() if entry[0] is not None}
        assert now == {row.cell: (row.holder, row.tier, row.aged) for row in coloured.itertuples()}
        front = front_line(made, coloured, FOES)
        lines = {edge: entry[1] for edge, entries in enumerate(changes.edges) for entry in entries if entry[0] <= day}
        assert {edge: how for edge, how in lines.items() if how != "none"} == {
            row.edge: "solid" if row.solid else "dashed" for row in front.itertuples()
        }
    json.dumps([changes.cells, changes.edges])


def test_states_without_a_column_are_refused() -> None:
    """The error names the column."""
    with pytest.raises(DatelineError, match="radiates"):
        colour(Cells(), [], table().drop(columns="radiates"), reach_km=REACH)


def test_a_cell_without_its_settlement_is_refused() -> None:
    """Cells and settlements must belong together."""
    places = row_of_towns(36.1, 36.2)
    with pytest.raises(DatelineError, match="p1"):
        colour(cells(places, SQUARE, RADIUS), places[:1], table(state(places[0], "control", "red")), reach_km=REACH)
