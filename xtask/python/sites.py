"""Which modules are activation sites, under which of knee's names, and in which role."""

from torch import nn

# Module class -> (function, names of the parameters that it shares with the module).
FUNCTIONS = {
    nn.ReLU: ("relu", ()),
    nn.ReLU6: ("relu6", ()),
    nn.LeakyReLU: ("leaky_relu", ("negative_slope",)),
    nn.PReLU: ("prelu", ()),
    nn.ELU: ("elu", ("alpha",)),
    nn.SELU: ("selu", ()),
    nn.CELU: ("celu", ("alpha",)),
    nn.Sigmoid: ("sigmoid", ()),
    nn.Hardsigmoid: ("hard_sigmoid", ()),
    nn.Tanh: ("tanh", ()),
    nn.Hardtanh: ("hard_tanh", ("min_val", "max_val")),
    nn.Softplus: ("softplus", ("beta",)),
    nn.LogSigmoid: ("log_sigmoid", ()),
    nn.SiLU: ("silu", ()),
    nn.Hardswish: ("hard_swish", ()),
    nn.Mish: ("mish", ()),
    nn.Softmax: ("softmax", ()),
    nn.LogSoftmax: ("log_softmax", ()),
}


def site_of(module):
    """(function, parameters) when the module is an activation, else None.

    A module of our own says it in its attribute `site`.
    """
    if hasattr(module, "site"):
        return module.site
    if isinstance(module, nn.GELU):
        return ("gelu_tanh" if module.approximate == "tanh" else "gelu", {})
    known = FUNCTIONS.get(type(module))
    if known is None:
        return None
    function, parameters = known
    return function, {name: getattr(module, name) for name in parameters}


def with_role(role, module):
    """Marks what the site is for: output, gate, attention or target (hidden if nothing is said)."""
    module.role = role
    return module


class Watch:
    """Records every call of every site in order, and keeps the gradient of its output."""

    def __init__(self, model):
        self.calls = []
        self.outputs = []
        for name, module in model.named_modules():
            if site_of(module) is not None:
                module.register_forward_hook(self._hook(name))
            elif hasattr(module, "inner_sites"):
                module.register_forward_hook(self._inner_hook(name))

    def _hook(self, name):
        def hook(module, inputs, output):
            function, parameters = site_of(module)
            if output.requires_grad:
                output.retain_grad()
            self.calls.append(
                {
                    "module": name,
                    "function": function,
                    "parameters": parameters,
                    "role": getattr(module, "role", "hidden"),
                }
            )
            self.outputs.append(output)

        return hook

    def _inner_hook(self, name):
        """Sites inside a fused operation have no tensor to take a gradient from."""

        def hook(module, inputs, output):
            for function, role in module.inner_sites:
                self.calls.append(
                    {"module": name, "function": function, "parameters": {}, "role": role}
                )
                self.outputs.append(None)

        return hook

    def gradients(self):
        """The gradient of each call's output, None where the loss does not depend on it."""
        return [output.grad if output is not None else None for output in self.outputs]
