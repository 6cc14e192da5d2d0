"""The notations of the LSTM."""

from collections.abc import Mapping

from engine.formulas.notations import Notation

NOTATIONS: Mapping[str, tuple[Notation, ...]] = {"lstm": (), "lstm_peephole": ()}
