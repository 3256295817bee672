"""The folium map and the folder behind it."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from conftest import bundled
from streamlit_folium import generate_js_hash, generate_leaflet_string

from geo.errors import DatelineError
from geo.payload import compact, payload
from geo.timemap import AROUND, ASSETS, SCRIPTS, STYLES, lay, time_map

HOSTILE = "{{7*7}}</script><script>alert(1)</script>{% x %} drawnItems map_div2"
PAYLOAD = {"digest": "0123456789ab", "title": HOSTILE}


def test_every_file_is_laid_under_a_name_of_its_content(tmp_path: Path) -> None:
    """Leaflet, our files, the story and Leaflet's licence are there; nothing half-written is left."""
    site = lay(tmp_path / "served", PAYLOAD)
    assert {path.name for path in site.folder.iterdir()} == {*site.scripts, *site.styles, site.notice}
    assert site.story == "story-0123456789ab.js"
    for name in {*site.scripts, *site.styles} - {site.story}:
        assert re.search(r"-[0-9a-f]{12}\.(js|css)$", name), name
    assert "Redistributions in binary form" in (site.folder / site.notice).read_text(encoding="utf-8")


def test_laying_again_keeps_what_readers_have_open(tmp_path: Path) -> None:
    """A second edition of the story stands beside the first, and shares the rest."""
    first = lay(tmp_path, PAYLOAD)
    second = lay(tmp_path, {**PAYLOAD, "digest": "ba9876543210"})
    assert first.script == second.script
    assert (tmp_path / first.story).is_file()
    assert (tmp_path / second.story).is_file()


def test_no_text_of_the_story_goes_through_folium(tmp_path: Path) -> None:
    """The script and the page that folium renders hold nothing of the payload but its digest."""
    chart = time_map(lay(tmp_path, PAYLOAD), base="../app.assets/", day=date(2024, 12, 6))
    rendered = chart.get_root().render()
    assert "7*7" not in rendered
    assert "alert(1)" not in rendered
    assert "0123456789ab" in rendered


def test_nothing_is_loaded_from_elsewhere(tmp_path: Path) -> None:
    """Every script and style of the map has an address of our own."""
    chart = time_map(lay(tmp_path, PAYLOAD), base="../app.assets/")
    addresses = [address for _, address in [*chart.default_js, *chart.default_css]]
    assert len(addresses) == 7
    assert all(address.startswith(("../app.assets/", "data:text/javascript,")) for address in addresses)


def test_a_day_does_not_make_another_map_but_a_story_does(tmp_path: Path) -> None:
    """The component's identity is its script: constant over days and moves, another for another payload."""

    def identity(digest: str, day: date, serial: int) -> str:
        chart = time_map(lay(tmp_path, {**PAYLOAD, "digest": digest}), base="../app.assets/", day=day, serial=serial)
        return generate_js_hash(generate_leaflet_string(chart), "map")

    one = identity("0123456789ab", date(2024, 12, 6), 0)
    assert identity("0123456789ab", date(2024, 11, 30), 7) == one
    assert identity("ba9876543210", date(2024, 12, 6), 0) != one


@pytest.mark.parametrize("digest", ["", "../../x", '"};alert(1)', "0123_4567"])
def test_a_digest_that_is_no_number_is_refused(tmp_path: Path, digest: str) -> None:
    """What enters a script and a file name is hexadecimal and nothing else."""
    with pytest.raises(DatelineError, match="hexadecimal"):
        lay(tmp_path, {"digest": digest})


@pytest.mark.parametrize("base", ['"><script>', "javascript:alert(1)/", "no-slash", "https://example.org/"])
def test_a_base_that_is_no_plain_path_is_refused(tmp_path: Path, base: str) -> None:
    """The map's files lie on the same server."""
    with pytest.raises(DatelineError, match="plain path"):
        time_map(lay(tmp_path, PAYLOAD), base=base)


def test_every_asset_is_used_and_short() -> None:
    """No file of ours is forgotten in the list, none is longer than 300 lines, none writes HTML or evaluates text."""
    assert {path.stem for path in ASSETS.glob("*.js")} == {*SCRIPTS, "guard"}
    assert {path.stem for path in ASSETS.glob("*.css")} == {*STYLES, *AROUND}
    for path in ASSETS.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 300, path.name
        assert not re.search(r"innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function", text), (
            path.name
        )


def test_a_moment_of_knowledge_is_sent_as_what_differs_from_the_one_before() -> None:
    """Unfolded again it is the payload: what is sent empty is there no more."""
    told = payload(bundled())
    sent = compact(told)
    for name in ("cell_days", "edge_days"):
        last: dict[int, list[object]] = {}
        for changed, whole in zip(sent[name], told[name], strict=True):
            last |= dict(changed)
            assert {key: parts for key, parts in last.items() if parts} == dict(whole)
    assert len(json.dumps(sent)) < len(json.dumps(told))
    states: dict[int, list[object]] = {}
    for changed, whole in zip(sent["states"], told["states"], strict=True):
        states |= {entry["place"]: entry["spans"] for entry in changed}
        assert {place: spans for place, spans in states.items() if spans} == {e["place"]: e["spans"] for e in whole}
