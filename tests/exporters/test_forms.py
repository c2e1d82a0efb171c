"""What each format looks like to the programs that it is for."""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest
from exporters.conftest import module_of
from exporters.pagemaking import pages
from hypothesis import given, settings

from newsbench.exporters.base import LAYERS
from newsbench.pagetable import SPAN_FIELDS
from newsbench.problems import InputError
from newsbench.types import Attribution, Page, Segment, Source, Span, Topic

TEXT = "😀 Anna Ek\nsaid “yes”, and\n“no”. <b>&"
PAGE = Page(
    "p-1", TEXT, url="https://a.example/1",
    segments=(Segment(0, 9, "headline"), Segment(10, 32, "paragraph"), Segment(32, len(TEXT), "credit")),
    sources=(Source("ek", "Anna Ek", "person", "named"),),
    attributions=(
        Attribution("a1", source=(Span(2, 9),), cue=(Span(10, 14),), content=(Span(15, 20), Span(26, 30)), form="direct",
                    source_ids=("ek",)),
        Attribution("a2", content=(Span(15, 30),), parent="a1", no_comment=True),
    ),
    topics=(Topic("medtop:11000000", True),),
)  # fmt: skip


@contextmanager
def exported(name: str, *found: Page):
    with tempfile.TemporaryDirectory() as folder:
        module_of(name).write(iter(found or [PAGE]), Path(folder))
        yield Path(folder)


def test_brat_standoff():
    with exported("brat") as folder:
        lines = (folder / "p-1.ann").read_text(encoding="utf-8").split("\n")
        assert (folder / "p-1.txt").read_text(encoding="utf-8") == TEXT
        configuration = (folder / "annotation.conf").read_text(encoding="utf-8")
    assert lines[0] == "T1\theadline 0 9\t😀 Anna Ek"
    # No fragment goes over a line break, and the words are those of the fragments.
    assert lines[1] == "T2\tparagraph 10 25;26 32\tsaid “yes”, and “no”. "
    assert "T5\tContent 15 20;26 30\t“yes” “no”" in lines
    assert "E1\tAttribution:T7 Cue:T4 Content:T5 Source:T6" in lines
    assert "A1\tForm E1 direct" in lines
    assert any(line.startswith("E2\tAttribution:") and line.endswith(" Parent:E1") for line in lines)
    for section in ("[entities]", "[relations]", "[events]", "[attributes]"):
        assert section in configuration
    assert "Form\tArg:Attribution, Value:direct|indirect|mixed|reported|free_indirect" in configuration


def test_an_edit_in_brat_wins_over_the_note_of_the_whole_span():
    with exported("brat") as folder:
        file = folder / "p-1.ann"
        file.write_text(
            file.read_text(encoding="utf-8").replace("Content 15 25;26 30", "Content 15 20"), encoding="utf-8"
        )
        page = next(module_of("brat").read(folder))
    assert page.attributions[1].content == (Span(15, 20),)
    assert page.attributions[0] == PAGE.attributions[0]


def test_brat_names_every_line_that_it_cannot_read():
    with exported("brat") as folder:
        with (folder / "p-1.ann").open("a", encoding="utf-8") as file:
            file.write("T99\tSource x y\tz\nQ1\twhat\n")
        with pytest.raises(InputError) as caught:
            list(module_of("brat").read(folder))
    assert len(caught.value.problems) == 2


@settings(deadline=None, max_examples=100)
@given(page=pages(uncarried=True))
def test_no_brat_fragment_crosses_a_line(page):
    with exported("brat", page) as folder:
        document = (folder / "page-1.ann").read_bytes().decode()
    # Readers that go by lines in whatever sense see the same lines.
    assert document.splitlines() == document.split("\n")[:-1]
    for line in document.splitlines():
        if line[0] == "T":
            _, head, words = line.split("\t")
            places = [tuple(map(int, part.split())) for part in head.partition(" ")[2].split(";")]
            assert words == " ".join(page.text[start:end] for start, end in places)


def test_label_studio_tasks_fit_their_interface():
    with exported("label-studio") as folder:
        tasks = json.loads((folder / "tasks.json").read_bytes())
        interface = ElementTree.parse(folder / "label_config.xml").getroot()
    controls = {tag.get("name"): tag for tag in interface if tag.get("toName")}
    assert {tag.get("toName") for tag in controls.values()} == {"text"}
    assert interface.find("Text").get("value") == "$text"
    (task,) = tasks
    ids = set()
    for result in task["annotations"][0]["result"]:
        if result["type"] == "relation":
            continue
        control = controls[result["from_name"]]
        assert control.tag.lower() == result["type"]
        value = result["value"]
        if "start" in value and result["type"] == "labels":
            assert task["data"]["text"][value["start"] : value["end"]] == value["text"]
            assert set(value["labels"]) <= {tag.get("value") for tag in control}
            ids.add(result["id"])
        if result["type"] == "choices":
            assert set(value["choices"]) <= {tag.get("alias") or tag.get("value") for tag in control}
    relations = [result for result in task["annotations"][0]["result"] if result["type"] == "relation"]
    assert {end for one in relations for end in (one["from_id"], one["to_id"])} <= ids
    assert [one["labels"] for one in relations].count(["parent"]) == 1


def test_uima_counts_in_utf_16():
    with exported("uima") as folder:
        document = ElementTree.parse(folder / "p-1.xmi").getroot()
        types = ElementTree.parse(folder / "TypeSystem.xml").getroot()
    segments = [tag for tag in document if tag.tag == "{http:///newsbench.ecore}Segment"]
    # The first character is astral: one more unit from there on.
    assert [(tag.get("begin"), tag.get("end")) for tag in segments[:2]] == [("0", "10"), ("11", "33")]
    sofa = next(tag for tag in document if tag.tag.endswith("Sofa"))
    assert sofa.get("sofaString") == TEXT
    names = {tag.text for tag in types.iter() if tag.tag.endswith("name")}
    assert {"newsbench.Segment", "newsbench.Attribution", "newsbench.Element"} <= names


def test_uima_is_read_by_dkpro_cassis_with_what_each_annotation_covers():
    import cassis

    with exported("uima") as folder:
        types = cassis.load_typesystem((folder / "TypeSystem.xml").read_bytes().decode())
        cas = cassis.load_cas_from_xmi((folder / "p-1.xmi").read_bytes().decode(), typesystem=types)
    first, second = sorted(cas.select("newsbench.Attribution"), key=lambda one: one.id)
    assert [(one.role, one.get_covered_text()) for one in first.elements.elements] == [
        ("source", "Anna Ek"), ("cue", "said"), ("content", "“yes”"), ("content", "“no”"),
    ]  # fmt: skip
    assert second.parent is first
    assert not cas.typecheck()


def test_spacy_spans_and_user_data():
    import spacy
    from spacy.tokens import DocBin

    within = Page("p-2", "unbelievable", segments=(Segment(0, 4, "headline"), Segment(4, 12, "credit")))
    with tempfile.TemporaryDirectory() as folder:
        losses = module_of("spacy").write(iter([PAGE, within]), Path(folder))
        first, second = DocBin().from_disk(Path(folder) / "pages-0001.spacy").get_docs(spacy.blank("en").vocab)
    assert first.text == TEXT
    found = [(span.label_, span.text, span.id_) for span in first.spans["source"]]
    assert found == [("source", "Anna Ek", "a1")]
    assert [span.label_ for span in first.spans["segments"]][:1] == ["headline"]
    assert "segments" not in second.spans
    assert losses["spans off token boundaries (kept in the user data)"] >= 2
    # spaCy gives tuples where lists went in.
    assert [tuple(row) for row in second.user_data["newsbench"]["segments"]] == list(within.segments)


@settings(deadline=None, max_examples=40)
@given(page=pages())
def test_spacy_spans_are_the_exact_ones_and_the_rest_is_counted(page):
    import spacy
    from spacy.tokens import DocBin

    with tempfile.TemporaryDirectory() as folder:
        losses = module_of("spacy").write(iter([page]), Path(folder))
        (doc,) = DocBin().from_disk(Path(folder) / "pages-0001.spacy").get_docs(spacy.blank("en").vocab)
    found = [(key, s.start_char, s.end_char, s.label_) for key, group in doc.spans.items() for s in group]
    wanted = [("segments", *segment) for segment in page.segments or ()]
    wanted += [
        (name, *span, name) for one in page.attributions or () for name in SPAN_FIELDS for span in getattr(one, name)
    ]
    starts, ends = {token.idx for token in doc}, {token.idx + len(token) for token in doc}
    assert sorted(found) == sorted(one for one in wanted if one[1] in starts and one[2] in ends)
    assert losses["spans off token boundaries (kept in the user data)"] == len(wanted) - len(found)


def test_spacy_starts_a_new_file_when_one_is_full(monkeypatch):
    module = module_of("spacy")
    monkeypatch.setattr(module, "SHARD", 2)
    many = [Page(f"p-{number}", f"text {number}", segments=()) for number in range(5)]
    with exported("spacy", *many) as folder:
        assert len(list(folder.glob("*.spacy"))) == 3
        assert [page.id for page in module.read(folder)] == [page.id for page in many]


def test_web_annotation_selectors():
    with exported("web-annotation") as folder:
        document = json.loads((folder / "p-1.jsonld").read_bytes())
        file = folder / "p-1.jsonld"
        assert document["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
        assert document["type"] == "AnnotationPage"
        ids = [item["id"] for item in document["items"]]
        assert len(set(ids)) == len(ids)
        content = next(item for item in document["items"] if item["id"].endswith("a1:content"))
        assert [[selector["type"] for selector in target["selector"]] for target in content["target"]] == [
            ["TextPositionSelector", "TextQuoteSelector"]
        ] * 2
        assert content["target"][1]["source"] == "p-1.txt"
        assert content["target"][1]["scope"] == PAGE.url
        assert content["target"][1]["selector"][1] == {
            "type": "TextQuoteSelector", "exact": "“no”", "prefix": TEXT[:26], "suffix": ". <b>&",
        }  # fmt: skip
        content["target"][1]["selector"][0]["start"] += 1
        file.write_text(json.dumps(document), encoding="utf-8")
        with pytest.raises(InputError, match="do not fit the text"):
            list(module_of("web-annotation").read(folder))


def test_inline_html_escapes_and_nests():
    hostile = Page(
        "p-1", "<script>alert(1)</script>&amp;", outlet="</script><script>x", segments=(Segment(0, 8, "headline"),)
    )
    with exported("inline-html", hostile) as folder:
        document = (folder / "p-1.html").read_text(encoding="utf-8")
    assert document.count("<script") == 1
    assert document.count("</script>") == 1
    assert (
        '<span data-span="s1" data-segment="headline">&lt;script&gt;</span>alert(1)&lt;/script&gt;&amp;amp;' in document
    )


@settings(deadline=None, max_examples=100)
@given(page=pages())
def test_another_html_parser_sees_the_same_text_and_pieces(page):
    from lxml import html as lxml_html

    with exported("inline-html", page) as folder:
        document = (folder / "page-1.html").read_bytes()
    body = lxml_html.document_fromstring(document, parser=lxml_html.HTMLParser(encoding="utf-8"))
    (pre,) = body.xpath("//pre[@id='text']")
    # libxml2 drops the form feed and keeps the line feed after <pre>, which HTML drops.
    assert pre.text_content().removeprefix("\n").replace("\x0c", "") == page.text.replace("\x0c", "")
    pieces: dict[str, str] = {}
    for span in pre.iter("span"):
        pieces[span.get("data-span")] = pieces.get(span.get("data-span"), "") + span.text_content()
    expected = [page.text[a:b] for a, b, _ in page.segments or ()]
    marked = [pieces[name] for name in pieces if name in {f"s{n + 1}" for n in range(len(expected))}]
    assert sorted(text.replace("\x0c", "") for text in marked) == sorted(text.replace("\x0c", "") for text in expected)


def test_all_problems_of_pages_are_told_at_once():
    bad = [
        Page("../etc", "x"),
        Page("p", "abc", segments=(Segment(2, 9, "headline"), Segment(0, 1, "a b"))),
        Page("p", "abc", attributions=(Attribution("a 1", cue=(Span(1, 1),), parent="gone", form="x y"),)),
    ]
    with tempfile.TemporaryDirectory() as folder, pytest.raises(InputError) as caught:
        module_of("brat").write(iter(bad), Path(folder))
    told = str(caught.value)
    for part in ("'../etc' is no page id", "[2, 9)", "'a b' is no plain name", "stands twice", "'a 1' has white space",
                 "[1, 1) is empty", "'gone' is no attribution", "'x y' is no plain name"):  # fmt: skip
        assert part in told


def test_unknown_layers_are_named():
    with tempfile.TemporaryDirectory() as folder, pytest.raises(ValueError, match="allowed: " + ", ".join(LAYERS)):
        module_of("brat").write(iter([PAGE]), Path(folder), layers=["segmants"])
