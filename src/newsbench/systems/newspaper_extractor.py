"""newspaper4k, given the page's HTML."""

from __future__ import annotations

from newsbench.systems.base import HtmlExtractor

# An address that cannot exist: the library wants one, and must not be able to fetch anything from it.
_ADDRESS = "https://page.invalid/"


class Newspaper(HtmlExtractor):
    """`newspaper.Article` fed with the HTML: English, no images, nothing fetched, nothing kept between pages.

    The language is given, since a page may declare the one it was translated from. The title is a separate field there
    and is not added. The steps that need data of NLTK (keywords, summary) are not called.
    """

    name = "newspaper4k"
    requires = "newspaper4k"
    description = "newspaper4k's article text, language set to English, without images"

    def extract(self, html: str) -> str | None:
        """Return the article's text without its title."""
        from newspaper import Article

        article = Article(_ADDRESS, language="en", fetch_images=False, memorize_articles=False)
        article.download(input_html=html, ignore_read_more=True)
        article.parse()
        return article.text
