"""Days of the story: plain dates in its time zone, never a browser's or a server's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from geo.errors import DatelineError, shown

_Day = TypeVar("_Day", date, datetime)


def parse_day(text: str) -> date:
    """Return a day written as YYYY-MM-DD.

    Raises
    ------
    DatelineError : the text is anything else
    """
    try:
        if len(text) != 10:
            raise ValueError
        return _reckoned(date.fromisoformat(text))
    except ValueError:
        raise DatelineError(f"“{shown(text)}” is not a day: write it as 2024-12-05.") from None


def day_or_moment(text: str) -> date | datetime:
    """Return a day, or a moment with its offset from UTC.

    Raises
    ------
    DatelineError : the text is neither
    """
    if len(text) == 10:
        return parse_day(text)
    try:
        moment = _reckoned(datetime.fromisoformat(text))
    except ValueError:
        raise DatelineError(f"“{shown(text)}” is neither a day (2024-12-05) nor a moment (2024-12-05T18:00+03:00).") from None
    if moment.tzinfo is None:
        raise DatelineError(f"“{shown(text)}” lacks its offset from UTC: write it as 2024-12-05T18:00+03:00.")
    return moment


def _reckoned(day: _Day) -> _Day:
    """Return a day or a moment that has a day before and after it in every time zone; the calendar's ends have none."""
    if not date.min.year < day.year < date.max.year:
        raise ValueError
    return day


def last_instant(known: date | datetime, zone: ZoneInfo) -> datetime:
    """Return the moment by which something is known: a moment itself, the last microsecond of a day in the story's zone."""
    if isinstance(known, datetime):
        return known
    return datetime.combine(known, time.max, zone)


def day_in(known: date | datetime, zone: ZoneInfo) -> date:
    """Return the day, in the story's zone, of a day or a moment."""
    return known.astimezone(zone).date() if isinstance(known, datetime) else known


def each_day(first: date, last: date) -> Iterator[date]:
    """Yield every day from `first` to `last`, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def in_words(day: date, *, year: bool = True) -> str:
    """Return a day as a reader says it: 5 December 2024."""
    return f"{day.day} {day:%B} {day.year}" if year else f"{day.day} {day:%B}"


def moment_in_words(known: date | datetime, zone: ZoneInfo) -> str:
    """Return a day or a moment as a reader says it: 9 December 2024, 09:30."""
    if not isinstance(known, datetime):
        return in_words(known)
    return f"{in_words(day_in(known, zone))}, {known.astimezone(zone):%H:%M}"


def span_in_words(first: date | None, last: date | None) -> str:
    """Return an interval of days as a reader says it, naming month and year once where they are the same."""
    if last is None:
        return "" if first is None else f"from {in_words(first)}"
    if first is None:
        return f"up to {in_words(last)}"
    if first == last:
        return in_words(last)
    if first.year != last.year:
        return f"{in_words(first)} to {in_words(last)}"
    if first.month != last.month:
        return f"{in_words(first, year=False)} to {in_words(last)}"
    return f"{first.day}–{in_words(last)}"
