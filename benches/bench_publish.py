"""Page views a second, full first loads on the loopback: the published folder from nginx against the same story in Streamlit.

What a first load asks for is taken from a real Chromium. wrk (or ab) repeats it; a view in Streamlit also opens a session
over its websocket and runs the script once. Needs nginx and wrk (Debian: apt-get install nginx-light wrk).
"""

from __future__ import annotations

import asyncio
import gzip
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from geo.publish import publish
from geo.story import read_story

SECONDS = 5
SESSIONS, AT_ONCE = 40, 4
READY = "() => window.Dateline && Dateline.app && Dateline.app.redrawn !== undefined"
NGINX = """daemon off; worker_processes auto; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; tcp_nopush on; gzip on; gzip_static on; include /etc/nginx/mime.types;
  gzip_types text/css application/javascript text/javascript application/json; open_file_cache max=200;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {root}; }} }}
"""
WRK = """local paths, at = {{ {paths} }}, 0
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at], {{ ["Accept-Encoding"] = "gzip", ["Host"] = "127.0.0.1" }})
end
"""


SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
"""A line of 1.6 Mbit/s and 150 ms, in bytes a second and milliseconds."""
Row = tuple[str, int, float, float, float, float, str, float]


def main() -> None:
    """Print the table; 0 page views where a server is not there."""
    absent = [name for name in ("nginx", "wrk") if not shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")]
    if absent:
        print(f"{' and '.join(absent)} not found: nothing measured (Debian: apt-get install nginx-light wrk)")
        return
    story = read_story("seeds")
    with tempfile.TemporaryDirectory() as made, sync_playwright() as play:
        folder = Path(made)
        folder.chmod(0o755)  # nginx's workers are not who runs this
        began = time.perf_counter()
        publish(story, folder / "root" / "syria")
        print(f"publish: {time.perf_counter() - began:.1f} s, {_size(folder / 'root'):.0f} kB in all")
        chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        rows = [_published(folder, browser), _streamlit(folder, browser)]
        browser.close()
    heads = (("files", 6), ("kB gzip", 8), ("first map s", 12), ("slow line s", 12), ("loads/s", 9), ("sessions/s", 11))
    print(" " * 12, *(f"{head:>{width}}" for head, width in heads), f"{'page views/s':>13}")
    for name, files, size, first, slow, loads, sessions, views in rows:
        print(f"{name:12} {files:6} {size:8.0f} {first:12.2f} {slow:12.2f} {loads:9.1f} {sessions or '-':>11} {views:13.1f}")
    print(f"Page views, published : Streamlit = {rows[0][-1] / rows[1][-1]:.0f} : 1")
    print(f"First map at 1.6 Mbit/s and 150 ms, published : Streamlit = 1 : {rows[1][4] / rows[0][4]:.1f}")


def _published(folder: Path, browser: Browser) -> Row:
    port = _free()
    conf = folder / "nginx.conf"
    conf.write_text(NGINX.format(folder=folder, port=port, root=folder / "root"))
    binary = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
    with subprocess.Popen([binary, "-c", str(conf), "-e", str(folder / "errors")]) as server:
        try:
            url = f"http://127.0.0.1:{port}/syria/"
            _wait(url)
            paths, first = _first_load(browser, url)
            _, slow = _first_load(browser, url, slow=True)
            loads = _loads(folder, port, paths)
            return "published", len(paths), _bytes(port, paths), first, slow, loads, "", loads
        finally:
            server.terminate()


def _streamlit(folder: Path, browser: Browser) -> Row:
    port = _free()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true", "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            url = f"http://127.0.0.1:{port}/"
            _wait(f"{url}_stcore/health")
            _first_load(browser, url)  # the story is read once, and not counted
            paths, first = _first_load(browser, url)
            _, slow = _first_load(browser, url, slow=True)
            loads = _loads(folder, port, paths)
            with ThreadPoolExecutor(1) as apart:  # Playwright has a loop of its own in this thread
                sessions = apart.submit(asyncio.run, _sessions(port)).result()
            views = 1 / (1 / loads + 1 / sessions)
            return "Streamlit", len(paths), _bytes(port, paths), first, slow, loads, f"{sessions:.1f}", views
        finally:
            server.terminate()


def _first_load(browser: Browser, url: str, *, slow: bool = False) -> tuple[list[str], float]:
    """Return the paths that a first visit fetches, and the seconds to the first map; on a slow line where asked."""
    page = browser.new_context().new_page()
    if slow:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)
    paths: list[str] = []
    page.on("request", lambda request: paths.append(request.url) if request.method == "GET" else None)
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    first = 0.0
    while not first and time.perf_counter() - began < 60:
        for frame in page.frames:
            try:
                first = time.perf_counter() - began if frame.evaluate(READY) else first
            except Exception:  # noqa: S112 - a frame that goes away while the page builds itself up is asked again
                continue
        page.wait_for_timeout(20)
    page.wait_for_timeout(500)
    page.context.close()
    found = [urlsplit(path) for path in paths if path.startswith(("http://127.0.0.1", "http://localhost"))]
    return [f"{path.path}?{path.query}" if path.query else path.path for path in found], first


def _loads(folder: Path, port: int, paths: list[str]) -> float:
    """Return how often a second all the paths can be fetched."""
    script = folder / "paths.lua"
    quoted = ", ".join('"' + re.sub(r'["\\]', "", path) + '"' for path in paths)
    script.write_text(WRK.format(paths=quoted))
    command = ["wrk", "-t1", "-c8", f"-d{SECONDS}s", "-s", str(script), f"http://127.0.0.1:{port}/"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if wrong := re.search(r"Non-2xx or 3xx responses: (\d+)", told):
        print(f"port {port}: {wrong.group(0)}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert rate is not None, told  # noqa: S101 - a bench that measures nothing must not print a figure
    return float(rate.group(1)) / len(paths)


async def _sessions(port: int) -> float:
    """Return how many sessions a second run the script once."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.asyncio.client import connect
    from websockets.typing import Subprotocol

    async def one() -> None:
        address = f"ws://127.0.0.1:{port}/_stcore/stream"
        async with connect(address, subprotocols=[Subprotocol("streamlit")], max_size=None) as link:
            message = BackMsg()
            message.rerun_script.query_string = ""
            await link.send(message.SerializeToString())
            async for answer in link:
                told = ForwardMsg()
                told.ParseFromString(answer if isinstance(answer, bytes) else answer.encode())
                if told.WhichOneof("type") == "script_finished":
                    return

    gate = asyncio.Semaphore(AT_ONCE)

    async def in_turn() -> None:
        async with gate:
            await one()

    began = time.perf_counter()
    await asyncio.gather(*(in_turn() for _ in range(SESSIONS)))
    return SESSIONS / (time.perf_counter() - began)


def _bytes(port: int, paths: list[str]) -> float:
    """Return the size of all the paths as they are sent, kB."""
    size = 0
    for path in paths:
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own server
            size += len(answer.read())
    return size / 1000


def _size(folder: Path) -> float:
    return sum(len(gzip.compress(path.read_bytes())) for path in folder.rglob("*") if path.is_file()) / 1000


def _free() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{url} does not answer")


if __name__ == "__main__":
    main()
