"""What a second name of an array shows: held against NumPy itself."""

import numpy as np
import pytest

from engine.computations import ComputationError, computation

OLD, NEW = [1, 2, 5], [7, 0, -3]


def replaced(a, new):
    a = new
    return a  # noqa: RET504 (the name is what the statement moves)


def written(a, new):
    a[...] = new
    return a


def added(a, new):
    a += new
    return a


def summed(a, new):
    a = a + new
    return a  # noqa: RET504


@pytest.mark.parametrize(
    ("statement", "run"),
    [
        ("a = new", replaced),
        ("a[...] = new", written),
        ("a += new", added),
        ("a = a + new", summed),
    ],
)
def test_the_second_name_shows_what_numpy_shows(statement, run):
    b = np.array(OLD)
    run(b, np.array(NEW))
    found = computation("numpy.assignment").evaluate(
        {"old": OLD, "new": NEW, "statement": statement}
    )
    assert found == tuple(b.tolist())


def test_as_many_new_entries_as_old_ones_are_wanted():
    with pytest.raises(ComputationError, match="entries"):
        computation("numpy.assignment").evaluate(
            {"old": [1, 2], "new": [1], "statement": "a = new"}
        )


def test_changing_in_place_where_the_name_moves_is_a_named_mistake():
    given = {"old": OLD, "new": NEW, "statement": "a = a + new"}
    (found,) = computation("numpy.assignment").mistakes(given)
    assert (found.code, found.value) == ("input-changed-in-place", (8, 2, 2))
