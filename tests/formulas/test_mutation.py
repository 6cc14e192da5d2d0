"""Known mistakes are other computations, and each is named from its value alone."""

import random
from itertools import islice

import pytest

from engine.formulas.checking import check
from engine.formulas.conventions import Convention
from engine.formulas.evaluation.binding import Budget
from engine.formulas.mistakes.codes import PRIORITY
from engine.formulas.mistakes.edits import Mutant, variants
from engine.formulas.mistakes.explanation import name
from engine.formulas.mistakes.fingerprints import Site, summands
from engine.formulas.mistakes.mutation import mutants
from engine.formulas.reading import read
from engine.formulas.register import conventions_of
from engine.formulas.rendering import canonical
from engine.formulas.rewriting import rewritings
from engine.formulas.targets import TARGETS, laid_out
from engine.mistakes import MISTAKE_CODES
from tests.formulas.sampled import sampled

STEP = Convention(loss="step")
BOTH = [(target.id, loss) for target in TARGETS.values() for loss in ("step", "sequence")]


def made(target_id: str, convention: Convention = STEP) -> dict[str, list[Mutant]]:
    found: dict[str, list[Mutant]] = {}
    for mutant in mutants(TARGETS[target_id], convention):
        found.setdefault(mutant.code, []).append(mutant)
    return found


def test_every_code_that_an_edit_can_have_is_a_public_code():
    assert set(PRIORITY) <= MISTAKE_CODES
    for target_id, loss in BOTH:
        assert set(made(target_id, Convention(loss=loss))) <= set(PRIORITY)


@pytest.mark.parametrize(
    ("target", "code", "wrong"),
    [
        ("rnn.W.update", "wrong-signal", "W^t − ε Σ_{s=0}^{T_t} δ^{t−s} [x^{t−s−1}]ᵀ"),
        ("rnn.W.update", "wrong-parameter", "W_in^t − ε Σ_{s=0}^{T_t} δ^{t−s} [z^{t−s−1}]ᵀ"),
        ("rnn.W.update", "index-shifted", "W^t − ε Σ_{s=0}^{T_t} δ^{t−s} [z^{t−s}]ᵀ"),
        ("rnn.W.update", "learning-rate-dropped", "W^t − Σ_{s=0}^{T_t} δ^{t−s} [z^{t−s−1}]ᵀ"),
        ("rnn.W.update", "sum-shortened", "W^t − ε Σ_{s=0}^{T_t−1} δ^{t−s} [z^{t−s−1}]ᵀ"),
        ("rnn.W.update", "sum-starts-late", "W^t − ε Σ_{s=1}^{T_t} δ^{t−s} [z^{t−s−1}]ᵀ"),
        ("rnn.W.update", "sum-dropped", "W^t − ε δ^t [z^{t−1}]ᵀ"),
        ("rnn.W.update", "sign-flipped", "W^t + ε Σ_{s=0}^{T_t} δ^{t−s} [z^{t−s−1}]ᵀ"),
        ("rnn.W.update", "transpose-dropped", "W^t − ε Σ_{s=0}^{T_t} δ^{t−s} z^{t−s−1}"),
        ("rnn.W.update", "order-swapped", "W^t − ε Σ_{s=0}^{T_t} [z^{t−s−1}]ᵀ δ^{t−s}"),
        ("rnn.W.gradient", "outer-product-transposed", "Σ_{s=0}^{T_t} z^{t−s−1} [δ^{t−s}]ᵀ"),
        ("rnn.delta_step", "index-shifted", "f'(u^{t−s}) ⊙ (Wᵀ δ^{t−s})"),
        ("rnn.delta_step", "transpose-dropped", "f'(u^{t−s−1}) ⊙ (W δ^{t−s})"),
        ("rnn.delta_step", "derivative-dropped", "Wᵀ δ^{t−s}"),
        ("rnn.delta_step", "derivative-of-wrong-argument", "f'(z^{t−s−1}) ⊙ (Wᵀ δ^{t−s})"),
        ("rnn.u", "bias-dropped", "W_in x^t + W z^{t−1}"),
        ("rnn.u", "recurrent-path-dropped", "W_in x^t + b"),
        ("rnn.z", "activation-dropped", "W_in x^t + W z^{t−1} + b"),
        ("rnn.W_out.update", "sum-added", "W_out^t − ε Σ_{s=0}^{T_t} δ^{out,t−s} [z^{t−s}]ᵀ"),
    ],
)
def test_the_known_wrong_answers_of_the_course_are_among_the_mutants(target, code, wrong):
    tree = read(wrong).equations[0].links[-1]
    texts = {canonical(mutant.tree) for mutant in made(target)[code]}
    assert canonical(tree) in texts


def test_the_sequence_has_two_paths_and_parentheses_to_lose():
    found = made("rnn.delta", Convention())
    texts = {code: {canonical(mutant.tree) for mutant in found[code]} for code in found}
    assert "f'(u^t) ⊙ (Wᵀ δ^{t+1})" in texts["output-path-dropped"]
    assert "f'(u^t) ⊙ (W_outᵀ δ^{out,t})" in texts["recurrent-path-dropped"]
    assert "f'(u^t) ⊙ (Wᵀ δ^{t+1}) + W_outᵀ δ^{out,t}" in texts["parentheses-dropped"]


@pytest.mark.parametrize("output", ["ce-sigmoid", "ce-softmax"])
def test_the_slope_that_a_cross_entropy_cancels_is_a_factor_too_many(output):
    found = made("rnn.delta_out", Convention(output=output, loss="step"))
    texts = {canonical(mutant.tree) for mutant in found["factor-added"]}
    assert "(y^t − d^t) ⊙ y^t ⊙ (1 − y^t)" in texts


@pytest.mark.parametrize("name_of_target", sampled())
def test_every_mutant_has_its_own_computation_and_its_name_is_found_from_its_value(name_of_target):
    target = TARGETS[name_of_target]
    convention = Convention(loss="step" if target.kind == "lag-adjoint" else "sequence")
    site = Site(target, convention, None, True)
    misnamed = []
    found = made_flat(target, convention)
    for mutant in random.Random(1).sample(found, min(12, len(found))):
        right = check(mutant.tree, target, convention, None, Budget()).right
        # diag(f'(uᵀ)) is diag(f'(u)): such a mutant is no mistake, and the register knows it.
        assert not right or (mutant.code == "transpose-added" and "jacobian" in target.kind)
        if right:
            continue
        if len(mutant.codes) > 1:
            continue  # of two mistakes at once not every pair can be told
        if site.value(mutant.tree) is None:
            continue  # a logarithm of what is negative has no value to be known by
        naming = name(mutant.tree, site, Budget(10**7))
        if not naming.complete or not naming.mistakes:
            misnamed.append((mutant.code, mutant.note, mutant.tree))
    assert misnamed == []


def made_flat(target, convention):
    return mutants(target, convention)


@pytest.mark.parametrize("target", ["rnn.W.update", "rnn.delta", "rnn.b.gradient", "rnn.z"])
def test_a_mistake_keeps_its_name_when_the_formula_is_rewritten(target):
    chosen = TARGETS[target]
    site = Site(chosen, Convention(), None, True)
    rng = random.Random(5)
    asked = ("sign-flipped", "wrong-signal", "index-shifted")
    wrong = [one for code in asked for one in made(target, Convention()).get(code, [])[:2]]
    for mutant in wrong:
        for tree in islice(rewritings(mutant.tree, rng), 3):
            value = site.value(mutant.tree)
            rewritten = site.value(tree)
            if rewritten is None or abs(value - rewritten).max() > 1e-9:
                continue  # a rewriting that peels a term needs a longer sum than this point has
            assert name(tree, site, Budget(10**7)).mistakes


def test_an_expanded_product_is_taken_apart_into_its_summands():
    tree = read("f'(u^t) ⊙ (W^T δ^{t+1} - W_out^T δ^{out,t})").equations[0].links[-1]
    texts = [canonical(term) for term in summands(tree)]
    assert texts == ["f'(u^t) ⊙ (Wᵀ δ^{t+1})", "−f'(u^t) ⊙ (W_outᵀ δ^{out,t})"]


def test_an_edit_keeps_the_spans_of_what_it_leaves_alone():
    text = "W^t - ε δ^t [z^{t-1}]^T"
    tree = read(text).equations[0].links[-1]
    for mutant in variants(tree, TARGETS["rnn.W.update"].model):
        original = mutant.edits[0].original
        assert original.span is not None
        assert text[slice(*original.span)]


@pytest.mark.parametrize("name_of_target", sampled())
def test_answers_are_right_and_have_mutants_under_every_convention(name_of_target):
    target = TARGETS[name_of_target]
    for convention in conventions_of(target):
        assert len(mutants(target, convention)) >= 3
        for answer in target.answers(convention):
            tree = laid_out(answer, target.model.under(convention), convention)
            assert check(tree, target, convention, None, Budget()).right


@pytest.mark.parametrize("model", ["rnn", "lstm", "lstm_peephole", "gru", "bidirectional"])
def test_a_backward_target_has_at_least_twenty_five_mutants_of_different_value(model):
    for target in TARGETS.values():
        backward = target.kind in {"adjoint", "gradient", "update"}
        if target.model_name != model or not backward or len(target.answers(Convention())) == 0:
            continue
        site = Site(target, Convention(), None, True)
        values = {
            tuple(value.round(9))
            for mutant in mutants(target, Convention())
            if (value := site.value(mutant.tree)) is not None
        }
        assert len(values) >= 25, target.id
