"""A GRU step in which the update gate is the share of the old state."""

import numpy as np


def gru_step(x, h_prev, W_r, U_r, b_r, W_z, U_z, b_z, W, U, b):
    """x (N, D), h_prev (N, H); W_r, W_z, W (D, H); U_r, U_z, U (H, H); b_r, b_z, b (H,).

    The reset gate acts before the product. Returns r, z, the candidate and the new state.
    """
    #: a begin
    r = 1 / (1 + np.exp(-(x @ W_r + h_prev @ U_r + b_r)))
    z = 1 / (1 + np.exp(-(x @ W_z + h_prev @ U_z + b_z)))
    candidate = np.tanh(x @ W + (r * h_prev) @ U + b)
    h = z * h_prev + (1 - z) * candidate
    return r, z, candidate, h
    #: a end
