"""One LSTM step in columns, with [a; x], forward and backward; gradients in a dictionary."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def softmax(v):
    e = np.exp(v - v.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    """xt (n_x, m), a_prev and c_prev (n_a, m); Wf, Wi, Wc, Wo act on [a; x], Wy on a_next."""
    concat = np.vstack([a_prev, xt])
    ft = sigmoid(parameters["Wf"] @ concat + parameters["bf"])
    it = sigmoid(parameters["Wi"] @ concat + parameters["bi"])
    cct = np.tanh(parameters["Wc"] @ concat + parameters["bc"])
    ot = sigmoid(parameters["Wo"] @ concat + parameters["bo"])
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    yt_pred = softmax(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, yt_pred, (concat, c_prev, c_next, ft, it, cct, ot, parameters)


def lstm_cell_backward(da_next, dc_next, cache):
    """da_next and dc_next (n_a, m); returns dxt, da_prev, dc_prev, dWf, ..., dbo by name."""
    concat, c_prev, c_next, ft, it, cct, ot, parameters = cache
    dot = da_next * np.tanh(c_next) * ot * (1 - ot)
    ds = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)  #: a
    dft = ds * c_prev * ft * (1 - ft)
    dit = ds * cct * it * (1 - it)  #: b
    dcct = ds * it * (1 - cct**2)
    gradients = {"dc_prev": ds * ft}
    dconcat = np.zeros_like(concat)
    for name, delta in (("f", dft), ("i", dit), ("c", dcct), ("o", dot)):
        gradients["dW" + name] = delta @ concat.T
        gradients["db" + name] = delta.sum(axis=1, keepdims=True)  #: c
        dconcat += parameters["W" + name].T @ delta
    n_a = len(dcct)
    gradients["da_prev"], gradients["dxt"] = dconcat[:n_a], dconcat[n_a:]  #: d
    return gradients


#: judge
def loss(xt, a_prev, c_prev, parameters, da_next, dc_next):
    """What has da_next and dc_next as its derivatives by a_next and c_next."""
    u = {
        k: parameters["W" + k][:, : len(a_prev)] @ a_prev
        + parameters["W" + k][:, len(a_prev) :] @ xt
        + parameters["b" + k]
        for k in "fico"
    }
    c = c_prev / (1 + np.exp(-u["f"])) + np.tanh(u["c"]) / (1 + np.exp(-u["i"]))
    return np.sum(np.tanh(c) / (1 + np.exp(-u["o"])) * da_next) + np.sum(c * dc_next)
