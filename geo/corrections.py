"""Corrections: what was changed after it was shown, when and why. A claim is withdrawn here and never by deleting its row."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from geo.errors import Problem
from geo.tables import read_table

ACTIONS = ("withdrawn", "amended")
COLUMNS = ("corrected_at", "claim_id", "action", "field", "before", "after", "why")


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


def read_corrections(path: Path, name: str, claims: Container[str], problems: list[Problem]) -> Iterator[Correction]:
    """Yield the corrections of a file in its order; bad rows go to `problems`."""
    for row in read_table(path, name, COLUMNS, problems):
        try:
            moment = datetime.fromisoformat(row["corrected_at"])
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            rule = "It is a moment with its offset from UTC."
            problems.append(row.problem("corrected_at", rule, "write it as 2024-12-07T09:30+03:00."))
        elif row["claim_id"] not in claims:
            problems.append(
                row.problem("claim_id", "It must be a claim of claims.csv.", "correct the id; withdrawn rows stay there.")
            )
        elif row["action"] not in ACTIONS:
            problems.append(row.problem("action", f"It must be one of {', '.join(ACTIONS)}.", "choose one of these."))
        elif not row["why"]:
            problems.append(row.problem("why", "Readers are told why.", "write one sentence."))
        else:
            yield Correction(moment, row["claim_id"], row["action"], row["field"], row["before"], row["after"], row["why"])
