"""Blanks judged apart: each with the reference in the others, whatever stands before it."""

import pytest
from code_samples import parsed

from engine.code.blanks import answers_in
from engine.code.exercise import Exercise
from engine.code.judge import CodeJudge

LOOP = "bptt/bptt_loop"
RIGHT_B = "z[t + 1].T @ delta_out"


@pytest.mark.parametrize(
    ("answers", "right"),
    [
        ({"a": "delta_out", "b": RIGHT_B}, {"a": False, "b": True, "c": True, "d": True}),
        ({"a": "nothing", "c": "z[t] @ delta"}, {"a": False, "b": True, "c": False, "d": True}),
        ({"d": "delta.mean(axis=0)"}, {"a": True, "b": True, "c": True, "d": False}),
    ],
)
def test_a_later_blank_is_judged_with_the_reference_in_the_earlier_ones(
    judge: CodeJudge, exercise, answers: dict, right: dict
) -> None:
    judged = judge.check(exercise(LOOP), exercise(LOOP).fill(answers), shrink=False)
    assert judged.outcome == "wrong"
    assert judged.blanks == right
    rows = {row.output: row.passed for row in judged.checks if row.name == "blank"}
    assert rows == right


def test_each_wrong_blank_gets_its_own_name(judge: CodeJudge, exercise) -> None:
    answers = {
        "a": "(delta_next @ W + delta_out @ W_out.T) * (1 - z[t + 1] ** 2)",
        "b": "z[t].T @ delta_out",
        "d": "delta.mean(axis=0)",
    }
    source = exercise(LOOP).fill(answers)
    judged = judge.check(exercise(LOOP), source, shrink=False)
    assert [(m.code, m.at["blank"]) for m in judged.mistakes] == [
        ("transpose-dropped", "a"),
        ("index-shifted", "b"),
        ("mean-for-sum", "d"),
    ]
    assert [source.splitlines()[m.line - 1].strip() for m in judged.mistakes] == [
        "delta = (delta_next @ W + delta_out @ W_out.T) * (1 - z[t + 1] ** 2)",
        "dW_out += z[t].T @ delta_out",
        "db += delta.mean(axis=0)",
    ]


def test_an_endless_blank_does_not_hide_the_others(judge: CodeJudge, exercise) -> None:
    source = exercise(LOOP).fill({"b": "[None for _ in iter(int, 1)]"})
    judged = judge.check(exercise(LOOP, seconds=1.0), source, shrink=False)
    assert judged.error is not None
    assert judged.error.kind == "timeout"
    assert judged.blanks["a"]
    assert not judged.blanks["b"]


def test_what_is_filled_is_judged_while_others_are_left(judge: CodeJudge, exercise) -> None:
    found = exercise(LOOP)
    source = found.typed_source().replace("dW += ____", "dW += z[t].T @ delta")
    source = source.replace("db += ____", "db += delta.sum()")
    judged = judge.check(found, source)
    assert (judged.outcome, judged.reason) == ("not_understood", "blank-left")
    assert judged.blanks == {"c": True, "d": False}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda text: text, {"a": "1", "b": "2"}),
        (lambda text: text.replace("", ""), {"a": "1", "b": "2"}),
        (lambda text: text.replace("\n", "  \n").replace("\n", "\r\n"), {"a": "1", "b": "2"}),
        (lambda text: text.replace("import numpy", "import  numpy"), None),
        (lambda text: text.replace("cache = (x", "cache = (b"), None),
        (lambda text: text + "# more\n", None),
        (lambda text: "", None),
    ],
)
def test_blanks_are_read_back_unless_the_rest_was_changed(change, expected) -> None:
    found = parsed("pair")
    source = found.typed_source().replace("____", "1", 1).replace("____", "2", 1)
    assert answers_in(found, change(source)) == expected


BLOCK = """\
def f(x):
    x = x * 2  #: a
    #: b begin
    if x > 0:
        y = x
    else:
        y = 0
    #: b end
    return y
"""
BLOCK_SPEC = {
    "function": "f",
    "arguments": {"x": {"draw": "number"}},
    "outputs": {"y": {}},
}


def test_a_block_is_read_back_with_its_own_indentation() -> None:
    found = Exercise.parse("test/block", BLOCK, BLOCK_SPEC)
    answer = "if x > 0:\n    y = x\nelse:\n    y = -x"
    assert answers_in(found, found.fill({"b": answer})) == {"a": "x * 2", "b": answer}
