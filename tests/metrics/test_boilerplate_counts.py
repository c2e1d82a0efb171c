"""Small pages by hand: counts, policies, and what content, optional text and furniture owe each other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from boilerplate_examples import TEXT, joined, row, score, small_page

from newsbench.metrics.base import Counts
from newsbench.metrics.boilerplate import FAMILY
from newsbench.metrics.pagewords import ROLES, page_words, roles, types_of
from newsbench.types import Page, Prediction, Segment


def test_counts_by_hand():
    found = row("Ferry burns\nThe ferry burned all night long.\nRead also goats\nWhy?\nstrange words here")
    assert found["words.navigation"] == 2
    assert found["kept.headline"] == 2
    assert found["kept.paragraph"] == 7
    assert found["kept.related"] == 3
    assert "kept.most_read" not in found
    assert "kept.byline" not in found
    assert found["invented"] == 3
    assert found["output"] == 15
    assert (found["furniture.before"], found["furniture.inside"], found["furniture.after"]) == (2, 3, 2)
    assert found["furniture_kept.inside"] == 3


def test_optional_text_is_free():
    with_byline = "Ferry burns by Ann The ferry burned all night long. Why?"
    page = small_page()
    counted = [
        FAMILY.count(page_words(page), Prediction("p", main_text=text))
        for text in (with_byline, with_byline.replace("by Ann ", ""))
    ]
    scores = [float(FAMILY.metrics[0].score(Counts(FAMILY.index, np.array(one)))) for one in counted]
    assert scores == [1.0, 1.0]


def test_a_page_without_content_has_no_precision_where_nothing_was_kept():
    text = "HOME NEWS"
    bare = Page("bare", text, segments=(Segment(0, len(text), "navigation"),))
    pages = [(small_page(), ""), (bare, ""), (bare, text)]
    counted = [FAMILY.count(page_words(page), Prediction(page.id, main_text=output)) for page, output in pages]
    precision = next(metric for metric in FAMILY.metrics if metric.name == "token_precision_macro")
    found = precision.score(Counts(FAMILY.index, np.array(counted)))
    assert found.tolist() == pytest.approx([0, math.nan, 0], nan_ok=True)


def test_figures_of_outlets_by_hand():
    # Outlet a keeps all 10 words of its two pages, b and c keep 5 and 1 of 10: F1 is 1, 2/3 and 2/11.
    kept = np.zeros((4, len(FAMILY.columns)))
    kept[:, FAMILY.index["words.paragraph"]] = 5, 5, 10, 10
    kept[:, FAMILY.index["kept.paragraph"]] = 5, 5, 5, 1
    outlets = np.array(["a", "a", "b", "c"])

    def found(rows: int) -> dict[str, float]:
        counts = Counts(FAMILY.index, kept[:rows], groups={"outlet": outlets[:rows]})
        return {metric.name.rpartition("_")[2]: metric.score(counts) for metric in FAMILY.corpus_metrics}

    assert found(4) == pytest.approx({"mean": (1 + 2 / 3 + 2 / 11) / 3, "worst": 2 / 11})
    assert found(3) == pytest.approx({"mean": 5 / 6, "worst": 2 / 3})
    # One outlet has no mean of outlets.
    assert found(2) == pytest.approx({"mean": math.nan, "worst": math.nan}, nan_ok=True)


def test_astral_characters_and_marks_shift_nothing():
    text = TEXT.replace("ferry", "fe\u0301rry\U0001f6a2").replace("goats", "go\u00adats\u00a0")
    assert row("The férry🚢 burned all night long.", small_page(text))["kept.paragraph"] == 6


def test_policies_change_roles_not_counts():
    page = small_page()
    counted = np.array(FAMILY.count(page_words(page), Prediction("p", main_text=page.text)))
    found = {policy: Counts(FAMILY.index, counted, policy) for policy in ("strict", "lenient", "core")}
    scores = {policy: float(FAMILY.metrics[0].score(counts)) for policy, counts in found.items()}
    for policy, value in scores.items():
        words_of = {
            role: sum(counted[FAMILY.index[f"words.{kind}"]] for kind in types_of(role, policy)) for role in ROLES
        }
        kept = words_of["content"] + words_of["boilerplate"]
        assert value == pytest.approx(2 * words_of["content"] / (kept + words_of["content"]))
    assert len(set(scores.values())) > 1


@pytest.mark.parametrize("policy", ["strict", "lenient", "core"])
def test_slices_by_type_are_those_of_the_policy(policy):
    shown = {
        name: set(part.keys_under(policy))
        for part in FAMILY.slices
        if part.dimension == "type"
        for name in part.metrics
    }
    assert shown == {"leakage": set(types_of("boilerplate", policy)), "loss": set(types_of("content", policy)),
                     "kept": set(types_of("optional", policy))}  # fmt: skip


def paged(*parts: tuple[str, str]) -> Page:
    text, segments = "", []
    for kind, part in parts:
        segments.append(Segment(len(text), len(text) + len(part), kind))
        text += part + "\n"
    return Page("p", text, segments=tuple(segments))


BURNS, ROWED = "Ferry burns on the lake", "Fishermen rowed out at once and pulled people out of the water."
RESCUED = "Hundreds were rescued overnight by fishermen"


def test_furniture_that_says_the_same_in_one_go_does_not_take_the_words_of_content():
    page = paged(("live_ticker", BURNS), ("live_ticker", RESCUED), ("headline", BURNS), ("share", "Share"),
                 ("standfirst", RESCUED), ("share", "Tweet"), ("paragraph", ROWED))  # fmt: skip
    assert score([page], joined)["token_f1"] == 1.0


def test_short_optional_text_is_free_where_it_stands_alone():
    page = paged(("headline", BURNS), ("share", "Share Tweet Mail"), ("byline", "Ann Lee"), ("share", "Follow"),
                 ("date", "3 May"), ("login", "Sign in"), ("paragraph", RESCUED), ("advertisement", "Advertisement"),
                 ("credit", "AFP"), ("related", "Read more here now"), ("paragraph", ROWED))  # fmt: skip
    found = score([page], lambda page: f"{BURNS}\nAnn Lee\n3 May\n{RESCUED}\nAFP\n{ROWED}")
    assert (found["token_f1"], found["invented_rate"]) == (1.0, 0.0)


def test_of_equal_passages_out_of_order_content_comes_first():
    page = paged(("navigation", "Home News Sport"), ("paragraph", ROWED), ("related", RESCUED), ("standfirst", RESCUED))
    found = score([page], lambda page: f"{RESCUED}\n{ROWED}")
    assert (found["token_f1"], found["order_error_rate"]) == (1.0, 6 / 18)


def test_of_equal_passages_optional_text_comes_before_furniture():
    caption = "A ferry on fire at night"
    page = paged(("headline", BURNS), ("image_alt", caption), ("caption", caption), ("paragraph", ROWED))
    assert score([page], lambda page: f"{BURNS}\n{caption}\n{ROWED}")["token_f1"] == 1.0


def test_unknown_policy_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"allowed: .*strict"):
        roles("strct")
