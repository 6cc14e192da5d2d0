"""The gradient of any function by central differences."""

import numpy as np


def numerical_gradient(f, x):
    """The gradient of f at x, an array (D, H) of floats; f(x) gives a number.

    f is called with x itself, changed in one entry at a time; afterwards x is as it was.
    """
    h = 1e-4
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h  #: a
        below = f(x)
        grad[index] = (above - below) / (2 * h)  #: b
        x[index] = kept  #: c
    return grad


#: judge
def curved(x):
    """Every entry has a slope of its own, neighbours act on each other, no slope is symmetric."""
    flat = x.reshape(-1)
    return np.sum(flat**3) + np.sum(np.sin(flat[:-1]) * flat[1:] ** 2) + np.sum(np.exp(flat)) / 2
