"""A story -> what reading knows of it: its gazetteer, its lexicon, its sides."""

from __future__ import annotations

from geo.gazetteer import Gazetteer
from geo.lexicon import lexicon
from geo.mentions import Finder
from geo.reading.proposals import Context
from geo.story import Story


def context_of(story: Story) -> Context:
    """Return what reading knows of a story."""
    settings = story.settings
    gazetteer = Gazetteer(story.listed, settings.countries)
    countries = [place for place in gazetteer.places.values() if place.kind == "country"]
    homes = [place.name for place in countries if place.country in settings.countries]
    words = lexicon(
        settings.sides, settings.actors, settings.sources, [place.name for place in countries], story.lexicon, homes
    )
    return Context(
        Finder(gazetteer, words),
        words,
        settings.actors,
        settings.sources,
        settings.hostile,
        settings.countries,
        gazetteer,
        story.first_day,
    )
