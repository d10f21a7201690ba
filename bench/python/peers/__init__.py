"""The packages that are timed beside knee, one file each.

A peer has a `name`, a `version()`, and `call(cell, a, b, out)`: what computes the cell from the input (or, backward from the
output, the output) `a` and the upstream gradient `b` into `out`, or None if the package has no such function.
"""

from dataclasses import dataclass
from typing import Callable


@dataclass
class Call:
    """One computation, ready to be made."""

    # Makes it once.
    once: Callable[[], object]
    # The result of the last one, as an array.
    result: Callable[[], object]
    # Makes it as many times as told, without Python in between; None if each call goes through Python.
    native: Callable[[int], object] | None = None

    def loop(self, calls):
        """Makes it as many times as told."""
        if self.native:
            self.native(calls)
            return
        once = self.once
        for _ in range(calls):
            once()
