"""Batches for the patients. Values have few levels, so that the files stay small."""

import torch

from digits import DEVIATION, MEAN, digits


def numbers(count=400, shape=(64,)):
    """Digits in the given shape, and their classes."""

    def data():
        x, y, _, _ = digits()
        return x[:count].reshape(-1, *shape), y[:count]

    return data


def smoothed(count=400):
    """Digits with label smoothing: a row of probabilities for each."""
    x, y = numbers(count)()
    return x, torch.nn.functional.one_hot(y, 10).float() * 0.875 + 0.0125


def images(count=400):
    """Digits as [N, 1, 8, 8]."""
    return numbers(count, (1, 8, 8))


def rows(count=400):
    """Digits as sequences of 8 rows."""
    return numbers(count, (8, 8))


def copies(count=400):
    """Pixels in [0, 1], to be reproduced."""
    x, _, _, _ = digits()
    x = ((x[:count] * DEVIATION + MEAN).round() / 16.0).contiguous()
    return x, x.clone()


def ink(count=300):
    """Each pixel's class: paper or ink."""
    x, _, _, _ = digits()
    x = x[:count].reshape(-1, 1, 8, 8)
    return x, (x[:, 0] > 0.0).long()


def traits(count=400):
    """Several answers per digit: even, at least five, prime, has a loop."""
    x, y, _, _ = digits()
    x, y = x[:count], y[:count]
    sets = [{0, 2, 4, 6, 8}, {5, 6, 7, 8, 9}, {2, 3, 5, 7}, {0, 6, 8, 9}]
    return x, torch.tensor([[float(int(d) in s) for s in sets] for d in y])


def even(count=400):
    """One answer per digit, as [N, 1]."""
    x, y, _, _ = digits()
    return x[:count], (y[:count, None] % 2 == 0).float()


def points(count, features):
    """Standard normal, rounded to eighths."""
    return (torch.randn(count, features) * 8.0).round() / 8.0


def surface(count=1000):
    """A smooth function of four variables, standardised."""
    x = points(count, 4)
    y = torch.sin(x[:, :1]) + 0.5 * x[:, 1:2] * x[:, 2:3] - 0.3 * x[:, 3:] ** 2
    y = (y - y.mean()) / y.std()
    return x, (y * 64.0).round() / 64.0


def positive(count=1000):
    """A target above 0."""
    x, y = surface(count)
    return x, torch.exp(0.5 * y)


def counts(count=1000):
    """Counts, many of them 0."""
    x, y = surface(count)
    return x, torch.poisson(torch.exp(0.7 * y))


def sentences(count=400, vocabulary=12, length=8):
    """Tokens that follow from the one before, mostly; the labels are the next tokens."""
    tokens = torch.randint(0, vocabulary, (count, length + 1))
    for step in range(length):
        follow = torch.rand(count) < 0.8
        tokens[follow, step + 1] = (tokens[follow, step] * 5 + 1) % vocabulary
    return tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous()


def bags(count=400, vocabulary=12, length=8):
    """Tokens, and whether the first one comes again."""
    tokens = torch.randint(0, vocabulary, (count, length))
    return tokens, (tokens[:, 1:] == tokens[:, :1]).any(1).long()
