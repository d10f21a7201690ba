"""A network of ResNet-18's shape, and how long PyTorch takes for it: resnet18.py FOLDER

Writes FOLDER/model.onnx (11.7 million parameters, 1000 classes, He's initialisation), and
FOLDER/inputs.npz with 64 images of 3x224x224 and labels. Then times forward and backward on the CPU
in a process of its own and writes {"seconds", "peak_rss_mb", "version", "batch", "threads"} to
FOLDER/torch.json and to standard output.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy
import torch
from torch import nn
from torch.nn import functional as F

IMAGES = 64
CLASSES = 1000


def convolution(channels_in, channels, kernel, stride):
    """Convolution and batch norm, padded to keep the size up to the stride."""
    return nn.Sequential(
        nn.Conv2d(channels_in, channels, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(channels),
    )


class Block(nn.Module):
    """Two convolutions and a shortcut."""

    def __init__(self, channels_in, channels, stride):
        super().__init__()
        self.first = convolution(channels_in, channels, 3, stride)
        self.act1 = nn.ReLU()
        self.second = convolution(channels, channels, 3, 1)
        same = stride == 1 and channels_in == channels
        self.shortcut = nn.Identity() if same else convolution(channels_in, channels, 1, stride)
        self.act2 = nn.ReLU()

    def forward(self, x):
        return self.act2(self.second(self.act1(self.first(x))) + self.shortcut(x))


class ResNet18(nn.Module):
    """A 7x7 stem, eight blocks on 64 to 512 channels, a linear head."""

    def __init__(self):
        super().__init__()
        self.stem = convolution(3, 64, 7, 2)
        self.act = nn.ReLU()
        self.pool = nn.MaxPool2d(3, 2, 1)
        widths = [64, 64, 64, 128, 128, 256, 256, 512, 512]
        self.blocks = nn.Sequential(
            *(
                Block(before, after, 1 if before == after else 2)
                for before, after in zip(widths, widths[1:], strict=False)
            )
        )
        self.average = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(512, CLASSES)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        x = self.pool(self.act(self.stem(x)))
        return self.head(torch.flatten(self.average(self.blocks(x)), 1))


def build():
    """The network with statistics as measured on noise, in evaluation mode."""
    torch.manual_seed(0)
    model = ResNet18()
    with torch.no_grad():
        for _ in range(4):
            model(torch.randn(4, 3, 224, 224))
    return model.eval()


def measure(folder, batch, threads):
    """Forward and backward over all images, `batch` at a time; the second of two rounds counts."""
    torch.set_num_threads(threads)
    arrays = numpy.load(folder / "inputs.npz")
    images, labels = torch.from_numpy(arrays["images"]), torch.from_numpy(arrays["labels"])
    model = build()
    for _ in range(2):
        model.zero_grad()
        start = time.perf_counter()
        for x, y in zip(images.split(batch), labels.split(batch), strict=True):
            F.cross_entropy(model(x), y, reduction="sum").backward()
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Bytes on macOS, kilobytes elsewhere.
    peak_mb = peak / (1024.0**2 if sys.platform == "darwin" else 1024.0)
    return {
        "seconds": round(seconds, 3),
        "peak_rss_mb": round(peak_mb, 1),
        "version": torch.__version__,
        "batch": batch,
        "threads": threads,
    }


def write(folder):
    """The network and its batch."""
    from export import export

    model = build()
    example = {"images": torch.randn(2, 3, 224, 224)}
    dynamic = {"images": {0: "batch"}}
    export(model, example, ["logits"], folder / "model.onnx", opset=20, dynamic=dynamic)
    generator = numpy.random.default_rng(0)
    images = generator.standard_normal((IMAGES, 3, 224, 224), dtype=numpy.float32)
    labels = generator.integers(0, CLASSES, IMAGES)
    numpy.savez(folder / "inputs.npz", images=images, labels=labels)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--batch", type=int, default=IMAGES)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only-measure", action="store_true")
    arguments = parser.parse_args()
    folder = arguments.folder
    if arguments.only_measure:
        print(json.dumps(measure(folder, arguments.batch, arguments.threads)))
        return
    folder.mkdir(parents=True, exist_ok=True)
    write(folder)
    # A fresh process: the export's memory must not count.
    options = ["--batch", str(arguments.batch), "--threads", str(arguments.threads)]
    command = [sys.executable, __file__, str(folder), *options, "--only-measure"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    (folder / "torch.json").write_text(answer)
    print(answer, end="")


if __name__ == "__main__":
    main()
