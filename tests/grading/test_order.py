"""Orders: any order that keeps the bound pairs is right; a wrong one hears what it breaks."""

from itertools import permutations

import pytest
from grading_samples import Desk, bank_of
from hypothesis import given, settings
from hypothesis import strategies as st

BODY = """
steps: [{text: zero}, {text: one}, {text: two}, {text: three}]
because:
  - {before: 0, after: 1, why: {en: "zero, then one.", ja: "0が1より先です。"}}
  - {before: 1, after: 2, why: {en: "one, then two.", ja: "1が2より先です。"}}
  - {before: 2, after: 3, why: {en: "two, then three.", ja: "2が3より先です。"}}
"""
FREE = """
steps: [{text: zero}, {text: one}, {text: two}, {text: three}]
free: [[1, 2]]
because:
  - {before: 0, after: 1, why: {en: "zero, then one.", ja: "0が1より先です。"}}
  - {before: 0, after: 2, why: {en: "zero, then two.", ja: "0が2より先です。"}}
  - {before: 1, after: 3, why: {en: "one, then three.", ja: "1が3より先です。"}}
  - {before: 2, after: 3, why: {en: "two, then three.", ja: "2が3より先です。"}}
"""
WORDS = ["zero", "one", "two", "three"]


def typed(desk, words, joint=" "):
    return joint.join(desk.letter(word) for word in words)


@pytest.fixture(scope="module")
def desk():
    return Desk(bank_of(BODY, "order"))


@pytest.mark.parametrize("joint", [" ", "", ",", "、", " → ", "->", " > ", "-", "\n"])
def test_the_right_order_is_understood_with_any_separator(desk, joint):
    verdict = desk.answer(typed(desk, WORDS, joint))
    assert verdict.outcome == "correct"
    assert verdict.reading == typed(desk, WORDS)
    assert desk.answer(typed(desk, WORDS, joint).lower()).outcome == "correct"


def test_every_other_order_is_wrong_with_the_reason_of_the_first_broken_pair(desk):
    reasons = {(0, 1): "zero, then one.", (1, 2): "one, then two.", (2, 3): "two, then three."}
    for order in permutations(range(4)):
        verdict = desk.answer(typed(desk, [WORDS[i] for i in order]))
        broken = [pair for pair in reasons if order.index(pair[0]) > order.index(pair[1])]
        if order == (0, 1, 2, 3):
            assert verdict.outcome == "correct"
        else:
            assert verdict.outcome == "wrong"
            assert verdict.feedback.en == reasons[broken[0]]


def test_free_steps_may_stand_either_way_round():
    free = Desk(bank_of(FREE, "order"))
    right = [
        order
        for order in permutations(range(4))
        if free.answer(typed(free, [WORDS[i] for i in order])).outcome == "correct"
    ]
    assert right == [(0, 1, 2, 3), (0, 2, 1, 3)]


@pytest.mark.parametrize("answer", ["", "A B C", "A B C D E", "A A B C", "1 2 3 4", "A B C D A"])
def test_what_is_no_order_of_all_letters_is_not_understood(desk, answer):
    verdict = desk.answer(answer)
    assert verdict.outcome == "not_understood"
    assert "All 4 letters from A to D" in verdict.feedback.en


@pytest.mark.parametrize("body", [BODY, FREE])
def test_steps_are_never_shown_in_a_right_order(body):
    bank = bank_of(body, "order")
    for seed in range(100):
        desk = Desk(bank, seed)
        assert desk.answer("A B C D").outcome == "wrong"
    assert len({Desk(bank, seed).presentation.order for seed in range(100)}) > 10


def test_what_is_revealed_is_right(desk):
    lines = desk.grader.reveal(desk.item, desk.presentation).ja.split("\n")
    assert desk.answer(lines[0]).outcome == "correct"
    assert [line[3:] for line in lines[1:]] == WORDS


def test_an_order_is_sourced_or_neither(desk):
    assert desk.certificate().status == "neither"
    assert Desk(bank_of("source: a book" + BODY, "order")).certificate().status == "sourced"


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text("ABCDEＡ →,1あ", max_size=12) | st.text(max_size=30))
def test_any_text_gets_a_verdict(answer):
    assert ANY.answer(answer).outcome in ("correct", "wrong", "not_understood")


ANY = Desk(bank_of(BODY, "order"))
