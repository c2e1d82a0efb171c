"""The perturbation matrix over real news text: articles of a public corpus as pages of paragraphs and furniture."""

from __future__ import annotations

import html
import json
import random
import unicodedata

import numpy as np
import pytest

from newsbench.metrics.base import Counts
from newsbench.metrics.boilerplate import FAMILY
from newsbench.text import words
from newsbench.types import Page, Prediction, Segment

FURNITURE = [
    "Home Politics World Sport Opinion Weather Sign in Subscribe",
    "Sign up for our morning newsletter and never miss a story from our reporters",
    "Copyright all rights reserved terms of use privacy policy cookie settings contact us",
]


@pytest.fixture(scope="module")
def pages(corpora) -> list[Page]:
    """Real articles between a menu and a footer, with a newsletter box in the middle."""
    gold = json.loads((corpora / "aeb" / "ground-truth.json").read_text(encoding="utf-8"))
    made = []
    for number, article in enumerate(gold.values()):
        paragraphs = [line.strip() for line in article["articleBody"].split("\n") if line.strip()]
        half = len(paragraphs) // 2
        parts = [("navigation", FURNITURE[0]), *(("paragraph", p) for p in paragraphs[:half])]
        parts += [
            ("newsletter", FURNITURE[1]),
            *(("paragraph", p) for p in paragraphs[half:]),
            ("footer", FURNITURE[2]),
        ]
        segments, position = [], 0
        for kind, part in parts:
            segments.append(Segment(position, position + len(part), kind))
            position += len(part) + 1
        made.append(Page(f"p{number}", "\n".join(part for _, part in parts), segments=tuple(segments)))
    return made


def content_of(page: Page) -> list[str]:
    return [page.text[s.start : s.end] for s in page.segments if s.type == "paragraph"]


def joined(page: Page) -> str:
    return "\n\n".join(content_of(page))


def figures(pages, output_of) -> dict[str, float]:
    rows = [FAMILY.count(FAMILY.prepare(p), Prediction(p.id, main_text=output_of(p))) for p in pages]
    counts = Counts(FAMILY.index, np.array(rows).sum(axis=0))
    return {metric.name: float(metric.score(counts)) for metric in FAMILY.metrics if metric.average == "micro"}


ENCODINGS = {
    "as it is": joined,
    "NFD": lambda page: unicodedata.normalize("NFD", joined(page)),
    "no-break spaces": lambda page: joined(page).replace(" ", "\u00a0"),
    "soft hyphens": lambda page: "".join(c + "\u00ad" * c.isalpha() for c in joined(page)),
    "zero-width spaces": lambda page: joined(page).replace("e", "e\u200b"),
    "straight quotes": lambda page: joined(page).translate(str.maketrans("“”„‘’‚«»", '"""\'\'\'""')),
    "CRLF": lambda page: joined(page).replace("\n", "\r\n"),
    "old Mac": lambda page: joined(page).replace("\n", "\r"),
    "capitals": lambda page: joined(page).upper(),
    "entities": lambda page: html.escape(joined(page)).replace("’", "&rsquo;"),
    "markdown": lambda page: "\n\n".join(f"* **{part}**" for part in content_of(page)),
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_mere_encoding_costs_nothing(pages, name):
    found = figures(pages, ENCODINGS[name])
    assert found["token_f1"] == pytest.approx(1, abs=0.001 if name == "capitals" else 0)


def shuffled(page: Page) -> str:
    split = joined(page).split()
    random.Random(3).shuffle(split)
    return " ".join(split)


def salted(page: Page) -> str:
    return f"\n{FURNITURE[1]}\n".join(content_of(page))


def half(page: Page) -> str:
    split = joined(page).split(" ")
    return " ".join(split[: len(split) // 2])


def test_damage_costs_what_was_damaged(pages):
    content = sum(len(words(joined(page))) for page in pages)
    extra = sum(len(words(FURNITURE[1])) * (len(content_of(page)) - 1) for page in pages)
    assert figures(pages, salted)["token_precision"] == pytest.approx(content / (content + extra), abs=0.001)
    assert figures(pages, half)["token_recall"] == pytest.approx(0.5, abs=0.01)
    assert figures(pages, lambda p: joined(p) + "\n" + joined(p))["token_precision"] == pytest.approx(0.5, abs=0.01)
    # A few runs of three frequent words come about by chance: .033 was measured.
    assert figures(pages, shuffled)["token_f1"] < 0.04
    assert figures(pages, lambda p: "")["token_f1"] == 0
    backwards = figures(pages, lambda p: "\n".join(reversed(content_of(p))))
    assert backwards["token_f1"] == pytest.approx(1, abs=0.01)
    assert backwards["order_error_rate"] > 0.5


def test_real_outputs_are_nearly_all_found_on_their_page(corpora):
    """Outputs of real extractors against the text of the page they came from: hardly a word is invented."""
    import gzip

    from newsbench.render import render

    stored = json.loads((corpora / "aeb" / "output" / "trafilatura.json").read_text(encoding="utf-8"))["output"]
    invented = total = 0
    for key in sorted(stored)[:12]:
        source = gzip.decompress((corpora / "aeb" / "html" / f"{key}.html.gz").read_bytes()).decode("utf-8", "replace")
        text = render(source).text
        page = Page(key, text, segments=(Segment(0, len(text), "paragraph"),))
        row = FAMILY.count(FAMILY.prepare(page), Prediction(key, main_text=stored[key]["articleBody"]))
        invented += row[FAMILY.index["invented"]]
        total += row[FAMILY.index["output"]]
    assert invented / total < 0.02
