"""A GRU layer as a class that keeps its gradients in a list."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


class GRU:
    """One step. Wx (D, 3H), Wh (H, 3H), b (3H,); blocks of columns in the order z, r, candidate.

    The reset gate acts before the product; z is the share of the new state.
    """

    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache = None

    def forward(self, x, h_prev):
        """x (N, D), h_prev (N, H); returns h_next (N, H)."""
        Wx, Wh, b = self.params
        Uz, Ur, Uh = np.split(Wh, 3, axis=1)
        xz, xr, xh = np.split(x @ Wx + b, 3, axis=1)
        z = sigmoid(xz + h_prev @ Uz)
        r = sigmoid(xr + h_prev @ Ur)
        h_hat = np.tanh(xh + (r * h_prev) @ Uh)  #: a
        self.cache = (x, h_prev, z, r, h_hat)
        return (1 - z) * h_prev + z * h_hat  #: b

    def backward(self, dh_next):
        """dh_next (N, H); fills grads, returns dx (N, D) and dh_prev (N, H)."""
        Wx, Wh, _ = self.params
        Uz, Ur, Uh = np.split(Wh, 3, axis=1)
        x, h_prev, z, r, h_hat = self.cache
        dt = dh_next * z * (1 - h_hat**2)
        dz = dh_next * (h_hat - h_prev) * z * (1 - z)
        dhr = dt @ Uh.T
        dr = dhr * h_prev * r * (1 - r)
        dA = np.hstack([dz, dr, dt])  #: c
        self.grads[0][...] = x.T @ dA
        self.grads[1][...] = np.hstack([h_prev.T @ dz, h_prev.T @ dr, (r * h_prev).T @ dt])  #: d
        self.grads[2][...] = dA.sum(axis=0)
        dh_prev = dh_next * (1 - z) + dhr * r + dz @ Uz.T + dr @ Ur.T
        return dA @ Wx.T, dh_prev


#: judge
def loss(Wx, Wh, b, x, h, dh):
    """What has dh as its derivative by the new state."""
    H = h.shape[1]
    u = x @ Wx + b
    z = 1 / (1 + np.exp(-u[:, :H] - h @ Wh[:, :H]))
    r = 1 / (1 + np.exp(-u[:, H : 2 * H] - h @ Wh[:, H : 2 * H]))
    g = np.tanh(u[:, 2 * H :] + (r * h) @ Wh[:, 2 * H :])
    return np.sum((h + z * (g - h)) * dh)
