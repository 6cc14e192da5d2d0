"""Exercises on GRU: answers in another style pass; wrong ones that no mutant makes fail."""

from exercise_cases import failing, passing

RIGHT = {
    "gru/course_step": """\
import numpy as np

def gru(x, h, W_r, U_r, W_z, U_z, W, U):
    rows = []
    for x_n, h_n in zip(x, h):
        r, z = (0.5 + 0.5 * np.tanh((A @ x_n + B @ h_n) / 2) for A, B in ((W_r, U_r), (W_z, U_z)))
        rows.append(h_n + z * (np.tanh(W @ x_n + U @ (r * h_n)) - h_n))
    return np.array(rows)
""",
    "gru/keeps_old": """\
import numpy as np

def gru_step(x, h_prev, W_r, U_r, b_r, W_z, U_z, b_z, W, U, b):
    both = np.concatenate([x, h_prev], axis=1)
    r, z = (1 / (1 + np.exp(-(np.einsum("ni,ih->nh", both, np.r_[V, R]) + c)))
            for V, R, c in ((W_r, U_r, b_r), (W_z, U_z, b_z)))
    both[:, x.shape[1]:] *= r
    new = np.tanh(np.matmul(both, np.vstack((W, U))) + b)
    return r, z, new, new + z * (h_prev - new)
""",
    "gru/torch_cell": """\
import numpy as np

def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    H = h.shape[1]
    def s(u):
        return 1 / (1 + np.exp(-u))
    gates = s(x.dot(w_ih[:2 * H].T) + h.dot(w_hh[:2 * H].T) + (b_ih + b_hh)[:2 * H])
    r, z = gates[:, :H], gates[:, H:]
    recurrent = np.einsum("nh,kh->nk", h, w_hh[2 * H:]) + b_hh[2 * H:]
    n = np.tanh(np.einsum("nd,kd->nk", x, w_ih[2 * H:]) + b_ih[2 * H:] + np.multiply(r, recurrent))
    return n - z * n + z * h
""",
    "gru/step_backward": """\
import numpy as np

def s(u):
    return 1 / (1 + np.exp(-u))

def gru_step_forward(x, prev_h, Wx, Wh, b):
    H = prev_h.shape[1]
    u = np.dot(x, Wx) + b
    z = s(u[:, :H] + np.dot(prev_h, Wh[:, :H]))
    r = s(u[:, H:2 * H] + np.dot(prev_h, Wh[:, H:2 * H]))
    g = np.tanh(u[:, 2 * H:] + np.dot(r * prev_h, Wh[:, 2 * H:]))
    return prev_h + z * (g - prev_h), {"x": x, "h": prev_h, "Wx": Wx, "Wh": Wh, "zrg": (z, r, g)}

def gru_step_backward(dnext_h, cache):
    x, h, Wx, Wh = (cache[k] for k in ("x", "h", "Wx", "Wh"))
    z, r, g = cache["zrg"]
    N, H = h.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h)
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(3 * H)
    for n in range(N):
        dg = dnext_h[n] * z[n] * (1 - g[n] ** 2)
        dz = dnext_h[n] * (g[n] - h[n]) * z[n] * (1 - z[n])
        reset = Wh[:, 2 * H:] @ dg
        dr = reset * h[n] * r[n] * (1 - r[n])
        d = np.concatenate([dz, dr, dg])
        dx[n], db = Wx @ d, db + d
        dh[n] = dnext_h[n] * (1 - z[n]) + r[n] * reset + Wh[:, :2 * H] @ d[:2 * H]
        dWx += np.outer(x[n], d)
        dWh[:, :2 * H] += np.outer(h[n], d[:2 * H])
        dWh[:, 2 * H:] += np.outer(r[n] * h[n], dg)
    return dx, dh, dWx, dWh, db
""",
    "gru/one_product": """\
import numpy as np

def gru_step(x, h_prev, W, U, b):
    W_r, W_z, W_c = np.hsplit(W, 3)
    U_r, U_z, U_c = np.hsplit(U, 3)
    b_r, b_z, b_c = b.reshape(3, -1)
    r = 1 / (1 + np.exp(-(x.dot(W_r) + h_prev.dot(U_r) + b_r)))
    z = 1 / (1 + np.exp(-(x.dot(W_z) + h_prev.dot(U_z) + b_z)))
    new = np.tanh(x.dot(W_c) + np.multiply(h_prev, r).dot(U_c) + b_c)
    return np.where(z > 0.5, new - (1 - z) * (new - h_prev), h_prev + z * (new - h_prev))
""",
    "gru/layer": """\
import numpy as np

class GRU:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(p) for p in self.params]

    def forward(self, x, h_prev):
        Wx, Wh, b = (p.reshape(*p.shape[:-1], 3, -1) for p in self.params)
        u = np.einsum("nd,dkh->knh", x, Wx) + b[:, None]
        recurrent = np.einsum("ng,gkh->knh", h_prev, Wh[:, :2])
        self.z, self.r = 1 / (1 + np.exp(-u[:2] - recurrent))
        self.g = np.tanh(u[2] + (self.r * h_prev).dot(Wh[:, 2]))
        self.x, self.h = x, h_prev
        return h_prev * (1 - self.z) + self.g * self.z

    def backward(self, dh_next):
        Wx, Wh, b = self.params
        z, r, g, h = self.z, self.r, self.g, self.h
        H = h.shape[1]
        d = np.zeros((len(h), 3, H))
        d[:, 2] = dh_next * z * (1 - g * g)
        d[:, 0] = dh_next * (g - h) * z * (1 - z)
        at_reset = d[:, 2].dot(Wh[:, 2 * H:].T)
        d[:, 1] = at_reset * h * r * (1 - r)
        d = d.reshape(len(h), 3 * H)
        self.grads[0][...] = self.x.T.dot(d)
        self.grads[1][:, :2 * H] = h.T.dot(d[:, :2 * H])
        self.grads[1][:, 2 * H:] = (r * h).T.dot(d[:, 2 * H:])
        self.grads[2][...] = d.sum(axis=0)
        dh = dh_next * (1 - z) + r * at_reset + d[:, :2 * H].dot(Wh[:, :2 * H].T)
        return d.dot(Wx.T), dh
""",
    "gru/time_layer": """\
import numpy as np

class TimeGRU:
    \"\"\"No layer inside: gates by fancy loops over stored states.\"\"\"

    def __init__(self, Wx, Wh, b, stateful=False):
        self.params, self.stateful, self.h, self.dh = [Wx, Wh, b], stateful, None, None
        self.grads = [np.zeros_like(p) for p in self.params]

    def forward(self, xs):
        Wx, Wh, b = self.params
        H = len(Wh)
        h = self.h if self.stateful and self.h is not None else np.zeros((len(xs), H))
        self.kept = []
        for x in xs.swapaxes(0, 1):
            A = x @ Wx + b
            z, r = (1 / (1 + np.exp(-A[:, k : k + H] - h @ Wh[:, k : k + H])) for k in (0, H))
            new = np.tanh(A[:, 2 * H :] + (h * r) @ Wh[:, 2 * H :])
            self.kept.append((x, h, z, r, new))
            h = h + z * (new - h)
        self.h = h
        after = [k[1] for k in self.kept[1:]] + [h]
        return np.stack(after, axis=1).astype("f")

    def backward(self, dhs):
        Wx, Wh, b = self.params
        H, dh, dxs, sums = len(Wh), 0, [], [0, 0, 0]
        for (x, h, z, r, new), above in zip(self.kept[::-1], dhs.swapaxes(0, 1)[::-1]):
            dh = dh + above
            dn = dh * z * (1 - new**2)
            back = dn @ Wh[:, 2 * H :].T
            dA = np.hstack([dh * (new - h) * z * (1 - z), back * h * r * (1 - r), dn])
            dWh = np.hstack([h.T @ dA[:, : 2 * H], (r * h).T @ dn])
            sums = [s + g for s, g in zip(sums, (x.T @ dA, dWh, dA.sum(0)))]
            dxs.insert(0, dA @ Wx.T)
            dh = dh * (1 - z) + back * r + dA[:, : 2 * H] @ Wh[:, : 2 * H].T
        for grad, value in zip(self.grads, sums):
            grad[...] = value
        self.dh = dh
        return np.stack(dxs, axis=1)
""",
}

WRONG = {
    "gru/course_step": ("(1 - z) * h + z * h_bar", "(1 - z) * (r * h) + z * h_bar"),
    "gru/keeps_old": ("(r * h_prev) @ U", "((1 - r) * h_prev) @ U"),
    "gru/torch_cell": ("np.tanh(x_n + r * h_n)", "np.tanh(x_n + r * (h_n - b_hh[-len(h[0]) :]))"),
    "gru/step_backward": (
        "back * prev_h * r * (1 - r)",
        "back * (prev_h + z * (g - prev_h)) * r * (1 - r)",
    ),
    "gru/one_product": ("+ z * candidate", "+ z * candidate * r"),
    "gru/layer": ("dhr * r + dz @ Uz.T", "dhr * r * r + dz @ Uz.T"),
    "gru/time_layer": ("self.dh = dh", "self.dh = dh + dhs[:, 0]"),
}

test_an_answer_in_a_style_of_its_own_passes = passing(RIGHT)
test_a_wrong_answer_that_no_mutant_makes_fails = failing(WRONG)
