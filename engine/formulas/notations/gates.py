"""What the tables of the LSTM's and the GRU's notations are made with.

A spelling is a letter's word and its labels with underscores (``W_xi``, ``ctilde``); several of
them are separated by spaces, the one that is shown first at the front. ``{}`` stands for the
letter that a source gives a gate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.formulas.notations import (
    ACCENT_WORDS,
    COMMON_FUNCTIONS,
    Function,
    Kind,
    Quantity,
    accent_of,
)
from engine.formulas.notations.course import SAMPLES
from engine.formulas.spelling import bare_name

RATE = Quantity(
    "eps",
    "scalar",
    "eta",
    unicode="η",
    latex=r"\eta",
    also=(("eps",), ("epsilon",), ("alpha",), ("lr",), ("learning", "rate")),
)
LOSS = Quantity("E", "loss", "L", unicode="L", latex="L", also=(("E",), ("J",), ("C",), ("loss",)))
_OTHERS = (RATE, SAMPLES)
_MARKS = {"tilde": "\u0303", "hat": "\u0302", "bar": "\u0304", "prime": "′"}
_COMMANDS = {"tilde": "tilde", "hat": "hat", "bar": "bar"}


def quantity(name: str, kind: Kind, spellings: str, raised: bool = False) -> Quantity:
    """A quantity of that name with its spellings."""
    first, *others = spellings.split()
    letter, _, label = first.partition("_")
    also = tuple(tuple(other.split("_")) for other in (first, *others))
    bare, accent = accent_of(letter)
    unicode, latex = bare_name(bare, "unicode"), bare_name(bare, "latex")
    if accent in _COMMANDS:
        latex = f"\\{_COMMANDS[accent]}{{{latex}}}"
        unicode += _MARKS[accent]
    elif accent:
        unicode, latex = unicode + _MARKS.get(accent, ""), latex + ACCENT_WORDS[accent][0]
    return Quantity(name, kind, letter, label, raised, unicode, latex, also)


def signals(table: Mapping[str, str]) -> tuple[Quantity, ...]:
    """The signals of a table: name -> spellings."""
    return tuple(quantity(name, "signal", spellings) for name, spellings in table.items())


def by_block(
    kind: Kind,
    name: str,
    pattern: str,
    labels: Mapping[str, str],
    raised: bool = False,
) -> tuple[Quantity, ...]:
    """One quantity for each block: ``name`` and ``pattern`` take its letter in ``{}``.

    ``labels``: the model's letter of a block -> the letters that a source uses, the first of them
    to be shown.
    """
    made = []
    for block, letters in labels.items():
        spellings = [
            one.replace("{}", letter) for one in pattern.split() for letter in letters.split()
        ]
        distinct = " ".join(dict.fromkeys(spellings))
        made.append(quantity(name.replace("{}", block), kind, distinct, raised))
    return tuple(made)


def others(*, loss: str = "L E J loss") -> tuple[Quantity, ...]:
    """The learning rate, the number of samples and the loss."""
    return (*_OTHERS, quantity("E", "loss", loss))


def functions(sigmoid: Iterable[str] = (), tanh: Iterable[str] = ()) -> tuple[Function, ...]:
    """The common functions, with further words for the two that gates have."""
    more = {"sigmoid": tuple(sigmoid), "tanh": tuple(tanh)}
    return tuple(
        Function(one.name, one.unicode, one.latex, (*one.also, *more.get(one.name, ())))
        for one in COMMON_FUNCTIONS
    )
