"""Operators on single elements, with and without broadcasting."""

import numpy

from .one import Fixed, One, floats, positive, real, scalar, whole

SPECIAL = floats(-numpy.inf, -2.5, -1.5, -0.5, -0.0, 0.0, 0.5, 1.5, 2.5, numpy.inf, numpy.nan)
UNIT = floats(-0.9, -0.3, 0.0, 0.4, 0.8)
INTEGERS = numpy.array([[-7, -3, 0], [3, 7, 8]], dtype=numpy.int64)
TRUTHS = numpy.array([[True], [False]])
OTHERS = numpy.array([True, False, True])


def unary():
    """One input."""
    plain = (
        "Abs Neg Exp Floor Ceil Round Sign Sin Cos Atan Tanh Sigmoid Erf Relu IsNaN IsInf Identity"
    )
    for op in plain.split():
        yield One(op.lower(), op, [SPECIAL])
    for (
        op
    ) in "Softplus Softsign Elu Selu LeakyRelu ThresholdedRelu HardSigmoid HardSwish Mish".split():
        yield One(op.lower(), op, [real(2, 5) * 4])
    yield One("elu-alpha", "Elu", [real(2, 5)], {"alpha": 0.5})
    yield One("selu-alpha", "Selu", [real(2, 5)], {"alpha": 1.2, "gamma": 0.8})
    yield One("celu-alpha", "Celu", [real(2, 5)], {"alpha": 0.5})
    yield One("leakyrelu-alpha", "LeakyRelu", [real(2, 5)], {"alpha": 0.3})
    yield One("hardsigmoid-sixth", "HardSigmoid", [real(2, 5) * 4], {"alpha": 1 / 6, "beta": 0.5})
    yield One("thresholdedrelu-alpha", "ThresholdedRelu", [real(2, 5)], {"alpha": 0.2})
    yield One("gelu", "Gelu", [real(2, 5)], opset=20)
    yield One("gelu-tanh", "Gelu", [real(2, 5)], {"approximate": "tanh"}, opset=20)
    for op in "Asin Acos Atanh".split():
        yield One(op.lower(), op, [UNIT])
    for op in "Log Sqrt Reciprocal".split():
        yield One(op.lower(), op, [positive(2, 5)])
    for op in "Tan Sinh Cosh Asinh".split():
        yield One(op.lower(), op, [real(6)])
    yield One("acosh", "Acosh", [positive(6) + 1])
    yield One("not", "Not", [TRUTHS])
    yield One("neg-int64", "Neg", [INTEGERS])
    yield One("dropout", "Dropout", [real(2, 3)])
    for name, kind in (("int64", 7), ("bool", 9), ("float64", 11), ("float16", 10)):
        yield One(f"cast-{name}", "Cast", [floats(-2.7, -0.5, 0.0, 0.5, 2.7)], {"to": kind})
    yield One("castlike", "CastLike", [INTEGERS, real(1)])
    yield One("clip", "Clip", [real(8) * 2, Fixed(scalar(-1)), Fixed(scalar(0.5))])
    yield One("clip-low", "Clip", [real(8), Fixed(scalar(0))])
    yield One("clip-high", "Clip", [real(8), None, Fixed(scalar(0.25))])
    yield One("clip-none", "Clip", [real(8)])
    yield One(
        "clip-int64", "Clip", [INTEGERS, Fixed(scalar(-3, "int64")), Fixed(scalar(5, "int64"))]
    )


def binary():
    """Two or more inputs, broadcast."""
    for op in "Add Sub Mul Div".split():
        yield One(op.lower(), op, [real(2, 3, 1), positive(1, 4)])
        yield One(f"{op.lower()}-int64", op, [INTEGERS, whole(2, -2, 3)])
    yield One("pow", "Pow", [positive(2, 3), real(3)])
    yield One("pow-square", "Pow", [real(2, 3), Fixed(scalar(2))])
    yield One("pow-int-exponent", "Pow", [real(2, 3), Fixed(scalar(3, "int64"))])
    yield One("mod-int64", "Mod", [INTEGERS, whole(2, -2, 3)])
    yield One("mod-fmod", "Mod", [real(2, 3) * 5, positive(3)], {"fmod": 1})
    yield One("prelu-channels", "PRelu", [real(2, 3, 4), Fixed(real(3, 1))])
    yield One("prelu-scalar", "PRelu", [real(2, 3, 4), Fixed(real(1))])
    for op in "Min Max Sum Mean".split():
        yield One(op.lower(), op, [real(2, 3), real(3), real(2, 1)])
    yield One("max-nan", "Max", [SPECIAL, Fixed(scalar(0))])
    for op in "Equal Greater GreaterOrEqual Less LessOrEqual".split():
        yield One(op.lower(), op, [INTEGERS, whole(-7, 3, 8)])
    for op in "And Or Xor".split():
        yield One(op.lower(), op, [TRUTHS, OTHERS])
    yield One("where", "Where", [TRUTHS, real(3), real(2, 1)])
    yield One("where-scalar", "Where", [TRUTHS, Fixed(scalar(-numpy.inf)), real(2, 3)])


def softmaxes():
    """Along one axis, and opset 11's flattening."""
    for op in "Softmax LogSoftmax Hardmax".split():
        name = op.lower()
        yield One(name, op, [real(2, 3, 4)])
        yield One(f"{name}-axis-1", op, [real(2, 3, 4)], {"axis": 1})
        yield One(f"{name}-flattened", op, [real(2, 3, 4)], {"axis": 1}, opset=11)
        yield One(f"{name}-flattened-default", op, [real(2, 3, 2)], opset=12)
    yield One("softmax-infinite", "Softmax", [floats(-numpy.inf, 1.0, 2.0).reshape(1, 3)])


def cases():
    """All of them."""
    return [*unary(), *binary(), *softmaxes()]
