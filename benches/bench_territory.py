"""Measure how long territory takes for 300, 3,000 and 30,000 settlements in one country: python benches/bench_territory.py

Prints a table in seconds and the exponent that fits; exits 1 when a bar is not met.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

sys.path.insert(0, str(Path(__file__).parents[1]))

from geo.territory import Settlement, cells, colour, front_line, shapes

SIZES = (300, 3_000, 30_000)
MOST_SECONDS, MOST_EXPONENT = 30.0, 1.2
REPORTED = 0.1  # share of settlements with a status


def country() -> shapely.Polygon:
    """Return an outline about 700 km wide, with a border of 2,000 corners and a hole that stands for an excluded area."""
    angle = np.linspace(0, 2 * np.pi, 2_000, endpoint=False)
    size = 3.2 + 0.2 * np.sin(9 * angle) + 0.03 * np.sin(131 * angle)
    return shapely.Polygon(np.column_stack([38 + 1.2 * size * np.cos(angle), 35 + size * np.sin(angle)]))


def story(size: int) -> tuple[list[Settlement], pd.DataFrame]:
    """Return settlements, clustered as towns are, and the statuses of some: one side in the west, one in the east."""
    chance = np.random.default_rng(size)
    centre = chance.uniform((34.5, 32.2), (41.5, 37.8), (max(1, size // 20), 2))
    lon, lat = (centre[chance.integers(len(centre), size=size)] + chance.normal(0, 0.15, (size, 2))).T
    places = [Settlement(f"p{number}", float(lat[number]), float(lon[number])) for number in range(size)]
    told = np.flatnonzero(chance.random(size) < REPORTED)
    states = pd.DataFrame(
        {
            "place_id": [f"p{number}" for number in told],
            "status": chance.choice(["control", "reported", "contested", "under_attack"], len(told), p=[0.6, 0.2, 0.1, 0.1]),
            "holder": np.where(lon[told] < 38, "west", "east"),
            "background": chance.random(len(told)) < 0.3,
            "basis": [("c1",)] * len(told),
            "lat": lat[told],
            "lon": lon[told],
        }
    )
    return places, states.assign(radiates=states["status"].isin(["control", "reported"]))


def main() -> int:
    outline = country()
    enemies = {frozenset({"west", "east"})}
    totals = []
    print("settlements   cells  edges  front | cells()  colour()  front_line()  shapes()  total, CPU s")
    for size in SIZES:
        places, states = story(size)
        marks = [time.process_time()]
        made = cells(places, outline, 12, [shapely.box(38, 34, 38.5, 34.5)])
        marks.append(time.process_time())
        coloured = colour(made, places, states, reach_km=28)
        marks.append(time.process_time())
        front = front_line(made, coloured, enemies)
        marks.append(time.process_time())
        shapes(made, coloured)
        marks.append(time.process_time())
        steps = np.diff(marks)
        totals.append(steps.sum())
        print(
            f"{size:>11,} {len(made):>7,} {len(made.edges):>6,} {len(front):>6,} |"
            f" {steps[0]:>7.2f} {steps[1]:>9.2f} {steps[2]:>13.2f} {steps[3]:>9.2f} {totals[-1]:>9.2f}"
        )
    exponent = np.polyfit(np.log(SIZES), np.log(totals), 1)[0]
    is_met = totals[-1] < MOST_SECONDS and exponent <= MOST_EXPONENT
    print(
        f"exponent {exponent:.2f} (at most {MOST_EXPONENT}), largest {totals[-1]:.1f} s (under {MOST_SECONDS:.0f} s):", end=" "
    )
    print("met" if is_met else "NOT MET")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
