"""HTML to visible text."""

from __future__ import annotations

import time

import pytest

from newsbench.render import render


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b</p>c", "a\n\nb\n\nc"),
        ("<h2>a</h2><div>b</div><div>c</div>", "a\n\nb\nc"),
        ("<div>a<div>b</div></div><span>c</span>", "a\nb\nc"),
        ("  a \n b\t<i> c </i> d ", "a b c d"),
        ("a<br>b <br> c<br><br>d<p>e<br></p>f", "a\nb\nc\n\nd\n\ne\n\nf"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<table><tr><th>a<td>b<tr><td>c<td><td>d</table>", "a\tb\nc\t\td"),
        ("<table><tr><td><div>a</div></td><td><div>b</div></td></tr></table>x", "a\nb\nx"),
        ("<table><tr><td>a<table><tr><td>b<td>c</table><td>d</table>", "a\nb\tc\nd"),
        ("<pre>\n a\n  b</pre>c", " a\n  b\nc"),
        ("<p style='white-space:pre-line'>a  b\n c</p>", "a b\nc"),
        ("<p style='white-space: pre-wrap'>a  b</p>", "a  b"),
        ("a <span style='display:inline-block'> b </span> c", "a b c"),
        ("a<span style='display:inline-block'> b </span>c", "abc"),
        (
            "a\u00a0\u00a0b so\u00adft e\u0301 \U0001f514\u200b",
            "a\u00a0\u00a0b so\u00adft e\u0301 \U0001f514\u200b",
        ),
        ("a&amp;b &lt;i&gt; &nbsp;&eacute;&#128276;&notin", "a&b <i> \u00a0é🔔¬in"),
        ("a\x00b\ud800c", "ab\ufffdc"),
        ("in<b>ter</b>na<em>tion</em>al", "international"),
        ("<b>x<p>y</b>z</p>", "x\n\nyz"),
        (
            "<title>t</title><p>a<script>s</script><style>s</style><noscript>n</noscript><template>t</template>b",
            "ab",
        ),
        ("<textarea>t</textarea><input value=v><iframe>f</iframe><video>v</video><object>o</object>a", "a"),
        ("<select><option>a<option>b</select>", "a\nb"),
        ("<button> a </button> b", "a b"),
        ("<details>x<summary>a</summary>y<summary>z</summary></details>b", "a\nb"),
        ("<details open>x<summary>a</summary></details>", "x\na"),
        ("<dialog>x</dialog><dialog open>a</dialog>", "a"),
        ("<div hidden>x</div><div data-hidden>x</div><div style='display: none'>x</div>a", "a"),
        ("<div style='visibility:hidden'>x<b style='visibility:visible'>a</b></div>", "a"),
        ("<svg><title>x</title><desc>x</desc><text>a</text></svg>b", "ab"),
        ("<!-- x -->a<!doctype html>", "a"),
        ("<p>a</p>\n<ruby>b<rp>(</rp><rt>c</rt></ruby>", "a\n\nbc"),
        ("", ""),
        ("<div> \n </div>", ""),
    ],
)
def test_shows_what_a_browser_shows(html: str, text: str) -> None:
    assert render(html).text == text


@pytest.mark.parametrize(
    ("css", "body", "text"),
    [
        (".a{display:none}", "<p class='b a'>x</p>y", "y"),
        ("#a , nav.b{visibility:hidden}", "<i id=a>x</i><nav class=b>x</nav><p class=b>y", "y"),
        ("@media print{.a{display:none}} .c{color:red}", "<p class=a>x", "x"),
        ("@import url(x.css); .a{display:none}", "<p class=a>x</p>y", "y"),
        ("@media a{b{c:d} .a{display:none}} .b{display:none}", "<i class=a>x</i><i class=b>y</i>", "x"),
        (".a:hover, .a + b, .a ~ b, [x]{display:none}", "<i class=a>x</i><b x>y</b>", "xy"),
        (
            "nav b, div > i{display:none}",
            "<nav><p><b>x</b></p></nav><div><b>y<i>z</i></b><i>w</i></div>",
            "yz",
        ),
        (
            ".m > li a{display:block} .m > li .z{display:inline}",
            "<ul class=m><li><a>x</a><a>y</a><a class=z>z</a></ul>",
            "x\ny\nz",
        ),
        (
            ".a .b .c{display:none}",
            "<p class=a><q class=c>x</q><b class=b><i><u class=c>y</u></i></b></p>",
            "x",
        ),
        ("div p > b{display:none} p b{display:inline}", "<div><p><b>x</b></p></div>y", "y"),
        ("*{visibility:hidden} #a *{visibility:visible}", "<i>x</i><p id=a>x<b>y</b></p>", "y"),
        (".a{display:none} .a{display:block}", "<p class=a>x", "x"),
        (".a{display:none!important} .a{display:block}", "<p class=a style='display:block'>x</p>y", "y"),
        ("#a{display:none} .a{display:block}", "<p class=a id=a>x</p>y", "y"),
        ("p{display:none}", "<p style='display:block'>x</p><p>y", "x"),
        (".a{display:flex}", "<nav class=a><a>x</a><a>y</a></nav>", "x\ny"),
        (".a{display:flex}", "<p hidden class=a>x</p>", "x"),
        ("[hidden]{display:none!important} .a{display:flex}", "<p hidden class=a>x</p>y", "y"),
        ("/* .a{display:none} */ .b{display:none", "<p class=a>x</p>", "x"),
        ("li{display:inline}", "<ul><li>x <li>y</ul>", "x y"),
        (".a{float:left}", "<i class=a>x</i><i>y</i>", "x\ny"),
    ],
)
def test_simple_rules_of_the_page_count(css: str, body: str, text: str) -> None:
    assert render(f"<style>{css}</style>{body}").text == text


def test_runs_tell_elements_apart() -> None:
    html = (
        "<ul data-segment=navigation><li>a<li>b</ul><ul><li data-segment=tags>c<li data-segment=tags> d </ul>"
        "<p data-segment=paragraph>e <i data-segment=share>f</i> g</p>h"
    )
    rendered = render(html)
    found = [(rendered.text[start:end], label and label.type) for start, end, label in rendered.runs]
    assert found == [
        ("a\nb", "navigation"), ("c", "tags"), ("d", "tags"), ("e", "paragraph"), ("f", "share"), ("g", "paragraph"),
        ("h", None),
    ]  # fmt: skip
    assert rendered.runs[3].label is rendered.runs[5].label
    assert rendered.runs[1].label is not rendered.runs[2].label


def test_runs_cover_every_visible_character() -> None:
    rendered = render("<div>a <b data-segment=x>b</b>c<p> d\u00a0</p></div><pre>  e\n\n</pre>")
    covered = {place for start, end, _ in rendered.runs for place in range(start, end)}
    assert {place for place, character in enumerate(rendered.text) if not character.isspace()} <= covered


def test_marks_take_no_place() -> None:
    first, second, third = "\U000f0000", "\U000f0001", "\U000f0002"
    rendered = render(f"<p>a {first} b{second}</p>{third}<pre>c {third}d</pre>", marks=True)
    assert rendered.text == "a b\n\nc d"
    assert rendered.text[rendered.marks[first] :].lstrip().startswith("b")
    assert rendered.marks[second] == 3
    assert render(f"a{first}").text == f"a{first}"


def test_fields_hold_what_an_element_shows() -> None:
    rendered = render(
        "<p>by <b data-meta=byline> Una <i>H</i>. </b></p><i data-meta=country></i><b data-meta=x><i></i></b>"
    )
    assert [(f.name, rendered.text[f.start : f.end]) for f in rendered.fields] == [
        ("byline", "Una H."),
        ("x", ""),
    ]


def test_deep_and_long_pages() -> None:
    assert render("<div>" * 5000 + "a" + "</div>" * 5000 + "b").text == "a\nb"
    paragraph = "<div class='c'><p class='x y'>Some <a href='#'>words</a> and <b>more</b> of them.</p></div>\n"
    html = "<style>.z{display:none}</style>" + paragraph * 1000
    started = time.process_time()
    assert render(html).text.count("words") == 1000
    assert (time.process_time() - started) / (len(html) / 100_000) < 0.25  # a loose bound; some 5 ms are usual
