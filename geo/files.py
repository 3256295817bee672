"""Files written whole or not at all: beside their place, then renamed, so that a killed run leaves the old one or the new.

Every file that outlives a run is written here, but for those in a folder that is itself made beside and then exchanged.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from geo.errors import DatelineError, shown

_STALE = 86_400  # seconds after which what a killed run left beside is removed
_PREFIX, _SUFFIX = ".dateline-", ".new"  # a name that no reader of a story takes for one of its files


def write_whole(
    path: Path, content: bytes | str, check: Callable[[Path], object] | None = None, *, lasting: bool = True
) -> None:
    """Write a file beside its place and rename it; text becomes UTF-8. A file that stood there keeps its permissions.

    Parameters
    ----------
    check : is called with what was written, before the rename; where it raises, the old file stays
    lasting : whether to wait until the disk has it, so that a power cut too leaves the old file or the new

    Raises
    ------
    DatelineError : the file cannot be written there, or the text has no form in UTF-8
    """
    try:
        raw = content if isinstance(content, bytes) else content.encode("utf-8")
    except UnicodeEncodeError as error:
        found = shown(error.object[error.start : error.start + 1])
        raise DatelineError(f"{shown(path)}: cannot be written: “{found}” is half a character; remove it.") from None
    try:
        _clear(path.parent)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=_PREFIX, suffix=_SUFFIX)
        beside = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
                if lasting:
                    file.flush()
                    os.fsync(file.fileno())
            if check is not None:
                check(beside)
            beside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        if lasting:
            _settle(path.parent)
    except (OSError, ValueError) as error:
        if isinstance(error, DatelineError):
            raise
        why = getattr(error, "strerror", None) or str(error)
        raise DatelineError(f"“{shown(path)}” cannot be written: {why}.") from error


def settle(folder: Path) -> None:
    """Wait until the disk has every file of a folder, before the folder takes the place of another."""
    for path in sorted(folder.rglob("*")):
        _settle(path)
    _settle(folder)


def _settle(path: Path) -> None:
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return  # a system that opens no folders, Windows, has nothing to wait for
    try:
        os.fsync(handle)
    except OSError:
        return  # nor has one whose file system knows no such wait
    finally:
        os.close(handle)


def _clear(folder: Path) -> None:
    """Remove what killed runs left, once it is old enough not to be another run's."""
    for left in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        try:
            if time.time() - left.stat().st_mtime > _STALE:
                left.unlink()
        except OSError:
            continue  # another run was quicker
