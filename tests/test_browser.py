"""The browser is the judge of what is visible: Chromium's text of every released page is the page's text."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

CHROMIUM, CHROMEDRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-extensions", "--mute-audio",
    "--disable-default-apps", "--host-resolver-rules=MAP * ~NOTFOUND", "--window-size=1366,900",
)  # fmt: skip

# `innerText` leaves out what is not rendered. What is rendered where nobody sees it is found by computed style and
# geometry alone and taken out first: beyond the page's edges, in a box of a pixel, clipped to nothing, transparent,
# in letters of no size. All is measured before anything is taken out, so that nothing moves in between.
VISIBLE_TEXT = """
const root = document.documentElement;
const width = Math.max(root.scrollWidth, innerWidth), height = Math.max(root.scrollHeight, innerHeight);
const pixels = value => parseFloat(value) || 0;
function clipped(style, box) {
  if (style.clip !== 'auto' && ['absolute', 'fixed'].includes(style.position)) {
    const sides = style.clip.match(/-?[\\d.]+/g);
    if (sides && sides.length === 4 && (sides[2] - sides[0] <= 1 || sides[1] - sides[3] <= 1)) return true;
  }
  const inset = /^inset\\((.*?)%/.exec(style.clipPath);
  if (inset && pixels(inset[1]) >= 50) return true;
  const cut = value => value === 'hidden' || value === 'clip';
  return (cut(style.overflowX) && box.width <= 1) || (cut(style.overflowY) && box.height <= 1);
}
function outside(style, box) {
  if (!['absolute', 'fixed'].includes(style.position)) return false;
  const left = box.left + scrollX, top = box.top + scrollY;
  return left + box.width < 0 || top + box.height < 0 || left > width || (style.position === 'fixed' && box.top > height);
}
const unseen = [];
for (const element of document.body.querySelectorAll('*')) {
  const style = getComputedStyle(element);
  if (style.display === 'none' || !element.textContent.trim()) continue;
  const box = element.getBoundingClientRect();
  if (style.display !== 'contents' && style.display !== 'inline' && clipped(style, box)
      || outside(style, box)
      || style.opacity === '0'
      || pixels(style.textIndent) < -900) unseen.push(element);
  else if (style.fontSize === '0px' && !element.querySelector('*')) unseen.push(element);
}
for (const element of unseen) element.style.setProperty('display', 'none', 'important');
return document.body.innerText;
"""


@pytest.fixture(scope="module")
def visible_text() -> Iterator[Callable[[str], str]]:
    """A function from HTML to the text that Chromium shows of it, without a network."""
    for program in (CHROMIUM, CHROMEDRIVER):
        if not program.is_file():
            pytest.skip(f"{program} is not installed: apt-get install chromium chromium-driver")
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed: pip install '.[test]'")
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for flag in (*FLAGS, f"--user-data-dir={folder}/profile"):
            options.add_argument(flag)
        # A named driver: nothing is looked for, nothing is fetched.
        service = webdriver.ChromeService(executable_path=str(CHROMEDRIVER))
        browser = webdriver.Chrome(options=options, service=service)
        browser.set_page_load_timeout(30)
        page = Path(folder) / "page.html"

        def show(html: str) -> str:
            # The mark at the start says UTF-8, whatever the page declares.
            page.write_bytes(b"\xef\xbb\xbf" + html.encode("utf-8", "replace"))
            browser.get(page.as_uri())
            return browser.execute_script(VISIBLE_TEXT)

        try:
            yield show
        finally:
            browser.quit()


def difference(shown: str, text: str) -> str | None:
    """The first places where two texts differ, white space apart; None where they do not."""
    mine, theirs = text.split(), shown.split()
    if mine == theirs:
        return None
    places = []
    for kind, start, end, first, last in difflib.SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if kind != "equal":
            before = " ".join(mine[max(0, start - 3) : start])
            places.append(f"after {before!r}: text {mine[start:end][:12]}, browser {theirs[first:last][:12]}")
    return "; ".join(places[:3]) + (f"; and {len(places) - 3} more" if len(places) > 3 else "")


def test_the_text_of_every_page_is_what_chromium_shows(visible_text, gold_pages):
    assert gold_pages
    wrong = {}
    for page in gold_pages:
        found = difference(visible_text(page.html), page.text)
        if found is not None:
            wrong[page.id] = f"{page.template}: {found}"
    assert not wrong, f"{len(wrong)} of {len(gold_pages)} pages:\n" + "\n".join(
        f"{name} ({what})" for name, what in wrong.items()
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>seen</p><p style='display:none'>gone</p><p hidden>gone</p>", "seen"),
        ("<p>seen</p><p style='position:absolute;left:-9999px'>gone <b>too</b></p>", "seen"),
        ("<p>seen</p><p style='position:absolute;left:10px;top:40px'>moved</p>", "seen moved"),
        ("<p>seen</p><p style='position:fixed;top:-400px'>gone</p>", "seen"),
        ("<p>seen</p><p style='position:absolute;clip:rect(0 0 0 0)'>gone</p>", "seen"),
        ("<p>seen</p><p style='position:absolute;width:1px;height:1px;overflow:hidden'>gone</p>", "seen"),
        ("<p>seen</p><p style='clip-path:inset(50%)'>gone</p><p style='opacity:0'>gone</p>", "seen"),
        ("<p>seen</p><p style='visibility:hidden'>gone <b style='visibility:visible'>back</b></p>", "seen back"),
        ("<p>seen</p><noscript>gone</noscript><script>/* gone */</script><template>gone</template>", "seen"),
        ("<p style='height:40px;overflow:hidden'>seen</p><p style='text-indent:-9999px'>gone</p>", "seen"),
        ("<p>se&shy;en <b>an</b>other &amp; caf\u00e9</p>", "se\u00aden another & caf\u00e9"),
        ("<details><summary>seen</summary>gone</details>", "seen"),
    ],
)
def test_what_css_takes_out_of_sight_is_not_visible(visible_text, html, expected):
    assert visible_text(f"<!DOCTYPE html><title>none</title>{html}").split() == expected.split()


@pytest.mark.parametrize(
    "html",
    [
        "<p>one<p>two<div>three<p>four",
        "<b><p>one</b> two</p><i>three<b>four</i>five</b>",
        "<p>o\0ne</p>\x07<p>two\0</p>",
        "<table><tr><td>one<td>two<p>before</table><table>lost<tr><td>in</table>",
        "<article><h1>one</h1><article>two</article></article></article></div>three",
        "<pre>one\n  two\n\nthree</pre><textarea>gone</textarea><input value=gone>",
        "one<br><br>two<br/>three<wbr>four&nbsp;five&shy;six &amp;amp; &lt;b&gt; &hellip",
        "<ul><li>one<li>two<ul><li>three</ul></ul><dl><dt>four<dd>five</dl>",
        "<svg width=90 height=20><title>gone</title><text x=0 y=15>one</text></svg><select><option>two<option>three</select>",
        "<!-- gone --><p>one<!-- > gone -->two<![CDATA[gone]]>three</p><details open><summary>four</summary>five</details>",
        "<span style=display:block>one</span><span style='display:inline-block'>two</span><i>th</i>r<u>ee</u>",
        "<p>one <a href=#>two</p><p>three</a> <font size=2>four<center>five</font></center>",
        "<style>p.x{display:none} .y > b{visibility:hidden}</style><p class=x>gone<p class=y>one<b>gone</b>two",
        "<button>one</button><label>two<select><option>three</select></label><fieldset><legend>four</legend></fieldset>",
    ],
)  # fmt: skip
def test_broken_markup_is_read_as_chromium_reads_it(visible_text, html):
    from newsbench.render import render

    page = f"<!DOCTYPE html><title>none</title>{html}"
    assert difference(visible_text(page), render(page).text) is None
