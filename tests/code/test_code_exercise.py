"""An exercise: blanks from comments, shipped mistakes from named lines, errors that say where."""

import pytest

from engine.code import fields
from engine.code.exercise import Exercise, ExerciseError

SOURCE = '''\
"""Twice."""

import numpy as np


def twice(x, y):
    a = np.sum(x * 2)  #: a
    b = a + np.tanh(y)  #: b | np.tanh(y)
    #: c begin
    if b > 0:
        b = -b
    #: c end
    return b


#: judge
def loss(x, y):
    return 0.0
'''
SPEC = {
    "function": "twice",
    "sizes": {"N": [2, 4]},
    "arguments": {"x": {"shape": ["N"]}, "y": {"draw": "number"}},
    "outputs": {"b": {}},
    "bugs": {"plus": {"code": "sign-flipped", "replace": {"b = -b": "b = +b"}}},
}


def parsed(source: str = SOURCE, **changed: object) -> Exercise:
    return Exercise.parse("test/twice", source, {**SPEC, **changed})


def test_blanks_replace_what_the_marks_name_and_the_rest_stays_runnable() -> None:
    assert parsed().typed_source().splitlines()[6:] == [
        "    a = ____  # (a)",
        "    b = a + ____  # (b)",
        "    ____  # (c)",
        "    return b",
    ]


def test_each_blank_knows_its_letter_its_line_and_what_belongs_there() -> None:
    blanks = [(blank.letter, blank.line, blank.text) for blank in parsed().blanks]
    assert blanks == [
        ("a", 7, "np.sum(x * 2)"),
        ("b", 8, "np.tanh(y)"),
        ("c", 9, "    if b > 0:\n        b = -b"),
    ]


def test_the_solution_has_neither_marks_nor_the_judges_part() -> None:
    solution = parsed().solution
    assert "#:" not in solution
    assert "loss" not in solution
    assert "        b = -b" in solution


def test_the_shipped_mistake_stands_on_its_line() -> None:
    exercise = parsed()
    (bug,) = exercise.bugs
    assert (bug.name, bug.code) == ("plus", "sign-flipped")
    assert exercise.bug_source("plus").splitlines()[bug.line - 1] == "        b = +b"


def test_filling_blanks_takes_the_reference_where_nothing_is_given() -> None:
    exercise = parsed()
    assert exercise.fill({}).replace("\n\n", "\n") == exercise.solution.replace("\n\n", "\n")
    filled = exercise.fill({"c": "if b < 0:\n    b = 1"})
    assert "    if b < 0:\n        b = 1\n    return b" in filled
    with pytest.raises(KeyError):
        exercise.fill({"q": "1"})


@pytest.mark.parametrize(
    ("changed", "path", "nearest"),
    [
        ({"function": "thrice"}, ("function",), "twice"),
        ({"sizes": {"N": [4, 2]}}, ("sizes", "N"), None),
        ({"sizes": {"N": "four"}}, ("sizes", "N"), None),
        ({"arguments": {"x": {"shape": ["M"]}, "y": {}}}, ("arguments", "x", "shape"), "N"),
        ({"arguments": {"x": {"drow": "bits"}, "y": {}}}, ("arguments", "x", "drow"), "draw"),
        ({"arguments": {"y": {}, "x": {}}}, ("arguments",), None),
        ({"arguments": {"x": {"draw": "unifrom"}, "y": {}}}, ("arguments", "x", "draw"), "uniform"),
        ({"tolerance": "small"}, ("tolerance",), None),
        ({"hard": {"none": {"fill": {"z": 0}}}}, ("hard", "none", "fill", "z"), "x"),
        ({"hard": {"one": {"sizes": {"N": 0}}}}, ("hard", "one", "sizes", "N"), None),
        ({"gradients": {"loss": "loss", "of": {"c": "x"}}}, ("gradients", "of", "c"), "b"),
        ({"gradients": {"loss": "lass", "of": {"b": "x"}}}, ("gradients", "loss"), "loss"),
        (
            {"bugs": {"q": {"code": "sign-fliped", "replace": {"b = -b": "b"}}}},
            ("bugs", "q", "code"),
            "sign-flipped",
        ),
        (
            {"bugs": {"q": {"code": "sign-flipped", "replace": {"b = 3": "b"}}}},
            ("bugs", "q", "replace", "b = 3"),
            None,
        ),
        (
            {"bugs": {"q": {"code": "sign-flipped", "replace": {"b = -b": "b = ("}}}},
            ("bugs", "q", "replace"),
            None,
        ),
        ({"mutation": {"roles": {"biass": ["x"]}}}, ("mutation", "roles"), "bias"),
        ({"equivalent": [{"mutant": "x"}]}, ("equivalent", 0), None),
        ({"judges": 1}, ("judges",), None),
    ],
)
def test_a_mistake_in_the_data_is_placed_and_the_nearest_name_is_given(
    changed: dict, path: tuple, nearest: str | None
) -> None:
    with pytest.raises(ExerciseError) as error:
        parsed(**changed)
    assert error.value.path == path
    assert nearest is None or nearest in error.value.nearest


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("#: a", "#: a b", 7),
        ("#: b | np.tanh(y)", "#: b | np.sinh(y)", 8),
        ("    #: c end\n", "", 9),
        ("    #: c begin\n", "", 11),
        ("return b\n", "return b  #: d begin\n", 13),
        ("a = np.sum(x * 2)", "a = (", 7),
    ],
)
def test_a_mistake_in_the_marks_is_placed(old: str, new: str, line: int) -> None:
    with pytest.raises(ExerciseError) as error:
        parsed(SOURCE.replace(old, new))
    assert error.value.path[0] == "source"
    assert error.value.path[1] == line


def test_every_exercise_of_the_bank_is_read_and_runs_as_it_stands(exercise) -> None:
    for name in ("rnn/step_forward", "bptt/bptt_loop", "bptt/binary_adder"):
        found = exercise(name)
        assert found.blanks
        assert "____" in found.typed_source()
        assert "____" not in found.reference_source


@pytest.mark.parametrize(
    ("written", "length", "again"),
    [
        (3, 3, "3"),
        ("H", 5, "H"),
        ("T+1", 4, "T+1"),
        ("H - 1", 4, "H-1"),
        ("4*H", 20, "4*H"),
        ("H+D", 7, "H+D"),
        ("2*H+D-1", 11, "2*H+D-1"),
    ],
)
def test_a_length_is_a_sum_of_whole_multiples(written: object, length: int, again: str) -> None:
    read = fields.length(written, ["H", "D", "T"], ())
    assert read.at({"H": 5, "D": 2, "T": 3}) == length
    assert str(read) == again


@pytest.mark.parametrize("written", ["H*4", "H*D", "h", "4H", "H+", "", "H//2", None])
def test_anything_else_is_no_length(written: object) -> None:
    with pytest.raises(ExerciseError):
        fields.length(written, ["H", "D"], ())
