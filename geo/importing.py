"""Files from outside -> articles: text with front matter, bare text, saved web pages, in any encoding.

    for article in read_files(paths, story.settings, problems): ...

A file that cannot be read gives one problem; the others are read all the same.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from charset_normalizer import from_bytes

from geo.articles import Article, front_matter
from geo.days import day_in, day_or_moment
from geo.errors import DatelineError, Problem, StoryError
from geo.storyfile import Settings
from geo.tables import LARGEST_FILE

PAGES = frozenset((".html", ".htm", ".xhtml"))
TEXTS = frozenset((".md", ".txt", ".text", ".markdown"))

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,40})|<\?xml[^>]{0,200}encoding=[\"']([\w-]{2,40})", re.IGNORECASE
)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a]")
_SLUG = re.compile(r"[^a-z0-9]+")


def read_files(
    paths: Iterable[Path], settings: Settings, problems: list[Problem], *, published: date | None = None, publisher: str = ""
) -> Iterator[Article]:
    """Yield the articles of files, in their order; a file that cannot be read goes to `problems` instead.

    Parameters
    ----------
    settings : the story's, for its time zone and its sources
    published, publisher : of files that do not say so themselves
    """
    for path in paths:
        try:
            yield read_file(path, settings, published=published, publisher=publisher)
        except StoryError as error:
            problems.extend(error.problems)


def read_file(path: Path, settings: Settings, *, published: date | None = None, publisher: str = "") -> Article:
    """Return the article in a file.

    Raises
    ------
    StoryError : one problem: the file is absent, no text, of no known kind, or nothing says when it was published
    """
    kind = path.suffix.lower()
    if kind not in PAGES | TEXTS:
        raise _refuse(path, "name", path.name, "An article is a .md, .txt or .html file.", "save it as one of these.")
    text = decoded(_bytes(path), path)
    if kind in PAGES:
        fields, body = _page(text, path)
    else:
        fields, _, body = front_matter(text.removeprefix("\ufeff"), str(path))
    day = published
    if fields.get("published"):
        try:
            day = day_in(day_or_moment(fields["published"]), settings.zone)
        except DatelineError as error:
            raise _refuse(path, "published", fields["published"], str(error), "write it as 2024-12-05.") from error
    if day is None:
        mend = "add a line published: 2024-12-05 to its front matter, or say --published DAY."
        raise _refuse(path, "published", "", "An article says when it was published.", mend)
    if not body.strip():
        raise _refuse(path, "text", "", "An article has a text.", "paste the article's text into the file.")
    name = fields.get("publisher") or publisher or fields.get("source") or "unknown"
    return Article(
        article_id=path.stem,
        source=fields.get("source") or source_of(name, settings),
        publisher=name,
        title=fields.get("title") or "untitled",
        agency=fields.get("agency", ""),
        published=day,
        published_basis=fields.get("published_basis", "stated"),
        published_note=fields.get("published_note", ""),
        language=fields.get("language", ""),
        url=fields.get("url", ""),
        nature="text",
        body=body,
    )


def source_of(publisher: str, settings: Settings) -> str:
    """Return the id of the story's source of a publisher's name, or an id made of the name where the story has none."""
    plain = _SLUG.sub(" ", publisher.lower().removeprefix("the ")).strip()
    for source in settings.sources.values():
        if plain and plain in (source.id, _SLUG.sub(" ", source.name.lower().removeprefix("the ")).strip()):
            return source.id
    return plain.replace(" ", "-") or "unknown"


def decoded(raw: bytes, path: Path) -> str:
    """Return bytes as text: by their mark, by what a page declares, as UTF-8, or as what they look most like.

    Line breaks become \\n; nothing else is changed, so that offsets stay those of the file's own text.

    Raises
    ------
    StoryError : the bytes are no text
    """
    text = _by_mark(raw) or _by_declaration(raw) or _plain(raw, "utf-8")
    if text is None:
        best = from_bytes(raw[:200_000]).best()
        text = _plain(raw, best.encoding) if best is not None else None
    if text is None or len(_BINARY.findall(text[:4096])) > 8:
        raise _refuse(path, "encoding", "", "The file must be text.", "save the article as UTF-8 text.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _by_mark(raw: bytes) -> str | None:
    return next((_plain(raw, name) for mark, name in _MARKS if raw.startswith(mark)), None)


def _by_declaration(raw: bytes) -> str | None:
    found = _DECLARED.search(raw[:2048])
    return _plain(raw, (found.group(1) or found.group(2)).decode("ascii")) if found else None


def _plain(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise _refuse(path, "file", path.name, "There is no such file.", "check the name.")
        if path.stat().st_size > LARGEST_FILE:
            raise _refuse(
                path, "file", f"{path.stat().st_size} bytes", f"A file may have {LARGEST_FILE} bytes at most.", "split it."
            )
        return path.read_bytes()
    except OSError as error:
        raise _refuse(path, "file", error.strerror or "", "The file must be readable.", "check its permissions.") from error


def _page(text: str, path: Path) -> tuple[dict[str, str], str]:
    """Return the fields and the text of a saved web page, without its menus, advertisements and comments."""
    import trafilatura  # a saved page is rare, and the package is slow to load

    try:
        document = trafilatura.bare_extraction(text, include_comments=False, include_tables=False, with_metadata=True)
    except Exception as error:  # whatever a page's markup does to the parser, the other files are still read
        raise _refuse(
            path, "page", type(error).__name__, "The page cannot be taken apart.", "save the article's text as .txt."
        ) from error
    if document is None or isinstance(document, dict) or not document.text:
        raise _refuse(path, "page", "", "No article was found in the page.", "save the article's text as .txt.")
    fields = {"title": document.title, "published": document.date, "publisher": document.sitename, "url": document.url}
    return {key: str(value) for key, value in fields.items() if value}, str(document.text)


def _refuse(path: Path, field: str, value: object, rule: str, mend: str, line: int | None = None) -> StoryError:
    return StoryError(Problem(str(path), line, field, str(value), rule, mend))
