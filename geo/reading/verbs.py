"""Verbs that make claims: who does what to which place."""

from __future__ import annotations

from geo.mentions import Mention
from geo.reading import roles
from geo.reading import targets as targets_at
from geo.reading.grammar import Phrase
from geo.reading.nouns import AROUND, Nouns, verb_before
from geo.reading.sentences import Trigger
from geo.reading.targets import Target
from geo.wordlists import words

_PEOPLE = words("cues", "people")


class Verbs(Nouns):
    """Reads the verbs of a sentence that make claims."""

    def verb(self, trigger: Trigger, phrase: Phrase) -> tuple[list[Target], str | None, str, bool] | None:
        sentence, rule = self.sentence, phrase.rule
        passive = roles.is_passive(sentence, trigger.first, trigger.last, phrase.form)
        is_weak = rule.needs == "asset"
        if rule.people:
            return self.people(trigger, phrase)
        if rule.place == "subject":
            targets = targets_at.before(sentence, trigger.first)
            if not targets:
                return None
            pronoun = next(
                (
                    index
                    for index in range(trigger.last - 1, min(len(sentence.low) - 1, trigger.last + 1))
                    if sentence.low[index] == "to" and sentence.low[index + 1] in ("them", "it")
                ),
                None,
            )
            if pronoun is not None:
                return targets, self.actor(roles.Subject(pronoun=pronoun + 1)), "", True
            agent = (
                roles.agent(sentence, trigger.last - 1, ("to", "by", "of", "from"))
                if phrase.words[-1] not in ("by", "from", "to", "of")
                else roles.agent(sentence, trigger.last - 1, (phrase.words[-1],))
            )
            if (
                agent is None
                and phrase.words[0] in ("falls", "fall", "fell", "fallen", "falling")
                and len(phrase.words) == 1
                and any(c.first >= trigger.last for c in sentence.chunks) is False
            ):
                return targets, self.agentless(targets, rule.kind), "", True
            if agent is None and rule.kind == "captured" and phrase.words[0] in ("be", "is", "are", "was", "were", "been"):
                near = next(
                    (chunk for chunk in sentence.chunks if trigger.last <= chunk.first <= trigger.last + 2 and chunk.actor),
                    None,
                )
                agent = near
            actor = agent.actor if agent else self.agentless(targets, rule.kind)
            return targets, actor or None, "", agent is None
        if passive and rule.kind == "clashes":
            return self.attacked(trigger)
        if passive and rule.place in ("object", "any"):
            targets = targets_at.before(sentence, trigger.first)
            if not targets:
                return None
            agent = roles.agent(sentence, trigger.last)
            actor = agent.actor if agent else self.agentless(targets, rule.kind)
            if rule.loser and agent is None:
                return None
            return targets, actor or None, "", agent is None
        if rule.needs == "ousted":
            ousted = next(
                (chunk for chunk in sentence.chunks if trigger.last <= chunk.first <= trigger.last + 2 and chunk.actor), None
            )
            targets = (
                targets_at.behind(sentence, trigger.last, rule.prepositions, 8) if ousted is not None and not passive else []
            )
            return (targets, ousted.actor, "", False) if targets and ousted is not None else None
        # "were driven out of": who is driven out is the subject of a passive, too.
        subject = roles.subject(sentence, trigger.first, phrase.form)
        actor = self.actor(subject)
        if rule.place == "object":
            targets = targets_at.after(sentence, trigger.last, is_weak=is_weak)
            if not targets:
                targets = self.relative(trigger)
        elif rule.place == "after":
            marks = rule.prepositions | {"of"} if phrase.words[-1] == "out" else rule.prepositions
            targets = targets_at.behind(sentence, trigger.last, marks)
            if not targets and phrase.words[-1] in rule.prepositions:
                targets = targets_at.after(sentence, trigger.last)
            if not targets and rule.implied:
                targets = self.implied(trigger, actor)
            if not targets and rule.kind == "strike" and actor is not None:
                self.memory.pending = (rule.kind, actor, self.day_of(trigger, phrase), self.claimant(trigger)[0])
        else:
            targets = self.anywhere(trigger, rule.kind)
        if not targets:
            if rule.place == "object" and rule.kind in ("captured", "controls") and phrase.words[0].startswith("claim"):
                return None
            return None
        if actor is None and rule.kind != "strike":
            return None
        if rule.loser:
            enemy = roles.agent(sentence, trigger.last, ("to",))
            gained = enemy.actor if enemy is not None and enemy.actor else self.context.enemy(actor or "")
            return targets, gained or None, actor or "", False
        against = (
            roles.agent(sentence, trigger.last, ("with", "against", "from"), 10)
            if rule.kind in ("clashes", "captured")
            else None
        )
        named = (
            against.actor if against is not None and self.context.side(against.actor) != self.context.side(actor or "") else ""
        )
        return targets, actor, named, False

    def attacked(self, trigger: Trigger) -> tuple[list[Target], str | None, str, bool] | None:
        """Read "government forces were attacked in": a place, or somebody in a place, whom another attacks."""
        sentence = self.sentence
        by = roles.agent(sentence, trigger.last)
        targets = targets_at.before(sentence, trigger.first)
        victim = "" if targets else self.actor(roles.subject(sentence, trigger.first, "past")) or ""
        if not targets and victim:
            targets = targets_at.behind(sentence, trigger.last, AROUND, 10)
        actor = by.actor if by is not None else self.context.enemy(victim) if victim else self.agentless(targets, "clashes")
        return (targets, actor, victim, by is None) if targets and actor else None

    def people(self, trigger: Trigger, phrase: Phrase) -> tuple[list[Target], str | None, str, bool] | None:
        sentence = self.sentence
        at = verb_before(sentence.low, trigger.first)
        window = sentence.low[max(0, at - 6) : at]
        if not any(word in _PEOPLE for word in window):
            return None
        targets = (
            targets_at.after(sentence, trigger.last, is_weak=True)
            if phrase.rule.place == "object"
            else targets_at.behind(sentence, trigger.last, phrase.rule.prepositions)
        )
        return (targets, None, "", False) if targets else None

    def relative(self, trigger: Trigger) -> list[Target]:
        """Return the place of a relative clause without a pronoun: "the part of the region it occupies"."""
        low, at = self.sentence.low, trigger.first - 1
        chunk = next((chunk for chunk in self.sentence.chunks if chunk.last == trigger.first and not chunk.is_adjective), None)
        begin = chunk.first if chunk is not None else at if at >= 0 and low[at] in ("it", "they") else -1
        if begin > 0 and low[begin - 1] in ("the", "which", "that"):
            begin -= 1
        for first, last, mention in self.sentence.places:
            if last == begin:
                return [Target(mention, "", first, last, targets_at.extent_before(low, first, mention))]
        return []

    def implied(self, trigger: Trigger, actor: str | None) -> list[Target]:
        """Return the place that somebody leaves "as" another takes it in the same sentence."""
        low = self.sentence.low
        gains = [
            claim
            for claim in self.local
            if claim.kind in ("captured", "entered", "controls")
            and self.context.side(claim.actor or "") != self.context.side(actor or "")
        ]
        if not gains or actor in (None, ""):
            return []
        if not any(word in ("as", "after", "when", "while") for word in low[: trigger.first]):
            return []
        claim = gains[-1]
        mention = Mention(
            claim.start, claim.end, claim.text, self.context.finder.places.get(claim.place_id or ""), claim.precision, ""
        )
        return [Target(mention, "", trigger.first, trigger.last, "")]

    def anywhere(self, trigger: Trigger, kind: str) -> list[Target]:
        sentence = self.sentence
        found = targets_at.after(sentence, trigger.last, is_weak=kind == "repelled") or targets_at.behind(
            sentence, trigger.last, AROUND | {"from"} if "back" in trigger.phrases[0].words else AROUND, 22
        )
        return found or self.around(trigger)
