"""Loss and gradients of a character model: a vanilla RNN, one character at a time, in columns."""

import numpy as np

hidden_size, vocab_size = 4, 5
rng = np.random.default_rng(7)
Wxh = rng.normal(size=(hidden_size, vocab_size)) * 0.5
Whh = rng.normal(size=(hidden_size, hidden_size)) * 0.5
Why = rng.normal(size=(vocab_size, hidden_size)) * 0.5
bh = rng.normal(size=(hidden_size, 1)) * 0.5
by = rng.normal(size=(vocab_size, 1)) * 0.5


def lossFun(inputs, targets, hprev):
    """inputs, targets: T ids each; hprev (H, 1): the state before the first character.

    Returns the summed loss, dWxh, dWhh, dWhy, dbh, dby and the last hidden state.
    """
    xs, hs, ps = {}, {}, {}
    hs[-1] = np.copy(hprev)
    loss = 0
    for t in range(len(inputs)):
        xs[t] = np.zeros((vocab_size, 1))
        xs[t][inputs[t]] = 1  #: a
        hs[t] = np.tanh(Wxh @ xs[t] + Whh @ hs[t - 1] + bh)  #: b
        ys = Why @ hs[t] + by
        ps[t] = np.exp(ys) / np.sum(np.exp(ys))
        loss += -np.log(ps[t][targets[t], 0])  #: c
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby = np.zeros_like(bh), np.zeros_like(by)
    dhnext = np.zeros_like(hs[0])
    for t in reversed(range(len(inputs))):
        dy = np.copy(ps[t])
        dy[targets[t]] -= 1
        dWhy += dy @ hs[t].T
        dby += dy
        dh = Why.T @ dy + dhnext  #: d
        dhraw = (1 - hs[t] ** 2) * dh
        dbh += dhraw
        dWxh += dhraw @ xs[t].T
        dWhh += dhraw @ hs[t - 1].T  #: e
        dhnext = Whh.T @ dhraw
    for dparam in [dWxh, dWhh, dWhy, dbh, dby]:
        np.clip(dparam, -5, 5, out=dparam)
    return loss, dWxh, dWhh, dWhy, dbh, dby, hs[len(inputs) - 1]
