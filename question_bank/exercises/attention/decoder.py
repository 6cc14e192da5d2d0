"""A decoder with attention out of layers: embedding, LSTM, attention, affine."""

import numpy as np


def drawn(*shape):
    """Small random weights."""
    return np.random.randn(*shape) / np.sqrt(shape[0])


class TimeEmbedding:
    def __init__(self, W):
        self.params, self.grads = [W], [np.zeros_like(W)]
        self.xs = None

    def forward(self, xs):
        self.xs = xs
        return self.params[0][xs]

    def backward(self, dout):
        self.grads[0][...] = 0
        np.add.at(self.grads[0], self.xs, dout)


class TimeLSTM:
    """Blocks f, g, i, o. set_state(h) before forward, dh after backward: the initial state."""

    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(p) for p in self.params]
        self.h, self.c, self.dh, self.stateful = None, None, None, stateful

    def set_state(self, h, c=None):
        self.h, self.c = h, c

    def forward(self, xs):
        Wx, Wh, b = self.params
        hs = np.zeros((*xs.shape[:2], len(Wh)))
        zeros = np.zeros_like(hs[:, 0])
        h = self.h if self.stateful and self.h is not None else zeros
        c = self.c if self.stateful and self.c is not None else zeros
        self.steps = []
        for t in range(xs.shape[1]):
            f, g, i, o = np.split(xs[:, t] @ Wx + h @ Wh + b, 4, axis=1)
            f, g, i, o = 1 / (1 + np.exp(-f)), np.tanh(g), 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-o))
            new = f * c + g * i
            self.steps.append((xs[:, t], h, c, f, g, i, o, np.tanh(new)))
            h, c = o * np.tanh(new), new
            hs[:, t] = h
        self.h, self.c = h, c
        return hs

    def backward(self, dhs):
        Wx, Wh, _ = self.params
        dxs = np.zeros((*dhs.shape[:2], len(Wx)))
        dh = dc = np.zeros_like(dhs[:, 0])
        for grad in self.grads:
            grad[...] = 0
        for t in reversed(range(dhs.shape[1])):
            x, h, c, f, g, i, o, tanh_c = self.steps[t]
            dh = dh + dhs[:, t]
            ds = dc + dh * o * (1 - tanh_c**2)
            df, dg = ds * c * f * (1 - f), ds * i * (1 - g**2)
            dA = np.hstack([df, dg, ds * g * i * (1 - i), dh * tanh_c * o * (1 - o)])
            for grad, value in zip(self.grads, (x.T @ dA, h.T @ dA, dA.sum(axis=0))):
                grad += value
            dxs[:, t], dh, dc = dA @ Wx.T, dA @ Wh.T, ds * f
        self.dh = dh
        return dxs


class TimeAffine:
    def __init__(self, W, b):
        self.params, self.grads = [W, b], [np.zeros_like(W), np.zeros_like(b)]
        self.x = None

    def forward(self, x):
        self.x = x
        return x @ self.params[0] + self.params[1]

    def backward(self, dout):
        self.grads[0][...] = np.einsum("nti,nto->io", self.x, dout)
        self.grads[1][...] = dout.sum(axis=(0, 1))
        return dout @ self.params[0].T


class Attention:
    """One step: weights by inner product and softmax, then the weighted sum of hs (N, S, H)."""

    def __init__(self):
        self.params, self.grads = [], []
        self.attention_weight = None
        self.cache = None

    def forward(self, hs, h):
        scores = np.einsum("nsh,nh->ns", hs, h)
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        a = e / e.sum(axis=1, keepdims=True)
        self.attention_weight, self.cache = a, (hs, h)
        return np.einsum("ns,nsh->nh", a, hs)

    def backward(self, dout):
        hs, h = self.cache
        a = self.attention_weight
        da = np.einsum("nsh,nh->ns", hs, dout)
        ds = a * (da - np.sum(a * da, axis=1, keepdims=True))
        dhs = a[:, :, None] * dout[:, None] + ds[:, :, None] * h[:, None]
        return dhs, np.einsum("ns,nsh->nh", ds, hs)


class TimeAttention:
    """One Attention layer for each step of the decoder."""

    def __init__(self):
        self.params, self.grads = [], []
        self.layers = None

    def forward(self, hs_enc, hs_dec):
        """hs_enc (N, S, H), hs_dec (N, T, H); returns the contexts (N, T, H)."""
        out = np.empty_like(hs_dec)
        self.layers = []
        for t in range(hs_dec.shape[1]):
            layer = Attention()
            out[:, t] = layer.forward(hs_enc, hs_dec[:, t])
            self.layers.append(layer)
        return out

    def backward(self, dout):
        """dout (N, T, H); returns dhs_enc (N, S, H) and dhs_dec (N, T, H)."""
        dhs_enc = 0
        dhs_dec = np.empty_like(dout)
        for t in range(dout.shape[1]):
            dhs, dh = self.layers[t].backward(dout[:, t])
            dhs_enc += dhs
            dhs_dec[:, t] = dh
        return dhs_enc, dhs_dec


class AttentionDecoder:
    """params: embedding (V, D), LSTM (D, 4H), (H, 4H), (4H,), affine (2H, V), (V,)."""

    def __init__(self, vocab_size, wordvec_size, hidden_size):
        V, D, H = vocab_size, wordvec_size, hidden_size
        self.embed = TimeEmbedding(drawn(V, D))
        self.lstm = TimeLSTM(drawn(D, 4 * H), drawn(H, 4 * H), np.zeros(4 * H), stateful=True)
        self.attention = TimeAttention()
        self.affine = TimeAffine(drawn(2 * H, V), np.zeros(V))
        self.params, self.grads = [], []
        for layer in (self.embed, self.lstm, self.attention, self.affine):
            self.params += layer.params
            self.grads += layer.grads

    def forward(self, xs, enc_hs):
        """xs (N, T) word ids, enc_hs (N, S, H); returns scores (N, T, V)."""
        self.lstm.set_state(enc_hs[:, -1])  #: a
        dec_hs = self.lstm.forward(self.embed.forward(xs))
        c = self.attention.forward(enc_hs, dec_hs)  #: b
        return self.affine.forward(np.concatenate((c, dec_hs), axis=2))  #: c

    def backward(self, dscore):
        """dscore (N, T, V); fills grads, returns denc_hs (N, S, H)."""
        dout = self.affine.backward(dscore)
        dc, ddec_hs = np.split(dout, 2, axis=2)
        denc_hs, dh_attention = self.attention.backward(dc)
        self.embed.backward(self.lstm.backward(ddec_hs + dh_attention))  #: d
        denc_hs[:, -1] += self.lstm.dh  #: e
        return denc_hs


#: judge
def fill(params, *values):
    """Puts the values into the arrays, in place."""
    for param, value in zip(params, values):
        param[...] = value


def loss(E, Wx, Wh, b, W, c, xs, enc_hs, dscore):
    import numpy as np

    H, s, u, total = len(Wh), enc_hs[:, -1], 0 * enc_hs[:, -1], 0.0
    for t in range(xs.shape[1]):
        a = E[xs[:, t]] @ Wx + s @ Wh + b
        gate = 1 / (1 + np.exp(-a))
        u = gate[:, :H] * u + gate[:, 2 * H : 3 * H] * np.tanh(a[:, H : 2 * H])
        s = gate[:, 3 * H :] * np.tanh(u)
        weights = np.exp(np.einsum("nsh,nh->ns", enc_hs, s))
        weights = weights / weights.sum(axis=1, keepdims=True)
        context = np.einsum("ns,nsh->nh", weights, enc_hs)
        total += np.sum((np.hstack([context, s]) @ W + c) * dscore[:, t])
    return total
