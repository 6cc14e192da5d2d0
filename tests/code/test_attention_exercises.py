"""Exercises on attention: answers in another style pass; wrong ones that no mutant makes fail."""

from exercise_cases import failing, passing

RIGHT = {
    "attention/source_target": """\
import numpy as np

def source_target_attention(x, memory, W_q, W_k, W_v, lengths):
    N, T, S, d = len(x), x.shape[1], memory.shape[1], W_q.shape[1]
    out, weights = np.zeros((N, T, d)), np.zeros((N, T, S))
    for n, length in enumerate(lengths):
        m = memory[n, :length]
        s = x[n] @ (W_q @ W_k.T) @ m.T * d ** -0.5
        e = np.exp((s.T - s.max(1)).T)
        weights[n, :, :length] = e / e.sum(1)[:, None]
        out[n] = weights[n, :, :length] @ m @ W_v
    return out, weights
""",
    "attention/luong_step": """\
import numpy as np

def luong_step(x, h_prev, hs, Wx, Wh, b, W_a, W_c):
    h = np.tanh(np.hstack([x, h_prev]) @ np.vstack([Wx, Wh]) + b)
    keys = hs @ W_a.T
    M = hs.shape[2]
    rows, joined = [], []
    for state, key, values in zip(h, keys, hs):
        s = key @ state
        a = np.exp(s - s.max()) / np.exp(s - s.max()).sum()
        rows.append(a)
        joined.append(np.tanh(a @ values @ W_c[:M] + state @ W_c[M:]))
    return h, np.array(rows), np.array(joined)
""",
    "attention/attention_function": """\
import numpy as np

def attention(Q, K, V, mask=None):
    out, rows = [], []
    for i, q in enumerate(Q):
        e = np.array([q.dot(k) for k in K]) / len(q) ** 0.5
        seen = np.ones(len(K), bool) if mask is None else mask[i]
        a = np.exp(e - e[seen].max(), where=seen, out=np.zeros(len(K)))
        rows.append(a / a.sum())
        out.append(sum(w * v for w, v in zip(rows[-1], V)))
    return np.array(out), np.array(rows)
""",
    "attention/weight_sum_layers": """\
import numpy as np

class WeightSum:
    def forward(self, hs, a):
        self.kept = hs, a
        return np.einsum("nth,nt->nh", hs, a)

    def backward(self, dc):
        hs, a = self.kept
        return np.einsum("nt,nh->nth", a, dc), np.einsum("nth,nh->nt", hs, dc)

class AttentionWeight:
    def forward(self, hs, h):
        s = np.matmul(hs, h[:, :, None])[:, :, 0]
        e = np.exp(s.T - s.max(1))
        self.a = (e / e.sum(0)).T
        self.hs, self.h = hs, h
        return self.a

    def backward(self, da):
        ds = np.empty_like(da)
        for n, a in enumerate(self.a):
            ds[n] = (np.diag(a) - np.outer(a, a)) @ da[n]
        return ds[..., None] * self.h[:, None], np.matmul(ds[:, None], self.hs)[:, 0]

class Attention:
    def __init__(self):
        self.first, self.second = AttentionWeight(), WeightSum()

    def forward(self, hs, h):
        self.attention_weight = self.first.forward(hs, h)
        return self.second.forward(hs, self.attention_weight)

    def backward(self, dout):
        dhs, da = self.second.backward(dout)
        more, dh = self.first.backward(da)
        dhs += more
        return dhs, dh
""",
    "attention/softmax_backward": """\
import numpy as np

class Softmax:
    def forward(self, x):
        top = np.max(x, -1)[..., None]
        self.y = np.exp(x - top - np.log(np.exp(x - top).sum(-1))[..., None])
        return self.y

    def backward(self, dout):
        jacobian = np.einsum("nk,kl->nkl", self.y, np.eye(self.y.shape[-1]))
        jacobian = jacobian - np.einsum("nk,nl->nkl", self.y, self.y)
        return np.einsum("nkl,nl->nk", jacobian, dout)
""",
    "attention/scaled_dot_backward": """\
import numpy as np

def attention_forward(Q, K, V):
    Q = Q / Q.shape[-1] ** 0.5
    S = Q @ K.transpose(0, 2, 1)
    E = np.exp(S - S.max(2)[:, :, None])
    A = E / E.sum(2)[:, :, None]
    return np.matmul(A, V), {"Q": Q, "K": K, "V": V, "A": A}

def attention_backward(dout, cache):
    Q, K, V, A = (cache[name] for name in "QKVA")
    dQ, dK, dV = np.zeros_like(Q), np.zeros_like(K), np.zeros_like(V)
    for n in range(len(Q)):
        dV[n] = A[n].T @ dout[n]
        for i, a in enumerate(A[n]):
            da = V[n] @ dout[n, i]
            ds = a * (da - a @ da)
            dQ[n, i] = ds @ K[n] / K.shape[-1] ** 0.5
            dK[n] += np.outer(ds, Q[n, i])
    return dQ, dK, dV
""",
    "attention/masks": """\
import numpy as np

def decoder_mask(lengths, T):
    allowed = np.zeros((len(lengths), T, T), bool)
    for n, length in enumerate(lengths):
        for q in range(T):
            allowed[n, q, :min(q + 1, length)] = True
    return allowed

def masked_softmax(scores, allowed):
    lowest = np.where(allowed, scores, np.inf).min()
    top = np.where(allowed, scores, lowest).max(2)[:, :, None]
    e = np.exp(np.minimum(scores - top, 0)) * allowed
    return e / e.sum(2)[:, :, None]
""",
    "attention/multi_head": """\
import numpy as np

def split_heads(x, h):
    return np.stack(np.split(x, h, axis=2), axis=1)

def merge_heads(x):
    return np.concatenate(list(x.swapaxes(0, 1)), axis=2)

def multi_head_attention(x, W_q, W_k, W_v, W_o, h):
    d = x.shape[2] // h
    out = 0
    for k in range(h):
        part = slice(k * d, (k + 1) * d)
        s = (x @ W_q[:, part]) @ (x @ W_k[:, part]).swapaxes(1, 2) * d ** -0.5
        e = np.exp(s - s.max(2, keepdims=True))
        out = out + (e / e.sum(2, keepdims=True)) @ (x @ W_v[:, part]) @ W_o[part]
    return out
""",
    "attention/additive": """\
import numpy as np

def additive_forward(s, hs, W1, W2, v):
    x = np.hstack([np.tile(s, (len(hs), 1)), hs])
    W = np.hstack([W1, W2])
    m = np.tanh(x @ W.T)
    e = m @ v
    a = np.exp(e - e.max()) / np.exp(e - e.max()).sum()
    return a @ hs, a, (x, W, v, m, a, hs)

def additive_backward(dc, cache):
    x, W, v, m, a, hs = cache
    n = x.shape[1] - hs.shape[1]
    de = (np.diag(a) - np.outer(a, a)) @ (hs @ dc)
    du = de[:, None] * v * (1 - m) * (1 + m)
    dx, dW = du @ W, du.T @ x
    dx[:, n:] += a[:, None] * dc
    return dx[:, :n].sum(0), dx[:, n:], dW[:, :n], dW[:, n:], de @ m
""",
    "attention/positional_encoding": """\
import numpy as np

def positional_encoding(length, d):
    pos = np.arange(length)[:, None]
    rate = np.exp(np.arange(0, d, 2) * (-np.log(10000.0) / d))
    return np.stack([np.sin(pos * rate), np.cos(pos * rate)], axis=2).reshape(length, d)

def add_position(x):
    return x + positional_encoding(x.shape[1], x.shape[2])[np.newaxis]
""",
    "attention/time_attention": """\
import numpy as np

class TimeAttention:
    def forward(self, hs_enc, hs_dec):
        scores = hs_dec @ hs_enc.swapaxes(1, 2)
        a = np.exp(scores - scores.max(axis=2, keepdims=True))
        self.a = a / a.sum(axis=2, keepdims=True)
        self.enc, self.dec = hs_enc, hs_dec
        self.attention_weights = self.a.swapaxes(0, 1)
        return self.a @ hs_enc

    def backward(self, dout):
        da = self.a * (dout @ self.enc.swapaxes(1, 2))
        ds = da - self.a * da.sum(axis=2, keepdims=True)
        return self.a.swapaxes(1, 2) @ dout + ds.swapaxes(1, 2) @ self.dec, ds @ self.enc
""",
    # With the layers that the exercise lends, in single precision and split by hand.
    "attention/decoder": """\
class AttentionDecoder:
    def __init__(self, vocab_size, wordvec_size, hidden_size):
        V, D, H = vocab_size, wordvec_size, hidden_size
        self.H, f = H, "f"
        self.embed = TimeEmbedding(np.zeros((V, D), f))
        wide = [np.zeros((n, 4 * H), f) for n in (D, H)]
        self.lstm = TimeLSTM(*wide, np.zeros(4 * H, f), True)
        self.look = TimeAttention()
        self.affine = TimeAffine(np.zeros((2 * H, V), f), np.zeros(V, f))
        layers = self.embed, self.lstm, self.affine
        self.params = [p for layer in layers for p in layer.params]
        self.grads = [g for layer in layers for g in layer.grads]

    def forward(self, xs, enc_hs):
        self.lstm.set_state(enc_hs[:, enc_hs.shape[1] - 1])
        states = self.lstm.forward(self.embed.forward(xs))
        return self.affine.forward(np.dstack([self.look.forward(enc_hs, states), states]))

    def backward(self, dscore):
        d = self.affine.backward(dscore)
        back, more = self.look.backward(d[..., : self.H])
        self.embed.backward(self.lstm.backward(more + d[..., self.H :]))
        last = np.zeros_like(back)
        last[:, -1] = self.lstm.dh
        return back + last
""",
}

WRONG = {
    "attention/source_target": ("np.sqrt(W_q.shape[1])", "np.sqrt(len(W_k))"),
    "attention/luong_step": ("(context, h)", "(context, (h + h_prev) / 2)"),
    "attention/attention_function": ("np.sqrt(K.shape[1])", "np.sqrt(len(K))"),
    "attention/weight_sum_layers": ("dhs = dhs0 + dhs1", "dhs = dhs0 + 2 * dhs1"),
    "attention/softmax_backward": (
        "return dx - self.out * sumdx",
        "return dx - self.out**2 * sumdx",
    ),
    "attention/scaled_dot_backward": ("@ K * scale", "@ K * scale**2"),
    "attention/masks": ("np.arange(T) < lengths", "np.arange(T) <= lengths"),
    "attention/multi_head": (
        "(N, T, h, D // h).transpose(0, 2, 1, 3)",
        "(N, T, D // h, h).transpose(0, 3, 1, 2)",
    ),
    "attention/additive": ("np.outer(a, dc) + du @ W2", "np.outer(de, dc) + 2 * du @ W2"),
    "attention/positional_encoding": ("10000 **", "1000 **"),
    "attention/time_attention": ("dhs_dec[:, t] = dh", "dhs_dec[:, t] = dh + dout[:, t]"),
    "attention/decoder": ("+= self.lstm.dh", "+= self.lstm.dh + ddec_hs[:, 0]"),
}

test_an_answer_in_a_style_of_its_own_passes = passing(RIGHT)
test_a_wrong_answer_that_no_mutant_makes_fails = failing(WRONG)
