"""What may be fetched: nothing unless an editor asks a service, and then public addresses only, bounded in size and time.

Real servers on this machine stand for the bad ones; no test leaves it.
"""

from __future__ import annotations

import ast
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SEEDS
from geopy.adapters import AdapterHTTPError
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut, GeocoderUnavailable
from geopy.geocoders import Nominatim

from geo import fetching
from geo.fetching import LARGEST_ANSWER, PublicAdapter, guarded

PUBLIC = "93.184.216.34"
Talk = Callable[[socket.socket], None]


def stand_in(monkeypatch: pytest.MonkeyPatch, port: int, names: dict[str, list[str]] | None = None) -> list[str]:
    """Let names stand for addresses, and one public address lead to a port here; return the list of addresses dialled.

    Names that are not given stand for the public address; addresses written as numbers are looked up by the system.
    """
    dialled: list[str] = []
    real = socket.getaddrinfo

    def look(host: str, port: int, *rest: Any, **more: Any) -> list[Any]:
        if host.replace(".", "").isdigit() or ":" in host or host.startswith("0x") or host == "localhost":
            return real(host, port, *rest, **more)
        answers = (names or {}).get(host, [PUBLIC])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in answer.split()
        ]

    def connect(address: str, _: int, timeout: float) -> socket.socket:
        dialled.append(address)
        assert address == PUBLIC
        line = socket.socket()
        line.settimeout(timeout)
        line.connect(("127.0.0.1", port))
        return line

    monkeypatch.setattr(fetching.socket, "getaddrinfo", look)
    monkeypatch.setattr(fetching, "_connected", connect)
    return dialled


@pytest.fixture
def listen() -> Iterator[Callable[[Talk], int]]:
    """Return what starts a server that talks as it is told to on every line, and gives its port."""
    servers: list[socket.socket] = []

    def start(talk: Talk, address: str = "127.0.0.1") -> int:
        server = socket.create_server((address, 0), family=socket.AF_INET6 if ":" in address else socket.AF_INET)
        servers.append(server)

        def accept() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                with line, suppress(OSError):
                    talk(line)

        threading.Thread(target=accept, daemon=True).start()
        return int(server.getsockname()[1])

    yield start
    for server in servers:
        server.close()


def asked(line: socket.socket) -> str:
    """Return the head of a request."""
    head = b""
    while b"\r\n\r\n" not in head:
        head += line.recv(4096) or b"\r\n\r\n"
    return head.decode("latin-1")


def answering(body: bytes, head: str = "200 OK", more: str = "") -> Talk:
    def talk(line: socket.socket) -> None:
        asked(line)
        line.sendall(f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body)

    return talk


def get(url: str, timeout: float = 5.0) -> str:
    return PublicAdapter().get_text(url, timeout=timeout, headers={"User-Agent": "dateline-tests"})


HERE = [
    "127.0.0.1", "127.1", "127.255.255.254", "localhost", "0.0.0.0", "0", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",  # noqa: S104 - asked, not bound
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
]  # fmt: skip
NEAR = [
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]",
    "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[2001:0:a9fe:a9fe::1]", "192.0.2.1", "198.18.0.1", "224.0.0.1",
    "[ff02::1]", "255.255.255.255", "240.0.0.1", "[2001:db8::1]", "2852039166", "167772161",
]  # fmt: skip


@pytest.mark.parametrize("host", [*HERE, *NEAR])
def test_no_private_address_is_asked_however_it_is_written(host: str, listen: Callable[..., int]) -> None:
    """Loopback, link-local, private, shared, multicast; as a decimal, in hex, within IPv6: refused before any connection."""
    lines: list[str] = []
    ports = [listen(lambda line: lines.append(asked(line)))]
    with suppress(OSError):
        ports.append(listen(lambda line: lines.append(asked(line)), "::1"))
    for port in ports:
        with pytest.raises((GeocoderServiceError, GeocoderUnavailable), match=r"no public address|not known"):
            get(f"http://{host}:{port}/search?q=x", timeout=2)
    time.sleep(0.05)
    assert lines == []


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", f"{PUBLIC} 127.0.0.1", f"{PUBLIC} fd00::1"]
)
def test_a_name_that_leads_inside_is_not_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where the same name has a public address too."""
    dialled = stand_in(monkeypatch, 9, {"inside.example": [address]})
    with pytest.raises(GeocoderServiceError, match="no public address"):
        get("http://inside.example/")
    assert dialled == []


def test_a_name_that_changes_its_address_is_asked_where_it_was_checked(
    monkeypatch: pytest.MonkeyPatch, listen: Callable[..., int]
) -> None:
    """DNS rebinding: public at the look-up, then this machine: the one look-up counts, and the next question is refused."""
    port = listen(answering(b"public"))
    dialled = stand_in(monkeypatch, port, {"bent.example": [PUBLIC, "127.0.0.1"]})
    assert get("http://bent.example/") == "public"
    assert dialled == [PUBLIC]
    with pytest.raises(GeocoderServiceError, match=r"127\.0\.0\.1"):
        get("http://bent.example/")
    assert dialled == [PUBLIC]


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:PORT/", "http://[::1]:PORT/", "http://2130706433:PORT/", "http://inside.example:PORT/"]
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_inside_is_not_followed(
    status: int, target: str, monkeypatch: pytest.MonkeyPatch, listen: Callable[..., int]
) -> None:
    lines: list[str] = []
    inside = listen(lambda line: lines.append(asked(line)))
    outside = listen(answering(b"", f"{status} Moved", f"Location: {target.replace('PORT', str(inside))}\r\n"))
    stand_in(monkeypatch, outside, {"inside.example": ["127.0.0.1"]})
    with pytest.raises(GeocoderServiceError, match="no public address"):
        get("http://geo.example/")
    time.sleep(0.02)
    assert lines == []


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://geo.example/", "gopher://geo.example/", "http://a@geo.example/"]
)
def test_a_redirect_to_something_else_is_not_followed(
    location: str, monkeypatch: pytest.MonkeyPatch, listen: Callable[..., int]
) -> None:
    stand_in(monkeypatch, listen(answering(b"", "302 Found", f"Location: {location}\r\n")))
    with pytest.raises(GeocoderServiceError, match="may be asked"):
        get("http://geo.example/")


def test_redirects_are_followed_in_the_open_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch, listen: Callable[..., int]
) -> None:
    heads: list[str] = []

    def talk(line: socket.socket) -> None:
        heads.append(asked(line))
        if heads[-1].startswith("GET /there"):
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        else:
            there = b"/there" if heads[-1].startswith("GET /once") else b"/again"
            line.sendall(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n" % there)

    stand_in(monkeypatch, listen(talk))
    assert get("http://geo.example/once") == "ok"
    heads.clear()
    with pytest.raises(GeocoderServiceError, match="redirects"):
        get("http://geo.example/again")
    assert len(heads) == fetching.MOST_REDIRECTS + 1
    assert all("Host: geo.example\r\n" in head for head in heads)


def endless(line: socket.socket) -> None:
    asked(line)
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        line.sendall(b"x" * 65_536)


def chunks(line: socket.socket) -> None:
    asked(line)
    line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        line.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")


def headers(line: socket.socket) -> None:
    asked(line)
    line.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        line.sendall(b"X-More: " + b"x" * 60_000 + b"\r\n")


@pytest.mark.parametrize("talk", [endless, chunks, headers, answering(b"x" * (LARGEST_ANSWER + 1))])
def test_an_endless_answer_is_not_read_to_its_end(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, listen: Callable[..., int]
) -> None:
    stand_in(monkeypatch, listen(talk))
    began = time.monotonic()
    with pytest.raises(GeocoderServiceError):
        get("http://geo.example/")
    assert time.monotonic() - began < 4


def silent(line: socket.socket) -> None:
    time.sleep(20)


def drop_by_drop(line: socket.socket) -> None:
    asked(line)
    for byte in b"HTTP/1.1 200 OK\r\nX-More: " + b"x" * 10_000:
        line.sendall(bytes((byte,)))
        time.sleep(0.05)


def slow_body(line: socket.socket) -> None:
    asked(line)
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        line.sendall(b"x")
        time.sleep(0.05)


@pytest.mark.parametrize("talk", [silent, drop_by_drop, slow_body])
def test_a_slow_answer_ends_when_its_time_is_up(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, listen: Callable[..., int]
) -> None:
    """A byte now and then does not buy more time."""
    stand_in(monkeypatch, listen(talk))
    began = time.monotonic()
    with pytest.raises(GeocoderTimedOut):
        get("http://geo.example/", timeout=0.6)
    assert time.monotonic() - began < 2.5


def test_a_look_up_that_does_not_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: time.sleep(5))
    began = time.monotonic()
    with pytest.raises(GeocoderTimedOut):
        get("http://geo.example/", timeout=0.3)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("talk", "error"),
    [
        (answering(b"no", "503 Busy"), AdapterHTTPError),
        (answering(b"\xff\xfe\xff"), GeocoderParseError),
        (answering(b"x", more="Content-Encoding: gzip\r\n"), GeocoderServiceError),
        (lambda line: line.sendall(b"\x00" * 100), GeocoderServiceError),
        (lambda line: line.close(), GeocoderServiceError),
    ],
)
def test_what_is_no_answer_is_an_error_of_geopys(
    talk: Talk, error: type[Exception], monkeypatch: pytest.MonkeyPatch, listen: Callable[..., int]
) -> None:
    stand_in(monkeypatch, listen(talk))
    with pytest.raises(error):
        get("http://geo.example/")


def test_json_is_read_or_refused(monkeypatch: pytest.MonkeyPatch, listen: Callable[..., int]) -> None:
    adapter = PublicAdapter()
    stand_in(monkeypatch, listen(answering(b'[{"lat": "36.97"}]')))
    assert adapter.get_json("http://geo.example/", timeout=5, headers={}) == [{"lat": "36.97"}]
    stand_in(monkeypatch, listen(answering(b"[" * 100_000)))
    with pytest.raises(GeocoderParseError):
        adapter.get_json("http://geo.example/", timeout=5, headers={})


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch, listen: Callable[..., int]) -> None:
    """It would look the name up itself, where nobody checks what it finds."""
    lines: list[str] = []
    proxy = listen(lambda line: lines.append(asked(line)))
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy}")
        monkeypatch.setenv(name.upper(), f"http://127.0.0.1:{proxy}")
    stand_in(monkeypatch, listen(answering(b"straight")))
    assert get("http://geo.example/") == "straight"
    assert lines == []


def test_a_service_that_came_with_its_own_way_gets_this_one() -> None:
    """geopy would take requests, which follows redirects anywhere and reads answers of any size."""
    service = guarded(Nominatim(user_agent="dateline-tests"))
    assert isinstance(service.adapter, PublicAdapter)
    assert guarded(service).adapter is service.adapter


def test_the_certificate_is_asked_for_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listen: Callable[..., int]
) -> None:
    """Over TLS: the name's own certificate is taken, another name's is not."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on this machine to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=geo.example", "-addext",
         "subjectAltName=DNS:geo.example", "-keyout", key, "-out", certificate], check=True, capture_output=True,
    )  # fmt: skip
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(certificate, key)

    def talk(line: socket.socket) -> None:
        with own.wrap_socket(line, server_side=True) as secured:
            answering(b"private")(secured)

    stand_in(monkeypatch, listen(talk))
    adapter = PublicAdapter(ssl_context=ssl.create_default_context(cafile=str(certificate)))
    assert adapter.get_text("https://geo.example/", timeout=5, headers={}) == "private"
    with pytest.raises(GeocoderUnavailable, match="certificate"):
        adapter.get_text("https://other.example/", timeout=5, headers={})
    with pytest.raises(GeocoderUnavailable, match="certificate"):
        get("https://geo.example/")


# Nothing else fetches

NETWORK = {"socket", "ssl", "http", "urllib.request", "urllib3", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "asyncio"}
CALLS = {"atlas.py"}  # derives gazetteer and base map, by commands of their own, from packages that npm and pip fetch


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_no_other_module_can_ask_another_machine() -> None:
    """The code itself is read: networks in one module, other programmes in one, fetching in none but `online`."""
    paths = [*(ROOT / "geo").rglob("*.py"), ROOT / "app.py", ROOT / "desk.py"]
    assert len(paths) > 60
    for path in paths:
        names = imported(path)
        reach = {name for name in names if name in NETWORK or name.split(".")[0] in NETWORK - {"urllib.request"}}
        assert not reach or path.name == "fetching.py", (path, reach)
        assert "subprocess" not in names or path.name in CALLS, path
        assert "geo.fetching" not in names or path.name == "online.py", path
        assert "geo.online" not in names, path


ALONE = """
import sys
def hook(event, given):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request", "subprocess.Popen"):
        print(event, given, file=sys.stderr)
        sys.stderr.flush()
        import os; os._exit(9)
sys.addaudithook(hook)
if sys.argv[1] == "app":
    from streamlit.testing.v1 import AppTest
    found = AppTest.from_file("app.py", default_timeout=60).run()
    assert not found.exception, found.exception
    sys.exit(0)
from geo.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    "arguments",
    [["app"], ["check"], ["control"], ["places", str(SEEDS / "articles" / "sun-2024-12-01.md")], ["export", "--format", "zip"],
     ["publish", "OUT"], ["draft", "--story", "COPY"]],
    ids=lambda arguments: str(arguments[0]),
)  # fmt: skip
def test_nothing_is_looked_up_or_connected_by_app_or_commands(arguments: list[str], tmp_path: Path) -> None:
    """Python's own audit of every connection, look-up and programme that is started ends the process at the first."""
    copy = shutil.copytree(SEEDS, tmp_path / "copy")
    given = [one.replace("OUT", str(tmp_path / "out")).replace("COPY", str(copy)) for one in arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DATELINE_STORY": str(SEEDS)}
    done = subprocess.run(
        [sys.executable, "-c", ALONE, *given], cwd=ROOT, env=environment, capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-600:].decode()
