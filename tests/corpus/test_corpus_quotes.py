"""Quoted stretches of a fragment."""

from __future__ import annotations

import pytest

from newsbench.corpus.quotes import find_quoted


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('that it was “bad” and "worse"', ["“bad”", '"worse"']),
        ("Swedish ”ord” here", ["”ord”"]),
        ("»inward« and «outward»", ["»inward«", "«outward»"]),
        ("a » wide « one, « spaced »", ["» wide «", "« spaced »"]),
        ('„low“ and „Polish” and „mixed"', ["„low“", "„Polish”", '„mixed"']),
        (
            "‚single‘ ‘single’ 'single' ‹angle› ›angle‹",
            ["‚single‘", "‘single’", "'single'", "‹angle›", "›angle‹"],
        ),
        ("「鐘」 and 『鈴』", ["「鐘」", "『鈴』"]),
        ("the workers’ union isn't 'happy'", ["'happy'"]),
        ("‘not the workers’ fault’, they think", ["‘not the workers’ fault’"]),
        ("’tis the ’90s, rock ’n’ roll", []),
        ("a “b ‘c’ d” e", ["“b ‘c’ d”"]),
        ("that cables “show wear beyond", ["“show wear beyond"]),
        ("wear beyond the limit”, or so", ["wear beyond the limit”"]),
        ("would have turned.»", ["would have turned.»"]),
        ("no marks at all", []),
        ("", []),
    ],
)
def test_finds_quoted_stretches(text: str, quoted: list[str]) -> None:
    assert [text[start:end] for start, end in find_quoted(text)] == quoted
