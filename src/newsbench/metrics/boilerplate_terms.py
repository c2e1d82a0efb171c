"""What the words mean that the formulas of boilerplate figures are made of; printed with them."""

from __future__ import annotations

TERMS = {
    "content": "like `boilerplate` and `optional` a role of segments, by their type (`schema/segments.json`; in other "
    "policies than strict, `schema/policies.json`); a word has the type of the segment in which it begins. Optional "
    "text counts neither for nor against, however often it is given, and so do words outside all segments",
    "kept": "a word of the page that is paired with one of the output, in a passage that both have: three equal words "
    "in a row or more, or all of a shorter output, or of a shorter segment of content or optional text. First passages "
    "in the page's order are taken, overlaps cut off, that together pair the most words; then the longest of what is "
    "left on both sides, out of order, again and again; each time among equals those that are worth most. A content "
    "word is worth 2, an optional one 1 (policy strict). Of a prediction that marks boilerplate by offsets, all words "
    "that begin outside are kept",
    "removed": "not kept",
    "repeated words": "words of the output in such a passage that are paired with none, the page's words being taken, "
    "or fewer than three being left of a moved passage. One has the type of the page word that it repeats, in the "
    "longest passage that it stands in, among equals the one worth most: who repeats a pull quote repeats the "
    "article's sentence",
    "invented words": "words of the output in no such passage",
    "words": "runs of letters and digits (an ideograph or kana is a word of its own), NFKC, case folded, without "
    "characters that nobody sees; in page and output alike entities are resolved and targets of markdown's links left "
    "out",
}
