"""WebMainBench's ROUGE-5: the tokeniser against jieba's own answers, the numbers by hand and on real pages."""

from __future__ import annotations

import json
from collections import Counter
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.metrics.compat import webmainbench
from newsbench.metrics.compat.webmainbench import tokenize

NAME = "boilerplate.webmainbench"

# What jieba 0.42.1 gives.
JIEBA = {
    "The ferry burned.": ["The", " ", "ferry", " ", "burned", "."],
    "3.5% of 1,000 v2.0.1": ["3.5%", " ", "of", " ", "1", ",", "000", " ", "v2.0", ".", "1"],
    "AT&T, C++ and c#; abC++x_y-z...": [
        "AT&T", ",", " ", "C++", " ", "and", " ", "c#", ";", " ", "ab", "C++", "x", "_", "y", "-", "z", "...",
    ],
    "“Why?”\u00a0\r\n\n\té": ["“", "Why", "?", "”", "\u00a0", "\r\n", "\n", "\t", "é"],
    "a  b": ["a", " ", " ", "b"],
}  # fmt: skip


@pytest.mark.parametrize("text", JIEBA)
def test_tokens_are_those_of_jieba(text):
    assert tokenize(text) == JIEBA[text]


@pytest.mark.skipif(find_spec("jieba") is None, reason="jieba is not installed")
@settings(deadline=None, max_examples=500)
@given(st.text(st.sampled_from("ATt&cC+#.-_%5x é\r\n\u00a0\u0663"), max_size=40) | st.text(max_size=30))
def test_any_text_without_han_is_cut_as_by_jieba(text):
    import jieba

    assert tokenize(text) == jieba.lcut(text)


@pytest.mark.skipif(find_spec("jieba") is None, reason="jieba is not installed")
def test_han_is_cut_by_jieba():
    import jieba

    assert tokenize("NumPy 用于处理数组。") == jieba.lcut("NumPy 用于处理数组。")


def test_without_jieba_han_is_cut_by_character_and_said_so(monkeypatch):
    monkeypatch.setattr(webmainbench, "find_spec", lambda name: None)
    with pytest.warns(UserWarning, match="install jieba"):
        assert tokenize("a用于 b") == ["a", "用", "于", " ", "b"]


def by_definition(gold: str, output: str, *, blanks: bool) -> float:
    """F1 of one page as the peer has it: runs of five, one dictionary each."""
    if not gold.strip() and not output.strip():
        return 1.0
    bags = []
    for text in (gold, output):
        tokens = [token for token in tokenize(text) if blanks or token.strip()]
        bags.append(Counter(tuple(tokens[k : k + 5]) for k in range(len(tokens) - 4)))
    hits = sum(min(many, bags[1][run]) for run, many in bags[0].items())
    recall, precision = (hits / max(bag.total(), 1) for bag in bags)
    return 2 * precision * recall / (precision + recall) if hits else 0.0


texts = st.text(st.sampled_from("ab .\n"), max_size=30)


@settings(deadline=None)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=3))
def test_any_texts_agree_with_the_definition(figures, pairs):
    gold = {str(k): pair[0] for k, pair in enumerate(pairs)}
    found = figures(NAME, gold, {str(k): pair[1] for k, pair in enumerate(pairs)})
    for name, blanks in (("webmainbench_rouge5_f1", True), ("webmainbench_rouge5_no_blanks_f1", False)):
        wanted = sum(by_definition(*pair, blanks=blanks) for pair in pairs) / len(pairs)
        assert found[name] == pytest.approx(wanted, abs=1e-9)


def test_real_pages(corpora, figures):
    """The three pages without Han: gold against the markdown that comes with the corpus."""
    rows = [json.loads(line) for line in (corpora / "webmainbench" / "sample_dataset.jsonl").open(encoding="utf-8")]
    rows = [row for row in rows if not webmainbench._HAN.search(row["groundtruth_content"] + row["llm_webkit_md"])]
    assert len(rows) == 3
    gold = {row["track_id"]: row["groundtruth_content"] for row in rows}
    outputs = {row["track_id"]: row["llm_webkit_md"] for row in rows}
    found = figures(NAME, gold, outputs)
    for name, blanks in (("webmainbench_rouge5_f1", True), ("webmainbench_rouge5_no_blanks_f1", False)):
        wanted = sum(by_definition(gold[one], outputs[one], blanks=blanks) for one in gold) / 3
        assert found[name] == pytest.approx(wanted, abs=1e-9)
    assert found["webmainbench_rouge5_f1"] == pytest.approx(0.6500394693186525, abs=1e-9)
    assert found["webmainbench_rouge5_no_blanks_f1"] == pytest.approx(0.5888581434612336, abs=1e-9)


def test_by_hand(figures):
    # Without blanks: abcde of abcdef (two runs). With blanks: runs over "a b c d e" are 5 of 7.
    found = figures(NAME, {"x": "a b c d e f"}, {"x": "a b c d e"})
    assert found["webmainbench_rouge5_no_blanks_f1"] == pytest.approx(2 / 3)
    assert found["webmainbench_rouge5_no_blanks_recall"] == pytest.approx(1 / 2)
    assert found["webmainbench_rouge5_f1"] == pytest.approx(10 / 12)
    assert found["webmainbench_rouge5_precision"] == 1


def test_blank_texts_agree_and_short_ones_do_not(figures):
    assert figures(NAME, {"x": " \n"}, {"x": None})["webmainbench_rouge5_f1"] == 1
    assert figures(NAME, {"x": "a b"}, {"x": "a b"})["webmainbench_rouge5_f1"] == 0
