"""The rules of annotation, layers included."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsbench.corpus.catalogue import load_tables
from newsbench.corpus.grammar import Grammar
from newsbench.corpus.layers import check_layer

BELL = "stories/harbour-bell/is-hafnarblad-bell-gone.xml"

LAYER = "stories/harbour-bell/layers/is-hafnarblad-bell-gone.a.xml"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('<attribution id="a6"', '<attribution id="a1"', "attribution id 'a1' is given twice"),
        (' no_comment="true"', "", "a6: has no <content>"),
        ('source="guard" no_comment', 'source="divers" no_comment', "'divers' is not in <sources>; allowed are holm"),
        ('source="guard" parent="a3"', 'source="holm" parent="a3"', None),
        ('id="guard" name="night guard"', 'id="guards" name="night guard"', "'guards' is used by no attribution"),
        ('id="guard" name', 'id="holm" name', "source id 'holm' is given twice"),
        ('parent="a3"', 'parent="a9"', "parent 'a9' is no attribution"),
        ('parent="a3"', 'parent="a2"', "stands outside the content of its parent a2"),
        ('channel="thought"', 'parent="a4"', "parent leads round in a circle: a3 > a4 > a3"),
        ("“came for the br<a>on</a>ze”", "came for it", "a4: form mixed, but its content has no quoted part"),
        ('<content of="a5">for</content>', "for", "a5: form mixed, but its content has no part outside"),
        ("<head>ruled</head>", "ruled", "the cue 'has not ruled out' has 0 <head>s"),
        ("<head>ruled</head> out", "<head>ruled out</head>", "the head 'ruled out' must be one word"),
        ("<head>ruled</head> out", "<head>ruled</head> <head>out</head>", "has 2 <head>s"),
        ("no call came", "no <head>call</head> came", "<head> stands in no <cue>"),
        ("The hook", '<content of="a1">The hook</content>', "stands in a caption; annotation stands in content"),
        ('<hedge of="a5">reportedly', '<hedge of="a5"> </hedge><hedge of="a5">reportedly', "holds no text"),
        (' primary="true"', "", "0 topics are primary"),
        ('code="medtop:20000082"', 'code="medtop:20000082" primary="true"', "2 topics are primary"),
        ("<topics>", '<topics><topic code="medtop:01000000"/><topic code="medtop:03000000"/>', "4 topics"),
        ('code="medtop:20000082"/>', 'code="medtop:20000082"/><topic code="medtop:20000082"/>', "given 2 times"),
        ("“Some<em>body</em>", '<quoted of="a1">“Some<em>body</em></quoted>', "<quoted> is for form mixed"),
        ("no call came", '<quoted of="a4">no call came</quoted>', "stands outside its content"),
    ],
)  # fmt: skip
def test_each_rule(spoil, old: str, new: str, message: str | None) -> None:
    problems = spoil(BELL, (old, new))
    if message is None:
        assert problems == []
    else:
        assert any(message in problem for problem in problems), problems
        assert all("is-hafnarblad-bell-gone" in problem for problem in problems)


def test_retired_topics_are_refused(spoil, schema: Path) -> None:
    topics = load_tables(schema).topics
    retired = next(code for code, topic in topics.items() if topic["retired"])
    problems = spoil(BELL, ("medtop:20000082", retired))
    assert any("is retired" in problem for problem in problems)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("no call came", "no calls came", "<li> differs from the take (line 24) at character 7"),
        ("Divers <em>go</em> in.", "Divers go  in .", "[ ]"),
        ("e\u0301tag", "étag", "U+0065"),
        ("Una\u00a0Holm</source>", "Una Holm</source>", "U+00A0"),
        (
            "<quote>Ring me, or leave me.</quote>",
            "<p>Ring me, or leave me.</p>",
            "the take (line 27) has <quote>",
        ),
        ("<advertisement/>", "", "has <advertisement>"),
        ("<p>The guard <cue", "<p>One more.</p><p>The guard <cue", "differs from the take"),
        ('id="holm" name', 'id="holm" entity="una-holm" name', "entity stands in the gold only"),
        (
            'form="direct" source="holm"',
            'form="direct" source="holm" statement="rope-cut"',
            "statement stands in the gold only",
        ),
        ("<head>ruled</head>", "ruled", "has 0 <head>s"),
        ('genre="report"', 'genre="tale"', "allowed are report"),
    ],
)
def test_layers_are_held_to_their_take(seeds: Path, schema: Path, old: str, new: str, message: str) -> None:
    path, grammar, tables = seeds / LAYER, Grammar(seeds / "page.rng"), load_tables(schema)
    assert check_layer(path, grammar, tables) == []
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    problems = [str(problem) for problem in check_layer(path, grammar, tables)]
    assert any(message in problem for problem in problems), problems


def test_a_layer_may_wrap_its_lines_elsewhere(seeds: Path, schema: Path) -> None:
    path = seeds / LAYER
    path.write_text(path.read_text("utf-8").replace("no call came", "no\n      call   came\n"), "utf-8")
    assert check_layer(path, Grammar(seeds / "page.rng"), load_tables(schema)) == []


def test_stray_layers_are_named(seeds: Path, schema: Path, spoil) -> None:
    (seeds / LAYER).rename(seeds / LAYER.replace("bell-gone.a", "bell-lost.a"))
    assert any("is a layer of no take" in problem for problem in spoil(BELL))
