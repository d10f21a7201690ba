"""A network with its batch, whose diagnosis is known: what healthy.py and sick.py list."""

import json
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy
import onnx
import torch
from torch import nn

from digits import batches
from export import export
from losses import loss_of


@dataclass
class Patient:
    """`build` makes the module, `data` its batch (x, labels).

    Without epochs the network is as initialised and the doctor is told so. `expect` are the slugs
    that it must report; a healthy patient has none. `spoil` is done to the module before training.
    """

    name: str
    build: Callable[[], nn.Module]
    data: Callable[[], tuple]
    loss: str = "cross-entropy"
    epochs: int = 0
    rate: float = 2e-3
    expect: tuple = ()
    spoil: Callable[[nn.Module], None] | None = None
    exporter: str = "dynamo"
    opset: int = 20
    optimize: bool = True
    # The loss reads the first.
    outputs: tuple = ("y",)
    # The loss of the training, where `loss` is one that it was never trained with.
    trained_with: str | None = None

    def make(self, root):
        """Trains, exports and writes the folder."""
        torch.manual_seed(zlib.crc32(self.name.encode()))
        x, labels = self.data()
        model = self.build()
        with torch.no_grad():
            if self.spoil is not None:
                self.spoil(model)
            if any(
                isinstance(module, nn.modules.batchnorm._BatchNorm) for module in model.modules()
            ):
                # The statistics of a norm come from data, also before the first step.
                for batch in batches(len(x), 64):
                    model(x[batch])
        before = self.mean_loss(model, x, labels)
        self.train(model, x, labels)
        folder = Path(root) / self.name
        folder.mkdir(parents=True, exist_ok=True)
        proto = export(
            model.eval(),
            {"x": x[:3]},
            list(self.outputs),
            folder / "model.onnx",
            self.exporter,
            self.opset,
            {name: {0: "batch"} for name in ("x", *self.outputs)},
            optimize=self.optimize,
        )
        onnx.checker.check_model(proto)
        numpy.savez_compressed(folder / "inputs.npz", x=x.numpy(), labels=labels.numpy())
        meta = {
            "torch": torch.__version__,
            "exporter": self.exporter,
            "opset": self.opset,
            "loss": self.loss,
            "output": self.outputs[0],
            "at_init": self.epochs == 0,
        }
        if self.expect:
            meta["expect"] = sorted(self.expect)
        (folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n")
        size = sum(file.stat().st_size for file in folder.iterdir())
        after = self.mean_loss(model, x, labels)
        print(f"{self.name}: loss {before:.4f} -> {after:.4f}, {size} bytes", flush=True)

    def mean_loss(self, model, x, labels):
        """Of the training's loss, per element of the labels."""
        with torch.no_grad():
            kind = self.trained_with or self.loss
            return loss_of(kind, first(model.eval()(x)), labels).item() / labels.numel()

    def train(self, model, x, labels):
        """Adam, batches of 32."""
        model.train()
        optimizer = torch.optim.Adam(model.parameters(), self.rate)
        for _ in range(self.epochs):
            for batch in batches(len(x), 32):
                optimizer.zero_grad()
                loss = loss_of(
                    self.trained_with or self.loss, first(model(x[batch])), labels[batch]
                )
                (loss / len(batch)).backward()
                optimizer.step()


def first(outputs):
    """The output that the loss reads."""
    return outputs[0] if isinstance(outputs, tuple) else outputs


def make_all(patients):
    """Makes those that the command line names: FOLDER [PART-OF-NAME ...]."""
    torch.set_num_threads(1)
    root, chosen = sys.argv[1], sys.argv[2:]
    for patient in patients:
        if not chosen or any(part in patient.name for part in chosen):
            patient.make(root)
