"""Check annotators' layers: the text must be the take's, character for character, and every rule must hold.

The package must be installed (an editable install will do: python -m pip install -e .).
"""

from __future__ import annotations

import sys
from pathlib import Path

from newsbench.corpus.command import check_layers

if __name__ == "__main__":
    sys.exit(check_layers(sys.argv[1:], root=Path(__file__).resolve().parent.parent, description=__doc__))
