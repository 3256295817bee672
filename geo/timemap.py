"""The time map: Leaflet, our own files and a story's payload laid in a folder, and the folium map that uses them.

No text of a story goes through folium, branca or Jinja: it is in the payload file, which `geo.escaping` writes. The script
that folium renders is constant but for a digest and file names; day, number and address stand quoted in its html.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import folium
import xstatic.pkg.leaflet
from branca.element import MacroElement
from folium.template import Template

from geo.backgrounds import backgrounds
from geo.errors import DatelineError
from geo.escaping import script_file
from geo.files import write_whole
from geo.payload import compact

ASSETS = Path(__file__).parent / "assets"
SCRIPTS = (
    "elements",
    "later",
    "print",
    "drawings",
    "days",
    "mesh",
    "story",
    "theme",
    "basemap",
    "ground",
    "smoothing",
    "cells",
    "turns",
    "territory",
    "front",
    "symbols",
    "labels",
    "names",
    "notes",
    "events",
    "places",
    "changes",
    "scale",
    "player",
    "timeline",
    "brush",
    "knowledge",
    "compare",
    "legend",
    "list",
    "card",
    "method",
    "address",
    "roundtrip",
    "view",
    "find",
    "share",
    "version",
    "timemap",
    "start",
)
"""Our scripts in the order in which a page needs them; `guard` stands before all, Leaflet too."""
STYLES = ("paper", "ground", "background", "panels", "time", "find", "print")
AROUND = ("page", "site")
"""Stylesheets of the pages that a map stands in: they are not part of it."""
NOTICE = "leaflet-license.txt"
TRIPWIRE = (
    "let w=document.createElement('div');w.id='dateline-wait';w.style.cssText='height:420px;background:#8c826e24';"
    "document.body.prepend(w);"
    "addEventListener('error',e=>{let d=window.Dateline;if(e.target.tagName!='SCRIPT'||d&&d.fail)return;"
    "let p=document.createElement('p');p.setAttribute('role','alert');"
    "p.textContent='The map could not be loaded. Reload the page.';w.replaceWith(p);"
    "setTimeout(()=>window.Streamlit&&Streamlit.setFrameHeight(120))},true)"
)
"""What fills the frame until the guard is there, and says so where not even the guard loads.

It goes with every message to the map's frame, so it is short.
"""
_PLAIN = "()*;:,=?/+$@!'"  # characters that an address may hold as they are
_DIGEST = re.compile(r"[0-9a-f]{8,64}")
_NAME = re.compile(r"[a-z]+")
_BASE = re.compile(r"(?:[A-Za-z0-9._~/-]*/)?")


@dataclass(frozen=True, slots=True)
class Site:
    """What `lay` laid in a folder.

    Attributes
    ----------
    folder : where the files are
    digest : the payload's digest
    guard, leaflet, script, story : names of the JavaScript files, in the order in which a page loads them
    leaflet_style, style : names of the stylesheets
    notice : name of the file with Leaflet's licence
    """

    folder: Path
    digest: str
    guard: str
    leaflet: str
    story: str
    script: str
    leaflet_style: str
    style: str
    notice: str = NOTICE

    @property
    def scripts(self) -> tuple[str, ...]:
        """Names of the JavaScript files in the order in which a page loads them."""
        return self.guard, self.leaflet, self.story, self.script

    @property
    def styles(self) -> tuple[str, ...]:
        """Names of the stylesheets in their order."""
        return self.leaflet_style, self.style

    @property
    def is_whole(self) -> bool:
        """Whether all of its files are still there."""
        return all((self.folder / name).is_file() for name in (*self.scripts, *self.styles, self.notice))


def lay(folder: Path | str, payload: Mapping[str, Any]) -> Site:
    """Lay Leaflet, our scripts and styles and a payload in a folder; files of an earlier payload stay.

    Each file is written beside and then renamed, so that nobody is served half of one. Names carry a digest of the content:
    a browser may keep them for ever.

    Raises
    ------
    DatelineError : the payload's digest is not a plain hexadecimal number
    """
    digest = str(payload.get("digest", ""))
    if not _DIGEST.fullmatch(digest):
        raise DatelineError(f"digest: {digest!r} is not 8 to 64 hexadecimal figures")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    library = Path(xstatic.pkg.leaflet.BASE_DIR)
    scripts = [
        _put(folder, "leaflet", "js", (library / "leaflet.js").read_bytes()),
        _write(folder / f"story-{digest}.js", script_file("DATELINE", compact(payload)).encode("ascii")),
        _put(folder, "dateline", "js", _offered() + _joined(SCRIPTS, "js")),
    ]
    styles = [
        _put(folder, "leaflet", "css", (library / "leaflet.css").read_bytes()),
        _put(folder, "dateline", "css", _joined(STYLES, "css")),
    ]
    coming = script_file("COMING", {"scripts": scripts, "styles": styles}).encode("ascii")
    return Site(
        folder=folder,
        digest=digest,
        guard=_put(folder, "guard", "js", coming + _joined(["guard"], "js")),
        leaflet=scripts[0],
        story=scripts[1],
        script=scripts[2],
        leaflet_style=styles[0],
        style=styles[1],
        notice=_write(folder / NOTICE, (ASSETS / NOTICE).read_bytes()),
    )


def time_map(
    site: Site,
    *,
    base: str = "",
    day: date | None = None,
    serial: int = 0,
    more: Mapping[str, str] | None = None,
) -> folium.Map:
    """Return the folium map that draws a laid story.

    Parameters
    ----------
    site : what `lay` returned
    base : path from the page to the folder, "" or with a slash at its end
    day : the day to show; the page may change it later, and the map follows without being made anew. None: the last day
    serial : number of the reader's move that the day answers, 0 for none
    more : further parameters of the address, as `geo.address.Address.parameters` names them, and `embed`, "" or a reason

    Raises
    ------
    DatelineError : the base is not a plain path, or the name of a parameter is not plain letters
    """
    if not _BASE.fullmatch(base):
        raise DatelineError(f"base: {base!r} is not a plain path that ends with a slash")
    chart = folium.Map([0, 0], zoom_start=3, tiles=None, zoom_control=False, attribution_control=False)
    chart.default_js = [("tripwire", _inline(TRIPWIRE)), *((name, base + name) for name in site.scripts)]
    chart.default_css = [(name, base + name) for name in site.styles]
    TimeMap(site.digest, day, serial, more or {}).add_to(chart)
    return chart


class TimeMap(MacroElement):
    """The one element of ours on a folium map: a constant script, and the wanted day and address in its html."""

    _template = Template("""
        {% macro html(this, kwargs) %}
        <i hidden data-dateline="" data-day="{{ this.day }}" data-serial="{{ this.serial }}"{{ this.more }}></i>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        window.Dateline.start({map: {{ this._parent.get_name() }}, story: "{{ this.digest }}"});
        {% endmacro %}
    """)

    def __init__(self, digest: str, day: date | None, serial: int, more: Mapping[str, str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # branca's own is not typed
        if not _DIGEST.fullmatch(digest):
            raise DatelineError(f"digest: {digest!r} is not 8 to 64 hexadecimal figures")
        self._name = "TimeMap"
        self.digest = digest
        self.day = day.isoformat() if day else ""
        self.serial = int(serial)
        if wrong := [name for name in more if not _NAME.fullmatch(name)]:
            raise DatelineError(f"more: {wrong[0]!r} is not a name of plain letters")
        # Folium renders html as a template once more: quoted, a value holds letters, figures and %, and nothing that acts.
        self.more = "".join(f' data-{name}="{quote(value, safe="")}"' for name, value in more.items() if value)


def _joined(names: tuple[str, ...] | list[str], suffix: str) -> bytes:
    return b"\n".join((ASSETS / f"{name}.{suffix}").read_bytes() for name in names)


def _offered() -> bytes:
    """Return the script that names the backgrounds which a reader may choose."""
    return script_file("BACKGROUNDS", {"offered": [one.as_dict() for one in backgrounds()]}).encode("ascii")


def _put(folder: Path, stem: str, suffix: str, content: bytes) -> str:
    return _write(folder / f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{suffix}", content)


def _write(path: Path, content: bytes) -> str:
    if not path.exists() or path.read_bytes() != content:
        write_whole(path, content, lasting=False)
    return path.name


def _inline(script: str) -> str:
    """Return a script as an address that cannot fail: what guards the loading must not itself need loading."""
    return f"data:text/javascript,{quote(script, safe=_PLAIN)}"
