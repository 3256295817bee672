"""Nothing gets in: a hostile text in every field of a story comes out at every exit as it was written, and runs nowhere.

DATELINE_FULL=1 puts 10,000 texts through; otherwise it is as many as one story takes.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import os
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SEEDS, bundled
from corpus import CANARY, JS, PRODUCT, Supply, spliced, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.__main__ import main
from geo.address import PARAMETERS, read_address
from geo.control import control_table
from geo.desk import marked
from geo.drafts import propose
from geo.errors import shown
from geo.escaping import csv_cell, inert_json, markup, plain_markdown, script_file
from geo.explain import explain
from geo.exports import csv_text, export
from geo.payload import payload
from geo.publish import publish
from geo.reading.context import context_of
from geo.stills import still
from geo.story import Story, read_story
from geo.timemap import ASSETS, TRIPWIRE, lay, time_map

PER_STORY = 800
LEAST_USED = 500
"""Hostile texts that one story takes at the least; it takes some 570."""
BATCHES = 10_000 // LEAST_USED if os.environ.get("DATELINE_FULL") == "1" else 1
CODE = sorted([*(ROOT / "geo").rglob("*.py"), ROOT / "app.py", ROOT / "desk.py"])
_HTML = re.compile(
    "html|head|meta|link|title|body|main|header|section|h1|h2|h3|p|div|table|caption|thead|tbody|tr|th|td|ul|"
    "li|a|time|noscript|script|footer|details|summary|textarea|code|pre|i|b|span|small|button|label"
)
_SVG = re.compile(
    "svg|g|path|rect|circle|line|polyline|polygon|text|tspan|defs|pattern|clipPath|use|title|desc|style|"
    "metadata|image|RDF|Work|Agent|type|format|creator|date"
)
_KML = re.compile(
    "kml|Document|name|description|Style|PolyStyle|LineStyle|IconStyle|color|outline|width|Folder|Placemark|"
    "TimeSpan|begin|end|styleUrl|ExtendedData|Data|value|Point|Polygon|LineString|MultiGeometry|tessellate|"
    "coordinates|outerBoundaryIs|innerBoundaryIs|LinearRing"
)


class Read(HTMLParser):
    """What a browser would find in a page: tags, attributes, texts."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module", params=range(BATCHES))
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Story, Supply]]:
    """A story full of hostile texts, and those texts; no text may have run when the tests are through with it."""
    CANARY.unlink(missing_ok=True)
    supply = Supply(texts(PER_STORY * (request.param + 1))[PER_STORY * request.param :])
    yield read_story(spliced(tmp_path_factory.mktemp("door") / "story", supply)), supply
    assert not CANARY.exists()


def strings(value: Any) -> Iterator[str]:
    """Yield every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from strings(getattr(value, field.name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from strings(key)
            yield from strings(item)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from strings(item)


def others(ours: re.Pattern[str], tags: Iterable[str]) -> set[str]:
    """Return the tags that are none of ours."""
    return {tag for tag in tags if not ours.fullmatch(tag)}


def pasted(text: str) -> str:
    """Return a text; of HTML that readers may copy, what a page would show of it once it is pasted there."""
    return unescape(text) if text.lstrip().startswith("<iframe") else text


def whole(supply: Supply, found: Iterator[str] | list[str], least: int, *, cut: int = 0) -> None:
    """Every hostile text is as it was written; at least so many different ones are there, and no template was worked out."""
    found = list(found)
    for one in found:
        assert supply.fault(one, cut=cut) == ""
        assert PRODUCT not in one
    assert len({number for one in found for number in re.findall(r"~(\d+)~", one)}) >= least


def test_a_story_keeps_every_text_as_it_was_written(hostile: tuple[Story, Supply]) -> None:
    story, supply = hostile
    assert story.problems == ()
    assert len(supply.used) >= LEAST_USED
    kept = "\n".join(strings(story))
    assert [text for text in supply.used.values() if text not in kept] == []


def test_the_payload_file_defines_the_texts_and_nothing_else(hostile: tuple[Story, Supply]) -> None:
    story, supply = hostile
    data = payload(story)
    file = script_file("DATELINE", data)
    assert re.fullmatch(r"[\x20-\x7e\n]*", file)
    inside = re.findall(r'"((?:[^"\\]|\\.)*)"', file)
    assert [one for one in inside if re.search(r"[{}<>&'`$]|\\(?!u[0-9a-f]{4}|[bfnrt])", one)] == []
    back = json.loads(file.removeprefix("window.DATELINE=").removesuffix(";\n"))
    assert back == json.loads(json.dumps(data))
    whole(supply, strings(back), 250)


def test_the_map_that_folium_renders_holds_no_text_of_the_story(hostile: tuple[Story, Supply], tmp_path: Path) -> None:
    """Nor does one of an address: what a reader writes there is quoted to letters, figures and %."""
    story, supply = hostile
    site = lay(tmp_path, payload(story))
    for text in list(supply.used.values())[:12]:
        chart = time_map(site, day=story.last_day, more={"place": text, "embed": text}).get_root().render()
        given_away = re.sub(r' data-(?:place|embed)="[^"]*"', "", chart)
        assert not re.search(r"~\d+~", given_away)
        assert PRODUCT not in chart
        assert JS not in chart
        assert all(re.fullmatch(r"[\w%.~-]*", value) for value in re.findall(r'data-(?:place|embed)="([^"]*)"', chart))


def test_pages_show_the_texts_and_have_no_element_of_theirs(hostile: tuple[Story, Supply], tmp_path: Path) -> None:
    story, supply = hostile
    said: list[str] = []
    out = publish(
        story,
        tmp_path / "site",
        url="https://example.org/a'b&c/",
        moment=datetime(2025, 1, 1, tzinfo=UTC),
        progress=said.append,
    )
    for name in ("index.html", "embed.html"):
        read = Read((out / name).read_text(encoding="utf-8"))
        assert others(_HTML, read.tags) == set()
        assert [name for name, _ in read.attributes if name.startswith("on") or name in ("srcdoc", "style", "formaction")] == []
        targets = [value for name, value in read.attributes if name in ("href", "src")]
        assert [one for one in targets if not re.match(r"https://example\.org/a|[\w./-]+$|data:,$|https://", one)] == []
        whole(supply, [*map(pasted, read.texts), *(value for _, value in read.attributes)], 1)
    whole(supply, said, 0)
    whole(supply, strings(json.loads((out / "version.json").read_text(encoding="utf-8"))), 1)
    named = [path.name for path in out.rglob("*")]
    assert [name for name in named if not re.fullmatch(r"[\w.-]+", name)] == []


def test_tables_carry_the_texts_and_no_formula(hostile: tuple[Story, Supply]) -> None:
    story, supply = hostile
    with zipfile.ZipFile(io.BytesIO(export(story, "zip"))) as archive:
        files = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    files["alone.csv"] = export(story, "csv").decode("utf-8")
    for name, text in files.items():
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(text, newline=""), strict=True) for cell in row]
            assert [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell and not re.fullmatch(r"-?[\d.]+", cell)] == []
            whole(supply, cells, {"places.csv": 100, "claims.csv": 50, "articles.csv": 4}.get(name, 0))
        else:
            whole(supply, strings(json.loads(text)), 0)


def test_geojson_and_kml_carry_the_texts(hostile: tuple[Story, Supply]) -> None:
    story, supply = hostile
    whole(supply, strings(json.loads(export(story, "geojson"))), 20)
    root = ET.fromstring(export(story, "kml"))  # noqa: S314 - our own file
    assert others(_KML, (element.tag.split("}")[-1] for element in root.iter())) == set()
    whole(supply, [element.text or "" for element in root.iter("{http://www.opengis.net/kml/2.2}name")], 10)
    shown_as_html = [Read(element.text or "") for element in root.iter("{http://www.opengis.net/kml/2.2}value")]
    assert {tag for one in shown_as_html for tag in one.tags} == set()
    whole(supply, [text for one in shown_as_html for text in one.texts], 10)


def test_a_still_has_only_marks_of_ours(hostile: tuple[Story, Supply], tmp_path: Path) -> None:
    story, _ = hostile
    root = ET.parse(still(story, story.last_day, "1200x630", tmp_path / "a.svg")).getroot()  # noqa: S314 - our own file
    assert others(_SVG, (element.tag.split("}")[-1] for element in root.iter())) == set()
    names = {name for element in root.iter() for name in element.attrib}
    assert [name for name in names if name.startswith("on")] == []
    links = [value for element in root.iter() for name, value in element.attrib.items() if name.endswith("href")]
    assert [link for link in links if not link.startswith(("#", "data:image/png"))] == []
    assert PRODUCT not in "".join(root.itertext())


def test_what_is_told_of_a_place_and_what_is_read_carry_the_texts(hostile: tuple[Story, Supply]) -> None:
    """Explanations, the control table's words, and reading, which sees hostile articles."""
    story, supply = hostile
    for place in sorted({claim.place for claim in story.claims.values()})[:6]:
        whole(supply, strings(explain(story, place, story.last_day).as_dict()), 1)
    context = context_of(story)
    assert list(propose(story, context))
    for article in story.articles.values():
        read = Read(marked(article, context.finder.find(article.body), []))
        assert read.tags <= {"b", "br", "mark", "sup"}
        whole(supply, ["".join(read.texts)], 1)
    assert len(control_table(story))


UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.mark.parametrize("number", range(len(texts(8 * BATCHES))))
def test_words_of_the_command_line_are_refused_in_printable_words(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Days, moments, places, sizes, addresses, files and folders: a status, no traceback, no control or direction character."""
    monkeypatch.chdir(tmp_path)
    hostile = texts(200)[number * 7 % 200]
    story = ["--story", str(SEEDS)]
    commands = [
        ["control", "--on", hostile, *story],
        ["control", "--known", hostile, *story],
        ["changes", "--from", hostile, "--to", hostile, *story],
        ["explain", hostile, *story],
        ["check", "--story", hostile],
        ["publish", "out", "--url", hostile, *story],
        ["publish", "out", "--published-at", hostile, *story],
        ["export", "--out", f"none/{hostile}", *story],
        ["still", "a.png", "--size", hostile, *story],
        ["still", hostile, *story],
        ["places", hostile, *story],
        ["claims", "none.md", "--published", hostile, "--publisher", hostile, *story],
    ]
    for command in commands:
        # a text that starts with - is an option to the parser, which leaves with 2 as it should
        try:
            status = main(command)
        except SystemExit as stopped:
            status = stopped.code
        assert status in (1, 2), command
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        assert not UNPRINTABLE.search(said.err) or (status == 2 and said.err.startswith("usage:")), command
    assert [path for path in tmp_path.iterdir() if path.name != "out"] == []
    assert not CANARY.exists()


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*PARAMETERS, "embed", "x"]), st.one_of(st.text(), st.sampled_from(texts(100)))))
def test_an_address_is_taken_only_as_far_as_the_story_has_it(given_: dict[str, str]) -> None:
    """Whatever is asked for: what is used is an id, a day or a number of the story's, and the rest is said in one sentence."""
    address, faults = read_address(bundled(), given_)
    assert all(re.fullmatch(r"[\w,.:+-]*", value) for value in address.parameters.values())
    assert not any(UNPRINTABLE.search(fault) for fault in faults)


@settings(deadline=None)
@given(st.one_of(st.text(), st.sampled_from(texts(300))))
def test_each_leaf_of_the_door_gives_a_text_back_and_keeps_it_inert(text: str) -> None:
    assert json.loads(inert_json(text)) == text
    assert not set(inert_json(text)[1:-1]) & set("{}<>&'`$")
    assert not set(markup(text)) & set("<>\"'")
    assert unescape(markup("".join(letter for letter in text if letter.isprintable()))) == "".join(
        filter(str.isprintable, text)
    )
    assert not UNPRINTABLE.search(shown(text))
    assert len(shown(text)) <= 80 * len("\\u0000")
    (cell,) = next(
        csv.reader(io.StringIO(csv_text([{"a": text.replace("\r", " ").replace("\x00", "")}]).split("\n", 1)[1], newline="")),
        [""],
    )
    assert not cell.startswith(("=", "+", "@", "\t", "\r"))
    assert str(csv_cell(text)).removeprefix("'") == text.removeprefix("'") or not text
    assert not re.search(r"(?<!\\)(\\\\)*[<\[`*_:$]", plain_markdown(text))


# --- no other door -------------------------------------------------------------------------------------------------------

_TEMPLATES = {"folium", "branca", "jinja2", "mako", "django", "string.Template", "streamlit_folium"}
_MAY = {"geo/timemap.py": {"folium", "branca"}, "app.py": {"streamlit_folium"}}
"""Which files may import what renders templates: one that hands over a constant, and the page, which hands over its result."""
_RUNS = {"eval", "exec", "compile", "__import__", "system", "popen", "render_template_string", "from_string"}
_SAFE = {
    "html.escape",
    "markup",
    "plain_markdown",
    "in_words",
    "moment_in_words",
    "span_in_words",
    "len",
    "round",
    "str.join",
    "marked",
    "history_chart",
    "day_line",
}


def called(node: ast.expr) -> str:
    """Return what a call calls, as html.escape."""
    if isinstance(node, ast.Attribute):
        return f"{called(node.value)}.{node.attr}" if isinstance(node.value, (ast.Name, ast.Attribute)) else f"?.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_map_module_knows_templates_and_no_module_runs_text(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    for node in ast.walk(parsed(path)):
        roots = set()
        if isinstance(node, ast.Import):
            roots = {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            roots = {(node.module or "").split(".")[0]}
            assert not (node.module == "string" and any(alias.name == "Template" for alias in node.names)), name
        assert roots & _TEMPLATES <= _MAY.get(name, set()), f"{name} imports {roots & _TEMPLATES}"
        if isinstance(node, ast.Call):
            words = called(node.func)
            assert words.split(".")[-1] not in _RUNS or words == "re.compile", f"{name}:{node.lineno} calls {words}"
            assert not words.endswith((".iframe", "components.html", ".write_stream")), f"{name}:{node.lineno}"
            for keyword in node.keywords:
                assert keyword.arg != "shell", f"{name}:{node.lineno} runs a shell"
                assert keyword.arg not in ("unsafe_allow_html", "unsafe_allow_javascript"), f"{name}:{node.lineno}"


def test_the_one_template_is_a_constant() -> None:
    """The only template is written out in geo/timemap.py; it is given a digest, a day, a number and quoted words."""
    found = [
        (path, node)
        for path in CODE
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and called(node.func).split(".")[-1] in ("Template", "Environment", "Element", "IFrame")
    ]
    ((path, call),) = found
    assert path == ROOT / "geo" / "timemap.py"
    assert isinstance(call.args[0], ast.Constant)
    used = set(re.findall(r"{{\s*(.*?)\s*}}", str(call.args[0].value)))
    assert used == {"this.day", "this.serial", "this.more", "this._parent.get_name()", "this.digest"}
    assert not re.search(r"[{}\"<>&]|//", TRIPWIRE.replace("=>{", "").replace("}", "").replace("{", "")) or "{{" not in TRIPWIRE


def is_safe(value: ast.expr, names: dict[str, list[ast.expr]], seen: frozenset[str] = frozenset()) -> bool:
    """Return whether an expression is HTML that we wrote: constants, escaped texts, numbers, and what is made of these."""
    if isinstance(value, ast.Constant):
        return True
    if isinstance(value, ast.JoinedStr):
        return all(is_safe(part, names, seen) for part in value.values)
    if isinstance(value, ast.FormattedValue):
        spec = value.format_spec
        is_number = isinstance(spec, ast.JoinedStr) and re.fullmatch(r"[.\d]*[dfgx]", str(getattr(spec.values[0], "value", "")))
        return bool(is_number) or is_safe(value.value, names, seen)
    if isinstance(value, ast.IfExp):
        return is_safe(value.body, names, seen) and is_safe(value.orelse, names, seen)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        return is_safe(value.left, names, seen) and is_safe(value.right, names, seen)
    if isinstance(value, ast.Call):
        if isinstance(value.func, ast.Attribute) and value.func.attr == "join" and isinstance(value.func.value, ast.Constant):
            return isinstance(value.args[0], ast.GeneratorExp) and is_safe(value.args[0].elt, names, seen)
        return called(value.func) in _SAFE
    if isinstance(value, ast.Name):
        made = names.get(value.id, [])
        return value.id in seen or (bool(made) and all(is_safe(one, names, seen | {value.id}) for one in made))
    # what the project's own code names, never a story: an enumeration of looks, the title of a group of changes
    return (
        (isinstance(value, ast.Attribute) and called(value) == "group.title")
        or (isinstance(value, ast.Subscript) and called(value.value) == "LOOKS")
    ) or is_own_file(value)


def constants(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """Return what the names of a module's top are set to."""
    return {
        node.targets[0].id: [node.value]
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def is_own_file(value: ast.expr) -> bool:
    """Return whether an expression is the path of a file of ours: constants below this file's folder."""
    while isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div) and isinstance(value.right, ast.Constant):
        value = value.left
    return ast.unparse(value) == "Path(__file__).parent"


@pytest.mark.parametrize("name", ["app.py", "desk.py"])
def test_every_value_in_html_of_the_page_was_escaped(name: str) -> None:
    """What the page writes as HTML is a constant, or an f-string in which every value is escaped or a number."""
    tree = parsed(ROOT / name)
    top = constants(tree)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("geo."):
            theirs = constants(parsed(ROOT / f"{(node.module or '').replace('.', '/')}.py"))
            top.update((one.asname or one.name, theirs[one.name]) for one in node.names if one.name in theirs)
    calls = 0
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        given = function.args
        names: dict[str, list[ast.expr]] = dict(top)
        for one in (*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))):
            names[one.arg] = []  # whoever calls may give anything
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                names[node.targets[0].id] = [*names.get(node.targets[0].id, []), node.value]
            elif isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.NamedExpr)) and isinstance(node.target, ast.Name):
                names[node.target.id] = [*names.get(node.target.id, []), node.value or ast.Name("?")]
            elif (
                isinstance(node, ast.comprehension)
                and isinstance(node.target, ast.Name)
                and called(getattr(node.iter, "func", node.iter)) == "looks_used"
            ):
                names[node.target.id] = [ast.Constant("")]
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "html":
                calls += 1
                assert is_safe(node.args[0], names), f"{name}:{node.lineno} writes {ast.unparse(node.args[0])[:200]}"
    assert calls


@pytest.mark.parametrize("path", sorted(ASSETS.glob("*.js")), ids=lambda path: path.name)
def test_no_script_of_ours_writes_html_or_runs_text(path: Path) -> None:
    code = path.read_text(encoding="utf-8")
    forbidden = (
        r"innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write|\beval\s*\(|new Function|\bFunction\s*\(|srcdoc|"
        r"createContextualFragment|DOMParser|setHTML|bindTooltip|bindPopup|L\.control\.attribution|"
        r"set(?:Timeout|Interval)\(\s*[\"'`]|javascript:|importScripts|\bimport\s*\("
    )
    assert re.findall(forbidden, code) == []
    # Leaflet's own texts are HTML: a divIcon's may only be an element or false
    assert [one for one in re.findall(r"\bhtml:\s*([^,}\n]+)", code) if re.match(r"[\"'`]", one) and len(one) > 2] == []


@pytest.mark.parametrize("path", sorted(ASSETS.glob("*.css")), ids=lambda path: path.name)
def test_no_style_of_ours_asks_for_anything(path: Path) -> None:
    style = path.read_text(encoding="utf-8")
    assert re.findall(r"@import|expression\(|url\((?!['\"]?(?:data:image/|#))", style) == []
