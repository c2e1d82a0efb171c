"""What a system is: a page goes in, the fields of a prediction come out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from newsbench.types import Page

Fields = dict[str, Any]


class System:
    """A system that `newsbench run` can run; third parties subclass it or offer the same attributes and methods.

    `requires` is the distribution on PyPI that it wraps. An instance must survive pickling, fitted state included, and
    must give the same answer to the same page whatever came before.
    """

    name: ClassVar[str] = ""
    tasks: ClassVar[tuple[str, ...]] = ()
    description: ClassVar[str] = ""
    requires: ClassVar[str | None] = None
    #: True where `run` cannot answer before `fit`.
    needs_training: ClassVar[bool] = False
    #: True where `fit` does something; False saves the caller from loading training pages.
    trains: ClassVar[bool] = False
    #: True where the answer to a page depends on the other pages: then `run_all` is called, not `run`.
    whole_corpus: ClassVar[bool] = False

    def fit(self, pages: Sequence[Page]) -> None:
        """Learn from labelled pages; what was learnt before is forgotten."""

    def run(self, page: Page) -> Fields:
        """Return the fields of a prediction for a page (`schema/prediction.schema.json`), without its id.

        ``{"error": reason}`` says that there is no answer. May raise: the caller turns that into such a record.
        """
        raise NotImplementedError(f"{type(self).__name__} answers whole corpora only: call run_all")

    def run_all(self, pages: Sequence[Page]) -> list[Fields]:
        """Return the fields for each page, in order, seen together."""
        return [self.run(page) for page in pages]


class HtmlExtractor(System):
    """A boilerplate remover that reads a page's HTML and returns the text it keeps."""

    tasks = ("boilerplate",)

    def run(self, page: Page) -> Fields:
        """Return ``main_text``, or an error where the page has no HTML or the extractor returns nothing."""
        if not page.html:
            return {"error": "page has no html"}
        text = self.extract(page.html)
        if text is None:
            return {"error": f"{self.name} returned nothing"}
        return {"main_text": text}

    def extract(self, html: str) -> str | None:
        """Return the text that the extractor keeps of a page; None where it finds none."""
        raise NotImplementedError
