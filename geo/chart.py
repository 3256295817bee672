"""Place by place: bars of the control table -> a picture of them as HTML; page.css draws it, story text enters as escaped text.

A row is a place, the days run across. Colour says who holds it; the form of the bar says how, so that no two statuses look
alike in grey.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from geo.bars import Bar, beside_in_words, days_in_words
from geo.changes import capital
from geo.escaping import markup
from geo.story import Story
from geo.ticks import ticks
from geo.words import short

STATES = {
    "control": "Control",
    "reported": "Reported",
    "claimed": "Claimed",
    "contested": "Contested",
    "under_attack": "Under attack",
    "unknown": "Unknown",
    "background": "Before the story",
}
"""What the forms of a bar are called in the key, by status; the background is a status of its own here."""
OVERLAYS = {"possible": "May already have changed", "disputed": "Disputed"}
"""What is laid over a status."""
LOOKS = {**STATES, **OVERLAYS}
"""All that a key may have to tell of; each is a class of page.css."""
_INKS = ("#000000", "#ffffff")  # one of these two reads at 4.5 to 1 or better on any colour; no paler pair does
_FILLED = ("control", "under_attack", "contested")  # a label on these stands on the holder's full colour
_LETTER = 0.58  # of the letters' height, that a letter of a bar's label takes on average


def history_chart(story: Story, found: Mapping[str, Sequence[Bar]], places: Sequence[str], theme: str) -> str:
    """Return the picture of some places' bars as HTML.

    Parameters
    ----------
    places : ids in the order of the rows, at most `MOST_PLACES`
    theme : "light" or "dark", for the colours of the sides
    """
    marked = ticks(story.first_day, story.last_day)
    days = "".join(
        f'<span style="--at:{one.at:d}">{markup(one.label)}<small>{markup(one.under)}</small></span>' for one in marked.ticks
    )
    lines = "".join(f'<i style="--at:{one.at:d}"></i>' for one in marked.ticks)
    rows, group, above = [], None, None
    for place in places:
        own = found[place]
        only_background = _is_background(own)
        if only_background != group:
            group = only_background
            rows.append(f'<p class="dateline-group">{"Before the story" if only_background else "From reports"}</p>')
        alike = (own[0].look, own[0].holder) if len(own) == 1 and own[0].look == "background" else None
        labelled = alike is None or alike != above  # a row under one that is all the same needs no second label
        above = alike
        drawn = "".join(_drawn(story, bar, theme, labelled) for bar in own)
        name = f'<span title="{markup(_name(story, place))}">{markup(_name(story, place))}</span>'
        kind = "dateline-row dateline-low" if only_background else "dateline-row"
        rows.append(f'<div class="{kind}">{name}<div class="dateline-bars">{drawn}</div></div>')
    alt = f"Who held {len(places):d} places on each day; the same stands in the table below"
    look = "dateline-history dateline-dark" if theme == "dark" else "dateline-history"
    return (
        f'<div class="{look}" role="img" aria-label="{alt}" style="--days:{len(story.days):d}">'
        f'<div class="dateline-lines">{lines}</div>'
        f'<div class="dateline-days{" dateline-centred" if marked.centred else ""}">{days}</div>{"".join(rows)}</div>'
    )


def day_line(story: Story, found: Mapping[str, Sequence[Bar]], places: Sequence[str], day: date) -> str:
    """Return the line of a day as HTML, to stand under the picture of these places and to lie over it."""
    lows = [_is_background(found[place]) for place in places]
    low, groups = sum(lows), len(set(lows))
    at = ((day - story.first_day).days + 0.5) / len(story.days)
    high = f"--groups:{groups:d};--rows:{len(places) - low:d};--low:{low:d}"
    return f'<div class="dateline-now"><i style="--at:{at:.4f};{high}"></i></div>'


def looks_used(found: Mapping[str, Sequence[Bar]], places: Iterable[str]) -> list[str]:
    """Return the keys of `LOOKS` that these places' bars need, in their order."""
    own = [bar for place in places for bar in found[place]]
    used = {bar.look for bar in own} | {"possible" for bar in own if bar.possible} | {"disputed" for bar in own if bar.disputed}
    return [key for key in LOOKS if key in used]


def _is_background(own: Sequence[Bar]) -> bool:
    return all(bar.look == "background" for bar in own)


def _name(story: Story, place: str) -> str:
    return " ".join(capital(story.places[place].name).split())


def _drawn(story: Story, bar: Bar, theme: str, labelled: bool) -> str:
    """Return a bar: its form as a class, its days and colours as properties, and as its title all that is told of it."""
    holder, rival = _colour(story, bar.holder, theme), _colour(story, bar.contender, theme)
    style = [f"--from:{bar.day:d};--to:{bar.end:d}"]
    if holder:
        style.append(f"--side:{markup(holder)}")
    if rival:
        style.append(f"--rival:{markup(rival)}")
    if holder and bar.look in _FILLED:
        style.append(f"--on-side:{_ink_on(holder)}")
    told = (_name(story, bar.place_id), days_in_words(story, bar), bar.words + beside_in_words(story, bar), bar.publishers)
    title = "&#10;".join(markup(line) for line in told)
    over = '<b class="possible"></b>' if bar.possible else ""
    if bar.disputed:
        denier = _colour(story, _denier(story, bar.disputed), theme)
        over += f'<b class="disputed"{f""" style="--denier:{markup(denier)}" """ if denier else ""}></b>'
    labels = "".join(
        f'<s style="--wants:{_LETTER * len(label) + 1:.1f}em;--unless:{_LETTER * len(longer) + 1 if longer else 9999:.1f}em">'
        f"{markup(label)}</s>"
        for label, longer in _labels(story, bar)
        if label and labelled and not bar.possible
    )
    return f'<i class="dateline-look {bar.look}" style="{";".join(style)}" title="{title}">{over}{labels}</i>'


def _labels(story: Story, bar: Bar) -> tuple[tuple[str, str], ...]:
    """Return what stands on a bar that is long enough, and what stands on a shorter one: each with the longer one, if any."""
    holder = capital(short(story, bar.holder)) if bar.holder else ""
    full, brief = holder, ""
    if bar.look in ("reported", "claimed"):
        full, brief = f"{holder}, {STATES[bar.look].lower()}", holder
    elif bar.look == "contested":
        full, brief = f"Contested: {short(story, bar.contender)} inside", "Contested"
    elif bar.look == "under_attack":
        full, brief = f"Under attack by {short(story, bar.contender)}", "Under attack"
    elif bar.look == "unknown":
        full = "Holder unknown"
    return (full, ""), (brief, full)


def _denier(story: Story, sides: tuple[str, ...]) -> str:
    """Return the actor whose colour stands for the first of some sides: the one that bears the side's id, or its first."""
    if not sides or sides[0] in story.settings.actors:
        return sides[0] if sides else ""
    return next((actor.id for actor in story.settings.actors.values() if actor.side == sides[0]), "")


def _colour(story: Story, actor: str, theme: str) -> str:
    found = story.settings.actors.get(actor)
    return (found.dark if theme == "dark" else found.colour) if found else ""


def _ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on a colour (WCAG's relative luminance)."""

    def luminance(text: str) -> float:
        parts = [int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = _INKS
    ground = luminance(colour)
    against_light, against_dark = (luminance(light) + 0.05) / (ground + 0.05), (ground + 0.05) / (luminance(dark) + 0.05)
    return dark if against_dark >= against_light else light
