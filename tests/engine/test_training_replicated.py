"""Replicates: each is the run it would be alone, and a wrong gradient is wrong where it says."""

import copy
import warnings
from dataclasses import replace

import numpy as np
import pytest

from engine import functions
from engine.experiments.cases import GRADIENT_NAMES
from engine.experiments.wrong_gradients import GRADIENTS
from engine.recurrent.rnn import RNN, Parameters
from engine.tasks.binary_addition import BinaryAddition, rounded
from engine.training import OUTPUT_DELTAS, train
from engine.training_forms import aligned
from engine.training_replicated import ReplicatedTraining, right_bits, train_replicates
from engine.training_state import TrainingSettings, TrainingState

SMALL = TrainingSettings(hidden=5, activation="tanh", initialisation="xavier")


def training_of(settings, seeds, kind=ReplicatedTraining, **options):
    each = [settings] * len(seeds) if isinstance(settings, TrainingSettings) else settings
    states = [TrainingState.new(seed, one) for seed, one in zip(seeds, each, strict=True)]
    return kind(states, settings, **options)


def losses(training, iterations, every=50):
    return np.concatenate([r.losses for r in train_replicates(training, iterations, every)])


def alone(settings, seed, iterations):
    state = TrainingState.new(seed, settings)
    reports = list(train(state, settings, iterations))
    return state, np.concatenate([report.losses for report in reports]), reports[-1]


@pytest.mark.parametrize(
    "settings",
    [
        TrainingSettings(),
        TrainingSettings(output_delta="seed"),
        TrainingSettings(activation="tanh", initialisation="xavier"),
        TrainingSettings(activation="relu", initialisation="he", learning_rate=0.02),
        TrainingSettings(activation="identity", deviation=0.1, learning_rate=0.01, hidden=3),
        TrainingSettings(output_delta="cross-entropy", width=5, hidden=7),
    ],
    ids=lambda s: f"{s.activation} {s.initialisation} {s.output_delta} H={s.hidden} T={s.width}",
)
def test_each_replicate_has_the_losses_and_weights_of_the_run_it_would_be_alone(settings):
    training = training_of(settings, range(8))
    together = losses(training, 300)
    assert together.shape == (300, 8)
    for r in range(8):
        state, single, report = alone(settings, r, 300)
        assert report.divergence is None
        assert np.abs(together[:, r] - single).max() <= 1e-9
        assert np.abs(training.states[r].W - state.W).max() <= 1e-9
        assert training.gradient_norms[r] == pytest.approx(report.gradient_norm, rel=1e-6)
        # Both generators go on alike: the replicate took from its stream what the run takes.
        assert training.states[r].rng.randint(2**31) == state.rng.randint(2**31)


def test_replicates_may_differ_in_rate_and_initial_weights():
    each = [
        TrainingSettings(learning_rate=0.5),
        TrainingSettings(deviation=0.3),
        TrainingSettings(initialisation="he", learning_rate=0.01),
    ]
    together = losses(training_of(each, [4, 4, 5]), 120)
    for r, (one, seed) in enumerate(zip(each, [4, 4, 5], strict=True)):
        assert np.abs(together[:, r] - alone(one, seed, 120)[1]).max() <= 1e-9


@pytest.mark.parametrize(
    ("states", "settings", "word"),
    [
        ([TrainingState.new(0, SMALL)] * 2, [SMALL], "2 states and 1 settings"),
        ([], SMALL, "0 states"),
        ([TrainingState.new(0, SMALL)], TrainingSettings(hidden=4), "number of units"),
        (
            [TrainingState.new(0, SMALL)] * 2,
            [SMALL, TrainingSettings(hidden=5)],
            "agree in activation",
        ),
    ],
)
def test_what_makes_no_set_of_replicates_is_refused(states, settings, word):
    with pytest.raises(ValueError, match=word):
        ReplicatedTraining(states, settings)


def explosive():
    return TrainingSettings(activation="relu", deviation=1.0, output_delta="seed")


def test_a_replicate_that_diverges_ends_as_its_run_would_and_the_others_go_on():
    each = [explosive(), replace(explosive(), deviation=0.2)] * 8
    training = training_of(each, range(16))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        together = losses(training, 8, 5)
    found = 0
    for r in range(16):
        state, single, report = alone(each[r], r, 8)
        divergence = training.divergences[r]
        assert (divergence is None) == (report.divergence is None)
        if divergence is None:
            continue
        found += 1
        assert divergence.iteration == report.divergence.iteration
        assert training.states[r].iteration == divergence.iteration - 1
        assert np.array_equal(np.isnan(together[:, r]), np.arange(len(together)) >= len(single))
        assert np.abs(training.states[r].W - state.W).max() <= 1e-6 * np.abs(state.W).max()
        assert training.exploded[r]
    assert 2 <= found < 16
    assert training.running == 16 - found


def test_without_a_limit_a_run_explodes_until_nan_and_is_still_known_to_have_exploded():
    settings = TrainingSettings(activation="identity", output_delta="seed")
    training = training_of(settings, range(4), gradient_limit=np.inf)
    reports = list(train_replicates(training, 2000, 100))
    assert training.running == 0
    assert len(reports) < 20  # nothing is left to report
    assert np.isnan(reports[-1].gradient_norms).all()
    assert training.exploded.all()


def test_no_gradient_is_larger_than_what_clipping_leaves():
    settings = TrainingSettings(hidden=6, learning_rate=0.2)
    training = training_of(settings, range(5), clip=[0.01, 0.05, 0.1, np.inf, np.inf])
    before = [
        np.concatenate([s.W_in.ravel(), s.W.ravel(), s.W_out.ravel()]) for s in training.states
    ]
    free = training_of(settings, range(5))
    report, free_report = training.advance(1), free.advance(1)
    for r, state in enumerate(training.states):
        after = np.concatenate([state.W_in.ravel(), state.W.ravel(), state.W_out.ravel()])
        step = np.linalg.norm(after - before[r]) / 0.2
        threshold = [0.01, 0.05, 0.1, np.inf, np.inf][r]
        assert step == pytest.approx(min(threshold, report.gradient_norms[r]), rel=1e-6)
    # The norm that is told is that of the gradient, not of the clipped step.
    assert report.gradient_norms == pytest.approx(free_report.gradient_norms)


def first_update(kind, settings, seed, **options):
    """State before, −ΔW/ε of each matrix, and the pair that was learnt."""
    training = training_of(settings, [seed], kind, **options)
    before = training.states[0].copy()
    training.advance(1)
    after = training.states[0]
    change = {
        name: (getattr(before, name) - getattr(after, name)) / settings.learning_rate
        for name in ("W_in", "W", "W_out")
    }
    pair = BinaryAddition(settings.width).sample(before.rng, 1)
    return before, change, pair


def by_hand(state, settings, pair, name):
    """The gradient that each mistake gives, step by step, from its sentence."""
    x, d = (a[:, 0] for a in BinaryAddition(settings.width).sequences(pair))
    f = functions.activation(settings.activation)
    T, H = len(x), len(state.W)
    u, z = np.zeros((T + 1, H)), np.zeros((T + 1, H))
    for t in range(1, T + 1):
        u[t] = x[t - 1] @ state.W_in + z[t - 1] @ state.W
        z[t] = f(u[t])
    y = functions.sigmoid(z[1:] @ state.W_out)
    delta_out = OUTPUT_DELTAS[settings.output_delta](y - d, y)
    gradient = {name: np.zeros_like(getattr(state, name)) for name in ("W_in", "W", "W_out")}
    delta = np.zeros(H)
    for t in range(T, 0, -1):
        back = state.W if name == "untransposed-matrix" else state.W.T
        arriving = 0.0 if name == "truncated-to-one-step" else delta @ back
        slope = f.derivative(u[t - 1] if name == "derivative-one-step-early" else u[t])
        delta = (arriving + delta_out[t - 1] @ state.W_out.T) * slope
        gradient["W_in"] += np.outer(x[t - 1], delta)
        gradient["W"] += np.outer(z[t - 1], delta)
        gradient["W_out"] += np.outer(z[t], delta_out[t - 1])
    return gradient


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
@pytest.mark.parametrize("name", GRADIENT_NAMES)
def test_each_gradient_is_the_one_its_name_says(name, activation):
    settings = TrainingSettings(hidden=4, width=5, activation=activation, initialisation="he")
    before, change, pair = first_update(GRADIENTS[name], settings, 3)
    expected = by_hand(before, settings, pair, name)
    right = by_hand(before, settings, pair, "true")
    for matrix, found in change.items():
        assert found == pytest.approx(expected[matrix], abs=1e-9)
    wrong = any(np.abs(change[m] - right[m]).max() > 1e-6 for m in change)
    # What is never reset goes wrong from the second update on.
    assert wrong == (name not in ("true", "never-reset"))


def test_gradients_that_are_never_reset_add_up_also_when_a_replicate_ends():
    settings = TrainingSettings(hidden=4, width=5)
    kind = GRADIENTS["never-reset"]
    training = training_of(settings, [0, 1, 2], kind)
    second = training_of(settings, [1], kind)
    training.states[0].W_in[:] = np.nan
    training = kind(training.states, settings)
    total = dict.fromkeys(("W_in", "W", "W_out"), 0.0)
    for _ in range(3):
        state = second.states[0].copy()
        pair = BinaryAddition(5).sample(state.copy().rng, 1)
        gradient = by_hand(state, settings, pair, "true")
        second.advance(1)
        total = {matrix: value + gradient[matrix] for matrix, value in total.items()}
        for matrix, value in total.items():
            change = (getattr(state, matrix) - getattr(second.states[0], matrix)) / 0.1
            assert change == pytest.approx(value, abs=1e-9)
    training.advance(3)
    assert training.running == 2
    assert np.abs(training.states[1].W - second.states[0].W).max() <= 1e-12


def test_the_names_of_gradients_need_no_numpy_and_are_all_there():
    assert tuple(GRADIENTS) == GRADIENT_NAMES


def test_the_highest_bit_can_come_first():
    settings = TrainingSettings(hidden=4, width=5)
    before, change, pair = first_update(ReplicatedTraining, settings, 3, highest_first=True)
    task = BinaryAddition(5)
    x, d = task.sequences(pair)
    network = RNN(
        Parameters.without_biases(before.W_in, before.W, before.W_out), "sigmoid", "sigmoid"
    )
    cache = network.forward(x[::-1])
    e = cache.y - d[::-1]
    gradients = network.backward(cache, e * cache.y * (1 - cache.y)).parameters
    assert change["W"] == pytest.approx(gradients.W, abs=1e-9)


@pytest.mark.parametrize("highest_first", [False, True])
def test_right_bits_are_those_of_the_readable_network(highest_first):
    training = training_of(SMALL, range(3), highest_first=highest_first)
    training.advance(500)
    right = right_bits(training, 64)
    task = BinaryAddition(8)
    x, d = task.sequences(task.test_pairs(64))
    step = -1 if highest_first else 1
    for r, state in enumerate(training.states):
        parameters = Parameters.without_biases(state.W_in, state.W, state.W_out)
        y = RNN(parameters, "tanh", "sigmoid").forward(x[::step]).y
        expected = (rounded(y) == d[::step])[:, :, 0].T
        assert np.array_equal(right[r], expected)
        assert 0 < right[r].mean() < 1


def test_a_network_of_nan_has_no_bit_right():
    training = training_of(SMALL, [0, 1])
    training.states[1].W_out[:] = np.nan
    assert right_bits(training)[0].any()
    assert not right_bits(training)[1].any()


@pytest.mark.parametrize("name", ["true", "never-reset"])
def test_a_copy_goes_on_like_the_original_and_neither_moves_the_other(name):
    training = training_of(explosive(), range(6), GRADIENTS[name])
    training.advance(7)
    other = copy.deepcopy(training)
    first = training.advance(30)
    second = other.advance(30)
    assert first.losses == pytest.approx(second.losses, abs=0, nan_ok=True)
    assert training.divergences == other.divergences


def test_the_rhythm_of_reports_changes_no_loss():
    assert losses(training_of(SMALL, [1, 2]), 600, 600) == pytest.approx(
        losses(training_of(SMALL, [1, 2]), 600, 7), abs=0
    )
    with pytest.raises(ValueError, match="at least 1"):
        next(train_replicates(training_of(SMALL, [1]), 10, 0))


@pytest.mark.parametrize("shape", [(1,), (3, 5), (40, 19, 16), (0, 4)])
def test_aligned_arrays_are_zeros_that_begin_a_line_of_the_cache(shape):
    array = aligned(*shape)
    assert array.shape == shape
    assert not array.any()
    assert array.size == 0 or array.ctypes.data % 64 == 0
