"""``bptt answer ITEM ANSWER``: grades one answer to one item, the call that every face makes."""

from __future__ import annotations

import argparse
import sys

from drills.cli.console import Exit, complain, print_json, say
from drills.cli.context import Context
from drills.cli.parser import Parser, add_json
from drills.cli.verdicts import verdict_lines
from drills.locale import text
from question_bank.text import Language


def register(parser: argparse.ArgumentParser, language: Language, common: Parser) -> None:
    """Add the options and commands of ``bptt answer`` to its parser."""
    parser.add_argument("item", metavar="ITEM", help=text("cli.answer.item").in_(language))
    parser.add_argument("answer", metavar="ANSWER", help=text("cli.answer.answer").in_(language))
    parser.add_argument("--face", help=text("cli.answer.face").in_(language))
    parser.add_argument("--seed", type=int, default=0, help=text("cli.answer.seed").in_(language))
    add_json(parser, language)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Grade, print the verdict, and return its exit code. Nothing is recorded."""
    from drills.grading import grade

    if options.item not in context.bank.items:
        return unknown_item(options.item, context)
    item = context.bank.items[options.item]
    if options.face is not None and options.face not in item.faces:
        complain(
            text(
                "cli.answer.unknown_face",
                face=options.face,
                item=item.id,
                faces=", ".join(item.faces),
            ).in_(context.language)
        )
        return Exit.USAGE
    answer = sys.stdin.read() if options.answer == "-" else options.answer
    verdict = grade(context.bank, options.item, answer, face=options.face, seed=options.seed)
    if options.json:
        print_json(verdict.to_json(context.language))
    else:
        say(*verdict_lines(verdict, context.language, answer))
    return verdict.exit_code


def unknown_item(name: str, context: Context) -> int:
    """Say that there is no such item, with the nearest ids."""
    from question_bank.nearest import nearest

    near = nearest(name, context.bank.items)
    complain(
        text("cli.unknown_item", name=name).in_(context.language),
        text("cli.nearest", names=", ".join(near)).in_(context.language)
        if near
        else text("cli.see_list").in_(context.language),
    )
    return Exit.USAGE
