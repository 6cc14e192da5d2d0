"""Names that the engine does not know are told at their place in the file."""

import pytest
from built_in import BANK
from grading_samples import bank_of

from drills.grading import resolve
from engine.mistakes import MISTAKE_CODES

NUMERIC = """
draw: {D: {integer: [2, 9]}, H: {integer: [2, 9]}}
truth: {compute: rnn.parameter_count, with: {D: $D, H: $H, K: 1, biases: 1}}
check: {given: {D: 3, H: 4}, answer: 37}
"""
SHOWN = {"stem": "{D} {H}", "stem_ja": "{D} {H}"}


def places(bank):
    """(line, column, message, nearest) of every problem."""
    found = resolve(bank)
    return [(p.place.line, p.place.column, p.message.en, p.nearest) for p in found]


def test_what_the_engine_knows_is_no_problem():
    assert places(bank_of(NUMERIC, "numeric", **SHOWN)) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "said", "nearest"),
    [
        ("parameter_count", "parameter_cuont", 10, 20, "no computation", "rnn.parameter_count"),
        ("H: $H, K", "h: $H, K", 10, 58, "no argument 'h'", "H"),
        ("K: 1, ", "", 10, 47, "K is needed", None),
        ("biases: 1", "biases: one", 10, 76, "has to be", None),
        ("biases: 1", "layer: netwrok", 10, 75, "layer has to be one of", "network"),
        ("K: 1", "K: x", 10, 65, "has to be a", None),
        ("D: {integer: [2, 9]}", "D: {integer: [-9, -2]}", 10, 51, "at least", None),
        ("check:", "mistakes: [bias-droped]\n  check:", 11, 14, "no mistake", "bias-dropped"),
        ("check:", "mistakes: [mask-misplaced]\n  check:", 11, 14, "never gives", None),
    ],
)
def test_an_unknown_name_or_value_is_told_at_its_place(old, new, line, column, said, nearest):
    body = NUMERIC.replace(old, new.replace("\n  ", "\n"))
    found = places(bank_of(body, "numeric", **SHOWN))
    assert len(found) == 1, found
    assert found[0][:2] == (line, column), found
    assert said in found[0][2]
    if nearest:
        assert nearest in found[0][3]


def test_claims_and_mistakes_of_options_are_looked_up():
    body = """
options:
  - {text: a, right: true, claim: {compute: rnn.nothing_at_all, equals: 1}}
  - {text: b, why: {en: "No.", ja: "いいえ。"}, mistake: sign-fliped}
"""
    found = places(bank_of(body, "choice"))
    assert [(line, column) for line, column, *_ in found] == [(10, 47), (11, 56)]
    assert found[1][3][0] == "sign-flipped"


def test_formula_targets_and_conventions_are_looked_up():
    pytest.importorskip("engine.formulas.targets")
    good = "target: rnn.W.update\nstated: {layout: column, loss: step}"
    assert places(bank_of(good, "formula")) == []
    bad = "target: rnn.W.updates\nstated: {layuot: column, loss: stepwise}"
    found = places(bank_of(bad, "formula"))
    assert [(line, column) for line, column, *_ in found] == [(9, 11), (10, 20), (10, 34)]
    assert found[0][3][0] == "rnn.W.update"
    assert found[1][3] == ("layout",)
    assert "step" in found[2][2]


def test_exercises_and_their_bugs_are_looked_up():
    found = places(bank_of("exercise: rnn/step_forwards", "code"))
    assert found[0][:3] == (9, 13, "There is no exercise 'rnn/step_forwards'.")


def test_a_mistake_without_text_or_a_text_without_mistake_is_told():
    text = 'sign-fliped:\n  name: {en: a, ja: b}\n  look: {en: "A.", ja: "い。"}\n'
    bank = bank_of("accept: {en: x, ja: y}", "term", mistakes=text)
    found = places(bank)
    assert found[0][2] == "There is no mistake with the code 'sign-fliped'."
    assert found[0][3][0] == "sign-flipped"
    assert len(found) == 1 + len(MISTAKE_CODES)


def test_the_built_in_bank_names_nothing_unknown():
    bank = BANK
    assert [problem.line("en") for problem in bank.problems] == []
    assert [problem.line("en") for problem in resolve(bank)] == []
