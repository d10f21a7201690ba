"""Record what PyTorch and onnxruntime answer for one exported network.

Writes into a folder: model.onnx, inputs.npz, expected.npz, meta.json (see README.md there).
"""

import copy
import json
import shutil
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy
import onnx
import onnxruntime
import torch
from torch import nn

from export import export
from initializers import gradients
from losses import loss_of
from sites import Watch


@dataclass
class Case:
    """One network, one way to export it, one batch."""

    family: str
    build: Callable[[], nn.Module]
    inputs: Callable[[], dict]
    labels: Callable[[], torch.Tensor]
    loss: str = "cross-entropy"
    outputs: tuple = ("logits",)
    exporter: str = "dynamo"
    opset: int = 20
    # {input or output: {axis: symbol}}; only the inputs matter to the dynamo exporter.
    dynamic: dict = field(default_factory=dict)
    dtype: torch.dtype = torch.float32
    external: bool = False
    # Keeps the dynamo exporter's stack traces in the file.
    traces: bool = False
    # False: no folding of constants and batch norm, no rewriting.
    optimize: bool = True
    suffix: str = ""

    @property
    def name(self):
        parts = [self.family, self.exporter, f"op{self.opset}"]
        parts += ["dynamic"] if self.dynamic else []
        return "-".join(parts + ([self.suffix] if self.suffix else []))


def settle(model):
    """Gives norms statistics and scales as after training, so that nothing is 0, 1 or repeated."""
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.normal_(module.running_mean, 0.0, 0.3)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    for parameter in model.parameters():
        if parameter.dim() == 1:
            with torch.no_grad():
                parameter.add_(torch.randn_like(parameter) * 0.1)
    return model.eval()


def to_dtype(tensors, dtype):
    """The floating tensors in another type; integers stay."""
    return {
        name: tensor.to(dtype) if tensor.is_floating_point() else tensor
        for name, tensor in tensors.items()
    }


def in_double(model, inputs, labels, kind):
    """Runs the float64 copy. Returns (model, inputs with gradients, outputs, loss, watch)."""
    model = copy.deepcopy(model).double()
    watch = Watch(model)
    inputs = to_dtype(inputs, torch.float64)
    for tensor in inputs.values():
        if tensor.is_floating_point():
            tensor.requires_grad_(True)
    outputs = model(*inputs.values())
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    loss = loss_of(kind, outputs[0], labels)
    loss.backward()
    return model, inputs, [output.detach().numpy() for output in outputs], loss.item(), watch


def check_agreement(case, answers, outputs):
    """The gradients would be worth nothing if the file computed something else than the module."""
    limit = 2e-3 if case.dtype == torch.float16 else 2e-6
    for name, answer, output in zip(case.outputs, answers, outputs, strict=True):
        error = numpy.linalg.norm(answer - output) / numpy.linalg.norm(output)
        if not error <= limit:
            raise ValueError(f"{case.name}: output {name} of the file is off by {error:.1e}")


def record(case, root):
    """Writes the case's folder below `root` and returns its path."""
    torch.manual_seed(zlib.crc32(case.name.encode()))
    folder = Path(root) / case.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    model = settle(case.build()).to(case.dtype)
    inputs = to_dtype(case.inputs(), case.dtype)
    labels = case.labels()
    proto = export(
        model,
        inputs,
        list(case.outputs),
        folder / "model.onnx",
        case.exporter,
        case.opset,
        case.dynamic,
        case.external,
        case.traces,
        case.optimize,
    )
    onnx.checker.check_model(proto)

    arrays = {name: tensor.numpy() for name, tensor in inputs.items()}
    used = {value.name for value in proto.graph.input}
    session = onnxruntime.InferenceSession(folder / "model.onnx")
    answers = session.run(None, {name: array for name, array in arrays.items() if name in used})
    expected = {
        f"output:{value.name}": answer
        for value, answer in zip(session.get_outputs(), answers, strict=True)
    }

    doubled, floats, outputs, loss, watch = in_double(model, inputs, labels, case.loss)
    check_agreement(case, answers, outputs)
    expected["loss"] = numpy.float64(loss)
    for name, tensor in floats.items():
        if tensor.is_floating_point():
            expected[f"input_grad:{name}"] = tensor.grad.numpy()
    found, described, left = gradients(proto, folder, doubled)
    expected |= {f"grad:{name}": gradient for name, gradient in found.items()}
    for call, (site, gradient) in enumerate(zip(watch.calls, watch.gradients(), strict=True)):
        site["gradient"] = gradient is not None
        if gradient is not None:
            expected[f"site_grad:{call}"] = gradient.numpy()

    if case.dtype != torch.float64:
        # Half the size; the rounding is a hundredth of what the comparison allows.
        for name, array in expected.items():
            if array.dtype == numpy.float64 and name != "loss":
                expected[name] = array.astype(numpy.float32)
    numpy.savez_compressed(folder / "inputs.npz", **arrays, labels=labels.numpy())
    numpy.savez_compressed(folder / "expected.npz", **expected)
    meta = {
        "torch": torch.__version__,
        "onnx": onnx.__version__,
        "onnxruntime": onnxruntime.__version__,
        "exporter": case.exporter,
        "opset": case.opset,
        "dtype": str(case.dtype).removeprefix("torch."),
        "dynamic": bool(case.dynamic),
        "loss": case.loss,
        "output": case.outputs[0],
        "inputs": list(inputs),
        "sites": watch.calls,
        "parameters": {name: described[name] for name in sorted(described)},
        "without_gradient": sorted(left),
    }
    (folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n")
    return folder
