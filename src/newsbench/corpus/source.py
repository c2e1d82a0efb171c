"""Reading a source page safely: no DTD, no entities of its own, nothing from the network or another file."""

from __future__ import annotations

import re
from pathlib import Path

from newsbench.corpus.markup import has_marks
from newsbench.corpus.problems import Report

_DOCTYPE = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*<!DOCTYPE", re.S)


def read_xml(path: Path, report: Report):
    """Parse a source file into its root element (lxml); None, with the reason in `report`, where that is refused."""
    from lxml import etree

    content = path.read_bytes()
    if _DOCTYPE.match(content):
        report.add(1, "has a DOCTYPE; a source page has none, and no entities beyond &amp; &lt; &gt; &quot; &apos;")
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=False,
    )  # fmt: skip
    try:
        text = content.decode("utf-8-sig")
        root = etree.fromstring(content, parser)
    except UnicodeDecodeError as error:
        report.add(0, f"is not UTF-8: {error}")
        return None
    except etree.XMLSyntaxError as error:
        report.add(error.lineno, f"is not well-formed XML: {error.msg}")
        return None
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None or tree.docinfo.externalDTD is not None:
        report.add(1, "has a DOCTYPE; a source page has none")
        return None
    if (tree.docinfo.encoding or "UTF-8").upper() not in ("UTF-8", "US-ASCII"):
        report.add(1, f"declares the encoding {tree.docinfo.encoding}; UTF-8 is wanted")
        return None
    values = (value for element in root.iter() for value in (element.text, element.tail, *element.attrib.values()))
    if has_marks(text) or any(value and has_marks(value) for value in values):
        report.add(0, "holds code points from U+F0000 to U+FFFFD, which are kept for annotation marks")
        return None
    return root
