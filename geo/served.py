"""A folder of this process's own for files that a server hands out: it goes when the process ends, however it ends."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from geo.errors import DatelineError

try:
    import fcntl
except ImportError:  # Windows: what a killed process left stays there
    fcntl = None  # type: ignore[assignment]

PREFIX = "dateline-app-"
_LOCK = ".lock"
_own: dict[Path, int | None] = {}  # with their locks, held open: a lock goes with its process
_wanted: tuple[str, ...] = ()


def own_folder() -> Path:
    """Make a folder and return its path; nobody else may look into it. What killed processes left beside is removed.

    Raises
    ------
    OSError : there is no room or no leave for it
    """
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    _own[folder] = None
    if fcntl is not None:
        lock, name = tempfile.mkstemp(prefix=_LOCK, dir=folder)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        Path(name).rename(folder / _LOCK)  # locked before anybody could find it by its name
        _own[folder] = lock
        _clear(folder)
    return folder


def keep(folder: Path) -> None:
    """Make a folder of this process's own again where somebody, a cleaner of old files for one, removed it.

    Raises
    ------
    DatelineError : another user has put one in its place
    OSError : there is no room or no leave for it
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid") and folder.lstat().st_uid != os.getuid():
        raise DatelineError(f"“{folder}” belongs to another user: nothing is handed out from there.")


def announce(paths: tuple[str, ...]) -> None:
    """Say which scripts the next map's frame will want, by their paths from it: the server tells the browser in advance."""
    global _wanted  # noqa: PLW0603 - the server and the pages that it runs share the process and no other object
    _wanted = paths


def wanted() -> tuple[str, ...]:
    """Return the scripts that were announced last."""
    return _wanted


@atexit.register
def give_back() -> None:
    """Remove the folders of this process."""
    for folder in _own:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.asynccontextmanager
async def while_serving(app: object) -> AsyncIterator[None]:
    """Remove the folders when a server stops: the signal that stopped it may end the process before its own exit."""
    yield
    give_back()


def _clear(own: Path) -> None:
    """Remove the folders of processes that are gone: nobody holds their locks any more."""
    for left in own.parent.glob(f"{PREFIX}*"):
        try:
            lock = os.open(left / _LOCK, os.O_RDWR) if left != own else -1
        except OSError:
            continue  # another user's, or just being made
        if lock < 0:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue  # its process lives
        else:
            shutil.rmtree(left, ignore_errors=True)
        finally:
            os.close(lock)
