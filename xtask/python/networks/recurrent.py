"""Recurrent classifiers over a batch of sequences [N, T, F]."""

from torch import nn

GATES = {
    nn.LSTM: [("sigmoid", "gate"), ("tanh", "gate")],
    nn.GRU: [("sigmoid", "gate"), ("tanh", "gate")],
    nn.RNN: [("tanh", "hidden")],
}


class Recurrent(nn.Module):
    """A recurrent layer of the given class, then a linear head on the last step."""

    def __init__(self, kind, features=4, width=5, layers=1, bidirectional=False, classes=3):
        super().__init__()
        self.rnn = kind(
            features, width, num_layers=layers, bidirectional=bidirectional, batch_first=True
        )
        self.rnn.inner_sites = GATES[kind] * layers
        self.head = nn.Linear(width * (2 if bidirectional else 1), classes)

    def forward(self, x):
        y, _ = self.rnn(x)
        return self.head(y[:, -1])
