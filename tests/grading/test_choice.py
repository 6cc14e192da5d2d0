"""Choices: letters in any usual spelling, each wrong option's own reason, several right ones."""

import pytest
from grading_samples import REGISTRY, Desk, bank_of
from hypothesis import given, settings
from hypothesis import strategies as st

from drills.grading import drawing
from drills.verdict import Mistake

ONE = """
options:
  - {text: "right one", right: true}
  - {text: "wrong one", why: {en: "It is wrong.", ja: "誤りです。"}, mistake: sign-flipped}
  - {text: "other one", why: {en: "It is another.", ja: "別物です。"}}
  - {text: "none of these", why: {en: "There is one.", ja: "あります。"}, fixed: true}
"""
SEVERAL = """
several: true
options:
  - {text: "first", right: true}
  - {text: "second", right: true}
  - {text: "third", why: {en: "Not this.", ja: "違います。"}, mistake: sum-dropped}
  - {text: "fourth", why: {en: "Nor this.", ja: "これも違います。"}}
"""


@pytest.fixture
def one():
    return Desk(bank_of(ONE, "choice"))


@pytest.fixture
def several():
    return Desk(bank_of(SEVERAL, "choice"))


@pytest.fixture
def doubles(monkeypatch):
    monkeypatch.setattr(drawing, "computations", lambda: REGISTRY)


@pytest.mark.parametrize("spell", ["{}", "{} ", " ({})", "{}.", "{}。", "「{}」"[1:-1], "[{}]"])
@pytest.mark.parametrize("fold", [str, str.lower, lambda a: chr(ord(a) + 0xFEE0)])
def test_a_letter_is_understood_in_any_width_and_case(one, spell, fold):
    verdict = one.answer(spell.format(fold(one.letter("right one"))))
    assert verdict.outcome == "correct"
    assert verdict.reading == one.letter("right one")
    assert verdict.feedback.ja == "理由です。"


def test_a_wrong_option_says_its_own_reason_and_names_its_mistake(one):
    verdict = one.answer(one.letter("wrong one"))
    assert verdict.outcome == "wrong"
    assert verdict.feedback.en == "It is wrong."
    assert verdict.feedback.ja == "誤りです。"
    assert verdict.mistakes == (Mistake("sign-flipped"),)
    assert one.answer(one.letter("other one")).mistakes == ()


@pytest.mark.parametrize("answer", ["", " ", "E", "1", "A B", "AB", "right one", "A A", "あ", "-"])
def test_anything_else_is_not_understood_and_told_what_is_wanted(one, answer):
    verdict = one.answer(answer)
    assert verdict.outcome == "not_understood"
    assert "A to D" in verdict.feedback.en


@pytest.mark.parametrize("spell", ["{0} {1}", "{1}{0}", "{0},{1}", "{0}、{1}", "{0} {1} {0}"])
def test_several_right_options_in_any_order(several, spell):
    letters = several.letter("first"), several.letter("second")
    verdict = several.answer(spell.format(*letters))
    assert verdict.outcome == "correct"
    assert verdict.reading == " ".join(sorted(letters))


def test_of_several_the_wrong_ones_are_explained_and_the_missing_ones_counted(several):
    half = several.answer(several.letter("first"))
    assert half.outcome == "wrong"
    assert half.feedback.en == "Right options that are still missing: 1."
    both = several.answer(f"{several.letter('third')} {several.letter('fourth')}")
    assert both.feedback.en.endswith("still missing: 2.")
    assert "Not this." in both.feedback.en
    assert "Nor this." in both.feedback.en
    assert [mistake.code for mistake in both.mistakes] == ["sum-dropped"]
    everything = several.answer("A B C D")
    assert everything.outcome == "wrong"
    assert "missing" not in everything.feedback.en


def test_options_are_shuffled_by_the_seed_and_a_fixed_one_stays_last():
    bank = bank_of(ONE, "choice")
    orders = {Desk(bank, seed).presentation.order for seed in range(60)}
    assert len(orders) == 6
    assert {order[-1] for order in orders} == {3}


def test_the_order_of_a_seed_is_the_same_on_every_machine():
    bank = bank_of(ONE, "choice")
    assert [Desk(bank, seed).presentation.order for seed in range(4)] == [
        (0, 2, 1, 3),
        (0, 1, 2, 3),
        (0, 1, 2, 3),
        (0, 1, 2, 3),
    ]


def test_the_right_option_comes_under_every_letter():
    bank = bank_of(SEVERAL, "choice")
    assert {Desk(bank, seed).letter("first") for seed in range(40)} == set("ABCD")


def test_the_view_shows_letters_in_the_order_of_the_presentation(one):
    view = one.view("ja")
    assert view.stem == "述べよ。"
    assert [label for label, _ in view.options] == ["A", "B", "C", "D"]
    assert view.options[3] == ("D", "none of these")
    assert "A〜D" in view.prompt


def test_what_is_revealed_is_right(several):
    lines = several.grader.reveal(several.item, several.presentation).en.split("\n")
    assert sorted(line[3:] for line in lines) == ["first", "second"]
    assert several.answer(" ".join(line[0] for line in lines)).outcome == "correct"


DRAWN = """
draw: {A: {integer: [2, 5]}, B: {integer: [2, 5]}}
options:
  - {text: "{A} by {B}", right: true}
  - {text: "{B} by {A}", why: {en: "{A} comes first.", ja: "先は {A} です。"}}
"""


def test_drawn_values_stand_in_every_text_and_options_never_read_the_same():
    bank = bank_of(DRAWN, "choice", more=" of {A}")
    for seed in range(20):
        desk = Desk(bank, seed)
        a, b = desk.presentation.values["A"], desk.presentation.values["B"]
        assert a != b
        assert desk.answer(desk.letter(f"{a} by {b}")).feedback.en == f"Because of {a}."
        assert desk.answer(desk.letter(f"{b} by {a}")).feedback.ja == f"先は {a} です。"


def claimed(right, wrong, more=""):
    return Desk(
        bank_of(
            f"""
draw: {{A: {{integer: [2, 9]}}}}
{more}
options:
  - text: "the area of {{A}} by 3 is {right}"
    right: true
    claim: {{compute: area, with: {{a: $A, b: 3}}, equals: {right}}}
  - text: "it is {wrong}"
    claim: {{compute: area, with: {{a: $A, b: 3}}, equals: {wrong}}}
    why: {{en: "No.", ja: "いいえ。"}}
""",
            "choice",
        )
    )


@pytest.mark.usefixtures("doubles")
def test_a_choice_is_proved_when_right_claims_hold_and_wrong_ones_fail():
    desk = claimed("$A", "'7'")
    assert desk.certificate().status == "failed"
    assert "marked right" in desk.certificate().problems[0].en
    good = """
options:
  - {text: "12", right: true, claim: {compute: area, with: {a: 4, b: 3}, equals: 12}}
  - text: "7"
    claim: {compute: area, with: {a: 4, b: 3}, equals: 7}
    why: {en: "A sum.", ja: "和です。"}
"""
    assert Desk(bank_of(good, "choice")).certificate().status == "proved"


@pytest.mark.usefixtures("doubles")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("equals: 12}", "equals: 13}", "marked right, but area gives 12"),
        ("equals: 7}", "equals: 12}", "what it states holds"),
        ("{a: 4, b: 3}, equals: 12", "{a: 4, c: 3}, equals: 12", "gives no value"),
        ("compute: area", "compute: aera", "gives no value"),
    ],
)
def test_a_mutated_key_is_not_proved(old, new, said):
    good = """
options:
  - {text: "12", right: true, claim: {compute: area, with: {a: 4, b: 3}, equals: 12}}
  - text: "7"
    claim: {compute: area, with: {a: 4, b: 3}, equals: 7}
    why: {en: "A sum.", ja: "和です。"}
"""
    certificate = Desk(bank_of(good.replace(old, new, 1), "choice")).certificate()
    assert certificate.status == "failed"
    assert said in certificate.problems[0].en


def test_without_claims_a_source_counts_and_without_either_there_is_neither():
    assert Desk(bank_of(ONE, "choice")).certificate().status == "neither"
    assert Desk(bank_of("source: Elman 1990" + ONE, "choice")).certificate().status == "sourced"


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=30) | st.text("ABCDＡ, 1、あ", max_size=8))
def test_any_text_gets_a_verdict(answer):
    for desk in (ANY_ONE, ANY_SEVERAL):
        assert desk.answer(answer).outcome in ("correct", "wrong", "not_understood")


ANY_ONE = Desk(bank_of(ONE, "choice"))
ANY_SEVERAL = Desk(bank_of(SEVERAL, "choice"))
