"""The simple recurrent layer: the same numbers as the whole network, and what a layer promises."""

import numpy as np
import pytest

from engine.gradient_check import check_entries, check_inner_product
from engine.recurrent import rnn
from engine.recurrent.rnn import ShapeError
from engine.recurrent.sequences import mask_of
from engine.recurrent.simple import Parameters, SimpleRNN

T, N, D, H, K = 4, 3, 2, 5, 6
FLOOR = 1e-2
SIZES = [(4, 3, 2, 5), (3, 3, 3, 3), (5, 1, 4, 4), (1, 2, 2, 2)]


def case(f="tanh", seed=0, sizes=(T, N, D, H)):
    t, n, d, h = sizes
    rng = np.random.default_rng(seed)
    weights = (0.6 * rng.standard_normal(shape) for shape in ((d, h), (h, h), (h,)))
    layer = SimpleRNN(Parameters(*weights), f)
    return layer, rng.standard_normal((t, n, d)), rng.standard_normal((n, h))


def at_of(layer, x, z0):
    return {**layer.parameters.as_dict(), "x": x, "z0": z0}


def gradients_of(backward):
    return {**backward.parameters.as_dict(), "x": backward.x, "z0": backward.z0}


def everything(layer, point, mask):
    moved = layer.with_parameters({name: point[name] for name in layer.parameters.as_dict()})
    run = moved.forward(point["x"], (point["z0"],), mask=mask)
    return np.concatenate([run.output.ravel(), run.final[0].ravel()])


def pulled_back(layer, run, w):
    t, n, h = run.output.shape
    d_output, d_final = np.split(w, [t * n * h])
    d_final = (d_final.reshape(n, h),)
    return gradients_of(layer.backward(run, d_output.reshape(t, n, h), d_final))


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("f", ["tanh", "sigmoid", "relu", "identity"])
@pytest.mark.parametrize("padded", [False, True])
def test_every_gradient_passes_both_checks(sizes, f, padded):
    layer, x, z0 = case(f, 1, sizes)
    t, n = sizes[:2]
    mask = mask_of([max(t - k, 0) for k in range(n)], t) if padded else None
    run = layer.forward(x, (z0,), mask=mask)
    at = at_of(layer, x, z0)
    w = np.random.default_rng(2).standard_normal(everything(layer, at, mask).shape)
    entries = check_entries(
        lambda point: float(w @ everything(layer, point, mask)),
        at,
        pulled_back(layer, run, w),
        floor=FLOOR,
    )
    assert entries.worst.relative_error < 1e-7, entries.worst
    products = check_inner_product(
        lambda point: everything(layer, point, mask),
        at,
        lambda w: pulled_back(layer, run, w),
        np.random.default_rng(3),
        floor=FLOOR,
    )
    assert products.worst.relative_error < 1e-7, products.worst


def test_it_is_the_hidden_part_of_the_whole_network():
    layer, x, z0 = case("sigmoid")
    p = layer.parameters
    rng = np.random.default_rng(4)
    W_out, c = rng.standard_normal((H, K)), rng.standard_normal(K)
    network = rnn.RNN(rnn.Parameters(p.W_in, p.W, W_out, p.b, c), "sigmoid")
    whole, part = network.forward(x, z0), layer.forward(x, (z0,))
    assert part.u == pytest.approx(whole.u, rel=1e-13)
    assert part.z == pytest.approx(whole.z, rel=1e-13)
    delta_out = rng.standard_normal((T, N, K))
    expected = network.backward(whole, delta_out)
    found = layer.backward(part, delta_out @ W_out.T)
    assert found.u == pytest.approx(expected.delta, rel=1e-12)
    assert found.z0 == pytest.approx(expected.z0, rel=1e-12)
    assert found.x == pytest.approx(expected.x, rel=1e-12)
    for name, gradient in found.parameters.as_dict().items():
        assert gradient == pytest.approx(getattr(expected.parameters, name), rel=1e-11), name


def test_a_padded_batch_is_its_sequences_run_alone():
    layer, x, z0 = case()
    lengths = [2, 4, 0]
    d_output = np.random.default_rng(5).standard_normal((T, N, H))
    x[~mask_of(lengths, T)] = np.nan
    run = layer.forward(x, (z0,), mask=mask_of(lengths, T))
    backward = layer.backward(run, d_output)
    for n, length in enumerate(lengths[:2]):
        one = slice(n, n + 1)
        alone = layer.forward(x[:length, one], (z0[one],))
        assert run.output[:length, one] == pytest.approx(alone.output, rel=1e-12)
        assert run.final[0][one] == pytest.approx(alone.final[0], rel=1e-12)
        found = layer.backward(alone, d_output[:length, one])
        assert backward.x[:length, one] == pytest.approx(found.x, rel=1e-12)
        assert not backward.x[length:, n].any()
    assert np.array_equal(run.final[0][2], z0[2])
    assert not backward.z0[2].any()


def test_parameters_are_counted_and_drawn():
    drawn = Parameters.drawn(np.random.RandomState(0), 100, 100, initializer="he")
    assert drawn.count == 20_100
    assert drawn.W.std() == pytest.approx(np.sqrt(2 / 100), rel=0.03)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda layer, x, z0: layer.forward(x[0]), "x"),
        (lambda layer, x, z0: layer.forward(x, (z0[:2],)), "z0"),
        (lambda layer, x, z0: layer.backward(layer.forward(x), x), "d_output"),
        (lambda layer, x, z0: layer.with_parameters({"W": np.zeros((D, H))}), "W"),
        (lambda layer, x, z0: layer.with_parameters({"W_in": np.zeros(H)}), "W_in"),
        (lambda layer, x, z0: layer.with_parameters({"b": np.zeros(D)}), "b"),
    ],
)
def test_a_shape_that_does_not_fit_is_named(call, name):
    with pytest.raises(ShapeError) as caught:
        call(*case())
    assert caught.value.name == name


def test_the_activation_has_to_be_elementwise():
    with pytest.raises(ValueError, match="element-wise"):
        SimpleRNN(case()[0].parameters, "softmax")
