"""Who contradicts a claim in the same article: a denial, an attack said to be repelled, a smaller extent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from geo.claims import CHANGING, GAINS
from geo.reading.proposals import ProposedClaim

_PARTIAL = ("most", "much", "part")


class _Word(NamedTuple):
    """What one claim says of its place, as far as others may contradict it."""

    side: str
    kind: str
    modality: str
    extent: str
    day: str
    claimant: str


def disputed(claims: Iterable[ProposedClaim], side: Callable[[str], str], own: str) -> list[ProposedClaim]:
    """Return an article's claims, each with those who contradict it there.

    Parameters
    ----------
    side : an actor's side
    own : the source that speaks in the article's own voice; it is not counted against a denial
    """
    claims = list(claims)
    # An article says the same of a place many times; each thing that is said is kept once.
    words: dict[str, dict[_Word, None]] = {}
    for claim in claims:
        if claim.place_id is not None and claim.kind in CHANGING:
            words.setdefault(claim.place_id, {})[_word(claim, side)] = None
    return [_with_disputes(claim, words.get(claim.place_id or "", {}), side, own) for claim in claims]


def _word(claim: ProposedClaim, side: Callable[[str], str]) -> _Word:
    return _Word(side(claim.actor or ""), claim.kind, claim.modality, claim.extent, claim.date_end, claim.claimant)


def _with_disputes(claim: ProposedClaim, words: Iterable[_Word], side: Callable[[str], str], own: str) -> ProposedClaim:
    if claim.kind not in CHANGING:
        return claim
    mine, mine_too = _word(claim, side), set(claim.claimant.split(";"))
    against: dict[str, None] = {}
    for other in words:
        if other != mine and _contradicts(other, mine):
            against.update((source, None) for source in other.claimant.split(";") if source and source not in mine_too)
    if claim.modality == "denied":
        against.pop(own, None)
    return replace(claim, disputed_by=";".join(against)) if against else claim


def _contradicts(other: _Word, claim: _Word) -> bool:
    gains = GAINS | {"entered"}
    if "denied" in (other.modality, claim.modality):
        opposed = other.side != claim.side and other.modality != claim.modality
        return opposed and claim.kind in gains and other.kind in gains
    if {claim.kind, other.kind} == {"entered", "repelled"} and "attributed" in (claim.modality, other.modality):
        return other.side != claim.side and claim.day == other.day
    if claim.kind in GAINS and other.kind in GAINS and other.side == claim.side:
        is_more = claim.extent == "whole" and other.extent in _PARTIAL
        return is_more and claim.modality == "attributed" and other.modality == "asserted"
    return False
