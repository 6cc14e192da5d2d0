"""Gradient clipping by the norm of one array."""

import numpy as np


def gradient_clipping(grad, threshold):
    """Scales grad (D, H) down to the norm threshold if it is longer; else returns it as it is."""
    norm = np.linalg.norm(grad)
    rate = threshold / norm  #: a
    if rate < 1:  #: b
        return grad * rate  #: c
    return grad
