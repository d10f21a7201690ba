"""Record values and derivatives of the element-wise functions: functions.py FOLDER

One file per function: `x,value,derivative`, each the 16 hexadecimal digits of a float64, computed
by PyTorch in float64 with autograd.
"""

import math
import struct
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

# Name in knee, parameters as knee writes them, the function in PyTorch, its knots.
FUNCTIONS = [
    ("identity", "", nn.Identity(), []),
    ("relu", "", F.relu, [0.0]),
    ("leaky_relu", "", F.leaky_relu, [0.0]),
    ("leaky_relu", "negative_slope=0.2", nn.LeakyReLU(0.2), [0.0]),
    ("relu6", "", F.relu6, [0.0, 6.0]),
    ("elu", "", F.elu, [0.0]),
    ("elu", "alpha=0.5", nn.ELU(0.5), [0.0]),
    ("selu", "", F.selu, [0.0]),
    ("celu", "", F.celu, [0.0]),
    ("celu", "alpha=0.5", nn.CELU(0.5), [0.0]),
    ("sigmoid", "", torch.sigmoid, []),
    ("hard_sigmoid", "", F.hardsigmoid, [-3.0, 3.0]),
    ("hard_sigmoid_02", "", lambda x: torch.clamp(0.2 * x + 0.5, 0.0, 1.0), [-2.5, 2.5]),
    ("tanh", "", torch.tanh, []),
    ("hard_tanh", "", F.hardtanh, [-1.0, 1.0]),
    ("softplus", "", F.softplus, []),
    ("log_sigmoid", "", F.logsigmoid, []),
    ("silu", "", F.silu, []),
    ("swish_beta", "beta=1.5", lambda x: x * torch.sigmoid(1.5 * x), []),
    ("hard_swish", "", F.hardswish, [-3.0, 3.0]),
    ("gelu", "", F.gelu, []),
    ("gelu_tanh", "", lambda x: F.gelu(x, approximate="tanh"), []),
    ("quick_gelu", "", lambda x: x * torch.sigmoid(1.702 * x), []),
    ("mish", "", F.mish, []),
    ("sine", "w0=1", torch.sin, []),
    ("sine", "w0=30", lambda x: torch.sin(30.0 * x), []),
    ("exp", "", torch.exp, []),
    ("erf", "", torch.erf, []),
]


def points(knots):
    """Special values, the knots and their neighbours, both tails, and a grid around zero."""
    special = [0.0, -0.0, math.inf, -math.inf, math.nan]
    near = [math.nextafter(k, to) for k in knots for to in (-math.inf, math.inf)]
    ulps = [k + s * d for k in knots for s in (-1, 1) for d in (1e-12, 1e-6, 1e-3)]
    tails = [
        s * 10.0**e for s in (-1, 1) for e in (-300, -100, -30, -15, -8, -5, -3, 2, 3, 10, 100, 300)
    ]
    subnormal = [s * 5e-324 for s in (-1, 1)]
    # An odd divisor: no point falls on a knot by accident.
    grid = [i * 40.0 / 149.0 - 20.0 for i in range(150)]
    middle = [-40.0, -37.5, -30.0, -25.0, 25.0, 30.0, 37.5, 40.0, -1.0, 1.0, -0.5, 0.5]
    return special + list(knots) + near + ulps + tails + subnormal + grid + middle


def digits(value):
    """The bits of a float64."""
    return struct.pack(">d", value).hex()


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, parameters, function, knots in FUNCTIONS:
        rows = []
        # One at a time: PyTorch's vector path and its scalar path round differently, and the scalar
        # path is the one that does not depend on the array's length.
        for x in points(knots):
            tensor = torch.tensor([x], dtype=torch.float64, requires_grad=True)
            value = function(tensor)
            (derivative,) = torch.autograd.grad(value.sum(), tensor)
            rows.append(",".join(digits(v) for v in (x, value.item(), derivative.item())))
        lines = [
            f"# torch {torch.__version__}",
            f"# function {name}({parameters})" if parameters else f"# function {name}",
            "x,value,derivative",
            *rows,
        ]
        file = "-".join(
            [name] + ([parameters.replace("=", "-").replace(".", "_")] if parameters else [])
        )
        (folder / f"{file}.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
