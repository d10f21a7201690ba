"""The networks of bench/lab in PyTorch: the same shapes."""

import torch
from torch import nn

from networks import Layer, classes

BATCH = 32
# As in bench/lab.
RATE = 1e-5


def mlp(widths, function):
    """Dense layers with a function between them."""
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), function()]
    return nn.Sequential(*layers[:-1])


def cnn():
    """Four convolutions of 8 and 16 channels with ReLU on grey images of 16x16, halved after the first three."""
    layers, inputs = [], 1
    for index, outputs in enumerate([8, 16, 16, 16]):
        layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()]
        if index < 3:
            layers.append(nn.MaxPool2d(2))
        inputs = outputs
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(2 * 2 * inputs, 10))


class Transformer(nn.Module):
    """Two causal blocks with 4 heads, 32 wide, on sequences of 32 symbols out of 28."""

    def __init__(self):
        super().__init__()
        self.embedding, self.positions = nn.Embedding(28, 32), nn.Parameter(torch.randn(32, 32))
        self.layers = nn.ModuleList(Layer(32, 4, causal=32) for _ in range(2))
        self.norm, self.last = nn.LayerNorm(32), nn.Linear(32, 28)

    def forward(self, x):
        x = self.embedding(x) + self.positions
        for layer in self.layers:
            x = layer(x)
        return self.last(self.norm(x)).view(-1, 28)


NETWORKS = {
    "mlp of 2 inputs": (lambda: mlp([2, 32, 32, 32, 2], nn.ReLU), lambda: torch.randn(BATCH, 2), BATCH, 2),
    "mlp of digits": (lambda: mlp([64, 64, 64, 64, 10], nn.GELU), lambda: torch.randn(BATCH, 64), BATCH, 10),
    "mlp of 20 layers": (lambda: mlp([64] * 21 + [2], nn.Sigmoid), lambda: torch.randn(BATCH, 64), BATCH, 2),
    "cnn": (cnn, lambda: torch.randn(BATCH, 1, 16, 16), BATCH, 10),
    "transformer": (Transformer, lambda: classes(32 * BATCH, 28).view(BATCH, 32), 32 * BATCH, 28),
}


def training(name):
    """A function that makes as many training steps as it is told."""
    make, samples, rows, outputs = NETWORKS[name]
    network = make()
    # The fused form is the fastest that PyTorch has on a processor; the default is a loop of operations in Python.
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE, fused=True)
    x, targets = samples(), classes(rows, outputs)

    def steps(count):
        for _ in range(count):
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(x), targets).backward()
            optimizer.step()

    return steps
