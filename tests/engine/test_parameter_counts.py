"""Counts of parameters by convention, held against the layers themselves."""

import numpy as np
import pytest

from engine.recurrent import gru, lstm, simple
from engine.recurrent.parameter_counts import count, layer_count


@pytest.mark.parametrize(
    ("kind", "biases", "peepholes", "expected"),
    [
        ("RNN", 1, "none", 20_100),
        ("GRU", 1, "none", 60_300),
        ("LSTM", 1, "none", 80_400),
        ("RNN", 2, "none", 20_200),
        ("GRU", 2, "none", 60_600),
        ("LSTM", 2, "none", 80_800),
        ("LSTM", 0, "none", 80_000),
        ("LSTM", 1, "diagonal", 80_700),
        ("LSTM", 1, "full", 110_400),
    ],
)
def test_a_layer_of_a_hundred_inputs_and_units(kind, biases, peepholes, expected):
    assert layer_count(kind, 100, 100, biases=biases, peepholes=peepholes) == expected


@pytest.mark.parametrize(("D", "H"), [(1, 1), (2, 5), (5, 2), (4, 4)])
def test_the_layers_have_as_many(D, H):
    rng = np.random.RandomState(0)
    assert simple.Parameters.drawn(rng, D, H).count == layer_count("RNN", D, H)
    assert gru.Parameters.drawn(rng, D, H).count == layer_count("GRU", D, H)
    assert gru.Parameters.drawn(rng, D, H, reset="after").count == layer_count("GRU", D, H) + H
    assert lstm.Parameters.drawn(rng, D, H).count == layer_count("LSTM", D, H)
    assert lstm.Parameters.drawn(rng, D, H, peepholes=True).count == layer_count(
        "LSTM", D, H, peepholes="diagonal"
    )


def test_layers_above_the_first_see_both_directions():
    assert count("LSTM", 10, 20, layers=2, directions=2, biases=2) == 2 * 4 * (
        20 * 10 + 400 + 40
    ) + 2 * 4 * (20 * 40 + 400 + 40)
    assert count("GRU", 3, 4, layers=3) == layer_count("GRU", 3, 4) + 2 * layer_count("GRU", 4, 4)


@pytest.mark.parametrize(
    "call",
    [
        lambda: layer_count("lstm", 1, 1),
        lambda: layer_count("LSTM", 0, 1),
        lambda: layer_count("LSTM", 1, 1, biases=3),
        lambda: layer_count("GRU", 1, 1, peepholes="diagonal"),
        lambda: layer_count("LSTM", 1, 1, peepholes="some"),
        lambda: count("RNN", 1, 1, layers=0),
        lambda: count("RNN", 1, 1, directions=3),
    ],
)
def test_what_has_no_count_is_refused(call):
    with pytest.raises(ValueError, match=r"given|one of|has none"):
        call()
