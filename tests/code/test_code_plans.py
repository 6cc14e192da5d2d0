"""Plans: several calls, objects, dictionaries and lists, every kind of argument and of output."""

import numpy as np
import pytest
from code_samples import ALL, PAIR, PAIR_SPEC, parsed

from engine.code.exercise import Exercise, ExerciseError
from engine.code.judge import CodeJudge


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("seed", range(3))
def test_the_reference_of_every_form_passes(judge: CodeJudge, name: str, seed: int) -> None:
    judged = judge.check(parsed(name), parsed(name).solution, seed=seed)
    assert judged.outcome == "correct", judged
    assert judged.notes == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "check", "output"),
    [
        ("pair", "prev_h @ Wh + b", "prev_h @ Wh.T + b", "value", "next_h"),
        ("pair", "1 - next_h**2", "1 + next_h**2", "value", "dx"),
        ("pair", "return next_h, cache", "return next_h", "type", None),
        ("pair", "du @ Wx.T, du @ Wh.T, x", "du @ Wx.T, x", "type", None),
        ("layer", "dt @ Wx.T, dt @ Wh.T", "dt @ Wx.T, dt @ Wh", "value", "dh_prev"),
        ("layer", "self.grads[1][...] =", "x =", "value", "dWh"),
        ("layer", "np.zeros_like(Wh), np", "np", "runs", None),
        ("dictionary", '"dxt": parameters["Wax"].T', '"dx": parameters["Wax"].T', "type",
         'gradients["dxt"]'),
        ("dictionary", "(1 - a_next**2) * da", "da", "value", 'gradients["dxt"]'),
        ("dictionary", "return gradients", "return list(gradients.values())", "type", "gradients"),
        ("optimiser", "params[i] -= self", "params[i] = params[i] + self", "value", "first[0]"),
        ("optimiser", "self.count += 1", "self.count += 0", "value", "count"),
        ("optimiser", "lr * grads[i]", "lr * grads[i] / self.count if self.count else 0", "value",
         "first[0]"),
        ("everything", "how.upper()", "how", "value", "name"),
        ("everything", "how.upper()", "3", "type", "name"),
        ("everything", "[how] * shape[0]", "[how] * (shape[0] + 1)", "value", "names"),
        ("everything", "shape, names", "shape + (1,), names", "shape", "shape"),
        ("everything", "counts,", "np.minimum(counts, 1),", "value", "counts"),
        ("everything", "total < 0", "total < -9", "type", "longest"),
        ("everything", "0.0 if state is None else float(state.sum())", "float(state.sum())", "runs",
         None),
        ("everything", "first = f(float(k))", "first = k * 2.0", "value", "first"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_where_it_is(
    judge: CodeJudge, name: str, old: str, new: str, check: str, output: str | None
) -> None:
    exercise = parsed(name)
    assert exercise.solution.count(old) == 1
    judged = judge.check(exercise, exercise.solution.replace(old, new), seed=2)
    assert judged.outcome == "wrong"
    failed = next(row for row in judged.checks if not row.passed)
    assert (failed.name, failed.output) == (check, output)


def test_the_number_of_returned_values_is_said(judge: CodeJudge) -> None:
    exercise = parsed("pair")
    short = exercise.solution.replace("return next_h, cache", "return next_h, cache, 1")
    judged = judge.check(exercise, short)
    row = next(row for row in judged.checks if not row.passed)
    assert (row.got, row.expected) == ("tuple of 3", "next_h, cache")
    assert judged.failed_step == "next_h, cache = step_forward(x, prev_h, Wx, Wh, b)"


@pytest.mark.parametrize(
    ("name", "old", "new", "missing", "nearest"),
    [
        ("pair", "def step_backward", "def step_bakward", "step_backward", "step_bakward"),
        ("layer", "class RNN", "class RNNs", "RNN", "RNNs"),
        ("layer", "def backward", "def bakward", "RNN.backward", "RNN.bakward"),
        ("layer", "self.grads", "self.gradz", "layer.grads", "gradz"),
    ],
)
def test_a_missing_name_comes_first_with_the_nearest_that_is_there(
    judge: CodeJudge, name: str, old: str, new: str, missing: str, nearest: str
) -> None:
    exercise = parsed(name)
    judged = judge.check(exercise, exercise.solution.replace(old, new))
    assert judged.outcome == "wrong"
    assert (judged.checks[0].name, judged.checks[0].expected) == ("defined", missing)
    assert not judged.checks[0].passed
    assert nearest in judged.nearest


def test_an_error_in_a_later_call_leaves_the_earlier_values_judged(judge: CodeJudge) -> None:
    exercise = parsed("pair")
    judged = judge.check(exercise, exercise.solution.replace("x.T @ du", "x @ du"))
    rows = {row.output or row.name: row.passed for row in judged.checks}
    assert rows["next_h"]
    assert not rows["runs"]
    assert judged.error is not None
    assert "x @ du" in judged.error.text
    assert judged.failed_step == "dx, dprev_h, dWx, dWh, db = step_backward(dnext_h, cache)"


def test_any_cache_and_any_object_do(judge: CodeJudge) -> None:
    exercise = parsed("pair")
    other = exercise.solution.replace(
        "cache = (x, prev_h, Wx, Wh, next_h)",
        "cache = lambda: [x, prev_h, Wx, Wh, next_h]",
    ).replace("= cache\n", "= cache()\n")
    assert judge.check(exercise, other).outcome == "correct"
    layer = parsed("layer")
    lazy = layer.solution.replace("self.grads = [", "self._grads = [").replace(
        "self.grads[", "self._grads["
    )
    lazy += "\n    @property\n    def grads(self):\n        return tuple(self._grads)\n"
    assert judge.check(layer, lazy).outcome == "correct"


def test_a_new_list_in_place_of_the_old_one_does_not_change_the_callers(judge: CodeJudge) -> None:
    exercise = parsed("optimiser")
    rebound = exercise.solution.replace(
        "        for i in range(len(params)):\n            params[i] -= self.lr * grads[i]\n",
        "        params = [p - self.lr * g for p, g in zip(params, grads)]\n",
    )
    judged = judge.check(exercise, rebound)
    assert judged.outcome == "wrong"
    assert judged.notes == ()


def test_the_failing_input_prints_the_whole_plan(judge: CodeJudge) -> None:
    exercise = parsed("layer")
    wrong = exercise.solution.replace("dt @ Wx.T, dt @ Wh.T", "dt @ Wx.T, dt @ Wh")
    judged = judge.check(exercise, wrong, seed=4)
    assert judged.failing_input is not None
    assert judged.failing_input.splitlines()[-4:] == [
        "layer = RNN(Wx, Wh, b)",
        "h_next = layer.forward(x, h)",
        "dx, dh_prev = layer.backward(dh)",
        "dWx, dWh, db = layer.grads",
    ]


def test_a_function_among_the_arguments_is_printed_with_its_text(judge: CodeJudge) -> None:
    exercise = parsed("everything")
    wrong = exercise.solution.replace("how.upper()", "how")
    judged = judge.check(exercise, wrong, seed=4)
    printed = (judged.failing_input or "").splitlines()
    assert printed[2:4] == ["def square(x):", "    return x * x"]
    assert "f = square" in printed


@pytest.mark.parametrize(
    ("name", "codes"),
    [("pair", {"sign-flipped", "axis-wrong", "bias-dropped"}), ("layer", {"transpose-dropped"})],
)
def test_every_called_function_and_method_has_mutants(
    judge: CodeJudge, name: str, codes: set
) -> None:
    exercise = parsed(name)
    found = judge.mutants_of(exercise)
    assert codes <= {mutant.code for mutant in found}
    wrong = exercise.solution.replace("1 - next_h**2", "1 + next_h**2").replace(
        "1 - h_next**2", "1 + h_next**2"
    )
    judged = judge.check(exercise, wrong, shrink=False)
    assert [mistake.code for mistake in judged.mistakes] == ["sign-flipped"]


@pytest.mark.parametrize(
    ("name", "changed", "path", "nearest"),
    [
        ("pair", {"function": "f"}, (), None),
        ("pair", {"calls": []}, ("outputs", "next_h"), None),
        ("pair", {"calls": [{"call": "step_forwad", "with": ["x"]}]}, ("outputs", "next_h"), None),
        ("pair", {"calls": [{"call": "f", "with": ["y"]}]}, ("calls", 0, "with"), "Wh"),
        ("pair", {"calls": [{"call": "f", "new": "g"}]}, ("calls", 0), "call"),
        ("pair", {"calls": [{"call": "f(x)"}]}, ("calls", 0, "call"), None),
        ("pair", {"calls": [{"call": "a.b.c"}]}, ("calls", 0, "call"), None),
        ("pair", {"calls": [{"read": "x", "retuns": ["dx"]}]}, ("calls", 0, "retuns"), "returns"),
        ("pair", {"calls": [{"read": "x", "returns": ["b"]}]}, ("calls", 0), None),
        ("pair", {"choices": {"z": ["1"]}}, ("choices", "z"), "a"),
        ("optimiser", {"outputs": {"p": {"after": "parms"}}}, ("outputs", "p", "after"), "params"),
        ("optimiser", {"outputs": {"p": {"after": "lr"}}}, ("outputs", "p", "after"), None),
        ("dictionary", {"hard": {"h": {"fill": {"parameters.bb": 0}}}},
         ("hard", "h", "fill", "parameters.bb"), "parameters.ba"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_plan_says_where_it_stands(
    name: str, changed: dict, path: tuple, nearest: str | None
) -> None:
    source, spec = ALL[name]
    with pytest.raises(ExerciseError) as error:
        Exercise.parse("test", source, {**spec, **changed})
    assert error.value.path == path
    assert nearest is None or nearest in error.value.nearest


@pytest.mark.parametrize(
    ("calls", "nearest"),
    [
        ([{"call": "step_forwards", "with": ["x"], "returns": ["next_h"]}], "step_forward"),
        ([{"call": "step_forward", "with": ["x"], "returns": ["next_h"]}], None),
        ([{"new": "RNN", "with": ["x"], "as": "layer"}], None),
    ],
)
def test_a_plan_calls_what_the_file_defines(calls: list, nearest: str | None) -> None:
    outputs = {"next_h": {"shape": ["N", "H"]}} if "returns" in calls[0] else {
        "x_after": {"after": "x"}
    }  # fmt: skip
    spec = {**PAIR_SPEC, "calls": calls, "outputs": outputs}
    del spec["gradients"]
    with pytest.raises(ExerciseError) as error:
        Exercise.parse("test", PAIR, spec)
    assert error.value.path == ("calls", 0)
    assert nearest is None or nearest in error.value.nearest


@pytest.mark.parametrize("seed", range(5))
def test_draws_are_what_they_are_called(seed: int) -> None:
    from engine.code.inputs import cases

    drawn = cases(parsed("everything").spec, seed)
    names = [case.name for case in drawn]
    assert "repeated-indices" in names
    assert "without-state" in names
    assert {case.arguments["how"] for case in drawn} == {"sum", "mean"}
    for case in drawn:
        values, sizes = case.arguments, case.sizes
        assert values["ids"].dtype == np.int64
        assert values["ids"].max() < sizes["V"] == values["V"]
        ones = values["mask"].sum(axis=1)
        assert ones.max() == sizes["T"] == values["lengths"].max()
        assert ones.min() >= 1
        assert len(set(ones)) >= min(2, len(ones))
        assert (np.diff(values["mask"], axis=1) <= 0).all()
        assert (values["onehot"].sum(axis=1) == 1).all()
        assert np.allclose(values["p"].sum(axis=1), 1)
        assert values["p"].min() > 0
        assert all(type(word) is int for word in values["words"])
        assert len(values["words"]) == sizes["T"]
        assert type(values["k"]) is int
        assert [t.shape for t in values["tensors"]] == [(sizes["T"],)] * sizes["N"]
        if case.name == "repeated-indices":
            assert len(set(values["ids"])) < len(values["ids"])
        if case.name == "without-state":
            assert values["state"] is None
    assert any(case.arguments["state"] is not None for case in drawn)
