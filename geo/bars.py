"""Bars: the control table as its readers see it, each place's states one after another over the days of the map."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from geo.changes import capital, publishers
from geo.control import cell_text
from geo.days import in_words, span_in_words
from geo.story import Story
from geo.words import joined, short, status_in_words

MOST_PLACES = 60
"""The most places that one picture of bars shows."""
_MOST_TOLD = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A place in one state for some days of the map.

    Attributes
    ----------
    day, end : indexes into the story's days, `end` excluded
    first : the first day as the table has it, which may lie before the map
    stands : whether it still holds after the last day
    look : key of `HATCHES`
    holder, contender : actors' ids, "" for nobody
    possible : whether it may already have changed hands
    disputed : the sides that deny it
    """

    place_id: str
    day: int
    end: int
    first: date
    stands: bool
    look: str
    holder: str
    contender: str
    possible: bool
    disputed: tuple[str, ...]
    words: str
    publishers: str


def bars(story: Story, table: pd.DataFrame) -> dict[str, list[Bar]]:
    """Return each place's bars in order of time; intervals that follow each other and say the same are one bar."""
    count = len(story.days)
    found: dict[str, list[Bar]] = {}
    basis: tuple[str, ...] = ()
    for row in ({str(key): value for key, value in row.items()} for row in table.to_dict("records")):
        first = row["valid_from"].date()
        stands = bool(pd.isna(row["valid_to"]))
        day = max(0, (first - story.first_day).days)
        end = count if stands else min(count, (row["valid_to"].date() - story.first_day).days)
        if end <= day:
            continue
        possible = row["possible_from"]
        bar = Bar(
            place_id=row["place_id"],
            day=day,
            end=end,
            first=first,
            stands=stands or end == count,
            look="background" if row["background"] else row["status"],
            holder=cell_text(row["holder"]),
            contender=cell_text(row["contender"]),
            possible=bool(pd.notna(possible) and pd.notna(row["since"]) and row["since"] <= possible),
            disputed=tuple(row["disputed_by"]),
            words=status_in_words(story, row),
            publishers="",
        )
        before = found.setdefault(bar.place_id, [])
        if before and before[-1].end == bar.day and _same(before[-1], bar):
            one = before.pop()
            basis = (*basis, *row["basis"])
            bar = replace(one, end=bar.end, stands=bar.stands)
        else:
            basis = tuple(row["basis"])
        before.append(replace(bar, publishers=publishers(story, basis)))
    return found


def in_order(story: Story, found: Mapping[str, Sequence[Bar]]) -> list[str]:
    """Return the places of bars: those with reports first, most told of foremost; then the background, by holder."""
    told = dict.fromkeys(found, 0)
    for claim in story.claims.values():
        if claim.place in told and not claim.background:
            told[claim.place] += 1

    def order(place: str) -> tuple[bool, int, str, str]:
        own = found[place]
        only_background = all(bar.look == "background" for bar in own)
        weight = 0 if only_background else -(told[place] + 2 * (len(own) - 1))
        return only_background, weight, own[0].holder if only_background else "", story.places[place].name

    return sorted(found, key=order)


def history_table(story: Story, found: Mapping[str, Sequence[Bar]], places: Iterable[str]) -> pd.DataFrame:
    """Return bars for readers, a row each: Place, From, To, Status, Holder, Publishers; To is included, "" while it stands."""
    rows = [
        {
            "Place": capital(story.places[place].name),
            "From": f"{bar.first:%Y}" if (bar.first.month, bar.first.day) == (1, 1) else bar.first.isoformat(),
            "To": "" if bar.stands else story.days[bar.end - 1].isoformat(),
            "Status": bar.words + beside_in_words(story, bar),
            "Holder": story.settings.actors[bar.holder].label if bar.holder else "",
            "Publishers": bar.publishers,
        }
        for place in places
        for bar in found[place]
    ]
    return pd.DataFrame(rows, columns=["Place", "From", "To", "Status", "Holder", "Publishers"])


def history_in_words(story: Story, found: Mapping[str, Sequence[Bar]], places: Sequence[str]) -> str:
    """Return what the picture shows in two sentences: what stands where, and which places changed hands, in order of time."""
    hands: dict[tuple[int, str], list[str]] = {}
    for place in places:
        held = [bar for bar in found[place] if bar.holder]
        for one, other in itertools.pairwise(held):
            if story.side_of(one.holder) != story.side_of(other.holder):
                hands.setdefault((other.day, other.holder), []).append(capital(story.places[place].name))
    years = story.first_day.year != story.last_day.year
    told = [
        f"{joined(names)} to {short(story, holder)} on {in_words(story.days[day], year=years)}"
        for (day, holder), names in sorted(hands.items())
    ]
    more = f"; and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
    changed = f"Changed hands: {'; '.join(told[:_MOST_TOLD])}{more}." if told else "No place changed hands."
    days = span_in_words(story.first_day, story.last_day)
    return f"A row a place, {len(places)} in all; the days run from left to right, {days}. {changed}"


def _same(one: Bar, other: Bar) -> bool:
    """Return whether two bars differ in nothing that a reader is told but their days and publishers."""
    return replace(one, day=other.day, end=other.end, first=other.first, stands=other.stands, publishers="") == replace(
        other, publishers=""
    )


def days_in_words(story: Story, bar: Bar) -> str:
    """Return the days of a bar."""
    if bar.stands:
        return f"from {in_words(story.days[bar.day])}" if bar.first >= story.first_day else "all days"
    last = story.days[bar.end - 1]
    return span_in_words(story.days[bar.day], last) if bar.first >= story.first_day else f"up to {in_words(last)}"


def beside_in_words(story: Story, bar: Bar) -> str:
    """Return what is said beside a bar's status: that it may have changed, and who denies it; "" for nothing."""
    said = ". It may already have changed hands" if bar.possible else ""
    return said + (f". Disputed by {joined([short(story, side) for side in bar.disputed])}" if bar.disputed else "")
