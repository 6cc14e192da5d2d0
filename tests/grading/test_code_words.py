"""What is said of a program as an answer to an item: when it counts, and what to look at."""

from __future__ import annotations

import pytest
from built_in import BANK

from drills.grading import grade, grader_for
from drills.locale import text

BUG = "bptt-adder-derivative-bug"


def shipped(item: str) -> str:
    grader = grader_for("code", BANK)
    source = grader.view(BANK.items[item], grader.present(BANK.items[item], "bug", 0), "en").code
    assert source is not None
    return source


def test_looking_which_checks_fail_before_anything_is_changed_costs_no_attempt() -> None:
    verdict = grade(BANK, BUG, shipped(BUG))

    assert verdict.outcome == "incomplete"
    assert verdict.checks is not None
    assert any(not row["passed"] for row in verdict.checks)
    assert "derivative" not in verdict.feedback.en.lower()


def test_mending_the_line_is_right_and_explained() -> None:
    verdict = grade(BANK, BUG, shipped(BUG).replace("d_sigmoid(y)", "d_sigmoid(v)"))

    assert verdict.outcome == "correct"
    assert BANK.items[BUG].explanation.ja in verdict.feedback.ja


def test_a_try_that_leaves_the_bug_in_is_wrong_and_explained_with_the_gradient_check() -> None:
    verdict = grade(
        BANK, BUG, shipped(BUG).replace("M, T = a_bits.shape", "M, T = np.shape(a_bits)")
    )

    assert verdict.outcome == "wrong"
    assert [mistake.code for mistake in verdict.mistakes] == ["derivative-of-wrong-argument"]
    assert "gradient check" in verdict.feedback.en
    assert "勾配確認" in verdict.feedback.ja


@pytest.mark.parametrize(
    ("source", "outcome", "en"),
    [
        ("def step_forward(:", "not_understood", "Line 1"),
        ("x = 1", "wrong", "step_forward"),
        (
            "def step_forward(x, z_prev, W_in, W, b, W_out, c):\n    return q",
            "wrong",
            "Line 2 (return q)",
        ),
        (
            "import numpy as np\ndef step_forward(x, z_prev, W_in, W, b, W_out, c):\n"
            "    return x @ W_in, np.tanh(x @ W_in), np.tanh(x @ W_in)",
            "wrong",
            "y has the shape",
        ),
        (
            "def step_forward(x, z_prev, W_in, W, b, W_out, c):\n    while True: pass",
            "wrong",
            "does not end",
        ),
    ],
)
def test_errors_are_told_with_the_learners_own_line(source: str, outcome: str, en: str) -> None:
    verdict = grade(BANK, "rnn-step-forward-code", source)

    assert verdict.outcome == outcome
    assert en in verdict.feedback.en
    assert verdict.feedback.ja != verdict.feedback.en


KEYS = {
    "pattern": "negated transposed scaled constant-zero not-a-number",
    "scope": "hard-inputs-only keeps-state cached-by-shape equal-sizes-only-run",
    "reason": "syntax-error blank-left too-long null-byte too-much-output cancelled runner-lost "
    "reference-failed",
    "note": "float32 np-matrix input-changed-in-place unchanged",
    "error": "timeout crashed ended bad-channel too-much-results",
    "check": "defined runs type shape dtype value gradient",
}


@pytest.mark.parametrize(
    "key", [f"code.{area}.{code}" for area, codes in KEYS.items() for code in codes.split()]
)
def test_every_code_of_the_judge_has_its_sentence(key: str) -> None:
    assert text(key).en
    assert text(key).ja
