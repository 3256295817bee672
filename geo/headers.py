"""What the app's server says with each answer: what a browser may load and run for it, and who may show it in a frame.

    streamlit run app.py -> app = guarded(st.App(...)) -> every answer passes here last

Three kinds of answer have three policies. Streamlit's page may run its own files and the one inline script that it comes
with, and no text. (Streamlit's reader of messages compiles WebAssembly for long numbers; `wasm-unsafe-eval` lets it, and no
text.) It needs inline styles, which is how Streamlit styles everything.
The map's frame is streamlit-folium's, which puts folium's constant script into its document as text: it may run inline
scripts, and still no `eval`. Every other answer is a file, and does nothing at all if somebody opens it by itself.

The map's frame is also told which scripts it will want, so that they come while its own is read; and a browser may keep
for a year what carries a digest of its content in its name.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit

from geo.backgrounds import Background, backgrounds
from geo.errors import DatelineError, shown

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

FRAME = "/component/streamlit_folium."
"""What stands in the path of the map's frame, under every base path."""
KEPT = re.compile(r".*/component/[a-z]+\.assets/[a-z]+-[0-9a-f]{12}\.(?:js|css)")
"""Path of a file whose name changes with its content, under every base path."""
_OK, _UNCHANGED = 200, 304
_FOR_EVER = b"public, max-age=31536000, immutable"
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_ORIGIN = re.compile(r"https?://(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::[0-9]{1,5})?")
_CLOSED = "base-uri 'none'; form-action 'none'"


def framing(value: str) -> tuple[str, ...]:
    """Return who may show the app in a frame, as `frame-ancestors` names them; the app's own address always may.

    Parameters
    ----------
    value : origins with spaces or commas between (https://news.example, https://*.news.example:8443), * for everybody, or ""

    Raises
    ------
    DatelineError : a word is no origin
    """
    words = value.replace(",", " ").lower().split()
    for word in words:
        if word != "*" and not _ORIGIN.fullmatch(word):
            raise DatelineError(
                f"DATELINE_FRAME_ANCESTORS: {shown(word)!r} is not an origin as https://news.example, without a path, nor *."
            )
    return ("*",) if "*" in words else ("'self'", *dict.fromkeys(words))


def tile_hosts(offered: Iterable[Background]) -> tuple[str, ...]:
    """Return the origins that pictures of backgrounds come from."""
    found: dict[str, None] = {}
    for one in offered:
        for letter in one.subdomains or " ":
            parts = urlsplit(one.url.replace("{s}", letter))
            found[f"{parts.scheme}://{parts.netloc}"] = None
    return tuple(found)


def inline_scripts(document: str) -> tuple[str, ...]:
    """Return the scripts that stand in an HTML document, as a policy names them: by the SHA-256 of their text."""
    digests = (hashlib.sha256(script.encode("utf-8")).digest() for script in _INLINE.findall(document))
    return tuple(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests)


class Policies:
    """The content security policies of the app.

    Parameters
    ----------
    ancestors : who may show it in a frame, as `framing` returns them
    """

    def __init__(self, ancestors: tuple[str, ...]) -> None:
        index = Path(streamlit.__file__).parent / "static" / "index.html"
        own = " ".join(("'self'", *inline_scripts(index.read_text(encoding="utf-8"))))
        tiles = " ".join(tile_hosts(backgrounds()))
        framed = f"{_CLOSED}; frame-ancestors {' '.join(ancestors)}"
        self.page = (
            f"default-src 'none'; script-src {own} 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            f"font-src 'self' data:; connect-src 'self'; frame-src 'self'; manifest-src 'self'; {framed}"
        )
        self.frame = (
            "default-src 'none'; script-src 'self' 'unsafe-inline' data:; style-src 'self' 'unsafe-inline'; "
            f"img-src 'self' data: {tiles}; connect-src 'self'; {framed}"
        )
        self.file = f"default-src 'none'; {framed}"

    def of(self, path: str, kind: str) -> str:
        """Return the policy of an answer by its path and content type."""
        if not kind.startswith("text/html"):
            return self.file
        return self.frame if FRAME in path else self.page


def in_advance(paths: Iterable[str]) -> bytes:
    """Return the value of a `Link` header that lets a browser ask for scripts before it reads of them."""
    return ", ".join(f"<{path}>; rel=preload; as=script" for path in paths).encode("ascii")


def guarded(app: Application, ancestors: tuple[str, ...], wanted: Callable[[], tuple[str, ...]] = tuple) -> Application:
    """Return an ASGI application that says our headers with every answer of another, its errors included.

    Parameters
    ----------
    ancestors : who may show it in a frame, as `framing` returns them
    wanted : gives the scripts that the map's frame will want, by their paths from it
    """
    policies = Policies(ancestors)

    async def answered(scope: Message, receive: Receive, send: Send) -> None:
        async def said(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                message = {**message, "headers": with_ours(scope["path"], message["status"], list(message.get("headers", ())))}
            await send(message)

        await app(scope, receive, said)

    def with_ours(path: str, status: int, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        named = {name.lower(): value for name, value in headers}
        ours = {
            b"x-content-type-options": b"nosniff",
            # The providers of tiles want to know which site asks, and get no more than its name.
            b"referrer-policy": b"strict-origin-when-cross-origin",
        }
        # “Not modified” tells no type, and what it says takes the place of what a browser has kept: there its policy stays.
        if b"content-security-policy" not in named and status != _UNCHANGED:
            ours[b"content-security-policy"] = policies.of(path, named.get(b"content-type", b"").decode("latin-1")).encode()
        if status == _OK and KEPT.fullmatch(path):
            ours[b"cache-control"] = _FOR_EVER
        if status == _OK and FRAME in path and path.endswith("/index.html") and (paths := wanted()):
            ours[b"link"] = in_advance(paths)
        return [*(one for one in headers if one[0].lower() not in ours), *ours.items()]

    return answered
