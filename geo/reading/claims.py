"""An article -> proposed claims, each with the words it rests on.

    read(article, context_of(story)) -> [ProposedClaim, ...]

Rules, not learning: a phrase of `geo/rules/verbs.toml` makes a claim where somebody of the story stands as its subject and a place as its object.
What is wished, asked, feared, conditional or history makes none. An editor reads every claim before it counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from geo.articles import Article
from geo.claims import CHANGING
from geo.datewords import When
from geo.gazetteer import Gazetteer
from geo.lexicon import Lexicon
from geo.mentions import Finder, Mention
from geo.places import EXACT, NEAR, SETTLEMENTS, VAGUE, Place
from geo.reading import roles
from geo.reading.grammar import BASE, GERUND, NOUN, PLAIN, Phrase
from geo.reading.roles import Target
from geo.reading.sentences import Names, Sentence, Trigger, Words, spans
from geo.reading.speakers import Saying, sayings
from geo.reading.stance import Stance, is_history, stance
from geo.storyfile import Actor, Source
from geo.wordlists import words


@dataclass(frozen=True, slots=True)
class ProposedClaim:
    """A claim that nobody has reviewed; the fields are those of DESIGN 8 and of `geo.claims.Claim`.

    Attributes
    ----------
    place_id, lat, lon : None where the article gives the place no name or the gazetteer has none
    precision : 1 exact, 2 near a named place, 3 a region
    actor, against : ids of actors, None and "" for nobody named
    claimant, disputed_by : ids of sources joined by ";", or a speaker's own words where the story does not know them
    date_start, date_end : YYYY-MM-DD, date_start None where the words do not say
    """

    article: str
    start: int
    end: int
    text: str
    place_id: str | None
    name: str
    lat: float | None
    lon: float | None
    precision: int
    kind: str
    actor: str | None
    against: str
    extent: str
    modality: str
    standing: str
    claimant: str
    disputed_by: str
    date_start: str | None
    date_end: str
    date_precision: str
    reported: str

    def as_dict(self) -> dict[str, Any]:
        """Return the claim as plain data for JSON."""
        return asdict(self)


_KEPT = 4_000


@dataclass(frozen=True, slots=True)
class Context:
    """What reading knows of a story."""

    finder: Finder
    lexicon: Lexicon
    actors: Mapping[str, Actor]
    sources: Mapping[str, Source]
    hostile: frozenset[frozenset[str]]
    countries: tuple[str, ...]
    gazetteer: Gazetteer
    first_day: date | None = None
    names: Names = field(default_factory=Names)
    kept: dict[tuple[str, date], Words] = field(default_factory=dict)

    def __post_init__(self) -> None:
        table = Names.table
        names = Names(table(dict(self.lexicon.actors)), table(dict(self.lexicon.adjectives)), table(dict(self.lexicon.sources)), self.lexicon.natives)
        object.__setattr__(self, "names", names)

    def words(self, text: str, published: date) -> Words:
        """Return the words of a sentence; they are kept, since paragraphs of agencies come again and again."""
        found = self.kept.get((text, published))
        if found is None:
            if len(self.kept) >= _KEPT:
                self.kept.clear()
            found = self.kept[text, published] = Words(text, self.names, published)
        return found

    def side(self, actor: str) -> str:
        """Return the id of an actor's side, "" for nobody."""
        found = self.actors.get(actor)
        return found.side if found else ""

    def enemy(self, actor: str) -> str:
        """Return who stands against an actor where a sentence does not say: the actor that stands for the first hostile side."""
        side = self.side(actor)
        enemies = [other for other in dict.fromkeys(item.side for item in self.actors.values()) if frozenset((side, other)) in self.hostile and other != side]
        if not enemies:
            return ""
        return self.of_side(enemies[0])

    def of_side(self, side: str) -> str:
        """Return the actor that stands for a side: the one with its id, or its first."""
        return side if side in self.actors else next((item.id for item in self.actors.values() if item.side == side), "")

    def voice(self, actor: str) -> str:
        """Return the source that speaks for an actor, "" where the story has none."""
        side = self.side(actor)
        if actor in self.sources and self.sources[actor].side == side:
            return actor
        return next((item.id for item in self.sources.values() if item.side == side and item.kind == "party" and side), "")


def own_voice(article: Article, sources: Mapping[str, Source]) -> str:
    """Return the source that speaks in an article's own voice: the agency it relays, or the publication."""
    agency = article.agency.strip().lower()
    return next((source.id for source in sources.values() if agency and agency in (source.name.lower(), source.id)), article.source)


@dataclass(slots=True)
class _Memory:
    """What an article has said so far."""

    places: list[Mention] = field(default_factory=list)
    actor: str = ""
    speaker: Saying | None = None
    attacker: str = ""
    made: list[ProposedClaim] = field(default_factory=list)
    pending: tuple[str, str, When | None, tuple[str, ...]] | None = None
    day: date | None = None


def read(article: Article, context: Context) -> list[ProposedClaim]:
    """Return the claims that an article's words propose, in the order of the text."""
    mentions = context.finder.find(article.body)
    memory = _Memory()
    index = 0
    for start, end in spans(article.body):
        while index < len(mentions) and mentions[index].start < start:
            index += 1
        inside = []
        while index < len(mentions) and mentions[index].start < end:
            inside.append(mentions[index])
            index += 1
        sentence = Sentence(context.words(article.body[start:end], article.published), start, inside)
        _Reading(article, context, memory, sentence).run()
    return _disputed(memory.made, context, own_voice(article, context.sources))


class _Reading:
    """Reads one sentence of an article."""

    def __init__(self, article: Article, context: Context, memory: _Memory, sentence: Sentence) -> None:
        self.article, self.context, self.memory, self.sentence = article, context, memory, sentence
        self.sayings = sayings(sentence) if sentence.triggers and (sentence.places or memory.places) else []
        self.anchor: date | None = None
        self.local: list[ProposedClaim] = []

    def run(self) -> None:
        sentence, memory = self.sentence, self.memory
        self.sayings = [self._spoken(saying) for saying in self.sayings]
        pending, memory.pending = memory.pending, None
        self.before = pending
        for trigger in sentence.triggers:
            self._trigger(trigger)
        memory.places.extend(mention for mention in sentence.mentions if mention.place is not None and mention.place.kind not in ("country", "continent"))
        spoken = [item for item in self.sayings if item.sources or item.actor]
        memory.speaker = spoken[-1] if spoken else None
        made = [claim for claim in self.local if claim.actor and claim.kind != "strike"]
        lead = next((chunk for chunk in sentence.chunks if chunk.actor and not chunk.is_adjective and not roles.is_governed(sentence, chunk.first)), None)
        if made:
            memory.actor = made[-1].actor or ""
        elif lead is not None:
            memory.actor = lead.actor
        elif spoken and spoken[-1].actor:
            memory.actor = spoken[-1].actor

    def _spoken(self, saying: Saying) -> Saying:
        """Return a saying with its speaker: a pronoun's is the one of the sentence before; a source speaks for its side."""
        memory, sources = self.memory, self.context.sources
        if saying.is_pronoun:
            if memory.speaker is not None and self.sentence.low[max(0, saying.verb - 1)] != "they":
                return replace(saying, sources=memory.speaker.sources, actor=memory.speaker.actor)
            return replace(saying, actor=memory.actor)
        if not saying.actor:
            sides = [sources[item].side for item in saying.sources if item in sources and sources[item].side]
            if sides:
                return replace(saying, actor=self.context.of_side(sides[0]))
        return saying

    def _trigger(self, trigger: Trigger) -> None:
        is_noun = self._is_noun(trigger)
        for phrase in trigger.phrases:
            if (phrase.form == NOUN) is not is_noun:
                continue
            if self._phrase(trigger, phrase):
                return

    def _is_noun(self, trigger: Trigger) -> bool:
        forms = {phrase.form == NOUN for phrase in trigger.phrases}
        if len(forms) == 1:
            return forms.pop()
        low, at = self.sentence.low, trigger.first - 1
        while at >= 0 and (low[at] in roles.ADVERBS or low[at].endswith("ly")):
            at -= 1
        if at < 0:
            return True
        previous = low[at]
        if at in self.sentence.owners or previous in ("the", "a", "an", "its", "their", "his", "this", "that", "further", "air", "heavy", "of", "in", "on", "by", "after", "for", "with", "fierce", "intense", "more", "new"):
            return True
        if previous in ("to", "and", "have", "who", "they") or previous in roles.HAVE or previous in roles.BE:
            return False
        chunk = next((chunk for chunk in self.sentence.chunks if chunk.last == at + 1), None)
        if chunk is not None and chunk.first and low[chunk.first - 1] in ("under", "in", "into"):
            return True
        return chunk is None or chunk.is_adjective

    def _phrase(self, trigger: Trigger, phrase: Phrase) -> bool:
        """Make the claims of one phrase; return whether it was one for good or ill."""
        rule = phrase.rule
        if phrase.form == NOUN:
            found = self._noun(trigger, phrase)
        elif rule.place == "border":
            return self._border(trigger, phrase)
        else:
            found = self._verb(trigger, phrase)
        if found is None:
            return False
        targets, actor, against, implied = found
        kind = rule.kind
        position = stance(self.sentence, trigger, phrase.form, targets[0].extent)
        if position is Stance.NOT_SAID:
            return True
        if position is Stance.TRIED:
            kind = "clashes" if kind in ("entered", "captured") else kind
        if position is Stance.ANNOUNCED and kind not in ("reinforced", "withdrew"):
            return True
        when = self._when(trigger, phrase)
        if is_history(self.sentence, trigger, when):
            return True
        if actor == "":
            actor = self._unnamed(trigger)
        for day in self._repeated(when):
            for target in targets:
                self._make(trigger, phrase, kind, target, actor, against, day, position is Stance.ANNOUNCED)
        return True

    def _unnamed(self, trigger: Trigger) -> str:
        """Return whose fighters are meant where a sentence only says "fighters": those it has spoken of before."""
        before = [chunk for chunk in self.sentence.chunks if chunk.last <= trigger.first and chunk.actor]
        return before[0].actor if before else ""

    def _repeated(self, when: When | None) -> list[When | None]:
        """Return a day and those joined to it: "on Saturday and again today"."""
        found: list[When | None] = [when]
        for one, other in zip(self.sentence.whens, self.sentence.whens[1:], strict=False):
            between = self.sentence.low[self.sentence.index(one.end) : self.sentence.index(other.start)]
            if one is found[-1] and "and" in between and set(between) <= {"and", "again", "on", "once", "more"}:
                found.append(other)
        return found

    def _verb(self, trigger: Trigger, phrase: Phrase) -> tuple[list[Target], str | None, str, bool] | None:
        sentence, rule = self.sentence, phrase.rule
        passive = roles.is_passive(sentence, trigger.first, trigger.last, phrase.form)
        is_weak = rule.needs == "asset"
        if rule.people:
            return self._people(trigger, phrase)
        if rule.place == "subject":
            targets = roles.before(sentence, trigger.first)
            if not targets:
                return None
            agent = roles.agent(sentence, trigger.last - 1, ("to", "by", "of", "from")) if phrase.words[-1] not in ("by", "from", "to", "of") else roles.agent(sentence, trigger.last - 1, (phrase.words[-1],))
            if agent is None and phrase.words[0] in ("falls", "fall", "fell", "fallen", "falling") and len(phrase.words) == 1 and any(c.first >= trigger.last for c in sentence.chunks) is False:
                return targets, self._agentless(targets, rule.kind), "", True
            if agent is None and rule.kind == "captured" and phrase.words[0] in ("be", "is", "are", "was", "were", "been"):
                near = next((chunk for chunk in sentence.chunks if trigger.last <= chunk.first <= trigger.last + 2 and chunk.actor), None)
                agent = near
            actor = agent.actor if agent else self._agentless(targets, rule.kind)
            return targets, actor or None, "", agent is None
        if passive and rule.place in ("object", "any"):
            targets = roles.before(sentence, trigger.first)
            if not targets:
                return None
            agent = roles.agent(sentence, trigger.last)
            actor = agent.actor if agent else self._agentless(targets, rule.kind)
            if rule.loser and agent is None:
                return None
            return targets, actor or None, "", agent is None
        subject = roles.subject(sentence, trigger.first, phrase.form)
        if passive and rule.kind == "withdrew":
            pass  # "were driven out of": who is driven out is the subject
        actor = self._actor(subject)
        if rule.place == "object":
            targets = roles.after(sentence, trigger.last, is_weak=is_weak)
            if not targets:
                targets = self._relative(trigger)
        elif rule.place == "after":
            targets = roles.behind(sentence, trigger.last, rule.prepositions)
            if not targets and rule.implied:
                targets = self._implied(trigger, actor)
            if not targets and rule.kind == "strike" and actor is not None:
                self.memory.pending = (rule.kind, actor, self._when(trigger, phrase), self._claimant(trigger)[0])
        else:
            targets = self._anywhere(trigger, rule.kind)
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
        against = roles.agent(sentence, trigger.last, ("with", "against", "from"), 10) if rule.kind in ("clashes", "captured") else None
        named = against.actor if against is not None and self.context.side(against.actor) != self.context.side(actor or "") else ""
        return targets, actor, named, False

    def _noun(self, trigger: Trigger, phrase: Phrase) -> tuple[list[Target], str | None, str, bool] | None:
        sentence, rule, low = self.sentence, phrase.rule, self.sentence.low
        if rule.needs == "held":
            return self._held(trigger)
        if rule.needs == "distance":
            if trigger.first == 0 or not (low[trigger.first - 1][0].isdigit() or low[trigger.first - 1] in _COUNTS):
                return None
            targets = roles.behind(sentence, trigger.last, rule.prepositions, 3)
            actor = self._actor(roles.subject(sentence, _verb_before(low, trigger.first), BASE))
            return (targets, actor, "", False) if targets and actor else None
        if rule.kind == "clashes" and any(
            phrase.rule.kind == "repelled" for other in sentence.triggers if 0 <= trigger.first - other.last <= 4 for phrase in other.phrases
        ):
            return None  # "repelled an attack" is one event
        owner = next((chunk for chunk in sentence.chunks if chunk.actor and chunk.last in (trigger.first, trigger.first - 1, trigger.first - 2) and (chunk.is_owner or chunk.is_adjective)), None)
        if phrase.words[-1] in ("on", "into", "towards", "toward", "against", "in", "to", "of"):
            targets = roles.after(sentence, trigger.last)
        elif rule.kind in ("captured",) or rule.kind in ("besieges",):
            targets = roles.after(sentence, trigger.last + 1) if low[trigger.last : trigger.last + 1] == ["of"] else self._owned(trigger)
        elif rule.kind == "withdrew":
            targets = roles.behind(sentence, trigger.last, rule.prepositions, 4)
        elif rule.kind == "strike":
            targets = roles.behind(sentence, trigger.last, rule.prepositions, 8) or self._struck(trigger)
        else:
            targets = roles.behind(sentence, trigger.last, _AROUND, 9) or self._around(trigger)
        side = "" if owner is None else owner.actor
        if not side and rule.kind in ("captured", "clashes", "strike", "entered", "advancing"):
            by = roles.agent(sentence, trigger.last, ("to", "by") if phrase.words[-1] in ("fall", "loss") else ("by", "between"), 12)
            side = by.actor if by else ""
        if not targets:
            if rule.kind == "strike" and (side or self._main_subject(trigger)):
                self.memory.pending = ("strike", side or self._main_subject(trigger) or "", self._when(trigger, phrase), self._claimant(trigger)[0])
            return None
        if not side:
            side = self._main_subject(trigger) if rule.kind in ("strike", "withdrew", "besieges") or (rule.kind == "clashes" and not self.sayings) else ""
        if not side:
            side = self._agentless(targets, rule.kind) or ""
        if not side and rule.kind != "strike":
            return None
        enemy = roles.agent(sentence, trigger.last, ("with", "against"), 12) if rule.kind == "clashes" else None
        against = enemy.actor if enemy is not None and self.context.side(enemy.actor) != self.context.side(side) else ""
        return targets, side or None, against, owner is None

    def _people(self, trigger: Trigger, phrase: Phrase) -> tuple[list[Target], str | None, str, bool] | None:
        sentence = self.sentence
        at = _verb_before(sentence.low, trigger.first)
        window = sentence.low[max(0, at - 6) : at]
        if not any(word in words("cues", "people") for word in window):
            return None
        targets = roles.after(sentence, trigger.last, is_weak=True) if phrase.rule.place == "object" else roles.behind(sentence, trigger.last, phrase.rule.prepositions)
        return (targets, None, "", False) if targets else None

    def _border(self, trigger: Trigger, phrase: Phrase) -> bool:
        sentence, low = self.sentence, self.sentence.low
        heads = words("names", "vague", "border_crossing")
        passive = roles.is_passive(sentence, trigger.first, trigger.last, phrase.form)
        window = range(max(0, trigger.first - 8), trigger.first) if passive else range(trigger.last, min(len(low), trigger.last + 8))
        head = next((index for index in window if low[index] in heads), None)
        if head is None:
            return False
        position = stance(sentence, trigger, phrase.form, "")
        if position in (Stance.NOT_SAID, Stance.TRIED):
            return True
        subjects = [] if passive else roles.before(sentence, trigger.first)
        countries = [place for target in subjects if (place := self._place(target)) is not None and place.kind == "country" and place.country not in self.context.countries]
        when = self._when(trigger, phrase)
        if is_history(sentence, trigger, when):
            return True
        extent = roles.extent_before(low, head, sentence.mentions[0]) if sentence.mentions else ""
        named = next((mention for first, last, mention in sentence.places if first <= head < last and mention.place is not None and mention.place.kind == "border_crossing"), None)
        for country in countries:
            actor = self.context.lexicon.actors.get(country.name.lower())
            span = sentence.span(trigger.first, head + 1)
            place = self._crossings(country) if named is None else named.place
            words_there = " ".join(self.article.body[slice(*sentence.span(min(trigger.last, head), head + 1))].split())
            target = Target(Mention(*span, words_there, place, place.precision if place else VAGUE, "border_crossing", country), "", trigger.last, head + 1, extent if extent in ("most", "whole", "part", "much") else "")
            self._make(trigger, phrase, phrase.rule.kind, target, actor, "", when, position is Stance.ANNOUNCED)
        return bool(countries)

    def _crossings(self, country: Place) -> Place | None:
        """Return the story's own place for the crossings between a country and the story's, where it has one."""
        mine = {name for code in self.context.countries for name in self._country_names(code)}
        for mention in ("crossings between {} and {}", "border crossings between {} and {}", "{}-{} crossings", "{}-{} border"):
            for name in mine:
                for one, other in ((name, country.name), (country.name, name)):
                    matches = self.context.gazetteer.lookup(mention.format(one, other))
                    if matches and matches[0].place.precision > EXACT:
                        return matches[0].place
        return None

    def _country_names(self, code: str) -> list[str]:
        return [place.name for place in self.context.finder.countries if place.country == code]

    def _actor(self, subject: roles.Subject | None) -> str | None:
        """Return who a subject is: an actor's id, "" for fighters of no named side, None for nobody of the story."""
        if subject is None or subject.place is not None:
            if subject is not None and subject.place is not None and subject.place.place is not None:
                return self.context.lexicon.actors.get(subject.place.place.name.lower())
            return None
        if subject.chunk is not None:
            return subject.chunk.actor
        sentence = self.sentence
        earlier = [chunk for chunk in sentence.chunks if chunk.last <= subject.pronoun and chunk.actor and not chunk.is_adjective and not roles.is_governed(sentence, chunk.first)]
        speaking = [item for item in self.sayings if item.verb < subject.pronoun and item.actor]
        if speaking:
            return speaking[-1].actor
        if earlier:
            return earlier[-1].actor
        return self.memory.actor or None

    def _agentless(self, targets: list[Target], kind: str) -> str | None:
        """Return who is meant where nobody is named: who did the same there before, or the one who gains in this article."""
        resolved = [place for target in targets if (place := self._place(target)) is not None]
        group = _GROUPS.get(kind, kind)
        for claim in reversed(self.memory.made):
            if _GROUPS.get(claim.kind, claim.kind) == group and claim.modality != "denied" and claim.place_id in {place.place_id for place in resolved}:
                return claim.actor
        if kind == "strike":
            return self.before[1] if self.before is not None and self.before[0] == kind else None
        return self.memory.attacker or self._gainer()

    def _gainer(self) -> str:
        """Return the first named in the article who can hold ground, where nobody has gained yet."""
        for chunk in self.sentence.chunks:
            if chunk.actor and chunk.actor in self.context.actors and self.context.actors[chunk.actor].holds_ground:
                return chunk.actor
        return self.memory.actor if self.memory.actor in self.context.actors and self.context.actors[self.memory.actor].holds_ground else ""

    def _main_subject(self, trigger: Trigger) -> str | None:
        """Return who the sentence is about before a noun: "the rebels captured it after clashes"."""
        found = [chunk for chunk in self.sentence.chunks if chunk.last <= trigger.first and chunk.actor and not roles.is_governed(self.sentence, chunk.first) and not chunk.is_adjective]
        if found:
            return found[-1].actor
        adjective = [chunk for chunk in self.sentence.chunks if chunk.last == trigger.first and chunk.actor]
        return adjective[0].actor if adjective else None

    def _relative(self, trigger: Trigger) -> list[Target]:
        """Return the place of a relative clause without a pronoun: "the part of the region it occupies"."""
        low, at = self.sentence.low, trigger.first - 1
        chunk = next((chunk for chunk in self.sentence.chunks if chunk.last == trigger.first and not chunk.is_adjective), None)
        begin = chunk.first if chunk is not None else at if at >= 0 and low[at] in ("it", "they") else -1
        if begin > 0 and low[begin - 1] in ("the", "which", "that"):
            begin -= 1
        for first, last, mention in self.sentence.places:
            if last == begin:
                return [Target(mention, "", first, last, roles.extent_before(low, first, mention))]
        return []

    def _held(self, trigger: Trigger) -> tuple[list[Target], str | None, str, bool] | None:
        """Read "in government hands", "under the control of the rebels": who has the place that is the subject."""
        sentence, low = self.sentence, self.sentence.low
        mark = next((index for index in range(trigger.first - 1, max(-1, trigger.first - 6), -1) if low[index] in ("in", "under", "into")), None)
        if mark is None:
            return None
        inside = [chunk for chunk in sentence.chunks if mark < chunk.first and chunk.last <= trigger.first and chunk.actor]
        by = roles.agent(sentence, trigger.last, ("of",), 1) if low[trigger.last : trigger.last + 1] == ["of"] else None
        actor = inside[0].actor if inside else by.actor if by is not None else ""
        at = mark
        verbs = ("stayed", "stay", "stays", "remain", "remains", "remained", "come", "came", "comes", "fallen", "fell", "fall", "kept", "held", "firmly", "still", "back", "largely", "entirely")
        while at > 0 and (low[at - 1] in verbs or low[at - 1] in roles.BE or low[at - 1] in roles.HAVE or low[at - 1] in ("now", "also", "again")):
            at -= 1
        targets = roles.before(sentence, at)
        return (targets, actor, "", False) if targets and actor else None

    def _implied(self, trigger: Trigger, actor: str | None) -> list[Target]:
        """Return the place that somebody leaves "as" another takes it in the same sentence."""
        low = self.sentence.low
        gains = [claim for claim in self.local if claim.kind in ("captured", "entered", "controls") and self.context.side(claim.actor or "") != self.context.side(actor or "")]
        if not gains or actor in (None, ""):
            return []
        if not any(word in ("as", "after", "when", "while") for word in low[: trigger.first]):
            return []
        claim = gains[-1]
        mention = Mention(claim.start, claim.end, claim.text, self.context.finder.places.get(claim.place_id or ""), claim.precision, "")
        return [Target(mention, "", trigger.first, trigger.last, "")]

    def _anywhere(self, trigger: Trigger, kind: str) -> list[Target]:
        sentence = self.sentence
        found = roles.after(sentence, trigger.last, is_weak=kind == "repelled") or roles.behind(sentence, trigger.last, _AROUND, 22)
        return found or self._around(trigger)

    def _around(self, trigger: Trigger) -> list[Target]:
        """Return the place that a clause is about where it names none after its phrase: "There, ..."; "Hama, where ..."; or the last one named."""
        sentence, low = self.sentence, self.sentence.low
        joins = ("before", "after") if all(phrase.form != NOUN for phrase in trigger.phrases) else ()
        cut = max((index for index in range(trigger.first) if low[index] in (*joins, "as", "while", "when", "because", "although", "which", ";")), default=-1)
        left = [(first, last, mention) for first, last, mention in sentence.places if cut < first and last <= trigger.first and mention.kind != "country"]
        if low[0] == "there" and low[1:2] != ["is"] and low[1:2] != ["was"] and low[1:2] != ["were"]:
            return [Target(None, "there", 0, 1, "")]
        if left:
            first, last, mention = left[-1]
            return [Target(mention, "", first, last, mention.part)]
        if sentence.mentions:
            return []
        if self.memory.made and self.memory.made[-1].place_id is not None and trigger.phrases[0].rule.kind == "repelled":
            return [Target(None, "there", trigger.first, trigger.last, "")]
        return []

    def _owned(self, trigger: Trigger) -> list[Target]:
        """Return the place whose possessive stands before a noun: "Goma's takeover"."""
        for first, last, mention in self.sentence.places:
            if last == trigger.first and last - 1 in self.sentence.owners:
                return [Target(mention, "", first, last, "")]
        return []

    def _struck(self, trigger: Trigger) -> list[Target]:
        """Return the place of strikes that only go with another phrase: "Goma, where forces backed by air strikes fight"."""
        low, sentence = self.sentence.low, self.sentence
        if not any(word in ("backed", "supported", "amid", "under", "by") for word in low[max(0, trigger.first - 5) : trigger.first]):
            return []
        left = [(first, last, mention) for first, last, mention in sentence.places if last <= trigger.first and mention.kind in SETTLEMENTS]
        return [Target(left[-1][2], "", left[-1][0], left[-1][1], "")] if left else []

    def _place(self, target: Target) -> Place | None:
        """Return the place that a target means, where it is a named one."""
        if target.mention is not None:
            return target.mention.place
        found = self._antecedent(target)
        return found.place if found is not None else None

    def _antecedent(self, target: Target) -> Mention | None:
        sentence, memory = self.sentence, self.memory
        noun = target.word.split(" ", 1)[-1]
        earlier = [mention for first, last, mention in sentence.places if last <= target.first]
        known = [mention for mention in (*memory.places, *earlier) if mention.place is not None or mention.near is not None]
        for mention in reversed(known):
            place = mention.near if mention.near is not None else mention.place
            if place is None:
                continue
            if noun in ("city", "town", "village", "port", "it", "there", "stronghold", "area"):
                if place.kind in SETTLEMENTS:
                    return mention if mention.near is None else Mention(mention.start, mention.end, mention.text, place, place.precision, place.kind)
            elif noun == "province":
                if place.kind == "province":
                    return mention
                if place.kind in SETTLEMENTS:
                    own = self.context.finder.of_kind(place, "province")
                    return Mention(mention.start, mention.end, mention.text, own, VAGUE, "province") if own is not None else None
            elif noun in ("airport", "international airport", "airbase", "base", "crossing", "border"):
                if place.kind in ("airport", "airbase", "base", "border_crossing") and noun.split()[-1] in (place.kind, place.kind.split("_")[-1]):
                    return mention
                if place.kind in SETTLEMENTS and "airport" in noun:
                    own = self.context.finder.of_kind(place, "airport")
                    return Mention(mention.start, mention.end, f"the {noun}", own, EXACT if own is not None else NEAR, "airport", None if own is not None else place)
            else:
                return None
        return None

    def _when(self, trigger: Trigger, phrase: Phrase) -> When | None:
        """Return the day that goes with a phrase: in its own stretch of the sentence, or at the sentence's beginning."""
        sentence = self.sentence
        if not sentence.whens:
            return None
        verbs = [other for other in sentence.triggers if any(item.form != NOUN for item in other.phrases)]
        following = min((other.first for other in verbs if other.first > trigger.first), default=len(sentence.low))
        previous = max((other.last for other in verbs if other.last <= trigger.first), default=0)
        placed = [(sentence.index(when.start), when) for when in sentence.whens]
        is_lasting = phrase.rule.kind in ("controls", "clashes", "besieges")
        usable = [(at, when) for at, when in placed if is_lasting or not (when.is_since and (sentence.published - when.first).days > 300)]
        usable = [(at, when) for at, when in usable if not when.lasting or is_lasting]
        if phrase.form == NOUN:
            touching = [when for at, when in usable if at < trigger.first and trigger.first - at <= 6 and (when.lasting or when.is_history)]
            if touching:
                return touching[-1]
        own = [when for at, when in usable if trigger.last <= at < following and not self._is_cut(trigger.last, at)]
        if own:
            return own[0]
        near = [(at, when) for at, when in usable if previous <= at < trigger.first and not self._is_cut(at, trigger.first)]
        if near:
            return near[-1][1]
        leading = [when for at, when in usable if at <= 3]
        if leading:
            return leading[0]
        said = [when for at, when in usable if any(item.verb < at <= item.verb + 3 for item in self.sayings)]
        return said[0] if said else None

    def _is_cut(self, first: int, last: int) -> bool:
        low = self.sentence.low
        return any(low[index] in (";", "which", "who", "where", "when", "while", "but") for index in range(first, last))

    def _days(self, phrase: Phrase, trigger: Trigger, when: When | None, kind: str, place_id: str | None) -> tuple[date | None, date, str, str]:
        """Return first and last possible day, what they rest on, and whether it lasts."""
        published = self.article.published
        since = self.context.lexicon.since or self.context.first_day
        low = self.sentence.low
        throughout = kind == "controls" and any(word in ("remain", "remains", "remained", "stayed", "stays", "maintained", "maintain", "still", "throughout", "kept", "retained") for word in low[max(0, trigger.first - 5) : trigger.last + 6])
        if when is None and self.before is not None and kind == self.before[0] and kind == "strike":
            when = self.before[2]
        if when is not None:
            if when.lasting and self.anchor is not None or when.before and self.memory.day is not None:
                when = when.back_from(self.anchor if when.lasting and self.anchor else self.memory.day or published, published)
            first, last = when.first, min(when.last, published)
            if when.precision == "range" and since is not None and first < since <= last and not when.is_since:
                first = since
            return min(first, last), last, when.precision, "throughout" if when.is_since or throughout else ""
        if throughout:
            start = next((w.first for w in self.sentence.whens if w.is_history), None)
            return start, published, "standing", "throughout"
        if phrase.form == NOUN and kind in ("captured", "clashes", "withdrew"):
            for claim in reversed(self.memory.made):
                if claim.place_id == place_id and place_id and _GROUPS.get(claim.kind, claim.kind) == _GROUPS.get(kind, kind) and claim.date_start:
                    return date.fromisoformat(claim.date_start), date.fromisoformat(claim.date_end), "anaphoric", ""
        if kind == "withdrew" and place_id:
            for claim in reversed(self.memory.made):
                if claim.kind == "captured" and claim.place_id == place_id and claim.date_start:
                    return date.fromisoformat(claim.date_start), date.fromisoformat(claim.date_end), "anaphoric", ""
        is_now = self._is_now(trigger, phrase)
        if self.sayings and any(word in ("begun", "started") for word in low[max(0, trigger.first - 4) : trigger.first]):
            is_now = True
        if any("earlier" in low[max(0, item.verb - 3) : item.verb] for item in self.sayings):
            is_now = True
        if is_now or kind in ("controls", "displaced"):
            return published, published, "pub", ""
        first = since if since is not None and since <= published else None
        return first, published, "by_pub", ""

    def _is_now(self, trigger: Trigger, phrase: Phrase) -> bool:
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

    def _claimant(self, trigger: Trigger) -> tuple[tuple[str, ...], str, Saying | None]:
        """Return who says so, how, and the saying: the innermost that covers a phrase."""
        own = own_voice(self.article, self.context.sources)
        covering = [item for item in self.sayings if item.first <= trigger.first < item.last or (item.is_denial and item.verb < trigger.first)]
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

    def _make(self, trigger: Trigger, phrase: Phrase, kind: str, target: Target, actor: str | None, against: str, when: When | None, announced: bool) -> None:
        sentence, context, article = self.sentence, self.context, self.article
        mention = target.mention if target.mention is not None else self._antecedent(target)
        if mention is None:
            return
        place, precision = mention.place, mention.precision
        near = mention.where
        if place is not None and place.kind in ("country", "continent") and kind in CHANGING and kind != "clashes":
            return
        name = place.name if place is not None else mention.text
        if target.is_near and place is not None and place.kind in SETTLEMENTS:
            name, place, precision = f"near {place.name}", None, NEAR
        if target.is_counted:
            kind = "presence"
        sources, modality, saying = self._claimant(trigger)
        if saying is not None and saying.is_denial:
            if not saying.actor and not saying.sources:
                return
            speaker = saying.actor or next((context.of_side(context.sources[item].side) for item in saying.sources if item in context.sources and context.sources[item].side), "")
            if not speaker or kind not in ("captured", "controls", "entered", "withdrew"):
                return
            kind, actor, modality, against = "controls", context.of_side(context.side(speaker)), "denied", context.enemy(speaker)
        if announced:
            modality = "announced"
        if saying is not None and saying.is_both:
            sides = (actor or "", against or context.enemy(actor or ""))
            sources = tuple(dict.fromkeys(voice for one in sides if (voice := context.voice(one)))) or sources
        first, last, rests, standing = self._days(phrase, trigger, when, kind, place.place_id if place else None)
        if announced:
            first, last, rests = article.published, article.published, "pub"
        if kind == "captured" and rests in ("day", "pub") and modality != "denied":
            self.anchor = last
            if rests == "day":
                self.memory.day = last
        elif rests == "day" and self.anchor is None:
            self.anchor = last
        begin, stop = sentence.span(min(trigger.first, target.first), max(trigger.last, target.last))
        named = against or (context.enemy(actor) if actor and kind not in ("border_closed", "border_opened", "displaced", "presence") else "")
        position = place or (near if precision > EXACT else None)
        claim = ProposedClaim(
            article=article.article_id,
            start=begin,
            end=stop,
            text=article.body[begin:stop],
            place_id=place.place_id if place is not None else None,
            name=name,
            lat=position.lat if position is not None else None,
            lon=position.lon if position is not None else None,
            precision=precision,
            kind=kind,
            actor=actor or None,
            against=named,
            extent=target.extent if kind not in ("displaced", "advancing") else "",
            modality=modality,
            standing=standing,
            claimant=";".join(sources),
            disputed_by="",
            date_start=first.isoformat() if first is not None else None,
            date_end=last.isoformat(),
            date_precision=rests,
            reported=article.published.isoformat(),
        )
        self.local.append(claim)
        self.memory.made.append(claim)
        if kind in ("captured", "entered", "controls") and actor and modality != "denied" and actor in context.actors and context.actors[actor].holds_ground:
            if kind != "controls" or not self.memory.attacker:
                self.memory.attacker = actor


_AROUND = frozenset(("in", "at", "near", "around", "inside", "outside", "on", "over", "across", "for", "of", "into", "towards", "along", "throughout", "within"))
_COUNTS = frozenset("two three four five six seven eight nine ten few several dozen hundred twelve fifteen twenty thirty".split())
_GROUPS = {"captured": "held", "controls": "held", "entered": "fought", "clashes": "fought", "besieges": "fought"}


def _verb_before(low: list[str], at: int) -> int:
    """Return the index of the verb that words of distance or a people's verb hang on."""
    index = at
    while index > 0 and (low[index - 1] in roles.BE or low[index - 1] in roles.HAVE or low[index - 1] in _COUNTS or low[index - 1][0].isdigit() or low[index - 1] in ("than", "fewer", "less", "under", "just", "only", "about", "within", "some", "already", "also", "now")):
        index -= 1
    return index


def _disputed(claims: list[ProposedClaim], context: Context, own: str) -> list[ProposedClaim]:
    """Return the claims of an article, each with those who contradict it there."""
    found = []
    for claim in claims:
        against: dict[str, None] = {}
        for other in claims:
            if other is not claim and _contradicts(other, claim, context):
                against.update((source, None) for source in other.claimant.split(";") if source and source not in claim.claimant.split(";"))
        if claim.modality == "denied":
            against.pop(own, None)
        found.append(replace(claim, disputed_by=";".join(against)) if against else claim)
    return found


def _contradicts(other: ProposedClaim, claim: ProposedClaim, context: Context) -> bool:
    if other.place_id is None or other.place_id != claim.place_id or claim.kind not in CHANGING or other.kind not in CHANGING:
        return False
    mine, theirs = context.side(claim.actor or ""), context.side(other.actor or "")
    gains = ("captured", "controls", "entered")
    if "denied" in (other.modality, claim.modality):
        return mine != theirs and claim.kind in gains and other.kind in gains and other.modality != claim.modality
    if {claim.kind, other.kind} == {"entered", "repelled"} and "attributed" in (claim.modality, other.modality):
        return mine != theirs and claim.date_end == other.date_end
    if claim.kind in ("captured", "controls") and other.kind in ("captured", "controls") and mine == theirs:
        return claim.extent == "whole" and other.extent in ("most", "much", "part") and claim.modality == "attributed" and other.modality == "asserted"
    return False
