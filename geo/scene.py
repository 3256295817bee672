"""What the map shows at one moment, from a payload, by the rules of story.js, places.js, territory.js and front.js."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from geo.days import in_words
from geo.errors import DatelineError
from geo.style import constant

_SOLID = 2  # an edge both of whose sides are reported, as in `geo.theatre`


class Cell(NamedTuple):
    """A coloured cell: its index, the side's index, the tier's index and whether it is aged."""

    cell: int
    actor: int
    tier: int
    aged: bool


class Stretch(NamedTuple):
    """An edge of the front that is shown: its index, and whether both sides are reported."""

    edge: int
    solid: bool


@dataclass(frozen=True)
class Item:
    """A place that is shown: its entry in the payload, what holds there (None: nothing is said), whether that is aged."""

    place: Mapping[str, Any]
    span: Mapping[str, Any] | None
    aged: bool

    @property
    def is_exact(self) -> bool:
        """Whether it is drawn as a symbol, and not as a note."""
        return self.place["precision"] == 1 and self.place["kind"] not in constant("places", "AREAS")

    @property
    def is_settlement(self) -> bool:
        """Whether it is a city, a town or a village."""
        return self.place["kind"] in constant("places", "SETTLEMENTS")

    @property
    def said(self) -> str:
        """What a note says under the place's name."""
        if self.span is None:
            return ""
        since = self.span["since"]
        if since is None:
            return str(self.span["words"])
        day = since[:4] if self.span["since_year_only"] else short_day(since).replace(" ", "\u00a0")
        return f"{self.span['words']} ({day})"


class Scene:
    """A story at a moment.

    Parameters
    ----------
    payload : what `geo.payload.payload` returns
    day : index into its days
    known : index into its moments of knowledge
    """

    def __init__(self, payload: Mapping[str, Any], day: int, known: int) -> None:
        self.story, self.day, self.known = payload, day, known

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The places that are shown, in the payload's order."""
        story = self.story
        spans = {entry["place"]: entry["spans"] for entry in story["states"][self.known]}
        spoken = {
            claim["place"]
            for claim in story["claims"]
            if not story["articles"][claim["article"]]["background"] and self._is_known(claim) and claim["reported"] <= self.day
        }
        eventful = {event["place"] for event in self.events}
        found = []
        for index, place in enumerate(story["places"]):
            span = next((one for one in spans.get(index, ()) if one["day"] <= self.day < one["end"]), None)
            item = Item(place, span, self._is_aged(span))
            drawn = place["kind"] not in constant("places", "UNDRAWN")
            if span or index in spoken if item.is_exact else drawn and (span or index in eventful):
                found.append(item)
        return tuple(found)

    @cached_property
    def events(self) -> tuple[Mapping[str, Any], ...]:
        """What happened on the day without giving a place another holder; what is told twice in the same words stands once."""
        found: dict[tuple[str, int, str], Mapping[str, Any]] = {}
        for event in self.story["events"]:
            claim = self.story["claims"][event["claim"]]
            if event["day"] <= self.day < event["end"] and self._is_known(claim):
                found.setdefault((event["kind"], event["place"], claim["words"]), event)
        return tuple(found.values())

    @cached_property
    def eventful(self) -> frozenset[str]:
        """Ids of the places at which something happened."""
        return frozenset(self.story["places"][event["place"]]["id"] for event in self.events)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The coloured cells."""
        found = []
        for cell, changes in self.story["cell_days"][self.known]:
            change = last_change(changes, self.day)
            if change and change[1] >= 0:
                found.append(Cell(cell, change[1], change[2], len(change) > 3 and bool(change[3])))
        return tuple(found)

    @cached_property
    def front(self) -> tuple[Stretch, ...]:
        """The edges at which enemies meet."""
        found = ((edge, last_change(changes, self.day)) for edge, changes in self.story["edge_days"][self.known])
        return tuple(Stretch(edge, change[1] == _SOLID) for edge, change in found if change and change[1])

    @property
    def modelled_from(self) -> int:
        """From how many reported places territory is modelled on the day."""
        return int(self.story["modelled_from"][self.known][self.day])

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """What is drawn on the map: two moments with the same key look the same there."""
        places = tuple((item.place["id"], item.said, repr(item.span and _drawn(item.span)), item.aged) for item in self.items)
        events = tuple((event["claim"], event["kind"], event["place"]) for event in self.events)
        return self.cells, self.front, places, events

    @property
    def date(self) -> date:
        """The day shown."""
        return date.fromisoformat(self.story["days"][self.day])

    @property
    def knowledge(self) -> str:
        """Up to when reports are counted, in words."""
        words = self.story["known"][self.known]["words"]
        return f"With reports up to {words}" if self.is_latest else f"As known on {words}"

    @property
    def is_latest(self) -> bool:
        """Whether all that is known now is counted."""
        return bool(self.known == len(self.story["known"]) - 1)

    def _is_known(self, claim: Mapping[str, Any]) -> bool:
        first, end = claim["known"]
        return first <= self.known and (end is None or self.known < end)

    def _is_aged(self, span: Mapping[str, Any] | None) -> bool:
        lasts = self.story["fades_after_days"]
        if not lasts or span is None or span["background"] or not span["confirmed"]:
            return False
        return self.date > date.fromisoformat(span["confirmed"]) + timedelta(days=lasts)


def day_index(payload: Mapping[str, Any], day: date) -> int:
    """Return the index of a day.

    Raises
    ------
    DatelineError : the story does not show the day
    """
    days: Sequence[str] = payload["days"]
    if day.isoformat() not in days:
        raise DatelineError(f"The story has no {day}: its days are {days[0]} to {days[-1]}.")
    return days.index(day.isoformat())


def last_change(changes: Sequence[Sequence[int]], day: int) -> Sequence[int] | None:
    """Return the last change [day, ...] of a sorted list on or before a day."""
    found = None
    for change in changes:
        if change[0] > day:
            break
        found = change
    return found


def short_day(iso: str) -> str:
    """Return a day as 6 Dec."""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%b}"


def weekday(day: date) -> str:
    """Return a day as Friday 6 December 2024."""
    return f"{day:%A} {in_words(day)}"


def _drawn(span: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(span[key] for key in ("status", "holder", "contender", "background")) + tuple(span["disputed"])
