"""Days in news text: "on Thursday", "since Tuesday", "overnight", "November 27", "in 2016" -> intervals of days.

Resolved against the day of publication, as a newsroom means them: a weekday is the last such day up to publication, "last
week" is the Monday to Sunday before. What lies a year or more back is history and not news.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

HISTORY_DAYS = 366
"""What ended this many days before publication, or more, is history."""

_RECENT_DAYS = 7  # "recent days", "the past week"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = tuple(name.lower() for name in calendar.month_name[1:])
_NUMBERS = {
    **{
        "a": 1,
        "an": 1,
        "one": 1,
        "two": 2,
        "three": 3,
        "four": 4,
        "five": 5,
        "six": 6,
        "seven": 7,
        "eight": 8,
        "nine": 9,
        "ten": 10,
    },
    **{
        "eleven": 11,
        "twelve": 12,
        "couple": 2,
        "a couple": 2,
        "few": 4,
        "a few": 4,
        "several": 5,
        "some": 5,
        "": 6,
        "many": 30,
    },
}
_W = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:MON|TUES|WEDNES|THURS|FRI|SATUR|SUN)DAY"
_M = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
_N = (
    r"\d{1,3}|a couple(?: of)?|couple(?: of)?|a few|an?|few|several|some|many|one|two|three|four|five|six"
    r"|seven|eight|nine|ten|eleven|twelve"
)
_NO_PLURAL = "(?:was|has|as|is|its|this|his|does|days|weeks|thus|always|across|unless|perhaps|amidst|towards|versus|besides)"
"""Words in -s after a year; before others the number counts something ("in 2016 villages")."""
_PART = r"(?: (?:early |late )?(?:morning|afternoon|evening|night|noon|midnight))?"
_DAY = (
    rf"(?:{_W}){_PART}|(?:{_M}) \d{{1,2}}(?:st|nd|rd|th)?\b(?!,?\d)(?:,? \d{{4}}\b)?|\d{{1,2}}(?:st|nd|rd"
    rf"|th)? (?:of )?(?:{_M})(?:,? \d{{4}}\b)?|\d{{4}}-\d\d-\d\d|[Yy]esterday"
)
_PATTERN = re.compile(
    r"(?<![\w-])(?:"  # only where a word begins: the alternatives are many
    rf"(?P<between>\b(?:[Bb]etween|[Ff]rom) (?:{_DAY}) (?:and|to|until|through) (?:{_DAY}))"
    rf"|(?P<years>\b(?:[Bb]etween|[Ff]rom|[Ii]n|[Dd]uring) (?:19|20)\d\d ?(?:[-–/]|and|to|until) ?(?:(?:19|20)?\d\d)\b)"
    rf"|(?P<since>\b(?:[Ss]ince|[Ee]ver since) (?:the (?:early |late )?(?:morning|night|start) of |late "
    rf"|early |last |mid-|at least )?(?:{_DAY}|(?:{_M})(?: \d{{4}})?|(?:19|20)\d\d\b|[Tt]oday|yesterday"
    rf"|week(?:end)?|month|dawn|midnight))"
    rf"|(?P<iso>\b\d{{4}}-\d\d-\d\d\b)"
    rf"|(?P<dated>\b(?:{_M}) \d{{1,2}}(?:st|nd|rd|th)?\b(?!,?\d|:)(?:,? \d{{4}}\b)?|\b\d{{1,2}}(?:st|nd|rd"
    rf"|th)? (?:of )?(?:{_M})\b(?:,? \d{{4}}\b)?)"
    rf"|(?P<month>\b(?:[Ii]n|[Dd]uring|[Ll]ast|[Ll]ate|[Ee]arly|[Mm]id|[Bb]y|[Oo]f|[Uu]ntil"
    rf"|[Tt]his)[ -](?:late |early |mid-)?(?:{_M})\b(?! \d{{1,2}}\b)(?:,? (?:19|20)\d\d\b)?"
    rf"|\b(?:{_M}),? (?:19|20)\d\d\b)"
    rf"|(?P<weekday>\b(?:[Ll]ast |[Nn]ext |[Tt]his |[Ee]very )?(?:{_W})\b{_PART})"
    r"|(?P<night>\b[Oo]vernight\b|\b[Ll]ast night\b)"
    r"|(?P<today>\b(?:[Ee]arlier |[Ll]ater |[Aa]gain )?(?:[Tt]oday|[Tt]onight)\b|\b[Tt]his (?:morning"
    r"|afternoon|evening)\b|\b[Ee]arlier in the day\b|\b(?:[Hh]ours|minutes) (?:ago|earlier|later|before"
    r"|after)\b|\b[Aa]t dawn\b)"
    r"|(?P<yesterday>\b[Yy]esterday\b(?: (?:morning|afternoon|evening|night))?)"
    rf"|(?P<ago>\b(?:(?:{_N}|[Jj]ust|[Oo]nly) )?(?:hours?|days?|weeks?|months?|years?|decades?|centuries"
    rf"|generations?) (?:ago|earlier|before\b(?! (?:the|it|he|she|they))))"
    r"|(?P<lastyear>\b[Ll]ast (?:year|decade|century)\b|\b[Ii]n the (?:19|20)?\d0s\b|\bthe (?:early |late )?(?:19|20)\d0s\b)"
    r"|(?P<week>\b[Ll]ast week(?:end)?\b|\b[Ee]arlier this (?:week|month)\b|\b[Tt]his (?:week(?:end)?"
    r"|month)\b|\b[Ll]ast month\b)"
    rf"|(?P<past>\b(?:(?:[Oo]ver|[Dd]uring|[Ii]n|[Ww]ithin|[Ff]or|[Tt]hroughout)(?: the)? (?:past|last"
    rf"|previous)|(?:[Tt]he )?[Pp]ast) (?:(?:{_N}|24|48|72) )?(?:hours|days?|weeks?|months?)\b|\b(?:[Ii]n "
    rf"|[Oo]ver )?(?:the )?[Rr]ecent (?:days|weeks|months|hours)\b)"
    rf"|(?P<lasting>\b(?:[Aa]fter|[Ff]or|[Ff]ollowing|[Ii]n) (?:more than |at least |nearly |almost |about "
    rf"|over )?(?:{_N}) (?:days|weeks|hours|months|years)\b(?: of)?)"
    r"|(?P<year>\b(?:[Ii]n|[Bb]y|[Uu]ntil|[Oo]f|[Dd]uring|[Aa]round|[Ll]ate|[Ee]arly|[Ff]rom|[Bb]efore"
    rf"|[Aa]fter|agreed in) (?:late |early |mid-)?(?:19|20)\d\d\b(?!,\d| (?!{_NO_PLURAL}\b)[a-z]+s\b(?<! months))"
    r"|\b[Tt]he (?:19|20)\d\d\b(?= [a-z]))"
    r")"
)


@dataclass(frozen=True, slots=True)
class When:
    """Days that some words name.

    Attributes
    ----------
    start, end, text : where the words stand, in code points, and the words
    first, last : the days between which it was, both included; first None where the words do not say
    precision : "day", "range" or "week"
    is_history : whether it ended a year or more before publication
    is_since : whether it lasts until publication ("since Tuesday")
    lasting : days that something took ("after three days of"), counted back from a day named elsewhere; 0 for none
    before : whether the days are counted back from an event ("just days before"), as `first` and `last` are from publication
    """

    start: int
    end: int
    text: str
    first: date
    last: date
    precision: str
    is_history: bool = False
    is_since: bool = False
    lasting: int = 0
    before: bool = False

    def back_from(self, day: date, published: date) -> When:
        """Return the same words counted back from an event's day instead of from publication."""
        if self.lasting:
            return replace(self, first=_shift(day, 1 - self.lasting), last=day)
        return replace(self, first=_shift(self.first, (day - published).days), last=_shift(self.last, (day - published).days))


_CUES = re.compile(
    r"day|night|week|month|year|morning|hours|minutes|dawn|recent|decade|centur|generation|[12]\d\d|\d0s"
    r"|DAY|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
)


def days(text: str, published: date) -> list[When]:
    """Return the days that a text names, in the order of the text.

    Parameters
    ----------
    text : any text
    published : the day, in the story's time zone, against which the words are read
    """
    return list(_days(text, published)) if _CUES.search(text) else []


def _days(text: str, published: date) -> Iterator[When]:
    for found in _PATTERN.finditer(text):
        words = found.group()
        lead = len(words) - len(words.lstrip())
        words = words.strip()
        try:
            span = _READERS[str(found.lastgroup)](words, published)
        except (ValueError, OverflowError):
            continue  # 31 November: not a day
        if span is None:
            continue
        first, last, precision, flags = span
        if first > last:
            continue  # "since 2016" in a text of 2000: no day that has been
        old = (published - last).days >= HISTORY_DAYS
        history = "since" not in flags and (old or "history" in flags)
        yield When(
            found.start() + lead,
            found.start() + lead + len(words),
            words,
            first,
            last,
            precision,
            history,
            "since" in flags,
            _count(words) if "lasting" in flags else 0,
            "before" in flags,
        )


_Span = tuple[date, date, str, frozenset[str]]
_NONE: frozenset[str] = frozenset()


def _shift(day: date, count: int) -> date:
    """Return a day `count` days later, or the calendar's first or last."""
    number = day.toordinal() + count
    return date.fromordinal(min(max(number, date.min.toordinal()), date.max.toordinal()))


def _weekday(words: str, published: date) -> _Span:
    lower = words.lower()
    index = next(number for number, name in enumerate(_WEEKDAYS) if name in lower)
    back = (published.weekday() - index) % 7
    if lower.startswith("next "):
        day = _shift(published, (index - published.weekday() - 1) % 7 + 1)
        return day, day, "day", frozenset({"future"})
    if lower.startswith("last ") and back == 0:
        back = 7
    day = _shift(published, -back)
    if lower.endswith(("night", "midnight")):
        return day, min(_shift(day, 1), published), "range", _NONE
    return day, day, "day", _NONE


def _dated(words: str, published: date) -> _Span:
    lower = words.lower().replace(".", "").replace(",", " ")
    month = next(number for number, name in enumerate(_MONTHS, 1) if re.search(rf"\b{name[:3]}", lower))
    numbers = re.findall(r"\d+", lower)
    year = int(next((number for number in numbers if len(number) == 4), 0))
    days_named = [int(number) for number in numbers if len(number) < 4]
    if year == 0:
        # Written without a year it is the nearest such day.
        choices = [
            date(published.year + step, month, min(days_named[0], 28) if days_named else 15)
            for step in (-1, 0, 1)
            if 0 < published.year + step < 9999
        ]
        year = min(choices, key=lambda day: abs((day - published).days)).year
    if days_named:
        day = date(year, month, days_named[0])
        return day, day, "day", _NONE
    first, last = date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return first, max(first, min(last, published) if first <= published else last), "range", _NONE


def _month(words: str, published: date) -> _Span:
    first, last, precision, flags = _dated(words, published)
    if first > published and not re.search(r"\d{4}", words):
        first, last = first.replace(year=first.year - 1), _shift(first.replace(year=first.year - 1), 27)
    return first, last, precision, flags


def _iso(words: str, published: date) -> _Span:
    day = date.fromisoformat(words)
    return day, day, "day", _NONE


def _between(words: str, published: date) -> _Span | None:
    parts = re.split(r" (?:and|to|until|through) ", words.split(" ", 1)[1])
    spans = [_one_day(part, published) for part in parts]
    first, last = spans[0], spans[-1]
    if first is None or last is None or first[0] > last[1]:
        return None
    return first[0], last[1], "range", _NONE


def _one_day(words: str, published: date) -> _Span | None:
    for name, reader in (("iso", _iso), ("dated", _dated), ("weekday", _weekday)):
        if re.fullmatch(
            {"iso": r"\d{4}-\d\d-\d\d", "dated": rf"(?:.*\d.*)(?:{_M}).*|(?:{_M}).*\d.*", "weekday": rf".*(?:{_W}).*"}[name],
            words,
        ):
            return reader(words, published)
    if "yesterday" in words.lower():
        return _yesterday(words, published)
    return None


def _since(words: str, published: date) -> _Span | None:
    rest = re.sub(r"^(?:ever )?since ", "", words, flags=re.IGNORECASE)
    since = frozenset({"since"})
    bare = re.sub(r"^(?:the (?:early |late )?(?:morning|night|start) of |late |early |mid-|at least )", "", rest)
    year = re.fullmatch(r"(?:last )?((?:19|20)\d\d)", bare)
    if year:
        return date(int(year.group(1)), 1, 1), published, "range", since
    if "week" in bare:
        start = _shift(published, -published.weekday() - 7)
        return start, published, "range", since
    if "month" in bare:
        return _shift(published, -30), published, "range", since
    if re.search(rf"{_W}", bare):
        first = _weekday(bare, published)[0]
    elif "yesterday" in bare.lower():
        first = _shift(published, -1)
    elif re.search(rf"{_M}", bare):
        first = _month(bare, published)[0] if not re.search(r"\b\d{1,2}\b", bare) else _dated(bare, published)[0]
    else:
        first = published
    return min(first, published), published, "range", since


def _night(words: str, published: date) -> _Span:
    return _shift(published, -1), published, "range", _NONE


def _today(words: str, published: date) -> _Span:
    return published, published, "day", _NONE


def _yesterday(words: str, published: date) -> _Span:
    day = _shift(published, -1)
    return day, published if words.lower().endswith("night") else day, "day", _NONE


def _count(words: str) -> int:
    digits = re.search(r"\d+", words)
    number = (
        int(digits.group())
        if digits
        else next((_NUMBERS[word] for word in reversed(re.findall(r"[a-z]+", words.lower())) if word in _NUMBERS), 3)
    )
    unit = 30 if "month" in words else 7 if "week" in words else 365 if "year" in words else 1
    return max(1, -(-number // 24) if "hour" in words else number * unit)


def _ago(words: str, published: date) -> _Span | None:
    lower = words.lower()
    if re.search("year|decade|centur|generation", lower):
        return _shift(published, -HISTORY_DAYS * 40), _shift(published, -HISTORY_DAYS), "range", frozenset({"history"})
    before = frozenset({"before"}) if lower.endswith(("before", "earlier")) else _NONE
    exact = re.match(rf"({_N}) ", lower)
    if "hour" in lower:
        return published, published, "day", _NONE
    if exact and exact.group(1) not in ("few", "a few", "several", "some", "many", "couple"):
        day = _shift(published, -_count(lower))
        return day, day, "day" if "day" in lower else "range", before
    unit = 30 if "month" in lower else 7 if "week" in lower else 1
    return _shift(published, -6 * unit), _shift(published, -unit), "range", before


def _lastyear(words: str, published: date) -> _Span:
    return _shift(published, -HISTORY_DAYS * 40), _shift(published, -HISTORY_DAYS), "range", frozenset({"history"})


def _past(words: str, published: date) -> _Span:
    lower = words.lower()
    if "recent" in lower:
        back = 60 if "month" in lower else 21 if "week" in lower else 1 if "hour" in lower else _RECENT_DAYS
    else:
        number = re.search(rf"(?:past|last|previous) ({_N}|24|48|72) ", lower)
        unit = 30 if "month" in lower else 7 if "week" in lower else 1
        back = _count(lower) if number else unit
    return _shift(published, -back), published, "range", _NONE


def _week(words: str, published: date) -> _Span:
    lower = words.lower()
    monday = _shift(published, -published.weekday())
    if lower.startswith("last weekend"):
        saturday = _shift(published, -((published.weekday() - 5) % 7 or 7))
        return saturday, _shift(saturday, 1), "range", _NONE
    if lower.startswith("last week"):
        return _shift(monday, -7), _shift(monday, -1), "week", _NONE
    if lower.startswith("last month"):
        last = _shift(published.replace(day=1), -1)
        return last.replace(day=1), last, "range", _NONE
    if "month" in lower:
        return published.replace(day=1), published, "range", _NONE
    return monday, published, "week", _NONE


def _lasting(words: str, published: date) -> _Span | None:
    if words.lower().startswith("in "):
        return None
    if not words.lower().endswith("of") and words.lower().startswith(("after", "following")):
        return None
    if "year" in words.lower():
        return None
    return _shift(published, 1 - _count(words)), published, "range", frozenset({"lasting"})


def _year(words: str, published: date) -> _Span | None:
    year = int(re.findall(r"\d{4}", words)[-1])
    first, last = date(year, 1, 1), date(year, 12, 31)
    if year >= published.year:
        return (first, min(last, published), "range", _NONE) if year == published.year else None
    recent = year == published.year - 1 and published.month <= 3
    return first, last, "range", _NONE if recent else frozenset({"history"})


def _years(words: str, published: date) -> _Span | None:
    numbers = re.findall(r"\d{2,4}", words)
    start = int(numbers[0])
    end = int(numbers[1]) if len(numbers[1]) == 4 else start // 100 * 100 + int(numbers[1])
    if end < start:
        return None
    return date(start, 1, 1), date(end, 12, 31), "range", frozenset({"history"}) if end < published.year else _NONE


_READERS = {
    **{
        "between": _between,
        "years": _years,
        "since": _since,
        "iso": _iso,
        "dated": _dated,
        "month": _month,
        "weekday": _weekday,
    },
    **{"night": _night, "today": _today, "yesterday": _yesterday, "ago": _ago, "lastyear": _lastyear, "past": _past},
    **{"week": _week, "lasting": _lasting, "year": _year},
}
