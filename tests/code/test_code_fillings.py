"""What an author may put into a hard case, and what draws without a shape give."""

import numpy as np
import pytest

from engine.code.exercise import Exercise, ExerciseError
from engine.code.inputs import cases
from engine.code.judge import CodeJudge
from question_bank.entries import read_exercise
from question_bank.forms import Log
from question_bank.yaml_reader import read

SOURCE = """\
import numpy as np


def f(x, ids, mask, k, rate, how, state, g):
    total = g(rate) * float((x * mask).sum()) * (k - 0.5) + float(ids.sum())  #: a
    if state is not None:
        total = total + float(state["h"].sum())
    return total if how is None else total * 2


#: judge
def g(v):
    return v + 1
"""
SPEC: dict = {
    "function": "f",
    "sizes": {"N": [2, 4], "H": [2, 4]},
    "arguments": {
        "x": {"shape": ["N", "H"]},
        "ids": {"draw": "index", "below": "N", "shape": ["H"]},
        "mask": {"draw": "mask", "dtype": "boolean", "shape": ["N", "H"]},
        "k": {"draw": "index", "below": "N"},
        "rate": {"draw": "number", "low": 0.0004, "high": 0.0006},
        "how": {"draw": "choice", "of": [None, "twice"]},
        "state": {"entries": {"h": {"shape": ["H"]}}, "optional": True},
        "g": {"draw": "function", "of": "g"},
    },
    "outputs": {"total": {}},
}


def parsed(**fill: object) -> Exercise:
    hard = {
        "case": {
            "sizes": {"N": 2, "H": 3},
            "fill": {k.replace("__", "."): v for k, v in fill.items()},
        }
    }
    return Exercise.parse("t/f", SOURCE, {**SPEC, "hard": hard})


def hard_case(exercise: Exercise, seed: int = 0) -> dict:
    return dict(next(case for case in cases(exercise.spec, seed) if case.name == "case").arguments)


def test_null_may_be_an_option_and_may_be_filled_in_where_it_is_one(judge: CodeJudge) -> None:
    assert hard_case(parsed(how=None))["how"] is None
    assert hard_case(parsed(state=None))["state"] is None
    assert {case.arguments["how"] for case in cases(parsed().spec, 0)} == {None, "twice"}
    exercise = parsed(how=None)
    assert judge.check(exercise, exercise.solution, seed=1).outcome == "correct"
    forgotten = exercise.solution.replace("if how is None else total * 2", "* 2")
    assert judge.check(exercise, forgotten, seed=1).outcome == "wrong"


def test_null_comes_through_from_the_file() -> None:
    text = (
        "id: rnn/f\ntitle: {en: A, ja: ア}\ntask: {en: A., ja: ア。}\nobjectives: [A01]\nlevel: 1\n"
        "seconds: 60\njudge:\n  function: f\n  arguments:\n    how: {draw: choice, of: [null, a]}\n"
        "  hard:\n    case: {fill: {how: null}}\n"
    )
    root, problems = read(text.encode(), "f.yaml")
    log = Log()
    entry = read_exercise(root, "f.yaml", "rnn/f", "", built_in=True, log=log)
    assert (problems, log.problems) == ([], [])
    assert entry is not None
    assert entry.spec["arguments"]["how"]["of"] == [None, "a"]
    assert entry.spec["hard"]["case"]["fill"] == {"how": None}
    root, _ = read(text.replace("function: f", "function:").encode(), "f.yaml")
    assert read_exercise(root, "f.yaml", "rnn/f", "", built_in=True, log=log) is None
    assert [problem.place.line for problem in log.problems] == [8]


def test_numbers_fill_exactly_what_they_should() -> None:
    exact = [[1, 2, 3], [4, 5, 6.5]]
    filled = hard_case(
        parsed(
            x={"exactly": exact},
            ids={"exactly": [1, 0, 1]},
            mask=True,
            k=1,
            how="twice",
            state__h=2,
        )
    )
    assert filled["x"].tolist() == exact
    assert filled["ids"].tolist() == [1, 0, 1]
    assert filled["ids"].dtype == np.int64
    assert filled["mask"].all()
    assert filled["mask"].dtype == np.bool_
    assert (type(filled["k"]), filled["k"]) == (int, 1)
    assert filled["state"]["h"].tolist() == [2, 2, 2]


def test_what_cannot_be_filled_in_is_an_error_of_form_at_its_place() -> None:
    rows: tuple[tuple[str, object, tuple, str], ...] = (
        ("x", {"exactly": [[1, 2, ".inf"], [4, 5, 6]]}, ("exactly", 0, 2), "finite number"),
        ("x", {"exactly": [[1, 2, float("inf")], [4, 5, 6]]}, ("exactly", 0, 2), "finite number"),
        ("x", {"exactly": [[1, 2], [4, 5]]}, ("exactly", 0), "a list of 3"),
        ("x", {"exactly": [1, 2]}, ("exactly", 0), "a list of 3"),
        ("x", {"exactly": "zeros"}, ("exactly",), "a list of 2"),
        ("x", float("nan"), (), "finite number"),
        ("x", "repeated", (), "only an index"),
        ("x", "much", (), "finite number"),
        ("x", None, (), "only an optional argument"),
        ("ids", 0.5, (), "whole number"),
        ("ids", {"times": 2}, (), "cannot be multiplied"),
        ("k", "repeated", (), "with a shape"),
        (
            "mask",
            {"exactly": [[True, False, "x"], [True, True, True]]},
            ("exactly", 0, 2),
            "finite",
        ),
        ("how", "thrice", (), "no option"),
        ("how", 0, (), "no option"),
        ("state", 0, (), "can only be null"),
        ("g", 3, (), "function"),
    )
    for address, given, below, said in rows:
        with pytest.raises(ExerciseError) as error:
            parsed(**{address: given})
        assert error.value.path == ("hard", "case", "fill", address, *below), (address, given)
        assert said in error.value.what, (address, given, error.value.what)


def test_numbers_for_an_array_need_the_sizes_that_they_were_written_for() -> None:
    hard = {"case": {"sizes": {"N": 2}, "fill": {"x": {"exactly": [[1], [2]]}}}}
    with pytest.raises(ExerciseError, match="needs fixed sizes: H"):
        Exercise.parse("t/f", SOURCE, {**SPEC, "hard": hard})


def test_a_draw_without_a_shape_is_a_plain_number_as_an_index_should_be() -> None:
    for case in cases(parsed().spec, 3):
        assert type(case.arguments["k"]) is int
        assert 0 <= case.arguments["k"] < case.sizes["N"]
        # Rounding to three digits would leave the range.
        assert 0.0004 <= case.arguments["rate"] <= 0.0006
