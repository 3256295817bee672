"""Features of a story -> KML 2.2, for globes and maps with a time slider: the actors' colours, times as TimeSpan.

Nothing is asked of the outside: symbols are the viewer's own, tinted. Text is escaped once for XML, and a description once
more, since viewers read that as HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from geo.escaping import markup
from geo.geojson import LAYERS
from geo.story import Story
from geo.storyfile import Actor
from geo.words import short

_OPACITY = {"reported": 0.7, "modelled": 0.38, "background": 0.22}
_TITLES = {
    "territory": "Territory (modelled)",
    "front_line": "Front line (approximate)",
    "places": "Places",
    "events": "Events",
}
_INK, _GREY = "ff18181b", "ff888888"


def kml(story: Story, collection: Mapping[str, Any]) -> str:
    """Return a KML document of what `geo.geojson.collection` returned, a folder a layer."""
    folders = "".join(_folder(story, layer, collection) for layer in LAYERS)
    about = " ".join([story.settings.standfirst, str(collection["note"]), *collection["attribution"]])
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
        f"<name>{markup(story.settings.title)}</name>\n<description>{_html(about)}</description>\n"
        f"{''.join(_styles(story.settings.actors.values()))}{folders}</Document>\n</kml>\n"
    )


def _styles(actors: Iterable[Actor]) -> Iterator[str]:
    for actor in actors:
        for tier, opacity in _OPACITY.items():
            fill = f"<PolyStyle><color>{_colour(actor.colour, opacity)}</color><outline>0</outline></PolyStyle>"
            yield f'<Style id="{actor.id}.{tier}">{fill}</Style>\n'
        icon = f"<IconStyle><color>{_colour(actor.colour)}</color></IconStyle>"
        yield f'<Style id="{actor.id}">{icon}</Style>\n'
    yield f'<Style id="nobody"><IconStyle><color>{_GREY}</color></IconStyle></Style>\n'
    yield f'<Style id="front.solid"><LineStyle><color>{_INK}</color><width>3</width></LineStyle></Style>\n'
    yield f'<Style id="front.open"><LineStyle><color>{_INK}</color><width>1.5</width></LineStyle></Style>\n'


def _colour(colour: str, opacity: float = 1.0) -> str:
    """Return a colour #rrggbb as KML writes it: aabbggrr."""
    return f"{round(opacity * 255):02x}{colour[5:7]}{colour[3:5]}{colour[1:3]}"


def _folder(story: Story, layer: str, collection: Mapping[str, Any]) -> str:
    marks = "".join(_placemark(story, one) for one in collection["features"] if one["properties"]["layer"] == layer)
    return f"<Folder>\n<name>{_TITLES[layer]}</name>\n{marks}</Folder>\n" if marks else ""


def _placemark(story: Story, feature: Mapping[str, Any]) -> str:
    told = feature["properties"]
    data = "".join(
        f'<Data name="{key}"><value>{_html(_text(value))}</value></Data>'
        for key, value in told.items()
        if value not in (None, "", []) and key not in ("day", "name", "valid_from", "valid_to")
    )
    return (
        f"<Placemark><name>{markup(_name(story, told))}</name><description>{_html(told.get('words', ''))}</description>"
        f"{_timespan(story, told)}<styleUrl>#{_style(story, told)}</styleUrl><ExtendedData>{data}</ExtendedData>"
        f"{_geometry(feature['geometry'])}</Placemark>\n"
    )


def _name(story: Story, told: Mapping[str, Any]) -> str:
    if told["layer"] == "territory":
        return f"{_label(story, told['holder'])}: {told['tier']}"
    if told["layer"] == "front_line":
        return f"{short(story, told['holder'])} / {short(story, told['other'])}"
    return str(told["name"])


def _style(story: Story, told: Mapping[str, Any]) -> str:
    if told["layer"] == "territory":
        return f"{told['holder']}.{told['tier']}"
    if told["layer"] == "front_line":
        return "front.solid" if told["solid"] else "front.open"
    actor = told.get("holder") or told.get("contender") or told.get("actor")
    return actor if actor in story.settings.actors else "nobody"


def _label(story: Story, actor: str) -> str:
    return story.settings.actors[actor].label if actor in story.settings.actors else actor


def _timespan(story: Story, told: Mapping[str, Any]) -> str:
    """Return from when to when a feature holds, in moments: what still holds on the last day shown ends with it."""
    zone, after = story.settings.zone, story.last_day + timedelta(days=1)
    if "day" in told:
        first = date.fromisoformat(told["day"])
        end = first + timedelta(days=1)
    else:
        first = max(date.fromisoformat(told["valid_from"]), story.first_day)
        end = min(date.fromisoformat(told["valid_to"]), after) if told["valid_to"] else after
    begin, finish = (datetime.combine(day, time(), zone).isoformat() for day in (first, end))
    return f"<TimeSpan><begin>{begin}</begin><end>{finish}</end></TimeSpan>"


def _geometry(geometry: Mapping[str, Any]) -> str:
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "Point":
        return f"<Point>{_coordinates([coordinates])}</Point>"
    if kind == "LineString":
        return f"<LineString><tessellate>1</tessellate>{_coordinates(coordinates)}</LineString>"
    if kind == "Polygon":
        return _polygon(coordinates)
    return f"<MultiGeometry>{''.join(_polygon(rings) for rings in coordinates)}</MultiGeometry>"


def _polygon(rings: Any) -> str:
    outer, *inner = (f"<LinearRing>{_coordinates(ring)}</LinearRing>" for ring in rings)
    holes = "".join(f"<innerBoundaryIs>{ring}</innerBoundaryIs>" for ring in inner)
    return f"<Polygon><tessellate>1</tessellate><outerBoundaryIs>{outer}</outerBoundaryIs>{holes}</Polygon>"


def _coordinates(points: Iterable[Any]) -> str:
    return f"<coordinates>{' '.join(f'{lon},{lat}' for lon, lat in points)}</coordinates>"


def _html(text: str) -> str:
    return markup(markup(text))


def _text(value: Any) -> str:
    return (
        ";".join(map(str, value)) if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else str(value)
    )
