"""Which parameter of a PyTorch module each initializer of its ONNX file is, and its gradient.

The exporters keep most parameters under their own names. Others they transpose (a MatMul's weight),
repack (the gates of LSTM and GRU) or fold with batch norm into the convolution before it. Each of
these is computed here from the parameters and found again in the file by its values.
"""

import itertools
from collections import Counter

import numpy
import onnx
import torch
from torch import nn

# Position in PyTorch's packing of each gate in ONNX's order.
GATE_ORDER = {nn.LSTM: (0, 3, 1, 2), nn.GRU: (1, 0, 2), nn.RNN: (0,)}
# ONNX's tensors and the parameters that they are stacked from.
PACKED = {"W": ["weight_ih"], "R": ["weight_hh"], "B": ["bias_ih", "bias_hh"]}


def candidates(model):
    """Yields (description, value, gradient) for all that an exporter can make of the parameters."""
    for name, parameter in model.named_parameters():
        if parameter.grad is None:
            continue
        value, gradient = parameter.detach(), parameter.grad
        yield name, value, gradient
        if value.dim() == 2:
            yield f"{name} transposed", value.T, gradient.T
        if value.dim() == 1:
            # PReLU's slope gets trailing axes, to broadcast over channels.
            for axes in (1, 2):
                shape = (-1,) + (1,) * axes
                yield f"{name} reshaped", value.reshape(shape), gradient.reshape(shape)
    for name, module in model.named_modules():
        if type(module) in GATE_ORDER:
            yield from packed(name, module)
    yield from folded(model)


def packed(name, module):
    """ONNX's W, R and B of each layer: gates in another order, directions stacked."""
    order = GATE_ORDER[type(module)]
    directions = ["", "_reverse"] if module.bidirectional else [""]

    def gates(tensor):
        chunks = tensor.chunk(len(order), dim=0)
        return torch.cat([chunks[gate] for gate in order])

    for layer in range(module.num_layers):
        for tensor, parts in PACKED.items():
            parameters = [
                [getattr(module, f"{part}_l{layer}{direction}") for part in parts]
                for direction in directions
            ]
            value, gradient = (
                torch.stack([torch.cat([gates(pick(p)) for p in row]) for row in parameters])
                for pick in (lambda p: p.detach(), lambda p: p.grad)
            )
            yield f"{name} layer {layer} {tensor} packed", value, gradient


def folded(model):
    """Weight and bias of linear layers and convolutions with the next batch norm folded in."""
    modules = [(name, m) for name, m in model.named_modules() if not list(m.children())]
    for (name, convolution), (_, norm) in itertools.pairwise(modules):
        if not isinstance(convolution, (nn.Conv2d, nn.Linear)):
            continue
        if not isinstance(norm, (nn.BatchNorm1d, nn.BatchNorm2d)):
            continue
        scale = norm.weight.detach() / torch.sqrt(norm.running_var + norm.eps)
        shaped = scale.reshape((-1,) + (1,) * (convolution.weight.dim() - 1))
        yield (
            f"{name}.weight with batch norm folded in",
            convolution.weight.detach() * shaped,
            convolution.weight.grad / shaped,
        )
        bias = 0.0 if convolution.bias is None else convolution.bias.detach()
        yield (
            f"{name}.bias with batch norm folded in",
            norm.bias.detach() + (bias - norm.running_mean) * scale,
            norm.bias.grad,
        )


def gradients(proto, folder, model):
    """({initializer: gradient}, {initializer: description}, [initializers without a gradient])."""
    made = [(d, v.numpy(), g.numpy()) for d, v, g in candidates(model)]
    matches, left = {}, []
    for tensor in proto.graph.initializer:
        value = onnx.numpy_helper.to_array(tensor, base_dir=str(folder))
        match = next((m for m in made if is_same(value, m[1], m[0])), None)
        if match is None:
            left.append(tensor.name)
        else:
            matches[tensor.name] = match
    # A parameter that was copied into several initializers has a part of its gradient in each.
    uses = Counter(description for description, _, _ in matches.values())
    left += [name for name, match in matches.items() if uses[match[0]] > 1]
    matches = {name: match for name, match in matches.items() if uses[match[0]] == 1}
    return (
        {name: gradient.copy() for name, (_, _, gradient) in matches.items()},
        {name: description for name, (description, _, _) in matches.items()},
        left,
    )


def is_same(value, expected, description):
    """Equal but for the rounding of the file's type; folding was computed in that type."""
    if value.shape != expected.shape or not numpy.issubdtype(value.dtype, numpy.floating):
        return False
    steps = 64 if description.endswith("folded in") else 2
    tolerance = steps * float(numpy.finfo(value.dtype).eps)
    return numpy.allclose(value.astype(numpy.float64), expected, rtol=tolerance, atol=tolerance / 8)
