"""Resiliparse's rule-based plain-text extraction."""

from __future__ import annotations

from newsbench.systems.base import HtmlExtractor


class Resiliparse(HtmlExtractor):
    """`extract_plain_text` with `main_content=True`; bullets and alternative texts off, since a reader sees neither."""

    name = "resiliparse"
    requires = "resiliparse"
    description = "Resiliparse's extract_plain_text for main content, without bullets and alternative texts"

    def extract(self, html: str) -> str | None:
        """Return the main content as plain text."""
        from resiliparse.extract.html2text import extract_plain_text

        return extract_plain_text(html, main_content=True, list_bullets=False, alt_texts=False)
