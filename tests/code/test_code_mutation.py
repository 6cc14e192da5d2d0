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


ALONG = """\
import numpy as np

def f(x, W, b, ids):
    T = len(x)
    h = np.zeros((T + 1, len(b)))
    for t in range(1, T):
        h[t] = np.tanh(x[t] @ W + h[t - 1] * b)
    for t in range(T - 1, -1, -1):
        h[t] = h[t] + h[t + 1]
    first, rest = h[:-1], x[:, 1:]
    norms = np.concatenate([first, rest], axis=-1).sum(axis=2)
    return np.zeros((T, 2)), [n for n in range(2, T)], np.argmax(norms, axis=-2), W.T @ b.T
"""
ALONG_SPEC = {
    "function": "f",
    "sizes": {"T": [3, 5], "D": [2, 5], "H": [2, 5]},
    "arguments": {
        "x": {"shape": ["T", "D"]},
        "W": {"shape": ["D", "H"]},
        "b": {"shape": ["H"]},
        "ids": {"draw": "index", "below": "H", "shape": ["T"]},
    },
    "outputs": {"a": {"shape": ["T", 2]}, "b": {}, "c": {}, "d": {}},
}


@pytest.fixture(scope="module")
def along() -> set[tuple[str, str]]:
    exercise = Exercise.parse("t/f", ALONG, ALONG_SPEC)
    return {(mutant.code, mutant.found) for mutant in mutants(exercise)}


def test_ranges_slices_axes_and_products_go_wrong_as_people_write_them(
    along: set[tuple[str, str]],
) -> None:
    returned = (
        "return (np.zeros((T, 2)), [n for n in range({})], np.argmax(norms, axis={}), W.T @ b.T)"
    )
    for code, found in (
        # A range with two arguments: its last step, its first one, one too early.
        ("sum-shortened", "for t in range(1, T - 1):"),
        ("sum-starts-late", "for t in range(2, T):"),
        ("sum-lengthened", "for t in range(1, T + 1):"),
        ("wraps-to-last-state", "for t in range(0, T):"),
        ("sum-starts-late", returned.format("3, T", -2)),
        # Backwards: its last step is the first one of the run.
        ("sum-shortened", "for t in range(T - 1, 0, -1):"),
        ("sum-starts-late", "for t in range(T - 2, -1, -1):"),
        ("order-swapped", "for t in range(0, T):"),
        # All but the first, all but the last.
        ("index-shifted", "first, rest = (h[1:], x[:, 1:])"),
        ("index-shifted", "first, rest = (h[:], x[:, 1:])"),
        ("index-shifted", "first, rest = (h[:-1], x[:, :-1])"),
        # Axes counted from the end, and the third one.
        ("axis-wrong", "norms = np.concatenate([first, rest], axis=0).sum(axis=2)"),
        ("axis-wrong", "norms = np.concatenate([first, rest], axis=-1).sum(axis=1)"),
        ("axis-wrong", returned.format("2, T", -1)),
        ("sum-for-product", "h[t] = np.tanh(x[t] @ W + (h[t - 1] + b))"),
    ):
        assert (code, found) in along, (found, sorted(f for c, f in along if c == code))


def test_the_transpose_of_a_vector_is_no_mistake(along: set[tuple[str, str]]) -> None:
    turned = {found for code, found in along if code.startswith("transpose")}
    # A matrix that is turned, or turned back; never x[t], a row of the matrix x, and never b.
    assert turned == {
        "h[t] = np.tanh(x[t] @ W.T + h[t - 1] * b)",
        "return (np.zeros((T, 2)), [n for n in range(2, T)], np.argmax(norms, axis=-2), W @ b.T)",
    }


def test_vectors_are_known_by_how_they_come_about() -> None:
    source = """\
import numpy as np

class Cell:
    def __init__(self, W):
        self.W = W

    def step(self, row, batch):
        N, D = batch.shape
        flat, zero = row + batch[0], np.zeros(D)
        total = batch.sum(axis=0)
        pair = np.stack([row, total], axis=1)
        for each, (k, last) in zip(batch, enumerate(batch)):
            a = each @ row
        W = self.W
        return flat @ W, zero @ W, total @ W, pair @ pair, np.tanh(row) @ W
"""
    spec = {
        "calls": [
            {"new": "Cell", "with": ["W"], "as": "cell"},
            {"call": "cell.step", "with": ["x", "X"], "returns": ["p", "q", "r", "s", "t"]},
        ],
        "sizes": {"D": [2, 5]},
        "arguments": {"W": {"shape": ["D", "D"]}, "x": {"shape": ["D"]}, "X": {"shape": [2, "D"]}},
        "outputs": {name: {} for name in "pqrst"},
    }
    found = mutants(Exercise.parse("t/cell", source, spec))
    turned = {m.found for m in found if m.code == "transpose-added"}
    texts = "flat @ W, zero @ W, total @ W, pair @ pair, np.tanh(row) @ W"
    right = [part.strip() for part in texts.split(",")]
    assert turned == {
        # W came out of an attribute: unknown, but it has the argument's name.
        *("return (" + texts.replace(part, part + ".T") + ")" for part in right if part[-1] == "W"),
        f"return ({texts.replace('pair @ pair', 'pair.T @ pair')})",
        f"return ({texts.replace('pair @ pair', 'pair @ pair.T')})",
    }


def test_a_mutant_that_only_changes_its_inputs_is_right_to_the_judge_and_so_to_the_certificate(
    judge: CodeJudge,
) -> None:
    source = """\
import numpy as np

def step(h, x):
    new = h
    new = np.array(h)
    new[0] += x.sum(axis=0) * 2
    return new - 1
"""
    spec = {
        "function": "step",
        "sizes": {"N": [2, 4], "H": [2, 4]},
        "arguments": {"h": {"shape": ["N", "H"]}, "x": {"shape": ["N", "H"]}},
        "outputs": {"new": {"shape": ["N", "H"]}},
    }
    exercise = Exercise.parse("t/step", source, spec)
    in_place = next(m for m in judge.mutants_of(exercise) if m.expected == "new = np.array(h)")
    judged = judge.check(exercise, in_place.source)
    assert (judged.outcome, judged.notes) == ("correct", ("input-changed-in-place",))
    certificate = certify(exercise, judge=judge)
    assert in_place.id in certificate.survived
    reason = {"mutant": in_place.id, "reason": "only the input is changed, and that is told"}
    listed = Exercise.parse("t/step", source, {**spec, "equivalent": [reason]})
    assert in_place.id in certify(listed, judge=judge).equivalent


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
    [("rnn/step_forward", 60, 0), ("bptt/bptt_loop", 200, 1), ("bptt/binary_adder", 200, 5)],
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
