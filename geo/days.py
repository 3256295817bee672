"""Days of the story: plain dates in its time zone, never a browser's or a server's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from geo.errors import DatelineError, shown


def parse_day(text: str) -> date:
    """Return a day written as YYYY-MM-DD.

    Raises
    ------
    DatelineError : the text is anything else
    """
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise DatelineError(f"“{shown(text)}” is not a day: write it as 2024-12-05.") from None


def day_of(text: str, zone: ZoneInfo) -> date:
    """Return the day, in the story's zone, of a day or of a moment with its offset from UTC.

    Raises
    ------
    DatelineError : the text is neither
    """
    if len(text) == 10:
        return parse_day(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise DatelineError(f"“{shown(text)}” is neither a day (2024-12-05) nor a moment (2024-12-05T18:00+03:00).") from None
    if moment.tzinfo is None:
        raise DatelineError(f"“{shown(text)}” lacks its offset from UTC: write it as 2024-12-05T18:00+03:00.")
    return moment.astimezone(zone).date()


def each_day(first: date, last: date) -> Iterator[date]:
    """Yield every day from `first` to `last`, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def in_words(day: date, *, year: bool = True) -> str:
    """Return a day as a reader says it: 5 December 2024."""
    return f"{day.day} {day:%B} {day.year}" if year else f"{day.day} {day:%B}"


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
