"""The cosine of the angle between two vectors."""

import numpy as np


def cos_similarity(x, y):
    """x, y (D,); a vector of zeros gives 0."""
    lengths = np.sqrt(np.sum(x**2)) * np.sqrt(np.sum(y**2))  #: a
    return np.inner(x, y) / max(lengths, 1e-8)  #: b
