"""Rules in files: `geo/rules/*.toml`, read once, as sets of words and tables."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from geo.errors import DatelineError

FOLDER = Path(__file__).parent / "rules"


@cache
def rules(name: str) -> dict[str, Any]:
    """Return the tables of a file of rules.

    Raises
    ------
    DatelineError : the file is absent or no TOML
    """
    path = FOLDER / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DatelineError(f"rules: {path.name} cannot be read ({error}); put the file back as it was installed") from error


@cache
def words(name: str, *keys: str) -> frozenset[str]:
    """Return a list of words of a file of rules, parted by white space."""
    return frozenset(_text(name, keys).split())


@cache
def phrases(name: str, *keys: str) -> tuple[str, ...]:
    """Return a list of phrases of a file of rules, parted by commas, in its order."""
    return tuple(phrase for part in _text(name, keys).split(",") if (phrase := " ".join(part.split())))


def _text(name: str, keys: tuple[str, ...]) -> str:
    table: Any = rules(name)
    for key in keys:
        table = table[key]
    if not isinstance(table, str):
        raise DatelineError(f"rules: {name}.toml, {'.'.join(keys)} is {table!r}; it must be words in quotes")
    return table
