"""Stills: the same story, sides and colours as the map; sizes, files and texts that hold whatever the story says."""

from __future__ import annotations

import io
import math
import re
import shutil
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from coloraide import Color
from conftest import SEEDS, bundled
from PIL import Image

import geo.style
from geo.__main__ import main
from geo.control import control_tables
from geo.drawing import Ink, Page
from geo.errors import DatelineError
from geo.labels import Labels
from geo.legend import SIDE, STATUS, legend_of
from geo.lettering import HEADLINE, REGULAR, Face, balanced, plain, width_of, wrapped
from geo.marks import Marks, lines_of
from geo.payload import payload
from geo.picture import Picture, sheet
from geo.placing import Box, Point, Space
from geo.plate import Plate
from geo.scene import Scene
from geo.stills import known_index, still
from geo.story import Story
from geo.style import constant, mix, number, rules, style
from geo.territory import front_line
from geo.theatre import Theatre

DAYS = tuple(range(11))
HOSTILE = 'Held $x^2$ by \\alpha{2} <script>alert(1)</script> & "{{7*7}}" \u202eevil'

ARABIC = "\u0627\u0644\u062d\u0631\u0628 in \u0633\u0648\u0631\u064a\u0627"


@cache
def told() -> dict[str, Any]:
    return payload(bundled())


def scene(day: int, known: int = -1) -> Scene:
    return Scene(told(), day, known % len(told()["known"]))


def place(name: str) -> dict[str, Any]:
    return next(one for one in told()["places"] if one["name"] == name)


def drawn(picture: Picture, shown: Scene) -> Any:
    return picture.page(shown).pixels()


def colour_at(picture: Picture, dots: Any, name: str) -> str:
    """Return the colour in the middle of a place's symbol."""
    x, y = picture.chart.point(place(name)["lat"], place(name)["lon"])
    by = picture.part * picture.on.scale * picture.on.dpi / 72
    return "#" + "".join(f"{part:02x}" for part in dots[int(y * by), int(x * by)])


def read(path: Path) -> ElementTree.Element:
    return ElementTree.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314 # a file that the test has just made


def titled(title: str) -> Story:
    story = bundled()
    return replace(story, settings=replace(story.settings, title=title))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_aleppo_has_its_holders_colour_on_each_day(theme: str) -> None:
    """On 26 November Aleppo is the government's by the background, which is pale; on 2 December the opposition's by reports."""
    actors = bundled().settings.actors
    for day, actor, is_pale in ((0, "government", True), (6, "opposition", False)):
        picture = Picture(sheet("1200x630"), theme, [scene(day)])
        full = actors[actor].dark if theme == "dark" else actors[actor].colour
        found = colour_at(picture, drawn(picture, scene(day)), "Aleppo")
        assert found == (mix(full, style(theme).hex("land"), 0.6) if is_pale else full)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pale_symbols_are_told_apart_where_full_ones_are(theme: str) -> None:
    """Sides whose colours differ by 10 (CIEDE2000) to every eye differ so where their symbols are paler."""
    spans = [span for entries in told()["states"] for entry in entries for span in entry["spans"]]
    look, holders = style(theme), {span["holder"] for span in spans if span["background"]}
    actors = [told()["actors"][holder] for holder in sorted(holders)]

    def least(one: dict[str, Any], other: dict[str, Any], pale: bool) -> float:
        colours = [Color(look.colour(side, pale)) for side in (one, other)]
        seen = [colours, *([colour.filter(eye) for colour in colours] for eye in ("protan", "deutan", "tritan"))]
        return min(float(a.delta_e(b, method="2000")) for a, b in seen)

    pairs = [pair for pair in combinations(actors, 2) if least(*pair, pale=False) >= 10]
    assert len(pairs) >= 5
    assert [(one["id"], other["id"]) for one, other in pairs if least(one, other, pale=True) < 10] == []


def test_a_still_can_be_of_what_was_known_earlier() -> None:
    """As known on 29 November nothing was reported of Aleppo yet: on 30 November it is still drawn as the government's."""
    early = known_index(bundled(), date(2024, 11, 29))
    picture = Picture(sheet("1200x630"), "light", [scene(4, early)])
    pale = mix(bundled().settings.actors["government"].colour, style("light").hex("land"), 0.6)
    assert colour_at(picture, drawn(picture, scene(4, early)), "Aleppo") == pale
    assert scene(4, early).knowledge.startswith("As known on")
    assert scene(4).knowledge.startswith("With reports up to")


def test_nothing_is_known_before_the_story_begins() -> None:
    """A moment of knowledge before the first day is refused; a moment within a day counts what that moment knew."""
    with pytest.raises(DatelineError, match="nothing is known by"):
        known_index(bundled(), date(2024, 11, 1))
    noon = datetime(2024, 12, 5, 12, tzinfo=UTC)
    assert known_index(bundled(), noon) == known_index(bundled(), date(2024, 12, 4))


@pytest.mark.parametrize("day", DAYS)
def test_a_scene_has_the_cells_and_the_front_of_the_theatre(day: int) -> None:
    """The still's cells, their holders and its front are those that the model gives for the day."""
    story, theatre = bundled(), Theatre(bundled())
    table = list(control_tables(story))[-1]
    coloured = theatre.coloured(table, story.days[day])
    actors = list(story.settings.actors)
    expected = {(row.cell, actors.index(row.holder), bool(row.aged)) for row in coloured.itertuples()}
    assert {(cell.cell, cell.actor, cell.aged) for cell in scene(day).cells} == expected
    front = front_line(theatre.cells, coloured, theatre.hostile)
    assert {(part.edge, part.solid) for part in scene(day).front} == {(row.edge, bool(row.solid)) for row in front.itertuples()}


def test_what_is_near_a_town_does_not_stand_on_it() -> None:
    """The line of “two towns near Homs” ends beside the symbol of Homs, and the place of a province stays where it is."""
    picture = Picture(sheet("1200x630"), "light", [scene(10)])
    points = written(picture, scene(10)).points(scene(10).items)
    vague, homs, province = (place(name) for name in ("two towns near Homs", "Homs", "Idlib province"))
    assert math.dist(points[vague["id"]], points[homs["id"]]) == pytest.approx(constant("places", "ABREAST"))
    assert points[province["id"]] == picture.chart.point(province["lat"], province["lon"])


@pytest.mark.parametrize("size", ["1200x630", "square", "1080x1920", "A4", "320x400"])
@pytest.mark.parametrize("day", [0, 4, 9, 10])
def test_no_name_stands_on_another(size: str, day: int) -> None:
    """Names and notes keep clear of one another and within the map, whatever the shape of the page."""
    picture = Picture(sheet(size), "light", [scene(day)])
    labels = written(picture, scene(day))
    assert len(labels.written) >= 8
    assert [f"{one} / {two}" for (one, a), (two, b) in combinations(labels.written, 2) if a.meets(b)] == []
    assert [name for name, box in labels.written if not box.within(picture.chart.box)] == []


@pytest.mark.parametrize("size", ["1200x630", "square", "1080x1920", "A4"])
def test_the_places_of_the_news_have_their_names(size: str) -> None:
    """The towns that reports give to a side are named on every size, if need be at the end of a line."""
    picture = Picture(sheet(size), "light", [scene(10)])
    names = {name for name, _ in written(picture, scene(10)).written}
    assert {"Aleppo", "Idlib", "Saraqeb", "Hama", "Homs"} <= names


def written(picture: Picture, shown: Scene) -> Labels:
    page, look = Page(picture.on.width, picture.on.height, picture.on.scale, "png"), style("light")
    labels = Labels(Plate(page, look, told(), picture.chart), Marks(page, look, told()["actors"]), picture.chart.box)
    labels.draw(shown)
    return labels


@pytest.mark.parametrize(("size", "dots"), [("1200x630", (1200, 630)), ("square", (1080, 1080)), ("A4", (2480, 3508))])
def test_a_png_has_the_asked_number_of_dots(size: str, dots: tuple[int, int], tmp_path: Path) -> None:
    """A size in pixels is exact; paper is 300 dots to an inch."""
    with Image.open(still(bundled(), date(2024, 12, 6), size, tmp_path / "a.png")) as image:
        assert image.size == dots


def test_an_svg_and_a_pdf_have_the_asked_size(tmp_path: Path) -> None:
    """An SVG says its pixels, or the millimetres of its paper; a PDF the points of its paper."""
    day = date(2024, 12, 6)
    root = read(still(bundled(), day, "1200x630", tmp_path / "a.svg"))
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("1200", "630", "0 0 1200 630")
    root = read(still(bundled(), day, "A4", tmp_path / "b.svg"))
    assert (root.get("width"), root.get("height")) == ("210mm", "297mm")
    content = still(bundled(), day, "A4", tmp_path / "c.pdf").read_bytes()
    box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]", content)
    assert box
    assert [float(part) for part in box.groups()] == pytest.approx([595.276, 841.89], abs=0.01)


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_the_same_story_gives_the_same_bytes(form: str, tmp_path: Path) -> None:
    """Nothing in a file tells when or where it was made."""
    one, two = (still(bundled(), date(2024, 12, 1), "640x480", tmp_path / f"{name}.{form}").read_bytes() for name in "ab")
    assert one == two
    assert b"CreationDate" not in one


def test_a_hostile_title_is_written_as_it_stands(tmp_path: Path) -> None:
    """Formulas and markup in a title are letters, what turns the direction of writing is shown as its code."""
    path = still(titled(HOSTILE), date(2024, 12, 6), "1200x630", tmp_path / "a.svg")
    root = read(path)
    texts = " ".join("".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text"))
    assert HOSTILE.replace("\u202e", "\\u202e") in texts
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
    links = [value for node in root.iter() for key, value in node.attrib.items() if key.endswith("href")]
    assert [link for link in links if not link.startswith("#")] == []
    assert "<!DOCTYPE" not in path.read_text(encoding="utf-8")
    assert re.findall(r"url\((?!#|data:font/ttf;base64,)[^)]*\)", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("title", ["A word and another " * 60, "Unbroken" * 200, "", ARABIC])
@pytest.mark.parametrize("size", ["1200x630", "320x400", "1080x1920"])
def test_any_title_leaves_room_for_the_map(title: str, size: str) -> None:
    """A long title is wrapped and cut with an ellipsis; the map keeps a fair part of the page."""
    picture = Picture(sheet(size), "light", [Scene({**told(), "title": title}, 10, 4)])
    lines, letters = picture.title
    assert all(width_of(line, HEADLINE, letters) <= picture.inner.width + 1 for line in lines)
    assert (len(title) > 300) == any(line.endswith("…") for line in lines)
    assert picture.frame.width * picture.frame.height > 0.2 * picture.width * picture.height
    assert drawn(picture, picture.scenes[0]).std() > 10


def test_a_long_list_of_sources_is_cut_and_the_data_are_still_credited() -> None:
    """However many articles a story has, the owners of the map's data are named."""
    report = next(article for article in told()["articles"] if not article["background"])
    articles = [{**report, "publisher": f"The Daily Paper of Town {number}"} for number in range(80)]
    story = {**told(), "articles": [*told()["articles"], *articles]}
    lines = [line for line, _ in Picture(sheet("1200x630"), "light", [Scene(story, 10, 4)]).foot]
    assert any(line.endswith("…") for line in lines)
    assert "GeoNames" in " ".join(lines)
    assert "Natural Earth" in " ".join(lines)


def test_the_legend_explains_what_is_drawn_and_nothing_else() -> None:
    """A side or a status that the day does not show has no row; each that it shows has one."""
    picture = Picture(sheet("1200x630"), "light", [scene(10)])
    keys = [key for group in legend_of([scene(10)], picture.chart) for key in group.keys]
    assert {key.of for key in keys if key.kind == SIDE} >= {cell.actor for cell in scene(10).cells}
    statuses = {item.span["status"] for item in scene(10).items if item.span and item.is_exact}
    assert statuses <= {key.of for key in keys if key.kind == STATUS} | {"unknown"}
    first = legend_of([scene(0)], picture.chart)
    assert "Strike" not in [key.label for group in first for key in group.keys]


@pytest.mark.parametrize("size", ["1200x630", "square", "1080x1920", "A4", "A4-landscape", "3000x1000", "320x960"])
def test_the_furniture_keeps_out_of_the_map(size: str) -> None:
    """Title, day, legend and foot each have their own part of the page."""
    picture = Picture(sheet(size), "light", [scene(day) for day in DAYS])
    laid, part = picture.legend
    foot = picture.inner.bottom - len(picture.foot) * 13
    assert picture.frame.height > 60
    if picture.is_wide:
        assert picture.frame.right < picture.day_box.left
        assert picture.day_box.bottom + laid.height * part <= foot + 1
    else:
        assert picture.frame.bottom + laid.height * part <= foot + 1
    assert picture.frame.bottom <= foot


@pytest.mark.parametrize(
    "arguments",
    [
        ["--on", "2024-12-24", "a.png"],
        ["--on", "tomorrow", "a.png"],
        ["--size", "huge", "a.png"],
        ["--size", "0x100", "a.png"],
        ["--size", "99999x99999", "a.png"],
        ["--size", "3000x400", "a.png"],
        ["--known", "2024-10-01", "a.png"],
        ["a.tiff"],
        ["a"],
        ["nowhere/a.png"],
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A day outside of the story, an unknown size or ending: exit status 2, one sentence, no file."""
    monkeypatch.chdir(tmp_path)
    assert main(["still", "--story", str(SEEDS), *arguments]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert said[0].endswith((".", ")."))
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_a_still(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command writes what was asked for, says so on standard error, and leaves nothing beside it."""
    out = tmp_path / "map.png"
    assert main(["still", "--story", str(SEEDS), "--on", "2024-12-02", "--size", "640x360", "--theme", "dark", str(out)]) == 0
    assert capsys.readouterr().out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["map.png"]
    with Image.open(out) as image:
        assert image.size == (640, 360)


def test_a_change_of_the_maps_assets_changes_the_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours are read from the stylesheet and the scripts: no second set of them can drift away."""
    assets = shutil.copytree(geo.style.ASSETS, tmp_path / "assets")
    sheet_of_paper = assets / "paper.css"
    before = style("light").hex("sea")
    text = sheet_of_paper.read_text(encoding="utf-8").replace(f"--dl-sea: {before}", "--dl-sea: #123456")
    sheet_of_paper.write_text(text, encoding="utf-8")
    monkeypatch.setattr(geo.style, "ASSETS", assets)
    for cached in (style, rules, constant):
        cached.cache_clear()
    try:
        picture = Picture(sheet("640x360"), "light", [scene(0)])
        colours = drawn(picture, scene(0)).reshape(-1, 3)
        assert (colours == (0x12, 0x34, 0x56)).all(axis=1).sum() > 1000
    finally:
        monkeypatch.undo()
        for cached in (style, rules, constant):
            cached.cache_clear()


def test_assets_that_lack_a_constant_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a script or a stylesheet no longer says what a still needs, the error names both."""
    with pytest.raises(DatelineError, match=r"theme\.js has no constant NONESUCH"):
        constant("theme", "NONESUCH")
    with pytest.raises(DatelineError, match=r"ground\.css gives no number for stroke-width"):
        number("ground", ".dl-nonesuch", "stroke-width")
    with pytest.raises(DatelineError, match="not one of light, dark"):
        style("sepia")


def test_every_texture_and_symbol_of_the_map_can_be_drawn() -> None:
    """All paths of the map's scripts are read; none is empty."""
    paths = [
        *constant("theme", "LINES").values(),
        *constant("symbols", "GLYPHS").values(),
        *constant("symbols", "EVENTS").values(),
    ]
    for described in paths:
        assert all(len(line) >= 2 and np.isfinite(line).all() for line in lines_of(described))


def test_textures_tell_sides_apart_without_colour() -> None:
    """In grey, the swatches of sides with different textures differ."""
    actors = told()["actors"]
    seen = {}
    for at, actor in enumerate(actors):
        page = Page(64, 64, 2, "png")
        page.rectangle(Box(0, 0, 32, 32), Ink(fill="#ffffff"))
        picture = Picture(sheet("640x360"), "light", [scene(0)])
        area = shapely.box(0, 0, 32, 32)
        grey = [{**one, "colour": "#808080", "dark": "#808080"} for one in actors]
        Plate(page, style("light"), {**told(), "actors": grey}, picture.chart).paint(area, area, at, 0)
        seen[actor["texture"]] = page.pixels().tobytes()
    assert len(set(seen.values())) == len(seen) > 3


def test_lines_fit_and_lose_no_word() -> None:
    """Wrapped text is never wider than asked, and whole unless it ends in an ellipsis."""
    text = "One of the main crossings into Jordan, held by the opposition since 6 December"
    for width in (60, 100, 240, 1000):
        lines = wrapped(text, REGULAR, 12, width, 50)
        assert " ".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(width_of(line, REGULAR, 12) <= width for line in lines)
        assert len(balanced(text, REGULAR, 12, width, 50)) == len(lines)
    cut = wrapped(text, REGULAR, 12, 100, 2)
    assert len(cut) == 2
    assert cut[-1].endswith("…")
    assert plain("a\u202eb\x00c\n d") == "a\\u202eb\\u0000c d"


def test_a_width_is_that_of_the_drawn_letters() -> None:
    """The width that places a name is that of its letters, also in a script that none of our faces has."""
    for text, face in (("Aleppo airport", REGULAR), ("Hassakeh – 2", Face(weight=600)), ("\u062d\u0644\u0628", REGULAR)):
        page = Page(400, 60, 1, "png")
        page.rectangle(Box(-1, -1, 401, 61), Ink(fill="#ffffff"))
        page.text(Point(20, 40), text, face, 30, "#000000")
        inked = np.nonzero((page.pixels() < 200).any(axis=(0, 2)))[0]
        assert inked[-1] - inked[0] == pytest.approx(width_of(text, face, 30), abs=6)


def test_a_leader_line_never_crosses_words() -> None:
    """A line that meets a name costs too much to be drawn; one that passes beside costs nothing."""
    space = Space(Box(0, 0, 100, 100))
    space.words.append(Box(40, 40, 60, 60))
    assert space.crossed(Point(0, 50), Point(100, 50)) == float("inf")
    assert space.crossed(Point(0, 10), Point(100, 10)) == 0
    space.taken.append(Box(70, 0, 75, 20))
    assert space.crossed(Point(0, 10), Point(100, 10)) == 1


def test_a_story_without_claims_is_drawn_blank() -> None:
    """Where nothing is known there is a map, a legend of nothing, and no colour of a side."""
    story = {**told(), "claims": [], "events": [], "states": [[]], "cell_days": [[]], "edge_days": [[]]}
    story |= {"known": told()["known"][:1], "modelled_from": [[0] * 11]}
    picture = Picture(sheet("640x360"), "light", [Scene(story, 0, 0)])
    image = Image.open(io.BytesIO(picture.page(picture.scenes[0]).content("x")))
    sides = {tuple(int(actor["colour"][at : at + 2], 16) for at in (1, 3, 5)) for actor in told()["actors"]}
    assert not sides & {colour for _, colour in image.getcolors(1 << 20)}
    assert picture.foot[0][0].startswith("Blank: no report.")
