"""The cosine of the angle between two vectors."""

import numpy as np


def cos_similarity(x, y):
    """x, y (D,); a little is added to the lengths, so that a zero vector gives 0."""
    nx = x / (np.sqrt(np.sum(x**2)) + 1e-8)  #: a
    ny = y / (np.sqrt(np.sum(y**2)) + 1e-8)
    return np.inner(nx, ny)  #: b
