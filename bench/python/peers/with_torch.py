"""PyTorch: its own kernels with preallocated outputs, without autograd."""

import numpy
import torch

from . import Call

ATEN = torch.ops.aten
SELU = (1.6732632423543772, 1.0507009873554805, 1.0)
ELU = (1.0, 1.0, 1.0)

FORWARD = {
    "relu": lambda x, o: torch.clamp_min(x, 0, out=o),
    "leaky_relu": lambda x, o: ATEN.leaky_relu.out(x, 0.01, out=o),
    "elu": lambda x, o: ATEN.elu.out(x, *ELU, out=o),
    "selu": lambda x, o: ATEN.elu.out(x, *SELU, out=o),
    "gelu": lambda x, o: ATEN.gelu.out(x, approximate="none", out=o),
    "gelu_tanh": lambda x, o: ATEN.gelu.out(x, approximate="tanh", out=o),
    "sigmoid": lambda x, o: torch.sigmoid(x, out=o),
    "silu": lambda x, o: ATEN.silu.out(x, out=o),
    "tanh": lambda x, o: torch.tanh(x, out=o),
    "softplus": lambda x, o: ATEN.softplus.out(x, 1, 20, out=o),
    "mish": lambda x, o: ATEN.mish.out(x, out=o),
    "hard_swish": lambda x, o: ATEN.hardswish.out(x, out=o),
    "softmax": lambda x, o: ATEN._softmax.out(x, 1, False, out=o),
    "log_softmax": lambda x, o: ATEN._log_softmax.out(x, 1, False, out=o),
    "relu6": lambda x, o: ATEN.hardtanh.out(x, 0, 6, out=o),
    "hard_sigmoid": lambda x, o: ATEN.hardsigmoid.out(x, out=o),
    "hard_tanh": lambda x, o: ATEN.hardtanh.out(x, -1, 1, out=o),
    "hard_shrink": lambda x, o: ATEN.hardshrink.out(x, 0.5, out=o),
    "soft_shrink": lambda x, o: ATEN.softshrink.out(x, 0.5, out=o),
    "log_sigmoid": lambda x, o: ATEN.log_sigmoid.out(x, out=o),
    "erf": lambda x, o: torch.erf(x, out=o),
    "exp": lambda x, o: torch.exp(x, out=o),
    "sine(w0=1)": lambda x, o: torch.sin(x, out=o),
    "cosine": lambda x, o: torch.cos(x, out=o),
    "arctan": lambda x, o: torch.atan(x, out=o),
}

BACKWARD = {
    "relu": lambda x, g, o: ATEN.threshold_backward.grad_input(g, x, 0, grad_input=o),
    "leaky_relu": lambda x, g, o: ATEN.leaky_relu_backward.grad_input(g, x, 0.01, False, grad_input=o),
    "elu": lambda x, g, o: ATEN.elu_backward.grad_input(g, *ELU, False, x, grad_input=o),
    "selu": lambda x, g, o: ATEN.elu_backward.grad_input(g, *SELU, False, x, grad_input=o),
    "gelu": lambda x, g, o: ATEN.gelu_backward.grad_input(g, x, approximate="none", grad_input=o),
    "gelu_tanh": lambda x, g, o: ATEN.gelu_backward.grad_input(g, x, approximate="tanh", grad_input=o),
    "silu": lambda x, g, o: ATEN.silu_backward.grad_input(g, x, grad_input=o),
    "softplus": lambda x, g, o: ATEN.softplus_backward.grad_input(g, x, 1, 20, grad_input=o),
    # These two have no form with an output of the caller's.
    "mish": lambda x, g, o: ATEN.mish_backward(g, x),
    "hard_swish": lambda x, g, o: ATEN.hardswish_backward(g, x),
}

FROM_OUTPUT = {
    "sigmoid": lambda y, g, o: ATEN.sigmoid_backward.grad_input(g, y, grad_input=o),
    "tanh": lambda y, g, o: ATEN.tanh_backward.grad_input(g, y, grad_input=o),
    "softmax": lambda y, g, o: ATEN._softmax_backward_data.out(g, y, 1, y.dtype, grad_input=o),
    "log_softmax": lambda y, g, o: ATEN._log_softmax_backward_data.out(g, y, 1, y.dtype, out=o),
}


class Torch:
    """The package."""

    name = "torch"

    def __init__(self, threads):
        torch.set_num_threads(threads)
        torch.set_grad_enabled(False)

    def version(self):
        return torch.__version__

    def call(self, cell, a, b, out):
        shape = (-1, cell["row"]) if cell["row"] else (-1,)
        x, o = tensor(a).view(shape), tensor(out).view(shape)
        if cell["form"] == "in_place":
            x = o
        if cell["direction"] == "forward":
            function = FORWARD.get(cell["function"])
            once = function and (lambda: function(x, o))
        else:
            table = BACKWARD if cell["direction"] == "backward" else FROM_OUTPUT
            function = table.get(cell["function"])
            g = tensor(b).view(shape)
            once = function and (lambda: function(x, g, o))
        if not once:
            return None
        return Call(once, lambda: array(once(), a.dtype))


def tensor(array):
    """The array as a tensor, without a copy."""
    if array.dtype.name == "bfloat16":
        return torch.from_numpy(array.view(numpy.int16)).view(torch.bfloat16)
    return torch.from_numpy(array)


def array(tensor, dtype):
    """The tensor as an array of the dtype that it has."""
    if tensor.dtype == torch.bfloat16:
        return tensor.contiguous().view(torch.int16).numpy().view(dtype)
    return tensor.numpy()
