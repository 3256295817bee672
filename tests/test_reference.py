"""The table must give exactly what a careful editor signs, for every day shown and every day of knowledge."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache

import pandas as pd
import pytest
from conftest import SHARED, bundled

from geo.control import control_table, state_on
from geo.days import each_day

REFERENCE = SHARED / "gold" / "reference.csv"
PLACES = {"Aleppo airport": "aleppo-airport", "Deir ez-Zor": "deir-ez-zor"}

pytestmark = pytest.mark.skipif(not REFERENCE.exists(), reason="the editors' reference is not beside the project")


@cache
def known_by(day: date) -> pd.DataFrame:
    return control_table(bundled(), day)


def reference() -> list[dict[str, str]]:
    with REFERENCE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("line", range(len(reference()) if REFERENCE.exists() else 0))
def test_a_line_of_the_reference_holds_on_each_of_its_days(line: int) -> None:
    row = reference()[line]
    place = PLACES.get(row["place"], row["place"].lower())
    days = [[date.fromisoformat(row[f"{axis}_{end}"]) for end in ("from", "to")] for axis in ("on", "known")]
    wrong = []
    for known in each_day(*days[1]):
        for on in each_day(*days[0]):
            state = state_on(known_by(known), on)
            found = state[state["place_id"] == place].to_dict("records")
            if not _agrees(found, row):
                wrong.append((on.isoformat(), known.isoformat(), found))
    assert not wrong, f"{row}\n" + "\n".join(map(str, wrong[:4]))


def _agrees(found: list[dict[str, object]], row: dict[str, str]) -> bool:
    if not row["status"]:
        return not found
    if len(found) != 1:
        return False
    got = found[0]
    status = f"background {got['status']}" if got["background"] else got["status"]
    contender = row["contender"].rstrip("?")
    return (
        status in row["status"].split("|")
        and got["holder"] == row["holder"]
        and (row["contender"].endswith("?") or (got["contender"] if pd.notna(got["contender"]) else "") == contender)
        and ";".join(got["disputed_by"]) == row["disputed_by"]  # type: ignore[arg-type]
        and (not row["extent"] or (got["extent"] if pd.notna(got["extent"]) else "whole") in row["extent"].split("|"))
    )
