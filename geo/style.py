"""The look of the map, read from the map's own scripts and stylesheets, so that a still cannot differ from the browser.

Nothing is copied: a colour, a width or a shape that is changed in geo/assets is changed here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from geo.errors import DatelineError

ASSETS = Path(__file__).parent / "assets"
THEMES = ("light", "dark")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_FALLBACK = "#888888"
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NOTE = re.compile(r"(?<!:)//[^\n]*")
_KEY = re.compile(r"([{,]\s*)([A-Za-z_]\w*)\s*:")
_TRAILING = re.compile(r",(\s*[}\]])")

Rgba = tuple[float, float, float, float]


@dataclass(frozen=True)
class Style:
    """Light or dark: colours by name, and how a side's colour is mixed in each tier.

    Attributes
    ----------
    theme : one of `THEMES`
    tokens : the stylesheet's colours, without their "--dl-"
    strength : for each tier how much of the side's colour is in its paint
    contrast : for each tier how much of the ink is in the lines of its texture
    """

    theme: str
    tokens: dict[str, str]
    strength: tuple[float, ...]
    contrast: tuple[float, ...]

    def token(self, name: str) -> Rgba:
        """Return a colour of the stylesheet: red, green, blue and opacity from 0 to 1."""
        value = self.tokens.get(name, "")
        if _HEX.fullmatch(value):
            return rgba(value)
        found = re.fullmatch(r"rgba\(\s*(\d+),\s*(\d+),\s*(\d+),\s*([\d.]+)\s*\)", value)
        if not found:
            raise DatelineError(f"style: paper.css gives --dl-{name} no colour that can be drawn: “{value}”")
        red, green, blue = (int(found[at]) / 255 for at in (1, 2, 3))
        return red, green, blue, float(found[4])

    def hex(self, name: str) -> str:
        """Return an opaque colour of the stylesheet as #rrggbb."""
        return hexed(self.token(name))

    def colour(self, actor: dict[str, Any], pale: bool = False) -> str:
        """Return the full colour of a side, an entry of the payload's actors, or the paler one of a symbol."""
        given = (actor.get("dark") if self.theme == "dark" else "") or actor["colour"]
        full = given if _HEX.fullmatch(given) else _FALLBACK
        return mix(full, self.hex("land"), constant("theme", "PALE")) if pale else full

    def paint(self, actor: dict[str, Any], tier: int, aged: bool = False) -> str:
        """Return the ground of a side's paint in a tier, as it is before the layer's own opacity."""
        kept = 1.0
        if aged:
            kept = constant("theme", "AGED")
        return mix(self.colour(actor), self.hex("land"), self.strength[tier] * kept)

    def line(self, ground: str, tier: int) -> str:
        """Return the colour of a texture's lines on a ground."""
        return mix(self.hex("ink"), ground, self.contrast[tier] * (0.7 if self.theme == "dark" else 1))


@cache
def style(theme: str) -> Style:
    """Return a theme's look.

    Raises
    ------
    DatelineError : there is no such theme, or the assets do not say what is needed
    """
    if theme not in THEMES:
        raise DatelineError(f"theme: “{theme}” is not one of {', '.join(THEMES)}")
    sheet = rules("paper")
    tokens = dict(sheet.get(":root", {}))
    if theme == "dark":
        tokens |= sheet.get(':root[data-theme="dark"]', {})
    named = {key.removeprefix("--dl-"): value for key, value in tokens.items() if key.startswith("--dl-")}
    strength = constant("theme", "STRENGTH")[theme]
    return Style(theme, named, tuple(strength), tuple(constant("theme", "CONTRAST")))


@cache
def rules(sheet: str) -> dict[str, dict[str, str]]:
    """Return the rules of a stylesheet of the assets: selector -> property -> value; media queries are left out."""
    text = _COMMENT.sub("", (ASSETS / f"{sheet}.css").read_text(encoding="utf-8"))
    text = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", text)
    found: dict[str, dict[str, str]] = {}
    for selectors, body in _RULE.findall(text):
        pairs = (part.split(":", 1) for part in body.split(";") if ":" in part)
        said = {key.strip(): value.strip() for key, value in pairs}
        for selector in selectors.split(","):
            found.setdefault(" ".join(selector.split()), {}).update(said)
    return found


def number(sheet: str, selector: str, key: str) -> float:
    """Return a number of a stylesheet, without its unit.

    Raises
    ------
    DatelineError : the stylesheet does not give it
    """
    found = re.match(r"-?[\d.]+", rules(sheet).get(selector, {}).get(key, ""))
    if not found:
        raise DatelineError(f"style: {sheet}.css gives no number for {key} of “{selector}”")
    return float(found[0])


def numbers(sheet: str, selector: str, key: str) -> list[float]:
    """Return the numbers of a stylesheet's value, such as those of a dash."""
    return [float(part) for part in re.findall(r"-?[\d.]+", rules(sheet).get(selector, {}).get(key, ""))]


@cache
def constant(script: str, name: str) -> Any:
    """Return a constant of one of the map's scripts: a number, a text, or lists and objects of such.

    Raises
    ------
    DatelineError : the script has no such constant, or one that is not plain data
    """
    text = (ASSETS / f"{script}.js").read_text(encoding="utf-8")
    found = re.search(rf"^\s*const {name} = (.*?);(?:\s*//[^\n]*)?$", text, re.DOTALL | re.MULTILINE)
    if not found:
        raise DatelineError(f"style: {script}.js has no constant {name}")
    plain = _NOTE.sub("", found[1])
    plain = re.sub(r"^new Set\((.*)\)$", r"\1", plain.strip(), flags=re.DOTALL)
    plain = re.sub(r"(?<=[\[\s,:-])\.(\d)", r"0.\1", _TRAILING.sub(r"\1", _KEY.sub(r'\1"\2":', plain)))
    try:
        return json.loads(plain)
    except ValueError as error:
        raise DatelineError(f"style: the constant {name} of {script}.js is not plain data: {error}") from None


def mix(one: str, two: str, share: float) -> str:
    """Return a colour between two, `share` of it from the first; the same figures as the map's own mixing."""
    pairs = ((int(one[at : at + 2], 16), int(two[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{int(a * share + b * (1 - share) + 0.5):02x}" for a, b in pairs)


def rgba(colour: str, opacity: float = 1.0) -> Rgba:
    """Return #rrggbb as red, green, blue and opacity from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue, opacity


def hexed(colour: Rgba) -> str:
    """Return red, green and blue from 0 to 1 as #rrggbb."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour[:3])
