"""Optimisers and clipping, by the tables of the curriculum and by hand."""

import copy

import numpy as np
import pytest

from engine.optimizers import (
    OPTIMIZERS,
    SGD,
    AdaGrad,
    Adam,
    Momentum,
    RMSProp,
    clip_by_norm,
    clip_by_value,
    global_norm,
)
from engine.recurrent.rnn import ShapeError


def run(optimizer, gradients, start=0.0):
    """The values of one parameter after each of the gradients."""
    w = {"w": np.array([start], dtype=float)}
    values = []
    for g in gradients:
        optimizer.step(w, {"w": np.array([float(g)])})
        values.append(w["w"][0])
    return values


@pytest.mark.parametrize(
    ("optimizer", "gradients", "values"),
    [
        # −0.1·2; then again.
        (SGD(0.1), [2, 2], [-0.2, -0.4]),
        # v = −0.2; v = 0.9·(−0.2) − 0.2 = −0.38; v = −0.342
        (Momentum(0.1, 0.9), [2, 2, 0], [-0.2, -0.58, -0.922]),
        # h = 9, 25: −0.1·3/3, −0.1·4/5
        (AdaGrad(0.1, 0.0), [3, 4], [-0.1, -0.18]),
        # h = 0.25·4 = 1; h = 0.75 + 0.25·9 = 3: −0.1·2/1, −0.1·3/√3
        (RMSProp(0.1, 0.75, 0.0), [2, 3], [-0.2, -0.2 - 0.1 * np.sqrt(3)]),
        # m = 1, m̂ = 2; v = 0.4, v̂ = 4: −0.1·2/2. Then m = 0, whatever v.
        (Adam(0.1, 0.5, 0.9, 0.0), [2, -1], [-0.1, -0.1]),
        # m = 1, 1.5: m̂ = 2, 2; v = 0.4, 0.76: v̂ = 4, 4
        (Adam(0.1, 0.5, 0.9, 0.0), [2, 2], [-0.1, -0.2]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_steps_worked_by_hand(optimizer, gradients, values):
    assert run(optimizer, gradients) == pytest.approx(values, rel=1e-12)


@pytest.mark.parametrize("g", [1e-4, 0.3, 7.0, -5e5])
def test_adams_first_step_is_the_learning_rate_against_the_sign(g):
    assert run(Adam(0.01), [g])[0] == pytest.approx(-0.01 * np.sign(g), rel=1e-3)


def test_without_bias_correction_adams_first_step_would_be_over_three_times_as_long():
    w = {"w": np.zeros(1)}
    record = Adam(0.01).step(w, {"w": np.array([2.0])})["w"]
    uncorrected = -0.01 * record.m / np.sqrt(record.v)
    assert uncorrected / record.change == pytest.approx(0.1 / np.sqrt(0.001))


@pytest.mark.parametrize("t", [1, 2, 50, 3_000])
def test_adams_epsilon_hat_is_added_to_the_root_before_the_correction(t):
    """The paper's shorter form, by itself: η √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε̂)."""
    g, memory = np.array([1e-7, -0.3]), {"m": np.array([2e-7, 0.1]), "v": np.array([1e-14, 0.04])}
    m, v = 0.9 * memory["m"] + 0.1 * g, 0.999 * memory["v"] + 0.001 * g**2
    rate = 0.01 * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    change = Adam(0.01, epsilon_hat=1e-7).rule(g, memory, t).change
    assert change == pytest.approx(-rate * m / (np.sqrt(v) + 1e-7), rel=1e-12)


def test_a_gradient_as_small_as_epsilon_hat_makes_a_small_first_step():
    first = {
        hat: float(Adam(1.0, epsilon_hat=hat).step({"w": w}, {"w": g})["w"].change[0])
        for hat in (None, 1e-7)
        for w, g in [(np.zeros(1), np.array([1e-7]))]
    }
    assert first[None] == pytest.approx(-1 / 1.1)
    assert first[1e-7] == pytest.approx(-1 / (1 + 1 / np.sqrt(0.001)))


def test_adam_hands_out_the_quantities_of_its_equations():
    g = np.array([2.0, -3.0])
    record = Adam(0.1, 0.9, 0.999).step({"w": np.zeros(2)}, {"w": g})["w"]
    assert record.m == pytest.approx(0.1 * g)
    assert record.v == pytest.approx(0.001 * g**2)
    assert record.m_hat == pytest.approx(g)
    assert record.v_hat == pytest.approx(g**2)


def test_pytorchs_momentum_moves_alike_while_the_learning_rate_stays():
    gradients = [1.0, -2.0, 0.5, 3.0]
    w = v = 0.0
    theirs = []
    for g in gradients:
        v = 0.9 * v + g
        w -= 0.1 * v
        theirs.append(w)
    assert run(Momentum(0.1, 0.9), gradients) == pytest.approx(theirs)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_each_optimizer_gets_nearer_to_the_minimum_of_a_bowl(name):
    w = {"w": np.array([1.5, -2.0])}
    optimizer = OPTIMIZERS[name](0.05)
    for _ in range(600):
        optimizer.step(w, {"w": 2.0 * w["w"] * np.array([1.0, 3.0])})
    assert (w["w"] ** 2 @ [1.0, 3.0]) < 0.1 * (1.5**2 + 3 * 4)


@pytest.mark.reference
@pytest.mark.parametrize(
    ("ours", "theirs", "settings"),
    [
        (SGD(0.05), "SGD", {"lr": 0.05}),
        (Momentum(0.05, 0.9), "SGD", {"lr": 0.05, "momentum": 0.9}),
        (AdaGrad(0.1, 1e-10), "Adagrad", {"lr": 0.1}),
        (RMSProp(0.01), "RMSprop", {"lr": 0.01}),
        (Adam(0.1), "Adam", {"lr": 0.1}),
    ],
)
def test_optimizers_agree_with_pytorch(ours, theirs, settings):
    torch = pytest.importorskip("torch")
    w = {"w": np.array([1.5, -2.0])}
    other = torch.tensor(w["w"].copy(), requires_grad=True)
    optimizer = getattr(torch.optim, theirs)([other], **settings)
    for _ in range(20):
        optimizer.zero_grad()
        (other**2 * torch.tensor([1.0, 3.0])).sum().backward()
        optimizer.step()
        ours.step(w, {"w": 2.0 * w["w"] * np.array([1.0, 3.0])})
    assert w["w"] == pytest.approx(other.detach().numpy(), rel=1e-10)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_replicates_with_their_own_learning_rates_advance_together_as_they_would_alone(name):
    rng = np.random.default_rng(0)
    rates = np.array([0.01, 0.1, 0.3])
    start, gradients = rng.standard_normal((3, 4, 2)), rng.standard_normal((5, 3, 4, 2))
    together = {"W": start.copy()}
    optimizer = OPTIMIZERS[name](rates)
    for g in gradients:
        optimizer.step(together, {"W": g})
    for r, rate in enumerate(rates):
        alone = {"W": start[r].copy()}
        single = OPTIMIZERS[name](rate)
        for g in gradients:
            single.step(alone, {"W": g[r]})
        assert np.array_equal(together["W"][r], alone["W"])


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_a_copy_goes_on_as_the_original_would(name):
    gradients = np.random.default_rng(1).standard_normal((6, 3))
    w, optimizer = {"w": np.ones(3)}, OPTIMIZERS[name](0.1)
    for g in gradients[:3]:
        optimizer.step(w, {"w": g})
    copied_w, copied = copy.deepcopy((w, optimizer))
    for g in gradients[3:]:
        optimizer.step(w, {"w": g})
        copied.step(copied_w, {"w": g})
    assert np.array_equal(w["w"], copied_w["w"])
    assert copied.t == 6


def test_a_step_changes_the_parameter_in_place_and_the_gradient_not():
    W, g = np.ones(2), np.ones(2)
    SGD(0.5).step({"W": W, "b": np.ones(1)}, {"W": g})
    assert W.tolist() == [0.5, 0.5]
    assert g.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("gradients", "error", "match"),
    [
        ({"W": np.ones(2), "V": np.ones(2)}, ValueError, "'V'"),
        ({"W": np.ones((1, 2))}, ShapeError, "gradient of W"),
    ],
)
def test_a_gradient_that_fits_no_parameter_is_refused_before_anything_moves(
    gradients, error, match
):
    W = np.ones(2)
    optimizer = SGD(0.5)
    with pytest.raises(error, match=match):
        optimizer.step({"W": W}, gradients)
    assert W.tolist() == [1.0, 1.0]
    assert optimizer.t == 0


@pytest.mark.parametrize(
    ("g", "threshold", "clipped", "rate"),
    [
        ([3, 4], 1, [0.6, 0.8], 0.2),
        ([3, 4], 5, [3, 4], 1.0),
        ([3, 4], 10, [3, 4], 1.0),
        ([-6, 8], 5, [-3, 4], 0.5),
        ([0, 0], 1, [0, 0], 1.0),
    ],
)
def test_clipping_by_the_norm_shortens_and_keeps_the_direction(g, threshold, clipped, rate):
    found = clip_by_norm({"g": np.array(g, dtype=float)}, threshold)
    assert found.gradients["g"] == pytest.approx(clipped)
    assert found.rate == pytest.approx(rate)
    assert found.norm == pytest.approx(np.hypot(*g))


def test_clipping_by_the_value_changes_the_direction():
    assert clip_by_value({"g": np.array([3.0, 4.0])}, 1)["g"].tolist() == [1.0, 1.0]
    assert clip_by_value({"g": np.array([-3.0, 0.5])}, 1)["g"].tolist() == [-1.0, 0.5]


def test_the_norm_runs_over_all_parameters_and_not_over_each():
    gradients = {"W": np.array([[3.0, 0.0]]), "b": np.array([4.0])}
    assert global_norm(gradients) == pytest.approx(5.0)
    clipped = clip_by_norm(gradients, 1).gradients
    assert clipped["W"] == pytest.approx(np.array([[0.6, 0.0]]))
    assert clipped["b"] == pytest.approx([0.8])
    each = {name: clip_by_norm({name: g}, 1).gradients[name] for name, g in gradients.items()}
    assert global_norm(each) == pytest.approx(np.sqrt(2))


def test_the_books_small_number_in_the_norm_is_an_option():
    found = clip_by_norm({"g": np.array([3.0, 4.0])}, 1, epsilon=1e-6)
    assert found.rate == pytest.approx(1 / (5 + 1e-6), rel=1e-15)


def test_replicates_are_clipped_each_by_its_own_norm():
    gradients = {"W": np.array([[[3.0]], [[0.3]]]), "b": np.array([[4.0], [0.4]])}
    found = clip_by_norm(gradients, 1, replicates=True)
    assert found.norm == pytest.approx([5.0, 0.5])
    assert found.gradients["W"][:, 0, 0] == pytest.approx([0.6, 0.3])
    assert found.gradients["b"][:, 0] == pytest.approx([0.8, 0.4])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("entry", "norm", "rate"),
    [(1e200, 1e200, 1e-200), (np.inf, np.inf, 1.0), (np.nan, np.nan, 1.0), (1e-300, 1e-300, 1.0)],
)
def test_huge_and_broken_gradients_have_their_norm_and_raise_no_warning(entry, norm, rate):
    found = clip_by_norm({"g": np.array([entry, 0.0])}, 1)
    assert found.norm == pytest.approx(norm, nan_ok=True)
    assert found.rate == pytest.approx(rate)


@pytest.mark.parametrize("threshold", [0, -1, np.nan])
@pytest.mark.parametrize("clip", [clip_by_norm, clip_by_value])
def test_a_threshold_has_to_be_positive(clip, threshold):
    with pytest.raises(ValueError, match="positive"):
        clip({"g": np.ones(2)}, threshold)
