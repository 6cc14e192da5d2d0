"""A key that was changed behind the proof's back is caught: wrong checks, swapped options."""

import random
from dataclasses import replace

import pytest
from built_in import BANK

from drills.grading import drawing, grader_for
from drills.grading.values import apart, entries, structure

DRAWN = random.Random(11).sample(sorted(BANK.items.values(), key=lambda item: item.id), k=160)
NUMERIC = [item for item in DRAWN if item.kind == "numeric"]
PROVED = [
    item
    for item in DRAWN
    if item.kind == "choice" and grader_for("choice", BANK).certify(item).status == "proved"
]


def as_yaml(value):
    """A value as an author would write it."""
    if isinstance(value, tuple):
        return [as_yaml(part) for part in value]
    return value if isinstance(value, (int, float)) else str(value)


def wrong_answers(item):
    """What another computation, a slip or a shifted digit would have put into ``check``."""
    body = item.body
    truth = drawing.evaluate(body.truth, body.check.given)
    for mistaken in drawing.mistaken(body.truth, body.check.given, None):
        yield mistaken.value
    if structure(truth) == ():
        yield from (truth + 1, -truth, 2 * truth + 1)
    else:
        yield tuple(reversed(truth))
        yield tuple(entries(truth))[:1]
        yield (
            tuple(tuple(row) for row in zip(*truth, strict=True))
            if len(structure(truth)) == 2
            else (*truth, 1)
        )


@pytest.mark.parametrize("item", NUMERIC, ids=lambda item: item.id)
def test_a_wrong_worked_check_is_caught(item):
    body = item.body
    truth = drawing.evaluate(body.truth, body.check.given)
    tried = 0
    for value in wrong_answers(item):
        if not apart(value, truth, body.tolerance):
            continue
        check = replace(body.check, answer=as_yaml(value))
        mutant = replace(item, body=replace(body, check=check))
        assert grader_for("numeric", BANK).certify(mutant).status == "failed", value
        tried += 1
    assert tried


@pytest.mark.parametrize("item", PROVED, ids=lambda item: item.id)
def test_another_option_marked_right_is_caught(item):
    options = item.body.options
    right = next(index for index, option in enumerate(options) if option.right)
    for index in range(len(options)):
        if index != right:
            swapped = [replace(option, right=i == index) for i, option in enumerate(options)]
            mutant = replace(item, body=replace(item.body, options=tuple(swapped)))
            assert grader_for("choice", BANK).certify(mutant).status == "failed"


def test_there_is_something_to_mutate():
    assert len(NUMERIC) >= 5
    assert len(PROVED) >= 2
