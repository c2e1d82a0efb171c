"""goose3, given the page's HTML."""

from __future__ import annotations

from newsbench.systems.base import HtmlExtractor


class Goose(HtmlExtractor):
    """`goose3.Goose.extract(raw_html=...)`: English, no images, nothing fetched.

    The language is given, since a page may declare the one it was translated from. The title is a separate field there
    and is not added.
    """

    name = "goose3"
    requires = "goose3"
    description = "goose3's cleaned text, language set to English, without images"

    def extract(self, html: str) -> str | None:
        """Return the cleaned text without the title."""
        import goose3

        settings = {"enable_image_fetching": False, "use_meta_language": False, "target_language": "en"}
        with goose3.Goose(settings) as goose:
            return goose.extract(raw_html=html).cleaned_text
