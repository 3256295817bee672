"""Polygons that share their borders -> each corner once, and polygons as numbers of corners, as in an indexed mesh.

Neighbours repeat each other's corners, and the front repeats those of both. Here a corner is told once, in whole
ten-thousandths of a degree and by its difference from the corner before; a ring tells which corners it has, by the difference
from the number before. `geo/assets/mesh.js` unfolds it again, to the same figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geo.cells import DECIMALS

_UNIT: int = 10**DECIMALS
Point = Sequence[float]


def folded(cells: Sequence[Sequence[Sequence[Point]]], edges: Sequence[Sequence[Point]]) -> dict[str, Any]:
    """Return cells and edges as `corners`, `cells` and `edges` of whole numbers.

    Parameters
    ----------
    cells : for each cell its closed rings of (lon, lat), degrees, with `DECIMALS` decimals at the most
    edges : for each edge its points; one without is left out

    Returns
    -------
    corners : lon, lat, lon, lat ...; each less the one before
    cells : for each cell its rings without their last point, as numbers of corners; each less the one before
    edges : for each edge with points its number less that of the edge before, then its points like those of a ring
    """
    mesh = _Mesh()
    rings = [[mesh.numbers(ring[:-1]) for ring in cell] for cell in cells]
    lines: list[list[int]] = []
    last = 0
    for number, edge in enumerate(edges):
        if edge:
            lines.append([number - last, *mesh.numbers(edge)])
            last = number
    return {"corners": mesh.corners(), "cells": rings, "edges": lines}


class _Mesh:
    """Corners in the order in which they are first met."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int], int] = {}
        self._last = 0

    def numbers(self, points: Sequence[Point]) -> list[int]:
        told = []
        for lon, lat in points:
            corner = round(lon * _UNIT), round(lat * _UNIT)
            number = self._found.setdefault(corner, len(self._found))
            told.append(number - self._last)
            self._last = number
        return told

    def corners(self) -> list[int]:
        told: list[int] = []
        before = (0, 0)
        for corner in self._found:
            told += (corner[0] - before[0], corner[1] - before[1])
            before = corner
        return told
