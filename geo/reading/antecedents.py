"""Sentence in its article: who and where "they", "the city" and nobody at all stand for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from geo.articles import Article
from geo.datewords import When
from geo.mentions import Mention
from geo.places import EXACT, NEAR, SETTLEMENTS, VAGUE, Place
from geo.reading import roles
from geo.reading.grammar import BASE, NOUN, PLAIN
from geo.reading.proposals import Context, ProposedClaim, own_voice
from geo.reading.sentences import Sentence, Trigger
from geo.reading.speakers import Saying, sayings
from geo.reading.targets import Target

RECALLED = 60  # places spoken of before among which "the city" is looked for

_ASIDE = frozenset(("which", "who", "whose", "but", "while", "although", "though"))

GROUPS = {"captured": "held", "controls": "held", "entered": "fought", "clashes": "fought", "besieges": "fought"}


@dataclass(slots=True)
class Memory:
    """What an article has said so far."""

    places: list[Mention] = field(default_factory=list)
    actor: str = ""
    speaker: Saying | None = None
    attacker: str = ""
    made: list[ProposedClaim] = field(default_factory=list)
    latest: dict[tuple[str, str | None], ProposedClaim] = field(default_factory=dict)
    pending: tuple[str, str, When | None, tuple[str, ...]] | None = None
    day: date | None = None
    is_past: bool = False


class Antecedents:
    """Reads one sentence with what the article has said before."""

    def __init__(self, article: Article, context: Context, memory: Memory, sentence: Sentence) -> None:
        self.article, self.context, self.memory, self.sentence = article, context, memory, sentence
        self.sayings = sayings(sentence) if sentence.triggers and (sentence.places or memory.places) else []
        self.anchor: date | None = None
        self.before = memory.pending
        self.nouns: dict[int, bool] = {}
        self.local: list[ProposedClaim] = []

    def spoken(self, saying: Saying) -> Saying:
        """Return a saying with its speaker: a pronoun's is the one of the sentence before; a source speaks for its side."""
        memory, sources = self.memory, self.context.sources
        if saying.is_pronoun:
            if memory.speaker is not None and self.sentence.low[max(0, saying.verb - 1)] != "they":
                return replace(saying, sources=memory.speaker.sources, actor=memory.speaker.actor)
            return replace(saying, actor=self.trailing(saying) or memory.actor)
        if not saying.actor:
            sides = [sources[item].side for item in saying.sources if item in sources and sources[item].side]
            if sides:
                return replace(saying, actor=self.context.of_side(sides[0]))
        return replace(saying, actor=self.seated(saying)) if not saying.actor else saying

    def trailing(self, saying: Saying) -> str:
        """Return who "it" is in words put behind what is said ("The army has left, it said"): who the sentence begins with."""
        if saying.last > saying.verb:
            return ""
        lead = next((chunk for chunk in self.sentence.chunks if chunk.last <= saying.verb and not chunk.is_adjective), None)
        return lead.actor if lead is not None and not roles.is_governed(self.sentence, lead.first) else ""

    def seated(self, saying: Saying) -> str:
        """Return whose government is meant where a city says something ("Kinshasa denied that"), "" where none is."""
        sentence, actors = self.sentence, self.context.lexicon.actors
        for first, last, mention in sentence.places:
            place = mention.place
            if last != saying.verb or place is None or place.kind not in SETTLEMENTS or roles.is_governed(sentence, first):
                continue
            if place.country in self.context.countries:
                return actors.get("government", "")
            names = [item.name.lower() for item in self.context.finder.countries if item.country == place.country]
            return next((actors[name] for name in names if name in actors), "")
        return ""

    def actor(self, subject: roles.Subject | None) -> str | None:
        """Return who a subject is: an actor's id, "" for fighters of no named side, None for nobody of the story."""
        if subject is None or subject.place is not None:
            if subject is not None and subject.place is not None and subject.place.place is not None:
                return self.context.lexicon.actors.get(subject.place.place.name.lower())
            return None
        if subject.chunk is not None:
            return subject.chunk.actor
        sentence = self.sentence
        if sentence.low[subject.pronoun] == "we":
            return next((item.actor for item in self.sayings if item.first <= subject.pronoun < item.last and item.actor), None)
        earlier = [
            chunk
            for chunk in sentence.chunks
            if chunk.last <= subject.pronoun
            and chunk.actor
            and not chunk.is_adjective
            and not roles.is_governed(sentence, chunk.first)
        ]
        if not earlier and sentence.low[:1] == ["by"]:  # "By the rebels' own account"
            earlier = [chunk for chunk in sentence.chunks if chunk.first <= 2 and chunk.actor]
        trailing = [
            item for item in self.sayings if item.is_pronoun and item.actor and item.first <= subject.pronoun < item.last
        ]
        speaking = trailing or [item for item in self.sayings if item.verb < subject.pronoun and item.actor]
        if speaking:
            return speaking[-1].actor
        if earlier:
            return earlier[-1].actor
        return self.memory.actor or None

    def agentless(self, targets: list[Target], kind: str) -> str | None:
        """Return who is meant where nobody is named: who did the same there before, or the one who gains in this article."""
        resolved = [place for target in targets if (place := self.place(target)) is not None]
        group = GROUPS.get(kind, kind)
        for place in resolved:
            claim = self.memory.latest.get((group, place.place_id))
            if claim is not None:
                return claim.actor
        if kind == "strike":
            return self.before[1] if self.before is not None and self.before[0] == kind else None
        return self.memory.attacker or ("" if kind == "captured" else self.gainer())

    def gainer(self) -> str:
        """Return the first named in the article who can hold ground, where nobody has gained yet."""
        for chunk in self.sentence.chunks:
            if chunk.actor and chunk.actor in self.context.actors and self.context.actors[chunk.actor].holds_ground:
                return chunk.actor
        return (
            self.memory.actor
            if self.memory.actor in self.context.actors and self.context.actors[self.memory.actor].holds_ground
            else ""
        )

    def main_subject(self, trigger: Trigger) -> str | None:
        """Return who the sentence is about before a noun: "the rebels captured it after clashes"."""
        found = [
            chunk
            for chunk in self.sentence.chunks
            if chunk.last <= trigger.first
            and chunk.actor
            and not roles.is_governed(self.sentence, chunk.first)
            and not chunk.is_adjective
        ]
        if found:
            return found[-1].actor
        adjective = [chunk for chunk in self.sentence.chunks if chunk.last == trigger.first and chunk.actor]
        return adjective[0].actor if adjective else None

    def unnamed(self, trigger: Trigger) -> str:
        """Return whose fighters are meant where a sentence only says "fighters": those it has spoken of before."""
        low = self.sentence.low
        own = next((chunk for chunk in self.sentence.chunks if not chunk.actor and chunk.last <= trigger.first), None)
        if own is not None and own.first and low[own.first - 1] in ("its", "their"):
            speaking = [item for item in self.sayings if item.verb < own.first and item.actor]
            return speaking[-1].actor if speaking else self.memory.actor
        before = [chunk for chunk in self.sentence.chunks if chunk.last <= trigger.first and chunk.actor]
        return before[0].actor if before else ""

    def place(self, target: Target) -> Place | None:
        """Return the place that a target means, where it is a named one."""
        if target.mention is not None:
            return target.mention.place
        found = self.antecedent(target)
        return found.place if found is not None else None

    def antecedent(self, target: Target) -> Mention | None:
        """Return the place spoken of before that words such as "the city" or "there" stand for, the nearest that fits."""
        sentence, memory = self.sentence, self.memory
        noun = target.word.split(" ", 1)[-1]
        speaking = {item.verb for item in self.sayings}  # "Kinshasa denied that the city had fallen": not itself
        earlier = [mention for first, last, mention in sentence.places if last <= target.first and last not in speaking]
        known = [
            mention
            for mention in (*memory.places[-RECALLED:], *earlier)
            if mention.place is not None or mention.near is not None
        ]
        for mention in reversed(known):
            place = mention.near if mention.near is not None else mention.place
            if place is None:
                continue
            if noun in ("city", "town", "village", "port", "it", "there", "stronghold", "area"):
                if place.kind in SETTLEMENTS:
                    return (
                        mention
                        if mention.near is None
                        else Mention(mention.start, mention.end, mention.text, place, place.precision, place.kind)
                    )
            elif noun == "province":
                if place.kind == "province":
                    return mention
                if place.kind in SETTLEMENTS:
                    own = self.context.finder.of_kind(place, "province")
                    return (
                        Mention(mention.start, mention.end, mention.text, own, VAGUE, "province") if own is not None else None
                    )
            elif noun in ("airport", "international airport", "airbase", "base", "crossing", "border"):
                if place.kind in ("airport", "airbase", "base", "border_crossing") and noun.split()[-1] in (
                    place.kind,
                    place.kind.split("_")[-1],
                ):
                    return mention
                if place.kind in SETTLEMENTS and "airport" in noun:
                    own = self.context.finder.of_kind(place, "airport")
                    return Mention(
                        mention.start,
                        mention.end,
                        f"the {noun}",
                        own,
                        EXACT if own is not None else NEAR,
                        "airport",
                        None if own is not None else place,
                    )
            else:
                return None
        return None

    def claimant(self, trigger: Trigger) -> tuple[tuple[str, ...], str, Saying | None]:
        """Return who says so, how, and the saying: the innermost that covers a phrase."""
        own = own_voice(self.article, self.context.sources)
        covering = [
            item
            for item in self.sayings
            if (item.first <= trigger.first < item.last or (item.is_denial and item.verb < trigger.first))
            and not (item.is_denial and self.is_aside(item, trigger))
        ]
        if not covering:
            return (own,), "asserted", None
        saying = max(covering, key=lambda item: (item.is_denial, item.first > 0, item.verb))
        sources = saying.sources
        if saying.is_both:
            return (), "attributed", saying
        if not sources and saying.actor:
            voice = self.context.voice(saying.actor)
            sources = (voice or saying.actor,)
        if not sources:
            return (own,), "asserted", None
        if sources == (self.article.source,) or sources == (own,):
            return (own,), "asserted", saying
        return sources, "attributed", saying

    def is_aside(self, saying: Saying, trigger: Trigger) -> bool:
        """Return whether a phrase stands in words added to what is denied: "denied backing the group, which has seized"."""
        low = self.sentence.low
        return any(low[at] == "," and low[at + 1] in _ASIDE for at in range(saying.verb + 1, min(trigger.first, len(low) - 1)))

    def is_noun(self, trigger: Trigger) -> bool:
        """Return whether a phrase that may be a verb or a noun ("attack") is a noun where it stands."""
        found = self.nouns.get(trigger.first)
        if found is None:
            found = self.nouns[trigger.first] = self._is_noun(trigger)
        return found

    def _is_noun(self, trigger: Trigger) -> bool:
        forms = {phrase.form == NOUN for phrase in trigger.phrases}
        ambiguous = len(trigger.phrases[0].words) == 1 and all(phrase.form in (BASE, PLAIN) for phrase in trigger.phrases)
        if len(forms) == 1 and not ambiguous:
            return forms.pop()
        low, at = self.sentence.low, trigger.first - 1
        while at >= 0 and (low[at] in roles.ADVERBS or low[at].endswith("ly")):
            at -= 1
        if at < 0:
            return not ambiguous
        previous = low[at]
        if previous in roles.BE and at and low[at - 1] in ("there", "been") and "there" in low[max(0, at - 2) : at]:
            return True  # "there was fighting"
        if at in self.sentence.owners or previous in (
            "the",
            "a",
            "an",
            "its",
            "their",
            "his",
            "this",
            "that",
            "further",
            "air",
            "heavy",
            "of",
            "in",
            "on",
            "by",
            "after",
            "for",
            "with",
            "fierce",
            "intense",
            "more",
            "new",
        ):
            return True
        if (
            previous in ("to", "and", "have", "who", "they", "which", "that", "it", ",", "can", "will", "not")
            or previous in roles.AUXILIARY
        ):
            return False
        chunk = next((chunk for chunk in self.sentence.chunks if chunk.last == at + 1), None)
        if chunk is not None and chunk.first and low[chunk.first - 1] in ("under", "in", "into"):
            return True
        if any(last == at + 1 for _, last, _ in self.sentence.places) and at not in self.sentence.owners:
            return False
        return chunk is None or chunk.is_adjective
