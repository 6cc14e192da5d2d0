"""The ids of the curriculum's objectives, A01 to K12, and its 192 rows, as data."""

from __future__ import annotations

from typing import Final

# A RNN, B BPTT, C gradients, D LSTM, E GRU, F bidirectional, G seq2seq, H word2vec, I attention,
# J training and NumPy, K PyTorch and TensorFlow.
_COUNTS: Final = {
    "A": 16,
    "B": 25,
    "C": 18,
    "D": 26,
    "E": 13,
    "F": 8,
    "G": 25,
    "H": 16,
    "I": 21,
    "J": 14,
    "K": 12,
}

OBJECTIVES: Final[tuple[str, ...]] = tuple(
    f"{letter}{number:02}" for letter, count in _COUNTS.items() for number in range(1, count + 1)
)

# J01 to J03 (SGD, momentum, Adam) are one row of the curriculum, and count as one.
_SAME_ROW: Final = {"J02": "J01", "J03": "J01"}


def row(objective: str) -> str:
    """The row of the curriculum that an objective stands in."""
    return _SAME_ROW.get(objective, objective)


ROWS: Final[frozenset[str]] = frozenset(map(row, OBJECTIVES))
