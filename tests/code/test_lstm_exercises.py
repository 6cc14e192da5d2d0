"""Exercises on LSTM: answers in another style pass; wrong ones that no mutant makes fail."""

from collections.abc import Callable

from exercise_cases import failing, passing

from engine.code.exercise import Exercise
from engine.code.judge import CodeJudge

RIGHT = {
    "lstm/course_step": """\
import numpy as np

def lstm(x, prev_h, prev_c, W, U, b):
    N, H = prev_h.shape
    h, c = np.empty((N, H)), np.empty((N, H))
    for n in range(N):
        u = [W[k] @ x[n] + U[k] @ prev_h[n] + b[k] for k in range(4 * H)]
        for k in range(H):
            i, f, o = (1 / (1 + np.exp(-u[block * H + k])) for block in (1, 2, 3))
            c[n, k] = f * prev_c[n, k] + i * np.tanh(u[k])
            h[n, k] = np.tanh(c[n, k]) * o
    return h, c
""",
    "lstm/course_backward": """\
import numpy as np

def s(u):
    return 0.5 * (1 + np.tanh(u / 2))

def lstm_backward(dh, dc, x, prev_h, prev_c, W, U, b):
    N, H = dh.shape
    both = np.c_[x, prev_h]
    stacked = np.c_[W, U]
    u = (np.einsum("nd,kd->nk", both, stacked) + b).reshape(N, 4, H)
    a, gates = np.tanh(u[:, 0]), s(u[:, 1:])
    cell = gates[:, 0] * a + gates[:, 1] * prev_c
    back = dc + dh * gates[:, 2] / np.cosh(np.clip(cell, -300, 300)) ** 2
    delta = np.empty((N, 4, H))
    delta[:, 0] = back * gates[:, 0] * (1 - a) * (1 + a)
    met = np.stack([back * a, back * prev_c, dh * np.tanh(cell)], axis=1)
    delta[:, 1:] = met * (gates - gates**2)
    delta = delta.reshape(N, 4 * H)
    dboth, dstacked = delta @ stacked, np.einsum("nk,nd->kd", delta, both)
    D = x.shape[1]
    return (dboth[:, :D], dboth[:, D:], back * gates[:, 1], dstacked[:, :D], dstacked[:, D:],
            np.ones(N) @ delta)
""",
    "lstm/step_forward": """\
import numpy as np

def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    blocks = np.array_split(np.c_[x, prev_h, np.ones(len(x))] @ np.r_[Wx, Wh, b[None]], 4, axis=-1)
    i, f, o = (np.reciprocal(1 + np.exp(np.negative(u))) for u in blocks[:3])
    c = np.add(np.multiply(f, prev_c), np.multiply(i, np.tanh(blocks[3])))
    return np.multiply(o, np.tanh(c)), c, None
""",
    "lstm/step_backward": """\
import numpy as np

class Step:
    def __init__(self, *given):
        self.x, self.h, self.c, self.Wx, self.Wh, b = given
        u = np.einsum("nd,dk->nk", self.x, self.Wx) + np.einsum("nh,hk->nk", self.h, self.Wh) + b
        self.u = u.reshape(len(u), 4, -1).swapaxes(0, 1)
        self.y = np.concatenate([0.5 + 0.5 * np.tanh(self.u[:3] / 2), np.tanh(self.u[3:])])
        self.new = self.y[1] * self.c + self.y[0] * self.y[3]

def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    step = Step(x, prev_h, prev_c, Wx, Wh, b)
    return step.y[2] * np.tanh(step.new), step.new, step

def lstm_step_backward(dnext_h, dnext_c, cache):
    i, f, o, g = cache.y
    t = np.tanh(cache.new)
    ds = dnext_c + dnext_h * o - dnext_h * o * t * t
    d = np.stack([g * ds, cache.c * ds, t * dnext_h, i * ds])
    d *= np.concatenate([cache.y[:3] * (1 - cache.y[:3]), 1 - cache.y[3:] ** 2])
    d = d.swapaxes(0, 1).reshape(len(t), -1)
    return (d @ cache.Wx.T, d @ cache.Wh.T, f * ds, cache.x.T @ d, cache.h.T @ d, np.sum(d, 0))
""",
    "lstm/sequence_pair": """\
import numpy as np

def lstm_forward(x, h0, Wx, Wh, b):
    N, T, _ = x.shape
    H = h0.shape[1]
    pre = np.einsum("ntd,dk->tnk", x, Wx) + b
    hs, cs, ys = [h0], [np.zeros_like(h0)], []
    for u in pre:
        u = u + hs[-1] @ Wh
        y = np.tanh(u)
        y[:, :3 * H] = 1 / (1 + np.exp(-u[:, :3 * H]))
        cs.append(y[:, H:2 * H] * cs[-1] + y[:, :H] * y[:, 3 * H:])
        hs.append(y[:, 2 * H:3 * H] * np.tanh(cs[-1]))
        ys.append(y)
    return np.stack(hs[1:], axis=1), dict(x=x, hs=hs, cs=cs, ys=ys, Wx=Wx, Wh=Wh)

def lstm_backward(dh, cache):
    N, T, H = dh.shape
    deltas = []
    from_h, from_c = 0, 0
    for t in range(T)[::-1]:
        i, f, o, g = cache["ys"][t].reshape(N, 4, H).transpose(1, 0, 2)
        tc = np.tanh(cache["cs"][t + 1])
        total = dh[:, t] + from_h
        ds = from_c + total * o * (1 - tc**2)
        d = np.concatenate([ds * g * i * (1 - i), ds * cache["cs"][t] * f * (1 - f),
                            total * tc * o * (1 - o), ds * i * (1 - g**2)], axis=1)
        deltas.insert(0, d)
        from_h, from_c = d @ cache["Wh"].T, ds * f
    deltas = np.array(deltas)
    dWh = np.tensordot(np.array(cache["hs"][:-1]), deltas, axes=([0, 1], [0, 1]))
    dWx = np.einsum("ntd,tnk->dk", cache["x"], deltas)
    dx = np.einsum("tnk,dk->ntd", deltas, cache["Wx"])
    return dx, from_h, dWx, dWh, deltas.sum((0, 1))
""",
    "lstm/cell_columns": """\
import numpy as np

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    n_a = a_prev.shape[0]
    def block(k):
        W = parameters["W" + k]
        return np.dot(W[:, :n_a], a_prev) + np.dot(W[:, n_a:], xt) + parameters["b" + k]
    f, i, o = (1 / (1 + np.exp(-block(k))) for k in "fio")
    c = f * c_prev + i * np.tanh(block("c"))
    a = o * np.tanh(c)
    v = parameters["Wy"].dot(a) + parameters["by"]
    y = np.empty_like(v)
    for j in range(v.shape[1]):
        y[:, j] = np.exp(v[:, j] - max(v[:, j]))
        y[:, j] /= sum(y[:, j])
    return a, c, y, "nothing"
""",
    "lstm/cell_columns_backward": """\
import numpy as np

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    p = parameters
    stacked = np.concatenate((a_prev, xt))
    W = np.concatenate([p["W" + k] for k in "fioc"])
    u = W @ stacked + np.concatenate([p["b" + k] for k in "fioc"])
    u = u.reshape(4, *a_prev.shape)
    y = np.where(np.arange(4)[:, None, None] < 3, 1 / (1 + np.exp(-u)), np.tanh(u))
    c = y[0] * c_prev + y[1] * y[3]
    a = y[2] * np.tanh(c)
    e = np.exp(p["Wy"] @ a + p["by"])
    return a, c, e / e.sum(0), (stacked, W, y, c_prev, np.tanh(c))

def lstm_cell_backward(da_next, dc_next, cache):
    stacked, W, y, c_prev, tc = cache
    f, i, o, g = y
    ds = dc_next + da_next * o * (1 - tc**2)
    deltas = {"f": ds * c_prev * f * (1 - f), "i": ds * g * i * (1 - i),
              "o": da_next * tc * o * (1 - o), "c": ds * i * (1 - g**2)}
    back = W.T @ np.concatenate([deltas[k] for k in "fioc"])
    found = {"da_prev": back[:len(f)], "dxt": back[len(f):], "dc_prev": f * ds}
    for k, d in deltas.items():
        found["dW" + k] = np.einsum("am,sm->as", d, stacked)
        found["db" + k] = d.sum(1).reshape(-1, 1)
    return found
""",
    "lstm/layer": """\
import numpy as np

class LSTM:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros(p.shape) for p in self.params]

    def forward(self, x, h_prev, c_prev):
        H = h_prev.shape[1]
        A = np.dot(x, self.params[0]) + np.dot(h_prev, self.params[1]) + self.params[2]
        y = 1 / (1 + np.exp(-A))
        y[:, H:2 * H] = np.tanh(A[:, H:2 * H])
        self.kept = x, h_prev, c_prev, y
        self.c = y[:, :H] * c_prev + y[:, H:2 * H] * y[:, 2 * H:3 * H]
        return y[:, 3 * H:] * np.tanh(self.c), self.c

    def backward(self, dh_next, dc_next):
        x, h_prev, c_prev, y = self.kept
        H = h_prev.shape[1]
        slope = y * (1 - y)
        slope[:, H:2 * H] = 1 - y[:, H:2 * H] ** 2
        t = np.tanh(self.c)
        ds = dc_next + dh_next * y[:, 3 * H:] * (1 - t**2)
        dA = np.hstack((ds * c_prev, ds * y[:, 2 * H:3 * H], ds * y[:, H:2 * H], dh_next * t))
        dA = dA * slope
        self.grads[:] = [np.dot(x.T, dA), np.dot(h_prev.T, dA), dA.sum(0)]
        return np.dot(dA, self.params[0].T), np.dot(dA, self.params[1].T), ds * y[:, :H]
""",
    "lstm/time_layer": """\
import numpy as np

class TimeLSTM:
    def __init__(self, Wx, Wh, b, stateful=False):
        self.params, self.stateful = [Wx, Wh, b], stateful
        self.grads = [np.zeros_like(p) for p in self.params]
        self.h = self.c = self.dh = None

    def forward(self, xs):
        Wx, Wh, b = self.params
        N, T, H = len(xs), xs.shape[1], len(Wh)
        if self.h is None or not self.stateful:
            self.h = self.c = np.zeros((N, H), dtype="f")
        self.xs, self.run = xs, []
        hs = np.empty((N, T, H), dtype="f")
        for t in range(T):
            A = np.dot(xs[:, t, :], Wx) + np.dot(self.h, Wh) + b
            f, i, o = (1 / (1 + np.exp(-A[:, k * H:(k + 1) * H])) for k in (0, 2, 3))
            g = np.tanh(A[:, H:2 * H])
            c = f * self.c + g * i
            self.run.append((self.h, self.c, f, g, i, o, np.tanh(c)))
            self.h, self.c = o * np.tanh(c), c
            hs[:, t, :] = self.h
        return hs

    def backward(self, dhs):
        Wx, Wh, b = self.params
        for grad in self.grads:
            grad *= 0
        dxs, dh, dc = np.empty_like(self.xs), 0, 0
        for t in range(dhs.shape[1] - 1, -1, -1):
            h, c, f, g, i, o, tc = self.run[t]
            dh = dh + dhs[:, t, :]
            ds = dc + dh * o * (1 - tc * tc)
            dA = np.hstack((ds * c * f * (1 - f), ds * i * (1 - g * g), ds * g * i * (1 - i),
                            dh * tc * o * (1 - o)))
            self.grads[0] += np.dot(self.xs[:, t].T, dA)
            self.grads[1] += np.dot(h.T, dA)
            self.grads[2] += dA.sum(0)
            dxs[:, t, :], dh, dc = np.dot(dA, Wx.T), np.dot(dA, Wh.T), f * ds
        self.dh = dh
        return dxs
""",
    "lstm/peephole_step": """\
import numpy as np

def lstm_peephole_step(x, prev_h, prev_c, W, U, b, p_i, p_f, p_o):
    H = len(p_i)
    A = np.einsum("nd,dk->nk", x, W) + np.einsum("nh,hk->nk", prev_h, U) + b
    def gate(block, cell, peephole):
        return 1 / (1 + np.exp(-A[:, block * H:(block + 1) * H] - cell @ np.diag(peephole)))
    c = gate(2, prev_c, p_f) * prev_c + gate(1, prev_c, p_i) * np.tanh(A[:, :H])
    return gate(3, c, p_o) * np.tanh(c), c
""",
    "lstm/forget_bias": """\
import numpy as np

def initial_bias(H, order, value, steps):
    b = np.concatenate([np.full(H, value if block == "f" else 0.0) for block in order])
    kept = 1.0
    for _ in range(steps):
        kept *= np.exp(value) / (1 + np.exp(value))
    return b, kept
""",
    "lstm/torch_cell": """\
import numpy as np

def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    N, H = h.shape
    u = np.stack([w_ih @ x[n] + w_hh @ h[n] for n in range(N)]) + (b_ih + b_hh)
    i, f, g, o = u.reshape(N, 4, H).transpose(1, 0, 2)
    c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
    return np.tanh(c) / (1 + np.exp(-o)), c
""",
    "lstm/course_cell_first": """\
import numpy as np

def lstm(x, prev_h, prev_c, W, U, b):
    H = U.shape[1]
    c = np.empty_like(prev_c)
    h = np.empty_like(prev_h)
    for n in range(len(x)):
        u = W @ x[n] + U @ prev_h[n] + b
        i, f, o = 1 / (1 + np.exp(-u[H:].reshape(3, H)))
        c[n] = np.tanh(u[:H]) * i + prev_c[n] * f
        h[n] = np.tanh(c[n]) * o
    return c, h
""",
    "lstm/sequence_columns": """\
import numpy as np

def lstm_forward(x, a0, p):
    a, c, T = a0, np.zeros_like(a0), x.shape[-1]
    A, C, Y, kept = [], [], [], []
    W = np.vstack([p["W" + k] for k in "fico"])
    b = np.vstack([p["b" + k] for k in "fico"])
    for t in range(T):
        v = np.vstack([a, x[..., t]])
        f, i, g, o = np.split(W @ v + b, 4)
        f, i, o = (1 / (1 + np.exp(-u)) for u in (f, i, o))
        g, old = np.tanh(g), c
        c = f * c + i * g
        a = o * np.tanh(c)
        kept.append((v, old, c, f, i, g, o))
        e = np.exp(p["Wy"] @ a + p["by"])
        A.append(a), C.append(c), Y.append(e / e.sum(0))
    return (*(np.stack(s, -1) for s in (A, Y, C)), [W, kept])

def lstm_backward(da, cache):
    W, kept = cache
    n_a, dW, db, dx, dh, dc = len(da), 0, 0, [], 0, 0
    for t, (v, old, c, f, i, g, o) in reversed(list(enumerate(kept))):
        dh = dh + da[..., t]
        dc = dc + dh * o / np.cosh(c) ** 2
        d = [dc * old * f * (1 - f), dc * g * i * (1 - i), dc * i * (1 - g**2)]
        d = np.vstack([*d, dh * np.tanh(c) * o * (1 - o)])
        dW, db = dW + d @ v.T, db + d.sum(1, keepdims=True)
        dh, dxt = np.split(W.T @ d, [n_a])
        dc = dc * f
        dx.insert(0, dxt)
    out = {"dx": np.stack(dx, -1), "da0": dh}
    for k, w, b in zip("fico", np.split(dW, 4), np.split(db, 4)):
        out["dW" + k], out["db" + k] = w, b
    return out
""",
}

WRONG = {
    "lstm/course_step": (
        "output_gate * np.tanh(c)",
        "output_gate * np.tanh(c) + (1 - output_gate) * prev_h",
    ),
    "lstm/course_backward": (
        "delta_f = ds * prev_c * f * (1 - f)",
        "delta_f = (ds - dc) * prev_c * f * (1 - f)",
    ),
    "lstm/step_forward": (
        "next_c = f * prev_c + i * g",
        "next_c = f * prev_c + (1 - f) * g",
    ),
    "lstm/step_backward": ("dprev_c = ds * f", "dprev_c = ds * f + dnext_h * prev_h"),
    "lstm/sequence_pair": ("dprev_c = np.zeros((N, H))", "dprev_c = dh[:, -1] / 2"),
    "lstm/cell_columns": (
        "c_next = ft * c_prev + it * cct",
        "c_next = (ft * c_prev + it * cct) / 2",
    ),
    "lstm/cell_columns_backward": (
        "dconcat += parameters",
        "dconcat += 0.5 * parameters",
    ),
    "lstm/layer": ("self.grads[1][...] = h_prev.T @ dA", "self.grads[1][...] += h_prev.T @ dA / 2"),
    "lstm/time_layer": ("self.dh = dh", "self.dh = dh + dc"),
    "lstm/peephole_step": ("np.tanh(a)", "np.tanh(a + p_o * prev_c)"),
    "lstm/forget_bias": ("kept = sigmoid(value) ** steps", "kept = sigmoid(value) ** (steps + 2)"),
    "lstm/torch_cell": ("sigmoid(i) * np.tanh(g)", "(1 - sigmoid(f)) * np.tanh(g)"),
    "lstm/course_cell_first": ("_sigmoid(f) * prev_c", "_sigmoid(f + 1) * prev_c"),
    "lstm/sequence_columns": ("] = da_prevt", "] = da_prevt + dc_prevt"),
}

test_an_answer_in_a_style_of_its_own_passes = passing(RIGHT)
test_a_wrong_answer_that_no_mutant_makes_fails = failing(WRONG)


def test_an_error_after_a_right_way_forward_is_not_taken_for_another_mistake_with_such_an_error(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    pair = exercise("lstm/step_backward")
    early = pair.solution.replace("dprev_c = ds * f", "dprev_c = ds * f + df * prev_c")
    judged = judge.check(pair, early, seed=5, shrink=False)
    assert judged.error is not None
    assert judged.error.kind == "UnboundLocalError"
    named = [(mistake.code, mistake.at) for mistake in judged.mistakes]
    assert named == [("name-undefined", {})], "no declared bug, and not that of c for prev_c"


def test_a_misspelt_attribute_is_a_name_that_does_not_exist(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    layer = exercise("lstm/layer")
    typed = layer.solution.replace("= self.cache", "= self.chache")
    judged = judge.check(layer, typed, seed=5, shrink=False)
    assert [mistake.code for mistake in judged.mistakes] == ["name-undefined"]


def test_a_mistake_is_named_whatever_the_order_of_a_dictionary_and_its_further_keys(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    cell = exercise("lstm/cell_columns_backward")
    wrong = cell.bug_source("slope-of-the-candidate").replace(
        "    return gradients", "    return {'note': ds, **dict(reversed(gradients.items()))}"
    )
    judged = judge.check(cell, wrong, seed=5, shrink=False)
    assert [mistake.at.get("bug") for mistake in judged.mistakes] == ["slope-of-the-candidate"]
