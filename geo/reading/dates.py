"""When: the day that goes with a phrase, and what it rests on."""

from __future__ import annotations

from datetime import date

from geo.datewords import When
from geo.reading.antecedents import GROUPS, Antecedents
from geo.reading.grammar import BASE, GERUND, NOUN, PLAIN, Phrase
from geo.reading.sentences import Trigger


class Dates(Antecedents):
    """Reads the days of a sentence."""

    def day_of(self, trigger: Trigger, phrase: Phrase) -> When | None:
        """Return the day that goes with a phrase: in its own stretch of the sentence, or at the sentence's beginning."""
        sentence = self.sentence
        if not sentence.whens:
            return None
        verbs = [other for other in sentence.triggers if not self.is_noun(other)]
        following = min((other.first for other in verbs if other.first > trigger.first), default=len(sentence.low))
        previous = max((other.last for other in verbs if other.last <= trigger.first), default=0)
        placed = [(sentence.index(when.start), when) for when in sentence.whens]
        is_lasting = phrase.rule.kind in ("controls", "clashes", "besieges")
        usable = [
            (at, when)
            for at, when in placed
            if is_lasting or not (when.is_since and (sentence.published - when.first).days > 300)
        ]
        usable = [(at, when) for at, when in usable if not when.lasting or is_lasting]
        if phrase.form == NOUN:
            touching = [
                when
                for at, when in usable
                if at < trigger.first and trigger.first - at <= 6 and (when.lasting or when.is_history)
            ]
            if touching:
                return touching[-1]
        own = [when for at, when in usable if trigger.last <= at < following and not self.is_cut(trigger.last, at)]
        if own:
            is_name = own[0].is_history and own[0].text.lower().startswith("the ")  # "the 2011 uprising"
            return next((when for when in own if not when.is_history), own[0]) if is_name else own[0]
        if phrase.form == GERUND and trigger.first and sentence.low[trigger.first - 1] == "after":
            return None  # "days after seizing it"
        near = [(at, when) for at, when in usable if previous <= at < trigger.first and not self.is_cut(at, trigger.first)]
        if near:
            return near[-1][1]
        leading = [when for at, when in usable if at <= 3 and "but" not in sentence.low[at : trigger.first]]
        if leading:
            return leading[0]
        said = [when for at, when in usable if any(item.verb < at <= item.verb + 3 for item in self.sayings)]
        return said[0] if said else None

    def repeated(self, when: When | None) -> list[When | None]:
        """Return a day and those joined to it: "on Saturday and again today"."""
        found: list[When | None] = [when]
        for one, other in zip(self.sentence.whens, self.sentence.whens[1:], strict=False):
            between = self.sentence.low[self.sentence.index(one.end) : self.sentence.index(other.start)]
            if one is found[-1] and "and" in between and set(between) <= {"and", "again", "on", "once", "more"}:
                found.append(other)
        return found

    def is_cut(self, first: int, last: int) -> bool:
        """Return whether another clause, with its own subject, begins between two words."""
        low = self.sentence.low
        if any(low[index] in (";", "which", "who", "where", "when", "while", "but") for index in range(first, last)):
            return True
        begins = {chunk.first for chunk in self.sentence.chunks}
        return any(low[index] == "and" and begins & {index + 1, index + 2} for index in range(first + 1, last))

    def days(
        self, phrase: Phrase, trigger: Trigger, when: When | None, kind: str, place_id: str | None
    ) -> tuple[date | None, date, str, str]:
        """Return first and last possible day, what they rest on, and whether it lasts."""
        published = self.article.published
        since = self.context.lexicon.since or self.context.first_day
        low = self.sentence.low
        throughout = kind == "controls" and any(
            word
            in (
                "remain",
                "remains",
                "remained",
                "stayed",
                "stays",
                "maintained",
                "maintain",
                "still",
                "throughout",
                "kept",
                "retained",
            )
            for word in low[max(0, trigger.first - 5) : trigger.last + 6]
        )
        if when is None and self.before is not None and kind == self.before[0] and kind == "strike":
            when = self.before[2]
        if when is not None:
            if (when.lasting and self.anchor is not None) or (when.before and self.memory.day is not None):
                when = when.back_from(self.anchor if when.lasting and self.anchor else self.memory.day or published, published)
            begin, last = when.first, min(when.last, published)
            if when.precision == "range" and since is not None and begin < since <= last and not when.is_since:
                begin = since
            return min(begin, last), last, when.precision, "throughout" if when.is_since or throughout else ""
        if throughout:
            start = next((w.first for w in self.sentence.whens if w.is_history), None)
            return start, published, "standing", "throughout"
        if phrase.form == NOUN and kind in ("captured", "clashes", "withdrew"):
            claim = self.memory.latest.get((GROUPS.get(kind, kind), place_id))
            if claim is not None and claim.date_start:
                return date.fromisoformat(claim.date_start), date.fromisoformat(claim.date_end), "anaphoric", ""
        if kind == "withdrew" and place_id:
            claim = self.memory.latest.get(("captured", place_id))
            if claim is not None and claim.date_start:
                return date.fromisoformat(claim.date_start), date.fromisoformat(claim.date_end), "anaphoric", ""
        is_now = self.is_now(trigger, phrase)
        if self.sayings and any(word in ("begun", "started") for word in low[max(0, trigger.first - 4) : trigger.first]):
            is_now = True
        if any("earlier" in low[max(0, item.verb - 3) : item.verb] for item in self.sayings):
            is_now = True
        if is_now or kind in ("controls", "displaced"):
            return published, published, "pub", ""
        first = since if since is not None and since <= published else None
        return first, published, "by_pub", ""

    def is_now(self, trigger: Trigger, phrase: Phrase) -> bool:
        """Return whether a phrase speaks of the day of publication: in the present, or in a headline's."""
        low = self.sentence.low
        before = low[max(0, trigger.first - 5) : trigger.first]
        if "now" in before or "currently" in before:
            return True
        if phrase.form in (PLAIN,):
            return True
        if phrase.form == BASE and "to" not in before[-2:]:
            return True
        if phrase.form == GERUND:
            return any(word in ("is", "are", "now") for word in before)
        return False
