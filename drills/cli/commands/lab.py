"""``bptt lab``: live models; ``lab run`` prints one line a snapshot."""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drills.cli.console import Exit, complain, print_json, say, table
from drills.cli.context import Context
from drills.cli.parser import Parser, add_command, add_json
from drills.cli.start import on_terminal
from drills.locale import text
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from engine.experiments import Experiment, Parameter
    from engine.experiments.binary_addition_sweep import SweepSnapshot
    from engine.experiments.replicated import ReplicatedSnapshot


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
    run.add_argument(
        "--replicates", metavar="R", help=text("cli.lab.replicates").in_(language), default=None
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
    """Print each experiment: what it shows, its recorded figures, its parameters."""
    from engine.experiments import EXPERIMENTS

    for name, experiment in EXPERIMENTS.items():
        recorded = experiment.recorded()
        if options.json:
            parameters = {key: value.to_json() for key, value in experiment.parameters.items()}
            figures = {
                row: {key: value for key, value in figure.items() if key != "curve"}
                for row, figure in recorded.items()
            }
            described = {"name": name, "parameters": parameters}
            print_json({**described, "claim": experiment.claim, "recorded": figures})
            continue
        say(name)
        if experiment.claim:
            say("  " + _claim(experiment).in_(context.language))
        if recorded:
            say("  " + text("cli.lab.recorded").in_(context.language))
            say(*table([_recorded(*row, context.language) for row in recorded.items()], indent=4))
        rows = [
            (key, _default(value.default), allowed(value))
            for key, value in experiment.parameters.items()
        ]
        say(*table(rows, indent=2))
    return Exit.FINE


def run_experiment(options: argparse.Namespace, context: Context) -> int:
    """Run one experiment to its end, or until it is interrupted, a line a snapshot."""
    from engine.experiments import EXPERIMENTS, ExperimentError, replicated
    from question_bank.nearest import nearest

    experiment = EXPERIMENTS.get(options.experiment)
    if experiment is None:
        near = nearest(options.experiment, EXPERIMENTS) or tuple(EXPERIMENTS)
        return _refuse("unknown", context, name=options.experiment, nearest=", ".join(near))
    settings: dict[str, str | list[str]] = {}
    for pair in options.set:
        name, equals, value = pair.partition("=")
        if not equals:
            return _refuse("set_form", context, given=pair)
        known = experiment.parameters.get(name.strip())
        several = known is not None and known.kind == "numbers"
        settings[name.strip()] = value.split(",") if several else value.strip()
    # Every experiment can be replicated; to the sweeps it is a setting like any other.
    parameters = {"replicates": replicated.REPLICATES, **experiment.parameters}
    if options.replicates is not None:
        settings["replicates"] = options.replicates
    try:
        if "replicates" in settings:
            R = settings["replicates"]
            others: dict[str, Any] = {k: v for k, v in settings.items() if k != "replicates"}
            snapshots = replicated.run(experiment, R, options.seed, **others)
        else:
            snapshots = experiment.run(options.seed, state=None, **settings)
    except ExperimentError as error:
        if error.argument in parameters:
            return _refuse(
                "bad_setting",
                context,
                name=error.argument,
                value=_default(settings[error.argument]),
                allowed=allowed(parameters[error.argument]),
            )
        if error.argument == "seed":
            return _refuse("bad_setting", context, name="seed", value=options.seed, allowed="0-")
        names = error.nearest or tuple(experiment.parameters)
        return _refuse("unknown_setting", context, name=error.argument, nearest=", ".join(names))
    for snapshot in snapshots:
        if options.json:
            print_json(snapshot.to_json())
        else:
            say(*_lines(snapshot, context.language))
    return Exit.FINE


def allowed(parameter: Parameter) -> str:
    """What a setting may be: its choices, or its bounds."""
    if parameter.choices:
        return " | ".join(parameter.choices)
    return f"{parameter.minimum} - {parameter.maximum}"


def _refuse(key: str, context: Context, **values: object) -> int:
    complain(text(f"cli.lab.{key}", **values).in_(context.language))
    return Exit.USAGE


def _claim(experiment: Experiment) -> Text:
    try:
        return text(f"cli.lab.claim.{experiment.name}")
    except KeyError:
        return Text(experiment.claim, experiment.claim)


def _default(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _lines(snapshot: Any, language: Language) -> list[str]:
    """One line for a single run; for a sweep one a case; for any other its numbers by name."""
    from engine.experiments.binary_addition import Snapshot
    from engine.experiments.binary_addition_sweep import SweepSnapshot
    from engine.experiments.replicated import ReplicatedSnapshot

    if isinstance(snapshot, ReplicatedSnapshot):
        return _quantile_lines(snapshot, language)
    if isinstance(snapshot, SweepSnapshot):
        return _case_lines(snapshot, language)
    if isinstance(snapshot, Snapshot):
        return [_run_line(snapshot, language)]
    return _named_lines(snapshot.to_json())


def _named_lines(plain: Mapping[str, Any]) -> list[str]:
    """What a snapshot holds, by the names that its JSON has: numbers and words, no long lists."""
    lines = [f"{plain['iteration']:6d}  {_named(plain, without='iteration')}"]
    for value in plain.values():
        if isinstance(value, list):
            parts = [part for part in value if isinstance(part, Mapping)]
            numbers = any(isinstance(entry, float) for part in parts for entry in part.values())
            lines += [f"{'':8}{_named(part)}" for part in parts if numbers]
    return lines


def _named(plain: Mapping[str, Any], without: str = "") -> str:
    shown = {
        key: f"{value:.4g}" if isinstance(value, float) else str(value)
        for key, value in plain.items()
        if isinstance(value, str | int | float) and key != without
    }
    return "  ".join(f"{key} {value}" for key, value in shown.items())


def _quantile_lines(snapshot: ReplicatedSnapshot, language: Language) -> list[str]:
    """The quantiles of each number by its name; a line more for each part that has some."""
    head = text(
        "cli.lab.quantiles",
        iteration=f"{snapshot.iteration:6d}",
        running=f"{snapshot.running}/{snapshot.replicates}",
    ).in_(language)
    lines = [f"{head}  {_quantiles(snapshot.figures)}".rstrip()]
    for value in snapshot.figures.values():
        if isinstance(value, list):
            parts = [part for part in value if isinstance(part, Mapping)]
            some = [part for part in parts if any(map(_three, part.values()))]
            lines += [f"{'':8}{_quantiles(part)}" for part in some]
    for seed, what in snapshot.ended:
        ended = text("cli.lab.replicate_ended", seed=seed, what=what).in_(language)
        lines.append(f"{'':8}{ended}")
    return lines


def _quantiles(plain: Mapping[str, Any]) -> str:
    """Numbers, quantiles of numbers and words by name, no long lists."""
    three = {key: _three(value) for key, value in plain.items()}
    single = {
        key: f"{value:.4g}" if isinstance(value, float) else str(value)
        for key, value in plain.items()
        if isinstance(value, str | int | float)
    }
    shown = {key: single.get(key) or three[key] for key in plain}
    return "  ".join(f"{key} {value}" for key, value in shown.items() if value)


def _three(value: Any) -> str:
    """The quantiles of a number in one word if all runs agree; "" for what is none."""
    if not isinstance(value, Mapping) or set(value) != {"10", "50", "90"}:
        return ""
    if any(isinstance(number, list) for number in value.values()):
        return ""
    words = ["-" if number is None else f"{number:.4g}" for number in value.values()]
    return words[0] if len(set(words)) == 1 else " / ".join(words)


def _run_line(snapshot: Any, language: Language) -> str:
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


def _case_lines(snapshot: SweepSnapshot, language: Language) -> list[str]:
    from drills.typography import cell_width, pad

    width = max(cell_width(case.name) for case in snapshot.cases)
    lines = []
    for case in snapshot.cases:
        line = text(
            "cli.lab.case",
            iteration=f"{snapshot.iteration:6d}",
            name=pad(case.name, width),
            low=_loss(case.loss[0]),
            median=_loss(case.loss[1]),
            high=_loss(case.loss[2]),
            solved=f"{100 * case.solved:5.1f}",
            arrived=f"{100 * case.arrived:5.1f}",
        ).in_(language)
        if case.ended:
            last = max(case.ended, key=lambda end: end.divergence.iteration)
            line += "  " + text(
                "cli.lab.case_diverged",
                count=f"{len(case.ended)}/{snapshot.replicates}",
                seed=last.seed,
                iteration=last.divergence.iteration,
                norm=f"{last.divergence.gradient_norm:.0e}",
            ).in_(language)
        lines.append(line)
    return lines


def _loss(number: float) -> str:
    return f"{number:7.4f}" if math.isfinite(number) else f"{'-':>7}"


def _recorded(name: str, row: Mapping[str, Any], language: Language) -> tuple[str, str]:
    first = row["first"]
    quarters = {key: "-" if value is None else f"{value:g}" for key, value in first.items()}
    figures = text(
        "cli.lab.recorded_row",
        replicates=row["replicates"],
        solved=f"{100 * row['solved']:.1f}",
        first=quarters["50"],
        low=quarters["25"],
        high=quarters["75"],
        bits=f"{row['bit_accuracy']:.3f}",
        diverged=f"{100 * row['diverged']:.1f}",
    )
    return name, figures.in_(language)
