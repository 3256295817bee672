"""Tables in Markdown, as the README carries them."""

from __future__ import annotations


def row(*cells: object) -> None:
    """Print a row of a table."""
    print("|", " | ".join(map(str, cells)), "|", flush=True)


def head(*cells: str) -> None:
    """Print the head of a table."""
    print()
    row(*cells)
    row("---", *["---:"] * (len(cells) - 1))
