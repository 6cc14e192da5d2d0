"""Softmax and cross entropy for all steps of a batch of sequences, with labels to be ignored."""

import numpy as np


class TimeSoftmaxWithLoss:
    """The mean cross entropy over all steps whose label is not -1."""

    def __init__(self):
        self.params, self.grads = [], []
        self.ignore_label = -1
        self.cache = None

    def forward(self, xs, ts):
        """Scores xs (N, T, V) and labels ts (N, T), whole numbers from -1 to V - 1.

        Returns the loss, a number. At least one label counts.
        """
        N, T, V = xs.shape
        scores = xs.reshape(N * T, V)
        labels = ts.reshape(N * T)
        mask = labels != self.ignore_label
        scores = scores - scores.max(axis=1, keepdims=True)  #: a
        ys = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        logs = np.log(ys[np.arange(N * T), labels])
        loss = -logs[mask].sum() / mask.sum()  #: b
        self.cache = (ys, labels, mask, (N, T, V))
        return loss

    def backward(self, dout=1):
        """The gradient by the scores, (N, T, V), times dout."""
        ys, labels, mask, shape = self.cache
        dx = ys.copy()
        dx[np.arange(len(labels)), labels] -= 1
        dx = dx * mask[:, np.newaxis] * dout / mask.sum()  #: c
        return dx.reshape(shape)


#: judge
def loss(xs, ts):
    """The loss by a route of its own: step after step."""
    total, count = 0.0, 0
    for scores, labels in zip(xs, ts, strict=True):
        for row, label in zip(scores, labels, strict=True):
            if label >= 0:
                total += np.log(np.sum(np.exp(row - row.max()))) + row.max() - row[label]
                count += 1
    return total / count
