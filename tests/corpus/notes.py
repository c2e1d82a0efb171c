"""The other way round: an annotated take as shorthand, so that a round trip can be tried."""

from __future__ import annotations

from newsbench.corpus.annotation import FEATURES, Annotation, Attribution
from newsbench.corpus.notation import ROLES, places_of
from newsbench.corpus.take import Take


def write_notes(take: Take, annotation: Annotation) -> str:
    lines = ["topics " + " ".join(topic["code"] for topic in annotation.topics)]
    for source in annotation.sources:
        parts = [source[key] for key in ("id", "name", "kind", "naming", "entity") if source[key]]
        lines.append("source " + " | ".join(parts))
    for attribution in annotation.attributions:
        lines += [_first_line(attribution), *_quotations(take, attribution)]
    return "\n".join(lines) + "\n"


def _first_line(attribution: Attribution) -> str:
    given = {key: value for key, value in attribution.features.items() if value != FEATURES[key]}
    given |= {"parent": attribution.parent, "statement": attribution.statement}
    given |= {"no_comment": "true" if attribution.no_comment else None}
    features = (f"{key}={value}" for key, value in given.items() if value)
    return " ".join([attribution.id, attribution.form, *attribution.source_ids, *features])


def _quotations(take: Take, attribution: Attribution):
    letters = {name: letter for letter, name in ROLES.items()}
    for role, letter in letters.items():
        spans = attribution.quoted if role == "quoted" else attribution.spans[role]
        for leaf, start, end in spans:
            text = take.leaves[leaf].text
            which = places_of(text[start:end], text).index((start, end)) + 1
            words = text[start:end]
            if role == "cue" and len(" ".join(take.leaves[n].text[s:e] for n, s, e in spans).split()) > 1:
                for number, first, last in attribution.cue_head:
                    if number == leaf and start <= first and last <= end:
                        words = f"{text[start:first]}{{{text[first:last]}}}{text[last:end]}"
            yield f"{letter} {leaf}@{which} {words}".replace("\n", " ")
