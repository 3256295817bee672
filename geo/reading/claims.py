"""An article -> proposed claims, each with the words it rests on.

    read(article, context_of(story)) -> [ProposedClaim, ...]

Rules, not learning: a phrase of `geo/rules/verbs.toml` makes a claim where somebody of the story stands as its subject
and a place as its object.
What is wished, asked, feared, conditional or history makes none. An editor reads every claim before it counts.
"""

from __future__ import annotations

from geo.articles import Article
from geo.claims import CHANGING
from geo.datewords import When
from geo.mentions import Mention
from geo.places import EXACT, NEAR, SETTLEMENTS, VAGUE, Place
from geo.reading import roles
from geo.reading import targets as targets_at
from geo.reading.antecedents import GROUPS, Memory
from geo.reading.disputes import disputed
from geo.reading.grammar import NOUN, Phrase
from geo.reading.proposals import Context, ProposedClaim, own_voice
from geo.reading.sentences import Chunk, Sentence, Trigger
from geo.reading.splitting import spans
from geo.reading.stance import Stance, is_history, is_negated, stance
from geo.reading.targets import Target
from geo.reading.verbs import Verbs
from geo.wordlists import words

_GOES_ON = frozenset(("later", "that", "following", "then", "next", "afterwards", "subsequently", "eventually"))
_LARGER = frozenset(("region", "province", "oblast", "governorate", "county", "prefecture"))
_VAGUE_BORDER_CROSSING = words("names", "vague", "border_crossing")


def read(article: Article, context: Context) -> list[ProposedClaim]:
    """Return the claims that an article's words propose, in the order of the text."""
    mentions = context.finder.find(article.body)
    memory = Memory()
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
    return disputed(memory.made, context.side, own_voice(article, context.sources))


class _Reading(Verbs):
    """Reads one sentence of an article into claims."""

    def run(self) -> None:
        """Make the claims of the sentence, and remember what it spoke of."""
        sentence, memory = self.sentence, self.memory
        self.sayings = [self.spoken(saying) for saying in self.sayings]
        memory.pending = None
        memory.is_past = self.tells_of_past()
        for trigger in sentence.triggers if not (memory.is_past and not self.is_dated_past()) else ():
            self.trigger(trigger)
        memory.places.extend(
            mention
            for mention in sentence.mentions
            if mention.place is not None and mention.place.kind not in ("country", "continent")
        )
        spoken = [item for item in self.sayings if item.sources or item.actor]
        memory.speaker = spoken[-1] if spoken else None
        made = [claim for claim in self.local if claim.actor and claim.kind != "strike"]
        lead = next(
            (
                chunk
                for chunk in sentence.chunks
                if chunk.actor and not chunk.is_adjective and not roles.is_governed(sentence, chunk.first)
            ),
            None,
        )
        if made and not (lead is not None and self.is_topic(lead, made[-1])):
            memory.actor = made[-1].actor or ""
        elif lead is not None:
            memory.actor = lead.actor
        elif spoken and spoken[-1].actor:
            memory.actor = spoken[-1].actor

    def is_dated_past(self) -> bool:
        """Return whether the sentence names a day of years ago itself."""
        return any(when.is_history for when in self.sentence.whens)

    def tells_of_past(self) -> bool:
        """Return whether a sentence tells of years ago: by its only days, or going on from such a one ("weeks later")."""
        whens = self.sentence.whens if self.sentence.triggers or self.memory.is_past else []
        if whens and all(when.is_history for when in whens):
            return True
        goes_on = self.memory.is_past and not whens
        return goes_on and any(word in _GOES_ON for word in self.sentence.low)

    def is_topic(self, lead: Chunk, claim: ProposedClaim) -> bool:
        """Return whether "it" in the next sentence is who this one begins with, and not who acts in its last claim."""
        if lead.first > 2 or any(item.actor == lead.actor for item in self.sayings):
            return False
        side = self.context.side
        return side(lead.actor) in {side(claim.actor or ""), *map(side, claim.against.split(";"))}

    def trigger(self, trigger: Trigger) -> None:
        """Make the claims of the first of the phrases at one spot that makes any."""
        is_noun = self.is_noun(trigger)
        for phrase in trigger.phrases:
            if (phrase.form == NOUN) is not is_noun:
                continue
            if self.phrase(trigger, phrase):
                return

    def phrase(self, trigger: Trigger, phrase: Phrase) -> bool:
        """Make the claims of one phrase; return whether it was one for good or ill."""
        rule = phrase.rule
        if phrase.form == NOUN:
            found = self.noun(trigger, phrase)
        elif rule.place == "border":
            return self.border(trigger, phrase)
        else:
            found = self.verb(trigger, phrase)
        if found is None:
            return False
        targets, actor, against, _implied = found
        kind = rule.kind
        position = stance(self.sentence, trigger, phrase.form, targets[0].extent)
        if position is Stance.NOT_SAID and self.deny(trigger, phrase, targets, actor):
            return True
        if position is Stance.NOT_SAID and kind == "reinforced" and self.is_announced(trigger):
            position = Stance.ANNOUNCED
        if position is Stance.NOT_SAID:
            return True
        if position is Stance.TRIED:
            kind = "clashes" if kind in ("entered", "captured") or (kind == "controls" and rule.needs == "asset") else kind
        if (
            kind == "controls"
            and self.sentence.low[trigger.first - 1 : trigger.first] == ["had"]
            and self.claimant(trigger)[2] is None
        ):
            return True  # "which they had held": no longer
        if position is Stance.ANNOUNCED and kind not in ("reinforced", "withdrew"):
            return True
        when = self.day_of(trigger, phrase)
        if is_history(self.sentence, trigger, when):
            return True
        if actor == "":
            actor = self.unnamed(trigger)
        repelled = {claim.place_id for claim in self.local if claim.kind == "repelled"} if position is Stance.TRIED else set()
        for day in self.repeated(when):
            for target in targets:
                if repelled and (place := self.place(target)) is not None and place.place_id in repelled:
                    continue  # "beat back an attempt to take it" is one event
                self.make(trigger, phrase, kind, target, actor, against, day, position is Stance.ANNOUNCED)
        return True

    def deny(self, trigger: Trigger, phrase: Phrase, targets: list[Target], actor: str | None) -> bool:
        """Make the denial of a speaker who says that his own side's place is not lost; return whether it was one."""
        context, kind = self.context, phrase.rule.kind
        _, _, saying = self.claimant(trigger)
        if kind not in ("captured", "entered") or saying is None or saying.is_denial or saying.is_both or not saying.actor:
            return False
        side = context.side(saying.actor)
        if (
            not context.enemy(saying.actor)
            or (kind == "entered" or phrase.form == NOUN)
            or not is_negated(self.sentence, trigger)
        ):
            return False
        loses = phrase.rule.place == "subject" or roles.is_passive(self.sentence, trigger.first, trigger.last, phrase.form)
        if phrase.rule.loser:
            loses = (
                context.side(against) == side
                if (against := self.actor(roles.subject(self.sentence, trigger.first, phrase.form)))
                else loses
            )
        elif actor:
            loses = context.side(actor) != side
        if not loses:
            return False
        if is_history(self.sentence, trigger, when := self.day_of(trigger, phrase)):
            return False
        holder = context.of_side(side)
        for target in targets:
            self.make(trigger, phrase, "controls", target, holder, context.enemy(holder), when, False, is_denied=True)
        return True

    def is_announced(self, trigger: Trigger) -> bool:
        """Return whether somebody says that it "would" be done."""
        said = [item for item in self.sayings if item.first <= trigger.first < item.last and not item.is_denial]
        return any("would" in self.sentence.low[item.verb : trigger.first] for item in said)

    def partial(self, trigger: Trigger) -> str:
        """Return "part" where the phrase itself says so: "took partial control of"."""
        return "part" if "partial" in self.sentence.low[trigger.first : trigger.last] else ""

    def border(self, trigger: Trigger, phrase: Phrase) -> bool:
        """Make the claims that a country closes or opens its borders; return whether the phrase was of that."""
        sentence, low = self.sentence, self.sentence.low
        heads = _VAGUE_BORDER_CROSSING
        passive = roles.is_passive(sentence, trigger.first, trigger.last, phrase.form)
        window = (
            range(max(0, trigger.first - 8), trigger.first) if passive else range(trigger.last, min(len(low), trigger.last + 8))
        )
        head = next((index for index in window if low[index] in heads), None)
        if head is None:
            return False
        position = stance(sentence, trigger, phrase.form, "")
        if position in (Stance.NOT_SAID, Stance.TRIED):
            return True
        subjects = [] if passive else targets_at.before(sentence, trigger.first)
        countries = [
            place
            for target in subjects
            if (place := self.place(target)) is not None
            and place.kind == "country"
            and place.country not in self.context.countries
        ]
        when = self.day_of(trigger, phrase)
        if is_history(sentence, trigger, when):
            return True
        extent = targets_at.extent_before(low, head, sentence.mentions[0]) if sentence.mentions else ""
        named = next(
            (
                mention
                for first, last, mention in sentence.places
                if first <= head < last and mention.place is not None and mention.place.kind == "border_crossing"
            ),
            None,
        )
        for country in countries:
            actor = self.context.lexicon.actors.get(country.name.lower())
            span = sentence.span(trigger.first, head + 1)
            place = self.crossings(country) if named is None else named.place
            words_there = " ".join(self.article.body[slice(*sentence.span(min(trigger.last, head), head + 1))].split())
            target = Target(
                Mention(*span, words_there, place, place.precision if place else VAGUE, "border_crossing", country),
                "",
                trigger.last,
                head + 1,
                extent if extent in ("most", "whole", "part", "much") else "",
            )
            self.make(trigger, phrase, phrase.rule.kind, target, actor, "", when, position is Stance.ANNOUNCED)
        return bool(countries)

    def crossings(self, country: Place) -> Place | None:
        """Return the story's own place for the crossings between a country and the story's, where it has one."""
        mine = {name for code in self.context.countries for name in self.country_names(code)}
        for mention in ("crossings between {} and {}", "border crossings between {} and {}", "{}-{} crossings", "{}-{} border"):
            for name in mine:
                for one, other in ((name, country.name), (country.name, name)):
                    matches = self.context.gazetteer.lookup(mention.format(one, other))
                    if matches and matches[0].place.precision > EXACT:
                        return matches[0].place
        return None

    def country_names(self, code: str) -> list[str]:
        """Return the names of a country, by its ISO 3166-1 code."""
        return [place.name for place in self.context.finder.countries if place.country == code]

    def make(
        self,
        trigger: Trigger,
        phrase: Phrase,
        kind: str,
        target: Target,
        actor: str | None,
        against: str,
        when: When | None,
        announced: bool,
        is_denied: bool = False,
    ) -> None:
        """Make one claim and keep it, unless its place is too large, its speaker unknown or the same was said already."""
        sentence, context, article = self.sentence, self.context, self.article
        mention = target.mention if target.mention is not None else self.antecedent(target)
        if mention is None:
            return
        place, precision = mention.place, mention.precision
        near = mention.where
        if place is not None and place.kind in ("country", "continent") and kind in CHANGING and kind != "clashes":
            return
        beyond = sentence.low[target.last : target.last + 1]
        if place is not None and place.kind in SETTLEMENTS and target.mention is not None and beyond and beyond[0] in _LARGER:
            return  # a province that the story does not know, named after its city
        name = place.name if place is not None else mention.text
        if target.is_near and place is not None and place.kind in SETTLEMENTS:
            name, place, precision = f"near {place.name}", None, NEAR
        if target.is_counted:
            kind = "presence"
        sources, modality, saying = self.claimant(trigger)
        if saying is not None and saying.is_denial:
            if not saying.actor and not saying.sources:
                return
            speaker = saying.actor or next(
                (
                    context.of_side(context.sources[item].side)
                    for item in saying.sources
                    if item in context.sources and context.sources[item].side
                ),
                "",
            )
            if not speaker or kind not in ("captured", "controls", "entered", "withdrew"):
                return
            kind, actor, modality, against = (
                "controls",
                context.of_side(context.side(speaker)),
                "denied",
                context.enemy(speaker),
            )
        if phrase.words[0].startswith("claim") and len(phrase.words) > 1 and actor and modality == "asserted":
            sources, modality = (context.voice(actor) or actor,), "attributed"
        if is_denied:
            modality = "denied"
        if announced:
            modality = "announced"
        if saying is not None and saying.is_both:
            sides = (actor or "", against or context.enemy(actor or ""))
            sources = tuple(dict.fromkeys(voice for one in sides if (voice := context.voice(one)))) or sources
        first, last, rests, standing = self.days(phrase, trigger, when, kind, place.place_id if place else None)
        if announced:
            first, last, rests = article.published, article.published, "pub"
        if kind == "captured" and rests in ("day", "pub") and modality != "denied":
            self.anchor = last
            if rests == "day":
                self.memory.day = last
        elif rests == "day" and self.anchor is None:
            self.anchor = last
        begin, stop = sentence.span(min(trigger.first, target.first), max(trigger.last, target.last))
        named = against or (
            context.enemy(actor) if actor and kind not in ("border_closed", "border_opened", "displaced", "presence") else ""
        )
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
            extent=(target.extent or self.partial(trigger)) if kind not in ("displaced", "advancing") else "",
            modality=modality,
            standing=standing,
            claimant=";".join(sources),
            disputed_by="",
            date_start=first.isoformat() if first is not None else None,
            date_end=last.isoformat(),
            date_precision=rests,
            reported=article.published.isoformat(),
        )
        if any(_same(claim, other) for other in self.local):
            return
        self.local.append(claim)
        self.memory.made.append(claim)
        if claim.place_id is not None and modality != "denied":
            self.memory.latest[GROUPS.get(kind, kind), claim.place_id] = claim
            self.memory.latest[kind, claim.place_id] = claim
        if (
            kind in ("captured", "entered", "controls")
            and actor
            and modality != "denied"
            and actor in context.actors
            and context.actors[actor].holds_ground
        ) and (kind != "controls" or not self.memory.attacker):
            self.memory.attacker = actor


def _same(one: ProposedClaim, other: ProposedClaim) -> bool:
    """Return whether two claims of one sentence say the same."""
    fields = ("kind", "place_id", "name", "actor", "date_start", "date_end", "modality")
    return all(getattr(one, name) == getattr(other, name) for name in fields)
