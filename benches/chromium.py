"""What a page costs in Chromium: script, all work of the main thread, frames, messages to the server, the server's own time."""

from __future__ import annotations

import base64
import functools
import http.server
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

ROOT = Path(__file__).parent.parent
PATIENCE = 90_000
"""Milliseconds that a page may take to be drawn before it counts as given up."""
STEP = "bench-step"
_TRACED = ("devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing", "toplevel")
WALK = f"""async ([act, days, pause]) => {{
    // Each step is a task of its own, as an event of the slider is: what runs after an await counts as nobody's script.
    const step = (0, eval)(act), task = (run, wait) => new Promise((done) => setTimeout(() => {{ run(); done(); }}, wait));
    for (const day of days) await task(() => {{ performance.mark("{STEP}"); step(day); }}, pause);
    await task(() => performance.mark("{STEP}"), pause);
}}"""
FRAMES = """async ([act, times, wait]) => {
    const step = (0, eval)(act), frame = () => new Promise(requestAnimationFrame), found = [];
    await frame();
    for (let at = 0; at < times; at += 1) {
        const before = await frame();
        step(at);
        found.push((await frame()) - before);
        if (wait) await new Promise((done) => setTimeout(done, wait));
    }
    return found;
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium, without a GPU, as most servers and many readers have it."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def script_a_step(page: Page, act: str, days: list[int], pause: int = 12) -> float:
    """Return the milliseconds of script a step, over all days together, less what the walk itself costs.

    Parameters
    ----------
    act : JavaScript of a function of a day that shows it
    pause : milliseconds between two steps, so that each is painted
    """
    counters = Counters(page)

    def total(what: str, over: list[int], wait: int) -> float:
        before = counters.read()["ScriptDuration"]
        page.evaluate(WALK, [what, over, wait])
        return (counters.read()["ScriptDuration"] - before) / len(over)

    total(act, sorted(set(days)), 0)  # what is made once, at the first sight of a day, is no cost of a step
    idle = total("() => {}", days[:60], pause)
    return 1000 * max(0.0, total(act, days, pause) - idle)


class Counters:
    """Chromium's counters of a page's main thread; they count from here on."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        # Seconds of the processor and not of the clock: other work on the machine is no cost of the page.
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def read(self) -> dict[str, float]:
        """Return the counters, durations in seconds."""
        return {one["name"]: one["value"] for one in self._session.send("Performance.getMetrics")["metrics"]}


def work_a_step(browser: Browser, page: Page, act: str, days: list[int], pause: int = 40) -> list[float]:
    """Return the milliseconds of all main-thread work of each step, by a trace: script, style, layout, paint.

    It is the processor's time where the trace tells it: other work on the machine is no cost of the page.
    """
    browser.start_tracing(page=page, categories=list(_TRACED))
    page.evaluate(WALK, [act, days, pause])
    events = json.loads(browser.stop_tracing())["traceEvents"]
    marks = sorted((one["pid"], one["tid"], one["ts"]) for one in events if one["name"] == STEP and "ts" in one)
    if not marks:
        raise RuntimeError("the trace holds no step")
    thread, stamps = marks[0][:2], [at for _, _, at in marks]
    tasks = [one for one in events if one["name"] == "RunTask" and (one["pid"], one["tid"]) == thread and one.get("dur")]
    tasks = tasks or [
        one
        for one in events
        if one["name"] == "ThreadControllerImpl::RunTask" and (one["pid"], one["tid"]) == thread and one.get("dur")
    ]
    costs = [0.0] * (len(stamps) - 1)
    for task in tasks:
        end, at = task["ts"] + task["dur"], None
        for step in range(len(costs)):
            if stamps[step] < end <= stamps[step + 1]:
                at = step
        if at is not None:
            costs[at] += task.get("tdur", task["dur"]) / 1000
    return costs


def part(costs: list[float], share: float) -> float:
    """Return the value below which a share of costs lies."""
    return sorted(costs)[min(len(costs) - 1, int(share * len(costs)))]


@dataclass
class Wire:
    """Messages over a page's websockets: bytes and moments (seconds) of each, out and in."""

    sent: list[tuple[float, int]] = field(default_factory=list)
    received: list[tuple[float, int]] = field(default_factory=list)

    def clear(self) -> None:
        self.sent.clear()
        self.received.clear()

    @property
    def bytes(self) -> int:
        return sum(size for _, size in (*self.sent, *self.received))

    @property
    def seconds(self) -> float:
        """From the first message out to the last one in."""
        return max((at for at, _ in self.received), default=0) - min((at for at, _ in self.sent), default=0)


def wire(page: Page) -> Wire:
    """Return the messages of a page from now on."""
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("Network.enable")
    found = Wire()

    def keep(into: list[tuple[float, int]]) -> Callable[[dict[str, Any]], None]:
        def kept(event: dict[str, Any]) -> None:
            data, binary = event["response"]["payloadData"], event["response"]["opcode"] == 2
            into.append((event["timestamp"], len(base64.b64decode(data)) if binary else len(data.encode())))

        return kept

    session.on("Network.webSocketFrameSent", keep(found.sent))
    session.on("Network.webSocketFrameReceived", keep(found.received))
    return found


def quiet(page: Page, messages: Wire, rest: float = 0.8, limit: float = 30) -> None:
    """Wait until no message has come or gone for `rest` seconds."""
    began, last, since = time.monotonic(), -1, time.monotonic()
    while time.monotonic() - since < rest and time.monotonic() - began < limit:
        page.wait_for_timeout(40)
        count = len(messages.sent) + len(messages.received)
        if count != last:
            last, since = count, time.monotonic()


@dataclass
class Server:
    """A Streamlit server."""

    process: subprocess.Popen[bytes]
    url: str

    @property
    def cpu(self) -> float:
        """Seconds of the processor that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def streamlit(script: Path, folder: Path, **settings: str) -> Iterator[Server]:
    """Serve a Streamlit script; keywords are variables of its environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true", "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.fileWatcherType", "none", "--browser.gatherUsageStats", "false"]
    with (folder / "streamlit.log").open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **settings})
    server = Server(process, f"http://127.0.0.1:{port}/")
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{server.url}_stcore/health", timeout=2).close()  # noqa: S310 - our own server
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def frame_with(page: Page, test: str, patience: float = PATIENCE / 1000) -> Any:
    """Return the first frame of a page in which a JavaScript expression holds.

    Raises
    ------
    TimeoutError : there is none within so many seconds
    """
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        for frame in page.frames:
            try:
                if frame.evaluate(test):
                    return frame
            except Exception:  # noqa: S112 - a frame that goes away while it is asked is not the one
                continue
        page.wait_for_timeout(10)
    raise TimeoutError(f"{test} did not hold within {patience:.0f} s")


def median(values: list[float]) -> float:
    """Return the median, 0 for none."""
    return statistics.median(values) if values else 0.0


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder over http and give its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
