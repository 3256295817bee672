"""A story -> a folder that any web server can hand out and that works from a disk: page, map, data, picture.

The folder is made beside its place and exchanged for what stands there: nobody is ever handed half of one. The same story
published at the same moment gives the same bytes; another moment changes `index.html`, `embed.html` and `version.json` only.
"""

from __future__ import annotations

import ctypes
import gzip
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from geo.control import control_table
from geo.days import day_or_moment, in_words
from geo.errors import DatelineError, shown
from geo.escaping import inert_json
from geo.exports import articles_csv, export, export_name, geojson, story_name, who_holds_what, zipped
from geo.files import settle
from geo.geojson import collection
from geo.kml import kml
from geo.page import EMBED, INDEX, Download, Edition, embed_page, embed_snippet, index_page, retraction_page
from geo.payload import payload
from geo.story import Story
from geo.timemap import ASSETS, lay

__all__ = ["embed_snippet", "moment_of_publishing", "publish", "site_address", "site_zip"]

VERSION = "version.json"
"""What an open page asks for to learn of a newer edition; it marks the folder as a published site, too."""
_STALE = 86_400  # seconds after which a folder that a killed run left beside is removed
_EXCHANGE, _HERE = 2, -100  # of Linux's renameat2: RENAME_EXCHANGE, AT_FDCWD

Progress = Callable[[str], None]


def moment_of_publishing(text: str, epoch: str = "") -> datetime:
    """Return the moment that a text states, else that of SOURCE_DATE_EPOCH (seconds since 1970), else now, to the minute.

    Raises
    ------
    DatelineError : the text is no moment with its offset, or the epoch no number of seconds
    """
    if text:
        moment = day_or_moment(text)
        if not isinstance(moment, datetime):
            raise DatelineError(f"“{shown(text)}” is a day: write the moment of publishing as 2024-12-07T09:30+03:00.")
    elif epoch:
        try:
            moment = datetime.fromtimestamp(int(epoch), UTC)
        except (ValueError, OverflowError, OSError):
            raise DatelineError(f"SOURCE_DATE_EPOCH is “{shown(epoch)}”: it is a number of seconds since 1970.") from None
    else:
        moment = datetime.now(UTC)
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def publish(
    story: Story, out: Path, *, url: str = "", moment: datetime | None = None, progress: Progress = lambda words: None
) -> Path:
    """Publish a story as a folder and return its path; what was published there before is replaced whole.

    Parameters
    ----------
    out : the folder; it may be absent, empty, or a published site, and nothing else
    url : address where it will be, "" where that is not known
    moment : when it is published, by default now
    progress : is told each step

    Raises
    ------
    DatelineError : the address is none, or the folder holds something else or cannot be written
    """
    place, address = out.resolve(), site_address(url)
    _check(place, out)
    moment = moment or moment_of_publishing("")
    beside = place.with_name(f".{place.name}.new-{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _clear(place)
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        try:
            if story.settings.retracted:
                _retraction(story, beside, address, moment)
            else:
                _site(story, beside, address, moment, progress)
            progress("putting it in its place")
            settle(beside)
            _exchange(beside, place)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise DatelineError(f"“{out}” cannot be written: {error.strerror or error} ({error.filename or place}).") from error
    return out


def site_zip(story: Story, *, url: str = "", moment: datetime | None = None) -> bytes:
    """Return the published folder of a story as a zip: unpacked anywhere, its index.html is the map."""
    with tempfile.TemporaryDirectory(prefix="dateline-") as made:
        folder = publish(story, Path(made) / story_name(story), url=url, moment=moment)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return zipped({path.relative_to(made).as_posix(): path.read_bytes() for path in files})


def _site(story: Story, folder: Path, url: str, moment: datetime, progress: Progress) -> None:
    progress("the map")
    site = lay(folder / "assets", payload(story))
    progress("the data")
    downloads = list(_data(story, folder))
    progress("the picture")
    picture = _picture(story, folder)
    size = (folder / picture).stat().st_size
    downloads.append(Download(f"Picture of {in_words(story.last_day)}", "PNG", picture, size))
    if not url:
        progress("without --url, links to the page show no picture elsewhere")
    progress("the page")
    edition = Edition(site.digest, moment, url, _style(folder), picture)
    rows = who_holds_what(story, control_table(story), story.last_day)
    _write(folder / INDEX, index_page(story, site, edition, rows, downloads))
    _write(folder / EMBED, embed_page(story, site, edition))
    _version(story, folder, edition)
    _compress(folder / "assets")


def _compress(folder: Path) -> None:
    """Lay a gzip'd copy beside each script and stylesheet, for servers that hand those out instead of compressing each time."""
    for path in sorted(folder.iterdir()):
        if path.suffix in (".js", ".css"):
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def _retraction(story: Story, folder: Path, url: str, moment: datetime) -> None:
    digest = hashlib.sha256(f"{story.settings.title}\n{story.settings.retracted}".encode()).hexdigest()[:12]
    edition = Edition(digest, moment, url, _style(folder))
    for name in (INDEX, EMBED):
        _write(folder / name, retraction_page(story, edition))
    _version(story, folder, edition)


def _version(story: Story, folder: Path, edition: Edition) -> None:
    told = {
        "dateline": 1,
        "edition": edition.digest,
        "published": edition.moment.isoformat(),
        "words": edition.words(story),
        "retracted": story.settings.retracted,
    }
    _write(folder / VERSION, inert_json(told) + "\n")


def _data(story: Story, folder: Path) -> Iterator[Download]:
    """Write the data, each format with the bytes of its export, and yield what is told of it."""
    last, name = story.last_day, story_name(story)
    days, day = collection(story), collection(story, last)
    every, one = "The map of all days", f"The map of {in_words(last)}"
    files: tuple[tuple[str, str, str, bytes], ...] = (
        ("Who held what, on which days, on whose word", "CSV", export_name(story, "csv"), export(story, "csv")),
        (every, "GeoJSON", export_name(story, "geojson"), geojson(days)),
        (every, "KML", export_name(story, "kml"), kml(story, days).encode()),
        (one, "GeoJSON", export_name(story, "geojson", last), geojson(day)),
        (one, "KML", export_name(story, "kml", last), kml(story, day).encode()),
        ("All of it: every claim, place and article, described", "Data Package (zip)", f"{name}.zip", export(story, "zip")),
        ("The articles it was read from", "CSV", f"{name}-articles.csv", articles_csv(story).encode()),
    )
    (folder / "data").mkdir()
    for title, kind, file, content in files:
        (folder / "data" / file).write_bytes(content)
        yield Download(title, kind, f"data/{file}", len(content))


def _picture(story: Story, folder: Path) -> str:
    """Draw the last day for links to the page; its name changes with what it shows, since other sites keep pictures."""
    from geo.stills import still  # what draws is slow to load, and the app publishes only when asked

    drawn = folder / "picture.png"
    still(story, story.last_day, "1200x630", drawn)
    digest = hashlib.sha256(drawn.read_bytes()).hexdigest()[:12]
    return drawn.rename(folder / f"{story_name(story)}-{story.last_day}-{digest}.png").name


def _style(folder: Path) -> str:
    content = (ASSETS / "site.css").read_bytes()
    path = folder / "assets" / f"site-{hashlib.sha256(content).hexdigest()[:12]}.css"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return f"assets/{path.name}"


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def site_address(url: str) -> str:
    """Return the address of a published folder with a slash at its end, "" for none.

    Raises
    ------
    DatelineError : it is no such address
    """
    if not url:
        return ""
    found = urlsplit(url)
    is_whole = found.scheme in ("http", "https") and found.hostname and not (found.query or found.fragment)
    if not is_whole or re.search(r"[\s<>\"]", url):
        raise DatelineError(f"“{shown(url)}” is not the address of a folder: write it as https://example.org/syria/.")
    return f"{url.removesuffix(INDEX).rstrip('/')}/"


def _check(place: Path, out: Path) -> None:
    """Refuse to replace what is not a published site."""
    if place.is_dir() and (not any(place.iterdir()) or _is_site(place)):
        return
    if place.exists() or place == place.parent:
        raise DatelineError(f"“{out}” holds something else than a published site: name an empty folder or a new one.")


def _is_site(place: Path) -> bool:
    try:
        told = json.loads((place / VERSION).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("dateline") == 1


def _clear(place: Path) -> None:
    """Remove what killed runs left beside, once it is old enough not to be another run's."""
    for left in place.parent.glob(f".{place.name}.new-*"):
        if time.time() - left.stat().st_mtime > _STALE:
            shutil.rmtree(left, ignore_errors=True)


def _exchange(new: Path, place: Path) -> None:
    """Put a folder in its place, in one step where the system can; what stood there ends up where the new one was, or gone."""
    if not place.exists():
        new.rename(place)
    elif not _exchanged(new, place):
        old = new.with_suffix(new.suffix.replace("new", "old"))
        place.rename(old)
        try:
            new.rename(place)
        except OSError:
            old.rename(place)
            raise
        shutil.rmtree(old, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders by Linux's renameat2; return whether that could be done."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return rename is not None and rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0
