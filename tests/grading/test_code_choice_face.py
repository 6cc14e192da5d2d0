"""The exam form of a code item: one blank, four texts, and why the chosen one is wrong."""

import re
from dataclasses import replace

import pytest
from built_in import BANK

from drills.grading import grader_for

ITEM = next(i for i in BANK.items.values() if i.kind == "code" and i.body.form == "typed")


def chosen(blank: str | None, exercise: str = "bptt/bptt_loop"):
    body = replace(ITEM.body, exercise=exercise, form="choice", blank=blank)
    return replace(ITEM, body=body, faces=("choice",))


@pytest.mark.parametrize("letter", ["a", "b", "c", "d"])
def test_one_option_is_right_and_each_other_says_why_not(letter: str) -> None:
    grader, item = grader_for("code", BANK), chosen(letter)
    shown = grader.present(item, "choice", 5)
    verdicts = [grader.grade(item, shown, answer) for answer in "ABCD"]
    assert sorted(v.outcome for v in verdicts) == ["correct", "wrong", "wrong", "wrong"]
    for verdict in verdicts:
        assert verdict.face == "choice"
        assert verdict.reading
        if verdict.outcome == "wrong":
            assert verdict.mistakes[0].at["blank"] == letter
            assert verdict.feedback.en
            assert verdict.feedback.ja
    assert (
        grader.reveal(item, shown).en[0] == "ABCD"[[v.outcome for v in verdicts].index("correct")]
    )


def test_the_other_blanks_show_the_reference() -> None:
    grader, item = grader_for("code", BANK), chosen("b")
    view = grader.view(item, grader.present(item, "choice", 1), "en")
    assert re.findall(r"____ .*", view.code or "") == ["____  # (b)"]
    assert "(delta_next @ W.T + delta_out @ W_out.T) * (1 - z[t + 1] ** 2)" in (view.code or "")
    assert len(view.options) == 4


def test_without_a_named_blank_the_seed_decides_and_it_is_kept() -> None:
    grader, item = grader_for("code", BANK), chosen(None)
    letters = {str(grader.present(item, "choice", seed).values["blank"]) for seed in range(20)}
    assert letters == {"a", "b", "c", "d"}
    assert grader.present(item, "choice", 3) == grader.present(item, "choice", 3)


@pytest.mark.parametrize("answer", ["", "E", "AB", "z[t]"])
def test_what_is_no_letter_is_not_understood(answer: str) -> None:
    grader, item = grader_for("code", BANK), chosen("a")
    verdict = grader.grade(item, grader.present(item, "choice", 1), answer)
    assert verdict.outcome == "not_understood"


def test_the_choice_form_is_certified_by_running_its_wrong_options() -> None:
    assert grader_for("code", BANK).certify(chosen("a")).status == "proved"
