"""Mutants and certificates: what is known to be wrong is rejected, what is equivalent is listed."""

import ast

import pytest

from engine.code.certification import certify
from engine.code.exercise import Exercise
from engine.code.judge import CodeJudge
from engine.code.mutation import combined, mutants

SOURCE = """\
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def d_sigmoid(x):
    return sigmoid(x) * (1 - sigmoid(x))


def f(x, W, b, rate):
    g = np.zeros_like(W)
    carry = np.zeros(len(b))
    out = np.zeros((len(x), len(b)))
    for t in reversed(range(len(x))):
        g[:] = 0
        out[t] = sigmoid(x[t] @ W + carry + b) * d_sigmoid(x[t - 1] @ W)
        g += np.outer(x[t], out[t])
        carry = out[t]
    total = (out.sum(axis=0) + b) * 2 / 3
    W = W - rate * g.T.T
    return W, out, -total ** 2
"""
SPEC = {
    "function": "f",
    "sizes": {"T": [2, 5], "D": [2, 5], "H": [2, 5]},
    "arguments": {
        "x": {"shape": ["T", "D"]},
        "W": {"shape": ["D", "H"]},
        "b": {"shape": ["H"]},
        "rate": {"draw": "number", "low": 0.1, "high": 1},
    },
    "outputs": {
        "W_new": {"shape": ["D", "H"]},
        "out": {"shape": ["T", "H"]},
        "total": {"shape": ["H"]},
    },
    "mutation": {
        "roles": {"bias": ["b"], "learning-rate": ["rate"], "recurrent": ["carry"]},
        "confusable": [{"names": ["x", "out"], "code": "wrong-signal"}],
    },
}


@pytest.fixture(scope="module")
def example() -> Exercise:
    return Exercise.parse("test/f", SOURCE, SPEC)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("sign-flipped", "total = (out.sum(axis=0) - b) * 2 / 3"),
        ("sign-flipped", "W = W + rate * g.T.T"),
        ("sign-flipped", "g -= np.outer(x[t], out[t])"),
        ("bias-dropped", "total = out.sum(axis=0) * 2 / 3"),
        ("recurrent-path-dropped", "out[t] = sigmoid(x[t] @ W + b) * d_sigmoid(x[t - 1] @ W)"),
        ("recurrent-path-dropped", ""),
        ("term-dropped", "W = W"),
        ("learning-rate-dropped", "W = W - g.T.T"),
        ("derivative-dropped", "out[t] = sigmoid(x[t] @ W + carry + b)"),
        (
            "derivative-of-wrong-argument",
            "out[t] = sigmoid(x[t] @ W + carry + b) * d_sigmoid(sigmoid(x[t - 1] @ W))",
        ),
        (
            "activation-dropped",
            "out[t] = (x[t] @ W + carry + b) * d_sigmoid(x[t - 1] @ W)",
        ),
        (
            "activation-wrong",
            "out[t] = np.tanh(x[t] @ W + carry + b) * d_sigmoid(x[t - 1] @ W)",
        ),
        ("activation-added", "total = np.tanh((out.sum(axis=0) + b) * 2 / 3)"),
        ("index-shifted", "out[t] = sigmoid(x[t] @ W + carry + b) * d_sigmoid(x[t] @ W)"),
        ("index-shifted", "out[t - 1] = sigmoid(x[t] @ W + carry + b) * d_sigmoid(x[t - 1] @ W)"),
        ("order-swapped", "for t in range(len(x)):"),
        ("sum-shortened", "for t in reversed(range(len(x) - 1)):"),
        ("sum-starts-late", "for t in reversed(range(1, len(x))):"),
        ("sum-lengthened", "for t in reversed(range(len(x) + 1)):"),
        ("not-accumulated", "g = np.outer(x[t], out[t])"),
        ("not-reset", ""),
        ("outer-product-transposed", "g += np.outer(out[t], x[t])"),
        ("wrong-signal", "g += np.outer(out[t], out[t])"),
        ("transpose-dropped", "W = W - rate * g.T"),
        ("axis-wrong", "total = (out.sum(axis=1) + b) * 2 / 3"),
        ("mean-for-sum", "total = (out.mean(axis=0) + b) * 2 / 3"),
        ("sum-dropped", "total = (out + b) * 2 / 3"),
        ("scale-wrong", "total = (out.sum(axis=0) + b) / 3"),
        ("scale-wrong", "total = (out.sum(axis=0) + b) * 2"),
        ("parentheses-dropped", "total = out.sum(axis=0) + b * 2 / 3"),
        ("power-dropped", "return (W, out, -total)"),
        ("sign-flipped", "return (W, out, total ** 2)"),
        (
            "elementwise-for-matrix",
            "out[t] = sigmoid(x[t] * W + carry + b) * d_sigmoid(x[t - 1] @ W)",
        ),
        (
            "order-swapped",
            "out[t] = sigmoid(W @ x[t] + carry + b) * d_sigmoid(x[t - 1] @ W)",
        ),
    ],
)
def test_each_operator_writes_the_mistake_that_people_make(
    example: Exercise, code: str, found: str
) -> None:
    known = {(mutant.code, mutant.found) for mutant in mutants(example)}
    assert (code, found) in known, sorted(f for c, f in known if c == code)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("axis-wrong", "h = np.concatenate([x[:, ::-1], y], axis=1)"),
        ("axis-wrong", "a, b = np.split(h, 2, axis=0)"),
        ("order-swapped", "h = np.concatenate([x[:, :], y], axis=2)"),
        ("axis-wrong", "return np.stack([_sigmoid(a), b], axis=1)"),
        ("activation-dropped", "return np.stack([a, b], axis=0)"),
    ],
)
def test_joins_turns_and_underscored_activations_go_wrong_too(code: str, found: str) -> None:
    source = """\
import numpy as np

def f(x, y):
    h = np.concatenate([x[:, ::-1], y], axis=2)
    a, b = np.split(h, 2, axis=1)
    return np.stack([_sigmoid(a), b], axis=0)
"""
    spec = {
        "function": "f",
        "sizes": {"N": [2, 5]},
        "arguments": {"x": {"shape": ["N", 2, 3]}, "y": {"shape": ["N", 2, 3]}},
        "outputs": {"joined": {"shape": [2, "N", 1, 6]}},
    }
    assert (code, found) in {
        (m.code, m.found) for m in mutants(Exercise.parse("t/f", source, spec))
    }


def test_every_mutant_is_a_program_of_its_own_with_rows_where_they_were(example: Exercise) -> None:
    known = mutants(example)
    assert len({mutant.source for mutant in known}) == len(known)
    rows = SOURCE.splitlines()
    for mutant in known:
        ast.parse(mutant.source)
        assert mutant.source != SOURCE
        changed = mutant.source.splitlines()
        if len(changed) == len(rows):
            assert [i for i, row in enumerate(rows) if row != changed[i]] == [mutant.line - 1]


def test_two_mutants_combine_unless_they_stand_on_one_line(example: Exercise) -> None:
    known = {mutant.found: mutant for mutant in mutants(example)}
    first = known["g -= np.outer(x[t], out[t])"]
    second = known["W = W + rate * g.T.T"]
    both = combined(example, first, second)
    assert both is not None
    assert "g -= np.outer" in both
    assert "W + rate" in both
    assert combined(example, first, known["g += np.outer(out[t], x[t])"]) is None


@pytest.mark.parametrize(
    ("name", "mutants", "equivalent"),
    [("rnn/step_forward", 60, 0), ("bptt/bptt_loop", 200, 1), ("bptt/binary_adder", 200, 10)],
)
def test_every_exercise_of_the_bank_is_certified(
    judge: CodeJudge, exercise, name: str, mutants: int, equivalent: int
) -> None:
    certificate = certify(exercise(name), judge=judge)
    assert certificate.problems == ()
    assert certificate.holds
    assert certificate.reference_passes
    assert certificate.shipped_fails
    assert certificate.bugs_found
    assert certificate.survived == ()
    assert certificate.mutants >= mutants
    assert certificate.classes >= 4
    assert len(certificate.equivalent) == equivalent
    assert len(certificate.equivalent) <= 0.05 * certificate.mutants


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"outputs": {"u": {"shape": ["N", "H"]}}}, "the reference does not pass"),
        (
            {"equivalent": [{"mutant": "bias-dropped: u = x @ W_in + z_prev @ W", "reason": "-"}]},
            "listed as equivalent, but differs",
        ),
        (
            {"hard": {}, "sizes": {n: [1, 1] for n in "NDHK"}},
            "survived: transpose-added: u = x @ W_in + z_prev @ W.T + b",
        ),
        ({"tolerance": 10.0}, "survived: bias-dropped"),
    ],
)
def test_what_does_not_hold_is_a_problem(
    judge: CodeJudge, exercise, changed: dict, problem: str
) -> None:
    certificate = certify(exercise("rnn/step_forward", **changed), judge=judge)
    assert not certificate.holds
    assert any(found.startswith(problem) for found in certificate.problems), certificate.problems
