"""Corpora of attributions in small: what comes out, and what their faults lead to."""

from __future__ import annotations

import json

import pytest

TEXT = "Dam holds\n\nThe dam, the engineer said 😀, “holds well”.\nShe denied that it leaks."


def kinds(notices):
    return sorted(notice.kind for notice in notices)


def said(row, attribution, element):
    return [row["text"][span["start"] : span["end"]] for span in attribution.get(element) or ()]


def bound(number, kind, piece, text=TEXT, shift=0):
    start = text.index(piece) + shift
    return f"T{number}\t{kind} {start} {start + len(piece)}\t{piece}\n"


def marks(text=TEXT, shift=0):
    return (
        bound(1, "Source", "the engineer", text)
        + bound(2, "Cue", "said", text)
        + f"T3\tContent {text.index('The dam')} {text.index('The dam') + 7};{text.index('“') + shift} "
        f"{text.index('”') + 1 + shift}\tThe dam “holds well”\n"
        + bound(4, "Source", "She", text, shift)
        + bound(5, "Cue", "denied", text, shift)
        + bound(6, "Content", "that it leaks", text, shift)
    )


EVENTS = "E1\tCue:T2 Source:T1 Content:T3\nE2\tCue:T5 Content2:T6 Source:T4\n"


@pytest.mark.parametrize("shift", [0, 1])
def test_brat_events_in_code_points_and_in_utf_16(tmp_path, bring, sound, shift):
    (tmp_path / "a.txt").write_bytes(TEXT.encode())
    (tmp_path / "a.ann").write_bytes((marks(shift=shift) + EVENTS + "#1\tAnnotatorNotes T1\tx\n").encode())
    rows, notices = bring("brat", tmp_path)
    sound(rows)
    first, second = rows[0]["attributions"]
    assert said(rows[0], first, "content") == ["The dam", "“holds well”"]
    assert said(rows[0], first, "source") == ["the engineer"]
    assert said(rows[0], second, "content") == ["that it leaks"]
    assert said(rows[0], second, "cue") == ["denied"]
    assert kinds(notices) == ["offsets"] * shift
    assert len(rows[0]["segments"]) == 2


def test_brat_relations_and_contents_alone(tmp_path, bring):
    (tmp_path / "a.txt").write_bytes(TEXT.encode())
    (tmp_path / "a.ann").write_bytes((marks() + "R1\tsaid Arg1:T2 Arg2:T1\nR2\tsaid Arg1:T2 Arg2:T3\n").encode())
    rows, _ = bring("brat", tmp_path)
    found = [(said(rows[0], one, "source"), said(rows[0], one, "content")) for one in rows[0]["attributions"]]
    assert found == [(["the engineer"], ["The dam", "“holds well”"]), ([], ["that it leaks"])]


def test_brat_faults_are_told_and_mended_where_they_can_be(tmp_path, bring, sound):
    raw = (
        bound(1, "Source", "the engineer", shift=3)
        + bound(2, "Cue", "said")
        + bound(3, "Content", "holds well")
        + "T4\tContent 0 9\tnowhere to be seen\n"
        + "T5\tContent 5000 5009\tDam holds\n"
        + "T6\tContent zero one\tx\n"
        + "garbage\n"
        + "E1\tCue:T2 Source:T1 Content:T3\nE2\tCue:T2 Content:T4\nE3\tCue:T2 Content:T99\nE4\tContent:T5\n"
    )
    (tmp_path / "a.txt").write_bytes(TEXT.encode())
    (tmp_path / "a.ann").write_bytes(raw.encode())
    (tmp_path / "b.txt").write_text("Nobody marked this.")
    rows, notices = bring("brat", tmp_path)
    sound(rows)
    assert [one["id"] for one in rows[0]["attributions"]] == ["E1", "E4"]
    assert said(rows[0], rows[0]["attributions"][0], "source") == ["the engineer"]
    assert said(rows[0], rows[0]["attributions"][1], "content") == ["Dam holds"]
    assert kinds(notices) == ["broken line"] * 3 + ["no annotations"] + ["no content"] * 2 + ["wrong offsets"] * 3
    assert {notice.file for notice in notices} == {"a.ann", "b.txt"}


def test_polnear_takes_the_first_annotator(tmp_path, bring, sound):
    for name in ("text", "attributions"):
        (tmp_path / "data/dev" / name).mkdir(parents=True)
    (tmp_path / "data/dev/text/a_b.txt").write_bytes(TEXT.encode())
    for annotator in ("01aa", "02bb"):
        (tmp_path / f"data/dev/attributions/a_b_{annotator}.ann").write_bytes((marks() + EVENTS).encode())
    (tmp_path / "data/dev/attributions/lost_03cc.ann").write_text("")
    rows, notices = bring("polnear", tmp_path)
    sound(rows)
    assert rows[0]["id"] == "a-b"
    assert rows[0]["language"] == "en"
    assert rows[0]["reference"]["annotations"] == "a_b_01aa.ann"
    assert kinds(notices) == ["no text", "several annotators"]


def test_parc_in_columns(tmp_path, bring, sound):
    words = [
        ("The", "B-SOURCE-1 _"), ("mayor", "I-SOURCE-1 _"), ("said", "B-CUE-1 _"), ("he", "B-CONTENT-1 B-SOURCE-NE-2"),
        ("knows", "I-CONTENT-1 B-CUE-NE-2"), ("it", "I-CONTENT-1 B-CONTENT-NE-2"), (".", "_ _"), ("Rain", "_ _"),
        ("fell", "_ _"), ("hard", "I-CONTENT-1 _"),
    ]  # fmt: skip
    lines = [f"wsj_1\t{1 + (at > 6)}\t{at + 1}\t{word}\t{mark}" for at, (word, mark) in enumerate(words)]
    (tmp_path / "headless.conll").write_text("\n".join([*lines[:7], "", *lines[7:]]))
    head = "doc\tsentence_number\tnumber\tword\tattribution"
    (tmp_path / "named.conll").write_text("\n".join([head, *lines]))
    (tmp_path / "none.conll").write_text("wsj_2\t1\tRain\t0\nwsj_2\t1\tfell\t0\n")
    (tmp_path / "text.txt").write_text("no columns at all\n")
    rows, notices = bring("parc-conll", tmp_path)
    sound(rows)
    assert [row["id"] for row in rows] == ["headless", "named", "none"]
    for row in rows[:2]:
        assert row["text"] == "The mayor said he knows it .\nRain fell hard"
        outer, inner = row["attributions"]
        assert said(row, outer, "source") == ["The mayor"]
        assert said(row, outer, "content") == ["he knows it", "hard"]
        assert said(row, inner, "content") == ["it"]
        assert inner["parent"] == outer["id"]
    assert rows[2]["attributions"] == []
    assert kinds(notices) == ["duplicated page", "unreadable"]


def _wikinews(text, parts, **more):
    found = {role: {"spans": [], "text": ""} for role in ("quote", "speaker", "cue", "frame", "addressee")}
    for role, piece in parts.items():
        start = text.index(piece)
        found[role] = {"text": piece, "spans": [{"charBegin": start, "charEnd": start + len(piece)}]}
    return {"id": 0, "type": "Indirect", "medium": "Speech", "isNested": False, **found, **more}


def test_wikinews_de(tmp_path, bring, sound):
    text = "Der Damm hält, sagte die Ingenieurin. Sie meint, er wisse, dass es regne."
    annotations = [
        _wikinews(text, {"quote": "Der Damm hält", "speaker": "die Ingenieurin", "cue": "sagte"}, type="Direct"),
        _wikinews(text, {"quote": "er wisse, dass es regne"}, type="IndirectFreeIndirect", medium="SW"),
        _wikinews(text, {"quote": "dass es regne"}, isNested=True),
        _wikinews(text, {}),
    ]
    annotations[0]["cue"]["spans"][0]["charEnd"] += 2
    (tmp_path / "1 - Damm (2005-08-14).pretty.json").write_text(
        json.dumps({"originalText": text, "annotations": annotations})
    )
    astral = "😀 " + text
    shifted = [_wikinews(astral, {"quote": "Der Damm hält", "cue": "sagte"})]
    for role in ("quote", "cue"):
        for end in ("charBegin", "charEnd"):
            shifted[0][role]["spans"][0][end] += 1
    (tmp_path / "2.json").write_text(json.dumps({"originalText": astral, "annotations": shifted}))
    (tmp_path / "3.json").write_text("{}")
    rows, notices = bring("wikinews-de", tmp_path)
    sound(rows)
    first, second, third = rows[0]["attributions"]
    assert (first["form"], first["channel"]) == ("direct", "speech")
    assert said(rows[0], first, "cue") == ["sagte"]
    assert (second["form"], second["channel"]) == (None, "unknown")
    assert third["parent"] == second["id"]
    assert rows[0]["published"].isoformat() == "2005-08-14"
    assert said(rows[1], rows[1]["attributions"][0], "content") == ["Der Damm hält"]
    assert kinds(notices) == ["no content", "no text", "offsets", "wrong offsets"]


def test_litbank(tmp_path, bring, sound):
    text = 'It rained .\n" Come in , " said Ann .\n" Why ?\nIt is late . "\n'
    marks = (
        'QUOTE\tQ1\t1\t0\t1\t4\t" Come in , "\nQUOTE\tQ2\t2\t0\t3\t4\t" Why ? It is late . "\n'
        'QUOTE\tQ3\t9\t0\t9\t4\t" Come in , "\nQUOTE\tQ4\t0\t0\t0\t1\tnever said\nQUOTE\tQ5\tx\n'
        "ATTRIB\tQ1\tAnn-3\nATTRIB\tQ2\ta_stranger-1\nATTRIB\tQ9\tAnn-3\n"
    )
    (tmp_path / "7_x_brat.txt").write_text(text)
    (tmp_path / "7_x_brat.ann").write_text(marks)
    rows, notices = bring("litbank", tmp_path)
    sound(rows)
    row = rows[0]
    assert row["id"] == "7-x"
    assert [said(row, one, "content") for one in row["attributions"]] == [
        ['" Come in , "'], ['" Why ?\nIt is late . "'], ['" Come in , "']]  # fmt: skip
    assert [source["name"] for source in row["sources"]] == ["Ann", "a stranger"]
    assert row["attributions"][0]["source_ids"] == ["Ann-3"]
    assert kinds(notices) == ["broken line", "broken line", "wrong offsets", "wrong offsets"]
