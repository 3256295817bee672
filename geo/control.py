"""Claims -> the control table: who held what, on which days, on whose word, as known by a day or a moment.

The claims on one place that were known by then are replayed in the order of the days they speak of. Within a day what
holds comes first, then fighting, entering, what was left, and last what was gained: the table says how a day ended.
"""

from __future__ import annotations

import gc
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from multiprocessing import get_all_start_methods, get_context
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from geo.claims import FIGHTS, GAINS, Claim
from geo.laws import HELD, Backing, Laws, Word
from geo.story import Story

COLUMNS = (
    "place_id",
    "valid_from",
    "valid_to",
    "status",
    "holder",
    "contender",
    "contenders",
    "extent",
    "possible_from",
    "disputed_by",
    "background",
    "since",
    "held_before",
    "last_confirmed",
    "law",
    "basis",
)
DAY_COLUMNS = ("valid_from", "valid_to", "possible_from", "since", "last_confirmed")
LONGEST = 40
"""A basis names every claim that a status rests on; of more than this many for a hold, or for an attack, the first and last."""
WITHOUT_STATUS = frozenset({"country", "continent"})
_ORDER = {**dict.fromkeys(FIGHTS, 1), "entered": 2, "withdrew": 3}
_CONFIRM, _GAIN = 0, 4
_WORTH_A_PROCESS = 2_000
_forked: list[tuple[Callable[..., Any], list[tuple[Any, ...]]]] = []
_Done = TypeVar("_Done")
_EPOCH = date(1970, 1, 1).toordinal()


class Spell(NamedTuple):
    """One place in one state for some days, `last` excluded and None where it still holds."""

    first: date
    last: date | None
    status: str
    holder: str
    contender: str = ""
    contenders: tuple[str, ...] = ()
    extent: str = ""
    possible_from: date | None = None
    disputed_by: tuple[str, ...] = ()
    background: bool = False
    since: date | None = None
    held_before: str = ""
    last_confirmed: date | None = None
    law: str = ""
    basis: tuple[str, ...] = ()


class Step(NamedTuple):
    """What one claim did to a place's state on the day it takes effect, and the law by which it did (or left it)."""

    day: date
    claim: Claim
    law: str
    before: Spell | None
    after: Spell | None


class _Fight:
    """The claims of fighting over a place, and who attacks it: a side by the one actor named, or as a whole."""

    __slots__ = ("_actors", "_laws", "attackers", "has_entry", "ids", "left")

    def __init__(self, laws: Laws, left: Sequence[Claim] = ()) -> None:
        self._laws = laws
        self._actors: dict[str, set[str]] = {}
        self.attackers: dict[str, str] = {}
        self.ids = [claim.claim_id for claim in left]
        self.has_entry = False
        self.left = left

    def add(self, claims: Iterable[Claim], attacker: str) -> str:
        """Count claims of an attack and return who makes it, named as exactly as they all name him."""
        for claim in claims:
            self.ids.append(claim.claim_id)
            self._actors.setdefault(self._laws.side(claim.actor), set()).add(claim.actor)
            self.has_entry |= claim.kind == "entered"
        side = self._laws.side(attacker)
        acting = self._actors.get(side)
        self.attackers.pop(side, None)
        self.attackers[side] = self._laws.as_named(acting, side) if acting else attacker
        return self.attackers[side]


class _Replay:
    """One place's claims, replayed day by day. The state is in the fields that a spell has; status "" is no state yet."""

    def __init__(self, laws: Laws, denials: Iterable[Claim], *, told: bool) -> None:
        self.laws = laws
        self.steps: list[Step] | None = [] if told else None
        self.status = self.holder = self.contender = self.extent = self.held_before = self.law = ""
        self.side = ""
        self.since: date | None = None
        self.possible_from: date | None = None
        self.last_confirmed: date | None = None
        self.background = False
        self.disputed_by: tuple[str, ...] = ()
        self.held = Backing(laws, "")
        self.fight = _Fight(laws)
        self.conceded: set[str] = set()
        self.denied: dict[str, dict[str, date]] = defaultdict(dict)
        for denial in denials:
            for gainer in {laws.side(actor) for actor in denial.against}:
                for side in self._sides_of(denial):
                    self.denied[gainer][side] = max(denial.last, self.denied[gainer].get(side, denial.last))

    def _sides_of(self, claim: Claim) -> set[str]:
        return {self.laws.settings.sources[source].side for source in claim.claimants}

    def day(self, day: date, starts: list[Claim]) -> Spell | None:
        """Apply one day's claims and return the state in which it ends, None where nothing gives one."""
        at_dawn, side = self.side, self.laws.side
        if len(starts) > 1:
            starts = sorted(starts, key=lambda claim: (self._phase(claim, at_dawn), claim.reported, claim.claim_id))
        gains: dict[str, list[Claim]] = {}
        for claim in starts:
            if claim.kind in GAINS:
                if side(claim.actor) == at_dawn:
                    self._apply("confirmation", [claim], day, self._confirm, claim, day)
                else:
                    gains.setdefault(side(claim.actor), []).append(claim)
            elif claim.kind == "withdrew":
                self._apply("withdrawal", [claim], day, self._withdraw, claim, day)
            elif claim.kind == "entered":
                self._apply("entry", [claim], day, self._enter, claim, day, starts)
            else:
                law = "fighting" if self.laws.is_dated(claim) else "undated fighting"
                self._apply(law, [claim], day, self._fight, claim, day)
        if gains:
            self._gains(day, gains, starts)
        if not self.status:
            return None
        self.disputed_by = self._disputed_by(day, starts) if self.denied or self.status not in HELD else ()
        return self._spell(day)

    def _phase(self, claim: Claim, at_dawn: str) -> int:
        if claim.kind in GAINS:
            return _CONFIRM if self.laws.side(claim.actor) == at_dawn else _GAIN
        return _ORDER[claim.kind]

    def _apply(self, law: str, claims: list[Claim], day: date, change: Callable[..., None], *given: Any) -> None:
        """Apply one law; where it changed who holds the place, how, or how much of it, the state stands by this law."""
        before = (self.status, self.holder, self.contender, self.extent)
        shown = self._spell(day) if self.steps is not None and self.status else None
        change(*given)
        if (self.status, self.holder, self.contender, self.extent) != before:
            self.law = law
        if self.steps is not None:
            after = self._spell(day) if self.status else None
            self.steps += [Step(day, claim, law, shown, after) for claim in claims]

    def _spell(self, day: date) -> Spell:
        return Spell(
            day,
            None,
            self.status,
            self.holder,
            self.contender,
            tuple(self.fight.attackers.values()) if self.contender else (),
            self.extent,
            self.possible_from,
            self.disputed_by,
            self.background,
            self.since,
            self.held_before,
            self.last_confirmed,
            self.law,
            (*_ends(self.held.ids), *_ends(self.fight.ids)),
        )

    def _put(self, day: date, status: str, holder: str, told: list[Claim]) -> None:
        """Set the state that these claims tell of; `since` is kept while holder's side and manner of holding stay the same."""
        side = self.laws.side(holder)
        if not self.status or side != self.side or (status != self.status and not (status in HELD and self.status in HELD)):
            self.since = day
        self.status, self.holder, self.side, self.background = status, holder, side, False
        if told:
            self.last_confirmed = max([claim.last for claim in told])

    def _hold(self, day: date, told: list[Claim]) -> None:
        self._put(day, self.held.status, self.held.holder, told)
        self.extent, self.contender = self.held.extent, ""

    def _confirm(self, claim: Claim, day: date) -> None:
        word = self.laws.word(claim, self.side)
        if claim.background or (self.status not in HELD and word is not Word.INDEPENDENT):
            return
        if self.background:
            self.held = Backing(self.laws, self.side)
        self.held.add(claim)
        self.fight = _Fight(self.laws)
        self._hold(day, [claim] if word > Word.PARTY or self.status == "claimed" else [])

    def _gains(self, day: date, gains: dict[str, list[Claim]], starts: list[Claim]) -> None:
        """Let each side gain in the order in which that was reported; equal words reported at one time contest each other."""

        def weight(side: str) -> tuple[date, Word]:
            claims = gains[side]
            return max(claim.reported for claim in claims), max(self.laws.word(claim, side) for claim in claims)

        order, rivals = list(gains), list[str]()
        if len(gains) > 1:
            order.sort(key=lambda side: (*weight(side), side))
            if weight(order[-1]) == weight(order[-2]):
                rivals = [side for side in order if weight(side) == weight(order[-1])]
        for side in order[: len(order) - len(rivals)]:
            claims = gains[side]
            entries = [claim for claim in starts if claim.kind == "entered" and self.laws.side(claim.actor) == side]
            law = "background" if claims[0].background else "gain"
            self._apply(law, claims, day, self._gain, side, claims, entries, day)
        for side in rivals:
            claims = gains[side]
            self._apply("rival gains", claims, day, self._attack, day, claims, claims[0].actor, "contested")

    def _gain(self, side: str, claims: list[Claim], entries: list[Claim], day: date) -> None:
        held = Backing(self.laws, side)
        for claim in claims:
            held.add(claim)
        if claims[0].background:
            if not self.status:
                self.held = held
                self._put(day, "control", claims[0].actor, claims)
                self.background = True
            return
        if held.status == "claimed" and self.status == "control" and not self.background and self.last_confirmed == day:
            self._attack(day, claims, held.holder, "under_attack")
            return
        if self.holder and held.extent == "part" and held.status == "control":
            self._attack(day, claims, held.holder, "contested")
            return
        loser = self.side or self.laws.side(next((actor for claim in claims for actor in claim.against), ""))
        left = [claim for claim in self.fight.left if self.laws.concedes(claim, loser)]
        for claim in left:
            held.add(claim)
        self.held_before = self.holder or self.held_before
        self.held, self.fight, self.conceded = held, _Fight(self.laws), {loser} if left else set()
        self._hold(day, claims)
        self.possible_from = _earliest([*claims, *entries], day)

    def _withdraw(self, claim: Claim, day: date) -> None:
        leaver = self.laws.side(claim.actor)
        if not self.status or self.side == leaver:
            if self.laws.word(claim, "") is Word.PARTY:
                return
            own = self.laws.concedes(claim, leaver)
            others = [self.laws.side(actor) for actor in claim.against]
            if not own and any(self.laws.word(claim, other) is Word.PARTY for other in others):
                return
            self.held_before = self.holder if self.status else claim.actor
            self.held, self.fight = Backing(self.laws, ""), _Fight(self.laws, [claim])
            self._put(day, "unknown", "", [claim])
            self.contender, self.extent, self.possible_from = "", "", None
        elif self.laws.concedes(claim, leaver) and self.status in HELD:
            self.conceded.add(leaver)
            self.held.add(claim)
            self._hold(day, [claim])

    def _enter(self, claim: Claim, day: date, starts: list[Claim]) -> None:
        comer = self.laws.side(claim.actor)
        if self.status and self.side == comer:
            return
        beaten_back = any(other.kind == "repelled" and self.laws.side(other.actor) != comer for other in starts)
        if self.laws.word(claim, comer) is Word.INDEPENDENT:
            self._attack(day, [claim], claim.actor, "contested")
        elif self.status != "contested" or beaten_back:
            self._attack(day, [claim], claim.actor, "under_attack")

    def _fight(self, claim: Claim, day: date) -> None:
        if not self.laws.is_dated(claim):
            return
        named = [claim.actor, *claim.against]
        if self.holder:
            attackers = [who for who in named if self.laws.side(who) != self.side]
            if len(attackers) == len(named):
                return
        else:
            attackers = list(claim.against) if claim.kind == "repelled" else [claim.actor]
        if not attackers:
            return
        if self.status == "contested":
            driven_out = claim.kind == "repelled" and self.laws.word(claim, self.laws.side(claim.actor)) is Word.INDEPENDENT
            if not driven_out or self.since == day:
                return
        self._attack(day, [claim], attackers[0], "under_attack")

    def _attack(self, day: date, claims: list[Claim], attacker: str, status: str) -> None:
        holder = self.holder or next((claim.actor for claim in claims if claim.kind == "repelled"), "")
        if self.status == "contested" and status == "under_attack":
            self.fight = _Fight(self.laws)
        self.contender = self.fight.add(claims, attacker)
        self.possible_from = _earliest(claims, day) if claims[0].kind == "entered" else None
        self._put(day, status, holder, claims)

    def _disputed_by(self, day: date, starts: list[Claim]) -> tuple[str, ...]:
        """Return the sides that deny what the state says: a denial counts from the day of what it denies."""
        since = self.since or day
        gainer = self.side if self.status in HELD else self.laws.side(self.contender)
        sides = {side for side, last in self.denied[gainer].items() if last >= since} if self.denied else set()
        if self.status in ("under_attack", "contested"):
            sides |= set(self.disputed_by) if since != day else set()
            for claim in starts:
                if self.fight.has_entry and claim.kind == "repelled" and self.laws.side(claim.actor) == self.side:
                    sides |= self._sides_of(claim)
        return tuple(sorted(sides - self.conceded - {""})) if sides else ()


def spells(claims: Iterable[Claim], laws: Laws) -> list[Spell]:
    """Return one place's states in order of time, from all the claims on it that are known."""
    return _replayed(claims, laws, told=False)[0]


def replayed(claims: Iterable[Claim], laws: Laws) -> tuple[list[Spell], list[Step]]:
    """Return one place's states in order of time, and what each claim that bears on control did, in the order applied."""
    found, steps = _replayed(claims, laws, told=True)
    return found, steps or []


def _replayed(claims: Iterable[Claim], laws: Laws, *, told: bool) -> tuple[list[Spell], list[Step] | None]:
    starts: dict[date, list[Claim]] = {}
    denials = []
    for claim in claims:
        if laws.bears(claim):
            starts.setdefault(claim.first if claim.lasts and claim.first else claim.last, []).append(claim)
        elif claim.modality == "denied":
            denials.append(claim)
    replay = _Replay(laws, denials, told=told)
    found: list[Spell] = []
    for day in sorted(starts):
        spell = replay.day(day, starts[day])
        if spell is not None and (not found or spell[1:] != found[-1][1:]):  # all but the day it begins
            _follow(found, spell, laws)
    return found, replay.steps


def _follow(found: list[Spell], new: Spell, laws: Laws) -> None:
    """End the last spell where a new one begins, and mark those before it in which the change may already have happened."""
    if found:
        found[-1] = found[-1]._replace(last=new.first)
    possible, at = new.possible_from, len(found)
    if possible and new.since == new.first:
        while at and found[at - 1].last > possible:  # type: ignore[operator]  # all but a newest spell have an end
            at -= 1
        found[at:] = [
            part
            for old in found[at:]
            for part in (_split(old, possible) if laws.side(old.holder) != laws.side(new.holder) else [old])
        ]
    found.append(new)


def _split(spell: Spell, possible: date) -> list[Spell]:
    if possible <= spell.first:
        return [spell._replace(possible_from=possible)]
    return [spell._replace(last=possible), spell._replace(first=possible, possible_from=possible)]


def _earliest(claims: Iterable[Claim], day: date) -> date | None:
    first = min([claim.first for claim in claims if claim.first and not claim.lasts], default=day)
    return first if first < day else None


def _ends(ids: list[str]) -> list[str]:
    return ids if len(ids) <= LONGEST else ids[: LONGEST // 2] + ids[-LONGEST // 2 :]


class Ledger:
    """The control table kept place by place: one more claim, or one less, recomputes its place and nothing else.

    Its table equals `control_table` of the same claims.
    """

    def __init__(self, story: Story, known: date | datetime | None = None, *, workers: int = 1) -> None:
        self._story = story
        self._workers = workers if "fork" in get_all_start_methods() else 1
        self._laws = Laws(story.settings)
        self._claims: dict[str, dict[str, Claim]] = defaultdict(dict)
        self._at: dict[str, str] = {}
        self._places: list[str] = []
        self._rows = np.zeros(0, dtype=np.int64)
        self._stale: set[str] = set()
        self._table = _frame([])
        self.put(story.known_by(known))

    def put(self, claims: Iterable[Claim]) -> None:
        """Take claims in; one whose id is there already takes that one's place."""
        at, places = self._at, self._story.places
        for claim in claims:
            place = claim.place
            if at.setdefault(claim.claim_id, place) != place:
                self.drop([claim.claim_id])
                at[claim.claim_id] = place
            if places[place].kind not in WITHOUT_STATUS:
                self._claims[place][claim.claim_id] = claim
                self._stale.add(place)

    def drop(self, claim_ids: Iterable[str]) -> None:
        """Take claims out; an id that is not there is left alone."""
        for claim_id in claim_ids:
            place = self._at.pop(claim_id, "")
            if claim_id in self._claims[place]:
                del self._claims[place][claim_id]
                self._stale.add(place)

    @property
    def table(self) -> pd.DataFrame:
        """The control table: a row a place and interval, columns `COLUMNS`; see `control_table`."""
        if self._stale:
            self._splice(sorted(self._stale))
            self._stale = set()
        return self._table

    def _splice(self, places: list[str]) -> None:
        """Put the rows of these places where their old ones stand."""
        counts, fresh = self._rebuilt(places)
        if not self._places:
            self._places, self._rows, self._table = places, np.array(counts, dtype=np.int64), fresh
            return
        added = [place for place in places if self._position(place) is None]
        at = [bisect_left(self._places, place) for place in added]
        self._rows = np.insert(self._rows, at, 0)
        for place in added:
            insort(self._places, place)
        ends, fresh_ends = np.cumsum(self._rows), np.cumsum(counts)
        pieces, done = [], 0
        for place, count, end in zip(places, counts, fresh_ends, strict=True):
            row = bisect_left(self._places, place)
            pieces += [self._table.iloc[done : ends[row] - self._rows[row]], fresh.iloc[end - count : end]]
            done = ends[row]
            self._rows[row] = count
        pieces.append(self._table.iloc[done:])
        self._table = pd.concat([piece for piece in pieces if len(piece)] or [fresh], ignore_index=True)

    def _position(self, place: str) -> int | None:
        """Return where a place stands among those that have been replayed."""
        at = bisect_left(self._places, place)
        return at if at < len(self._places) and self._places[at] == place else None

    def _rebuilt(self, places: list[str]) -> tuple[list[int], pd.DataFrame]:
        """Return the number of rows of each place, and the rows, by as many processes as were asked for."""
        if self._workers == 1 or len(places) < _WORTH_A_PROCESS:
            return _rebuilt([(place, self._claims[place]) for place in places], self._laws)
        size = -(-len(places) // (2 * self._workers))
        parts = [places[at : at + size] for at in range(0, len(places), size)]
        tasks = [([(place, self._claims[place]) for place in part], self._laws) for part in parts]
        done = list(_in_processes(_rebuilt, tasks, self._workers))
        return [count for counts, _ in done for count in counts], pd.concat([rows for _, rows in done], ignore_index=True)


def _rebuilt(claims: Iterable[tuple[str, dict[str, Claim]]], laws: Laws) -> tuple[list[int], pd.DataFrame]:
    rows: list[tuple[str, Spell]] = []
    counts = []
    for place, known in claims:
        before = len(rows)
        rows += [(place, spell) for spell in spells(known.values(), laws)]
        counts.append(len(rows) - before)
    return counts, _frame(rows)


def _in_processes(run: Callable[..., _Done], tasks: list[tuple[Any, ...]], workers: int) -> Iterator[_Done]:
    """Yield what a function makes of each task, in order; forked processes have the tasks without their being sent."""
    _forked.append((run, tasks))
    try:
        with get_context("fork").Pool(workers, initializer=gc.disable) as pool:
            yield from pool.imap(_run, range(len(tasks)))
    finally:
        _forked.pop()


def _run(task: int) -> Any:
    run, tasks = _forked[-1]
    return run(*tasks[task])


def control_table(story: Story, known: date | datetime | None = None, *, workers: int = 1) -> pd.DataFrame:
    """Return the control table as known by a moment or at the end of a day, by default all that is known.

    A row is a place and an interval of days: the columns are `COLUMNS`; `valid_to` is excluded, and missing where the state
    still holds; `contenders` is a tuple of actor ids, `disputed_by` one of side ids, `basis` one of claim ids. A place that
    nothing is known of has no row.

    Parameters
    ----------
    workers : processes that share the places among them, where there are many and the system can fork; ask for more than
        one from a program of one thread only
    """
    return Ledger(story, known, workers=workers).table


def control_tables(story: Story) -> Iterator[pd.DataFrame]:
    """Yield the control table as known by each of the story's moments, each from the one before."""
    ledger = Ledger(story, story.moments[0])
    yield ledger.table
    before = story.instant(story.moments[0])
    for moment in story.moments[1:]:
        now = story.instant(moment)
        ledger.drop(one.claim.claim_id for one in story.editions if one.until and before < one.until <= now)
        ledger.put(one.claim for one in story.editions if before < one.known <= now and (one.until is None or now < one.until))
        before = now
        yield ledger.table


def _frame(rows: list[tuple[str, Spell]]) -> pd.DataFrame:
    columns: dict[str, Any] = {"place_id": _words([place for place, _ in rows])}
    for index, name in enumerate(COLUMNS[1:]):
        values = [spell[index] for _, spell in rows]
        if name in DAY_COLUMNS:
            columns[name] = _days(values)
        elif name in ("contenders", "disputed_by", "basis"):
            columns[name] = np.fromiter(values, dtype=object, count=len(rows))
        elif name == "background":
            columns[name] = np.array(values, dtype=bool)
        else:
            columns[name] = _words([value or None for value in values])
    return pd.DataFrame(columns)


def _words(values: list[Any]) -> pd.Series[Any]:
    return pd.Series(values, dtype="str")


def _days(values: list[Any]) -> Any:
    missing = np.iinfo(np.int64).min
    days = np.array([missing if day is None else day.toordinal() - _EPOCH for day in values], dtype=np.int64)
    return days.astype("datetime64[D]").astype("datetime64[s]")


def state_on(table: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the rows of a control table that hold on a day, one a place; nothing is confirmed later than the day itself."""
    moment = pd.Timestamp(day)
    state = table[(table["valid_from"] <= moment) & (table["valid_to"].isna() | (table["valid_to"] > moment))]
    return state.assign(last_confirmed=state["last_confirmed"].clip(upper=moment))


def cell_text(value: object) -> str:
    """Return the text of a cell of the control table, "" of an empty one."""
    return value if isinstance(value, str) else ""
