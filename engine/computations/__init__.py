"""Named computations: the only way in which a question bank reaches the engine's arithmetic.

Each has typed and bounded parameters, a source, the right value, and the values that known mistakes
give. Names, arguments and values are plain data; what is missing is added here, in Python, with a
test. All of it is exact arithmetic without NumPy; ``engine.recurrent`` holds it to account in the
tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from engine.computations import (
    arrays,
    attention,
    beam,
    bidirectional,
    bptt,
    calculus,
    clipping,
    frameworks,
    gradients,
    gru,
    lstm,
    lstm_backward,
    optimizers,
    probability,
    programs,
    rnn,
    seq2seq,
    training,
    transformer,
    word2vec,
    word_vectors,
)
from engine.computations.registry import (
    Computation,
    ComputationError,
    MistakenValue,
    Value,
    find,
    from_json,
    to_json,
)
from engine.parameters import REQUIRED, Parameter

__all__ = [
    "COMPUTATIONS",
    "REQUIRED",
    "Computation",
    "ComputationError",
    "MistakenValue",
    "Parameter",
    "Value",
    "computation",
    "from_json",
    "to_json",
]

_MODULES: Final = (
    rnn,
    bptt,
    gradients,
    calculus,
    programs,
    clipping,
    training,
    lstm,
    lstm_backward,
    gru,
    bidirectional,
    seq2seq,
    beam,
    probability,
    word2vec,
    word_vectors,
    attention,
    transformer,
    optimizers,
    frameworks,
    arrays,
)

COMPUTATIONS: Final[Mapping[str, Computation]] = MappingProxyType(
    {found.name: found for module in _MODULES for found in module.COMPUTATIONS}
)


def computation(name: str) -> Computation:
    """The computation of this name; raises ComputationError with the nearest names."""
    return find(COMPUTATIONS, name)
