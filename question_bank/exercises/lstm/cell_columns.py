"""One LSTM step with data in columns, the parameters in a dictionary, and [a; x] stacked."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def softmax(v):
    e = np.exp(v - v.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    """xt (n_x, m), a_prev and c_prev (n_a, m); each column is a sample.

    parameters: Wf, Wi, Wc, Wo (n_a, n_a + n_x), bf, bi, bc, bo (n_a, 1), Wy (n_y, n_a), by (n_y, 1)
    Returns a_next and c_next (n_a, m), yt_pred (n_y, m) and a cache.
    """
    concat = np.concatenate([a_prev, xt], axis=0)  #: a
    ft = sigmoid(parameters["Wf"] @ concat + parameters["bf"])
    it = sigmoid(parameters["Wi"] @ concat + parameters["bi"])
    cct = np.tanh(parameters["Wc"] @ concat + parameters["bc"])  #: b
    c_next = ft * c_prev + it * cct  #: c
    ot = sigmoid(parameters["Wo"] @ concat + parameters["bo"])
    a_next = ot * np.tanh(c_next)
    yt_pred = softmax(parameters["Wy"] @ a_next + parameters["by"])  #: d
    return a_next, c_next, yt_pred, (concat, ft, it, cct, ot, parameters)
