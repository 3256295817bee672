"""CSV files of a story -> rows that know their line, and the problems of those that cannot be read."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from geo.errors import Problem, StoryError

LARGEST_FILE = 64 * 2**20
"""The largest file of a story that is read, in bytes."""
_MOST_ERRORS = 50  # rows of one file that are no CSV, after which no more of it is read
_MOST_NAMED = 20  # columns that are named one by one


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: where it stands and what it says."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def problem(self, field: str, rule: str, mend: str) -> Problem:
        """Return the problem of one of this row's cells."""
        return Problem(self.file, self.line, field, self[field], rule, mend)


def read_text(path: Path, name: str) -> str:
    """Return a file's text, decoded as UTF-8 with or without a mark.

    Raises
    ------
    StoryError : the file is absent, unreadable, larger than `LARGEST_FILE`, or not UTF-8
    """

    def refuse(value: object, rule: str, mend: str) -> StoryError:
        return StoryError(Problem(name, None, "file", str(value), rule, mend))

    try:
        if not path.is_file():
            raise refuse(name, "There is no such file.", "put it there, or correct its name.")
        if path.is_symlink() and path.parent.resolve() not in path.resolve().parents:
            rule = "A file of a story lies in the story's folder."
            raise refuse("a link that leaves the folder", rule, "copy the file into the folder.")
        if path.stat().st_size > LARGEST_FILE:
            raise refuse(
                f"{path.stat().st_size} bytes", f"A file may have {LARGEST_FILE} bytes at most.", "split or shorten it."
            )
        raw = path.read_bytes()
    except OSError as error:
        raise refuse(error.strerror, "The file must be readable.", "check its permissions.") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise StoryError(
            Problem(
                name,
                line,
                "encoding",
                repr(raw[error.start : error.start + 4]),
                "Text must be UTF-8.",
                "save the file as UTF-8.",
            )
        ) from error


def read_table(path: Path, name: str, columns: Iterable[str], problems: list[Problem]) -> Iterator[Row]:
    """Yield the rows of a CSV file; a row that does not fit its header, or is no CSV, goes to `problems` instead.

    Parameters
    ----------
    path, name : the file, and what it is called in messages
    columns : the columns that the table may have; each must be in the header
    problems : list that is appended to
    """
    columns = list(columns)
    try:
        text = read_text(path, name)
    except StoryError as error:
        problems.extend(error.problems)
        return
    header: list[str] = []
    for line, cells in _records(list(io.StringIO(text, newline="")) or [""]):
        if isinstance(cells, csv.Error):
            mend = "close every quote that is opened, and save as CSV."
            problems.append(Problem(name, line, "row", str(cells), "A row must be CSV.", mend))
        elif line == 1:
            header = [cell.strip() for cell in cells]
            if not _check_header(name, header, columns, problems):
                return
        elif any(cell.strip() for cell in cells):
            if len(cells) == len(header):
                found = zip(header, cells, strict=True)
                yield Row(name, line, {key: cell.strip() for key, cell in found if key in columns})
            else:
                rule = f"A row must have {len(header)} cells, as the header; this one has {len(cells)}."
                mend = "quote cells that hold a comma or a line break, and close every quote."
                problems.append(Problem(name, line, "row", ",".join(cells), rule, mend))


def _records(lines: list[str]) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Yield the records of CSV, each with the line on which it begins, counted from 1; for what is none, the error.

    After an error, reading goes on in the next line, so that a quote that nobody closed costs one row and not the rest.
    """
    begin, width = 0, 0
    for _ in range(_MOST_ERRORS):
        reader = csv.reader(itertools.islice(lines, begin, None), strict=True)
        at = begin
        try:
            for cells in reader:
                after = begin + reader.line_num
                width = width or len(cells)
                if len(cells) != width and after > at + 1:
                    raise csv.Error(f"a cell runs on to line {after}")
                yield at + 1, cells
                at = after
            return
        except csv.Error as error:
            yield at + 1, error
            begin = at + 1
            if begin == 1:  # without its header no row can be read
                return


def _check_header(name: str, header: list[str], columns: list[str], problems: list[Problem]) -> bool:
    absent = [column for column in columns if column not in header]
    twice = sorted(column for column, times in Counter(header).items() if times > 1)[:_MOST_NAMED]
    unknown = [column for column in header if column not in columns]
    for column in absent:
        problems.append(
            Problem(name, 1, "header", ",".join(header), f"The column “{column}” is needed.", f"add a column {column}.")
        )
    for column in twice:
        problems.append(Problem(name, 1, "header", column, "A column stands once.", f"remove the second column {column}."))
    rule = f"The columns are {', '.join(columns)}."
    if len(unknown) > _MOST_NAMED:
        rule = f"{rule} {len(unknown)} are others."
        problems.append(Problem(name, 1, "header", ",".join(unknown), rule, "rename or remove them; they are not read."))
    else:
        for column in unknown:
            problems.append(Problem(name, 1, "header", column, rule, "rename or remove this column; it is not read."))
    return not absent and not twice
