"""Stochastic gradient descent over lists of parameters and gradients."""


class SGD:
    """Changes the parameters in place: other layers may hold the same arrays."""

    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        """params and grads are lists of arrays in the same order."""
        #: a begin
        for i in range(len(params)):
            params[i] -= self.lr * grads[i]
        #: a end
