"""The command line. What users script against is written down in the README and kept.

Exit codes: 0 fine or right, 1 wrong or problems found, 2 usage, 3 not judged, 130 interrupted.
Nothing heavy is imported before the command is known: ``bptt --version`` must be quick.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from drills.cli.console import Exit, complain, prepare_streams
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from drills.cli.context import Context


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    prepare_streams()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not _one_house():
        return Exit.USAGE
    if arguments == ["--version"]:
        # Scripts ask for it alone, and often: no parser, no settings.
        from engine import __version__

        print(f"bptt-dojo {__version__}")
        return Exit.FINE
    from drills.cli.start import only_globals, start_app

    given = only_globals(arguments)
    if given is not None:
        context = given.context()
        return _run(lambda: start_app(context), context)
    from drills.cli.parser import ParsingEnded, parse

    try:
        options, context = parse(arguments)
    except ParsingEnded as end:
        return end.code
    return _run(lambda: int(options.run(options, context)), context)


def _run(command: Callable[[], int], context: Context) -> int:
    """The exit code of a command, whatever becomes of it."""
    try:
        code = command()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (``| head``): not an error, and nothing may be flushed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FINE
    except Exception as error:
        if os.environ.get("BPTT_TRACEBACK"):
            raise
        return _explain(error, context)
    return code


# Not in drills.locale: this is said when even our own packages may be somebody else's.
_TWO_HOUSES = Text(
    "The packages of bptt-dojo come from different places, so another program's package of that "
    "name is in the way:\n{listed}\nInstall bptt-dojo alone (pipx install bptt-dojo), or leave "
    "that folder out of PYTHONPATH.",
    "bptt-dojoのパッケージが別々の場所から読み込まれています。同じ名前の別のパッケージが優先されて"
    "います:\n{listed}\npipx install bptt-dojo のように単独でインストールするか、PYTHONPATHから"
    "そのフォルダを外してください。",
)


def _one_house() -> bool:
    """Whether the three packages come from one place; ``engine`` is a name that others use too."""
    from importlib.util import find_spec

    places = {}
    for name in ("drills", "engine", "question_bank"):
        spec = find_spec(name)
        origin = spec.origin if spec else None
        places[name] = os.path.dirname(os.path.dirname(origin)) if origin else None
    if len(set(places.values())) == 1 and None not in places.values():
        return True
    listed = "\n".join(f"  {name}: {place}" for name, place in places.items())
    language: Language = "ja" if os.environ.get("LANG", "").startswith("ja") else "en"
    complain(_TWO_HOUSES.fill(listed=listed).in_(language))
    return False


def _explain(error: Exception, context: Context) -> int:
    """A problem that was foreseen says itself; another is logged and its log named."""
    from drills.locale import text

    said = context.message_of(error)
    if said is not None:
        complain(said)
        return Exit.USAGE
    log = context.write_crash_log(error)
    complain(text("cli.crash", error=type(error).__name__, log=log).in_(context.language))
    return Exit.USAGE
