"""The distribution that negatives are drawn from, and drawing from it."""

import numpy as np


def draw_negatives(counts, power, target, draws):
    """counts (V,): how often each word occurs; target: the id that must not be drawn.

    draws (K,): uniform numbers in [0, 1). A word is the first whose cumulative probability is
    above the number. Returns the distribution of all words (V,) and the K ids.
    """
    p = counts**power
    p = p / p.sum()  #: a

    others = p.copy()
    #: b begin
    others[target] = 0
    others /= others.sum()
    #: b end
    cumulative = np.cumsum(others)
    ids = []
    for draw in draws:
        ids.append(int((cumulative <= draw).sum()))  #: c | (cumulative <= draw).sum()
    return p, ids
