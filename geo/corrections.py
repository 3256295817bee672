"""Corrections: what was changed after it was shown, when and why; claims and corrections -> editions of each claim.

A claim is withdrawn or amended by a row here and never in its own file, so that what was shown before can be shown again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from geo.claims import COLUMNS as CLAIM_COLUMNS
from geo.claims import Claim, ClaimError, Known, claim_of
from geo.days import day_or_moment, last_instant
from geo.errors import DatelineError, Problem
from geo.tables import Row, read_table

NAME = "corrections.csv"
ACTIONS = ("withdrawn", "amended", "added")
"""What can be done to a claim: taken back, changed in one field, or told to readers only from that moment on."""
COLUMNS = ("corrected_at", "claim_id", "action", "field", "before", "after", "why")
FIXED = frozenset({"claim_id", "article", "start", "end", "text", "reviewed_by", "reviewed_at"})
"""Fields of a claim that say which it is: to change them, withdraw the claim and add another."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction: the moment with its offset, the claim, what was done, the field with its words before and after, why."""

    corrected_at: datetime
    claim_id: str
    action: str
    field: str
    before: str
    after: str
    why: str
    row: Row


@dataclass(frozen=True, slots=True)
class Edition:
    """A claim as it stood from one moment of knowledge to another, `until` excluded and None where it still stands.

    `ended_by` are the corrections that ended it.
    """

    claim: Claim
    known: datetime
    until: datetime | None = None
    ended_by: tuple[Correction, ...] = ()


def read_corrections(path: Path, claims: Mapping[str, tuple[Row, Claim]], problems: list[Problem]) -> list[Correction]:
    """Return the corrections of a file in order of time; bad rows go to `problems`."""
    found = []
    for row in read_table(path, NAME, COLUMNS, problems):
        try:
            found.append(_correction(row, claims))
        except ClaimError as error:
            problems.append(row.problem(error.field, error.rule, error.mend))
    return sorted(found, key=lambda correction: correction.corrected_at)


def _correction(row: Row, claims: Mapping[str, tuple[Row, Claim]]) -> Correction:
    try:
        moment = day_or_moment(row["corrected_at"])
    except DatelineError:
        moment = None
    if not isinstance(moment, datetime):
        rule = "It is a moment with its offset from UTC."
        raise ClaimError("corrected_at", rule, "write it as 2024-12-07T09:30+03:00.")
    if row["claim_id"] not in claims:
        rule = "It must be a claim of claims.csv."
        raise ClaimError("claim_id", rule, "correct the id; withdrawn rows stay there.")
    if row["action"] not in ACTIONS:
        raise ClaimError("action", f"It must be one of {', '.join(ACTIONS)}.", "choose one of these.")
    if not row["why"]:
        raise ClaimError("why", "Readers are told why.", "write one sentence.")
    changeable = [column for column in CLAIM_COLUMNS if column not in FIXED]
    if row["action"] == "amended" and row["field"] not in changeable:
        rule = f"What can be amended is {', '.join(changeable)}."
        raise ClaimError("field", rule, "choose one of these, or withdraw the claim and add another.")
    return Correction(
        moment, row["claim_id"], row["action"], row["field"], row["before"], row["after"], row["why"], row
    )  # fmt: skip


def editions(
    claims: Mapping[str, tuple[Row, Claim]],
    corrections: Iterable[Correction],
    known: Known,
    zone: ZoneInfo,
    problems: list[Problem],
) -> Iterator[Edition]:
    """Yield every edition of every claim; a correction that does not fit its claim goes to `problems` and changes nothing.

    A claim is known from its article's publication: from the end of that day, where only the day is stated.

    Parameters
    ----------
    claims : by id, each with its row
    corrections : in order of time
    known : what a claim may refer to
    zone : the story's time zone
    problems : list that is appended to
    """
    by_claim: dict[str, list[Correction]] = defaultdict(list)
    for correction in corrections:
        by_claim[correction.claim_id].append(correction)
    for claim_id, (row, claim) in claims.items():
        article = known.articles[claim.article]
        since = article.published_at or last_instant(article.published, zone)
        if claim_id not in by_claim:
            yield Edition(claim, since)
        else:
            yield from _corrected(row, claim, since, by_claim[claim_id], known, problems)


def _corrected(
    row: Row, claim: Claim, since: datetime, corrections: list[Correction], known: Known, problems: list[Problem]
) -> Iterator[Edition]:
    stands = True
    for moment in dict.fromkeys(correction.corrected_at for correction in corrections):
        told = [correction for correction in corrections if correction.corrected_at == moment]
        actions = {correction.action for correction in told}
        if not stands:
            rule = "Its claim was withdrawn before."
            problems.extend(one.row.problem("claim_id", rule, "remove this row.") for one in told)
        elif "withdrawn" in actions:
            yield Edition(claim, since, max(moment, since), tuple(told))
            stands = False
        elif "added" in actions:
            since = max(since, moment)
        else:
            try:
                row, after = _amended(row, told, known)
            except _CorrectionError as error:
                problems.append(error.problem)
                continue
            if moment > since:
                yield Edition(claim, since, moment, tuple(told))
            since, claim = max(since, moment), after
    if stands:
        yield Edition(claim, since)


class _CorrectionError(DatelineError):
    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def _amended(row: Row, told: list[Correction], known: Known) -> tuple[Row, Claim]:
    for one in told:
        if row[one.field] != one.before:
            rule = f"Before this correction the claim's {one.field} was “{row[one.field]}”."
            raise _CorrectionError(one.row.problem("before", rule, "copy what the claim said then."))
    changed = Row(row.file, row.line, {**row.cells, **{one.field: one.after for one in told}})
    try:
        return changed, claim_of(changed, known)
    except ClaimError as error:
        blamed = next((one for one in told if one.field == error.field), told[-1])
        raise _CorrectionError(blamed.row.problem("after", error.rule, error.mend)) from error
