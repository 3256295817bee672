"""How well reading agrees with an annotator: matches, misses and their table.

python tests/scoring.py     prints the figures and every miss, over ../shared/gold and over the bundled digests
"""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from conftest import SHARED, bundled
from readers import article as a_text
from readers import context, unseen

from geo.articles import Article
from geo.drafts import propose
from geo.mentions import Mention
from geo.reading.claims import read
from geo.reading.proposals import Context, ProposedClaim

GOLD = SHARED / "gold"
ARTICLES = SHARED / "source-articles"
DIGEST = "6463f63a"
"""The first digits of the SHA-256 of the four texts and both tables: the floors hold for these and no others."""

GROUPS = {
    **dict.fromkeys(("captured", "controls"), "held"),
    **dict.fromkeys(("entered", "contested", "clashes", "besieges"), "fought"),
    **{"airstrike": "strike", "advancing_towards": "advancing", "attacked_repelled": "repelled", "displacement": "displaced"},
}
SIDES = {
    **dict.fromkeys(("rebels", "HTS"), "opposition"),
    **dict.fromkeys(("government", "Russia", "Iran-backed militias"), "government"),
    **dict.fromkeys(("Lebanon", "Jordan", "neighbouring countries"), "neighbours"),
    **{"SNA": "sna", "SDF": "sdf", "Israel": "israel", "Druze fighters": "south", "civilians": ""},
}
PLACES = {
    **{"Homs": "homs", "Hama": "hama", "Aleppo": "aleppo", "Idlib": "idlib", "Saraqib": "saraqeb", "Damascus": "damascus"},
    **{"Golan Heights": "golan-heights", "Syria": "syria", "northern Syria": "northern-syria", "Menagh": "menagh"},
    **{f"{name} Governorate": f"{name.lower()}-province" for name in ("Aleppo", "Idlib", "Hama", "Homs")},
    **{"Aleppo International Airport": "aleppo-airport", "Maharda": "muhrada", "Citadel of Aleppo": "aleppo-citadel"},
}
"""Places that the articles name, by the annotator's name for them; the others are vague and do not count."""


@dataclass
class Score:
    """Counts of what was found, missed and made up, and the lines of the table of misses."""

    right: int = 0
    missed: int = 0
    made_up: int = 0
    traps: int = 0
    days: list[bool] = field(default_factory=list)
    intervals: list[bool] = field(default_factory=list)
    claimants: list[bool] = field(default_factory=list)
    extents: list[bool] = field(default_factory=list)
    disputes: list[bool] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)
    provinces: list[bool] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (2 * self.right + self.missed + self.made_up) if self.right else 0.0


def share(found: list[bool]) -> float:
    """Return the share of what is true in a list, 0 for an empty one."""
    return sum(found) / len(found) if found else 0.0


def digest() -> str:
    """Return the checksum of the annotated texts and tables."""
    total = hashlib.sha256()
    for path in [*sorted(ARTICLES.glob("*.txt")), GOLD / "claims.csv", GOLD / "places.csv"]:
        total.update(path.read_bytes())
    return total.hexdigest()[: len(DIGEST)]


def articles() -> Iterator[Article]:
    """Yield the four annotated articles."""
    with (ARTICLES / "articles.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            body = (ARTICLES / row["file"]).read_text(encoding="utf-8")
            source, day = row["file"].split("-")[0], date.fromisoformat(row["published"])
            yield Article(
                row["file"], source, row["publisher"], row["title"], row["agency"], day, "inferred", "", "en", "", "text", body
            )


def _rows(name: str) -> list[dict[str, str]]:
    with (GOLD / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def score_places() -> Score:
    """Return how well mentions agree with the annotated places."""
    score, rows, finder = Score(), _rows("places.csv"), context("seeds").finder
    for article in articles():
        found = [mention for mention in finder.find(article.body) if mention.place is not None]
        used: set[int] = set()
        for row in (row for row in rows if row["article"] == article.article_id):
            start, end = int(row["start"]), int(row["end"])
            over = [index for index, mention in enumerate(found) if mention.start < end and start < mention.end]
            good = [index for index in over if row["score"] == "req" and _is_place(found[index], row)]
            if row["score"] == "neg" and over:
                score.traps += 1
                score.misses.append(f"{article.article_id} {start}: “{row['surface']}” is no place")
            if row["score"] != "req":
                used.update(over)
                continue
            if row["feature_type"] in ("city", "town", "village"):
                score.exact.append(bool(good))
            if row["feature_type"] == "province":
                score.provinces.append(bool(good))
            score.right += bool(good)
            score.missed += not good
            used.update(good)
            if not good:
                score.misses.append(f"{article.article_id} {start}: “{row['surface']}” is {row['canonical']}")
        extra = [mention for index, mention in enumerate(found) if index not in used]
        score.made_up += len(extra)
        score.misses += [f"{article.article_id} {mention.start}: “{mention.text}” was not annotated" for mention in extra]
    return score


def _is_place(mention: Mention, row: dict[str, str]) -> bool:
    place = mention.place
    assert place is not None
    if row["geonameid"]:
        return place.geonameid == int(row["geonameid"])
    if row["feature_type"] in ("province", "region", "region_vague"):
        return place.kind == ("province" if row["feature_type"] == "province" else "region")
    return _km(float(row["lat"]), float(row["lon"]), place.lat, place.lon) <= 10


def _km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    one, other = math.radians(lat), math.radians(other_lat)
    half = math.sin((other - one) / 2) ** 2 + math.cos(one) * math.cos(other) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 12742 * math.asin(math.sqrt(half))


def score_claims() -> Score:
    """Return how well proposed claims agree with the annotated ones; vague places count neither way."""
    score, rows, known = Score(), _rows("claims.csv"), context("seeds")
    for article in articles():
        proposed = read(article, known)
        mine = [row for row in rows if row["article"] == article.article_id]
        used: set[int] = set()
        for wanted in ("yes", "opt", "no"):
            for row in (row for row in mine if row["emit"] == wanted):
                _score_row(score, row, wanted, proposed, used)
        for index, claim in enumerate(proposed):
            if index not in used and claim.place_id is not None and claim.precision != 2 and not _is_vague(claim):
                score.made_up += 1
                score.misses.append(
                    f"{article.article_id} {claim.start}: {claim.kind} {claim.place_id} “{claim.text}” was not annotated"
                )
    return score


def _score_row(score: Score, row: dict[str, str], wanted: str, proposed: list[ProposedClaim], used: set[int]) -> None:
    start, end = int(row["sent_start"]), int(row["sent_end"])
    here = [index for index, claim in enumerate(proposed) if index not in used and start <= claim.start < end]
    if row["canonical"] not in PLACES:
        vague = [index for index in here if proposed[index].place_id is None or _is_vague(proposed[index])]
        used.update(vague)
        return
    fits = [index for index in here if _fits(proposed[index], row)]
    if wanted == "opt":
        used.update(fits)
    elif wanted == "no" and fits:
        score.traps += 1
        used.update(fits)
        score.misses.append(f"{row['article']} {start}: “{row['snippet']}” is no claim")
    elif wanted == "yes" and not fits:
        score.missed += 1
        score.misses.append(f"{row['article']} {start}: {row['status']} {row['canonical']} “{row['snippet']}” was not found")
    elif wanted == "yes":
        used.add(fits[0])
        score.right += 1
        _score_details(score, row, proposed[fits[0]])


def _score_details(score: Score, row: dict[str, str], claim: ProposedClaim) -> None:
    first, last = row["date_start"] or "0000", row["date_end"] or "9999"
    score.days.append(first <= claim.date_end <= last)
    score.intervals.append(score.days[-1] and (claim.date_start or last) >= first)
    is_own = "reporter" in row["source"] or "John Ray" in row["source"]
    score.claimants.append(is_own == (claim.modality == "asserted"))
    extent = next((word for word in ("most", "much") if f"{word} of" in row["place"]), "")
    score.extents.append(claim.extent == extent if extent else claim.extent not in ("most", "much"))
    if row["disputed_by"]:
        score.disputes.append(bool(claim.disputed_by))


def _fits(claim: ProposedClaim, row: dict[str, str]) -> bool:
    kind = GROUPS.get(claim.kind, claim.kind) == GROUPS.get(row["status"], row["status"])
    side = context("seeds").side(claim.actor or "") == SIDES.get(row["actor"].split(";")[0], row["actor"])
    return kind and side and claim.place_id == PLACES[row["canonical"]]


def _is_vague(claim: ProposedClaim) -> bool:
    place = context("seeds").finder.places.get(claim.place_id or "")
    return (
        place is None
        or (bool(place.near) and place.kind != "region")
        or (place.kind == "border_crossing" and place.precision > 1)
    )


def score_digests() -> Score:
    """Return how well proposed claims agree with the reviewed ones of the bundled story."""
    score, story = Score(), bundled()
    for draft in propose(story, context("seeds")):
        row = draft.proposed or draft.claim
        assert row is not None
        if draft.state in ("same", "changed"):
            score.right += 1
        elif draft.state == "new":
            score.made_up += draft.proposed is not None and draft.proposed.place_id is not None
        else:
            score.missed += 1
        if draft.state in ("new", "gone"):
            score.misses.append(f"{row.article} {row.start}: {draft.state} {row.kind} “{row.text}”")
    return score


def score_unseen(half: str) -> Score:
    """Return how well proposed claims agree with the fresh sentences of a half, "tune" or "held"."""
    score = Score()
    for case in (case for table in unseen()["cases"] if table["half"] == half for case in table["each"]):
        known = context(case["story"], fresh=True)
        found = [claim for claim in read(a_text(case["text"], case["story"]), known) if claim.place_id and claim.precision == 1]
        for said in case["claims"]:
            heading, _, fields = said.partition("|")
            fits = [claim for claim in found if _is_said(claim, heading, known)]
            score.right += bool(fits)
            score.missed += not fits
            if not fits:
                score.misses.append(f"missed {heading.strip()}: {case['text']}")
                continue
            found.remove(fits[0])
            good = all(
                str(getattr(fits[0], name)) == value for name, _, value in (part.partition("=") for part in fields.split())
            )
            score.extents.append(good)
        for claim in found:
            if any(_is_said(claim, said.partition("|")[0], known) for said in case.get("maybe", ())):
                continue
            score.made_up += 1
            score.traps += not case["claims"]
            score.misses.append(f"made up {claim.kind} {claim.place_id} {claim.actor or '-'}: {case['text']}")
    return score


def _is_said(claim: ProposedClaim, said: str, known: Context) -> bool:
    kind, place, actor = said.split()
    if GROUPS.get(claim.kind, claim.kind) != GROUPS.get(kind, kind) or claim.place_id != place:
        return False
    if actor == "*" or not claim.actor:
        return actor in ("*", "-")
    return known.side(claim.actor) in (actor, known.side(actor))


def _print(name: str, score: Score) -> None:
    print(
        f"{name}: F1 {score.f1:.3f}, {score.right} right, {score.missed} missed, {score.made_up} made up, {score.traps} traps"
    )
    shares = {"day": score.days, "interval": score.intervals, "claimant": score.claimants, "extent": score.extents}
    shares |= {"dispute": score.disputes, "right place": score.exact, "provinces": score.provinces}
    print("   ", ", ".join(f"{key} {share(found):.2f} of {len(found)}" for key, found in shares.items() if found))
    _list(score.misses)


def _list(lines: Iterable[str]) -> None:
    for line in lines:
        print("    -", line)


if __name__ == "__main__":
    if GOLD.exists():
        print("checksum", digest())
        _print("places", score_places())
        _print("claims", score_claims())
    _print("claims of the digests", score_digests())
    _print("claims of the fresh sentences, tune", score_unseen("tune"))
    _print("claims of the fresh sentences, held", score_unseen("held"))
