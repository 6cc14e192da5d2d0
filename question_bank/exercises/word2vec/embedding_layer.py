"""An embedding layer over word ids, as a class with params and grads."""

import numpy as np


class Embedding:
    """W (V, D): one row for each word."""

    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.idx = None

    def forward(self, idx):
        (W,) = self.params
        self.idx = idx
        return W[idx]  #: a

    def backward(self, dout):
        (dW,) = self.grads
        #: b begin
        dW[...] = 0
        np.add.at(dW, self.idx, dout)
        #: b end


#: judge
def loss(W, idx, dout):
    return np.sum(W[idx] * dout)
