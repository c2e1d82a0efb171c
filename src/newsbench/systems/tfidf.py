"""TF-IDF of the article and a linear classifier for each top-level topic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from newsbench.systems.articletext import article_text
from newsbench.systems.base import Fields, System
from newsbench.vocabulary import concepts, lineage, top_level, top_of

if TYPE_CHECKING:
    from newsbench.types import Page

# A further topic is given where its score comes close to the best one and is likely by itself.
_SHARE_OF_BEST = 0.8
_LIKELY = 0.5
_MOST = 3
# All names of the vocabulary together weigh as much as this many pages for each topic.
_NAMES_WEIGHT = 4.0


class Tfidf(System):
    """Logistic regression one against the rest over TF-IDF of words and pairs, on what looks like the article.

    The names of all topics of the vocabulary are training documents, too, each under its top-level topic: a topic that
    no training page has can still be predicted. Listed are the best topic (primary) and at most two more that score
    nearly as much; ``meta.scores`` holds the scores of all seventeen.
    """

    name = "tfidf"
    tasks = ("topics",)
    description = "TF-IDF of the article and topic names, logistic regression for each top-level topic"
    needs_training = True
    trains = True

    def __init__(self) -> None:
        self.vectorizer: Any = None
        self.weights: Any = None
        self.bias: Any = None

    def fit(self, pages: Sequence[Page]) -> None:
        """Learn from pages with topics, and from the vocabulary's names."""
        import numpy as np
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        labelled = [page for page in pages if page.topics]
        texts = [article_text(page.text) for page in labelled]
        tops = [{top_of(topic.code) for topic in page.topics or ()} for page in labelled]
        weights = [1.0] * len(texts)
        names = {code: _name_document(code) for code, concept in concepts().items() if not concept["retired"]}
        sizes: dict[str, int] = {}
        for code in names:
            sizes[top_of(code)] = sizes.get(top_of(code), 0) + 1
        for code, document in names.items():
            texts.append(document)
            tops.append({top_of(code)})
            weights.append(_NAMES_WEIGHT / sizes[top_of(code)])
        self.vectorizer = TfidfVectorizer(
            sublinear_tf=True, stop_words="english", ngram_range=(1, 2), strip_accents="unicode", max_features=60_000
        )
        matrix = self.vectorizer.fit_transform(texts)
        rows, biases = [], []
        for code in top_level():
            model = LogisticRegression(C=20.0, class_weight="balanced", max_iter=1000)
            model.fit(matrix, np.array([code in found for found in tops]), sample_weight=np.array(weights))
            rows.append(model.coef_[0])
            biases.append(float(model.intercept_[0]))
        self.weights, self.bias = np.array(rows), np.array(biases)

    def run(self, page: Page) -> Fields:
        """Return the best topics with their scores, and all scores under ``meta``."""
        import numpy as np

        if self.vectorizer is None:
            raise ValueError("tfidf: call fit first")
        found = self.vectorizer.transform([article_text(page.text)])
        logits = np.asarray(found @ self.weights.T).ravel() + self.bias
        scores = dict(zip(top_level(), (1 / (1 + np.exp(-logits))).round(6).tolist(), strict=True))
        ranked = sorted(scores, key=lambda code: (-scores[code], code))
        least = max(_LIKELY, _SHARE_OF_BEST * scores[ranked[0]])
        chosen = [ranked[0], *(code for code in ranked[1:_MOST] if scores[code] >= least)]
        topics = [{"code": code, "score": scores[code], "primary": at == 0} for at, code in enumerate(chosen)]
        return {"topics": topics, "meta": {"scores": scores}}


def _name_document(code: str) -> str:
    """The names of a topic and its ancestors, its own twice."""
    names = [concepts()[step]["name"] for step in lineage(code)]
    return " . ".join([names[0], *names])
