"""BPTT with a loop inside the loop: each step's error goes all the way back."""

import numpy as np


def rnn_net(xs, W, U, V):
    """The forward pass; both activations are the identity.

    Returns hiddens (N, T + 1, H) and outputs (N, T, K). hiddens[:, t] is the state after step t;
    the last column is the initial state 0, so that hiddens[:, -1] is the state before step 0.
    """
    N, T = xs.shape[:2]
    hiddens = np.zeros((N, T + 1, len(U)))
    outputs = np.zeros((N, T, len(V)))
    for t in range(T):
        hiddens[:, t] = xs[:, t] @ W.T + hiddens[:, t - 1] @ U.T
        outputs[:, t] = hiddens[:, t] @ V.T
    return hiddens, outputs


def _calculate_do(outputs, ys):
    """The derivative of 1/2 * (outputs - ys) ** 2 by the outputs."""
    return outputs - ys


def bptt(xs, ys, W, U, V):
    """xs (N, T, D), ys (N, T, K), W (H, D) for the input, U (H, H) for the state, V (K, H).

    E is the sum over the steps of 1/2 * sum((output - y) ** 2), averaged over the N examples.
    Returns dW, dU and dV.
    """
    N, T, _ = xs.shape
    hiddens, outputs = rnn_net(xs, W, U, V)
    error = _calculate_do(outputs, ys) / N
    dW, dU, dV = np.zeros(W.shape), np.zeros(U.shape), np.zeros(V.shape)
    for t in range(T):
        dV += error[:, t].T @ hiddens[:, t]  #: a
        delta = error[:, t] @ V  #: b
        for back in reversed(range(t + 1)):  #: c
            dU += delta.T @ hiddens[:, back - 1]
            dW += delta.T @ xs[:, back]
            delta = delta @ U  #: d
    return dW, dU, dV


#: judge
def loss(xs, ys, W, U, V):
    """E itself."""
    h, total = np.zeros((len(xs), len(U))), 0.0
    for t in range(xs.shape[1]):
        h = xs[:, t] @ W.T + h @ U.T
        total += 0.5 * np.sum((h @ V.T - ys[:, t]) ** 2)
    return total / len(xs)
