"""The pre-activation of one step."""

import numpy as np


def pre_activation(x, z_prev, W_in, W):
    """x (N, D), z_prev (N, H), W_in (D, H), W (H, H). Returns u (N, H)."""
    return np.dot(x, W_in) + np.dot(z_prev, W)  #: a | np.dot(x, W_in) + np.dot(z_prev, W)
