"""Notations: how a family of sources spells the quantities of a model.

A notation translates both ways. Reading goes from a base letter and its labels (``W`` and ``in``)
to a canonical quantity; rendering goes back. Greek letters and LaTeX commands reach it as English
words (``delta``), so one table serves all four input languages.

An accent is a part of the word: ``htilde`` (tilde, widetilde), ``yhat`` (hat, widehat), ``hbar``
(bar, overline), ``hright`` and ``hleft`` (arrows), ``vprime`` (v'). Where a notation declares such
a word, the accent on the letter in LaTeX, a combining mark in Unicode and the word after an
underscore in ASCII (``h_tilde``) all mean it. Without ``hright`` an arrow above a letter only says
that it is a vector.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Literal, TypeAlias

from engine.formulas.reader.signs import GREEK
from engine.formulas.tree import Node

if TYPE_CHECKING:
    from engine.formulas.models import Model

Kind: TypeAlias = Literal["signal", "parameter", "scalar", "loss"]

#: Words that stand in a script without being part of the quantity's own name.
POSITION_WORDS: Mapping[str, int] = {"prev": -1, "next": 1}
#: Words that say which update of a parameter is meant: W_new is W^{t+1}.
UPDATE_WORDS: Mapping[str, int] = {"new": 1, "old": 0}
GRADIENT_WORD = "grad"
#: Words of accents at the end of a letter's word, and how else they are written out.
ACCENT_WORDS: Mapping[str, tuple[str, ...]] = {
    "tilde": ("tilde",),
    "hat": ("hat",),
    "bar": ("bar",),
    "right": ("right", "forward", "fwd"),
    "left": ("left", "backward", "bwd"),
    "prime": ("prime",),
}

_GREEK_WORDS = frozenset(GREEK.values())


def accent_of(word: str) -> tuple[str, str]:
    """The letter and the accent of a word (``htilde``: h and tilde); no accent: an empty text."""
    for accent in ACCENT_WORDS:
        letter = word.removesuffix(accent)
        if letter != word and (len(letter) == 1 or letter in _GREEK_WORDS):
            return letter, accent
    return word, ""


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
    Function("sech", "sech", r"\mathrm{sech}"),
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

    ``strict``: its names are found nowhere else, so that its layout is meant too. ``inner_dots``: a
    dot between two vectors may be their inner product.

    ``sizes`` are letters of sizes (``T``, ``V``, ``T_x``): values, and limits of sums.
    ``positions`` are indices that are values too (``pos`` and ``i`` of a positional encoding);
    ``index_letters`` name an index in a script although they are unusual (``o`` and ``c`` of word
    vectors). ``probabilities`` maps the word of a conditional probability to the quantity that is
    indexed by its first argument, and by its condition where it takes two indices. ``sequences``
    maps it to the probability of a whole sequence. ``calls`` maps other words with several
    arguments (``score``) to the quantity that is indexed by theirs. ``indices_below``: what selects
    stands below the letter when a formula is shown. ``drops_steps``: every quantity may have a step
    t beside its own index, which says nothing here (y_{t,k}, L_t). ``size_names``: a size letter ->
    the model's own, and ``limit_names`` those that it has where it ends a sum. ``independent``:
    what is right in this notation is right, whatever another one makes of it. ``defines``: an input
    -> what its letter means where it stands on the left of an equation.

    What names mean that no model has (``meanings.py`` puts it in): ``meanings`` of a name, with t
    as the step that it is at; ``differentials`` of d in front of a name of the next step, and, by
    the name itself, what the next step sends back to it; ``inner_gradients``: d in front of a gate
    is the gradient of its pre-activation; ``joint``: a weight that is multiplied with [h; x] as its
    parts, by what each is multiplied with; ``only_joint`` are those that are never a part;
    ``stacked``: all gates in one matrix, as the parts in their order. ``needs``: letters so common
    that a statement is only meant in this notation where one of these quantities stands in it.
    """

    name: str
    layout: str
    quantities: tuple[Quantity, ...]
    functions: tuple[Function, ...]
    strict: bool = False
    inner_dots: bool = False
    sizes: frozenset[str] = frozenset()
    positions: frozenset[str] = frozenset()
    index_letters: frozenset[str] = frozenset()
    probabilities: Mapping[str, str] = field(default_factory=dict, hash=False)
    sequences: Mapping[str, str] = field(default_factory=dict, hash=False)
    calls: Mapping[str, str] = field(default_factory=dict, hash=False)
    meanings: Mapping[str, Node] = field(default_factory=dict, hash=False)
    differentials: Mapping[str, Node] = field(default_factory=dict, hash=False)
    inner_gradients: bool = False
    joint: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    only_joint: frozenset[str] = frozenset()
    stacked: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    needs: frozenset[str] = frozenset()
    indices_below: bool = False
    size_names: Mapping[str, str] = field(default_factory=dict, hash=False)
    limit_names: Mapping[str, str] = field(default_factory=dict, hash=False)
    defines: Mapping[str, str] = field(default_factory=dict, hash=False)
    independent: bool = False
    drops_steps: bool = False

    def __hash__(self) -> int:
        return hash((self.name, len(self.quantities), len(self.functions)))

    @cached_property
    def by_spelling(self) -> dict[tuple[str, ...], Quantity]:
        table: dict[tuple[str, ...], Quantity] = {}
        for quantity in self.quantities:
            for spelling in quantity.also:
                table[spelling] = quantity
        for quantity in self.quantities:
            own = (quantity.letter, quantity.label) if quantity.label else (quantity.letter,)
            table[own] = quantity
        for spelling, quantity in list(table.items()):
            for other in _accents_apart(spelling):
                table.setdefault(other, quantity)
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
    def values(self) -> frozenset[str]:
        """Names of numbers of steps, sizes and positions, which stand for values in a formula."""
        return LENGTHS | self.sizes | self.positions

    @cached_property
    def call_words(self) -> frozenset[str]:
        """Words that are followed by arguments in round brackets."""
        return frozenset({*self.probabilities, *self.sequences, *self.calls})

    @cached_property
    def labels_of(self) -> dict[str, frozenset[str]]:
        """The labels of every base."""
        table: dict[str, set[str]] = {}
        for base, *labels in self.by_spelling:
            table.setdefault(base, set()).update(labels)
        return {base: frozenset(labels) for base, labels in table.items()}

    @cached_property
    def paired(self) -> frozenset[str]:
        """Bases of quantities that take two indices."""
        spellings = self.by_spelling.items()
        return frozenset(spelling[0] for spelling, found in spellings if found.indices == 2)

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


def _accents_apart(spelling: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """``htilde_t`` written out: h_tilde_t and h_t_tilde."""
    letter, accent = accent_of(spelling[0])
    for word in ACCENT_WORDS.get(accent, ()):
        yield (letter, word, *spelling[1:])
        yield (letter, *spelling[1:], word)


def notation(name: str) -> Notation:
    """The notation of that name. Raises ``KeyError`` when there is none."""
    return notations()[name]


#: Where the notations of a model stand: a module here with ``NOTATIONS`` by the model's name.
_MODULES: Mapping[str, str] = {
    "rnn": "rnn",
    "lstm": "lstm",
    "lstm_peephole": "lstm",
    "gru": "gru",
    **dict.fromkeys(
        (
            "attention",
            "attention_scaled",
            "attention_general",
            "attention_additive",
            "bahdanau",
            "earlier_dot",
            "earlier_general",
            "luong",
            "luong_general",
            "luong_concat",
            "keys_and_values",
            "scaled_dot_product",
            "masked_attention",
        ),
        "attention",
    ),
    **dict.fromkeys(
        (
            "cbow",
            "cbow_vectors",
            "cbow_window",
            "skip_gram",
            "skip_gram_pair",
            "skip_gram_text",
            "negative_sampling",
            "noise_distribution",
        ),
        "embeddings",
    ),
    **dict.fromkeys(
        (
            "softmax_ce",
            "softmax_class",
            "softmax_ce_batch",
            "sigmoid_ce",
            "sequence",
            "masked_loss",
            "temperature",
            "beam_score",
            "clip_norm",
            "clip_global_norm",
            "clip_value",
            "vae",
            "positional_encoding",
            "parameter_counts",
        ),
        "losses",
    ),
    **dict.fromkeys(
        (
            "sgd",
            "momentum",
            "momentum_pytorch",
            "momentum_subtracted",
            "momentum_averaged",
            "adagrad",
            "adagrad_inside",
            "rmsprop",
            "rmsprop_inside",
            "adam",
        ),
        "optimizers",
    ),
    **dict.fromkeys(
        (
            "decoder",
            "decoder_context",
            "decoder_constant",
            "decoder_start",
            "decoder_start_tanh",
            "decoder_start_bias",
            "fixed_context",
            "fixed_context_tanh",
            "state_and_context",
        ),
        "decoder",
    ),
    "bidirectional": "bidirectional",
    "joined_states": "bidirectional",
}


@cache
def notations(model: Model | str = "rnn") -> dict[str, Notation]:
    """All notations of a model, the one to be tried first at the front; the model's own is last.

    Raises ``KeyError`` for a name that no model has.
    """
    from engine.formulas.models.static import model_named
    from engine.formulas.notations.own import own_notation

    if isinstance(model, str):
        model = model_named(model)
    tables: tuple[Notation, ...] = ()
    if model.name in _MODULES:
        module = import_module(f"engine.formulas.notations.{_MODULES[model.name]}")
        tables = module.NOTATIONS[model.name]
    return {entry.name: entry for entry in (*tables, own_notation(model))}
