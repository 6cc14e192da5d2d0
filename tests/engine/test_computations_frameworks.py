"""Shapes of PyTorch, Keras and ONNX, and NumPy entry by entry, held against what computes them.

Tests marked ``reference`` ask torch itself; the others need NumPy and the engine's layouts alone.
"""

import itertools

import numpy as np
import pytest

from engine.computations import ComputationError, computation
from engine.recurrent import gru, lstm, simple
from engine.recurrent.bidirectional import Bidirectional, Reversed
from engine.recurrent.layouts import torch_weights
from engine.recurrent.onnx_layouts import onnx_outputs, onnx_weights
from engine.recurrent.stacked import Stacked


def value(name, **arguments):
    return computation(name).evaluate(arguments)


def mistakes(name, **arguments):
    return {(m.code, m.note): m.value for m in computation(name).mistakes(arguments)}


LSTM = {"cell": "LSTM", "D": 10, "H": 20}

BY_HAND = [
    ("torch.weight_shape", LSTM, (80, 10)),
    ("torch.weight_shape", {**LSTM, "quantity": "weight_hh"}, (80, 20)),
    ("torch.weight_shape", {**LSTM, "quantity": "bias_ih"}, (80,)),
    ("torch.weight_shape", {**LSTM, "layer": 1, "bidirectional": "True"}, (80, 40)),
    ("keras.weight_shape", LSTM, (10, 80)),
    ("keras.weight_shape", {**LSTM, "cell": "GRU", "quantity": "bias"}, (2, 60)),
    ("keras.weight_shape", {**LSTM, "cell": "GRU", "quantity": "bias", "reset_after": "False"},
     (60,)),
    ("onnx.rnn_shape", {**LSTM, "quantity": "W"}, (1, 80, 10)),
    ("onnx.rnn_shape", {**LSTM, "quantity": "B", "bidirectional": "True"}, (2, 160)),
    ("onnx.rnn_shape", {**LSTM, "quantity": "P"}, (1, 60)),
    ("onnx.rnn_shape", {**LSTM, "N": 3, "T": 5}, (5, 1, 3, 20)),
    ("torch.packed", {"lengths": [4, 2, 1]}, (3, 2, 1, 1)),
    ("torch.packed", {"lengths": [4, 2, 1], "quantity": "data-rows"}, 7),
    ("torch.packed", {"lengths": [4, 2, 1], "quantity": "last-steps"}, (3, 1, 0)),
    ("torch.state_slice", {"quantity": "row", "layer": 1, "direction": "backward"}, 3),
    ("torch.state_slice", {"quantity": "step", "direction": "backward", "T": 9}, 0),
    ("torch.state_slice", {"quantity": "step", "T": 9}, 8),
    ("torch.state_slice", {"quantity": "features", "direction": "backward", "H": 20}, (20, 40)),
    ("torch.token_shape", {"N": 2, "T": 5, "V": 100}, (2, 100, 5)),
    ("torch.token_shape", {"N": 2, "T": 5, "V": 100, "quantity": "flattened-target"}, (10,)),
    ("torch.attention_shape", {"N": 2, "L": 3, "S": 4, "E": 8, "h": 2}, (3, 2, 8)),
    ("torch.attention_shape", {"N": 2, "L": 3, "S": 4, "E": 8, "h": 2,
                               "quantity": "attn_mask-each-head"}, (4, 3, 4)),
    # query, key and value: 3 (2 · 8 · 16 + 2 · 8); output: 2 · 8 · 16 + 16
    ("keras.attention_parameter_count", {"d": 16, "h": 2, "key_dim": 8}, 3 * 272 + 272),
    ("keras.attention_parameter_count", {"d": 16, "h": 2, "key_dim": 4, "value_dim": 5}, 2 * 136
     + 170 + 176),
    ("numpy.index", {"n": 9, "index": -1}, 8),
    ("numpy.slice", {"n": 10, "start": 2, "stop": 9, "step": 3}, 3),
    ("numpy.slice", {"n": 10, "step": -1}, 10),
    ("numpy.round", {"x": 0.5}, 0),
    ("numpy.round", {"x": "-3/2"}, -2),
    ("numpy.wrapped_integer", {"value": 300}, 44),
    ("numpy.wrapped_integer", {"value": 200, "kind": "int"}, -56),
    ("numpy.concatenate", {"left": [7, 4], "right": [7, 4], "axis": 1}, (7, 8)),
    ("numpy.concatenate", {"left": [5], "right": [5]}, (10,)),
    ("numpy.transpose", {"shape": [2, 3, 4]}, (4, 3, 2)),
    ("numpy.transpose", {"shape": [16]}, (16,)),
    ("numpy.transpose", {"shape": [2, 3, 4], "axes": [0, 2, 1]}, (2, 4, 3)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "expected"), BY_HAND)
def test_the_value_is_the_one_worked_by_hand(name, arguments, expected):
    assert value(name, **arguments) == expected


# --- against the engine's layouts ----------------------------------------------------------------

D, H, N, T = 3, 2, 4, 5
CELLS = ["RNN", "GRU", "LSTM"]


def single(cell, width, seed=0):
    rng = np.random.RandomState(seed)
    if cell == "RNN":
        return simple.SimpleRNN(simple.Parameters.drawn(rng, width, H))
    if cell == "LSTM":
        return lstm.LSTM(lstm.Parameters.drawn(rng, width, H))
    drawn = gru.Parameters.drawn(rng, width, H, reset="after")
    return gru.GRU(drawn, reset="after", z_convention="z-keeps-old")


def layer(cell, directions, width=D):
    if directions == 1:
        return single(cell, width)
    return Bidirectional(single(cell, width), single(cell, width, seed=1))


@pytest.mark.parametrize(("cell", "directions"), list(itertools.product(CELLS, [1, 2])))
def test_weights_have_the_shapes_that_the_layouts_give(cell, directions):
    both = str(directions == 2)
    stack = Stacked([layer(cell, directions), layer(cell, directions, directions * H)])
    weights = torch_weights(stack)
    for number, name in itertools.product((0, 1), ("weight_ih", "weight_hh", "bias_ih")):
        found = value("torch.weight_shape", cell=cell, D=D, H=H, layer=number, quantity=name,
                      bidirectional=both)  # fmt: skip
        assert found == weights[f"{name}_l{number}"].shape
    node = onnx_weights(layer(cell, directions))
    for name in "WRB":
        found = value("onnx.rnn_shape", cell=cell, D=D, H=H, quantity=name, bidirectional=both)
        assert found == getattr(node, name).shape


@pytest.mark.parametrize("directions", [1, 2])
def test_peepholes_have_the_shape_that_onnx_gives(directions):
    rng = np.random.RandomState(0)
    ways = [lstm.LSTM(lstm.Parameters.drawn(rng, D, H, peepholes=True)) for _ in range(directions)]
    node = onnx_weights(ways[0] if directions == 1 else Bidirectional(*ways))
    found = value("onnx.rnn_shape", cell="LSTM", H=H, quantity="P",
                  bidirectional=str(directions == 2))  # fmt: skip
    assert found == node.P.shape


@pytest.mark.parametrize(("directions", "layout"), list(itertools.product([1, 2], [0, 1])))
def test_outputs_have_the_shapes_that_onnx_gives(directions, layout):
    one = layer("LSTM", directions)
    Y, Y_h, _ = onnx_outputs(one, one.forward(np.zeros((T, N, D))), layout=layout)
    sizes = {"cell": "LSTM", "N": N, "T": T, "D": D, "H": H, "layout": layout,
             "bidirectional": str(directions == 2)}  # fmt: skip
    assert value("onnx.rnn_shape", **sizes) == Y.shape
    assert value("onnx.rnn_shape", **sizes, quantity="Y_h") == Y_h.shape


def test_final_states_stand_in_the_output_where_the_slice_says():
    forward, backward = single("GRU", D), single("GRU", D, seed=1)
    x = np.random.RandomState(2).randn(T, N, D)
    run = Bidirectional(forward, backward).forward(x)
    finals = {
        "forward": forward.forward(x).final[0],
        "backward": Reversed(backward).forward(x).final[0],
    }
    for direction, final in finals.items():
        given = {"direction": direction, "H": H, "T": T}
        step = value("torch.state_slice", quantity="step", **given)
        start, stop = value("torch.state_slice", quantity="features", **given)
        assert run.output[step, :, start:stop] == pytest.approx(final)


# --- against torch -------------------------------------------------------------------------------


@pytest.mark.reference
def test_packed_sequences_are_those_of_torch():
    torch = pytest.importorskip("torch")
    lengths = [5, 3, 3, 1]
    packed = torch.nn.utils.rnn.pack_padded_sequence(torch.zeros(5, 4, 2), lengths)
    assert value("torch.packed", lengths=lengths) == tuple(packed.batch_sizes.tolist())
    assert value("torch.packed", lengths=lengths, quantity="data-rows") == len(packed.data)


@pytest.mark.reference
@pytest.mark.parametrize("batch_first", [False, True])
def test_shapes_of_attention_are_those_of_torch(batch_first):
    torch = pytest.importorskip("torch")
    L, S, E, h = 3, 6, 8, 2
    sizes = {"N": N, "L": L, "S": S, "E": E, "h": h, "batch_first": str(batch_first)}
    attention = torch.nn.MultiheadAttention(E, h, batch_first=batch_first)
    q, k = torch.zeros(L, N, E), torch.zeros(S, N, E)
    if batch_first:
        q, k = q.transpose(0, 1), k.transpose(0, 1)
    every = {name: value("torch.attention_shape", **sizes, quantity=name)
             for name in ("key_padding_mask", "attn_mask", "attn_mask-each-head")}  # fmt: skip
    for mask, averaged in itertools.product(("attn_mask", "attn_mask-each-head"), (True, False)):
        out, weights = attention(
            q, k, k, average_attn_weights=averaged,
            key_padding_mask=torch.zeros(every["key_padding_mask"], dtype=torch.bool),
            attn_mask=torch.zeros(every[mask], dtype=torch.bool),
        )  # fmt: skip
        name = "attn_weights" if averaged else "attn_weights-each-head"
        assert value("torch.attention_shape", **sizes, quantity=name) == tuple(weights.shape)
        assert value("torch.attention_shape", **sizes) == tuple(out.shape)


@pytest.mark.reference
def test_losses_and_embeddings_take_the_shapes_that_torch_takes():
    torch = pytest.importorskip("torch")
    V = 7
    sizes = {"N": N, "T": T, "V": V, "D": D}

    def shape(name):
        return value("torch.token_shape", **sizes, quantity=name)

    embedding = torch.nn.Embedding(V, D)
    out = embedding(torch.zeros(shape("embedding-input"), dtype=torch.long))
    assert tuple(out.shape) == shape("embedding-output")
    assert tuple(embedding.weight.shape) == shape("embedding-weight")
    for form in ("cross-entropy", "flattened"):
        v = torch.zeros(shape(f"{form}-input"))
        t = torch.zeros(shape(f"{form}-target"), dtype=torch.long)
        assert torch.nn.CrossEntropyLoss(reduction="none")(v, t).shape == t.shape


# --- against NumPy -------------------------------------------------------------------------------


def test_indices_and_slices_read_what_numpy_reads():
    a = np.arange(9)
    for index in range(-9, 9):
        assert value("numpy.index", n=9, index=index) == a[index]
    for start, stop, step in itertools.product((None, -3, 2), (None, -2, 7, 20), (1, 2, -1)):
        found = value("numpy.slice", n=9, start=start, stop=stop, step=step)
        assert found == len(a[start:stop:step])


def test_numbers_are_rounded_and_wrapped_as_numpy_does():
    for x in np.arange(-4, 4.25, 0.25):
        assert value("numpy.round", x=float(x)) == np.round(x)
    for number, (bits, kind) in itertools.product(
        (-300, -1, 0, 127, 128, 255, 256, 70_000), itertools.product((8, 16), ("int", "uint"))
    ):
        held = np.array(number).astype(f"{kind}{bits}")
        assert value("numpy.wrapped_integer", value=number, bits=bits, kind=kind) == held


def test_shapes_are_put_together_and_turned_as_numpy_does():
    left = np.zeros((2, 3, 4))
    for axis in range(-3, 3):
        right = np.zeros([5 if k == axis % 3 else n for k, n in enumerate(left.shape)])
        found = value("numpy.concatenate", left=[2, 3, 4], right=list(right.shape), axis=axis)
        assert found == np.concatenate((left, right), axis=axis).shape
    for axes in itertools.permutations(range(3)):
        found = value("numpy.transpose", shape=[2, 3, 4], axes=list(axes))
        assert found == left.transpose(axes).shape
    assert value("numpy.transpose", shape=[2, 3, 4]) == left.T.shape


# --- mistakes ------------------------------------------------------------------------------------

MISTAKES = [
    ("torch.weight_shape", LSTM, "transpose-added", "turned", (10, 80)),
    ("torch.packed", {"lengths": [4, 2, 1], "quantity": "last-steps"}, "mask-misplaced",
     "end-of-the-padding", (3, 3, 3)),
    ("torch.token_shape", {"N": 2, "T": 5, "V": 100}, "axis-wrong", "classes-last", (2, 5, 100)),
    ("torch.state_slice", {"quantity": "row", "layer": 1, "layers": 3, "direction": "backward"},
     "axis-wrong", "directions-first", 4),
    ("numpy.round", {"x": 0.5}, "activation-wrong", "half-always-up", 1),
    ("numpy.wrapped_integer", {"value": 300}, "normalisation-dropped", "not-wrapped", 300),
    ("numpy.transpose", {"shape": [16]}, "transpose-added", "row-of-one", (1, 16)),
    ("onnx.rnn_shape", {**LSTM, "N": 3, "T": 5, "bidirectional": "True"}, "shape-wrong",
     "directions-in-the-features", (5, 3, 40)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "code", "note", "wrong"), MISTAKES)
def test_a_mistake_gives_the_value_that_one_gets_by_making_it(name, arguments, code, note, wrong):
    assert mistakes(name, **arguments)[code, note] == wrong


@pytest.mark.parametrize(
    ("name", "arguments", "argument"),
    [
        ("onnx.rnn_shape", {"cell": "GRU", "H": 3, "quantity": "P"}, "quantity"),
        ("torch.packed", {"lengths": [2, 4]}, "lengths"),
        ("torch.state_slice", {"direction": "backward", "bidirectional": "False"}, "direction"),
        ("torch.state_slice", {"quantity": "step", "layer": 0, "layers": 2}, "layer"),
        ("torch.attention_shape", {"N": 1, "L": 1, "S": 1, "E": 8, "h": 3}, "h"),
        ("numpy.index", {"n": 4, "index": 4}, "index"),
        ("numpy.slice", {"n": 4, "step": 0}, "step"),
        ("numpy.concatenate", {"left": [2, 3], "right": [3, 3], "axis": 1}, "right"),
        ("numpy.transpose", {"shape": [2, 3], "axes": [0, 0]}, "axes"),
    ],
)
def test_arguments_that_do_not_fit_are_named(name, arguments, argument):
    for ask in (computation(name).evaluate, computation(name).mistakes):
        with pytest.raises(ComputationError) as caught:
            ask(arguments)
        assert caught.value.argument == argument
