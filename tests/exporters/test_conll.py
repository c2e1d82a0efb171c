"""BIO files: what can be flat comes back, everything else is counted, and seqeval reads the same entities."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from exporters.pagemaking import pages
from hypothesis import given, settings

from newsbench.exporters.conll import Unit, read, tokens_of, units_of, write
from newsbench.types import Attribution, Page, Segment, Span

LAYERS = ("segments", "source", "cue", "content")


def trip(page: Page) -> tuple[dict[str, list[Unit]], Counter, dict[str, list[str]]]:
    with tempfile.TemporaryDirectory() as folder:
        losses = write(iter([page]), Path(folder))
        found, labels = {}, {}
        for layer in LAYERS:
            file = Path(folder) / f"{layer}.conll"
            found[layer] = dict(read(file)).get(page.id, [])
            lines = file.read_bytes().decode().split("\n")
            labels[layer] = [line.split("\t")[4] for line in lines if line.count("\t") == 4]
    return found, losses, labels


def is_flat(units: list[Unit], tokens: list[Span]) -> list[Unit]:
    """The slow way: units all of whose edges are token edges, and which share no character with another one."""
    starts, ends = {token.start for token in tokens}, {token.end for token in tokens}
    kept = []
    for unit in units:
        places = {at for start, end in unit.spans for at in range(start, end)}
        others = {at for other in units if other is not unit for start, end in other.spans for at in range(start, end)}
        if all(start in starts and end in ends for start, end in unit.spans) and not places & others:
            kept.append(unit)
    return kept


@settings(deadline=None, max_examples=150)
@given(page=pages())
def test_flat_elements_come_back_and_losses_add_up(page):
    found, losses, labels = trip(page)
    tokens = tokens_of(page.text)
    for layer in LAYERS:
        units = units_of(page, layer) or []
        assert set(is_flat(units, tokens)) <= set(found[layer])
        lost = losses[f"{layer}: spans without a token"] + losses[f"{layer}: overlapping or nested spans"]
        assert len(found[layer]) == len(units) - lost
        if not lost and not losses[f"{layer}: edges off token boundaries"]:
            assert set(found[layer]) == set(units)
        if units_of(page, layer) is not None:
            assert len(labels[layer]) == len(tokens)


@settings(deadline=None, max_examples=100)
@given(page=pages())
def test_seqeval_reads_the_same_entities(page):
    from seqeval.metrics.sequence_labeling import get_entities

    found, _, labels = trip(page)
    tokens = tokens_of(page.text)
    for layer in LAYERS:
        theirs = {(kind, tokens[a].start, tokens[b].end) for kind, a, b in get_entities(labels[layer])}
        assert theirs == {(unit.label, *span) for unit in found[layer] for span in unit.spans}


@settings(deadline=None, max_examples=200)
@given(page=pages())
def test_tokens_hold_all_but_white_space_once_in_order(page):
    tokens = tokens_of(page.text)
    kept = [at for start, end in tokens for at in range(start, end)]
    assert kept == [at for at, character in enumerate(page.text) if not character.isspace()]


def test_the_file_as_another_program_sees_it():
    page = Page(
        "p-1", "Anna said:\nyes, e\u0301t😀.",
        segments=(Segment(0, 10, "headline"), Segment(11, 20, "paragraph")),
        attributions=(
            Attribution("a1", source=(Span(0, 4),), cue=(Span(5, 9),), content=(Span(11, 14), Span(16, 20))),
            Attribution("a2", source=(Span(0, 4),), content=(Span(12, 14),)),
        ),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        losses = write(iter([page]), Path(folder))
        content = (Path(folder) / "content.conll").read_bytes().decode()
    assert content == (
        "# global.columns = FORM START END UNIT LABEL\n# page = p-1\n"
        "Anna\t0\t4\t_\tO\nsaid\t5\t9\t_\tO\n:\t9\t10\t_\tO\n\n"
        "yes\t11\t14\ta1\tB-content\n,\t14\t15\t_\tO\ne\u0301t\t16\t19\ta1\tB-content\n"
        "😀\t19\t20\ta1\tI-content\n.\t20\t21\t_\tO\n\n"
    )
    assert losses["content: spans without a token"] == 1  # [12, 14) lies inside a token.
    assert losses["source: overlapping or nested spans"] == 1


def test_segments_that_meet_inside_a_token_both_stay():
    page = Page("p", "read onTo the end", segments=(Segment(0, 7, "login"), Segment(7, 17, "share")))
    found, losses, _ = trip(page)
    assert found["segments"] == [Unit("_", "login", (Span(0, 9),)), Unit("_", "share", (Span(10, 17),))]
    assert losses["segments: edges off token boundaries"] == 2
