"""Terms: every usual spelling counts, near terms get their reason, slips cost nothing."""

import pytest
from grading_samples import Desk, bank_of
from hypothesis import given, settings
from hypothesis import strategies as st

BODY = """
accept:
  en: [backpropagation through time, BPTT]
  ja: [通時的誤差逆伝播法, バックプロパゲーション・スルー・タイム]
near:
  - text: [backpropagation, 誤差逆伝播法]
    why: {en: "Time is missing.", ja: "時間方向が要ります。"}
  - {text: RTRL, why: {en: "That runs forward.", ja: "それは前向きに計算します。"}}
"""


@pytest.fixture(scope="module")
def desk():
    return Desk(bank_of(BODY, "term"))


@pytest.mark.parametrize(
    "answer",
    [
        "BPTT",
        "bptt",
        "ＢＰＴＴ",
        " B P T T ",
        "B.P.T.T.",
        "Back-Propagation Through Time",
        "the backpropagation-through-time",
        "backpropagation\nthrough time",
        "通時的誤差逆伝播法",
        "「通時的誤差逆伝播法」",
        "通時的 誤差逆伝播法",
        "バックプロパゲーションスルータイム",
        "バックプロパゲション・スル・タイム",
        "ﾊﾞｯｸﾌﾟﾛﾊﾟｹﾞｰｼｮﾝ･ｽﾙｰ･ﾀｲﾑ",
        "バックプロパゲ－ション スル－ タイム",
        "ばっくぷろぱげーしょんするーたいむ",
        "BPTT (backpropagation through time)",
        "通時的誤差逆伝播法（BPTT）",
        "BPTT = 通時的誤差逆伝播法",
    ],
)
def test_every_usual_spelling_is_right(desk, answer):
    assert desk.answer(answer).outcome == "correct"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("backpropagation", "Time is missing."),
        ("back propagation", "Time is missing."),
        ("誤差逆伝播法", "Time is missing."),
        ("RTRL", "That runs forward."),
        ("BPTT (backpropagation)", "Time is missing."),
        ("Elman network", "not the term"),
        ("BPTT or RTRL", "not the term"),
        ("BPT", "not the term"),
        ("BPTT/RTRL", "That runs forward."),
    ],
)
def test_another_term_is_wrong_and_a_near_one_says_why(desk, answer, said):
    verdict = desk.answer(answer)
    assert verdict.outcome == "wrong"
    assert said in verdict.feedback.en


@pytest.mark.parametrize(
    "answer",
    [
        "backpropogation through time",
        "backpropagation trough time",
        "backpropagation thruogh time",
        "backpropagation through timee",
        "通時的誤差逆伝搬法",
    ],
)
def test_one_slip_of_the_finger_costs_nothing(desk, answer):
    assert desk.answer(answer).outcome == "not_understood"


@pytest.mark.parametrize("answer", ["", "   ", "()", "ー", "-", "x" * 300])
def test_no_term_at_all_is_not_understood(desk, answer):
    assert desk.answer(answer).outcome == "not_understood"


def test_the_first_spelling_of_each_language_is_shown(desk):
    shown = desk.grader.reveal(desk.item, desk.presentation)
    assert shown.en == "backpropagation through time"
    assert shown.ja == "通時的誤差逆伝播法"
    assert desk.answer(shown.en).outcome == desk.answer(shown.ja).outcome == "correct"
    assert desk.view("ja").stem == "述べよ。"


def test_a_term_is_sourced_or_neither():
    assert Desk(bank_of(BODY, "term")).certificate().status == "neither"
    assert Desk(bank_of("source: Werbos 1990" + BODY, "term")).certificate().status == "sourced"


@pytest.mark.parametrize("near", ["bptt", "Backpropagation-through-time", "・ー・"])
def test_a_near_term_that_would_be_accepted_fails(near):
    certificate = Desk(bank_of(BODY.replace("RTRL", f'"{near}"'), "term")).certificate()
    assert certificate.status == "failed"
    assert near in certificate.problems[0].en


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=40))
def test_any_text_gets_a_verdict(answer):
    assert ANY.answer(answer).outcome in ("correct", "wrong", "not_understood")


ANY = Desk(bank_of(BODY, "term"))
