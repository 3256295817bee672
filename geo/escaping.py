"""The one door through which text from outside reaches a page, a script or a table file.

    payload -> script_file    a JavaScript file that only defines data; the page shows it as text nodes
    page, KML -> markup       Streamlit's Markdown -> plain_markdown       tables -> csv_cell       messages -> errors.shown

Story text never meets folium, branca or Jinja. The argument: inside a JSON string every character that could end the string,
the script element, a Jinja tag or a template literal, or that JavaScript reads as a line end, is written as an escape of six
ASCII characters. What is left of a string is inert in each of these languages, and JSON's own reading gives back the text as
it was written. `tests/test_door.py` holds the rest of the code to this door, and SECURITY.md says what is promised.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

_UNSAFE = re.compile(r"[{}<>&'`$\u007f-\uffff]|\\[\"\\]")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=])")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def _escape(found: re.Match[str]) -> str:
    return "".join(f"\\u{ord(character):04x}" for character in found.group()[-1:])


def inert_json(data: Any) -> str:
    """Return JSON in whose strings `{ } < > & ' " \\ ` $`, line separators and all beyond ASCII are escapes of \\uXXXX form.

    Raises
    ------
    ValueError : the data holds a number that JSON has no word for (NaN, infinity)
    """
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return _STRING.sub(lambda string: _UNSAFE.sub(_escape, string.group()), text)


def script_file(name: str, data: Mapping[str, Any]) -> str:
    """Return a JavaScript file that sets `window.NAME` to the data and does nothing else.

    Raises
    ------
    ValueError : the name is not a plain identifier in capitals
    """
    if not re.fullmatch(r"[A-Z]{1,32}", name):
        raise ValueError(f"{name!r} is not a plain identifier in capitals")
    return f"window.{name}={inert_json(data)};\n"


def plain_markdown(text: str) -> str:
    """Return text for a Markdown renderer that shows as it is written."""
    return _MARKDOWN.sub(r"\\\1", text)


def markup(text: str) -> str:
    """Return text for HTML or XML, as content or within quotes; what XML has no character for becomes U+FFFD."""
    return html.escape(_FORBIDDEN.sub("\ufffd", text), quote=True)


def csv_cell(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula: one that starts as a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
