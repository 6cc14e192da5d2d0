"""Exercises on training: answers in another style pass; wrong ones that no mutant makes fail."""

from collections.abc import Callable

from exercise_cases import failing, passing

from engine.code.exercise import Exercise
from engine.code.judge import CodeJudge

RIGHT = {
    "training/sgd": """\
import numpy as np

class SGD:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for param, grad in zip(params, grads):
            np.subtract(param, self.lr * grad, out=param)
""",
    # The learning rate outside the velocity: the same as long as the rate stays.
    "training/momentum": """\
class Momentum:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.buffers = lr, momentum, {}

    def update(self, params, grads):
        for key, grad in grads.items():
            if key in self.buffers:
                grad = grad + self.momentum * self.buffers[key]
            self.buffers[key] = grad
            params[key] -= self.lr * grad
""",
    # Both corrections in one factor, and the small number beside the uncorrected root.
    "training/adam": """\
import numpy as np

class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999):
        self.rate, self.decay, self.moments, self.age = lr, (beta1, beta2), {}, 0

    def update(self, params, grads):
        self.age += 1
        first, second = self.decay
        scale = self.rate * (1 - second**self.age) ** 0.5 / (1 - first**self.age)
        for name, grad in grads.items():
            mean, square = self.moments.get(name, (0, 0))
            mean = mean + (1 - first) * (grad - mean)
            square = square * second + grad**2 * (1 - second)
            self.moments[name] = mean, square
            params[name] -= scale * mean / (square**0.5 + 1e-7)
""",
    # Sums over the whole history, in which every gradient is kept.
    "training/adam_list": """\
import numpy as np

class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999):
        self.lr, self.betas, self.history = lr, (beta1, beta2), []

    def update(self, params, grads):
        self.history.append([grad.copy() for grad in grads])
        T = len(self.history)
        for i, param in enumerate(params):
            means = []
            for beta, power in zip(self.betas, (1, 2)):
                weights = np.array([beta ** (T - 1 - t) for t in range(T)])
                terms = [w * past[i] ** power for w, past in zip(weights, self.history)]
                means.append(sum(terms) / weights.sum())
            param -= self.lr * means[0] / (np.sqrt(means[1]) + 1e-8)
""",
    "training/time_affine": """\
import numpy as np

class TimeAffine:
    def __init__(self, W, b):
        self.params, self.grads = [W, b], [np.zeros_like(W), np.zeros_like(b)]

    def forward(self, x):
        self.x = x
        return np.stack([x[:, t] @ self.params[0] for t in range(x.shape[1])], 1) + self.params[1]

    def backward(self, dout):
        self.grads[0][...] = np.einsum("ntd,ntm->dm", self.x, dout)
        self.grads[1][...] = dout.sum(axis=(0, 1))
        return np.einsum("ntm,dm->ntd", dout, self.params[0])
""",
    "training/temporal_affine": """\
import numpy as np

def temporal_affine_forward(x, w, b):
    return np.einsum("ntd,dm->ntm", x, w) + b[None, None, :], {"x": x, "w": w}

def temporal_affine_backward(dout, cache):
    dw = np.zeros(cache["w"].shape)
    for sequence, errors in zip(cache["x"], dout):
        dw += sequence.T @ errors
    return dout @ cache["w"].T, dw, dout.sum(axis=(0, 1))
""",
    # backward without an argument, labels as one-hot rows of which the ignored ones are empty.
    "training/time_softmax_with_loss": """\
import numpy as np

class TimeSoftmaxWithLoss:
    def forward(self, xs, ts):
        V = xs.shape[2]
        self.targets = (ts[..., None] == np.arange(V)) * 1.0
        self.counted = self.targets.sum(axis=2, keepdims=True)
        top = xs.max(axis=2, keepdims=True)
        logsum = top + np.log(np.exp(xs - top).sum(axis=2, keepdims=True))
        self.ys = np.exp(xs - logsum)
        return np.sum(self.targets * (logsum - xs)) / np.sum(self.counted)

    def backward(self):
        return (self.ys * self.counted - self.targets) / np.sum(self.counted)
""",
    "training/temporal_softmax_loss": """\
import numpy as np

def temporal_softmax_loss(x, y, mask, verbose=False):
    N, T, V = x.shape
    loss, dx = 0.0, np.zeros_like(x)
    for n in range(N):
        for t in range(T):
            if not mask[n, t]:
                continue
            p = np.exp(x[n, t] - np.max(x[n, t]))
            p /= np.sum(p)
            loss -= np.log(p[y[n, t]]) / N
            dx[n, t] = (p - np.eye(V)[y[n, t]]) / N
    return loss, dx
""",
    "training/softmax_loss": """\
import numpy as np

def softmax_loss(x, y):
    top = np.max(x, axis=1)[:, None]
    log_probs = (x - top) - np.log(np.sum(np.exp(x - top), axis=1))[:, None]
    truth = np.eye(x.shape[1])[y]
    return -np.mean(np.sum(truth * log_probs, axis=1)), (np.exp(log_probs) - truth) / len(x)
""",
    "training/sgd_dictionary": """\
class SGD:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for name, grad in sorted(grads.items()):
            params[name][...] = params[name] - grad * self.lr
""",
    "training/momentum_list": """\
import numpy as np

class Momentum:
    \"\"\"The velocity without the rate, which comes in at the step.\"\"\"

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.past = lr, momentum, []

    def update(self, params, grads):
        self.past.append([np.array(grad) for grad in grads])
        for i, param in enumerate(params):
            v = sum(self.momentum**k * old[i] for k, old in enumerate(self.past[::-1]))
            np.subtract(param, self.lr * v, out=param)
""",
    "training/adagrad": """\
import numpy as np

class AdaGrad:
    def __init__(self, lr=0.01):
        self.lr, self.past = lr, {}

    def update(self, params, grads):
        for key, grad in grads.items():
            self.past.setdefault(key, []).append(np.array(grad))
            size = np.sqrt(np.square(self.past[key]).sum(axis=0))
            params[key] -= np.divide(self.lr * grad, size, out=0 * grad, where=size > 0)
""",
    "training/adagrad_list": """\
import numpy as np

class AdaGrad:
    def __init__(self, lr=0.01):
        self.lr, self.h = lr, None

    def update(self, params, grads):
        self.h = [g * g + h for g, h in zip(grads, self.h or [0] * len(grads))]
        for param, g, h in zip(params, grads, self.h):
            param -= self.lr * g / np.sqrt(h + 1e-14)
""",
    "training/rmsprop": """\
import numpy as np

class RMSprop:
    def __init__(self, lr=0.01, decay_rate=0.99):
        self.lr, self.keep, self.h = lr, decay_rate, {}

    def update(self, params, grads):
        for key, g in grads.items():
            h = self.h.get(key, 0)
            self.h[key] = h + (1 - self.keep) * (g * g - h)
            params[key] -= self.lr * g / (np.sqrt(self.h[key]) + 1e-8)
""",
    "training/rmsprop_list": """\
import numpy as np

class RMSprop:
    def __init__(self, lr=0.01, decay_rate=0.99):
        self.lr, self.decay_rate, self.h = lr, decay_rate, None

    def update(self, params, grads):
        if self.h is None:
            self.h = []
            for param in params:
                self.h.append(np.zeros_like(param))
        for i in range(len(params)):
            self.h[i] *= self.decay_rate
            self.h[i] += (1 - self.decay_rate) * grads[i] * grads[i]
            params[i] -= self.lr * grads[i] / (np.sqrt(self.h[i]) + 1e-7)
""",
    # One-hot labels inside, and the little number in the logarithm.
    "training/softmax_with_loss": """\
import numpy as np

class SoftmaxWithLoss:
    def forward(self, x, t):
        e = np.exp(x - np.max(x))
        self.y = e / np.sum(e, axis=1)[:, None]
        self.t = np.eye(x.shape[1])[t]
        return -np.sum(self.t * np.log(self.y + 1e-7)) / len(x)

    def backward(self, dout=1):
        return dout * (self.y - self.t) / len(self.t)
""",
    "training/sigmoid_with_loss": """\
import numpy as np

class SigmoidWithLoss:
    def forward(self, x, t):
        self.slope = (0.5 + np.tanh(x / 2) / 2 - t) / len(t)
        return float(np.mean(np.logaddexp(0, x) - t * x))

    def backward(self, dout=1):
        return dout * self.slope
""",
    "training/affine_layer": """\
import numpy as np

class Affine:
    def __init__(self, W, b):
        self.W, self.b, self.params = W, b, [W, b]

    def forward(self, x):
        self.x = x
        return np.array([row @ self.W + self.b for row in x])

    def backward(self, dout):
        self.grads = [sum(np.outer(x, d) for x, d in zip(self.x, dout)), sum(dout)]
        return np.einsum("nh,dh->nd", dout, self.W)
""",
}

# What stands in the solution, and what somebody wrote instead; no operator of ours makes it.
WRONG = {
    "training/sgd": (
        "params[i] -= self.lr * grads[i]",
        "params[i] -= self.lr * grads[i] / (grads[i] ** 2).sum() ** 0.5",
    ),
    # Nesterov's look ahead is another method.
    "training/momentum": (
        "params[key] += self.v[key]",
        "params[key] += self.momentum * self.v[key] - self.lr * grads[key]",
    ),
    # The moments start again at the second update.
    "training/adam": ("if self.m is None:", "if self.m is None or self.iter < 2:"),
    "training/adam_list": ("self.iter += 1", "self.iter = len(params)"),
    "training/time_affine": (
        "self.grads[1][...] = dout.sum(axis=0)",
        "self.grads[1][...] = dout.sum(axis=0) / N",
    ),
    "training/temporal_affine": (
        "db = np.sum(drows, axis=0)",
        "db = np.sum(dout, axis=0).mean(axis=0)",
    ),
    # Padding counts in the divisor, in the gradient only.
    "training/time_softmax_with_loss": (
        "dx = dx * mask[:, np.newaxis] * dout / mask.sum()",
        "dx = dx * mask[:, np.newaxis] * dout / len(mask)",
    ),
    "training/temporal_softmax_loss": (
        "loss = -logs[counts].sum() / N",
        "loss = -logs[counts].sum() / max(1, counts.sum())",
    ),
    # One maximum for the whole batch: exp of a far lower row is 0, and 0 / 0 is no number.
    "training/softmax_loss": (
        "shifted = x - x.max(axis=1, keepdims=True)",
        "shifted = x - x.max()",
    ),
    "training/sgd_dictionary": ("self.lr * grads[key]", "self.lr * grads[key].mean()"),
    "training/momentum_list": ("params[i] += self.v[i]", "params[i] += self.v[i] * (i + 1)"),
    "training/adagrad": ("+= grads[key] ** 2", "+= abs(grads[key] ** 3)"),
    "training/adagrad_list": ("+= grads[i] ** 2", "+= np.mean(grads[i] ** 2)"),
    "training/rmsprop": ("(1 - self.decay_rate) * grads[key] ** 2", "0.5 * grads[key] ** 2"),
    "training/rmsprop_list": ("self.decay_rate * self.h[i] +", "self.decay_rate**2 * self.h[i] +"),
    "training/softmax_with_loss": ("self.t] -= 1", "self.t] *= 0.5"),
    "training/sigmoid_with_loss": ("(self.y - self.t) /", "np.sign(self.y - self.t) /"),
    "training/affine_layer": ("dout.sum(axis=0)", "np.median(dout, axis=0) * len(dout)"),
}

test_an_answer_in_a_style_of_its_own_passes = passing(RIGHT)
test_a_wrong_answer_that_no_mutant_makes_fails = failing(WRONG)


def test_an_update_that_makes_a_new_array_changes_nothing_and_fails(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    sgd = exercise("training/sgd")
    line = "params[i] -= self.lr * grads[i]"
    unbound = sgd.solution.replace(line, "param = params[i] - self.lr * grads[i]")
    assert judge.check(sgd, unbound, seed=5, shrink=False).outcome == "wrong"
