"""Shorthand: what it marks, what it refuses, and that nothing of an annotation is lost on the way through it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from corpus.notes import write_notes
from lxml import etree

from newsbench.corpus import notate
from newsbench.corpus.annotation import read_annotation
from newsbench.corpus.catalogue import load_catalogue, load_tables
from newsbench.corpus.command import mark_layer
from newsbench.corpus.grammar import Grammar
from newsbench.corpus.layers import check_layer
from newsbench.corpus.notate import write_layer
from newsbench.corpus.notation import print_elements, read_notation
from newsbench.corpus.problems import Report
from newsbench.corpus.source import read_xml
from newsbench.corpus.take import Take, read_take

ROOT = Path(__file__).resolve().parents[2]

TAKE = """<page id="no-x-y" story="s" outlet="no-x" language="no" published="2026-03-01" genre="report">
  <article><headline>Mayor: no snow</headline>
  <p>The mayor said that he knew <em>what he</em> wanted, and he told Vestposten &lt;so&gt; on Monday.</p>
  <p>«We have no snow», he said; the ski club did not “want to believe it”, according to its board.</p></article></page>"""


def make_take(text: str = TAKE) -> Take:
    return read_take(etree.fromstring(text), Path("no-x-y.xml"))


def read(notes: str):
    take, report = make_take(), Report("notes")
    return take, read_notation(notes, take.leaves, report), [str(problem) for problem in report.problems]


def quoted(take: Take, notation, name: str, role: str) -> list[str]:
    return [take.leaves[leaf].text[start:end] for leaf, start, end in notation.attributions[name].spans[role]]


def test_the_elements_are_numbered_as_the_notes_name_them() -> None:
    assert list(print_elements(make_take().leaves))[:2] == [
        "[0] headline: Mayor: no snow",
        "[1] paragraph: The mayor said that he knew what he wanted, and he told Vestposten <so> on Monday.",
    ]


def test_words_are_found_where_they_stand() -> None:
    take, notation, problems = read("""
# a remark
page genre=brief places=NO,SE
topics medtop:20000001 medtop:20000002
source mayor | The mayor | person | named
a1 indirect mayor channel=thought
C 1 that he knew … wanted
K 1 said
S 1 The mayor
a2 direct mayor
C 2 "We have no snow"
K 2 {said}
S 2 he
a3 mixed mayor
C 2 the ski club || “want to believe it”
K 2 {according} to
""")
    assert problems == []
    assert notation.page == {"genre": "brief", "places": "NO SE"}
    assert notation.topics == ["medtop:20000001", "medtop:20000002"]
    assert quoted(take, notation, "a1", "content") == ["that he knew what he wanted"]
    assert quoted(take, notation, "a2", "content") == ["«We have no snow»"]  # quote marks stand for their like
    assert quoted(take, notation, "a3", "content") == ["the ski club", "“want to believe it”"]
    assert quoted(take, notation, "a3", "head") == ["according"]
    assert notation.attributions["a1"].features == {"channel": "thought"}
    assert notation.choices == []  # “The” and “he” are no parts of other words


def test_the_nearest_place_is_taken_and_told() -> None:
    take, notation, problems = read("a1 reported x\nC 1 so\nK 1 told\nS 1 he\nA 1 Vestposten\n")
    assert problems == []
    (span,) = notation.attributions["a1"].spans["source"]
    assert take.leaves[1].text[span[1] :].startswith("he told Vestposten")
    assert "number 3 of 3" in notation.choices[0]


def test_a_place_may_be_named() -> None:
    _, notation, problems = read("a1 reported x\nC 1 so\nS 1@1 he\n")
    assert problems == []
    assert notation.attributions["a1"].spans["source"] == [(1, 20, 22)]


@pytest.mark.parametrize(
    ("notes", "message"),
    [
        ("a1 indirect x\nC 1 he\n", "'he' occurs 3 times in element 1; write 1@1"),
        ("a1 indirect x\nC 1@4 he\n", "occurs 3 times in that element"),
        ("a1 indirect x\nC 1 she knew\n", "'she knew' is not in element 1"),
        ("a1 indirect x\nC 9 he\n", "number of an element (0 to 2)"),
        ("a1 spoken x\n", "allowed are direct, indirect, mixed, reported, free_indirect"),
        ("a1 indirect\nC 1 so\n", "names no source"),
        ("a1 indirect x tone=loud\n", "'tone=loud' is no feature"),
        ("C 1 so\n", "cannot read 'C 1 so'"),
        ("source x | y\n", "a source is written"),
        ("page tone=loud\n", "allowed are genre, aspect, places"),
        ("a7 -\n", "no attribution a7 to remove"),
        ("a7 +polarity=negated\n", "no attribution a7 to change"),
        ("source x -\n", "no source 'x' to remove"),
    ],
)
def test_what_cannot_be_read_is_named(notes: str, message: str) -> None:
    _, _, problems = read(notes)
    assert len(problems) == 1
    assert message in problems[0]
    assert problems[0].startswith("notes:")


def test_corrections_replace_change_add_and_remove() -> None:
    take, notation, _ = read(
        "source x | X | person | named\na1 indirect x\nC 1 so\na2 direct x\nC 2 «We have no snow»\n"
    )
    report = Report("more")
    read_notation(
        "source y | Y | group | described\nsource x -\na1 +polarity=negated +form=reported +source=y\na2 -\n"
        "a3 reported y\nC 0 no snow\n",
        take.leaves,
        report,
        onto=notation,
    )
    assert report.problems == []
    assert list(notation.sources) == ["y"]
    assert list(notation.attributions) == ["a1", "a3"]
    first = notation.attributions["a1"]
    assert (first.form, first.sources, first.features) == ("reported", ["y"], {"polarity": "negated"})
    assert quoted(take, notation, "a1", "content") == ["so"]
    assert quoted(take, notation, "a3", "content") == ["no snow"]


def test_crossing_marks_are_written_in_pieces_that_touch() -> None:
    take, notation, problems = read(
        "source x | X | person | named\na1 indirect x\nC 1 that he knew what\na2 indirect x\nC 1 what he wanted\nK 1 told\n"
    )
    assert problems == []
    again = read_take(etree.fromstring(write_layer(take, notation).encode()), take.path)
    assert [leaf.text for leaf in again.leaves] == [leaf.text for leaf in take.leaves]
    assert [leaf.markup for leaf in again.leaves] == [leaf.markup for leaf in take.leaves]
    found = read_annotation(again, load_tables(ROOT / "schema"), Report("x"))
    texts = [[take.leaves[n].text[s:e] for n, s, e in a.spans["content"]] for a in found.attributions]
    assert texts == [["that he knew what"], ["what he wanted"]]


def test_nothing_of_the_gold_is_lost_in_shorthand() -> None:
    tables, catalogue = load_tables(ROOT / "schema"), load_catalogue(ROOT / "seeds", [])
    paths = sorted((ROOT / "seeds" / "stories").glob("*/*.xml"))
    assert paths
    for path in paths:
        take = read_take(read_xml(path, Report(path)), path)
        story = catalogue.stories[take.story]
        gold = read_annotation(take, tables, Report(path), story=story)
        report = Report(path)
        notation = read_notation(write_notes(take, gold), take.leaves, report)
        assert report.problems == []
        again = read_take(etree.fromstring(write_layer(take, notation, gold=True).encode()), path)
        assert [(leaf.text, leaf.markup) for leaf in again.leaves] == [(leaf.text, leaf.markup) for leaf in take.leaves]
        found = read_annotation(again, tables, report, story=story)
        assert report.problems == []
        assert (found.sources, found.topics) == (gold.sources, gold.topics)
        assert sorted(map(known_by, found.attributions)) == sorted(map(known_by, gold.attributions)), path


def known_by(attribution) -> str:
    """All that an attribution says, its id and its line apart."""
    kept = vars(attribution) | {"id": "", "line": 0, "parent": attribution.parent is not None}
    return repr(sorted(kept.items()))


@pytest.fixture
def page(seeds: Path) -> Path:
    return seeds / "stories" / "harbour-bell" / "no-vestposten-bell-over-sea.xml"


def test_the_command_writes_a_layer_that_the_build_accepts(seeds: Path, page: Path, schema: Path, capsys) -> None:
    shutil.copy(ROOT / "seeds" / "page.rng", seeds / "page.rng")
    options = ["--seeds", str(seeds), "--schema", str(schema)]
    assert mark_layer([str(page), *options], root=ROOT) == 0
    printed = capsys.readouterr().out.splitlines()
    headline = printed[0].partition("headline: ")[2]
    words = headline.split()[0]
    notes = page.parent / "notes.txt"
    notes.write_text(
        f"page genre=report places=NO\ntopics medtop:01000000\nsource x | X | person | named\n"
        f"a1 indirect x\nC 0@1 {words}\n",
        encoding="utf-8",
    )
    layer = page.parent / "layers" / f"{page.stem}.a.xml"
    assert mark_layer([str(page), str(notes), "-o", str(layer), *options], root=ROOT) == 0
    assert check_layer(layer, Grammar(seeds / "page.rng"), load_tables(schema)) == []
    assert 'places="NO"' in layer.read_text(encoding="utf-8")


def test_the_command_writes_nothing_that_is_not_sound(seeds: Path, page: Path, schema: Path, capsys) -> None:
    notes, layer = page.parent / "notes.txt", page.parent / "layers" / f"{page.stem}.a.xml"
    options = ["-o", str(layer), "--seeds", str(seeds), "--schema", str(schema)]
    notes.write_text("topics medtop:99999999\nsource x | X | person | named\n", encoding="utf-8")
    assert mark_layer([str(page), str(notes), *options], root=ROOT) == 1
    printed = capsys.readouterr().out
    assert "not in the pinned vocabulary" in printed
    assert "used by no attribution" in printed
    assert not layer.exists()
    with pytest.raises(SystemExit) as stopped:
        mark_layer([str(page), str(notes)], root=ROOT)
    assert stopped.value.code == 2


def test_lines_are_not_broken_within_attributes(monkeypatch) -> None:
    take = make_take()
    name = "the undersecretary of state for the protection of pedestrians, bicycles and everything else that has no motor"
    notes = f"page places=NO,SE,DK\nsource x | {name} | person | described\na1 indirect x\nC 1 so\n"
    notation = read_notation(notes, take.leaves, Report("notes"))
    for width in range(20, 119):
        monkeypatch.setattr(notate, "WIDTH", width)
        written = etree.fromstring(write_layer(take, notation).encode())
        assert written.get("places") == "NO SE DK"
        assert written.find("sources/source").get("name") == name
