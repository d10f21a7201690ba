"""Record the cases of other projects' suites: conformance.py FOLDER

FOLDER/onnx holds ONNX's backend node cases for activation, softmax and loss operators, with their answers.
FOLDER/opinfo holds the inputs and arguments of PyTorch's OpInfo samples, without PyTorch's answers.

Each is two files. `cases.txt` has one block per case; a tensor is `ROLE NAME TYPE [SHAPE] OFFSET`, its elements
lie in `tensors.bin` from that byte on, little-endian, integers in one byte each. Equal tensors are stored once.
"""

import re
import sys
import warnings
from pathlib import Path

import numpy
import onnx
import torch
from onnx.backend.test.loader import load_node_model_tests
from torch.testing._internal.common_methods_invocations import op_db

ONNX = (
    "celu clip elu erf gelu hardmax hardsigmoid hardswish leakyrelu logsoftmax mish nllloss prelu relu sce selu shrink "
    "sigmoid softmax softplus softsign swish tanh thresholdedrelu"
).split()

# Element-wise operators of PyTorch: all their samples with the same arguments become one list of numbers.
ELEMENTWISE = (
    "relu relu6 leaky_relu elu celu selu silu mish gelu softplus logsigmoid hardsigmoid hardswish hardtanh softsign "
    "tanhshrink softshrink hardshrink threshold rrelu sigmoid tanh erf exp atan sin sign"
).split()
# Operators whose samples stay as they are.
SHAPED = "prelu softmax log_softmax softmin logsumexp cross_entropy nll_loss".split()
# What the arguments by position are called.
NAMES = {
    "threshold": ["threshold", "value"],
    "prelu": ["weight"],
    "logsumexp": ["dim", "keepdim"],
    "cross_entropy": ["target"],
    "nll_loss": ["target"],
}
# Numbers kept of each list, beside the extreme ones; elements that a sample of a shaped operator may have.
KEPT, LARGEST = 160, 512


class Writer:
    """The two files of a suite."""

    def __init__(self, folder, heading):
        self.folder = folder
        self.lines = [f"# {heading}"]
        self.offsets = {}
        self.bytes = bytearray()

    def case(self, name, *facts):
        self.lines += ["", f"case {name}", *facts]

    def tensor(self, role, name, array):
        array = numpy.asarray(array)
        kind = array.dtype.name
        if array.dtype == numpy.int64:
            assert array.size == 0 or (array.min() >= -128 and array.max() <= 127), name
            array = array.astype(numpy.int8)
        data = array.tobytes()
        if data not in self.offsets:
            self.offsets[data] = len(self.bytes)
            self.bytes += data
        shape = ",".join(map(str, array.shape))
        self.lines.append(f"{role} {name} {kind} [{shape}] {self.offsets[data]}")

    def write(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "cases.txt").write_text("\n".join(self.lines) + "\n")
        (self.folder / "tensors.bin").write_bytes(self.bytes)
        print(f"{self.folder}: {sum(line.startswith('case ') for line in self.lines)} cases, {len(self.bytes)} bytes")


def fact(name, value):
    """A line about a named value: a number, or a text in quotes. A truth value is 0 or 1, a list a text."""
    if isinstance(value, tuple):
        value = ",".join(map(str, value))
    return f'attribute {name} "{value}"' if isinstance(value, str) else f"attribute {name} {value + 0!r}"


def same(one, other):
    """Whether two test cases have the same inputs and outputs, bit by bit."""
    pairs = list(zip(sum(map(list, one.data_sets[0]), []), sum(map(list, other.data_sets[0]), []), strict=True))
    return all(numpy.asarray(a).tobytes() == numpy.asarray(b).tobytes() for a, b in pairs)


def onnx_cases(folder):
    """ONNX builds its node cases in memory; the expanded form of a case has the same data and a graph of primitives."""
    writer = Writer(folder, f"backend node cases of onnx {onnx.__version__}")
    pattern = re.compile(rf"test_({'|'.join(ONNX)})(_|$)")
    cases = {case.name: case for case in load_node_model_tests() if pattern.match(case.name)}
    expanded = {}
    for name in cases:
        plain = re.sub(r"_expanded(_ver\d+)?$", "", name)
        if plain != name:
            assert same(cases[name], cases[plain]), name
            expanded.setdefault(plain, []).append(name)
    for name, case in cases.items():
        graph = case.model.graph
        if "_expanded" in name or graph.input[0].type.tensor_type.elem_type == onnx.TensorProto.INT8:
            continue
        (node,), ((inputs, outputs),) = graph.node, case.data_sets
        opset = case.model.opset_import[0].version
        schema = onnx.defs.get_schema(node.op_type, opset)
        facts = [f"op {node.op_type} {opset}", f"tolerance {case.rtol} {case.atol}"]
        facts += [f"expanded {other}" for other in expanded.get(name, [])]
        for attribute in node.attribute:
            value = onnx.helper.get_attribute_value(attribute)
            facts.append(fact(attribute.name, value.decode() if isinstance(value, bytes) else value))
        writer.case(name, *facts)
        # An optional input that is left out has an empty name and no data.
        given = [formal.name for formal, actual in zip(schema.inputs, node.input, strict=False) if actual]
        for formal, array in zip(given, inputs, strict=True):
            writer.tensor("input", formal, array)
        for formal, array in zip(schema.outputs, outputs, strict=False):
            writer.tensor("output", formal.name, array)
    writer.write()


def samples(op):
    """All samples of an operator; those meant for its reference implementation bring the extreme numbers."""
    for method in (op.sample_inputs, op.reference_inputs):
        yield from method("cpu", torch.float32, False)


def arguments_of(op, sample):
    """The arguments of a sample by name."""
    names = NAMES.get(op.name.removeprefix("nn.functional."), ["dim"])
    return dict(zip(names, sample.args, strict=False)) | sample.kwargs


def merged(op):
    """For each choice of arguments all different numbers, thinned between the extreme ones."""
    lists = {}
    for sample in samples(op):
        key = tuple(sorted(arguments_of(op, sample).items()))
        lists.setdefault(key, []).append(sample.input.flatten().numpy())
    for arguments, values in lists.items():
        bits = numpy.unique(numpy.concatenate(values).view(numpy.uint32))
        x = bits.view(numpy.float32)
        size = numpy.abs(x)
        extreme = ~((size > 1e-2) & (size < 50.0))
        ordinary = numpy.sort(x[~extreme])
        step = max(1, -(-len(ordinary) // KEPT))
        # Of every kind of extreme number some: the large ones of PyTorch's are many.
        far = numpy.sort(x[extreme])
        far = far[:: max(1, -(-len(far) // KEPT))]
        ends = x[extreme & (~numpy.isfinite(x) | (size < 1e-30) | (size > 1e6))][:KEPT]
        chosen = numpy.concatenate([ordinary[::step], far, ends])
        yield dict(arguments), numpy.unique(chosen.view(numpy.uint32)).view(numpy.float32)


def shaped(op):
    """The samples that are small enough, each once."""
    seen = set()
    for sample in samples(op):
        arguments = arguments_of(op, sample)
        tensors = {"input": sample.input} | {k: v for k, v in arguments.items() if torch.is_tensor(v)}
        plain = {k: v for k, v in arguments.items() if not torch.is_tensor(v)}
        key = str(plain) + str([(k, tuple(t.shape), t.numpy().tobytes()) for k, t in tensors.items()])
        if key not in seen and all(t.numel() <= LARGEST for t in tensors.values()):
            seen.add(key)
            yield plain, tensors


def opinfo_inputs(folder):
    writer = Writer(folder, f"OpInfo inputs of torch {torch.__version__.split('+')[0]}")
    ops = {op.name.removeprefix("nn.functional."): op for op in reversed(op_db) if not op.variant_test_name}
    for name in ELEMENTWISE:
        for index, (arguments, x) in enumerate(merged(ops[name])):
            writer.case(f"{name}_{index}", f"op {name}", *[fact(k, v) for k, v in arguments.items()])
            writer.tensor("input", "input", x)
    for name in SHAPED:
        for index, (plain, tensors) in enumerate(shaped(ops[name])):
            writer.case(f"{name}_{index}", f"op {name}", *[fact(k, v) for k, v in plain.items()])
            for role, tensor in tensors.items():
                writer.tensor("input", role, tensor.numpy())
    writer.write()


def main():
    folder = Path(sys.argv[1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        onnx_cases(folder / "onnx")
        opinfo_inputs(folder / "opinfo")


if __name__ == "__main__":
    main()
