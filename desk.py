"""The editor's desk: layout and nothing else. app.py has this page only where the operator set DATELINE_DESK=1."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo.articles import Article
from geo.claims import EXTENTS, KINDS, MODALITIES, PRECISIONS, STANDINGS
from geo.desk import enter, marked, previewed
from geo.drafts import compare
from geo.errors import DatelineError, StoryError
from geo.escaping import plain_markdown
from geo.importing import read_file
from geo.reading.claims import read
from geo.reading.context import context_of
from geo.reading.proposals import Context, ProposedClaim
from geo.story import Story, fingerprint, read_story

AMENDED = (
    "place_id", "kind", "actor", "against", "extent", "date_start", "date_end", "date_precision", "standing", "claimant",
    "modality",
)  # fmt: skip
STYLE = """<style>
.dateline-text { line-height: 1.7; max-width: 46rem; }
.dateline-text mark { padding: 0.1em 0; color: inherit; background: rgba(230, 184, 0, 0.35); }
.dateline-text sup { padding-left: 0.15em; font-size: 0.7em; }
</style>"""


@st.cache_resource(show_spinner="Reading the story …", max_entries=2)
def desk(folder: str, files: str) -> tuple[Story, Context]:
    """Return a story and what reading knows of it; `files` is what tells one edition of the folder from the next."""
    story = read_story(folder)
    return story, context_of(story)


def say(error: DatelineError) -> None:
    """Show what is wrong, each problem by itself."""
    for words in map(str, error.problems) if isinstance(error, StoryError) else [str(error)]:
        st.error(plain_markdown(words))


def chosen(story: Story) -> Article | None:
    """Return the article to work on: one of the story's, pasted, or uploaded; None as long as there is none."""
    way = st.radio("Article", ["One of the story's", "Paste a text", "Upload a file"], horizontal=True)
    if way == "One of the story's":
        own = [key for key, article in story.articles.items() if not article.is_background]
        key = st.selectbox("Which", own, format_func=lambda key: f"{story.articles[key].publisher}, {key}")
        return story.articles[key] if key else None
    left, middle, right = st.columns(3)
    publisher = left.text_input("Publisher")
    published = middle.date_input("Published", value=story.last_day)
    name = right.text_input("Id of the article", placeholder="itv-2024-12-07", help="Lower-case letters, digits and hyphens.")
    if way == "Paste a text":
        raw, ending = st.text_area("Text", height=240, max_chars=200_000).encode(), ".txt"
    else:
        file = st.file_uploader("File", type=["txt", "md", "html", "htm"])
        raw, ending = (file.getvalue(), Path(file.name).suffix) if file else (b"", "")
    if not (raw.strip() and publisher and name):
        st.caption("Give the text, its publisher and an id.")
        return None
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / f"article{ending}"
        path.write_bytes(raw)
        try:
            article = read_file(path, story.settings, published=published, publisher=publisher)
        except DatelineError as error:
            say(error)
            return None
    return replace(article, article_id=name)


def amended(story: Story, article: Article, proposals: list[ProposedClaim], context: Context) -> list[ProposedClaim]:
    """Show the proposals as a table to accept, amend or leave, and return the accepted ones as amended."""
    own = [claim for claim in (*story.claims.values(), *story.drafts) if claim.article == article.article_id]
    states = [draft.state for draft in compare(proposals, own, context) if draft.proposed is not None]
    rows = [
        {"accept": False, "n": number, "state": state, "text": proposal.text}
        | {field: getattr(proposal, field) or "" for field in AMENDED}
        for number, (proposal, state) in enumerate(zip(proposals, states, strict=True), 1)
    ]
    choices: dict[str, Any] = {
        "kind": sorted(KINDS),
        "actor": ["", *story.settings.actors],
        "extent": list(EXTENTS),
        "date_precision": list(PRECISIONS),
        "standing": list(STANDINGS),
        "modality": list(MODALITIES),
    }
    columns = {field: st.column_config.SelectboxColumn(options=options) for field, options in choices.items()}
    columns |= {
        "accept": st.column_config.CheckboxColumn("Accept"),
        "n": st.column_config.NumberColumn("No.", disabled=True, width="small"),
        "state": st.column_config.TextColumn(
            "In the story", disabled=True, help="new; changed: there with other days, extent or claimant; same."
        ),
        "text": st.column_config.TextColumn("Rests on", disabled=True, width="large"),
        "place_id": st.column_config.TextColumn("Place", help="A place_id of places.csv or gazetteer.csv."),
    }
    table = st.data_editor(pd.DataFrame(rows), hide_index=True, column_config=columns, num_rows="fixed")
    names = {field.name for field in fields(ProposedClaim)}
    found = []
    for row in table.to_dict("records"):
        if row["accept"]:
            cells: dict[str, Any] = {
                str(key): ("" if pd.isna(value) else value) for key, value in row.items() if key in names and key != "text"
            }
            cells |= {key: cells[key] or None for key in ("place_id", "actor", "date_start")}
            found.append(replace(proposals[int(row["n"]) - 1], **cells))
    return found


def page(folder: Path, show_map: Callable[[Story, str], None]) -> None:
    """Write the page.

    Parameters
    ----------
    folder : the story's
    show_map : draws a story's map under a key of its own
    """
    st.set_page_config(page_title="Dateline: the desk", layout="wide")
    st.title("The desk")
    st.caption("What is read here are drafts. Readers see none of it before it is accepted into the story.")
    try:
        story, context = desk(str(folder), fingerprint(folder))
    except StoryError as error:
        say(error)
        return
    article = chosen(story)
    if article is None:
        return
    proposals = read(article, context)
    st.subheader(f"Places and {len(proposals)} proposed claims")
    st.html(f'{STYLE}<div class="dateline-text">{marked(article, context.finder.find(article.body), proposals)}</div>')
    if not proposals:
        st.info("Nothing in this text says who holds, attacks or leaves a place.")
        return
    accepted = amended(story, article, proposals, context)
    reviewed_by = st.text_input("Reviewed by", help="Stands with each claim you accept.")
    today = datetime.now(UTC).astimezone(story.settings.zone).date()
    left, right = st.columns(2)
    ready = bool(accepted and reviewed_by.strip())
    try:
        if left.button("Preview the map", disabled=not ready, width="stretch"):
            with st.spinner("Drawing the map with these claims …"):
                show_map(previewed(story, article, accepted, reviewed_by, today), f"preview-{article.article_id}")
        if right.button(f"Accept {len(accepted)} into the story", disabled=not ready, type="primary", width="stretch"):
            ids = enter(story, article, accepted, reviewed_by, today)
            st.success(plain_markdown(f"Written to claims.csv: {', '.join(ids)}."))
    except DatelineError as error:
        say(error)
