"""The editor's desk: an article and the claims accepted from it -> a story that has them, to preview or to keep.

A preview is the story's folder copied, changed and read again, so that what an editor sees is what readers would.
"""

from __future__ import annotations

import html
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

from geo.articles import Article
from geo.drafts import accept, save_article
from geo.errors import StoryError
from geo.mentions import Mention
from geo.reading.proposals import ProposedClaim
from geo.story import Story, read_story


def previewed(story: Story, article: Article, accepted: Sequence[ProposedClaim], reviewed_by: str, on: date) -> Story:
    """Return the story as it would be with an article and the claims accepted from it; nothing is kept.

    Raises
    ------
    DatelineError : as `enter`
    """
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / story.folder.resolve().name
        shutil.copytree(story.folder, folder, symlinks=True, ignore=shutil.ignore_patterns(".*"))
        copied = read_story(folder)
        _enter(copied, article, accepted, reviewed_by, on)
        return read_story(folder)


def enter(story: Story, article: Article, accepted: Sequence[ProposedClaim], reviewed_by: str, on: date) -> list[str]:
    """Write an article, where the story lacks it, and the claims accepted from it; return the claims' ids.

    Either all of it is written or nothing: it is tried on a copy first.

    Raises
    ------
    DatelineError : nobody is named as having reviewed the claims, or the article's id is none
    StoryError : a claim that the story cannot take, said so as for a row of its file
    """
    after = previewed(story, article, accepted, reviewed_by, on)
    fresh = [problem for problem in after.problems if problem not in story.problems]
    if fresh:
        raise StoryError(*fresh)
    return _enter(story, article, accepted, reviewed_by, on)


def _enter(story: Story, article: Article, accepted: Sequence[ProposedClaim], reviewed_by: str, on: date) -> list[str]:
    written = None
    if article.article_id not in story.articles:
        written = save_article(story, article)
    try:
        return accept(read_story(story.folder), accepted, reviewed_by, on)
    except BaseException:
        if written is not None:
            written.unlink(missing_ok=True)
        raise


def marked(article: Article, mentions: Iterable[Mention], claims: Iterable[ProposedClaim]) -> str:
    """Return an article's body as HTML: every place and the words of every claim marked, all text escaped.

    Where marks overlap, the text is cut at their ends and each piece says all that it belongs to; a claim's number, counted
    from 1, stands where its words end.
    """
    claims, body = list(claims), article.body
    places = sorted(mentions, key=lambda mention: mention.start)
    spans = [(claim.start, claim.end) for claim in claims] + [(place.start, place.end) for place in places]
    cuts = sorted({0, len(body), *(end for span in spans for end in span if 0 <= end <= len(body))})
    pieces, at = [], 0
    for start, end in pairwise(cuts):
        text = html.escape(body[start:end]).replace("\n\n", "<br><br>")
        numbers = [str(number) for number, claim in enumerate(claims, 1) if claim.start <= start and end <= claim.end]
        while at < len(places) and places[at].end <= start:
            at += 1
        place = places[at] if at < len(places) and places[at].start <= start else None
        if place is not None:
            title = html.escape(place.place.name if place.place else "not resolved")
            text = f'<b class="dateline-place" title="{title}">{text}</b>'
        if numbers:
            ended = ", ".join(str(number) for number, claim in enumerate(claims, 1) if claim.end == end)
            text = f'<mark title="claim {", ".join(numbers)}">{text}</mark>' + (f"<sup>{ended}</sup>" if ended else "")
        pieces.append(text)
    return "".join(pieces)
