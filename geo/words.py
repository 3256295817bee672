"""States and claims -> the sentences that readers see: one wording for map, page, card and commands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from geo.claims import FIGHTS, Claim
from geo.days import in_words, span_in_words
from geo.laws import HELD
from geo.story import Story

STATUSES = (
    (
        "control",
        "Control",
        "An independent source reports it, two sources report it separately, or the loser concedes it by name.",
    ),
    ("reported", "Reported", "One outlet says so, without naming who told it, or its source is not independent."),
    ("claimed", "Claimed", "Only the side that gains says so."),
    ("contested", "Contested", "The attacker is inside, an independent source or the defender says; it has not fallen."),
    (
        "under_attack",
        "Under attack",
        "There is fighting at it, or an entry that no independent source reports; its holder keeps it.",
    ),
    ("unknown", "Unknown", "Its holder is reported to have left; nobody is reported to hold it."),
)
TIERS = (
    ("reported", "From a report", "A place that a report gives to this side."),
    ("modelled", "Modelled", "Places around a reported one, coloured by nearness alone. Approximate."),
    (
        "background",
        "Before the story",
        "Who held the cities before the first report, by public references, and the places around them. The palest of all.",
    ),
)
_DONE = {
    "captured": "{actor} took {extent}{place}",
    "controls": "{actor} in control of {extent}{place}",
    "entered": "{actor} pushed into {extent}{place}",
    "clashes": "{actor} fought {foes}{at} {place}",
    "repelled": "{actor} beat back an attack on {place}",
    "withdrew": "{actor} left {place}",
    "besieges": "{actor} besieged {place}",
    "advancing": "{actor} advanced {towards} {place}",
    "strike": "{actor} struck {extent}{place}",
    "reinforced": "{actor} sent reinforcements to {place}",
    "border_closed": "{actor} closed {extent}{place}",
    "border_opened": "{actor} opened {extent}{place}",
    "presence": "{actor} present in {place}",
    "displaced": "People fled {place}",
}
_ANNOUNCED = {
    **{kind: "{actor} announced: " + kind.replace("_", " ") + ", {place}" for kind in _DONE},
    "reinforced": "{actor} announced reinforcements for {extent}{place}",
    "withdrew": "{actor} announced that it would leave {place}",
    "border_closed": "{actor} announced the closure of {extent}{place}",
    "border_opened": "{actor} announced the opening of {extent}{place}",
}
_OCCUPIES = "{actor} occupies {extent}{place}"
"""Of an actor that the story says holds no ground of its own on the map."""
_EXTENTS = {"part": "part of ", "much": "much of ", "most": "most of ", "whole": "the whole of "}


def short(story: Story, actor: str) -> str:
    """Return an actor's short name, as it stands inside a sentence."""
    found = story.settings.actors.get(actor)
    return found.short if found else "an unnamed side"


def joined(names: list[str]) -> str:
    """Return names as a list in a sentence: A, B and C."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def claim_in_words(story: Story, claim: Claim) -> str:
    """Return what a claim says, without who says it."""
    place = story.places[claim.place].name
    against = joined([short(story, actor) for actor in claim.against]) or "others"
    if claim.modality == "denied":
        said = f"Denied: that {against} took {place}"
    else:
        actor = short(story, claim.actor)
        wide = story.places[claim.place].kind in ("country", "region", "province", "district")
        sentences = _ANNOUNCED if claim.modality == "announced" else _DONE
        is_guest = claim.kind == "controls" and not story.settings.actors[claim.actor].holds_ground
        said = (_OCCUPIES if is_guest else sentences[claim.kind]).format(
            actor=actor,
            foes=f"{against} " if claim.against else "",
            place=place,
            towards="in" if wide else "towards",
            at="in" if wide else "at",
            extent=_EXTENTS.get(claim.extent, ""),
        )
    return said[:1].upper() + said[1:]


def claimants(story: Story, claim: Claim) -> str:
    """Return who says so."""
    return joined([story.settings.sources[source].name for source in claim.claimants])


def status_in_words(story: Story, row: Mapping[str, Any]) -> str:
    """Return a row of the control table as one phrase."""
    holder = short(story, row["holder"])
    contender = joined([short(story, actor) for actor in row["contenders"]]) or short(story, "")
    extent = row["extent"] if isinstance(row["extent"], str) else ""
    whole = {"": "", "part": ": part of it", "much": ": much of it", "most": ": most of it"}[extent]
    status, held = row["status"], isinstance(row["holder"], str) and bool(row["holder"])
    if row["background"]:
        since = row["since"]
        said = f"held by {holder} as of {in_words(since, year=False)}{whole} (background)"
    elif status == "control":
        said = f"held by {holder}{whole}"
    elif status == "reported":
        said = f"held by {holder}, one outlet reports{whole}"
    elif status == "claimed":
        said = f"claimed by {holder}{whole}; nobody else says so"
    elif status == "contested":
        said = f"contested: {contender} inside" + (f", held by {holder} before" if held else "")
    elif status == "under_attack":
        said = f"under attack by {contender}" + (f"; held by {holder}" if held else "")
    else:
        said = "left by its holder; nobody is reported to hold it"
    return said[:1].upper() + said[1:]


def notes_on(story: Story, row: Mapping[str, Any], claims: list[Claim], first: date, last: date) -> list[str]:
    """Return what a reader should know beside the status, on the days first to last.

    Parameters
    ----------
    row : row of the control table
    claims : every claim on the place known by then
    """
    notes = []
    possible, since = row["possible_from"], row["since"]
    if pd.notna(possible):
        from_day = possible.date()
        if pd.notna(since) and since.date() <= from_day:
            notes.append(f"It may already have changed hands: reports put that at {in_words(from_day)} or later.")
        elif pd.notna(since) and row["status"] != "under_attack":
            notes.append(f"The reports leave open from which day: it may have happened as early as {in_words(from_day)}.")
    for claim in claims:
        if claim.modality == "denied":
            continue
        begins = claim.first or claim.last
        if claim.kind not in FIGHTS or begins > last or claim.last < first:
            continue
        if claim.kind == "repelled" and row["status"] in ("under_attack", "contested"):
            notes.append(f"Earlier, {claimants(story, claim)} said that an attack was beaten back.")
        elif claim.precision in ("by_pub", "none") and claim.claim_id not in row["basis"]:
            before_gain = row["status"] in HELD and pd.notna(since) and claim.last <= since.date()
            if not before_gain:
                days = span_in_words(claim.first, claim.last)
                notes.append(f"Day not known ({days}): {claim_in_words(story, claim)} ({claimants(story, claim)}).")
    return [*dict.fromkeys(notes), *_closed(story, claims, last)]


def _closed(story: Story, claims: list[Claim], last: date) -> list[str]:
    """Return the note that a crossing is closed, by the latest word on that: who closes it does not hold it."""
    told = [one for one in claims if one.kind in ("border_closed", "border_opened") and one.modality != "denied"]
    told = sorted((one for one in told if one.last <= last), key=lambda one: (one.last, one.reported))
    if not told or told[-1].kind == "border_opened":
        return []
    return [f"{claim_in_words(story, told[-1])}, {in_words(told[-1].last)} ({claimants(story, told[-1])})."]
