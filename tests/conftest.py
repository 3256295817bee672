"""What every test shares: where the bundled story lies, and the material beside the project that some tests may read."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from geo.story import Story, read_story

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
SHARED = ROOT.parent / "shared"


@cache
def bundled() -> Story:
    """Return the bundled story, read once; nothing in it may be changed."""
    return read_story(SEEDS)
