"""Where the labels of an axis of days stand: as few as can be read on a phone, at days that people count by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MOST_DAYS, _MOST = 13, 9
_MONTHS = (1, 2, 3, 6)
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class Tick:
    """A label: days from the first, what it says, and what stands under it where the month or year begins."""

    at: int
    label: str
    under: str


@dataclass(frozen=True, slots=True)
class Ticks:
    """The labels of an axis; `centred` where each stands for one day and belongs in its middle."""

    ticks: tuple[Tick, ...]
    centred: bool


def ticks(first: date, last: date) -> Ticks:
    """Return the labels for the days from `first` to `last`, both included: each day, week, month or year, 13 at most."""
    days = (last - first).days + 1
    if days <= _MOST_DAYS:
        return Ticks(tuple(_days(first, days, 1)), True)
    if days <= 7 * _MOST:
        return Ticks(tuple(_days(first, days, 7)), False)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((step for step in _MONTHS if months <= step * _MOST), None)
    if step:
        return Ticks(tuple(_months(first, last, step)), False)
    step = next(step for step in _YEARS if last.year - first.year < step * _MOST)
    years = range(-(-first.year // step) * step, last.year + 1, step)
    starts = [date(year, 1, 1) for year in years if date(year, 1, 1) >= first]
    return Ticks(tuple(Tick((day - first).days, str(day.year), "") for day in starts), False)


def _days(first: date, days: int, step: int) -> Iterator[Tick]:
    month = None
    for at in range(0, days, step):
        day = first + timedelta(days=at)
        yield Tick(at, str(day.day), "" if month == day.month else f"{day:%b}" if at else f"{day:%b %Y}")
        month = day.month


def _months(first: date, last: date, step: int) -> Iterator[Tick]:
    year = None
    month = first.year * 12 + first.month - 1
    month += -month % step
    for number in range(month, last.year * 12 + last.month, step):
        day = date(number // 12, number % 12 + 1, 1)
        if day >= first:
            yield Tick((day - first).days, f"{day:%b}", "" if year == day.year else str(day.year))
            year = day.year
