"""What is timed: a function, forward or backward, on one type and size, by everybody who has it."""

import numpy

from boundary import NUMPY, OFFSET

# Elements of the call whose time is taken for the cost of calling.
FEW = 16
# Beyond this the cost of calling does not show.
LARGE = 1 << 22
# A time from which the cost of calling is subtracted is known if at least this share of it is left.
RESOLVED = 0.25
COPIES = {
    "forward": {"copy": 0, "copy streaming": 1, "memcpy": 2},
    "backward": {"merge": 4, "merge streaming": 5},
    "in_place": {"read-write": 3},
}


class Session:
    """The arrays, and what is timed in them."""

    def __init__(self, boundary, plan, peers):
        self.boundary, self.plan, self.peers = boundary, plan, peers
        largest = max(cell["elements"] * NUMPY[cell["dtype"]].itemsize for cell in plan["cells"])
        self.memory = [boundary.memory(largest) for _ in range(3)]
        self.filled = None

    def arrays(self, cell):
        """Input, upstream gradient and room for the output."""
        dtype, count = NUMPY[cell["dtype"]], cell["elements"]
        size = count * dtype.itemsize
        a, b = (memory[:size].view(dtype) for memory in self.memory[:2])
        out = self.memory[2][OFFSET : OFFSET + size].view(dtype)
        state = (cell["dtype"], count)
        if state != self.filled:
            self.boundary.normal(a, cell["dtype"], 3.0, 1)
            self.boundary.normal(b, cell["dtype"], 1.0, 2)
            self.filled = state
        if cell["direction"] == "from_output":
            outputs(self.boundary, cell, a)
            self.filled = None
        if cell["form"] == "in_place":
            out[:] = a
        return a, b, out

    def time(self, cell):
        """The cell with median and quartiles in ns per element (per call for calls) of everybody who has the function."""
        a, b, out = self.arrays(cell)
        contestants = self.knee(cell, a, b, out) | self.copies(cell, a, b, out)
        overheads = {}
        for peer in self.peers:
            call = peer.call(cell, a, b, out)
            if call is None:
                continue
            contestants[peer.name] = call.loop
            if call.native is None and cell["form"] != "call" and cell["elements"] < LARGE:
                few = {**cell, "elements": FEW, "row": cell["row"] and FEW}
                overheads[peer.name] = peer.call(few, a[:FEW], b[:FEW], out[:FEW]).loop
        if cell["form"] == "in_place":
            contestants = {name: prepared(run, a, out) for name, run in contestants.items()}
        rounds = self.plan["rounds_large" if cell["elements"] >= LARGE else "rounds"]
        everybody = [*contestants.values(), *overheads.values()]
        spreads = self.boundary.interleaved(everybody, rounds, self.plan)
        of_calls = dict(zip(overheads, (spread[0] for spread in spreads[len(contestants) :])))
        unit = 1 if cell["form"] == "call" else cell["elements"]
        times, unresolved = {}, []
        for name, spread in zip(contestants, spreads):
            less = of_calls.get(name, 0.0)
            if spread[0] - less < RESOLVED * spread[0]:
                unresolved.append(name)
            else:
                times[name] = [float(f"{(value - less) / unit:.4g}") for value in spread]
        calls = {name: float(f"{value:.4g}") for name, value in of_calls.items()}
        return {**cell, "threads": self.plan["threads"], "ns": times, "call_ns": calls, "unresolved": unresolved}

    def knee(self, cell, a, b, out):
        """knee's tiers; with several threads beside itself with one."""
        operation = "in_place" if cell["form"] == "in_place" else cell["direction"]
        row = cell["row"] or 0
        found = {}
        for tier in ("exact", "fast"):
            for parallel in (False, True):
                if parallel and self.plan["threads"] == 1:
                    continue
                kernel = self.boundary.kernel(
                    cell["function"], operation, cell["dtype"], tier == "fast", parallel
                )
                if kernel:
                    alone = ", one thread" if self.plan["threads"] > 1 and not parallel else ""
                    found[f"knee {tier}{alone}"] = bind(kernel, a, b, out, row)
        return found

    def copies(self, cell, a, b, out):
        """Loops that move as much memory; nothing is compared with them in calls or over threads."""
        if cell["form"] == "call" or self.plan["threads"] > 1:
            return {}
        kind = "in_place" if cell["form"] == "in_place" else cell["direction"].replace("from_output", "backward")
        arrays = [array.ctypes.data for array in (a, b, out)]
        return {
            name: lambda calls, number=number: self.boundary.copy(number, *arrays, out.nbytes, calls)
            for name, number in COPIES[kind].items()
            if self.boundary.copy(number, *arrays, out.nbytes, 0)
        }


def bind(kernel, a, b, out, row):
    """The kernel with its arguments."""
    return lambda calls: kernel(a, b, out, row, calls)


def prepared(run, a, out):
    """The same with the input put back before each loop: after many calls in place all numbers would be nearly 0."""
    def restore_or_run(calls):
        if calls:
            run(calls)
        else:
            out[:] = a
    return restore_or_run


def outputs(boundary, cell, a):
    """Replaces inputs by the outputs there."""
    x = numpy.array(a)
    boundary.kernel(cell["function"], "forward", cell["dtype"])(x, None, a, cell["row"] or 0, 1)
