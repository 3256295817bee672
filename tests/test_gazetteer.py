"""The gazetteer finds places under every spelling, says what is ambiguous, and guesses nothing."""

from __future__ import annotations

import contextlib
import csv
import math
import time

import pytest
from conftest import SEEDS, SHARED
from geopy.exc import GeocoderQueryError, GeocoderServiceError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders.base import Geocoder
from geopy.point import Point
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import DatelineError, Problem
from geo.gazetteer import AmbiguousPlace, Gazetteer, Match
from geo.kindwords import split_kind
from geo.places import Place, read_places
from geo.spelling import Level, exact

PROBLEMS: list[Problem] = []
GEONAMES = list(read_places(SEEDS / "gazetteer.csv", "gazetteer.csv", PROBLEMS))
STORY = [
    Place("saraqeb", "Saraqeb", "town", 35.86447, 36.80591, "SY", "12", "سراقب", geonameid=164816),
    Place("aleppo", "Aleppo", "city", 36.20124, 37.16117, "SY", "09", "حلب", geonameid=170063, population=1602264),
    Place(
        "aleppo-province", "Aleppo province", "province", 36.3, 37.4, "SY", "09", aliases=("Halab Governorate",), precision=3
    ),
    Place("hama-province", "Hama Governorate", "province", 35.1, 37.0, "SY", "10", precision=3),
    Place("idlib-province", "Idlib province", "province", 35.8, 36.7, "SY", "12", precision=3),
    Place("aleppo-airport", "Aleppo airport", "airport", 36.1807, 37.2244, "SY", "09"),
    Place("hmeimim", "Hmeimim air base", "airbase", 35.4007, 35.9487, "SY", "02", aliases=("Hmeimim",)),
    Place("middle-east", "Middle East", "region", 30.0, 40.0, aliases=("Mideast",), precision=3),
]
GAZETTEER = Gazetteer([*STORY, *GEONAMES], countries=["SY"])


def town(place_id: str, name: str, *, country: str = "SY", population: int = 0, **other: object) -> Place:
    """Return a place to make small gazetteers of."""
    return Place(place_id, name, str(other.pop("kind", "town")), 35.0, 37.0, country, population=population, **other)  # type: ignore[arg-type]


def found(query: str, gazetteer: Gazetteer = GAZETTEER) -> object:
    """Return the id of the place that a query names, or None."""
    location = gazetteer.geocode(query)
    return None if location is None else location.raw["place_id"]


def test_the_bundled_gazetteer_has_no_bad_row() -> None:
    """Every row of the committed gazetteer must be read."""
    assert PROBLEMS == []
    assert sum(place.country == "SY" and place.is_settlement for place in GEONAMES) == 308


@pytest.mark.parametrize(
    ("query", "geonameid"),
    [
        ("Saraqeb", 164816),
        ("Saraqib", 164816),
        ("SARAQEB", 164816),
        ("Sarâqeb", 164816),
        ("سراقب", 164816),
        ("حلب", 170063),
        ("إدلب", 169389),
        ("ادلب", 169389),
        ("Salamiya", 164947),
        ("Salamiyah", 164947),
        ("As-Salamiyah", 164947),
        ("Salamieh", 164947),
        ("Deir ez-Zor", 170794),
        ("Deir al-Zour", 170794),
        ("Dayr az Zawr", 170794),
        ("Deir Ezzor", 170794),
        ("Muhrada", 166742),
        ("Maharda", 166742),
        ("Mhardeh", 166742),
        ("Lattakia", 173576),
        ("Latakia", 173576),
        ("Sweida", 172408),
        ("As-Suwayda", 172408),
        ("Suwaida", 172408),
        ("Hasakah", 173811),
        ("Al-Hasakah", 173811),
        ("Hassakeh", 173811),
        ("Kobani", 172256),
        ("Kobanî", 172256),
        ("Raqqa", 172955),
        ("Palmyra", 163808),
        ("Azaz", 172082),
        ("Tel Rifaat", 163476),
        ("UK", 2635167),
        ("Britain", 2635167),
        ("US", 6252001),
        ("U.S.", 6252001),
        ("Türkiye", 298795),
        ("the Netherlands", 2750405),
        ("Syria", 163843),
        ("Russia", 2017370),
        ("Moscow", 524901),
        ("Europe", 6255148),
    ],
)
def test_spellings_find_their_place(query: str, geonameid: int) -> None:
    """House spellings, transliterations and Arabic must all find the one place."""
    location = GAZETTEER.geocode(query)
    assert location is not None
    assert location.raw["geonameid"] == geonameid


def test_every_place_of_the_gold_annotations_is_found() -> None:
    """Each city and country that the annotated articles must yield has to resolve to its GeoNames id, without places.csv."""
    file = SHARED / "gold" / "places.csv"
    if not file.is_file():
        pytest.skip("the annotated articles are not beside the project")
    plain = Gazetteer(GEONAMES, countries=["SY"])
    rows = [row for row in csv.DictReader(file.open(encoding="utf-8")) if row["score"] == "req" and row["geonameid"]]
    wrong = [row["surface"] for row in rows if plain.geocode(row["surface"]).raw["geonameid"] != int(row["geonameid"])]
    assert len(rows) == 143
    assert wrong == []


@pytest.mark.parametrize("query", ["Wonderland", "Hamas", "Kurdish", "Country", "us", "", " ", ",", "(", "al-", "'"])
def test_what_is_no_place_is_none(query: str) -> None:
    """Nonsense, and words that merely resemble a place, must give None."""
    assert GAZETTEER.geocode(query) is None


@pytest.mark.parametrize(
    "query", ["a" * 10_000, "Al-" * 5_000, "\x00", "Homs\x00", "\ud800", "حلب\udfff", ", " * 99, "city of"]
)
def test_hostile_names_do_not_crash(query: str) -> None:
    """Long text, NUL and lone surrogates must be looked up like anything else."""
    assert isinstance(GAZETTEER.lookup(query), list)
    GAZETTEER.geocode(query)


@given(st.text(st.characters(), max_size=60))
def test_any_text_can_be_asked(query: str) -> None:
    """Any text must give a place, None, or a clear ambiguity."""
    with contextlib.suppress(AmbiguousPlace):
        location = GAZETTEER.geocode(query)
        assert location is None or location.raw["place_id"] in GAZETTEER.places


@given(st.sampled_from([(place.place_id, name) for place in GAZETTEER.places.values() for name in place.names]))
def test_every_alias_finds_its_place(pair: tuple[str, str]) -> None:
    """Each spelling of each place must have that place among its matches, exactly."""
    place_id, name = pair
    assert Match(GAZETTEER.places[place_id], Level.EXACT) in GAZETTEER.lookup(name)


@given(st.sampled_from([name for place in GEONAMES for name in place.names]))
def test_matches_come_best_first(name: str) -> None:
    """No match may agree more closely than the one before it, and none may be there twice."""
    matches = GAZETTEER.lookup(name)
    assert [match.level for match in matches] == sorted((match.level for match in matches), reverse=True)
    assert len({match.place.place_id for match in matches}) == len(matches)


def test_the_answer_says_what_it_rests_on() -> None:
    """The location must carry the id, the kind, the level of spelling and the source."""
    location = GAZETTEER.geocode("Saraqib")
    assert location.address == "Saraqeb, Syria"
    assert (location.latitude, location.longitude) == (35.86447, 36.80591)
    assert location.raw == {
        "place_id": "saraqeb",
        "name": "Saraqeb",
        "kind": "town",
        "country": "SY",
        "admin1": "12",
        "geonameid": 164816,
        "precision": 1,
        "level": "exact",
        "ambiguous": [],
        "source": "",
    }
    assert GAZETTEER.geocode("el-saraqib").raw["level"] == "article"
    assert GAZETTEER.geocode("Sarakib").raw["level"] == "skeleton"


def test_a_story_place_takes_over_the_row_with_its_geonames_id() -> None:
    """A story's place must replace GeoNames' row, keep its own name and gain the row's spellings and population."""
    place = GAZETTEER.places["saraqeb"]
    assert "gn164816" not in GAZETTEER.places
    assert place.name == "Saraqeb"
    assert {"Saraqib", "Seraqib"} <= set(place.aliases)
    assert place.population == 34231
    assert GAZETTEER.places["aleppo"].population == 1602264


@pytest.mark.parametrize(
    ("query", "geonameid"), [("Georgia", 614540), ("Lebanon", 272103), ("Jordan", 248816), ("Djibouti", 223816)]
)
def test_a_country_comes_before_a_city_of_its_name(query: str, geonameid: int) -> None:
    """A name that is a country's must mean the country."""
    cities = [town("gn1", query, country="US", kind="city", population=9_000_000, geonameid=1)]
    location = Gazetteer([*GEONAMES, *cities], ["SY"]).geocode(query)
    assert location.raw["geonameid"] == geonameid
    assert "gn1" in location.raw["ambiguous"]


def test_the_storys_country_comes_before_larger_places_abroad() -> None:
    """A village of the story's country must win over a city elsewhere, and lose where the story is elsewhere."""
    places = [town("gn1", "Tyre", country="LB", population=135_000, kind="city", geonameid=1), town("gn2", "Tyre", geonameid=2)]
    assert found("Tyre", Gazetteer(places, ["SY"])) == "gn2"
    assert found("Tyre", Gazetteer(places, ["LB"])) == "gn1"


def test_the_larger_wins_and_the_other_is_named() -> None:
    """Tripoli must be the much larger one, and the answer must name the other."""
    location = GAZETTEER.geocode("Tripoli")
    assert location.address == "Tripoli, Libya"
    assert location.raw["ambiguous"] == ["gn266826"]
    assert found("Tripoli", Gazetteer(GEONAMES, ["LB"])) == "gn266826"


@pytest.mark.parametrize(
    ("query", "place_id"),
    [
        ("Tripoli, Lebanon", "gn266826"),
        ("Tripoli (Lebanon)", "gn266826"),
        ("Tripoli, Libya", "gn2210247"),
        ("Saraqeb, Syria", "saraqeb"),
        ("Saraqeb, Idlib", "saraqeb"),
        ("Saraqeb, Idlib province, Syria", "saraqeb"),
        ("حلب، سوريا", "aleppo"),
        ("Saraqeb, Hama province", None),
        ("Lebanon, New Hampshire", None),
        ("Lebanon, Lebanon", None),
        ("Jordan, Syria", None),
        ("Aleppo, Lebanon", None),
        ("Aleppo, Middle East", None),
    ],
)
def test_a_qualifier_must_fit(query: str, place_id: str | None) -> None:
    """What a place is said to lie in must choose among its candidates; where none fits, the answer must be None."""
    assert found(query) == place_id


@pytest.mark.parametrize(
    ("query", "place_id"),
    [
        ("Aleppo", "aleppo"),
        ("Aleppo city", "aleppo"),
        ("the city of Aleppo", "aleppo"),
        ("مدينة حلب", "aleppo"),
        ("Aleppo province", "aleppo-province"),
        ("Aleppo governorate", "aleppo-province"),
        ("province of Aleppo", "aleppo-province"),
        ("Aleppo's countryside", "aleppo-province"),
        ("Hama countryside", "hama-province"),
        ("Idlib governorate", "idlib-province"),
        ("Aleppo airport", "aleppo-airport"),
        ("Aleppo International Airport", "aleppo-airport"),
        ("Hmeimim", "hmeimim"),
        ("Hmeimim airbase", "hmeimim"),
        ("Hama airport", None),
        ("Homs province", None),
        ("Lebanon airport", None),
    ],
)
def test_a_word_for_its_kind_chooses_the_place(query: str, place_id: str | None) -> None:
    """A province or an airport must never be answered with the city it is named after."""
    assert found(query) == place_id


@pytest.mark.parametrize("text", ["", "the", "city", "of", "city of", "province", "airport of", "Aleppo", "مدينة"])
def test_a_kind_without_a_name_is_no_hint(text: str) -> None:
    """Words for a kind alone must be left as they are."""
    assert split_kind(text) == (text, frozenset())


def test_an_ambiguous_name_is_said_to_be_so() -> None:
    """Two towns of one name and like size must raise an error that names both, geopy's and ours at once."""
    with pytest.raises(AmbiguousPlace) as caught:
        GAZETTEER.geocode("Suran")
    assert isinstance(caught.value, DatelineError)
    assert isinstance(caught.value, GeocoderQueryError)
    assert {place.place_id for place in caught.value.candidates} == {"gn163913", "gn163915"}
    assert "gn163913" in str(caught.value)
    assert "gn163915" in str(caught.value)


def test_ambiguity_can_be_listed_or_resolved() -> None:
    """All candidates must be there for the asking, and a province must tell them apart."""
    both = GAZETTEER.geocode("Suran", exactly_one=False)
    assert [location.raw["place_id"] for location in both] == ["gn163915", "gn163913"]
    assert found("Suran, Hama Governorate") == "gn163915"
    assert GAZETTEER.geocode("Wonderland", exactly_one=False) is None


@pytest.mark.parametrize(
    ("larger", "smaller", "is_clear"),
    [
        (40_000, 10_000, True),
        (39_999, 10_000, False),
        (10_000, 10_000, False),
        (0, 0, False),
        (90_000, 0, False),
        (100_000, 0, True),
    ],
)
def test_only_a_clearly_larger_place_wins(larger: int, smaller: int, is_clear: bool) -> None:
    """Four times the inhabitants must decide, unknown numbers must not, save against a city."""
    places = [
        town("gn1", "Tall", population=larger, kind="city" if larger >= 100_000 else "town", geonameid=1),
        town("gn2", "Tall", population=smaller, geonameid=2),
    ]
    gazetteer = Gazetteer(places, ["SY"])
    assert bool(gazetteer.rivals(gazetteer.lookup("Tall"))) is not is_clear
    if is_clear:
        assert found("Tall", gazetteer) == "gn1"


def test_a_closer_spelling_beats_everything_else() -> None:
    """An exact name abroad must come before a story's place that is only spelled alike."""
    places = [town("own", "Al-Tell", population=9_000), town("gn1", "Tell", country="IQ", geonameid=1)]
    assert found("Tell", Gazetteer(places, ["SY"])) == "gn1"


def test_only_the_storys_places_are_found_by_skeleton() -> None:
    """A transliteration that GeoNames does not list must be found in the story's country and nowhere else."""
    places = [town("gn1", "Mahmudiyah", country="IQ", geonameid=1)]
    assert found("Mehmudiya", Gazetteer(places, ["IQ"])) == "gn1"
    assert found("Mehmudiya", Gazetteer(places, ["SY"])) is None


def test_names_can_feed_a_matcher() -> None:
    """Every spelling key must come with its place, best first for one key."""
    pairs = list(GAZETTEER.names())
    assert ("saraqib", GAZETTEER.places["saraqeb"]) in pairs
    assert [place.country for key, place in pairs if key == "tripoli"] == ["LY", "LB"]
    assert ("us", GAZETTEER.places["gn6252001"]) not in pairs
    assert ("US", GAZETTEER.places["gn6252001"]) in GAZETTEER.names(Level.EXACT)
    assert {exact(name) for place in STORY for name in place.names} <= {key for key, _ in GAZETTEER.names(Level.EXACT)}


@pytest.mark.parametrize("point", [(35.87, 36.80), "35.87, 36.80", Point(35.87, 36.80), Point(35.87, 36.80, 0.4)])
def test_reverse_finds_the_nearest_settlement(point: object) -> None:
    """The nearest town must be found, with its distance, however geopy writes a point."""
    location = GAZETTEER.reverse(point)
    assert location.raw["place_id"] == "saraqeb"
    assert location.raw["distance_km"] == pytest.approx(0.81, abs=0.05)


def test_reverse_keeps_to_its_limit() -> None:
    """Beyond the distance there must be None; airports and countries must never be the answer."""
    assert GAZETTEER.reverse((34.0, 39.9)) is None
    assert GAZETTEER.reverse((34.0, 39.9), distance_km=200).raw["kind"] in {"city", "town", "village"}
    near = GAZETTEER.reverse((36.1807, 37.2244), exactly_one=False)
    assert "aleppo-airport" not in [location.raw["place_id"] for location in near]
    distances = [location.raw["distance_km"] for location in near]
    assert distances == sorted(distances)
    assert max(distances) <= 10


@pytest.mark.filterwarnings("ignore:Latitude normalization")  # geopy warns before it refuses
@pytest.mark.parametrize(
    ("point", "km"), [((91.0, 0.0), 10), ("nowhere", 10), (None, 10), ((35.0, 37.0), -1), ((35.0, 37.0), math.nan)]
)
def test_reverse_refuses_what_is_no_point(point: object, km: float) -> None:
    """A point off the Earth and a distance that is none must raise our own error."""
    with pytest.raises(DatelineError):
        GAZETTEER.reverse(point, distance_km=km)


def test_a_query_must_be_text() -> None:
    """A structured query, which some services take, must be refused clearly."""
    with pytest.raises(DatelineError, match="is not text"):
        GAZETTEER.geocode({"city": "Homs"})  # type: ignore[arg-type]


def test_it_is_a_geocoder_that_works_with_a_rate_limiter() -> None:
    """geopy's limiter must be able to drive it, and its base class must not reach a network through it."""
    assert isinstance(GAZETTEER, Geocoder)
    limited = RateLimiter(GAZETTEER.geocode, min_delay_seconds=0.01, error_wait_seconds=0.01)
    assert [limited(query).raw["place_id"] for query in ("Saraqib", "Halab")] == ["saraqeb", "aleppo"]
    assert limited("Suran") is None
    assert len(limited("Suran", exactly_one=False, timeout=3)) == 2
    with pytest.raises(GeocoderServiceError, match="offline"):
        GAZETTEER._call_geocoder("https://example.invalid", lambda answer: answer)


def test_it_is_built_and_asked_quickly() -> None:
    """Building must take a fraction of a second and a look-up microseconds; the bounds leave room for a busy machine."""
    start = time.process_time()
    gazetteer = Gazetteer([*STORY, *GEONAMES], ["SY"])
    assert time.process_time() - start < 0.5
    start = time.process_time()
    for _ in range(1000):
        gazetteer.lookup("Saraqib")
    assert time.process_time() - start < 0.2
