"""``bptt lab``: live models; ``lab run`` prints one line a snapshot."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from drills.cli.console import Exit, complain, print_json, say, table
from drills.cli.context import Context
from drills.cli.parser import Parser, add_command, add_json
from drills.cli.start import on_terminal
from drills.locale import text
from question_bank.text import Language

if TYPE_CHECKING:
    from engine.experiments import Parameter


def register(parser: argparse.ArgumentParser, language: Language, common: Parser) -> None:
    """Add the options and commands of ``bptt lab`` to its parser."""
    parser.set_defaults(run=open_lab)
    commands = parser.add_subparsers(dest="lab_command", metavar="COMMAND")
    listing = add_command(commands, "list", "cli.lab.list", language, common)
    add_json(listing, language)
    listing.set_defaults(run=list_experiments)
    run = add_command(commands, "run", "cli.lab.run", language, common)
    run.add_argument(
        "experiment", metavar="EXPERIMENT", help=text("cli.lab.experiment").in_(language)
    )
    run.add_argument("--seed", type=int, default=0, help=text("cli.lab.seed").in_(language))
    run.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=text("cli.lab.set").in_(language),
    )
    add_json(run, language)
    run.set_defaults(run=run_experiment)


def open_lab(options: argparse.Namespace, context: Context) -> int:
    """The live screen on a terminal; elsewhere the list."""
    if on_terminal():
        from drills.app.app import run

        return run(context.home, context.bank_folders, context.language, screen="lab")
    options.json = False
    return list_experiments(options, context)


def list_experiments(options: argparse.Namespace, context: Context) -> int:
    """Print each experiment with its parameters, their defaults and what they may be."""
    from engine.experiments import EXPERIMENTS

    for name, experiment in EXPERIMENTS.items():
        if options.json:
            parameters = {key: value.to_json() for key, value in experiment.parameters.items()}
            print_json({"name": name, "parameters": parameters})
            continue
        say(name)
        rows = [
            (key, str(value.default), allowed(value))
            for key, value in experiment.parameters.items()
        ]
        say(*table(rows, indent=2))
    return Exit.FINE


def run_experiment(options: argparse.Namespace, context: Context) -> int:
    """Run one experiment to its end, or until it is interrupted, a line a snapshot."""
    from engine.experiments import EXPERIMENTS, ExperimentError
    from question_bank.nearest import nearest

    experiment = EXPERIMENTS.get(options.experiment)
    if experiment is None:
        near = nearest(options.experiment, EXPERIMENTS) or tuple(EXPERIMENTS)
        return _refuse("unknown", context, name=options.experiment, nearest=", ".join(near))
    settings: dict[str, str] = {}
    for pair in options.set:
        name, equals, value = pair.partition("=")
        if not equals:
            return _refuse("set_form", context, given=pair)
        settings[name.strip()] = value.strip()
    try:
        snapshots = experiment.run(options.seed, state=None, **settings)
    except ExperimentError as error:
        if error.argument in experiment.parameters:
            return _refuse(
                "bad_setting",
                context,
                name=error.argument,
                value=settings[error.argument],
                allowed=allowed(experiment.parameters[error.argument]),
            )
        if error.argument == "seed":
            return _refuse("bad_setting", context, name="seed", value=options.seed, allowed="0-")
        names = error.nearest or tuple(experiment.parameters)
        return _refuse("unknown_setting", context, name=error.argument, nearest=", ".join(names))
    for snapshot in snapshots:
        if options.json:
            print_json(snapshot.to_json())
        else:
            say(_line(snapshot, context.language))
    return Exit.FINE


def allowed(parameter: Parameter) -> str:
    """What a setting may be: its choices, or its bounds."""
    if parameter.choices:
        return " | ".join(parameter.choices)
    return f"{parameter.minimum} - {parameter.maximum}"


def _refuse(key: str, context: Context, **values: object) -> int:
    complain(text(f"cli.lab.{key}", **values).in_(context.language))
    return Exit.USAGE


def _line(snapshot: Any, language: Language) -> str:
    bits = "".join(map(str, snapshot.output))
    line = text(
        "cli.lab.line",
        iteration=f"{snapshot.iteration:6d}",
        loss=f"{snapshot.loss:8.5f}",
        a="".join(map(str, snapshot.a)),
        b="".join(map(str, snapshot.b)),
        output=bits,
        sign="✓" if snapshot.right else "✗",
        accuracy=f"{100 * snapshot.accuracy:5.1f}",
    ).in_(language)
    if snapshot.diverged:
        line += "  " + text("cli.lab.diverged", what=snapshot.diverged).in_(language)
    return line
