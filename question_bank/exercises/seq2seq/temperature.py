"""Drawing a token: temperature, the k most probable, and a uniform number."""

import numpy as np


def sample(scores, temperature, k, draw):
    """scores (V,), temperature > 0, k: how many tokens may be drawn, draw: uniform in [0, 1).

    Returns the probabilities (V,), 0 for all but the k best tokens, and the token: the first
    whose cumulative probability is above draw.
    """
    scaled = scores / temperature  #: a
    limit = np.sort(scaled)[-k]
    kept = scaled >= limit  #: b
    e = np.exp(scaled - scaled.max()) * kept  #: c
    p = e / e.sum()
    token = int((np.cumsum(p) <= draw).sum())  #: d | (np.cumsum(p) <= draw).sum()
    return p, token
