"""Nouns that make claims: the fall of a place, clashes in it, strikes on it, "in rebel hands"."""

from __future__ import annotations

from geo.places import SETTLEMENTS
from geo.reading import roles
from geo.reading import targets as targets_at
from geo.reading.dates import Dates
from geo.reading.grammar import BASE, NOUN, Phrase
from geo.reading.sentences import Trigger
from geo.reading.targets import Target

AROUND = frozenset(
    (
        "in",
        "at",
        "near",
        "around",
        "inside",
        "outside",
        "on",
        "over",
        "across",
        "for",
        "of",
        "into",
        "towards",
        "along",
        "throughout",
        "within",
    )
)

COUNTS = frozenset(
    [
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "few",
        "several",
        "dozen",
        "hundred",
        "twelve",
        "fifteen",
        "twenty",
        "thirty",
    ]
)

_AIMED = frozenset(("on", "in", "against", "at", "near", "targeting", "hit", "hitting", "across"))
ENDING = frozenset(
    ["broke", "break", "breaks", "breaking", "broken", "lift", "lifted", "lifting", "end", "ended", "ending", "ease", "eased"]
)


class Nouns(Dates):
    """Reads the nouns of a sentence that make claims."""

    def noun(self, trigger: Trigger, phrase: Phrase) -> tuple[list[Target], str | None, str, bool] | None:
        """Return what a noun claims: places, who acts, against whom, whether that is implied; None for nothing."""
        sentence, rule, low = self.sentence, phrase.rule, self.sentence.low
        if rule.needs == "held":
            return self.held(trigger)
        if rule.needs == "distance":
            if trigger.first == 0 or not (low[trigger.first - 1][0].isdigit() or low[trigger.first - 1] in COUNTS):
                return None
            at = verb_before(low, trigger.first)
            if not any(word in roles.BE or word == "within" for word in low[at : trigger.first]):
                return None  # a place may be so far from another as well
            targets = targets_at.behind(sentence, trigger.last, rule.prepositions, 3)
            actor = self.actor(roles.subject(sentence, verb_before(low, trigger.first), BASE))
            return (targets, actor, "", False) if targets and actor else None
        if rule.kind in ("clashes", "strike") and any(
            phrase.rule.kind == "repelled"
            for other in sentence.triggers
            if 0 <= trigger.first - other.last <= 4
            for phrase in other.phrases
        ):
            return None  # "repelled an attack" is one event
        owner = next(
            (
                chunk
                for chunk in sentence.chunks
                if chunk.actor
                and chunk.first < trigger.first
                and (
                    (trigger.first - 2 <= chunk.last <= trigger.first and (chunk.is_owner or chunk.is_adjective))
                    or (rule.kind == "strike" and trigger.first <= chunk.last <= trigger.last)
                )
            ),
            None,
        )
        if phrase.words[-1] == "siege" and any(word in ENDING for word in low[max(0, trigger.first - 3) : trigger.first]):
            return None
        if phrase.words[-1] in ("on", "into", "towards", "toward", "against", "in", "to", "of"):
            targets = targets_at.after(sentence, trigger.last)
        elif rule.kind in ("captured",) or rule.kind in ("besieges",):
            targets = (
                targets_at.after(sentence, trigger.last + 1)
                if low[trigger.last : trigger.last + 1] == ["of"]
                else self.owned(trigger)
            )
        elif rule.kind == "withdrew":
            targets = targets_at.behind(sentence, trigger.last, rule.prepositions, 4)
        elif rule.kind == "strike":
            targets = targets_at.behind(sentence, trigger.last, rule.prepositions, 8) or self.struck(trigger)
        else:
            targets = targets_at.behind(sentence, trigger.last, AROUND, 9) or self.around(trigger)
        side = "" if owner is None else owner.actor
        if not side and rule.kind in ("captured", "clashes", "strike", "entered", "advancing"):
            by = roles.agent(
                sentence, trigger.last, ("to", "by") if phrase.words[-1] in ("fall", "loss") else ("by", "between"), 12
            )
            side = by.actor if by else ""
        if rule.kind == "strike" and not side and self.is_of_work(trigger):
            return None
        if rule.kind == "captured" and not side and "claim" in "".join(low[max(0, trigger.first - 2) : trigger.first]):
            side = next((item.actor for item in self.sayings if item.verb < trigger.first and not item.is_denial), "")
        if phrase.words == ("loss",) and not side:
            side = self.gained_from_loser(trigger)
        if not targets:
            if rule.kind == "strike" and (side or self.main_subject(trigger)):
                self.memory.pending = (
                    "strike",
                    side or self.main_subject(trigger) or "",
                    self.day_of(trigger, phrase),
                    self.claimant(trigger)[0],
                )
            return None
        if not side:
            side = (
                (self.main_subject(trigger) or "")
                if rule.kind in ("strike", "withdrew", "besieges") or (rule.kind == "clashes" and not self.sayings)
                else ""
            )
        if not side:
            side = self.agentless(targets, rule.kind) or ""
        if not side and rule.kind not in ("strike", "clashes"):
            return None
        enemy = roles.agent(sentence, trigger.last, ("with", "against"), 12) if rule.kind == "clashes" else None
        against = enemy.actor if enemy is not None and self.context.side(enemy.actor) != self.context.side(side) else ""
        return targets, side or None, against, owner is None

    def held(self, trigger: Trigger) -> tuple[list[Target], str | None, str, bool] | None:
        """Read "in government hands", "under the control of the rebels": who has the place that is the subject."""
        sentence, low = self.sentence, self.sentence.low
        mark = next(
            (
                index
                for index in range(trigger.first - 1, max(-1, trigger.first - 6), -1)
                if low[index] in ("in", "under", "into")
            ),
            None,
        )
        if mark is None:
            return None
        inside = [chunk for chunk in sentence.chunks if mark < chunk.first and chunk.last <= trigger.first and chunk.actor]
        by = roles.agent(sentence, trigger.last, ("of",), 1) if low[trigger.last : trigger.last + 1] == ["of"] else None
        actor = inside[0].actor if inside else by.actor if by is not None else ""
        owner = next((index for index in range(mark + 1, trigger.first) if low[index] in ("its", "their")), None)
        if not actor and owner is not None:
            actor = self.actor(roles.Subject(pronoun=owner)) or ""
        at = mark
        verbs = (
            "stayed",
            "stay",
            "stays",
            "remain",
            "remains",
            "remained",
            "come",
            "came",
            "comes",
            "fallen",
            "fell",
            "fall",
            "kept",
            "held",
            "firmly",
            "still",
            "back",
            "largely",
            "entirely",
        )
        while at > 0 and (
            low[at - 1] in verbs
            or low[at - 1] in roles.BE
            or low[at - 1] in roles.HAVE
            or low[at - 1] in ("now", "also", "again")
        ):
            at -= 1
        targets = targets_at.before(sentence, at)
        if not targets and at and low[at - 1] in ("but", "and", "though", "yet", "although"):
            # "PLACE is in ruins but under their control": the subject stands before the first verb
            verb = next((index for index in range(at - 1) if low[index] in roles.BE or low[index] in roles.HAVE), 0)
            targets = targets_at.before(sentence, verb) if any(last == verb for _, last, _ in sentence.places) else []
        return (targets, actor, "", False) if targets and actor else None

    def is_of_work(self, trigger: Trigger) -> bool:
        """Return whether a strike may be one of workers: no arms are named and nothing says what it is on."""
        low = self.sentence.low
        if low[trigger.first] not in ("strike", "strikes") or low[max(0, trigger.first - 1)] in roles.ARMS | {
            "military",
            "aerial",
        }:
            return False
        return low[trigger.last : trigger.last + 1] == ["by"] or not _AIMED.intersection(low[trigger.last : trigger.last + 4])

    def gained_from_loser(self, trigger: Trigger) -> str:
        """Return who stands against the one whose loss it is: "the loss of PLACE is a blow for the army"."""
        low = self.sentence.low
        chunk = next(
            (
                chunk
                for chunk in self.sentence.chunks
                if chunk.actor
                and (chunk.last == trigger.first or low[chunk.first - 1] in ("for", "to", "the") or chunk.is_owner)
            ),
            None,
        )
        return self.context.enemy(chunk.actor) if chunk is not None else ""

    def around(self, trigger: Trigger) -> list[Target]:
        """Return the place of a clause that names none after its phrase: "There, ..."; "PLACE, where ..."; the last named."""
        sentence, low = self.sentence, self.sentence.low
        joins = ("before", "after") if all(phrase.form != NOUN for phrase in trigger.phrases) else ()
        cut = max(
            (
                index
                for index in range(trigger.first)
                if low[index] in (*joins, "as", "while", "when", "because", "although", "which", ";")
            ),
            default=-1,
        )
        left = [
            (first, last, mention)
            for first, last, mention in sentence.places
            if cut < first and last <= trigger.first and mention.kind != "country"
        ]
        if low[0] == "there" and low[1:2] != ["is"] and low[1:2] != ["was"] and low[1:2] != ["were"]:
            return [Target(None, "there", 0, 1, "")]
        if left:
            first, last, mention = left[-1]
            return [Target(mention, "", first, last, mention.part)]
        if sentence.mentions:
            return []
        is_pronoun = any(low[index] in ("they", "it") for index in range(max(0, trigger.first - 4), trigger.first))
        goes_on = trigger.phrases[0].rule.kind == "repelled" or (
            is_pronoun and self.memory.made and self.memory.made[-1].kind in ("clashes", "entered")
        )
        if self.memory.made and self.memory.made[-1].place_id is not None and goes_on:
            return [Target(None, "there", trigger.first, trigger.last, "")]
        return []

    def owned(self, trigger: Trigger) -> list[Target]:
        """Return the place whose possessive stands before a noun: "Goma's takeover"."""
        for first, last, mention in self.sentence.places:
            if last == trigger.first and last - 1 in self.sentence.owners:
                return [Target(mention, "", first, last, "")]
        return []

    def struck(self, trigger: Trigger) -> list[Target]:
        """Return the place of strikes that only go with another phrase: "Goma, where forces backed by air strikes fight"."""
        low, sentence = self.sentence.low, self.sentence
        if (
            sentence.places
            and sentence.places[0][0] <= 4
            and low[0] in ("in", "across", "over", "all", "around", "near", "inside")
        ):
            first, last, mention = sentence.places[0]
            if last <= trigger.first and any(word in AROUND or word == "across" for word in low[:first]):
                return [Target(mention, "", first, last, "")]
        near = low[max(0, trigger.first - 5) : trigger.last + 3]
        if not sentence.places and self.local and "support" in near and self.local[-1].place_id is not None:
            return [Target(None, "there", trigger.first, trigger.last, "")]
        if not any(
            word in ("backed", "supported", "amid", "under", "by") for word in low[max(0, trigger.first - 5) : trigger.first]
        ):
            return []
        left = [
            (first, last, mention)
            for first, last, mention in sentence.places
            if last <= trigger.first and mention.kind in SETTLEMENTS
        ]
        return [Target(left[-1][2], "", left[-1][0], left[-1][1], "")] if left else []


def verb_before(low: list[str], at: int) -> int:
    """Return the index of the verb that words of distance or a people's verb hang on."""
    index = at
    while index > 0 and (
        low[index - 1] in roles.BE
        or low[index - 1] in roles.HAVE
        or low[index - 1] in COUNTS
        or low[index - 1][0].isdigit()
        or low[index - 1]
        in ("than", "fewer", "less", "under", "just", "only", "about", "within", "some", "already", "also", "now")
    ):
        index -= 1
    return index
