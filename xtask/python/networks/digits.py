"""Networks of the patients, sized for 8x8 images."""

import torch
from torch import nn

from networks.attention import Attention, PreNormLayer
from networks.convolution import BasicBlock, InvertedResidual, SqueezeExcite
from networks.recurrent import Recurrent
from sites import with_role


class SmallCnn(nn.Module):
    """Two convolutions with batch norm, pooling, linear head."""

    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(8)
        self.act1 = nn.ReLU()
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(16)
        self.act2 = nn.ReLU()
        self.pool = nn.MaxPool2d(2)
        self.head = nn.Linear(64, classes)

    def forward(self, x):
        x = self.pool(self.act1(self.bn1(self.conv1(x))))
        x = self.pool(self.act2(self.bn2(self.conv2(x))))
        return self.head(x.flatten(1))


class SmallResNet(nn.Module):
    """A stem and basic blocks."""

    def __init__(self, blocks=3, width=8, classes=10):
        super().__init__()
        self.stem = nn.Conv2d(1, width, 3, padding=1)
        self.blocks = nn.Sequential(*(BasicBlock(width, width, 1) for _ in range(blocks)))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        return self.head(self.pool(self.blocks(self.stem(x))).flatten(1))


class SmallExcite(nn.Module):
    """Inverted residuals with squeeze-excite."""

    def __init__(self, activation, gate, classes=10):
        super().__init__()

        def excite(channels):
            return SqueezeExcite(channels, 6, activation, gate)

        self.stem = nn.Conv2d(1, 8, 3, padding=1)
        self.blocks = nn.Sequential(
            InvertedResidual(8, 16, 8, 1, activation, excite),
            InvertedResidual(8, 16, 12, 2, activation, excite),
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(12, classes)

    def forward(self, x):
        return self.head(self.pool(self.blocks(self.stem(x))).flatten(1))


class RowTransformer(nn.Module):
    """Rows as tokens, two pre-norm layers, mean over tokens."""

    def __init__(self, width=16, classes=10, activation=nn.GELU):
        super().__init__()
        self.embed = nn.Linear(8, width)
        self.positions = nn.Parameter(torch.randn(8, width) * 0.1)
        self.layers = nn.ModuleList(
            PreNormLayer(width, 32, Attention(width, 2), activation()) for _ in range(2)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        x = self.embed(x) + self.positions
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x).mean(1))


class OneToken(nn.Module):
    """Attention over a single token: its softmax has one element, and that is right."""

    def __init__(self, width=16, classes=10):
        super().__init__()
        self.embed = nn.Linear(64, width)
        self.layer = PreNormLayer(width, 32, Attention(width, 2), nn.ReLU())
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        return self.head(self.layer(self.embed(x).unsqueeze(1))[:, 0])


class DenseResidual(nn.Module):
    """Residual blocks of linear layers; the last layer of each branch may start at zero."""

    def __init__(self, blocks=6, width=32, classes=10, activation=nn.ReLU, zero=False, norm=True):
        super().__init__()
        self.embed = nn.Linear(64, width)
        self.norms = nn.ModuleList(
            nn.LayerNorm(width) if norm else nn.Identity() for _ in range(blocks)
        )
        self.first = nn.ModuleList(nn.Linear(width, width) for _ in range(blocks))
        self.acts = nn.ModuleList(activation() for _ in range(blocks))
        self.second = nn.ModuleList(nn.Linear(width, width) for _ in range(blocks))
        self.head = nn.Linear(width, classes)
        if zero:
            for layer in self.second:
                nn.init.zeros_(layer.weight)
                nn.init.zeros_(layer.bias)

    def forward(self, x):
        x = self.embed(x)
        branches = zip(self.norms, self.first, self.acts, self.second, strict=True)
        for norm, first, act, second in branches:
            x = x + second(act(first(norm(x))))
        return self.head(x)


class LowRank(nn.Module):
    """Two linear maps through a narrow middle, on purpose."""

    def __init__(self, classes=10):
        super().__init__()
        self.fc1 = nn.Linear(64, 48)
        self.act1 = nn.ReLU()
        self.down = nn.Linear(48, 6, bias=False)
        self.up = nn.Linear(6, 48)
        self.act2 = nn.ReLU()
        self.head = nn.Linear(48, classes)

    def forward(self, x):
        x = self.up(self.down(self.act1(self.fc1(x))))
        return self.head(self.act2(x))


class Sine(nn.Module):
    """A sine network: weights uniform within sqrt(6 / fan_in), so that its units stay spread."""

    def __init__(self, width=32):
        super().__init__()
        self.fc1 = nn.Linear(4, width)
        self.fc2 = nn.Linear(width, width)
        self.fc3 = nn.Linear(width, width)
        self.head = nn.Linear(width, 1)
        for layer in (self.fc2, self.fc3, self.head):
            bound = (6.0 / layer.in_features) ** 0.5
            nn.init.uniform_(layer.weight, -bound, bound)

    def forward(self, x):
        for layer in (self.fc1, self.fc2, self.fc3):
            x = torch.sin(layer(x))
        return self.head(x)


def autoencoder():
    """64-32-12-32-64, sigmoid on pixels."""
    return nn.Sequential(
        nn.Linear(64, 32),
        nn.GELU(),
        nn.Linear(32, 12),
        nn.GELU(),
        nn.Linear(12, 32),
        nn.GELU(),
        nn.Linear(32, 64),
        with_role("output", nn.Sigmoid()),
    )


def recurrent(kind, **options):
    """A recurrent classifier of rows."""
    return Recurrent(kind, features=8, width=16, classes=10, **options)
