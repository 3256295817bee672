"""Letters on a drawing: the faces, the width of a text, and lines that fit."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.font_manager import FontEntry, FontProperties, fontManager, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.textpath import text_to_path

from geo.errors import DatelineError

SANS, SERIF = "Dateline Sans", "Dateline Serif"
"""Families under names of our own: what a machine has installed does not change a drawing."""

_OTHER = "Dateline Other"
_FACES = (
    (SANS, "normal", 400, "font_source_sans_pro", "SourceSansPro-Regular.ttf"),
    (SANS, "italic", 400, "font_source_sans_pro", "SourceSansPro-It.ttf"),
    (SANS, "normal", 600, "font_source_sans_pro", "SourceSansPro-Semibold.ttf"),
    (SANS, "italic", 600, "font_source_sans_pro", "SourceSansPro-SemiboldIt.ttf"),
    (SERIF, "normal", 700, "font_source_serif_pro", "SourceSerifPro-Bold.ttf"),
    (_OTHER, "normal", 400, "matplotlib", "DejaVuSans.ttf"),
    (_OTHER, "italic", 400, "matplotlib", "DejaVuSans-Oblique.ttf"),
    (_OTHER, "normal", 600, "matplotlib", "DejaVuSans-Bold.ttf"),
    (_OTHER, "italic", 600, "matplotlib", "DejaVuSans-BoldOblique.ttf"),
    (_OTHER, "normal", 700, "matplotlib", "DejaVuSans-Bold.ttf"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\n]+")  # a space that does not break a line stays one
_FIRST_SHAPED = "\u0300"  # from this letter on, letters may join or stand upon one another
_PUNCTUATION = "‐‑‒–—‘’‚“”„†•…"


@dataclass(frozen=True, slots=True)
class Face:
    """A way of writing: family, weight (400, 600 or 700), and whether it leans."""

    family: str = SANS
    weight: int = 400
    italic: bool = False

    @property
    def names(self) -> list[str]:
        """The families in which a letter is looked for, in order."""
        return list(dict.fromkeys((self.family, _OTHER)))

    @property
    def other(self) -> Face:
        """The face that has the letters which this one lacks."""
        return Face(_OTHER, self.weight, self.italic)

    def at(self, size: float) -> FontProperties:
        """Return the face in a size, for matplotlib."""
        _register()
        return FontProperties(family=self.names, weight=self.weight, style="italic" if self.italic else "normal", size=size)

    def file(self) -> Path:
        """Return the face's own file."""
        return next(path for family, style, weight, path in _files() if (family, style, weight) == self._key)

    @property
    def _key(self) -> tuple[str, str, int]:
        return self.family, "italic" if self.italic else "normal", self.weight


REGULAR, STRONG = Face(), Face(weight=600)
ITALIC, STRONG_ITALIC = Face(italic=True), Face(weight=600, italic=True)
HEADLINE = Face(SERIF, 700)


@cache
def _files() -> tuple[tuple[str, str, int, Path], ...]:
    found = []
    for family, style, weight, package, name in _FACES:
        if package == "matplotlib":
            path = Path(mpl.get_data_path()) / "fonts" / "ttf" / name
        else:
            spec = importlib.util.find_spec(package)
            if spec is None or spec.origin is None:
                raise DatelineError(f"fonts: {package} is not installed; it is among the project's requirements")
            path = Path(spec.origin).parent / "files" / name
        found.append((family, style, weight, path))
    return tuple(found)


@cache
def _register() -> None:
    """Make the faces known to matplotlib, once."""
    for family, style, weight, path in _files():
        fontManager.ttflist.append(FontEntry(str(path), 0, family, style, "normal", weight, "normal", "scalable"))


def plain(text: str) -> str:
    """Return a text in which what steers writing instead of being written is seen as its code; spaces are single."""
    return _SPACES.sub(" ", _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", text)).strip()


@lru_cache(maxsize=8192)
def width_of(text: str, face: Face, size: float) -> float:
    """Return the width of a text, in the unit of the size."""
    if not text:
        return 0.0
    if all(letter < _FIRST_SHAPED or letter in _PUNCTUATION for letter in text):
        return sum(_advance(letter, face) for letter in text) * size
    width, _, _ = text_to_path.get_text_width_height_descent(text, face.at(100), ismath=False)
    return float(width) * size / 100


@cache
def _advance(letter: str, face: Face) -> float:
    """Return how far a letter moves the pen, of a letter one high; of one that the face lacks, as the face of last resort."""
    for one in (face, face.other):
        font = get_font(str(one.file()))
        if font.get_char_index(ord(letter)):
            break
    font.set_size(1000, 72)
    return float(font.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance) / 65536 / 1000


def wrapped(text: str, face: Face, size: float, width: float, most: int) -> list[str]:
    """Return a text as at most so many lines, none wider than the width; what has no room ends in an ellipsis."""
    words = [part for word in plain(text).split(" ") for part in _broken(word, face, size, width)]
    lines: list[str] = []
    for at, word in enumerate(words):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, face, size) <= width:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = shortened(" ".join([lines[-1], *words[at:]]), face, size, width)
            break
    return lines


def shortened(text: str, face: Face, size: float, width: float) -> str:
    """Return a text cut to a width, an ellipsis where it is."""
    if width_of(text, face, size) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle].rstrip(" ,;:·–") + "…", face, size) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip(" ,;:·–") + "…"


def balanced(text: str, face: Face, size: float, width: float, most: int) -> list[str]:
    """Return a text in as few lines as it needs, none much shorter than the others."""
    lines = wrapped(text, face, size, width, most)
    if len(lines) < 2 or lines[-1].endswith("…"):
        return lines
    low, high = width / 2, width
    for _ in range(7):
        middle = (low + high) / 2
        tried = wrapped(text, face, size, middle, most)
        if len(tried) == len(lines) and not tried[-1].endswith("…"):
            lines, high = tried, middle
        else:
            low = middle
    return lines


def _broken(word: str, face: Face, size: float, width: float) -> list[str]:
    """Return a word in pieces that fit the width."""
    pieces = []
    while len(word) > 1 and width_of(word, face, size) > width:
        low, high = 1, len(word) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if width_of(word[:middle], face, size) <= width else (low, middle - 1)
        pieces.append(word[:low])
        word = word[low:]
    return [*pieces, word]


def outlines(text: str, face: Face) -> tuple[Any, Any]:
    """Return the vertices (n, 2) and codes of a text's letters, 100 units high, upwards from the baseline."""
    vertices, codes = text_to_path.get_text_path(face.at(100), text, ismath=False)
    return vertices, codes
