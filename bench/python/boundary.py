"""knee behind its C boundary, and arrays in large pages."""

import ctypes
from ctypes import POINTER, c_char_p, c_double, c_uint8, c_uint64, c_void_p

import ml_dtypes
import numpy

DTYPES = ["f32", "f64", "f16", "bf16"]
NUMPY = {
    "f32": numpy.dtype(numpy.float32),
    "f64": numpy.dtype(numpy.float64),
    "f16": numpy.dtype(numpy.float16),
    "bf16": numpy.dtype(ml_dtypes.bfloat16),
}
OPERATIONS = {"forward": 0, "backward": 1, "from_output": 2, "in_place": 3}
# Outputs begin this far into their page, so that they do not share cache sets with inputs.
OFFSET = 1088


class Judgement(ctypes.Structure):
    """What the ruler finds."""

    _fields_ = [("worst", c_double), ("at", c_double)] + [
        (name, c_uint64)
        for name in ("wrong_sign", "nan", "infinite", "zero", "number_for_nan", "nan_at_infinity", "flushed")
    ]


CONTESTANT = ctypes.CFUNCTYPE(None, c_uint64, c_uint64)


class Boundary:
    """The library, by the path of its file."""

    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        signatures = {
            "job": (c_void_p, [c_char_p, c_uint8, c_uint8, c_uint8, c_uint8]),
            "forget": (None, [c_void_p]),
            "run": (None, [c_void_p, c_void_p, c_void_p, c_void_p, c_uint64, c_uint64, c_uint64]),
            "copy": (c_uint8, [c_uint8, c_void_p, c_void_p, c_void_p, c_uint64, c_uint64]),
            "buffer": (c_void_p, [c_uint64]),
            "pin": (c_uint8, [c_uint64]),
            "fill": (c_uint8, [c_uint8, c_uint8, c_void_p, c_uint64, c_double, c_uint64]),
            "judge": (
                c_uint8,
                [c_char_p, c_uint8, c_uint8, c_void_p, c_void_p, c_void_p, c_uint64, c_uint64, POINTER(Judgement)],
            ),
            "vml": (
                c_uint8,
                [c_uint8, c_void_p, c_void_p, ctypes.c_int64, c_void_p, c_void_p, c_uint64, c_uint64, c_uint64],
            ),
            "interleave": (None, [CONTESTANT, c_uint64, c_uint64, c_uint64, c_uint64, POINTER(c_double)]),
        }
        for name, (result, arguments) in signatures.items():
            function = getattr(self.library, f"boundary_{name}")
            function.restype, function.argtypes = result, arguments
            setattr(self, name, function)

    def memory(self, count):
        """As many bytes, zeroed, in large pages; kept until the program ends."""
        start = self.buffer(count + OFFSET)
        if not start:
            raise MemoryError(f"no {count} bytes")
        return numpy.ctypeslib.as_array(ctypes.cast(start, POINTER(c_uint8)), (count + OFFSET,))

    def normal(self, array, dtype, scale, seed):
        """Fills an array with normal numbers."""
        self.fill(0, DTYPES.index(dtype), array.ctypes.data, array.size, scale, seed)

    def kernel(self, function, direction, dtype, fast=False, parallel=False):
        """A function of (a, b, out, row, calls), or None."""
        job = self.job(function.encode(), DTYPES.index(dtype), OPERATIONS[direction], fast, parallel)
        if not job:
            return None

        def run(a, b, out, row, calls):
            upstream = None if b is None else b.ctypes.data
            self.run(job, a.ctypes.data, upstream, out.ctypes.data, out.size, row, calls)

        return run

    def judged(self, function, dtype, direction, x, dy, found, row):
        """The judgement of results."""
        judgement = Judgement()
        quantity = {"forward": 0, "backward": 1, "from_output": 2}[direction]
        found = numpy.ascontiguousarray(found)
        arrays = [array.ctypes.data for array in (x, dy, found)]
        done = self.judge(
            function.encode(), DTYPES.index(dtype), quantity, *arrays, x.size, row, ctypes.byref(judgement)
        )
        if not done:
            raise ValueError(f"{function} {direction} cannot be judged")
        return judgement

    def interleaved(self, contestants, rounds, plan):
        """Median and quartiles, in ns per call, of functions that make as many calls as they are told."""
        spreads = (c_double * (3 * len(contestants)))()
        failures = []

        def contestant(index, calls):
            try:
                contestants[index](calls)
            except Exception as error:  # A callback has nobody to raise it to.
                failures.append(error)

        self.interleave(
            CONTESTANT(contestant), len(contestants), rounds, plan["shortest_ns"], plan["slow_ns"], spreads
        )
        if failures:
            raise failures[0]
        return [list(spreads[3 * index : 3 * index + 3]) for index in range(len(contestants))]
