"""How far a word carries: who says so, on whose side, and what that makes of a claim.

After the practice of ISW (assessed control against claimed control), ACLED (a source's independence) and the editing rules of
Wikipedia's conflict maps (a party is believed on its own losses, not on its own gains).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from geo.claims import CHANGING, EXTENTS, Claim
from geo.storyfile import Settings

INDEPENDENT = frozenset({"agency", "broadcaster", "newspaper", "monitor", "reference"})
"""Classes of source whose word on somebody else's gain is enough for control."""
LAWS = {
    "background": "Who held the place before the first report, after public references; any report outranks it.",
    "gain": "A gain takes effect on the last possible day: control on an independent word, two separate ones or the loser's; "
    "reported on one weaker outlet's; claimed on the gaining side's own.",
    "confirmation": "A claim for the side that holds the place confirms it; a weaker word never downgrades it.",
    "withdrawal": "A holder that leaves, by its own or an independent word, is followed by nobody whom no claim names.",
    "entry": "An entry makes a place contested on an independent or the defender's word, else under attack.",
    "fighting": "Dated fighting puts a place under attack; its holder keeps it.",
    "undated fighting": "Fighting without a day is a note and no status.",
    "denial": "A denial counts from the day of what it denies and undoes no independent report.",
    "event": "Advances, strikes, closures, reinforcements, presence and flight change no control.",
    "no ground": "Who cannot hold ground, and a place that the story gives no status, never have one.",
}
"""Each law by its name, as readers are told it. Control against claim: ISW; precision and independence: ACLED; a party
believed on its losses only, and relays: the editing rules of Wikipedia's conflict maps."""

HELD = frozenset({"control", "reported", "claimed"})
"""Statuses in which somebody holds the place and nobody is reported to attack it."""


class Word(IntEnum):
    """How far one claim carries: the gaining side's own word, one weaker outlet, an independent source or the loser."""

    PARTY = 1
    WEAK = 2
    INDEPENDENT = 3


@dataclass(frozen=True, slots=True)
class Laws:
    """The laws of one story: its actors' sides, its sources' classes and sides, who can hold ground."""

    settings: Settings

    def side(self, actor: str) -> str:
        """Return the id of an actor's side."""
        found = self.settings.actors.get(actor)
        return found.side if found else ""

    def bears(self, claim: Claim) -> bool:
        """Return whether a claim can bear on who controls its place."""
        actor = self.settings.actors.get(claim.actor)
        return (
            claim.kind in CHANGING
            and claim.modality not in ("announced", "denied")
            and actor is not None
            and actor.holds_ground
            and claim.place not in self.settings.no_status
        )

    def word(self, claim: Claim, favours: str) -> Word:
        """Return how far a claim carries that favours a side: its best claimant's."""
        losers = {self.side(actor) for actor in (claim.actor, *claim.against)} - {favours}
        return max(self._claimant(source, favours, losers) for source in claim.claimants)

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

    def status(self, claims: Iterable[Claim], favours: str) -> str:
        """Return control, reported or claimed: what the claims for one side's holding of a place amount to."""
        claims = list(claims)
        words = [self.word(claim, favours) for claim in claims]
        if Word.INDEPENDENT in words:
            return "control"
        weak = {
            claim.claimants
            for claim, word in zip(claims, words, strict=True)
            if word is Word.WEAK and claim.relation == "originating"
        }
        if len(weak) > 1:
            return "control"
        return "reported" if Word.WEAK in words else "claimed"

    def extent(self, claims: Iterable[Claim], favours: str) -> str:
        """Return how much of a place is held, "" for all of it: the most that the best word says."""
        words = [(self.word(claim, favours), EXTENTS.index(claim.extent or "whole")) for claim in claims]
        best = max((word for word, _ in words), default=Word.PARTY)
        most = max((extent for word, extent in words if word == best), default=0)
        return "" if EXTENTS[most] == "whole" else EXTENTS[most]

    def holder(self, claims: Iterable[Claim], side: str) -> str:
        """Return who holds a place, named only as exactly as every claim names it: one actor, or the side as a whole."""
        actors = {claim.actor for claim in claims if self.side(claim.actor) == side}
        if len(actors) == 1:
            return actors.pop()
        return side if side in self.settings.actors else min(actors, default=side)

    def is_dated(self, claim: Claim) -> bool:
        """Return whether fighting has a day: undated fighting is a note and never a status."""
        return claim.lasts or (claim.first is not None and claim.last is not None and (claim.last - claim.first).days <= 1)
