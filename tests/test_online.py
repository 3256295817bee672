"""Online geocoders stand behind the gazetteer, are asked seldom, and never take a call down. No test leaves the machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from geopy.exc import GeocoderTimedOut
from geopy.geocoders import Nominatim
from geopy.geocoders.base import Geocoder
from geopy.location import Location
from geopy.point import Point
from test_fetching import stand_in

from geo.errors import DatelineError
from geo.gazetteer import AmbiguousPlace, Gazetteer
from geo.online import chain
from geo.places import Place

GAZETTEER = Gazetteer(
    [
        Place("saraqeb", "Saraqeb", "town", 35.86447, 36.80591, "SY"),
        Place("gn1", "Suran", "town", 35.3, 36.7, "SY", geonameid=1),
        Place("gn2", "Suran", "town", 36.6, 37.2, "SY", geonameid=2),
    ],
    countries=["SY"],
)


class Fake(Geocoder):  # type: ignore[misc]
    """A service that knows Rmeilan, fails for "broken" and answers nonsense for "nonsense"."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, Any]] = []

    def geocode(self, query: str, *, exactly_one: bool = True, timeout: Any = None) -> Location | None:
        self.asked.append((query, timeout))
        if query == "broken":
            raise GeocoderTimedOut("no answer")
        if query == "nonsense":
            return object()  # type: ignore[return-value]
        return Location("Rmeilan, Syria", Point(36.97, 41.8), {"osm_id": 1}) if query == "Rmeilan" else None


@pytest.fixture
def reports() -> list[str]:
    return []


@pytest.fixture
def fake() -> Fake:
    return Fake()


def test_the_gazetteer_is_asked_first(tmp_path: Path, fake: Fake) -> None:
    """What the gazetteer knows, or knows to be ambiguous, must never be asked online."""
    geocoder = chain(GAZETTEER, fake, cache=tmp_path / "asked.jsonl")
    assert geocoder.geocode("Saraqib").raw["place_id"] == "saraqeb"
    assert geocoder.geocode("Suran", exactly_one=False)[1].raw["place_id"] == "gn2"
    assert geocoder.reverse((35.87, 36.8)).raw["place_id"] == "saraqeb"
    with pytest.raises(AmbiguousPlace):
        geocoder.geocode("Suran")
    assert fake.asked == []
    assert not (tmp_path / "asked.jsonl").exists()


def test_an_online_answer_is_marked_as_such(tmp_path: Path, fake: Fake) -> None:
    """It must carry the service's name, precision 2 and no place_id, and look like the gazetteer's own otherwise."""
    geocoder = chain(GAZETTEER, fake, cache=tmp_path / "asked.jsonl")
    location = geocoder.geocode("Rmeilan", timeout=7)
    assert (location.address, location.latitude, location.longitude) == ("Rmeilan, Syria", 36.97, 41.8)
    assert location.raw["source"] == "Fake"
    assert location.raw["precision"] == 2
    assert location.raw["place_id"] is None
    assert location.raw.keys() == GAZETTEER.geocode("Saraqeb").raw.keys()
    assert fake.asked == [("Rmeilan", 7)]


def test_an_answer_is_asked_for_once_and_kept(tmp_path: Path, fake: Fake) -> None:
    """Found or not found, a second chain over the same file must not ask again."""
    cache = tmp_path / "asked.jsonl"
    first = chain(GAZETTEER, fake, cache=cache)
    assert first.geocode("Rmeilan", exactly_one=False)[0].latitude == 36.97
    assert first.geocode("\ud800حقل رميلان") is None
    kept = [json.loads(line) for line in cache.read_text(encoding="utf-8").splitlines()]
    assert [line["found"] and line["found"]["lat"] for line in kept] == [36.97, None]
    assert list(tmp_path.iterdir()) == [cache]
    second = chain(GAZETTEER, fake, cache=cache)
    assert second.geocode("Rmeilan").longitude == 41.8
    assert second.geocode("\ud800حقل رميلان") is None
    assert len(fake.asked) == 2


@pytest.mark.parametrize("query", ["broken", "nonsense"])
def test_a_fault_is_reported_and_not_kept(tmp_path: Path, fake: Fake, reports: list[str], query: str) -> None:
    """A service that fails must leave None, a sentence that names it, and nothing in the cache."""
    geocoder = chain(GAZETTEER, fake, cache=tmp_path / "asked.jsonl", report=reports.append)
    assert geocoder.geocode(query) is None
    assert len(reports) == 1
    assert "Fake" in reports[0]
    assert query in reports[0]
    assert not (tmp_path / "asked.jsonl").exists()


def test_a_damaged_cache_loses_only_its_bad_lines(tmp_path: Path, fake: Fake, reports: list[str]) -> None:
    """Lines that are no answers must be reported with their number, and the rest be used."""
    good = {"service": "Fake", "query": "Rmeilan", "found": {"address": "Rmeilan", "lat": 36.9, "lon": 41.7}}
    far = {**good, "query": "Far", "found": {"address": "Far", "lat": 99.0, "lon": 0.0}}
    cache = tmp_path / "asked.jsonl"
    cache.write_text(f"{{\n{json.dumps(far)}\n[]\n{json.dumps(good)}\n", encoding="utf-8")
    geocoder = chain(GAZETTEER, fake, cache=cache, report=reports.append)
    assert [report.split(",")[1].split()[:2] for report in reports] == [["line", "1"], ["line", "2"], ["line", "3"]]
    assert geocoder.geocode("Rmeilan").latitude == 36.9
    assert fake.asked == []


def test_a_cache_that_cannot_be_written_is_reported(tmp_path: Path, fake: Fake, reports: list[str]) -> None:
    """The answer must still be given where the disk refuses to keep it."""
    geocoder = chain(GAZETTEER, fake, cache=tmp_path / "absent" / "asked.jsonl", report=reports.append)
    assert geocoder.geocode("Rmeilan").latitude == 36.97
    assert "cannot be written" in reports[0]


@pytest.mark.parametrize("delay", [0.0, 0.99, -1.0, float("nan")])
def test_services_are_not_asked_faster_than_they_allow(tmp_path: Path, fake: Fake, delay: float) -> None:
    """Less than a second between questions must be refused."""
    with pytest.raises(DatelineError, match="min_delay_seconds"):
        chain(GAZETTEER, fake, cache=tmp_path / "asked.jsonl", min_delay_seconds=delay)


def test_two_questions_are_a_second_apart(tmp_path: Path, fake: Fake) -> None:
    """The limit must hold between questions to one service."""
    geocoder = chain(GAZETTEER, fake, cache=tmp_path / "asked.jsonl")
    start = time.monotonic()
    geocoder.geocode("Here")
    geocoder.geocode("There")
    assert time.monotonic() - start >= 1.0
    assert len(fake.asked) == 2


class _Answers(BaseHTTPRequestHandler):
    """Answers as Nominatim's search does."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)["q"][0]
        self.asked.append(query)
        found = [{"lat": "36.9700", "lon": "41.8000", "display_name": "Rmeilan, Al-Hasakah, Syria", "osm_id": 5}]
        body = json.dumps(found if query == "Rmeilan" else []).encode()
        self.send_response(503 if query == "Down" else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test run quiet."""


@pytest.fixture
def server() -> Iterator[str]:
    _Answers.asked.clear()
    server = HTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_nominatim_works_behind_the_gazetteer(
    tmp_path: Path, server: str, reports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """geopy's own Nominatim, at a name that leads here, must be asked for what is missing, and its failure reported."""
    stand_in(monkeypatch, int(server.rsplit(":", 1)[1]))
    service = Nominatim(domain="nominatim.example", scheme="http", user_agent="dateline-tests", timeout=5)
    geocoder = chain(GAZETTEER, service, cache=tmp_path / "asked.jsonl", report=reports.append)
    assert geocoder.geocode("Saraqeb").raw["place_id"] == "saraqeb"
    location = geocoder.geocode("Rmeilan")
    assert (location.latitude, location.longitude) == (36.97, 41.8)
    assert location.raw["source"] == "Nominatim"
    assert geocoder.geocode("Down") is None
    assert _Answers.asked == ["Rmeilan", "Down"]
    assert len(reports) == 1
