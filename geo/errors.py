"""What is wrong with a story, said so that its editor can mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SHOWN = 80


def shown(value: object) -> str:
    """Return a value as one short printable line, control and direction characters escaped."""
    text = _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", str(value))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in one place of a story.

    Attributes
    ----------
    file : path relative to the story's folder
    line : line in that file, counted from 1; None where the whole file is meant
    field : column, key or heading
    value : what stands there
    rule : what should stand there
    mend : what to do about it
    """

    file: str
    line: int | None
    field: str
    value: str
    rule: str
    mend: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", shown(self.value))
        object.__setattr__(self, "file", shown(self.file))

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{where}: {self.field} is “{self.value}”: {self.rule} To mend: {self.mend}"

    def as_dict(self) -> dict[str, object]:
        """Return the problem as plain data for JSON."""
        return asdict(self)


def condensed(problems: Iterable[Problem], most: int = 3) -> list[Problem]:
    """Return problems for readers: of more than `most` that break one rule of one file, the first, and how many more do."""
    groups: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.file, problem.field, problem.rule), []).append(problem)
    found = []
    for group in groups.values():
        if len(group) <= most:
            found += group
        else:
            lines = ", ".join(str(problem.line) for problem in group[1:6]) + (", …" if len(group) > 6 else "")
            rule = f"{group[0].rule} The same holds for {len(group) - 1} more rows (lines {lines})."
            found.append(replace(group[0], rule=rule))
    return found


class DatelineError(ValueError):
    """Any error that this package raises about what it was given."""


class StoryError(DatelineError):
    """A story that cannot be shown at all.

    Attributes
    ----------
    problems : tuple of Problem, at least one
    """

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))
