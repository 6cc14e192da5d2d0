"""The loss of a decoder that is trained with the right words as its inputs."""

import numpy as np


def decoder_loss(ts, h, E, Wx, Wh, b, Wy):
    """ts (N, T + 1): ids of the target sentences, start sign first, end sign last.

    h (N, H): the encoder's last state, E (V, D), Wx (D, H), Wh (H, H), b (H,), Wy (H, V).
    Returns the mean cross entropy over all N T predictions.
    """
    decoder_xs, decoder_ts = ts[:, :-1], ts[:, 1:]  #: a
    N = len(h)
    T = ts.shape[1] - 1
    total = 0.0
    for t in range(T):
        x = E[decoder_xs[:, t]]  #: b
        h = np.tanh(x @ Wx + h @ Wh + b)
        scores = h @ Wy
        scores = scores - scores.max(axis=1, keepdims=True)
        log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        total -= log_p[np.arange(N), decoder_ts[:, t]].sum()  #: c
    return total / (N * T)  #: d
