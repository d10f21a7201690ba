"""The losses that knee's command line knows, by its names."""

from torch.nn import functional as F

FUNCTIONS = {
    "cross-entropy": F.cross_entropy,
    "nll": F.nll_loss,
    "bce": F.binary_cross_entropy,
    "bce-with-logits": F.binary_cross_entropy_with_logits,
    "mse": F.mse_loss,
    "mae": F.l1_loss,
}


def loss_of(kind, output, labels):
    """The loss, summed. Integer labels lack the class axis, which is 1, or the last of three."""
    if kind in ("cross-entropy", "nll"):
        if output.dim() == 3:
            output = output.movedim(-1, 1)
    else:
        labels = labels.to(output.dtype)
    return FUNCTIONS[kind](output, labels, reduction="sum")
