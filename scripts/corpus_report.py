"""Print what the dataset is like beside real news pages and PolNeAR; exit 1 where a floor is broken.

The package must be installed (an editable install will do: python -m pip install -e .).
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from newsbench.corpusreport.floors import floor_table, floors
from newsbench.corpusreport.polnear import read_polnear
from newsbench.corpusreport.report import load_splits, read_all, report_tables
from newsbench.corpusreport.tables import markdown


def main() -> int:
    """Print tables in Markdown; broken floors go to standard error, too. Exit status 2: there is nothing to read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, help="folder of pages by split (default: the packaged dataset)")
    corpora = os.environ.get("NEWSBENCH_CORPORA")
    default = Path(corpora) / "polnear" if corpora and (Path(corpora) / "polnear").is_dir() else None
    parser.add_argument("--polnear", type=Path, default=default, help="PolNeAR (default: $NEWSBENCH_CORPORA/polnear)")
    options = parser.parse_args()
    try:
        splits = load_splits(options.gold)
        polnear = read_polnear(options.polnear) if options.polnear else []
    except (FileNotFoundError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    markup = read_all(splits)
    found = floors(splits, markup)
    for table in (*report_tables(splits, markup, polnear), floor_table(found)):
        print(markdown(table))
    broken = [floor for floor in found if not floor.holds]
    for floor in broken:
        print(f"broken: {floor}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
