"""A story -> what reading knows of it: its gazetteer, its lexicon, its sides."""

from __future__ import annotations

from geo.errors import Problem
from geo.gazetteer import Gazetteer
from geo.lexicon import lexicon, read_own
from geo.mentions import Finder
from geo.reading.proposals import Context
from geo.story import Story


def context_of(story: Story, problems: list[Problem] | None = None) -> Context:
    """Return what reading knows of a story; what cannot be read of its lexicon.toml goes to `problems`."""
    settings = story.settings
    gazetteer = Gazetteer(story.listed, settings.countries)
    own = read_own(story.folder, settings.actors, settings.sources, problems if problems is not None else [])
    countries = [place for place in gazetteer.places.values() if place.kind == "country"]
    homes = [place.name for place in countries if place.country in settings.countries]
    words = lexicon(settings.sides, settings.actors, settings.sources, [place.name for place in countries], own, homes)
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
