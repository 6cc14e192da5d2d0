"""Cross entropy of a padded batch, its perplexity, and the gradient by the scores."""

import numpy as np


def masked_cross_entropy(scores, targets, ignore_label=-1):
    """scores (N, T, V), targets (N, T): ids, or ignore_label where there is padding.

    Returns the mean loss over the tokens that count, the perplexity and the gradient by scores.
    """
    V = scores.shape[2]
    x = scores.reshape(-1, V)
    t = targets.ravel()
    mask = t != ignore_label  #: a
    x = x - x.max(axis=1, keepdims=True)
    log_p = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
    rows = np.arange(targets.size)
    count = mask.sum()
    loss = -np.where(mask, log_p[rows, t], 0).sum() / count  #: b
    perplexity = np.exp(loss)  #: c

    dx = np.exp(log_p)
    dx[rows, t] -= 1
    dx = dx * mask[:, np.newaxis] / count  #: d
    return loss, perplexity, dx.reshape(scores.shape)


#: judge
def loss(scores, targets, ignore_label):
    total, count = 0.0, 0
    for n in range(targets.shape[0]):
        for t in range(targets.shape[1]):
            if targets[n, t] != ignore_label:
                total += np.log(np.exp(scores[n, t]).sum()) - scores[n, t, targets[n, t]]
                count += 1
    return total / count
