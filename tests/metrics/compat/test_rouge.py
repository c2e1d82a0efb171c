"""ROUGE side by side with `rouge-score`, on random sentences and on real texts."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score import rouge_scorer
from rouge_score.rouge_scorer import _summary_level_lcs
from rouge_score.tokenize import tokenize as peer_tokenize

from newsbench.metrics.compat import union_lcs
from newsbench.metrics.compat.rouge import split_sentences, tokenize
from newsbench.metrics.compat.union_lcs import union_hits

NAME = "boilerplate.rouge"
KINDS = {"rouge1": "rouge_1", "rouge2": "rouge_2", "rougeLsum": "rouge_lsum"}


def peer_means(gold: dict[str, str], outputs: dict[str, str], kinds=tuple(KINDS)) -> dict[str, float]:
    """Means over pages of the peer's numbers, one-line texts divided into our sentences first."""
    scorer = rouge_scorer.RougeScorer(list(kinds), use_stemmer=False)
    total: dict[str, float] = {}
    for name, text in gold.items():
        found = scorer.score("\n".join(split_sentences(text)), "\n".join(split_sentences(outputs[name])))
        for kind, score in found.items():
            for part, value in (("precision", score.precision), ("recall", score.recall), ("f1", score.fmeasure)):
                key = f"{KINDS[kind]}_{part}"
                total[key] = total.get(key, 0.0) + value / len(gold)
    return total


def peer_hits(gold: list[list[str]], output: list[list[str]]) -> float:
    return _summary_level_lcs(gold, output).recall * sum(map(len, gold))


def random_text(chance: random.Random, letters: str, sentences: int, longest: int) -> list[list[str]]:
    def sentence() -> list[str]:
        return [chance.choice(letters) for _ in range(chance.randint(0, longest))]

    return [sentence() for _ in range(chance.randint(0, sentences))]


@pytest.mark.parametrize("seed", range(8))
def test_hits_of_thousands_of_random_texts(seed, monkeypatch):
    """8 x 500 pairs; few letters make many ties, small groups and stretches try every joint of the bit rows."""
    chance = random.Random(seed)
    for case in range(500):
        monkeypatch.setattr(union_lcs, "_GROUP_ROWS", chance.choice([1, 7, 30, 4096]))
        letters = "abcdefghij"[: chance.randint(1, 10)]
        gold, output = random_text(chance, letters, 5, 9), random_text(chance, letters, 5, 9)
        assert union_hits(gold, output) == pytest.approx(peer_hits(gold, output), abs=1e-9), (seed, case, gold, output)


def test_hits_of_long_sentences_in_stretches(monkeypatch):
    monkeypatch.setattr(union_lcs, "_DIFFERENCE_BYTES", 0)
    monkeypatch.setattr(union_lcs, "_MOST_ROWS_KEPT", 100)
    chance = random.Random(5)
    for _ in range(60):
        letters = "abcdefghijklmnopqrstuvwxyz"[: chance.randint(1, 26)]
        gold, output = random_text(chance, letters, 2, 200), random_text(chance, letters, 2, 300)
        assert union_hits(gold, output) == pytest.approx(peer_hits(gold, output), abs=1e-9)


sentences = st.lists(st.lists(st.sampled_from("abc"), max_size=8), max_size=4)


@settings(max_examples=500, deadline=None)
@given(sentences, sentences)
def test_hits_of_any_texts(gold, output):
    assert union_hits(gold, output) == pytest.approx(peer_hits(gold, output), abs=1e-9)


def test_five_thousand_words():
    chance = random.Random(3)
    vocabulary = [f"w{k}" for k in range(4000)]
    weights = [1 / (k + 1) for k in range(4000)]

    def text() -> list[list[str]]:
        words = chance.choices(vocabulary, weights, k=5000)
        return [words[at : at + 25] for at in range(0, 5000, 25)]

    gold, output = text(), text()
    assert union_hits(gold, output) == pytest.approx(peer_hits(gold, output), abs=1e-9)


def test_ties_are_broken_as_the_peer_breaks_them():
    # Going back, "b" before "a": the walk over the first output sentence takes a, over the second b; both are hit.
    assert union_hits([["a", "b"]], [["b", "a"], ["b"]]) == peer_hits([["a", "b"]], [["b", "a"], ["b"]])
    # One table, two longest subsequences: the row that is taken decides what the second sentence can add.
    gold, output = [["x", "y", "z"]], [["y", "x"], ["x"]]
    assert union_hits(gold, output) == peer_hits(gold, output)


@settings(deadline=None)
@given(st.text(st.characters(), max_size=30) | st.text(st.sampled_from("aZ9K\u212aİſé_- \n\x1f\ud800"), max_size=40))
def test_words_are_the_peers(text):
    assert tokenize(text) == peer_tokenize(text, None)


texts = st.text(st.sampled_from("aAbB .\n!”"), max_size=40)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=3))
def test_any_texts_have_the_peers_numbers(figures, pairs):
    gold = {str(k): pair[0] for k, pair in enumerate(pairs)}
    outputs = {str(k): pair[1] for k, pair in enumerate(pairs)}
    assert figures(NAME, gold, outputs) == pytest.approx(peer_means(gold, outputs), abs=1e-9)


@pytest.mark.parametrize("system", ["goose3", "trafilatura"])
def test_real_texts_have_the_peers_numbers(aeb_gold, aeb_outputs, figures, system):
    some = dict(list(aeb_gold.items())[:12])
    assert figures(NAME, some, aeb_outputs[system]) == pytest.approx(peer_means(some, aeb_outputs[system]), abs=1e-9)


def test_our_pages_have_the_peers_numbers(gold_pages, figures):
    from newsbench.metrics.compat.texts import reference_text

    pages = sorted(gold_pages, key=lambda page: len(page.text))[:5]
    outputs = {page.id: page.text for page in pages}
    wanted = peer_means({page.id: reference_text(page) for page in pages}, outputs)
    assert figures(NAME, pages, outputs) == pytest.approx(wanted, abs=1e-9)


def test_several_lines_are_the_sentences():
    assert split_sentences("One. Two\n\nthree. Four\n") == ["One. Two", "three. Four"]
    assert split_sentences("\n—\nOne. Two\n") == ["One.", "Two"]


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("He left. She stayed!", ["He left.", "She stayed!"]),
        ("“He left.” She stayed…  Why? 3 men knew.", ["“He left.”", "She stayed…", "Why?", "3 men knew."]),
        ("He left (at last). She stayed.", ["He left (at last).", "She stayed."]),
        ("Mr. Smith met J. Doe of U.S. Steel at 3.15 p.m. on Monday.", None),
        ("It cost 5. Then it rose.", ["It cost 5.", "Then it rose."]),
        ("it ended. then it began", None),
        ("No stop at all", None),
        ("", []),
    ],
)
def test_a_text_of_one_line_is_divided_at_stops(line, sentences):
    assert [one.strip() for one in split_sentences(line)] == ([line] if sentences is None else sentences)


def test_no_word_is_lost_between_sentences(aeb_gold):
    many = 0
    for text in aeb_gold.values():
        line = " ".join(text.split())
        found = split_sentences(line)
        many += len(found)
        assert [word for one in found for word in tokenize(one)] == tokenize(line)
    assert many / len(aeb_gold) > 15


def test_by_hand(figures):
    found = figures(NAME, {"x": "the ferry burned\nall night"}, {"x": "all the ferry\nnight"})
    # Words: 4 of 5 and of 4. Pairs: "the ferry". Lsum: the, ferry; all and night from two sentences.
    assert found["rouge_1_recall"] == pytest.approx(4 / 5)
    assert found["rouge_1_precision"] == pytest.approx(1)
    assert found["rouge_2_f1"] == pytest.approx(2 * 1 / (3 + 4))
    assert found["rouge_lsum_f1"] == pytest.approx(8 / 9)


def test_empty_texts_are_0_as_with_the_peer(figures):
    assert set(figures(NAME, {"x": ""}, {"x": ""}).values()) == {0}


def test_it_is_at_least_twenty_times_as_fast():
    import time

    chance = random.Random(3)
    texts = [[[chance.choice("abcdefghijklmnop") for _ in range(25)] for _ in range(30)] for _ in range(2)]

    def cpu(function, repeats: int) -> float:
        start = time.process_time()
        for _ in range(repeats):
            function(*texts)
        return (time.process_time() - start) / repeats

    assert cpu(peer_hits, 1) > 20 * min(cpu(union_hits, 5) for _ in range(3))
