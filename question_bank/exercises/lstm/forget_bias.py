"""The first bias of an LSTM: forget gates that begin open."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def initial_bias(H, order, value, steps):
    """A bias of zeros, with a value in the block of the forget gate.

    order: the blocks from left to right, such as "ifgo"; H columns each.
    Returns b (4H,) and the share of a cell that is left after so many steps, if x and h are zero
    and the input gate lets nothing in.
    """
    b = np.zeros(4 * H)
    start = order.index("f") * H  #: a
    b[start : start + H] = value  #: b | start : start + H
    kept = sigmoid(value) ** steps  #: c
    return b, kept
