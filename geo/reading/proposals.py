"""What reading proposes, and what it knows of a story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from geo.articles import Article
from geo.gazetteer import Gazetteer
from geo.lexicon import Lexicon
from geo.mentions import Finder
from geo.reading.sentences import Names, Words
from geo.storyfile import Actor, Source


@dataclass(frozen=True, slots=True)
class ProposedClaim:
    """A claim that nobody has reviewed; with the fields of a row of the `claims` command.

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
    enemies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        table = Names.table
        names = Names(
            table(dict(self.lexicon.actors)),
            table(dict(self.lexicon.adjectives)),
            table(dict(self.lexicon.sources)),
            self.lexicon.natives,
        )
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
        """Return who stands against an actor where a sentence does not say: who stands for the first hostile side."""
        found = self.enemies.get(actor)
        if found is None:
            found = self.enemies[actor] = self._enemy(self.side(actor))
        return found

    def _enemy(self, side: str) -> str:
        enemies = [
            other
            for other in dict.fromkeys(item.side for item in self.actors.values())
            if frozenset((side, other)) in self.hostile and other != side
        ]
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
    return next(
        (source.id for source in sources.values() if agency and agency in (source.name.lower(), source.id)), article.source
    )
