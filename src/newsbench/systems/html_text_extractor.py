"""html-text: the whole page as text, hidden parts included."""

from __future__ import annotations

from newsbench.systems.base import HtmlExtractor


class HtmlText(HtmlExtractor):
    """`html_text.extract_text`: everything but scripts and styles, the floor for whoever reads HTML."""

    name = "html-text"
    requires = "html-text"
    description = "html-text's text of the whole page, no boilerplate removed"

    def extract(self, html: str) -> str | None:
        """Return the text of the whole page."""
        import html_text

        return html_text.extract_text(html)
