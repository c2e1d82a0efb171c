"""`python -m newsbench`."""

import sys

from newsbench.cli import main

if __name__ == "__main__":
    sys.exit(main())
