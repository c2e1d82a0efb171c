"""PolNeAR as it is given out is read for the comparison that the report makes."""

from __future__ import annotations

import pytest
from report_examples import span

from newsbench.corpusreport import articleside, attributionside
from newsbench.corpusreport.polnear import read_polnear


def test_polnear_layout(tmp_path):
    text = "Kos: no vote\n\n“We stay,” she said. Rain was expected.\n"
    (tmp_path / "text").mkdir()
    (tmp_path / "attributions").mkdir()
    (tmp_path / "text" / "a.txt").write_text(text, encoding="utf-8")
    marks = [
        ("Source", "Kos"), ("Cue", ":"), ("Content", "no vote"), ("Content", "“We stay,”"), ("Source", "she"),
        ("Cue", "said"), ("Content", "Rain"), ("Cue", "expected"),
    ]  # fmt: skip
    lines = [f"T{n}\t{kind} {span(text, w).start} {span(text, w).end}\t{w}" for n, (kind, w) in enumerate(marks, 1)]
    lines += ["E1\tAttribution:T9 Source:T1 Cue:T2 Content:T3", "E2\tAttribution:T9 Content:T4 Source:T5 Cue:T6"]
    lines += ["E3\tAttribution-no-source:T9 Content:T7 Cue:T8", "a broken line"]
    (tmp_path / "attributions" / "a_x.ann").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "attributions" / "a_y.ann").write_text("", encoding="utf-8")
    (page,) = read_polnear(tmp_path)
    assert [segment.type for segment in page.segments] == ["headline", "paragraph"]
    assert [found.form for found in page.attributions] == ["indirect", "direct", "indirect"]
    found = attributionside.attribution_figures(articleside.articles_of([page]))
    assert found["without a source, share"] == found["source a pronoun only, share"] == pytest.approx(1 / 3)
    assert found["in the headline, share of articles"] == 1.0
    with pytest.raises(FileNotFoundError, match=r"text/\*\.txt"):
        read_polnear(tmp_path / "attributions")


def test_polnear_articles_at_hand_are_like_the_whole(corpora):
    pages = read_polnear(corpora / "polnear")
    assert len(pages) == 40
    found = attributionside.attribution_figures(articleside.articles_of(pages))
    assert found["form indirect, share"] == pytest.approx(0.73, abs=0.05)
    assert found["form direct, share"] == pytest.approx(0.15, abs=0.05)
    assert found["without a source, share"] == pytest.approx(0.075, abs=0.03)
    assert found["source a pronoun only, share"] == pytest.approx(0.22, abs=0.05)
    assert found["content words, median"] == pytest.approx(11, abs=1)
