"""Models without time steps: what they claim is derived, and no known mistake passes for right."""

import json
from dataclasses import replace
from fractions import Fraction
from importlib import resources

import numpy as np
import pytest

from engine.formulas.checking import check
from engine.formulas.construction import (
    applied,
    gradient,
    hadamard,
    minus,
    number,
    product,
    total,
)
from engine.formulas.conventions import OPEN, Convention
from engine.formulas.derivation_static import static_truths
from engine.formulas.evaluation.binding import Budget
from engine.formulas.evaluation.points import StaleTruthsError
from engine.formulas.evaluation.static_run import (
    StaticDerivation,
    make_static_run,
    shipped_static,
    static_run,
)
from engine.formulas.judging import judge_equation
from engine.formulas.mistakes.mutation import form_mutants, mutants
from engine.formulas.models.attention import at, over
from engine.formulas.models.static import Form, StaticModel, static_models
from engine.formulas.register import acceptances, conventions_of
from engine.formulas.static_targets import StaticTarget, static_bindings, static_targets
from engine.formulas.targets import laid_out
from engine.formulas.tree import (
    Derivative,
    Equation,
    Index,
    Quotient,
    Reduce,
    Symbol,
    Transpose,
    walk,
)
from engine.mistakes import MISTAKE_CODES

TARGETS = [target for model in static_models().values() for target in static_targets(model)]
# Formulas too short for many mistakes to be made in them.
SHORT = {"vae.z.mu.jacobian", "vae.z.sigma.jacobian"}


def by_id(target: StaticTarget) -> str:
    return target.id


@pytest.mark.parametrize("name", list(static_models()))
def test_the_shipped_tape_is_what_a_fresh_derivation_gives(name):
    model = static_models()[name]
    text = resources.files("engine.formulas").joinpath("truths", f"{name}.json").read_text("utf-8")
    assert json.loads(text) == json.loads(json.dumps(static_truths(model)))


def test_a_tape_of_other_equations_is_refused():
    model = static_models()["attention"]
    record = {**static_truths(model), "equations": "0" * 16}
    with pytest.raises(StaleTruthsError, match=r"python -m engine\.formulas\.derivation"):
        StaticDerivation.of(model, record)


@pytest.mark.parametrize("target", TARGETS, ids=by_id)
def test_every_way_of_writing_an_answer_is_right_in_columns_and_in_rows(target):
    for form in target.forms:
        for layout in OPEN[target.kind].get("layout", ("column",)):
            convention = Convention(layout=layout)
            tree = laid_out(form.tree, target.model, convention)
            result = check(tree, target, convention, target.left_of(form), Budget())
            assert result.right, (layout, form.indices, result)


@pytest.mark.parametrize("target", TARGETS, ids=by_id)
def test_no_known_mistake_is_accepted_under_any_convention(target):
    count = 0
    for convention in conventions_of(target):
        for mutant in mutants(target, convention):
            count += 1
            rows = list(acceptances(target, convention, mutant))
            assert [row for row in rows if not row.settled] == []
    assert count >= 10 or target.id in SHORT


@pytest.mark.parametrize("target", TARGETS, ids=by_id)
def test_mistakes_are_named_by_a_public_code(target):
    codes = {mutant.code for mutant in mutants(target, Convention())}
    assert codes <= MISTAKE_CODES


def test_nineteen_of_twenty_mistakes_in_every_way_of_writing_get_their_own_name():
    """A sample of them: a formula may also be read as another mistake with the same value."""
    named = wrong = 0
    for target in TARGETS[::4]:
        for form in target.forms[:2]:
            left = target.left_of(form)
            for mutant in list(form_mutants(target, Convention(), form.tree))[::7]:
                judged = judge_equation(
                    Equation((left, mutant.tree)), target, {}, target.model, Budget()
                )
                if judged.outcome == "wrong":
                    wrong += 1
                    named += mutant.code in {one.code for one in judged.mistakes}
    assert wrong > 100
    assert named >= 0.9 * wrong, (named, wrong)


def test_sizes_are_above_one_and_no_two_letters_that_are_values_have_the_same():
    for model in static_models().values():
        assert all(size > 1 for size in model.sizes.values()), model.name
        trees = [form.tree for form in model.equations.values()]
        nodes = [node for tree in trees for node in walk(tree)]
        values = {node.name for node in nodes if isinstance(node, Symbol) and node.time is None}
        for letter in values & set(model.sizes):
            others = [size for name, size in model.sizes.items() if name != letter]
            assert model.sizes[letter] not in others, (model.name, letter)


@pytest.mark.parametrize("name", list(static_models()))
def test_slopes_agree_with_finite_differences(name):
    model = static_models()[name]
    if model.loss is None or not model.sloped:
        pytest.skip("nothing is asked of its slopes")
    derivation = shipped_static(model)
    run = make_static_run(derivation, seed=3)
    given = {**{one: run.arrays[one] for one in (*model.inputs, *model.parameters)}, **run.scalars}
    step = 1e-6
    for by in [one for one in model.sloped if one in given]:
        found = run.slope(f"{model.loss}.0.0", by)
        for place in list(np.ndindex(found.shape))[:4]:
            ends = []
            for sign in (1, -1):
                moved = run.arrays[by].copy()
                moved[place] += sign * step
                other = make_static_run(derivation, seed=3, given={**given, by: moved})
                ends.append(other.arrays[model.loss][0, 0])
            assert found[place] == pytest.approx((ends[0] - ends[1]) / (2 * step), abs=1e-6)


# -- a model that nobody foresaw


GATED = StaticModel(
    name="gated_pair",
    sizes={"T": 4, "H": 3},
    signals={"q": ("H", "1"), "h": ("T", "H"), "r": ("T", "1"), "w": ("H", "1"), "E": ("1", "1")},
    equations={
        "r": Form(applied("sigmoid", product(Transpose(at("q")), at("h", "j"))), ("j",)),
        "w": Form(over("j", product(at("r", "j"), at("h", "j")))),
        "E": Form(Reduce("sum", applied("loss", at("w")))),
    },
    loss="E",
    sloped=("r",),
    asked=("r", "w"),
    answers={"r.gradient": (Form(product(Transpose(at("h", "j")), gradient(at("w"))), ("j",)),)},
)


def test_a_new_model_gets_truths_mutants_and_named_mistakes_from_its_declaration():
    gated = {target.id: target for target in static_targets(GATED)}
    assert set(gated) == {"gated_pair.r", "gated_pair.w", "gated_pair.r.gradient"}
    for target in gated.values():
        for form in target.forms:
            assert check(form.tree, target, Convention(), target.left_of(form), Budget()).right
        assert len(mutants(target, Convention())) > 10
    target = gated["gated_pair.w"]
    wrong = over("j", product(number(2), at("r", "j"), at("h", "j")))
    judged = judge_equation(Equation((at("w"), wrong)), target, {}, GATED, Budget())
    assert judged.outcome == "wrong"
    assert [one.code for one in judged.mistakes] == ["scale-wrong"]


# -- what indices select


def value_of(left, links, model="attention"):
    chosen = static_models()[model]
    return judge_equation(Equation((left, *links)), None, {}, chosen, Budget())


def test_a_free_index_of_the_left_side_runs_over_the_whole_range():
    target = next(one for one in TARGETS if one.id == "attention.alpha")
    values = [one.indices["j"] for one in static_bindings(target, at("alpha", "j"))]
    assert values == [1, 2, 3, 4]
    shifted = Symbol("alpha", time=Index.of(1, j=1))
    assert [one.indices["j"] for one in static_bindings(target, shifted)] == [0, 1, 2, 3]
    first = Symbol("alpha", time=Index.of(1))
    assert len(static_bindings(target, first)) == 1


def test_any_letter_may_stand_for_the_index():
    for letter in "ijkmt":
        right = product(Transpose(at("q")), at("h", letter))
        assert value_of(at("e", letter), [right]).outcome == "correct"


def test_an_index_that_is_bound_inside_may_be_the_letter_of_the_left_side():
    exp = applied("exp", at("e", "k"))
    right = Quotient(exp, over("j", applied("exp", at("e", "j"))))
    assert value_of(at("alpha", "k"), [right]).outcome == "correct"


def test_softmax_of_a_component_is_the_component_of_the_softmax():
    assert value_of(at("alpha", "j"), [applied("softmax", at("e", "j"))]).outcome == "correct"


def test_an_index_that_nothing_binds_is_undecided():
    judged = value_of(at("c"), [product(at("alpha", "j"), at("h", "j"))])
    assert (judged.outcome, judged.reason) == ("undecided", "undeclared-symbol")


def test_a_component_outside_the_range_is_no_zero():
    late = Symbol("h", time=Index.of(1, j=1))
    judged = value_of(at("e", "j"), [product(Transpose(at("q")), late)])
    assert judged.outcome == "wrong"
    assert [one.code for one in judged.mistakes] == ["index-shifted"]


def test_a_size_letter_is_a_value_and_the_limit_of_a_sum():
    mean = Quotient(over("j", at("h", "j")), Symbol("T"))
    judged = value_of(at("c"), [mean])
    assert judged.outcome == "wrong"


def test_a_chain_of_gradients_is_judged_link_by_link():
    y, v, t = at("y"), at("v"), at("t")
    jacobian = product(Transpose(Derivative(y, v)), gradient(y))
    judged = value_of(gradient(v), [jacobian, minus(y, t)], "softmax_ce")
    assert judged.outcome == "correct"
    judged = value_of(gradient(v), [jacobian, total(y, t)], "softmax_ce")
    assert (judged.outcome, judged.link) == ("wrong", 2)


def test_what_was_asked_for_is_no_answer():
    judged = value_of(at("alpha"), [at("alpha")])
    assert (judged.outcome, judged.reason) == ("incomplete", "asked-for")


def test_the_gradient_of_the_weights_needs_the_mean_term():
    alpha, slope = at("alpha"), gradient(at("alpha"))
    judged = value_of(gradient(at("e")), [hadamard(alpha, slope)])
    assert judged.outcome == "wrong"
    assert [one.code for one in judged.mistakes] == ["term-dropped"]


def test_a_wrong_answer_has_a_witness_with_the_inputs():
    judged = value_of(at("c"), [over("j", at("h", "j"))])
    assert judged.witness is not None
    assert judged.witness["answer"] != judged.witness["truth"]
    assert set(judged.witness["inputs"]) == {"q", "h"}


def test_rows_are_found_where_columns_do_not_fit():
    x, weights = at("h"), Symbol("W_out")
    judged = value_of(at("s"), [product(x, weights)], "cbow")
    assert judged.outcome == "correct"
    assert judged.assumptions == {"layout": "row"}


def test_a_number_that_is_nearly_right_is_wrong():
    weight = number(Fraction(3, 4) + Fraction(1, 10**6))
    right = static_models()["noise_distribution"].equations["P"]
    power = right.tree.numerator
    tree = Quotient(replace(power, exponent=weight), right.tree.denominator)
    judged = value_of(at("P", "k"), [tree], "noise_distribution")
    assert judged.outcome == "wrong"


def test_runs_are_the_same_every_time():
    one, other = (static_run.__wrapped__(static_models()["vae"], "distinct", 0) for _ in range(2))
    assert all((one.arrays[name] == other.arrays[name]).all() for name in one.arrays)
