"""Golden geometry: the territory and the front line of the bundled story, day by day, as files that only a command rewrites.

make golden                              writes tests/golden anew
PYTHONPATH=. python tests/goldens.py     says what differs from it, and writes nothing
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from geo.cells import rounded
from geo.control import control_table
from geo.story import Story, read_story
from geo.territory import shapes
from geo.theatre import Theatre

FOLDER = Path(__file__).resolve().parent / "golden"
DECIMALS = 3
RIM = 10.0**-DECIMALS
"""Degrees by which a border may stand elsewhere, about 100 m: what rounding does to it twice over."""
LENGTH = 0.01
"""The part of its length by which a line may be longer or shorter."""
APART = 0.005
"""Degrees that a line may lie off, about 500 m: a fifth of the distance that rounding its corners may move it."""

Collection = dict[str, Any]


def day_collection(theatre: Theatre, table: Any, day: date) -> Collection:
    """Return a day's shapes and front line as GeoJSON: properties say holder, tier, aged and the places of the cells."""
    coloured = theatre.coloured(table, day)
    places: dict[tuple[str, str, bool], list[str]] = defaultdict(list)
    for row in coloured.itertuples():
        places[row.holder, row.tier, row.aged] += theatre.cells.place_ids[row.cell]
    features = []
    for row in shapes(theatre.cells, coloured).itertuples():
        ids = sorted(places[row.holder, row.tier, row.aged])
        told = {"layer": "territory", "holder": row.holder, "tier": row.tier, "aged": row.aged, "places": ids}
        features.append(_feature(told, row.geometry))
    for row in theatre.front(table, day).itertuples():
        told = {"layer": "front_line", "holder": row.holder, "other": row.other, "solid": row.solid}
        features.append(_feature(told, row.geometry))
    return {"type": "FeatureCollection", "day": day.isoformat(), "features": features}


def collections(story: Story) -> dict[date, Collection]:
    """Return the collection of every day of a story, as known on its last."""
    theatre, table = Theatre(story), control_table(story)
    return {day: day_collection(theatre, table, day) for day in story.days}


def files(found: dict[date, Collection]) -> dict[str, Collection]:
    """Return the files to write, by name: the first day, and every day that differs from the one before."""
    days = sorted(found)
    return {
        f"territory-{day}.geojson": found[day]
        for at, day in enumerate(days)
        if at == 0 or found[day]["features"] != found[days[at - 1]]["features"]
    }


def golden_of(day: date) -> Collection:
    """Return the golden collection of a day: its own file's, or that of the last day before it that has one."""
    names = sorted(path for path in FOLDER.glob("territory-*.geojson") if path.stem <= f"territory-{day}")
    collection: Collection = json.loads(names[-1].read_text(encoding="utf-8"))
    return collection


def differences(found: Collection, golden: Collection) -> list[str]:
    """Return what differs between a day and its golden file, a sentence each: first colours of places, then geometry."""
    return [*_colours_apart(found, golden), *_ground_apart(found, golden), *_lines_apart(found, golden)]


def _colours_apart(found: Collection, golden: Collection) -> Iterable[str]:
    now, before = _colours(found), _colours(golden)
    for place in sorted(now.keys() | before.keys()):
        if now.get(place) != before.get(place):
            yield f"{found['day']}: {place} is {now.get(place, 'blank')}, and was {before.get(place, 'blank')}"


def _colours(collection: Collection) -> dict[str, str]:
    return {
        place: f"{told['holder']} {told['tier']}{' aged' if told['aged'] else ''}"
        for told in (feature["properties"] for feature in collection["features"])
        if told["layer"] == "territory"
        for place in told["places"]
    }


def _ground_apart(found: Collection, golden: Collection) -> Iterable[str]:
    now, before = (_together(each, "territory", ("holder", "tier", "aged")) for each in (found, golden))
    for key in sorted(now.keys() | before.keys()):
        one, other = now.get(key, shapely.Polygon()), before.get(key, shapely.Polygon())
        apart, most = shapely.symmetric_difference(one, other).area, RIM * max(one.length, other.length)
        if apart > most:
            yield f"{found['day']}: the ground of {key} differs by {apart:.5f} square degrees, and may by {most:.5f}"


def _lines_apart(found: Collection, golden: Collection) -> Iterable[str]:
    now, before = (_together(each, "front_line", ("holder", "other", "solid")) for each in (found, golden))
    for key in sorted(now.keys() | before.keys()):
        if key not in now or key not in before:
            yield f"{found['day']}: the line of {key} is {'new' if key in now else 'gone'}"
            continue
        one, other = now[key], before[key]
        if abs(one.length - other.length) > LENGTH * other.length:
            yield f"{found['day']}: the line of {key} is {one.length:.4f} degrees long, and was {other.length:.4f}"
        if (apart := shapely.hausdorff_distance(one, other, densify=0.1)) > APART:
            yield f"{found['day']}: the line of {key} lies {apart:.4f} degrees off, and may {APART}"


def _together(collection: Collection, layer: str, keys: tuple[str, ...]) -> dict[tuple[Any, ...], Any]:
    parts: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for feature in collection["features"]:
        told = feature["properties"]
        if told["layer"] == layer:
            parts[tuple(told[key] for key in keys)].append(shape(feature["geometry"]))
    return {key: shapely.union_all(geometries) for key, geometries in parts.items()}


def _feature(properties: dict[str, Any], geometry: Any) -> dict[str, Any]:
    # Through JSON once, so that what is found and what was written are the same plain data.
    drawn = json.loads(json.dumps(mapping(shapely.normalize(rounded(geometry, DECIMALS)))))
    return {"type": "Feature", "properties": properties, "geometry": drawn}


def main(arguments: list[str]) -> int:
    """Compare with the golden files, or write them anew."""
    if arguments not in ([], ["--write"]):
        print(f"usage: {Path(__file__).name} [--write]", file=sys.stderr)
        return 2
    found = collections(read_story(FOLDER.parents[1] / "seeds"))
    if not arguments:
        apart = [line for day, each in found.items() for line in differences(each, golden_of(day))]
        print("\n".join(apart) or "Nothing differs.")
        return int(bool(apart))
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("territory-*.geojson"):
        path.unlink()
    for name, collection in files(found).items():
        features = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in collection["features"])
        head = json.dumps({key: value for key, value in collection.items() if key != "features"})[:-1]
        (FOLDER / name).write_text(f'{head}, "features": [\n{features}\n]}}\n', encoding="utf-8")
        print(f"{FOLDER.name}/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
