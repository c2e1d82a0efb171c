"""Metrics of others against their own code, at equal values."""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import runpy
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from benchmark_data import synthetic_pages
from benchmark_tools import cpu, in_turn, line


def measure_rouge(options: argparse.Namespace) -> None:
    """ROUGE-Lsum against rouge-score, at equal values."""
    from rouge_score import rouge_scorer

    from newsbench.metrics import load_family
    from newsbench.types import Page, Prediction, Segment

    scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeLsum"])
    pairs = [(page["text"], output) for page, output in synthetic_pages(40, seed=3)]
    peer = cpu(lambda: [scorer.score(gold, output) for gold, output in pairs])
    family = load_family("boilerplate.rouge")
    pages = [Page("p", gold, segments=(Segment(0, len(gold), "paragraph"),)) for gold, _ in pairs]

    def count() -> None:
        for page, (_, output) in zip(pages, pairs, strict=True):
            family.count(family.prepare(page), Prediction("p", main_text=output))

    ours = cpu(count, rounds=2)
    line("rouge-score: 40 pages, ROUGE-1, -2, -Lsum", peer)
    line("newsbench: the same", ours, note=f"{peer / ours:.1f} times as fast")


def measure_aeb(options: argparse.Namespace) -> None:
    """AEB's figures, without and with 1,000 resamples, against its evaluate.py or a restatement of its way.

    All systems in one go, as evaluate.py takes them: AEB's pages and outputs where they are at hand, else made ones.
    """
    from newsbench.metrics import load_family
    from newsbench.reporting import build_report
    from newsbench.scoring import PredictionTable, count_pages
    from newsbench.stats import Resampling
    from newsbench.types import Page, Prediction, Segment

    gold, outputs = aeb_pages() or made_pages()
    pages = [Page(key, text, segments=(Segment(0, len(text), "paragraph"),)) for key, text in gold.items()]
    tables = {
        name: PredictionTable({key: Prediction(key, main_text=text) for key, text in output.items()})
        for name, output in outputs.items()
    }
    family = load_family("boilerplate.aeb")
    evaluate = aeb_itself(options.aeb_evaluate) if options.aeb_evaluate else aeb_as_the_peer
    label = "evaluate.py" if options.aeb_evaluate else "the peer's way"

    def peer(resamples: int) -> None:
        for output in outputs.values():
            evaluate(gold, output, resamples)

    def ours(resamples: int) -> None:
        for counted in count_pages(pages, tables, [family]):
            build_report([counted], resampling=Resampling(resamples=resamples), slices=False)

    works = [partial(work, resamples) for resamples in (0, 1000) for work in (peer, ours)]
    base, seconds, base_with, seconds_with = in_turn(works, rounds=8, each=3)
    what = f"{len(pages)} pages, {len(outputs)} systems"
    line(f"{label}: {what}, no resamples", base)
    line("newsbench: the same", seconds, note=f"{base / seconds:.1f} times as fast")
    line(f"{label}: {what}, 1,000 resamples", base_with)
    line("newsbench: the same", seconds_with, note=f"{base_with / seconds_with:.1f} times as fast")


def aeb_pages() -> tuple[dict[str, str], dict[str, dict[str, str]]] | None:
    """Return AEB's gold texts and the outputs of systems by page, from the folder `NEWSBENCH_CORPORA`."""
    folder = Path(os.environ.get("NEWSBENCH_CORPORA", "")) / "aeb"
    if not (folder / "ground-truth.json").is_file():
        return None
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    gold = {key: page["articleBody"] or "" for key, page in truth.items()}
    outputs = {}
    for file in sorted((folder / "output").glob("*.json")):
        output = json.loads(file.read_text(encoding="utf-8"))["output"]
        outputs[file.stem] = {key: output.get(key, {}).get("articleBody") or "" for key in gold}
    return gold, outputs


def made_pages() -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return as many pages as AEB has, and the output of one system."""
    made = list(synthetic_pages(181, seed=4))
    return {page["id"]: page["text"] for page, _ in made}, {"system": {page["id"]: output for page, output in made}}


def aeb_as_the_peer(gold: Mapping[str, str], output: Mapping[str, str], resamples: int) -> list[float]:
    """Compute AEB's precision, recall and F1 as its evaluate.py does: bags of shingles, then resamples page by page."""
    word = re.compile(r"\w+")

    def shingles(text: str) -> Counter:
        words = word.findall(text)
        return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))) if words else Counter()

    rows = []
    for key, text in gold.items():
        wanted, found = shingles(text), shingles(output[key])
        hits = sum(min(many, found[key]) for key, many in wanted.items())
        rows.append((hits, sum(found.values()), sum(wanted.values())))

    def figures(chosen: list[tuple[int, int, int]]) -> list[float]:
        precisions = [hits / found for hits, found, _ in chosen if found]
        recalls = [hits / wanted for hits, _, wanted in chosen if wanted]
        precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
        return [precision, recall, 2 * precision * recall / (precision + recall)]

    rng = random.Random(42)
    drawn = [figures(rng.choices(rows, k=len(rows))) for _ in range(resamples)]
    del drawn
    return figures(rows)


def aeb_itself(file: Path) -> Callable[[Mapping[str, str], Mapping[str, str], int], object]:
    """Return the `evaluate` of AEB's own evaluate.py, taking texts by page as `aeb_as_the_peer` does."""
    peer = runpy.run_path(str(file))["evaluate"]

    def evaluate(gold: Mapping[str, str], output: Mapping[str, str], resamples: int) -> object:
        bodies = [{key: {"articleBody": text} for key, text in side.items()} for side in (gold, output)]
        return peer(*bodies, resamples)

    return evaluate
