"""Notations: how a family of sources spells the quantities of a model.

A notation translates both ways. Reading goes from a base letter and its labels (``W`` and ``in``)
to a canonical quantity; rendering goes back. Greek letters and LaTeX commands reach it as English
words (``delta``), so one table serves all four input languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["signal", "parameter", "scalar", "loss"]

#: Words that stand in a script without being part of the quantity's own name.
POSITION_WORDS: Mapping[str, int] = {"prev": -1, "next": 1}
#: Words that say which update of a parameter is meant: W_new is W^{t+1}.
UPDATE_WORDS: Mapping[str, int] = {"new": 1, "old": 0}
GRADIENT_WORD = "grad"


@dataclass(frozen=True)
class Quantity:
    """One quantity and its spellings.

    ``letter`` is the base as a word; ``label`` stands below it, or above when ``raised`` (the
    course writes delta^{out,t}). ``also`` are further pairs of base and labels that mean the same.
    ``indices`` is how many indices it takes: 0, a number above it is a power; 2, alpha_{tj}.
    """

    name: str
    kind: Kind
    letter: str
    label: str = ""
    raised: bool = False
    unicode: str = ""
    latex: str = ""
    also: tuple[tuple[str, ...], ...] = ()
    indices: int = 1

    @property
    def ascii(self) -> str:
        return f"{self.letter}_{self.label}" if self.label else self.letter


@dataclass(frozen=True)
class Function:
    """A function: ``also`` are other words for it, ``latex`` and ``unicode`` how it is shown."""

    name: str
    unicode: str
    latex: str
    also: tuple[str, ...] = ()


#: Functions that every notation shares.
COMMON_FUNCTIONS: tuple[Function, ...] = (
    Function("sigmoid", "σ", r"\sigma", ("sigma", "sig", "logistic")),
    Function("tanh", "tanh", r"\tanh"),
    Function("relu", "ReLU", r"\mathrm{ReLU}", ("ReLU", "Relu")),
    Function("identity", "id", r"\mathrm{id}", ("id",)),
    Function("softmax", "softmax", r"\mathrm{softmax}", ("Softmax",)),
    Function("exp", "exp", r"\exp"),
    Function("log", "log", r"\log", ("ln",)),
    Function("sqrt", "√", r"\sqrt"),
    Function("cosh", "cosh", r"\cosh"),
    Function("diag", "diag", r"\mathrm{diag}"),
    Function("sin", "sin", r"\sin"),
    Function("cos", "cos", r"\cos"),
    Function("abs", "abs", r"\mathrm{abs}"),
    Function("sign", "sign", r"\mathrm{sign}", ("sgn",)),
    Function("norm", "norm", r"\mathrm{norm}"),
)

#: Letters that may be an index in value position (``z(t-1)``) unless they name a quantity.
INDEX_LETTERS = frozenset("ijklmnpqrst") | {"tau", "T", "T_t"}
#: Letters that name a step by themselves; another one does so only where a sum binds it.
USUAL_INDICES = INDEX_LETTERS | {"N", "K", "L", "M", "theta", "lambda", "nu", "mu"}
#: Below a parameter only these count updates: W_k is far more often another matrix.
UPDATE_LETTERS = frozenset({"t", "T", "T_t", "n"})
#: Indices that are numbers of steps, and so may stand in a formula as values (1/T).
LENGTHS = frozenset({"T", "T_t", "tau"})


@dataclass(frozen=True)
class Notation:
    """A named set of spellings. ``layout`` is what its sources use: ``column`` or ``row``.

    ``strict``: its names are found nowhere else, so that its layout is meant too.
    """

    name: str
    layout: str
    quantities: tuple[Quantity, ...]
    functions: tuple[Function, ...]
    strict: bool = False

    @cached_property
    def by_spelling(self) -> dict[tuple[str, ...], Quantity]:
        table: dict[tuple[str, ...], Quantity] = {}
        for quantity in self.quantities:
            for spelling in quantity.also:
                table[spelling] = quantity
        for quantity in self.quantities:
            own = (quantity.letter, quantity.label) if quantity.label else (quantity.letter,)
            table[own] = quantity
        return table

    @cached_property
    def by_name(self) -> dict[str, Quantity]:
        return {quantity.name: quantity for quantity in self.quantities}

    @cached_property
    def function_words(self) -> dict[str, str]:
        table = {}
        for function in self.functions:
            for word in (function.name, *function.also):
                table[word] = function.name
        return table

    @cached_property
    def functions_by_name(self) -> dict[str, Function]:
        return {function.name: function for function in self.functions}

    @cached_property
    def bases(self) -> frozenset[str]:
        """The first words of all spellings: what the scanner must not cut."""
        return frozenset(spelling[0] for spelling in self.by_spelling)

    @cached_property
    def labels(self) -> frozenset[str]:
        """Words that are labels in a script, never a product of index letters."""
        own = {word for spelling in self.by_spelling for word in spelling[1:]}
        said = {*POSITION_WORDS, *UPDATE_WORDS, GRADIENT_WORD, "in", "out"}
        return frozenset(own | said)

    @cached_property
    def spelt(self) -> tuple[str, ...]:
        """All names in ASCII spelling, for the nearest-name suggestion."""
        names = ["_".join(spelling) for spelling in self.by_spelling]
        return tuple(dict.fromkeys([*names, *self.function_words]))

    def find(self, base: str, labels: tuple[str, ...] = ()) -> Quantity | None:
        """The quantity that is spelt so, or None."""
        return self.by_spelling.get((base, *labels))


def notation(name: str) -> Notation:
    """The notation of that name. Raises ``KeyError`` when there is none."""
    return notations()[name]


def notations(model: str = "rnn") -> dict[str, Notation]:
    """All notations of a model, the one to be tried first at the front. Raises ``KeyError``."""
    from engine.formulas.notations.course import COURSE
    from engine.formulas.notations.hidden import HIDDEN
    from engine.formulas.notations.joined import COURSERA, CS231N, HATTED, SCRATCH
    from engine.formulas.notations.row import ROW

    by_model = {"rnn": (COURSE, HIDDEN, ROW, HATTED, COURSERA, CS231N, SCRATCH)}
    return {entry.name: entry for entry in by_model[model]}
