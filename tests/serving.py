"""The app served as an operator does it, in a process of its own that a test may kill and start again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from conftest import ROOT, SEEDS

_PATIENCE = 60
"""Seconds that a busy machine may take to start it."""


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Server:
    """The app at a port; what it says stands in `folder`/log.txt, after what an earlier process at it said."""

    folder: Path
    story: Path = SEEDS
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        path = self.settings.get("STREAMLIT_SERVER_BASE_URL_PATH", "")
        return f"http://127.0.0.1:{self.port}/{path}{'/' if path else ''}"

    @property
    def said(self) -> str:
        """All that it said."""
        return (self.folder / "log.txt").read_text(errors="replace")

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the process and do not wait for it."""
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true", "--server.port"]
        command += [str(self.port), "--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
        environment = {**os.environ, "DATELINE_STORY": str(self.story), **self.settings}
        with (self.folder / "log.txt").open("ab") as out:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=environment)
        return self.process

    def start(self) -> None:
        """Start the process and wait until it answers."""
        process, deadline = self.launch(), time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            assert process.poll() is None, f"The server stopped: {self.said[-800:]}"
            try:
                with urllib.request.urlopen(f"{self.url}_stcore/health", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise AssertionError(f"The server did not start: {self.said[-800:]}")

    def end(self, by: signal.Signals = signal.SIGTERM) -> None:
        """End the process, if there is one."""
        if self.process is not None:
            self.process.send_signal(by)
            self.process.wait(20)
        self.process = None
