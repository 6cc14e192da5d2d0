"""Conventions are one consistent set; some are tried only when they are stated."""

import pytest

from engine.formulas.conventions import (
    OPEN,
    VALUES,
    Convention,
    ConventionError,
    Mentions,
    admissible,
    checked,
)
from engine.formulas.reading import read
from engine.formulas.targets import TARGETS


def tried(kind, text, stated=None, **more):
    reading = read(text)
    assert reading.understood, reading.trouble
    mentions = Mentions.of(*reading.equations[0].links)
    return list(admissible(kind, stated or {}, mentions, **more))


def values(conventions, key):
    return {getattr(one, key) for one in conventions}


def test_every_open_value_is_a_value_and_every_kind_of_target_is_covered():
    assert {target.kind for target in TARGETS.values()} == set(OPEN)
    for table in OPEN.values():
        for key, some in table.items():
            assert set(some) <= set(VALUES[key])


def test_what_is_stated_holds_in_every_convention_that_is_tried():
    stated = {"layout": "row", "loss": "sequence", "activation": "tanh"}
    for one in tried("update", "W - ε Σ_{s=0}^{T_t} [z^{t-s-1}]^T δ^{t-s}", stated):
        assert {key: getattr(one, key) for key in stated} == stated


@pytest.mark.parametrize("kind", list(OPEN))
def test_scalars_and_identities_are_never_tried_unless_stated(kind):
    conventions = tried(kind, "W^T δ^{t+1} + W_out^T δ^{out,t}")
    assert values(conventions, "scalar") == {"no"}
    assert "identity" not in values(conventions, "activation")
    assert "yes" in values(tried(kind, "W^T δ^{t+1}", {"scalar": "yes"}), "scalar")


def test_one_steps_share_is_tried_for_a_gradient_and_never_for_an_update():
    assert "one-step" in values(tried("gradient", "δ^t [x^t]^T"), "scope")
    assert values(tried("update", "W_in - ε δ^t [x^t]^T"), "scope") == {"whole"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f'(u^t) ⊙ W^T δ^{t+1}", {"abstract"}),
        ("σ'(u^t) ⊙ W^T δ^{t+1}", {"sigmoid"}),
        ("(1 - tanh(u^t)^2) ⊙ W^T δ^{t+1}", {"tanh"}),
        ("z^t ⊙ (1 - z^t) ⊙ W^T δ^{t+1}", {"abstract", "sigmoid", "tanh"}),
        ("W^T δ^{t+1}", {"abstract"}),
    ],
)
def test_a_named_activation_is_tried_only_for_an_answer_written_with_it(text, expected):
    assert values(tried("adjoint", text), "activation") == expected


@pytest.mark.parametrize("text", ["δ^{t,t-s} [x^{t-s}]^T", "(∂E^t/∂u^{t-s}) [x^{t-s}]^T"])
def test_an_explicit_step_of_the_loss_fixes_the_loss(text):
    assert values(tried("gradient", text), "loss") == {"step"}


def test_numerator_layout_is_open_for_deltas_and_only_stated_for_gradients():
    assert "numerator" in values(tried("adjoint", "δ^{t+1} W f'(u^t)"), "layout")
    assert "numerator" not in values(tried("gradient", "z^{t-1} δ^t"), "layout")
    stated = tried("gradient", "z^{t-1} δ^t", {"layout": "numerator"})
    assert values(stated, "layout") == {"numerator"}


def test_a_linear_output_is_not_read_into_an_answer_written_with_its_pre_activation():
    open_ones = tried("output-adjoint", "v^t - d^t", source="v")
    assert "mse-identity" not in values(open_ones, "output")


@pytest.mark.parametrize(
    ("stated", "nearest"),
    [
        ({"layuot": "row"}, "layout"),
        ({"layout": "colum"}, "column"),
        ({"output": "ce-softmx"}, "ce-softmax"),
    ],
)
def test_an_unknown_convention_is_refused_with_the_nearest(stated, nearest):
    with pytest.raises(ConventionError) as error:
        checked(stated)
    assert nearest in error.value.nearest


def test_a_convention_is_frozen_and_complete():
    assert set(Convention().as_dict()) == set(VALUES)
    with pytest.raises(AttributeError):
        Convention().layout = "row"
