"""`python -m newsbench`."""

from newsbench.cli import program

if __name__ == "__main__":
    program()
