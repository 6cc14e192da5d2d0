"""Attention against differences, against its equations, and against what a mask promises."""

import itertools

import numpy as np
import pytest

from engine.attention import (
    Additive,
    Attention,
    Capped,
    Dot,
    General,
    MultiHeadAttention,
    MultiHeadParameters,
    ScaledDot,
    causal_mask,
    masked_softmax,
    padding_mask,
    softmax_pull_back,
)
from engine.functions import softmax, softmax_jacobian
from engine.gradient_check import check_entries, check_inner_product
from engine.recurrent.rnn import ShapeError

TOLERANCE = 1e-7
SCORES = ["dot", "scaled dot", "general", "additive"]
# n_q, n_k, H_q, H_k, d_v: all different; some equal; all equal.
SIZES = [(2, 4, 3, 5, 6), (3, 3, 2, 2, 4), (4, 4, 4, 4, 4), (1, 5, 3, 3, 3)]


def score_of(name, H_q, H_k, rng):
    if name == "general":
        return General(rng.standard_normal((H_q, H_k)))
    if name == "additive":
        A = H_q + 2
        return Additive(*(rng.standard_normal(s) for s in ((H_q, A), (H_k, A), (A,))))
    return Dot() if name == "dot" else ScaledDot()


def arrays(sizes, rng, batch=(2,), same=False):
    n_q, n_k, H_q, H_k, d_v = sizes
    H_k = H_q if same else H_k
    shapes = {"q": (n_q, H_q), "h": (n_k, H_k), "values": (n_k, d_v)}
    return {name: rng.standard_normal(batch + shape) for name, shape in shapes.items()}


def mask_of(kind, n_q, n_k, rng):
    if kind == "causal":
        return causal_mask(n_q, n_k)
    if kind == "padding":
        return padding_mask([1, n_k], n_k)
    if kind == "one row sees nothing":
        return np.arange(n_q)[:, None] > np.zeros(n_k)
    if kind == "numbers":
        return rng.standard_normal((n_q, n_k))
    return None


def assert_right(function, at, pull_back, rng):
    # Differences are right to about 1e-10: below the floor of 1e-2 they show no seven digits.
    check = check_inner_product(function, at, pull_back, rng, floor=1e-2)
    assert check.worst.relative_error < TOLERANCE, check.worst
    w = rng.standard_normal(np.shape(function(at)))
    entries = check_entries(lambda p: (w * function(p)).sum(), at, pull_back(w), floor=1e-2)
    assert entries.worst.relative_error < TOLERANCE, entries.worst


@pytest.mark.parametrize("own_values", [True, False])
@pytest.mark.parametrize(
    "kind", [None, "causal", "padding", "one row sees nothing", "numbers"], ids=str
)
@pytest.mark.parametrize(("name", "sizes"), list(itertools.product(SCORES, SIZES)))
def test_the_way_back_is_the_transpose_of_the_jacobian(name, sizes, kind, own_values):
    rng = np.random.default_rng(SIZES.index(sizes))
    at = arrays(sizes, rng, same=name in {"dot", "scaled dot"})
    if own_values:
        del at["values"]
    score = score_of(name, at["q"].shape[-1], at["h"].shape[-1], rng)
    parameters = score.as_dict()
    mask = mask_of(kind, sizes[0], sizes[1], rng)

    def forward(point):
        moved = type(score)(*(point[p] for p in parameters))
        attention = Attention(moved)
        return attention, attention.forward(point["q"], point["h"], point.get("values"), mask)

    def pull_back(w):
        attention, run = forward({**at, **parameters})
        back = attention.backward(run, w)
        gradients = {"q": back.q, "h": back.h, **back.parameters}
        return gradients if own_values else {**gradients, "values": back.values}

    assert_right(lambda point: forward(point)[1].c, {**at, **parameters}, pull_back, rng)


@pytest.mark.parametrize("name", SCORES)
def test_a_loss_may_look_at_the_weights_too(name):
    rng = np.random.default_rng(3)
    at = arrays((2, 4, 3, 3, 5), rng)
    attention = Attention(score_of(name, 3, 3, rng))
    of_c, of_alpha = rng.standard_normal((2, 2, 5)), rng.standard_normal((2, 2, 4))

    def loss(point):
        run = attention.forward(**point)
        return (of_c * run.c).sum() + (of_alpha * run.alpha).sum()

    back = attention.backward(attention.forward(**at), of_c, of_alpha)
    gradients = {"q": back.q, "h": back.h, "values": back.values}
    assert check_entries(loss, at, gradients, floor=1e-2).worst.relative_error < TOLERANCE


def test_the_scores_are_those_of_the_papers_pair_by_pair():
    rng = np.random.default_rng(0)
    q, h, other = (rng.standard_normal(s) for s in ((2, 3), (4, 3), (4, 5)))
    W, W_1, W_2, v = (rng.standard_normal(s) for s in ((3, 5), (3, 6), (5, 6), (6,)))
    for i, j in itertools.product(range(2), range(4)):
        at = (i, j)
        assert Dot().forward(q, h).e[at] == pytest.approx(q[i] @ h[j])
        assert ScaledDot().forward(q, h).e[at] == pytest.approx(q[i] @ h[j] / np.sqrt(3))
        assert General(W).forward(q, other).e[at] == pytest.approx(q[i] @ W @ other[j])
        e = v @ np.tanh(W_1.T @ q[i] + W_2.T @ other[j])
        assert Additive(W_1, W_2, v).forward(q, other).e[at] == pytest.approx(e)
        concat = Additive.from_concat(np.hstack([W_1.T, W_2.T]), v, H_q=3)
        assert concat.forward(q, other).e[at] == pytest.approx(e)


def test_the_matrix_form_is_softmax_of_scaled_products_times_values():
    rng = np.random.default_rng(1)
    Q, K, V, dO = (rng.standard_normal(s) for s in ((4, 3), (6, 3), (6, 5), (4, 5)))
    run = Attention().forward(Q, K, V)
    S = Q @ K.T / np.sqrt(3)
    A = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)
    assert run.e == pytest.approx(S)
    assert run.alpha == pytest.approx(A)
    assert run.c == pytest.approx(A @ V)
    back = Attention().backward(run, dO)
    dA = dO @ V.T
    dS = A * (dA - (A * dA).sum(axis=1, keepdims=True))
    for found, expected in (
        (back.values, A.T @ dO),
        (back.e, dS),
        (back.q, dS @ K / np.sqrt(3)),
        (back.h, dS.T @ Q / np.sqrt(3)),
    ):
        assert found == pytest.approx(expected)
    for wrong in (
        np.exp(S) / np.exp(S).sum(axis=0) @ V,  # over the queries
        softmax(Q @ K.T) @ V,  # not scaled
        softmax(Q @ K.T / 3) @ V,  # by d_k
        softmax(Q @ K.T) / np.sqrt(3) @ V,  # after the softmax
    ):
        assert np.abs(run.c - wrong).max() > 1e-2


@pytest.mark.parametrize(
    ("e", "alpha", "values", "c"),
    [
        ([np.log(2), np.log(3), np.log(5)], [0.2, 0.3, 0.5], [1, 2, 3], 2.3),
        ([0, 0, 0, 0], [0.25] * 4, [1, 2, 3, 6], 3.0),
        ([1000, 1000 - np.log(3)], [0.75, 0.25], [4, 8], 5.0),
    ],
)
def test_weights_and_context_of_one_query(e, alpha, values, c):
    h = np.array(e, dtype=float)[:, None]
    run = Attention(Dot()).forward([[1.0]], h, np.array(values, dtype=float)[:, None])
    assert run.alpha[0] == pytest.approx(alpha)
    assert run.c[0, 0] == pytest.approx(c)


def test_the_way_back_through_the_softmax_is_its_jacobian():
    rng = np.random.default_rng(2)
    e, dalpha = rng.standard_normal((3, 5)), rng.standard_normal((3, 5))
    alpha = masked_softmax(e)
    found = softmax_pull_back(alpha, dalpha)
    for i in range(3):
        assert found[i] == pytest.approx(softmax_jacobian(e[i]) @ dalpha[i])
    assert found.sum(axis=1) == pytest.approx(np.zeros(3), abs=1e-15)
    assert np.abs(found - alpha * dalpha).max() > 1e-2  # the mean term is no decoration
    assert np.abs(found - alpha * (1 - alpha) * dalpha).max() > 1e-2  # nor is it a sigmoid


def test_a_causal_mask_is_the_lower_triangle():
    assert causal_mask(3).tolist() == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]
    assert causal_mask(2, past=1).tolist() == [[True, True, False], [True, True, True]]
    assert causal_mask(3, 2).tolist() == [[True, False], [True, True], [True, True]]


def test_under_a_causal_mask_the_future_has_no_influence():
    rng = np.random.default_rng(4)
    X = rng.standard_normal((5, 3))
    run = Attention().forward(X, X, mask=causal_mask(5))
    changed = X.copy()
    changed[3:] += 1.0
    again = Attention().forward(changed, changed, mask=causal_mask(5))
    assert np.array_equal(run.c[:3], again.c[:3])
    assert not np.allclose(run.c[3:], again.c[3:])
    back = Attention().backward(run, np.eye(5)[2][:, None] * np.ones(3))
    assert not back.h[3:].any()
    assert back.h[:3].any()


def test_the_weights_that_a_mask_leaves_sum_to_one():
    rng = np.random.default_rng(5)
    q, h = rng.standard_normal((3, 2, 4)), rng.standard_normal((3, 5, 4))
    mask = padding_mask([5, 3, 1], 5)
    run = Attention().forward(q, h, mask=mask)
    assert run.alpha.sum(axis=-1) == pytest.approx(np.ones((3, 2)))
    assert not run.alpha[np.broadcast_to(~mask, run.alpha.shape)].any()
    for n, length in enumerate([5, 3, 1]):
        alone = Attention().forward(q[n], h[n, :length])
        assert run.c[n] == pytest.approx(alone.c, rel=1e-14)


def test_truth_and_minus_infinity_mask_alike():
    rng = np.random.default_rng(6)
    q, h = rng.standard_normal((4, 3)), rng.standard_normal((4, 3))
    allowed = causal_mask(4)
    numbers = np.where(allowed, 0.0, -np.inf)
    for left, right in itertools.pairwise(
        Attention().forward(q, h, mask=m).c for m in (allowed, numbers)
    ):
        assert np.array_equal(left, right)


def test_a_query_that_may_look_at_nothing_gets_nothing_and_gives_nothing_back():
    rng = np.random.default_rng(7)
    q, h = rng.standard_normal((2, 3)), rng.standard_normal((4, 3))
    run = Attention().forward(q, h, mask=[[False] * 4, [True] * 4])
    assert not run.alpha[0].any()
    assert not run.c[0].any()
    back = Attention().backward(run, np.ones((2, 3)))
    assert not back.q[0].any()
    assert np.isfinite(back.h).all()


def test_products_of_random_vectors_have_variance_d_k_and_the_root_takes_it_off():
    rng = np.random.default_rng(8)
    q, k = rng.standard_normal((2, 4000, 64))
    assert (q * k).sum(axis=1).var() == pytest.approx(64, rel=0.1)
    assert ScaledDot().forward(q[:1], k).e.var() == pytest.approx((q[0] ** 2).mean(), rel=0.1)


def test_self_attention_without_positions_is_permutation_equivariant():
    rng = np.random.default_rng(9)
    network = multi_head(8, 2, rng)
    X = rng.standard_normal((6, 8))
    order = rng.permutation(6)
    assert network.forward(X[order]).o == pytest.approx(network.forward(X).o[order])
    positions = rng.standard_normal((6, 8))
    moved = network.forward(X[order] + positions).o
    assert np.abs(moved - network.forward(X + positions).o[order]).max() > 1e-2


def multi_head(d, heads, rng, inputs=None, d_k=None, d_v=None, out=None):
    D_q, D_k, D_v = inputs or (d, d, d)
    d_k, d_v, out = d_k or d // heads, d_v or d // heads, out or d
    k, v = heads * d_k, heads * d_v
    shapes = ((D_q, k), (D_k, k), (D_v, v), (v, out), (k,), (k,), (v,), (out,))
    weights = MultiHeadParameters(*(0.5 * rng.standard_normal(s) for s in shapes))
    return MultiHeadAttention(weights, heads)


def assert_multi_head_right(network, at, mask, rng, same_input=False):
    names = list(network.parameters.as_dict())

    def forward(point):
        moved = MultiHeadAttention(MultiHeadParameters(*(point[n] for n in names)), network.h)
        if same_input:
            return moved, moved.forward(point["x"], mask=mask)
        return moved, moved.forward(point["x_q"], point["x_k"], point["x_v"], mask)

    at = {**at, **network.parameters.as_dict()}

    def pull_back(w):
        moved, run = forward(at)
        back = moved.backward(run, w)
        roles = (
            {"x": back.x} if same_input else {r: getattr(back, r) for r in ("x_q", "x_k", "x_v")}
        )
        return {**roles, **back.parameters.as_dict()}

    assert_right(lambda point: forward(point)[1].o, at, pull_back, rng)


@pytest.mark.parametrize("kind", [None, "causal", "padding"], ids=str)
@pytest.mark.parametrize("heads", [1, 2, 3])
def test_every_gradient_of_source_target_multi_head_attention_is_right(heads, kind):
    rng = np.random.default_rng(heads)
    network = multi_head(6, heads, rng, inputs=(4, 5, 3), d_k=2, d_v=3, out=7)
    shapes = {"x_q": (2, 3, 4), "x_k": (2, 5, 5), "x_v": (2, 5, 3)}
    at = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    assert_multi_head_right(network, at, mask_of(kind, 3, 5, rng), rng)


@pytest.mark.parametrize(("heads", "d", "n"), [(1, 3, 3), (2, 4, 4), (2, 6, 5)])
def test_every_gradient_of_self_attention_is_right(heads, d, n):
    rng = np.random.default_rng(d)
    network = multi_head(d, heads, rng)
    at = {"x": rng.standard_normal((n, d))}
    assert_multi_head_right(network, at, causal_mask(n), rng, same_input=True)


def test_a_bias_of_the_keys_shifts_all_scores_of_a_query_alike_and_so_has_no_gradient():
    rng = np.random.default_rng(13)
    network = multi_head(6, 2, rng)
    run = network.forward(rng.standard_normal((4, 6)))
    back = network.backward(run, rng.standard_normal((4, 6)))
    assert back.parameters.b_k == pytest.approx(np.zeros(6), abs=1e-14)
    assert np.abs(back.parameters.b_q).max() > 1e-3


def test_each_head_is_an_attention_of_its_own_columns():
    rng = np.random.default_rng(10)
    network = multi_head(8, 2, rng)
    x, y = rng.standard_normal((3, 8)), rng.standard_normal((5, 8))
    run, p = network.forward(x, y), network.parameters
    heads = []
    for i in range(2):
        own = slice(4 * i, 4 * i + 4)
        Q, K, V = (
            X @ W[:, own] + b[own]
            for X, W, b in ((x, p.W_Q, p.b_q), (y, p.W_K, p.b_k), (y, p.W_V, p.b_v))
        )
        assert run.Q[i] == pytest.approx(Q)
        assert run.alpha[i] == pytest.approx(softmax(Q @ K.T / 2))
        heads.append(softmax(Q @ K.T / 2) @ V)
    assert run.joined == pytest.approx(np.hstack(heads))
    assert run.o == pytest.approx(np.hstack(heads) @ p.W_O + p.b_o)


def test_a_mask_with_an_axis_for_the_heads_is_one_for_each_head():
    rng = np.random.default_rng(11)
    network = multi_head(4, 2, rng)
    x = rng.standard_normal((3, 5, 4))
    each = np.stack([causal_mask(5), np.ones((5, 5), dtype=bool)])
    alpha = network.forward(x, mask=each[None]).alpha
    assert not alpha[:, 0][:, ~causal_mask(5)].any()
    assert alpha[:, 1].all()
    shared = network.forward(x, mask=padding_mask([5, 2, 1], 5)).alpha
    assert not shared[1, :, :, 2:].any()
    assert shared[0].all()


@pytest.mark.parametrize("heads", [1, 2, 4, 8])
def test_the_number_of_heads_changes_no_parameter_count_but_the_number_of_scores(heads):
    network = multi_head(8, heads, np.random.default_rng(0))
    assert network.parameters.count == 4 * 8**2 + 4 * 8
    run = network.forward(np.zeros((3, 8)), np.zeros((5, 8)))
    assert run.alpha.size == heads * 3 * 5


def test_parameters_go_to_pytorchs_layout_and_back():
    parameters = multi_head(6, 2, np.random.default_rng(1)).parameters
    layout = parameters.to_torch()
    assert {name: a.shape for name, a in layout.items()} == {
        "in_proj_weight": (18, 6),
        "in_proj_bias": (18,),
        "out_proj.weight": (6, 6),
        "out_proj.bias": (6,),
    }
    back = MultiHeadParameters.from_torch(*layout.values())
    for name, array in parameters.as_dict().items():
        assert np.array_equal(getattr(back, name), array), name


@pytest.mark.reference
@pytest.mark.parametrize("heads", [1, 2, 4])
def test_multi_head_attention_agrees_with_pytorch(heads):
    torch = pytest.importorskip("torch")
    torch.manual_seed(heads)
    layer = torch.nn.MultiheadAttention(8, heads, batch_first=True, dtype=torch.float64)
    torch.nn.init.normal_(layer.in_proj_bias)
    x = torch.randn(3, 5, 8, dtype=torch.float64, requires_grad=True)
    allowed = causal_mask(5)
    theirs, alpha = layer(
        x, x, x, attn_mask=torch.tensor(~allowed), average_attn_weights=False, need_weights=True
    )
    w = torch.randn_like(theirs)
    (theirs * w).sum().backward()
    state = {name: value.numpy() for name, value in layer.state_dict().items()}
    names = ("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias")
    network = MultiHeadAttention(MultiHeadParameters.from_torch(*(state[n] for n in names)), heads)
    run = network.forward(x.detach().numpy(), mask=allowed)
    assert run.o == pytest.approx(theirs.detach().numpy(), rel=1e-10, abs=1e-12)
    assert run.alpha == pytest.approx(alpha.detach().numpy(), rel=1e-10, abs=1e-12)
    back = network.backward(run, w.numpy())
    assert back.x == pytest.approx(x.grad.numpy(), rel=1e-9, abs=1e-12)
    layout = back.parameters.to_torch()
    for name, parameter in layer.named_parameters():
        assert layout[name] == pytest.approx(parameter.grad.numpy(), rel=1e-9, abs=1e-12), name


def test_what_is_handed_out_survives_the_callers_changes():
    rng = np.random.default_rng(12)
    q, h = rng.standard_normal((2, 3)), rng.standard_normal((4, 3))
    attention = Attention(Dot())
    run = attention.forward(q, h)
    first = attention.backward(run, np.ones((2, 3)))
    q *= 0
    h *= 0
    second = attention.backward(run, np.ones((2, 3)))
    assert np.array_equal(first.q, second.q)
    assert np.array_equal(first.h, second.h)


Z = np.zeros


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: Dot().forward(Z(3), Z((4, 3))), "q"),
        (lambda: Dot().forward(Z((2, 3)), Z((4, 5))), "h"),
        (lambda: Dot().forward(Z((7, 2, 3)), Z((4, 3))), "h"),
        (lambda: General(Z((3, 5))).forward(Z((2, 5)), Z((4, 5))), "q"),
        (lambda: General(Z((3, 5))).forward(Z((2, 3)), Z((4, 3))), "h"),
        (lambda: General(Z(3)), "W"),
        (lambda: Additive(Z((3, 4)), Z((3, 5)), Z(5)), "W_1"),
        (lambda: Attention().forward(Z((2, 3)), Z((4, 3)), Z((5, 3))), "values"),
        (lambda: Attention().backward(Attention().forward(Z((2, 3)), Z((4, 3))), Z((4, 3))), "dc"),
        (lambda: multi_head(4, 2, np.random.default_rng(0)).forward(Z((2, 5))), "x_q"),
    ],
)
def test_a_shape_that_does_not_fit_is_named(call, name):
    with pytest.raises(ShapeError) as caught:
        call()
    assert caught.value.name == name


@pytest.mark.parametrize("shape", [(3, 2), (2, 1, 4), (5,)])
def test_a_mask_that_does_not_fit_the_scores_is_refused(shape):
    with pytest.raises(ValueError, match="mask"):
        Attention().forward(Z((1, 3)), Z((4, 3)), mask=np.ones(shape, dtype=bool))


def test_heads_that_do_not_divide_the_columns_are_refused():
    parameters = multi_head(8, 2, np.random.default_rng(0)).parameters
    with pytest.raises(ValueError, match="3 heads"):
        MultiHeadAttention(parameters, 3)


@pytest.mark.parametrize("name", SCORES)
def test_the_slope_of_a_cap_takes_part_in_the_way_back(name):
    rng = np.random.default_rng(14)
    at = arrays((2, 4, 3, 3, 5), rng)
    inner = score_of(name, 3, 3, rng)
    at |= inner.as_dict()

    def forward(point):
        score = Capped(inner.with_parameters({p: point[p] for p in inner.as_dict()}), 1.5)
        attention = Attention(score)
        return attention, attention.forward(point["q"], point["h"], point["values"])

    def pull_back(w):
        attention, run = forward(at)
        assert np.abs(run.e).max() < 1.5
        back = attention.backward(run, w)
        return {"q": back.q, "h": back.h, "values": back.values, **back.parameters}

    assert_right(lambda point: forward(point)[1].c, at, pull_back, rng)
