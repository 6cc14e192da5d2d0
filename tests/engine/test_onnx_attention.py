"""Attention under ONNX's names: grouped heads, past keys, windows; and ONNX's own test cases."""

import warnings

import numpy as np
import pytest

from engine.attention import Attention, causal_mask
from engine.attention.onnx_operator import onnx_attention
from engine.recurrent.rnn import ShapeError


def case(seed=0, q_heads=4, kv_heads=2, n_q=3, n_k=5, d_k=6, d_v=7):
    rng = np.random.default_rng(seed)
    shapes = ((2, q_heads, n_q, d_k), (2, kv_heads, n_k, d_k), (2, kv_heads, n_k, d_v))
    return [rng.standard_normal(shape) for shape in shapes]


def test_heads_of_a_group_share_their_keys_and_values():
    Q, K, V = case()
    found = onnx_attention(Q, K, V)
    for n in range(2):
        for head in range(4):
            alone = Attention().forward(Q[n, head], K[n, head // 2], V[n, head // 2])
            assert found.Y[n, head] == pytest.approx(alone.c)
            assert found.weights[n, head] == pytest.approx(alone.alpha)


def test_three_axes_hold_the_heads_side_by_side():
    Q, K, V = case()
    flat = [np.swapaxes(X, 1, 2).reshape(2, X.shape[2], -1) for X in (Q, K, V)]
    found = onnx_attention(*flat, q_num_heads=4, kv_num_heads=2)
    expected = np.swapaxes(onnx_attention(Q, K, V).Y, 1, 2).reshape(2, 3, -1)
    assert np.allclose(found.Y, expected, rtol=1e-12)


def test_going_on_from_the_past_gives_what_one_call_gives():
    Q, K, V = case(q_heads=2, n_q=5)
    whole = onnx_attention(Q, K, V, is_causal=True)
    first = onnx_attention(Q[:, :, :3], K[:, :, :3], V[:, :, :3], is_causal=True)
    rest = onnx_attention(
        Q[:, :, 3:],
        K[:, :, 3:],
        V[:, :, 3:],
        past_key=first.present_key,
        past_value=first.present_value,
        is_causal=True,
    )
    assert np.concatenate([first.Y, rest.Y], axis=2) == pytest.approx(whole.Y)
    assert np.array_equal(rest.present_key, K)


def test_a_cache_that_the_caller_keeps_is_counted_from_the_end_of_its_real_keys():
    Q, K, V = case(q_heads=2, n_q=2)
    found = onnx_attention(Q, K, V, nonpad_kv_seqlen=[4, 2], is_causal=True)
    seen = [[[1, 1, 1, 0, 0], [1, 1, 1, 1, 0]], [[1, 0, 0, 0, 0], [1, 1, 0, 0, 0]]]
    expected = np.broadcast_to(np.array(seen, dtype=bool)[:, None], found.weights.shape)
    assert np.array_equal(found.weights > 0, expected)


@pytest.mark.parametrize("mask", [[[True, False, True]], [[0.0, -np.inf, 0.0]]])
def test_keys_that_a_mask_is_too_short_for_are_not_seen(mask):
    weights = onnx_attention(*case(), np.array(mask)).weights
    assert (weights[..., [0, 2]] > 0).all()
    assert not weights[..., [1, 3, 4]].any()


def test_a_window_lets_a_query_see_its_neighbourhood_only():
    Q, K, V = case(n_q=5)
    weights = onnx_attention(Q, K, V, left_window_size=1, right_window_size=0).weights
    seen = causal_mask(5) & ~causal_mask(5, 5, past=-2)
    assert np.array_equal(weights > 0, np.broadcast_to(seen, weights.shape))


def test_a_cap_comes_before_the_mask():
    Q, K, V = case()
    mask = np.arange(5) < 3
    found = onnx_attention(10 * Q, K, V, mask, softcap=0.5)
    assert np.abs(found.capped).max() <= 0.5
    assert np.abs(found.products).max() > 0.5
    assert not found.weights[..., 3:].any()
    assert (found.biased[..., 3:] == -np.inf).all()


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda Q, K, V: onnx_attention(Q[:, :3], K, V), ShapeError, "K"),
        (lambda Q, K, V: onnx_attention(Q[0], K[0], V[0]), ShapeError, "Q"),
        (lambda Q, K, V: onnx_attention(Q, K, V, np.zeros((4, 5))), ValueError, "mask"),
    ],
)
def test_what_does_not_fit_is_named(call, error, match):
    with pytest.raises(error, match=match):
        call(*case())


def onnx_cases():
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from onnx.backend.test.loader import load_model_tests

            cases = load_model_tests(kind="node")
    except ImportError:
        return []
    return [
        case
        for case in cases
        if case.name.startswith("test_attention_")
        # The same cases as graphs of simpler nodes, and those in eight bits of precision.
        and not case.name.endswith(("_expanded", "bf16"))
    ]


MODES = ("products", "capped", "biased", "weights")


@pytest.mark.reference
def test_the_attention_nodes_of_onnx_agree():
    onnx = pytest.importorskip("onnx")
    cases = onnx_cases()
    assert len(cases) > 50
    for case in cases:
        (node,) = case.model.graph.node
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        mode = attributes.pop("qk_matmul_output_mode", 0)
        attributes.pop("softmax_precision", None)
        for inputs, outputs in case.data_sets:
            arrays = iter(inputs)
            given = [next(arrays) if name else None for name in node.input]
            found = onnx_attention(*given, **attributes)
            named = {
                "Y": found.Y,
                "present_key": found.present_key,
                "present_value": found.present_value,
                "qk_matmul_output": getattr(found, MODES[mode]),
            }
            expected = iter(outputs)
            for name in node.output:
                if name:
                    value = next(expected)
                    rtol = 2e-3 if value.dtype == np.float16 else 1e-4
                    np.testing.assert_allclose(
                        named[name], value, rtol=rtol, atol=rtol / 10, err_msg=case.name
                    )
