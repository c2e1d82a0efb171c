"""Derive schema/topics.json, the pinned topic vocabulary, from a table of IPTC Media Topics.

The table is tab-separated with the columns qcode, level, parent, name_en_GB, name_en_US, retired.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path, help="tab-separated file of the vocabulary")
    parser.add_argument("--version", help="version of the vocabulary (default: the date in the file's name)")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "schema" / "topics.json")
    options = parser.parse_args()
    dated = re.search(r"\d{4}-\d{2}-\d{2}", options.table.name)
    version = options.version or (dated.group() if dated else None)
    if version is None:
        parser.error(f"no date in the name {options.table.name}: give --version")
    with options.table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    topics = {
        row["qcode"]: {
            "name": row["name_en_US"],
            "parent": row["parent"] or None,
            "level": int(row["level"]),
            "retired": bool(row["retired"]),
        }
        for row in sorted(rows, key=lambda row: row["qcode"])
    }
    orphans = sorted(code for code, topic in topics.items() if topic["parent"] and topic["parent"] not in topics)
    if orphans:
        print(f"{options.table}: parents that are not in the table, of {', '.join(orphans)}", file=sys.stderr)
        return 1
    entries = ",\n".join(
        f"    {json.dumps(code)}: {json.dumps(topic, ensure_ascii=False)}" for code, topic in topics.items()
    )
    head = {
        "vocabulary": "IPTC Media Topics",
        "version": version,
        "attribution": "IPTC Media Topics, copyright International Press Telecommunications Council (www.iptc.org), "
        "licensed under CC BY 4.0; here codes, US English names, parents, levels and retirement marks of one release",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "source": "https://cv.iptc.org/newscodes/mediatopic/",
    }
    opening = json.dumps(head, indent=2, ensure_ascii=False).removesuffix("\n}")
    options.output.write_text(f'{opening},\n  "topics": {{\n{entries}\n  }}\n}}\n', encoding="utf-8")
    print(f"{options.output}: {len(topics)} topics", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
