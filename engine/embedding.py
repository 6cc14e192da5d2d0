"""The embedding layer: a row of a matrix for each word id.

::

    out = one_hot(id) W = W[id]                       a product with a one-hot vector is a look-up
    ∂E/∂W[k] = Σ over the positions where id = k of ∂E/∂out       scatter-add

The way back **adds**: an id that occurs twice gets the gradients of both places. Assigning,
``dW[ids] = dout``, keeps the last only. W is (V, D): V words, D dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.recurrent.rnn import ShapeError

Array = NDArray[np.float64]
Ids = NDArray[np.int64]


class WordIdError(ValueError):
    """An id that no word has: ``found``, at ``position`` in ``name``, of ``vocabulary`` words."""

    def __init__(
        self, found: int, vocabulary: int, position: tuple[int, ...], name: str = "ids"
    ) -> None:
        self.found = found
        self.vocabulary = vocabulary
        self.position = position
        self.name = name
        where = f"{name}[{', '.join(map(str, position))}]" if position else name
        super().__init__(f"{where} is {found}; ids run from 0 to {vocabulary - 1}")


def word_ids(ids: ArrayLike, vocabulary: int, name: str = "ids") -> Ids:
    """The ids as integers of a new array, each known to lie in 0, …, V − 1.

    Raises
    ------
    WordIdError; TypeError if they are not integers
    """
    found = np.array(ids)
    if found.size and not np.issubdtype(found.dtype, np.integer):
        raise TypeError(f"{name} have to be integers; they are {found.dtype}")
    found = found.astype(np.int64)
    # A negative index would silently count from the end.
    wrong = np.argwhere((found < 0) | (found >= vocabulary))
    if len(wrong):
        position = tuple(int(i) for i in wrong[0])
        raise WordIdError(int(found[position]), vocabulary, position, name)
    return found


def one_hot(ids: ArrayLike, vocabulary: int) -> Array:
    """Ids (...) → (..., V), 1 at the id and 0 elsewhere."""
    ids = word_ids(ids, vocabulary)
    vectors = np.zeros((*ids.shape, vocabulary))
    np.put_along_axis(vectors, ids[..., None], 1.0, axis=-1)
    return vectors


def scatter_add(ids: Ids, rows: Array, vocabulary: int) -> Array:
    """Add each row to the row of its id: ids (...), rows (..., D) → (V, D)."""
    total = np.zeros((vocabulary, rows.shape[-1]))
    np.add.at(total, ids.reshape(-1), rows.reshape(-1, rows.shape[-1]))
    return total


@dataclass(frozen=True, slots=True)
class Forward:
    """ids (...) and out (..., D)."""

    ids: Ids
    out: Array


class Embedding:
    """Word id → vector.

    Parameters
    ----------
    W : (V, D), one row a word
    padding : an id that stands for no word; its row gets no gradient (PyTorch: ``padding_idx``)
    """

    def __init__(self, W: ArrayLike, padding: int | None = None) -> None:
        self.W: Array = np.asarray(W, dtype=np.float64)
        if self.W.ndim != 2:
            raise ShapeError("W", self.W.shape, "(V, D)")
        if padding is not None:
            word_ids(padding, self.W.shape[0], "padding")
        self.padding = padding

    def forward(self, ids: ArrayLike) -> Forward:
        """Ids of any shape (...) → out (..., D). Raises WordIdError, TypeError."""
        known = word_ids(ids, self.W.shape[0])
        return Forward(known, self.W[known])

    def backward(self, run: Forward, dout: ArrayLike) -> Array:
        """∂E/∂W (V, D) from ∂E/∂out (..., D). Raises ShapeError."""
        dout = np.asarray(dout, dtype=np.float64)
        if dout.shape != run.out.shape:
            raise ShapeError("dout", dout.shape, str(run.out.shape))
        dW = scatter_add(run.ids, dout, self.W.shape[0])
        if self.padding is not None:
            dW[self.padding] = 0.0
        return dW
