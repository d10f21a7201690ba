"""Operators that add up: products, reductions, norms, convolutions, pools, interpolation."""

import numpy

from .one import Fixed, One, floats, positive, real, scalar, whole


def products():
    """Matrix products."""
    yield One("gemm", "Gemm", [real(2, 3), real(3, 4), Fixed(real(4))])
    yield One("gemm-trans-a", "Gemm", [real(3, 2), real(3, 4)], {"transA": 1})
    yield One(
        "gemm-scaled",
        "Gemm",
        [real(3, 2), real(4, 3), Fixed(real(2, 1))],
        {"transA": 1, "transB": 1, "alpha": 0.5, "beta": 2.0},
    )
    yield One("matmul-broadcast", "MatMul", [real(2, 1, 3, 4), real(3, 4, 2)])
    yield One("matmul-vector", "MatMul", [real(4), real(2, 4, 3)])
    yield One("matmul-vectors", "MatMul", [real(4), real(4)])
    for name, equation, shapes in (
        ("product", "ij,jk->ik", [(2, 3), (3, 4)]),
        ("scores", "bhid,bhjd->bhij", [(1, 2, 3, 4), (1, 2, 5, 4)]),
        ("trace", "ii->i", [(3, 3)]),
        ("sum", "ijk->j", [(2, 3, 4)]),
        ("outer", "i,j", [(2,), (3,)]),
        ("ellipsis", "...ij,...jk->...ik", [(2, 3, 4), (2, 4, 2)]),
    ):
        yield One(
            f"einsum-{name}", "Einsum", [real(*shape) for shape in shapes], {"equation": equation}
        )


def reductions():
    """Axes as input, as attribute, none."""
    for op in "Sum Mean Max Min Prod L1 L2 LogSum LogSumExp SumSquare".split():
        make = positive if op in ("LogSum", "Prod") else real
        yield One(f"reduce-{op.lower()}", f"Reduce{op}", [make(2, 3, 4), Fixed(whole(0, -1))])
    yield One("reduce-sum-all", "ReduceSum", [real(2, 3)], {"keepdims": 0})
    yield One("reduce-sum-noop", "ReduceSum", [real(2, 3)], {"noop_with_empty_axes": 1})
    yield One("reduce-sum-attribute", "ReduceSum", [real(2, 3)], {"axes": [1]}, opset=11)
    yield One(
        "reduce-mean-attribute", "ReduceMean", [real(2, 3)], {"axes": [-1], "keepdims": 0}, opset=13
    )
    yield One("cumsum", "CumSum", [real(2, 4), Fixed(scalar(1, "int64"))])
    yield One(
        "cumsum-exclusive-reverse",
        "CumSum",
        [real(4), Fixed(scalar(0, "int64"))],
        {"exclusive": 1, "reverse": 1},
    )


def norms():
    """Normalisations."""
    x = real(2, 4, 3, 3) * 2 + 1
    channels = [Fixed(positive(4)), Fixed(real(4))]
    yield One(
        "batchnormalization",
        "BatchNormalization",
        [x, *channels, Fixed(real(4)), Fixed(positive(4))],
    )
    yield One(
        "batchnormalization-2d",
        "BatchNormalization",
        [real(5, 4), *channels, Fixed(real(4)), Fixed(positive(4))],
        {"epsilon": 0.1},
    )
    yield One("instancenormalization", "InstanceNormalization", [x, *channels])
    yield One(
        "groupnormalization", "GroupNormalization", [x, *channels], {"num_groups": 2}, opset=21
    )
    yield One("layernormalization", "LayerNormalization", [real(2, 3, 4), *channels], opset=17)
    yield One(
        "layernormalization-no-bias", "LayerNormalization", [real(2, 3, 4), channels[0]], opset=17
    )
    yield One(
        "layernormalization-axis",
        "LayerNormalization",
        [real(2, 3, 4), Fixed(real(3, 4)), Fixed(real(3, 4))],
        {"axis": 1, "epsilon": 0.01},
        opset=17,
    )
    yield One("rmsnormalization", "RMSNormalization", [real(2, 3, 4), channels[0]], opset=23)
    yield One("lrn", "LRN", [x], {"size": 3, "alpha": 0.1})
    yield One("lpnormalization", "LpNormalization", [real(2, 4)], {"axis": -1, "p": 2})
    yield One("meanvariancenormalization", "MeanVarianceNormalization", [x])


def convolutions():
    """Strides, dilations, groups, pads that differ, automatic pads."""
    x = real(1, 4, 7, 6)
    yield One("conv", "Conv", [x, Fixed(real(3, 4, 3, 3)), Fixed(real(3))])
    yield One(
        "conv-asymmetric",
        "Conv",
        [x, Fixed(real(2, 4, 3, 2))],
        {"pads": [1, 0, 2, 1], "strides": [2, 1], "dilations": [1, 2]},
    )
    yield One("conv-groups", "Conv", [x, Fixed(real(6, 2, 3, 3))], {"group": 2})
    yield One(
        "conv-depthwise", "Conv", [x, Fixed(real(4, 1, 3, 3))], {"group": 4, "pads": [1, 1, 1, 1]}
    )
    for auto in ("SAME_UPPER", "SAME_LOWER", "VALID"):
        name = auto.lower().replace("_", "-")
        yield One(
            f"conv-{name}",
            "Conv",
            [x, Fixed(real(2, 4, 2, 2))],
            {"auto_pad": auto, "strides": [2, 2]},
        )
    yield One(
        "conv-1d", "Conv", [real(2, 3, 8), Fixed(real(4, 3, 3))], {"pads": [1, 1], "strides": [2]}
    )
    yield One("conv-3d", "Conv", [real(1, 2, 3, 4, 4), Fixed(real(2, 2, 2, 2, 2))])
    yield One(
        "convtranspose",
        "ConvTranspose",
        [real(1, 3, 3, 4), Fixed(real(3, 2, 2, 2)), Fixed(real(2))],
    )
    yield One(
        "convtranspose-stride",
        "ConvTranspose",
        [real(1, 3, 3, 4), Fixed(real(3, 2, 3, 3))],
        {"strides": [2, 2], "pads": [1, 1, 1, 1], "output_padding": [1, 1]},
    )
    yield One(
        "convtranspose-groups",
        "ConvTranspose",
        [real(1, 4, 3, 3), Fixed(real(4, 1, 2, 2))],
        {"group": 2, "strides": [2, 2]},
    )
    yield One(
        "convtranspose-1d", "ConvTranspose", [real(1, 3, 5), Fixed(real(3, 2, 3))], {"strides": [2]}
    )


def pools():
    """Maximum and average, with the ways to treat borders."""
    x = real(1, 2, 6, 7)
    kernel = {"kernel_shape": [3, 3], "strides": [2, 2]}
    yield One("maxpool", "MaxPool", [x], kernel)
    yield One("maxpool-pads", "MaxPool", [x], {**kernel, "pads": [1, 1, 1, 1]})
    yield One("maxpool-ceil", "MaxPool", [x], {**kernel, "ceil_mode": 1})
    yield One("maxpool-dilated", "MaxPool", [x], {"kernel_shape": [2, 2], "dilations": [2, 2]})
    yield One("maxpool-1d", "MaxPool", [real(1, 2, 7)], {"kernel_shape": [2], "strides": [2]})
    yield One("maxpool-same", "MaxPool", [x], {**kernel, "auto_pad": "SAME_UPPER"})
    yield One("averagepool", "AveragePool", [x], kernel)
    yield One("averagepool-pads", "AveragePool", [x], {**kernel, "pads": [1, 1, 1, 1]})
    padded = {**kernel, "pads": [1, 1, 1, 1], "count_include_pad": 1}
    yield One("averagepool-include", "AveragePool", [x], padded)
    yield One("averagepool-ceil", "AveragePool", [x], {**kernel, "ceil_mode": 1}, opset=19)
    yield One("globalaveragepool", "GlobalAveragePool", [x])
    yield One("globalmaxpool", "GlobalMaxPool", [x])


def resizes():
    """Modes and coordinate rules."""
    x = real(1, 1, 3, 4)
    double = [None, Fixed(floats(1, 1, 2, 2))]
    third = [None, Fixed(floats(1, 1, 1.5, 0.75))]
    sizes = [None, None, Fixed(whole(1, 1, 5, 7))]
    for name, inputs, attributes in (
        ("nearest-asymmetric", double, ("nearest", "asymmetric", "floor")),
        ("nearest-half-pixel", third, ("nearest", "half_pixel", "round_prefer_floor")),
        ("nearest-ceil", sizes, ("nearest", "asymmetric", "ceil")),
        ("linear-half-pixel", double, ("linear", "half_pixel", None)),
        ("linear-pytorch", sizes, ("linear", "pytorch_half_pixel", None)),
        ("linear-corners", sizes, ("linear", "align_corners", None)),
        ("linear-asymmetric", third, ("linear", "asymmetric", None)),
        ("cubic", double, ("cubic", "half_pixel", None)),
        ("cubic-pytorch", sizes, ("cubic", "pytorch_half_pixel", None)),
    ):
        mode, coordinates, nearest = attributes
        named = {"mode": mode, "coordinate_transformation_mode": coordinates}
        if nearest:
            named["nearest_mode"] = nearest
        if mode == "cubic":
            named["cubic_coeff_a"] = -0.75
        yield One(f"resize-{name}", "Resize", [x, *inputs], named)
    yield One(
        "resize-axes", "Resize", [x, None, Fixed(floats(2, 2))], {"axes": [2, 3], "mode": "linear"}
    )
    yield One(
        "resize-11",
        "Resize",
        [x, Fixed(numpy.zeros(0, "float32")), Fixed(floats(1, 1, 2, 2))],
        opset=11,
    )


def cases():
    """All of them."""
    return [*products(), *reductions(), *norms(), *convolutions(), *pools(), *resizes()]
