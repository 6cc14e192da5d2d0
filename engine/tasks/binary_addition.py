"""Binary addition: two numbers go in bit by bit, their sum comes out bit by bit.

The least significant bit comes first, because a carry moves from lower to higher bits: what the
network has to remember is exactly the carry. Both numbers stay below half the range, so that the
sum fits into the same number of bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.functions import Array

#: Draws the fixed sums on which accuracy is measured; no training run uses this generator.
_TEST_SEED = 4_294_967_291


@dataclass(frozen=True, slots=True)
class BinaryAddition:
    """The task with numbers of ``width`` bits (1 to 16); 8 in the course.

    Attributes
    ----------
    width : bits of a, b and their sum, also the length T of a sequence
    """

    width: int = 8

    def __post_init__(self) -> None:
        if not 1 <= self.width <= 16:
            raise ValueError(f"width has to lie between 1 and 16; it is {self.width}")

    @property
    def half(self) -> int:
        """Operands are drawn below this: half of the 2^width numbers."""
        return int(2 ** (self.width - 1))

    def bits(self, number: int) -> tuple[int, ...]:
        """The bits of a number, most significant first, as people write it."""
        if not 0 <= number < 2**self.width:
            raise ValueError(f"{number} does not fit into {self.width} bits")
        return tuple(number >> place & 1 for place in reversed(range(self.width)))

    def table(self) -> Array:
        """Bits of every number, least significant first: row n of (2^width, width) is n."""
        numbers = np.arange(2**self.width)
        return np.asarray((numbers[:, None] >> np.arange(self.width)) & 1, dtype=np.float64)

    def sample(self, rng: np.random.RandomState, count: int) -> NDArray[np.int64]:
        """Draw ``count`` pairs (a, b), (count, 2), each number below ``half``.

        The same stream as two ``rng.randint(2**width / 2)`` calls a pair, first a, then b: a range
        that is a power of two takes one 32-bit word of the generator a number and rejects none.
        """
        return np.asarray(rng.randint(self.half, size=(count, 2)), dtype=np.int64)

    def sequences(self, pairs: NDArray[np.int64]) -> tuple[Array, Array]:
        """Inputs x (T, N, 2) and targets d (T, N, 1) of N pairs; entry 0 is the lowest bit."""
        table = self.table()
        a, b = pairs[:, 0], pairs[:, 1]
        x = np.stack([table[a].T, table[b].T], axis=2)
        return x, table[a + b].T[:, :, None]

    def test_pairs(self, count: int = 256) -> NDArray[np.int64]:
        """Fixed pairs for measuring accuracy, (count, 2), the same on every machine."""
        return self.sample(np.random.RandomState(_TEST_SEED), count)


def rounded(y: Array) -> NDArray[np.int64]:
    """The predicted bits: 1 where y > 0.5.

    As ``np.round`` decides, which rounds 0.5 to the even number 0.
    """
    return np.asarray(y > 0.5, dtype=np.int64)
