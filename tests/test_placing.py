"""Which of several places of a page a quoted string is taken to mean."""

from __future__ import annotations

from itertools import pairwise

import pytest
from grounding_examples import TEXT
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.grounding import Grounder
from newsbench.placing import MOST_COMPARISONS, MOST_ON_PAGE, Part, Placer, fair_share
from newsbench.spans import distance, union
from newsbench.types import QuotedAttribution, Span


def starts(text=TEXT, article=(), **elements):
    given_parts = {name: part if isinstance(part, tuple) else (part,) for name, part in elements.items()}
    grounded = Grounder(text, article).ground([QuotedAttribution(**given_parts)])[0]
    return {name: grounded[name].fragments[0].start for name in elements}


def test_spans_are_taken_as_they_are():
    grounded = Grounder(TEXT).ground([QuotedAttribution(content=(Span(3, 9),), cue=("said",))])[0]
    assert grounded["content"].fragments == (Span(3, 9),)
    assert grounded["content"].strings == ()


def test_cue_and_source_stand_beside_the_content():
    spot = starts(content="We cannot wait any longer", cue="said", source="she")
    assert TEXT[spot["cue"] - 4 :].startswith("she said, “and")
    spot = starts(content="The deck is failing", cue="said", source="Ruiz")
    assert TEXT[spot["source"] :].startswith("Ruiz said. “It")
    assert spot["cue"] == spot["source"] + 5
    spot = starts(content="the bridge would stay shut", cue="said", source="Ruiz")
    assert TEXT[spot["source"] :].startswith("Ruiz said the bridge")


def test_a_frame_of_the_sentence_before_is_farther_than_one_that_follows():
    text = "“One,” Ann said. “Two,” Bob said. “Three,” Cid said."
    for content, source in (("One", "Ann"), ("Two", "Bob"), ("Three", "Cid")):
        spot = starts(text, content=content, cue="said", source=source)
        assert spot["cue"] == text.index(source) + 4


def test_a_name_of_one_letter_on_a_line_of_its_own_is_no_frame():
    text = "K\nRoads close now, K said"
    assert starts(text, content="Roads close now", source="K")["source"] == text.rindex("K")


def test_a_short_content_goes_to_its_frame():
    spot = starts(content="he", cue="said", source="Kivi")
    assert TEXT[spot["content"] :].startswith("he would not")
    spot = starts(content="he", cue="said", source="He")
    assert TEXT[spot["content"] :].startswith("he would resign")


@pytest.mark.parametrize("source", ["the minister", "The minister", "THE MINISTER"])
def test_a_capital_letter_does_not_lose_the_nearest_mention(source):
    text = "The minister arrived at nine. On the stairs the minister said that roads would close. The minister left."
    spot = starts(text, content="that roads would close", cue="Said", source=source)
    assert spot["source"] == text.index("the minister said")
    # Where the capital is right and the mention near, it is taken.
    text = "The minister said the minister was ill."
    for own, place in (("The minister", 0), ("the minister", 18)):
        assert starts(text, cue="said", source=own)["source"] == place


def test_among_places_equally_near_the_one_written_so_is_taken():
    text = "Boats: May said may. Boats: may said May."
    assert starts(text, content="Boats", cue="said", source="may")["content"] == text.index("Boats: may")
    assert starts(text, content="Boats", cue="said", source="May")["content"] == text.index("Boats: May")


SAID_AGAIN = "He came in. “Roads close,” he said. Nobody spoke. “Roads close,” he said. “Roads close”, we heard."


@pytest.mark.parametrize("form", [("direct", "indirect"), ("indirect", "direct")])
def test_equal_attributions_stand_at_different_places(form):
    own = [QuotedAttribution(content=("“Roads close,”",), cue=("said",), source=("he",), form=name) for name in form]
    other = QuotedAttribution(content=("Roads close",), cue=("heard",), source=("we",))
    first, second, third = Grounder(SAID_AGAIN).ground([own[0], own[1], other])
    places = sorted([first, second], key=lambda elements: elements["content"].fragments)
    again = SAID_AGAIN.index("Nobody")
    assert [elements["content"].fragments[0].start for elements in places] == [12, SAID_AGAIN.index("“", again)]
    assert [elements["source"].fragments[0].start for elements in places] == [
        SAID_AGAIN.index("he said"),
        SAID_AGAIN.index("he said", again),
    ]
    # Whoever is named first: the places are shared out by what is said.
    assert [elements for _, elements in sorted(zip(form, (first, second), strict=True))] == [
        elements for _, elements in sorted(zip(form[::-1], Grounder(SAID_AGAIN).ground([own[1], own[0]]), strict=True))
    ]
    assert third["content"].fragments[0].start == SAID_AGAIN.rindex("Roads")


def test_more_attributions_than_places_stand_at_the_first():
    own = [
        QuotedAttribution(content=("“Roads close,”",), cue=("said",), source=("he",), hedge=(f"h{at}",))
        for at in range(3)
    ]
    places = [elements["content"].fragments[0].start for elements in Grounder(SAID_AGAIN).ground(own)]
    assert places == [12, SAID_AGAIN.index("“", SAID_AGAIN.index("Nobody")), 12]


def test_copies_stand_at_one_place():
    one = QuotedAttribution(
        content=("“Roads close,”",), cue=("said",), source=("he",), entity=("a", "b"), no_comment=False
    )
    copy = one._replace(id="other", entity=("b", "a", "b"), no_comment=None)
    another = one._replace(parent="some")
    first, second, third = Grounder(SAID_AGAIN).ground([one, copy, another])
    assert first == second
    assert first["content"].fragments != third["content"].fragments
    # They take no place from others either.
    assert Grounder(SAID_AGAIN).ground([another, copy, copy, one])[:2] == [third, first]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 6)), min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 60)), min_size=1, max_size=3),
)
def test_the_nearest_places_are_those_of_a_full_sort(steps, around):
    places, at = [], 0
    for gap, size in steps:
        places.append((Span(at + gap, at + gap + size),))
        at += gap + size
    part = Part("x", places, [place[0].start for place in places], [place[0].end for place in places])
    fragments = union((start, start + size) for start, size in around)
    ranked = sorted(places, key=lambda place: distance(place, fragments))[:8]
    assert set(part.nearest(fragments)) == set(ranked) or len(places) <= 8
    assert min(distance(place, fragments) for place in part.nearest(fragments)) == distance(ranked[0], fragments)


@pytest.mark.parametrize(
    ("content", "source"),
    [
        (("the",) * 3000, ("he",) * 500),
        (tuple(f"the {'x' * (at % 7)}".strip() for at in range(3000)), ("he", "HE", "He", "he.") * 100),
        ((*map("w{}".format, range(120)),), (*map("w{}".format, range(100)),)),
        (tuple(Span(at, at + 1) for at in range(0, 4000, 2)), ("he", "the")),
        ("the … " * 400, "he"),
    ],
)
def test_a_degenerate_answer_costs_little(monkeypatch, content, source):
    text = " ".join(f"the w{at % 120} he said." for at in range(600))
    done = []
    between = Placer._between

    def counted(self, place, anchor, inside):
        done.append(len(place) * len(anchor))
        return between(self, place, anchor, inside)

    monkeypatch.setattr(Placer, "_between", counted)
    content, source = ((part,) if isinstance(part, str) else part for part in (content, source))
    grounded = Grounder(text).ground([QuotedAttribution(content=content, source=source, cue=("said",))])[0]
    assert grounded["source"].fragments
    assert len(grounded["content"].strings) == sum(isinstance(part, str) for part in content)
    # Places to weigh, each against the few nearest of a string beside it.
    assert len(done) <= (8 + 2) * MOST_COMPARISONS
    assert sum(done) <= 30 * (8 + 2) * MOST_COMPARISONS


REPEATED = "The dog saw the cat and the man. " * 200
PASSAGES = [REPEATED[start : start + size].strip() for size in range(3, 70, 3) for start in (0, 4, 8, 12, 16, 20, 24)]


@pytest.mark.parametrize(
    "attributions",
    [
        [QuotedAttribution(content=("the",), source=("the",), cue=("saw",), hedge=(str(at),)) for at in range(800)],
        [QuotedAttribution(content=("the", "dog"), source=("the",), cue=(str(at), "saw")) for at in range(60)],
        [QuotedAttribution(content=("the",), source=(one,), cue=("saw",)) for one in PASSAGES],
        [QuotedAttribution(content=(one,), source=("man",), cue=(other,)) for one, other in pairwise(PASSAGES)],
    ],
)
def test_many_attributions_in_the_same_words_cost_little(monkeypatch, attributions):
    done = []
    between = Placer._between

    def counted(self, *given):
        done.append(1)
        return between(self, *given)

    monkeypatch.setattr(Placer, "_between", counted)
    found = Grounder(REPEATED).ground(attributions)
    # What frames contents is compared within limits; each other string with a few of its places.
    strings = sum(len(one.source) + len(one.cue) + len(one.hedge) for one in attributions)
    assert len(done) <= 8 * (MOST_ON_PAGE + strings)
    assert Grounder(REPEATED).ground(attributions[::-1])[::-1] == found


def test_comparisons_are_shared_out_by_need():
    def parts(number, places, framing=0):
        part = Part("x", [(Span(at, at + 1),) for at in range(places)], number=number)
        return {"content": [part], "cue": [part] * framing, "source": []}

    assert fair_share([]) == fair_share([parts(1, 5)]) == fair_share([parts(1, 9000, 9)]) == MOST_COMPARISONS
    # The same is weighed once; who needs little gets it, the others equal shares of the rest.
    assert fair_share([parts(1, 1000, 4)] * 100) == MOST_COMPARISONS
    small = [parts(at, 100) for at in range(100)]
    large = [parts(100 + at, 3000, 2) for at in range(20)]
    assert (
        fair_share([*small, *large])
        == fair_share([*large, *small])
        == (MOST_ON_PAGE - 100 * 100) // 20
        < MOST_COMPARISONS
    )


def test_article_before_furniture_then_the_first():
    string = "Roads closed for winter"
    first = TEXT.index(string)
    second = TEXT.index(string, first + 1)
    assert starts(content=string)["content"] == first
    assert starts(content=string, article=[(second, len(TEXT))])["content"] == second


def test_a_second_string_of_an_element_stays_near_the_first():
    text = "He won. Later he lost. Much later, in the last chapter of all, he won."
    spot = Grounder(text).ground([QuotedAttribution(content=("he lost", "won"))])[0]
    assert [start for start, _ in spot["content"].fragments] == [3, 14]
