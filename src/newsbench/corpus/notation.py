"""The annotators' shorthand: what a reader marks, quoted by number of element, without writing the article out again.

A file in shorthand becomes a layer (or the gold) of a take; `FORMAT.md`, section 5, describes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from newsbench.corpus.problems import Report
from newsbench.corpus.take import Leaf

ROLES = {
    "C": "content", "S": "source", "K": "cue", "A": "addressee", "M": "medium", "H": "hedge", "Q": "quoted",
}  # fmt: skip
FORMS = ("direct", "indirect", "mixed", "reported", "free_indirect")
FEATURES = ("channel", "polarity", "modality", "evidential", "parent", "no_comment", "statement")
PAGE = ("genre", "aspect", "places")
ELISION = "…"
SHOWN = 40

# Characters that are typed one for another: same length, so that offsets stay.
_ALIKE = str.maketrans("“”„«»″‘’‚′ʼ\u00a0\u202f\u2009\u2011–—\n", '""""""\'\'\'\'\' ' + "  ---" + " ")

Span = tuple[int, int, int]  # leaf number, start, end


@dataclass
class Marked:
    """One attribution in shorthand, its quotations resolved to spans of leaves."""

    id: str
    form: str
    sources: list[str]
    features: dict[str, str]
    line: int
    spans: dict[str, list[Span]] = field(default_factory=lambda: {name: [] for name in (*ROLES.values(), "head")})


@dataclass
class Notation:
    """A whole file in shorthand; `choices` tells where one of several equal places was taken."""

    page: dict[str, str] = field(default_factory=dict)
    topics: list[str] = field(default_factory=list)
    sources: dict[str, dict[str, str]] = field(default_factory=dict)
    attributions: dict[str, Marked] = field(default_factory=dict)
    choices: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Quotation:
    role: str
    leaf: int
    text: str
    which: int | None  # the n-th place, from 1; None: the only one, or the nearest to the content
    line: int


def print_elements(leaves: Sequence[Leaf]) -> Iterator[str]:
    """Give each element with its number, as the shorthand names it."""
    for leaf in leaves:
        text = leaf.text.replace("\n", " / ")
        yield f"[{leaf.number}] {leaf.segment}: {text}"


def read_notation(text: str, leaves: Sequence[Leaf], report: Report, *, onto: Notation | None = None) -> Notation:
    """Read a file in shorthand and find what it quotes in `leaves`; faults go to `report`.

    With `onto`, the file is a correction: a topic line replaces the topics, a source or an attribution that is there
    is replaced, `a7 +statement=x` changes single features, `a7 -` and `source x -` remove, everything else is added.
    """
    notation = onto or Notation()
    current: Marked | None = None
    quotations: dict[str, list[_Quotation]] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        head, _, rest = line.partition(" ")
        if head == "topics":
            notation.topics, current = rest.split(), None
        elif head == "page":
            _read_page(rest, number, notation, report)
            current = None
        elif head == "source":
            _read_source(rest, number, notation, report)
            current = None
        elif head in ROLES and current is not None:
            quotations[current.id].extend(_read_quotation(ROLES[head], rest, number, leaves, report))
        elif re.fullmatch(r"a\d+[a-z]?", head):
            current = _read_attribution(head, rest, number, notation, report)
            if current is not None:
                quotations[current.id] = []
        else:
            report.add(
                number,
                f"cannot read {line[:SHOWN]!r}; a line begins with page, topics, source, an id (a1, a2 …) or, below an "
                f"id, with one of {' '.join(ROLES)}",
            )
    for name, found in quotations.items():
        _place(notation.attributions[name], found, leaves, notation, report)
    return notation


def _read_page(rest: str, line: int, notation: Notation, report: Report) -> None:
    for word in rest.split():
        key, _, value = word.partition("=")
        if key not in PAGE or not value:
            report.add(line, f"page: {word!r} cannot be read; allowed are {', '.join(PAGE)}, each with =value")
        else:
            notation.page[key] = value.replace(",", " ")


def _read_source(rest: str, line: int, notation: Notation, report: Report) -> None:
    if re.fullmatch(r"[a-z0-9-]+ -", rest):
        if notation.sources.pop(rest[:-2], None) is None:
            report.add(line, f"there is no source {rest[:-2]!r} to remove")
        return
    parts = [part.strip() for part in rest.split("|")]
    if len(parts) not in (4, 5):
        report.add(line, "a source is written: source id | name | kind | naming, in the gold with | entity behind it")
        return
    notation.sources[parts[0]] = dict(zip(("name", "kind", "naming", "entity"), parts[1:], strict=False))


def _read_attribution(name: str, rest: str, line: int, notation: Notation, report: Report) -> Marked | None:
    words = rest.split()
    if words == ["-"]:
        if notation.attributions.pop(name, None) is None:
            report.add(line, f"there is no attribution {name} to remove")
        return None
    if words and words[0].startswith("+"):
        if name not in notation.attributions:
            report.add(line, f"there is no attribution {name} to change")
            return None
        found = notation.attributions[name]
        _read_features(name, [word.lstrip("+") for word in words], found.features, found, line, report)
        return None
    if not words or words[0] not in FORMS:
        report.add(line, f"{name}: the form comes first; allowed are {', '.join(FORMS)}")
        return None
    marked = Marked(name, words[0], [word for word in words[1:] if "=" not in word], {}, line)
    _read_features(name, [word for word in words[1:] if "=" in word], marked.features, marked, line, report)
    if not marked.sources:
        report.add(line, f"{name}: names no source; one of kind unspecified stands for nobody")
    notation.attributions[name] = marked
    return marked


def _read_features(name: str, words: list[str], features: dict, marked: Marked, line: int, report: Report) -> None:
    for word in words:
        key, equals, value = word.partition("=")
        if key == "form" and value in FORMS:
            marked.form = value
        elif key == "source" and value:
            marked.sources = value.split(",")
        elif not equals or key not in FEATURES:
            report.add(line, f"{name}: {word!r} is no feature; allowed are {', '.join(FEATURES)}, each with =value")
        elif value in ("", "-"):
            features.pop(key, None)
        else:
            features[key] = value


def _read_quotation(role: str, rest: str, line: int, leaves: Sequence[Leaf], report: Report) -> Iterator[_Quotation]:
    match = re.match(r"(\d+)(?:@(\d+))?\s+(.+)", rest)
    if match is None or int(match[1]) >= len(leaves):
        report.add(
            line, f"{rest[:SHOWN]!r}: a quotation is the number of an element (0 to {len(leaves) - 1}) and words"
        )
        return
    for piece in match[3].split(" || "):
        yield _Quotation(role, int(match[1]), piece.strip(), int(match[2]) if match[2] else None, line)


def _place(
    marked: Marked, quotations: list[_Quotation], leaves: Sequence[Leaf], notation: Notation, report: Report
) -> None:
    """Find an attribution's quotations: contents first, then each other element at the place nearest to them."""
    ordered = sorted(quotations, key=lambda quotation: quotation.role not in ("content", "cue"))
    ordered.sort(key=lambda quotation: quotation.role != "content")
    for quotation in ordered:
        words, _, _ = quotation.text.partition("{")
        plain = quotation.text.replace("{", "").replace("}", "") if quotation.role == "cue" else quotation.text
        places = _find(plain, leaves[quotation.leaf].text)
        if not places:
            report.add(quotation.line, f"{marked.id}: {quotation.role} {plain!r} is not in element {quotation.leaf}")
            continue
        span = _choose(marked, quotation, places, leaves, notation, report)
        if span is None:
            continue
        marked.spans[quotation.role].append((quotation.leaf, *span))
        if quotation.role == "cue" and "{" in quotation.text:
            start = span[0] + len(words)
            head = quotation.text.partition("{")[2].partition("}")[0]
            marked.spans["head"].append((quotation.leaf, start, start + len(head)))


def _choose(
    marked: Marked, quotation: _Quotation, places: list[tuple[int, int]], leaves: Sequence[Leaf], notation: Notation,
    report: Report,
) -> tuple[int, int] | None:  # fmt: skip
    if quotation.which is not None:
        if quotation.which > len(places):
            report.add(quotation.line, f"{marked.id}: {quotation.text!r} occurs {len(places)} times in that element")
            return None
        return places[quotation.which - 1]
    if len(places) == 1:
        return places[0]
    near = [span for role in ("content", "cue") for span in marked.spans[role] if span[0] == quotation.leaf]
    if quotation.role == "content" or not near:
        report.add(
            quotation.line,
            f"{marked.id}: {quotation.role} {quotation.text!r} occurs {len(places)} times in element {quotation.leaf}; "
            f"write {quotation.leaf}@1 for the first, {quotation.leaf}@2 for the second …",
        )
        return None
    taken = min(range(len(places)), key=lambda index: (_distance(places[index], near), index))
    text = leaves[quotation.leaf].text
    start, end = places[taken]
    notation.choices.append(
        f"{marked.id}: {quotation.role} {quotation.text!r}: number {taken + 1} of {len(places)} in element "
        f"{quotation.leaf} (…{text[max(0, start - 25) : start]}[{text[start:end]}]{text[end : end + 25]}…)"
    )
    return start, end


def _distance(place: tuple[int, int], near: Sequence[Span]) -> int:
    start, end = place
    gaps = [max(first - end, start - last) for _, first, last in near]
    # inside a content is further away than beside it: a pronoun in the quoted words is not who says them
    return min(gap if gap >= 0 else 200 for gap in gaps)


def _find(quoted: str, text: str) -> list[tuple[int, int]]:
    """Give all places of `quoted`, in which `…` between two words stands for what is left out."""
    first, elided, last = (part.strip() for part in quoted.partition(f" {ELISION} "))
    if not elided:
        return places_of(quoted, text)
    found = []
    for start, end in places_of(first, text):
        rest = next((place for place in places_of(last, text) if place[0] >= end), None)
        if rest is not None:
            found.append((start, rest[1]))
    return found


def places_of(words: str, text: str) -> list[tuple[int, int]]:
    """Give the places of words in a text, not inside a longer word; typed characters may stand for their like."""
    for quoted, searched in ((words, text), (words.translate(_ALIKE), text.translate(_ALIKE))):
        before = r"(?<!\w)" if quoted[:1].isalnum() else ""
        after = r"(?!\w)" if quoted[-1:].isalnum() else ""
        found = [match.span() for match in re.finditer(before + re.escape(quoted) + after, searched)]
        if found:
            break
    return found
