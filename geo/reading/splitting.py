"""Text -> sentences: where each begins and ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"[^\n]+")
_STOP = re.compile(r"(?<=[.!?…])[\"'”’)\]]*[ \u00a0]+(?=[\"'“‘(\[]*[^\W\d_a-zа-я])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Gen|Maj|Col|Lt|Brig|Capt|Sgt|Prof|Sen|Gov|St|Rev|No|vs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z](?:\.[A-Z])*)\.$"
)
_LONGEST = 700  # characters of a sentence; what is longer is a list or no prose, and is read in pieces


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a text stands; a line break ends one."""
    for begin, end in _ended(text):
        start = begin
        while end - start > _LONGEST:
            space = text.rfind(" ", start, start + _LONGEST)
            cut = space + 1 if space > start else start + _LONGEST
            yield start, cut
            start = cut
        if text[start:end].strip():
            yield start, end


def _ended(text: str) -> Iterator[tuple[int, int]]:
    for line in _SENTENCE.finditer(text):
        start, end = line.span()
        begin = start
        for stop in _STOP.finditer(text, start, end):
            if _ABBREVIATED.search(text, max(start, stop.start() - 6), stop.start()):
                continue
            if text[begin : stop.start()].strip():
                yield begin, stop.start() + len(stop.group().rstrip(" \u00a0"))
            begin = stop.end()
        if text[begin:end].strip():
            yield begin, end
