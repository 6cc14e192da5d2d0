"""The register of risks: no known mistake passes, every right rewriting does."""

import random

import pytest

from engine.formulas.conventions import Convention
from engine.formulas.judge import judge
from engine.formulas.notations import notations
from engine.formulas.register import (
    DECLARED,
    conventions_of,
    distractors,
    rewriting_checks,
    survey,
)
from engine.formulas.rendering import canonical
from engine.formulas.rewriting import rewritings
from engine.formulas.targets import TARGETS, laid_out
from engine.formulas.tree import Node, Symbol, walk
from engine.mistakes import MISTAKE_CODES
from tests.formulas.sampled import sampled


def unsettled(result):
    return [
        (row.target, row.code, row.note, row.made_under, row.accepted_under)
        for row in result.rows
        if not row.settled
    ]


@pytest.mark.parametrize("target", ["rnn.u", "rnn.delta", "rnn.W.update", "rnn.W_out.gradient"])
def test_no_mutant_is_accepted_under_any_convention_but_declared_and_proved_equivalents(target):
    result = survey([TARGETS[target]], rewritings=0)
    assert unsettled(result) == []
    assert result.survived == 0
    assert result.mutants > 80


@pytest.mark.prove
def test_the_whole_register_holds_and_twenty_thousand_rewritings_are_accepted():
    seen = []
    result = survey(progress=lambda done, of: seen.append((done, of)), rewritings=20_000)
    assert unsettled(result) == []
    assert (result.targets, result.survived, result.rejected) == (len(TARGETS), 0, 0)
    assert result.rewritings == 20_000
    assert result.mutants > 5000
    assert seen[-1] == (len(TARGETS), len(TARGETS))


def test_two_thousand_rewritings_of_right_answers_are_accepted():
    rejected = [
        (target.id, canonical(tree, next(iter(notations(target.model).values()))))
        for target, tree, accepted in rewriting_checks(list(TARGETS.values()), 2000, 11)
        if not accepted
    ]
    assert rejected == []


def test_a_rewriting_stays_right_through_text_and_reader():
    rng = random.Random(3)
    for target in TARGETS.values():
        convention = Convention(loss="step" if target.kind == "lag-adjoint" else "sequence")
        form: Node = laid_out(target.answers(convention)[0], target.model, convention)
        tree = next(rewritings(form, rng, target.model))
        names = next(iter(notations(target.model).values()))
        text = canonical(tree, names)
        stated = {"layout": "column", "loss": convention.loss}
        judgement = judge(text, target=target.id, stated=stated, notation=names.name)
        assert judgement.outcome == "correct", (target.id, text, judgement.reason)


def test_every_declaration_is_of_public_codes():
    assert {code for code, _ in DECLARED} <= MISTAKE_CODES


def test_every_target_is_surveyed_under_rows_and_columns():
    for target in TARGETS.values():
        if "jacobian" in target.kind or target.shape == ("1", "1"):
            continue  # a Jacobian lies in numerator or denominator layout; a number in none
        assert {"column", "row"} <= {one.layout for one in conventions_of(target)}


@pytest.mark.parametrize("target", sampled())
def test_distractors_are_three_different_wrong_answers_of_like_length(target):
    stated = {"layout": "column", "loss": "step"}
    wrong = distractors(TARGETS[target], stated, 3, seed=4)
    if not any(isinstance(node, Symbol) for node in walk(TARGETS[target].answers(Convention())[0])):
        return  # dz/dmu = 1 makes no question
    assert len(wrong) == len({text for text, _ in wrong}) == 3
    for text, code in wrong:
        assert code in MISTAKE_CODES
        names = next(iter(notations(TARGETS[target].model).values()))
        found = judge(text, target=target, stated=stated, notation=names.name)
        assert found.outcome == "wrong", text


def test_distractors_are_the_same_for_the_same_seed():
    target = TARGETS["rnn.W.update"]
    assert distractors(target, {"loss": "step"}, 3, 1) == distractors(
        target, {"loss": "step"}, 3, 1
    )
    assert distractors(target, {"loss": "step"}, 3, 1) != distractors(
        target, {"loss": "step"}, 3, 2
    )
