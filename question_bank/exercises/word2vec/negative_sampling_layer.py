"""Negative sampling as layers: scores by a lookup and an inner product, one layer a sampled word."""

import collections

import numpy as np


class Embedding:
    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.idx = None

    def forward(self, idx):
        self.idx = idx
        return self.params[0][idx]

    def backward(self, dout):
        self.grads[0][...] = 0
        np.add.at(self.grads[0], self.idx, dout)


class SigmoidWithLoss:
    """Mean binary cross-entropy of the scores x (N,) with labels t (N,)."""

    def __init__(self):
        self.params, self.grads = [], []
        self.y, self.t = None, None

    def forward(self, x, t):
        self.y, self.t = 1 / (1 + np.exp(-x)), t
        p = np.where(t == 1, self.y, 1 - self.y)
        return -np.mean(np.log(p + 1e-7))

    def backward(self, dout=1):
        return (self.y - self.t) * dout / len(self.t)


class UnigramSampler:
    """Draws negative words by their frequency to a power, without replacement."""

    def __init__(self, corpus, power, sample_size):
        counts = collections.Counter(int(word) for word in corpus)
        self.sample_size = sample_size
        self.p = np.array([counts[word] for word in range(len(counts))], dtype=float) ** power

    def get_negative_sample(self, target):
        sample = np.zeros((len(target), self.sample_size), dtype=int)
        for n, word in enumerate(target):
            p = self.p.copy()
            p[word] = 0
            sample[n] = np.random.choice(len(p), self.sample_size, replace=False, p=p / p.sum())
        return sample


class EmbeddingDot:
    """The score of one word for each example: the inner product of its row of W and h."""

    def __init__(self, W):
        self.embed = Embedding(W)
        self.params, self.grads = self.embed.params, self.embed.grads
        self.cache = None

    def forward(self, h, idx):
        """h (N, H), idx (N,); returns the scores (N,)."""
        target_W = self.embed.forward(idx)
        self.cache = (h, target_W)
        return np.sum(target_W * h, axis=1)  #: a

    def backward(self, dout):
        """dout (N,); fills grads, returns dh (N, H)."""
        h, target_W = self.cache
        dout = dout.reshape(-1, 1)
        self.embed.backward(dout * h)  #: b | dout * h
        return dout * target_W


class NegativeSamplingLoss:
    """The sum of sample_size + 1 binary losses."""

    def __init__(self, W, corpus, power=0.75, sample_size=5):
        self.sample_size = sample_size
        self.sampler = UnigramSampler(corpus, power, sample_size)
        self.loss_layers = [SigmoidWithLoss() for _ in range(sample_size + 1)]
        self.embed_dot_layers = [EmbeddingDot(W) for _ in range(sample_size + 1)]
        self.params = [p for layer in self.embed_dot_layers for p in layer.params]
        self.grads = [g for layer in self.embed_dot_layers for g in layer.grads]

    def forward(self, h, target):
        """h (N, H), target (N,); returns the loss."""
        negative = self.sampler.get_negative_sample(target)
        score = self.embed_dot_layers[0].forward(h, target)
        loss = self.loss_layers[0].forward(score, np.ones(len(target), dtype=int))
        for i in range(self.sample_size):
            score = self.embed_dot_layers[1 + i].forward(h, negative[:, i])
            label = np.zeros(len(target), dtype=int)  #: c
            loss += self.loss_layers[1 + i].forward(score, label)
        return loss

    def backward(self, dout=1):
        """Fills grads, returns dh (N, H)."""
        dh = 0
        for loss_layer, embed_dot in zip(self.loss_layers, self.embed_dot_layers):
            dh += embed_dot.backward(loss_layer.backward(dout))  #: d
        return dh


#: judge
def cover(corpus, V):
    """Every word occurs."""
    import numpy as np

    return np.concatenate([np.arange(V), corpus])


def total(grads):
    """The gradient of the one W that all layers share."""
    return sum(grads)


def loss(W, h, target):
    """All other words are negative ones."""
    scores = h @ W.T
    rows = np.arange(len(target))
    scores[rows, target] *= -1
    return np.sum(np.log(1 + np.exp(scores))) / len(target)
