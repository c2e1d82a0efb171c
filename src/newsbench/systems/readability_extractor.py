"""readability-lxml, the Python port of Arc90's Readability, and the text of the HTML that it keeps."""

from __future__ import annotations

from newsbench.systems.base import HtmlExtractor


class Readability(HtmlExtractor):
    """`readability.Document(html).summary()` with its standard settings; blocks become lines.

    The page's title is a separate field there (`Document.title`) and is not added.
    """

    name = "readability"
    requires = "readability-lxml"
    description = "readability-lxml's summary, turned into text block by block"

    def extract(self, html: str) -> str | None:
        """Return the text of the summary."""
        from readability import Document

        from newsbench.systems.markup import text_of

        return text_of(Document(html).summary(html_partial=True))
