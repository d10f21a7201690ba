"""The networks of bench/frameworks in PyTorch: the same shapes."""

import torch
from torch import nn
from torch.nn import functional as F


def classes(count, bound):
    """Whole numbers below a bound, in an order without a pattern."""
    index = torch.arange(count)
    return index * index * 31 % 8191 % bound


class Mlp(nn.Module):
    """784-512-512-10 with GELU, on 128 samples."""

    def __init__(self):
        super().__init__()
        self.first, self.second, self.last = nn.Linear(784, 512), nn.Linear(512, 512), nn.Linear(512, 10)

    @staticmethod
    def batch():
        return torch.randn(128, 784), classes(128, 10)

    def forward(self, x):
        return self.last(F.gelu(self.second(F.gelu(self.first(x)))))


class Cnn(nn.Module):
    """Four convolutions with SiLU on 32 images of 3x32x32, halved by maxima after the second and the fourth."""

    def __init__(self):
        super().__init__()
        channels = [3, 32, 32, 64, 64]
        self.convolutions = nn.ModuleList(
            nn.Conv2d(inputs, outputs, 3, padding=1) for inputs, outputs in zip(channels, channels[1:])
        )
        self.last = nn.Linear(64 * 8 * 8, 10)

    @staticmethod
    def batch():
        return torch.randn(32, 3, 32, 32), classes(32, 10)

    def forward(self, x):
        for index, convolution in enumerate(self.convolutions):
            x = F.silu(convolution(x))
            if index % 2:
                x = F.max_pool2d(x, 2)
        return self.last(x.flatten(1))


class Layer(nn.Module):
    """Attention and a GELU network, both added to what they are given. With `causal`, the length of the sequences, a position
    reads those before it only."""

    def __init__(self, width, heads, causal=0):
        super().__init__()
        self.heads = heads
        # Added to the score of a position that comes later.
        self.later = torch.full((causal, causal), -1e9).triu(1) if causal else None
        self.before_attention, self.before_network = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query, self.key, self.value, self.attended = (nn.Linear(width, width) for _ in range(4))
        self.wider, self.narrower = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        x = x + self.attention(self.before_attention(x))
        return x + self.narrower(F.gelu(self.wider(self.before_network(x))))

    def attention(self, x):
        batch, length, width = x.shape
        shape = (batch, length, self.heads, width // self.heads)
        query, key, value = (
            linear(x).view(shape).transpose(1, 2) for linear in (self.query, self.key, self.value)
        )
        scores = query @ key.transpose(2, 3) / shape[3] ** 0.5
        if self.later is not None:
            scores = scores + self.later
        mixed = F.softmax(scores, -1) @ value
        return self.attended(mixed.transpose(1, 2).reshape(batch, length, width))


class Transformer(nn.Module):
    """Two layers with 4 heads, 128 wide, on 8 sequences of 64 bytes; a class for each byte."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(256, 128)
        self.layers = nn.ModuleList(Layer(128, 4) for _ in range(2))
        self.norm, self.last = nn.LayerNorm(128), nn.Linear(128, 256)

    @staticmethod
    def batch():
        following = classes(8 * 64 + 1, 256)
        return following[:-1].view(8, 64), following[1:]

    def forward(self, x):
        x = self.embedding(x)
        for layer in self.layers:
            x = layer(x)
        return self.last(self.norm(x)).view(-1, 256)


NETWORKS = {"mlp": Mlp, "cnn": Cnn, "transformer": Transformer}
# As in bench/frameworks.
RATE = 0.01


def training(name):
    """A function that makes as many training steps as it is told."""
    network = NETWORKS[name]()
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE)
    x, targets = network.batch()

    def steps(count):
        for _ in range(count):
            optimizer.zero_grad()
            F.cross_entropy(network(x), targets).backward()
            optimizer.step()

    return steps
