"""Exercises on BPTT: answers in another style pass; wrong ones that no mutant makes fail."""

from collections.abc import Callable

from exercise_cases import failing, passing

from engine.code.exercise import Exercise
from engine.code.judge import CodeJudge

RIGHT = {
    # The linear network has no activation, so one running error does for all steps.
    "bptt/course_bptt": """\
import numpy as np

def bptt(xs, ys, W, U, V):
    N, T, _ = xs.shape
    states = [np.zeros((N, len(U)))]
    for x in xs.transpose(1, 0, 2):
        states.append(np.dot(x, W.T) + np.dot(states[-1], U.T))
    states = np.array(states)
    do = (np.einsum("tnh,kh->tnk", states[1:], V) - ys.transpose(1, 0, 2)) / N
    dV = np.einsum("tnk,tnh->kh", do, states[1:])
    dW, dU, back = np.zeros(W.shape), np.zeros(U.shape), np.zeros((N, len(U)))
    for t in range(T, 0, -1):
        back = do[t - 1].dot(V) + back.dot(U)
        dW += sum(np.outer(e, x) for e, x in zip(back, xs[:, t - 1]))
        dU += sum(np.outer(e, z) for e, z in zip(back, states[t - 1]))
    return dW, dU, dV
""",
    "bptt/sequence_pair": """\
import numpy as np

def step_back(dnext, cache):
    x, prev, Wx, Wh, nxt = cache
    du = dnext * (1 + nxt) * (1 - nxt)
    return du.dot(Wx.T), du.dot(Wh.T), x.T.dot(du), prev.T.dot(du), du.sum(0)

def rnn_forward(x, h0, Wx, Wh, b):
    caches, prev = [], h0
    for xt in np.swapaxes(x, 0, 1):
        nxt = np.tanh(np.dot(xt, Wx) + np.dot(prev, Wh) + b)
        caches.append((xt, prev, Wx, Wh, nxt))
        prev = nxt
    return np.stack([c[4] for c in caches], axis=1), caches

def rnn_backward(dh, caches):
    dx, totals, carried = np.empty(dh.shape[:2] + caches[0][0].shape[1:]), None, 0
    for t, cache in reversed(list(enumerate(caches))):
        dx[:, t], carried, *parts = step_back(dh[:, t] + carried, cache)
        totals = parts if totals is None else [a + p for a, p in zip(totals, parts)]
    return (dx, carried, *totals)
""",
    "bptt/one_loss": """\
import numpy as np

def one_loss(x, d_t, z0, W_in, W, b, W_out, c, t):
    N, H = z0.shape
    z = np.empty((t + 1, N, H))
    z[0] = z0
    for i in range(1, t + 1):
        z[i] = np.tanh(np.einsum("nd,dh->nh", x[i - 1], W_in) + z[i - 1].dot(W) + b)
    out = z[-1].dot(W_out) + c - d_t
    back, deltas = out.dot(W_out.T), np.empty((t, N, H))
    for i in reversed(range(t)):
        deltas[i] = back - back * z[i + 1] * z[i + 1]
        back = deltas[i].dot(W.T)
    dW_in = np.tensordot(x[:t], deltas, axes=([0, 1], [0, 1]))
    dW = np.tensordot(z[:-1], deltas, axes=([0, 1], [0, 1]))
    return dW_in, dW, deltas.sum((0, 1)), np.einsum("nh,nk->hk", z[-1], out), out.sum(0)
""",
    "bptt/truncated": """\
import numpy as np

def truncated_bptt(x, d, z0, W_in, W, b, W_out, c, tau):
    # All states first; then the delta is cut where a new window begins.
    T = x.shape[0]
    z = [z0]
    for step in x:
        z.append(np.tanh(step.dot(W_in) + z[-1].dot(W) + b))
    z = np.array(z)
    out = z[1:].dot(W_out) + c - d
    deltas = np.zeros((T + 1,) + z0.shape)
    for t in range(T - 1, -1, -1):
        later = 0 if (t + 1) % tau == 0 else deltas[t + 1] @ W.T
        deltas[t] = (1 - z[t + 1] ** 2) * (later + out[t] @ W_out.T)
    deltas = deltas[:T]
    product = lambda left, right: np.einsum("tni,tnj->ij", left, right)
    sums = deltas.sum((0, 1)), product(z[1:], out), out.sum((0, 1))
    return (product(x, deltas), product(z[:-1], deltas), *sums, z[-1])
""",
    # By central differences: what the way back of the solution is to agree with.
    "bptt/character_loss": """\
import numpy as np

rng = np.random.default_rng(7)
sizes = [(4, 5), (4, 4), (5, 4), (4, 1), (5, 1)]
weights = [rng.normal(size=size) * 0.5 for size in sizes]

def forward(inputs, targets, h):
    Wxh, Whh, Why, bh, by = weights
    loss = 0
    for now, then in zip(inputs, targets):
        h = np.tanh(Wxh[:, [now]] + Whh @ h + bh)
        scores = Why @ h + by
        loss += np.log(np.exp(scores).sum()) - scores[then, 0]
    return loss, h

def lossFun(inputs, targets, hprev):
    loss, last = forward(inputs, targets, hprev)
    slopes = []
    for weight in weights:
        slope = np.zeros(weight.shape)
        for at in np.ndindex(weight.shape):
            kept, both = weight[at], []
            for step in (1e-4, -1e-4):
                weight[at] = kept + step
                both.append(forward(inputs, targets, hprev)[0])
            weight[at] = kept
            slope[at] = np.clip((both[0] - both[1]) / 2e-4, -5, 5)
        slopes.append(slope)
    return (loss, *slopes, last)
""",
}

# What stands in the solution, and what somebody wrote instead; no operator of ours makes it.
WRONG = {
    # The factor belongs to tanh; the activation here is the identity.
    "bptt/course_bptt": (
        "delta = delta @ U",
        "delta = (delta @ U) * (1 - hiddens[:, back] ** 2)",
    ),
    "bptt/sequence_pair": (
        "dx[:, t] = du @ Wx.T",
        "dx[:, t] = (dh[:, t] * (1 - h[:, t] ** 2)) @ Wx.T",
    ),
    "bptt/one_loss": (
        "delta = (delta @ W.T) * (1 - z[t - s - 1] ** 2)",
        "delta = (delta @ W.T + delta_out @ W_out.T) * (1 - z[t - s - 1] ** 2)",
    ),
    # The last step's own error, counted twice.
    "bptt/truncated": (
        "delta_next = np.zeros_like(z0)",
        "delta_next = ((z[-1] @ W_out + c - d[end - 1]) @ W_out.T) * (1 - z[-1] ** 2)",
    ),
    "bptt/character_loss": ("dby += dy", "dby += dy * (t > 0)"),
}

test_an_answer_in_a_style_of_its_own_passes = passing(RIGHT)
test_a_wrong_answer_that_no_mutant_makes_fails = failing(WRONG)


WRAPPED = """\
import numpy as np

def bptt(xs, ys, W, U, V):
    N, T, _ = xs.shape
    states, now = np.empty((T, N, len(U))), np.zeros((N, len(U)))
    for t in range(T):
        now = np.einsum("nd,hd->nh", xs[:, t], W) + np.einsum("nj,hj->nh", now, U)
        states[t] = now
    gap = (np.einsum("tnh,kh->tnk", states, V) - ys.swapaxes(0, 1)) / N
    dU, errors, later = np.zeros(U.shape), np.empty(states.shape), 0
    for t in range(T)[::-1]:
        errors[t] = gap[t] @ V + later
        later = errors[t] @ U
        dU += errors[t].T @ states[t - 1]
    dW = np.einsum("tnh,ntd->hd", errors, xs)
    return dW, dU, np.einsum("tnk,tnh->kh", gap, states)
"""


def test_states_without_room_for_the_initial_one_are_told_as_wrapping_round(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    judged = judge.check(exercise("bptt/course_bptt"), WRAPPED, seed=5, shrink=False)
    assert judged.outcome == "wrong"
    assert [mistake.code for mistake in judged.mistakes] == ["wraps-to-last-state"]


def test_an_initial_state_of_zeros_in_place_of_the_last_one_is_right(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    mended = WRAPPED.replace("states[t - 1]", "states[t - 1] * (t > 0)")
    assert mended != WRAPPED
    assert judge.check(exercise("bptt/course_bptt"), mended, seed=5).outcome == "correct"
