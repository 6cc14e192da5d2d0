"""Why the dot product is divided by the root of d_k."""

import json

import numpy as np
import pytest

from engine.experiments import EXPERIMENTS
from engine.experiments.scaled_dot_product import sizes_up_to
from engine.functions import softmax_jacobian

SCALED = EXPERIMENTS["scaled-dot-product"]


def table(**settings):
    return {s.d_k: {c.name: c for c in s.scores} for s in SCALED.run(seed=0, **settings)}


def test_the_variance_of_the_scores_is_d_k_and_with_the_root_it_is_one():
    for d_k, scores in table().items():
        assert scores["dot"].variance == pytest.approx(d_k, rel=0.25)
        assert scores["scaled-dot"].variance == pytest.approx(scores["dot"].variance / d_k)


def test_without_the_root_the_softmax_saturates_and_its_gradient_vanishes():
    found = table(largest=512)
    plain, scaled = found[512]["dot"], found[512]["scaled-dot"]
    assert plain.entropy < 0.1 * scaled.entropy
    assert plain.largest_weight > 0.9
    assert plain.jacobian_norm < 0.4 * scaled.jacobian_norm
    assert scaled.entropy == pytest.approx(found[4]["scaled-dot"].entropy, rel=0.05)
    assert scaled.jacobian_norm == pytest.approx(found[4]["scaled-dot"].jacobian_norm, rel=0.1)


def test_at_one_dimension_both_are_the_same():
    scores = table(largest=1)[1]
    assert scores["dot"].entropy == scores["scaled-dot"].entropy


def test_figures_are_those_of_the_definitions():
    settings = {"largest": 6, "keys": 5, "queries": 7}
    rng = np.random.RandomState(2)
    for snapshot in SCALED.run(seed=2, **settings):
        q, k = rng.randn(7, 1, snapshot.d_k), rng.randn(7, 5, snapshot.d_k)
        for score, root in zip(snapshot.scores, (1, np.sqrt(snapshot.d_k)), strict=True):
            e = np.einsum("nd,nkd->nk", q[:, 0], k) / root
            alpha = np.exp(e) / np.exp(e).sum(axis=1, keepdims=True)
            assert score.variance == pytest.approx(e.var())
            assert score.entropy == pytest.approx(-(alpha * np.log(alpha)).sum(axis=1).mean())
            assert score.largest_weight == pytest.approx(alpha.max(axis=1).mean())
            norms = np.sqrt((softmax_jacobian(e) ** 2).sum(axis=(1, 2)))
            assert score.jacobian_norm == pytest.approx(norms.mean())
            assert score.entropy_low <= score.entropy <= score.entropy_high
            assert score.entropy_high <= snapshot.uniform_entropy == pytest.approx(np.log(5))


def test_equal_keys_get_equal_weights():
    for scores in table(deviation=0, largest=4).values():
        assert scores["dot"].entropy == pytest.approx(np.log(16))
        assert scores["dot"].largest_weight == pytest.approx(1 / 16)


@pytest.mark.parametrize(
    ("largest", "sizes"), [(1, (1,)), (2, (1, 2)), (5, (1, 2, 4, 5)), (8, (1, 2, 4, 8))]
)
def test_sizes_double_up_to_the_largest(largest, sizes):
    assert sizes_up_to(largest) == sizes


def test_the_run_is_seeded_json_and_goes_on_from_a_kept_state():
    whole = [json.dumps(s.to_json(), allow_nan=False) for s in SCALED.run(seed=1, largest=8)]
    state = SCALED.new_state(seed=1, largest=8)
    run = SCALED.run(state=state, largest=8)
    first = json.dumps(next(run).to_json())
    run.close()
    rest = [json.dumps(s.to_json()) for s in SCALED.run(state=state.copy(), largest=8)]
    assert [first, *rest] == whole
    assert [json.dumps(s.to_json()) for s in SCALED.run(seed=2, largest=8)] != whole
