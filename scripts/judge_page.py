"""Print the lines that a page shows, or write down which of them an annotator keeps (FORMAT.md, section 6).

    judge_page.py TAKE.xml                       print the lines with their numbers, without types
    judge_page.py TAKE.xml --keep "12-30 32"     write layers/PAGE.b.kept beside the take

The package must be installed (an editable install will do: python -m pip install -e .).
"""

from __future__ import annotations

import sys
from pathlib import Path

from newsbench.corpus.command import judge_page

if __name__ == "__main__":
    sys.exit(judge_page(sys.argv[1:], root=Path(__file__).resolve().parent.parent, description=__doc__))
