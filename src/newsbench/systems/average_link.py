"""Stories by average linkage over TF-IDF, titled by their salient capitalised words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from newsbench.systems.articletext import article_text
from newsbench.systems.base import Fields, System

if TYPE_CHECKING:
    from newsbench.types import Page

# Cosine distance at which groups are no longer joined, where there was nothing to learn it from.
_THRESHOLD = 0.85
_TITLE_WORDS = 4
_TOKEN = r"(?u)\b[^\W\d_][^\W_]+\b"


class AverageLink(System):
    """Agglomerative clustering of all pages: cosine distance of TF-IDF, average linkage, cut at a distance threshold.

    Training chooses the threshold: of all cuts of the training pages' own tree the one with the highest F1 over pairs
    of pages; of several that are as good, the one nearest to 0.85. No calendar, no outlet: only what looks like the
    article.
    """

    name = "average-link"
    tasks = ("stories", "titles")
    description = "agglomerative clustering with average linkage over TF-IDF, cut at a threshold chosen in training"
    trains = True
    whole_corpus = True

    def __init__(self) -> None:
        self.threshold = _THRESHOLD

    def fit(self, pages: Sequence[Page]) -> None:
        """Choose the threshold on pages with stories; with fewer than two stories the standard one stays."""
        labelled = [page for page in pages if page.story is not None]
        stories = [str(page.story) for page in labelled]
        self.threshold = _THRESHOLD
        if len(set(stories)) < 2 or len(set(stories)) == len(stories):
            return
        tree = _tree(_vectors(labelled)[0])
        heights = sorted({float(step[2]) for step in tree})
        bounds = [0.0, *heights, 1.0]
        cuts = [(low + high) / 2 for low, high in pairwise(bounds)]
        scores = [_pairwise_f1(_cut(tree, cut), stories) for cut in cuts]
        best = max(scores)
        self.threshold = min(
            (cut for cut, score in zip(cuts, scores, strict=True) if score == best),
            key=lambda cut: (abs(cut - _THRESHOLD), cut),
        )

    def run_all(self, pages: Sequence[Page]) -> list[Fields]:
        """Return `story` (a label) and `story_title` for each page."""
        import numpy as np

        if not pages:
            return []
        matrix, vocabulary = _vectors(pages)
        labels = _cut(_tree(matrix), self.threshold)
        texts = [article_text(page.text) for page in pages]
        titles = {}
        for label in sorted(set(labels)):
            members = [at for at, found in enumerate(labels) if found == label]
            weights = np.asarray(matrix[members].mean(axis=0)).ravel()
            titles[label] = _title([texts[at] for at in members], weights, vocabulary)
        return [{"story": f"story-{label}", "story_title": titles[label]} for label in labels]


def _vectors(pages: Sequence[Page]) -> tuple[Any, dict[str, int]]:
    """Return pages x words, TF-IDF with unit rows, and the column of each word."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english", token_pattern=_TOKEN, strip_accents="unicode")
    try:
        matrix = vectorizer.fit_transform(article_text(page.text) or "x" for page in pages)
    except ValueError:
        # No page holds a word.
        from scipy.sparse import csr_matrix

        return csr_matrix((len(pages), 1)), {}
    return matrix, vectorizer.vocabulary_


def _tree(matrix: Any) -> Any:
    """Return SciPy's linkage matrix (steps x 4: two groups, height, size); empty for a single page."""
    import numpy as np
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    if matrix.shape[0] < 2:
        return np.zeros((0, 4))
    distance = np.clip(1 - (matrix @ matrix.T).toarray(), 0, 1)
    distance = (distance + distance.T) / 2
    np.fill_diagonal(distance, 0)
    return linkage(squareform(distance, checks=False), method="average")


def _cut(tree: Any, threshold: float) -> list[int]:
    """Return a label for each page, numbered in page order."""
    if not len(tree):
        return [0]
    from scipy.cluster.hierarchy import fcluster

    numbers: dict[int, int] = {}
    return [numbers.setdefault(int(label), len(numbers)) for label in fcluster(tree, threshold, criterion="distance")]


def _pairwise_f1(labels: Sequence[int], stories: Sequence[str]) -> float:
    """F1 over pairs of pages: together in the clusters, together in the gold."""

    def pairs(groups: Counter) -> int:
        return sum(size * (size - 1) // 2 for size in groups.values())

    both = pairs(Counter(zip(labels, stories, strict=True)))
    return 2 * both / max(1, pairs(Counter(labels)) + pairs(Counter(stories)))


def _title(texts: Sequence[str], weights: Any, vocabulary: dict[str, int]) -> str:
    """Return the cluster's weightiest words, as they are mostly written, in the order of their first text."""
    forms: dict[str, Counter] = {}
    names: Counter = Counter()
    for text in texts:
        for match in re.finditer(_TOKEN, text):
            plain = unicodedata.normalize("NFKD", match[0].lower())
            word = "".join(c for c in plain if not unicodedata.combining(c))
            if word in vocabulary:
                forms.setdefault(word, Counter())[match[0]] += 1
                names[word] += match[0][0].isupper()
    if not forms:
        return ""

    def weight(word: str) -> float:
        capital = names[word] / sum(forms[word].values())
        return float(weights[vocabulary[word]]) * (1 + capital)

    best = sorted(forms, key=lambda word: (-weight(word), word))[:_TITLE_WORDS]
    # Names first, as titles have it; among them the weightiest first.
    best.sort(key=lambda word: names[word] * 2 < sum(forms[word].values()))
    return " ".join(_capitalised(forms[word].most_common(1)[0][0]) for word in best)


def _capitalised(word: str) -> str:
    return word[0].upper() + word[1:]
