"""Corpora of pages in small: what comes out, and what their faults lead to."""

from __future__ import annotations

import gzip
import json

import pytest

HTML = """<html lang="en-GB"><head><title>x</title></head><body><nav>Home News Sport</nav><h1>Ferry sinks</h1>
<p>A ferry sank off the island of Naxos on Monday, the coast guard said.</p>
<p>All 214 passengers were taken off in time.</p><footer>Imprint and privacy</footer></body></html>"""
FIRST = "A ferry sank off the island of Naxos on Monday, the coast guard said."
SECOND = "All 214 passengers were taken off in time."
GOLD = f"{FIRST}\n\n{SECOND}"


def kept(row, kind=("paragraph", "headline", "subheading", "list_item")):
    return [row["text"][part["start"] : part["end"]] for part in row["segments"] if part["type"] in kind]


def kinds(notices):
    return sorted(notice.kind for notice in notices)


def put(folder, files):
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode()
        place.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return folder


def test_aeb_with_every_fault(tmp_path, bring, sound):
    truth = {
        "good": {"articleBody": GOLD, "url": "https://www.news.example/a"},
        "plain": {"articleBody": GOLD},
        "empty": {"articleBody": None},
        "other": {"articleBody": "Nothing of this stands on the page at all, whatever anybody may say about it."},
        "absent": {"articleBody": GOLD},
        "broken": {"articleBody": GOLD},
        "odd": "no object",
    }
    put(tmp_path, {
        "ground-truth.json": json.dumps(truth),
        "html/good.html.gz": HTML,
        "html/plain.html": HTML,
        "html/empty.html.gz": HTML.replace("Naxos", "Paros"),
        "html/other.html.gz": HTML.replace("Naxos", "Samos"),
        "html/broken.html.gz": b"",
    })  # fmt: skip
    (tmp_path / "html/broken.html.gz").write_bytes(gzip.compress(HTML.encode())[:40])
    rows, notices = bring("aeb", tmp_path)
    sound(rows)
    assert [row["id"] for row in rows] == ["good", "plain", "empty", "other"]
    good, plain, empty, other = rows
    assert kept(good) == [FIRST, SECOND]
    assert good["language"] == "en"
    assert good["outlet"] == {"id": "news.example"}
    assert good["reference"]["text"] == GOLD
    assert good["reference"]["quality"] == 1.0
    assert plain["text"] == good["text"]
    for row in (empty, other):
        assert row["segments"] is None
        assert row["reference"]["left_out"]
    assert empty["reference"]["text"] == ""
    assert kinds(notices) == [
        "broken entry", "duplicated page", "empty gold", "left out", "no page", "paragraph not verbatim", "unreadable",
    ]  # fmt: skip
    assert next(notice.page for notice in notices if notice.kind == "duplicated page") == "plain"


def test_wcxb_in_splits(tmp_path, bring, sound):
    entry = {"url": "https://a.example/b", "ground_truth": {
        "title": "Ferry sinks", "author": "Ada Roux", "publish_date": "2026-03-14", "main_content": GOLD,
        "with": ["214 passengers"], "without": ["Imprint"], "main_content_markdown": GOLD}}  # fmt: skip
    put(tmp_path, {
        "dev/ground-truth/0001.json": json.dumps(entry),
        "dev/html/0001.html.gz": HTML,
        "dev/ground-truth/0002.json": "{",
        "test/ground-truth/0001.json": json.dumps(entry),
        "test/html/0001.html.gz": HTML,
    })  # fmt: skip
    rows, notices = bring("wcxb", tmp_path)
    sound(rows)
    assert [row["id"] for row in rows] == ["0001", "0001-2"]
    assert rows[0]["reference"]["with"] == ["214 passengers"]
    assert rows[0]["published"].isoformat() == "2026-03-14"
    types = {rows[0]["text"][part["start"] : part["end"]]: part["type"] for part in rows[0]["segments"]}
    assert types["Ferry sinks"] == "unlabelled"
    assert types["Home News Sport"] == "other_boilerplate"
    assert kinds(notices) == ["duplicated page", "same id twice", "unreadable"]
    assert "0002.json:1" in next(str(notice) for notice in notices if notice.kind == "unreadable")


@pytest.mark.parametrize(
    ("pages", "gold", "ending"), [("input", "GoldStandard", ".txt"), ("orig", "clean", "-cleaned.txt")]
)
def test_cleaneval(tmp_path, bring, sound, pages, gold, ending):
    put(tmp_path, {
        f"{pages}/7.html": f'<text id="7" title="x" encoding="utf-8">{HTML}</text>',
        f"{gold}/7{ending}": f"URL: http://a.example/b\r\n\r\n<h>Ferry sinks\r\n<p>{FIRST}\r\n<l>{SECOND}\r\n",
        f"{gold}/8{ending}": "<p>no page",
    })  # fmt: skip
    rows, notices = bring("cleaneval", tmp_path)
    sound(rows)
    assert [(part["type"]) for part in rows[0]["segments"]] == [
        "other_boilerplate", "subheading", "paragraph", "list_item", "other_boilerplate"]  # fmt: skip
    assert rows[0]["url"] == "http://a.example/b"
    assert rows[0]["reference"]["text"] == f"Ferry sinks\n{FIRST}\n{SECOND}"
    assert kinds(notices) == ["no page"]


def test_l3s_gn1(tmp_path, bring, sound):
    marked = (
        '<body><div class="nav x-nc-sel0">Home</div><h1><span class="x-nc-sel1">Ferry sinks</span></h1>'
        f'<p><SPAN CLASS="x-nc-sel2">{FIRST} <b><span class="x-nc-sel2">{SECOND}</span></b></SPAN></p>'
        '<p><span class="x-nc-sel3">Picture: archive</span></p><p><span class="x-nc-sel4">Read also</span></p>'
        '<p><span class="x-nc-sel5">First!</span></p><p>Imprint</p></body>'
    )
    put(tmp_path, {
        "annotated/u1.html": marked,
        "original/u1.html": marked.replace("x-nc-sel", "y"),
        "annotated/u2.html": "<p>Nothing is marked here</p>",
        "url-mapping.txt": "<urn:uuid:u1> http://a.example/b\n",
    })  # fmt: skip
    rows, notices = bring("l3s-gn1", tmp_path)
    sound(rows)
    assert [part["type"] for part in rows[0]["segments"]] == [
        "other_boilerplate", "headline", "paragraph", "paragraph", "unlabelled", "related", "comments",
        "other_boilerplate"]  # fmt: skip
    assert rows[0]["url"] == "http://a.example/b"
    assert "x-nc" not in rows[0]["html"]
    assert "First!" not in rows[0]["reference"]["text"]
    assert rows[1]["segments"] is None
    assert kinds(notices) == ["empty gold"]


def test_webmainbench_takes_the_marks_and_hides_them(tmp_path, bring, sound):
    html = HTML.replace("<p>", '<p class="lead mark-selected" data-anno-uid="u" cc-select="true">').replace(
        "<h1>", '<h1 cc-select="true" class="mark-selected">'
    )
    lines = [
        json.dumps(
            {
                "track_id": "A-1",
                "html": html,
                "url": "https://a.example/",
                "groundtruth_content": f"# Ferry sinks\n\n{GOLD}",
            }
        ),
        "{broken",
        json.dumps({"track_id": "A-2"}),
        json.dumps({"track_id": "A-3", "html": HTML, "groundtruth_content": GOLD}),
        "[1]",
    ]
    rows, notices = bring("webmainbench", put(tmp_path, {"w.jsonl.gz": "\n".join(lines)}))
    sound(rows)
    assert [row["id"] for row in rows] == ["a-1", "a-3"]
    assert kept(rows[0]) == ["Ferry sinks", FIRST, SECOND]
    assert rows[0]["segments"][1]["type"] == "headline"
    assert not any(mark in rows[0]["html"] for mark in ("cc-select", "mark-selected", "data-anno-uid"))
    assert 'class="lead"' in rows[0]["html"]
    assert kept(rows[1]) == [FIRST, SECOND]
    assert kinds(notices) == ["broken line", "broken line", "broken line", "no marks"]
    assert {notice.line for notice in notices} == {2, 3, 4, 5}


def test_chatnoir(tmp_path, bring, sound):
    put(tmp_path, {
        "combined/ground-truth/scrapinghub.jsonl": json.dumps({"page_id": "ab12", "plaintext": GOLD, "url": "https://a.example"})
        + "\n" + json.dumps({"plaintext": "x"}),
        "combined/html/scrapinghub/ab12.html": HTML,
    })  # fmt: skip
    rows, notices = bring("chatnoir", tmp_path)
    sound(rows)
    assert kept(rows[0]) == [FIRST, SECOND]
    assert rows[0]["reference"]["part"] == "scrapinghub"
    assert kinds(notices) == ["broken line"]


def test_jsonl_with_columns_of_other_names(tmp_path, bring, sound):
    lines = [
        json.dumps({"nr": 5, "page": HTML, "body": GOLD, "meta": {"lang": "en_GB"}}),
        json.dumps({"nr": 6, "text": "one\ntwo"}),
        json.dumps({"nr": 7}),
        json.dumps({"nr": 8, "page": ["no"]}),
        json.dumps({"nr": 9, "text": "lone \ud800 surrogate"}),
    ]
    columns = {"nr": "id", "page": "html", "body": "gold", "meta.lang": "language"}
    rows, notices = bring("jsonl", put(tmp_path, {"m.jsonl": "\n".join(lines)}) / "m.jsonl", columns=columns)
    sound(rows)
    assert [row["id"] for row in rows] == ["5", "6", "9"]
    assert kept(rows[0]) == [FIRST, SECOND]
    assert rows[0]["language"] == "en"
    assert [part["type"] for part in rows[1]["segments"]] == ["unlabelled"] * 2
    assert rows[2]["text"] == "lone \ufffd surrogate"
    assert kinds(notices) == ["broken line", "broken line", "encoding"]
    assert "its columns: nr" in str(notices[0])
    with pytest.raises(ValueError, match="no field 'bdoy'; allowed: id, html"):
        bring("jsonl", tmp_path, columns={"body": "bdoy"})
    with pytest.raises(ValueError, match="--map is for"):
        bring("aeb", tmp_path, columns=columns)


def test_encodings(tmp_path, bring):
    page = HTML.replace("Naxos", "Náxos").replace("<head>", '<head><meta charset="iso-8859-1">')
    truth = {name: {"articleBody": GOLD.replace("Naxos", "Náxos")} for name in ("named", "unnamed", "sixteen")}
    put(tmp_path, {
        "ground-truth.json": json.dumps(truth),
        "html/named.html": page.encode("latin-1"),
        "html/unnamed.html": HTML.replace("Naxos", "Náxos").encode("cp1252"),
        "html/sixteen.html": HTML.replace("Naxos", "Náxos").encode("utf-16"),
    })  # fmt: skip
    rows, notices = bring("aeb", tmp_path)
    assert all("Náxos" in row["text"] for row in rows)
    assert [(notice.kind, notice.page) for notice in notices if notice.kind == "encoding"] == [("encoding", "unnamed")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("aeb", "ground-truth.json"), ("wcxb", "ground-truth/"), ("cleaneval", "GoldStandard/"), ("l3s-gn1", "annotated/"),
        ("webmainbench", "track_id"), ("chatnoir", "page_id"), ("brat", "NAME.ann"), ("polnear", "attributions/"),
        ("parc-conll", "*.conll"), ("wikinews-de", "originalText"), ("litbank", "_brat.ann"), ("jsonl", "*.jsonl"),
        ("text", "*.txt"),
    ],
)  # fmt: skip
def test_a_wrong_place_says_what_was_expected_and_what_is_there(tmp_path, bring, name, expected):
    (tmp_path / "holiday.png").write_bytes(b"")
    with pytest.raises(ValueError, match="expected") as refused:
        bring(name, tmp_path)
    assert expected in str(refused.value)
    assert "found holiday.png" in str(refused.value)
    with pytest.raises(FileNotFoundError, match=r"nothing at .*expected"):
        bring(name, tmp_path / "nowhere")


def test_limit_and_jobs(tmp_path, bring):
    truth = {f"p{number}": {"articleBody": GOLD} for number in range(9)}
    put(tmp_path, {"ground-truth.json": json.dumps(truth), **{f"html/{name}.html": HTML + name for name in truth}})
    alone, _ = bring("aeb", tmp_path)
    assert bring("aeb", tmp_path, jobs=2)[0] == alone
    assert bring("aeb", tmp_path, jobs=2, limit=4)[0] == alone[:4]
    assert bring("aeb", tmp_path, limit=4)[0] == alone[:4]
    for options in ({"jobs": 0}, {"limit": 0}):
        with pytest.raises(ValueError, match="allowed: 1 or more"):
            bring("aeb", tmp_path, **options)


def test_sources_are_read_as_they_are_asked_for(tmp_path):
    """Memory does not grow: the first page is there before the last line was read."""
    from newsbench.importers import load_importer
    from newsbench.importers.base import import_rows

    many = put(
        tmp_path, {"m.jsonl": "\n".join(json.dumps({"id": str(n), "text": f"x{n}"}) for n in range(500)) + "\n{"}
    )
    notices = []
    rows = import_rows(load_importer("jsonl"), many / "m.jsonl", report=notices.append)
    assert next(rows)["id"] == "0"
    assert notices == []
    assert len(list(rows)) == 499
    assert kinds(notices) == ["broken line"]
