"""The two ends of the scale: keep all, keep nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsbench.systems.base import Fields, System

if TYPE_CHECKING:
    from newsbench.types import Page


class WholePage(System):
    """Keep the page's whole visible text: full recall, the precision of a page."""

    name = "whole-page"
    tasks = ("boilerplate",)
    description = "the whole visible text, nothing removed"

    def run(self, page: Page) -> Fields:
        """Return the page's text."""
        return {"main_text": page.text}


class Nothing(System):
    """Keep nothing: what a scorer must give no credit for."""

    name = "nothing"
    tasks = ("boilerplate",)
    description = "an empty text"

    def run(self, page: Page) -> Fields:
        """Return an empty text."""
        return {"main_text": ""}
