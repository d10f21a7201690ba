"""Intel's Vector Math (in MKL): its functions in the three modes, with compiled loops around them (bench/boundary/src/vml.rs)."""

import ctypes
import importlib.metadata

from . import Call

# The modes, with the library's own numbers: high accuracy, low accuracy, enhanced performance. No errors are reported.
MODES = {"ha": 0x2, "la": 0x1, "ep": 0x3}
QUIET = 0x100
# kind, first, second
ACTIVATIONS = {
    "tanh": (0, "vmsTanh", "vmsTanh"),
    "gelu": (1, "vmsCdfNorm", "vmsCdfNorm"),
    "elu": (2, "vmsExpm1", "vmsExpm1"),
    "selu": (3, "vmsExpm1", "vmsExpm1"),
    "sigmoid": (4, "vmsExp", "vmsExp"),
    "silu": (5, "vmsExp", "vmsExp"),
    "softplus": (6, "vmsExp", "vmsLog1p"),
    "mish": (7, "vmsExp", "vmsExp"),
    "gelu_tanh": (8, "vmsExp", "vmsExp"),
    "softmax": (9, "vmsExp", "vmsExp"),
    "log_softmax": (10, "vmsExp", "vmsExp"),
    "exp": (0, "vmsExp", "vmsExp"),
    "erf": (0, "vmsErf", "vmsErf"),
    "sine(w0=1)": (0, "vmsSin", "vmsSin"),
    "cosine": (0, "vmsCos", "vmsCos"),
    "arctan": (0, "vmsAtan", "vmsAtan"),
}


class Mkl:
    """The library in one of its modes."""

    def __init__(self, boundary, mode, threads):
        self.name = f"mkl {mode}"
        self.mode = MODES[mode] | QUIET
        self.boundary = boundary
        self.library = ctypes.CDLL(str(runtime()))
        self.library.MKL_Set_Num_Threads(threads)

    def version(self):
        return importlib.metadata.version("mkl")

    def call(self, cell, a, b, out):
        activation = ACTIVATIONS.get(cell["function"])
        plain = cell["direction"] == "forward" and cell["form"] != "in_place" and cell["dtype"] == "f32"
        if not activation or not plain:
            return None
        kind = activation[0]
        first, second = (ctypes.cast(getattr(self.library, name), ctypes.c_void_p) for name in activation[1:])
        row = cell["row"] or a.size

        def loop(calls):
            self.boundary.vml(kind, first, second, self.mode, a.ctypes.data, out.ctypes.data, a.size, row, calls)

        return Call(lambda: loop(1), lambda: loop(1) or out, loop)


def runtime():
    """The file of the library."""
    for file in importlib.metadata.files("mkl"):
        if file.name.startswith("libmkl_rt"):
            return file.locate()
    raise FileNotFoundError("mkl has no libmkl_rt")
