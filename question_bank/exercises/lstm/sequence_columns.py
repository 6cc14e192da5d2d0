"""An LSTM over time with data in columns (n_x, m, T), forward and backward."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def softmax(v):
    e = np.exp(v - v.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    """One step; Wf, Wi, Wc, Wo act on [a; x], Wy on a_next."""
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
    concat, c_prev, c_next, ft, it, cct, ot, parameters = cache
    ds = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    deltas = {
        "f": ds * c_prev * ft * (1 - ft),
        "i": ds * cct * it * (1 - it),
        "c": ds * it * (1 - cct**2),
        "o": da_next * np.tanh(c_next) * ot * (1 - ot),
    }
    gradients = {"dc_prev": ds * ft}
    for name, delta in deltas.items():
        gradients["dW" + name] = delta @ concat.T
        gradients["db" + name] = delta.sum(axis=1, keepdims=True)
    dconcat = sum(parameters["W" + name].T @ delta for name, delta in deltas.items())
    gradients["da_prev"], gradients["dxt"] = np.split(dconcat, [len(ft)])
    return gradients


def lstm_forward(x, a0, parameters):
    """x (n_x, m, T), a0 (n_a, m); returns a, y, c, each (..., m, T), and caches."""
    _, m, T = x.shape
    n_y, n_a = parameters["Wy"].shape
    a, c, y = np.zeros((n_a, m, T)), np.zeros((n_a, m, T)), np.zeros((n_y, m, T))
    caches = []
    a_next, c_next = a0, np.zeros((n_a, m))  #: a | np.zeros((n_a, m))
    for t in range(T):
        a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)  #: b
        a[:, :, t], c[:, :, t], y[:, :, t] = a_next, c_next, yt
        caches.append(cache)
    return a, y, c, (caches, x)


def lstm_backward(da, caches):
    """da (n_a, m, T): the error that each a[:, :, t] gets from above. Returns a dictionary."""
    caches, x = caches
    n_a, m, T = da.shape
    gradients = {"dx": np.zeros(x.shape)}
    for name in "fico":
        gradients["dW" + name] = np.zeros((n_a, n_a + len(x)))
        gradients["db" + name] = np.zeros((n_a, 1))
    da_prevt, dc_prevt = np.zeros((n_a, m)), np.zeros((n_a, m))
    for t in reversed(range(T)):
        step = lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, caches[t])  #: c
        da_prevt, dc_prevt = step["da_prev"], step["dc_prev"]
        gradients["dx"][:, :, t] = step["dxt"]
        for name in "fico":
            gradients["dW" + name] += step["dW" + name]  #: d
            gradients["db" + name] += step["db" + name]
    gradients["da0"] = da_prevt
    return gradients


#: judge
def loss(x, a0, parameters, da):
    """What has da as its derivative by the hidden states."""
    a, c, total = a0, 0 * a0, 0.0
    for t in range(x.shape[2]):
        both = np.concatenate([a, x[:, :, t]])
        u = {k: parameters["W" + k] @ both + parameters["b" + k] for k in "fico"}
        c = c / (1 + np.exp(-u["f"])) + np.tanh(u["c"]) / (1 + np.exp(-u["i"]))
        a = np.tanh(c) / (1 + np.exp(-u["o"]))
        total += np.sum(a * da[:, :, t])
    return total
