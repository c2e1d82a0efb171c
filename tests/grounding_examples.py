"""A text, and where strings are found in it, for the tests of quoted strings."""

from __future__ import annotations

from newsbench.occurrences import TextIndex

TEXT = (
    "Menu: Roads closed for winter\n"
    "Roads closed for winter\n"
    "Mayor Ana Ruiz said the bridge would stay shut until May. “We cannot wait any longer,” she said, "
    "“and we will not pretend otherwise.” The mayor’s office declined to comment.\n"
    "Engineers warned that the naïve plan—drawn up in\u00a02019—ignored ice. “The deck is failing”, Ruiz said. "
    "“It is failing fast,” the engineer Tomas Kivi added, “and we said so.”\n"
    "He said that he would resign. Kivi said that he would not."
)


def pieces(text, fragments):
    return [text[start:end] for start, end in fragments]


def found(string, text=TEXT):
    return [pieces(text, place) for place in TextIndex(text).find(string)]
