"""One step of an LSTM, backward, in the layout of the course's third day."""

import numpy as np


def _sigmoid(u):
    return 1 / (1 + np.exp(-u))


def lstm_backward(dh, dc, x, prev_h, prev_c, W, U, b):
    """dh and dc (N, H) arrive at next_h and next_c, from above and from the next step.

    x (N, D), prev_h (N, H), prev_c (N, H), W (4H, D), U (4H, H), b (4H,); blocks a, i, f, o.
    Returns dx, dprev_h, dprev_c, dW, dU and db.
    """
    a, i, f, o = np.hsplit(x.dot(W.T) + prev_h.dot(U.T) + b, 4)
    a, i, f, o = np.tanh(a), _sigmoid(i), _sigmoid(f), _sigmoid(o)
    next_c = i * a + f * prev_c

    ds = dc + dh * o * (1 - np.tanh(next_c) ** 2)  #: a
    delta_a = ds * i * (1 - a**2)  #: b
    delta_i = ds * a * i * (1 - i)
    delta_f = ds * prev_c * f * (1 - f)  #: c
    delta_o = dh * np.tanh(next_c) * o * (1 - o)
    dprev_c = ds * f  #: d

    delta = np.hstack([delta_a, delta_i, delta_f, delta_o])
    return delta.dot(W), delta.dot(U), dprev_c, delta.T.dot(x), delta.T.dot(prev_h), delta.sum(0)


#: judge
def loss(dh, dc, x, prev_h, prev_c, W, U, b):
    """What has dh and dc as its derivatives by next_h and next_c."""
    H = prev_h.shape[1]
    total = 0.0
    for n in range(len(x)):
        u = W @ x[n] + U @ prev_h[n] + b
        gate = 1 / (1 + np.exp(-u[H:]))
        c = gate[:H] * np.tanh(u[:H]) + gate[H : 2 * H] * prev_c[n]
        total += dh[n] @ (gate[2 * H :] * np.tanh(c)) + dc[n] @ c
    return total
