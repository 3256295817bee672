"""Many readers at once: turns come in order and one at a time, room is for so many, and nothing is left behind."""

from __future__ import annotations

import asyncio
import gc
import re
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import ROOT, SEEDS, awaited, bundled

from geo.crowd import RETRY, Turns, is_visit, most_readers, published_copy, room_for, settle
from geo.errors import DatelineError

sys.path.append(str(ROOT / "benches"))
from bench_load import KEPT, Reader, commits, crowd, memory
from chromium import Server, streamlit


class SentBack(BaseException):
    """As Streamlit ends a run for a newer one."""


def queued(turns: Turns, wanted: list[str]) -> list[str]:
    """Let each of some want a turn, in this order, while the only one is taken; return the order in which they had it."""
    had: list[str] = []
    taken, over = threading.Event(), threading.Event()

    def first() -> None:
        with turns.turn("first", lambda: None):
            taken.set()
            over.wait(10)

    def want(who: str) -> None:
        with turns.turn(who, lambda: None):
            had.append(who)

    threads = [threading.Thread(target=first)]
    threads[0].start()
    assert taken.wait(10)
    for who in wanted:
        threads.append(threading.Thread(target=want, args=(who,)))
        threads[-1].start()
        count = len(threads) - 1
        deadline = time.monotonic() + 10
        while len(turns._waiting) < count and time.monotonic() < deadline:
            time.sleep(0.001)
    over.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    return had


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    assert queued(Turns(1), ["a", "b", "c", "d"]) == ["a", "b", "c", "d"]


def test_who_was_sent_back_in_the_middle_of_a_turn_comes_next_and_once() -> None:
    """Else one who asks faster than turns come would never get to the end of one."""
    turns = Turns(1)
    with pytest.raises(SentBack), turns.turn("c", lambda: None):
        raise SentBack
    assert queued(turns, ["a", "b", "c"]) == ["c", "a", "b"]
    assert queued(turns, ["a", "b", "c"]) == ["a", "b", "c"]


def test_no_more_than_so_many_have_a_turn_at_once_whatever_goes_wrong_in_it() -> None:
    """Forty want one of three, a third of them fail in it: never four, and all get theirs."""
    turns, lock = Turns(3), threading.Lock()
    now = most = done = 0

    def want(number: int) -> None:
        nonlocal now, most, done
        try:
            with turns.turn(str(number), lambda: None):
                with lock:
                    now, done = now + 1, done + 1
                    most = max(most, now)
                time.sleep(0.002)
                with lock:
                    now -= 1
                if number % 3 == 0:
                    raise ValueError
        except ValueError:
            pass

    threads = [threading.Thread(target=want, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (most, done) == (3, 40)


def test_who_waits_is_told_and_who_does_not_is_not() -> None:
    turns, told = Turns(1), []
    with turns.turn("a", lambda: told.append("a"), patience=0):
        waiter = threading.Thread(target=lambda: turns.turn("b", lambda: told.append("b"), patience=0.01).__enter__())
        waiter.start()
        deadline = time.monotonic() + 10
        while not told and time.monotonic() < deadline:
            time.sleep(0.001)
    waiter.join(10)
    assert told == ["b"]


def test_garbage_that_was_set_aside_is_collected_in_the_end() -> None:
    """What a run leaves behind in a circle goes at the latest with the fiftieth run after it."""

    class Left:
        pass

    gone: list[bool] = []
    left: Any = Left()
    left.itself = left
    weakref.finalize(left, gone.append, True)
    settle()
    del left
    gc.collect()
    for _ in range(50):
        settle()
    gc.unfreeze()
    assert gone == [True]


def asked(app: Any, scope: dict[str, Any]) -> list[Any]:
    """Ask an application and return what it sends."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    awaited(app(scope, None, send))
    return sent


VISIT = {"type": "http", "method": "GET", "path": "/map/", "headers": [(b"accept", b"text/html,*/*")]}
SOCKET = {"type": "websocket", "path": "/map/_stcore/stream", "extensions": {"websocket.http.response": {}}}


def test_who_would_be_one_too_many_is_told_when_to_come_back_and_where_else_to_look() -> None:
    """Two readers are in: the third is told so, page or websocket; files go out; when one goes, the next comes in."""

    async def steps() -> list[Any]:
        seen: list[Any] = []
        leave = [asyncio.Event(), asyncio.Event()]
        inside = 0

        async def app(scope: Any, receive: Any, send: Any) -> None:
            nonlocal inside
            if scope["type"] == "websocket":
                inside += 1
                await leave[inside - 1].wait()
            else:
                await send({"type": "http.response.start", "status": 200, "headers": []})

        guarded = room_for(app, 2, "https://news.example/?a=1&b=2")

        async def ask(scope: Any) -> int:
            sent: list[Any] = []

            async def send(message: Any) -> None:
                sent.append(message)

            await guarded(scope, None, send)  # type: ignore[arg-type]
            seen.append(sent)
            return int(sent[0].get("status", 0))

        readers = [asyncio.create_task(guarded(SOCKET, None, None)) for _ in leave]  # type: ignore[arg-type]
        await asyncio.sleep(0)
        assert inside == 2
        assert [await ask(scope) for scope in (VISIT, SOCKET)] == [503, 503]
        assert await ask({**SOCKET, "extensions": {}}) == 0
        assert await ask({**VISIT, "path": "/static/js/a.js"}) == 200
        assert await ask({**VISIT, "path": "/_stcore/health"}) == 200
        leave[0].set()
        await readers[0]
        assert await ask(VISIT) == 200
        leave[1].set()
        await readers[1]
        return seen

    page, socket, closed = awaited(steps())[:3]
    assert [one["type"] for one in socket] == ["websocket.http.response.start", "websocket.http.response.body"]
    assert closed == [{"type": "websocket.close", "code": 1013}]
    headers, body = dict(page[0]["headers"]), page[1]["body"].decode()
    assert headers[b"retry-after"] == str(RETRY).encode()
    assert headers[b"cache-control"] == b"no-store"
    assert int(headers[b"content-length"]) == len(page[1]["body"])
    assert 'href="https://news.example/?a=1&amp;b=2"' in body
    assert not re.search(r"<script|\son\w+=", body)


def test_what_a_browser_asks_for_besides_the_page_is_no_visit() -> None:
    assert is_visit(VISIT)
    assert not is_visit({**VISIT, "headers": [(b"accept", b"*/*")]})
    assert not is_visit({**VISIT, "method": "POST"})
    assert not is_visit({**VISIT, "path": "/map/component/streamlit_folium.st_folium/index.html"})


def test_settings_are_numbers_and_addresses_or_refused() -> None:
    assert (most_readers(""), most_readers(" 20 ")) == (500, 20)
    assert (published_copy(" "), published_copy("https://a.example/b")) == ("", "https://a.example/b")
    for value in ("0", "-1", "1.5", "١٠", "ten"):
        with pytest.raises(DatelineError, match="DATELINE_READERS"):
            most_readers(value)
    for value in ("a.example", "ftp://a.example", "https://", "javascript:1", "https://a.example/\n"):
        if value.strip() == value:
            with pytest.raises(DatelineError, match="DATELINE_PUBLISHED"):
                published_copy(value)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with streamlit(
        ROOT / "app.py", tmp_path_factory.mktemp("server"), DATELINE_STORY=str(SEEDS), DATELINE_READERS="45"
    ) as found:
        yield found


def test_forty_readers_who_all_let_go_at_once_each_get_the_page_of_their_day(server: Server) -> None:
    """No answer is lost, none is of another day, and they do not cost memory each by itself."""

    async def come() -> tuple[Any, list[float]]:
        readers = await crowd(server.url, 40)
        before = memory(server)
        told = await commits(readers, list(bundled().days), pace=0.5, seconds=1)
        cost = memory(server) - before
        refused = Reader(server.url)
        late = await crowd(server.url, 5)
        with pytest.raises(Exception, match="503"):
            await refused.open()
        for reader in (*readers, *late):
            await reader.close()
        return told, [cost]

    told, (cost,) = awaited(come())
    assert told.errors == []
    assert len(told.seconds) >= 80
    assert cost < 5 * 40


def test_readers_who_come_and_go_leave_nothing_behind(server: Server) -> None:
    """Half as many sessions as Streamlit keeps in mind, and as many again: they cost next to nothing."""

    async def come(count: int) -> None:
        async def visit(number: int) -> None:
            reader = Reader(server.url)
            await reader.open()
            await reader.commit(list(bundled().days)[number % 10])
            await reader.close()

        for _ in range(count // 4):
            await asyncio.gather(*map(visit, range(4)))

    awaited(come(KEPT // 2))
    before = memory(server)
    awaited(come(KEPT // 2))
    assert memory(server) - before < 10
