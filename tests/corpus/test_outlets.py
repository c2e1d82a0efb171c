"""All outlets and families of the corpus: as many and as different as promised, and each prints every block there is."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from newsbench.corpus.catalogue import load_catalogue, load_tables
from newsbench.corpus.grammar import Grammar
from newsbench.corpus.page import compile_page
from newsbench.corpus.problems import Report
from newsbench.corpus.take import SLOTS, Take, read_take
from newsbench.corpus.templates import TakeEntry, make_environment

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
EVERYTHING = (Path(__file__).parent / "everything.xml").read_text(encoding="utf-8")
OUTLETS = sorted(path.stem for path in (SEEDS / "outlets").glob("*.yaml") if path.stem != "aggregator")
ON_SITES = [name for name in OUTLETS if "family: reader" not in (SEEDS / "outlets" / f"{name}.yaml").read_text("utf-8")]
FAMILIES = sorted(path.name.removesuffix(".html.j2") for path in (SEEDS / "templates").glob("[a-z]*.html.j2"))


@cache
def catalogue():
    return load_catalogue(SEEDS, [])


def everything(outlet: str, *slots: str, **attributes: str) -> Take:
    """A take of an outlet with every block there is; `slots` are furniture left to the outlet."""
    given = catalogue().outlets[outlet]
    text = EVERYTHING.replace("OUTLET", outlet).replace('language="en"', f'language="{given["language"]}"')
    if "comments" not in (given.get("furniture") or {}):
        text = re.sub(r"<comments>.*</comments>", "", text, flags=re.S)
    for slot in slots:
        text = text.replace("<p>Why?</p>", f"<p>Why?</p><{slot}/><p>And {slot} again?</p>")
    root = etree.fromstring(text)
    for name, value in attributes.items():
        root.set(name, value)
    assert Grammar(SEEDS / "page.rng").check(root, Report("everything.xml"))
    return read_take(root, Path("everything.xml"))


def entries() -> list[TakeEntry]:
    return [
        TakeEntry(f"x-{n}", "other", OUTLETS[n], f"Headline {n}", f"Standfirst {n}.", "World", f"https://x.example/{n}",
                  "2026-03-13")
        for n in range(14)
    ]  # fmt: skip


def compiled(take: Take):
    report = Report(take.id)
    environment = make_environment(SEEDS / "templates")
    page = compile_page(take, catalogue(), entries(), environment, load_tables(ROOT / "schema"), report)
    return page, [str(problem) for problem in report.problems]


@pytest.mark.parametrize("outlet", OUTLETS)
def test_every_outlet_prints_every_block(outlet):
    page, problems = compiled(everything(outlet))
    assert problems == []
    assert page.metadata["published"] in (None, "2026-03-14")


@pytest.mark.parametrize("outlet", ON_SITES)
def test_every_outlet_prints_its_furniture_in_mid_article(outlet):
    furniture = catalogue().outlets[outlet].get("furniture") or {}
    slots = sorted(SLOTS & set(furniture))
    page, problems = compiled(everything(outlet, *slots))
    assert problems == []
    shown = Counter(kind for _, _, kind in page.segments)
    assert all(shown[slot] for slot in slots)


def test_every_outlet_has_a_family_and_every_family_an_outlet():
    used = {catalogue().outlets[outlet]["family"] for outlet in OUTLETS}
    assert used <= set(FAMILIES)
    assert set(FAMILIES) - used <= {"reader"}


def sentences(value) -> set[str]:
    """Sentences of more than six words in an outlet's furniture."""
    if isinstance(value, dict):
        return set().union(*map(sentences, value.values()))
    if isinstance(value, list):
        return set().union(*map(sentences, value))
    found = (" ".join(re.findall(r"\w+", part.lower())) for part in re.split(r"(?<=[.!?])\s+|\n", str(value)))
    return {words for words in found if words.count(" ") >= 6}


def test_no_furniture_sentence_stands_at_two_outlets():
    owners: dict[str, list[str]] = {}
    for outlet in OUTLETS:
        for sentence in sentences(catalogue().outlets[outlet].get("furniture") or {}):
            owners.setdefault(sentence, []).append(outlet)
    assert {sentence: who for sentence, who in owners.items() if len(who) > 1} == {}


def test_outlets_are_as_many_and_as_far_apart_as_promised():
    outlets = [catalogue().outlets[outlet] for outlet in OUTLETS]
    assert len(outlets) >= 150
    assert len({outlet["country"] for outlet in outlets}) >= 50
    assert len({outlet["language"] for outlet in outlets}) >= 25
    assert len(FAMILIES) >= 30
    assert len({outlet["domain"] for outlet in outlets}) == len(outlets)
    assert len({outlet["name"] for outlet in outlets}) == len(outlets)
