"""What the server says with each answer: policies by kind, who may frame, and a start that refuses what it cannot read."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, awaited
from serving import Server
from streamlit import config

from geo.backgrounds import backgrounds
from geo.errors import DatelineError
from geo.headers import Application, Policies, framing, guarded, inline_scripts, tile_hosts

COMPONENT = "component/streamlit_folium.st_folium/index.html"


def directives(policy: str) -> dict[str, list[str]]:
    """Return a policy's directives with their sources."""
    return {words[0]: words[1:] for words in (part.split() for part in policy.split(";"))}


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("", ("'self'",)),
        ("https://news.example", ("'self'", "https://news.example")),
        ("https://a.example, http://localhost:8000\nhttps://*.b.example",
         ("'self'", "https://a.example", "http://localhost:8000", "https://*.b.example")),
        ("https://News.Example https://news.example", ("'self'", "https://news.example")),
        ("https://a.example *", ("*",)),
    ],
)  # fmt: skip
def test_who_may_frame_is_a_list_of_origins(value: str, wanted: tuple[str, ...]) -> None:
    """Spaces and commas part them; the app's own address always may; * is everybody."""
    assert framing(value) == wanted


@pytest.mark.parametrize(
    "value",
    ["news.example", "https://", "https://a.example/path", "https://a.example; script-src *", "'none'", "javascript:x", "https://*",
     "https://a..example", "https://a.example:port", "https://a.example\r\nX-A:b", "data:", "https://é.example"],
)  # fmt: skip
def test_what_is_no_origin_is_refused_in_one_sentence(value: str) -> None:
    """No word of it gets into a header."""
    with pytest.raises(DatelineError, match=r"^DATELINE_FRAME_ANCESTORS: [^\n]* is not an origin [^\n]*\.$"):
        framing(value)


def test_no_policy_lets_text_be_evaluated() -> None:
    """Neither has unsafe-eval; the page's has no inline scripts but those that Streamlit comes with, by digest."""
    policies = Policies(("'self'",))
    for policy in (policies.page, policies.frame, policies.file):
        assert "'unsafe-eval'" not in policy
        assert directives(policy)["default-src"] == ["'none'"]
        assert directives(policy)["frame-ancestors"] == ["'self'"]
    scripts = directives(policies.page)["script-src"]
    assert scripts[0] == "'self'"
    assert scripts[-1] == "'wasm-unsafe-eval'"
    assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", one) for one in scripts[1:-1])
    assert "script-src" not in directives(policies.file)


def test_pictures_from_outside_come_from_the_backgrounds_offered_and_into_the_maps_frame_alone() -> None:
    """The host of each tile that a reader can choose is named whole, and no other."""
    policies = Policies(("'self'",))
    assert directives(policies.page)["img-src"] == ["'self'", "data:"]
    named = directives(policies.frame)["img-src"][2:]
    assert named == list(tile_hosts(backgrounds()))
    assert all(re.fullmatch(r"https://[a-z0-9.-]+", one) for one in named)
    for one in backgrounds():
        url = one.url.replace("{s}", one.subdomains[:1])
        assert any(url.startswith(f"{host}/") for host in named), url


def test_a_script_in_a_document_is_named_by_its_digest() -> None:
    """The digest is that of the text between the tags; scripts with a source need none."""
    said = "<script>\nalert(1)\n</script><script src='a.js'></script><script type='module' src='b.js'></script>"
    assert inline_scripts(said) == ("'sha256-J8+4/wmqNoqVGih0Xof49bzVEIwR8aHhR5HvZK1wlzY='",)


def headers_of(app: Application, path: str) -> list[tuple[bytes, bytes]]:
    """Ask an application for a path; return its headers."""

    async def asked() -> list[tuple[bytes, bytes]]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        await app({"type": "http", "path": path}, None, send)  # type: ignore[arg-type]
        return sent[0]["headers"]  # type: ignore[no-any-return]

    return awaited(asked())  # type: ignore[no-any-return]


@pytest.mark.parametrize("prefix", ["", "/map"])
def test_what_is_named_by_its_content_is_kept_and_the_frame_is_told_what_it_will_want(prefix: str) -> None:
    """A browser asks for scripts before it has read of them, keeps them for a year, and keeps no refusal."""
    wanted = ("../app.assets/guard-0123456789ab.js", "../app.assets/story-0123456789ab.js")

    def answers(status: int) -> Application:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            headers = [(b"content-type", b"text/javascript"), (b"cache-control", b"public")]
            await send({"type": "http.response.start", "status": status, "headers": headers})

        return guarded(app, ("'self'",), lambda: wanted)

    kept, frame = f"{prefix}/component/app.assets/guard-0123456789ab.js", f"{prefix}/{COMPONENT}"
    assert dict(headers_of(answers(200), kept))[b"cache-control"] == b"public, max-age=31536000, immutable"
    others = (
        "/component/app.assets/index.html",
        "/component/app.assets/leaflet-license.txt",
        "/component/app.assets/guard.js",
        "/x.js",
    )
    for status, path in ((404, kept), *((200, prefix + path) for path in others)):
        assert dict(headers_of(answers(status), path))[b"cache-control"] == b"public", path
    told = dict(headers_of(answers(200), frame))[b"link"].decode()
    assert told == ", ".join(f"<{path}>; rel=preload; as=script" for path in wanted)
    assert b"link" not in dict(headers_of(answers(404), frame))
    assert b"link" not in dict(headers_of(answers(200), kept))


def test_an_answer_that_has_a_policy_keeps_it_and_an_error_gets_one() -> None:
    """What wraps the application sees every answer that leaves it."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"Content-Security-Policy", b"sandbox")] if scope["path"] == "/own" else [(b"X-Content-Type-Options", b"x")]
        await send({"type": "http.response.start", "status": 500, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    own, error = (headers_of(guarded(app, ("'self'",)), path) for path in ("/own", "/error"))
    assert [value for name, value in own if name.lower() == b"content-security-policy"] == [b"sandbox"]
    assert dict(error)[b"content-security-policy"].startswith(b"default-src 'none'")
    assert [value for name, value in error if name.lower() == b"x-content-type-options"] == [b"nosniff"]


@pytest.fixture(scope="module", params=["", "map"])
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str]]:
    """Serve the app, at the root and under a base path; give its port and path."""
    path = str(request.param)
    settings = {"STREAMLIT_SERVER_BASE_URL_PATH": path} if path else {}
    settings |= {"DATELINE_FRAME_ANCESTORS": "https://news.example"}
    server = Server(tmp_path_factory.mktemp("server"), settings=settings)
    server.start()
    yield server.port, f"/{path}/" if path else "/"
    server.end()


def answer(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, http.client.HTTPMessage]:
    """Ask for a path; return status and headers."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        asked.request(method, path, headers=headers)
        got = asked.getresponse()
        got.read()
        return got.status, got.headers
    finally:
        asked.close()


def test_each_answer_has_its_headers_whatever_was_asked(base: tuple[int, str]) -> None:
    """Page, frame, files, health, refusals: no type is guessed, the policy is that of its kind, one framer is let in."""
    port, prefix = base
    policies = Policies(framing("https://news.example"))
    script = re.search(r'src="\./(static/js/index[^"]+)"', (Path(config.__file__).parent / "static/index.html").read_text())
    assert script
    asked = {
        "": policies.page,
        "desk": policies.page,
        "nothing/there": policies.page,
        COMPONENT: policies.frame,
        "component/nothing/index.html": policies.file,
        script.group(1): policies.file,
        "_stcore/health": policies.file,
        "_stcore/host-config": policies.file,
        "_stcore/metrics": policies.file,
        "media/nothing.svg": policies.file,
        "..%2f..%2fetc/passwd": policies.file,
    }
    seen = set()
    for path, wanted in asked.items():
        for method in ("GET", "HEAD", "POST", "OPTIONS"):
            status, headers = answer(port, prefix + path, method)
            assert headers["X-Content-Type-Options"] == "nosniff", (path, method)
            assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin", (path, method)
            assert directives(headers["Content-Security-Policy"])["frame-ancestors"] == ["'self'", "https://news.example"]
            if method == "GET":
                assert (path, headers["Content-Security-Policy"]) == (path, wanted if status != 404 else policies.file)
                seen.add(status)
    assert {200, 404} <= seen


def test_what_a_browser_has_kept_keeps_its_policy(base: tuple[int, str]) -> None:
    """The headers of “not modified” take the place of those that were kept: with a policy of a file the page would be blank."""
    port, prefix = base
    for path in ("", COMPONENT):
        _, first = answer(port, prefix + path)
        again = {"If-None-Match": first["ETag"] or "", "If-Modified-Since": first["Last-Modified"] or ""}
        status, headers = answer(port, prefix + path, **again)
        if path == "":
            assert status == 304
        assert headers["Content-Security-Policy"] == (None if status == 304 else first["Content-Security-Policy"]), path
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_websocket_of_another_origin_is_refused(base: tuple[int, str]) -> None:
    """Streamlit's own protection is on: another site cannot open a session in a reader's name."""
    port, prefix = base
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    upgrade["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ=="
    assert answer(port, f"{prefix}_stcore/stream", Origin="https://evil.example", **upgrade)[0] == 403
    assert answer(port, f"{prefix}_stcore/stream", Origin=f"http://127.0.0.1:{port}", **upgrade)[0] == 101


def test_the_settings_tell_nobody_anything() -> None:
    """Cross-site requests are checked, no use is reported, what went wrong inside is not shown, the agents' door is shut."""
    wanted = {
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,
        "server.enableAgentApi": False,
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
    }
    said = subprocess.run(
        [sys.executable, "-c", f"from streamlit import config; print([config.get_option(x) for x in {list(wanted)}])"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.strip() == str(list(wanted.values()))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATELINE_FRAME_ANCESTORS", "news.example"),
        ("DATELINE_READERS", "many"),
        ("DATELINE_READERS", "0"),
        ("DATELINE_PUBLISHED", "javascript:alert(1)"),
    ],
)
def test_a_setting_that_cannot_be_read_stops_the_start_with_one_sentence(name: str, value: str, tmp_path: Path) -> None:
    """The server does not start with less protection than was asked for; no traceback."""
    server = Server(tmp_path, settings={name: value})
    assert server.launch().wait(60) != 0
    assert [line for line in server.said.splitlines() if line.startswith(f"{name}: ")], server.said
    assert "Traceback" not in server.said
