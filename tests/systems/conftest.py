"""Small pages, written for these tests: one with HTML and furniture, one of text alone, and a labelled set."""

from __future__ import annotations

import pytest

from newsbench.types import Page, Segment, Topic

HEADLINE = "Wind park stands still after storm night"
PARAGRAPHS = (
    "All eleven turbines of the wind park at Rannu have been standing still since Tuesday night, when a gust tore a "
    "blade from one of them and threw it into a field of barley.",
    "The operator, Põhjatuul, said that the turbines had been stopped by hand shortly after ten, and that nobody was "
    "hurt on the road which runs past the park to the harbour, although it had been open all through the night and "
    "the first lorries were already on their way to the early ferry when the wind was at its worst.",
    "“We heard a bang and then nothing at all,” said Leida Mets, who lives in the last house before the fence and has "
    "kept sheep there for thirty years.",
    "An inspector of the technical authority is expected on Thursday; until he has seen the other blades, none of the "
    "machines will turn, and the village gets its power over the old line.",
)
BEFORE = ("Home", "News", "Sport", "Log in", "Search the site")
AFTER = ("Share", "Copy link", "Most read", "Giant pumpkin wins the fair at Elva", "We use cookies", "© Rannu Sõnumid")


def make_page(identifier="page-1", *, with_html=True, headline=HEADLINE, paragraphs=PARAGRAPHS, **labels):
    """Build a page whose segments are known."""
    lines = [
        *((line, "navigation") for line in BEFORE), (headline, "headline"),
        *((line, "paragraph") for line in paragraphs), *((line, "footer") for line in AFTER),
    ]  # fmt: skip
    text, segments = "", []
    for line, kind in lines:
        segments.append(Segment(len(text), len(text) + len(line), kind))
        text += line + "\n"
    menu = "".join(f'<li><a href="/{at}">{line}</a></li>' for at, line in enumerate(BEFORE))
    foot = "".join(f'<li><a href="/f{at}">{line}</a></li>' for at, line in enumerate(AFTER))
    body = "".join(f"<p>{line}</p>" for line in paragraphs)
    html = (
        f'<!DOCTYPE html><html lang="et"><head><title>{headline} | Rannu Sõnumid</title>'
        f'<meta property="og:site_name" content="Rannu Sõnumid"><meta name="author" content="Nobody Printed">'
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{headline}", '
        f'"datePublished": "2026-03-14T08:00:00+02:00"}}</script></head>'
        f"<body><nav><ul>{menu}</ul></nav><main><article><h1>{headline}</h1>{body}</article></main>"
        f'<img src="https://images.invalid/a.jpg"><footer><ul>{foot}</ul></footer></body></html>'
    )
    return Page(
        id=identifier, text=text, html=html if with_html else None, segments=tuple(segments), **labels
    )  # fmt: skip


@pytest.fixture
def page():
    return make_page()


@pytest.fixture
def bare_page():
    return make_page("page-2", with_html=False)


SUBJECTS = {
    "strike": ("medtop:09000000", "union", "strike dockers wages shift port roster crane pickets overtime agreement"),
    "match": ("medtop:15000000", "coach", "goal match league striker keeper penalty season referee stadium derby"),
    "virus": ("medtop:07000000", "doctor", "virus hospital patients vaccine ward infection nurses fever clinic tests"),
}


@pytest.fixture
def labelled_pages():
    """Nine pages of three stories, each with its own words, topics and segments."""
    pages = []
    for story, (code, who, vocabulary) in SUBJECTS.items():
        terms = vocabulary.split()
        for take in range(3):
            chosen = terms[take:] + terms[:take]
            paragraphs = tuple(
                f"The {who} said on day {take + 1} that the {chosen[at]} and the {chosen[at + 1]} were not what the "
                f"{chosen[at + 2]} had been before the {chosen[at + 3]}, although some of the people there disagreed."
                for at in range(5)
            )
            pages.append(
                make_page(
                    f"{story}-{take}", headline=f"The {who} speaks of {chosen[0]} and {chosen[1]}", story=story,
                    paragraphs=paragraphs, topics=(Topic(code, True),),
                )
            )  # fmt: skip
    return pages
