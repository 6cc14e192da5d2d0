"""``bptt formula``: the self-check of formulas."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from drills.cli.console import Exit, complain, print_json, say, table
from drills.cli.context import Context
from drills.cli.formula_options import add_conventions, known_notation, stated_conventions
from drills.cli.parser import Parser, add_command, add_json, add_opening
from drills.cli.start import on_terminal
from drills.cli.verdicts import verdict_lines
from drills.locale import text
from drills.verdict import Verdict
from question_bank.text import Language


def register(parser: argparse.ArgumentParser, language: Language, common: Parser) -> None:
    """Add the options and commands of ``bptt formula`` to its parser."""
    parser.set_defaults(run=open_screen, target=None)
    commands = parser.add_subparsers(
        dest="formula_command", metavar=text("cli.formula.metavar").in_(language)
    )
    add_opening(commands, "target", open_screen, language, common)
    listing = add_command(commands, "list", "cli.formula.list", language, common)
    listing.set_defaults(run=list_targets)
    show = add_command(commands, "show", "cli.formula.show", language, common)
    show.set_defaults(run=show_target)
    derive = add_command(commands, "derive", "cli.formula.derive", language, common)
    derive.set_defaults(run=derive_target)
    for command in (show, derive):
        command.add_argument(
            "target", metavar="TARGET", help=text("cli.formula.target").in_(language)
        )
    check = add_command(commands, "check", "cli.formula.check", language, common)
    check.add_argument(
        "formula", metavar="FORMULA", nargs="?", help=text("cli.formula.formula").in_(language)
    )
    check.add_argument("--target", help=text("cli.formula.target").in_(language))
    check.add_argument("--batch", metavar="FILE", help=text("cli.formula.batch").in_(language))
    check.set_defaults(run=check_formula)
    for command in (derive, check):
        add_conventions(command, language)
    for command in (listing, show, derive, check):
        add_json(command, language)


def open_screen(options: argparse.Namespace, context: Context) -> int:
    """The formula screen on a terminal; elsewhere the list of targets, or the card of one."""
    from engine.formulas.targets import TARGETS

    if options.target is not None and options.target not in TARGETS:
        return _unknown_target(options.target, context)
    if on_terminal():
        from drills.app.app import run

        return run(
            context.home,
            context.bank_folders,
            context.language,
            screen="formula",
            subject=options.target,
        )
    options.json = False
    if options.target is not None:
        return show_target(options, context)
    return list_targets(options, context)


def list_targets(options: argparse.Namespace, context: Context) -> int:
    """Print every target with what it asks for, grouped by model."""
    from drills.grading.formula_words import model_title, target_statement
    from engine.formulas.models.static import all_models
    from engine.formulas.targets import targets_by_id

    total = 0
    for model in all_models():
        targets = targets_by_id(model)
        title = model_title(model.name).in_(context.language)
        rows = []
        for name, target in targets.items():
            statement = target_statement(target).in_(context.language)
            if options.json:
                print_json(
                    {
                        "target": name,
                        "model": model.name,
                        "statement": statement,
                        "given": list(target.given),
                    }
                )
            rows.append((name, statement))
        if not options.json:
            blank = [""] if total else []
            say(*blank, f"{title} ({len(rows)})", *table(rows, indent=2))
        total += len(rows)
    if not options.json:
        say("", text("cli.formula.total", count=total).in_(context.language))
    return Exit.FINE


def show_target(options: argparse.Namespace, context: Context) -> int:
    """Print what a target asks for, its symbols with their shapes, and how it can be typed."""
    from drills.grading.formula_card import target_card
    from engine.formulas.targets import TARGETS

    if options.target not in TARGETS:
        return _unknown_target(options.target, context)
    card = target_card(TARGETS[options.target])
    if options.json:
        print_json(card.to_json(context.language))
    else:
        say(*card.lines(context.language))
    return Exit.FINE


def derive_target(options: argparse.Namespace, context: Context) -> int:
    """Print the derivation of a target's answer, step by step."""
    from drills.grading.formula_steps import derivation_of
    from engine.formulas.conventions import Convention
    from engine.formulas.notations import notations
    from engine.formulas.targets import TARGETS

    if options.target not in TARGETS:
        return _unknown_target(options.target, context)
    target = TARGETS[options.target]
    if not known_notation(options.notation, context.language, target.model.name):
        return Exit.USAGE
    known = notations(target.model)
    name = options.notation or next(iter(known))
    stated = {"layout": known[name].layout, **stated_conventions(options)}
    derived = derivation_of(target, name, Convention(**stated))
    if options.json:
        print_json(derived.to_json(context.language))
    else:
        say(*derived.lines(context.language))
    return Exit.FINE


def check_formula(options: argparse.Namespace, context: Context) -> int:
    """Judge one formula, or a file of them with ``--batch``."""
    from engine.formulas.targets import TARGETS

    if options.target is not None and options.target not in TARGETS:
        return _unknown_target(options.target, context)
    if options.batch is not None:
        return check_batch(options, context)
    if options.formula is None:
        complain(text("cli.formula.nothing").in_(context.language))
        return Exit.USAGE
    formula = sys.stdin.read() if options.formula == "-" else options.formula
    if not known_notation(options.notation, context.language):
        return Exit.USAGE
    stated = stated_conventions(options)
    verdict = _verdict(context, formula, options.target, options.notation, stated)
    if options.json:
        print_json(verdict.to_json(context.language))
    else:
        say(*verdict_lines(verdict, context.language, formula.strip("\n")))
        say(*_about(verdict, context.language))
    return verdict.exit_code


def _about(verdict: Verdict, language: Language) -> list[str]:
    """The line that says which model and which target a formula was judged as."""
    from drills.grading.formula_words import model_title
    from engine.formulas.targets import TARGETS

    if verdict.target is None:
        return []
    model = model_title(TARGETS[verdict.target].model.name).in_(language)
    return [text("cli.formula.judged_as", target=verdict.target, model=model).in_(language)]


def check_batch(options: argparse.Namespace, context: Context) -> int:
    """Judge JSON lines, each answered with one; a bad line gets an answer too and stops none."""
    try:
        source: Iterable[str] = (
            sys.stdin
            if options.batch == "-"
            else Path(options.batch).read_text("utf-8-sig").splitlines()
        )
    except (OSError, UnicodeDecodeError) as error:
        complain(
            text("cli.drill.unreadable", file=options.batch, why=str(error)).in_(context.language)
        )
        return Exit.USAGE
    codes = set()
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        identity, verdict = _batch_line(line, number, options, context)
        print_json({"id": identity, **verdict.to_json(context.language)})
        codes.add(verdict.exit_code)
    if Exit.WRONG in codes:
        return Exit.WRONG
    return Exit.NOT_JUDGED if Exit.NOT_JUDGED in codes else Exit.FINE


def _batch_line(
    line: str, number: int, options: argparse.Namespace, context: Context
) -> tuple[Any, Verdict]:
    try:
        entry = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return number, _bad_line(number, "cli.formula.batch_json")
    if not isinstance(entry, dict) or not isinstance(entry.get("formula"), str):
        identity = entry.get("id", number) if isinstance(entry, dict) else number
        return identity, _bad_line(number, "cli.formula.batch_form")
    from engine.formulas.targets import TARGETS

    target = entry.get("target") or options.target
    if target is not None and target not in TARGETS:
        return entry.get("id", number), _bad_line(number, "cli.formula.batch_target")
    layout = entry.get("layout") or options.layout
    stated = {"layout": str(layout)} if layout else {}
    if options.loss:
        stated["loss"] = options.loss
    notation = entry.get("notation") or options.notation
    return entry.get("id", number), _verdict(context, entry["formula"], target, notation, stated)


def _bad_line(number: int, key: str) -> Verdict:
    return Verdict("not_understood", text(key, line=number))


def _verdict(
    context: Context,
    formula: str,
    target: str | None,
    notation: str | None,
    stated: dict[str, str],
) -> Verdict:
    from drills.grading.formula import verdict_of
    from engine.formulas.judge import judge

    judgement = judge(formula, target=target, notation=notation, stated=stated or None)
    return verdict_of(judgement, context.bank.mistakes, stated)


def _unknown_target(name: str, context: Context) -> int:
    from engine.formulas.targets import TARGETS
    from question_bank.nearest import nearest

    complain(
        text(
            "cli.formula.unknown", name=name, nearest=", ".join(nearest(name, TARGETS) or TARGETS)
        ).in_(context.language)
    )
    return Exit.USAGE
