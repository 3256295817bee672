"""Control, questioned: why a place has its status, what changed between two days, and a place's history.

Claims on a place -> the same replay that makes the control table -> each claim's step, in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from geo.claims import EVENTS, Claim
from geo.control import WITHOUT_STATUS, Spell, Step, cell_text, control_table, replayed, state_on
from geo.days import day_in, in_words, span_in_words
from geo.errors import DatelineError, shown
from geo.laws import LAWS, Laws
from geo.story import Story
from geo.words import claim_in_words, claimants, joined, short, status_in_words


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a place has its status on a day, as known by a day.

    Attributes
    ----------
    status, holder : "" where there is none
    text : one paragraph of plain English
    steps : a dict for each claim: claim_id, law (a key of `geo.laws.LAWS`), before, after (statuses in words, "" for none),
        disputed_by (sides)
    contrary : ids of the claims that say otherwise
    """

    place_id: str
    status: str
    holder: str
    text: str
    steps: tuple[dict[str, Any], ...]
    contrary: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation as plain data for JSON."""
        return asdict(self)


def explain(story: Story, place_id: str, on: date, known: date | datetime | None = None) -> Explanation:
    """Return why a place has its status on a day.

    Raises
    ------
    DatelineError : the story has no such place
    """
    if place_id not in story.places:
        raise DatelineError(f"“{shown(place_id)}” is no place of the story: name a place_id of places.csv or gazetteer.csv.")
    claims = [
        claim
        for claim in sorted(story.known_by(known), key=lambda claim: (claim.reported, claim.claim_id))
        if claim.place == place_id
    ]
    laws = Laws(story.settings)
    has_status = story.places[place_id].kind not in WITHOUT_STATUS
    found, steps = replayed(claims, laws) if has_status else ([], [])
    spell = next((spell for spell in found if spell.first <= on and (spell.last is None or on < spell.last)), None)
    applied = [step for step in steps if step.day <= on]
    told = [*applied, *_without_effect(claims, applied, laws, on)]
    contrary = _contrary(story, claims, spell, on)
    rows = tuple(
        {
            "claim_id": step.claim.claim_id,
            "law": step.law,
            "before": _in_words(story, step.before),
            "after": _in_words(story, step.after),
            "disputed_by": list(step.after.disputed_by) if step.after else [],
        }
        for step in told
    )
    return Explanation(
        place_id=place_id,
        status=spell.status if spell else "",
        holder=spell.holder if spell else "",
        text=_paragraph(story, place_id, on, spell, applied, contrary),
        steps=rows,
        contrary=tuple(claim.claim_id for claim in contrary),
    )


def changes(story: Story, first: date, last: date, known: date | datetime | None = None) -> Iterator[dict[str, Any]]:
    """Yield what differs between two days, a dict a place: place_id, name, change, before, after (in words), basis.

    `change` is "changed hands", "contested", "status" (the same holder, another standing), "newly reported", "no longer", or
    "corrected": what a correction made in that time changed on the later day. One that was made after the story's last day
    counts as made on it.
    """
    if first > last:
        raise DatelineError(f"{first} is after {last}: give the earlier day first.")
    table = control_table(story, known)
    before, after = (
        {row["place_id"]: {str(key): value for key, value in row.items()} for row in state_on(table, day).to_dict("records")}
        for day in (first, last)
    )
    for place in sorted(before.keys() | after.keys()):
        old, new = before.get(place), after.get(place)
        change = _change(story, old, new)
        if change:
            yield {
                "place_id": place,
                "name": story.places[place].name,
                "change": change,
                "before": status_in_words(story, old) if old else None,
                "after": status_in_words(story, new) if new else None,
                "basis": list((new or old or {})["basis"]),
            }
    yield from _corrected(story, first, last, known)


def _corrected(story: Story, first: date, last: date, known: date | datetime | None) -> Iterator[dict[str, Any]]:
    claims = {edition.claim.claim_id: edition.claim for edition in story.editions}
    for moment in dict.fromkeys(correction.corrected_at for correction in story.corrections):
        made_on = min(day_in(moment, story.settings.zone), story.last_day)
        if not first < made_on <= last or (known is not None and moment > story.instant(known)):
            continue
        states = [
            {str(row["place_id"]): row for row in state_on(control_table(story, at), last).to_dict("records")}
            for at in (moment - timedelta(microseconds=1), moment)
        ]
        told = [one.claim_id for one in story.corrections if one.corrected_at == moment and one.claim_id in claims]
        for place in sorted({claims[claim].place for claim in told}):
            before, after = (status_in_words(story, state[place]) if place in state else None for state in states)
            yield {
                "place_id": place,
                "name": story.places[place].name,
                "change": "corrected",
                "before": before,
                "after": after,
                "basis": [claim for claim in told if claims[claim].place == place],
            }


def _change(story: Story, old: dict[str, Any] | None, new: dict[str, Any] | None) -> str:
    if old is None or new is None:
        return "newly reported" if new else "no longer" if old else ""
    if story.side_of(cell_text(old["holder"])) != story.side_of(cell_text(new["holder"])):
        return "changed hands"
    if old["status"] != new["status"]:
        return "contested" if new["status"] in ("contested", "under_attack") else "status"
    if old["background"] and not new["background"]:
        return "newly reported"
    return "status" if cell_text(old["extent"]) != cell_text(new["extent"]) else ""


def _without_effect(claims: list[Claim], applied: list[Step], laws: Laws, on: date) -> Iterator[Step]:
    """Yield the steps of claims that bear on no control, told by the day, each with the law that says so."""
    after = applied[-1].after if applied else None
    for claim in claims:
        day = claim.last
        if laws.bears(claim) or day > on:
            continue
        law = "denial" if claim.modality == "denied" else "event" if claim.kind in EVENTS else "no ground"
        yield Step(day, claim, law, after, after)


def _contrary(story: Story, claims: list[Claim], spell: Spell | None, on: date) -> list[Claim]:
    """Return the claims that say, of that day or later, that another side holds the place, and the denials."""
    if spell is None or not spell.holder:
        return []
    side = story.side_of(spell.holder)
    found = []
    for claim in claims:
        other = story.side_of(claim.actor) != side
        since = spell.since or spell.first
        if claim.background or not other or claim.last < since:
            continue
        begins = claim.first or claim.last
        if claim.modality == "denied" or (
            claim.kind in ("captured", "controls") and begins <= on <= claim.last and claim.lasts
        ):
            found.append(claim)
    return found


def _paragraph(story: Story, place_id: str, on: date, spell: Spell | None, applied: list[Step], contrary: list[Claim]) -> str:
    name = story.places[place_id].name
    if spell is None:
        return f"On {in_words(on)} {name} has no status: nothing that was reported gives it one."
    basis = [step.claim for step in applied if step.claim.claim_id in spell.basis]
    said = _in_words(story, spell)
    sentences = [f"{name}, {in_words(on)}: {said[:1].lower()}{said[1:]}."]
    for claim in basis:
        article = story.articles[claim.article]
        days = span_in_words(claim.first, claim.last)
        sentences.append(
            f"{_credit(claimants(story, claim), article.publisher)}, {in_words(article.published)}: "
            f"{claim_in_words(story, claim)} ({days})."
        )
    laws = list(dict.fromkeys(step.law for step in applied if step.claim.claim_id in spell.basis))
    sentences += [LAWS[law] for law in laws]
    if spell.held_before:
        sentences.append(f"Before that it was held by {short(story, spell.held_before)}.")
    for claim in contrary:
        sentences.append(f"Against it, by {claimants(story, claim)}: {claim_in_words(story, claim)}.")
    if not contrary and spell.disputed_by:
        sentences.append(f"It is disputed by {joined([short(story, side) for side in spell.disputed_by])}.")
    return " ".join(dict.fromkeys(sentences))


def _credit(who: str, publisher: str) -> str:
    return who if who == publisher else f"{who} in {publisher}"


def _in_words(story: Story, spell: Spell | None) -> str:
    if spell is None:
        return ""
    return status_in_words(story, spell._asdict())


def history(story: Story, place_id: str, known: date | datetime | None = None) -> pd.DataFrame:
    """Return a place's intervals: its rows of the control table."""
    table = control_table(story, known)
    return table[table["place_id"] == place_id]
