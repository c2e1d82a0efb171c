"""What attributions are like: how many, of which forms, with which sources and cues."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from newsbench.corpusreport.articleside import Article, examples
from newsbench.corpusreport.tables import Cell, Table, middle, quartiles, share
from newsbench.corpusreport.wording import entropy, head_of, stem
from newsbench.text import words
from newsbench.types import Attribution, Fragments, Page

FORMS = ("indirect", "direct", "mixed", "reported", "free_indirect")
PRONOUNS = frozenset(
    "he she they it i we you who him her them me us himself herself themselves this these those that one some others "  # noqa: SIM905
    "someone somebody everyone everybody nobody both".split()
)
_NORM = 750
_TOP_CUES = 15


def attribution_figures(articles: Sequence[Article]) -> dict[str, Cell]:
    """Return the figures of the articles that have annotation, by name; shares are of attributions."""
    annotated = [article for article in articles if article.page.attributions is not None]
    numbers = [len(article.page.attributions or ()) for article in annotated]
    size = sum(len(article.tokens) for article in annotated)
    every = [(article.page, found) for article in annotated for found in article.page.attributions or ()]
    counts: Counter[str] = Counter()
    lengths, in_headline, in_opening = [], 0, 0
    for article in annotated:
        where = _Places(article)
        attributions = article.page.attributions or ()
        hulls = [(a.content[0].start, a.content[-1].end) for a in attributions if a.content]
        headline = opening = False
        for found in attributions:
            counts.update(_features(article.page, found, where, hulls))
            lengths.append(len(words(_text(article.page, found.content))))
            headline |= where.touches(found, where.headline)
            opening |= where.touches(found, where.opening)
        in_headline += headline
        in_opening += opening
    figures: dict[str, Cell] = {
        "annotated articles": len(annotated),
        "attributions": len(every),
        "attributions an article, median": middle(numbers),
        "attributions an article, quartiles": quartiles(numbers),
        f"attributions per {_NORM} words": share(_NORM * len(every), size),
    }
    forms = Counter(found.form for _, found in every)
    for form in FORMS:
        figures[f"form {form}, share"] = share(forms[form], len(every))
    for name in (
        "without a source", "source a pronoun only", "content in several fragments", "content across paragraphs",
        "content inside another's content", "negated", "hypothetical", "hedged", "hearsay or alleged", "no comment",
        "without a cue", "with an addressee", "with a medium",
    ):  # fmt: skip
        figures[f"{name}, share"] = share(counts[name], len(every))
    figures["in the headline, share of articles"] = share(in_headline, len(annotated))
    figures["in the headline or first paragraph, share of articles"] = share(in_opening, len(annotated))
    lengths = [length for length in lengths if length]
    figures["content words, median"] = middle(lengths)
    figures["content words, quartiles"] = quartiles(lengths)
    return figures | cue_figures(every)


def cue_figures(every: Sequence[tuple[Page, Attribution]]) -> dict[str, Cell]:
    """Return how varied cue words are; forms of a verb count as one (`newsbench.corpusreport.wording.stem`)."""
    heads: list[str] = []
    for page, found in every:
        cue = words(_text(page, found.cue_head or found.cue))
        if cue:
            heads.append(head_of(cue))
        elif found.cue:
            heads.append(_text(page, found.cue).strip())
    stems = Counter(map(stem, heads))
    shown: dict[str, Counter[str]] = {}
    for head in heads:
        shown.setdefault(stem(head), Counter())[head] += 1
    named = Counter({shown[key].most_common(1)[0][0]: count for key, count in stems.items()})
    return {
        "cue lemmas": len(stems),
        "cue lemmas per 100 cues": share(100 * len(stems), len(heads)),
        "cue lemmas, entropy in bits": entropy(stems.values()),
        "cues of say, share": share(stems[stem("say")], len(heads)),
        "the cue word said, share": share(heads.count("said"), len(heads)),
        "most frequent cue lemmas": examples(named, _TOP_CUES),
    }


def sources(pages: Sequence[Page]) -> Table:
    """Return cited sources by how they are named and by kind."""
    every = [source for page in pages for source in page.sources or ()]
    naming, kinds = Counter(s.naming for s in every), Counter(s.kind for s in every)
    rows = [(f"{name}, share", share(count, len(every))) for name, count in naming.most_common()]
    rows += [(f"kind {name}, share", share(count, len(every))) for name, count in kinds.most_common()]
    return Table("Sources", ("what", "value"), [("sources", len(every)), *rows])


def _text(page: Page, fragments: Fragments) -> str:
    return " ".join(page.text[fragment.start : fragment.end] for fragment in fragments)


class _Places:
    """Which content segments a span touches, and which of them open the article."""

    def __init__(self, article: Article) -> None:
        segments = article.segments
        self.starts = [segment.start for segment in segments]
        self.headline = {n for n, segment in enumerate(segments) if segment.type == "headline"}
        first = next((n for n, s in enumerate(segments) if s.type not in ("headline", "standfirst")), len(segments))
        self.opening = set(range(first + 1))

    def segments_of(self, fragments: Fragments) -> set[int]:
        """Return the numbers of the content segments in which fragments begin or end, and those between."""
        found: set[int] = set()
        for start, end in fragments:
            found.update(range(bisect_right(self.starts, start) - 1, bisect_right(self.starts, max(start, end - 1))))
        return found

    def touches(self, found: Attribution, segments: set[int]) -> bool:
        """Tell whether an attribution has its content, or else its cue, in one of some segments."""
        return bool(self.segments_of(found.content or found.cue) & segments)


def _features(page: Page, found: Attribution, where: _Places, hulls: Sequence[tuple[int, int]]) -> set[str]:
    source = words(_text(page, found.source))
    hull = (found.content[0].start, found.content[-1].end) if found.content else None
    inside = hull is not None and any(o[0] <= hull[0] and hull[1] <= o[1] and o != hull for o in hulls)
    named = {
        "without a source": not found.source,
        "source a pronoun only": bool(source) and set(source) <= PRONOUNS,
        "content in several fragments": len(found.content) > 1,
        "content across paragraphs": len(where.segments_of(found.content)) > 1,
        "content inside another's content": inside,
        "negated": found.polarity == "negated",
        "hypothetical": found.modality == "hypothetical",
        "hedged": bool(found.hedge),
        "hearsay or alleged": found.evidential in ("hearsay", "alleged"),
        "no comment": found.no_comment,
        "without a cue": not found.cue,
        "with an addressee": bool(found.addressee),
        "with a medium": bool(found.medium),
    }
    return {name for name, there in named.items() if there}
