"""Hostile texts, and the bundled story with such a text in every field that takes one.

The canaries: in a browser a text that ran would set `window.canary`; on a server it would make the file that `CANARY` names,
or write `PRODUCT` where a template worked it out. Each text carries a number of its own, so that what is found can be told to
be whole.
"""

from __future__ import annotations

import csv
import io
import itertools
import random
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from conftest import SEEDS

CANARY = Path("/tmp/dateline-canary")  # noqa: S108 - a fixed name, since the texts that would make it are fixed
JS = "window.canary=1"
PRODUCT = str(7919 * 7919)
SHAPES = (
    # templates: Jinja, Python, shells, and what folium's and streamlit-folium's own rewriting looks for
    "{{{{cycler.__init__.__globals__.os.system('touch {canary}')}}}}",
    "{{% for x in ().__class__.__base__.__subclasses__() %}}{{{{x}}}}{{% endfor %}}",
    "{{% include '/etc/passwd' %}}{{# {{{{7919*7919}}}} #}}",
    "{{{{7919*7919}}}}",
    "{{% raw %}}",
    "{{%",
    "${{7919*7919}} #{{7919*7919}} <%= 7919*7919 %> $(touch {canary}) `touch {canary}`",
    "{{0.__class__.__mro__}} %(x)s %s %n {{}} {{0}} {{!r}}",
    "__import__('os').system('touch {canary}')",
    "map_div2 drawnItems alert(coords); this.get_name()",
    # HTML, SVG and CSS
    "<script>{js}</script>",
    "</script><script>{js}//",
    "</title></style></textarea><img src=x onerror={js}>",
    "\"><svg onload={js}><animate onbegin={js} attributeName=x dur=1s>",
    "'><iframe srcdoc='<script>parent.{js}</script>'>",
    "<a href=javascript:{js}>x</a><math><mtext></p><img src=x onerror={js}>",
    "<svg><style>@import '//127.0.0.1:1/x';</style><use href='data:image/svg+xml,<svg onload={js}>'></svg>",
    "<!--<img src=\"--><img src=x onerror={js}//\">",
    "<![CDATA[<script>{js}</script>]]> <!ENTITY x SYSTEM 'file:///etc/passwd'> &x; &lt;b&gt; &#60;",
    "<style>*{{background:url(//127.0.0.1:1/)}}</style>;}} body{{x:expression({js})}} url('javascript:{js}')",
    "<base href=//127.0.0.1:1/><meta http-equiv=refresh content='0;url=javascript:{js}'>",
    # JavaScript and JSON
    "';{js};//",
    "\\\";{js};//",
    "`;${{{js}}}",
    "\u2028{js}\u2029",
    "*/{js}/* //# sourceMappingURL=//127.0.0.1:1/x",
    "__proto__ constructor toString hasOwnProperty",
    "\\u003cscript\\u003e{js}\\u003c/script\\u003e \\x3c \\",
    # Markdown
    "[x](javascript:{js}) ![x](//127.0.0.1:1/x) :material/delete: :red[x] $\\frac1x$ # *x* ~~x~~ `x`",
    "<https://127.0.0.1:1/> | a | b |",
    # tables
    "=cmd|' /C calc'!A0",
    "+HYPERLINK(\"http://127.0.0.1:1/\",\"x\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "\"a\",\"b\";c\td'e",
    "=IMPORTXML(CONCAT(\"http://127.0.0.1:1/?\",A1),\"//a\")",
    # writing: directions, marks, widths, lengths
    "\u202etxet desrever\u202c \u2066isolated\u2069 \u200f\u061c",
    "حلب \u0627\u0644\u0644\u0651\u064e\u0647 \ufdfa \u200d\u200c",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324" * 30,
    "\ufeff\u00ad\u200b\u2060\u180e\u00a0\u3000\u115f",
    "👩‍👩‍👧‍👦🏴\U000e0067\U000e0062🏳️‍🌈\U0001f1f8\U0001f1fe\U0010ffff\ufffe",
    "İıſẞßﬀǅ ſ K Å",
    "unbrokenunbroken" * 60,
    "wide ＝１＋１ ＜script＞",
    # paths, addresses, logs
    "../../../../{canary} C:\\\\con\\\\nul file:///etc/passwd",
    "javascript:{js} data:text/html,<script>{js}</script> vbscript:x",
    "\x1b[2J\x1b]0;x\x07 \x07\x08",
    "a\x00b \x01\x0b\x0c\x7f\x85",
    "NaN Infinity -0 1e999 null true undefined None",
)  # fmt: skip
"""Formats of hostile texts, `{canary}` a file and `{js}` a script; a number makes each text made of them one of a kind."""
MARK = r"~(\d+)~"
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def texts(count: int, seed: int = 0) -> list[str]:
    """Return hostile texts, each different: every shape in turn, then two shapes spliced."""
    chance, found = random.Random(seed), []  # noqa: S311 - the same texts each time is what is wanted
    shapes = [shape.format(canary=CANARY, js=JS) for shape in SHAPES]
    for number, shape in zip(range(count), itertools.cycle(shapes), strict=False):
        if number < len(shapes):
            text = shape
        else:
            other = chance.choice(shapes)
            cut, at = chance.randrange(len(shape) + 1), chance.randrange(len(other) + 1)
            text = shape[:cut] + other[at:] + other[:at] + shape[cut:]
        found.append(f"{text}~{number}~" if chance.random() < 0.8 else f"~{number}~{text}")
    return found


def told(text: str) -> str:
    """Return a text as CSV, TOML and YAML can carry it and a reader of tables keeps it: on one line, without bare controls."""
    return _CONTROLS.sub("", text).strip()


class Supply:
    """Hostile texts one after another, as files can carry them, and those used so far by their number.

    Parameters
    ----------
    hostile : what `texts` returned
    """

    def __init__(self, hostile: Iterable[str]) -> None:
        self._left = iter(hostile)
        self.used: dict[int, str] = {}

    def __call__(self, most: int = 4000, without: str = "") -> str:
        """Return the next text, no longer than `most`, without some characters."""
        text = told(next(self._left))
        (number,) = (int(found) for found in re.findall(MARK, text))
        text = told("".join(letter for letter in text.replace(f"~{number}~", "") if letter not in without)[: most - 8])
        text = f"{text}~{number}~"
        self.used[number] = text
        return text

    def fault(self, found: str, *, cut: int = 0) -> str:
        """Return which text stands in `found` and not as it was written, "" where all are whole.

        The first letter of a text may have become a capital; a text of more than `cut` characters may be cut, with 0 none.
        """
        seen = visible(found)
        for number in map(int, re.findall(MARK, seen)):
            text = visible(self.used.get(number, ""))
            if text[1:] not in seen and not (cut and len(text) > cut):
                return f"{text!r} in {seen!r}"
        return ""


def visible(text: str) -> str:
    """Return a text with what neither HTML nor XML has a character for shown as U+FFFD, and its spaces as one each."""
    return re.sub(r"\s+", " ", _FORBIDDEN.sub("\ufffd", text))


def spliced(folder: Path, take: Supply) -> Path:
    """Copy the bundled story to `folder` with a text of `take` in every field that holds words; ids and numbers stay.

    Every claim keeps the words it rests on; their article has hostile sentences below them.
    """
    shutil.copytree(SEEDS, folder)
    _toml(folder / "story.toml", take)
    words = ("name", "arabic", "aliases", "source")
    _table(folder / "places.csv", lambda row: {key: take(without="|") for key in words})
    _table(folder / "claims.csv", lambda row: {"note": take(), "reviewed_by": take()})
    with (folder / "corrections.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["corrected_at", "claim_id", "action", "field", "before", "after", "why"])
        for number, (claim, note) in enumerate(_notes(folder)):
            action = ("amended", "withdrawn")[number % 4 == 3]
            field = ["note", note, take()] if action == "amended" else ["", "", ""]
            writer.writerow([f"2024-12-09T{10 + number:02}:30:00+03:00", claim, action, *field, take()])
    for path in sorted((folder / "articles").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        for field in ("publisher", "title", "agency", "published_note"):
            line = f"{field}: {_quoted(take(), '~')}"
            text = re.sub(rf"(?m)^{field}:.*$", lambda _, line=line: line, text, count=1)
        path.write_text(f"{text.rstrip()}\n\n{take()}\n\n{take()}\n", encoding="utf-8", newline="")
    return folder


def _notes(folder: Path) -> list[tuple[str, str]]:
    with (folder / "claims.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row["claim_id"], row["note"]) for row in rows if not row["article"].startswith("background")][5:13]


def _table(path: Path, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, **change(row)} for row in rows)
    path.write_text(out.getvalue(), encoding="utf-8", newline="")


def _toml(path: Path, take: Supply) -> None:
    """Put a text in the place of every string of a story.toml that is words."""
    words = r"title|short_title|standfirst|clock|contact|label|short|name|why|note|line|old_line"
    lines, inside = [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        lines.append(line)
        if re.match(r"(method|attribution|notes) = \[", line):
            inside = line.split(" ")[0]
        elif inside and line.strip() == "]":
            inside = ""
        elif inside:
            lines[-1] = f"  {_quoted(take())},"
        elif found := re.match(rf"({words}) = ", line):
            lines[-1] = f"{found.group(1)} = {_quoted(take(180))}"
    path.write_text("\n".join(lines), encoding="utf-8", newline="")


def _quoted(text: str, beyond: str = "") -> str:
    """Write a text in quotes for TOML or YAML; letters after `beyond` as escapes too."""
    return '"' + "".join(_escape(one) if one in '"\\' or one < " " or (beyond and one > beyond) else one for one in text) + '"'


def _escape(letter: str) -> str:
    return f"\\U{ord(letter):08x}"
