"""Recurrent operators, attention, and control flow."""

import numpy
from onnx import TensorProto, helper, numpy_helper

from .one import Fixed, One, real, scalar


def recurrent():
    """Directions, initial states, lengths, other activations."""
    x = real(4, 2, 3)

    def weights(gates, directions=1, hidden=2):
        shapes = [
            (directions, gates * hidden, 3),
            (directions, gates * hidden, hidden),
            (directions, 2 * gates * hidden),
        ]
        return [Fixed(real(*shape)) for shape in shapes]

    lengths = numpy.array([4, 2], dtype=numpy.int32)
    size = {"hidden_size": 2}
    yield One("lstm", "LSTM", [x, *weights(4)], size, outputs=3)
    yield One("lstm-no-bias", "LSTM", [x, *weights(4)[:2]], size, outputs=3)
    yield One("lstm-reverse", "LSTM", [x, *weights(4)], {**size, "direction": "reverse"}, outputs=3)
    both = {**size, "direction": "bidirectional"}
    yield One("lstm-lengths", "LSTM", [x, *weights(4, 2), lengths], both, outputs=3)
    states = [real(1, 2, 2), real(1, 2, 2)]
    yield One("lstm-states", "LSTM", [x, *weights(4), None, *states], size, outputs=3)
    peepholes = [*weights(4), None, *states, Fixed(real(1, 6))]
    yield One("lstm-peepholes", "LSTM", [x, *peepholes], size, outputs=3)
    odd = {**size, "activations": ["HardSigmoid", "Relu", "Tanh"]}
    yield One("lstm-activations", "LSTM", [x, *weights(4)], odd, outputs=3)
    yield One("gru", "GRU", [x, *weights(3)], size, outputs=2)
    after = {**size, "linear_before_reset": 1}
    yield One("gru-linear-before-reset", "GRU", [x, *weights(3)], after, outputs=2)
    yield One("gru-bidirectional", "GRU", [x, *weights(3, 2), lengths], both, outputs=2)
    yield One("rnn", "RNN", [x, *weights(1)], size, outputs=2)
    yield One("rnn-relu", "RNN", [x, *weights(1)], {**size, "activations": ["Relu"]}, outputs=2)


def attention():
    """The fused operator of opset 23."""
    query, key, value = real(1, 2, 3, 4), real(1, 2, 5, 4), real(1, 2, 5, 4)
    yield One("attention", "Attention", [query, key, value], opset=23)
    yield One("attention-causal", "Attention", [query, query, query], {"is_causal": 1}, opset=23)
    mask = numpy.zeros((3, 5), dtype=numpy.float32)
    mask[:, 3:] = -numpy.inf
    yield One(
        "attention-mask", "Attention", [query, key, value, Fixed(mask)], {"scale": 0.3}, opset=23
    )
    heads = {"q_num_heads": 2, "kv_num_heads": 1}
    flat = [real(1, 3, 8), real(1, 3, 4), real(1, 3, 4)]
    yield One("attention-heads", "Attention", flat, heads, opset=23)


def tensor(name, kind, shape):
    """A typed value of a subgraph."""
    return helper.make_tensor_value_info(name, kind, shape)


def control():
    """Subgraphs that see the values around them."""
    kind = TensorProto.FLOAT
    branches = {
        f"{branch}_branch": helper.make_graph(
            [helper.make_node(op, ["x"], [f"{branch}_out"], name=f"{branch}-{op}")],
            branch,
            [],
            [tensor(f"{branch}_out", kind, [3])],
        )
        for branch, op in (("then", "Relu"), ("else", "Neg"))
    }
    decision = helper.make_node("If", ["y"], ["out0"], name="If", **branches)
    for truth in (True, False):
        name = f"if-{str(truth).lower()}"
        yield One(name, "If", [real(3), numpy.array(truth)], body=[decision])
    # while step < count and total < 3: total = total + x
    limit = helper.make_node("Constant", [], ["limit"], value=numpy_helper.from_array(scalar(3.0)))
    body = helper.make_graph(
        [
            helper.make_node("Add", ["before", "x"], ["after"], name="add"),
            limit,
            helper.make_node("Less", ["after", "limit"], ["again"], name="less"),
            helper.make_node("Identity", ["after"], ["trace"], name="trace"),
        ],
        "body",
        [
            tensor("step", TensorProto.INT64, []),
            tensor("running", TensorProto.BOOL, []),
            tensor("before", kind, []),
        ],
        [
            tensor("again", TensorProto.BOOL, []),
            tensor("after", kind, []),
            tensor("trace", kind, []),
        ],
    )
    loop = helper.make_node("Loop", ["y", "z", "u"], ["out0", "out1"], name="Loop", body=body)
    for name, count in (("loop-count", 3), ("loop-condition", 100), ("loop-none", 0)):
        given = [scalar(0.8), scalar(count, "int64"), numpy.array(True), scalar(0.5)]
        yield One(name, "Loop", given, outputs=2, body=[loop])
    step = helper.make_graph(
        [
            helper.make_node("Add", ["state", "row"], ["next"], name="add"),
            helper.make_node("Tanh", ["next"], ["seen"], name="tanh"),
        ],
        "step",
        [tensor("state", kind, [2]), tensor("row", kind, [2])],
        [tensor("next", kind, [2]), tensor("seen", kind, [2])],
    )
    scan = helper.make_node(
        "Scan", ["x", "y"], ["out0", "out1"], name="Scan", body=step, num_scan_inputs=1
    )
    yield One("scan", "Scan", [real(2), real(4, 2)], outputs=2, body=[scan])


def cases():
    """All of them."""
    return [*recurrent(), *attention(), *control()]
