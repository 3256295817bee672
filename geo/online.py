"""Online geocoders behind the gazetteer, for an editor's own scripts: nothing in the app or the commands starts one.

They are asked by `geo.fetching`, whatever way to their service they came with: public addresses only, bounded in size and time.

from geopy.geocoders import Nominatim
geocoder = chain(gazetteer, Nominatim(user_agent="the newsroom's name and address"), cache=Path("asked.jsonl"))
"""

from __future__ import annotations

import json
import logging
import math
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from geo.errors import DatelineError, shown
from geo.fetching import guarded
from geo.files import write_whole
from geo.gazetteer import NEARBY_KM, Gazetteer
from geo.places import NEAR

SLOWEST_RATE = 1.0
"""Seconds between two questions to one service at the least; public services ask for no more than one a second."""

_log = logging.getLogger(__name__)
_Answer = tuple[str, float, float] | None


def chain(
    gazetteer: Gazetteer,
    *online: Geocoder,
    cache: Path,
    min_delay_seconds: float = SLOWEST_RATE,
    report: Callable[[str], object] = _log.warning,
) -> Geocoder:
    """Return a geocoder that asks the gazetteer, then the online services in turn for what it lacks.

    An online answer has precision 2 (its spelling of the name was never checked), no place_id, and the service's name
    in `raw["source"]`. A name that is ambiguous in the gazetteer is never asked online.

    Parameters
    ----------
    online : geocoders of geopy; each gets `geo.fetching`'s way to its service in the place of its own
    cache : file of JSON lines that keeps every answer, also that nothing was found; delete it to ask again
    min_delay_seconds : between two questions to one service
    report : called with a sentence for each fault of a service or of the cache; no fault is raised

    Raises
    ------
    DatelineError : a delay below `SLOWEST_RATE`
    """
    if not min_delay_seconds >= SLOWEST_RATE:
        raise DatelineError(
            f"min_delay_seconds: {min_delay_seconds!r} is too fast; leave {SLOWEST_RATE} s or more between questions"
        )
    return _Chain(gazetteer, [_Service(service, min_delay_seconds) for service in online], _Cache(cache, report), report)


class _Service:
    """An online geocoder, its name, and a limit to how often it is asked."""

    def __init__(self, geocoder: Geocoder, delay: float) -> None:
        self.name = type(geocoder).__name__
        self.key = " ".join(filter(None, (self.name, getattr(geocoder, "domain", ""))))
        self.ask = RateLimiter(
            guarded(geocoder).geocode,
            min_delay_seconds=delay,
            max_retries=0,
            error_wait_seconds=delay,
            swallow_exceptions=False,
        )


class _Chain(Geocoder):  # type: ignore[misc]  # geopy has no types
    def __init__(self, gazetteer: Gazetteer, services: list[_Service], cache: _Cache, report: Callable[[str], object]) -> None:
        super().__init__(adapter_factory=lambda **_: gazetteer.adapter)
        self._gazetteer, self._services, self._cache, self._report = gazetteer, services, cache, report

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        found = self._gazetteer.geocode(query, exactly_one=exactly_one)
        if found:
            return found
        for service in self._services:
            answer = self._answer(service, query, timeout)
            if answer:
                location = _location(service, query, answer)
                return location if exactly_one else [location]
        return None

    def reverse(
        self, query: Any, *, exactly_one: bool = True, distance_km: float = NEARBY_KM, timeout: Any = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        return self._gazetteer.reverse(query, exactly_one=exactly_one, distance_km=distance_km)

    def _answer(self, service: _Service, query: str, timeout: Any) -> _Answer:
        if self._cache.has(service.key, query):
            return self._cache.get(service.key, query)
        waiting = {} if timeout is DEFAULT_SENTINEL else {"timeout": timeout}
        try:
            found = service.ask(query, exactly_one=True, **waiting)
            answer = None if found is None else _checked(found.address, found.latitude, found.longitude)
        # A service may fail in any way, a parser's among them; the editor goes on with what the gazetteer has.
        except Exception as error:
            self._report(f"{service.name}: “{shown(query)}” got no answer: {type(error).__name__}: {shown(error)}")
            return None
        self._cache.put(service.key, query, answer)
        return answer


def _location(service: _Service, query: str, answer: tuple[str, float, float]) -> Location:
    address, lat, lon = answer
    raw: dict[str, object] = {
        "place_id": None,
        "name": query,
        "kind": "",
        "country": "",
        "admin1": "",
        "geonameid": None,
        "precision": NEAR,
        "level": "online",
        "ambiguous": [],
        "source": service.name,
    }
    return Location(address, Point(lat, lon), raw)


def _checked(address: Any, lat: Any, lon: Any) -> tuple[str, float, float]:
    address, lat, lon = str(address), float(lat), float(lon)
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        raise ValueError(f"{lat}, {lon} is no position")
    return address, lat, lon


class _Cache:
    """Answers of services, in memory and as JSON lines; written beside and renamed, so that it is whole at any moment."""

    def __init__(self, path: Path, report: Callable[[str], object]) -> None:
        self._path, self._report, self._lock = path, report, threading.Lock()
        self._answers: dict[tuple[str, str], _Answer] = {}
        try:
            lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        except (OSError, UnicodeDecodeError) as error:
            report(f"{shown(path)} cannot be read, so answers are asked for again: {shown(error)}")
            lines = []
        for number, line in enumerate(lines, start=1):
            try:
                self._enter(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                report(f"{shown(path)}, line {number} is no answer and is left out: {shown(error)}")

    def has(self, service: str, query: str) -> bool:
        return (service, query) in self._answers

    def get(self, service: str, query: str) -> _Answer:
        return self._answers[service, query]

    def put(self, service: str, query: str, answer: _Answer) -> None:
        with self._lock:
            self._answers[service, query] = answer
            lines = [json.dumps(_line(key, value), sort_keys=True) for key, value in sorted(self._answers.items(), key=_key)]
            try:
                write_whole(self._path, "".join(f"{line}\n" for line in lines), lasting=False)
            except DatelineError as error:
                self._report(f"The answer is not kept: {error}")

    def _enter(self, line: dict[str, Any]) -> None:
        found = line["found"]
        answer = None if found is None else _checked(found["address"], found["lat"], found["lon"])
        self._answers[str(line["service"]), str(line["query"])] = answer


def _key(item: tuple[tuple[str, str], _Answer]) -> tuple[str, str]:
    return item[0]


def _line(key: tuple[str, str], answer: _Answer) -> dict[str, Any]:
    found = None if answer is None else dict(zip(("address", "lat", "lon"), answer, strict=True))
    return {"service": key[0], "query": key[1], "found": found}
