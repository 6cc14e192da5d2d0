"""Exercises of every form, small ones: two calls, a class, dictionaries, in place, everything."""

from engine.code.exercise import Exercise

PAIR = '''\
"""One step of a simple RNN, forward and backward."""

import numpy as np


def step_forward(x, prev_h, Wx, Wh, b):
    """x (N, D), prev_h (N, H), Wx (D, H), Wh (H, H), b (H,); returns next_h (N, H) and a cache."""
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)  #: a
    cache = (x, prev_h, Wx, Wh, next_h)
    return next_h, cache


def step_backward(dnext_h, cache):
    """Returns dx, dprev_h, dWx, dWh, db."""
    x, prev_h, Wx, Wh, next_h = cache
    du = dnext_h * (1 - next_h**2)  #: b
    return du @ Wx.T, du @ Wh.T, x.T @ du, prev_h.T @ du, du.sum(axis=0)


#: judge
def loss(x, prev_h, Wx, Wh, b, dnext_h):
    return np.sum(np.tanh(x @ Wx + prev_h @ Wh + b) * dnext_h)
'''
PAIR_SPEC = {
    "calls": [
        {
            "call": "step_forward",
            "with": ["x", "prev_h", "Wx", "Wh", "b"],
            "returns": ["next_h", "cache"],
        },
        {
            "call": "step_backward",
            "with": ["dnext_h", "cache"],
            "returns": ["dx", "dprev_h", "dWx", "dWh", "db"],
        },
    ],
    "sizes": {"N": [2, 4], "D": [2, 5], "H": [2, 6]},
    "arguments": {
        "x": {"shape": ["N", "D"]},
        "prev_h": {"shape": ["N", "H"]},
        "Wx": {"shape": ["D", "H"]},
        "Wh": {"shape": ["H", "H"]},
        "b": {"shape": ["H"]},
        "dnext_h": {"shape": ["N", "H"]},
    },
    "outputs": {
        "next_h": {"shape": ["N", "H"]},
        "dx": {"shape": ["N", "D"]},
        "dprev_h": {"shape": ["N", "H"]},
        "dWx": {"shape": ["D", "H"]},
        "dWh": {"shape": ["H", "H"]},
        "db": {"shape": ["H"]},
    },
    "gradients": {
        "loss": "loss",
        "of": {"dx": "x", "dprev_h": "prev_h", "dWx": "Wx", "dWh": "Wh", "db": "b"},
    },
    "mutation": {
        "roles": {"bias": ["b"], "recurrent": ["prev_h", "Wh"]},
        "confusable": [{"names": ["Wx", "Wh"], "code": "wrong-parameter"}],
    },
}

LAYER = '''\
"""A recurrent layer as a class, with the gradients in a list."""

import numpy as np


class RNN:
    """Parameters Wx (D, H), Wh (H, H), b (H,)."""

    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache = None

    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        h_next = np.tanh(h_prev @ Wh + x @ Wx + b)  #: a
        self.cache = (x, h_prev, h_next)
        return h_next

    def backward(self, dh_next):
        Wx, Wh, b = self.params
        x, h_prev, h_next = self.cache
        dt = dh_next * (1 - h_next**2)
        self.grads[0][...] = x.T @ dt
        self.grads[1][...] = h_prev.T @ dt
        self.grads[2][...] = dt.sum(axis=0)
        return dt @ Wx.T, dt @ Wh.T
'''
LAYER_SPEC = {
    "calls": [
        {"new": "RNN", "with": ["Wx", "Wh", "b"], "as": "layer"},
        {"call": "layer.forward", "with": ["x", "h"], "returns": "h_next"},
        {"call": "layer.backward", "with": ["dh"], "returns": ["dx", "dh_prev"]},
        {"read": "layer.grads", "returns": ["dWx", "dWh", "db"]},
    ],
    "sizes": {"N": [2, 4], "D": [2, 5], "H": [2, 6]},
    "arguments": {
        "Wx": {"shape": ["D", "H"]},
        "Wh": {"shape": ["H", "H"]},
        "b": {"shape": ["H"]},
        "x": {"shape": ["N", "D"]},
        "h": {"shape": ["N", "H"]},
        "dh": {"shape": ["N", "H"]},
    },
    "outputs": {
        "h_next": {"shape": ["N", "H"]},
        "dx": {"shape": ["N", "D"]},
        "dh_prev": {"shape": ["N", "H"]},
        "dWx": {"shape": ["D", "H"]},
        "dWh": {"shape": ["H", "H"]},
        "db": {"shape": ["H"]},
    },
}

DICTIONARY = '''\
"""One step in columns, with the parameters and the gradients in dictionaries."""

import numpy as np


def cell_forward(xt, a_prev, parameters):
    Wax, Waa, ba = parameters["Wax"], parameters["Waa"], parameters["ba"]
    a_next = np.tanh(Wax @ xt + Waa @ a_prev + ba)
    return a_next, (a_next, a_prev, xt, parameters)


def cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dtanh = (1 - a_next**2) * da_next  #: a
    gradients = {
        "dxt": parameters["Wax"].T @ dtanh,
        "dWax": dtanh @ xt.T,
        "dba": dtanh.sum(axis=1, keepdims=True),
    }
    return gradients


#: judge
def loss(xt, a_prev, parameters, da_next):
    u = parameters["Wax"] @ xt + parameters["Waa"] @ a_prev + parameters["ba"]
    return np.sum(np.tanh(u) * da_next)
'''
DICTIONARY_SPEC = {
    "calls": [
        {"call": "cell_forward", "with": ["xt", "a_prev", "parameters"],
         "returns": ["a_next", "cache"]},
        {"call": "cell_backward", "with": ["da_next", "cache"], "returns": "gradients"},
    ],
    "sizes": {"n_x": [2, 4], "n_a": [2, 5], "m": [2, 6]},
    "arguments": {
        "xt": {"shape": ["n_x", "m"]},
        "a_prev": {"shape": ["n_a", "m"]},
        "parameters": {
            "entries": {
                "Wax": {"shape": ["n_a", "n_x"]},
                "Waa": {"shape": ["n_a", "n_a"]},
                "ba": {"shape": ["n_a", 1]},
            }
        },
        "da_next": {"shape": ["n_a", "m"]},
    },
    "outputs": {
        "a_next": {"shape": ["n_a", "m"]},
        "gradients": {
            "entries": {
                "dxt": {"shape": ["n_x", "m"]},
                "dWax": {"shape": ["n_a", "n_x"]},
                "dba": {"shape": ["n_a", 1]},
            }
        },
    },
    "hard": {"no-bias": {"fill": {"parameters.ba": 0}}},
    "gradients": {
        "loss": "loss",
        "of": {
            "gradients.dxt": "xt",
            "gradients.dWax": "parameters.Wax",
            "gradients.dba": "parameters.ba",
        },
    },
}  # fmt: skip

SGD = '''\
"""An optimiser that changes its parameters in place."""


class SGD:
    def __init__(self, lr):
        self.lr = lr
        self.count = 0

    def update(self, params, grads):
        for i in range(len(params)):
            params[i] -= self.lr * grads[i]
        self.count += 1
'''
SGD_SPEC = {
    "calls": [
        {"new": "SGD", "with": ["lr"], "as": "optimizer"},
        {"call": "optimizer.update", "with": ["params", "grads"]},
        {"read": "params", "returns": "first"},
        {"call": "optimizer.update", "with": ["params", "grads"]},
        {"read": "optimizer.count", "returns": "count"},
    ],
    "sizes": {"D": [2, 4], "H": [2, 4]},
    "arguments": {
        "params": {"items": {"W": {"shape": ["D", "H"]}, "b": {"shape": ["H"]}}},
        "grads": {"items": {"W": {"shape": ["D", "H"]}, "b": {"shape": ["H"]}}},
        "lr": {"draw": "number", "low": 0.1, "high": 1},
    },
    "outputs": {
        "first": {"items": {"W": {"shape": ["D", "H"]}, "b": {"shape": ["H"]}}},
        "count": {"dtype": "integer"},
        "updated": {"after": "params"},
    },
}

EVERYTHING = '''\
"""Every kind of argument and output."""

import numpy as np


def everything(f, ids, V, mask, lengths, onehot, p, words, k, how, state, tensors):
    first = f(float(k))
    counts = np.bincount(ids, minlength=V)
    total = 0.0 if state is None else float(state.sum())
    kept = [float((t * mask[:, : t.shape[0]].sum()).sum()) for t in tensors]
    shape = (len(words), int(lengths.max()))
    names = [how] * shape[0]
    longest = None if total < 0 else total
    return (first, counts, bool(k > 2), how.upper(), shape, names, kept, longest,
            onehot.argmax(axis=-1), p.sum())


#: judge
def square(x):
    return x * x
'''
EVERYTHING_SPEC = {
    "function": "everything",
    "sizes": {"N": [2, 4], "T": [2, 5], "V": [3, 6]},
    "arguments": {
        "f": {"draw": "function", "of": "square"},
        "ids": {"draw": "index", "below": "V", "shape": ["N"]},
        "V": {"draw": "size", "of": "V"},
        "mask": {"draw": "mask", "shape": ["N", "T"]},
        "lengths": {"draw": "lengths", "up_to": "T", "shape": ["N"]},
        "onehot": {"draw": "one-hot", "shape": ["N", "V"]},
        "p": {"draw": "probabilities", "shape": ["N", "V"]},
        "words": {"draw": "index", "below": "V", "list": "T"},
        "k": {"draw": "count", "low": 1, "high": 5},
        "how": {"draw": "choice", "of": ["sum", "mean"]},
        "state": {"shape": ["N"], "optional": True},
        "tensors": {"list": "N", "shape": ["T"]},
    },
    "outputs": {
        "first": {},
        "counts": {"shape": ["V"], "dtype": "integer"},
        "large": {"dtype": "boolean"},
        "name": {"dtype": "text"},
        "shape": {"list": "any", "dtype": "integer"},
        "names": {"list": "T", "dtype": "text"},
        "kept": {"list": "N"},
        "longest": {"optional": True},
        "argmax": {"shape": ["N"], "dtype": "integer"},
        "total": {},
    },
}

ALL = {
    "pair": (PAIR, PAIR_SPEC),
    "layer": (LAYER, LAYER_SPEC),
    "dictionary": (DICTIONARY, DICTIONARY_SPEC),
    "optimiser": (SGD, SGD_SPEC),
    "everything": (EVERYTHING, EVERYTHING_SPEC),
}


def parsed(name: str, **changed: object) -> Exercise:
    source, spec = ALL[name]
    return Exercise.parse(f"test/{name}", source, {**spec, **changed})
