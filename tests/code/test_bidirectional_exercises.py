"""Exercises on bidirectional RNN: answers in other styles pass; what no mutant makes fails."""

from exercise_cases import failing, passing

RIGHT = {
    "bidirectional/course_net": """\
import numpy as np

def bidirectional_rnn_net(xs, W_f, U_f, W_b, U_b, V):
    H = len(U_f)
    ys = []
    for x in xs:
        T = len(x)
        h, states = np.zeros(H), {}
        for t in range(T):
            h = np.tanh(W_f @ x[t] + U_f @ h)
            states["f", t] = h
        h = np.zeros(H)
        for t in range(T - 1, -1, -1):
            h = np.tanh(W_b @ x[t] + U_b @ h)
            states["b", t] = h
        ys.append([V[:, :H] @ states["f", t] + V[:, H:] @ states["b", t] for t in range(T)])
    return np.array(ys)
""",
    "bidirectional/batch_states": """\
import numpy as np

def bidirectional_forward(x, h0_f, h0_b, Wx_f, Wh_f, b_f, Wx_b, Wh_b, b_b):
    N, T, _ = x.shape
    H = len(b_f)
    h = np.empty((N, T, 2 * H))
    f, b = h0_f, h0_b
    for t in range(T):
        f = np.tanh(np.einsum("nd,dh->nh", x[:, t], Wx_f) + np.dot(f, Wh_f) + b_f)
        b = np.tanh(np.einsum("nd,dh->nh", x[:, -1 - t], Wx_b) + np.dot(b, Wh_b) + b_b)
        h[:, t, :H], h[:, -1 - t, H:] = f, b
    return h, np.hstack((f, b))
""",
    "bidirectional/split_gradient": """\
import numpy as np

def run(x, order, Wx, Wh, b):
    h = {None: np.zeros((len(x), len(b)))}
    before = None
    for t in order:
        h[t] = np.tanh(x[:, t] @ Wx + h[before] @ Wh + b)
        before = t
    return h

def birnn_forward(x, Wx_f, Wh_f, b_f, Wx_b, Wh_b, b_b):
    T = x.shape[1]
    runs = []
    for order, (Wx, Wh, b) in ((list(range(T)), (Wx_f, Wh_f, b_f)),
                               (list(range(T))[::-1], (Wx_b, Wh_b, b_b))):
        runs.append((order, run(x, order, Wx, Wh, b), Wx, Wh))
    h = [np.hstack([r[1][t] for r in runs]) for t in range(T)]
    return np.stack(h, axis=1), (x, runs)

def birnn_backward(dh, cache):
    x, runs = cache
    dx, grads = np.zeros_like(x), []
    for half, (order, h, Wx, Wh) in zip(np.split(dh, 2, axis=-1), runs):
        dWx, dWh, db, back = 0, 0, 0, 0
        for t, before in zip(order[::-1], [*order[:-1][::-1], None]):
            delta = (half[:, t] + back) * (1 - h[t] ** 2)
            dWx, dWh = dWx + x[:, t].T @ delta, dWh + h[before].T @ delta
            db, back = db + delta.sum(0), delta @ Wh.T
            dx[:, t] += delta @ Wx.T
        grads += [dWx, dWh, db]
    return (dx, *grads)
""",
    "bidirectional/stacked_shapes": """\
def stacked_bilstm(N, T, D, H, layers):
    widths, total = [], 0
    width = D
    for _ in range(layers):
        widths.append(width)
        for direction in ("forward", "backward"):
            for block in "ifgo":
                total += (width + H + 1) * H
        width = H + H
    return tuple(widths), [N, T, width], [layers * 2, N, H], total
""",
    "bidirectional/unequal_lengths": """\
import numpy as np

def backward_states(x, lengths, Wx, Wh, b):
    N, T, _ = x.shape
    h = np.zeros((N, T + 1, len(b)))
    for t in range(T - 1, -1, -1):
        inside = (t < np.asarray(lengths))[:, None]
        h[:, t] = np.where(inside, np.tanh(x[:, t] @ Wx + h[:, t + 1] @ Wh + b), 0.0)
    return h[:, :-1], h[:, 0]
""",
    "bidirectional/time_layer": """\
import numpy as np

class TimeBiLSTM:
    def __init__(self, Wx1, Wh1, b1, Wx2, Wh2, b2):
        self.params = [Wx1, Wh1, b1, Wx2, Wh2, b2]
        self.grads = [np.zeros_like(p) for p in self.params]

    def forward(self, xs):
        N, T, D = xs.shape
        H = len(self.params[1])
        self.xs = xs
        self.h, self.c = np.zeros((2, T + 2, N, H)), np.zeros((2, T + 2, N, H))
        self.y = {}
        for k in (0, 1):
            Wx, Wh, b = self.params[3 * k:3 * k + 3]
            for now in range(1, T + 1) if k == 0 else range(T, 0, -1):
                before = now + (1 if k else -1)
                u = xs[:, now - 1].dot(Wx) + self.h[k, before].dot(Wh) + b
                y = 1 / (1 + np.exp(-u))
                y[:, H:2 * H] = np.tanh(u[:, H:2 * H])
                f, g, i, o = y.reshape(N, 4, H).transpose(1, 0, 2)
                self.c[k, now] = f * self.c[k, before] + g * i
                self.h[k, now] = o * np.tanh(self.c[k, now])
                self.y[k, now] = y
        return np.concatenate(self.h[:, 1:-1], axis=-1).swapaxes(0, 1)

    def backward(self, dhs):
        N, T, H = dhs.shape[0], dhs.shape[1], dhs.shape[2] // 2
        dxs = np.zeros_like(self.xs)
        for grad in self.grads:
            grad *= 0
        for k in (0, 1):
            Wx, Wh, b = self.params[3 * k:3 * k + 3]
            dh = dc = 0
            for now in range(T, 0, -1) if k == 0 else range(1, T + 1):
                before = now + (1 if k else -1)
                f, g, i, o = self.y[k, now].reshape(N, 4, H).transpose(1, 0, 2)
                t = np.tanh(self.c[k, now])
                dh = dh + dhs[:, now - 1, k * H:(k + 1) * H]
                ds = dc + dh * o * (1 - t * t)
                d = np.hstack([ds * self.c[k, before] * f * (1 - f), ds * i * (1 - g * g),
                               ds * g * i * (1 - i), dh * t * o * (1 - o)])
                self.grads[3 * k] += self.xs[:, now - 1].T.dot(d)
                self.grads[3 * k + 1] += self.h[k, before].T.dot(d)
                self.grads[3 * k + 2] += d.sum(0)
                dxs[:, now - 1] += d.dot(Wx.T)
                dh, dc = d.dot(Wh.T), ds * f
        return dxs
""",
}

WRONG = {
    "bidirectional/course_net": ("[h_f, h_b[::-1]]", "[h_f, np.roll(h_b[::-1], 1, axis=0)]"),
    "bidirectional/batch_states": ("[h_f[:, -1], h_b[:, 0]]", "[h_f.mean(axis=1), h_b[:, 0]]"),
    "bidirectional/split_gradient": ("dh_b = dh[:, :, H:]", "dh_b = dh[:, :, H:] - dh_f"),
    "bidirectional/stacked_shapes": ("(size * H + H * H + H)", "(size * H + H * H + 2 * H)"),
    "bidirectional/unequal_lengths": ("return h, h[:, 0]", "return h, h.sum(axis=1)"),
    "bidirectional/time_layer": (
        "return dxs_f + dxs_b[:, ::-1]",
        "return (dxs_f + dxs_b[:, ::-1]) / 2",
    ),
}

test_an_answer_in_a_style_of_its_own_passes = passing(RIGHT)
test_a_wrong_answer_that_no_mutant_makes_fails = failing(WRONG)
