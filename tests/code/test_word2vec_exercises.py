"""Exercises on word2vec: answers in another style pass; wrong ones that no mutant makes fail."""

from exercise_cases import failing, passing

RIGHT = {
    "word2vec/skip_gram": """\
import numpy as np

def skip_gram(center, outside, W_in, W_out):
    loss, dW_in, dW_out = 0.0, np.zeros(W_in.shape), np.zeros(W_out.shape)
    u = W_in[center].dot(W_out)
    p = np.exp(u - np.logaddexp.reduce(u))
    for word in outside:
        loss += np.logaddexp.reduce(u) - u[word]
        d = p - np.eye(len(u))[word]
        dW_in[center] += W_out.dot(d)
        dW_out += W_in[center][:, None] * d
    return loss, dW_in, dW_out
""",
    "word2vec/embedding_layer": """\
import numpy as np

class Embedding:
    def __init__(self, W):
        self.params, self.grads = [W], [np.zeros(W.shape)]

    def forward(self, idx):
        self.onehot = np.eye(len(self.params[0]))[idx]
        return self.onehot @ self.params[0]

    def backward(self, dout):
        self.grads[0][:] = self.onehot.T @ dout
        return None
""",
    "word2vec/cbow": """\
import numpy as np

def cbow(context, target, W_in, W_out):
    V = len(W_in)
    x = np.bincount(context, minlength=V) / context.size
    h = x @ W_in
    u = h @ W_out
    top = np.max(u)
    log_sum = top + np.log(sum(np.exp(u_k - top) for u_k in u))
    error = np.exp(u - log_sum) - (np.arange(V) == target)
    return log_sum - u[target], x[:, None] * (error @ W_out.T), h[:, None] * error
""",
    "word2vec/naive_softmax": """\
import numpy as np

def naive_softmax_loss_and_gradient(center_word_vec, outside_word_idx, outside_vectors, dataset):
    u = [float(row.dot(center_word_vec)) for row in outside_vectors]
    top = max(u)
    total = sum(np.exp(s - top) for s in u)
    grad_v = -outside_vectors[outside_word_idx]
    grad_U = np.zeros(outside_vectors.shape)
    for k, s in enumerate(u):
        p = np.exp(s - top) / total
        grad_v = grad_v + p * outside_vectors[k]
        grad_U[k] = (p - (k == outside_word_idx)) * center_word_vec
    return top + np.log(total) - u[outside_word_idx], grad_v, grad_U
""",
    "word2vec/negative_sampling": """\
import numpy as np

def negative_sampling_loss(v, o, U, negatives, K=10):
    def s(x):
        return 1 / (1 + np.exp(-x))
    loss = -np.log(s(U[o].dot(v)))
    grad_v = (s(U[o].dot(v)) - 1) * U[o]
    grad_U = np.zeros(U.shape)
    grad_U[o] += (s(U[o].dot(v)) - 1) * v
    for k in negatives:
        loss -= np.log(s(-U[k].dot(v)))
        grad_v = grad_v + (1 - s(-U[k].dot(v))) * U[k]
        grad_U[k] += (1 - s(-U[k].dot(v))) * v
    return loss, grad_v, grad_U
""",
    "word2vec/sampling_distribution": """\
import numpy as np

def draw_negatives(counts, power, target, draws):
    p = np.power(counts, power)
    p /= np.sum(p)
    left = np.delete(p, target)
    edges = np.cumsum(left / left.sum())
    places = np.searchsorted(edges, draws, side="right")
    return p, [int(k) + int(k >= target) for k in places]
""",
    "word2vec/cos_similarity": """\
import numpy as np

def cos_similarity(x, y):
    lengths = [np.linalg.norm(v) + 1e-8 for v in (x, y)]
    return float(sum(a * b for a, b in zip(x, y)) / lengths[0] / lengths[1])
""",
    "word2vec/analogy": """\
import numpy as np

def analogy(a, b, c, W):
    unit = np.stack([row / np.linalg.norm(row) for row in W])
    q = unit[[b, c]].sum(0) - unit[a]
    similarity = unit @ (q / np.linalg.norm(q))
    left = [k for k in range(len(W)) if k not in {int(a), int(b), int(c)}]
    return similarity, max(left, key=lambda k: similarity[k]) if left else -1
""",
    "word2vec/contexts": """\
import numpy as np

def create_contexts_target(corpus, window_size=1):
    c = window_size
    n = len(corpus) - 2 * c
    columns = [corpus[s:s + n] for s in range(2 * c + 1)]
    target = columns.pop(c)
    return np.column_stack(columns), target
""",
    "word2vec/skip_gram_pairs": """\
import numpy as np

def skip_gram_pairs(corpus, window_size):
    n = len(corpus)
    pairs = [(i, i + t) for i in range(n) for t in range(-window_size, window_size + 1)
             if t and 0 <= i + t < n]
    return [int(corpus[i]) for i, _ in pairs], [int(corpus[j]) for _, j in pairs]
""",
    "word2vec/word_embedding": """\
import numpy as np

def word_embedding_forward(x, W):
    flat = np.eye(len(W))[x.ravel()]
    return (flat @ W).reshape(*x.shape, -1), flat

def word_embedding_backward(dout, flat):
    return flat.T @ dout.reshape(len(flat), -1)
""",
    "word2vec/time_embedding": """\
import numpy as np

class TimeEmbedding:
    def __init__(self, W):
        self.W, self.params, self.grads = W, [W], [np.zeros_like(W)]

    def forward(self, xs):
        self.xs = xs
        return self.W[xs].astype("f")

    def backward(self, dout):
        self.grads[0][...] = 0
        for n, t in np.ndindex(self.xs.shape):
            self.grads[0][self.xs[n, t]] += dout[n, t]
        return None
""",
    "word2vec/negative_sampling_layer": """\
import numpy as np

class EmbeddingDot:
    def __init__(self, W):
        self.params, self.grads = [W], [np.zeros_like(W)]

    def forward(self, h, idx):
        self.h, self.idx = h, idx
        return np.array([self.params[0][k] @ row for k, row in zip(idx, h)])

    def backward(self, dout):
        self.grads[0] *= 0
        for k, row, error in zip(self.idx, self.h, dout):
            self.grads[0][k] += error * row
        return dout[:, None] * self.params[0][self.idx]

class NegativeSamplingLoss:
    \"\"\"All scores at once; the drawn words need no order.\"\"\"

    def __init__(self, W, corpus, power=0.75, sample_size=5):
        self.params, self.grads, self.K = [W], [np.zeros_like(W)], sample_size
        self.p = np.bincount(corpus) ** power

    def forward(self, h, target):
        self.h, words = h, []
        for k in target:
            p = np.where(np.arange(len(self.p)) == k, 0, self.p)
            words.append([k, *np.random.choice(len(p), self.K, False, p / p.sum())])
        self.words = np.array(words)
        self.score = np.einsum("nkh,nh->nk", self.params[0][self.words], h)
        self.sign = np.where(np.arange(self.K + 1) == 0, -1, 1)
        return np.log1p(np.exp(self.sign * self.score)).sum() / len(h)

    def backward(self, dout=1):
        error = dout * self.sign / (1 + np.exp(-self.sign * self.score)) / len(self.h)
        self.grads[0][...] = 0
        np.add.at(self.grads[0], self.words, error[:, :, None] * self.h[:, None])
        return np.einsum("nk,nkh->nh", error, self.params[0][self.words])
""",
    # In the other style of names, with a helper and draws of its own.
    "word2vec/negative_sampling_dataset": """\
import numpy as np

def neg_sampling_loss_and_gradient(v, o, U, dataset, K=10):
    loss, dv, dU = 0, np.zeros(len(v)), np.zeros(U.shape)
    words = [(o, 1)]
    while len(words) <= K:
        k = dataset.sample_token_idx()
        if k != o:
            words.append((k, 0))
    for k, label in words:
        p = 1 / (1 + np.exp(-U[k].dot(v)))
        loss -= np.log(p if label else 1 - p)
        dv += (p - label) * U[k]
        dU[k] += (p - label) * v
    return loss, dv, dU
""",
    "word2vec/embedding_dot": """\
import numpy as np

class EmbeddingDot:
    def __init__(self, W):
        self.params, self.grads = [W], [np.full_like(W, 7)]

    def forward(self, h, idx):
        self.h, self.hot = h, np.eye(len(self.params[0]))[idx]
        return np.einsum("nv,vh,nh->n", self.hot, self.params[0], h)

    def backward(self, dout):
        self.grads[0][...] = np.einsum("n,nv,nh->vh", dout, self.hot, self.h)
        return np.diag(dout) @ self.hot @ self.params[0]
""",
}

WRONG = {
    "word2vec/skip_gram": ("np.dot(W_out, error)", "np.dot(W_out, error) / len(outside)"),
    "word2vec/embedding_layer": ("dW[...] = 0", "dW[: len(dW) // 2] = 0"),
    "word2vec/cbow": ("dh / C", "dh / len(np.unique(context))"),
    "word2vec/naive_softmax": ("delta[outside_word_idx] -= 1", "delta[outside_word_idx] -= 0.9"),
    "word2vec/negative_sampling": ("e_o * u_o + ", "e_o * u_o + u_o / 9 + "),
    "word2vec/sampling_distribution": ("others[target] = 0", "others[target] /= 2"),
    "word2vec/cos_similarity": ("np.inner(x, y) /", "abs(np.inner(x, y)) /"),
    "word2vec/analogy": ("+ W[c]", "+ 2 * W[c]"),
    "word2vec/contexts": ("corpus[idx + t]", "corpus[idx - t]"),
    "word2vec/skip_gram_pairs": ("min(len(corpus), ", "min(len(corpus) - 1, "),
    "word2vec/word_embedding": ("np.zeros_like(W)", "np.full_like(W, 0.5)"),
    "word2vec/time_embedding": ("grad += layer.grads[0]", "grad += layer.grads[0] * (t + 1)"),
    "word2vec/negative_sampling_layer": (
        "np.zeros(len(target), dtype=int)",
        "np.full(len(target), 0.5)",
    ),
    "word2vec/negative_sampling_dataset": ("[-1] * K", "[-1] * (K - 1) + [0]"),
    "word2vec/embedding_dot": ("return dout * target_W", "return abs(dout) * target_W"),
}

test_an_answer_in_a_style_of_its_own_passes = passing(RIGHT)
test_a_wrong_answer_that_no_mutant_makes_fails = failing(WRONG)
