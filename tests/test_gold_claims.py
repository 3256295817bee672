"""The bundled claims say what the articles say, as annotated by hand, and nothing stronger."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from conftest import SEEDS, SHARED, bundled

from geo.claims import Claim

GOLD = SHARED / "gold" / "claims.csv"
KINDS = {
    "advancing_towards": {"advancing"},
    "airstrike": {"strike"},
    "attacked_repelled": {"repelled"},
    "captured": {"captured", "controls"},
    "contested": {"clashes"},
    "controls": {"captured", "controls"},
    "displacement": {"displaced"},
}
ACTORS = {
    "rebels": "opposition",
    "HTS; rebels": "opposition",
    "HTS": "opposition",
    "Iran-backed militias": "government",
    "Druze fighters": "south",
    "Russia": "government",
    "Lebanon": "neighbours",
    "Jordan": "neighbours",
    "SDF": "sdf",
    "SNA": "sna",
    "Israel": "israel",
    "government": "government",
}
PLACES = {
    "Aleppo International Airport": "aleppo-airport",
    "Golan Heights": "golan-heights",
    "Hama Governorate": "hama-province",
    "Idlib Governorate": "idlib-province",
    "NW Syria / rebel enclave": "north-west-syria",
    "Saraqib": "saraqeb",
    "Syria-Jordan crossings": "jordan-crossings",
    "Syria-Lebanon crossings": "lebanon-crossings",
    "a main crossing into Jordan": "crossing-into-jordan",
    "hill just north of Hama": "hill-north-of-hama",
    "northern Syria": "northern-syria",
    "outskirts of Aleppo": "aleppo-outskirts",
    "outskirts/towns near Hama": "towns-near-hama",
    "southern Syria": "southern-syria",
    "two towns near Homs": "two-towns-near-homs",
}
pytestmark = pytest.mark.skipif(not GOLD.exists(), reason="the annotated articles are not beside the project")


def gold(emit: str) -> list[dict[str, str]]:
    if not GOLD.exists():
        return []
    with GOLD.open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["emit"] == emit]


def matches(claim: Claim, row: dict[str, str]) -> bool:
    story = bundled()
    place = PLACES.get(row["canonical"], row["canonical"].lower())
    return (
        claim.article == row["article"].removesuffix(".txt")
        and claim.place == place
        and claim.kind in KINDS.get(row["status"], {row["status"]})
        and story.side_of(claim.actor) == ACTORS[row["actor"]]
    )


@pytest.mark.parametrize("row", gold("yes"), ids=lambda row: f"{row['article'][:4]}-{row['sent_start']}-{row['status']}")
def test_every_annotated_claim_is_there_with_days_inside_its_interval(row: dict[str, str]) -> None:
    found = [claim for claim in bundled().claims.values() if matches(claim, row)]
    last = date.fromisoformat(row["date_end"])
    first = date.fromisoformat(row["date_start"]) if row["date_start"] else None
    assert found, row
    assert any(claim.last == last and claim.first == first for claim in found), (row, found)


@pytest.mark.parametrize("row", gold("no"), ids=lambda row: f"{row['article'][:4]}-{row['sent_start']}")
def test_no_history_hypothesis_or_question_became_a_claim(row: dict[str, str]) -> None:
    if row["actor"] not in ACTORS or not row["canonical"]:
        pytest.skip("the annotation names no actor or place to look for")
    of_then = [claim for claim in bundled().claims.values() if matches(claim, row) and claim.last and claim.first]
    history = [claim for claim in of_then if not claim.lasts and claim.first and claim.first.year < 2024]
    assert not history
    if row["canonical"] in ("Damascus", "Syria", "Maharda"):
        assert not of_then


@pytest.mark.parametrize("path", sorted((SHARED / "source-articles").glob("*.txt")), ids=lambda path: path.stem)
def test_no_sentence_of_an_article_is_copied(path: Path) -> None:
    """No run of ten words of an article stands in the story, but for the headlines that cite it."""
    source = words(path.read_text(encoding="utf-8"))
    ours = words((SEEDS / "articles" / f"{path.stem}.md").read_text(encoding="utf-8").split("---\n", 2)[2])
    runs = {tuple(source[at : at + 10]) for at in range(len(source) - 9)}
    copied = [" ".join(ours[at : at + 10]) for at in range(len(ours) - 9) if tuple(ours[at : at + 10]) in runs]
    assert not copied


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("’", "'"))
