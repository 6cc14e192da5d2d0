"""The softmax layer over the last axis, forward and backward."""

import numpy as np


class Softmax:
    """Softmax over the last axis of x (N, T)."""

    def __init__(self):
        self.params, self.grads = [], []
        self.out = None

    def forward(self, x):
        #: a begin
        x = x - x.max(axis=-1, keepdims=True)
        x = np.exp(x)
        self.out = x / x.sum(axis=-1, keepdims=True)
        #: a end
        return self.out

    def backward(self, dout):
        dx = self.out * dout
        sumdx = np.sum(dx, axis=-1, keepdims=True)  #: b
        return dx - self.out * sumdx  #: c


#: judge
def loss(x, dout):
    y = np.exp(x)
    return np.sum(y / y.sum(axis=-1, keepdims=True) * dout)
