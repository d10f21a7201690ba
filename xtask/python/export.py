"""Write a PyTorch module as an ONNX file with either of PyTorch's two exporters."""

import io
import logging
import re
import warnings
from pathlib import Path

import onnx
import torch

# What the dynamo exporter notes on every node for its own developers. It is most of a small file.
TRACES = ("pkg.torch.onnx.stack_trace", "pkg.torch.onnx.fx_node", "pkg.torch.onnx.class_hierarchy")
# The directories in a trace belong to the machine that ran the export.
DIRECTORY = re.compile(r'File "[^"]*?/(?=(?:xtask|examples|torch)/)')


def trim(model, traces):
    """Drops the exporter's traces, or shortens the paths in them to the project or package."""
    graphs = [model.graph, *model.functions]
    while graphs:
        graph = graphs.pop()
        for node in graph.node:
            kept = [p for p in node.metadata_props if traces or p.key not in TRACES]
            kept = [(p.key, DIRECTORY.sub('File "', p.value)) for p in kept]
            del node.metadata_props[:]
            for key, value in kept:
                node.metadata_props.add(key=key, value=value)
            graphs += [attribute.g for attribute in node.attribute if attribute.HasField("g")]
        if not traces:
            for value in graph.value_info:
                del value.metadata_props[:]
    return model


def export(
    model,
    inputs,
    outputs,
    path,
    exporter="dynamo",
    opset=20,
    dynamic=None,
    external=False,
    traces=False,
    optimize=True,
):
    """Exports `model`, called with the tensors of `inputs` by position, to the file `path`.

    `inputs` maps the graph's input names to example tensors, `outputs` lists its output names.
    `exporter` is "dynamo" (torch.export) or "torchscript" (tracing). `dynamic` maps an input name
    to {axis: symbol}; the torchscript exporter needs the outputs' dynamic axes there too. With
    `external` the weights go to a second file beside `path`; with `traces` the dynamo exporter's
    stack traces stay. Without `optimize` neither exporter folds constants or batch norm.
    Returns the onnx.ModelProto.
    """
    path = Path(path)
    dynamic = dynamic or {}
    arguments = tuple(inputs.values())
    options = dict(opset_version=opset, input_names=list(inputs), output_names=outputs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        if exporter == "dynamo":
            symbols = {symbol for axes in dynamic.values() for symbol in axes.values()}
            symbols = {symbol: torch.export.Dim(symbol) for symbol in sorted(symbols)}
            shapes = tuple(
                {axis: symbols[symbol] for axis, symbol in dynamic.get(name, {}).items()} or None
                for name in inputs
            )
            program = torch.onnx.export(
                model,
                arguments,
                dynamo=True,
                verbose=False,
                dynamic_shapes=shapes,
                optimize=optimize,
                **options,
            )
            proto = program.model_proto
        elif exporter == "torchscript":
            buffer = io.BytesIO()
            # PRESERVE keeps batch norm apart; the model is in evaluation mode either way.
            mode = torch.onnx.TrainingMode
            torch.onnx.export(
                model,
                arguments,
                buffer,
                dynamo=False,
                dynamic_axes=dynamic,
                do_constant_folding=optimize,
                training=mode.EVAL if optimize else mode.PRESERVE,
                **options,
            )
            proto = onnx.load_from_string(buffer.getvalue())
        else:
            raise ValueError(f"no exporter is called {exporter!r}; use dynamo or torchscript")
    trim(proto, traces)
    path.parent.mkdir(parents=True, exist_ok=True)
    if external:
        onnx.save(
            proto,
            path,
            save_as_external_data=True,
            all_tensors_to_one_file=True,
            location=path.name + ".data",
            size_threshold=64,
        )
    else:
        onnx.save(proto, path)
    return onnx.load(path)
