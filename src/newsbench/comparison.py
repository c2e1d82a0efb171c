"""Is one system better than another? Paired tests over the same stories, corrected for the number of pairs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from newsbench.choosing import choose_figures, name_of
from newsbench.multiplicity import best_first, holm, possible_ranks
from newsbench.pairtests import JACKKNIFE, RANDOMIZATION, Figure, Tested, pair_tests
from newsbench.power import detectable_difference, smallest_p
from newsbench.problems import UsageError
from newsbench.report import SystemReport
from newsbench.reporting import coverage_of, signature
from newsbench.samedata import check_same_pages
from newsbench.scoring import CountTable
from newsbench.stats import Resampling


@dataclass(frozen=True, slots=True)
class PairTest:
    """Two systems on one figure; nan where a number is undefined.

    `difference` is first minus second with its interval `low`, `high`. `test` says what p-value there is:
    ``randomization`` (`p_randomization`, from swapping the two systems' stories at random, beside a paired bootstrap
    interval and `p_bootstrap`, twice the smaller share of resamples on the other side of zero), ``jackknife``
    (`p_jackknife`, for figures of all pages at once: a t-test and t interval from leaving out one story at a time), or
    None. `p_holm` is that p-value after Holm's correction over all pairs of this figure. `detectable` is the true
    difference that a test of this size would find in about 80 of 100 cases at the level used.
    """

    figure: str
    first: str
    second: str
    difference: float
    low: float = math.nan
    high: float = math.nan
    p_bootstrap: float = math.nan
    p_randomization: float = math.nan
    p_holm: float = math.nan
    detectable: float = math.nan
    test: str | None = None
    p_jackknife: float = math.nan

    @property
    def p(self) -> float:
        """The p-value of the pair's own test, before correction."""
        return self.p_jackknife if self.test == JACKKNIFE else self.p_randomization


@dataclass(frozen=True, slots=True)
class Ranking:
    """Systems on one figure, best first; systems that Holm's test does not part share ranks.

    A system whose figure is undefined has a value (nan) and no rank; where nothing was tested nobody has one.
    """

    figure: str
    ranks: dict[str, tuple[int, int]]
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All pairs on all figures, a ranking a figure, and `notes` on what could not be tested or found.

    `signature` and `data` are those of a report over the same systems; `systems` say what each left open in the tasks
    compared, without figures.
    """

    pairs: list[PairTest]
    rankings: list[Ranking]
    settings: dict[str, Any]
    signature: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    systems: list[SystemReport] = field(default_factory=list)


def compare_tables(
    tables: Sequence[CountTable],
    *,
    metrics: Iterable[str] | None = None,
    policy: str = "strict",
    resampling: Resampling | None = None,
) -> Comparison:
    """Test every pair of systems on every figure.

    `metrics` are full names such as ``boilerplate.token_f1``; the headline figures where it is None. Errors: UsageError
    for fewer than two systems, an unknown figure, or systems that have no task in common; InputError where the tables
    do not cover the same pages of the same data. What has no test is named in the notes.
    """
    check_lists(metrics=metrics)
    if len(tables) < 2:
        raise UsageError("a comparison needs at least two systems")
    check_same_pages(tables)
    resampling = resampling or Resampling()
    meta = tables[0].meta
    versions = {name: counts.version for table in tables for name, counts in table.families.items()}
    found = Comparison(
        pairs=[],
        rankings=[],
        settings=_settings(tables[0], policy, resampling),
        signature=signature(meta, versions, policy=policy, resampling=resampling),
        data={key: meta[key] for key in ("name", "version", "sha256", "split", "pages") if key in meta},
    )
    systems = [table.system for table in tables]
    figures = choose_figures(tables, metrics)
    chosen = {figure.family.task for figure in figures}
    found.systems.extend(coverage_of(table, chosen) for table in tables)
    for figure in figures:
        _add(found, figure, systems, pair_tests(figure, tables, policy, resampling), resampling)
    return found


def refuse_empty(comparison: Comparison) -> Comparison:
    """Return a comparison in which there is a difference to see.

    Errors: UsageError with the reasons for each figure.
    """
    if not any(math.isfinite(pair.difference) for pair in comparison.pairs):
        reasons = comparison.notes or ["the systems' common tasks have no figure"]
        raise UsageError("\n".join(["nothing can be compared", *reasons]))
    return comparison


def check_lists(**given: Any) -> None:
    """Refuse a single name or path, or a mapping, where a list is wanted: its letters or keys would be taken for it."""
    for name, value in given.items():
        if isinstance(value, str | bytes | Path):
            raise UsageError(f"{name} is {value!r}; allowed: a list, such as [{str(value)!r}]")
        if isinstance(value, Mapping):
            raise UsageError(f"{name} is a {type(value).__name__}; allowed: a list, one item a system or name")


def _settings(table: CountTable, policy: str, resampling: Resampling) -> dict[str, Any]:
    return {
        "policy": policy,
        "resamples": resampling.resamples,
        "interval": resampling.method,
        "level": resampling.level,
        "seed": resampling.seed,
        "tokenizer": table.meta.get("tokenizer"),
        "alignment": table.meta.get("alignment"),
        "package": table.meta.get("package"),
        "pages": len(table.pages),
        "stories": len({story or page for story, page in zip(table.groups["story"], table.pages, strict=True)}),
    }


def _add(
    comparison: Comparison, figure: Figure, systems: Sequence[str], tested: Tested, resampling: Resampling
) -> None:
    """Correct a figure's tests for their number, rank the systems, and say what could not be done."""
    alpha = 1 - resampling.level
    pairs = _corrected(figure.name, systems, tested, resampling)
    comparison.pairs.extend(pairs)
    values = dict(zip(systems, tested.values, strict=True))
    order = best_first(values, figure.metric.better)
    ranks = {}
    if tested.tests:
        sign = 1 if figure.metric.better == "higher" else -1
        wins = [
            (pair.first, pair.second) if sign * pair.difference > 0 else (pair.second, pair.first)
            for pair in pairs
            if pair.p_holm < alpha
        ]
        ranks = possible_ranks((name for name in order if math.isfinite(values[name])), wins)
    comparison.rankings.append(Ranking(figure.name, ranks, {name: values[name] for name in order}))
    comparison.notes.extend(f"{figure.name}: {note}" for note in _notes(values, tested, resampling))


def _corrected(figure: str, systems: Sequence[str], tested: Tested, resampling: Resampling) -> list[PairTest]:
    """Return one row for each pair of systems, those with an undefined figure included."""
    corrected = holm([pair.p for pair in tested.pairs])
    rows = {}
    for pair, p_holm in zip(tested.pairs, corrected, strict=True):
        rows[pair.first, pair.second] = PairTest(
            figure,
            systems[pair.first],
            systems[pair.second],
            *pair.difference,
            p_bootstrap=pair.p_bootstrap,
            p_randomization=pair.p if tested.test == RANDOMIZATION else math.nan,
            p_jackknife=pair.p if tested.test == JACKKNIFE else math.nan,
            p_holm=p_holm,
            detectable=_detectable(pair.standard_error, tested, resampling),
            test=tested.test,
        )
    return [
        rows.get((one, other)) or PairTest(figure, systems[one], systems[other], math.nan)
        for one, other in combinations(range(len(systems)), 2)
    ]


def _detectable(standard_error: float, tested: Tested, resampling: Resampling) -> float:
    return detectable_difference(
        standard_error, resampling.level, groups=tested.groups, pairs=max(tested.tests, 1), resamples=tested.swaps
    )


def _notes(values: dict[str, float], tested: Tested, resampling: Resampling) -> Iterable[str]:
    undefined = [name_of(name) for name, value in values.items() if not math.isfinite(value)]
    if undefined:
        yield f"undefined for {', '.join(undefined)}: no test, no rank"
    if tested.test is None:
        yield f"not tested: {tested.reason}"
    elif tested.tests and not math.isfinite(_detectable(1.0, tested, resampling)):
        draws = "" if tested.swaps is None else f" and {tested.swaps:,} resample{'' if tested.swaps == 1 else 's'}"
        size = f"{tested.groups} stories{draws}"
        yield (
            f"no difference can be told from chance: with {size} p is at least "
            f"{smallest_p(tested.groups, tested.swaps):.2g}, and for {tested.tests} "
            f"pair{'s' if tested.tests > 1 else ''} it would have to be well below "
            f"{(1 - resampling.level) / tested.tests:.2g}"
        )
