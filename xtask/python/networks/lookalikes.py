"""Healthy networks with a part that looks like a fault."""

import torch
from torch import nn

from sites import with_role


class Experts(nn.Module):
    """A softmax inside the network that weighs four experts."""

    def __init__(self, width=24, experts=4, classes=10):
        super().__init__()
        self.router = nn.Linear(64, experts)
        self.softmax = with_role("router", nn.Softmax(dim=-1))
        self.experts = nn.ModuleList(
            nn.Sequential(nn.Linear(64, width), nn.GELU()) for _ in range(experts)
        )
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        weights = self.softmax(self.router(x))
        values = torch.stack([expert(x) for expert in self.experts], dim=1)
        return self.head((weights.unsqueeze(-1) * values).sum(1))


class AttentionPool(nn.Module):
    """A softmax over the tokens of a sequence, multiplied and summed without a matrix product."""

    def __init__(self, width=24, classes=10):
        super().__init__()
        self.embed = nn.Linear(8, width)
        self.act = nn.GELU()
        self.score = nn.Linear(width, 1)
        self.softmax = with_role("attention", nn.Softmax(dim=1))
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        x = self.act(self.embed(x))
        return self.head((self.softmax(self.score(x)) * x).sum(1))


class Separable(nn.Module):
    """Depthwise and pointwise convolutions in a row, which save parameters on purpose."""

    def __init__(self, width=12, classes=10):
        super().__init__()
        self.stem = nn.Conv2d(1, width, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(width)
        self.act1 = nn.ReLU()
        self.depthwise = nn.Conv2d(width, width, 3, padding=1, groups=width)
        self.pointwise = nn.Conv2d(width, 2 * width, 1)
        self.norm2 = nn.BatchNorm2d(2 * width)
        self.act2 = nn.ReLU()
        self.pool = nn.AdaptiveAvgPool2d(2)
        self.head = nn.Linear(8 * width, classes)

    def forward(self, x):
        x = self.act1(self.norm1(self.stem(x)))
        x = self.act2(self.norm2(self.pointwise(self.depthwise(x))))
        return self.head(self.pool(x).flatten(1))


class PoolBetween(nn.Module):
    """Two convolutions with only max pooling between them, which is not linear."""

    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 12, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(12, 24, 3, padding=1)
        self.act = nn.LeakyReLU(0.1)
        self.head = nn.Linear(96, classes)

    def forward(self, x):
        x = self.act(self.conv2(self.pool(self.conv1(x))))
        return self.head(self.pool(x).flatten(1))


class FactorisedEmbedding(nn.Module):
    """A narrow embedding and the linear map that widens it."""

    def __init__(self, vocabulary=12, narrow=6, width=24):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, narrow)
        self.widen = nn.Linear(narrow, width)
        self.rnn = nn.GRU(width, width, batch_first=True)
        self.head = nn.Linear(width, 2)

    def forward(self, tokens):
        hidden, _ = self.rnn(self.widen(self.embedding(tokens)))
        return self.head(hidden[:, -1])


class WithProbabilities(nn.Module):
    """Logits for the loss, and probabilities for whoever reads them."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.probability = with_role("target", nn.Softmax(dim=-1))

    def forward(self, x):
        logits = self.model(x)
        return logits, self.probability(logits)
