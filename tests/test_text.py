"""Words and their offsets: one rule, two implementations, and what must not matter."""

from __future__ import annotations

import unicodedata
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.offsetunits import code_point_offsets
from newsbench.text import (
    _IDEOGRAPH_RANGES,
    _WORD,
    _between_blanks,
    _is_among,
    _pieces_with,
    fold,
    fold_with_offsets,
    output_words,
    page_word_spans,
    word_spans,
    words,
)

HARD = "aébÉ\u0301\u00ad\u200b ½ßİ’“.ﬁ中あ\u1161\u1100가ᄀ各_1\u0345ΑςΣ\u202eﾊﾟ𝒜😀\r\n\u00a0"
texts = st.one_of(st.text(max_size=40), st.text(alphabet=HARD, max_size=25))


def slow_words(text):
    """Words by going through the folded text character by character."""
    found, open_ = [], False
    for character in fold(text):
        alone = _is_among(character, _IDEOGRAPH_RANGES)
        letter = character.isalnum() and not alone
        mark = unicodedata.category(character).startswith("M")
        if open_ and (letter or mark):
            found[-1] += character
        elif letter or alone:
            found.append(character)
        open_ = letter or (open_ and mark)
    return found


@settings(max_examples=500, deadline=None)
@given(texts)
def test_quick_and_slow_words_agree(text):
    slow = slow_words(text)
    assert words(text) == slow
    assert word_spans(text).words == slow


@settings(max_examples=500, deadline=None)
@given(st.lists(texts, min_size=1, max_size=9).map(" ".join), st.sampled_from((0, 1, 2, 3, 4, 100)), st.integers(0, 4))
def test_folding_stretch_by_stretch_is_folding_all(text, most, few):
    with patch("newsbench.text._MOST_PIECES", most), patch("newsbench.text._FEW_CHARACTERS", few):
        assert words(text) == slow_words(text)


@settings(max_examples=200)
@given(st.lists(texts, min_size=1, max_size=9).map(" ".join))
def test_stretches_are_found_by_characters_as_by_pieces(text):
    characters = {character for character in text if not character.isascii()}
    with patch("newsbench.text._FEW_CHARACTERS", len(characters)):
        assert _between_blanks(characters, text) == _pieces_with(characters, text)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_offsets_cover_the_characters_of_each_word(text):
    found = word_spans(text)
    for word, start, end in zip(*found, strict=True):
        assert 0 <= start < end <= len(text)
        assert word in fold(text[start:end])
        # A mark that folds to a letter stands on the blank before it.
        assert not text[start].isspace() or "\u0345" in text
    assert found.starts == sorted(found.starts)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_fold_with_offsets_gives_the_folded_text(text):
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("NFD", lambda t: unicodedata.normalize("NFD", t)),
        ("NFC", lambda t: unicodedata.normalize("NFC", t)),
        ("no-break spaces", lambda t: t.replace(" ", "\u00a0")),
        ("soft hyphens", lambda t: t.replace("te", "t\u00ade")),
        ("zero width", lambda t: t.replace("e", "e\u200b")),
        ("straight quotes", lambda t: t.replace("’", "'").replace("“", '"').replace("”", '"')),
        ("CRLF", lambda t: t.replace("\n", "\r\n")),
        ("capitals", str.upper),
    ],
)
def test_mere_encoding_does_not_change_words(name, change):
    text = "Café “Zürich” isn’t\nfar; the tertiary state is Malmö’s."
    assert words(change(text)) == words(text)


def test_output_words_resolve_entities_and_drop_link_targets():
    assert output_words("**Fish &amp; chips** at [the pier](https://pier.example/a_(b)) cost&nbsp;&#163;4") == [
        "fish", "chips", "at", "the", "pier", "cost", "4"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "AT&amp;T said &lt;b&gt; it&nbsp;was &#8217;fine&#8217;",
        "see [1](https://x.example/a_b) and [two](u) there",
        "a & b; c",
    ],
)
def test_a_page_that_shows_entities_or_markdown_gives_the_words_of_its_own_text(text):
    found = page_word_spans(text)
    assert found.words == output_words(text)
    assert found.starts == sorted(found.starts)
    for word, start, end in zip(*found, strict=True):
        assert 0 <= start < end <= len(text)
        assert word[0] in text[start:end].lower() or text[start] == "&"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="a&;lt#8[](x) é\u0301", max_size=30))
def test_page_words_are_always_those_of_the_same_output(text):
    assert page_word_spans(text).words == output_words(text)


def test_words_of_hangul_begin_behind_the_blank():
    for text, expected in (
        ("(정부는) 오늘 밝혔다", [(1, 4), (6, 8), (9, 12)]),
        ("ㄱㅏ, ㄱㅏ 각ᆨ 가", [(0, 2), (4, 6), (7, 9), (10, 12)]),
        ("ﾡￂ ﾀﾞ", [(0, 2), (3, 5)]),
    ):
        found = word_spans(text)
        assert list(zip(found.starts, found.ends, strict=True)) == expected, text


def test_han_and_kana_are_words_of_their_own():
    assert words("東京 tower と") == ["東", "京", "tower", "と"]


@pytest.mark.parametrize(("unit", "encoding", "size"), [("utf-16", "utf-16-le", 2), ("utf-8", "utf-8", 1)])
def test_other_units_become_code_points(unit, encoding, size):
    text = "a😀é中\u0301b"
    table = code_point_offsets(text, unit)
    for at in range(len(text) + 1):
        assert table[len(text[:at].encode(encoding)) // size] == at


def test_unknown_unit_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"utf-32.*allowed: code-points, utf-16, utf-8"):
        code_point_offsets("a", "utf-32")


def test_characters_are_classed_as_the_pattern_of_words_has_them():
    """Letters and ideographs by ranges and `isalnum`: the same as by the pattern, over Unicode."""
    # No letter stands beyond, but in planes for private use.
    for code in (*range(0x33000), 0x3FFFF, 0x40000, *range(0xE0000, 0xE0200), 0xF0000, 0x10FFFF):
        character = chr(code)
        match = _WORD.match(character * 2)
        alone = match is not None and len(match[0]) == 1
        assert _is_among(character, _IDEOGRAPH_RANGES) == alone, hex(code)
        assert (alone or character.isalnum()) == (match is not None), hex(code)


@pytest.mark.parametrize("word", ["हिन्दी", "தமிழ்", "ภาษาไทยที่นี่", "مُحَمَّد", "שָׁלוֹם", "n\u0308a\u0303m"])
def test_marks_belong_to_the_word_that_carries_them(word):
    assert words(f"a {word}, {word}.") == ["a", fold(word), fold(word)]
    assert words("\u0301 \u0903") == []


@pytest.mark.parametrize(
    "marked",
    [
        "read [the report](https://x.example/a_(b)) now",
        "read [the report](https://x.example 'A title') now",
        "read [the report](https://x.example (A title)) now",
        'read [the report](<a b> "A title") now',
        "read [the report] now\n\n[the report]: https://x.example/a 'A title'",
        "**r**ead **the** report **n**ow",
    ],
)
def test_what_markdown_adds_is_no_word(marked):
    assert output_words(marked) == ["read", "the", "report", "now"]
    assert page_word_spans(marked).words == ["read", "the", "report", "now"]


def test_an_entity_of_a_number_that_no_character_has_is_text():
    many = "&#" + "1" * 5000 + ";"
    assert output_words(f"a {many} b") == ["a", "1" * 5000, "b"]
    assert page_word_spans(f"a {many} b").words == output_words(f"a {many} b")
