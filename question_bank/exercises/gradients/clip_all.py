"""Gradient clipping by the norm of all gradients together, in place."""

import numpy as np


def clip_grads(grads, max_norm):
    """Scales all arrays of the list grads in place if their common norm is above max_norm.

    The norm is taken over all entries of all arrays. Returns nothing.
    """
    squares = 0
    for grad in grads:
        squares += np.sum(grad**2)  #: a
    norm = np.sqrt(squares)  #: b
    if norm > max_norm:
        factor = max_norm / norm
        for grad in grads:
            grad *= factor
