"""A run stops soon, from any thread, and nothing is left half done."""

import json
import threading

import numpy as np
import pytest

from engine.experiments import EXPERIMENTS, binary_addition_sweep, rewriting
from engine.recurrent import gru, layer, lstm, simple
from engine.stopping import Stopped, check, interruptible, stoppable, whole_or_not_at_all

SWEEP = {"replicates": 3, "iterations": 500, "every": 500}
STRINGS = {
    "epochs": 2,
    "examples": 24,
    "test": 5,
    "hidden": 4,
    "embedding": 3,
    "batch": 8,
    "every": 4,
}

#: Settings with which each experiment of the registry ends soon.
SMALL = {
    "binary-addition": {"iterations": 500, "every": 250},
    **{name: SWEEP for name in EXPERIMENTS if EXPERIMENTS[name].results == "binary_addition.json"},
    "gradient-norms": {"draws": 2, "steps": 5, "hidden": 4},
    "adding-problem": {"iterations": 6, "every": 3, "steps": 5, "hidden": 4, "batch": 3},
    "forget-gate-bias": {"iterations": 6, "every": 3, "steps": 5, "hidden": 4, "batch": 3},
    "scaled-dot-product": {"largest": 4},
    "bidirectional-addition": {"iterations": 6, "every": 3, "hidden": 4, "batch": 3},
    "toy-word2vec": {"iterations": 6, "every": 3},
    "addition-strings": STRINGS,
    "date-conversion": STRINGS,
    "teacher-forcing": STRINGS,
    "beam-width": {**STRINGS, "questions": 2},
    "decoder-steps": {**STRINGS, "questions": 2},
}


class Looks:
    """A condition that counts how often it is looked at, and is true from the n-th time on."""

    def __init__(self, last=None):
        self.count, self.last = 0, last

    def __call__(self):
        self.count += 1
        return self.last is not None and self.count >= self.last


def looks_during(work):
    looks = Looks()
    with stoppable(looks):
        work()
    return looks.count


def without_losses(value):
    if isinstance(value, dict):
        kept = {key: entry for key, entry in value.items() if "loss" not in key}
        return {key: without_losses(entry) for key, entry in kept.items()}
    return [without_losses(entry) for entry in value] if isinstance(value, list) else value


def plain(snapshots):
    return [without_losses(json.loads(json.dumps(s.to_json()))) for s in snapshots]


def test_without_anybody_to_tell_a_loop_is_an_ordinary_loop():
    check()
    assert list(interruptible(range(4))) == [0, 1, 2, 3]
    assert list(interruptible(reversed(range(3)))) == [2, 1, 0]


def test_a_loop_stops_at_the_look_after_it_was_told():
    seen = []
    with pytest.raises(Stopped), stoppable(Looks(3)):
        all(seen.append(t) is None for t in interruptible(range(9)))
    assert seen == [0, 1]
    check()  # told to those inside, not to those after


def test_what_is_told_outside_holds_inside():
    with stoppable(lambda: True), stoppable(lambda: False), pytest.raises(Stopped):
        check()


def test_another_thread_is_not_told():
    went_on = []
    with stoppable(lambda: True):
        thread = threading.Thread(target=lambda: went_on.append(list(interruptible(range(2)))))
        thread.start()
        thread.join()
    assert went_on == [[0, 1]]


def test_numbers_that_were_drawn_for_nothing_are_drawn_again():
    rng = np.random.RandomState(0)
    first = np.random.RandomState(0).randint(100, size=3).tolist()
    with pytest.raises(Stopped), stoppable(lambda: rng.randint(100) >= 0), whole_or_not_at_all(rng):
        check()
    with whole_or_not_at_all(rng):
        assert rng.randint(100, size=3).tolist() == first
    assert rng.randint(2**31) != np.random.RandomState(0).randint(2**31)


def test_every_experiment_has_small_settings_here():
    assert set(SMALL) == set(EXPERIMENTS)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_run_that_was_stopped_anywhere_goes_on_as_if_it_had_not_been(name):
    experiment, settings = EXPERIMENTS[name], SMALL[name]
    whole, finished = [], experiment.new_state(seed=1, **settings)
    total = looks_during(lambda: whole.extend(plain(experiment.run(state=finished, **settings))))
    rng = np.random.RandomState(len(name))
    for last in {2, total, *rng.randint(1, total + 1, size=6).tolist()}:
        state, before, after = experiment.new_state(seed=1, **settings), [], []
        run = experiment.run(state=state, **settings)
        with pytest.raises(Stopped), stoppable(Looks(last)):
            before.extend(snapshot.iteration for snapshot in run)
        after = plain(experiment.run(state=state, **settings))
        # Of what happened since the last snapshot the losses are gone, and nothing else.
        assert state.iteration == finished.iteration
        assert len(after) <= len(whole) - len(before)
        assert after[1:] == whole[len(whole) - len(after) :][1:]


@pytest.mark.parametrize("name", ["adding-problem", "date-conversion", "hidden-size"])
def test_a_thread_that_waits_for_a_snapshot_is_freed_by_another(name):
    # With these settings a snapshot would take minutes.
    slow = {"every": 1_000} if name != "hidden-size" else {"every": 2_000, "sizes": (128,)}
    run = EXPERIMENTS[name].run(seed=0, **slow)
    found = []
    thread = threading.Thread(target=lambda: found.extend(run), daemon=True)
    thread.start()
    run.stop()
    thread.join(timeout=30)
    assert not thread.is_alive()
    assert found == []
    assert next(run, None) is None


def test_closing_a_run_from_the_thread_that_reads_it_ends_it():
    run = EXPERIMENTS["scaled-dot-product"].run(seed=0)
    next(run)
    run.close()
    assert list(run) == []


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_layer_looks_at_every_time_step_of_both_ways(cell):
    T, N, D, H = 7, 3, 2, 4
    rng = np.random.RandomState(0)
    made = {
        "rnn": lambda: simple.SimpleRNN(simple.Parameters.drawn(rng, D, H)),
        "lstm": lambda: lstm.LSTM(lstm.Parameters.drawn(rng, D, H)),
        "gru": lambda: gru.GRU(gru.Parameters.drawn(rng, D, H)),
    }[cell]()
    x, d_output = rng.randn(T, N, D), rng.randn(T, N, H)
    runs = []
    assert looks_during(lambda: runs.append(made.forward(x))) >= T
    assert looks_during(lambda: made.backward(runs[0], d_output)) >= T


def test_the_long_products_are_cut_and_come_to_the_same(monkeypatch):
    rng = np.random.RandomState(0)
    x, W, d = rng.randn(9, 5, 6), rng.randn(6, 7), rng.randn(9, 5, 7)
    product = (x.reshape(45, 6) @ W).reshape(9, 5, 7)
    total = x.reshape(45, 6).T @ d.reshape(45, 7)
    for limits, at_least in (((100, 10**9), 7), ((10**9, 30), 7), ((1, 1), 7)):
        monkeypatch.setattr(layer, "MULTIPLICATIONS", limits[0])
        monkeypatch.setattr(layer, "NUMBERS", limits[1])
        looks = Looks()
        with stoppable(looks):
            assert np.allclose(layer.project(x, W), product, rtol=1e-12, atol=1e-12)
            assert looks.count >= at_least
            assert np.allclose(layer.outer_sum(x, d), total, rtol=1e-12, atol=1e-12)
            assert looks.count >= 2 * at_least


def test_at_default_settings_no_product_is_longer_than_the_limit():
    # Date conversion: T = 29 characters, 128 examples, 256 units; the encoder's dU.
    rows, H = 29 * 128, 256
    parts = looks_during(
        lambda: layer.outer_sum(np.zeros((29, 128, H)), np.zeros((29, 128, 4 * H)))
    )
    assert parts >= rows * H * 4 * H / layer.MULTIPLICATIONS
    assert parts >= rows * 4 * H / layer.NUMBERS


def test_a_test_on_many_questions_looks_between_some_of_them():
    settings = {**STRINGS, "test": 300, "digits": 3}
    state = EXPERIMENTS["addition-strings"].new_state(seed=0, **settings)
    test = state.split.test
    steps = len(test.questions) + len(test.answers) - 1
    parts = -(-300 // rewriting.TESTED_AT_ONCE)
    found = []
    looks = looks_during(lambda: found.append(rewriting.exact_matches(state.model, test)))
    assert looks >= parts * (1 + steps)
    one_by_one = [
        rewriting.exact_matches(state.model, test.columns(slice(i, i + 1))) for i in range(300)
    ]
    assert found[0] == np.mean(one_by_one)


@pytest.mark.parametrize(("hidden", "replicates"), [(16, 40), (128, 40), (2, 3)])
def test_replicates_look_before_they_have_multiplied_too_much(hidden, replicates):
    settings = {"replicates": replicates, "hidden": hidden}
    sweep = binary_addition_sweep.new_state(
        "bit-order", 0, **{**EXPERIMENTS["bit-order"].settings(), **settings}
    )
    training = sweep.runs[0].blocks[0]
    count = training.updates_at_once
    assert 1 <= count <= 250
    # Forward, backward and the gradient: each as many as the weights of a step.
    each = 3 * replicates * 8 * (2 + hidden) * hidden
    assert count == 1 or count * each <= 2**26
    assert looks_during(lambda: training.advance(2 * count)) == 2
