"""Which mistake a wrong answer is: by behaviour, over several blanks, for every seed."""

import numpy as np
import pytest
from code_samples import parsed

from engine.code.certification import certify, misnamed
from engine.code.channel import Value
from engine.code.choices import Distractor
from engine.code.exercise import Exercise
from engine.code.judge import CodeJudge
from engine.code.naming import alike
from engine.code.runner import Call

SOURCE = """\
import numpy as np


def step(x, h, W, U):
    gate = 1 / (1 + np.exp(-(x @ W)))  #: a
    new = np.tanh(h @ U)  #: b
    kept = 1 - gate
    return gate * new + kept * h  #: c
"""
SPEC = {
    "function": "step",
    "sizes": {"N": [2, 4], "D": [2, 5], "H": [2, 5]},
    "arguments": {
        "x": {"shape": ["N", "D"]},
        "h": {"shape": ["N", "H"]},
        "W": {"shape": ["D", "H"]},
        "U": {"shape": ["H", "H"]},
    },
    "outputs": {"state": {"shape": ["N", "H"]}},
    "bugs": {
        "activations-exchanged": {
            "code": "activation-wrong",
            "replace": {
                "gate = 1 / (1 + np.exp(-(x @ W)))": "gate = np.tanh(x @ W)",
                "new = np.tanh(h @ U)": "new = 1 / (1 + np.exp(-(h @ U)))",
            },
        },
        "not-turned": {
            "code": "transpose-added",
            "replace": {"new = np.tanh(h @ U)": "new = np.tanh(h @ U.T)"},
        },
    },
}


@pytest.fixture(scope="module")
def gated() -> Exercise:
    return Exercise.parse("t/gated", SOURCE, SPEC)


def test_a_mistake_over_two_blanks_has_its_name_though_neither_blank_alone_shows_it(
    judge: CodeJudge, gated: Exercise
) -> None:
    typed = gated.fill({"a": "np.tanh(x @ W)", "b": "1 / (1 + np.exp(-(h @ U)))"})
    for source in (gated.bug_source("activations-exchanged"), typed):
        for seed in range(4):
            judged = judge.check(gated, source, seed=seed, shrink=False)
            assert [mistake.at.get("bug") for mistake in judged.mistakes] == [
                "activations-exchanged"
            ]
            assert judged.blanks == {"a": False, "b": False, "c": True}


def test_one_half_of_it_and_another_mistake_are_named_blank_by_blank(
    judge: CodeJudge, gated: Exercise
) -> None:
    source = gated.fill({"a": "np.tanh(x @ W)", "b": "np.tanh(h @ U.T)"})
    mistakes = judge.check(gated, source, seed=1, shrink=False).mistakes
    assert [(m.code, m.at["blank"]) for m in mistakes][-1] == ("transpose-added", "b")
    assert all(mistake.at.get("bug") != "activations-exchanged" for mistake in mistakes)


def test_a_shipped_mistake_that_has_its_name_for_some_seeds_only_is_a_problem(
    judge: CodeJudge,
) -> None:
    # Wrong for one of nine numbers: with some seeds it is drawn, with some it is not.
    source = SOURCE.replace("kept = 1 - gate", "kept = 1 - gate * (k > 0)")
    arguments = {**SPEC["arguments"], "k": {"draw": "count", "low": 0, "high": 8}}
    bug = {
        "code": "sign-flipped",
        "replace": {"kept = 1 - gate * (k > 0)": "kept = 1 - gate * (k > 0) + (k == 3)"},
    }
    source = source.replace("W, U)", "W, U, k)")
    spec = {**SPEC, "arguments": arguments, "bugs": {"rare": bug}}
    problems = certify(Exercise.parse("t/rare", source, spec), judge=judge).problems
    assert any(p.startswith("bug 'rare': correct") and "seed" in p for p in problems), problems


def mapping(**entries: float) -> Value:
    items = tuple(Value("array", "float", np.array(value)) for value in entries.values())
    return Value("mapping", "dict", None, items, tuple(entries))


def test_dictionaries_are_alike_by_the_keys_that_the_exercise_declares() -> None:
    outputs = parsed("dictionary").spec.outputs
    whole = mapping(dxt=1.0, dWax=2.0, dba=3.0)
    for other, same in (
        (mapping(dba=3.0, dWax=2.0, dxt=1.0), True),  # in another order
        (mapping(dxt=1.0, dWax=2.0, dba=3.0, cache=9.0), True),  # with a key of one's own
        (mapping(dxt=1.0, dWax=2.0), False),
        (mapping(), False),
        (mapping(dxt=1.0, dWax=2.0, dba=4.0), False),
        (Value("none", "NoneType"), False),
    ):
        left, right = Call({"gradients": whole}), Call({"gradients": other})
        assert alike(left, right, outputs) is alike(right, left, outputs) is same
    assert alike(
        Call({"gradients": mapping(dxt=1.0)}), Call({"gradients": mapping(dxt=1.0)}), outputs
    )


def test_a_dictionary_without_one_gradient_is_not_taken_for_a_mistake_in_another(
    judge: CodeJudge,
) -> None:
    exercise = parsed("dictionary")
    source = exercise.solution.replace('        "dba": dtanh.sum(axis=1, keepdims=True),\n', "")
    judged = judge.check(exercise, source, seed=0, shrink=False)
    assert judged.outcome == "wrong"
    assert judged.mistakes == ()
    assert ("type", "'dba'") in [
        (row.name, row.expected) for row in judged.checks if not row.passed
    ]


def test_a_choice_that_has_another_name_when_it_is_typed_is_a_problem_of_the_full_proof(
    judge: CodeJudge, gated: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = judge.choices(gated, "a")  # the half of a declared mistake is none of its own
    assert all(choice.bug is None for choice in half)
    monkeypatch.setattr(judge, "choices", lambda exercise, letter, seed=0: shown[letter])
    wrong = Distractor("gate * new - kept * h", "order-swapped")
    shown = {"a": half[:1], "b": (), "c": (wrong,)}
    said = "'gate * new - kept * h': 'order-swapped' is named ['sign-flipped'] (seed 0)"
    assert misnamed(judge, gated) == [f"blank 'c': {said}"]
