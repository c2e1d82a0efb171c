"""jusText: paragraphs kept by length, link density and share of stop words."""

from __future__ import annotations

from newsbench.systems.base import HtmlExtractor


class Justext(HtmlExtractor):
    """`justext.justext` with the English stop list and its standard thresholds; good paragraphs are kept.

    All pages are in English, whatever language the article was written in, so one list is right for all.
    """

    name = "justext"
    requires = "jusText"
    description = "jusText with the English stop list; paragraphs that are not boilerplate"

    def extract(self, html: str) -> str | None:
        """Return the paragraphs that are not boilerplate, headings near them included."""
        import justext

        paragraphs = justext.justext(html, justext.get_stoplist("English"))
        return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)
