"""Layers on top of each other: gradients through all of them, states of each."""

import numpy as np
import pytest

from engine.gradient_check import check_entries, check_inner_product
from engine.recurrent import gru, lstm, simple
from engine.recurrent.bidirectional import Bidirectional
from engine.recurrent.parameter_counts import count
from engine.recurrent.rnn import ShapeError
from engine.recurrent.sequences import BatchFirst, mask_of
from engine.recurrent.stacked import Stacked

T, N, D = 4, 3, 2
FLOOR = 1e-2


def layer_of(kind, d, h, seed=0):
    rng = np.random.RandomState(seed)
    if kind == "rnn":
        return simple.SimpleRNN(simple.Parameters.drawn(rng, d, h))
    if kind == "gru":
        return gru.GRU(gru.Parameters.drawn(rng, d, h))
    return lstm.LSTM(lstm.Parameters.drawn(rng, d, h))


def both_ways(kind, d, h, seed=0):
    return Bidirectional(layer_of(kind, d, h, seed), layer_of(kind, d, h, seed + 1))


STACKS = {
    "two LSTMs": (
        lambda: Stacked([layer_of("lstm", D, 5), layer_of("lstm", 5, 3, 1)]),
        (5, 5, 3, 3),
    ),
    "one of each": (
        lambda: Stacked([layer_of("rnn", D, 2), layer_of("gru", 2, 4, 1), layer_of("lstm", 4, 3)]),
        (2, 4, 3, 3),
    ),
    "two BiGRUs": (lambda: Stacked([both_ways("gru", D, 2), both_ways("gru", 4, 2, 2)]), (2,) * 4),
    "a single layer": (lambda: Stacked([layer_of("gru", D, 4)]), (4,)),
    "a stack in a stack": (
        lambda: Stacked([Stacked([layer_of("rnn", D, 3)]), layer_of("rnn", 3, 3, 1)]),
        (3, 3),
    ),
}


def case(name, seed=0):
    make, sizes = STACKS[name]
    rng = np.random.default_rng(seed)
    states = [rng.standard_normal((N, size)) for size in sizes]
    return make(), rng.standard_normal((T, N, D)), states


def at_of(layer, x, states):
    named = dict(zip(layer.state_names, states, strict=True))
    return {**layer.parameters.as_dict(), "x": x, **named}


def everything(layer, point, mask):
    moved = layer.with_parameters({name: point[name] for name in layer.parameters.as_dict()})
    run = moved.forward(point["x"], [point[name] for name in layer.state_names], mask=mask)
    return np.concatenate([run.output.ravel(), *(part.ravel() for part in run.final)])


def pulled_back(layer, run, w):
    parts = [run.output, *run.final]
    cuts = np.cumsum([part.size for part in parts])[:-1]
    d_output, *d_final = (
        flat.reshape(part.shape) for flat, part in zip(np.split(w, cuts), parts, strict=True)
    )
    backward = layer.backward(run, d_output, d_final)
    states = dict(zip(layer.state_names, backward.initial, strict=True))
    return {**backward.parameters.as_dict(), "x": backward.x, **states}


@pytest.mark.parametrize("name", STACKS)
@pytest.mark.parametrize("lengths", [None, [4, 2, 1]])
def test_every_gradient_passes_a_finite_difference_check(name, lengths):
    layer, x, states = case(name)
    mask = None if lengths is None else mask_of(lengths, T)
    at = at_of(layer, x, states)
    run = layer.forward(x, states, mask=mask)
    w = np.random.default_rng(1).standard_normal(everything(layer, at, mask).shape)
    check = check_entries(
        lambda point: float(w @ everything(layer, point, mask)),
        at,
        pulled_back(layer, run, w),
        floor=FLOOR,
    )
    assert check.worst.relative_error < 1e-7, check.worst


@pytest.mark.parametrize("name", STACKS)
@pytest.mark.parametrize("lengths", [None, [4, 2, 1]])
@pytest.mark.parametrize("batch_first", [False, True])
def test_inner_products_agree_in_both_layouts(name, lengths, batch_first):
    layer, x, states = case(name)
    mask = None if lengths is None else mask_of(lengths, T)
    if batch_first:
        layer, x, mask = BatchFirst(layer), x.swapaxes(0, 1), None if mask is None else mask.T
    run = layer.forward(x, states, mask=mask)
    check = check_inner_product(
        lambda point: everything(layer, point, mask),
        at_of(layer, x, states),
        lambda w: pulled_back(layer, run, w),
        np.random.default_rng(2),
        floor=FLOOR,
    )
    assert check.worst.relative_error < 1e-7, check.worst


def test_each_layer_takes_the_output_of_the_one_below():
    layer, x, states = case("one of each")
    run = layer.forward(x, states, mask=mask_of([4, 2, 1], T))
    assert np.array_equal(run.x, run.runs[0].x)
    for below, above in zip(run.runs, run.runs[1:], strict=False):
        assert np.array_equal(above.x, below.output)
    assert run.output is run.runs[-1].output
    assert [part.shape for part in run.final] == [(N, 2), (N, 4), (N, 3), (N, 3)]
    assert layer.input_size == D
    assert layer.output_size == 3


def test_the_gradient_of_the_input_of_a_layer_is_that_of_the_output_below():
    layer, x, states = case("two LSTMs")
    run = layer.forward(x, states)
    d_output = np.random.default_rng(3).standard_normal((T, N, 3))
    backward = layer.backward(run, d_output)
    top = layer.layers[1].backward(run.runs[1], d_output)
    bottom = layer.layers[0].backward(run.runs[0], top.x)
    assert np.array_equal(backward.x, bottom.x)
    assert np.array_equal(backward.layers[1].x, top.x)
    assert np.array_equal(backward.parameters.as_dict()["layer1.U"], bottom.parameters.U)


def test_names_say_which_layer_a_parameter_and_a_state_belong_to():
    layer, *_ = case("two BiGRUs")
    assert layer.state_names == (
        "layer1.forward.h0",
        "layer1.backward.h0",
        "layer2.forward.h0",
        "layer2.backward.h0",
    )
    moved = layer.with_parameters({"layer2.backward.b_z": np.ones(2)})
    changed = [
        name
        for name, array in moved.parameters.as_dict().items()
        if not np.array_equal(array, layer.parameters.as_dict()[name])
    ]
    assert changed == ["layer2.backward.b_z"]
    with pytest.raises(ValueError, match="layer3"):
        layer.with_parameters({"layer3.W": np.ones(2)})


def test_the_second_layer_of_a_bidirectional_stack_has_twice_the_inputs():
    layer = Stacked([both_ways("lstm", 10, 20), both_ways("lstm", 40, 20)])
    assert layer.parameters.count == count("LSTM", 10, 20, layers=2, directions=2)
    assert layer.parameters.count == 2 * 4 * (20 * 10 + 400 + 20) + 2 * 4 * (20 * 40 + 400 + 20)


def test_a_layer_of_another_width_is_named():
    with pytest.raises(ShapeError, match=r"input of layer 2 has shape \(4,\), expected \(5,\)"):
        Stacked([layer_of("rnn", D, 5), layer_of("rnn", 4, 3)])


def test_a_stack_has_a_layer():
    with pytest.raises(ValueError, match="at least one"):
        Stacked([])


def test_a_state_has_an_array_for_each_name():
    layer, x, states = case("two LSTMs")
    with pytest.raises(ValueError, match=r"layer1\.h0, layer1\.c0, layer2\.h0, layer2\.c0"):
        layer.forward(x, states[:3])
    assert layer.forward(x, [None] * 4).output == pytest.approx(layer.forward(x).output)
