"""How one operator is described, and how its file and onnxruntime's answer are written."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import numpy
import onnx
import onnxruntime
from onnx import helper, numpy_helper

# The intermediate representation version that goes with each opset, for readers that check it.
IR_VERSIONS = {
    11: 6,
    12: 7,
    13: 7,
    14: 7,
    15: 8,
    16: 8,
    17: 8,
    18: 8,
    19: 9,
    20: 9,
    21: 10,
    22: 10,
    23: 11,
    24: 11,
}

random = numpy.random.default_rng(7)


def real(*shape):
    """Standard normal float32."""
    return random.standard_normal(shape).astype(numpy.float32)


def positive(*shape):
    """Uniform on (0.2, 2)."""
    return random.uniform(0.2, 2.0, shape).astype(numpy.float32)


def whole(*values):
    """An int64 vector."""
    return numpy.array(values, dtype=numpy.int64)


def floats(*values):
    """A float32 vector."""
    return numpy.array(values, dtype=numpy.float32)


def scalar(value, kind=numpy.float32):
    """A tensor of rank 0."""
    return numpy.array(value, dtype=kind)


@dataclass
class Fixed:
    """An input that is an initializer."""

    value: numpy.ndarray


@dataclass
class One:
    """One node, or those of `body`. Arrays are graph inputs, None is an input left out."""

    name: str
    op: str
    inputs: list
    attributes: dict = field(default_factory=dict)
    opset: int = 18
    outputs: int = 1
    body: list | None = None

    def model(self, infos=None):
        """The ModelProto; `infos` are the graph outputs' types once they are known."""
        names, graph_inputs, initializers = [], [], []
        for position, value in enumerate(self.inputs):
            name = "xyzuvwabcd"[position]
            if value is None:
                names.append("")
                continue
            names.append(name)
            if isinstance(value, Fixed):
                initializers.append(numpy_helper.from_array(value.value, name))
            else:
                kind = helper.np_dtype_to_tensor_dtype(value.dtype)
                graph_inputs.append(helper.make_tensor_value_info(name, kind, value.shape))
        outputs = [f"out{position}" for position in range(self.outputs)]
        nodes = self.body
        if nodes is None:
            nodes = [helper.make_node(self.op, names, outputs, name=self.op, **self.attributes)]
        infos = infos or [helper.make_empty_tensor_value_info(name) for name in outputs]
        graph = helper.make_graph(nodes, "graph", graph_inputs, infos, initializers)
        opsets = [helper.make_opsetid("", self.opset)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSIONS[self.opset])

    def feeds(self):
        """The graph inputs by name."""
        given = zip("xyzuvwabcd", self.inputs, strict=False)
        return {name: v for name, v in given if v is not None and not isinstance(v, Fixed)}

    def run(self, model):
        """onnxruntime's answers, without its rewriting."""
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(model.SerializeToString(), options)
        return session.run(None, self.feeds())

    def record(self, root):
        """Writes the folder. Output types come from a first run."""
        answers = self.run(self.model())
        infos = [
            helper.make_tensor_value_info(
                f"out{position}", helper.np_dtype_to_tensor_dtype(answer.dtype), answer.shape
            )
            for position, answer in enumerate(answers)
        ]
        model = self.model(infos)
        onnx.checker.check_model(model)
        answers = self.run(model)
        folder = Path(root) / f"operators-{self.name}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        onnx.save(model, folder / "model.onnx")
        numpy.savez_compressed(folder / "inputs.npz", **self.feeds())
        expected = {f"output:out{k}": answer for k, answer in enumerate(answers)}
        numpy.savez_compressed(folder / "expected.npz", **expected)
