"""Points are consistent runs, in floating-point numbers and modulo a prime."""

import numpy as np
import pytest

from engine.formulas.evaluation.fields import PRIME, Floats, NotRepresentableError, PrimeField
from engine.formulas.evaluation.points import KINDS, make_run, run_for, shipped
from engine.formulas.models import models


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_satisfies_its_own_forward_equations(kind, exact):
    run = run_for(models()["rnn"], kind, exact=exact)
    p, s, field = run.parameters, run.signals, run.field
    for t in range(1, run.steps + 1):
        u = field.reduced(p["W_in"] @ s["x"][t] + p["W"] @ s["z"][t - 1] + p["b"])
        z = run.call("f", 0, s["u"][t])
        v = field.reduced(p["W_out"] @ s["z"][t] + p["c"])
        for made, kept in ((u, s["u"][t]), (z, s["z"][t]), (v, s["v"][t])):
            assert (made == kept).all() if exact else np.allclose(made, kept, rtol=1e-12)


def test_sizes_of_deciding_points_all_differ_and_exceed_one():
    sizes = run_for(models()["rnn"], "distinct").sizes
    letters = [sizes[name] for name in ("D", "H", "K")]
    assert len(set(letters)) == 3
    assert min(letters) > 1


def test_blind_points_make_every_signal_a_square_matrix_of_the_weights_size():
    run = run_for(models()["rnn"], "blind")
    assert {array.shape for times in run.signals.values() for array in times.values()} == {(3, 3)}
    assert run.parameters["W"].shape == (3, 3)


def test_the_initial_state_is_not_zero_and_without_biases_they_are():
    assert np.abs(run_for(models()["rnn"], "distinct").signals["z"][0]).min() > 1e-3
    run = run_for(models()["rnn"], "distinct", biases="none")
    assert not run.parameters["b"].any()
    assert not run.parameters["c"].any()


@pytest.mark.parametrize("exact", [False, True])
def test_softmax_labels_sum_to_one(exact):
    run = run_for(models()["rnn"], "distinct", output="ce-softmax", exact=exact)
    for t in range(1, run.steps + 1):
        total = run.signals["d"][t].sum()
        assert total % PRIME == 1 if exact else total == pytest.approx(1)


@pytest.mark.parametrize("order", [0, 1])
def test_an_abstract_function_is_smooth_and_its_derivative_exact(order):
    field, step = Floats(3), 1e-5
    for at in np.linspace(-2, 2, 9):
        ahead = field.primitive("f", order, at + step)
        behind = field.primitive("f", order, at - step)
        slope = field.primitive("f", order + 1, at)
        assert (ahead - behind) / (2 * step) == pytest.approx(slope, rel=1e-7, abs=1e-8)


def test_an_abstract_function_differs_from_every_named_one():
    run = run_for(models()["rnn"], "distinct")
    u = run.signals["u"][2]
    for name in ("sigmoid", "tanh", "relu", "identity"):
        assert np.abs(run.call("f", 0, u) - run.call(name, 0, u)).max() > 1e-2


def test_in_the_prime_field_identities_hold_exactly():
    run = run_for(models()["rnn"], "distinct", "tanh", "ce-softmax", exact=True)
    z, u = run.signals["z"][3], run.signals["u"][3]
    assert ((1 - z * z - run.call("f", 1, u)) % PRIME == 0).all()
    y, d = run.signals["y"][3], run.signals["d"][3]
    assert ((run.adjoints["v"][3][3] - (y - d)) % PRIME == 0).all()


def test_the_prime_field_refuses_what_it_has_no_counterpart_of():
    with pytest.raises(NotRepresentableError):
        PrimeField().primitive("relu", 0, 5)
    with pytest.raises(NotRepresentableError):
        PrimeField().inverse(PRIME)


def test_a_value_outside_the_run_is_never_zero_and_always_the_same():
    run = make_run(shipped(models()["rnn"]))
    first = run.phantom("delta", 6, (3, 1))
    assert np.abs(first).min() > 0
    assert (run.phantom("delta", 6, (3, 1)) == first).all()


def test_a_later_step_never_reaches_back_into_an_earlier_loss():
    run = run_for(models()["rnn"], "distinct")
    for loss in range(1, run.steps + 1):
        for t in range(loss + 1, run.steps + 1):
            assert not run.adjoints["u"][loss][t].any()
