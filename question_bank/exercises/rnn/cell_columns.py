"""One RNN cell in columns, with parameters and gradients in dictionaries."""

import numpy as np


def softmax(x):
    """Each column of x becomes probabilities."""
    e = np.exp(x - x.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def rnn_cell_forward(xt, a_prev, parameters):
    """One step: a_next = tanh(Waa a_prev + Wax xt + ba), yt_pred = softmax(Wya a_next + by).

    xt (n_x, m), a_prev (n_a, m): each column is one example. parameters: Wax (n_a, n_x),
    Waa (n_a, n_a), Wya (n_y, n_a), ba (n_a, 1), by (n_y, 1).
    Returns a_next (n_a, m), yt_pred (n_y, m) and a cache of your choice.
    """
    Wax, Waa, Wya = parameters["Wax"], parameters["Waa"], parameters["Wya"]
    ba, by = parameters["ba"], parameters["by"]
    a_next = np.tanh(Waa @ a_prev + Wax @ xt + ba)  #: a
    yt_pred = softmax(Wya @ a_next + by)  #: b
    cache = (a_next, a_prev, xt, parameters)
    return a_next, yt_pred, cache


def rnn_cell_backward(da_next, cache):
    """da_next (n_a, m) is the gradient by a_next, whatever path it came by.

    Returns a dictionary: dxt, da_prev, dWax, dWaa, dba, each in the shape of what it belongs to.
    """
    a_next, a_prev, xt, parameters = cache
    Wax, Waa = parameters["Wax"], parameters["Waa"]
    dtanh = (1 - a_next**2) * da_next
    dxt = Wax.T @ dtanh
    da_prev = Waa.T @ dtanh
    dWax = dtanh @ xt.T
    dWaa = dtanh @ a_prev.T  #: c
    dba = dtanh.sum(axis=1, keepdims=True)  #: d
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}


#: judge
def loss(xt, a_prev, parameters, da_next):
    """A number whose gradient by a_next is da_next."""
    u = parameters["Waa"] @ a_prev + parameters["Wax"] @ xt + parameters["ba"]
    return np.sum(np.tanh(u) * da_next)
