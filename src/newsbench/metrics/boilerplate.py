"""Which words of a page did a system keep, and what were they? (task `boilerplate`)"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from newsbench.metrics.base import MACRO, CorpusMetric, Counts, Family, Metric, Slice, f_score, ratio
from newsbench.metrics.boilerplate_terms import TERMS
from newsbench.metrics.bounds import Fault, Term, Total, at_most, equal, needs, total
from newsbench.metrics.keptwords import COLUMNS, COUNTED, GOLD_COLUMNS, SUMS, count
from newsbench.metrics.pagewords import PLACES, page_words, segment_types, types_of

_GIVEN = ("kept", "duplicated")
_KEPT, _DUPLICATED = (Total(f"{column}.*", tuple(f"{column}.{kind}" for kind in segment_types())) for column in _GIVEN)


def _of_role(counts: Counts, column: str, role: str) -> Any:
    name = f"{column}@{role}"
    if name in counts.index:
        return counts[name]
    return counts.total(f"{column}.{kind}" for kind in types_of(role, counts.policy))


def _totals(counts: Counts) -> dict[str, Any]:
    """Sums by role: all that the metrics need, as opposed to the slices."""
    found = {
        f"{column}@{role}": _of_role(counts, column, role)
        for column in (*COUNTED, "duplicated")
        for role in ("content", "boilerplate")
    }
    return {**found, **{name: counts[name] for name in SUMS}}


def _kept(counts: Counts) -> Any:
    """Words of the output that count: optional ones do not, however often they are given."""
    once_or_again = [_of_role(counts, column, role) for column in _GIVEN for role in ("content", "boilerplate")]
    return sum(once_or_again) + counts["invented"]


def _precision(counts: Counts) -> Any:
    return ratio(_of_role(counts, "kept", "content"), _kept(counts))


def _page_precision(counts: Counts) -> Any:
    """Precision of a page; 0 where there is content and nothing was kept: blanking bad pages must not pay."""
    import numpy as np

    empty_handed = (_kept(counts) == 0) & (_of_role(counts, "words", "content") > 0)
    return np.where(empty_handed, 0.0, _precision(counts))


def _recall(counts: Counts) -> Any:
    return ratio(_of_role(counts, "kept", "content"), _of_role(counts, "words", "content"))


def _f1(counts: Counts) -> Any:
    return f_score(_of_role(counts, "kept", "content"), _kept(counts), _of_role(counts, "words", "content"))


def _removed(counts: Counts, role: str) -> Any:
    return _of_role(counts, "words", role) - _of_role(counts, "kept", role)


def _boilerplate_precision(counts: Counts) -> Any:
    return ratio(_removed(counts, "boilerplate"), _removed(counts, "boilerplate") + _removed(counts, "content"))


def _boilerplate_recall(counts: Counts) -> Any:
    return ratio(_removed(counts, "boilerplate"), _of_role(counts, "words", "boilerplate"))


def _boilerplate_f1(counts: Counts) -> Any:
    removed = _removed(counts, "boilerplate")
    return f_score(removed, removed + _removed(counts, "content"), _of_role(counts, "words", "boilerplate"))


def _block_accuracy(counts: Counts) -> Any:
    right = _of_role(counts, "segments_kept", "content")
    furniture = _of_role(counts, "segments", "boilerplate")
    right = right + furniture - _of_role(counts, "segments_kept", "boilerplate")
    return ratio(right, furniture + _of_role(counts, "segments", "content"))


def _share(counts: Counts, *, of: str) -> Any:
    return ratio(counts[of], counts["output"])


def _kept_share(counts: Counts, kind: str) -> Any:
    return ratio(counts[f"kept.{kind}"], counts[f"words.{kind}"])


def _loss(counts: Counts, kind: str) -> Any:
    return 1 - ratio(counts[f"kept.{kind}"], counts[f"words.{kind}"])


def _place_leakage(counts: Counts, place: str) -> Any:
    return ratio(counts[f"furniture_kept.{place}"], counts[f"furniture.{place}"])


def _by_outlet(counts: Counts) -> Any:
    """Return token F1 of each outlet; empty where the pages have no outlets."""
    import numpy as np

    outlets = counts.groups.get("outlet")
    if outlets is None:
        return np.zeros(0)
    named = outlets != ""
    values = counts.values[named]
    order = outlets[named].argsort(kind="stable")
    sorted_names = outlets[named][order]
    firsts = np.concatenate([[True], sorted_names[1:] != sorted_names[:-1]]).nonzero()[0] if len(order) else []
    sums = np.add.reduceat(values[order], firsts, axis=0) if len(order) else values
    return _f1(Counts(counts.index, sums, counts.policy))


def _outlet_mean(counts: Counts) -> float:
    scores = _by_outlet(counts)
    return float(scores.mean()) if len(scores) > 1 else math.nan


def _outlet_worst(counts: Counts) -> float:
    scores = _by_outlet(counts)
    return float(scores.min()) if len(scores) > 1 else math.nan


def _metric(name: str, score: Callable[[Counts], Any], formula: str, **more: Any) -> Metric:
    more.setdefault("empty", "undefined (nan) where the denominator is 0")
    more.setdefault("source", "NewsBench")
    return Metric(name=name, score=score, formula=formula, **more)


#: Of the figures of which repeated words are a part.
_VERSION = 2
_BOTH_EMPTY = "1 where there is neither content nor output, 0 where there is only one of them"
_METRICS = (
    _metric(
        "token_f1",
        _f1,
        "2·kept content / (kept content + kept boilerplate + their repeated words + invented words + content words), "
        "over all pages together: giving up a page that is mostly furniture may raise it, never token_f1_macro",
        empty=_BOTH_EMPTY,
        headline=True,
        version=_VERSION,
    ),
    _metric(
        "token_precision",
        _precision,
        "kept content / (kept content + kept boilerplate + their repeated words + invented words)",
        version=_VERSION,
    ),
    _metric("token_recall", _recall, "kept content words / content words"),
    _metric(
        "token_f1_macro",
        _f1,
        "mean over pages of the page's token_f1",
        empty=_BOTH_EMPTY,
        average=MACRO,
        headline=True,
        version=_VERSION,
    ),
    _metric(
        "token_precision_macro",
        _page_precision,
        "mean over pages of token_precision; 0 for a page with content of which nothing was kept",
        empty="pages without content and without output are left out",
        average=MACRO,
        version=_VERSION,
    ),
    _metric("token_recall_macro", _recall, "mean over pages of token_recall", average=MACRO),
    _metric(
        "boilerplate_f1",
        _boilerplate_f1,
        "2·removed boilerplate / (removed boilerplate + removed content + boilerplate words)",
        empty="1 where there is no boilerplate and nothing was removed",
    ),
    _metric(
        "boilerplate_precision",
        _boilerplate_precision,
        "removed boilerplate / (removed boilerplate + removed content)",
    ),
    _metric("boilerplate_recall", _boilerplate_recall, "removed boilerplate words / boilerplate words"),
    _metric(
        "block_accuracy",
        _block_accuracy,
        "segments on the right side / segments, optional ones left out; kept is what keeps over half its words",
    ),
    _metric(
        "invented_rate",
        partial(_share, of="invented"),
        "invented words / output words",
        better="lower",
    ),
    _metric(
        "duplicated_rate",
        partial(_share, of="duplicated"),
        "repeated words, those of optional text too / output words",
        better="lower",
    ),
    _metric(
        "order_error_rate",
        partial(_share, of="moved"),
        "kept words of passages out of the page's order / output words",
        better="lower",
    ),
)


_CORPUS_METRICS = (
    CorpusMetric(
        name="token_f1_outlet_mean",
        score=_outlet_mean,
        formula="mean over outlets of the outlet's token_f1: extractors differ more between outlets than between pages",
        empty="nan with fewer than two outlets",
        source="NewsBench",
        version=_VERSION,
    ),
    CorpusMetric(
        name="token_f1_outlet_worst",
        score=_outlet_worst,
        formula="the smallest token_f1 of an outlet",
        empty="nan with fewer than two outlets",
        source="NewsBench",
        interval=False,
        version=_VERSION,
    ),
)


def _check(counts: Counts) -> list[Fault]:
    """Name what no page and output can give: more kept than there is, words that nothing accounts for."""
    chains: list[tuple[Term, ...]] = [("moved", _KEPT)]
    for kind in segment_types():
        words, kept, segments, mostly = (f"{column}.{kind}" for column in COUNTED)
        chains += [
            (mostly, kept, words),
            (mostly, segments, words),
            # Each segment that was not mostly kept lost a word.
            (total(segments, kept), total(words, mostly)),
        ]
    chains += [(f"furniture_kept.{place}", f"furniture.{place}") for place in PLACES]
    sides = {"words": "furniture", "kept": "furniture_kept"}
    return [
        *at_most(counts, *chains),
        *needs(
            counts,
            *((f"words.{kind}", f"segments.{kind}") for kind in segment_types()),
            *((f"duplicated.{kind}", f"words.{kind}") for kind in segment_types()),
        ),
        *equal(
            counts,
            ("duplicated", _DUPLICATED),
            ("output", Total(f"{_KEPT.name} + duplicated + invented", (*_KEPT.columns, "duplicated", "invented"))),
            *(
                (
                    Total(f"{by_place}.*", tuple(f"{by_place}.{place}" for place in PLACES)),
                    Total(f"{column}.* of boilerplate", tuple(f"{column}.{kind}" for kind in types_of("boilerplate"))),
                )
                for column, by_place in sides.items()
            ),
        ),
    ]


FAMILY = Family(
    name="words",
    task="boilerplate",
    columns=COLUMNS,
    prepare=page_words,
    count=count,
    applies=lambda page: page.segments is not None,
    metrics=_METRICS,
    corpus_metrics=_CORPUS_METRICS,
    terms=TERMS,
    slices=(
        Slice(
            dimension="type",
            keys=partial(types_of, "boilerplate"),
            metrics={"leakage": _kept_share},
            formulas={"leakage": "kept words of segments of the type / words of these segments"},
            better={"leakage": "lower"},
        ),
        Slice(
            dimension="type",
            keys=partial(types_of, "content"),
            metrics={"loss": _loss},
            formulas={"loss": "words of segments of the type that were not kept / words of these segments"},
            better={"loss": "lower"},
        ),
        Slice(
            dimension="type",
            keys=partial(types_of, "optional"),
            metrics={"kept": _kept_share},
            formulas={"kept": "kept words of segments of the type / words of these segments; neither good nor bad"},
        ),
        Slice(
            dimension="place",
            keys=PLACES,
            metrics={"leakage": _place_leakage},
            formulas={
                "leakage": "kept words of furniture / words of furniture there (policy strict); before: before the "
                "first content word of the page, after: behind the last one, inside: between"
            },
            better={"leakage": "lower"},
        ),
    ),
    totals=_totals,
    gold=GOLD_COLUMNS,
    answer=tuple(column for column in COLUMNS if column not in GOLD_COLUMNS),
    filled=("output",),
    check=_check,
    version=2,
)
