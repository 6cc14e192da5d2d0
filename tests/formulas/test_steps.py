"""Derivations: generated from equations, step by step, down to the canonical answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.formulas.construction import (
    applied,
    at,
    hadamard,
    parameter,
    product,
    signal,
    total,
)
from engine.formulas.conventions import Convention
from engine.formulas.judge import judge
from engine.formulas.models import Model, models
from engine.formulas.models.lstm import loss_of_output
from engine.formulas.models.static import all_models
from engine.formulas.notations.own import own_notation
from engine.formulas.rendering import canonical
from engine.formulas.static_targets import StaticTarget
from engine.formulas.steps import Step, derivation
from engine.formulas.targets import TARGETS, Target, laid_out, targets_by_id

RECURRENT = ("rnn", "lstm", "lstm_peephole", "gru")


def cell(**changes: object) -> Model:
    """A cell that nobody foresaw: u = A x + B s' + p ⊙ s', s = tanh(u)."""
    model = Model(
        name="odd",
        sizes=("D", "H"),
        signals={"x": "D", "d": "H", "u": "H", "s": "H"},
        parameters={"A": ("H", "D"), "B": ("H", "H"), "p": ("H", "1")},
        equations={
            "u": total(
                product(parameter("A"), signal("x")),
                product(parameter("B"), signal("s", at(-1))),
                hadamard(parameter("p"), signal("s", at(-1))),
            ),
            "s": applied("tanh", signal("u")),
        },
        output="s",
        label="d",
        output_losses={"abstract": loss_of_output("s", "d")},
        adjoints={"delta": "u", "grad_s": "s"},
    )
    return replace(model, **changes)  # type: ignore[arg-type]


def shown(steps: tuple[Step, ...], model: Model) -> list[str]:
    notation = own_notation(model)
    lines = [
        (step.code, canonical(one, notation, "ascii")) for step in steps for one in step.equations
    ]
    return [f"{code}: {line}".replace("(dE/du[t+1])", "dE/du[t+1]") for code, line in lines]


@pytest.mark.parametrize("layout", ["column", "row", "numerator"])
@pytest.mark.parametrize("loss", ["sequence", "step"])
@pytest.mark.parametrize("name", RECURRENT)
def test_every_derivation_ends_with_the_canonical_answer(name: str, loss: str, layout: str) -> None:
    convention = Convention(layout=layout, loss=loss)
    for target in targets_by_id(models()[name]).values():
        answers = target.answers(convention)
        if target.kind == "forward" and layout == "numerator":
            continue
        last = next(step for step in reversed(derivation(target, convention)) if step.equations)
        ends = [equation.links[-1] for equation in last.equations]

        lay = "jacobian" not in target.kind
        model = target.model.under(convention)
        expected = {laid_out(one, model, convention) if lay else one for one in answers}
        assert set(ends) <= expected, target.id
        assert last.equations[0].links[0] == target.left or target.kind == "gradient", target.id


@pytest.mark.parametrize(
    "target",
    [
        "rnn.delta",
        "rnn.W.update",
        "rnn.z.jacobian",
        "lstm.grad_c",
        "lstm.U_f.gradient",
        "gru.grad_h",
    ],
)
def test_what_a_derivation_adds_up_to_is_judged_right(target: str) -> None:
    model = TARGETS[target].model
    for step in derivation(TARGETS[target]):
        if step.code not in {"sum", "put-in", "values", "over-time", "lags"}:
            continue
        for equation in step.equations:
            text = canonical(equation, own_notation(model), "latex")
            assert judge(text, notation="own", model=model).outcome == "correct", text


def test_every_static_target_has_a_derivation_that_states_its_declared_form() -> None:
    for model in all_models():
        for target in targets_by_id(model).values():
            if not isinstance(target, StaticTarget):
                continue
            steps = derivation(target)
            stated = [one.links[-1] for step in steps for one in step.equations]

            assert target.forms[0].tree in stated, target.id
            codes = [step.code for step in steps]
            assert codes[0] in {"definition", "asked"}
            assert target.kind == "static-forward" or "declared" in codes


def test_the_chain_rule_has_one_term_for_each_equation_that_reads_the_quantity() -> None:
    steps = derivation(targets_by_id(cell())["odd.grad_s"])
    assert shown(steps, cell()) == [
        "asked: dE/ds[t] = dE/ds[t]",
        "reads: u[t+1] = A * x[t+1] + B * s[t] + p .* s[t]",
        "chain: dE/ds[t] = dE[t]/ds[t] + (du[t+1]/ds[t]).T * dE/du[t+1]",
        "local: (du[t+1]/ds[t]).T * dE/du[t+1] = B.T * delta[t+1] + p .* delta[t+1]",
        "sum: dE/ds[t] = dE[t]/ds[t] + B.T * delta[t+1] + p .* delta[t+1]",
    ]


@pytest.mark.parametrize("dropped", [0, 1, 2])
def test_without_a_term_of_a_forward_equation_the_derivation_is_another_one(dropped: int) -> None:
    model = cell()
    pre_activation = model.equations["u"]
    terms = [term for place, term in enumerate(pre_activation.terms) if place != dropped]  # type: ignore[attr-defined]
    smaller = cell(equations={**model.equations, "u": total(*terms)})

    name = ("odd.A.gradient", "odd.grad_s", "odd.grad_s")[dropped]
    whole = shown(derivation(targets_by_id(model)[name]), model)
    without = shown(derivation(Target(**_fields(targets_by_id(model)[name], smaller))), smaller)
    assert whole != without
    if name == "odd.grad_s":
        gone = ("", "B", "p")[dropped]
        assert any(gone in line for line in whole)
        assert not any(gone in line.split() for line in without)


def _fields(target: Target, model: Model) -> dict[str, object]:
    return {
        "id": target.id,
        "model": model,
        "quantity": target.quantity,
        "kind": target.kind,
        "given": target.given,
        "shape": target.shape,
        "quantifier": target.quantifier,
    }


def test_a_gradient_without_a_name_is_derived_on_the_way() -> None:
    codes = [step.code for step in derivation(TARGETS["rnn.delta"])]

    assert codes == [
        "asked", "reads", "chain", "local", "needed",
        "reads", "chain", "local", "sum", "boundary", "put-in",
    ]  # fmt: skip


def test_the_loss_of_one_step_reaches_an_output_weight_once() -> None:
    steps = derivation(TARGETS["rnn.W_out.update"], Convention(loss="step"))

    assert [step.code for step in steps] == [
        "asked",
        "reads",
        "share",
        "one-step",
        "rate",
        "put-in",
    ]


def test_a_known_loss_ends_the_way_back() -> None:
    steps = derivation(TARGETS["rnn.delta_out"], Convention(output="ce-softmax"))

    assert [step.code for step in steps] == ["asked", "reads", "loss"]
    assert canonical(steps[-1].equations[0], "course", "ascii") == "delta_out[t] = y[t] - d[t]"
