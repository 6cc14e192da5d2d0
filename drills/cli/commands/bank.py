"""``bptt bank``: look into the bank, check its form, prove its keys."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from drills.cli.commands import bank_authors
from drills.cli.commands.bank_authors import bank_of
from drills.cli.console import Exit, complain, print_json, say, table, terminal_width
from drills.cli.context import Context
from drills.cli.parser import Parser, add_command, add_json
from drills.locale import text
from drills.typography import wrap
from question_bank.text import Language

if TYPE_CHECKING:
    from engine.parameters import Parameter
    from question_bank.model import Bank


def register(parser: argparse.ArgumentParser, language: Language, common: Parser) -> None:
    """Add the options and commands of ``bptt bank`` to its parser."""
    parser.set_defaults(run=list_items, json=False, section=None, kind=None)
    commands = parser.add_subparsers(dest="bank_command", metavar="COMMAND")
    listing = add_command(commands, "list", "cli.bank.list", language, common)
    listing.add_argument("--section", help=text("cli.quiz.section").in_(language))
    listing.add_argument("--kind", help=text("cli.quiz.kind").in_(language))
    listing.set_defaults(run=list_items)
    show = add_command(commands, "show", "cli.bank.show", language, common)
    show.add_argument("item", metavar="ID", help=text("cli.answer.item").in_(language))
    show.add_argument("--face", help=text("cli.answer.face").in_(language))
    show.add_argument("--seed", type=int, default=0, help=text("cli.answer.seed").in_(language))
    show.set_defaults(run=show_item)
    certify = add_command(commands, "certify", "cli.bank.certify", language, common)
    certify.add_argument(
        "folder", metavar="DIR", nargs="?", help=text("cli.bank.dir").in_(language)
    )
    certify.add_argument("--full", action="store_true", help=text("cli.bank.full").in_(language))
    certify.add_argument(
        "--only",
        choices=("items", "exercises", "formulas"),
        action="append",
        help=text("cli.bank.only").in_(language),
    )
    certify.set_defaults(run=certify_bank)
    computations = add_command(commands, "computations", "cli.bank.computations", language, common)
    computations.set_defaults(run=list_computations)
    for command in (listing, show, certify, computations):
        add_json(command, language)
    bank_authors.register(commands, language, common)


def list_items(options: argparse.Namespace, context: Context) -> int:
    """Print the items, a line each."""
    if problem := _unknown_filter(options, context):
        complain(problem)
        return Exit.USAGE
    rows = []
    for item in context.bank.items.values():
        if options.section not in (None, item.section) or options.kind not in (None, item.kind):
            continue
        if options.json:
            print_json(
                {
                    "id": item.id,
                    "section": item.section,
                    "kind": item.kind,
                    "level": item.level,
                    "seconds": item.seconds,
                    "objectives": list(item.objectives),
                    "status": item.status,
                    "faces": list(item.faces),
                }
            )
        else:
            rows.append(
                (item.id, item.section, item.kind, str(item.level), " ".join(item.objectives))
            )
    say(*table(rows))
    return Exit.FINE


def show_item(options: argparse.Namespace, context: Context) -> int:
    """Print one item as it is presented under a seed, without its key."""
    from drills.cli.commands.answer import unknown_item
    from drills.cli.views import view_lines
    from drills.grading import grader_for

    item = context.bank.items.get(options.item)
    if item is None:
        return unknown_item(options.item, context)
    face = options.face or item.faces[0]
    if face not in item.faces:
        complain(
            text(
                "cli.answer.unknown_face", face=face, item=item.id, faces=", ".join(item.faces)
            ).in_(context.language)
        )
        return Exit.USAGE
    grader = grader_for(item.kind, context.bank)
    presentation = grader.present(item, face, options.seed)
    view = grader.view(item, presentation, context.language)
    if options.json:
        print_json(
            {
                "id": item.id,
                "kind": item.kind,
                "face": face,
                "seed": options.seed,
                "set": item.set,
                "shared": [{"kind": part.kind, "text": part.text} for part in view.shared],
                "stem": view.stem,
                "options": [{"label": label, "text": line} for label, line in view.options],
                "right": [{"label": label, "text": line} for label, line in view.right],
                "code": view.code,
                "figure": view.figure,
                "prompt": view.prompt,
            }
        )
    else:
        say(*view_lines(view), "", *wrap(view.prompt, terminal_width()))
    return Exit.FINE


def certify_bank(options: argparse.Namespace, context: Context) -> int:
    """Recompute every key by code that did not read it; the last line sums up."""
    from drills.certification import PARTS, certify
    from drills.progress.paths import cache

    bank = bank_of(options, context)
    parts = set(options.only or PARTS)
    if options.folder is not None:
        parts.discard("formulas")  # they are the program's, not the bank's
    report = certify(
        bank,
        full=options.full,
        parts=parts,
        exercises=None if options.folder is None else _own_exercises(bank, options.folder),
        cache=None if options.full else cache(context.home),
        progress=lambda line: complain(line.in_(context.language)),
    )
    for failure in report.failures:
        place, message = failure
        if options.json:
            print_json({"failure": str(place), "message": message.in_(context.language)})
        else:
            say(f"{place}: {message.in_(context.language)}")
    if options.json:
        print_json(report.to_json())
    else:
        say(*(line.in_(context.language) for line in report.lines()))
    return Exit.FINE if report.fine else Exit.WRONG


def _own_exercises(bank: Bank, folder: str) -> set[str]:
    """The exercises of a folder, and those of the built-in bank that its items ask."""
    own = {
        entry.name
        for entry in bank.exercises.values()
        if Path(entry.place.file).resolve().is_relative_to(Path(folder).resolve())
    }
    asked = (getattr(item.body, "exercise", None) for item in bank.items.values())
    return own | {name for name in asked if name is not None}


def list_computations(options: argparse.Namespace, context: Context) -> int:
    """Print what items can name: each computation with its source and its parameters."""
    from engine.computations import COMPUTATIONS

    for computation in COMPUTATIONS.values():
        if options.json:
            print_json(computation.to_json())
            continue
        say(computation.name, *wrap(computation.summary, 76, indent="  "))
        say(*wrap(computation.source, 76, indent="  "))
        rows = [
            (name, parameter.kind, _bounds(parameter), parameter.meaning)
            for name, parameter in computation.parameters.items()
        ]
        say(*table(rows, indent=4), "")
    return Exit.FINE


def _bounds(parameter: Parameter) -> str:
    if parameter.choices:
        return " | ".join(parameter.choices)
    low, high = parameter.minimum, parameter.maximum
    return f"{'' if low is None else low}..{'' if high is None else high}"


def _unknown_filter(options: argparse.Namespace, context: Context) -> str | None:
    from drills.cli.filters import unknown_filter

    return unknown_filter(options.section, options.kind, None, context)
