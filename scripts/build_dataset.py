"""Compile seeds/ into data/<version>/ and .huggingface.yaml, or check and preview single pages.

The package must be installed (an editable install will do: python -m pip install -e .).
"""

from __future__ import annotations

import sys
from pathlib import Path

from newsbench.corpus.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], root=Path(__file__).resolve().parent.parent, description=__doc__))
