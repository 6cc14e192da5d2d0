"""Greedy decoding with an end sign and a maximum length."""

import numpy as np


def greedy_decode(step, state, start, end, max_length):
    """step(state, token) returns the next state and the scores (V,) of all tokens.

    Returns the tokens without start and end sign, and the sum of their log probabilities, the
    end sign's included if it was reached.
    """
    #: a begin
    tokens, total, token = [], 0.0, start
    while len(tokens) < max_length:
        state, scores = step(state, token)
        token = int(np.argmax(scores))
        shifted = scores - scores.max()
        total += shifted[token] - np.log(np.exp(shifted).sum())
        if token == end:
            break
        tokens.append(token)
    return tokens, total
    #: a end


#: judge
def step(state, token):
    """A small decoder of its own: deterministic, with states that wander."""
    vocabulary = 5
    mixed = np.tanh(np.roll(state, 1) * 1.7 + 0.9 * token - 1.5 + 0.3 * state)
    weights = np.sin(np.outer(np.arange(1, len(state) + 1), np.arange(1, vocabulary + 1)) * 1.3)
    return mixed, np.dot(mixed, weights) * 2 * max(1.0, np.abs(state).max())
