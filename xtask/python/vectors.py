"""Record the networks that knee-onnx is tested with: vectors.py FOLDER [PART-OF-NAME ...]"""

import sys
from pathlib import Path

import torch
from torch import nn

from networks import attention, convolution, dense, functions, recurrent
from recorder import Case, record

BATCH = 3


def images(channels, size):
    """A batch of images under the name `pixels`."""
    return lambda: {"pixels": torch.randn(BATCH, channels, size, size)}


def features(*shape):
    """A batch of feature vectors or sequences under the name `x`."""
    return lambda: {"x": torch.randn(BATCH, *shape)}


def tokens(vocabulary, length):
    """A batch of token ids."""
    return lambda: {"input_ids": torch.randint(0, vocabulary, (BATCH, length))}


def sentences():
    """BERT's three inputs; the last sentences are shorter than the others."""
    mask = torch.ones(BATCH, 6, dtype=torch.int64)
    mask[1, 4:] = 0
    mask[2:, 5:] = 0
    types = torch.zeros(BATCH, 6, dtype=torch.int64)
    types[:, 3:] = 1
    ids = torch.randint(0, 20, (BATCH, 6))
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}


def classes(count, *shape):
    """Class indices."""
    return lambda: torch.randint(0, count, (BATCH, *shape))


def targets(*shape, chance=None):
    """Real targets, or zeros and ones with the given chance of a one."""
    if chance is None:
        return lambda: torch.randn(BATCH, *shape)
    return lambda: (torch.rand(BATCH, *shape) < chance).float()


def both(family, build, inputs, labels, ways, **rest):
    """One case per (exporter, opset, dynamic batch)."""
    outputs = rest.get("outputs", ("logits",))
    names = list(inputs()) + list(outputs)
    return [
        Case(
            family,
            build,
            inputs,
            labels,
            exporter=exporter,
            opset=opset,
            dynamic={name: {0: "batch"} for name in names} if dynamic else {},
            **rest,
        )
        for exporter, opset, dynamic in ways
    ]


def ways(text):
    """d18: the dynamo exporter at opset 18; t11*: torchscript at 11 with a dynamic batch."""
    exporters = {"d": "dynamo", "t": "torchscript"}
    return [
        (exporters[way[0]], int(way[1:].rstrip("*")), way.endswith("*")) for way in text.split()
    ]


def dense_cases():
    """Multi-layer perceptrons: precisions, losses, heads, external data, two outputs."""

    def mlp():
        return dense.Mlp([8, 16, 12, 4])

    relu = (features(8), classes(4))
    return [
        *both("mlp", mlp, *relu, ways("d18 t11* t17")),
        *both("mlp", mlp, *relu, ways("d20*"), traces=True),
        *both("mlp", mlp, *relu, ways("d21"), dtype=torch.float64, suffix="f64"),
        *both("mlp", mlp, *relu, ways("d20 t17"), dtype=torch.float16, suffix="f16"),
        *both("mlp", mlp, *relu, ways("d24*"), external=True, suffix="external"),
        *both(
            "mlp-sigmoid",
            lambda: dense.Mlp([8, 10, 3], nn.Tanh, nn.Sigmoid()),
            features(8),
            targets(3, chance=0.5),
            ways("d20 t13"),
            loss="bce",
            outputs=("probabilities",),
        ),
        *both(
            "mlp-logits",
            lambda: dense.Mlp([8, 10, 3], nn.ELU),
            features(8),
            targets(3, chance=0.3),
            ways("d18"),
            loss="bce-with-logits",
        ),
        *both(
            "mlp-nll",
            lambda: dense.Mlp([8, 10, 4], nn.SELU, nn.LogSoftmax(dim=-1)),
            features(8),
            classes(4),
            ways("d20 t11"),
            loss="nll",
            outputs=("log_probabilities",),
        ),
        *both(
            "mlp-mae",
            lambda: dense.Mlp([8, 10, 2], nn.Softplus),
            features(8),
            targets(2),
            ways("d22"),
            loss="mae",
            outputs=("prediction",),
        ),
        *both(
            "two-outputs",
            dense.TwoOutputs,
            features(8),
            classes(4),
            ways("d20* t17"),
            outputs=("logits", "probabilities"),
        ),
    ]


def convolution_cases():
    """Images."""
    return [
        *both("cnn", convolution.Cnn, images(2, 12), classes(5), ways("d18* d22 t11* t17")),
        *both(
            "cnn",
            convolution.Cnn,
            images(2, 12),
            classes(5),
            ways("d20"),
            dtype=torch.float16,
            suffix="f16",
        ),
        *both(
            "cnn",
            convolution.Cnn,
            images(2, 12),
            classes(5),
            ways("d20 t16*"),
            optimize=False,
            suffix="raw",
        ),
        *both("preact", convolution.PreActivation, images(2, 8), classes(4), ways("d20* t13")),
        *both("resnet", convolution.ResNet, images(3, 12), classes(5), ways("d20* d23 t12 t18*")),
        *both(
            "mobilenet", convolution.MobileNet, images(3, 8), classes(5), ways("d18 d21* t11* t15")
        ),
        *both(
            "efficientnet",
            convolution.EfficientNet,
            images(3, 8),
            classes(5),
            ways("d20* t13 t16*"),
        ),
        *both("unet", convolution.UNet, images(1, 8), classes(3, 8, 8), ways("d20* t11")),
        *both(
            "unet-bilinear",
            lambda: convolution.UNet(mode="bilinear"),
            images(1, 8),
            classes(3, 8, 8),
            ways("d19 t13*"),
        ),
    ]


def attention_cases():
    """Transformers."""
    return [
        *both("bert", attention.Bert, sentences, classes(3), ways("d18* d20 t12* t17")),
        *both(
            "bert", attention.Bert, sentences, classes(3), ways("d20"), optimize=False, suffix="raw"
        ),
        *both("vit", attention.Vit, images(1, 8), classes(4), ways("d18 d20* d23 t14 t17*")),
        *both("gpt", attention.Gpt, tokens(18, 6), classes(18, 6), ways("d20* d24 t14 t18*")),
        *both("llama", attention.Llama, tokens(16, 5), classes(16, 5), ways("d20* d24 t14* t17")),
    ]


def recurrent_cases():
    """Recurrent networks."""

    def rnn(kind, **options):
        return lambda: recurrent.Recurrent(kind, **options)

    sequence = (features(7, 4), classes(3))
    return [
        *both("lstm", rnn(nn.LSTM), *sequence, ways("d20* t11 t17*")),
        *both(
            "lstm-deep",
            rnn(nn.LSTM, layers=2, bidirectional=True),
            *sequence,
            ways("d18 d22* t14*"),
        ),
        *both("gru", rnn(nn.GRU), *sequence, ways("d20* t13")),
        *both("gru-deep", rnn(nn.GRU, layers=2, bidirectional=True), *sequence, ways("d21 t17*")),
        *both("rnn", rnn(nn.RNN, layers=2), *sequence, ways("d20 t14*")),
    ]


def function_cases():
    """Each activation once."""
    rest = dict(loss="mse", outputs=("y",))
    x = (features(5), targets(3))
    return [
        *both(
            "functions-modules",
            lambda: functions.Branches(functions.modules()),
            *x,
            ways("d18* d20 d23 t12* t14 t20"),
            **rest,
        ),
        *both(
            "functions-modules",
            lambda: functions.Branches(functions.modules(without=("celu",))),
            *x,
            ways("t11"),
            **rest,
        ),
        *both(
            "functions-written",
            lambda: functions.Branches(functions.written()),
            *x,
            ways("d18* d20 d24 t11* t18"),
            **rest,
        ),
    ]


def main():
    root, chosen = Path(sys.argv[1]), sys.argv[2:]
    cases = [
        *dense_cases(),
        *convolution_cases(),
        *attention_cases(),
        *recurrent_cases(),
        *function_cases(),
    ]
    for case in cases:
        if chosen and not any(part in case.name for part in chosen):
            continue
        folder = record(case, root)
        size = sum(file.stat().st_size for file in folder.iterdir())
        print(f"{case.name}: {size} bytes", flush=True)


if __name__ == "__main__":
    main()
