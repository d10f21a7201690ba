"""Train and export the two embedded examples on scikit-learn's digits (`cargo xtask examples`).

`healthy`: 64-128-128-10 with ReLU. `sick`: the same task with the faults listed in README.md.
Prints what the trained networks look like, so that the report can be compared with it.
"""

from pathlib import Path

import numpy
import onnxruntime
import torch
from torch import nn
from torch.nn import functional as F

from digits import accuracy, batches, digits
from export import export

FOLDER = Path(__file__).parent
# Enough for the verdict "dead", which needs 1000 inputs.
SHIPPED = 1200


class Block(nn.Module):
    """A linear layer and its activation."""

    def __init__(self, fan_in, fan_out, act):
        super().__init__()
        self.linear = nn.Linear(fan_in, fan_out)
        self.act = act

    def forward(self, x):
        return self.act(self.linear(x))


class Healthy(nn.Module):
    """ReLU with He's initialisation, logits.

    Each unit's weights are centred: what comes out of a ReLU is never negative, and a unit whose
    weights have a mean below zero could be off for every input from the start.
    """

    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(Block(64, 128, nn.ReLU()), Block(128, 128, nn.ReLU()))
        self.head = nn.Linear(128, 10)
        for block in self.blocks:
            nn.init.kaiming_normal_(block.linear.weight, nonlinearity="relu")
            nn.init.zeros_(block.linear.bias)
            with torch.no_grad():
                block.linear.weight -= block.linear.weight.mean(dim=1, keepdim=True)

    def forward(self, x):
        return self.head(self.blocks(x))


class Sick(nn.Module):
    """Every fault is planted here, before training; training neither adds nor repairs one."""

    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(Block(64, 128, nn.ReLU()), Block(128, 64, nn.ReLU()))
        # Nothing stands between these two.
        self.mix = nn.Sequential(nn.Linear(64, 64), nn.Linear(64, 48))
        # Too deep for a slope of at most 1/4, and with weights three times too large.
        self.deep = nn.Sequential(*(Block(48, 48, nn.Sigmoid()) for _ in range(6)))
        # The input of this one is never negative.
        self.rectify = nn.ReLU()
        self.head = nn.Linear(48, 10)
        # The loss takes logits and applies softmax itself.
        self.out = nn.Softmax(dim=-1)
        with torch.no_grad():
            for block in self.deep:
                block.linear.weight.mul_(3.0)
            # Half of the first layer's units start where no input can reach them.
            self.blocks[0].linear.bias[::2] = -5.0

    def forward(self, x):
        x = self.deep(self.mix(self.blocks(x)))
        return self.out(self.head(self.rectify(x)))


def train(model, x, y, rate, epochs):
    """Adam on cross-entropy."""
    optimizer = torch.optim.Adam(model.parameters(), rate)
    for _ in range(epochs):
        for batch in batches(len(x), 64):
            optimizer.zero_grad()
            F.cross_entropy(model(x[batch]), y[batch]).backward()
            optimizer.step()
    return model.eval()


def describe(model, x, y):
    """Prints for each site: units that never leave 0, mean slope, gradient norm per input."""
    calls = []

    def hook(name):
        def keep(module, inputs, output):
            output.retain_grad()
            calls.append((name, module, output))

        return keep

    hooks = [
        module.register_forward_hook(hook(name))
        for name, module in model.named_modules()
        if isinstance(module, (nn.ReLU, nn.Sigmoid, nn.Softmax))
    ]
    F.cross_entropy(model(x), y, reduction="sum").backward()
    for name, module, output in calls:
        line = f"{name}: gradient {output.grad.norm(dim=1).mean():.3e}"
        if isinstance(module, nn.ReLU):
            line += f", dead {(output == 0).all(0).float().mean():.1%}"
            line += f", zeros {(output == 0).float().mean():.1%}"
        if isinstance(module, nn.Sigmoid):
            slope = (4.0 * output * (1.0 - output)).mean(0)
            line += f", slope {slope.mean():.3f}, below 0.15 {(slope < 0.15).float().mean():.1%}"
        print("  " + line)
    for handle in hooks:
        handle.remove()


def ship(name, model, x, y, output):
    """Writes name.onnx and name.npz, and checks that they agree with the module."""
    path = FOLDER / f"{name}.onnx"
    batch = {"pixels": x[:4]}
    export(model, batch, [output], path, opset=20, dynamic={"pixels": {0: "batch"}})
    numpy.savez_compressed(FOLDER / f"{name}.npz", pixels=x.numpy(), labels=y.numpy())
    (answer,) = onnxruntime.InferenceSession(path).run(None, {"pixels": x.numpy()})
    numpy.testing.assert_allclose(answer, model(x).detach().numpy(), rtol=1e-4, atol=1e-5)
    print(f"  {path.name}: {path.stat().st_size} bytes")


def main():
    torch.set_num_threads(1)
    x, y, x_test, y_test = digits()
    shipped = torch.cat([x_test, x])[:SHIPPED], torch.cat([y_test, y])[:SHIPPED]

    plans = [
        ("healthy", Healthy, 5e-4, 20, "logits"),
        ("sick", Sick, 2e-3, 40, "probabilities"),
    ]
    for name, build, rate, epochs, output in plans:
        torch.manual_seed(0)
        model = train(build(), x, y, rate, epochs)
        print(
            f"{name}: {accuracy(model, x_test, y_test):.1%} of {len(y_test)} held-out images right"
        )
        describe(model, *shipped)
        ship(name, model, *shipped, output)


if __name__ == "__main__":
    main()
