"""How far a word carries: who says so, on whose side, and what that makes of a claim; each law, and the practice it follows."""

from __future__ import annotations

from collections.abc import Collection
from enum import IntEnum

from geo.claims import CHANGING, EXTENTS, Claim
from geo.storyfile import Settings

INDEPENDENT = frozenset({"agency", "broadcaster", "newspaper", "monitor", "reference"})
"""Classes of source whose word on somebody else's gain is enough for control."""
LAWS = {
    "background": "Who held the place before the first report, after public references; any report outranks it.",
    "gain": "A gain takes effect on the last possible day: control on an independent word, two separate ones or the loser's; "
    "reported on one weaker outlet's; claimed on the gaining side's own.",
    "rival gains": "Two sides that each gained a place on one day, on equal words reported at one time, leave it contested.",
    "confirmation": "A claim for the side that holds the place confirms it; a weaker word never downgrades it.",
    "withdrawal": "A holder that leaves, by its own or an independent word, is followed by nobody whom no claim names.",
    "entry": "An entry makes a place contested on an independent or the defender's word, else under attack.",
    "fighting": "Dated fighting puts a place under attack; its holder keeps it.",
    "undated fighting": "Fighting without a day is a note and no status.",
    "denial": "A denial counts from the day of what it denies and undoes no independent report.",
    "event": "Advances, strikes, closures, reinforcements, presence and flight change no control.",
    "no ground": "Who cannot hold ground, and a place that the story gives no status, never have one.",
}
"""Each law by its name, as readers are told it."""
REFERENCES = {
    "background": "Wikipedia's conflict maps: what holds before the first edit needs a source too.",
    "gain": "ISW: assessed control against claimed control. ACLED: a date is as exact as its source. "
    "Wikipedia's conflict maps: a party is believed on its own losses and not on its own gains.",
    "rival gains": "Wikipedia's conflict maps: contested where reports of one weight name different sides.",
    "confirmation": "Wikipedia's conflict maps: a weaker source does not replace a better one.",
    "withdrawal": "ACLED: non-violent transfer of territory, and its actor, are recorded only where reported.",
    "entry": "ISW: an advance inside a place is not its control.",
    "fighting": "ACLED: an armed clash changes control only where its report says so.",
    "undated fighting": "ACLED: time precision 3 tells of no single day.",
    "denial": "Wikipedia's conflict maps: a party's denial is recorded beside an independent report and does not undo it.",
    "event": "ACLED: strategic developments and strikes are events and not transfers of territory.",
    "no ground": "ISW: presence, influence and long-range strikes are not control.",
}
"""The practice that each law follows: ISW's control-of-terrain maps, ACLED's codebook, Wikipedia's rules for conflict maps."""

HELD = frozenset({"control", "reported", "claimed"})
"""Statuses in which somebody holds the place and nobody is reported to attack it."""


class Word(IntEnum):
    """How far one claim carries: the gaining side's own word, one weaker outlet, an independent source or the loser."""

    PARTY = 1
    WEAK = 2
    INDEPENDENT = 3


class Laws:
    """The laws of one story: its actors' sides, its sources' classes and sides, who can hold ground."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._sides = {key: actor.side for key, actor in settings.actors.items()}
        self._holders = {key for key, actor in settings.actors.items() if actor.holds_ground}
        self._words: dict[tuple[object, ...], Word] = {}

    def side(self, actor: str) -> str:
        """Return the id of an actor's side."""
        return self._sides.get(actor, "")

    def bears(self, claim: Claim) -> bool:
        """Return whether a claim can bear on who controls its place."""
        return (
            claim.kind in CHANGING
            and claim.modality not in ("announced", "denied")
            and claim.actor in self._holders
            and claim.place not in self.settings.no_status
        )

    def word(self, claim: Claim, favours: str) -> Word:
        """Return how far a claim carries that favours a side: its best claimant's."""
        key = (claim.claimants, claim.actor, claim.against, favours)
        known = self._words.get(key)
        if known is None:
            losers = {self.side(actor) for actor in (claim.actor, *claim.against)} - {favours}
            known = self._words[key] = max(self._claimant(source, favours, losers) for source in claim.claimants)
        return known

    def _claimant(self, source_id: str, favours: str, losers: set[str]) -> Word:
        source = self.settings.sources[source_id]
        if source.side:
            if source.side == favours:
                return Word.PARTY
            hostile = frozenset((source.side, favours)) in self.settings.hostile
            return Word.INDEPENDENT if source.side in losers or hostile else Word.WEAK
        return Word.INDEPENDENT if source.kind in INDEPENDENT else Word.WEAK

    def concedes(self, claim: Claim, loser: str) -> bool:
        """Return whether a side itself says in this claim that it lost or left the place."""
        return bool(loser) and any(self.settings.sources[source].side == loser for source in claim.claimants)

    def as_named(self, actors: Collection[str], side: str) -> str:
        """Return the one actor that is named, or the side as a whole where several of it are."""
        if len(actors) == 1:
            return next(iter(actors))
        return side if side in self._sides else min(actors, default=side)

    def is_dated(self, claim: Claim) -> bool:
        """Return whether fighting has a day: undated fighting is a note and never a status."""
        return claim.lasts or (claim.first is not None and (claim.last - claim.first).days <= 1)


class Backing:
    """The claims on which one side's hold of a place rests, and what they amount to; one more claim costs the same always."""

    __slots__ = ("_actors", "_best", "_extents", "_laws", "_weak", "background", "ids", "side")

    def __init__(self, laws: Laws, side: str) -> None:
        self._laws = laws
        self.side = side
        self.background = False
        self.ids: list[str] = []
        self._best = Word.PARTY
        self._weak: set[tuple[str, ...]] = set()
        self._extents = [0] * (Word.INDEPENDENT + 1)
        self._actors: set[str] = set()

    def add(self, claim: Claim) -> None:
        """Count one more claim."""
        word = self._laws.word(claim, self.side)
        self.ids.append(claim.claim_id)
        if word > self._best:
            self._best = word
        if word is Word.WEAK and claim.relation == "originating":
            self._weak.add(claim.claimants)
        extent = EXTENTS.index(claim.extent or "whole")
        if extent > self._extents[word]:
            self._extents[word] = extent
        if self._laws.side(claim.actor) == self.side:
            self._actors.add(claim.actor)

    @property
    def status(self) -> str:
        """Control, reported or claimed."""
        if self._best is Word.INDEPENDENT or len(self._weak) > 1:
            return "control"
        return "reported" if self._best is Word.WEAK else "claimed"

    @property
    def word(self) -> Word:
        """The best word among them."""
        return self._best

    @property
    def extent(self) -> str:
        """How much of the place is held, "" for all of it: the most that the best word says."""
        extent = EXTENTS[self._extents[self._best]]
        return "" if extent == "whole" else extent

    @property
    def holder(self) -> str:
        """Who holds the place, named only as exactly as every claim names it: one actor, or the side as a whole."""
        return self._laws.as_named(self._actors, self.side)
