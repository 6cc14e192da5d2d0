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


# Rows for which the curriculum lists more than one kind of question.
_TWO_KINDS: Final = {
    "A": "01 02 04 07 08 09 11 12 13 15 16",
    "B": "01 02 03 06 07 11 12 13 18 19 20 21 22",
    "C": "02 03 07 08 09 16 18",
    "D": "02 03 06 07 09 12 13 14 15 17 18",
    "E": "01 04 05 09 10 13",
    "F": "02 06",
    "G": "02 04 07 08 09 12 15 16 17 19 20 21 22",
    "H": "01 02 04 05 07 09 12 13 14",
    "I": "03 05 06 09 10 11 16 18 20",
    "J": "01 04 05 06 10 13 14",
    "K": "01 02 03 05 06 07 10 11",
}


# The 25 rows that matter most: BPTT, the gates, attention, and the shapes of all of them.
_CENTRAL: Final = {
    "A": "06",
    "B": "02 03 05 06 07 10 11 14 23",
    "D": "01 05 06 10 14 17 24",
    "E": "02 04 07",
    "I": "04 06 07 11",
    "K": "01",
}


def _rows(table: dict[str, str]) -> frozenset[str]:
    return frozenset(letter + number for letter, row in table.items() for number in row.split())


TWO_KINDS: Final[frozenset[str]] = _rows(_TWO_KINDS)
CENTRAL: Final[frozenset[str]] = _rows(_CENTRAL)


def least_items(objective: str) -> int:
    """How many items an objective needs."""
    return 5 if row(objective) in CENTRAL else 2


def least_kinds(objective: str) -> int:
    """Of how many kinds they are to be."""
    return 2 if row(objective) in TWO_KINDS else 1
