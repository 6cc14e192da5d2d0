"""Weights, states and outputs as PyTorch and ONNX have them.

Tests marked ``reference`` hold the engine against torch.nn and against the node tests that ONNX
ships; the others need neither.
"""

import itertools

import numpy as np
import pytest

from engine.recurrent import gru, lstm, simple
from engine.recurrent.bidirectional import Bidirectional, Reversed
from engine.recurrent.layouts import (
    GATE_ORDERS,
    from_torch,
    from_torch_state,
    reordered,
    torch_gradients,
    torch_state,
    torch_weights,
)
from engine.recurrent.onnx_layouts import from_onnx, onnx_initial, onnx_outputs, onnx_weights
from engine.recurrent.rnn import ShapeError
from engine.recurrent.sequences import BatchFirst, mask_of, swap
from engine.recurrent.stacked import Stacked

T, N, D, H = 5, 3, 2, 4
KINDS = ["RNN", "LSTM", "GRU"]
GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}


def random_torch_weights(kind, layers=1, directions=1, seed=0, d=D, h=H):
    rng = np.random.default_rng(seed)
    weights = {}
    for number in range(layers):
        width = d if number == 0 else directions * h
        for suffix in ("", "_reverse")[:directions]:
            rows = GATES[kind] * h
            for name, shape in (
                ("weight_ih", (rows, width)),
                ("weight_hh", (rows, h)),
                ("bias_ih", (rows,)),
                ("bias_hh", (rows,)),
            ):
                weights[f"{name}_l{number}{suffix}"] = 0.5 * rng.standard_normal(shape)
    return weights


def layer_of(kind, seed=0, peepholes=False):
    rng = np.random.RandomState(seed)
    if kind == "RNN":
        return simple.SimpleRNN(simple.Parameters.drawn(rng, D, H))
    if kind == "GRU":
        return gru.GRU(
            gru.Parameters.drawn(rng, D, H, reset="after"),
            reset="after",
            z_convention="z-keeps-old",
        )
    return lstm.LSTM(lstm.Parameters.drawn(rng, D, H, peepholes=peepholes))


def test_gates_are_put_in_another_order():
    parts = {"a": [1, 2], "i": [3, 4], "f": [5, 6], "o": [7, 8]}
    engine = np.concatenate([parts[gate] for gate in "aifo"])
    assert reordered(engine, "LSTM", "engine", "pytorch").tolist() == [3, 4, 5, 6, 1, 2, 7, 8]
    assert reordered(engine, "LSTM", "engine", "onnx").tolist() == [3, 4, 7, 8, 5, 6, 1, 2]
    assert reordered(engine, "LSTM", "engine", "dlfs2").tolist() == [5, 6, 1, 2, 3, 4, 7, 8]
    assert reordered([1, 2, 3], "GRU", "engine", "pytorch").tolist() == [2, 1, 3]


@pytest.mark.parametrize("kind", KINDS)
def test_every_order_holds_the_same_gates_and_can_be_undone(kind):
    array = np.random.default_rng(0).standard_normal((GATES[kind] * 2, 3))
    for source, target in itertools.product(GATE_ORDERS[kind], repeat=2):
        there = reordered(array, kind, source, target, axis=0)
        assert np.array_equal(reordered(there, kind, target, source, axis=0), array)
        assert sorted(GATE_ORDERS[kind][source]) == sorted(GATE_ORDERS[kind][target])


def test_what_has_no_order_is_refused():
    for names in (("LSTN", "engine", "onnx"), ("LSTM", "torch", "onnx"), ("LSTM", "onnx", "tf")):
        with pytest.raises(ValueError, match="is none of"):
            reordered(np.zeros(4), *names)
    with pytest.raises(ShapeError, match="4 equal parts"):
        reordered(np.zeros(6), "LSTM", "engine", "onnx")


@pytest.mark.parametrize(
    ("kind", "layers", "directions"), list(itertools.product(KINDS, (1, 2), (1, 2)))
)
def test_weights_from_pytorch_and_back_are_the_same_but_for_the_split_of_the_bias(
    kind, layers, directions
):
    weights = random_torch_weights(kind, layers, directions)
    back = torch_weights(from_torch(kind, weights))
    assert back.keys() == weights.keys()
    for name, array in weights.items():
        if name.startswith("weight"):
            assert np.array_equal(back[name], array), name
        if name.startswith("bias_ih"):
            other = name.replace("bias_ih", "bias_hh")
            assert back[name] + back[other] == pytest.approx(array + weights[other])
            if kind == "GRU":  # the candidate's biases stay apart: the reset gate sees only one
                assert np.array_equal(back[name][2 * H :], array[2 * H :])
                assert np.array_equal(back[other][2 * H :], weights[other][2 * H :])


def test_one_step_of_pytorchs_lstm_by_its_own_equations():
    weights = random_torch_weights("LSTM")
    rng = np.random.default_rng(1)
    x, h, c = rng.standard_normal(D), rng.standard_normal(H), rng.standard_normal(H)
    A = weights["weight_ih_l0"] @ x + weights["bias_ih_l0"]
    A = A + weights["weight_hh_l0"] @ h + weights["bias_hh_l0"]
    i, f, g, o = np.split(A, 4)
    expected = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
    run = from_torch("LSTM", weights).forward(x[None, None], (h[None], c[None]))
    assert run.final[1][0] == pytest.approx(expected)
    assert run.final[0][0] == pytest.approx(np.tanh(expected) / (1 + np.exp(-o)))


def test_one_step_of_pytorchs_gru_by_its_own_equations():
    weights = random_torch_weights("GRU")
    rng = np.random.default_rng(2)
    x, h = rng.standard_normal(D), rng.standard_normal(H)
    i_r, i_z, i_n = np.split(weights["weight_ih_l0"] @ x + weights["bias_ih_l0"], 3)
    h_r, h_z, h_n = np.split(weights["weight_hh_l0"] @ h + weights["bias_hh_l0"], 3)
    r, z = 1 / (1 + np.exp(-i_r - h_r)), 1 / (1 + np.exp(-i_z - h_z))
    expected = (1 - z) * np.tanh(i_n + r * h_n) + z * h
    run = from_torch("GRU", weights).forward(x[None, None], (h[None],))
    assert run.final[0][0] == pytest.approx(expected)


def test_without_biases_they_are_zero():
    weights = random_torch_weights("GRU")
    without = {name: array for name, array in weights.items() if name.startswith("weight")}
    back = torch_weights(from_torch("GRU", without))
    assert not back["bias_ih_l0"].any()
    assert not back["bias_hh_l0"].any()


def test_a_state_dict_that_is_none_is_refused():
    weights = random_torch_weights("LSTM")
    with pytest.raises(ValueError, match="weight_hh_l0 is missing"):
        from_torch("LSTM", {"weight_ih_l0": weights["weight_ih_l0"]})
    with pytest.raises(ValueError, match="weight_ih_l1 is missing"):
        from_torch("LSTM", {**weights, "weight_hr_l0": np.zeros((2, H))})
    with pytest.raises(ValueError, match="kind is one of"):
        from_torch("lstm", weights)
    with pytest.raises(ShapeError):
        from_torch("LSTM", {**weights, "bias_ih_l0": np.zeros(4 * H - 4)})


def test_what_pytorch_does_not_have_is_said():
    with pytest.raises(ValueError, match="no peepholes"):
        torch_weights(layer_of("LSTM", peepholes=True))
    with pytest.raises(ValueError, match="reset before"):
        torch_weights(gru.GRU(gru.Parameters.drawn(np.random.RandomState(0), D, H)))


def test_a_gru_whose_z_takes_the_new_state_is_turned_round_for_pytorch():
    layer = layer_of("GRU").with_other_z_convention()
    x = np.random.default_rng(3).standard_normal((T, N, D))
    again = from_torch("GRU", torch_weights(layer))
    assert again.forward(x).output == pytest.approx(layer.forward(x).output, rel=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_h_n_holds_the_slices_of_output_that_its_description_says(kind):
    weights = random_torch_weights(kind, layers=2, directions=2)
    layer = from_torch(kind, weights)
    run = layer.forward(np.random.default_rng(4).standard_normal((T, N, D)))
    h_n, *c_n = torch_state(layer, run.final)
    assert h_n.shape == (4, N, H)
    assert [c.shape for c in c_n] == [(4, N, H)] * (kind == "LSTM")
    assert np.array_equal(h_n[-2], run.output[-1, :, :H])
    assert np.array_equal(h_n[-1], run.output[0, :, H:])
    assert np.array_equal(h_n[0], run.runs[0].output[-1, :, :H])


def test_states_come_from_pytorch_and_go_back():
    layer = from_torch("LSTM", random_torch_weights("LSTM", 2, 2))
    rng = np.random.default_rng(5)
    h, c = rng.standard_normal((4, N, H)), rng.standard_normal((4, N, H))
    state = from_torch_state(layer, h, c)
    assert np.array_equal(state[1], c[0])
    for given, back in zip((h, c), torch_state(layer, state), strict=True):
        assert np.array_equal(given, back)
    with pytest.raises(ShapeError, match="c has shape"):
        from_torch_state(layer, h)
    with pytest.raises(ShapeError, match="h has shape"):
        from_torch_state(layer, h[:2], c)


def nodes():
    yield "RNN", "forward", layer_of("RNN")
    yield "GRU", "forward", layer_of("GRU")
    yield "LSTM", "reverse", Reversed(layer_of("LSTM"))
    for kind in KINDS:
        yield kind, "bidirectional", Bidirectional(layer_of(kind), layer_of(kind, 1))
    yield "LSTM", "forward", layer_of("LSTM", peepholes=True)
    yield "GRU", "forward", gru.GRU(gru.Parameters.drawn(np.random.RandomState(0), D, H))


@pytest.mark.parametrize(("kind", "direction", "layer"), list(nodes()))
@pytest.mark.parametrize("layout", [0, 1])
def test_a_node_of_onnx_is_the_layer_that_it_was_made_from(kind, direction, layer, layout):
    w = onnx_weights(layer)
    assert (w.kind, w.direction) == (kind, direction)
    directions = 2 if direction == "bidirectional" else 1
    assert w.W.shape == (directions, GATES[kind] * H, D)
    assert w.R.shape == (directions, GATES[kind] * H, H)
    assert w.B.shape == (directions, 2 * GATES[kind] * H)
    again = from_onnx(
        kind, w.W, w.R, w.B, w.P, direction=direction, linear_before_reset=w.linear_before_reset
    )
    x = np.random.default_rng(6).standard_normal((T, N, D))
    mask = mask_of([5, 2, 3], T)
    run = again.forward(x, mask=mask)
    assert run.output == pytest.approx(layer.forward(x, mask=mask).output, rel=1e-12)
    Y, *states = onnx_outputs(again, run, layout=layout)
    if layout:
        Y, states = Y.transpose(1, 2, 0, 3), [swap(state) for state in states]
    assert Y.shape == (T, directions, N, H)
    for d in range(directions):
        assert np.array_equal(Y[:, d], run.output[..., d * H : (d + 1) * H])
    assert [state.shape for state in states] == [(directions, N, H)] * (1 + (kind == "LSTM"))
    backwards = direction != "forward"
    assert np.array_equal(states[0][-1], Y[0, -1] if backwards else run.final[0])


def test_onnx_keeps_peepholes_as_i_o_f():
    layer = layer_of("LSTM", peepholes=True)
    p = layer.parameters
    assert np.array_equal(onnx_weights(layer).P[0], np.concatenate([p.p_i, p.p_o, p.p_f]))


def test_onnx_states_are_given_to_each_direction():
    rng = np.random.default_rng(7)
    h, c = rng.standard_normal((2, N, H)), rng.standard_normal((2, N, H))
    state = onnx_initial(h, c)
    assert [np.array_equal(a, b) for a, b in zip(state, (h[0], c[0], h[1], c[1]), strict=True)] == [
        True
    ] * 4
    for part, own in zip(onnx_initial(swap(h), swap(c), layout=1), state, strict=True):
        assert np.array_equal(part, own)


@pytest.mark.parametrize(
    "layer",
    [
        Bidirectional(layer_of("LSTM"), layer_of("GRU")),
        Bidirectional(layer_of("LSTM"), layer_of("LSTM", peepholes=True)),
        Stacked([layer_of("LSTM")]),
    ],
)
def test_what_no_node_can_describe_is_refused(layer):
    with pytest.raises(ValueError, match=r"of one kind|no such layout"):
        onnx_weights(layer)


def test_a_node_that_does_not_fit_is_named():
    w = onnx_weights(layer_of("LSTM"))
    for arguments, name in (
        ((w.W[0], w.R), "W"),
        ((w.W, w.R, w.B[:, 1:]), "B"),
        ((w.W, w.R, w.B, np.zeros((1, H))), "P"),
    ):
        with pytest.raises(ShapeError, match=f"{name} has shape"):
            from_onnx("LSTM", *arguments)
    with pytest.raises(ValueError, match="direction is one of"):
        from_onnx("LSTM", w.W, w.R, direction="backward")


# --- Against the libraries themselves --------------------------------------------------------


def as_numpy(tensor):
    return tensor.detach().numpy()


TORCH_CASES = list(itertools.product(KINDS, (1, 2), (False, True), (False, True), (False, True)))


@pytest.mark.reference
@pytest.mark.parametrize(("kind", "layers", "bidirectional", "padded", "batch_first"), TORCH_CASES)
@pytest.mark.parametrize("sizes", [(5, 3, 2, 4), (3, 3, 3, 3)])
def test_pytorchs_modules_give_the_same_values_and_gradients(
    kind, layers, bidirectional, padded, batch_first, sizes
):
    torch = pytest.importorskip("torch")
    t, n, d, h = sizes
    generator = torch.Generator().manual_seed(0)
    module = getattr(torch.nn, kind)(
        d, h, layers, bidirectional=bidirectional, batch_first=batch_first, dtype=torch.float64
    )
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(
                0.5 * torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
            )
    stack = from_torch(kind, {name: as_numpy(p) for name, p in module.named_parameters()})
    layer = BatchFirst(stack) if batch_first else stack
    directions = 2 if bidirectional else 1

    def random(*shape):
        values = torch.randn(shape, generator=generator, dtype=torch.float64)
        return values.requires_grad_()

    x = random(n, t, d) if batch_first else random(t, n, d)
    given = [random(layers * directions, n, h) for _ in range(1 + (kind == "LSTM"))]
    state = tuple(given) if kind == "LSTM" else given[0]
    lengths = [max(t - 2 * k, 1) for k in range(n)]
    mask = None
    if padded:
        mask = mask_of(lengths, t)
        mask = mask.T if batch_first else mask
        packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=batch_first)
        output, final = module(packed, state)
        output, _ = torch.nn.utils.rnn.pad_packed_sequence(output, batch_first, total_length=t)
    else:
        output, final = module(x, state)
    final = final if kind == "LSTM" else (final,)

    run = layer.forward(
        as_numpy(x), from_torch_state(layer, *(as_numpy(part) for part in given)), mask=mask
    )
    close = {"rel": 1e-9, "abs": 1e-11}
    assert run.output == pytest.approx(as_numpy(output), **close)
    for found, part in zip(torch_state(layer, run.final), final, strict=True):
        assert found == pytest.approx(as_numpy(part), **close)

    d_output, d_final = random(*output.shape), [random(*part.shape) for part in final]
    loss = (output * d_output.detach()).sum()
    for part, weight in zip(final, d_final, strict=True):
        loss = loss + (part * weight.detach()).sum()
    loss.backward()
    backward = layer.backward(
        run,
        as_numpy(d_output),
        from_torch_state(layer, *(as_numpy(part) for part in d_final)),
    )
    assert backward.x == pytest.approx(as_numpy(x.grad), **close)
    for found, part in zip(torch_state(layer, backward.initial), given, strict=True):
        assert found == pytest.approx(as_numpy(part.grad), **close)
    gradients = torch_gradients(layer, backward)
    assert gradients.keys() == dict(module.named_parameters()).keys()
    for name, parameter in module.named_parameters():
        assert gradients[name] == pytest.approx(as_numpy(parameter.grad), **close), name


@pytest.mark.reference
def test_pytorchs_relu_network_is_a_simple_layer_with_relu():
    torch = pytest.importorskip("torch")
    module = torch.nn.RNN(D, H, nonlinearity="relu", dtype=torch.float64)
    layer = from_torch("RNN", {name: as_numpy(p) for name, p in module.named_parameters()}, "relu")
    x = torch.randn(T, N, D, dtype=torch.float64)
    assert layer.forward(as_numpy(x)).output == pytest.approx(as_numpy(module(x)[0]), abs=1e-12)


@pytest.mark.reference
def test_onnxs_own_node_tests_pass():
    pytest.importorskip("onnx")
    from onnx import helper
    from onnx.backend.test.case.node import collect_testcases

    # The collection is made once, at the first call: asked for one kind, it never has another.
    found = collect_testcases(None)
    cases = {c.name: c for c in found if c.model.graph.node[0].op_type in KINDS}
    tried = dict.fromkeys(KINDS, 0)
    for name, case in cases.items():
        (node,) = case.model.graph.node
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        for inputs, outputs in case.data_sets:
            found = onnx_node(node.op_type, node, attributes, inputs)
            named = dict(zip(node.output, found, strict=False))
            for value, output in zip(outputs, case.model.graph.output, strict=True):
                assert named[output.name] == pytest.approx(value, rel=1e-5, abs=1e-6), name
        tried[node.op_type] += 1
    assert all(number >= 3 for number in tried.values()), tried


def onnx_node(kind, node, attributes, inputs):
    """The outputs of a node; its inputs are positional, and an empty name stands for none."""
    values = iter(inputs)
    positional = [next(values) if name else None for name in node.input]
    x, W, R, B, lengths, h, c, P = positional + [None] * (8 - len(positional))
    layout = attributes.get("layout", 0)
    layer = from_onnx(
        kind,
        W,
        R,
        B,
        P,
        direction=attributes.get("direction", b"forward").decode(),
        linear_before_reset=attributes.get("linear_before_reset", 0),
        activations=[name.decode() for name in attributes.get("activations", [b"Tanh"])],
    )
    x = swap(x) if layout else x
    state = None if h is None else onnx_initial(h, c, layout=layout)
    mask = None if lengths is None else mask_of(lengths, len(x))
    return onnx_outputs(layer, layer.forward(x, state, mask=mask), layout=layout)
