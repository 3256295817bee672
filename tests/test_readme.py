"""The README must name every command and every field of a story."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from conftest import ROOT

from geo import articles, claims, corrections, places, storyfile

README = (ROOT / "README.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"[\w-]+", README))


def test_every_command_is_in_the_table() -> None:
    told = subprocess.run([sys.executable, "-m", "geo", "--help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^    ([a-z]+) ", told, re.MULTILINE)
    assert commands
    assert [command for command in commands if f"| `{command}" not in README] == []


@pytest.mark.parametrize("table", [places.COLUMNS, claims.COLUMNS, corrections.COLUMNS, articles.FIELDS, storyfile.KEYS])
def test_every_field_of_a_story_is_named(table: tuple[str, ...]) -> None:
    assert [field for field in table if field not in WORDS] == []


@pytest.mark.parametrize("choices", [claims.KINDS, claims.PRECISIONS, claims.STANDINGS, storyfile.TEXTURES, storyfile.CLASSES])
def test_every_choice_of_a_field_is_named(choices: tuple[str, ...]) -> None:
    assert [choice for choice in choices if choice not in README] == []


def test_every_package_that_the_app_needs_is_explained() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    packages = [re.split(r"[<>=]", line)[0] for line in lines if line and not line.startswith("#")]
    assert packages
    assert [package for package in packages if package not in WORDS] == []
