"""A story -> the HTML of its published pages: the reader's page, the bare one for other people's frames, the retraction.

Every text of the story passes `geo.escaping.markup`. Links are relative: the folder works anywhere, from a disk too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from geo.days import in_words, moment_in_words
from geo.escaping import markup
from geo.story import Story
from geo.timemap import NOTICE, Site

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
"""What the page may load: its own files. `connect-src` is for version.json alone."""
INDEX, EMBED = "index.html", "embed.html"
_EMBED_HEIGHT = 720  # pixels


@dataclass(frozen=True, slots=True)
class Edition:
    """One publishing of a story.

    Attributes
    ----------
    digest : of the story as it is shown
    moment : when it was published
    url : where the folder will be, with a slash at its end; "" where that is not known
    style : path to the page's own stylesheet
    picture : path to the picture that shows in links to the page, "" where there is none
    """

    digest: str
    moment: datetime
    url: str
    style: str
    picture: str = ""

    def words(self, story: Story) -> str:
        """Return when it was published: 7 December 2024, 09:30 (Damascus)."""
        return f"{moment_in_words(self.moment, story.settings.zone)} ({story.settings.clock or story.settings.zone.key})"


@dataclass(frozen=True, slots=True)
class Download:
    """A file that readers may take away: what it is, its kind, its path and its size in bytes."""

    title: str
    kind: str
    path: str
    size: int


def index_page(
    story: Story, site: Site, edition: Edition, rows: Iterable[Mapping[str, str]], downloads: Iterable[Download]
) -> str:
    """Return the reader's page: headline, map, the table of the last day (`rows`), what can be taken away.

    Parameters
    ----------
    site : the map's files, laid in the folder `assets`
    rows : the table of the last day in words
    """
    settings, last = story.settings, story.last_day
    body = (
        f'<main class="site">\n{_head(story, edition)}\n'
        f"<noscript><p>The map needs JavaScript. The table below says the same of {in_words(last)}.</p></noscript>\n"
        f"{_home(site)}"
        f'<div class="site-more">\n{_table(story, last, rows)}{_take(downloads)}{_embedding(story, edition)}</div>\n</main>\n'
        f"{_foot(story, edition)}{_scripts(site)}"
    )
    return _page(story, edition, settings.title, _social(story, edition), body, _styles(site))


def embed_page(story: Story, site: Site, edition: Edition) -> str:
    """Return the bare page for a frame: the map writes title, sources and the way to the full page itself."""
    whole = f'<link rel="canonical" href="{INDEX}" data-dateline-whole>\n<meta name="robots" content="noindex">\n'
    link = f'<a href="{INDEX}" target="_blank">{markup(story.settings.title)}</a>'
    body = (
        '<i hidden data-dateline="" data-embed="page"></i>\n<main class="site site-bare">\n'
        f"<noscript><p>The map needs JavaScript. {link}</p></noscript>\n{_home(site)}{_line(story, edition)}\n</main>\n"
        f"{_scripts(site)}"
    )
    return _page(story, edition, story.settings.title, whole, body, _styles(site))


def retraction_page(story: Story, edition: Edition) -> str:
    """Return what stands at the address of a story that was taken back: that it was, when and why; no map and no data."""
    settings = story.settings
    contact = f"<p>{markup(settings.contact)}</p>" if settings.contact else ""
    body = (
        f'<main class="site site-retracted">\n<p class="site-stamp">Retracted</p>\n<h1>{markup(settings.title)}</h1>\n'
        f'<p class="site-why">{markup(settings.retracted)}</p>\n'
        "<p>The map and its data are no longer published. A copy that you saved, and data taken from here, "
        f'should not be used.</p>\n{contact}<p class="site-edition">Retracted {markup(edition.words(story))}</p>\n</main>\n'
    )
    return _page(story, edition, f"Retracted: {settings.title}", "", body, ())


def embed_snippet(story: Story, url: str, *, framed: str = EMBED) -> str:
    """Return what an editor pastes into an article to show the map there: a frame, and a link for where frames are removed.

    Parameters
    ----------
    url : address of the full page; "" leaves a blank to fill in
    framed : what the frame shows, relative to it
    """
    page = markup(url or "https://ADDRESS/")
    title = markup(story.settings.title)
    style = f"width:100%;height:min(92vh,{_EMBED_HEIGHT}px);border:0"
    return (
        f'<iframe src="{page}{markup(framed)}" title="{title}" width="100%" height="{_EMBED_HEIGHT}" style="{style}" '
        f'loading="lazy" allow="clipboard-write"></iframe>\n<p><a href="{page}">{title}</a></p>'
    )


def _page(story: Story, edition: Edition, title: str, more: str, body: str, styles: Iterable[str]) -> str:
    links = "".join(f'<link rel="stylesheet" href="{name}">\n' for name in (*styles, edition.style))
    return (
        f'<!doctype html>\n<html lang="{markup(story.settings.language or "en")}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>{markup(title)}</title>\n{more}{links}</head>\n<body>\n{body}</body>\n</html>\n"
    )


def _social(story: Story, edition: Edition) -> str:
    """Return what a link to the page shows elsewhere. Its addresses must be whole ones, which need the folder's."""
    settings = story.settings
    told = {
        "og:type": "article",
        "og:title": settings.title,
        "og:description": settings.standfirst,
        "og:locale": settings.language,
        "og:url": edition.url,
        "og:image": f"{edition.url}{edition.picture}" if edition.picture else "",
        "og:image:width": "1200" if edition.picture else "",
        "og:image:height": "630" if edition.picture else "",
        "og:image:alt": f"Map of {in_words(story.last_day)}: {settings.short_title}" if edition.picture else "",
        "article:modified_time": edition.moment.isoformat(),
    }
    tags = [f'<meta property="{name}" content="{markup(value)}">' for name, value in told.items() if value]
    tags.append(f'<meta name="description" content="{markup(settings.standfirst)}">')
    tags.append(f'<meta name="twitter:card" content="{"summary_large_image" if edition.picture else "summary"}">')
    tags += [f'<link rel="canonical" href="{markup(edition.url)}">'] if edition.url else []
    return "\n".join(tags) + "\n"


def _styles(site: Site) -> list[str]:
    return [f"assets/{name}" for name in site.styles]


def _scripts(site: Site) -> str:
    return "".join(f'<script src="assets/{name}"></script>\n' for name in site.scripts)


def _home(site: Site) -> str:
    """Return where the map will be; `guard.js` takes the first of the two over for its waiting picture."""
    return f'<div data-dateline-home><div id="dateline-wait"></div><div data-dateline-map="{site.digest}"></div></div>\n'


def _head(story: Story, edition: Edition) -> str:
    settings = story.settings
    return (
        f'<header class="site-head"><h1>{markup(settings.title)}</h1>'
        f'<p class="site-standfirst">{markup(settings.standfirst)}</p>{_line(story, edition)}</header>'
    )


def _line(story: Story, edition: Edition) -> str:
    """Return the line that says which edition this is; the script adds whether there is a newer one."""
    words = markup(edition.words(story))
    return (
        f'<p class="site-edition" data-dateline-edition="{edition.digest}" data-url="{markup(edition.url)}">'
        f'Published <time datetime="{edition.moment.isoformat()}">{words}</time> · edition {edition.digest[:8]}</p>'
    )


def _table(story: Story, day: date, rows: Iterable[Mapping[str, str]]) -> str:
    rows = list(rows)
    title = f"<h2>Who held what on {in_words(day)}, the last day</h2>\n"
    if not rows:
        return f"{title}<p>Nothing is reported of it.</p>\n"
    heads = "".join(f'<th scope="col">{markup(column)}</th>' for column in rows[0])
    lines = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{markup(cell)}</th>' if at == 0 else f"<td>{markup(cell)}</td>"
            for at, cell in enumerate(row.values())
        )
        + "</tr>\n"
        for row in rows
    )
    return (
        f'{title}<details><summary>The table of this day: {len(rows)} places</summary>\n<div class="site-wide" tabindex="0" '
        f'role="region" aria-label="Table of {in_words(day)}"><table>\n<thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{lines}</tbody>\n</table></div></details>\n"
    )


def _take(downloads: Iterable[Download]) -> str:
    groups: dict[str, list[str]] = {}
    for one in downloads:
        size = f"{max(1, round(one.size / 1000))} kB"
        link = (
            f'<span class="site-file"><a href="{markup(one.path)}" download>{markup(one.kind)}</a> <small>{size}</small></span>'
        )
        groups.setdefault(one.title, []).append(link)
    items = "".join(f"<li><span>{markup(title)}</span> {' '.join(links)}</li>\n" for title, links in groups.items())
    return f'<h2>The data</h2>\n<ul class="site-data">\n{items}</ul>\n' if items else ""


def _embedding(story: Story, edition: Edition) -> str:
    if not edition.url:
        return ""
    snippet = markup(embed_snippet(story, edition.url))
    return (
        "<details><summary>Show this map in your own page</summary>\n"
        f'<pre class="site-wide" tabindex="0" role="region" aria-label="Text to paste">{snippet}</pre></details>\n'
    )


def _foot(story: Story, edition: Edition) -> str:
    """Return the foot; the method, which the map writes for everyone else, stands here for readers without scripts."""
    settings = story.settings
    said = [*settings.method, *settings.notes, " ".join(settings.attribution), settings.contact]
    method = "".join(f"<p>{markup(words)}</p>" for words in said if words)
    sources = "".join(
        f"<li>{markup(article.publisher)}, {in_words(article.published)}"
        f"{' (date inferred)' if article.published_basis == 'inferred' else ''}: {markup(article.title)}</li>"
        for article in story.articles.values()
    )
    return (
        f'<footer class="site-foot">\n<noscript><h2>How this is made</h2>{method}<ul>{sources}</ul></noscript>\n'
        f'<p>The map is drawn with Leaflet (<a href="assets/{NOTICE}">its licence</a>). '
        "This page asks nobody but its own host for anything.</p>\n</footer>\n"
    )
