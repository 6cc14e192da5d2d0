"""Gradients of a whole network held against central differences, parameter by parameter."""

import numpy as np


def gradient_check(f, params, grads):
    """How far the gradients in grads are from the true ones.

    f(params) gives the loss; params and grads are dictionaries with the same keys.
    Returns a dictionary: for each key the relative error
    norm(grad - numeric) / (norm(grad) + norm(numeric)). Afterwards params is as it was.
    """
    h = 1e-5
    errors = {}
    for name in params:
        weight = params[name]
        numeric = np.zeros_like(weight)
        for index in np.ndindex(weight.shape):
            kept = weight[index]
            weight[index] = kept + h
            above = f(params)
            weight[index] = kept - h
            below = f(params)
            weight[index] = kept
            numeric[index] = (above - below) / (2 * h)  #: a
        difference = np.linalg.norm(grads[name] - numeric)  #: b
        scale = np.linalg.norm(grads[name]) + np.linalg.norm(numeric)  #: c
        errors[name] = difference / scale  #: d
    return errors


#: judge
def scalar_steps(params):
    """The loss of a small network of one step, with every parameter in it."""
    z = np.tanh(np.arange(1, 1 + len(params["W"])) @ params["W"] / 2 + params["b"])
    return np.sum((z - 0.3) ** 2) + np.sum(np.sin(params["W"]) ** 2) + np.sum(params["b"] ** 3)
