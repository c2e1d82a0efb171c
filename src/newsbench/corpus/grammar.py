"""Checking a source page against `page.rng`, with messages that say what is allowed.

RELAX NG alone stops at the first surprise and does not name the alternatives. So names and values are compared with
the grammar first, element by element; what is left (order, number, stray text) is the validator's.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from newsbench.corpus.problems import Report

NAMESPACE = "{http://relaxng.org/ns/structure/1.0}"


class Grammar:
    """A RELAX NG grammar in XML syntax, of the plain kind that `page.rng` is."""

    def __init__(self, path: Path) -> None:
        from lxml import etree

        tree = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))
        self._defines = {d.get("name"): d for d in tree.iterfind(f"{NAMESPACE}define")}
        self._start = tree.find(f"{NAMESPACE}start")
        self._validator = etree.RelaxNG(tree)
        self._models: dict = {}

    def check(self, root, report: Report) -> bool:
        """Note everything in which a document departs from the grammar; tell whether it fits."""
        before = len(report.problems)
        roots, _ = self._model(self._start)
        if root.tag not in roots:
            report.add(root.sourceline, f"<{root.tag}> is no root element; allowed is {', '.join(roots)}")
            return False
        stack = [(root, roots[root.tag])]
        while stack:
            element, pattern = stack.pop()
            children, attributes = self._model(pattern)
            self._check_attributes(element, attributes, report)
            for child in element:
                if child.tag in children:
                    stack.append((child, children[child.tag]))
                else:
                    allowed = ", ".join(sorted(children)) or "nothing but text"
                    report.add(child.sourceline, f"<{child.tag}> cannot stand in <{element.tag}>; allowed: {allowed}")
        if len(report.problems) == before and not self._validator.validate(root):
            for error in self._validator.error_log:
                if "failed to validate" not in error.message:
                    report.add(error.line, error.message + self._order(root, error))
            if len(report.problems) == before:
                report.add(root.sourceline, "does not fit seeds/page.rng")
        return len(report.problems) == before

    def _order(self, root, error) -> str:
        """Give what may stand around the element that an error speaks of, in the grammar's order."""
        named = re.search(r"element (\w+)", error.message)
        parents = [e.getparent() for e in root.iter(named.group(1)) if e.sourceline == error.line] if named else []
        if not parents or parents[0] is None:
            return ""
        pattern = self._model(self._start)[0][root.tag]
        for element in [*reversed(list(parents[0].iterancestors())), parents[0]][1:]:
            pattern = self._model(pattern)[0][element.tag]
        return f"; in <{parents[0].tag}> come, in this order: {', '.join(self._model(pattern)[0])}"

    def _check_attributes(self, element, attributes: dict, report: Report) -> None:
        tag, line = element.tag, element.sourceline
        for name, (required, _) in attributes.items():
            if required and name not in element.attrib:
                report.add(line, f"<{tag}> lacks the attribute {name}")
        for name, value in element.attrib.items():
            if name not in attributes:
                allowed = ", ".join(attributes) or "none"
                report.add(line, f"<{tag}> cannot have the attribute {name}; allowed: {allowed}")
            else:
                fault = self._fault(value, attributes[name][1])
                if fault is not None:
                    report.add(line, f"<{tag} {name}={value!r}>: {fault}")

    def _model(self, pattern) -> tuple[dict, dict]:
        """Give the child elements and the attributes (whether required, pattern) that a pattern allows."""
        if pattern not in self._models:
            children, attributes = {}, {}
            self._collect(pattern, True, children, attributes)
            self._models[pattern] = (children, attributes)
        return self._models[pattern]

    def _collect(self, pattern, required: bool, children: dict, attributes: dict) -> None:
        for part in pattern:
            kind = part.tag.removeprefix(NAMESPACE)
            if kind == "element":
                children[part.get("name")] = part
            elif kind == "attribute":
                attributes[part.get("name")] = (required, part)
            elif kind == "ref":
                self._collect(self._defines[part.get("name")], required, children, attributes)
            else:
                self._collect(part, required and kind == "group", children, attributes)

    def _fault(self, value: str, pattern) -> str | None:
        """Tell what is wrong with a value of an attribute, None where nothing is."""
        values, kinds = self._values(pattern)
        if values and value.strip() not in values:
            return f"allowed are {', '.join(values)}"
        for kind, expression in kinds:
            if expression is not None and re.fullmatch(expression, value) is None:
                return f"it must be of the form {expression}"
            if kind == "date":
                try:
                    datetime.date.fromisoformat(value)
                except ValueError:
                    return "it must be a day of the calendar, YYYY-MM-DD"
        return None

    def _values(self, pattern) -> tuple[list[str], list[tuple[str, str | None]]]:
        values, kinds = [], []
        for part in pattern:
            kind = part.tag.removeprefix(NAMESPACE)
            if kind == "value":
                values.append(part.text)
            elif kind == "data":
                parameter = part.find(f"{NAMESPACE}param")
                kinds.append((part.get("type"), None if parameter is None else parameter.text))
            else:
                more = self._values(self._defines[part.get("name")] if kind == "ref" else part)
                values, kinds = values + more[0], kinds + more[1]
        return values, kinds
