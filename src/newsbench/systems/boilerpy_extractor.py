"""BoilerPy3, the Python port of boilerpipe."""

from __future__ import annotations

from newsbench.systems.base import HtmlExtractor


class Boilerpy(HtmlExtractor):
    """`boilerpy3.extractors.ArticleExtractor`, the one that its manual names for news articles."""

    name = "boilerpy3"
    requires = "boilerpy3"
    description = "BoilerPy3's ArticleExtractor"

    def extract(self, html: str) -> str | None:
        """Return the content blocks, one a line."""
        from boilerpy3.extractors import ArticleExtractor

        return ArticleExtractor(raise_on_failure=True).get_content(html)
