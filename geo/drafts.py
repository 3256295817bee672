"""Drafts: the claims that reading proposes beside those an editor has reviewed, and how accepted ones enter the story.

`drafts.csv` is for editors; the map never reads it. Files are written whole or not at all, so that a story is whole at any
moment.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from geo.articles import Article, read_article
from geo.claims import COLUMNS, GAINS, Claim, Known, read_claims
from geo.claims import NAME as CLAIMS
from geo.errors import DatelineError, Problem, StoryError, shown
from geo.escaping import csv_cell
from geo.files import write_whole
from geo.reading.claims import read
from geo.reading.context import context_of
from geo.reading.proposals import Context, ProposedClaim
from geo.story import Story
from geo.tables import read_text

NAME = "drafts.csv"
STATES = ("new", "changed", "gone", "same")
"""Of a draft: not among the story's claims; there with other days, extent or claimant; a claim that reading does not
propose; there as it is."""
DRAFT_COLUMNS = ("state", *COLUMNS, "name", "disputed_by")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")

Progress = Callable[[int, int, str], None]
"""Called before each article with how many are done, how many there are, and the article's id."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed claim beside the story's own.

    Attributes
    ----------
    state : one of `STATES`
    proposed : what reading proposes, None where it proposes nothing
    claim : the story's claim, None where there is none
    """

    state: str
    proposed: ProposedClaim | None
    claim: Claim | None


def propose(story: Story, context: Context | None = None, progress: Progress | None = None) -> Iterator[Draft]:
    """Yield the drafts of a story's articles: each proposal beside the claim it agrees with, and claims without one.

    Background articles are not read: they are tables, not reports.
    """
    context = context or context_of(story)
    own = [*story.claims.values(), *story.drafts]
    articles = [article for article in story.articles.values() if not article.is_background]
    for number, article in enumerate(articles):
        if progress is not None:
            progress(number, len(articles), article.article_id)
        yield from compare(read(article, context), [claim for claim in own if claim.article == article.article_id], context)


def compare(proposed: Iterable[ProposedClaim], claims: Iterable[Claim], context: Context) -> Iterator[Draft]:
    """Yield the drafts of one article: proposals in their order, then the claims that none agrees with."""
    left = list(claims)
    for proposal in proposed:
        found = next((claim for claim in left if _agrees(proposal, claim, context)), None)
        if found is None:
            yield Draft("new", proposal, None)
        else:
            left.remove(found)
            yield Draft("same" if _is_same(proposal, found) else "changed", proposal, found)
    for claim in left:
        yield Draft("gone", None, claim)


def write_drafts(story: Story, progress: Progress | None = None) -> list[Draft]:
    """Write a story's drafts.csv, whole or not at all, and return the drafts."""
    drafts = list(propose(story, progress=progress))
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, DRAFT_COLUMNS, lineterminator="\n")
    table.writeheader()
    for number, draft in enumerate(drafts, start=1):
        table.writerow({key: csv_cell(value) for key, value in _row(draft, number).items()})
    write_whole(story.folder / NAME, text.getvalue())
    return drafts


def accept(story: Story, accepted: Iterable[ProposedClaim], reviewed_by: str, reviewed_at: date, note: str = "") -> list[str]:
    """Add claims that an editor has reviewed to a story's claims.csv, all of them or none, and return their ids.

    Raises
    ------
    DatelineError : nobody is named as having reviewed them
    StoryError : a claim that the story cannot take, said so as for a row of the file
    """
    accepted = list(accepted)
    if not reviewed_by.strip():
        raise DatelineError("reviewed_by: it is empty; say who has read the claims")
    path = story.folder / CLAIMS
    text = read_text(path, CLAIMS) if path.exists() else ",".join(COLUMNS) + "\n"
    if text and not text.endswith("\n"):
        text += "\n"
    taken = set(re.findall(r"(?m)^([^,\n]+),", text))
    rows, ids = io.StringIO(newline=""), []
    table = csv.DictWriter(rows, _header(text), lineterminator="\n", extrasaction="ignore")
    for proposal in accepted:
        stem = proposal.article.split("-")[0]
        number = next(count for count in range(1, 1_000_000) if f"{stem}-r{count}" not in taken)
        taken.add(f"{stem}-r{number}")
        ids.append(f"{stem}-r{number}")
        reviewed = {"reviewed_by": reviewed_by.strip(), "reviewed_at": reviewed_at.isoformat(), "note": note}
        table.writerow(_cells(proposal, ids[-1]) | reviewed)
    new = text + rows.getvalue()
    _check(story, new, text.count("\n"))
    write_whole(path, new)
    return ids


def save_article(story: Story, article: Article) -> Path:
    """Write an article into a story's folder, whole or not at all, and return its path.

    Raises
    ------
    DatelineError : its id cannot be a file's name, or another article has it
    StoryError : the story could not read the article again
    """
    if not _SLUG.fullmatch(article.article_id):
        raise DatelineError(f"article: {shown(article.article_id)!r} is no id; use lower-case letters, digits and hyphens")
    path = story.folder / "articles" / f"{article.article_id}.md"
    if path.exists():
        raise DatelineError(f"article: {article.article_id!r} is there already; give the new article an id of its own")
    fields = {
        "source": article.source,
        "publisher": article.publisher,
        "title": article.title,
        "agency": article.agency,
        "published": article.published.isoformat(),
        "published_basis": article.published_basis,
        "published_note": article.published_note,
        "language": article.language,
        "url": article.url,
        "body": article.nature,
    }
    matter = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=10_000, default_style='"')
    path.parent.mkdir(parents=True, exist_ok=True)
    text = f"---\n{matter}---\n{article.body}"

    def check(written: Path) -> None:
        again = read_article(written, path.name, story.settings.zone)
        if again.body.strip() != article.body.strip():
            raise DatelineError("article: its text does not come back as it was; remove control characters from it")

    write_whole(path, text, check)
    return path


def _agrees(proposal: ProposedClaim, claim: Claim, context: Context) -> bool:
    """Return whether a proposal and a claim tell of the same: by place, kind, side and words that overlap or nearly do."""
    same_kind = proposal.kind == claim.kind or {proposal.kind, claim.kind} <= GAINS
    same_side = context.side(proposal.actor or "") == context.side(claim.actor)
    same_place = proposal.place_id == claim.place or (proposal.place_id is None and proposal.precision > 1)
    near = proposal.start < claim.end + 80 and claim.start < proposal.end + 80
    return same_kind and same_side and same_place and near


def _is_same(proposal: ProposedClaim, claim: Claim) -> bool:
    first = claim.first.isoformat() if claim.first else None
    last = claim.last.isoformat() if claim.last else None
    return (
        (proposal.date_start, proposal.date_end) == (first, last)
        and proposal.extent == claim.extent
        and set(proposal.claimant.split(";")) == set(claim.claimants)
        and proposal.modality == claim.modality
        and proposal.actor == (claim.actor or None)
    )


def _row(draft: Draft, number: int) -> dict[str, str]:
    if draft.proposed is not None:
        row = _cells(draft.proposed, f"draft-{number}")
        row |= {"name": draft.proposed.name, "disputed_by": draft.proposed.disputed_by}
        if draft.claim is not None:
            row["claim_id"] = draft.claim.claim_id
    else:
        assert draft.claim is not None  # noqa: S101 - a draft has one of the two
        claim = draft.claim
        row = {
            "claim_id": claim.claim_id,
            "article": claim.article,
            "start": str(claim.start),
            "end": str(claim.end),
            "text": claim.text,
            "place": claim.place,
            "kind": claim.kind,
            "actor": claim.actor,
            "claimant": ";".join(claim.claimants),
            "modality": claim.modality,
        }
    return {"state": draft.state, **row}


def _cells(proposal: ProposedClaim, claim_id: str) -> dict[str, str]:
    """Return a proposal as a row of claims.csv."""
    return {
        "claim_id": claim_id,
        "article": proposal.article,
        "start": str(proposal.start),
        "end": str(proposal.end),
        "text": proposal.text,
        "place": proposal.place_id or "",
        "kind": proposal.kind,
        "actor": proposal.actor or "",
        "against": proposal.against,
        "extent": proposal.extent,
        "date_start": proposal.date_start or "",
        "date_end": proposal.date_end,
        "date_precision": proposal.date_precision,
        "standing": proposal.standing,
        "implied": "",
        "claimant": proposal.claimant,
        "modality": proposal.modality,
        "relation": "originating",
    }


def _header(text: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader(io.StringIO(text)), list(COLUMNS))]


def _check(story: Story, text: str, known_lines: int) -> None:
    """Raise the problems that the new rows of a claims.csv would have."""
    problems: list[Problem] = []
    known = Known(story.articles, story.places, story.settings.actors, story.settings.sources)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / CLAIMS
        path.write_text(text, encoding="utf-8", newline="")
        list(read_claims(path, known, problems))
    new = [problem for problem in problems if problem.line is not None and problem.line > known_lines]
    if new:
        raise StoryError(*new)
