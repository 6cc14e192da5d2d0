"""Clipping, growth of gradients, initial deviations, losses, optimisers and Gaussians."""

import math
from fractions import Fraction

import numpy as np
import pytest

from engine import losses, optimizers
from engine.computations import ComputationError, computation, recorded


def value(name, **arguments):
    return computation(name).evaluate(arguments)


def mistakes(name, **arguments):
    return {(m.code, m.note): m.value for m in computation(name).mistakes(arguments)}


def floats(found):
    return np.array(found, dtype=object).astype(float)


BY_HAND = [
    ("clipping.by_norm", {"gradient": [3, 4], "threshold": 1}, (Fraction(3, 5), Fraction(4, 5))),
    ("clipping.by_norm", {"gradient": [3, 4], "threshold": 10}, (3, 4)),
    ("clipping.by_value", {"gradient": [3, 4], "threshold": 1}, (1, 1)),
    ("clipping.by_value", {"gradient": [3, "-1/2", -4], "threshold": 2}, (2, Fraction(-1, 2), -2)),
    ("clipping.global_norm", {"gradients": [[3, 0], [0, 4], [12, 0]]}, 13),
    ("clipping.parameters", {"gradients": [[3, 0], [0, 4]], "threshold": 1},
     ((Fraction(3, 5), 0), (0, Fraction(4, 5)))),
    ("clipping.parameters", {"gradients": [[3, 0], [0, 4]], "threshold": 1, "scope": "each"},
     ((1, 0), (0, 1))),
    ("gradient.factor_bound", {"w": 2, "T": 3}, Fraction(1, 8)),
    ("gradient.factor_bound", {"w": -2, "T": 3, "f": "tanh"}, 8),
    ("gradient.linear_factor", {"w": "-1/2", "T": 3, "z0": 4}, Fraction(-1, 2)),
    ("activation.greatest_slope", {"f": "sigmoid"}, Fraction(1, 4)),
    ("activation.greatest_slope", {"f": "tanh"}, 1),
    ("initialization.spectral_radius", {"s": 1, "H": 16}, 4),
    ("initialization.deviation", {"n_in": 16, "n_out": 2}, Fraction(1, 4)),
    ("initialization.deviation", {"n_in": 8, "n_out": 2, "scheme": "he"}, Fraction(1, 2)),
    ("initialization.deviation", {"n_in": 12, "n_out": 6, "scheme": "glorot"}, Fraction(1, 3)),
    ("softmax_cross_entropy.delta", {"v": [["ln 1", "ln 3"], [0, 0]], "classes": [1, 0]},
     ((Fraction(1, 8), Fraction(-1, 8)), (Fraction(-1, 4), Fraction(1, 4)))),
    ("softmax_cross_entropy.delta", {"v": [["ln 1", "ln 3"], [0, 0]], "classes": [1, 0],
                                     "mask": [1, 0]},
     ((Fraction(1, 4), Fraction(-1, 4)), (0, 0))),
    # v = −0.1 · 2, then 0.9 v − 0.1 · 1
    ("momentum.steps", {"w": 1, "gradients": [2, 1], "learning_rate": 0.1},
     Fraction(1) - Fraction(1, 5) - Fraction(28, 100)),
    ("momentum.steps", {"gradients": [2, 1], "learning_rate": 0.1, "quantity": "v"},
     Fraction(-28, 100)),
    # h = 9, then 25
    ("adagrad.steps", {"w": 1, "gradients": [3, 4], "learning_rate": 0.1},
     Fraction(1) - Fraction(1, 10) - Fraction(4, 50)),
    ("adagrad.steps", {"gradients": [3, 4], "learning_rate": 0.1, "quantity": "h"}, 25),
    # h = 0.75 · 0 + 0.25 · 16 = 4
    ("rmsprop.steps", {"gradients": [4], "learning_rate": 0.1, "rho": 0.75}, Fraction(-1, 5)),
    # Adam's first step is −η sign(g), whatever the size of g.
    ("adam.steps", {"w": 1, "gradients": [5], "learning_rate": 0.1}, Fraction(9, 10)),
    ("adam.steps", {"w": 1, "gradients": [-0.003], "learning_rate": 0.1}, Fraction(11, 10)),
    ("adam.steps", {"gradients": [5, 1], "learning_rate": 0.1, "quantity": "m"},
     Fraction(55, 100)),
    ("adam.steps", {"gradients": [5, 1], "learning_rate": 0.1, "quantity": "m_hat"},
     Fraction(55, 19)),
    ("adam.steps", {"gradients": [5], "learning_rate": 0.1, "quantity": "v_hat"}, 25),
    ("vae.kl", {"mu": [0, 0], "sigma": [1, 1]}, 0),
    ("vae.kl", {"mu": [1, 2], "sigma": [1, 1]}, Fraction(5, 2)),
    ("vae.kl", {"mu": 0, "log_variance": "ln 4"}, 1.5 - math.log(2)),
    ("gaussian.kl", {"mu1": 1, "sigma1": 2, "mu2": 3, "sigma2": 2}, Fraction(1, 2)),
    ("vae.kl_gradient", {"mu": 3, "sigma": 2}, 3),
    ("vae.kl_gradient", {"mu": 3, "sigma": 2, "by": "log_variance"}, Fraction(3, 2)),
    ("vae.kl_gradient", {"mu": 3, "sigma": 2, "by": "sigma"}, Fraction(3, 2)),
    ("vae.reparameterise", {"mu": [1, 0], "sigma": [3, 2], "epsilon": [0.5, -1]},
     (Fraction(5, 2), -2)),
    ("vae.reparameterise", {"mu": 1, "log_variance": "ln 4", "epsilon": 0.5}, 2),
    ("vae.loss", {"log_likelihood": -90, "kl": 7}, 97),
    ("vae.loss", {"log_likelihood": -90, "kl": 7, "of": "elbo"}, -97),
]  # fmt: skip


def kinds(found):
    return [kinds(each) for each in found] if isinstance(found, tuple) else type(found)


@pytest.mark.parametrize(("name", "arguments", "expected"), BY_HAND)
def test_the_value_is_the_one_worked_by_hand(name, arguments, expected):
    found = value(name, **arguments)
    if isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-12)
    else:
        assert found == expected
        assert kinds(found) == kinds(expected) or isinstance(expected, Fraction)


# --- recorded figures ----------------------------------------------------------------------------


def test_each_recorded_setting_can_be_named_and_no_other():
    assert sorted(recorded.RUNS) == sorted(recorded._rows())


@pytest.mark.parametrize("run", recorded.RUNS)
def test_a_recorded_figure_is_the_one_in_the_file(run):
    row = recorded._rows()[run]
    for figure in ("solved", "nan", "diverged", "bit_accuracy"):
        found = value("binary_addition.recorded", run=run, figure=figure)
        assert float(found) == row[figure]
    if row["first"]["50"] is None:
        with pytest.raises(ComputationError, match="not reached"):
            value("binary_addition.recorded", run=run, figure="first")
    else:
        assert value("binary_addition.recorded", run=run, figure="first") == row["first"]["50"]


# --- against the engine ---------------------------------------------------------------------------


@pytest.mark.parametrize("threshold", [0.5, 3.0, 50.0])
def test_clipping_agrees_with_the_engine(threshold):
    rng = np.random.default_rng(int(threshold))
    g = rng.integers(-9, 10, size=(3, 4)) / 2
    named = {str(n): row for n, row in enumerate(g)}
    whole = optimizers.clip_by_norm(named, threshold)
    given = {"gradients": g.tolist(), "threshold": threshold}
    clipped = np.array(list(whole.gradients.values()))
    assert floats(value("clipping.parameters", **given)) == pytest.approx(clipped)
    assert float(value("clipping.global_norm", gradients=g.tolist())) == pytest.approx(whole.norm)
    each = [optimizers.clip_by_norm({"g": row}, threshold).gradients["g"] for row in g]
    found = floats(value("clipping.parameters", **given, scope="each"))
    assert found == pytest.approx(np.array(each))
    flat = {"gradient": g.reshape(-1)[:8].tolist(), "threshold": threshold}
    by_value = optimizers.clip_by_value({"g": g.reshape(-1)[:8]}, threshold)["g"]
    assert floats(value("clipping.by_value", **flat)) == pytest.approx(by_value)
    by_norm = optimizers.clip_by_norm({"g": g.reshape(-1)[:8]}, threshold).gradients["g"]
    assert floats(value("clipping.by_norm", **flat)) == pytest.approx(by_norm)


OPTIMISERS = [
    ("momentum.steps", optimizers.Momentum(0.1, mu=0.8), {"mu": 0.8}, "v"),
    ("adagrad.steps", optimizers.AdaGrad(0.1, epsilon=0.01), {"epsilon": 0.01}, "h"),
    ("rmsprop.steps", optimizers.RMSProp(0.1, rho=0.7, epsilon=0.01),
     {"rho": 0.7, "epsilon": 0.01}, "h"),
    ("adam.steps", optimizers.Adam(0.1, beta1=0.8, beta2=0.9, epsilon=0.01),
     {"beta1": 0.8, "beta2": 0.9, "epsilon": 0.01}, "m v m_hat v_hat"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rule", "settings", "memory"), OPTIMISERS)
def test_steps_agree_with_the_optimiser(name, rule, settings, memory):
    gradients = [2.0, -1.0, 0.5, 3.0]
    w = {"w": np.array([1.5])}
    for t, g in enumerate(gradients, start=1):
        record = rule.step(w, {"w": np.array([g])})["w"]
        given = {"w": 1.5, "gradients": gradients[:t], "learning_rate": 0.1, **settings}
        assert float(value(name, **given)) == pytest.approx(w["w"][0], rel=1e-12)
        for quantity in memory.split():
            found = float(value(name, **given, quantity=quantity))
            assert found == pytest.approx(getattr(record, quantity)[0], rel=1e-12)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_loss_delta_agrees_with_the_masked_loss_of_the_engine(reduction):
    rng = np.random.default_rng(2)
    v, classes, mask = rng.normal(size=(4, 3)), [2, 0, 1, 1], [1, 1, 0, 1]
    expected = losses.softmax_cross_entropy(v, classes, mask, mean=reduction == "mean")
    found = value(
        "softmax_cross_entropy.delta", v=v.tolist(), classes=classes, mask=mask, reduction=reduction
    )
    assert floats(found) == pytest.approx(expected.delta_out)


def test_the_spectral_radius_is_that_of_random_matrices():
    rng = np.random.default_rng(0)
    radii = [np.abs(np.linalg.eigvals(rng.normal(size=(64, 64)) * 0.5)).max() for _ in range(20)]
    estimate = float(value("initialization.spectral_radius", s=0.5, H=64))
    assert np.median(radii) == pytest.approx(estimate, rel=0.1)


def test_divergences_agree_with_integration():
    z = np.linspace(-60, 60, 400_001)

    def density(mu, sigma):
        return np.exp(-((z - mu) ** 2) / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))

    for mu1, sigma1, mu2, sigma2 in ((1.0, 2.0, -1.0, 3.0), (0.5, 0.7, 0.0, 1.0)):
        p, q = density(mu1, sigma1), density(mu2, sigma2)
        where = p > 1e-200
        integral = (p[where] * np.log(p[where] / q[where])).sum() * (z[1] - z[0])
        given = {"mu1": mu1, "sigma1": sigma1, "mu2": mu2, "sigma2": sigma2}
        assert float(value("gaussian.kl", **given)) == pytest.approx(integral, rel=1e-6)
    standard = value("gaussian.kl", mu1=0.5, sigma1=0.7)
    assert float(value("vae.kl", mu=0.5, sigma=0.7)) == pytest.approx(float(standard))


@pytest.mark.parametrize("by", ["mu", "log_variance", "sigma"])
def test_the_slope_of_the_divergence_is_that_of_differences(by):
    mu, sigma, h = 0.7, 1.3, 1e-4

    def at(step):
        if by == "mu":
            return float(value("vae.kl", mu=mu + step, sigma=sigma))
        moved = sigma * math.exp(step / 2) if by == "log_variance" else sigma + step
        return float(value("vae.kl", mu=mu, sigma=moved))

    numeric = (at(h) - at(-h)) / (2 * h)
    assert float(value("vae.kl_gradient", mu=mu, sigma=sigma, by=by)) == pytest.approx(
        numeric, rel=1e-6
    )


# --- mistakes ------------------------------------------------------------------------------------

ADAM = {"w": 1, "gradients": [4], "learning_rate": 0.1, "beta1": 0.5, "beta2": 0.75}

MISTAKES = [
    ("clipping.by_norm", {"gradient": [3, 4], "threshold": 1}, "axis-wrong", "each-entry-by-itself",
     (1, 1)),
    ("clipping.by_norm", {"gradient": [3, 4], "threshold": 10}, "factor-added", "lengthened",
     (6, 8)),
    ("clipping.parameters", {"gradients": [[3, 0], [0, 4]], "threshold": 1}, "axis-wrong",
     "each-norm", ((1, 0), (0, 1))),
    ("gradient.factor_bound", {"w": 2, "T": 3}, "derivative-dropped", "slope-left-out", 8),
    ("softmax_cross_entropy.delta", {"v": [["ln 1", "ln 3"], [0, 0]], "classes": [1, 0],
                                     "mask": [1, 0]}, "mask-misplaced", "divided-by-all",
     ((Fraction(1, 8), Fraction(-1, 8)), (0, 0))),
    ("softmax_cross_entropy.delta", {"v": [["ln 1", "ln 3"], ["ln 4", "ln 2"]], "classes": [1, 0]},
     "axis-wrong", "softmax-over-the-batch",
     ((Fraction(1, 10), Fraction(-1, 5)), (Fraction(-1, 10), Fraction(1, 5)))),
    ("momentum.steps", {"w": 1, "gradients": [2, 1], "learning_rate": 0.1},
     "recurrent-path-dropped", "plain-sgd", Fraction(7, 10)),
    ("adagrad.steps", {"gradients": [3, 4], "learning_rate": 0.1, "quantity": "h"},
     "not-accumulated", "last-square-only", 16),
    # m = 2, v = 1: without correction 1 − 0.1 · 2/1
    ("adam.steps", {**ADAM, "beta2": 0.9375}, "bias-correction-dropped", "m-and-v-as-they-are",
     Fraction(4, 5)),
    ("vae.kl", {"mu": [1, 2], "sigma": [1, 1]}, "sign-flipped", "minus-left-out", Fraction(-5, 2)),
    ("vae.reparameterise", {"mu": [1, 0], "sigma": [3, 2], "epsilon": [0.5, -1]}, "factor-added",
     "variance-for-deviation", (Fraction(11, 2), -4)),
    ("vae.loss", {"log_likelihood": -90, "kl": 7}, "parentheses-dropped",
     "divergence-with-the-other-sign", 83),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "code", "note", "wrong"), MISTAKES)
def test_a_mistake_gives_the_value_that_one_gets_by_making_it(name, arguments, code, note, wrong):
    assert mistakes(name, **arguments)[code, note] == wrong
    assert value(name, **arguments) != wrong


def test_where_nothing_is_clipped_no_mistake_is_to_have_forgotten_clipping():
    found = mistakes("clipping.by_norm", gradient=[3, 4], threshold=10)
    assert ("factor-dropped", "not-clipped") not in found


def test_a_weight_without_gradient_stays_where_it_is():
    for name in ("adagrad.steps", "rmsprop.steps", "adam.steps"):
        assert value(name, w=2, gradients=[0], learning_rate=1) == 2


@pytest.mark.parametrize(
    ("name", "arguments", "argument", "code"),
    [
        ("clipping.by_norm", {"gradient": 1, "threshold": 0}, "threshold", "too-small"),
        ("softmax_cross_entropy.delta", {"v": [[0, 0]], "classes": 2}, "classes", "too-large"),
        ("softmax_cross_entropy.delta", {"v": [[0, 0]], "classes": 0.5}, "classes", "wrong-kind"),
        ("softmax_cross_entropy.delta", {"v": [[0, 0]], "classes": [0, 1]}, "classes",
         "not-fitting"),
        ("softmax_cross_entropy.delta", {"v": [[0, 0]], "classes": 0, "mask": 0}, "mask",
         "not-fitting"),
        ("adam.steps", {"gradients": 1, "learning_rate": 1, "beta1": 1}, "beta1", "too-large"),
        ("vae.kl", {"mu": 1}, "sigma", "missing"),
        ("vae.kl", {"mu": 1, "sigma": [1, 2]}, "sigma", "not-fitting"),
        ("vae.kl", {"mu": 1, "sigma": 1, "log_variance": 0}, "sigma", "missing"),
        ("vae.reparameterise", {"mu": 1, "sigma": 1, "epsilon": [1, 2]}, "epsilon", "not-fitting"),
    ],
)  # fmt: skip
def test_arguments_that_do_not_fit_are_named(name, arguments, argument, code):
    with pytest.raises(ComputationError) as caught:
        value(name, **arguments)
    assert (caught.value.argument, caught.value.code) == (argument, code)
