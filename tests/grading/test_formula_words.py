"""Every code that the formula judge can give has its sentence, in both languages."""

from __future__ import annotations

import re

import pytest
from built_in import BANK

from drills.grading.formula_feedback import expected_words, target_statement, verdict_of
from drills.locale import text
from engine.formulas.conventions import VALUES
from engine.formulas.judge import judge
from engine.formulas.targets import TARGETS
from engine.formulas.trouble import TROUBLE_CODES
from question_bank.text import LANGUAGES

MISTAKES = BANK.mistakes
REASONS = {
    "undeclared-symbol", "formal-step", "target-unknown", "index-outside-run", "too-much-work",
    "asked-for", "not-given", "vacuous-term", "not-evaluable", "too-deep",
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(TROUBLE_CODES | REASONS))
def test_each_reason_has_a_sentence(code: str) -> None:
    said = text(f"formula.reason.{code}")

    assert said.en
    assert said.ja != said.en


@pytest.mark.parametrize("key", sorted(VALUES))
def test_each_convention_can_be_said(key: str) -> None:
    for value in VALUES[key]:
        if (key, value) != ("scalar", "no"):
            assert text(f"verdict.assumption.{key}.{value}").ja


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_each_target_says_what_it_asks_for(target: str) -> None:
    statement = target_statement(TARGETS[target])

    # A placeholder left open is a word in braces; e_{i,j} is a formula.
    for language in LANGUAGES:
        assert not re.search(r"(?<![_^])\{", statement.in_(language))


@pytest.mark.parametrize(
    ("formula", "target", "en", "ja"),
    [
        (
            "W - eps * sum(s=0..T_t, delta[t-s] @ x[t-s-1].T)",
            "rnn.W.update",
            "x^{t−s−1} stands where z^{t−s−1} belongs",
            "z^{t−s−1} であるべきところが x^{t−s−1} になっています",
        ),
        ("W - foo", "rnn.W.update", "“foo” is no symbol", "「foo」"),
        ("W - eps * (", "rnn.W.update", "bracket", "括弧"),
        ("∂E/∂W", "rnn.W.gradient", "only names what was asked for", "言い換えただけ"),
    ],
)
def test_feedback_says_what_to_look_at(formula: str, target: str, en: str, ja: str) -> None:
    verdict = verdict_of(judge(formula, target=target), MISTAKES)

    assert en in verdict.feedback.en
    assert ja in verdict.feedback.ja


def test_right_under_another_convention_names_both() -> None:
    stated = {"layout": "column", "loss": "sequence"}
    judgement = judge("delta_out[t] @ z[t].T", target="rnn.W_out.gradient", stated=stated)

    verdict = verdict_of(judgement, MISTAKES, stated)

    assert verdict.outcome == "correct_elsewhere"
    assert "loss of one step" in verdict.feedback.en
    assert "系列全体の損失" in verdict.feedback.ja


def test_expected_signs_are_named_where_they_have_a_name() -> None:
    assert expected_words(("name", ")")).en == "a symbol, )"
