"""Text that others wrote, in cells of CSV, Markdown, LaTeX and JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.formats.escaping import csv_cell, json_text, latex_cell, markdown_cell, one_line

anything = st.text(st.characters(codec=None), max_size=30) | st.text("|`*_[]!<>&\\\n~$=@+-: w.h/\x1b\u202e", max_size=30)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  =", "\t\t@", "＝"])
def test_what_begins_like_a_formula_gets_an_apostrophe(start):
    assert csv_cell(f"{start}1+1").startswith("'")


@pytest.mark.parametrize("plain", ["trafilatura", "a=b", "1-2", "", "Zürich", "l'Est"])
def test_other_cells_stay(plain):
    assert csv_cell(plain) == plain


@settings(deadline=None)
@given(anything)
def test_no_cell_begins_a_formula_or_breaks_a_line(text):
    for made in (csv_cell(text), one_line(text), markdown_cell(text), latex_cell(text)):
        assert not set(made) & set("\n\r\t\x1b\u202e")
        made.encode("utf-8")
    assert not csv_cell(text).startswith(("=", "+", "-", "@"))


@settings(deadline=None)
@given(anything)
def test_markdown_shows_text_and_nothing_else(text):
    markdown_it = pytest.importorskip("markdown_it")
    parser = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    source = f"| head | b |\n| --- | --- |\n| x {markdown_cell(text)} | y |"
    tokens = [token for token in parser.parse(source) if token.type == "inline"]
    assert len(tokens) == 4
    assert {child.type for child in tokens[2].children} <= {"text"}
    assert "".join(child.content for child in tokens[2].children) == f"x {one_line(text)}".rstrip()


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a|b", "a\\|b"),
        ("![x](http://e.example/p.png)", "\\!\\[x\\](http\\://e.example/p.png)"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("_a_*b*`c`\\", "\\_a\\_\\*b\\*\\`c\\`\\\\"),
        ("www.e.example a@e.example", "www\\.e.example a\\@e.example"),
    ],
)
def test_markdown_by_hand(text, made):
    assert markdown_cell(text) == made


def test_latex_by_hand():
    assert latex_cell('&%$#_{}~^\\<>|"–') == (
        r"\&\%\$\#\_\{\}\textasciitilde{}\textasciicircum{}\textbackslash{}\textless{}\textgreater{}\textbar{}\char34{}--"
    )


@settings(deadline=None)
@given(anything)
def test_json_keeps_text_and_sends_nothing_to_a_terminal(text):
    made = json_text({text: [text]})
    assert json.loads(made) == {text: [text]}
    assert not set(made) & set("\x1b\x7f\x9b\u202e")
    made.encode("utf-8")
