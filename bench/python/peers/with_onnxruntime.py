"""ONNX Runtime: a model of one operator, bound to the arrays."""

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper

from . import Call

OPERATORS = {
    "relu": [("Relu", {})],
    "leaky_relu": [("LeakyRelu", {"alpha": 0.01})],
    "elu": [("Elu", {})],
    "selu": [("Selu", {})],
    "gelu": [("Gelu", {})],
    "gelu_tanh": [("Gelu", {"approximate": "tanh"})],
    "sigmoid": [("Sigmoid", {})],
    # Fused into one by the runtime.
    "silu": [("Sigmoid", {}), ("Mul", {})],
    "tanh": [("Tanh", {})],
    "softplus": [("Softplus", {})],
    "mish": [("Mish", {})],
    "hard_swish": [("HardSwish", {})],
    "softmax": [("Softmax", {"axis": -1})],
    "log_softmax": [("LogSoftmax", {"axis": -1})],
}
OPSET = 20


class OnnxRuntime:
    """The package."""

    name = "onnxruntime"

    def __init__(self, threads):
        self.options = onnxruntime.SessionOptions()
        self.options.intra_op_num_threads = threads
        # Its threads would wait for more work on a processor that others need meanwhile.
        self.options.add_session_config_entry("session.force_spinning_stop", "1")
        self.options.inter_op_num_threads = 1
        self.options.log_severity_level = 3
        self.sessions = {}

    def version(self):
        return onnxruntime.__version__

    def call(self, cell, a, b, out):
        ready = cell["direction"] == "forward" and cell["form"] != "in_place" and cell["dtype"] == "f32"
        if not ready or cell["function"] not in OPERATORS:
            return None
        if cell["function"] not in self.sessions:
            self.sessions[cell["function"]] = self.session(cell["function"])
        session = self.sessions[cell["function"]]
        row = cell["row"] or a.size
        shape = [a.size // row, row]
        binding = session.io_binding()
        binding.bind_input("x", "cpu", 0, numpy.float32, shape, a.ctypes.data)
        binding.bind_output("y", "cpu", 0, numpy.float32, shape, out.ctypes.data)

        def once():
            session.run_with_iobinding(binding)

        return Call(once, lambda: once() or out)

    def session(self, function):
        """A session that computes the function of a matrix of any shape."""
        nodes = [helper.make_node(op, ["x"], ["y"], **attributes) for op, attributes in OPERATORS[function][:1]]
        if len(OPERATORS[function]) == 2:
            nodes[0].output[0] = "s"
            nodes.append(helper.make_node("Mul", ["x", "s"], ["y"]))
        ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows", "columns"]) for name in "xy"]
        graph = helper.make_graph(nodes, function, ends[:1], ends[1:])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
        onnx.checker.check_model(model)
        return onnxruntime.InferenceSession(model.SerializeToString(), self.options, providers=["CPUExecutionProvider"])
