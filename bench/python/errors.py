"""The worst errors, of knee and of everybody else, on the same arguments."""

import numpy

from boundary import DTYPES, NUMPY
from cells import outputs

MARKS = {
    "wrong_sign": "wrong sign",
    "nan": "NaN",
    "infinite": "inf",
    "zero": "0",
    "number_for_nan": "number for NaN",
    "nan_at_infinity": "NaN at an infinity",
    "flushed": "subnormals are 0",
}
# Half of the rows hold logits of this spread, half of the other.
SPREADS = [3.0, 30.0]


def judge(boundary, plan, peers):
    """A list of {function, direction, dtype, who, ulp, at, marks}."""
    found = []
    for case in plan["errors"]:
        a, b = arguments(boundary, plan, case)
        out = numpy.zeros_like(a)
        cell = {**case, "elements": a.size, "form": "judged"}
        results = {}
        for tier in ("exact", "fast"):
            kernel = boundary.kernel(case["function"], case["direction"], case["dtype"], tier == "fast")
            if kernel:
                kernel(a, b, out, case["row"] or 0, 1)
                results[f"knee {tier}"] = out.copy()
        for peer in peers:
            call = peer.call(cell, a, b, out)
            if call:
                results[peer.name] = numpy.array(call.result()).reshape(-1)
        for who, values in results.items():
            judgement = boundary.judged(
                case["function"], case["dtype"], case["direction"], a, b, values, case["row"] or 0
            )
            found.append(
                {
                    **{key: case[key] for key in ("function", "direction", "dtype")},
                    "who": who,
                    # JSON has no infinity.
                    "ulp": float(f"{judgement.worst:.4g}") if numpy.isfinite(judgement.worst) else None,
                    "at": float(f"{judgement.at:.6g}"),
                    "marks": [mark for field, mark in MARKS.items() if getattr(judgement, field)],
                }
            )
    return found


def arguments(boundary, plan, case):
    """Inputs, or outputs where the derivative is taken from them, and the upstream gradient."""
    dtype, number = NUMPY[case["dtype"]], DTYPES.index(case["dtype"])
    if case["row"]:
        half = plan["sample"] // 2 // case["row"] * case["row"]
        a = numpy.zeros(2 * half, dtype)
        for part, spread in zip((a[:half], a[half:]), SPREADS):
            boundary.normal(part, case["dtype"], spread, 3)
        b = numpy.zeros_like(a)
        boundary.normal(b, case["dtype"], 1.0, 4)
    else:
        patterns = plan["sample"] if dtype.itemsize > 2 else 1 << 16
        grid = plan["sample"] if dtype.itemsize > 2 else 0
        a = numpy.zeros(patterns + grid, dtype)
        boundary.fill(1, number, a.ctypes.data, patterns, 0.0, 0)
        boundary.fill(2, number, a[patterns:].ctypes.data, grid, plan["reach"], 0)
        b = numpy.ones_like(a)
    if case["direction"] == "from_output":
        outputs(boundary, case, a)
    return a, b
