"""Scores, weights and context, the Transformer's sizes, and the shapes that NumPy gives."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from engine.attention import masks, scores
from engine.attention.mechanism import Attention
from engine.attention.multi_head import MultiHeadParameters
from engine.computations import ComputationError, computation
from engine.positional_encoding import positional_encoding


def value(name, **arguments):
    return computation(name).evaluate(arguments)


def mistakes(name, **arguments):
    return {(m.code, m.note): m.value for m in computation(name).mistakes(arguments)}


def floats(found):
    return np.array(found, dtype=object).astype(float)


BY_HAND = [
    ("attention.scores", {"Q": [[1, 0, 2, 0]], "K": [[2, 1, 1, 0], [0, 3, 1, 5]]}, ((2, 1),)),
    ("attention.scores", {"Q": [[1, 2]], "K": [[3, 4], [5, 6]], "form": "dot"}, ((11, 17),)),
    ("attention.weights", {"scores": ["ln 1", "ln 2", "ln 5"]},
     (Fraction(1, 8), Fraction(1, 4), Fraction(5, 8))),
    ("attention.weights", {"scores": ["ln 4", "ln 9"], "d_k": 4}, (Fraction(2, 5), Fraction(3, 5))),
    ("attention.weights", {"scores": ["ln 1", "ln 7", "ln 3"], "mask": [1, 0, 1]},
     (Fraction(1, 4), 0, Fraction(3, 4))),
    ("attention.context", {"scores": [0, "ln 3"], "values": [[4, 0], [8, 4]]}, (7, 3)),
    ("attention.softmax_backward", {"alpha": ["1/4", "3/4"], "dalpha": [4, 0]},
     (Fraction(3, 4), Fraction(-3, 4))),
    ("attention.score_entries", {"n_q": 10, "n_k": 20, "h": 8}, 1600),
    ("attention.parameter_count", {"d": 512, "h": 8}, 4 * 512**2 + 4 * 512),
    ("attention.parameter_count", {"d": 512, "h": 8, "bias": "False"}, 4 * 512**2),
    ("attention.head_size", {"d": 512, "h": 8}, 64),
    ("attention.score_variance", {"d_k": 64}, 64),
    ("attention.score_variance", {"d_k": 64, "measure": "deviation"}, 8),
    ("attention.score_variance", {"d_k": 64, "scaled": "True"}, 1),
    ("attention.shape", {"n_q": 3, "n_k": 5, "d_k": 4, "d_v": 2}, (3, 2)),
    ("attention.shape", {"n_q": 3, "n_k": 5, "d_k": 4, "d_v": 2, "quantity": "S"}, (3, 5)),
    ("positional_encoding.entry", {"pos": 3, "j": 0, "d": 4}, math.sin(3)),
    ("positional_encoding.entry", {"pos": 3, "j": 3, "d": 4}, math.cos(0.03)),
    ("numpy.broadcast", {"left": [8, 1, 6], "right": [7, 1]}, (8, 7, 6)),
    ("numpy.reshape", {"shape": [16], "new": [1, -1]}, (1, 16)),
    ("numpy.reshape", {"shape": [2, 3, 4], "new": [-1, 4]}, (6, 4)),
    ("numpy.sum_axis", {"shape": [2, 3, 4], "axis": 1}, (2, 4)),
    ("numpy.sum_axis", {"shape": [2, 3, 4], "axis": -1, "keepdims": "True"}, (2, 3, 1)),
    ("numpy.matmul", {"left": [5, 2, 3], "right": [3, 4]}, (5, 2, 4)),
    ("numpy.matmul", {"left": [3], "right": [3, 4]}, (4,)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "expected"), BY_HAND)
def test_the_value_is_the_one_worked_by_hand(name, arguments, expected):
    found = value(name, **arguments)
    if isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-12)
    else:
        assert found == expected
        assert not isinstance(found, float)


# --- against the engine ---------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "score"), [("scaled", scores.ScaledDot), ("dot", scores.Dot)])
def test_scores_weights_and_context_agree_with_the_mechanism(form, score):
    rng = np.random.default_rng(0)
    Q, K, V = (rng.integers(-4, 5, size=s) / 2 for s in ((2, 3), (4, 3), (4, 2)))
    run = Attention(score()).forward(Q, K, V)
    found = value("attention.scores", Q=Q.tolist(), K=K.tolist(), form=form)
    assert floats(found) == pytest.approx(run.e)
    for n in range(2):
        given = {"scores": (Q @ K.T)[n].tolist(), **({"d_k": 3} if form == "scaled" else {})}
        assert floats(value("attention.weights", **given)) == pytest.approx(run.alpha[n])
        context = value("attention.context", **given, values=V.tolist())
        assert floats(context) == pytest.approx(run.c[n])


def test_masked_weights_agree_with_the_engine():
    e, mask = np.array([1.5, -1.0, 0.5, 3.0]), np.array([True, True, False, True])
    found = value("attention.weights", scores=e.tolist(), mask=[1, 1, 0, 1])
    assert floats(found) == pytest.approx(masks.masked_softmax(e, mask))


def test_the_way_back_through_the_softmax_agrees_with_the_engine():
    alpha, dalpha = np.array([0.1, 0.6, 0.3]), np.array([2.0, -1.0, 0.5])
    found = value("attention.softmax_backward", alpha=alpha.tolist(), dalpha=dalpha.tolist())
    assert floats(found) == pytest.approx(masks.softmax_pull_back(alpha, dalpha))


def test_positions_agree_with_the_engine():
    d = 6
    table = positional_encoding(np.arange(9), d)
    for pos, j in itertools.product((0, 1, 8), range(d)):
        found = value("positional_encoding.entry", pos=pos, j=j, d=d)
        assert found == pytest.approx(table[pos, j], abs=1e-12)


def test_the_parameters_of_many_heads_are_those_of_one():
    d = 12
    square = np.zeros((d, d))
    parameters = MultiHeadParameters(*[square] * 4, *[np.zeros(d)] * 4)
    for h in (1, 2, 3, 4, 6):
        assert value("attention.parameter_count", d=d, h=h) == parameters.count


def test_the_variance_of_a_score_is_what_drawing_says():
    rng = np.random.default_rng(1)
    q, k = rng.normal(size=(2, 20_000, 16))
    drawn = (q * k).sum(axis=1)
    assert drawn.var() == pytest.approx(value("attention.score_variance", d_k=16), rel=0.05)
    deviation = value("attention.score_variance", d_k=16, measure="deviation")
    assert drawn.std() == pytest.approx(float(deviation), rel=0.05)


@pytest.mark.parametrize("seed", range(12))
def test_shapes_are_what_numpy_says(seed):
    rng = np.random.default_rng(seed)
    full = rng.integers(1, 5, size=rng.integers(2, 5))
    left = np.where(rng.random(len(full)) < 0.3, 1, full)
    right = np.where(rng.random(len(full)) < 0.3, 1, full)[rng.integers(0, len(full)) :]
    found = value("numpy.broadcast", left=left.tolist(), right=right.tolist())
    assert found == np.broadcast_shapes(tuple(left), tuple(right))

    a = np.zeros(full)
    new = [int(full[0]), -1] if seed % 2 else [-1]
    assert value("numpy.reshape", shape=full.tolist(), new=new) == a.reshape(new).shape
    for axis, keepdims in itertools.product(range(-a.ndim, a.ndim), (False, True)):
        found = value("numpy.sum_axis", shape=full.tolist(), axis=axis, keepdims=str(keepdims))
        assert found == a.sum(axis=axis, keepdims=keepdims).shape
    k = int(full[-1])
    for b in (np.zeros((k, 3)), np.zeros(k), np.zeros((1, k, 2))):
        found = value("numpy.matmul", left=full.tolist(), right=list(b.shape))
        assert found == (a @ b).shape


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("numpy.broadcast", {"left": [3, 4], "right": [3]}),
        ("numpy.reshape", {"shape": [6], "new": [4, -1]}),
        ("numpy.reshape", {"shape": [6], "new": [2, 2]}),
        ("numpy.reshape", {"shape": [6], "new": [-1, -1]}),
        ("numpy.matmul", {"left": [2, 3], "right": [4, 2]}),
        ("numpy.sum_axis", {"shape": [2, 3], "axis": 2}),
    ],
)
def test_what_numpy_refuses_is_refused(name, arguments):
    def by_numpy():
        first, second = ([int(n) for n in arguments[key]] if isinstance(arguments[key], list)
                         else arguments[key] for key in arguments)  # fmt: skip
        a = np.zeros(first)
        if name == "numpy.reshape":
            return a.reshape(second)
        if name == "numpy.sum_axis":
            return a.sum(axis=second)
        return a + np.zeros(second) if name == "numpy.broadcast" else a @ np.zeros(second)

    with pytest.raises(ValueError):  # noqa: PT011 (NumPy's own words differ from version to version)
        by_numpy()
    with pytest.raises(ComputationError):
        value(name, **arguments)


# --- mistakes ------------------------------------------------------------------------------------

MISTAKES = [
    ("attention.scores", {"Q": [[1, 2]], "K": [[3, 4], [5, 6]], "form": "dot"}, "transpose-dropped",
     "Q-times-K", ((13, 16),)),
    ("attention.weights", {"scores": ["ln 1", "ln 7", "ln 3"], "mask": [1, 0, 1]}, "mask-misplaced",
     "masked-after-the-softmax", (Fraction(1, 11), 0, Fraction(3, 11))),
    ("attention.weights", {"scores": ["ln 1", "ln 7", "ln 3"], "mask": [1, 0, 1]}, "mask-misplaced",
     "scores-set-to-0", (Fraction(1, 5), Fraction(1, 5), Fraction(3, 5))),
    ("attention.weights", {"scores": ["ln 4", "ln 9"], "d_k": 4}, "factor-dropped", "not-scaled",
     (Fraction(4, 13), Fraction(9, 13))),
    ("attention.context", {"scores": [0, "ln 3"], "values": [[4, 0], [8, 4]]},
     "normalisation-dropped", "mean-of-the-values", (6, 2)),
    ("attention.softmax_backward", {"alpha": ["1/4", "3/4"], "dalpha": [4, 0]}, "term-dropped",
     "alpha-times-dalpha", (1, 0)),
    ("attention.parameter_count", {"d": 512, "h": 8}, "output-path-dropped", "no-output-matrix",
     3 * 512**2 + 3 * 512),
    ("numpy.sum_axis", {"shape": [2, 3, 4], "axis": 1}, "axis-wrong", "over-axis-0", (3, 4)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "code", "note", "wrong"), MISTAKES)
def test_a_mistake_gives_the_value_that_one_gets_by_making_it(name, arguments, code, note, wrong):
    assert mistakes(name, **arguments)[code, note] == wrong
    assert value(name, **arguments) != wrong


@pytest.mark.parametrize(
    ("name", "arguments", "argument"),
    [
        ("attention.head_size", {"d": 10, "h": 3}, "h"),
        ("attention.parameter_count", {"d": 10, "h": 3}, "h"),
        ("attention.softmax_backward", {"alpha": [0.5, 0.4], "dalpha": [1, 2]}, "alpha"),
        ("attention.context", {"scores": [1, 2], "values": [[1, 2]]}, "values"),
        ("attention.scores", {"Q": [[1, 2]], "K": [[1]]}, "K"),
        ("attention.weights", {"scores": [1, 2], "mask": [0, 0]}, "mask"),
        ("positional_encoding.entry", {"pos": 0, "j": 4, "d": 4}, "j"),
        ("positional_encoding.entry", {"pos": 0, "j": 0, "d": 5}, "d"),
    ],
)
def test_arguments_that_do_not_fit_are_named(name, arguments, argument):
    with pytest.raises(ComputationError) as caught:
        value(name, **arguments)
    assert caught.value.argument == argument
