"""Attention of every decoder step over all encoder states, as a layer over time."""

import numpy as np


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
            out[:, t] = layer.forward(hs_enc, hs_dec[:, t])  #: a
            self.layers.append(layer)
        return out

    def backward(self, dout):
        """dout (N, T, H); returns dhs_enc (N, S, H) and dhs_dec (N, T, H)."""
        dhs_enc = 0
        dhs_dec = np.empty_like(dout)
        for t in range(dout.shape[1]):
            dhs, dh = self.layers[t].backward(dout[:, t])  #: b
            dhs_enc += dhs  #: c
            dhs_dec[:, t] = dh  #: d
        return dhs_enc, dhs_dec


#: judge
def loss(hs_enc, hs_dec, dout):
    import numpy as np

    scores = np.einsum("nsh,nth->nts", hs_enc, hs_dec)
    e = np.exp(scores)
    a = e / e.sum(axis=2, keepdims=True)
    return np.sum(np.einsum("nts,nsh->nth", a, hs_enc) * dout)
