"""The one door for text: whatever is written inside a string comes back as written, and is inert on the way."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.escaping import csv_cell, inert_json, script_file

data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=20,
)
HOSTILE = [
    "{{7*7}}",
    "{% raw %}",
    "</script>",
    "<!--",
    "${alert(1)}",
    "`",
    "\\",
    '\\"',
    "'",
    '"',
    "\u2028",
    "\u2029",
    "&lt;",
    "\x7f",
]


@given(data)
def test_reading_gives_back_what_was_written(value: object) -> None:
    assert json.loads(inert_json(value)) == value


@given(data)
def test_nothing_beyond_plain_ascii_is_sent(value: object) -> None:
    text = inert_json(value)
    assert all(" " <= character < "\x7f" for character in text)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_character_that_ends_a_string_a_script_or_a_template_stays_inside_a_string(text: str) -> None:
    inside = inert_json(["before" + text + "after"]).removeprefix('["').removesuffix('"]')
    assert not set(inside) & set("{}<>&'\"`$")
    assert inside.replace("\\u", "").count("\\") == 0
    assert json.loads(f'["{inside}"]') == ["before" + text + "after"]


def test_a_key_is_as_inert_as_a_value() -> None:
    assert "</script>" not in inert_json({"</script>": 1})


def test_a_lone_surrogate_passes_as_an_escape() -> None:
    assert json.loads(inert_json("\ud800")) == "\ud800"


def test_a_number_without_a_word_in_json_is_refused() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        inert_json(float("nan"))


def test_a_script_file_only_defines_data() -> None:
    assert script_file("DATELINE", {"a": "{"}) == 'window.DATELINE={"a":"\\u007b"};\n'


def test_a_name_that_is_no_identifier_is_refused() -> None:
    with pytest.raises(ValueError, match="identifier"):
        script_file("a;alert(1)", {})


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_cell_that_a_spreadsheet_would_run_starts_with_an_apostrophe(text: str) -> None:
    assert csv_cell(text) == f"'{text}"


def test_other_cells_stay_as_they_are() -> None:
    assert [csv_cell(cell) for cell in ("Aleppo", -1, None, "")] == ["Aleppo", -1, None, ""]
