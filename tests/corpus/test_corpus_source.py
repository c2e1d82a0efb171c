"""What is refused, and how it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsbench.corpus.build import build_dataset, check_corpus
from newsbench.corpus.problems import Report, SourceError
from newsbench.corpus.source import read_xml

BELL = "stories/harbour-bell/is-hafnarblad-bell-gone.xml"


def test_the_fixtures_are_sound(seeds: Path, schema: Path) -> None:
    assert check_corpus(seeds, schema) == []


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE page SYSTEM "file:///etc/hostname">',
        '<!-- x --><!DOCTYPE page [<!ENTITY e SYSTEM "secret.txt">]>',
        '<?x y?>\n <!DOCTYPE page [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_doctype_and_entities_are_refused(tmp_path: Path, prolog: str) -> None:
    (tmp_path / "secret.txt").write_text("the secret")
    path = tmp_path / "page.xml"
    path.write_text(f'<?xml version="1.0"?>{prolog}<page><article>&e;</article></page>')
    report = Report(path)
    assert read_xml(path, report) is None
    assert "DOCTYPE" in report.problems[0].message
    assert "secret" not in str(report.problems)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<page>&undefined;</page>", "not well-formed"),
        (b"<page>\n<p></page>", ":2: is not well-formed"),
        (b"<page>\xff</page>", "not UTF-8"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><page>x</page>', "encoding ISO-8859-1"),
        ("<page>x\U000f0000</page>".encode(), "kept for annotation marks"),
        (b"<page>x&#xF0123;</page>", "kept for annotation marks"),
        (b"<page a='&#xF0123;'/>", "kept for annotation marks"),
    ],
)
def test_unsound_files_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "page.xml"
    path.write_bytes(content)
    report = Report(path)
    assert read_xml(path, report) is None
    assert message in str(report.problems[0])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('genre="report"', 'genre="novel"', "allowed are report, analysis, interview"),
        ('published="2026-02-03"', 'published="2026-02-30"', "Type date doesn't allow|day of the calendar"),
        ("<p>Nothing.</p>", "<pp>Nothing.</pp>", "<pp> cannot stand in <live_entry>; allowed: p"),
        ('language="is"', 'lang="is"', "lacks the attribute language"),
        ('time="06:30"', 'hour="06:30"', "cannot have the attribute hour; allowed: id, story"),
        ("<quote>", "stray text <quote>", "text"),
        ("<headline>", "<p>too early</p><headline>", "headline"),
        ("<credit>Photo: S.</credit>", "<credit> </credit>", "<credit> is empty"),
        ('id="is-hafnarblad-bell-gone"', 'id="is-other-bell"', "must be the file's name"),
        ('aspect="search"', 'aspect="ransom"', "aspect 'ransom' is not in the brief; allowed are search"),
    ],
)
def test_grammar_and_names(spoil, old: str, new: str, message: str) -> None:
    import re

    problems = spoil(BELL, (old, new))
    assert any(re.search(message, problem) for problem in problems), problems


def test_all_faults_come_at_once(spoil, seeds: Path, schema: Path) -> None:
    (seeds / "outlets" / "aggregator.yaml").write_text("id: [", "utf-8")
    outlet = seeds / "outlets" / "is-hafnarblad.yaml"
    outlet.write_text(
        outlet.read_text("utf-8")
        .replace("button: Send it", "button: 12:30")
        .replace("domain: hafnarblad.example", "domain: hafnarblad.is"),
        "utf-8",
    )
    norway = seeds / "outlets" / "no-vestposten.yaml"
    norway.write_text(norway.read_text("utf-8").replace('country: "NO"', "country: NO"), "utf-8")
    story = seeds / "stories" / "glacier-lake" / "story.yaml"
    story.write_text(story.read_text("utf-8").replace("split: train", "split: dev"), "utf-8")
    (seeds / "stories/glacier-lake/no-vestposten-empty-basin.xml").write_text("<page>", "utf-8")
    problems = spoil(
        BELL,
        ('<attribution id="a6"', '<attribution id="a7"'),
        ('code="medtop:20000082"', 'code="medtop:99999999"'),
        ('entity="una-holm"', 'entity="nobody"'),
        ('statement="rope-cut"', 'statement="rope-held"'),
        ("<related>", '<related><cue of="a1">see</cue> '),
    )
    wanted = [
        "is not sound YAML",
        "furniture.newsletter.button is read as 750",
        "must end in .example",
        "country is read as False",
        "split is 'dev'; allowed are train, validation, test",
        "no-vestposten-empty-basin.xml:1: is not well-formed",
        "there is no <attribution id='a6'>",
        "nothing in the article is of='a7'",
        "'medtop:99999999' is not in the pinned vocabulary",
        "entity 'nobody' is nobody in the brief; allowed are una-holm",
        "statement 'rope-held' is not in the brief",
        "stands in a related",
    ]
    assert [message for message in wanted if not any(message in problem for problem in problems)] == []
    assert all(":" in problem for problem in problems)
    with pytest.raises(SourceError) as refused:
        build_dataset(seeds, schema, seeds.parent, version="0.1.0")
    assert len(refused.value.problems) >= len(wanted)
    assert not (seeds.parent / "data").exists()


def test_unannotated_pages_need_leave(spoil, seeds: Path, schema: Path) -> None:
    import re

    path = seeds / "stories/glacier-lake/no-vestposten-empty-basin.xml"
    text = path.read_text("utf-8")
    for pattern in ("<(sources|topics|attributions)>.*?</\\1>", '</?(content|cue|head)( of="a1")?>'):
        text = re.sub(pattern, "", text, flags=re.S)
    path.write_text(text, "utf-8")
    assert ["has no annotation" in str(problem) for problem in check_corpus(seeds, schema)] == [True]
    assert check_corpus(seeds, schema, allow_unannotated=True) == []
    manifest = build_dataset(seeds, schema, seeds.parent, version="0.1.0", allow_unannotated=True)
    assert manifest["totals"]["pages"] == 3
