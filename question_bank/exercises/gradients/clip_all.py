"""Gradient clipping by the norm of all gradients together, in place."""

import numpy as np


def clip_grads(grads, max_norm):
    """Scales all arrays of the list grads in place if their common norm is above max_norm.

    The norm is taken over all entries of all arrays. Returns nothing.
    """
    total_norm = 0
    for grad in grads:
        total_norm += np.sum(grad**2)  #: a | np.sum(grad**2)
    total_norm = np.sqrt(total_norm)  #: b
    # The small number keeps from dividing by zero.
    rate = max_norm / max(total_norm, 1e-6)
    if rate < 1:
        for grad in grads:
            grad *= rate
