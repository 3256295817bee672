"""The gazetteer: names -> places, offline, as a geocoder of geopy.

    gazetteer = Gazetteer([*read_places(...), *read_places(...)], countries=["SY"])
    gazetteer.geocode("Saraqib").raw["place_id"]

The story's own places come first, GeoNames' rows after. A name is looked up at the closest level of spelling that has
it (`geo.spelling.Level`); of places with one name the story's own countries win, then countries, then the larger.
What stays ambiguous is said to be so; what is not there is None, never the nearest thing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from geopy.adapters import BaseSyncAdapter
from geopy.distance import great_circle
from geopy.exc import GeocoderQueryError, GeocoderServiceError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from geo.errors import DatelineError, shown
from geo.kindwords import split_kind
from geo.places import SETTLEMENTS, Place
from geo.spelling import LONGEST, Level, are_alike, bare, key, keys

CLEARLY_LARGER = 4
"""How many times the inhabitants of another place of its name make a place the one that is meant."""

NEARBY_KM = 10.0
"""How far `reverse` looks by default, in km."""

_KM_PER_DEGREE = 111.0
_SETTLED = frozenset({"country", "continent", "region"})  # kinds that English spells in one way: no skeletons


# geopy ships no types, and its own errors (GeocoderTimedOut) carry no suffix.
class AmbiguousPlace(DatelineError, GeocoderQueryError):  # type: ignore[misc]  # noqa: N818
    """A name that two or more places have, and nothing tells which is meant.

    Attributes
    ----------
    query : what was asked
    candidates : the places it may be, at least two
    """

    def __init__(self, query: str, candidates: Sequence[Place]) -> None:
        self.query = query
        self.candidates = tuple(candidates)
        listed = " or ".join(f"{place.place_id} ({place.kind} {shown(place.name)})" for place in candidates)
        super().__init__(f"place: “{shown(query)}” is {listed}; say which by a province, a kind or an alias in places.csv")


@dataclass(frozen=True, slots=True)
class Match:
    """A place that a name may mean, and how closely the spelling agrees."""

    place: Place
    level: Level


class _Offline(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no types
    """Keeps geopy's base class from opening connections."""

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        raise GeocoderServiceError("the gazetteer is offline")

    get_text = get_json


class Gazetteer(Geocoder):  # type: ignore[misc]  # geopy has no types
    """An offline geocoder over a story's places.

    Works with `geopy.extra.rate_limiter.RateLimiter`. Note that the limiter takes `AmbiguousPlace` for a fault of a
    service, tries again and returns None: ask with `exactly_one=False`, or with `max_retries=0`.

    Parameters
    ----------
    places : the story's own places first, then GeoNames' rows (place_id "gn" and the GeoNames id). A row whose
        GeoNames id an earlier place has is not a place of its own: its spellings go to that place, and so do its
        province, Arabic name and population where that place has none. Of two places with one place_id the first stands
    countries : the story's countries, ISO 3166-1 alpha-2
    """

    def __init__(self, places: Iterable[Place], countries: Sequence[str]) -> None:
        super().__init__(adapter_factory=_Offline)
        self._countries = frozenset(countries)
        self._places = _merged(places)
        self._country_names = {place.country: place.name for place in self._places.values() if place.kind == "country"}
        self._settlements = sorted(
            (place for place in self._places.values() if place.is_settlement), key=lambda place: (place.lat, place.place_id)
        )
        self._index: dict[Level, dict[str, list[Place]]] = {level: {} for level in Level if level is not Level.SKELETON}
        self._hinted: dict[str, list[Place]] = {}
        # Best first, so that every list of the index is.
        for place in sorted(self._places.values(), key=self._rank):
            self._enter(place)

    @property
    def places(self) -> dict[str, Place]:
        """Every place by id, with the spellings it took over from GeoNames."""
        return dict(self._places)

    def lookup(self, name: str) -> list[Match]:
        """Return every place that a name may mean, best first; an empty list for none, never an error.

        Looks at exact, folded and article-free spelling, and only where these find nothing at the skeleton, which only
        the story's own places and those in its countries have.
        """
        if len(name) > LONGEST:
            return []
        found: dict[str, Match] = {}
        for level, spelled in zip((Level.EXACT, Level.FOLDED, Level.ARTICLE), keys(name), strict=True):
            for place in self._index[level].get(spelled, ()):
                found.setdefault(place.place_id, Match(place, level))
        if not found:
            for place in self._skeletons.get(key(name, Level.SKELETON), ()):
                if any(are_alike(name, other) for other in place.names):
                    found[place.place_id] = Match(place, Level.SKELETON)
        return list(found.values())

    def names(self, level: Level = Level.FOLDED) -> Iterator[tuple[str, Place]]:
        """Yield every key of a level with each place that has it, best first for one key, to build a matcher from.

        Abbreviations (US) have keys at `Level.EXACT` only.
        """
        index = self._skeletons if level is Level.SKELETON else self._index[level]
        for spelled, places in index.items():
            for place in places:
                yield spelled, place

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """Return the place that a query names, or None.

        Parameters
        ----------
        query : a name, alone, with a word for its kind ("Aleppo province", "city of Homs") or with what it lies in
            ("Tripoli, Lebanon", "Saraqeb (Idlib province)"). Where no candidate fits, the answer is None
        exactly_one : False returns every candidate, best first
        timeout : not used; nothing is waited for

        Returns
        -------
        Location with the address "name, country" and in `raw`: place_id, name, kind, country, admin1, geonameid,
        precision, level, source and ambiguous, the place_ids of others that the name fits as closely

        Raises
        ------
        AmbiguousPlace : with exactly_one, nothing tells which of several places is meant
        DatelineError : the query is no text
        """
        if not isinstance(query, str):
            raise DatelineError(f"query: {shown(query)!r} is not text; ask for a name")
        matches = self._candidates(query) if len(query) <= LONGEST else []
        if not matches:
            return None
        if not exactly_one:
            return [self._location(match, matches) for match in matches]
        rivals = self.rivals(matches)
        if rivals:
            raise AmbiguousPlace(query, [matches[0].place, *rivals])
        return self._location(matches[0], matches)

    def rivals(self, matches: Sequence[Match]) -> list[Place]:
        """Return the places that the first of some matches does not clearly outrank; an empty list where it wins."""
        if not matches:
            return []
        best = matches[0]
        standing = self._standing(best.place)
        equals = [match.place for match in matches[1:] if match.level is best.level]
        return [place for place in equals if self._standing(place) == standing and not _is_clearly_larger(best.place, place)]

    def reverse(
        self, query: Any, *, exactly_one: bool = True, distance_km: float = NEARBY_KM, timeout: Any = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """Return the settlement nearest to a point by great circle, None where none is within `distance_km`.

        Parameters
        ----------
        query : a point as geopy takes it: (lat, lon) in degrees, "lat, lon" or a Point
        exactly_one : False returns every settlement within the distance, nearest first
        distance_km : km; `raw["distance_km"]` says how far it is

        Raises
        ------
        DatelineError : no such point on Earth, or a distance that is not a number from 0 up
        """
        try:
            point = Point(math.nan if query is None else query)  # geopy takes None for 0, 0
        except (TypeError, ValueError) as error:
            raise DatelineError(f"point: {shown(query)!r} is no position; write latitude and longitude in degrees") from error
        if not (math.isfinite(distance_km) and distance_km >= 0):
            raise DatelineError(f"distance_km: {distance_km!r} is not a number from 0 up")
        reach = distance_km / _KM_PER_DEGREE + 0.1
        near = [place for place in self._settlements if abs(place.lat - point.latitude) <= reach]
        here = (point.latitude, point.longitude)  # geopy measures no distance from an altitude
        measured = [(great_circle(here, (place.lat, place.lon)).km, place) for place in near]
        inside = sorted(
            ((km, place) for km, place in measured if km <= distance_km), key=lambda pair: (pair[0], pair[1].place_id)
        )
        found = []
        for km, place in inside[: 1 if exactly_one else None]:
            location = self._location(Match(place, Level.EXACT), [])
            location.raw["distance_km"] = round(km, 3)
            found.append(location)
        if exactly_one:
            return found[0] if found else None
        return found or None

    def _enter(self, place: Place) -> None:
        index = self._index
        for name in place.names:
            as_is, plain, without = keys(name)
            _add(index[Level.EXACT], as_is, place)
            _add(index[Level.FOLDED], plain, place)
            _add(index[Level.ARTICLE], without, place)
            if place.kind not in SETTLEMENTS:
                base, kinds = split_kind(name)
                if place.kind in kinds:
                    _add(self._hinted, bare(base), place)

    @cached_property
    def _skeletons(self) -> dict[str, list[Place]]:
        # Made when first wanted: most names are found without.
        index: dict[str, list[Place]] = {}
        for place in sorted(self._places.values(), key=self._rank):
            if self._standing(place)[0] and place.kind not in _SETTLED:
                for name in place.names:
                    _add(index, key(name, Level.SKELETON), place)
        return index

    def _standing(self, place: Place) -> tuple[bool, bool, bool, bool]:
        """Return what decides between places of one name, the most important first; greater is better."""
        is_own = place.place_id != f"gn{place.geonameid}"
        return (
            is_own or place.country in self._countries,
            place.kind == "country",
            is_own,
            place.kind in SETTLEMENTS,
        )

    def _rank(self, place: Place) -> tuple[tuple[bool, ...], int, str]:
        return tuple(not better for better in self._standing(place)), -place.population, place.place_id

    def _candidates(self, query: str) -> list[Match]:
        whole = self.lookup(query)
        if whole and whole[0].level > Level.ARTICLE:
            return whole
        name, *qualifiers = [part.strip() for part in re.split("[,،(]", query.replace(")", " "))]
        return [
            match
            for match in self._named(name)
            if all(self._lies_in(match.place, qualifier) for qualifier in qualifiers if qualifier)
        ]

    def _named(self, text: str) -> list[Match]:
        whole = self.lookup(text)
        base, kinds = split_kind(text)
        if not kinds or (whole and whole[0].level > Level.SKELETON):
            return whole
        # The word for a kind is part of some names ("Aleppo Governorate") and not of others.
        of_kind = [match for match in self.lookup(base) if match.place.kind in kinds]
        return of_kind or [Match(place, Level.ARTICLE) for place in self._hinted.get(bare(base), ()) if place.kind in kinds]

    def _lies_in(self, place: Place, qualifier: str) -> bool:
        around = [match.place for match in self._named(qualifier) if match.level > Level.SKELETON]
        return place.kind not in ("country", "continent") and any(
            other.country == place.country
            and (other.kind == "country" or (bool(place.admin1) and other.admin1 == place.admin1))
            for other in around
            if other.country
        )

    def _location(self, match: Match, matches: Iterable[Match]) -> Location:
        place = match.place
        country = self._country_names.get(place.country, place.country)
        address = place.name if place.kind == "country" or not country else f"{place.name}, {country}"
        raw = {
            "place_id": place.place_id,
            "name": place.name,
            "kind": place.kind,
            "country": place.country,
            "admin1": place.admin1,
            "geonameid": place.geonameid,
            "precision": place.precision,
            "level": match.level.name.lower(),
            "ambiguous": [other.place.place_id for other in matches if other.level is match.level and other.place != place],
            "source": place.source,
        }
        return Location(address, Point(place.lat, place.lon), raw)


def _add(index: dict[str, list[Place]], spelled: str, place: Place) -> None:
    if not spelled:
        return
    places = index.setdefault(spelled, [])
    # Places are entered one after the other, so a place that is there already is the last.
    if not places or places[-1] is not place:
        places.append(place)


def _merged(places: Iterable[Place]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    by_geonameid: dict[int, str] = {}
    for place in places:
        first = by_geonameid.get(place.geonameid) if place.geonameid is not None else None
        if first is not None and (place.place_id == f"gn{place.geonameid}" or place.place_id == first):
            found[first] = _with_names(found[first], place)
        elif place.place_id not in found:
            found[place.place_id] = place
            if place.geonameid is not None:
                by_geonameid.setdefault(place.geonameid, place.place_id)
    return found


def _with_names(place: Place, row: Place) -> Place:
    names = dict.fromkeys((*place.aliases, *row.names))
    return replace(
        place,
        aliases=tuple(name for name in names if name not in (place.name, place.arabic)),
        arabic=place.arabic or row.arabic,
        admin1=place.admin1 or row.admin1,
        population=place.population or row.population,
    )


def _is_clearly_larger(place: Place, other: Place) -> bool:
    if other.population:
        return place.population >= CLEARLY_LARGER * other.population
    # GeoNames counts 0 for unknown; it knows the inhabitants of cities.
    return place.kind == "city" and other.kind != "city"
