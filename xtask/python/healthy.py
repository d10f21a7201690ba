"""Networks on which the doctor must stay silent: healthy.py FOLDER [PART-OF-NAME ...]

No finding of level warn or error. Each is healthy in the way of its kind; several look like a
fault.
"""

from functools import partial

from torch import nn

import tasks
from networks import attention, convolution, digits
from networks import lookalikes as alike
from networks.dense import Mlp
from patients import Patient, make_all

PLAIN = [64, 48, 48, 10]


def initialised(activation, nonlinearity, output=None):
    """An MLP with the gain that suits the activation."""

    def build():
        model = Mlp(PLAIN, activation, output)
        for module in model.modules():
            if isinstance(module, nn.Linear):
                gain = nn.init.calculate_gain(nonlinearity)
                nn.init.normal_(module.weight, 0.0, gain / module.in_features**0.5)
                # Centred, so that inputs that are never negative do not silence a unit.
                module.weight.data -= module.weight.mean(dim=1, keepdim=True)
                nn.init.zeros_(module.bias)
        return model

    return build


def unit_logits():
    """Logits that happen to lie in [0, 1], as a network's may before its first step."""
    model = Mlp([64, 32, 4], nn.GELU)
    nn.init.normal_(model.head.weight, 0.0, 0.01)
    nn.init.constant_(model.head.bias, 0.4)
    return model


def untrained():
    """As initialised: the doctor is told with --at-init."""
    numbers = tasks.numbers
    yield Patient("init-mlp-relu", initialised(nn.ReLU, "relu"), numbers(1000))
    yield Patient("init-mlp-tanh", initialised(nn.Tanh, "tanh"), numbers())
    yield Patient("init-mlp-selu", initialised(nn.SELU, "linear"), numbers(300))
    yield Patient("init-mlp-default", lambda: Mlp(PLAIN), numbers())
    yield Patient("init-mlp-default-gelu", lambda: Mlp(PLAIN, nn.GELU), numbers(300))
    yield Patient("init-cnn", digits.SmallCnn, tasks.images(300))
    yield Patient("init-resnet-deep", lambda: digits.SmallResNet(blocks=8), tasks.images(300))
    yield Patient("init-residual-zero", lambda: digits.DenseResidual(zero=True), numbers(300))
    yield Patient("init-transformer", digits.RowTransformer, tasks.rows(300))
    yield Patient("init-lstm", lambda: digits.recurrent(nn.LSTM), tasks.rows(300))


def trained_plain():
    """Plain MLPs, one per activation."""
    activations = {
        "relu": nn.ReLU,
        "leaky-relu": nn.LeakyReLU,
        "prelu": nn.PReLU,
        "relu6": nn.ReLU6,
        "elu": nn.ELU,
        "selu": nn.SELU,
        "tanh": nn.Tanh,
        "sigmoid": nn.Sigmoid,
        "softplus": nn.Softplus,
        "silu": nn.SiLU,
        "hard-swish": nn.Hardswish,
        "gelu": nn.GELU,
        "mish": nn.Mish,
    }
    for name, activation in activations.items():
        # Two hidden layers; with sigmoids one, as in the textbooks.
        build = initialised(activation, "relu" if "relu" in name else "linear")
        if name == "sigmoid":
            build = partial(Mlp, [64, 48, 10], activation)
        yield Patient(
            f"mlp-{name}",
            build,
            tasks.numbers(1000 if name in ("relu", "relu6") else 400),
            epochs=12 if name in ("relu", "relu6") else 20,
        )


def trained():
    """Other families and other outputs."""
    yield Patient("cnn", digits.SmallCnn, tasks.images(1000), epochs=6)
    yield Patient("cnn-raw", digits.SmallCnn, tasks.images(), epochs=12, optimize=False)
    yield Patient(
        "resnet", digits.SmallResNet, tasks.images(), epochs=12, exporter="torchscript", opset=17
    )
    yield Patient(
        "squeeze-excite",
        lambda: digits.SmallExcite(nn.Hardswish, nn.Hardsigmoid),
        tasks.images(),
        epochs=12,
    )
    yield Patient(
        "squeeze-excite-sigmoid",
        lambda: digits.SmallExcite(nn.SiLU, nn.Sigmoid),
        tasks.images(400),
        epochs=16,
        exporter="torchscript",
        opset=16,
    )
    yield Patient(
        "residual-deep", lambda: digits.DenseResidual(8, 24), tasks.numbers(600), epochs=16
    )
    yield Patient("transformer", digits.RowTransformer, tasks.rows(), epochs=16)
    yield Patient(
        "transformer-one-token",
        digits.OneToken,
        tasks.numbers(),
        epochs=16,
        exporter="torchscript",
        opset=17,
    )
    yield Patient("gpt", lambda: attention.Gpt(12, 8), tasks.sentences, epochs=20)
    yield Patient("llama", lambda: attention.Llama(12, 8), tasks.sentences, epochs=20)
    yield Patient("lstm", lambda: digits.recurrent(nn.LSTM), tasks.rows(), epochs=20, rate=5e-3)
    yield Patient(
        "gru",
        lambda: digits.recurrent(nn.GRU),
        tasks.rows(400),
        epochs=24,
        rate=5e-3,
        exporter="torchscript",
    )
    yield Patient("unet", lambda: convolution.UNet(2), tasks.ink, epochs=4)
    yield Patient("autoencoder-mse", digits.autoencoder, tasks.copies, "mse", epochs=15)
    yield Patient("autoencoder-bce", digits.autoencoder, tasks.copies, "bce", epochs=15)
    yield Patient("regression", lambda: Mlp([4, 48, 48, 1]), tasks.surface, "mse", epochs=15)
    yield Patient(
        "regression-mae", lambda: Mlp([4, 32, 1], nn.Tanh), tasks.surface, "mae", epochs=15
    )
    yield Patient("regression-sine", digits.Sine, tasks.surface, "mse", epochs=15, rate=1e-3)
    yield Patient(
        "regression-positive",
        lambda: Mlp([4, 32, 1], nn.ReLU, nn.Softplus()),
        tasks.positive,
        "mse",
        15,
    )
    yield Patient(
        "counts-relu", lambda: Mlp([4, 32, 1], nn.GELU, nn.ReLU()), tasks.counts, "mse", 15
    )
    multi = [64, 32, 4]
    yield Patient("multi-label", lambda: Mlp(multi, nn.ReLU, nn.Sigmoid()), tasks.traits, "bce", 20)
    yield Patient(
        "multi-label-logits", lambda: Mlp(multi, nn.SiLU), tasks.traits, "bce-with-logits", 12
    )
    yield Patient("binary-logits", lambda: Mlp([64, 32, 1]), tasks.even, "bce-with-logits", 20)
    yield Patient(
        "binary-sigmoid", lambda: Mlp([64, 32, 1], nn.ReLU, nn.Sigmoid()), tasks.even, "bce", 12
    )
    yield Patient(
        "log-softmax-nll",
        initialised(nn.ReLU, "relu", nn.LogSoftmax(dim=-1)),
        tasks.numbers(),
        "nll",
        12,
        exporter="torchscript",
        opset=13,
    )
    yield Patient("low-rank", digits.LowRank, tasks.numbers(), epochs=24)


def lookalikes():
    """What looks like a fault and is none."""
    numbers = tasks.numbers()
    yield Patient("experts", alike.Experts, numbers, epochs=20)
    yield Patient("attention-pool", alike.AttentionPool, tasks.rows(), epochs=20)
    yield Patient("separable", alike.Separable, tasks.images(), epochs=12)
    yield Patient("separable-raw", alike.Separable, tasks.images(), epochs=12, optimize=False)
    yield Patient("pool-between", alike.PoolBetween, tasks.images(), epochs=12)
    yield Patient(
        "factorised-embedding", alike.FactorisedEmbedding, tasks.bags, epochs=20, rate=5e-3
    )
    yield Patient("soft-labels", initialised(nn.ReLU, "relu"), tasks.smoothed, epochs=20)
    yield Patient(
        "probabilities-beside",
        lambda: alike.WithProbabilities(initialised(nn.GELU, "linear")()),
        numbers,
        epochs=20,
        outputs=("y", "probabilities"),
    )
    # Idempotent: worth an info, no more.
    log_softmax = nn.LogSoftmax(dim=-1)
    yield Patient(
        "log-softmax-twice", initialised(nn.ReLU, "relu", log_softmax), numbers, epochs=20
    )
    yield Patient("init-logits-in-unit", unit_logits, tasks.traits, "bce-with-logits")


if __name__ == "__main__":
    make_all([*untrained(), *trained_plain(), *trained(), *lookalikes()])
