"""Claims -> the control table: who held what, on which days, on whose word, as known by a day.

The claims on one place that were reported by then are replayed in the order of the days they speak of. Within a day what
holds comes first, then fighting, entering, what was left, and last what was gained: the table says how a day ended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from geo.claims import FIGHTS, GAINS, Claim
from geo.laws import HELD, Laws, Word
from geo.story import Story

COLUMNS = (
    "place_id",
    "valid_from",
    "valid_to",
    "status",
    "holder",
    "contender",
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
_ORDER = {**dict.fromkeys(FIGHTS, 1), "entered": 2, "withdrew": 3}
_CONFIRM, _GAIN = 0, 4


class Spell(NamedTuple):
    """One place in one state for some days, `last` excluded and None where it still holds.

    A named tuple and no dataclass: replays make several of them for each claim, and copy them five times as fast.
    """

    first: date
    last: date | None
    status: str
    holder: str
    contender: str = ""
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


@dataclass(slots=True)
class _Replay:
    """One place's claims, replayed day by day."""

    laws: Laws
    denials: list[Claim]
    steps: list[Step] = field(default_factory=list)
    now: Spell | None = None
    held_by: list[Claim] = field(default_factory=list)
    fought: list[Claim] = field(default_factory=list)
    conceded: set[str] = field(default_factory=set)

    @property
    def side(self) -> str:
        return self.laws.side(self.now.holder) if self.now else ""

    def day(self, day: date, starts: list[Claim]) -> Spell | None:
        """Apply one day's claims and return the state in which it ends."""
        at_dawn = self.side

        def phase(claim: Claim) -> int:
            if claim.kind in GAINS:
                return _CONFIRM if self.laws.side(claim.actor) == at_dawn else _GAIN
            return _ORDER[claim.kind]

        starts = sorted(starts, key=lambda claim: (phase(claim), claim.reported, claim.claim_id))
        gains: dict[str, list[Claim]] = defaultdict(list)
        for claim in starts:
            if phase(claim) == _GAIN:
                gains[self.laws.side(claim.actor)].append(claim)
                continue
            before = self.now
            if claim.kind in GAINS:
                law = "confirmation"
                self._confirm(claim, day)
            elif claim.kind == "withdrew":
                law = "withdrawal"
                self._withdraw(claim, day)
            elif claim.kind == "entered":
                law = "entry"
                self._enter(claim, day, starts)
            elif self.laws.is_dated(claim):
                law = "fighting"
                self._fight(claim, day)
            else:
                law = "undated fighting"
            self._note(Step(day, claim, law, before, self.now))
        order = sorted(gains, key=lambda side: (max(claim.reported for claim in gains[side]), side))
        for side in order:
            before = self.now
            entries = [claim for claim in starts if claim.kind == "entered" and self.laws.side(claim.actor) == side]
            self._gain(side, gains[side], entries, day)
            for claim in gains[side]:
                self._note(Step(day, claim, "background" if claim.background else "gain", before, self.now))
        if self.now:
            disputed_by = self._disputed_by(day, starts)
            if disputed_by != self.now.disputed_by:
                self.now = self.now._replace(disputed_by=disputed_by)
        return self.now

    def _note(self, step: Step) -> None:
        """Keep a step; the law of one that changed who holds the place, how, or how much of it, is the state's."""

        def standing(spell: Spell | None) -> tuple[str, ...]:
            return (spell.status, spell.holder, spell.contender, spell.extent) if spell else ()

        if step.after is not None and standing(step.after) != standing(step.before):
            self.now = step.after._replace(law=step.law)
        self.steps.append(step._replace(after=self.now))

    def _put(self, day: date, status: str, holder: str, told: list[Claim], **changes: Any) -> None:
        """Set the state that these claims tell of; `since` is kept while holder's side and manner of holding stay the same."""
        old = self.now
        if old is None:
            spell = Spell(day, None, status, holder, since=day)
        else:
            same = self.laws.side(holder) == self.side and (status == old.status or {status, old.status} <= HELD)
            spell = old._replace(status=status, holder=holder, background=False, since=old.since if same else day)
        basis = tuple(dict.fromkeys(claim.claim_id for claim in (*self.held_by, *self.fought)))
        confirmed = max((claim.last for claim in told if claim.last), default=spell.last_confirmed)
        self.now = spell._replace(first=day, basis=basis, last_confirmed=confirmed, **changes)

    def _confirm(self, claim: Claim, day: date) -> None:
        assert self.now is not None  # noqa: S101 - a claim confirms only what holds
        word = self.laws.word(claim, self.side)
        if claim.background or (self.now.status not in HELD and word is not Word.INDEPENDENT):
            return
        self.held_by = [held for held in self.held_by if not held.background] + [claim]
        self.fought = []
        tells = word > Word.PARTY or self.now.status == "claimed"
        self._hold(self.side, day, [claim] if tells else [])

    def _hold(self, side: str, day: date, told: list[Claim], **changes: Any) -> None:
        extent = self.laws.extent(self.held_by, side)
        holder = self.laws.holder(self.held_by, side)
        self._put(day, self.laws.status(self.held_by, side), holder, told, extent=extent, contender="", **changes)

    def _gain(self, side: str, claims: list[Claim], entries: list[Claim], day: date) -> None:
        old = self.now
        if claims[0].background:
            if old is None:
                self.held_by = claims[:1]
                self._put(day, "control", claims[0].actor, claims, background=True)
            return
        status = self.laws.status(claims, side)
        if old and status == "claimed" and old.status == "control" and not old.background and old.last_confirmed == day:
            self._attack(day, claims, self.laws.holder(claims, side), "under_attack")
            return
        if old and old.holder and self.laws.extent(claims, side) == "part" and status == "control":
            self._attack(day, claims, self.laws.holder(claims, side), "contested")
            return
        loser = self.side or self.laws.side(next((actor for claim in claims for actor in claim.against), ""))
        before = old.holder or old.held_before if old else ""
        left = [claim for claim in self.fought if claim.kind == "withdrew" and self.laws.concedes(claim, loser)]
        self.held_by, self.fought, self.conceded = claims + left, [], {loser} if left else set()
        self._hold(side, day, claims, held_before=before, possible_from=_earliest([*claims, *entries], day))

    def _withdraw(self, claim: Claim, day: date) -> None:
        leaver = self.laws.side(claim.actor)
        if self.now is None or self.side == leaver:
            if self.laws.word(claim, "") is Word.PARTY:
                return
            own = self.laws.concedes(claim, leaver)
            others = [self.laws.side(actor) for actor in claim.against]
            if not own and any(self.laws.word(claim, other) is Word.PARTY for other in others):
                return
            before = self.now.holder if self.now else claim.actor
            self.held_by, self.fought = [], [claim]
            self._put(day, "unknown", "", [claim], contender="", extent="", held_before=before, possible_from=None)
        elif self.laws.concedes(claim, leaver) and self.now.status in HELD:
            self.conceded.add(leaver)
            self.held_by = [*self.held_by, claim]
            self._hold(self.side, day, [claim])

    def _enter(self, claim: Claim, day: date, starts: list[Claim]) -> None:
        comer = self.laws.side(claim.actor)
        if self.now and self.side == comer:
            return
        word = self.laws.word(claim, comer)
        beaten_back = any(other.kind == "repelled" and self.laws.side(other.actor) != comer for other in starts)
        if word is Word.INDEPENDENT:
            self._attack(day, [claim], claim.actor, "contested")
        elif not (self.now and self.now.status == "contested" and not beaten_back):
            self._attack(day, [claim], claim.actor, "under_attack")

    def _fight(self, claim: Claim, day: date) -> None:
        named = [claim.actor, *claim.against]
        sides = [self.laws.side(who) for who in named]
        if self.now and self.now.holder:
            if self.side not in sides:
                return
            attackers = [who for who, side in zip(named, sides, strict=True) if side != self.side]
        else:
            attackers = list(claim.against) if claim.kind == "repelled" else [claim.actor]
        if not attackers:
            return
        if self.now and self.now.status == "contested":
            driven_out = claim.kind == "repelled" and self.laws.word(claim, self.laws.side(claim.actor)) is Word.INDEPENDENT
            if not driven_out or self.now.since == day:
                return
        self._attack(day, [claim], attackers[0], "under_attack")

    def _attack(self, day: date, claims: list[Claim], attacker: str, status: str) -> None:
        holder = self.now.holder if self.now else ""
        if not holder:
            holder = next((claim.actor for claim in claims if claim.kind == "repelled"), "")
        if self.now and self.now.status == "contested" and status == "under_attack":
            self.fought = []
        self.fought = [*self.fought, *claims]
        actors = [claim for claim in self.fought if self.laws.side(claim.actor) == self.laws.side(attacker)]
        contender = self.laws.holder(actors, self.laws.side(attacker)) if actors else attacker
        possible = _earliest(claims, day) if claims[0].kind == "entered" else None
        self._put(day, status, holder, claims, contender=contender, possible_from=possible)

    def _disputed_by(self, day: date, starts: list[Claim]) -> tuple[str, ...]:
        """Return the sides that deny what the state says: a denial counts from the day of what it denies."""
        now = self.now
        if now is None or now.since is None:
            return ()
        gainer = self.laws.side(now.holder if now.status in HELD else now.contender)
        sources = self.laws.settings.sources
        sides = {
            sources[source].side
            for denial in self.denials
            if gainer in {self.laws.side(actor) for actor in denial.against} and denial.last and denial.last >= now.since
            for source in denial.claimants
        }
        if now.status in ("under_attack", "contested"):
            sides |= set(now.disputed_by) if now.since != day else set()
            entered = any(claim.kind == "entered" for claim in self.fought)
            for claim in starts:
                if entered and claim.kind == "repelled" and self.laws.side(claim.actor) == self.side:
                    sides |= {sources[source].side for source in claim.claimants}
        return tuple(sorted(sides - self.conceded - {""}))


def spells(claims: Iterable[Claim], laws: Laws) -> list[Spell]:
    """Return one place's states in order of time, from all the claims on it that are known."""
    return replayed(claims, laws)[0]


def replayed(claims: Iterable[Claim], laws: Laws) -> tuple[list[Spell], list[Step]]:
    """Return one place's states in order of time, and what each claim that bears on control did, in the order applied."""
    claims = list(claims)
    starts: dict[date, list[Claim]] = defaultdict(list)
    for claim in claims:
        if laws.bears(claim) and claim.last is not None:
            starts[claim.first if claim.lasts and claim.first else claim.last].append(claim)
    replay = _Replay(laws, [claim for claim in claims if claim.modality == "denied"])
    found: list[Spell] = []
    for day in sorted(starts):
        spell = replay.day(day, starts[day])
        if spell is not None and (not found or spell[1:] != found[-1][1:]):  # all but the day it begins
            _follow(found, spell._replace(first=day), laws)
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
    first = min((claim.first for claim in claims if claim.first and not claim.lasts), default=day)
    return first if first < day else None


def control_table(story: Story, known: date | None = None) -> pd.DataFrame:
    """Return the control table as known at the end of a day, by default all that is known.

    A row is a place and an interval of days: the columns are `COLUMNS`; `valid_to` is excluded, and missing where the state
    still holds; `disputed_by` is a tuple of side ids and `basis` one of claim ids. A place that nothing is known of has no row.
    """
    laws = Laws(story.settings)
    by_place: dict[str, list[Claim]] = defaultdict(list)
    for claim in story.claims.values():
        if (known is None or claim.reported <= known) and story.places[claim.place].kind not in ("country", "continent"):
            by_place[claim.place].append(claim)
    rows = [
        (
            place,
            spell.first,
            spell.last,
            spell.status,
            spell.holder or None,
            spell.contender or None,
            spell.extent or None,
            spell.possible_from,
            spell.disputed_by,
            spell.background,
            spell.since,
            spell.held_before or None,
            spell.last_confirmed,
            spell.law,
            spell.basis,
        )
        for place in sorted(by_place)
        for spell in spells(by_place[place], laws)
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    for column in DAY_COLUMNS:
        table[column] = pd.to_datetime(table[column]).astype("datetime64[s]")
    return table.astype({"background": bool})


def state_on(table: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the rows of a control table that hold on a day, one a place; nothing is confirmed later than the day itself."""
    moment = pd.Timestamp(day)
    state = table[(table["valid_from"] <= moment) & (table["valid_to"].isna() | (table["valid_to"] > moment))]
    return state.assign(last_confirmed=state["last_confirmed"].clip(upper=moment))
