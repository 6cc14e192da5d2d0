"""The sinusoidal encoding: its entries, its norm, and what it says of distances."""

import numpy as np
import pytest

from engine.positional_encoding import frequencies, positional_encoding, rotation


@pytest.mark.parametrize(
    ("pos", "d", "entries"),
    [
        (0, 6, [0, 1, 0, 1, 0, 1]),
        (1, 2, [np.sin(1), np.cos(1)]),
        (1, 4, [np.sin(1), np.cos(1), np.sin(0.01), np.cos(0.01)]),
        (3, 4, [np.sin(3), np.cos(3), np.sin(0.03), np.cos(0.03)]),
        (50, 8, [f(50 / 10 ** (2 * i / 2)) for i in range(4) for f in (np.sin, np.cos)]),
    ],
)
def test_entries_of_the_table(pos, d, entries):
    assert positional_encoding(pos, d) == pytest.approx(entries)


def test_the_exponent_counts_pairs_and_not_dimensions():
    assert frequencies(8) == pytest.approx([1, 1e-1, 1e-2, 1e-3])
    assert frequencies(4, base=100.0) == pytest.approx([1, 0.1])


@pytest.mark.parametrize("d", [2, 8, 64, 512])
def test_every_row_has_the_squared_length_d_over_two(d):
    encoding = positional_encoding(np.arange(40), d)
    assert encoding.shape == (40, d)
    assert (encoding**2).sum(axis=1) == pytest.approx(np.full(40, d / 2))


@pytest.mark.parametrize("d", [2, 8, 64])
def test_the_product_of_two_rows_depends_on_their_distance_only(d):
    encoding = positional_encoding(np.arange(40), d)
    products = encoding @ encoding.T
    for k in range(20):
        along = np.diagonal(products, k)
        assert along == pytest.approx(np.full_like(along, np.cos(k * frequencies(d)).sum()))


@pytest.mark.parametrize("k", [1, 7, -3])
def test_moving_by_k_positions_is_one_rotation_at_every_position(k):
    pos = np.arange(5, 25)
    R = rotation(k, 8)
    assert positional_encoding(pos, 8) @ R == pytest.approx(positional_encoding(pos + k, 8))
    assert np.allclose(R @ R.T, np.eye(8))


def test_no_two_of_many_positions_look_alike():
    encoding = positional_encoding(np.arange(500), 16)
    distances = np.linalg.norm(encoding[:, None] - encoding[None], axis=-1)
    assert (distances + 10 * np.eye(500)).min() > 0.3


def test_a_grid_of_positions_keeps_its_shape():
    assert positional_encoding(np.arange(6).reshape(2, 3), 4).shape == (2, 3, 4)


@pytest.mark.parametrize("d", [0, 1, 3, -2])
def test_an_odd_dimension_is_refused(d):
    with pytest.raises(ValueError, match="even"):
        positional_encoding([0], d)
