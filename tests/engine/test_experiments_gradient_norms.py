"""How far back a gradient reaches, held against finite differences and products of Jacobians."""

import json
import warnings

import numpy as np
import pytest

from engine.experiments import EXPERIMENTS
from engine.experiments.gradient_norms import CELLS, D, N, layer_of

NORMS = EXPERIMENTS["gradient-norms"]
SMALL = {"draws": 2, "steps": 7, "hidden": 5, "clip": 0}


def cells(**settings):
    last = list(NORMS.run(seed=3, **{**SMALL, **settings}))[-1]
    return {cell.name: cell for cell in last.cells}


def same_draw(name, T, H, rho=1.0, forget_bias=1.0, seed=3):
    """Layer, inputs and direction of the first draw, as the experiment documents them."""
    rng = np.random.RandomState(np.random.RandomState(seed).randint(2**31))
    x = rng.randn(T, N, D)
    g = rng.randn(N, H)
    g /= np.sqrt((g**2).sum(axis=1, keepdims=True))
    return layer_of(name, rng, H, rho, forget_bias), x, g


@pytest.mark.parametrize("name", CELLS)
def test_each_norm_is_that_of_finite_differences_of_the_state_at_that_step(name):
    T, H = 6, 4
    snapshot = next(NORMS.run(seed=3, cell=name, steps=T, hidden=H, draws=1))
    layer, x, g = same_draw(name, T, H)
    for t in range(1, T):
        before = layer.forward(x[:t]).final
        gradient = np.empty((N, H))
        for unit in range(H):
            ends = []
            for sign in (1, -1):
                state = [part.copy() for part in before]
                state[0][:, unit] += sign * 1e-6
                ends.append((layer.forward(x[t:], state).output[-1] * g).sum(axis=1))
            gradient[:, unit] = (ends[0] - ends[1]) / 2e-6
        expected = np.median(np.sqrt((gradient**2).sum(axis=1)))
        assert snapshot.cells[0].norms[t - 1] == pytest.approx(expected, rel=1e-5, abs=1e-9)


def test_of_the_identity_the_norms_are_powers_of_the_matrix():
    T, H = 9, 6
    snapshot = next(NORMS.run(seed=3, cell="rnn-identity", steps=T, hidden=H, spectral_radius=1.3))
    layer, _, g = same_draw("rnn-identity", T, H, rho=1.3)
    assert np.abs(np.linalg.eigvals(layer.parameters.W)).max() == pytest.approx(1.3)
    for lag in range(T):
        back = g @ np.linalg.matrix_power(layer.parameters.W.T, lag)
        expected = np.median(np.linalg.norm(back, axis=1))
        assert snapshot.cells[0].norms[T - 1 - lag] == pytest.approx(expected, rel=1e-9)


def test_at_the_last_step_every_norm_is_one():
    for cell in cells().values():
        assert cell.norms[-1] == pytest.approx(1)
        assert cell.low[-1] == pytest.approx(1) == cell.high[-1]


@pytest.mark.parametrize("rho", [0.3, 1.0, 3.0])
def test_no_norm_is_above_the_bound_of_the_largest_singular_value(rho):
    for name in ("rnn-tanh", "rnn-relu", "rnn-identity"):
        cell = cells(spectral_radius=rho)[name]
        lags = np.arange(len(cell.norms))[::-1]
        assert (np.array(cell.norms) <= cell.largest_singular_value**lags * (1 + 1e-12)).all()


def test_a_small_radius_lets_the_gradient_vanish_and_a_large_one_explode():
    long = {"steps": 50, "hidden": 16, "draws": 3}
    small, large = cells(spectral_radius=0.5, **long), cells(spectral_radius=2, **long)
    for name in ("rnn-tanh", "rnn-relu", "rnn-identity"):
        assert small[name].median[0] < 1e-12
    assert large["rnn-identity"].median[0] > 1e12
    assert large["rnn-relu"].median[0] > 1e3
    assert large["rnn-tanh"].median[0] < large["rnn-identity"].median[0]


def test_at_the_same_radius_the_gated_layers_carry_the_gradient_further_than_tanh():
    found = cells(steps=50, hidden=16, draws=5)
    assert found["lstm"].median[0] > 100 * found["rnn-tanh"].median[0]
    assert found["gru"].median[0] > 10 * found["rnn-tanh"].median[0]


@pytest.mark.parametrize("forget_bias", [-2, 0, 1, 3])
def test_along_the_cells_the_gradient_shrinks_by_the_forget_gate_alone(forget_bias):
    # With next to no recurrent weights and inputs the forget gate is σ(b_f), and no other way is
    # left than that along the cells.
    lstm = cells(forget_bias=forget_bias, spectral_radius=0.01, input_deviation=0.01)["lstm"]
    ratios = np.array(lstm.cell_norms[:-1]) / lstm.cell_norms[1:]
    assert ratios == pytest.approx(1 / (1 + np.exp(-forget_bias)), rel=0.02)


def test_clipping_shortens_the_gradient_of_the_parameters_and_nothing_else():
    free, clipped = cells(spectral_radius=3), cells(spectral_radius=3, clip=0.5)
    for name in CELLS:
        assert free[name].clipped_norm == pytest.approx(free[name].gradient_norm)
        assert clipped[name].clipped_norm == pytest.approx(min(0.5, free[name].gradient_norm))
        assert clipped[name].norms == free[name].norms


def test_leaving_the_other_cells_out_changes_no_figure():
    every = cells()
    for name in CELLS:
        assert cells(cell=name) == {name: every[name]}


def test_quantiles_are_taken_over_all_draws_so_far():
    snapshots = list(NORMS.run(seed=1, **{**SMALL, "draws": 30}, cell="gru"))
    assert [s.iteration for s in snapshots] == list(range(1, 31))
    last = snapshots[-1].cells[0]
    assert last.low[0] < last.median[0] < last.high[0]
    assert last.at_first_step == last.median[0]
    medians = [s.cells[0].norms[0] for s in snapshots]
    assert last.low[0] < np.median(medians) < last.high[0]


def test_an_overflow_is_said_and_is_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = list(NORMS.run(seed=0, steps=200, hidden=4, spectral_radius=100, draws=2))
    assert len(found) == 2
    assert found[0].diverged.startswith("rnn-")
    assert "gradient norm" in found[0].diverged
    plain = json.loads(json.dumps(found[0].to_json(), allow_nan=False))
    assert plain["diverged"] == found[0].diverged
    assert {c["name"] for c in plain["cells"] if c["diverged"] is None} >= {"lstm"}


def test_the_same_seed_gives_the_same_run_and_a_kept_state_goes_on():
    whole = [s.to_json() for s in NORMS.run(seed=5, **SMALL)]
    state = NORMS.new_state(seed=5, **SMALL)
    run = NORMS.run(state=state, **SMALL)
    first = next(run).to_json()
    run.close()
    kept = state.copy()
    assert [first] + [s.to_json() for s in NORMS.run(state=kept, **SMALL)] == whole
    assert [first] + [s.to_json() for s in NORMS.run(state=state, **SMALL)] == whole
    assert [s.to_json() for s in NORMS.run(seed=6, **SMALL)] != whole
