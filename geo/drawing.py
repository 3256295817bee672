"""A page to draw on, in pixels of the map's own scale, and its files: PNG, SVG and PDF.

The same story gives the same bytes: no file names a time or a machine. Story text is never read as a formula or as markup.
"""

from __future__ import annotations

import base64
import importlib
import io
import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, TransformedBbox

from geo.lettering import SANS, SERIF, Face, outlines, plain, width_of
from geo.placing import Box, Point

PNG, SVG, PDF = "png", "svg", "pdf"
FORMS = (PNG, SVG, PDF)
_POINTS = 72  # points of an inch
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "dateline",
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "path.simplify": False,
}
_ONE_AT_A_TIME = threading.Lock()  # matplotlib's settings are those of the process
_BEND = 0.5523  # of a quarter of a circle as one cubic curve
_QUARTER = np.array([(1, _BEND), (_BEND, 1), (0, 1)])
_TURNS = [np.array([(cos, sin), (-sin, cos)]) for cos, sin in ((1, 0), (0, 1), (-1, 0), (0, -1))]
_CIRCLE = np.vstack([[(1, 0)], *(_QUARTER @ turn for turn in _TURNS), [(1, 0)]])
_CIRCLE_CODES = np.array([Outline.MOVETO, *[Outline.CURVE4] * 12, Outline.CLOSEPOLY], dtype=np.uint8)
_UNUSED = ["FFTM", "DSIG"]
_LATIN = 0x24F  # the last letter that faces of our own have for certain

Colour = tuple[float, float, float, float] | str


@dataclass(frozen=True, slots=True)
class Ink:
    """How a shape is drawn: its fill, its line, the line's width and dashes in pixels; None draws none."""

    fill: Colour | None = None
    line: Colour | None = None
    width: float = 1.0
    dash: tuple[float, ...] = ()
    cap: str = "butt"


class Page:
    """A page; x goes right and y goes down, in pixels of the map's own scale.

    Parameters
    ----------
    width, height : size of the page in points
    scale : points to a pixel of the drawing
    form : one of `FORMS`
    dpi : dots to an inch, where dots are drawn
    """

    def __init__(self, width: float, height: float, scale: float, form: str, dpi: float = _POINTS) -> None:
        self.width, self.height, self.scale, self.form, self.dpi = width / scale, height / scale, scale, form, dpi
        inches = width / _POINTS, height / _POINTS
        if form == PNG:
            # Dots are counted by cutting off: a trifle more keeps 1200 from becoming 1199.
            inches = (round(inches[0] * dpi) + 0.01) / dpi, (round(inches[1] * dpi) + 0.01) / dpi
        self._figure = Figure(figsize=inches, dpi=dpi, facecolor="none")
        _canvas(form)(self._figure)
        down = Affine2D().scale(scale, -scale).translate(0, inches[1] * _POINTS).scale(1 / _POINTS)
        self._place = down + self._figure.dpi_scale_trans
        self._size = (width, height)
        self._letters: dict[Face, set[str]] = defaultdict(set)
        self._clip: Box | None = None

    def clip(self, box: Box | None) -> None:
        """Keep what is drawn from now on within a box; None ends that."""
        self._clip = box

    @contextmanager
    def smaller(self, part: float, at: Point) -> Iterator[None]:
        """Draw all that follows smaller, towards a point, until the end of the block."""
        before, scale = self._place, self.scale
        self._place = Affine2D().translate(-at.x, -at.y).scale(part).translate(at.x, at.y) + before
        self.scale = scale * part
        try:
            yield
        finally:
            self._place, self.scale = before, scale

    def shape(self, outline: Outline, ink: Ink, within: Outline | None = None) -> None:
        """Draw an outline, cut to another one or to the box of `clip`."""
        patch = PathPatch(
            outline,
            transform=self._place,
            facecolor=ink.fill or "none",
            edgecolor=ink.line or "none",
            linewidth=ink.width * self.scale if ink.line else 0,
            linestyle=(0, [part / ink.width for part in ink.dash]) if ink.dash and ink.line else "solid",
            capstyle=ink.cap,
            joinstyle="round",
            zorder=len(self._figure.get_children()),
        )
        self._add(patch, within)

    def rectangle(self, box: Box, ink: Ink) -> None:
        """Draw a box."""
        self.shape(polygon([(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]), ink)

    def line(self, points: Iterable[Sequence[float]], ink: Ink) -> None:
        """Draw an open line."""
        self.shape(Outline(np.array([tuple(point)[:2] for point in points], dtype=float)), ink)

    def circles(self, centres: Any, radius: float, ink: Ink) -> None:
        """Draw circles of one size round points (n, 2)."""
        middles = np.asarray(centres, dtype=float).reshape(-1, 2)
        if len(middles):
            vertices = (_CIRCLE * radius + middles[:, None]).reshape(-1, 2)
            self.shape(Outline(vertices, np.tile(_CIRCLE_CODES, len(middles))), ink)

    def text(
        self, at: Point, text: str, face: Face, size: float, colour: Colour, *, halo: Colour | None = None, align: str = "left"
    ) -> None:
        """Write a text with its baseline at a point; a halo keeps what lies behind off its letters."""
        text = plain(text)
        if not text:
            return
        left = at.x - width_of(text, face, size) * {"left": 0, "middle": 0.5, "right": 1}[align]
        if halo is not None or self.form == PNG:
            vertices, codes = outlines(text, face)
            letters = Outline(np.asarray(vertices) * (size / 100, -size / 100) + (left, at.y), codes)
            if halo is not None:
                self.shape(letters, Ink(line=halo, width=size * 0.26))
            if self.form == PNG:
                self.shape(letters, Ink(fill=colour))
                return
        for used in (face, face.other):
            self._letters[used].update(text)
        written = Text(
            left, at.y, text, fontproperties=face.at(size * self.scale), color=colour, parse_math=False, usetex=False,
            transform=self._place, verticalalignment="baseline", zorder=len(self._figure.get_children()),
        )  # fmt: skip
        self._add(written, None)

    def pixels(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """Return the page as dots (height, width, 3); only of a page of the form PNG."""
        with _ONE_AT_A_TIME, mpl.rc_context(_SETTINGS):
            canvas: Any = self._figure.canvas
            canvas.draw()
            return np.array(canvas.buffer_rgba())[:, :, :3]

    def content(self, title: str, size: tuple[str, str] | None = None) -> bytes:
        """Return the page as a file's content.

        Parameters
        ----------
        title : what the file says it is
        size : width and height that an SVG states; by default its pixels
        """
        stream = io.BytesIO()
        if self.form == PNG:
            from PIL import Image

            dots = self.pixels()
            Image.fromarray(dots).save(stream, "PNG", optimize=False, compress_level=4, dpi=(self.dpi, self.dpi))
            return stream.getvalue()
        title = plain(title)
        said: dict[str, Any] = {"Title": title, "Creator": None, "Producer": None, "CreationDate": None}
        if self.form == SVG:
            said = {"Title": title, "Creator": "Dateline", "Date": None}
        with _ONE_AT_A_TIME, mpl.rc_context(_SETTINGS):
            self._figure.savefig(stream, format=self.form, dpi=_POINTS, metadata=said, transparent=True)
        if self.form == PDF:
            return stream.getvalue()
        return self._finished(stream.getvalue().decode(), size).encode()

    def _add(self, artist: Any, within: Outline | None) -> None:
        self._figure.add_artist(artist)
        if within is not None:
            artist.set_clip_path(within, self._place)
        if self._clip is not None and within is None:
            corners = Bbox([(self._clip.left, self._clip.top), (self._clip.right, self._clip.bottom)])
            artist.set_clip_box(TransformedBbox(corners, self._place))

    def _finished(self, svg: str, size: tuple[str, str] | None) -> str:
        """Return an SVG with its size, and with the letters that it uses, so that it looks the same everywhere."""
        width, height = size or tuple(f"{round(part, 3):g}" for part in self._size)
        svg = re.sub(r"<!DOCTYPE[^>]*>\s*", "", svg, count=1)  # it would name a file elsewhere
        svg = re.sub(r'(<svg [^>]*?)width="[^"]*"', rf'\g<1>width="{width}"', svg, count=1)
        svg = re.sub(r'(<svg [^>]*?)height="[^"]*"', rf'\g<1>height="{height}"', svg, count=1)
        faces = "".join(_embedded(face, letters) for face, letters in self._letters.items())
        return svg.replace("<defs>", f"<defs>\n  <style>{faces}</style>", 1)


def _canvas(form: str) -> Any:
    """Return matplotlib's canvas for a form; each is loaded when it is needed, for that takes its time."""
    name = {PNG: "Agg", SVG: "SVG", PDF: "Pdf"}[form]
    return getattr(importlib.import_module(f"matplotlib.backends.backend_{name.lower()}"), f"FigureCanvas{name}")


def polygon(points: Iterable[Sequence[float]]) -> Outline:
    """Return a closed outline."""
    corners = np.array(list(points), dtype=float)
    return Outline(np.vstack([corners, corners[:1]]), closed=True)


def outline_from(geometry: Any) -> Outline | None:
    """Return polygons or lines as one outline; None where there is nothing."""
    lines = []
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon" and not part.is_empty:
            # Winding decides what is filled: holes must turn the other way.
            turned = shapely.orient_polygons(part)
            for ring in (turned.exterior, *turned.interiors):
                lines.append(Outline(shapely.get_coordinates(ring), closed=True))
        elif part.geom_type in ("LineString", "LinearRing") and not part.is_empty:
            lines.append(Outline(shapely.get_coordinates(part)))
    return Outline.make_compound_path(*lines) if lines else None


def _embedded(face: Face, letters: set[str]) -> str:
    """Return a rule of CSS with those letters that a face has, of a face of last resort those that ours lack; "" for none."""
    from fontTools import subset  # type: ignore[import-untyped] # it ships no types
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped] # nor here

    with TTFont(face.file(), recalcTimestamp=False) as font:
        wanted = sorted(letter for letter in map(ord, letters) if letter in font.getBestCmap())
        if face.family not in (SANS, SERIF):
            wanted = [letter for letter in wanted if letter > _LATIN]
        if not wanted:
            return ""
        options = subset.Options(hinting=False, notdef_outline=True, name_IDs=[1, 2], drop_tables=_UNUSED)
        maker = subset.Subsetter(options)
        maker.populate(unicodes=wanted)
        maker.subset(font)
        stream = io.BytesIO()
        font.save(stream, reorderTables=None)
    style = "italic" if face.italic else "normal"
    data = base64.b64encode(stream.getvalue()).decode()
    return (
        f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};font-style:{style};'
        f"src:url(data:font/ttf;base64,{data})}}"
    )
