"""What a mistake looks like: wrong formulas that the engine makes and has judged itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from drills.grading.formula_words import target_statement
from drills.handbook.finding import in_order
from drills.handbook.models import WIDTH, answer
from question_bank.text import Text

if TYPE_CHECKING:
    from engine.formulas.targets import Target
    from question_bank.model import Bank

#: Forms of one mistake of one target that are judged before the target is given up.
_TRIED: Final = 4


@dataclass(frozen=True)
class Example:
    """A wrong formula for a target, on one line and drawn, and the right one drawn."""

    target: str
    statement: Text
    line: str
    wrong: tuple[str, ...]
    right: tuple[str, ...]


def examples(code: str, bank: Bank, most: int = 3) -> tuple[Example, ...]:
    """At most so many examples of a mistake, of different models; none where formulas have none.

    They are of the targets that the handbook's pages derive, in the order of the pages.
    """
    targets = dict.fromkeys(name for topic in in_order(bank) for name in topic.derivations)
    found: list[Example] = []
    models: set[str] = set()
    for name in targets:
        model = name.partition(".")[0]
        if model not in models and (example := _example(name, code)) is not None:
            found.append(example)
            models.add(model)
        if len(found) == most:
            break
    return tuple(found)


@lru_cache(maxsize=4096)
def _example(name: str, code: str) -> Example | None:
    from engine.formulas.targets import TARGETS

    target = TARGETS.get(name)
    if target is None:
        return None
    for line, drawn in _wrong(target, code):
        return Example(name, target_statement(target), line, drawn, answer(name, None).drawn)
    return None


def _wrong(target: Target, code: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Mutants of a target with this one mistake which the judge finds wrong for it."""
    from engine.formulas.conventions import Convention
    from engine.formulas.display import display
    from engine.formulas.judge import judge
    from engine.formulas.mistakes.mutation import mutants
    from engine.formulas.notations import notations
    from engine.formulas.rendering import canonical
    from engine.formulas.targets import laid_out
    from engine.formulas.tree import Equation

    notation = next(iter(notations(target.model).values()))
    agreed = Convention(layout=notation.layout)
    made = [one for one in mutants(target, agreed) if one.codes == (code,)]
    left = laid_out(target.left, target.model, agreed)
    for mutant in made[:_TRIED]:
        try:
            written = canonical(mutant.tree, notation, "ascii")
            equation = Equation((left, mutant.tree))
            line, drawn = canonical(equation, notation), display(equation, WIDTH, notation)
        except KeyError:
            continue
        stated = {"layout": notation.layout}
        judged = judge(written, target=target.id, notation=notation.name, stated=stated)
        if judged.outcome == "wrong" and judged.mistakes and judged.mistakes[0].code == code:
            yield line, tuple(drawn)
