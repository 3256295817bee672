"""The history of the places: every interval of the table is drawn, each status in its own way, in the story's colours."""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from coloraide import Color
from conftest import SEEDS, bundled
from hypothesis import given
from hypothesis import strategies as st

from geo.bars import bars, history_in_words, history_table, in_order
from geo.changes import changes_in_words
from geo.chart import LOOKS, STATES, history_chart, looks_used
from geo.control import control_table
from geo.errors import DatelineError
from geo.story import read_story
from geo.ticks import ticks
from geo.words import STATUSES, status_in_words

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "'];alert(1)//",
    "datum.fill || warn(1)",
    "{{7*7}} {% raise %}",
    "=HYPERLINK(1)",
    "a\nb\\u0000",
    "__proto__",
)


@dataclass
class Element:
    """An element of a picture: its tag, its attributes and the text in it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    @property
    def style(self) -> dict[str, str]:
        return dict(part.split(":", 1) for part in self.attributes["style"].split(";")) if "style" in self.attributes else {}


class Reader(HTMLParser):
    """Reads HTML as a browser would: its elements in order, and the text of each."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        self.open.append(self.elements[-1])

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for one in self.open:
            one.text += data


def chart(theme: str = "light") -> list[Element]:
    """Return the elements of the bundled story's picture."""
    story = bundled()
    found = bars(story, control_table(story))
    return Reader(history_chart(story, found, in_order(story, found), theme)).elements


def test_every_interval_of_the_table_is_covered_by_a_bar_that_says_the_same() -> None:
    """Day by day, the bar of a place has the status, holder and words of the control table; days without a row have no bar."""
    story = bundled()
    table = control_table(story)
    found = bars(story, table)
    rows = table.to_dict("records")
    for at, day in enumerate(story.days):
        moment = pd.Timestamp(day)
        for place in {row["place_id"] for row in rows}:
            now = [
                row
                for row in rows
                if row["place_id"] == place
                and row["valid_from"] <= moment
                and (pd.isna(row["valid_to"]) or moment < row["valid_to"])
            ]
            drawn = [bar for bar in found.get(place, []) if bar.day <= at < bar.end]
            assert len(now) == len(drawn) <= 1
            for row, bar in zip(now, drawn, strict=True):
                assert bar.look == ("background" if row["background"] else row["status"])
                assert bar.holder == (row["holder"] if isinstance(row["holder"], str) else "")
                assert bar.words == status_in_words(story, row)
                assert bar.disputed == row["disputed_by"]


def test_the_picture_has_one_row_a_place_and_the_storys_colours() -> None:
    """A row has its place's name and bars; a bar has its days, the colours of holder and rival, and all that is told of it."""
    story = bundled()
    found = bars(story, control_table(story))
    places = in_order(story, found)
    for theme in ("light", "dark"):
        elements = chart(theme)
        rows = [at for at, one in enumerate(elements) if "dateline-row" in one.classes]
        assert len(rows) == len(places)
        for place, start, end in zip(places, rows, [*rows[1:], len(elements)], strict=True):
            name = elements[start + 1].text
            assert name == story.places[place].name[0].upper() + story.places[place].name[1:]
            drawn = [one for one in elements[start:end] if "dateline-look" in one.classes]
            assert len(drawn) == len(found[place])
            for bar, one in zip(found[place], drawn, strict=True):
                assert bar.look in one.classes
                assert (int(one.style["--from"]), int(one.style["--to"])) == (bar.day, bar.end)
                for key, actor in (("--side", bar.holder), ("--rival", bar.contender)):
                    known = story.settings.actors.get(actor)
                    assert one.style.get(key) == (None if known is None else known.dark if theme == "dark" else known.colour)
                title = one.attributes["title"].split("\n")
                assert (title[0], title[3]) == (name, bar.publishers)
                assert title[2].startswith(bar.words)
                at = elements.index(one)
                over = {next(iter(other.classes)) for other in elements[at + 1 : at + 3] if other.tag == "b"}
                assert ("possible" in over, "disputed" in over) == (bar.possible, bool(bar.disputed))


@given(colour=st.integers(0, 0xFFFFFF).map("#{:06x}".format), look=st.sampled_from(["control", "under_attack", "contested"]))
def test_a_label_reads_on_whatever_colour_a_side_has(colour: str, look: str) -> None:
    """The ink of a label and the colour under it differ by 4.5 to 1 or more (WCAG)."""
    story = bundled()
    actors = {key: replace(actor, colour=colour) for key, actor in story.settings.actors.items()}
    story = replace(story, settings=replace(story.settings, actors=actors))
    bar = replace(next(iter(bars(story, control_table(story))["aleppo"])), look=look, holder="government")
    drawn = Reader(history_chart(story, {"aleppo": [bar]}, ["aleppo"], "light")).elements
    (one,) = (one for one in drawn if look in one.classes)
    assert one.style["--side"] == colour
    assert Color(colour).contrast(one.style["--on-side"]) >= 4.5


def test_every_status_has_a_word_in_the_key() -> None:
    """All that the table can say has one, and what is laid over it."""
    assert {status for status, _, _ in STATUSES} | {"background"} == set(STATES)
    assert {"possible", "disputed"} <= set(LOOKS)


def test_a_label_stands_on_the_first_of_rows_that_are_all_the_same() -> None:
    """Of the places that the government held before the story and all along, one says so in the picture."""
    said = [one.text for one in chart() if one.tag == "s"]
    assert said.count("The government") == 4  # Aleppo, Hama and Saraqeb, of which reports tell, and the first of nine others
    assert {"Under attack by the opposition", "Under attack", "Contested", "The SDF, reported"} <= set(said)


def test_reported_places_come_first_and_the_background_last() -> None:
    """The order of the rows: those whose holder a report gave, then those known from the background alone."""
    story = bundled()
    found = bars(story, control_table(story))
    only_background = [all(bar.look == "background" for bar in found[place]) for place in in_order(story, found)]
    assert only_background == sorted(only_background)
    assert set(only_background) == {False, True}
    assert set(in_order(story, found)) == set(found)


def test_the_table_and_the_sentence_say_what_the_picture_shows() -> None:
    """A row a bar, with publishers; the sentence names who changed hands and when."""
    story = bundled()
    found = bars(story, control_table(story))
    places = in_order(story, found)
    table = history_table(story, found, places)
    assert len(table) == sum(len(own) for own in found.values())
    hama = table[table["Place"] == "Hama"]
    assert list(hama["To"]) == ["2024-12-02", "2024-12-04", ""]
    assert "ITV News" in hama["Publishers"].iloc[-1]
    assert (table["Publishers"] != "").all()
    said = history_in_words(story, found, places)
    assert "Hama to the opposition on 5 December" in said
    assert "It may already have changed hands" in " ".join(table["Status"])


def test_the_key_names_only_what_is_drawn() -> None:
    """Looks that no bar has do not stand in the key."""
    story = bundled()
    found = bars(story, control_table(story))
    assert looks_used(found, ["idlib"]) == ["reported"]
    assert "disputed" in looks_used(found, ["aleppo"])


@pytest.mark.parametrize("hostile", HOSTILE)
def test_story_text_is_text_in_the_picture(tmp_path: Path, hostile: str) -> None:
    """Elements, classes and properties are the same whatever places and actors are called; the names are read as written."""
    folder = tmp_path / "story"
    shutil.copytree(SEEDS, folder)
    with (folder / "places.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["name"] = f"{row['name']} {hostile}"
    with (folder / "places.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    settings = (folder / "story.toml").read_text(encoding="utf-8")
    named = re.sub(r'(?m)^short = .*"$', lambda _: f"short = {json.dumps(hostile)}", settings)
    assert named != settings
    (folder / "story.toml").write_text(named, encoding="utf-8")
    story = read_story(folder)
    found = bars(story, control_table(story))
    reader = Reader(history_chart(story, found, in_order(story, found), "light"))
    assert reader.open == []
    mark = " ".join(hostile.split())
    assert sum(mark in one.text for one in reader.elements if one.tag == "span") > 20
    assert any(mark[1:] in " ".join(one.text.split()) for one in reader.elements if one.tag == "s")
    assert sum(mark in one.attributes.get("title", "") for one in reader.elements) > 20

    def frame(elements: list[Element]) -> list[tuple[str, str, str, list[str]]]:
        return [
            (
                one.tag,
                one.attributes.get("class", ""),
                re.sub(r"(--(?:wants|unless)):[\d.]+em", r"\1", one.attributes.get("style", "")),
                sorted(one.attributes),
            )
            for one in elements
        ]

    assert frame(reader.elements) == frame(chart())


@given(first=st.dates(date(1, 1, 1), date(2900, 1, 1)), length=st.integers(1, 40_000))
def test_the_days_have_few_labels_however_many_there_are(first: date, length: int) -> None:
    """From 1 to 40,000 days there are 13 labels at most, in order, within the days, and never two at one day."""
    found = ticks(first, first + timedelta(days=length - 1)).ticks
    at = [tick.at for tick in found]
    assert at == sorted(set(at))
    assert all(0 <= one < length for one in at)
    assert 1 <= len(found) <= 13


def test_eleven_days_have_a_label_each_and_1500_one_a_half_year() -> None:
    """Few days are numbered with the month under its first; 1,500 days are marked by months and years."""
    few, many = ticks(date(2024, 11, 26), date(2024, 12, 6)), ticks(date(2021, 1, 1), date(2025, 2, 8))
    assert [(tick.label, tick.under) for tick in few.ticks[:6]] == [
        ("26", "Nov 2024"),
        ("27", ""),
        ("28", ""),
        ("29", ""),
        ("30", ""),
        ("1", "Dec"),
    ]
    assert few.centred
    assert not many.centred
    assert [(tick.label, tick.under) for tick in many.ticks[:3]] == [("Jan", "2021"), ("Jul", ""), ("Jan", "2022")]


def test_changes_are_grouped_by_kind_with_both_states_and_publishers() -> None:
    """From 26 November to 6 December: what fell stands first, what is told for the first time has no state before."""
    groups = {group.kind: group.changes for group in changes_in_words(bundled(), date(2024, 11, 26), date(2024, 12, 6))}
    assert list(groups) == ["changed hands", "newly reported"]
    hama = next(one for one in groups["changed hands"] if one.name == "Hama")
    assert (hama.before, hama.after, hama.rests_on) == ("held by the government", "held by the opposition", "ITV News")
    assert all(one.rests_on for changes in groups.values() for one in changes)
    assert {one.before for one in groups["newly reported"]} == {""}


def test_a_correction_is_a_change_of_its_day_and_says_why(tmp_path: Path) -> None:
    """A claim withdrawn on 6 December stands among that day's changes, with the reason; not among those of the day before."""
    folder = tmp_path / "story"
    shutil.copytree(SEEDS, folder)
    source = bundled()
    claim = next(one for one in source.claims.values() if one.place == "aleppo-airport" and one.kind == "captured")
    with (folder / "corrections.csv").open("a", encoding="utf-8") as file:
        file.write(f"2024-12-06T09:30+03:00,{claim.claim_id},withdrawn,,,,The report was taken back.\n")
    story = read_story(folder)

    def corrected(first: int, last: int) -> list[str]:
        groups = changes_in_words(story, date(2024, 12, first), date(2024, 12, last))
        return [f"{one.name}: {one.rests_on}" for group in groups if group.kind == "corrected" for one in group.changes]

    assert corrected(4, 5) == []
    assert corrected(5, 6) == ["Aleppo airport: The report was taken back. The Sun"]


@pytest.mark.parametrize(("first", "last"), [(4, 4), (5, 4)])
def test_a_day_that_is_not_earlier_is_refused_in_words(first: int, last: int) -> None:
    """The sentence names the day and says to choose an earlier one."""
    with pytest.raises(DatelineError, match=f"{first} December 2024.*choose an earlier day"):
        changes_in_words(bundled(), date(2024, 12, first), date(2024, 12, last))


def test_the_first_day_has_none_before_it() -> None:
    """It is said so."""
    with pytest.raises(DatelineError, match="26 November 2024 is the first day of the map"):
        changes_in_words(bundled(), date(2024, 11, 26), date(2024, 11, 26))
