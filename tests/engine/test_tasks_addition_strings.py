"""Sums as strings: how they are written, drawn and kept apart."""

import re

import numpy as np
import pytest

from engine.tasks.addition_strings import CHARACTERS, AdditionStrings

TASK = AdditionStrings(3)


@pytest.mark.parametrize(
    ("digits", "a", "b", "question", "answer"),
    [
        (3, 57, 5, "57+5   ", "_62  "),
        (3, 999, 999, "999+999", "_1998"),
        (3, 0, 0, "0+0    ", "_0   "),
        (2, 57, 5, "57+5 ", "_62 "),
        (1, 9, 9, "9+9", "_18"),
    ],
)
def test_sums_are_written_and_padded(digits, a, b, question, answer):
    task = AdditionStrings(digits)
    assert task.question(a, b) == question
    assert task.answer(a, b) == answer
    assert (task.question_length, task.answer_length) == (len(question), len(answer))


def drawn(pairs):
    questions, answers = CHARACTERS.texts(pairs.questions), CHARACTERS.texts(pairs.answers)
    return list(zip(questions, answers, strict=True))


def test_every_answer_is_the_sum_of_its_question():
    for question, answer in drawn(TASK.split(np.random.RandomState(0), 500, 1).training):
        a, b = re.fullmatch(r"(0|[1-9]\d{0,2})\+(0|[1-9]\d{0,2}) *", question).groups()
        assert answer == f"_{int(a) + int(b)}".ljust(5)
        assert len(question) == 7


def test_no_sum_is_drawn_twice_nor_with_its_operands_swapped():
    split = TASK.split(np.random.RandomState(1), 3_000, 500)
    assert (len(split.training), len(split.test)) == (3_000, 500)
    sums = [
        frozenset(question.strip().split("+"))
        for part in (split.training, split.test)
        for question, _ in drawn(part)
    ]
    assert len(set(sums)) == 3_500


def test_short_operands_are_as_frequent_as_long_ones():
    # Among the first few: with many more, the sums of one digit are used up.
    split = TASK.split(np.random.RandomState(2), 100, 1)
    many = [
        drawn(AdditionStrings(3).split(np.random.RandomState(s), 60, 1).training) for s in range(50)
    ]
    assert len(split.training) == 100
    lengths = [len(n) for part in many for q, _ in part for n in q.strip().split("+")]
    shares = np.bincount(lengths, minlength=4)[1:] / len(lengths)
    assert shares == pytest.approx(np.full(3, 1 / 3), abs=0.04)


def test_more_examples_begin_with_those_of_fewer():
    few = TASK.split(np.random.RandomState(3), 50, 10)
    many = TASK.split(np.random.RandomState(3), 1_200, 10)
    assert drawn(many.training)[:60] == drawn(few.training) + drawn(few.test)


def test_another_seed_draws_others():
    first, again, other = (
        drawn(TASK.split(np.random.RandomState(s), 20, 1).training) for s in (4, 4, 5)
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize(("digits", "count"), [(1, 28), (2, 2526), (3, 0)])
def test_more_than_half_of_all_sums_is_refused_rather_than_searched_for(digits, count):
    with pytest.raises(ValueError, match="different sums"):
        AdditionStrings(digits).split(np.random.RandomState(0), count, 0)


@pytest.mark.parametrize("digits", [0, 7])
def test_numbers_have_one_to_six_digits(digits):
    with pytest.raises(ValueError, match="between 1 and 6"):
        AdditionStrings(digits)
