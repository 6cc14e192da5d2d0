"""``bptt drill``: fill-in-the-code with any editor."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from drills.cli.console import Exit, complain, print_json, say, table, terminal_width
from drills.cli.context import Context
from drills.cli.parser import Parser, add_command, add_json, add_opening
from drills.cli.start import on_terminal
from drills.cli.verdicts import verdict_lines
from drills.cli.watching import saves
from drills.locale import text
from drills.typography import wrap
from question_bank.text import Language

if TYPE_CHECKING:
    from drills.verdict import Verdict
    from engine.code.exercise import Exercise
    from question_bank.model import ExerciseEntry


def register(parser: argparse.ArgumentParser, language: Language, common: Parser) -> None:
    """Add the options and commands of ``bptt drill`` to its parser."""
    parser.set_defaults(run=open_screen, exercise=None)
    commands = parser.add_subparsers(dest="drill_command", metavar="COMMAND")
    add_opening(commands, "exercise", open_screen, language, common)
    listing = add_command(commands, "list", "cli.drill.list", language, common)
    listing.set_defaults(run=list_exercises)
    show = add_command(commands, "show", "cli.drill.show", language, common)
    show.set_defaults(run=show_exercise)
    check = add_command(commands, "check", "cli.drill.check", language, common)
    check.set_defaults(run=check_file)
    watch = add_command(commands, "watch", "cli.drill.watch", language, common)
    watch.set_defaults(run=watch_file)
    for command in (show, check, watch):
        command.add_argument(
            "exercise", metavar="EXERCISE", help=text("cli.drill.name").in_(language)
        )
        command.add_argument("--bug", metavar="NAME", help=text("cli.drill.bug").in_(language))
    show.add_argument(
        "--choices", action="store_true", help=text("cli.drill.choices").in_(language)
    )
    show.add_argument(
        "--seed", type=int, default=0, metavar="N", help=text("cli.answer.seed").in_(language)
    )
    check.add_argument("file", metavar="FILE", help=text("cli.drill.file").in_(language))
    watch.add_argument("file", metavar="FILE", help=text("cli.drill.watched").in_(language))
    for command in (listing, show, check, watch):
        add_json(command, language)


def open_screen(options: argparse.Namespace, context: Context) -> int:
    """The code screen on a terminal; elsewhere the list of exercises, or the file of one."""
    name, options.bug = options.exercise, None
    if name is not None and _entry(options, context) is None:
        return Exit.USAGE
    if on_terminal():
        from drills.app.app import run

        return run(
            context.home, context.bank_folders, context.language, screen="code", subject=name
        )
    options.json = options.choices = False
    if name is not None:
        return show_exercise(options, context)
    return list_exercises(options, context)


def list_exercises(options: argparse.Namespace, context: Context) -> int:
    """Print every exercise with its title and its bugs to find."""
    rows = []
    for name, entry in context.bank.exercises.items():
        if options.json:
            print_json(
                {
                    "exercise": name,
                    "title": entry.title.in_(context.language),
                    "bugs": list(entry.bugs),
                }
            )
            continue
        rows.append((name, entry.title.in_(context.language), " ".join(entry.bugs)))
    say(*table(rows))
    return Exit.FINE


def show_exercise(options: argparse.Namespace, context: Context) -> int:
    """Print the file with its blanks; the task goes to stderr, so that ``> FILE`` can be edited."""
    entry = _entry(options, context)
    if entry is None:
        return Exit.USAGE
    from drills.grading.code import parsed

    if options.choices:
        return _show_choices(entry, options, context)
    source = _given(parsed(entry), options, context)
    task = entry.task.in_(context.language)
    if options.json:
        print_json({"exercise": entry.name, "task": task, "source": source})
        return Exit.FINE
    form = "bug" if options.bug else "typed"
    prompt = text(f"code.prompt.{form}").in_(context.language)
    complain(*wrap(f"{prompt}\n{task}", terminal_width()), "")
    sys.stdout.write(source)
    return Exit.FINE


def _given(exercise: Exercise, options: argparse.Namespace, context: Context) -> str:
    """What one starts from, in the user's language."""
    if options.bug:
        return exercise.bug_source(options.bug, context.language)
    return exercise.typed_source(context.language)


def _show_choices(entry: ExerciseEntry, options: argparse.Namespace, context: Context) -> int:
    """Print the exam form of every blank: four texts, in an order that the seed decides."""
    import random

    from drills.grading.code import parsed
    from drills.grading.code_choice import OPTIONS, blank_question, lettered

    exercise = parsed(entry)
    say(*([] if options.json else exercise.typed_source(context.language).splitlines()))
    for blank in exercise.blanks:
        question = blank_question(entry, blank.letter, options.seed)
        order = list(range(OPTIONS))
        random.Random(f"{entry.name}/{blank.letter}/{options.seed}").shuffle(order)  # noqa: S311
        shown = lettered(question, tuple(order))
        if options.json:
            texts = [{"label": label, "text": line} for label, line in shown]
            print_json({"exercise": entry.name, "blank": blank.letter, "options": texts})
            continue
        prompt = text("code.prompt.choice", letter=blank.letter).in_(context.language)
        say("", *wrap(prompt, terminal_width()))
        for label, line in shown:
            first, *rest = line.splitlines()
            say(f"  {label}  {first}", *(f"     {row}" for row in rest))
    return Exit.FINE


def check_file(options: argparse.Namespace, context: Context) -> int:
    """Judge a file against the exercise."""
    entry = _entry(options, context)
    if entry is None:
        return Exit.USAGE
    from drills.grading.code import judge_source

    try:
        source = (
            sys.stdin.read() if options.file == "-" else Path(options.file).read_text("utf-8-sig")
        )
    except (OSError, UnicodeDecodeError) as error:
        _unreadable(options.file, error, context)
        return Exit.USAGE
    verdict = judge_source(context.bank, entry, source, bug=options.bug)
    _print_verdict(verdict, source, options, context)
    return verdict.exit_code


def watch_file(options: argparse.Namespace, context: Context) -> int:
    """Judge a file now and after every save, until Ctrl-C; a file that is missing is written."""
    entry = _entry(options, context)
    if entry is None:
        return Exit.USAGE
    from drills.grading.code import judge_source, parsed, work_ahead

    given = _given(parsed(entry), options, context)
    path = Path(options.file)
    if path.is_dir():
        _unreadable(
            options.file, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)), context
        )
        return Exit.USAGE
    try:
        # "x": should the file come into being at this very moment, it is not ours to overwrite.
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(given)
        said = "cli.drill.written"
    except FileExistsError:
        said = "cli.drill.watching"
    except OSError as error:
        complain(text("cli.drill.unwritable", file=path, why=error.strerror).in_(context.language))
        return Exit.USAGE
    form = "bug" if options.bug else "typed"
    prompt = text(f"code.prompt.{form}").in_(context.language)
    task = entry.task.in_(context.language)
    complain(*wrap(f"{prompt}\n{task}", terminal_width()), "")
    complain(*wrap(text(said, file=path).in_(context.language), terminal_width()))
    work_ahead(entry)
    for source in saves(path):
        if isinstance(source, Exception):
            _unreadable(options.file, source, context)
            continue
        if source == given:
            continue  # nothing has been done yet
        if not options.json:
            say("", f"{datetime.now():%H:%M:%S} {path.name}")
        verdict = judge_source(context.bank, entry, source, bug=options.bug)
        _print_verdict(verdict, source, options, context)
        sys.stdout.flush()
    return Exit.FINE


def _print_verdict(
    verdict: Verdict, source: str, options: argparse.Namespace, context: Context
) -> None:
    if options.json:
        print_json(verdict.to_json(context.language))
    else:
        say(*verdict_lines(verdict, context.language, source))


def _unreadable(file: str, error: Exception, context: Context) -> None:
    complain(text("cli.drill.unreadable", file=file, why=str(error)).in_(context.language))


def _entry(options: argparse.Namespace, context: Context) -> ExerciseEntry | None:
    from question_bank.nearest import nearest

    exercises = context.bank.exercises
    entry = exercises.get(options.exercise)
    if entry is None:
        complain(
            text(
                "cli.drill.unknown",
                name=options.exercise,
                nearest=", ".join(nearest(options.exercise, exercises) or exercises),
            ).in_(context.language)
        )
        return None
    if options.bug is not None and options.bug not in entry.bugs:
        complain(
            text(
                "cli.drill.unknown_bug",
                name=options.bug,
                exercise=entry.name,
                bugs=", ".join(entry.bugs) or "-",
            ).in_(context.language)
        )
        return None
    return entry
