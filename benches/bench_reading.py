"""Speed of reading beside geotext, in one run: PYTHONPATH=. python benches/bench_reading.py (needs geotext for the ratio).

Prints articles a second for places and for places, days and claims, on texts read before and on texts in which no line was
read before, beside geotext on the same texts; seconds for 2 MB; and reads 20,000 generated and mutated texts, which must
raise nothing.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from geo.articles import Article
from geo.mentions import Finder
from geo.reading.claims import read
from geo.reading.context import context_of
from geo.story import read_story

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT.parent / "shared" / "source-articles"
ROUNDS = 50
MUTATED = 20_000


def seconds(run: Callable[[], object], rounds: int = 1) -> float:
    """Return the seconds of processor time of one round, the best of three."""
    best = float("inf")
    for _ in range(3):
        begin = time.process_time()
        for _ in range(rounds):
            run()
        best = min(best, (time.process_time() - begin) / rounds)
    return best


def rate(run: Callable[[str], object], bodies: list[str]) -> tuple[float, float]:
    """Return the texts read in a second of processor time, repeated and fresh, each the best of some rounds.

    Fresh texts have no line that was read before: each line ends with numbers of its own.
    """
    best = [0.0, 0.0]
    for number in range(ROUNDS):
        fresh = ["\n".join(f"{line} Item {number} {index}." for index, line in enumerate(body.split("\n"))) for body in bodies]
        for which, texts in enumerate((bodies, fresh)):
            begin = time.process_time()
            for text in texts:
                run(text)
            best[which] = max(best[which], len(texts) / (time.process_time() - begin))
    return best[0], best[1]


def main() -> None:
    """Measure and print."""
    story = read_story(ROOT / "seeds")
    known = context_of(story)
    bodies = [path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.txt"))]
    bodies = bodies or [article.body for article in story.articles.values()]
    count = len(bodies)

    finder = Finder(known.gazetteer, known.lexicon)
    begin = time.process_time()
    for body in bodies:
        finder.find(body)
    print(f"places, a finder just made                {count / (time.process_time() - begin):8.0f} articles/s")
    runs: list[tuple[str, Callable[[str], object]]] = [
        ("places", known.finder.find),
        ("places, days, claims", lambda body: read(_article(body, 0), known)),
    ]
    try:
        from geotext import GeoText
    except ImportError:
        print("geotext is not installed: no ratio", file=sys.stderr)
    else:
        runs.append(("geotext", GeoText))
    rates = {name: rate(run, bodies) for name, run in runs}
    others = rates.get("geotext")
    for name, (repeated, fresh) in rates.items():
        ratio = (
            ""
            if others is None or name == "geotext"
            else f"; of geotext {repeated / others[0]:.2f} and {fresh / others[1]:.2f}"
        )
        print(f"{name:22} repeated {repeated:8.0f}, fresh {fresh:8.0f} articles/s{ratio}")

    joined = "\n".join(bodies)
    for size in (500_000, 1_000_000, 2_000_000):
        text = (joined * (size // len(joined) + 1))[:size]
        article = _article(text, size)
        print(f"{size / 1e6:.1f} MB                         {seconds(lambda a=article: read(a, known)):8.2f} s")  # type: ignore[misc]
    begin = time.process_time()
    for number, text in enumerate(mutated(bodies, MUTATED)):
        for claim in read(_article(text, number), known):
            if text[claim.start : claim.end] != claim.text:
                raise SystemExit(f"a claim does not stand where it says: {text!r}")
    print(f"{MUTATED} mutated texts           {time.process_time() - begin:8.2f} s, no exception")


def mutated(bodies: list[str], count: int) -> list[str]:
    """Return pieces of texts with letters and words put in, left out and exchanged; the same at every run."""
    pick = random.Random(20_000)  # noqa: S311 - a fixed order, not a secret
    words = [
        *" ".join(bodies).split(" "),
        "?",
        "“",
        "”",
        "\n",
        "if",
        "denied",
        "since 2016 when",
        "31 November",
        "حلب",
        "\u200f",
        "\x00",
    ]
    found = []
    for _ in range(count):
        if pick.random() < 0.5:
            found.append(" ".join(pick.choice(words) for _ in range(pick.randrange(1, 60))))
            continue
        body = pick.choice(bodies)
        at = pick.randrange(len(body))
        letters = list(body[at : at + pick.randrange(10, 400)])
        for _ in range(pick.randrange(1, 12)):
            letters.insert(
                pick.randrange(len(letters) + 1), chr(pick.choice([pick.randrange(32, 127), pick.randrange(0x20, 0x10FFFF)]))
            )
        found.append("".join(letters))
    return found


def _article(body: str, number: int) -> Article:
    article = Article(
        f"a{number}", "reuters", "Reuters", "untitled", "", date(2024, 12, 5), "stated", "", "en", "", "text", body
    )
    return replace(article, source="reuters")


if __name__ == "__main__":
    main()
