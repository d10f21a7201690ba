"""Times knee beside Python's packages, in turn, in one process: session.py PLAN BOUNDARY OUT

PLAN names the cells and how long each is timed; BOUNDARY is the library of bench/boundary. Writes the versions, the times in ns and
the errors in ulp to OUT.
"""

import json
import os
import sys
import time
from pathlib import Path

PLAN, BOUNDARY, OUT = sys.argv[1:]
plan = json.loads(Path(PLAN).read_text())
THREADS = plan["threads"]
# Before anything that makes threads is imported.
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[variable] = str(THREADS)
if THREADS == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"

import numpy  # noqa: E402

import cells  # noqa: E402
import errors  # noqa: E402
from boundary import Boundary  # noqa: E402

boundary = Boundary(BOUNDARY)
if THREADS == 1:
    boundary.pin(os.cpu_count() - 1)

from peers.with_jax import Jax  # noqa: E402
from peers.with_mkl import MODES, Mkl  # noqa: E402
from peers.with_numpy import Numpy  # noqa: E402
from peers.with_onnxruntime import OnnxRuntime  # noqa: E402
from peers.with_torch import Torch  # noqa: E402

# With more threads than one only those are timed whose number of threads can be set for each process alike.
peers = [Torch(THREADS), OnnxRuntime(THREADS)]
if THREADS == 1:
    peers += [Jax(), Numpy(), *(Mkl(boundary, mode, THREADS) for mode in MODES)]

start = time.time()
session = cells.Session(boundary, plan, peers)
timed = []
for index, cell in enumerate(plan["cells"]):
    timed.append(session.time(cell))
    if sys.stderr.isatty() or index % 20 == 0:
        print(f"{time.time() - start:6.0f} s  {index + 1} of {len(plan['cells'])}", file=sys.stderr)
judged = errors.judge(boundary, plan, peers)
versions = {peer.name: peer.version() for peer in peers}
record = {
    "name": f"python, {THREADS} thread{'s' if THREADS > 1 else ''}",
    "seconds": round(time.time() - start),
    "versions": {"python": sys.version.split()[0], "numpy": numpy.__version__, **versions},
    "cells": timed,
    "errors": judged,
}
Path(OUT).write_text(json.dumps(record))
