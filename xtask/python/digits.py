"""scikit-learn's digits: 1797 images of 8x8 pixels in 17 levels, shifted and scaled."""

import numpy
import torch
from sklearn.datasets import load_digits

# Mean and standard deviation of all pixels, rounded.
MEAN, DEVIATION = 5.0, 6.0


def digits(seed=0, test=360):
    """(x, y, x_test, y_test), shuffled with the seed; x is [N, 64] float32."""
    data = load_digits()
    order = numpy.random.default_rng(seed).permutation(len(data.target))
    x = torch.tensor((data.data[order] - MEAN) / DEVIATION, dtype=torch.float32)
    y = torch.tensor(data.target[order], dtype=torch.int64)
    return x[test:], y[test:], x[:test], y[:test]


def batches(count, size):
    """Random batches of indices, one epoch."""
    return torch.randperm(count).split(size)


def accuracy(model, x, y):
    """Share of right answers."""
    with torch.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()
