"""The course's training loop for the binary adder, written anew: the measure for speed and losses.

It keeps what matters for a comparison: the random calls and their order, one small NumPy call after
another for every time step, (H, T + 1) columns for the states, sums of gradients step by step. It
also keeps the loop's mistake: the derivative of the sigmoid is taken of an output. Mended is only
what stops it on NumPy 2 (an array of one element assigned to an element).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(−x))."""
    return np.asarray(1 / (1 + np.exp(-x)))


def sigmoid_slope(x: Array) -> Array:
    """σ′ of the pre-activation."""
    s = sigmoid(x)
    return np.asarray((1 - s) * s)


def course_losses(seed: int, iterations: int, hidden: int = 16, rate: float = 0.1) -> Array:
    """The loss of every iteration, Σ_t ½(d − y)², before its update; shape (iterations,)."""
    random = np.random.RandomState(seed)
    digits = 8
    numbers = 2**digits
    code = np.unpackbits(np.arange(numbers, dtype=np.uint8).reshape(-1, 1), axis=1)

    W_in = random.randn(2, hidden)
    W_out = random.randn(hidden, 1)
    W = random.randn(hidden, hidden)
    W_in_sum, W_out_sum, W_sum = np.zeros_like(W_in), np.zeros_like(W_out), np.zeros_like(W)

    pre = np.zeros((hidden, digits + 1))
    state = np.zeros((hidden, digits + 1))
    answer = np.zeros((1, digits))
    delta_answer = np.zeros((1, digits))
    delta = np.zeros((hidden, digits + 1))
    losses = np.zeros(iterations)

    for i in range(iterations):
        first = random.randint(numbers / 2)
        second = random.randint(numbers / 2)
        first_bits, second_bits, sum_bits = code[first], code[second], code[first + second]
        predicted = np.zeros_like(sum_bits)

        for t in range(digits):
            x = np.array([first_bits[-t - 1], second_bits[-t - 1]]).reshape(1, -1)
            target = np.array([sum_bits[digits - t - 1]])
            pre[:, t + 1] = np.dot(x, W_in) + np.dot(state[:, t].reshape(1, -1), W)
            state[:, t + 1] = sigmoid(pre[:, t + 1])
            answer[:, t] = sigmoid(np.dot(state[:, t + 1].reshape(1, -1), W_out))
            losses[i] += np.sum((target - answer[:, t]) ** 2) / 2
            delta_answer[:, t] = (answer[:, t] - target) * sigmoid_slope(answer[:, t])
            predicted[digits - t - 1] = np.round(answer[0, t])

        for t in reversed(range(digits)):
            x = np.array([first_bits[-t - 1], second_bits[-t - 1]]).reshape(1, -1)
            arriving = np.dot(delta[:, t + 1].T, W.T) + np.dot(delta_answer[:, t].T, W_out.T)
            delta[:, t] = arriving * sigmoid_slope(pre[:, t + 1])
            W_out_sum += np.dot(state[:, t + 1].reshape(-1, 1), delta_answer[:, t].reshape(-1, 1))
            W_sum += np.dot(state[:, t].reshape(-1, 1), delta[:, t].reshape(1, -1))
            W_in_sum += np.dot(x.T, delta[:, t].reshape(1, -1))

        W_in -= rate * W_in_sum
        W_out -= rate * W_out_sum
        W -= rate * W_sum
        W_in_sum *= 0
        W_out_sum *= 0
        W_sum *= 0
    return losses
