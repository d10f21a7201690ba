"""Fully connected networks."""

import itertools

from torch import nn

from sites import with_role


class Mlp(nn.Module):
    """Linear layers with an activation between them."""

    def __init__(self, widths, activation=nn.ReLU, output=None):
        super().__init__()
        pairs = list(itertools.pairwise(widths))
        self.blocks = nn.Sequential(
            *(
                nn.Sequential(nn.Linear(fan_in, fan_out), activation())
                for fan_in, fan_out in pairs[:-1]
            )
        )
        self.head = nn.Linear(*pairs[-1])
        self.out = with_role("output", output) if output is not None else nn.Identity()

    def forward(self, x):
        return self.out(self.head(self.blocks(x)))


class TwoOutputs(nn.Module):
    """A classifier that also returns its probabilities and an embedding."""

    def __init__(self, width=16, classes=4):
        super().__init__()
        self.fc1 = nn.Linear(8, width)
        self.act = nn.Tanh()
        self.fc2 = nn.Linear(width, classes)
        self.probability = with_role("target", nn.Softmax(dim=-1))

    def forward(self, x):
        logits = self.fc2(self.act(self.fc1(x)))
        return logits, self.probability(logits)
