"""Exercises on seq2seq: answers in another style pass; wrong ones that no mutant makes fail."""

from collections.abc import Callable

from exercise_cases import failing, passing

from engine.code.exercise import Exercise
from engine.code.judge import CodeJudge

RIGHT = {
    "seq2seq/encode": """\
import numpy as np

def encode(words, E, W, U, b):
    A = np.hstack([W, U])
    h = np.zeros(len(b))
    for k in np.argmax(words, axis=1):
        h = np.tanh(A @ np.r_[E[:, k], h] + b)
    return h
""",
    "seq2seq/decoder_steps": """\
import numpy as np

def decode(state, start, E, Wx, Wh, b, Wy, temperature, draws, letters):
    text, rows, last = "", [], start
    state = np.array(state)
    for u in draws:
        state = np.tanh(E[last] @ Wx + state @ Wh + b)
        s = (state @ Wy - (state @ Wy).max()) / temperature
        rows.append(np.exp(s) / np.exp(s).sum())
        last, total = 0, rows[-1][0]
        while total <= u:
            last += 1
            total += rows[-1][last]
        text += letters[last]
    return text, np.vstack(rows)
""",
    "seq2seq/greedy_decode": """\
import numpy as np

def greedy_decode(step, state, start, end, max_length):
    def going_on(state, token, room):
        if not room:
            return [], 0.0
        state, s = step(state, token)
        best = max(range(len(s)), key=s.__getitem__)
        gain = -np.log(sum(np.exp(x - s[best]) for x in s))
        if best == end:
            return [], gain
        rest, more = going_on(state, best, room - 1)
        return [best, *rest], gain + more
    return going_on(state, start, max_length)
""",
    "seq2seq/teacher_forcing": """\
import numpy as np

def decoder_loss(ts, h, E, Wx, Wh, b, Wy):
    losses = []
    for sentence, state in zip(ts, h):
        for now, after in zip(sentence, sentence[1:]):
            state = np.tanh(E[now] @ Wx + state @ Wh + b)
            s = state @ Wy
            losses.append(s.max() + np.log(np.exp(s - s.max()).sum()) - s[after])
    return np.mean(losses)
""",
    "seq2seq/scheduled_sampling": """\
import numpy as np

def run_decoder(targets, forced, start, h, E, Wx, Wh, b, Wy):
    inputs, words = [start], []
    for truth, choice in zip(targets.tolist(), forced.tolist()):
        h = np.tanh(E[inputs[-1]] @ Wx + h @ Wh + b)
        words += [int((h @ Wy).argmax())]
        inputs += [(words[-1], truth)[choice]]
    return words, float(np.mean(np.array(words) == targets))
""",
    "seq2seq/beam_step": """\
import numpy as np

def beam_step(scores, log_p, width):
    every = [(s + lp, b, v) for b, s in enumerate(scores) for v, lp in enumerate(log_p[b])]
    every.sort(reverse=True)
    total, parents, tokens = zip(*every[:width])
    return np.array(total), np.array(parents), np.array(tokens)

def beam_search(log_first, log_tables, width):
    beam = [(0.0, [])]
    for table in [None, *log_tables]:
        grown = [
            (s + p, [*seq, v])
            for s, seq in beam
            for v, p in enumerate(table[seq[-1]] if seq else log_first)
        ]
        beam = sorted(grown, key=lambda pair: -pair[0])[:width]
    return beam[0][1], beam[0][0]
""",
    "seq2seq/length_normalised": """\
import numpy as np

def best_sequence(log_p, lengths, alpha):
    inside = np.arange(log_p.shape[1]) < lengths[:, None]
    scores = np.einsum("bt,bt->b", log_p, inside.astype(float)) * lengths.astype(float) ** -alpha
    return scores, int(scores.argmax())
""",
    "seq2seq/masked_cross_entropy": """\
import numpy as np

def masked_cross_entropy(scores, targets, ignore_label=-1):
    d = np.zeros(scores.shape)
    losses = []
    for place in np.argwhere(targets != ignore_label):
        n, t = place
        s = scores[n, t] - scores[n, t].max()
        losses.append(np.log(np.exp(s).sum()) - s[targets[n, t]])
        d[n, t] = np.exp(s) / np.exp(s).sum()
        d[n, t, targets[n, t]] -= 1
    mean = sum(losses) / len(losses)
    return mean, np.e ** mean, d / len(losses)
""",
    "seq2seq/temperature": """\
import numpy as np

def sample(scores, temperature, k, draw):
    best = np.argsort(scores)[::-1][:k]
    p = np.zeros(len(scores))
    p[best] = np.exp((scores[best] - scores[best[0]]) / temperature)
    p /= p.sum()
    return p, int(np.searchsorted(np.cumsum(p), draw, side="right"))
""",
    "seq2seq/peeky_decoder": """\
import numpy as np

def reverse_inputs(xs, lengths):
    rows = [list(row[:n])[::-1] + list(row[n:]) for row, n in zip(xs, lengths)]
    return np.array(rows)

def peeky_decoder(xs, h, Wx, Wh, b, Wy, by):
    H = h.shape[1]
    always, out = h @ Wx[:H] + b, []
    state = h
    for x in xs.swapaxes(0, 1):
        state = np.tanh(always + x @ Wx[H:] + state @ Wh)
        out.append(h @ Wy[:H] + state @ Wy[H:] + by)
    return np.stack(out, axis=1)
""",
    "seq2seq/gaussian_latent": """\
import numpy as np

def latent_forward(mu, log_var, eps):
    var = np.exp(log_var)
    kl = 0.5 * np.mean(np.sum(var + mu * mu - 1 - log_var, axis=1))
    return eps * np.sqrt(var) + mu, kl, (mu, var, eps)

def latent_backward(dz, cache):
    mu, var, eps = cache
    return mu / len(mu) + dz, (dz * eps * np.sqrt(var) + (var - 1) / len(mu)) / 2
""",
    # By hand, step by step; the layers of the exercise are not used.
    "seq2seq/peeky_layers": """\
import numpy as np

class PeekyDecoder:
    def __init__(self, V, D, H):
        shapes = [(V, D), (H + D, 4 * H), (H, 4 * H), (4 * H,), (2 * H, V), (V,)]
        self.params = [np.ones(shape, dtype="f") for shape in shapes]
        self.grads = [np.ones(shape) for shape in shapes]

    def forward(self, xs, h):
        E, Wx, Wh, b, W, c = self.params
        self.xs, self.h, s, u, H = xs, h, h, np.zeros_like(h), h.shape[1]
        self.kept, scores = [], []
        for ids in xs.T:
            x = np.hstack([h, E[ids]])
            a = x @ Wx + s @ Wh + b
            gate, g = 1 / (1 + np.exp(-a)), np.tanh(a[:, H : 2 * H])
            f, i, o = gate[:, :H], gate[:, 2 * H : 3 * H], gate[:, 3 * H :]
            new = f * u + i * g
            self.kept.append((ids, x, s, u, f, i, o, g, new))
            s, u = o * np.tanh(new), new
            self.kept[-1] += (s,)
            scores.append(np.hstack([h, s]) @ W + c)
        return np.stack(scores, axis=1)

    def backward(self, dscore):
        E, Wx, Wh, b, W, c = self.params
        H = self.h.shape[1]
        for grad in self.grads:
            grad[...] = 0
        dE, dWx, dWh, db, dW, dc = self.grads
        ds = du = dh = 0
        for t in range(len(self.kept))[::-1]:
            ids, x, s, u, f, i, o, g, new, after = self.kept[t]
            d = dscore[:, t]
            dW += np.hstack([self.h, after]).T @ d
            dc += d.sum(0)
            dh = dh + d @ W[:H].T
            ds = ds + d @ W[H:].T
            du = du + ds * o / np.cosh(new) ** 2
            parts = [du * u * f * (1 - f), du * i * (1 - g**2), du * g * i * (1 - i)]
            da = np.hstack([*parts, ds * np.tanh(new) * o * (1 - o)])
            dWx += x.T @ da
            dWh += s.T @ da
            db += da.sum(0)
            dx, ds, du = da @ Wx.T, da @ Wh.T, du * f
            dh = dh + dx[:, :H]
            np.add.at(dE, ids, dx[:, H:])
        return dh + ds
""",
}

WRONG = {
    "seq2seq/encode": ("e = E.dot(w)", "e = E.dot(w) / np.sqrt(len(w))"),
    "seq2seq/decoder_steps": ("e = E[word]", "e = p @ E"),
    "seq2seq/greedy_decode": ("while len(tokens) < max_length", "while len(tokens) <= max_length"),
    "seq2seq/teacher_forcing": ("total / (N * T)", "total / (N * (T + 1))"),
    "seq2seq/scheduled_sampling": ("targets[t] if forced[t]", "targets[0] if forced[t]"),
    "seq2seq/beam_step": ("sequences[0], scores[0]", "sequences[-1], scores[-1]"),
    "seq2seq/length_normalised": ("n**alpha", "(n + 1) ** alpha"),
    "seq2seq/masked_cross_entropy": ("np.exp(loss)", "np.exp2(loss)"),
    "seq2seq/temperature": ("np.sort(scaled)[-k]", "np.sort(scaled)[-k - 1 :][0]"),
    "seq2seq/peeky_decoder": ("state = h\n", "state = np.zeros_like(h)\n"),
    "seq2seq/gaussian_latent": ("sigma = np.exp(0.5 * log_var)", "sigma = np.exp(0.25 * log_var)"),
    "seq2seq/peeky_layers": ("dhs = dout[:, :, :H]", "dhs = dout[:, :, :H] * 0.5"),
}

test_an_answer_in_a_style_of_its_own_passes = passing(RIGHT)
test_a_wrong_answer_that_no_mutant_makes_fails = failing(WRONG)


def test_no_tokens_may_be_an_empty_array(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    greedy = exercise("seq2seq/greedy_decode")
    text = greedy.solution.replace("return tokens, total", "return np.array(tokens), total")
    assert judge.check(greedy, text, seed=5).outcome == "correct"
