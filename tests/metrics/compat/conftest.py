"""What the tests of the peers' metrics share: figures of outputs against gold texts, and real texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from newsbench.figures import figure
from newsbench.metrics import load_family
from newsbench.metrics.bounds import impossible
from newsbench.scoring import FamilyCounts, answers
from newsbench.types import Page, Prediction

Figures = Callable[..., dict[str, float]]


@pytest.fixture(scope="session")
def figures() -> Figures:
    """Score pages, or gold texts by id, with one family.

    An output is a text, a prediction, or None for a missing one.
    """

    def score(family_name: str, gold, outputs: Mapping[str, object]) -> dict[str, float]:
        if isinstance(gold, Mapping):
            gold = [Page(name, "", reference={"text": text}) for name, text in gold.items()]
        family = load_family(family_name)
        counted, answered = [], []
        for page in gold:
            assert family.applies(page)
            output = outputs[page.id]
            prediction = Prediction(page.id, main_text=output) if isinstance(output, str) else output
            counted.append(family.count(family.prepare(page), prediction))
            answered.append(answers(prediction, family.task))
        rows = FamilyCounts(
            family.columns, np.arange(len(counted)), np.array(counted, dtype=np.float64), np.array(answered)
        )
        assert not impossible(family, rows.counts(), rows.answered)
        return {metric.name: figure(metric, family, rows, "strict") for metric in family.metrics}

    return score


@pytest.fixture(scope="session")
def aeb_gold(corpora) -> dict[str, str]:
    """Gold texts of the Article Extraction Benchmark by page."""
    rows = json.loads((corpora / "aeb" / "ground-truth.json").read_text(encoding="utf-8"))
    return {name: row["articleBody"] for name, row in rows.items()}


@pytest.fixture(scope="session")
def aeb_outputs(corpora) -> dict[str, dict[str, str]]:
    """Stored outputs by system and page."""
    found = {}
    for path in sorted((corpora / "aeb" / "output").glob("*.json")):
        rows = json.loads(path.read_text(encoding="utf-8"))
        rows = rows.get("output", rows)
        found[path.stem] = {name: row.get("articleBody") or "" for name, row in rows.items()}
    return found
