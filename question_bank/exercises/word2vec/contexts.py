"""Pairs for training: the contexts and targets of CBOW, the pairs of skip-gram."""

import numpy as np


def create_contexts_target(corpus, window_size=1):
    """corpus (n,): word ids. The targets are the words with a whole window on both sides.

    Returns contexts (n - 2 window_size, 2 window_size), from left to right, and target.
    """
    target = corpus[window_size:-window_size]  #: a
    contexts = []
    for idx in range(window_size, len(corpus) - window_size):
        around = []
        for t in range(-window_size, window_size + 1):
            if t != 0:  #: b
                around.append(corpus[idx + t])  #: c
        contexts.append(around)
    return np.array(contexts), np.array(target)


def skip_gram_pairs(corpus, window_size=1):
    """The centre and the outside word of all pairs, as two lists of ids."""
    centers, outsides = [], []
    for i in range(len(corpus)):
        first = max(0, i - window_size)
        end = min(len(corpus), i + window_size + 1)  #: d
        for j in range(first, end):
            if j != i:
                centers.append(int(corpus[i]))
                outsides.append(int(corpus[j]))
    return centers, outsides
