"""A cell declared by three forward equations has everything that the built-in models have."""

import pytest

from engine.formulas.checking import check
from engine.formulas.conventions import Convention
from engine.formulas.evaluation.binding import Budget
from engine.formulas.judge import judge
from engine.formulas.mistakes.mutation import mutants
from engine.formulas.models.declaring import DeclarationError, cell
from engine.formulas.notations.own import own_notation
from engine.formulas.register import conventions_of, distractors, rewriting_checks, survey
from engine.formulas.rendering import canonical
from engine.formulas.targets import laid_out, targets_by_id

# A gated unit with a single gate, which no module of the engine knows.
UNIT = cell(
    "unit",
    "f^t = σ(W_f x^t + U_f h^{t-1} + b_f)",
    "a^t = tanh(W x^t + U (f^t ⊙ h^{t-1}) + b)",
    "h^t = (1 - f^t) ⊙ h^{t-1} + f^t ⊙ a^t",
)
TARGETS = targets_by_id(UNIT)


def shown(target):
    return canonical(TARGETS[target].answers(Convention())[0], own_notation(UNIT))


@pytest.mark.parametrize(
    ("target", "answer"),
    [
        ("unit.u_a", "W x^t + U (f^t ⊙ h^{t−1}) + b"),
        ("unit.delta_a", "(1 − (a^t)^2) ⊙ (∂E/∂a^t)"),
        ("unit.grad_a", "f^t ⊙ (∂E/∂h^t)"),
        ("unit.grad_f", "h^{t−1} ⊙ (Uᵀ δ_a^t) + a^t ⊙ (∂E/∂h^t) − h^{t−1} ⊙ (∂E/∂h^t)"),
        (
            "unit.grad_h",
            "∂E^t/∂h^t + U_fᵀ δ_f^{t+1} + f^{t+1} ⊙ (Uᵀ δ_a^{t+1}) + (1 − f^{t+1}) ⊙ (∂E/∂h^{t+1})",
        ),
        ("unit.U.gradient", "Σ_{t=1}^T δ_a^t [f^t ⊙ h^{t−1}]ᵀ"),
        ("unit.b.update", "b^t − ε Σ_{t=1}^T δ_a^t"),
    ],
)
def test_its_backward_pass_is_derived(target, answer):
    assert shown(target) == answer


def test_every_derived_answer_is_right_under_every_convention():
    for target in TARGETS.values():
        for convention in conventions_of(target):
            for answer in target.answers(convention):
                tree = laid_out(answer, UNIT, convention)
                assert check(tree, target, convention, None, Budget()).right, target.id


def test_no_mutant_is_accepted_and_every_rewriting_is():
    chosen = [TARGETS[name] for name in ("unit.h", "unit.grad_f", "unit.U.gradient")]
    result = survey(chosen, rewritings=0)
    assert result.survived == 0
    assert result.mutants > 400
    assert all(accepted for _, _, accepted in rewriting_checks(list(TARGETS.values()), 60, 3))


@pytest.mark.parametrize(
    ("text", "outcome", "codes"),
    [
        ("h^t = (1 - f^t) ⊙ h^{t-1} + f^t ⊙ a^t", "correct", set()),
        ("h^t = (1 - f^t) ⊙ h^{t-1} + f^t ⊙ a^{t-1}", "wrong", {"index-shifted"}),
        ("h^t = h^{t-1} + f^t ⊙ a^t - f^t ⊙ h^{t-1}", "correct", set()),
        ("∂E/∂a^t = ∂E/∂h^t ⊙ f^t", "correct", set()),
        ("δ_a^t = ∂E/∂h^t ⊙ f^t ⊙ (1 - (a^t)^2)", "correct", set()),
        ("δ_a^t = ∂E/∂h^t ⊙ (1 - (a^t)^2)", "wrong", {"wrong-signal"}),
        ("∂E/∂U = Σ_{t=1}^T δ_a^t [f^t ⊙ h^{t-1}]^T", "correct", set()),
        ("∂E/∂U = Σ_{t=1}^T δ_a^t [h^{t-1}]^T", "wrong", {"factor-dropped"}),
        ("∂E/∂U_f = Σ_{t=1}^T δ_f^t [x^t]^T", "wrong", {"wrong-signal"}),
        ("∂E/∂x^t = W_f^T δ_f^t + W^T δ_a^t", "correct", set()),
    ],
)
def test_answers_are_judged_and_their_mistakes_named(text, outcome, codes):
    found = judge(text, model=UNIT)
    assert found.outcome == outcome
    assert {one.code for one in found.mistakes} == codes


def test_shapes_and_steps_are_told():
    found = judge("∂E/∂U_f = Σ_{t=1}^T δ_f^t [x^t]^T", model=UNIT)
    assert [(one.left, one.right) for one in found.shapes] == [("H×D", "H×H")]
    late = judge("∂E/∂U_f = Σ_{t=2}^T δ_f^t [h^{t-1}]^T", model=UNIT)
    assert [row.state for row in late.ledger].count("missing") == 1
    assert late.witness is not None


def test_it_has_an_exam_form():
    wrong = distractors(TARGETS["unit.h"], {}, 3)
    assert len({text for text, _ in wrong}) == 3
    assert len({code for _, code in wrong}) == 3
    assert all(len(mutants(one, Convention())) >= 8 for one in TARGETS.values())


@pytest.mark.parametrize(
    "equation",
    ["h^t", "h^t = W x^t +", "2 = W x^t", "h^t = W + x^t"],
)
def test_what_is_no_equation_of_a_cell_is_refused(equation):
    with pytest.raises(DeclarationError):
        cell("broken", equation)
