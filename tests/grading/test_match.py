"""Matches: every left side needs its partner; the first wrong pair hears why."""

import pytest
from grading_samples import Desk, bank_of
from hypothesis import given, settings
from hypothesis import strategies as st

BODY = """
pairs:
  - {left: W_in, right: input, why: {en: "W_in meets x.", ja: "W_in は x に掛かります。"}}
  - {left: W, right: state, why: {en: "W meets z.", ja: "W は z に掛かります。"}}
  - {left: b, right: nothing, why: {en: "b is added.", ja: "b は足されます。"}}
extra:
  - {right: target, why: {en: "No weight meets d.", ja: "d に掛かる重みはありません。"}}
"""
SHARED = BODY.replace("right: nothing", "right: state")


@pytest.fixture(scope="module")
def desk():
    return Desk(bank_of(BODY, "match"))


def number(desk, text):
    return next(label for label, shown in desk.view().right if shown == text)


def typed(desk, *sides, form="{}={}"):
    return " ".join(
        form.format(letter, number(desk, side)) for letter, side in zip("ABC", sides, strict=True)
    )


@pytest.mark.parametrize(
    "form", ["{}={}", "{}{}", "{} {}", "{}:{}", "{}→{}", "{} -> {},", "{}-{}、"]
)
def test_the_right_pairs_are_understood_in_any_usual_form(desk, form):
    answer = typed(desk, "input", "state", "nothing", form=form)
    verdict = desk.answer(answer)
    assert verdict.outcome == "correct"
    assert verdict.reading == typed(desk, "input", "state", "nothing")
    assert desk.answer(answer.lower()).outcome == "correct"
    assert desk.answer(" ".join(reversed(answer.split()))).outcome in ("correct", "not_understood")


def test_pairs_may_come_in_any_order(desk):
    parts = typed(desk, "input", "state", "nothing").split()
    assert desk.answer(" ".join(reversed(parts))).outcome == "correct"


def test_a_wrong_pair_says_why_and_how_many_are_right(desk):
    verdict = desk.answer(typed(desk, "input", "nothing", "state"))
    assert verdict.outcome == "wrong"
    assert verdict.feedback.en == "1 of 3 are right. W meets z."
    assert verdict.feedback.ja == "3個のうち1個が正解です。W は z に掛かります。"


def test_a_right_side_that_matches_nothing_has_its_own_reason(desk):
    verdict = desk.answer(typed(desk, "target", "state", "nothing"))
    assert verdict.feedback.en == "2 of 3 are right. No weight meets d."


def test_two_left_sides_may_share_a_partner():
    desk = Desk(bank_of(SHARED, "match"))
    assert len(desk.view().right) == 3
    assert desk.answer(typed(desk, "input", "state", "state")).outcome == "correct"
    assert desk.answer(typed(desk, "state", "state", "state")).outcome == "wrong"


@pytest.mark.parametrize(
    "answer", ["", "A=1", "A=1 B=2 C=9", "A=1 B=2 D=3", "A=1 A=2 B=3 C=4", "1 2 3", "A=0 B=1 C=2"]
)
def test_gaps_repeats_and_unknown_labels_are_not_understood(desk, answer):
    verdict = desk.answer(answer)
    assert verdict.outcome == "not_understood"
    assert "A=1 B=2 C=3" in verdict.feedback.en


def test_left_sides_are_lettered_right_sides_numbered_and_shuffled(desk):
    view = desk.view("ja")
    assert view.left == view.options == (("A", "W_in"), ("B", "W"), ("C", "b"))
    assert [label for label, _ in view.right] == ["1", "2", "3", "4"]
    bank = bank_of(BODY, "match")
    assert len({Desk(bank, seed).presentation.order for seed in range(60)}) > 12


def test_what_is_revealed_is_right(desk):
    lines = desk.grader.reveal(desk.item, desk.presentation).ja.split("\n")
    assert desk.answer(lines[0]).outcome == "correct"
    assert lines[1].endswith("W_in：input")


def test_a_match_is_sourced_or_neither(desk):
    assert desk.certificate().status == "neither"
    assert Desk(bank_of("source: a book" + BODY, "match")).certificate().status == "sourced"


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text("ABCD=1234 ,あ→", max_size=14) | st.text(max_size=30))
def test_any_text_gets_a_verdict(answer):
    assert ANY.answer(answer).outcome in ("correct", "wrong", "not_understood")


ANY = Desk(bank_of(BODY, "match"))
