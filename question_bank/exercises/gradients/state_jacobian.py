"""How the last state of an RNN depends on the initial one: a product of Jacobians."""

import numpy as np


def state_jacobian(z, W):
    """The Jacobian of the state after T steps by the initial state, and how strong it is.

    Columns: z^t = tanh(W z^(t-1) + what the input gives). z (T, H) holds the states z^1, ..., z^T,
    W (H, H). Entry (i, j) of the Jacobian J (H, H) is the derivative of z_i^T by z_j^0.
    Returns J and, for t = 1, ..., T, the largest singular value of the Jacobian up to step t, (T,).
    """
    T, H = z.shape
    J = np.eye(H)
    strength = np.zeros(T)
    for t in range(T):
        slope = 1 - z[t] ** 2  #: a
        J = np.diag(slope) @ W @ J  #: b
        strength[t] = np.linalg.norm(J, 2)
    return J, strength
