"""Training: the course's losses, gradients that hold, and runs that can be stopped and resumed."""

import warnings

import numpy as np
import pytest

from benchmarks.course_loop import course_losses
from engine import training
from engine.gradient_check import check_entries
from engine.recurrent.rnn import RNN, Parameters
from engine.tasks.binary_addition import BinaryAddition
from engine.training import train
from engine.training_state import StateError, TrainingSettings, TrainingState

SMALL = TrainingSettings(hidden=5, activation="tanh", initialisation="xavier")


def losses(settings, iterations, seed=0, every=50):
    state = TrainingState.new(seed, settings)
    reports = list(train(state, settings, iterations, every))
    return np.concatenate([report.losses for report in reports])


@pytest.mark.parametrize("seed", [0, 1])
def test_every_loss_is_the_course_loops_with_its_output_delta(seed):
    settings = TrainingSettings(output_delta="seed")
    assert losses(settings, 300, seed) == pytest.approx(course_losses(seed, 300), abs=1e-9)


def test_with_the_true_output_delta_the_losses_part():
    assert np.abs(losses(TrainingSettings(), 300) - course_losses(0, 300)).max() > 1e-3


def network_and_sequences(state, settings, pairs):
    parameters = Parameters.without_biases(state.W_in, state.W, state.W_out)
    return RNN(parameters, settings.activation, "sigmoid"), *BinaryAddition(
        settings.width
    ).sequences(np.array(pairs))


def applied_gradient(settings, seed=4):
    """What the first update changed, divided by −ε, with the state before it and its pair."""
    state = TrainingState.new(seed, settings)
    before = state.copy()
    report = next(train(state, settings, 1, 1))
    change = {
        name: (getattr(before, name) - getattr(state, name)) / settings.learning_rate
        for name in ("W_in", "W", "W_out")
    }
    return before, change, (report.a, report.b)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "identity"])
@pytest.mark.parametrize(
    ("output_delta", "pair"), [("true", "mse-sigmoid"), ("cross-entropy", "ce-sigmoid")]
)
def test_the_fast_loop_descends_the_gradient_of_the_readable_network(
    activation, output_delta, pair
):
    settings = TrainingSettings(
        width=5, hidden=4, activation=activation, deviation=0.7, output_delta=output_delta
    )
    before, change, operands = applied_gradient(settings)
    network, x, d = network_and_sequences(before, settings, [operands])
    run = network.forward(x)
    backward = network.backward(run, network.output_delta(run, d, pair))
    for name, gradient in change.items():
        expected = getattr(backward.parameters, name)
        assert gradient == pytest.approx(expected, rel=1e-9, abs=1e-12), name


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_the_reported_norm_is_that_of_all_three_gradients(activation):
    settings = TrainingSettings(activation=activation, initialisation="xavier")
    state = TrainingState.new(8, settings)
    before = state.copy()
    report = next(train(state, settings, 1))
    squares = sum(
        ((getattr(before, name) - getattr(state, name)) ** 2).sum()
        for name in ("W_in", "W", "W_out")
    )
    assert report.gradient_norm == pytest.approx(np.sqrt(squares) / 0.1, rel=1e-9)


def check_against_differences(output_delta):
    settings = TrainingSettings(output_delta=output_delta)
    before, change, operands = applied_gradient(settings)

    def loss(point):
        moved = TrainingState(point["W_in"], point["W"], point["W_out"], before.rng)
        network, x, d = network_and_sequences(moved, settings, [operands])
        return network.error(network.forward(x), d, "mse-sigmoid")

    at = {"W_in": before.W_in, "W": before.W, "W_out": before.W_out}
    return check_entries(loss, at, change, floor=1e-5)


def test_the_true_output_delta_passes_a_gradient_check():
    assert check_against_differences("true").worst.relative_error < 1e-6


def test_the_course_programs_output_delta_fails_it_though_its_loss_falls():
    assert check_against_differences("seed").worst.relative_error > 0.03
    run = losses(TrainingSettings(output_delta="seed"), 6000)
    assert run[-500:].mean() < 0.25 * run[:500].mean()


@pytest.mark.parametrize("every", [1, 7, 50, 1000])
def test_the_run_is_the_same_however_often_it_reports(every):
    whole = losses(SMALL, 123, every=123)
    assert np.array_equal(losses(SMALL, 123, every=every), whole)


def test_reports_come_at_multiples_of_every_and_at_the_end():
    state = TrainingState.new(0, SMALL)
    reports = list(train(state, SMALL, 25, 10))
    assert [report.iteration for report in reports] == [10, 20, 25]
    assert [len(report.losses) for report in reports] == [10, 10, 5]


def test_reports_keep_to_their_multiples_after_a_resumption_and_stay_as_they_were():
    state = TrainingState.new(0, SMALL)
    list(train(state, SMALL, 7))
    run = train(state, SMALL, 30, 10)
    first = next(run)
    y = first.y.copy()
    assert [first.iteration, *(report.iteration for report in run)] == [10, 20, 30]
    assert np.array_equal(first.y, y)


def test_a_stopped_run_goes_on_as_if_it_had_not_been():
    whole = losses(SMALL, 200)
    state = TrainingState.new(0, SMALL)
    run = train(state, SMALL, 200, 30)
    first = [next(run).losses for _ in range(3)]
    run.close()
    kept = state.copy()
    rest = [report.losses for report in train(kept, SMALL, 200, 30)]
    assert np.array_equal(np.concatenate(first + rest), whole)
    assert state.iteration == 90  # the copy did not drag the original along


def test_a_saved_run_goes_on_bit_for_bit(tmp_path):
    whole = losses(SMALL, 120)
    state = TrainingState.new(0, SMALL)
    first = next(train(state, SMALL, 120, 47)).losses
    state.save(tmp_path / "run.npz", SMALL)
    loaded, settings = TrainingState.load(tmp_path / "run.npz")
    assert settings == SMALL
    rest = [report.losses for report in train(loaded, settings, 120)]
    assert np.array_equal(np.concatenate([first, *rest]), whole)
    assert [path.name for path in tmp_path.iterdir()] == ["run.npz"]


def test_a_saved_state_holds_no_pickle(tmp_path):
    TrainingState.new(0, SMALL).save(tmp_path / "run.npz", SMALL)
    with np.load(tmp_path / "run.npz", allow_pickle=False) as file:
        assert all(file[name].dtype.kind in "iufU" for name in file.files)


def damaged(arrays, change):
    arrays = dict(arrays)
    change(arrays)
    return arrays


@pytest.mark.parametrize(
    "change",
    [
        lambda arrays: arrays.pop("W"),
        lambda arrays: arrays.update(version=np.array(99)),
        lambda arrays: arrays.update(W=np.zeros((3, 3))),
        lambda arrays: arrays.update(rng_keys=np.zeros(5, dtype=np.uint32)),
        lambda arrays: arrays.update(rng_position=np.array([1])),
        lambda arrays: arrays.update(rng_position=np.array([10**6, 0])),
        lambda arrays: arrays.update(iteration=np.array("many")),
    ],
)
def test_a_damaged_state_is_refused(change):
    arrays = TrainingState.new(0, SMALL).to_arrays()
    with pytest.raises(StateError):
        TrainingState.from_arrays(damaged(arrays, change))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"\x80\x04\x95pickle"])
def test_a_file_that_is_no_state_is_refused(tmp_path, content):
    (tmp_path / "run.npz").write_bytes(content)
    with pytest.raises(StateError):
        TrainingState.load(tmp_path / "run.npz")


EXPLODING = TrainingSettings(activation="relu", output_delta="seed")


def test_a_divergence_is_reported_and_ends_the_run_without_a_warning():
    state = TrainingState.new(0, EXPLODING)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reports = list(train(state, EXPLODING, 10_000))
    assert [report.divergence is not None for report in reports] == [True]
    divergence = reports[-1].divergence
    assert divergence.gradient_norm > training.GRADIENT_LIMIT
    assert str(divergence) == f"gradient norm {divergence.gradient_norm:.0e} at iteration 2"
    assert state.iteration == 1
    assert np.isfinite(state.W).all()
    assert len(reports[-1].losses) == 2


def test_no_run_beyond_the_limit_would_have_learned_again(monkeypatch):
    monkeypatch.setattr(training, "GRADIENT_LIMIT", 1e150)
    settings = EXPLODING
    beyond = 0
    for seed in range(8):
        state = TrainingState.new(seed, settings)
        reports = list(train(state, settings, 1500, 1))
        norms = [report.gradient_norm for report in reports]
        if not max(norms) <= 1e8:
            beyond += 1
            died = reports[-1].divergence is not None
            assert died or np.mean([report.losses for report in reports[-500:]]) > 0.9
    assert beyond >= 5


def test_the_callers_error_settings_are_his_own_between_reports():
    state = TrainingState.new(0, SMALL)
    with np.errstate(all="raise"):
        run = train(state, SMALL, 100, 10)
        next(run)
        assert set(np.geterr().values()) == {"raise"}
        with pytest.raises(FloatingPointError):
            np.exp(np.array(1000.0))
        next(run)
        run.close()
    assert state.iteration == 20


@pytest.mark.parametrize(
    "wrong",
    [
        {"activation": "softmax"},
        {"output_delta": "wrong"},
        {"initialisation": "zeros"},
        {"hidden": 0},
        {"width": 17},
    ],
)
def test_settings_that_make_no_network_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        TrainingSettings(**wrong)


def test_a_state_of_other_settings_is_refused():
    with pytest.raises(ValueError, match="5 hidden units"):
        next(train(TrainingState.new(0, SMALL), TrainingSettings(), 10))


@pytest.mark.parametrize("width", [1, 3, 10])
def test_other_widths_train_as_well(width):
    settings = TrainingSettings(width=width, hidden=6, output_delta="cross-entropy")
    run = losses(settings, 400)
    assert len(run) == 400
    assert np.isfinite(run).all()
