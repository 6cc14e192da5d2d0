"""Training of an RNN that adds two binary numbers, one update after each sum."""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def d_sigmoid(x):
    """The slope of the sigmoid where its input is x."""
    return sigmoid(x) * (1 - sigmoid(x))


def train(a_bits, b_bits, d_bits, W_in, W, W_out, learning_rate):
    """Shows M sums a + b = d to the network, bit by bit, lowest bit first.

    a_bits, b_bits, d_bits (M, T), highest bit first; W_in (2, H), W (H, H), W_out (H, 1).
    Both activations are the sigmoid; the loss of a sum is the sum over its bits of
    1/2 * (d - y) ** 2. There are no biases. Row t + 1 of u and z belongs to row t of y and delta.
    Returns the M losses and the three matrices after M updates.
    """
    M, T = a_bits.shape
    H = len(W)
    W_in, W, W_out = W_in.copy(), W.copy(), W_out.copy()
    W_in_grad, W_grad, W_out_grad = np.zeros_like(W_in), np.zeros_like(W), np.zeros_like(W_out)
    losses = np.zeros(M)
    u = np.zeros((T + 1, H))
    z = np.zeros((T + 1, H))
    delta_out = np.zeros((T, 1))
    delta = np.zeros((T + 1, H))

    for m in range(M):
        x = np.stack([a_bits[m, ::-1], b_bits[m, ::-1]], axis=1)
        d = d_bits[m, ::-1]
        for t in range(T):
            u[t + 1] = x[t] @ W_in + z[t] @ W
            z[t + 1] = sigmoid(u[t + 1])
            v = z[t + 1] @ W_out
            y = sigmoid(v)
            losses[m] += 0.5 * np.sum((d[t] - y) ** 2)
            delta_out[t] = (y - d[t]) * d_sigmoid(v)  #: a

        for t in reversed(range(T)):
            delta[t] = (delta[t + 1] @ W.T + delta_out[t] @ W_out.T) * d_sigmoid(u[t + 1])  #: b
            W_out_grad += np.outer(z[t + 1], delta_out[t])
            W_grad += np.outer(z[t], delta[t])  #: c
            W_in_grad += np.outer(x[t], delta[t])

        W_in -= learning_rate * W_in_grad
        W -= learning_rate * W_grad
        W_out -= learning_rate * W_out_grad
        for gradient in (W_in_grad, W_grad, W_out_grad):
            gradient[:] = 0
    return losses, W_in, W, W_out


#: judge
def loss(a_bits, b_bits, d_bits, W_in, W, W_out, learning_rate):
    """The loss of all sums with these weights, without any update."""
    total = 0.0
    for a, b, d in zip(a_bits, b_bits, d_bits, strict=True):
        z = np.zeros(len(W))
        for bits in zip(a[::-1], b[::-1], d[::-1], strict=True):
            z = sigmoid(np.array(bits[:2]) @ W_in + z @ W)
            total += 0.5 * np.sum((bits[2] - sigmoid(z @ W_out)) ** 2)
    return total
