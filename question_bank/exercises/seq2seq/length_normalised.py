"""Choosing among finished sequences of different lengths."""

import numpy as np


def best_sequence(log_p, lengths, alpha):
    """log_p (B, T): of each token; of row k only the first lengths[k] belong to the sequence.

    Returns the scores (B,), each the sum of log_p over length ** alpha, and the best row.
    """
    B, T = log_p.shape
    scores = np.zeros(B)
    for k in range(B):
        n = lengths[k]
        total = log_p[k, :n].sum()  #: a
        scores[k] = total / n**alpha  #: b
    return scores, int(np.argmax(scores))  #: c
