"""The address of the map: what is usable of it, and what is said of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SEEDS

from geo.address import PARAMETERS, Address, read_address
from geo.errors import DatelineError
from geo.story import Story, read_story
from geo.timemap import lay, time_map


@pytest.fixture(scope="module")
def story() -> Story:
    return read_story(SEEDS)


def test_a_full_address_comes_back_as_it_was_written(story: Story) -> None:
    """Every parameter survives the way through the story, in the order of the address."""
    given = {
        "date": "2024-12-01",
        "known": "2024-11-30",
        "compare": "2024-11-27",
        "place": "aleppo",
        "view": "34.70,36.70,8.2",
        "off": "background,events",
        "ground": "osm",
        "labels": "both",
        "theme": "dark",
    }
    address, faults = read_address(story, given)
    assert address.parameters == given
    assert tuple(address.parameters) == PARAMETERS
    assert faults == []


@pytest.mark.parametrize("given", [{}, {"date": "latest"}, {"date": ""}, {"labels": "en", "off": ""}, {"unknown": "x"}])
def test_what_is_at_its_default_is_not_written(story: Story, given: dict[str, str]) -> None:
    """An address of defaults is empty, and its day is the last one, whichever that is."""
    address, faults = read_address(story, given)
    assert (address, faults) == (Address(), [])
    assert address.day(story) == story.last_day


def test_the_last_day_by_name_stays_that_day(story: Story) -> None:
    """A link that names the last day keeps it when the story goes on; one that says nothing moves on with it."""
    address, _ = read_address(story, {"date": story.last_day.isoformat()})
    assert address.parameters == {"date": story.last_day.isoformat()}


def test_the_latest_moment_of_knowledge_is_the_default(story: Story) -> None:
    """Only an earlier one is written."""
    latest = story.moments[-1].isoformat()
    assert read_address(story, {"known": latest})[0].known == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date", "2031-01-01"),
        ("date", "20241201"),
        ("known", "2024-11-29"),
        ("compare", "tomorrow"),
        ("place", "atlantis"),
        ("place", "gn2960"),
        ("view", "91,0,5"),
        ("view", "34.7,36.7"),
        ("view", "nan,nan,nan"),
        ("off", "background,everything"),
        ("ground", "google"),
        ("labels", "fr"),
        ("theme", "{{7*7}}"),
    ],
)
def test_nonsense_gives_one_sentence_and_the_default(story: Story, name: str, value: str) -> None:
    """The sentence names the parameter and the value; the other parameters hold."""
    address, faults = read_address(
        story, {name: value, "off" if name != "off" else "labels": "front" if name != "off" else "ar"}
    )
    assert getattr(address, name) == ""
    assert len(address.parameters) == 1
    assert len(faults) == 1
    assert f"{name} “{value}”" in faults[0]


def test_layers_stand_in_one_order(story: Story) -> None:
    """Two links that switch off the same layers are the same link."""
    assert read_address(story, {"off": "events,,background"})[0] == read_address(story, {"off": "background,events,events"})[0]


@pytest.mark.parametrize("value", [None, 7, ["2024-12-01"], {"a": 1}, 1e9])
def test_what_a_browser_posts_is_never_trusted(story: Story, value: object) -> None:
    """Values of any kind are read as text or refused, never raised about."""
    address, _ = read_address(story, dict.fromkeys(PARAMETERS, value))
    assert address.parameters == {}


def test_a_parameter_reaches_the_map_quoted(tmp_path: Path) -> None:
    """Markup and template signs in a value neither run nor stand in the page; a name that is not plain letters is refused."""
    site = lay(tmp_path, {"digest": "0123456789ab"})
    page = time_map(site, more={"place": '"><script>{{7*7}}{% x %}', "off": ""}).get_root().render()
    assert 'data-place="%22%3E%3Cscript%3E%7B%7B7%2A7%7D%7D%7B%25%20x%20%25%7D"' in page
    assert "data-off" not in page
    with pytest.raises(DatelineError, match="plain letters"):
        time_map(site, more={'x" onload="': "1"})
