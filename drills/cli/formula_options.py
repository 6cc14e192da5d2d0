"""Options that several commands about formulas take: the notation, and conventions that hold."""

from __future__ import annotations

import argparse

from drills.cli.console import complain
from drills.locale import text
from question_bank.text import Language


def add_conventions(parser: argparse.ArgumentParser, language: Language) -> None:
    """The options ``--notation``, ``--layout`` and ``--loss``."""
    parser.add_argument("--notation", help=text("cli.formula.notation").in_(language))
    parser.add_argument(
        "--layout",
        choices=("column", "row", "numerator"),
        help=text("cli.formula.layout").in_(language),
    )
    parser.add_argument(
        "--loss", choices=("step", "sequence"), help=text("cli.formula.loss").in_(language)
    )


def stated_conventions(options: argparse.Namespace) -> dict[str, str]:
    """The conventions that options state."""
    pairs = {"layout": options.layout, "loss": options.loss}
    return {key: value for key, value in pairs.items() if value is not None}


def known_notation(name: str | None, language: Language, model: str | None = None) -> bool:
    """Whether a notation exists (of one model, or of any); says what would be right if not."""
    from engine.formulas.models.static import all_models, model_named
    from engine.formulas.notations import notations
    from question_bank.nearest import nearest

    chosen = all_models() if model is None else (model_named(model),)
    known = list(dict.fromkeys(one for entry in chosen for one in notations(entry)))
    if name is None or name in known:
        return True
    names = ", ".join(nearest(name, known) or known)
    complain(text("cli.formula.unknown_notation", name=name, nearest=names).in_(language))
    return False
