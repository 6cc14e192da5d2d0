"""Addition from the highest bit: what reading in one direction can and cannot know."""

import json
import warnings

import numpy as np
import pytest

from engine.experiments import EXPERIMENTS
from engine.experiments.bidirectional_addition import forward_bound, highest_first
from engine.tasks.binary_addition import BinaryAddition

ADDITION = EXPERIMENTS["bidirectional-addition"]
SMALL = {"width": 4, "hidden": 3, "batch": 6, "iterations": 5, "every": 2}


def test_only_who_reads_the_lower_bits_first_learns_every_bit():
    end = list(ADDITION.run(seed=0, iterations=400, every=50))[-1]
    found = {network.name: network for network in end.networks}
    assert found["bidirectional"].accuracy == found["backwards"].accuracy == 1
    assert found["bidirectional"].right
    assert found["bidirectional"].output == end.target
    # A fixed sample of sums may lie a little above the average that the bound speaks of.
    assert 0.5 < found["forwards"].bit_accuracy < end.bound + 0.03
    assert found["forwards"].accuracy < 0.2


@pytest.mark.parametrize("width", [2, 3, 4, 6])
def test_the_bound_is_what_the_best_guess_from_the_bits_so_far_reaches(width):
    """For every beginning of inputs the likelier bit, counted over all pairs."""
    task = BinaryAddition(width)
    numbers = range(task.half)
    pairs = np.array([(a, b) for a in numbers for b in numbers])
    x, d = highest_first(task, pairs)
    right = 0
    for t in range(width):
        ones = {}
        for n in range(len(pairs)):
            ones.setdefault(x[: t + 1, n].tobytes(), []).append(d[t, n, 0])
        right += sum(max(sum(bits), len(bits) - sum(bits)) for bits in ones.values())
    assert forward_bound(width) == pytest.approx(right / (width * len(pairs)))


def test_the_highest_bit_comes_first():
    x, d = highest_first(BinaryAddition(4), np.array([[5, 3]]))
    assert x[:, 0, 0].tolist() == [0, 1, 0, 1]
    assert x[:, 0, 1].tolist() == [0, 0, 1, 1]
    assert d[:, 0, 0].tolist() == [1, 0, 0, 0]


def test_one_direction_alone_has_the_same_number_of_units_and_no_fewer_parameters():
    state = ADDITION.new_state(seed=0, hidden=5)
    sizes = {name: learner.layer.output_size for name, learner in state.learners.items()}
    assert set(sizes.values()) == {10}
    counts = {n.name: n.parameters for n in next(ADDITION.run(seed=0, hidden=5)).networks}
    assert counts["forwards"] == counts["backwards"] > counts["bidirectional"]


def test_a_snapshot_shows_one_sum_and_each_networks_bits_for_it():
    state = ADDITION.new_state(seed=0, **SMALL)
    for snapshot in ADDITION.run(state=state, **SMALL):
        a, b, target = (
            int("".join(map(str, bits)), 2) for bits in (snapshot.a, snapshot.b, snapshot.target)
        )
        assert a + b == target
        x, _ = highest_first(BinaryAddition(4), np.array([[a, b]]))
        for network in snapshot.networks:
            v = state.learners[network.name].outputs(x)[:, 0, 0]
            assert network.output == tuple(int(score > 0) for score in v)
            assert network.right == (network.output == snapshot.target)
            assert network.loss == pytest.approx(np.mean(network.losses))


def test_accuracies_are_shares_of_fixed_sums():
    state = ADDITION.new_state(seed=0, **SMALL)
    snapshot = next(ADDITION.run(state=state, **SMALL))
    task = BinaryAddition(4)
    x, d = highest_first(task, task.test_pairs())
    for network in snapshot.networks:
        bits = (state.learners[network.name].outputs(x) > 0).astype(int)
        assert network.bit_accuracy == (bits == d).mean()
        assert network.accuracy == np.mean([(bits[:, n] == d[:, n]).all() for n in range(256)])


def test_a_network_that_breaks_stops_alone_and_without_a_warning():
    state = ADDITION.new_state(seed=0, **SMALL)
    state.learners["forwards"].V[...] = np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = list(ADDITION.run(state=state, **SMALL))
    assert found[-1].iteration == 5
    plain = json.loads(json.dumps(found[-1].to_json(), allow_nan=False))
    assert [n["diverged"] is None for n in plain["networks"]] == [False, True, True]
    assert plain["diverged"] is None


def test_a_kept_state_goes_on_as_if_never_stopped():
    whole = [s.to_json() for s in ADDITION.run(seed=3, **SMALL)]
    state = ADDITION.new_state(seed=3, **SMALL)
    run = ADDITION.run(state=state, **SMALL)
    first = next(run).to_json()
    run.close()
    assert state.iteration == 2
    assert [first, *(s.to_json() for s in ADDITION.run(state=state.copy(), **SMALL))] == whole
    assert [s.to_json() for s in ADDITION.run(seed=4, **SMALL)] != whole
