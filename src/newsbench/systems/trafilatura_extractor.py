"""trafilatura with its standard settings for articles."""

from __future__ import annotations

from newsbench.systems.base import HtmlExtractor


class Trafilatura(HtmlExtractor):
    """`trafilatura.extract` as balanced as it comes, with tables and its fallbacks, without readers' comments.

    Its manual advises the balanced mode unless precision or recall is at a premium, and to leave comments out where
    only the article counts. Nothing is deduplicated: what one page repeats must not change the next.
    """

    name = "trafilatura"
    requires = "trafilatura"
    description = "trafilatura in its balanced mode, tables kept, comments left out"

    def extract(self, html: str) -> str | None:
        """Return the article's text, headings included where the extractor keeps them."""
        import trafilatura

        return trafilatura.extract(html, include_comments=False, include_tables=True, deduplicate=False)
