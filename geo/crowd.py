"""Many readers at once: turns at what costs the server most, and room for so many and no more.

A reader who scrubs asks the server nothing. One who lets go asks it for a new page around the map, which takes a twentieth
of a second of one core; who comes when that is more than the machine can do waits for a turn, keeps the map, and is told.
A reader who would be one too many for the memory is told so before anything is kept of him, and may try again.
"""

from __future__ import annotations

import gc
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from urllib.parse import urlsplit

from geo.errors import DatelineError, shown
from geo.escaping import markup
from geo.headers import Application, Message, Receive, Send

BUSY = "The page is busy; the map goes on working. It catches up by itself."
STREAM = "/_stcore/stream"
RETRY = 30
"""Seconds after which a reader for whom there was no room tries again."""
_LONGEST = 90.0
"""Seconds after which one goes ahead without a turn: two that never end must not stop everybody."""
_REMEMBERED = 1000
_RUNS, _EVERY = count(1), 50
_FULL = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{retry}"><title>Too many readers at once</title><style>
body {{ max-width: 34em; margin: 15vh auto; padding: 0 1.5em; font: 18px/1.5 Georgia, "Times New Roman", serif;
color: #1c1b18; background: #fbfaf6; }} h1 {{ font-size: 1.4em; }} a {{ color: inherit; }}
@media (prefers-color-scheme: dark) {{ body {{ color: #eee9dc; background: #15171a; }} }}
</style></head><body><main><h1>Too many readers at once</h1>
<p>This server shows the map to as many readers as it can bear. The page tries again by itself in half a minute.</p>
{elsewhere}</main></body></html>
"""


class Turns:
    """At most so many at once do something costly; the others wait, first come, first served.

    Parameters
    ----------
    at_once : how many
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: deque[threading.Event] = deque()
        self._sent_back: deque[str] = deque(maxlen=_REMEMBERED)
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, who: str, waiting: Callable[[], object], patience: float = 1.0) -> Iterator[None]:
        """Wait for a turn and have it.

        Who was sent away in the middle of it, as a newer request of the same reader sends away the older, comes next: one
        who asks faster than turns come would otherwise never get to the end of one.

        Parameters
        ----------
        who : id of the one who wants it
        waiting : called once, if it does not come within `patience` seconds
        """
        mine = threading.Event()
        with self._lock:
            if who in self._sent_back:
                self._sent_back.remove(who)
                self._waiting.appendleft(mine)
            else:
                self._waiting.append(mine)
            self._call()
        try:
            if not mine.wait(patience):
                waiting()
                mine.wait(_LONGEST)
            yield
        except BaseException:
            with self._lock:
                if mine.is_set() and who not in self._sent_back:
                    self._sent_back.append(who)
            raise
        finally:
            with self._lock:
                if mine in self._waiting:
                    self._waiting.remove(mine)
                else:
                    self._free += 1
                self._call()

    def _call(self) -> None:
        while self._free and self._waiting:
            self._free -= 1
            self._waiting.popleft().set()


TURNS = Turns(2)
"""Those of this process, at making the page. Python does one thing at a time; two, so that a slow one stops nobody."""


def settle() -> None:
    """Take what is in memory now out of the collection of garbage; at every fiftieth call, collect all of it first.

    Streamlit collects everything after every run of a page. With the libraries, a story and two hundred readers in memory
    that costs three times what the page does, and finds the same objects alive every time. Called as a run begins, it leaves
    that collection the objects of this run, and what two runs at once left behind waits for the fiftieth.
    """
    if next(_RUNS) % _EVERY == 0:
        gc.unfreeze()
        gc.collect()
    gc.freeze()


def most_readers(value: str, default: int = 500) -> int:
    """Return how many readers there is room for; "" is the default.

    Raises
    ------
    DatelineError : the value is no number from 1
    """
    if not value.strip():
        return default
    if not (value.strip().isascii() and value.strip().isdigit() and int(value) > 0):
        raise DatelineError(f"DATELINE_READERS: {shown(value)!r} is not a number of readers from 1.")
    return int(value)


def published_copy(value: str) -> str:
    """Return the address of a published copy, which readers for whom there is no room are shown; "" where there is none.

    Raises
    ------
    DatelineError : the value is no address of a web page
    """
    address = value.strip()
    parts = urlsplit(address)
    if address and not (parts.scheme in ("http", "https") and parts.hostname and address.isascii() and address.isprintable()):
        raise DatelineError(f"DATELINE_PUBLISHED: {shown(value)!r} is not the address of a page as https://news.example/map/.")
    return address


def room_for(app: Application, most: int, elsewhere: str = "") -> Application:
    """Return an ASGI application that lets so many readers in at once and tells others to come back.

    Parameters
    ----------
    app : Streamlit's
    most : how many of its websockets may be open
    elsewhere : address of a published copy, "" where there is none
    """
    link = (
        f'<p>The same map can be seen as <a href="{markup(elsewhere)}">a published copy</a> at once.</p>' if elsewhere else ""
    )
    full = _FULL.format(retry=RETRY, elsewhere=link).encode("utf-8")
    readers = 0

    async def entered(scope: Message, receive: Receive, send: Send) -> None:
        nonlocal readers
        if scope["type"] == "websocket" and scope["path"].endswith(STREAM):
            if readers >= most:
                await refused(scope, send)
                return
            readers += 1
            try:
                await app(scope, receive, send)
            finally:
                readers -= 1
        elif readers >= most and is_visit(scope):
            await told(send, "http.response")
        else:
            await app(scope, receive, send)

    async def refused(scope: Message, send: Send) -> None:
        if "websocket.http.response" in scope.get("extensions", {}):
            await told(send, "websocket.http.response")
        else:
            await send({"type": "websocket.close", "code": 1013})

    async def told(send: Send, kind: str) -> None:
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(full)).encode()),
            (b"retry-after", str(RETRY).encode()),
            (b"cache-control", b"no-store"),
            (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"),
        ]
        await send({"type": f"{kind}.start", "status": 503, "headers": headers})
        await send({"type": f"{kind}.body", "body": full})

    return entered


def is_visit(scope: Message) -> bool:
    """Return whether a request is a reader's browser that asks for the page itself and not for a file or an answer."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    accepted = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    return b"text/html" in accepted and not any(
        part in scope["path"] for part in ("/component/", "/_stcore/", "/media/", "/static/")
    )
