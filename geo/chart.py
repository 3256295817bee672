"""Place by place: the control table -> a picture of it as a Vega-Lite specification, the same as a table, and a sentence.

A row is a place, the days run across. Colour says who holds it; the form of the bar says how, so that no two statuses look
alike in grey. The specification is plain data. Story text stands in its data sets alone: every field name, filter and
expression is written here, and none is made from a text.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.bars import Bar, beside_in_words, days_in_words
from geo.changes import capital
from geo.story import Story
from geo.ticks import ticks
from geo.words import short

NARROW, LEFT, LEFT_NARROW = 560, 236, 116
"""Below the first width, in pixels, the names take the last of these widths of the picture; else the second."""
HEAD = 36
"""The height of the labels of the days, in pixels."""
_ROW, _LOW_ROW, _BAR, _GAP = 27, 21, 15, 26  # pixels
_STRIDE = 6  # pixels between the strokes of a hatch
_TEETH = 9  # pixels between the teeth of an attack
_DOTS = 46  # pixels between the dots of a denial
_FOLD = 18  # letters of a name in a line of a narrow picture
_LETTER = 6.3  # pixels that a letter of a bar's label takes


@dataclass(frozen=True, slots=True)
class Hatch:
    """How a status is drawn, beside its colour.

    Attributes
    ----------
    label : what it is called in the key
    fill : how much of the holder's colour fills the bar, 0 to 1
    edge : what runs around or along it: "", "solid", "dashed", "under" (a line at its foot), "dotted" (a line and no bar)
    over : what lies upon it: "", "half" (the lower half is the contender's), "teeth" (of the contender's), "strokes", "dots"
    """

    label: str
    fill: float
    edge: str = ""
    over: str = ""


HATCHES = {
    "control": Hatch("Control", 1.0),
    "reported": Hatch("Reported", 0.25, "solid"),
    "claimed": Hatch("Claimed", 0.0, "dashed"),
    "contested": Hatch("Contested", 1.0, "solid", "half"),
    "under_attack": Hatch("Under attack", 1.0, "", "teeth"),
    "unknown": Hatch("Unknown", 0.0, "dotted"),
    "background": Hatch("Before the story", 0.25, "under"),
}
"""By status; the background is a status of its own here."""
OVERLAYS = {
    "possible": Hatch("May already have changed", 0.0, "", "strokes"),
    "disputed": Hatch("Disputed", 0.0, "", "dots"),
}
"""What is laid over a status."""
LOOKS = {**HATCHES, **OVERLAYS}
"""All that a key may have to tell of."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Ink and paper of a picture, as #rrggbb."""

    name: str
    ink: str
    soft: str
    rule: str
    paper: str


THEMES = {
    "light": Theme("light", "#1c1b18", "#59554b", "#e3ddcd", "#fbfaf6"),
    "dark": Theme("dark", "#eee9dc", "#b3ada0", "#33373a", "#15171a"),
}


def history_chart(story: Story, found: Mapping[str, Sequence[Bar]], places: Sequence[str], theme: str) -> dict[str, Any]:
    """Return the picture of some places' bars as a Vega-Lite specification.

    Parameters
    ----------
    places : ids in the order of the rows, at most `MOST_PLACES`
    theme : "light" or "dark"
    """
    look = THEMES[theme]
    rows, groups, height = _rows(story, found, places)
    drawn, above = [], None
    for place in places:
        own = found[place]
        alike = (own[0].look, own[0].holder) if len(own) == 1 and own[0].look == "background" else None
        labelled = alike is None or alike != above  # a row under one that is all the same needs no second label
        drawn += [_drawn(story, bar, rows[place], look, labelled) for bar in own]
        above = alike
    names = [_named(story.places[place].name, rows[place]) for place in places]
    marked = ticks(story.first_day, story.last_day)
    centred = marked.centred
    return {
        "datasets": {
            "bars": drawn,
            "names": [*names, *groups],
            "ticks": [{"day": one.at, "label": one.label, "under": one.under} for one in marked.ticks],
        },
        "padding": {"left": 0, "top": 0, "right": 0, "bottom": 0},
        "autosize": {"type": "fit", "contains": "padding"},
        "height": height,
        "params": [
            {"name": "left", "expr": f"width < {NARROW} ? {LEFT_NARROW} : {LEFT}"},
            {"name": "perday", "expr": f"(width - (width < {NARROW} ? {LEFT_NARROW} : {LEFT})) / {len(story.days)}"},
        ],
        "config": {"view": {"stroke": None}, "background": None, "mark": {"aria": False}},
        "layer": [*_frame(look, height, centred, len(story.days)), *_bodies(look, len(story.days))],
    }


def looks_used(found: Mapping[str, Sequence[Bar]], places: Iterable[str]) -> list[str]:
    """Return the keys of `HATCHES` and `OVERLAYS` that these places' bars need, in their order."""
    own = [bar for place in places for bar in found[place]]
    used = {bar.look for bar in own} | {"possible" for bar in own if bar.possible} | {"disputed" for bar in own if bar.disputed}
    return [key for key in LOOKS if key in used]


def _rows(
    story: Story, found: Mapping[str, Sequence[Bar]], places: Sequence[str]
) -> tuple[dict[str, int], list[dict[str, Any]], int]:
    """Return the middle of each place's row in pixels from the top, the headings of the two groups, and the height."""
    rows: dict[str, int] = {}
    groups: list[dict[str, Any]] = []
    at, before = HEAD + 4, None
    for place in places:
        only_background = all(bar.look == "background" for bar in found[place])
        if only_background != before:
            before = only_background
            at += _GAP
            heading = "Before the story" if only_background else "From reports"
            groups.append({"y": at - 8, "high": 0, "name": heading, "folded": heading, "heading": True})
        row = _LOW_ROW if only_background else _ROW
        rows[place] = at + row // 2
        at += row
    return rows, groups, at + 8


def _named(name: str, y: int) -> dict[str, Any]:
    name = " ".join(capital(name).split())
    folded = textwrap.wrap(name, _FOLD) or [name]
    if len(folded) > 2:
        folded = [folded[0], folded[1][: _FOLD - 1].rstrip() + "…"]
    return {"y": y, "high": 6 * (len(folded) - 1), "name": name, "folded": "\n".join(folded), "heading": False}


def _drawn(story: Story, bar: Bar, y: int, theme: Theme, labelled: bool) -> dict[str, Any]:
    """Return a bar as a row of the picture's data."""
    hatch = HATCHES[bar.look]
    fill = _colour(story, bar.holder, theme)
    full, brief = _labels(story, bar) if labelled else ("", "")
    ink = _ink_on(fill) if hatch.fill == 1 and fill and bar.look != "contested" else theme.ink
    denier = _denier(story, bar.disputed)
    return {
        "day": bar.day,
        "end": bar.end,
        "y": y,
        "look": bar.look,
        "fill": fill or theme.paper,
        "opacity": hatch.fill,
        "second": _colour(story, bar.contender, theme) or theme.paper,
        "possible": bar.possible,
        "denier": _colour(story, denier, theme) or theme.soft if bar.disputed else "",
        "label": full,
        "brief": brief,
        "wants": _width(full),
        "wantsbrief": _width(brief),
        "ink": ink,
        "halo": theme.paper if bar.look == "contested" or not fill else fill,
        "place": " ".join(capital(story.places[bar.place_id].name).split()),
        "days": days_in_words(story, bar),
        "words": bar.words + beside_in_words(story, bar),
        "publishers": bar.publishers,
    }


def _labels(story: Story, bar: Bar) -> tuple[str, str]:
    """Return what stands on a bar that is long enough, and what stands on a shorter one."""
    holder = capital(short(story, bar.holder)) if bar.holder else ""
    if bar.look in ("reported", "claimed"):
        return f"{holder}, {HATCHES[bar.look].label.lower()}", holder
    if bar.look == "contested":
        return f"Contested: {short(story, bar.contender)} inside", "Contested"
    if bar.look == "under_attack":
        return f"Under attack by {short(story, bar.contender)}", "Under attack"
    return ("Holder unknown", "") if bar.look == "unknown" else (holder, "")


def _width(label: str) -> int:
    """Return the pixels that a label wants; more than any screen has for none."""
    return round(len(label) * _LETTER + 10) if label else 1_000_000


def _denier(story: Story, sides: tuple[str, ...]) -> str:
    """Return the actor whose colour stands for the first of some sides: the one that bears the side's id, or its first."""
    if not sides or sides[0] in story.settings.actors:
        return sides[0] if sides else ""
    return next((actor.id for actor in story.settings.actors.values() if actor.side == sides[0]), "")


def _colour(story: Story, actor: str, theme: Theme) -> str:
    found = story.settings.actors.get(actor)
    return (found.dark if theme.name == "dark" else found.colour) if found else ""


def _ink_on(colour: str) -> str:
    """Return dark ink or light paper, whichever reads better on a colour (WCAG's relative luminance)."""

    def luminance(text: str) -> float:
        parts = [int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = THEMES["light"].ink, THEMES["light"].paper
    ground = luminance(colour)
    against_light, against_dark = (luminance(light) + 0.05) / (ground + 0.05), (ground + 0.05) / (luminance(dark) + 0.05)
    return dark if against_dark >= against_light else light


def _field(name: str, **more: Any) -> dict[str, Any]:
    return {"field": name, "type": "quantitative", "axis": None, **more}


def _across(count: int, field: str = "day") -> dict[str, Any]:
    """Return the encoding of a day across: the days fill what the names leave of the width."""
    scale = {"domain": [0, count], "nice": False, "zero": False, "rangeMin": {"expr": "left"}, "rangeMax": {"expr": "width"}}
    return _field(field, scale=scale)


_DOWN = {"field": "y", "type": "quantitative", "axis": None, "scale": None}
_SERIF, _SANS = "Georgia, Noto Serif, Times New Roman, serif", "Source Sans, Segoe UI, Roboto, Noto Sans, sans-serif"


def _frame(theme: Theme, height: int, centred: bool, count: int) -> list[dict[str, Any]]:
    """Return the layers behind the bars: lines of the days, their labels, lines of the rows, names and headings."""
    align = {"align": "center", "dx": {"expr": "perday / 2"}} if centred else {"align": "left", "dx": 3}
    words = {"type": "text", "font": _SANS, "fontSize": 12, "baseline": "middle"}

    def label(field: str, y: int, **more: Any) -> dict[str, Any]:
        text = {"field": field, "type": "nominal"}
        mark = {**words, **align, "color": theme.soft, **more}
        return {"data": {"name": "ticks"}, "mark": mark, "encoding": {"x": _across(count), "y": {"value": y}, "text": text}}

    line = {"type": "rule", "color": theme.rule, "strokeWidth": 1}
    fold = [
        {"calculate": f"width < {NARROW} ? datum.folded : datum.name", "as": "shown"},
        {"calculate": f"width < {NARROW} ? datum.y - datum.high : datum.y", "as": "top"},
    ]
    named = {"x": {"value": 0}, "y": {**_DOWN, "field": "top"}, "text": {"field": "shown", "type": "nominal"}}
    return [
        {
            "data": {"name": "ticks"},
            "mark": line,
            "encoding": {"x": _across(count), "y": {"value": HEAD}, "y2": {"value": height}},
        },
        label("label", 12, color=theme.ink),
        label("under", 27, fontSize=11),
        {
            "data": {"name": "names"},
            "transform": [{"filter": "!datum.heading"}],
            "mark": {**line, "strokeDash": [1, 3], "x": {"expr": "left"}, "x2": {"expr": "width"}},
            "encoding": {"y": _DOWN},
        },
        {
            "data": {"name": "names"},
            "transform": [{"filter": "!datum.heading"}, *fold],
            "mark": {**words, "align": "left", "color": theme.ink, "fontSize": {"expr": f"width < {NARROW} ? 12 : 13"}}
            | {"limit": {"expr": "left - 8"}, "lineBreak": "\n", "lineHeight": 12},
            "encoding": named,
        },
        {
            "data": {"name": "names"},
            "transform": [{"filter": "datum.heading"}, *fold],
            "mark": {**words, "align": "left", "color": theme.soft, "font": _SERIF, "fontStyle": "italic", "fontSize": 13},
            "encoding": named,
        },
    ]


def _bodies(theme: Theme, count: int) -> list[dict[str, Any]]:
    """Return the layers of the bars, each for those rows of the data that its filter lets through."""
    half = _BAR / 2
    x, x2 = _across(count), {"field": "end"}

    def layer(keep: str, mark: dict[str, Any], **encoding: Any) -> dict[str, Any]:
        across = {"x": x, "x2": x2, "y": _DOWN} | ({"y2": {"field": "y"}} if mark["type"] == "rect" else {})
        return {
            "data": {"name": "bars"},
            "transform": [{"filter": keep}],
            "mark": {"tooltip": None, **mark},
            "encoding": {**across, **encoding},
        }

    def strewn(keep: str, stride: int, mark: dict[str, Any], **encoding: Any) -> dict[str, Any]:
        spots = f"sequence(datum.day + {stride / 2} / perday, datum.end - {stride / 4} / perday, {stride} / perday)"
        return {
            "data": {"name": "bars"},
            "transform": [{"filter": keep}, {"calculate": spots, "as": "spot"}, {"flatten": ["spot"]}],
            "mark": {"type": "point", "tooltip": None, **mark},
            "encoding": {"x": _across(count, "spot"), "y": _DOWN, **encoding},
        }

    def coloured(field: str) -> dict[str, Any]:
        return {"field": field, "type": "nominal", "scale": None, "legend": None}

    body = {"type": "rect", "yOffset": -half, "y2Offset": half, "xOffset": 0.5, "x2Offset": -0.5}
    inset = {"type": "rect", "yOffset": 1 - half, "y2Offset": half - 1, "xOffset": 1.5, "x2Offset": -1.5}
    edge = {**inset, "filled": False, "strokeWidth": 2}
    whole = {"type": "quantitative", "field": "opacity", "scale": None, "legend": None}
    edges = {key: f"datum.look === '{key}'" for key in HATCHES}
    words = {"type": "text", "font": _SANS, "fontSize": 11, "align": "left", "baseline": "middle", "dx": 6, "dy": 0.5}
    long, shorter = (f"!datum.possible && (datum.end - datum.day) * perday > datum.{key}" for key in ("wants", "wantsbrief"))
    marked = f"({edges['contested']} || {edges['under_attack']})"
    label: tuple[str, dict[str, Any], dict[str, Any]] = ("true", {}, {"x2": None, "color": coloured("ink")})
    halo = (marked, {"strokeWidth": 3, "strokeJoin": "round"}, {"x2": None, "stroke": coloured("halo")})
    tooltip = [
        {"field": field, "type": "nominal", "title": title}
        for field, title in (("place", "Place"), ("days", "Days"), ("words", "Status"), ("publishers", "Publishers"))
    ]
    layers = [
        layer("true", {**body, "color": theme.paper, "opacity": 1}),
        layer("datum.opacity > 0", body, fill=coloured("fill"), fillOpacity=whole),
        layer(edges["background"], {**body, "yOffset": half - 2.5}, fill=coloured("fill")),
        layer(edges["reported"], edge, stroke=coloured("fill")),
        layer(edges["claimed"], {**edge, "strokeDash": [4, 3]}, stroke=coloured("fill")),
        layer(edges["contested"], {**body, "yOffset": 0}, fill=coloured("second")),
        layer(edges["contested"], {"type": "rule", "color": theme.ink, "strokeWidth": 1}),
        layer(marked, {**edge, "strokeWidth": 1, "color": theme.ink}),
        layer(edges["unknown"], {"type": "rule", "color": theme.soft, "strokeWidth": 3, "strokeDash": [3, 4]}),
        strewn(
            edges["under_attack"],
            _TEETH,
            {"shape": "triangle-up", "size": 64, "yOffset": half - 3, "stroke": theme.ink, "strokeWidth": 0.75}
            | {"filled": True, "opacity": 1},
            fill=coloured("second"),
        ),
        strewn("datum.possible", _STRIDE, {"shape": "M-0.6,1L0.6,-1", "size": _BAR**2, "stroke": theme.ink, "opacity": 0.8}),
        strewn(
            "datum.denier !== ''",
            _DOTS,
            {"shape": "circle", "size": 44, "yOffset": -half, "stroke": theme.paper, "strokeWidth": 1.5}
            | {"filled": True, "opacity": 1},
            fill=coloured("denier"),
        ),
        *(
            layer(f"{keep} && {only}", words | more, text={"field": field, "type": "nominal"}, **encoding)
            for keep, field in ((long, "label"), (f"{shorter} && !({long})", "brief"))
            for only, more, encoding in (halo, label)
        ),
        layer("true", {**body, "color": theme.ink, "opacity": 0, "tooltip": True}, tooltip=tooltip),
    ]
    for one in layers:
        one["encoding"] = {key: value for key, value in one["encoding"].items() if value is not None}
    return layers
