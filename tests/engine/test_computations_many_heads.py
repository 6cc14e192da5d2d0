"""Attention beyond one scalar product: scores with parameters, the way back, whole matrices."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from engine.attention import masks, scores
from engine.attention.mechanism import Attention
from engine.attention.multi_head import MultiHeadAttention, MultiHeadParameters
from engine.computations import ComputationError, computation
from engine.positional_encoding import positional_encoding


def value(name, **arguments):
    return computation(name).evaluate(arguments)


def mistakes(name, **arguments):
    return {(m.code, m.note): m.value for m in computation(name).mistakes(arguments)}


def floats(found):
    return np.array(found, dtype=object).astype(float)


BACK = {"alpha": ["1/4", "3/4"], "dc": [2, 4], "h": [[2, 0], [0, 2]], "q": [1, 2]}
S = [["ln 1", "ln 9", "ln 4"], ["ln 2", "ln 6", "ln 7"], ["ln 1", "ln 1", "ln 2"]]

BY_HAND = [
    ("attention.general_scores", {"q": [1, 2], "W": [[1, 0, 1], [0, 1, 0]], "h": [[1, 2, 3]]}, 8),
    ("attention.additive_scores", {"q": [1], "h": [[-1], [2]], "W1": [[2]], "W2": [[2]],
                                   "v": [3]}, (0, 3 * math.tanh(6))),
    ("attention.backward_step", {**BACK, "quantity": "dalpha"}, (4, 8)),
    # α·dα = 7, de = (1/4 · −3, 3/4 · 1)
    ("attention.backward_step", BACK, (Fraction(-3, 4), Fraction(3, 4))),
    ("attention.backward_step", {**BACK, "quantity": "dq"}, (Fraction(-3, 2), Fraction(3, 2))),
    ("attention.backward_step", {**BACK, "quantity": "dh"},
     ((Fraction(-1, 4), Fraction(-1, 2)), (Fraction(9, 4), Fraction(9, 2)))),
    ("attention.matrix", {"S": S, "mask": "causal"},
     ((1, 0, 0), (Fraction(1, 4), Fraction(3, 4), 0),
      (Fraction(1, 4), Fraction(1, 4), Fraction(1, 2)))),
    ("attention.matrix", {"S": [["ln 4", "ln 9"]], "d_k": 4}, ((Fraction(2, 5), Fraction(3, 5)),)),
    ("attention.matrix", {"S": [[0, "ln 3"]], "V": [[4], [8]], "quantity": "output"}, 7),
    ("attention.visible_entries", {"n": 5}, 15),
    ("attention.visible_entries", {"n": 5, "length": 3, "h": 2}, 24),
    ("attention.visible_entries", {"n": 5, "length": 3, "causal": "False"}, 15),
    ("layer.cost", {"layer": "self-attention", "quantity": "operations", "n": 10, "d": 512},
     51_200),
    ("layer.cost", {"layer": "recurrent", "quantity": "operations", "n": 10, "d": 512}, 2_621_440),
    ("layer.cost", {"layer": "recurrent", "quantity": "path", "n": 10, "d": 512}, 10),
    ("layer.cost", {"layer": "self-attention", "quantity": "path", "n": 10, "d": 512}, 1),
    ("attention.multi_head_shape", {"N": 2, "h": 8, "n_q": 5, "n_k": 7, "d": 64}, (2, 8, 5, 7)),
    ("attention.multi_head_shape", {"N": 2, "h": 8, "n_q": 5, "n_k": 7, "d": 64, "quantity": "Q"},
     (2, 8, 5, 8)),
    ("positional_encoding.similarity", {"k": 0, "d": 6}, 3.0),
    ("positional_encoding.similarity", {"k": 3, "d": 4}, math.cos(3) + math.cos(0.03)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "expected"), BY_HAND)
def test_the_value_is_the_one_worked_by_hand(name, arguments, expected):
    found = value(name, **arguments)
    assert found == expected or np.ravel(floats(found)) == pytest.approx(np.ravel(expected))


# --- against the engine --------------------------------------------------------------------------


def test_scores_with_parameters_are_those_of_the_mechanism():
    rng = np.random.default_rng(0)
    q, h = rng.normal(size=3), rng.normal(size=(4, 2))
    W, W1, W2, v = (rng.normal(size=s) for s in ((3, 2), (5, 3), (5, 2), 5))
    given = {"q": q.tolist(), "h": h.tolist()}
    found = value("attention.general_scores", **given, W=W.tolist())
    assert floats(found) == pytest.approx(scores.General(W).forward(q[None], h).e[0])
    found = value("attention.additive_scores", **given, W1=W1.tolist(), W2=W2.tolist(),
                  v=v.tolist())  # fmt: skip
    concat = scores.Additive.from_concat(np.hstack([W1, W2]), v, 3)
    assert floats(found) == pytest.approx(concat.forward(q[None], h).e[0])


@pytest.mark.parametrize(("form", "score"), [("dot", scores.Dot), ("scaled", scores.ScaledDot)])
def test_the_way_back_is_that_of_the_mechanism(form, score):
    rng = np.random.default_rng(1)
    q, h, dc = rng.normal(size=3), rng.normal(size=(4, 3)), rng.normal(size=3)
    mechanism = Attention(score())
    run = mechanism.forward(q[None], h)
    back = mechanism.backward(run, dc[None])
    given = {"alpha": run.alpha[0].tolist(), "dc": dc.tolist(), "h": h.tolist(), "q": q.tolist()}
    for quantity, expected in {
        "dalpha": back.alpha[0], "de": back.e[0], "dq": back.q[0], "dh": back.h
    }.items():  # fmt: skip
        found = value("attention.backward_step", **given, form=form, quantity=quantity)
        assert floats(found) == pytest.approx(expected)


@pytest.mark.parametrize("mask", ["none", "causal"])
def test_whole_matrices_are_those_of_the_mechanism(mask):
    rng = np.random.default_rng(2)
    Q, K, V = rng.normal(size=(3, 4, 3))
    visible = masks.causal_mask(4) if mask == "causal" else None
    run = Attention(scores.ScaledDot()).forward(Q, K, V, visible)
    given = {"S": (Q @ K.T).tolist(), "d_k": 3, "mask": mask}
    assert floats(value("attention.matrix", **given)) == pytest.approx(run.alpha)
    found = value("attention.matrix", **given, V=V.tolist(), quantity="output")
    assert floats(found) == pytest.approx(run.c)


@pytest.mark.parametrize(("n", "length"), [(1, 1), (1, None), (4, 1), (4, 3), (6, 3), (6, None)])
def test_what_masks_leave_is_what_they_count(n, length):
    kept = n if length is None else length
    causal, padding = masks.causal_mask(n), np.broadcast_to(np.arange(n) < kept, (n, n))
    assert value("attention.visible_entries", n=n, length=length) == (causal & padding).sum()
    found = value("attention.visible_entries", n=n, length=length, causal="False", h=3)
    assert found == 3 * padding.sum()


def test_shapes_are_those_of_many_heads():
    N, n, d, h = 2, 3, 8, 4
    square = np.eye(d)
    run = MultiHeadAttention(MultiHeadParameters(*[square] * 4, *[np.zeros(d)] * 4), h).forward(
        np.ones((N, n, d))
    )
    sizes = {"N": N, "h": h, "n_q": n, "n_k": n, "d": d}
    assert value("attention.multi_head_shape", **sizes) == run.alpha.shape
    assert value("attention.multi_head_shape", **sizes, quantity="concatenated") == run.o.shape


def test_positions_compare_alike_wherever_they_stand():
    d = 6
    table = positional_encoding(np.arange(20), d)
    for k, start in itertools.product((0, 1, 5), (0, 3, 11)):
        found = value("positional_encoding.similarity", k=k, d=d)
        assert found == pytest.approx(table[start] @ table[start + k])


# --- mistakes ------------------------------------------------------------------------------------

MISTAKES = [
    ("attention.backward_step", BACK, "term-dropped", "alpha-times-dalpha", (1, 6)),
    ("attention.backward_step", {**BACK, "quantity": "dh"}, "term-dropped",
     "score-path-left-out", ((Fraction(1, 2), 1), (Fraction(3, 2), 3))),
    ("attention.matrix", {"S": [[0, "ln 3"], ["ln 3", 0]]}, "axis-wrong",
     "softmax-over-the-queries", ((Fraction(1, 4), Fraction(3, 4)),
                                  (Fraction(3, 4), Fraction(1, 4)))),
    ("attention.matrix", {"S": [["ln 1", "ln 3"], [0, 0]], "mask": "causal"}, "mask-misplaced",
     "masked-after-the-softmax", ((Fraction(1, 4), 0), (Fraction(1, 2), Fraction(1, 2)))),
    ("attention.visible_entries", {"n": 5}, "index-shifted", "own-position-hidden", 10),
    ("attention.general_scores", {"q": [1, 2], "W": [[1, 3], [0, 1]], "h": [[1, 2]]},
     "transpose-added", "W-transposed", 11),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "code", "note", "wrong"), MISTAKES)
def test_a_mistake_gives_the_value_that_one_gets_by_making_it(name, arguments, code, note, wrong):
    assert mistakes(name, **arguments)[code, note] == wrong


@pytest.mark.parametrize(
    ("name", "arguments", "argument"),
    [
        ("attention.general_scores", {"q": [1, 2], "W": [[1, 2]], "h": [[1, 2]]}, "W"),
        ("attention.additive_scores", {"q": [1], "h": [[1]], "W1": [[1, 2]], "W2": [[1]], "v": 1},
         "W1"),
        ("attention.backward_step", {**BACK, "alpha": ["1/4", "1/4"]}, "alpha"),
        ("attention.backward_step", {**BACK, "q": [1]}, "q"),
        ("attention.matrix", {"S": [[1, 2]], "mask": "causal"}, "S"),
        ("attention.matrix", {"S": [[1, 2]], "quantity": "output"}, "V"),
        ("attention.visible_entries", {"n": 3, "length": 4}, "length"),
        ("attention.multi_head_shape", {"N": 1, "h": 3, "n_q": 2, "n_k": 2, "d": 8}, "h"),
        ("positional_encoding.similarity", {"k": 1, "d": 5}, "d"),
    ],
)  # fmt: skip
def test_arguments_that_do_not_fit_are_named(name, arguments, argument):
    for ask in (computation(name).evaluate, computation(name).mistakes):
        with pytest.raises(ComputationError) as caught:
            ask(arguments)
        assert caught.value.argument == argument
