"""The notations of the GRU."""

from collections.abc import Mapping

from engine.formulas.notations import Notation

NOTATIONS: Mapping[str, tuple[Notation, ...]] = {"gru": ()}
