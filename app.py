"""The page around the time map: layout and nothing else. Run: streamlit run app.py

DATELINE_STORY names the story's folder; without it the bundled one is shown.
"""

from __future__ import annotations

import html
import os
import tempfile
from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st
import streamlit.components.v1 as components
from streamlit_folium import st_folium

from geo.control import control_table, state_on
from geo.days import in_words, parse_day
from geo.errors import DatelineError, StoryError, condensed, shown
from geo.escaping import plain_markdown
from geo.payload import payload
from geo.story import Story, fingerprint, read_story
from geo.timemap import Site, lay, time_map
from geo.words import status_in_words

STORY = Path(os.environ.get("DATELINE_STORY") or Path(__file__).parent / "seeds")
STYLE = """<style>
.stMainBlockContainer { max-width: none; padding-left: clamp(0.75rem, 4vw, 5rem); padding-right: clamp(0.75rem, 4vw, 5rem); }
.stMainBlockContainer > div > .stVerticalBlock { gap: 0.75rem; }
.stAppHeader { height: 2rem; min-height: 2rem; background: none; pointer-events: none; }
.stAppHeader * { pointer-events: auto; }
.dateline-head h1 { font: 600 clamp(1.15rem, 0.95rem + 0.9vw, 2.4rem)/1.2 Georgia, "Noto Serif", "Times New Roman", serif;
  letter-spacing: -0.01em; margin: 0; padding: 0; overflow-wrap: anywhere; text-wrap: balance; }
.dateline-head p { font-size: clamp(0.875rem, 0.8rem + 0.3vw, 1.0625rem); line-height: 1.4; margin: 0.35rem 0 0; opacity: 0.8;
  max-width: 46rem; overflow-wrap: anywhere; }
.dateline-table { font: 600 1.25rem/1.3 Georgia, "Noto Serif", "Times New Roman", serif; margin: 1rem 0 0; padding: 0; }
</style>"""


@st.cache_resource(show_spinner=False)
def served() -> tuple[Path, str]:
    """Return a folder of this app's own that the server hands out, and the path to it from the map's frame."""
    folder = Path(tempfile.mkdtemp(prefix="dateline-"))
    (folder / "index.html").touch()
    component = components.declare_component("assets", path=str(folder))
    return folder, f"../{component.name}/"


@st.cache_resource(show_spinner="Reading the story …", max_entries=4)
def edition(story_folder: str, files: str) -> tuple[Story, pd.DataFrame, Site]:
    """Return a story, its control table and its map's files; `files` is what tells one edition of the folder from the next."""
    story = read_story(story_folder)
    return story, control_table(story), lay(served()[0], payload(story))


def capital(text: str) -> str:
    """Return a name as it opens a line: its first letter a capital."""
    return text[:1].upper() + text[1:]


def day_shown(story: Story) -> tuple[date, int]:
    """Return the day to show and the number of the reader's move that asked for it; an address that names none is mended."""
    released = st.session_state.get("map") or {}
    serial = st.session_state.setdefault("serial", 0)
    if isinstance(released.get("serial"), int) and released["serial"] > serial:
        st.session_state.serial = serial = released["serial"]
        if st.query_params.get("date") != released["day"]:
            st.query_params["date"] = released["day"]
    wanted = st.query_params.get("date")
    if wanted is None:
        return story.last_day, serial
    days = f"The map has the days from {in_words(story.first_day)} to {in_words(story.last_day)}; it shows the last of them."
    try:
        day = parse_day(wanted)
    except DatelineError:
        st.warning(plain_markdown(f"The address asks for “{shown(wanted)}”, which is not a day. {days}"))
        return story.last_day, serial
    if not story.first_day <= day <= story.last_day:
        st.warning(plain_markdown(f"The address asks for {in_words(day)} ({shown(wanted)}). {days}"))
        return story.last_day, serial
    return day, serial


def who_holds_what(story: Story, table: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the control table of a day for readers, one row a place, names in words; what is reported comes first."""
    actors, places, claims = story.settings.actors, story.places, story.claims

    def label(actor: object) -> str:
        return actors[actor].label if isinstance(actor, str) and actor in actors else ""

    def publishers(basis: tuple[str, ...]) -> str:
        return ", ".join(dict.fromkeys(story.articles[claims[claim].article].publisher for claim in basis if claim in claims))

    state = state_on(table, day).sort_values(["background", "place_id"])
    rows = [
        {
            "Place": capital(places[row["place_id"]].name),
            "Status": status_in_words(story, row),
            "Holder": label(row["holder"]),
            "Since": f"{row['since']:%Y}" if (row["since"].month, row["since"].day) == (1, 1) else f"{row['since']:%Y-%m-%d}",
            "Last confirmed": f"{row['last_confirmed']:%Y-%m-%d}",
            "Disputed by": ", ".join(label(side) or side for side in row["disputed_by"]),
            "Publishers": publishers(row["basis"]),
        }
        for row in ({str(key): value for key, value in row.items()} for row in state.to_dict("records"))
    ]
    columns = ["Place", "Status", "Holder", "Since", "Last confirmed", "Disputed by", "Publishers"]
    return pd.DataFrame(rows, columns=columns)


def head(title: str, standfirst: str) -> None:
    """Write the headline."""
    st.html(f'{STYLE}<div class="dateline-head"><h1>{html.escape(title)}</h1><p>{html.escape(standfirst)}</p></div>')


def draw(site: Site, key: str, day: date | None = None, serial: int = 0) -> None:
    """Draw a map."""
    chart = time_map(site, base=served()[1], day=day, serial=serial)
    st_folium(chart, key=key, height=560, use_container_width=True, returned_objects=[])


def page() -> None:
    """Write the page."""
    try:
        story, table, site = edition(str(STORY), fingerprint(STORY))
    except StoryError as error:
        st.set_page_config(page_title="Dateline", layout="wide")
        head("There is no story to show", "The files below must be mended first.")
        for problem in error.problems:
            st.error(plain_markdown(str(problem)))
        return
    st.set_page_config(page_title=story.settings.title, layout="wide", initial_sidebar_state="collapsed")
    head(story.settings.title, story.settings.standfirst)
    day, serial = day_shown(story)
    draw(site, "map", day, serial)
    st.html(f'<h2 class="dateline-table">Who holds what on {in_words(day)}</h2>')
    st.dataframe(
        who_holds_what(story, table, day),
        hide_index=True,
        column_config={"Status": st.column_config.TextColumn(width="large")},
    )
    if story.problems:
        count = len(story.problems)
        with st.expander(f"{count} problem{'s' if count > 1 else ''} in the story's files: what they name is left out"):
            for problem in condensed(story.problems):
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
