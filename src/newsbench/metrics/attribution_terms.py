"""What the words mean that the formulas of attribution figures are made of; printed with them."""

from __future__ import annotations

import unicodedata

from newsbench.metrics.attribution_text import PRONOUNS
from newsbench.spans import EDGE_MARKS

_MARKS = "".join(mark for mark in EDGE_MARKS if unicodedata.category(mark)[0] in "PS")

TERMS = {
    "aligned": "paired by the one alignment that a page has for all figures: gold and predicted attributions one to "
    "one, each pair with visible characters of content in common; of all such choices the one with, in this order, "
    "the most contents equal but for marks at the edges, the largest sum of content Dice, the most pairs with content, "
    "source and cue equal but for these marks, with content and source so, with a Dice of both of at least one half, "
    "the largest sum of source Dice, that of cue Dice (1 where both sides have none), the most contents equal to the "
    "character, contents that begin nearest to each other, earlier contents. The order of predictions does not matter",
    "gold": "gold attributions that have a content and are not marked `no_comment` (refusals to comment); of an "
    "element, those that have a visible character of it",
    "predicted": "predicted attributions, joined sources being one, but for refusals to comment; of an element, those "
    "that have a visible character of it. Copies count, as wrong ones",
    "refusals to comment": "on the gold side what `gold` leaves out. Of the predictions that are not aligned, those "
    "with `no_comment` and without content, and one for each gold refusal (the most, then the most alike): its cue, or "
    "its cue and content together, has a Dice of at least one half with that of the refusal, and so has its source "
    "where both have one; without cue and content in the gold, the source alone decides",
    "joined sources": "where a gold attribution has several sources and a source span, predictions of one content and "
    "one cue are made one before anything is compared, if their source spans lie inside the gold one (from its first "
    "to its last character) and do not overlap, or are one span with another `entity` each: never more than the gold "
    "has sources, and a copy makes no part. A label on which they differ is none",
    "copies": "of predictions equal in content, source and cue, only as many are aligned as the gold has such "
    "attributions, and one where it has none; of those that are equal in everything, as many as the gold has that "
    "equal each other, or one. The rest are aligned with nothing",
    "to the character": "the same characters of the page. Fragments that touch or overlap are one; in a source so are "
    "those that only white space, `,` `;` `/` `&` or a joining word (and, or, nor, as well as, along with, together "
    "with; both or also behind it) divide",
    "marks at the edges": f"white space, characters without width, and {_MARKS} at either end of a fragment; before a "
    'content also the word "that", where more follows. Fragments that only such marks divide are one. An element of '
    "nothing else keeps them. All but equality to the character is measured without these marks: Dice, words, joint "
    "figures, sources. An element with a string that the page does not hold equals none",
    "Dice": "2·shared / (gold + predicted) visible characters, marks at the edges left out; shared: at the same places "
    "of the page; a string that the page does not hold adds its characters to the predicted ones; 0 where one side has "
    "none",
    "visible characters": "all but white space, control and format characters and combining marks",
    "words": "runs of letters and digits that begin in the element, marks at the edges left out (an ideograph or kana "
    "is a word of its own); shared: at the same places of the page",
    "known source": "a gold attribution has one if one of its sources is of another kind than `unspecified`",
    "predicted source": "the labels in `entity`; without any, the words of the source span, case folded; a bare "
    "pronoun is a source of its own each time it stands; without `entity` and source span there is none. Names hold "
    f"for a page. Pronouns are {', '.join(sorted(PRONOUNS))}",
    "mapped one to one": "page by page, so that the most of the found attributions that name as many sources as the "
    "gold name both; then of those with a right source span; ties go by the order of the sources, not by their names. "
    "All sources of an attribution have to be right, and no other may be named. Where the gold has several and the "
    "prediction one, with a source span that is right but for marks at the edges, the several together are one source",
    "B-cubed": "of each attribution, the share of those with its predicted source that have its gold source too "
    "(precision), and the other way round (recall), page by page; several sources of an attribution are together "
    "another source, and a predicted attribution without a source is alone with its own",
    "class": "attributions with one value of a label; kind and naming are those of the gold's sources. As for "
    "properties: hedged has a `hedge`, nested a `parent`, pronoun_source a bare pronoun as source, headline a content "
    "that begins in the headline or standfirst, cross_paragraph one that lies in several segments, discontinuous one "
    "in pieces",
}  # fmt: skip
