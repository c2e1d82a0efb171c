"""CleanEval's numbers against opcodes of difflib, and its oddities."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.metrics.compat.cleaneval import cleaneval_words

NAME = "boilerplate.cleaneval"


def counted(output: str, gold: str) -> tuple[int, int, int]:
    """True and false positives and false negatives by opcodes, over blank-divided words of plain text."""
    given_, wanted = re.split(r"\s+", output), re.split(r"\s+", gold)
    tp = fp = fn = 0
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, given_, wanted).get_opcodes():
        if kind == "equal":
            tp += i2 - i1
        else:
            fp += i2 - i1
            fn += j2 - j1
    return tp, fp, fn


def scores(tp: int, fp: int, fn: int) -> tuple[float, float, float]:
    precision, recall = tp / ((tp + fp) or 1), tp / ((tp + fn) or 1)
    return precision, recall, 2 * precision * recall / ((precision + recall) or 1)


def three(found: dict[str, float], name: str = "cleaneval") -> tuple[float, float, float]:
    return found[f"{name}_precision"], found[f"{name}_recall"], found[f"{name}_f1"]


def expected(gold: dict[str, str], outputs: dict[str, str]):
    rows = [counted(outputs[name], text) for name, text in gold.items()]
    pages = [scores(*row) for row in rows]
    return (
        tuple(sum(column) / len(pages) for column in zip(*pages, strict=True)),
        scores(*map(sum, zip(*rows, strict=True))),
    )


def test_stored_outputs_agree_with_opcodes(aeb_gold, aeb_outputs, figures):
    for outputs in aeb_outputs.values():
        macro, micro = expected(aeb_gold, outputs)
        found = figures(NAME, aeb_gold, outputs)
        assert three(found) == pytest.approx(macro, abs=1e-9)
        assert three(found, "cleaneval_micro") == pytest.approx(micro, abs=1e-9)


GOLDEN = {
    "goose3": 0.8766082258151253,
    "justext": 0.6967056877611221,
    "readability": 0.9317849685104312,
    "trafilatura": 0.960658812450075,
}


@pytest.mark.parametrize("system", GOLDEN)
def test_stored_outputs_have_golden_numbers(aeb_gold, aeb_outputs, figures, system):
    assert figures(NAME, aeb_gold, aeb_outputs[system])["cleaneval_f1"] == pytest.approx(GOLDEN[system], abs=1e-9)


texts = st.text(st.sampled_from("ab \n\u00a0"), max_size=20)


@settings(deadline=None)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=3))
def test_any_texts_agree_with_opcodes(figures, pairs):
    gold = {str(k): pair[0] for k, pair in enumerate(pairs)}
    outputs = {str(k): pair[1] for k, pair in enumerate(pairs)}
    macro, micro = expected(gold, outputs)
    found = figures(NAME, gold, outputs)
    assert three(found) == pytest.approx(macro, abs=1e-9)
    assert three(found, "cleaneval_micro") == pytest.approx(micro, abs=1e-9)


def test_the_junk_rule_is_theirs(figures):
    # A word that is more than 1 % of 200 words or more begins no match.
    for many, recall in ((198, 198 / 199), (199, 0.0)):
        goats = " ".join(["goat"] * many)
        assert figures(NAME, {"x": "one " + goats}, {"x": goats})["cleaneval_recall"] == pytest.approx(recall)


few = st.lists(st.sampled_from("aaab"), max_size=4)


@settings(deadline=None)
@given(few, st.integers(0, 60), st.lists(st.sampled_from("abc"), max_size=300))
def test_equal_texts_match_in_full(head, repeats, rest):
    words = head * repeats + rest
    blocks = SequenceMatcher(None, words, list(words)).get_matching_blocks()
    assert sum(block.size for block in blocks) == len(words)


def test_normalisation_by_hand():
    assert cleaneval_words("URL: http://x\n<p>One\x00two<H>  three") == ["", "<p>", "One", "two", "<H>", "three"]
    assert cleaneval_words("a\n  URLs are dropped\nb") == ["a", "b"]
    assert cleaneval_words("") == [""]


def test_by_hand(figures):
    # "ferry" and "burned" match; output has two words more, gold one.
    found = figures(NAME, {"x": "the ferry burned"}, {"x": "a ferry slowly burned"})
    assert three(found) == pytest.approx((2 / 4, 2 / 3, 4 / 7))


def test_an_empty_output_is_one_empty_word(figures):
    assert three(figures(NAME, {"x": "a b"}, {"x": ""})) == (0, 0, 0)
    assert three(figures(NAME, {"x": ""}, {"x": None})) == (1, 1, 1)


def test_pages_take_little_time(gold_pages):
    import time

    from newsbench.metrics.compat.cleaneval import count, prepare
    from newsbench.types import Prediction

    page = max(gold_pages, key=lambda one: len(one.text))
    start = time.process_time()
    count(prepare(page), Prediction(page.id, main_text=page.text))
    assert time.process_time() - start < 1
