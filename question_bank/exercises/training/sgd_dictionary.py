"""Stochastic gradient descent over dictionaries of parameters and gradients."""


class SGD:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        """params and grads are dictionaries with the same keys; params changes in place."""
        #: a begin
        for key in params:
            params[key] -= self.lr * grads[key]
        #: a end
