"""Dot-product attention of one decoder step, as three layers."""

import numpy as np


def softmax(x):
    """Over the last axis."""
    x = np.exp(x - x.max(axis=-1, keepdims=True))
    return x / x.sum(axis=-1, keepdims=True)


class WeightSum:
    """Context vector from the encoder's states hs (N, T, H) and the weights a (N, T)."""

    def __init__(self):
        self.params, self.grads = [], []
        self.cache = None

    def forward(self, hs, a):
        N, T = a.shape
        ar = a.reshape(N, T, 1)
        c = (hs * ar).sum(axis=1)  #: a
        self.cache = (hs, ar)
        return c

    def backward(self, dc):
        hs, ar = self.cache
        N, H = dc.shape
        dt = dc.reshape(N, 1, H)
        dhs = dt * ar
        da = (dt * hs).sum(axis=2)  #: b
        return dhs, da


class AttentionWeight:
    """Weights from the encoder's states hs (N, T, H) and the decoder's state h (N, H)."""

    def __init__(self):
        self.params, self.grads = [], []
        self.cache = None

    def forward(self, hs, h):
        N, H = h.shape
        hr = h.reshape(N, 1, H).repeat(hs.shape[1], axis=1)
        s = (hs * hr).sum(axis=2)
        a = softmax(s)  #: c
        self.cache = (hs, hr, a)
        return a

    def backward(self, da):
        hs, hr, a = self.cache
        ds = a * (da - (a * da).sum(axis=1, keepdims=True))
        dt = ds[:, :, np.newaxis]
        dhs = dt * hr
        dh = (dt * hs).sum(axis=1)  #: d
        return dhs, dh


class Attention:
    """Both in a row: the context of hs (N, T, H) for h (N, H)."""

    def __init__(self):
        self.params, self.grads = [], []
        self.attention_weight_layer = AttentionWeight()
        self.weight_sum_layer = WeightSum()
        self.attention_weight = None

    def forward(self, hs, h):
        a = self.attention_weight_layer.forward(hs, h)
        self.attention_weight = a
        return self.weight_sum_layer.forward(hs, a)

    def backward(self, dout):
        dhs0, da = self.weight_sum_layer.backward(dout)
        dhs1, dh = self.attention_weight_layer.backward(da)
        dhs = dhs0 + dhs1  #: e
        return dhs, dh


#: judge
def loss(hs, h, dout):
    scores = np.einsum("nth,nh->nt", hs, h)
    weights = np.exp(scores)
    weights = weights / weights.sum(axis=1, keepdims=True)
    return np.sum(np.einsum("nt,nth->nh", weights, hs) * dout)
