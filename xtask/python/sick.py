"""Networks with one planted fault each: sick.py FOLDER [PART-OF-NAME ...]

meta.json lists in `expect` the slugs that the doctor must report; others may come with them.
"""

from functools import partial

import torch
from torch import nn

import tasks
from digits import DEVIATION, MEAN
from networks.dense import Mlp
from networks.digits import SmallCnn
from patients import Patient, make_all

PLAIN = [64, 48, 48, 10]


def linears(model):
    """The linear layers in order."""
    return [module for module in model.modules() if isinstance(module, nn.Linear)]


def rescaled(factor):
    """Multiplies every weight but the head's."""

    def spoil(model):
        for layer in linears(model)[:-1]:
            layer.weight.mul_(factor)

    return spoil


def normal(gain):
    """Weights with a standard deviation of gain / sqrt(fan_in), no biases."""

    def spoil(model):
        for layer in linears(model):
            nn.init.normal_(layer.weight, 0.0, gain / layer.in_features**0.5)
            nn.init.zeros_(layer.bias)

    return spoil


def biased(layer, value, step=1):
    """Sets every `step`-th bias of a layer."""

    def spoil(model):
        linears(model)[layer].bias[::step] = value

    return spoil


def low_beta(model):
    """Batch norm that moves most channels far below zero."""
    model.bn2.bias[:12] = -6.0


def constant(model):
    """Every unit of a hidden layer alike, with alike outgoing weights."""
    first, second, _ = linears(model)
    nn.init.constant_(first.weight, 0.05)
    nn.init.zeros_(first.bias)
    nn.init.constant_(second.weight, 0.05)


class LogOfRelu(nn.Module):
    """The logarithm of something that can be zero."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 32)
        self.act = nn.ReLU()
        self.fc2 = nn.Linear(32, 10)

    def forward(self, x):
        return self.fc2(torch.log(self.act(self.fc1(x))))


class Overflow(nn.Module):
    """exp of values beyond 89."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 32)
        self.fc2 = nn.Linear(32, 10)
        with torch.no_grad():
            self.fc1.weight.mul_(200.0)

    def forward(self, x):
        return self.fc2(torch.exp(self.fc1(x)))


def with_output(widths, output, activation=nn.ReLU):
    """An MLP with something at its end."""
    return partial(Mlp, widths, activation, output)


def collapsed():
    """Two linear layers that are one."""
    return nn.Sequential(
        nn.Linear(64, 48),
        nn.ReLU(),
        nn.Linear(48, 48),
        nn.Linear(48, 32),
        nn.ReLU(),
        nn.Linear(32, 10),
    )


def twice(first, second):
    """One activation after another."""
    return lambda: nn.Sequential(nn.Linear(64, 48), first(), second(), nn.Linear(48, 10))


def hidden_softmax():
    """Softmax where an activation belongs."""
    return nn.Sequential(
        nn.Linear(64, 48), nn.Softmax(dim=-1), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 10)
    )


def shifted_input():
    """Values far below 0 that nobody centred: all between -56 and -40."""
    x, y = tasks.numbers()()
    return (x * DEVIATION + MEAN).round() - 56.0, y


def units():
    """Dead, saturated, off centre."""
    numbers = tasks.numbers
    yield Patient(
        "dead-units-bias",
        partial(Mlp, PLAIN),
        numbers(1000),
        epochs=8,
        spoil=biased(0, -8.0, 2),
        expect=("dead-units",),
    )
    yield Patient(
        "dead-units-rate",
        partial(Mlp, PLAIN),
        numbers(1000),
        epochs=8,
        rate=0.3,
        expect=("dead-units",),
    )
    yield Patient(
        "dead-layer",
        partial(Mlp, PLAIN),
        numbers(1000),
        epochs=4,
        spoil=biased(1, -60.0),
        expect=("dead-layer",),
    )
    yield Patient(
        "dead-by-norm",
        SmallCnn,
        tasks.images(1000),
        epochs=3,
        rate=1e-4,
        spoil=low_beta,
        optimize=False,
        expect=("dead-by-norm", "dead-units"),
    )
    yield Patient(
        "saturated-tanh",
        partial(Mlp, PLAIN, nn.Tanh),
        numbers(400),
        epochs=8,
        spoil=rescaled(20.0),
        expect=("saturated-units",),
    )
    yield Patient(
        "saturated-hard-sigmoid",
        partial(Mlp, PLAIN, nn.Hardsigmoid),
        numbers(400),
        epochs=4,
        spoil=rescaled(60.0),
        expect=("saturated-units",),
    )
    yield Patient(
        "off-centre-input",
        partial(Mlp, [64, 48, 10], nn.Tanh),
        shifted_input,
        epochs=2,
        rate=1e-4,
        expect=("off-centre", "saturated-units"),
    )


def depth():
    """Gradients and initialisation."""
    numbers = tasks.numbers(300)
    deep = [64, *[32] * 8, 10]
    yield Patient(
        "vanishing-sigmoid",
        partial(Mlp, deep, nn.Sigmoid),
        numbers,
        expect=("vanishing-gradient", "hidden-squash"),
    )
    yield Patient(
        "vanishing-tanh",
        partial(Mlp, deep, nn.Tanh),
        numbers,
        spoil=normal(0.3),
        expect=("vanishing-gradient", "hidden-squash", "init-gain"),
        exporter="torchscript",
        opset=17,
    )
    yield Patient(
        "exploding-relu",
        partial(Mlp, deep),
        numbers,
        spoil=normal(5.0),
        expect=("exploding-gradient", "init-gain"),
    )
    yield Patient(
        "init-gain-small",
        partial(Mlp, deep, nn.GELU),
        numbers,
        spoil=normal(0.3),
        expect=("init-gain",),
    )
    yield Patient(
        "symmetric-init", partial(Mlp, PLAIN), numbers, spoil=constant, expect=("symmetric-init",)
    )
    yield Patient("log-of-zero", LogOfRelu, numbers, expect=("first-nonfinite",))
    yield Patient(
        "exp-overflow",
        Overflow,
        numbers,
        expect=("first-nonfinite",),
        exporter="torchscript",
        opset=14,
    )


def outputs():
    """Outputs that do not fit the loss."""
    numbers, traits, even = tasks.numbers(300), partial(tasks.traits, 300), partial(tasks.even, 300)
    softmax = nn.Softmax(dim=-1)
    yield Patient(
        "double-softmax", with_output(PLAIN, softmax), numbers, epochs=8, expect=("double-softmax",)
    )
    yield Patient(
        "double-sigmoid",
        with_output([64, 32, 4], nn.Sigmoid()),
        traits,
        "bce-with-logits",
        epochs=8,
        expect=("double-sigmoid",),
    )
    yield Patient(
        "logits-into-bce",
        partial(Mlp, [64, 32, 4]),
        traits,
        "bce",
        trained_with="bce-with-logits",
        epochs=8,
        expect=("missing-output-activation",),
    )
    yield Patient(
        "logits-into-nll",
        partial(Mlp, PLAIN),
        numbers,
        "nll",
        trained_with="cross-entropy",
        epochs=4,
        expect=("missing-log-probability",),
    )
    yield Patient(
        "softmax-into-nll",
        with_output(PLAIN, softmax),
        numbers,
        "nll",
        epochs=4,
        expect=("missing-log-probability",),
    )
    yield Patient(
        "softmax-on-multilabel",
        with_output([64, 32, 4], softmax),
        traits,
        "bce",
        epochs=8,
        expect=("softmax-on-multilabel",),
    )
    yield Patient(
        "softmax-over-one",
        with_output([64, 32, 1], softmax),
        even,
        "bce",
        expect=("softmax-over-one",),
    )
    yield Patient(
        "output-range-sigmoid",
        with_output([4, 32, 1], nn.Sigmoid()),
        partial(tasks.surface, 400),
        "mse",
        epochs=8,
        expect=("output-range",),
    )
    yield Patient(
        "output-range-tanh",
        with_output([4, 32, 1], nn.Tanh(), nn.GELU),
        partial(tasks.surface, 400),
        "mae",
        epochs=8,
        expect=("output-range",),
        exporter="torchscript",
        opset=11,
    )
    yield Patient(
        "relu-on-logits",
        with_output(PLAIN, nn.ReLU()),
        numbers,
        epochs=4,
        expect=("relu-on-logits",),
    )


def structure():
    """Faults of the graph."""
    numbers = tasks.numbers(300)
    yield Patient("linear-collapse", collapsed, numbers, epochs=4, expect=("linear-collapse",))
    yield Patient(
        "relu-twice",
        twice(nn.ReLU, nn.ReLU),
        numbers,
        epochs=4,
        expect=("redundant-activation",),
        exporter="torchscript",
        opset=17,
    )
    yield Patient(
        "relu-of-sigmoid",
        twice(nn.Sigmoid, nn.ReLU),
        numbers,
        epochs=4,
        expect=("redundant-activation",),
    )
    yield Patient("hidden-softmax", hidden_softmax, numbers, epochs=8, expect=("hidden-squash",))


if __name__ == "__main__":
    make_all([*units(), *depth(), *outputs(), *structure()])
