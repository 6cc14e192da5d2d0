"""Softmax loss over time with a mask: summed over the steps, averaged over the batch."""

import numpy as np


def temporal_softmax_loss(x, y, mask):
    """Scores x (N, T, V), labels y (N, T) from 0 to V - 1, mask (N, T): True where a step counts.

    The loss is the sum of the cross entropies of all steps that count, divided by N.
    Returns loss, a number, and dx (N, T, V).
    """
    #: a begin
    N, T, V = x.shape
    scores = x.reshape(N * T, V)
    labels = y.reshape(N * T)
    counts = mask.reshape(N * T)
    probs = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = probs / probs.sum(axis=1, keepdims=True)
    logs = np.log(probs[np.arange(N * T), labels])
    loss = -logs[counts].sum() / N
    dx = probs
    dx[np.arange(N * T), labels] -= 1
    dx = dx * counts[:, np.newaxis] / N
    return loss, dx.reshape(N, T, V)
    #: a end


#: judge
def loss(x, y, mask):
    """The loss by a route of its own: step after step."""
    total = 0.0
    for scores, labels, counts in zip(x, y, mask, strict=True):
        for row, label, one in zip(scores, labels, counts, strict=True):
            total += one * (np.log(np.sum(np.exp(row - row.max()))) + row.max() - row[label])
    return total / len(x)
