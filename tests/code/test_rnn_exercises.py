"""Exercises on RNN: answers in another style pass; wrong ones that no mutant makes fail."""

from exercise_cases import failing, passing

RIGHT = {
    "rnn/step_pair": """\
import numpy as np

def rnn_step_forward(x, prev_h, Wx, Wh, b):
    both = np.concatenate([x, prev_h], axis=1)
    weights = np.concatenate([Wx, Wh], axis=0)
    e = np.exp(2 * np.clip(np.einsum("ni,ih->nh", both, weights) + b, -300, 300))
    return (e - 1) / (e + 1), {"both": both, "weights": weights, "e": e, "D": x.shape[1]}

def rnn_step_backward(dnext_h, cache):
    D, e = cache["D"], cache["e"]
    du = dnext_h * (2 / (e + 1)) * (2 - 2 / (e + 1))
    d_both = np.einsum("nh,ih->ni", du, cache["weights"])
    d_weights = np.einsum("ni,nh->ih", cache["both"], du)
    return d_both[:, :D], d_both[:, D:], d_weights[:D], d_weights[D:], np.ones(len(du)) @ du
""",
    "rnn/cell_columns": """\
import numpy as np

def rnn_cell_forward(xt, a_prev, parameters):
    p = parameters
    stacked = np.vstack((a_prev, xt))
    W = np.hstack((p["Waa"], p["Wax"]))
    a_next = np.tanh(np.dot(W, stacked) + p["ba"])
    scores = np.dot(p["Wya"], a_next) + p["by"]
    columns = [np.exp(column) / np.sum(np.exp(column)) for column in scores.T]
    return a_next, np.array(columns).T, (W, stacked, a_next)

def rnn_cell_backward(da_next, cache):
    W, stacked, a_next = cache
    n_a = len(a_next)
    delta = np.multiply(da_next, 1 - np.square(a_next))
    dW, dstacked = np.dot(delta, stacked.T), np.dot(W.T, delta)
    return {"dWaa": dW[:, :n_a], "dWax": dW[:, n_a:], "da_prev": dstacked[:n_a],
            "dxt": dstacked[n_a:], "dba": np.sum(delta, 1, keepdims=True), "delta": delta}
""",
    "rnn/layer": """\
import numpy as np

class RNN:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(p) for p in self.params]

    def forward(self, x, h_prev):
        self.x, self.h_prev = x, h_prev
        t = np.dot(h_prev, self.params[1])
        t += np.dot(x, self.params[0])
        t += self.params[2]
        self.h_next = np.tanh(t)
        return self.h_next

    def backward(self, dh_next):
        dt = dh_next - dh_next * self.h_next ** 2
        self.grads = [np.einsum("nd,nh->dh", self.x, dt), np.zeros_like(self.params[1]), dt[0] * 0]
        for row, before in zip(dt, self.h_prev):
            self.grads[1] += np.outer(before, row)
            self.grads[2] += row
        return np.inner(dt, self.params[0]), np.inner(dt, self.params[1])
""",
    "rnn/time_rnn": '''\
import numpy as np

class TimeRNN:
    """No layer inside; single precision, and backwards over stored states."""

    def __init__(self, Wx, Wh, b, stateful=False):
        self.params, self.stateful = [Wx, Wh, b], stateful
        self.grads = [np.zeros_like(p) for p in self.params]
        self.h = self.dh = None

    def set_state(self, h):
        self.h = h

    def reset_state(self):
        self.set_state(None)

    def forward(self, xs):
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        hs = np.empty((N, T + 1, len(b)), dtype="f")
        hs[:, 0] = self.h if self.stateful and self.h is not None else 0
        for t in range(T):
            hs[:, t + 1] = np.tanh(hs[:, t] @ Wh + xs[:, t] @ Wx + b)
        self.h, self.cache = hs[:, -1], (xs, hs)
        return hs[:, 1:]

    def backward(self, dhs):
        (Wx, Wh, b), (xs, hs) = self.params, self.cache
        deltas, dh = [], 0
        for t in range(xs.shape[1] - 1, -1, -1):
            delta = (dhs[:, t] + dh) * (1 - hs[:, t + 1] ** 2)
            dh = delta @ Wh.T
            deltas.insert(0, delta)
        ds = np.stack(deltas, axis=1)
        self.dh = dh
        self.grads[0][...] = np.einsum("ntd,nth->dh", xs, ds)
        self.grads[1][...] = np.einsum("ntk,nth->kh", hs[:, :-1], ds)
        self.grads[2][...] = ds.sum((0, 1))
        return ds @ Wx.T
''',
    "rnn/tree": '''\
import numpy as np

def build(leaves, width):
    if len(leaves) == 1:
        return leaves[0]
    cut = min(width, len(leaves) - 1)
    return {"left": build(leaves[:cut], width), "right": build(leaves[cut:], width)}

def traverse(node, W, b):
    """With a stack of its own instead of recursion."""
    todo, done = [(node, False)], []
    while todo:
        node, ready = todo.pop()
        if type(node) is not dict:
            done.append(node)
        elif ready:
            right, left = done.pop(), done.pop()
            E = len(b)
            done.append(np.tanh(W[:, :E] @ left + W[:, E:] @ right + b))
        else:
            todo += [(node, True), (node["right"], False), (node["left"], False)]
    return done[0]
''',
    "rnn/sequence_columns": """\
import numpy as np

def rnn_forward(x, a0, p):
    states, y = [a0], []
    for xt in np.moveaxis(x, 2, 0):
        states.append(np.tanh(p["Wax"] @ xt + p["Waa"] @ states[-1] + p["ba"]))
        e = np.exp(p["Wya"] @ states[-1] + p["by"])
        y.append(e / e.sum(0))
    return np.stack(states[1:], -1), np.stack(y, -1), {"x": x, "states": states, "p": p}

def rnn_backward(da, cache):
    x, states, p = cache["x"], cache["states"], cache["p"]
    deltas, back = [], 0
    for t in range(x.shape[2])[::-1]:
        deltas.insert(0, (da[..., t] + back) * (1 - states[t + 1] ** 2))
        back = p["Waa"].T @ deltas[0]
    d, before = np.stack(deltas, -1), np.stack(states[:-1], -1)
    return dict(
        dx=np.einsum("ai,amt->imt", p["Wax"], d), da0=back, dWax=np.einsum("amt,imt->ai", d, x),
        dWaa=np.einsum("amt,bmt->ab", d, before), dba=d.sum((1, 2))[:, None],
    )
""",
}

# What stands in the solution, and what somebody wrote instead; no operator of ours makes it.
WRONG = {
    "rnn/step_pair": (
        "db = du.sum(axis=0)",
        "db = dnext_h.sum(axis=0) * (1 - next_h**2).mean(axis=0)",
    ),
    "rnn/cell_columns": (
        "dtanh = (1 - a_next**2) * da_next",
        "dtanh = (1 - np.tanh(a_next) ** 2) * da_next",
    ),
    "rnn/layer": (
        "dt = dh_next * (1 - h_next**2)",
        "dt = dh_next * h_next * (1 - h_next)",
    ),
    "rnn/time_rnn": (
        "self.dh = dh",
        "self.dh = dh + dhs[:, 0]",
    ),
    "rnn/tree": (
        "return _activation(W.dot(np.concatenate([left, right])) + b)",
        "return _activation(W.dot(np.concatenate([left + right, left + right])) / 2 + b)",
    ),
    "rnn/sequence_columns": ('da0": da_prevt', 'da0": da_prevt + da[:, :, 0]'),
}

test_an_answer_in_a_style_of_its_own_passes = passing(RIGHT)
test_a_wrong_answer_that_no_mutant_makes_fails = failing(WRONG)
