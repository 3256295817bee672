"""The page around the time map: layout and nothing else. Run: streamlit run app.py

DATELINE_STORY names the story's folder; without it the bundled one is shown.
"""

from __future__ import annotations

import html
import os
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import streamlit as st
import streamlit.components.v1 as components
from streamlit.delta_generator import DeltaGenerator

from geo.address import PARAMETERS, Address, read_address
from geo.bars import MOST_PLACES, Bar, bars, history_in_words, history_table, in_order
from geo.changes import ChangeGroup, capital, changes_in_words
from geo.chart import LOOKS, day_line, history_chart, looks_used
from geo.control import control_table
from geo.crowd import BUSY, TURNS, most_readers, published_copy, room_for, settle
from geo.days import in_words, moment_in_words, span_in_words
from geo.errors import DatelineError, StoryError, condensed
from geo.escaping import plain_markdown
from geo.exports import FORMATS, export, export_name, story_name, who_holds_what
from geo.headers import Application, framing, guarded
from geo.payload import payload
from geo.publish import embed_snippet, site_zip
from geo.served import announce, keep, own_folder, wanted, while_serving
from geo.standing import Edition, Standing
from geo.story import Story
from geo.timemap import Site, lay, time_map

STORY = Path(os.environ.get("DATELINE_STORY") or Path(__file__).parent / "seeds")
STYLE = Path(__file__).parent / "geo" / "assets" / "page.css"
DAY, WEEK, FIRST, OTHER = SINCE = ("the day before", "a week before", "the first day", "another day")
STILLS = (("PNG", "1200x630", "png"), ("Square PNG", "square", "png"), ("A4 PDF", "A4", "pdf"), ("SVG", "1200x630", "svg"))
MEDIA = {"png": "image/png", "pdf": "application/pdf", "svg": "image/svg+xml"}
NOTHING = "nothing is told of it any more"
LONGEST = timedelta(seconds=4)  # that what stands around the map waits for it


@st.cache_resource(show_spinner=False)
def served() -> tuple[Path, str]:
    """Return a folder of this app's own that the server hands out, and the path to it from the map's frame."""
    folder = own_folder()
    (folder / "index.html").touch()
    component = components.declare_component("assets", path=str(folder))
    return folder, f"../{component.name}/"


@st.cache_resource(show_spinner=False)
def standing() -> Standing[tuple[pd.DataFrame, Site]]:
    """Return the standing edition of the story: its control table and its map's files, for all readers of this process."""

    def made(story: Story) -> tuple[pd.DataFrame, Site]:
        folder, base = served()
        keep(folder)
        site = lay(folder, payload(story))
        # The scripts and no more: a browser asks for six files at once, and for the frame's own script too.
        announce(tuple(base + name for name in site.scripts))
        return control_table(story), site

    return Standing(STORY, made, lambda made: made[1].is_whole)


def edition() -> Edition[tuple[pd.DataFrame, Site]]:
    """Return the newest edition of the story that can be shown."""
    return standing().latest(lambda: st.spinner("Reading the story …"))


@st.cache_resource(show_spinner=False, max_entries=256)
def changed(files: str, first: date, last: date, known: str, _story: Story) -> tuple[ChangeGroup, ...]:
    """Return what changed between two days of the story that was read from `files`; `known` is a moment, "" the latest."""
    return changes_in_words(_story, first, last, moment(_story, known))


@st.cache_resource(show_spinner=False, max_entries=16)
def as_known(
    files: str, known: str, _story: Story, _table: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, list[Bar]], list[str]]:
    """Return the control table as known at a moment, its bars, and its places in the order in which they are shown."""
    if known:
        _table = control_table(_story, moment(_story, known))
    found = bars(_story, _table)
    return _table, found, in_order(_story, found)


def moment(story: Story, known: str) -> date | datetime | None:
    """Return a moment of knowledge by what the address calls it, None for the latest."""
    return next((one for one in story.moments if one.isoformat() == known), None)


def as_known_then(story: Story, address: Address) -> str:
    """Return ", as known on 5 December 2024", or "" where all reports count."""
    known = moment(story, address.known)
    return f", as known on {moment_in_words(known, story.settings.zone)}" if known else ""


def address_shown(story: Story) -> tuple[Address, int]:
    """Return what the address asks for, and the number of the reader's move that it answers.

    What the map posted since the last run becomes the address first; what an address asks for in vain is said in a sentence.
    """
    posted = st.session_state.get("map") or {}
    serial = st.session_state.setdefault("serial", 0)
    number = posted.get("serial")
    if isinstance(number, int):
        # A map made now begins with 0. Another's first was told to an earlier process: the address has it, or it comes again.
        past = st.session_state.setdefault("past", 0 if st.context.is_embedded else number)
        if number > max(serial, past):
            st.session_state.serial = serial = number
            moved, _ = read_address(story, {**posted, "date": posted.get("day")})
            now = st.query_params.to_dict()
            wanted = {name: value for name, value in now.items() if name not in PARAMETERS} | moved.parameters
            if wanted != now:
                st.query_params.from_dict(wanted)  # at once: each change by itself would be a step for Back
    address, faults = read_address(story, st.query_params.to_dict())
    for fault in faults:
        st.warning(plain_markdown(fault))
    return address, serial


def head(title: str, standfirst: str) -> None:
    """Write the headline."""
    st.html(f'<div class="dateline-head"><h1>{html.escape(title)}</h1><p>{html.escape(standfirst)}</p></div>')


def draw(site: Site, key: str, day: date | None = None, serial: int = 0, more: Mapping[str, str] | None = None) -> None:
    """Draw a map; `more` are parameters of its address besides the day."""
    from streamlit_folium import st_folium  # it enters itself at the server, which is not there when this file is first read

    chart = time_map(site, base=served()[1], day=day, serial=serial, more=more)
    st_folium(chart, key=key, height=560, use_container_width=True, returned_objects=[])


def day_since(story: Story, day: date, address: Address) -> date:
    """Return the earlier day with which the reader compares the day shown; one that the map compares comes first."""
    state = st.session_state
    if address.compare != state.get("compared", ""):
        state.compared = address.compare
        state.since = OTHER if address.compare else DAY
        if address.compare:
            state.earlier = date.fromisoformat(address.compare)
    chosen = state.get("since", DAY)
    if chosen == OTHER:
        if not isinstance(state.get("earlier"), date) or not story.first_day <= state.earlier <= story.last_day:
            state.earlier = story.first_day
        earlier: date = state.earlier
        return earlier
    if chosen == FIRST:
        return story.first_day
    return max(day - timedelta(days=7 if chosen == WEEK else 1), story.first_day)


def what_changed(story: Story, files: str, day: date, address: Address) -> None:
    """Write what changed up to the day shown since an earlier one of the reader's choice."""
    since = day_since(story, day, address)
    title = "What changed" + (f" since {in_words(since, year=since.year != day.year)}" if since < day else "")
    title += as_known_then(story, address)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.html(f'<h2 class="dateline-since">{html.escape(title)}</h2>', width="content")
        if st.selectbox("What changed since", SINCE, key="since", width=180, label_visibility="collapsed") == OTHER:
            bounds = (story.first_day, story.last_day)
            st.date_input("Earlier day", None, *bounds, "earlier", width=180, label_visibility="collapsed")
    try:
        groups = changed(files, since, day, address.known, story)
    except DatelineError as error:
        st.html(f'<p class="dateline-note">{html.escape(str(error))}</p>')
        return
    sections = "".join(
        f"<section><h3>{group.title}</h3><ul>"
        + "".join(
            f"<li><b>{html.escape(one.name)}</b>{html.escape(capital(one.after or NOTHING))}."
            f"<small>{html.escape(f'Before: {one.before}. ' if one.before else '')}{html.escape(one.rests_on)}</small></li>"
            for one in group.changes
        )
        + "</ul></section>"
        for group in groups
    )
    nothing = f'<p class="dateline-note">Nothing changed: {span_in_words(since, day)}.</p>'
    st.html(f'<div class="dateline-changes">{sections}</div>' if groups else nothing)


def place_by_place(story: Story, found: dict[str, list[Bar]], places: list[str], day: date) -> None:
    """Write the history of every place: a picture, and the same as a table for those who open it.

    The picture does not depend on the day shown, so that another day does not send it again; the day's line lies over it.
    """
    if not places:
        return
    part = places[:MOST_PLACES]
    if len(places) > MOST_PLACES:
        start = st.session_state.get("places", 0)
        part = places[start : start + MOST_PLACES]
    key = "".join(f'<li><i class="dateline-look {look}"></i>{LOOKS[look]}</li>' for look in looks_used(found, part))
    told = html.escape(history_in_words(story, found, part))
    st.html(
        f'<h2 class="dateline-table">Place by place</h2><p class="dateline-note">{told}</p><ul class="dateline-key">{key}</ul>'
    )
    if len(places) > MOST_PLACES:
        st.selectbox(
            f"{len(places)} places, those that reports tell most of first",
            range(0, len(places), MOST_PLACES),
            format_func=lambda at: f"Places {at + 1} to {min(at + MOST_PLACES, len(places))}",
            key="places",
            width=320,
        )
    st.html(history_chart(story, found, part, "dark" if st.context.theme.type == "dark" else "light"))
    st.html(day_line(story, found, part, day))
    table = st.expander("The same as a table", key="past", on_change="rerun")
    if table.open:
        table.dataframe(
            history_table(story, found, part),
            hide_index=True,
            column_config={"Status": st.column_config.TextColumn(width="large")},
            alt="Who held what, place by place",
        )


def take_away(story: Story, address: Address, day: date, known: date | datetime | None) -> None:
    """Write what readers can take away with them; a file is made when it is asked for, and not before."""
    section = st.expander("The data, and this map in your own page", key="take", on_change="rerun")
    if not section.open:
        return
    from geo.stills import drawn  # it takes a second to load, which no reader of the map should wait for

    forms, on = (("csv", "CSV"), ("geojson", "GeoJSON"), ("kml", "KML")), in_words(day)
    rows: tuple[tuple[str, tuple[tuple[str, str], ...], date | None, date | datetime | None], ...] = (
        (f"Who holds what on {on}", forms, day, known),
        ("Who held what on all days", forms, None, known),
        ("All of it: every claim, place and article, described", (("zip", "Data Package (zip)"),), None, None),
    )
    with section:
        for number, (title, kinds, shown, by) in enumerate(rows):
            with offered(title):
                for form, words in kinds:
                    made, name = partial(export, story, form, shown, by), export_name(story, form, shown, by)
                    st.download_button(words, made, name, FORMATS[form], key=f"take-{number}-{form}", on_click="ignore")
        with offered(f"The picture of {on}, for print or a feed"):
            for words, size, form in STILLS:
                made, name = partial(drawn, story, day, size, form, known), export_name(story, form, day, known)
                st.download_button(words, made, name, MEDIA[form], key=f"take-{size}-{form}", on_click="ignore")
        with offered("The map as a page of its own, for any web server or to keep on a disk"):
            name = f"{story_name(story)}-site.zip"
            st.download_button(
                "Folder (zip)", partial(site_zip, story), name, FORMATS["zip"], key="take-site", on_click="ignore"
            )
        anywhere = "*" in framing(os.environ.get("DATELINE_FRAME_ANCESTORS", ""))
        unless = "" if anywhere else " Who runs this server names the sites that may; the folder above may be shown anywhere."
        st.html(f'<p class="dateline-take">To show the map in your own page as it stands now, paste this there.{unless}</p>')
        asked = "".join(f"&{name}={quote(value, safe=',:')}" for name, value in address.parameters.items())
        here = f"{str(st.context.url).split('?')[0].rstrip('/')}/"
        st.code(embed_snippet(story, here, framed=f"?embed=true{asked}"), language=None, wrap_lines=True)


def offered(title: str) -> DeltaGenerator:
    """Write what is offered, and return where the buttons for it stand: beside it, or all of them under it."""
    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    row.html(f'<p class="dateline-take">{html.escape(title)}</p>')
    return row.container(horizontal=True, width="content", gap="small")


def page() -> None:
    """Write the page when its turn comes; a reader who waits for it keeps the page as it was, and is told."""
    st.html(STYLE)  # by itself: what stays the same is not sent again
    reader = st.session_state.setdefault("reader", secrets.token_hex(8))
    with TURNS.turn(reader, lambda: st.toast(BUSY, duration="long")):
        settle()
        written()


def written() -> None:
    """Write the page."""
    try:
        shown = edition()
    except StoryError as error:
        st.set_page_config(page_title="Dateline", layout="wide")
        head("There is no story to show", "The files below must be mended first.")
        for problem in error.problems:
            st.error(plain_markdown(str(problem)))
        return
    except DatelineError:  # the log says more
        st.set_page_config(page_title="Dateline", layout="wide")
        head("The map cannot be shown just now", "Reload the page in a minute.")
        return
    story, (_, site) = shown.story, shown.made
    st.set_page_config(page_title=story.settings.title, layout="wide", initial_sidebar_state="collapsed")
    embedded = st.context.is_embedded  # then title, sources and the way to the full page stand in the map's own frame
    if not embedded or story.settings.retracted:
        head(story.settings.title, story.settings.standfirst)
    if story.settings.retracted:
        st.html('<p class="dateline-note">Retracted</p>')
        st.error(plain_markdown(story.settings.retracted))
        return
    if shown.words:
        st.warning(plain_markdown(shown.words))
    address, serial = address_shown(story)
    day = address.day(story)
    more = {name: value for name, value in address.parameters.items() if name != "date"}
    waits = not (embedded or st.session_state.get("map") or st.session_state.get("waited"))
    more |= {"embed": "page"} if embedded else {"awaited": "map"} if waits else {}
    draw(site, "map", day if address.date else None, serial, more)
    if waits:
        wait_for_map()
    elif not embedded:
        around(shown, address, day)


@st.fragment(run_every=LONGEST)
def wait_for_map() -> None:
    """Leave the browser to the map until it says that it stands; where it never does, go on without that."""
    if st.session_state.setdefault("waiting", False):
        st.session_state.waited = True
        st.rerun()
    st.session_state.waiting = True


def around(shown: Edition[tuple[pd.DataFrame, Site]], address: Address, day: date) -> None:
    """Write what stands around the map on the day that it shows."""
    story, (table, _) = shown.story, shown.made
    what_changed(story, shown.files, day, address)
    table, found, places = as_known(shown.files, address.known, story, table)
    known = moment(story, address.known)
    place_by_place(story, found, places, day)
    st.html(f'<h2 class="dateline-table">Who holds what on {in_words(day)}{html.escape(as_known_then(story, address))}</h2>')
    state = st.expander("The table of this day", key="state", on_change="rerun")
    if state.open:
        state.dataframe(
            pd.DataFrame(who_holds_what(story, table, day, date.isoformat)),
            hide_index=True,
            column_config={"Status": st.column_config.TextColumn(width="large")},
            alt=f"Who holds what on {in_words(day)}",
        )
    take_away(story, address, day, known)
    told = (
        "that keep the newest files from being shown" if shown.problems else "in the story's files: what they name is left out"
    )
    if problems := shown.problems or story.problems:
        with st.expander(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} {told}"):
            for problem in condensed(problems):
                st.error(plain_markdown(str(problem)))


def main() -> None:
    """Show the map, and beside it the editor's desk where the operator turned it on."""
    pages = [st.Page(page, title="Map", default=True)]
    if os.environ.get("DATELINE_DESK") == "1":
        import desk

        def editor() -> None:
            desk.page(STORY, lambda story, key: draw(lay(served()[0], payload(story)), key, story.last_day))

        pages.append(st.Page(editor, title="Desk", url_path="desk"))
    st.navigation(pages, position="top" if len(pages) > 1 else "hidden").run()


if __name__ == "__main__":
    main()
else:  # Streamlit's server reads this file once for the application, before it runs it for each reader
    app: Application = st.App(__file__, lifespan=while_serving)
    said = os.environ.get
    try:
        app = room_for(app, most_readers(said("DATELINE_READERS", "")), published_copy(said("DATELINE_PUBLISHED", "")))
        app = guarded(app, framing(said("DATELINE_FRAME_ANCESTORS", "")), wanted)
    except DatelineError as error:
        raise SystemExit(str(error)) from None
