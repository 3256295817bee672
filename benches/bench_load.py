"""Many readers at once, over Streamlit's own websocket protocol: how long a commit takes, what a reader costs, what gets lost.

A commit is a real one: the map tells another day, and the answer counts only if it is the page of that day. Readers who
scrub send nothing, so between two commits they are silent. The readers and the server share the machine's cores.

Run: make bench, or PYTHONPATH=. python benches/bench_load.py [few] [many] [tenfold] [sequence]
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import websockets
from chromium import ROOT, Counters, Server, chromium, frame_with, part, quiet, streamlit, wire
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from tables import head, row

from geo.crowd import BUSY
from geo.days import in_words
from geo.story import read_story

FEW, MANY, MINUTE = 10, 200, 60.0
STEPS = 120
READY = "Boolean(window.Dateline && Dateline.app && Dateline.app.redrawn !== undefined)"
SEQUENCE, AT_ONCE = 1000, 4
KEPT = 128
"""Sessions that Streamlit keeps after they went, for two minutes, in case their readers come back."""
PATIENCE = 60.0
"""Seconds without an answer after which a commit counts as lost."""


@dataclass
class Told:
    """What readers met with."""

    seconds: list[float] = field(default_factory=list)
    busy: int = 0
    elapsed: float = 0.0
    errors: list[str] = field(default_factory=list)


class Reader:
    """A reader's browser, as far as the server can tell: a websocket, the widgets' values, what it remembers of messages."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._socket: Any = None
        self._map = self._page = ""
        self._remembered: list[str] = []
        self.told_busy = False

    async def open(self) -> None:
        """Come, and wait for the page."""
        self._socket = await websockets.connect(
            self._url.replace("http", "ws", 1) + "_stcore/stream",
            subprotocols=[websockets.Subprotocol("streamlit")],
            origin=websockets.Origin(self._url.rstrip("/")),
            max_size=None,
            compression=None,
        )
        await self._run({})
        await self._run({"serial": 0})  # the map stands: what is around it may come

    async def commit(self, day: date) -> float:
        """Let go of the slider on a day; return the seconds until the page of that day is whole.

        Raises
        ------
        RuntimeError : what comes is not the page of that day
        """
        began = time.monotonic()
        moved = {"day": day.isoformat(), "serial": int(time.time() * 1000)}
        words = await asyncio.wait_for(self._run(moved, f"date={day}"), PATIENCE)
        if f"Who holds what on {in_words(day)}" not in words:
            raise RuntimeError("the page of another day")
        return time.monotonic() - began

    async def close(self) -> None:
        """Go."""
        await self._socket.close()

    async def _run(self, posted: dict[str, Any], query: str = "") -> str:
        asked = BackMsg()
        rerun = asked.rerun_script
        rerun.page_script_hash, rerun.context_info.timezone, rerun.context_info.url = self._page, "UTC", self._url
        rerun.cached_message_hashes.extend(self._remembered)
        rerun.query_string = query
        if posted:
            rerun.widget_states.widgets.add(id=self._map, json_value=json.dumps(posted))
        await self._socket.send(asked.SerializeToString())
        self.told_busy, words = False, []
        while True:
            told = ForwardMsg()
            told.ParseFromString(await self._socket.recv())
            kind = told.WhichOneof("type")
            if told.metadata.cacheable and kind != "ref_hash":
                self._remembered = [*self._remembered[-60:], told.hash]
            if kind == "new_session":
                self._page = told.new_session.page_script_hash
            elif kind == "delta":
                element = told.delta.new_element
                if element.WhichOneof("type") == "component_instance":
                    self._map = element.component_instance.id
                elif element.WhichOneof("type") == "exception":
                    raise RuntimeError(element.exception.message)
                elif element.WhichOneof("type") == "html":
                    words.append(element.html.body)
                elif element.WhichOneof("type") == "toast":
                    self.told_busy = self.told_busy or BUSY in element.toast.body
            elif kind == "script_finished" and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return "\n".join(words)


async def crowd(url: str, count: int) -> list[Reader]:
    """Return so many readers with the page before them; they come a few at a time."""
    readers, gate = [Reader(url) for _ in range(count)], asyncio.Semaphore(AT_ONCE)

    async def come(reader: Reader) -> None:
        async with gate:
            await reader.open()

    await asyncio.gather(*map(come, readers))
    return readers


async def commits(readers: list[Reader], days: list[date], pace: float, seconds: float, *, even: bool = False) -> Told:
    """Let each reader commit once in every `pace` seconds, each at a moment of its own, evenly spread or by chance.

    A reader who has no answer yet when the next commit is due makes it when the answer is there.
    """
    found, began, chance = Told(), time.monotonic(), random.Random(7)  # noqa: S311 - the same moments in every run

    async def read(reader: Reader, at: float, first: int) -> None:
        for turn in range(1000):
            due = began + at + turn * pace
            if due - began > seconds:
                return
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            try:
                found.seconds.append(await reader.commit(days[(first + turn) % len(days)]))
            except Exception as error:
                found.errors.append(f"{type(error).__name__}: {error}")
                return
            found.busy += reader.told_busy

    await asyncio.gather(
        *(
            read(reader, pace * (at / len(readers) if even else chance.random()), chance.randrange(len(days)))
            for at, reader in enumerate(readers)
        )
    )
    found.elapsed = time.monotonic() - began
    return found


class Scrubber(threading.Thread):
    """A reader in a real Chromium, who opens the page while it is quiet and scrubs then, and again when told to.

    `found` holds, for each time, milliseconds of the main thread a step and messages to and from the server in all.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self.ready, self.again = threading.Event(), threading.Event()
        self.found: list[tuple[float, int]] = []

    def run(self) -> None:
        try:
            with chromium() as browser:
                page = browser.new_page(viewport={"width": 1340, "height": 900})
                messages = wire(page)
                page.goto(self._url)
                frame = frame_with(page, READY)
                quiet(page, messages, 2)
                box = frame.get_by_role("slider", name="Day").bounding_box()
                page.mouse.move(box["x"] + 14, box["y"] + box["height"] / 2)
                page.mouse.down()
                for event in (None, self.again):
                    if event:
                        self.ready.set()
                        event.wait(600)
                    messages.clear()
                    counters = Counters(page)
                    before = counters.read()["TaskDuration"]
                    for at in range(STEPS):
                        page.mouse.move(box["x"] + 14 + (box["width"] - 28) * ((at % 20) / 19), box["y"] + box["height"] / 2)
                        page.wait_for_timeout(25)
                    took = 1000 * (counters.read()["TaskDuration"] - before) / STEPS
                    self.found.append((took, len(messages.sent) + len(messages.received)))
        finally:
            self.ready.set()


def memory(server: Server) -> float:
    """Return the megabytes that a server's process takes."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


async def at_once(server: Server, days: list[date], wanted: set[str]) -> None:
    """Print the table of readers at once."""
    head("readers at once", "commits", "a second", "p50, ms", "p95, ms", "told it is busy", "errors", "MB", "MB a reader")
    scrubber = Scrubber(server.url)
    if "tenfold" in wanted:
        scrubber.start()
        await asyncio.to_thread(scrubber.ready.wait)
    few = await crowd(server.url, FEW)
    bare = memory(server)

    def said(name: str, told: Told, count: int) -> None:
        found = sorted(told.seconds)
        cost = f"{(memory(server) - bare) / (count - FEW):.2f}" if count > FEW else ""
        times = (f"{1000 * part(found, 0.5):.0f}", f"{1000 * part(found, 0.95):.0f}") if found else ("", "")
        errors = len(told.errors)
        row(name, len(found), f"{len(found) / told.elapsed:.1f}", *times, told.busy, errors, f"{memory(server):.0f}", cost)
        for error in sorted(set(told.errors))[:3]:
            print(f"  {error}")

    # One after another, never two together: what a commit takes when nobody else is there.
    told = await commits(few, days, 6, 40, even=True)
    said(f"{FEW}, one commit after another", told, FEW)
    alone = part(sorted(told.seconds), 0.95)
    if not wanted & {"many", "tenfold"}:
        return
    many = few + await crowd(server.url, MANY - FEW)
    if "many" in wanted:
        told = await commits(many, days, MINUTE, MINUTE)
        said(f"{MANY}, each once a minute", told, MANY)
        ratio = f"p95 of {MANY} readers {part(sorted(told.seconds), 0.95) / alone:.1f} times that of {FEW}"
    if "tenfold" in wanted:
        scrubber.again.set()
        told = await commits(many, days, MINUTE / 10, MINUTE / 2)
        said(f"{MANY}, each ten times a minute", told, MANY)
        await asyncio.to_thread(scrubber.join)
    for reader in many:
        await reader.close()
    if "many" in wanted:
        print(f"\n{ratio}")
    if len(scrubber.found) == 2:
        head("a reader who scrubs meanwhile", "main thread, ms a step", "messages, to and from the server")
        row("nobody else there", f"{scrubber.found[0][0]:.1f}", scrubber.found[0][1])
        row(f"{MANY}, each ten times a minute", f"{scrubber.found[1][0]:.1f}", scrubber.found[1][1])


async def one_after_another(server: Server, days: list[date]) -> None:
    """Print what is left of readers who came, committed once and went."""
    head("readers one after another", "so far", "MB", "errors")
    errors, began = 0, 0.0

    async def visit(number: int) -> None:
        nonlocal errors
        reader = Reader(server.url)
        try:
            await reader.open()
            await reader.commit(days[number % len(days)])
            await reader.close()
        except Exception:
            errors += 1

    for start, stop in ((0, KEPT), (KEPT, KEPT + SEQUENCE // 2), (KEPT + SEQUENCE // 2, KEPT + SEQUENCE)):
        for number in range(start, stop, AT_ONCE):
            await asyncio.gather(*(visit(one) for one in range(number, min(number + AT_ONCE, stop))))
        began = began or memory(server)
        row("", stop, f"{memory(server):.0f}", errors)
    print(f"  {SEQUENCE} readers left {memory(server) - began:.1f} MB behind")


def main() -> None:
    """Print the tables; words of the command line choose among them."""
    wanted = set(sys.argv[1:]) or {"few", "many", "tenfold", "sequence"}
    days = list(read_story("seeds").days)
    print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f} at the start")
    with tempfile.TemporaryDirectory() as made, streamlit(ROOT / "app.py", Path(made), DATELINE_STORY="seeds") as server:
        if wanted & {"few", "many", "tenfold"}:
            asyncio.run(at_once(server, days, wanted))
        if "sequence" in wanted:
            asyncio.run(one_after_another(server, days))
        log = (Path(made) / "streamlit.log").read_text(encoding="utf-8", errors="replace")
        print(f"  in the server's log: {log.count('Traceback')} tracebacks")


if __name__ == "__main__":
    main()
