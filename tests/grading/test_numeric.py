"""Numbers: right, named mistake, plain wrong, too coarse, not understood; draws; the proof."""

import pytest
from grading_samples import REGISTRY, Desk, bank_of
from hypothesis import given, settings
from hypothesis import strategies as st

from drills.grading import drawing
from drills.grading.base import shown_values
from drills.grading.numeric import coinciding
from drills.verdict import Mistake

MISTAKES = """
term-added:
  name: {en: "a term too many", ja: "余分な項"}
  look: {en: "Multiply, don't add.", ja: "足すのではなく掛けます。"}
"""
AREA = """
draw: {A: {integer: [2, 40]}, B: {integer: [2, 40], differs_from: [A]}}
truth: {compute: area, with: {a: $A, b: $B}}
check: {given: {A: 3, B: 4}, answer: 12}
"""


@pytest.fixture(autouse=True)
def doubles(monkeypatch):
    monkeypatch.setattr(drawing, "computations", lambda: REGISTRY)


def area(seed=0, more=""):
    bank = bank_of(
        AREA + more, "numeric", stem="{A} by {B}?", stem_ja="{A} と {B}？", more=" {answer}",
        mistakes=MISTAKES,
    )  # fmt: skip
    return Desk(bank, seed)


def fixed(truth, answer, more="", seed=0):
    return Desk(
        bank_of(f"truth: {{{truth}}}\ncheck: {{answer: {answer}}}\n{more}", "numeric"), seed
    )


def test_the_right_value_gets_the_explanation_with_the_computed_answer():
    desk = area()
    a, b = desk.presentation.values["A"], desk.presentation.values["B"]
    verdict = desk.answer(f"{a * b:,}")
    assert verdict.outcome == "correct"
    assert verdict.feedback.en == f"Because {a * b:,}."
    assert verdict.reading == str(a * b)
    assert desk.view("ja").stem == f"{a} と {b}？"
    assert "80,400" in desk.view().prompt


def test_a_drawn_vector_is_printed_in_the_brackets_in_which_it_is_answered():
    values = {"g": [0.1, -2], "n": 3, "a": "ln 2", "W": [[1, 2], [3, 4]]}
    shown = {"g": "(0.1, -2)", "n": "3", "a": "ln 2", "W": "[[1, 2], [3, 4]]"}
    assert shown_values(values) == shown


def test_the_value_of_a_known_mistake_is_named_and_explained_in_the_banks_words():
    desk = area()
    a, b = desk.presentation.values["A"], desk.presentation.values["B"]
    verdict = desk.answer(str(a + b))
    assert verdict.outcome == "wrong"
    assert verdict.mistakes == (Mistake("term-added", at={"found": str(a + b)}),)
    assert verdict.feedback.en == "A term too many: Multiply, don't add."
    assert verdict.feedback.ja == "余分な項：足すのではなく掛けます。"
    assert desk.answer(str(b)).mistakes[0].code == "factor-dropped"


def test_another_value_is_wrong_without_a_name():
    verdict = area().answer("1")
    assert verdict.outcome == "wrong"
    assert verdict.mistakes == ()


def test_only_the_mistakes_that_the_item_lists_are_named():
    desk = area(more="mistakes: [factor-dropped]")
    a, b = desk.presentation.values["A"], desk.presentation.values["B"]
    assert desk.answer(str(a + b)).mistakes == ()
    assert desk.answer(str(a)).mistakes[0].code == "factor-dropped"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("", "Nothing was typed"),
        ("many", "cannot be read as a number"),
        ("1/0", "denominator is 0"),
        ("(3, 4)", "number"),
        ("9" * 3000, "too long"),
        ("1e500", "too large"),
    ],
)
def test_what_cannot_be_read_costs_nothing_and_is_told_the_form(answer, said):
    verdict = area().answer(answer)
    assert verdict.outcome == "not_understood"
    assert said in verdict.feedback.en
    assert "such as 80400" in verdict.feedback.en
    assert "整数" in verdict.feedback.ja


def test_a_value_rounded_too_coarsely_is_incomplete_not_wrong():
    desk = fixed("compute: root, with: {a: 2}", "1.4142")
    assert desk.answer("1.414").outcome == "correct"
    assert desk.answer("1.4").outcome == "incomplete"
    assert desk.answer("2").mistakes[0].code == "power-dropped"


def test_fractions_shapes_and_matrices_are_typed_as_such():
    share = fixed("compute: share, with: {a: 2, b: 3}", "2/3")
    assert share.answer("２/３").outcome == "correct"
    assert share.answer("3/2").mistakes[0].code == "order-swapped"
    assert "2/3" in share.view().prompt
    shape = fixed("compute: shape, with: {a: 2, b: 16}", "[2, 16]", "answer: shape")
    assert shape.answer("(2, 16)").outcome == "correct"
    assert shape.answer("16×2").mistakes[0].code == "order-swapped"
    assert shape.answer("(2, 16, 1)").outcome == "wrong"
    assert shape.answer("[[2, 16], [1, 1]]").outcome == "not_understood"
    table = fixed("compute: table, with: {a: 3}", "[[3, 0], [1, 6]]")
    assert table.answer("3 0; 1 6").outcome == "correct"
    assert table.answer("3 1; 0 6").mistakes[0].code == "transpose-added"
    assert "number of entries" in table.answer("[[3, 0]]").feedback.en
    assert table.answer("3").outcome == "wrong"


def test_a_single_number_where_a_vector_is_wanted_is_not_understood():
    vector = fixed("compute: shape, with: {a: 2, b: 5}", "[2, 5]")
    assert vector.answer("2").outcome == "not_understood"
    assert vector.answer("(2, 5)").outcome == "correct"


def test_what_is_revealed_is_right():
    for desk in (area(), fixed("compute: table, with: {a: 3}", "[[3, 0], [1, 6]]")):
        shown = desk.grader.reveal(desk.item, desk.presentation).en
        assert desk.answer(shown).outcome == "correct"


def test_the_same_seed_draws_the_same_numbers_on_every_machine():
    assert [dict(area(seed).presentation.values) for seed in range(3)] == [
        {"A": 33, "B": 31},
        {"A": 37, "B": 19},
        {"A": 12, "B": 10},
    ]


def test_no_draw_lets_a_mistake_give_the_truth_or_another_mistakes_value():
    small = AREA.replace("[2, 40]", "[1, 6]")
    bank = bank_of(small, "numeric", stem="{A} {B}", stem_ja="{A} {B}")
    drawn = set()
    for seed in range(80):
        desk = Desk(bank, seed)
        values = desk.presentation.values
        assert coinciding(desk.item.body, values) == ()
        drawn.add((values["A"], values["B"]))
    assert len(drawn) > 8
    assert (2, 2) not in drawn
    assert all(1 not in pair for pair in drawn)


def test_a_question_of_which_the_check_agrees_is_proved():
    assert area().certificate().status == "proved"
    assert fixed("compute: share, with: {a: 2, b: 3}", "2/3").certificate().status == "proved"
    assert fixed("compute: root, with: {a: 2}", "1.4142").certificate().status == "proved"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("answer: 12", "answer: 13", "worked check says 13, the computation 12"),
        ("compute: area", "compute: share", "worked check says 12, the computation 3/4"),
        ("compute: area", "compute: nothing", "gives no value"),
        ("a: $A", "c: $A", "gives no value"),
        ("{A: 3, B: 4}", "{A: 3, B: 5}", "worked check"),
        ("answer: 12", 'answer: "twelve"', "gives no value"),
        ("[2, 40]", "[0, 0]", "cannot be told apart"),
        ("check:", "answer: matrix\ncheck:", "wanted as matrix"),
    ],
)
def test_a_mutated_question_is_not_proved(old, new, said):
    body = AREA.replace(old, new)
    if "matrix" in new:
        body = body.replace("area", "shape").replace("answer: 12", "answer: [3, 4]")
    certificate = Desk(bank_of(body, "numeric", stem="{A} {B}", stem_ja="{A} {B}")).certificate()
    assert certificate.status == "failed"
    assert said in certificate.problems[0].en


def test_a_question_that_cannot_be_computed_is_shown_and_judged_undecided():
    for body in (AREA.replace("compute: area", "compute: aera"), AREA.replace("b: $B", "c: $B")):
        desk = Desk(bank_of(body, "numeric", stem="{A} {B}", stem_ja="{A} {B}"))
        assert desk.view().stem
        assert desk.answer("12").outcome == "undecided"
        assert "cannot be computed" in desk.grader.reveal(desk.item, desk.presentation).en


@pytest.mark.parametrize(("name", "codes"), [("same", "sign-flipped"), ("twins", "sum-dropped")])
def test_a_mistake_that_always_gives_the_truth_or_anothers_value_fails_the_proof(name, codes):
    certificate = fixed(f"compute: {name}, with: {{a: 3}}", "3").certificate()
    assert certificate.status == "failed"
    assert codes in certificate.problems[0].en


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=40) | st.text("0123456789.,/-()[] e%", max_size=12))
def test_any_text_gets_a_verdict(answer):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "computations", lambda: REGISTRY)
        outcome = area().answer(answer).outcome
    assert outcome in ("correct", "wrong", "incomplete", "not_understood")
