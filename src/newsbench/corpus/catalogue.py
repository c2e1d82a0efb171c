"""Outlets, briefs and the tables of `schema/`, read and checked."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from newsbench.corpus.habits import check_habits
from newsbench.corpus.markup import has_marks
from newsbench.corpus.problems import Report

OUTLET_KEYS = {
    "id": str, "name": str, "country": str, "country_name": str, "language": str, "kind": str, "domain": str,
    "family": str, "date_format": str,
}  # fmt: skip
STORY_KEYS = {"id": str, "title": str, "titles": list, "split": str, "places": list}
SPLITS = ("train", "validation", "test")
AGGREGATOR = "aggregator"
_DATE_FIELDS = "day day2 month month2 month_name month_abbr weekday year time".split()  # noqa: SIM905


@dataclass(frozen=True)
class Tables:
    """Segment types with their roles, and the topics of the pinned vocabulary (code to name, retired or not)."""

    roles: dict[str, str]
    topics: dict[str, dict]

    def types(self, role: str) -> frozenset[str]:
        """Give the segment types of a role."""
        return frozenset(name for name, given in self.roles.items() if given == role)


@dataclass
class Catalogue:
    """Outlets by id (the aggregator apart) and briefs by id."""

    outlets: dict[str, dict] = field(default_factory=dict)
    stories: dict[str, dict] = field(default_factory=dict)
    aggregator: dict | None = None


def load_tables(schema: Path) -> Tables:
    """Read `segments.json` and `topics.json` from the folder `schema`."""
    segments = json.loads((schema / "segments.json").read_text("utf-8"))
    topics = json.loads((schema / "topics.json").read_text("utf-8"))
    return Tables({name: entry["role"] for name, entry in segments["types"].items()}, topics["topics"])


def load_catalogue(seeds: Path, reports: list[Report]) -> Catalogue:
    """Read all outlets and briefs under `seeds`; what is wrong with them goes to `reports`."""
    catalogue = Catalogue()
    for path in sorted((seeds / "outlets").glob("*.yaml")):
        report = Report(path)
        reports.append(report)
        outlet = _read_yaml(path, report)
        if outlet is None:
            continue
        check_outlet(outlet, path.stem, report)
        if path.stem == AGGREGATOR:
            catalogue.aggregator = outlet
        else:
            catalogue.outlets[path.stem] = outlet
    for path in sorted((seeds / "stories").glob("*/story.yaml")):
        report = Report(path)
        reports.append(report)
        story = _read_yaml(path, report)
        if story is not None:
            check_story(story, path.parent.name, report)
            catalogue.stories[path.parent.name] = story
    return catalogue


def check_outlet(outlet: dict, name: str, report: Report) -> None:
    """Check an outlet's keys, the fields of its formats, and that its furniture is text throughout."""
    _check_keys(outlet, OUTLET_KEYS, report)
    if outlet.get("id") != name:
        report.add(0, f"id is {outlet.get('id')!r}; it must be the file's name, {name!r}")
    country = outlet.get("country")
    if isinstance(country, str) and name != AGGREGATOR and not name.startswith(country.lower() + "-"):
        report.add(0, f"the id must start with the country code in lower case: {country.lower()}-…")
    if isinstance(outlet.get("domain"), str) and not outlet["domain"].endswith(".example"):
        report.add(0, f"domain is {outlet['domain']!r}; it must end in .example")
    for key, fields in (("date_format", _DATE_FIELDS), ("byline_format", ["name"])):
        if isinstance(outlet.get(key), str):
            try:
                outlet[key].format(**dict.fromkeys(fields, ""))
            except (KeyError, IndexError, ValueError) as error:
                report.add(0, f"{key} {outlet[key]!r} cannot be filled ({error}); fields are {', '.join(fields)}")
    check_habits(outlet, report)
    if not isinstance(outlet.get("furniture", {}), dict):
        report.add(0, "furniture must be a mapping")
        outlet["furniture"] = {}
    elif "furniture" in outlet:
        _check_text(outlet["furniture"], "furniture", report)


def check_story(story: dict, name: str, report: Report) -> None:
    """Check a brief's keys, its split, its titles and the ids of its people, statements and aspects."""
    _check_keys(story, STORY_KEYS, report)
    if story.get("id") != name:
        report.add(0, f"id is {story.get('id')!r}; it must be the folder's name, {name!r}")
    if story.get("split") not in SPLITS:
        report.add(0, f"split is {story.get('split')!r}; allowed are {', '.join(SPLITS)}")
    if isinstance(story.get("titles"), list) and len(story["titles"]) != 2:
        report.add(0, f"titles holds {len(story['titles'])} titles; two are wanted beside title")
    for place in story.get("places") or ():
        if not isinstance(place, str) or len(place) != 2 or not place.isupper():
            report.add(0, f'places holds {place!r}; allowed are ISO 3166-1 codes of two capitals (quote "NO")')
    if not _is_date(story.get("date")):
        report.add(0, f"date is {story.get('date')!r}; an ISO date is wanted")
    for key in ("people", "statements", "aspects"):
        entries = story.get(key) or []
        if not isinstance(entries, list) or not all(isinstance(e, dict) and "id" in e for e in entries):
            report.add(0, f"{key} must be a list of mappings, each with an id")
            story[key] = []
            continue
        seen: set[str] = set()
        for entry in entries:
            if entry["id"] in seen:
                report.add(0, f"{key} holds the id {entry['id']!r} twice")
            seen.add(entry["id"])


def story_ids(story: dict, key: str) -> list[str]:
    """Give the ids of a brief's people, statements or aspects."""
    return [str(entry["id"]) for entry in story.get(key) or ()]


def _check_keys(document: dict, keys: dict[str, type], report: Report) -> None:
    kinds = {str: "text", dict: "a mapping", list: "a list"}
    for key, kind in keys.items():
        if key not in document:
            report.add(0, f"the key {key} is missing ({kinds[kind]})")
        elif not isinstance(document[key], kind):
            hint = "; put it in quotes" if kind is str else ""
            report.add(0, f"{key} is read as {document[key]!r}; it must be {kinds[kind]}{hint}")


def _check_text(value, place: str, report: Report) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _check_text(inner, f"{place}.{key}", report)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _check_text(inner, f"{place}[{number}]", report)
    elif not isinstance(value, str):
        report.add(0, f"{place} is read as {value!r}, not as text: put it in quotes")


def _is_date(value) -> bool:
    import datetime

    if isinstance(value, datetime.date):
        return True
    try:
        datetime.date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _read_yaml(path: Path, report: Report) -> dict | None:
    import yaml

    try:
        text = path.read_text("utf-8")
        document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except UnicodeDecodeError as error:
        report.add(0, f"is not UTF-8: {error}")
        return None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        report.add(mark.line + 1 if mark else 0, f"is not sound YAML: {getattr(error, 'problem', None) or error}")
        return None
    if has_marks(text):
        report.add(0, "holds code points from U+F0000 to U+FFFFD, which are kept for annotation marks")
        return None
    if not isinstance(document, dict):
        report.add(0, "must be a mapping of keys to values")
        return None
    return document
