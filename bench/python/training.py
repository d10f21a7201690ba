"""Times training steps in Rust beside PyTorch's, in turn, in one process: training.py PLAN LIBRARY OUT

PLAN names the networks, the module that has them in PyTorch, whose steps they are in Rust, and how long each is timed; LIBRARY is that of bench/frameworks or of bench/lab.
Writes the versions and the times in ns to OUT.
"""

import importlib
import json
import os
import sys
import time
from ctypes import c_char_p, c_uint64, c_void_p
from pathlib import Path

PLAN, LIBRARY, OUT = sys.argv[1:]
plan = json.loads(Path(PLAN).read_text())
THREADS = plan["threads"]

import torch  # noqa: E402

from boundary import Boundary  # noqa: E402

training = importlib.import_module(plan["networks"]).training

torch.set_num_threads(THREADS)
boundary = Boundary(LIBRARY)
if THREADS == 1:
    boundary.pin(os.cpu_count() - 1)
make, run = boundary.library.training_new, boundary.library.training_steps
make.restype, make.argtypes = c_void_p, [c_char_p, c_char_p]
run.restype, run.argtypes = None, [c_void_p, c_uint64]


def side(network, name):
    """A function that makes training steps in Rust."""
    made = make(network.encode(), name.encode())
    if not made:
        raise ValueError(f"there is no network {network} with the activations of {name}")
    return lambda steps: run(made, steps)


start = time.time()
timed = []
for cell in plan["cells"]:
    network = cell["function"]
    contestants = {name: side(network, name) for name in plan["sides"]} | {"torch": training(network)}
    spreads = boundary.interleaved(list(contestants.values()), plan["rounds_large"], plan)
    ns = {name: [float(f"{value:.4g}") for value in spread] for name, spread in zip(contestants, spreads)}
    timed.append({**cell, "ns": ns, "call_ns": {}})
    print(f"{time.time() - start:6.0f} s  {network}", file=sys.stderr)
record = {
    "name": plan["name"],
    "seconds": round(time.time() - start),
    "versions": {"python": sys.version.split()[0], "torch": torch.__version__},
    "cells": timed,
    "errors": [],
}
Path(OUT).write_text(json.dumps(record))
