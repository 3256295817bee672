"""Verbs that make claims: who does what to which place."""

from __future__ import annotations

from geo.mentions import Mention
from geo.reading import roles
from geo.reading import targets as targets_at
from geo.reading.grammar import GERUND, Phrase
from geo.reading.nouns import AROUND, Nouns, verb_before
from geo.reading.sentences import Trigger
from geo.reading.targets import Target
from geo.wordlists import words

_AFTER_FALL = (
    words("cues", "clause")
    | roles.ADVERBS
    | frozenset(("on", "in", "within", "at", "by", "last", "this", "early", "late", "without"))
) | frozenset(("during", "from", "of", "under", "days", "hours", "weeks", "swiftly", "easily", "for", "days", "too", "almost"))
_ATTEMPTS = frozenset(("attempt", "attempts", "bid", "effort", "efforts", "try"))
_CLAUSE = words("cues", "clause")
_FALLS = frozenset(("fall", "falls", "fell", "fallen", "falling"))
_HEADS = words("actors", "heads", "words")
_OPENING = frozenset(("after", "having", "since", "by", "following", "upon", "fresh", "days", "hours", "weeks"))
_PEOPLE = words("cues", "people")
_PREPOSITIONS = words("cues", "prepositions")
_REPEATEDLY = frozenset(("several", "many", "times", "twice", "repeatedly", "often", "regularly"))


class Verbs(Nouns):
    """Reads the verbs of a sentence that make claims."""

    def verb(self, trigger: Trigger, phrase: Phrase) -> tuple[list[Target], str | None, str, bool] | None:
        """Return what a verb claims, or None: places, who acts ("" unnamed, None unknown), against whom, whether implied."""
        sentence, rule = self.sentence, phrase.rule
        if not self.has_what_it_needs(trigger, phrase):
            return None
        passive = roles.is_passive(sentence, trigger.first, trigger.last, phrase.form)
        is_weak = rule.needs in ("asset", "given")
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
                and phrase.words[0] in _FALLS
                and len(phrase.words) == 1
                and any(c.first >= trigger.last for c in sentence.chunks) is False
            ):
                return targets, self.agentless(targets, rule.kind) or None, "", True
            if agent is None and phrase.words[-1] in ("to", "of") and rule.kind == "captured" and phrase.words[0] in _FALLS:
                return None  # to somebody whom the story does not know
            if agent is None and rule.kind == "captured" and phrase.words[0] in ("be", "is", "are", "was", "were", "been"):
                near = next(
                    (chunk for chunk in sentence.chunks if trigger.last <= chunk.first <= trigger.last + 2 and chunk.actor),
                    None,
                )
                agent = near
            actor = agent.actor if agent else self.agentless(targets, rule.kind)
            return targets, actor or None, "", agent is None
        if rule.needs == "pushed" or (passive and rule.kind == "clashes"):
            return self.attacked(trigger)
        if passive and rule.place in ("object", "any"):
            targets = targets_at.before(sentence, trigger.first)
            if not targets:
                return None
            agent = roles.agent(sentence, trigger.last, ("to",) if rule.loser else ("by",))
            if agent is None and self.is_by_another(trigger, rule.kind):
                return None
            actor = agent.actor if agent else self.taken_from(trigger, rule.kind) or self.agentless(targets, rule.kind)
            if rule.loser and agent is None:
                saying = self.claimant(trigger)[2]
                return (targets, None, "", True) if saying is not None and saying.is_denial else None
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
        actor = self.actor(subject) if subject is not None else None
        if phrase.form == GERUND and actor:
            actor = self.first_of_clause(trigger) or actor
        if actor is None and (subject is None or subject.pronoun >= 0):
            actor = self.named_later(trigger)
        if (
            actor
            and subject is not None
            and subject.pronoun >= 0
            and rule.kind in ("captured", "entered", "controls", "advancing")
            and not rule.loser
            and self.has_just_left(actor)
        ):
            return None  # "The army left, and the rebels came. They took ...": not the army
        if (
            rule.kind == "strike"
            and not actor
            and roles.ARMS.intersection(sentence.low[max(0, trigger.first - 6) : trigger.first])
        ):
            begin = max(0, trigger.first - 6)
            sender = roles.agent(sentence, begin, ("from", "by"), trigger.first - begin)
            actor = sender.actor if sender is not None else actor
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
        if actor is None and rule.loser and rule.needs != "given":  # somebody unknown lost it "to" somebody known
            winner = roles.agent(sentence, trigger.last, ("to",), 10)
            return (targets, winner.actor, "", False) if winner is not None and winner.actor else None
        if actor is None and (rule.kind != "strike" or not roles.ARMS.intersection(sentence.low[: trigger.first])):
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

    def has_what_it_needs(self, trigger: Trigger, phrase: Phrase) -> bool:
        """Return whether a verb that says many things says what its rule means: shells fall, forces are pulled out."""
        low, needs = self.sentence.low, phrase.rule.needs
        if needs == "arms":
            return any(word in roles.ARMS for word in low[max(0, trigger.first - 6) : trigger.first])
        if needs == "own":
            return any(word in _HEADS for word in low[trigger.last : trigger.last + 5])
        if needs == "given":
            return roles.agent(self.sentence, trigger.last, ("to",), 8) is not None
        if phrase.rule.kind == "withdrew" and len(phrase.words) == 1 and low[trigger.first].startswith(("evacuat", "withdr")):
            return self.is_of_forces(trigger)
        if phrase.words[1:2] == ("hands",):
            return not _REPEATEDLY.intersection(low[trigger.last : trigger.last + 3])
        if phrase.rule.place == "subject" and phrase.words[0] in _FALLS and len(phrase.words) == 1:
            following = low[trigger.last : trigger.last + 1]
            return not following or following[0] in _AFTER_FALL or not following[0][0].isalpha() or following[0].endswith("day")
        return True

    def is_of_forces(self, trigger: Trigger) -> bool:
        """Return whether who withdraws something "from" somewhere withdraws forces, or nothing but itself."""
        low = self.sentence.low
        end = next(
            (at for at in range(trigger.last, min(len(low), trigger.last + 7)) if low[at] in ("from", "out")), trigger.last
        )
        moved = {word for word in low[trigger.last : end] if word not in roles.ADVERBS and word.isalpha() and word[-2:] != "ly"}
        if not moved or _PREPOSITIONS.intersection(moved) or any(word.endswith("day") for word in moved):
            return True
        return bool(_HEADS.intersection(moved)) and not {"wounded", "injured"}.intersection(moved)

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
        """Return the places that people leave: whole families, thousands, residents."""
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

    def has_just_left(self, actor: str) -> bool:
        """Return whether the last that was told of an actor's side is that it withdrew or lost."""
        side, last = self.context.side(actor), self.memory.made[-1] if self.memory.made else None
        return last is not None and last.kind == "withdrew" and self.context.side(last.actor or "") == side

    def is_by_another(self, trigger: Trigger, kind: str) -> bool:
        """Return whether a passive names after "by" somebody or something that the story does not know."""
        low, at = self.sentence.low, trigger.last
        by = next((index for index in range(at, min(len(low), at + 3)) if low[index] == "by"), None)
        if by is None or (low[by + 1 : by + 2] and (low[by + 1].endswith("day") or low[by + 1][0].isdigit())):
            return False
        return kind != "strike" or not roles.ARMS.intersection(low[by : by + 7])

    def taken_from(self, trigger: Trigger, kind: str) -> str:
        """Return who gains what "was captured from" another, "" where it is not said from whom."""
        if kind != "captured" or self.sentence.low[trigger.last : trigger.last + 1] != ["from"]:
            return ""
        loser = roles.agent(self.sentence, trigger.last, ("from",), 3)
        return self.context.enemy(loser.actor) if loser is not None else ""

    def first_of_clause(self, trigger: Trigger) -> str:
        """Return who the clause before "after taking PLACE" begins with, "" for other words: "they toppled B after taking"."""
        low = self.sentence.low
        if trigger.first < 3 or low[trigger.first - 1] not in _OPENING:
            return ""
        cut = next((at for at in range(trigger.first - 2, -1, -1) if low[at] in _CLAUSE or low[at] == ";"), -1)
        chunks = [item for item in self.sentence.chunks if cut < item.first < item.last < trigger.first]
        lead = chunks[0] if chunks else None
        if lead is None or lead.is_adjective or lead.first > cut + 3 or roles.is_governed(self.sentence, lead.first):
            return ""
        return lead.actor

    def named_later(self, trigger: Trigger) -> str | None:
        """Return who is named only after the words that open a sentence: "After taking PLACE, the rebels ..."."""
        low = self.sentence.low
        if trigger.first > 4 or low[0] not in _OPENING:
            return None
        comma = next((at for at in range(trigger.last, min(len(low), trigger.last + 12)) if low[at] == ","), len(low))
        chunk = next((chunk for chunk in self.sentence.chunks if comma < chunk.first <= comma + 3), None)
        return chunk.actor if chunk is not None and not chunk.is_adjective else None

    def relative(self, trigger: Trigger) -> list[Target]:
        """Return the place of a relative clause without a pronoun: "the part of the region it occupies"."""
        low, at = self.sentence.low, trigger.first - 1
        chunk = next((chunk for chunk in self.sentence.chunks if chunk.last == trigger.first and not chunk.is_adjective), None)
        begin = chunk.first if chunk is not None else at if at >= 0 and low[at] in ("it", "they") else -1
        if begin > 0 and low[begin - 1] in ("the", "which", "that"):
            begin -= 1
        if begin > 1 and low[begin] == "which" and low[begin - 1] == ",":
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
        """Return the places of a clause, behind its phrase or before it."""
        sentence = self.sentence
        found = targets_at.after(sentence, trigger.last, is_weak=kind == "repelled") or targets_at.behind(
            sentence, trigger.last, AROUND | {"from"} if "back" in trigger.phrases[0].words else AROUND, 22
        )
        if not found and kind == "repelled":
            found = self.assaulted(trigger)
        return found or self.around(trigger)

    def assaulted(self, trigger: Trigger) -> list[Target]:
        """Return the place that an attempt was made on: "beat back an attempt to storm PLACE"."""
        low, start = self.sentence.low, trigger.last
        if not _ATTEMPTS.intersection(low[start : start + 5]):
            return []
        verb = next((item.last for item in self.sentence.triggers if start < item.first <= start + 7), None)
        return targets_at.after(self.sentence, verb) if verb is not None else []
