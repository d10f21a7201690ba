"""JAX: compiled functions. Outputs are its own; where they would be large, the input is donated and the result lies in its place."""

import jax
import jax.numpy as jnp
import numpy

from . import Call

jax.config.update("jax_enable_x64", True)
# A call computes in the thread that makes it.
jax.config.update("jax_cpu_enable_async_dispatch", False)

FUNCTIONS = {
    "relu": jax.nn.relu,
    "leaky_relu": jax.nn.leaky_relu,
    "elu": jax.nn.elu,
    "selu": jax.nn.selu,
    "gelu": lambda x: jax.nn.gelu(x, approximate=False),
    "gelu_tanh": lambda x: jax.nn.gelu(x, approximate=True),
    "sigmoid": jax.nn.sigmoid,
    "silu": jax.nn.silu,
    "tanh": jnp.tanh,
    "softplus": jax.nn.softplus,
    "mish": jax.nn.mish,
    "hard_swish": jax.nn.hard_swish,
    "softmax": jax.nn.softmax,
    "log_softmax": jax.nn.log_softmax,
}
# What JAX keeps and what it computes from it in the gradients of these functions.
FROM_OUTPUT = {
    "sigmoid": lambda y, g: g * (y * (1 - y)),
    "tanh": lambda y, g: g * (1 - y * y),
    "softmax": lambda y, g: y * (g - (y * g).sum(-1, keepdims=True)),
    "log_softmax": lambda y, g: g - jnp.exp(y) * g.sum(-1, keepdims=True),
}
# From here on a new output costs more than the function.
LARGE = 1 << 22


class Jax:
    """The package."""

    name = "jax"

    def version(self):
        return jax.__version__

    def call(self, cell, a, b, out):
        row = cell["row"]
        shape = (-1, row) if row else (-1,)
        if cell["form"] == "in_place":
            return self.donated(cell, out, shape)
        if cell["elements"] >= LARGE:
            return None
        if cell["direction"] == "forward":
            function = FUNCTIONS.get(cell["function"])
            arguments = (a,)
        elif cell["direction"] == "backward":
            forward = FUNCTIONS.get(cell["function"])
            function = forward and (lambda x, g: jax.vjp(forward, x)[1](g)[0])
            arguments = (a, b)
        else:
            function = FROM_OUTPUT.get(cell["function"])
            arguments = (a, b)
        if not function or (row and cell["direction"] == "backward"):
            return None
        compiled = jax.jit(function)
        arguments = [jnp.array(argument.reshape(shape)) for argument in arguments]

        def once():
            return compiled(*arguments).block_until_ready()

        return Call(once, lambda: numpy.asarray(once()).reshape(-1))

    def donated(self, cell, out, shape):
        """The function applied to its own result again and again."""
        function = FUNCTIONS.get(cell["function"])
        if not function or cell["direction"] != "forward":
            return None
        compiled = jax.jit(function, donate_argnums=0)
        state = [jnp.array(out.reshape(shape))]

        def once():
            state[0] = compiled(state[0]).block_until_ready()

        return Call(once, lambda: numpy.asarray(state[0]).reshape(-1))
