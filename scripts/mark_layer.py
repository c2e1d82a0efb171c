"""Turn an annotator's shorthand (FORMAT.md, section 5) into a layer or the gold of a take, and check it.

    mark_layer.py TAKE.xml                                       print the elements with their numbers
    mark_layer.py TAKE.xml NOTES -o layers/PAGE.a.xml            write and check a layer
    mark_layer.py TAKE.xml NOTES CORRECTIONS --gold -o TAKE.xml  corrections on top: how the gold is settled

The package must be installed (an editable install will do: python -m pip install -e .).
"""

from __future__ import annotations

import sys
from pathlib import Path

from newsbench.corpus.command import mark_layer

if __name__ == "__main__":
    sys.exit(mark_layer(sys.argv[1:], root=Path(__file__).resolve().parent.parent, description=__doc__))
