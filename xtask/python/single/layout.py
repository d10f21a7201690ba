"""Operators that move, select, make and count elements."""

import numpy
from onnx.numpy_helper import from_array

from .one import Fixed, One, floats, real, scalar, whole

CUBE = numpy.arange(24, dtype=numpy.float32).reshape(2, 3, 4)
IMAGE = numpy.arange(16, dtype=numpy.float32).reshape(1, 1, 4, 4)


def shapes():
    """The same elements in another shape or order."""
    yield One("reshape", "Reshape", [CUBE, Fixed(whole(0, -1))])
    yield One("reshape-flat", "Reshape", [CUBE, Fixed(whole(-1))])
    yield One("reshape-computed", "Reshape", [CUBE, whole(4, 6)])
    yield One("reshape-allowzero", "Reshape", [CUBE, Fixed(whole(3, 8))], {"allowzero": 1})
    yield One("transpose", "Transpose", [CUBE])
    yield One("transpose-perm", "Transpose", [CUBE], {"perm": [1, 2, 0]})
    for axis in (0, 2, -1):
        yield One(f"flatten-{axis}".replace("--", "-minus-"), "Flatten", [CUBE], {"axis": axis})
    yield One("squeeze", "Squeeze", [real(1, 3, 1)])
    yield One("squeeze-axes", "Squeeze", [real(1, 3, 1), Fixed(whole(-1))])
    yield One("squeeze-attribute", "Squeeze", [real(1, 3, 1)], {"axes": [0]}, opset=11)
    yield One("unsqueeze", "Unsqueeze", [real(3), Fixed(whole(0, 2))])
    yield One("unsqueeze-attribute", "Unsqueeze", [real(3)], {"axes": [1]}, opset=11)
    yield One("concat", "Concat", [real(2, 1), real(2, 3), real(2, 2)], {"axis": -1})
    yield One("split-uneven", "Split", [real(7, 2)], {"num_outputs": 3}, outputs=3)
    yield One("split-sizes", "Split", [real(2, 5), Fixed(whole(1, 4))], {"axis": 1}, outputs=2)
    yield One("split-equal", "Split", [real(2, 6)], {"axis": -1}, opset=13, outputs=3)
    yield One("split-attribute", "Split", [real(5)], {"split": [2, 3]}, opset=11, outputs=2)
    yield One("expand", "Expand", [real(3, 1), Fixed(whole(2, 1, 4))])
    yield One("tile", "Tile", [real(2, 2), Fixed(whole(2, 3))])
    yield One("depthtospace-dcr", "DepthToSpace", [real(1, 8, 2, 2)], {"blocksize": 2})
    yield One(
        "depthtospace-crd", "DepthToSpace", [real(1, 8, 2, 2)], {"blocksize": 2, "mode": "CRD"}
    )
    yield One("spacetodepth", "SpaceToDepth", [real(1, 2, 4, 4)], {"blocksize": 2})


def pads():
    """Every mode, negative pads, given axes."""
    pads = Fixed(whole(0, 0, 1, 2, 0, 0, 2, 1))
    yield One("pad-constant", "Pad", [IMAGE, pads, Fixed(scalar(-1))])
    yield One("pad-zero", "Pad", [IMAGE, pads])
    yield One("pad-reflect", "Pad", [IMAGE, pads], {"mode": "reflect"})
    yield One("pad-edge", "Pad", [IMAGE, pads], {"mode": "edge"})
    yield One("pad-wrap", "Pad", [IMAGE, pads], {"mode": "wrap"}, opset=19)
    yield One("pad-negative", "Pad", [IMAGE, Fixed(whole(0, 0, -1, 1, 0, 0, 0, -2))])
    yield One("pad-axes", "Pad", [IMAGE, Fixed(whole(1, 1)), None, Fixed(whole(-1))])


def selections():
    """Slices, gathers, scatters."""

    def fixed(*parts):
        return [Fixed(whole(*part)) for part in parts]

    yield One("slice", "Slice", [CUBE, *fixed((0, 1), (1, 3), (0, 2))])
    yield One("slice-plain", "Slice", [CUBE, *fixed((0, 1), (2, 3))])
    yield One("slice-beyond", "Slice", [CUBE, *fixed((-2,), (2**62,), (1,))])
    yield One("slice-reverse", "Slice", [CUBE, *fixed((-1,), (-(2**62),), (2,), (-2,))])
    yield One("slice-empty", "Slice", [CUBE, *fixed((2,), (2,), (2,))])
    yield One("slice-step", "Slice", [CUBE, *fixed((0,), (4,), (-1,), (3,))])
    yield One("gather", "Gather", [CUBE, Fixed(numpy.array([[0, -1], [1, 0]]))], {"axis": 1})
    yield One("gather-scalar", "Gather", [CUBE, Fixed(scalar(-1, "int64"))], {"axis": 2})
    yield One("gather-embedding", "Gather", [Fixed(real(3, 2)), whole(2, 0, 2)])
    index = numpy.array([[[0, 2, -1]], [[1, 1, 0]]])
    yield One("gatherelements", "GatherElements", [CUBE, index], {"axis": 2})
    yield One("gathernd", "GatherND", [CUBE, numpy.array([[0, 1], [1, -1]])])
    yield One("gathernd-batch", "GatherND", [CUBE, numpy.array([[1], [2]])], {"batch_dims": 1})
    rows = numpy.array([[1, 0, 2]])
    yield One("scatterelements", "ScatterElements", [real(3, 3), rows, real(1, 3)])
    repeated = numpy.array([[1, 1, 2]])
    yield One(
        "scatterelements-add",
        "ScatterElements",
        [real(3, 3), repeated, real(1, 3)],
        {"axis": 1, "reduction": "add"},
    )
    yield One("scatternd", "ScatterND", [real(4, 2), numpy.array([[3], [0]]), real(2, 2)])
    yield One(
        "scatternd-add",
        "ScatterND",
        [real(4, 2), numpy.array([[3], [3]]), real(2, 2)],
        {"reduction": "add"},
    )
    yield One("nonzero", "NonZero", [floats(0, 1, 0, 2).reshape(2, 2)])
    yield One("compress", "Compress", [CUBE, numpy.array([True, False, True])], {"axis": 1})
    yield One(
        "reversesequence",
        "ReverseSequence",
        [real(4, 2), whole(3, 2)],
        {"time_axis": 0, "batch_axis": 1},
    )


def makers():
    """Tensors from shapes, counts and indices."""
    yield One("shape", "Shape", [CUBE])
    yield One("shape-part", "Shape", [CUBE], {"start": 1, "end": -1})
    yield One("size", "Size", [CUBE])
    yield One("constantofshape", "ConstantOfShape", [whole(2, 3)])
    yield One(
        "constantofshape-int64", "ConstantOfShape", [whole(2)], {"value": from_array(whole(5))}
    )
    yield One("range", "Range", [scalar(1, "int64"), scalar(10, "int64"), scalar(3, "int64")])
    yield One("range-down", "Range", [scalar(2.0), scalar(0.0), scalar(-0.5)])
    yield One("eyelike", "EyeLike", [real(3, 4)], {"k": 1})
    yield One("trilu", "Trilu", [real(3, 4)])
    yield One("trilu-above", "Trilu", [real(2, 3, 4), Fixed(scalar(1, "int64"))], {"upper": 1})
    yield One("trilu-lower", "Trilu", [real(3, 4), Fixed(scalar(-1, "int64"))], {"upper": 0})
    yield One("onehot", "OneHot", [whole(0, 2, -1), Fixed(whole(3)), Fixed(floats(-1, 1))])
    yield One(
        "onehot-axis",
        "OneHot",
        [numpy.array([[0, 1]]), Fixed(scalar(2, "int64")), Fixed(floats(0, 1))],
        {"axis": 1},
    )
    yield One("topk", "TopK", [real(2, 5), Fixed(whole(3))], outputs=2)
    yield One(
        "topk-smallest", "TopK", [real(4, 2), Fixed(whole(2))], {"axis": 0, "largest": 0}, outputs=2
    )
    ties = floats(1, 3, 3, 2, 0, 0).reshape(2, 3)
    yield One("argmax", "ArgMax", [ties], {"axis": 1})
    yield One("argmax-last", "ArgMax", [ties], {"axis": 1, "select_last_index": 1, "keepdims": 0})
    yield One("argmin", "ArgMin", [ties], {"axis": -1, "keepdims": 0})


def cases():
    """All of them."""
    return [*shapes(), *pads(), *selections(), *makers()]
