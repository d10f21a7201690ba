"""One branch per activation: as PyTorch's module, and as the primitive operations people write."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from sites import with_role


class Written(nn.Module):
    """An activation written out by hand; `site` says which function it is."""

    def __init__(self, formula, function, role="hidden", **parameters):
        super().__init__()
        self.formula = formula
        self.site = (function, parameters)
        self.role = role

    def forward(self, x):
        return self.formula(x)


class Split(nn.Module):
    """first half * gate(second half), with the gate as its own site."""

    def __init__(self, gate, gate_first=False):
        super().__init__()
        self.gate = with_role("gate", gate)
        self.gate_first = gate_first

    def forward(self, x):
        first, second = x.chunk(2, dim=-1)
        if self.gate_first:
            return self.gate(first) * second
        return first * self.gate(second)


class FusedGlu(nn.Module):
    """PyTorch's own GLU."""

    inner_sites = [("sigmoid", "gate")]

    def forward(self, x):
        return F.glu(x)


def modules(without=()):
    """Every function that PyTorch has as a module, with some non-default parameters."""
    every = {
        "relu": nn.ReLU(),
        "relu6": nn.ReLU6(),
        "leaky_relu": nn.LeakyReLU(),
        "leaky_relu_02": nn.LeakyReLU(0.2),
        "prelu": nn.PReLU(),
        "prelu_channels": nn.PReLU(4),
        "elu": nn.ELU(),
        "elu_half": nn.ELU(0.5),
        "selu": nn.SELU(),
        "celu": nn.CELU(0.7),
        "sigmoid": nn.Sigmoid(),
        "hard_sigmoid": nn.Hardsigmoid(),
        "tanh": nn.Tanh(),
        "hard_tanh": nn.Hardtanh(),
        "hard_tanh_wide": nn.Hardtanh(-2.0, 3.0),
        "softplus": nn.Softplus(),
        "log_sigmoid": nn.LogSigmoid(),
        "silu": nn.SiLU(),
        "hard_swish": nn.Hardswish(),
        "gelu": nn.GELU(),
        "gelu_tanh": nn.GELU(approximate="tanh"),
        "mish": nn.Mish(),
        "sine": Written(torch.sin, "sine", w0=1.0),
        "exp": Written(torch.exp, "exp"),
        "erf": Written(torch.erf, "erf"),
        "softmax": nn.Softmax(dim=-1),
        "log_softmax": nn.LogSoftmax(dim=-1),
        "glu": FusedGlu(),
    }
    return {name: module for name, module in every.items() if name not in without}


ROOT_2 = math.sqrt(2.0)
ROOT_2_PI = math.sqrt(2.0 / math.pi)


def written():
    """The same functions as primitive operations, in the orders met in the wild."""

    def gelu_tanh(cube):
        return lambda x: 0.5 * x * (1.0 + torch.tanh(ROOT_2_PI * (x + 0.044715 * cube(x))))

    return {
        "gelu_1": Written(lambda x: 0.5 * x * (1.0 + torch.erf(x / ROOT_2)), "gelu"),
        "gelu_2": Written(lambda x: x * 0.5 * (1.0 + torch.erf(x / ROOT_2)), "gelu"),
        "gelu_3": Written(lambda x: x * (0.5 * (1.0 + torch.erf(x / ROOT_2))), "gelu"),
        "gelu_4": Written(lambda x: 0.5 * (x * (torch.erf(x / ROOT_2) + 1.0)), "gelu"),
        "gelu_5": Written(lambda x: x * (1.0 + torch.erf(x * 0.7071067811865476)) / 2.0, "gelu"),
        "gelu_6": Written(lambda x: x * (0.5 + 0.5 * torch.erf(x * (1 / ROOT_2))), "gelu"),
        "gelu_tanh_pow": Written(gelu_tanh(lambda x: torch.pow(x, 3.0)), "gelu_tanh"),
        "gelu_tanh_mul": Written(gelu_tanh(lambda x: x * x * x), "gelu_tanh"),
        "gelu_tanh_factored": Written(
            lambda x: 0.5 * x * (1.0 + torch.tanh(x * 0.7978845608 * (1.0 + 0.044715 * x * x))),
            "gelu_tanh",
        ),
        "quick_gelu": Written(lambda x: x * torch.sigmoid(1.702 * x), "quick_gelu"),
        "silu": Written(lambda x: x * torch.sigmoid(x), "silu"),
        "silu_reversed": Written(lambda x: torch.sigmoid(x) * x, "silu"),
        "swish_beta": Written(lambda x: x * torch.sigmoid(1.5 * x), "swish_beta", beta=1.5),
        "mish": Written(lambda x: x * torch.tanh(F.softplus(x)), "mish"),
        "mish_log": Written(lambda x: x * torch.tanh(torch.log(1.0 + torch.exp(x))), "mish"),
        "softplus_log": Written(lambda x: torch.log(1.0 + torch.exp(x)), "softplus"),
        "softplus_log1p": Written(lambda x: torch.log1p(torch.exp(x)), "softplus"),
        "hard_swish": Written(lambda x: x * F.relu6(x + 3.0) / 6.0, "hard_swish"),
        "hard_swish_inner": Written(lambda x: x * (F.relu6(x + 3.0) / 6.0), "hard_swish"),
        "hard_sigmoid": Written(lambda x: torch.clamp(x / 6.0 + 0.5, 0.0, 1.0), "hard_sigmoid"),
        "hard_sigmoid_relu6": Written(lambda x: F.relu6(x + 3.0) / 6.0, "hard_sigmoid"),
        "relu6_clip": Written(lambda x: torch.clamp(x, 0.0, 6.0), "relu6"),
        "relu_clip": Written(lambda x: torch.clamp(x, min=0.0), "relu"),
        "relu_max": Written(lambda x: torch.maximum(x, torch.zeros_like(x)), "relu"),
        "leaky_where": Written(
            lambda x: torch.where(x > 0, x, 0.01 * x), "leaky_relu", negative_slope=0.01
        ),
        "leaky_max": Written(lambda x: torch.maximum(x, 0.1 * x), "leaky_relu", negative_slope=0.1),
        "sigmoid": Written(lambda x: 1.0 / (1.0 + torch.exp(-x)), "sigmoid"),
        "tanh": Written(lambda x: 2.0 * torch.sigmoid(2.0 * x) - 1.0, "tanh"),
        "log_sigmoid": Written(lambda x: torch.log(torch.sigmoid(x)), "log_sigmoid"),
        "log_softmax": Written(lambda x: torch.log(torch.softmax(x, dim=-1)), "log_softmax"),
        "softmax": Written(
            lambda x: (
                torch.exp(x - x.amax(-1, keepdim=True))
                / torch.exp(x - x.amax(-1, keepdim=True)).sum(-1, keepdim=True)
            ),
            "softmax",
        ),
        "glu": Split(nn.Sigmoid()),
        "swiglu": Split(Written(lambda x: x * torch.sigmoid(x), "silu", role="gate"), True),
        "geglu": Split(nn.GELU()),
    }


class Branches(nn.Module):
    """Each activation on its own linear map of the input; their outputs joined into one head."""

    def __init__(self, activations, features=5, width=4, outputs=3):
        super().__init__()
        gated = (Split, FusedGlu)
        self.layers = nn.ModuleDict({name: nn.Linear(features, width) for name in activations})
        self.acts = nn.ModuleDict(activations)
        joined = sum(width // 2 if isinstance(a, gated) else width for a in activations.values())
        self.head = nn.Linear(joined, outputs)

    def forward(self, x):
        parts = [act(self.layers[name](x)) for name, act in self.acts.items()]
        return self.head(torch.cat(parts, dim=-1))
