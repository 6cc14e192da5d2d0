"""An RNN over time with data in columns (n_x, m, T), forward and backward."""

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def rnn_cell_forward(xt, a_prev, parameters):
    """One step: a_next = tanh(Waa a_prev + Wax xt + ba), yt_pred = softmax(Wya a_next + by)."""
    Wax, Waa, Wya = parameters["Wax"], parameters["Waa"], parameters["Wya"]
    a_next = np.tanh(Waa @ a_prev + Wax @ xt + parameters["ba"])
    yt_pred = softmax(Wya @ a_next + parameters["by"])
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dtanh = (1 - a_next**2) * da_next
    return {
        "dxt": parameters["Wax"].T @ dtanh,
        "da_prev": parameters["Waa"].T @ dtanh,
        "dWax": dtanh @ xt.T,
        "dWaa": dtanh @ a_prev.T,
        "dba": dtanh.sum(axis=1, keepdims=True),
    }


def rnn_forward(x, a0, parameters):
    """x (n_x, m, T), a0 (n_a, m); returns a (n_a, m, T), y_pred (n_y, m, T) and caches."""
    _, m, T = x.shape
    n_y, n_a = parameters["Wya"].shape
    a, y_pred = np.zeros((n_a, m, T)), np.zeros((n_y, m, T))
    caches = []
    a_next = a0  #: a
    for t in range(T):
        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)  #: b
        a[:, :, t] = a_next
        y_pred[:, :, t] = yt_pred
        caches.append(cache)
    return a, y_pred, (caches, x)


def rnn_backward(da, caches):
    """da (n_a, m, T): the error that each a[:, :, t] gets from above. Returns a dictionary."""
    caches, x = caches
    n_a, m, T = da.shape
    dx = np.zeros(x.shape)
    dWax, dWaa, dba = np.zeros((n_a, len(x))), np.zeros((n_a, n_a)), np.zeros((n_a, 1))
    da_prevt = np.zeros((n_a, m))
    for t in reversed(range(T)):
        gradients = rnn_cell_backward(da[:, :, t] + da_prevt, caches[t])  #: c
        da_prevt = gradients["da_prev"]
        dx[:, :, t] = gradients["dxt"]
        dWax += gradients["dWax"]  #: d
        dWaa += gradients["dWaa"]
        dba += gradients["dba"]
    return {"dx": dx, "da0": da_prevt, "dWax": dWax, "dWaa": dWaa, "dba": dba}


#: judge
def loss(x, a0, parameters, da):
    """What has da as its derivative by the states."""
    a, total = a0, 0.0
    for t in range(x.shape[2]):
        a = np.tanh(parameters["Waa"] @ a + parameters["Wax"] @ x[:, :, t] + parameters["ba"])
        total += np.sum(a * da[:, :, t])
    return total
