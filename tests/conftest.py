"""What every test shares: where the bundled story lies, and the material beside the project that some tests may read."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TypeVar

from geo.story import Story, read_story

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
SHARED = ROOT.parent / "shared"


@cache
def bundled() -> Story:
    """Return the bundled story, read once; nothing in it may be changed."""
    return read_story(SEEDS)


Result = TypeVar("Result")


def awaited(steps: Coroutine[object, object, Result]) -> Result:
    """Return what a coroutine returns, run in a thread of its own: that of the tests may have a browser's loop running."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, steps).result()
