"""``bptt bank`` for authors: check, coverage, guess, new, schema."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drills.cli.console import Exit, complain, print_json, say, table
from drills.cli.context import Context
from drills.cli.parser import Parser, add_command, add_json
from drills.locale import text
from question_bank.text import Language

if TYPE_CHECKING:
    from question_bank.model import Bank
    from question_bank.problems import Problem


def register(commands: Any, language: Language, common: Parser) -> None:
    """Add the authors' commands to those of ``bptt bank``."""
    folder = text("cli.bank.dir").in_(language)
    for name, run in (("check", check_form), ("coverage", show_coverage), ("guess", guess)):
        command = add_command(commands, name, f"cli.bank.{name}", language, common)
        command.add_argument("folder", metavar="DIR", nargs="?", help=folder)
        command.set_defaults(run=run)
        add_json(command, language)
        if name == "guess":
            command.add_argument(
                "--strategy", metavar="NAME", help=text("cli.bank.strategy").in_(language)
            )
    new = add_command(commands, "new", "cli.bank.new", language, common)
    new.add_argument("kind", metavar="KIND", help=text("cli.bank.template").in_(language))
    new.set_defaults(run=new_item)
    schema = add_command(commands, "schema", "cli.bank.schema", language, common)
    schema.set_defaults(run=print_schema)


def check_form(options: argparse.Namespace, context: Context) -> int:
    """Report every problem of form, every name that the engine does not know, and warnings.

    Only problems end with an exit code of 1.
    """
    from drills.authoring.warnings import warnings
    from drills.grading import resolve

    bank = bank_of(options, context)
    problems = [*bank.problems, *resolve(bank)]
    warned = list(warnings(bank))
    _print(problems, "error", options, context)
    _print(warned, "warning", options, context)
    if not options.json:
        key = "cli.bank.check_problems" if problems else "cli.bank.check_fine"
        complain(text(key, n=len(problems), items=len(bank.items)).in_(context.language))
        if warned:
            complain(text("authoring.warnings", n=len(warned)).in_(context.language))
    return Exit.WRONG if problems else Exit.FINE


def _print(
    problems: Iterable[Problem], severity: str, options: argparse.Namespace, context: Context
) -> None:
    for problem in problems:
        message = problem.message.in_(context.language)
        if options.json:
            print_json(
                {
                    "severity": severity,
                    "file": problem.place.file,
                    "line": problem.place.line,
                    "column": problem.place.column,
                    "message": message,
                    "nearest": list(problem.nearest),
                }
            )
            continue
        if severity == "warning":
            message = f"{text('authoring.warning').in_(context.language)}: {message}"
        said = f"{problem.place}: {message}"
        if problem.nearest:
            said += " " + text("cli.nearest", names=", ".join(problem.nearest)).in_(
                context.language
            )
        say(said)


def show_coverage(options: argparse.Namespace, context: Context) -> int:
    """Print every objective with its items and kinds, and what it still needs."""
    from drills.authoring.coverage import coverage
    from question_bank.objectives import least_items, least_kinds

    found = coverage(bank_of(options, context))
    rows = []
    for covered in found:
        if options.json:
            print_json(covered.to_json())
            continue
        missing = ""
        if not covered.enough:
            items = max(0, least_items(covered.objective) - len(covered.items))
            kinds = max(0, least_kinds(covered.objective) - len(covered.kinds))
            missing = text("authoring.missing", items=items, kinds=kinds).in_(context.language)
        count = f"{len(covered.items)}/{least_items(covered.objective)}"
        rows.append((covered.objective, count, " ".join(sorted(covered.kinds)), missing))
    say(*table(rows))
    enough = sum(covered.enough for covered in found)
    if not options.json:
        said = text("authoring.covered", covered=enough, of=len(found))
        complain(said.in_(context.language))
    return Exit.FINE if enough == len(found) else Exit.WRONG


def guess(options: argparse.Namespace, context: Context) -> int:
    """Print how far strategies get that do not read; with one named, the items that it gets."""
    from drills.authoring.guessing import MARGIN, STRATEGIES, scores

    if options.strategy is not None and options.strategy not in STRATEGIES:
        names = ", ".join(STRATEGIES)
        said = text("authoring.unknown_strategy", name=options.strategy, names=names)
        complain(said.in_(context.language))
        return Exit.USAGE
    found = [
        score
        for score in scores(bank_of(options, context).items.values())
        if options.strategy in (None, score.strategy)
    ]
    rows = []
    for score in found:
        if options.json:
            print_json(
                {
                    "strategy": score.strategy,
                    "language": score.language,
                    "items": score.items,
                    "share": round(score.share, 4),
                    "chance": round(score.expected, 4),
                    "limit": round(score.expected + MARGIN, 4),
                    "too_good": score.too_good,
                    "won": [item.id for item in score.won],
                }
            )
            continue
        sign = "!" if score.too_good else ""
        rows.append((score.strategy, score.language, f"{100 * score.share:.1f} %", sign))
        if options.strategy:
            rows += [("  " + item.id, score.language, "", "") for item in score.won]
    say(*table(rows))
    if not options.json:
        said = text(
            "authoring.guess_items",
            n=found[0].items,
            chance=f"{100 * found[0].expected:.1f}",
            limit=f"{100 * (found[0].expected + MARGIN):.1f}",
        )
        complain(said.in_(context.language))
    return Exit.WRONG if any(score.too_good for score in found) else Exit.FINE


def new_item(options: argparse.Namespace, context: Context) -> int:
    """Print a commented template, ready to be changed."""
    from drills.authoring.templates import names, template

    if options.kind not in names():
        said = text("authoring.unknown_template", name=options.kind, names=", ".join(names()))
        complain(said.in_(context.language))
        return Exit.USAGE
    say(template(options.kind, context.language))
    return Exit.FINE


def print_schema(options: argparse.Namespace, context: Context) -> int:
    """Print the JSON schema of item files, with every name that items can use."""
    from drills.authoring.schema import schema

    say(json.dumps(schema(context.bank), ensure_ascii=False, indent=1))
    return Exit.FINE


def bank_of(options: argparse.Namespace, context: Context) -> Bank:
    """The bank to look into, parsed anew: a folder of one's own, else all that is in use.

    A folder's items may be about built-in exercises, and its mistakes are named with our texts.
    """
    from question_bank.folders import BUILT_IN
    from question_bank.loader import load

    if options.folder is None:
        return load((BUILT_IN, *context.bank_folders))
    own, built_in = load((Path(options.folder),)), load((BUILT_IN,))
    return replace(
        own,
        exercises={**built_in.exercises, **own.exercises},
        mistakes={**built_in.mistakes, **own.mistakes},
    )
