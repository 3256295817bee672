"""A story: a folder -> settings, articles, places, claims, base map, and every problem found on the way.

Everything that can be read is kept; what cannot is left out and listed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import shapely

from geo.articles import Article, read_article
from geo.basemap import Basemap, read_basemap
from geo.claims import Claim, Known, read_claims
from geo.corrections import Correction, Edition, editions, read_corrections
from geo.days import each_day, last_instant
from geo.errors import Problem, StoryError
from geo.lexicon import read_own
from geo.places import Place, read_places
from geo.storyfile import LONGEST_STORY, Actor, Settings, read_settings

FILES = ("story.toml", "places.csv", "gazetteer.csv", "claims.csv", "corrections.csv", "basemap.json", "lexicon.toml")


_BORDER = 0.05  # degrees: how far a place by a border may lie beyond the outline, which is simplified


@dataclass(frozen=True)
class Story:
    """A story as read.

    Attributes
    ----------
    folder : where it was read from
    settings : what story.toml says
    first_day, last_day : the days that the map shows
    articles, places, claims : by id; claims are the reviewed ones as they stand now, all corrections applied
    editions : every reviewed claim as it stood from one moment of knowledge to another
    listed : every place as its file has it, the story's own before GeoNames', for the gazetteer
    drafts : claims that no editor has reviewed; never shown
    corrections : in order of time
    lexicon : what lexicon.toml says, for `geo.lexicon`
    basemap : borders to draw on
    problems : everything that could not be read, and why
    """

    folder: Path
    settings: Settings
    first_day: date
    last_day: date
    articles: dict[str, Article]
    places: dict[str, Place]
    story_places: tuple[str, ...]
    listed: tuple[Place, ...]
    claims: dict[str, Claim]
    editions: tuple[Edition, ...]
    drafts: tuple[Claim, ...]
    corrections: tuple[Correction, ...]
    lexicon: dict[str, Any]
    basemap: Basemap
    problems: tuple[Problem, ...]

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Every day that the map shows."""
        return tuple(each_day(self.first_day, self.last_day))

    @cached_property
    def moments(self) -> tuple[date | datetime, ...]:
        """The days on which something became known, the first of the map always among them, and the moments of corrections.

        Ascending; a correction may be later than the last day of the map.
        """
        reported = {edition.claim.reported for edition in self.editions}
        days = {self.first_day} | {day for day in reported if self.first_day < day <= self.last_day}
        corrected = {edition.until for edition in self.editions if edition.until}
        corrected |= {one.corrected_at for one in self.corrections if one.action == "added"}
        return tuple(sorted(days | corrected, key=self.instant))

    def instant(self, known: date | datetime) -> datetime:
        """Return the moment by which something is known: a day is known by its end."""
        return last_instant(known, self.settings.zone)

    def known_by(self, known: date | datetime | None) -> Iterable[Claim]:
        """Return the claims as they stood at a moment of knowledge, by default as they stand now."""
        if known is None:
            return self.claims.values()
        at = self.instant(known)
        return [one.claim for one in self.editions if one.known <= at and (one.until is None or at < one.until)]

    def side_of(self, actor: str) -> str:
        """Return the id of an actor's side, "" for nobody."""
        found: Actor | None = self.settings.actors.get(actor)
        return found.side if found else ""

    def are_hostile(self, one: str, other: str) -> bool:
        """Return whether two actors' sides are stated to be enemies."""
        return frozenset((self.side_of(one), self.side_of(other))) in self.settings.hostile


def read_story(folder: Path | str) -> Story:
    """Return the story in a folder.

    Raises
    ------
    StoryError : there is no story to show: story.toml is absent or cannot be read at all
    """
    folder = Path(folder)
    problems: list[Problem] = []
    settings = read_settings(folder, problems)
    own = tuple(read_places(folder / "places.csv", "places.csv", problems))
    listed = (*own, *read_places(folder / "gazetteer.csv", "gazetteer.csv", problems))
    known_ids = {place.geonameid for place in own} - {None}
    places = {place.place_id: place for place in own}
    for place in listed[len(own) :]:
        if place.geonameid not in known_ids:
            places.setdefault(place.place_id, place)
    articles = {article.article_id: article for article in _articles(folder, settings, problems)}
    known = Known(articles, places, settings.actors, settings.sources)
    read = {claim.claim_id: (row, claim) for row, claim in read_claims(folder / "claims.csv", known, problems)}
    corrections = tuple(read_corrections(folder / "corrections.csv", read, problems))
    lexicon = read_own(folder, settings.actors, settings.sources, problems)
    basemap = read_basemap(folder / "basemap.json", "basemap.json", problems)
    problems += _misplaced(own, settings, basemap)
    days = [article.published for article in articles.values()] or [date(2000, 1, 1)]
    middle, most = sorted(days)[len(days) // 2], timedelta(days=LONGEST_STORY)
    near = [day for day in days if abs(day - middle) <= most / 2]  # one article of a wrong year does not stretch the story
    first = settings.first_day or min(near)
    last = min(max(settings.last_day or max(near), first), first + most if first < date.max - most else date.max)
    problems += _too_late(articles.values(), last)
    shown = {key: (row, claim) for key, (row, claim) in read.items() if claim.is_reviewed and claim.reported <= last}
    edited = tuple(editions(shown, corrections, known, settings.zone, problems))
    return Story(
        folder=folder,
        settings=settings,
        first_day=first,
        last_day=last,
        articles=articles,
        places=places,
        story_places=tuple(place.place_id for place in own),
        listed=listed,
        claims={one.claim.claim_id: one.claim for one in edited if one.until is None},
        editions=edited,
        drafts=tuple(claim for _, claim in read.values() if not claim.is_reviewed),
        corrections=corrections,
        lexicon=lexicon,
        basemap=basemap,
        problems=tuple(problems),
    )


def fingerprint(folder: Path | str) -> str:
    """Return a digest of the names, sizes and times of a story's files, which changes when any of them is edited.

    Among the times is that of the last change of any kind, which no programme sets: a file put back from a copy with an
    older time, or with the same one, is another file.
    """
    folder = Path(folder)
    digest = hashlib.sha256()
    for path in [*(folder / name for name in FILES), *_written(folder)]:
        try:
            stat = path.stat()
        except OSError:
            continue
        digest.update(f"{path.name}:{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _misplaced(places: Iterable[Place], settings: Settings, basemap: Basemap) -> Iterator[Problem]:
    """Yield the problem of each settlement that is said to be in the story's countries and lies outside of them."""
    if basemap.outline.is_empty:
        return
    land = shapely.union_all([basemap.outline, *basemap.excluded]).buffer(_BORDER)
    shapely.prepare(land)
    for place in places:
        inside = shapely.contains_xy(land, place.lon, place.lat)
        if place.is_settlement and place.country in settings.countries and not inside:
            rule = f"{place.name} is said to be in {place.country} and lies outside of it; it is shown all the same."
            value = f"{place.lat}, {place.lon}"
            yield Problem(
                "places.csv", None, f"{place.place_id}: lat, lon", value, rule, "correct the position or the country."
            )


def _too_late(articles: Iterable[Article], last: date) -> Iterator[Problem]:
    """Yield the problem of each article that was published after the last day shown: none of its claims is known by then."""
    for article in articles:
        if article.published > last:
            rule = f"The story ends on {last}: what is published later is not shown."
            mend = "correct the day, or set last_day in story.toml."
            name = f"articles/{article.article_id}.md"
            yield Problem(name, None, "published", article.published.isoformat(), rule, mend)


def _written(folder: Path) -> list[Path]:
    """Return the files of a story's articles; what an editor's programme hides behind a dot is none of them."""
    try:
        return sorted(path for path in (folder / "articles").glob("*.md") if not path.name.startswith("."))
    except OSError:
        return []  # a folder that may not be looked into


def _articles(folder: Path, settings: Settings, problems: list[Problem]) -> Iterator[Article]:
    inside = folder.resolve()
    paths = _written(folder)
    if not paths:
        mend = "put an article into the folder articles."
        problems.append(Problem("articles", None, "folder", "", "A story has at least one article, articles/SLUG.md.", mend))
    for path in paths:
        name = f"articles/{path.name}"
        try:
            leaves = inside not in path.resolve().parents
        except (OSError, RuntimeError):  # a link that leads round in a circle
            leaves = True
        if leaves:
            rule = "A file of a story lies in the story's folder."
            problems.append(
                Problem(name, None, "file", "a link that leaves the folder", rule, "copy the file into the folder.")
            )
            continue
        try:
            article = read_article(path, name, settings.zone)
        except StoryError as error:
            problems.extend(error.problems)
            continue
        if article.source not in settings.sources:
            rule = f"It must be one of {', '.join(settings.sources)}."
            problems.append(Problem(name, 2, "source", article.source, rule, "choose one, or add it to story.toml."))
            continue
        yield article
