"""Memory that is kept for the next arrays."""

from __future__ import annotations

import ctypes
import platform
import subprocess
import sys

import pytest

from newsbench.cli.memory import keep_freed

FAULTS = """
import resource
import numpy as np
from newsbench.cli.memory import keep_freed
{keep}
def some():
    return [np.ones(1 << 20, dtype=np.uint8) for _ in range(20)]
some()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    some()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_arrays_take_the_memory_of_those_before_them():
    code = FAULTS.format(keep="keep_freed()")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # 20 MB are 5,000 pages each time.
    assert int(done.stdout) < 500


@pytest.mark.parametrize("error", [AttributeError, OSError, TypeError])
def test_other_libraries_are_left_alone(error, monkeypatch):
    def missing(_: object):
        raise error("no such library")

    monkeypatch.setattr(ctypes, "CDLL", missing)
    keep_freed()
