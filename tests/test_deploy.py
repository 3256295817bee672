"""What the README's section on deploying hands out: nginx files that nginx takes, and a Containerfile that keeps its word."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from fnmatch import fnmatch
from pathlib import Path

import pytest
from conftest import ROOT, bundled
from serving import free_port

from geo.publish import publish

DEPLOY = ROOT / "deploy"
CONTAINER = (ROOT / "Containerfile").read_text(encoding="utf-8")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
needs_nginx = pytest.mark.skipif(NGINX is None, reason="there is no nginx here to ask (Debian: apt-get install nginx-light)")


def configured(folder: Path, name: str, port: int, root: Path) -> Path:
    """Write a file of deploy/ into a configuration that nginx can run from a folder by itself; return its path."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/srv/dateline", str(root))
    (folder / name).write_text(text, encoding="utf-8")
    main = folder / "nginx.conf"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    kept = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""  # the folders of a test are its user's alone
    main.write_text(
        f"{user} daemon off; worker_processes 1; pid {folder}/pid; error_log stderr; events {{ worker_connections 64; }}\n"
        f"http {{ access_log off; {kept} include {folder / name}; }}\n",
        encoding="utf-8",
    )
    return main


@needs_nginx
@pytest.mark.parametrize("name", ["nginx-app.conf", "nginx-site.conf"])
def test_nginx_takes_each_file_and_warns_of_nothing(name: str, tmp_path: Path) -> None:
    """`nginx -t` finds no fault."""
    main = configured(tmp_path, name, 18080, tmp_path)
    said = subprocess.run([str(NGINX), "-t", "-p", str(tmp_path), "-c", str(main)], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert [line for line in said.stderr.splitlines() if re.search(r"\[(warn|error|emerg|crit)\]", line)] == []


Ask = Callable[..., tuple[int, Message]]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Ask]]:
    """Hand out the published bundled story with nginx; give its folder, and what asks for a path: its status and headers."""
    site = publish(bundled(), tmp_path_factory.mktemp("www") / "site")
    port = free_port()
    folder = tmp_path_factory.mktemp("nginx")
    main = configured(folder, "nginx-site.conf", port, site)
    process = subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(main)])

    def asked(path: str, **headers: str) -> tuple[int, Message]:
        request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.headers
        except urllib.error.HTTPError as error:
            return error.code, error.headers

    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    yield site, asked
    process.terminate()
    process.wait(10)


@needs_nginx
def test_each_published_file_has_its_type_and_is_kept_as_long_as_it_stays_true(ask: tuple[Path, Ask]) -> None:
    """A name with a digest is kept for a year, every other is asked for anew; no type is guessed."""
    site, asked = ask
    files = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file() and path.suffix != ".gz"]
    assert {"index.html", "embed.html", "version.json"} <= set(files)
    for file in files:
        status, headers = asked(file)
        assert status == 200
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers.get_content_type() != "application/octet-stream", file
        digest = re.search(r"-[0-9a-f]{12}\.\w+$", file)
        assert headers["Cache-Control"] == ("public, max-age=31536000, immutable" if digest else "no-cache"), file


@needs_nginx
def test_scripts_are_handed_out_as_they_were_compressed(ask: tuple[Path, Ask]) -> None:
    """The bytes are those of the .gz beside; nginx does not compress anew."""
    site, asked = ask
    for script in (site / "assets").glob("*.js"):
        _, headers = asked(f"assets/{script.name}", **{"Accept-Encoding": "gzip"})
        assert headers["Content-Encoding"] == "gzip"
        assert int(headers["Content-Length"]) == script.with_name(f"{script.name}.gz").stat().st_size


@needs_nginx
def test_what_is_hidden_or_absent_is_not_found(ask: tuple[Path, Ask]) -> None:
    """A hidden file that lies there is not handed out."""
    site, asked = ask
    (site / ".hidden").write_text("x", encoding="utf-8")
    assert [asked(path)[0] for path in (".hidden", "nothing.html", "")] == [404, 404, 200]


def test_the_container_has_what_the_app_needs_and_is_not_root() -> None:
    """It copies files that exist and that the builder is sent, installs by hash, runs as a number that is not 0."""
    copied = [name for line in re.findall(r"^COPY (.+)$", CONTAINER, re.MULTILINE) for name in line.split()[:-1]]
    assert {"app.py", "geo", "seeds", ".streamlit", "requirements.lock"} <= set(copied)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sent = [rule[1:] for rule in rules if rule.startswith("!")]
    assert [name for name in copied if not any(fnmatch(name, rule) for rule in sent)] == []
    assert "--require-hashes -r requirements.lock" in CONTAINER
    users = re.findall(r"^USER (\d+)$", CONTAINER, re.MULTILINE)
    assert users
    assert int(users[-1]) > 0
    assert "_stcore/health" in CONTAINER


def test_each_module_that_the_app_imports_is_copied_into_the_container() -> None:
    """A new module at the top level must be copied, too."""
    copied = set(re.findall(r"(\w+)\.py\b", "\n".join(re.findall(r"^COPY .+$", CONTAINER, re.MULTILINE))))
    assert {path.stem for path in ROOT.glob("*.py")} <= copied
