"""Contexts and targets for CBOW from a corpus of word ids."""

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
