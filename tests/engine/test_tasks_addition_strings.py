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


def shares(examples):
    """Lengths of the two operands, the shorter one first → share of the examples."""
    lengths = [
        tuple(sorted(len(n) for n in question.strip().split("+"))) for question, _ in examples
    ]
    return {pair: lengths.count(pair) / len(lengths) for pair in sorted(set(lengths))}


def test_an_operand_has_one_two_or_three_random_digits_without_leading_zeros():
    # Of the first few, before short sums are used up.
    few = [drawn(TASK.split(np.random.RandomState(s), 60, 1).training) for s in range(50)]
    lengths = [len(n) for part in few for q, _ in part for n in q.strip().split("+")]
    found = np.bincount(lengths, minlength=4)[1:] / len(lengths)
    # 090 is 90, and 007 is 7: 1/3 · (1 + 1/10 + 1/100), and so on.
    assert found == pytest.approx(np.array([1.11, 0.99, 0.90]) / 3, abs=0.04)


def test_the_test_is_as_hard_as_the_training():
    """Drawn last means long, for the short ones are used up; the test is no such remainder."""
    split = TASK.split(np.random.RandomState(0), 45_000, 5_000)
    # Shares of the published data set of 50,000.
    published = {(1, 2): 0.018, (1, 3): 0.174, (2, 2): 0.080, (2, 3): 0.475, (3, 3): 0.252}
    for part, tolerance in ((split.training, 0.008), (split.test, 0.025)):
        found = shares(drawn(part))
        for lengths, share in published.items():
            assert found[lengths] == pytest.approx(share, abs=tolerance)


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
