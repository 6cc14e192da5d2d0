"""The argument parser: global options on both sides of the command, argparse in two languages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final, NoReturn

from drills.cli.console import Exit, complain
from drills.cli.context import Context
from drills.cli.start import Globals, language_of_home, start_app
from drills.locale import text
from question_bank.text import Language

COMMANDS: Final = (
    "quiz",
    "answer",
    "drill",
    "formula",
    "notes",
    "lab",
    "exam",
    "plan",
    "stats",
    "show",
    "bank",
    "paths",
    "doctor",
)

# A formula may begin with a minus, which argparse would take for an option. Such a word is marked
# on its way in and unmarked on its way out.
# Commands that open a screen of the app on a name, with the commands below them.
OPEN: Final = "open"
_OPENS: Final = {
    "formula": frozenset({"list", "show", "derive", "check", OPEN}),
    "drill": frozenset({"list", "show", "check", "watch", OPEN}),
}
_TAKE_VALUE: Final = frozenset({"--lang", "--home", "--bank"})

_SHIELD: Final = "\ue000"
_TAKES_MINUS: Final = frozenset({"formula", "answer"})


class ParsingEnded(Exception):  # noqa: N818 (no error: help and version end here too)
    """Parsing ended the command (help, version, a wrong option); ``code`` is its exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Parser(argparse.ArgumentParser):
    """argparse, with its own words in the user's language and one line on what to do next."""

    language: Language = "en"

    def error(self, message: str) -> NoReturn:
        complain(
            text("cli.usage_error", message=message).in_(self.language),
            text("cli.see_help", command=self.prog).in_(self.language),
        )
        raise ParsingEnded(Exit.USAGE)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        if message:
            complain(message.rstrip())
        raise ParsingEnded(status)


def parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, Context]:
    """The options of one command and its surroundings.

    Raises ``ParsingEnded`` when help, the version or a usage error was printed instead.
    """
    language = _language_before_parsing(arguments)
    _translate_argparse(language)
    parser = build(language, arguments)
    options = parser.parse_args(_shield(_opening(list(arguments))))
    for name, value in vars(options).items():
        if isinstance(value, str):
            setattr(options, name, value.replace(_SHIELD, ""))
    if getattr(options, "print_completion", None):
        import shtab

        sys.stdout.write(shtab.complete(parser, options.print_completion))
        raise ParsingEnded(Exit.FINE)
    return options, _context(options)


def build(language: Language, arguments: Sequence[str] = ("--print-completion",)) -> Parser:
    """The parser of the command line, in ``language``.

    Only commands that ``arguments`` may mean get their options, since each is a module to import
    and the app's first frame waits for it; for completion all do.
    """
    common = _global_options(language)
    parser = Parser(
        prog="bptt",
        description=text("cli.description").in_(language),
        parents=[common],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.language = language
    parser.add_argument(
        "--version", action=_Version, nargs=0, help=text("cli.version").in_(language)
    )
    parser.add_argument(
        "--print-completion",
        choices=("bash", "zsh", "tcsh"),
        metavar="SHELL",
        help=text("cli.completion").in_(language),
    )
    parser.set_defaults(run=_start, command=None)
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title=text("cli.commands").in_(language)
    )
    everything = any(word.startswith("--print") for word in arguments)
    for name in COMMANDS:
        command = commands.add_parser(
            name,
            help=text(f"cli.{name}").in_(language),
            description=text(f"cli.{name}").in_(language),
            parents=[common],
        )
        command.language = language
        if everything or name in arguments:
            module = import_module(f"drills.cli.commands.{name}")
            module.register(command, language, common)
    return parser


def add_command(
    commands: Any, name: str, help_key: str, language: Language, common: Parser
) -> argparse.ArgumentParser:
    """A command below a command (``bank list``), with the global options."""
    sentence = text(help_key).in_(language)
    parser: Parser = commands.add_parser(
        name, help=sentence, description=sentence, parents=[common]
    )
    parser.language = language
    return parser


def add_opening(commands: Any, name: str, run: Any, language: Language, common: Parser) -> None:
    """The command that ``formula TARGET`` stands for; the help does not list it."""
    parser: Parser = commands.add_parser(OPEN, parents=[common])
    parser.language = language
    parser.add_argument(name, metavar=name.upper())
    parser.set_defaults(run=run)


def add_json(parser: argparse.ArgumentParser, language: Language) -> None:
    """The option ``--json``, which every command that prints data takes."""
    parser.add_argument("--json", action="store_true", help=text("cli.json").in_(language))


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from engine import __version__

        print(f"bptt-dojo {__version__}")
        raise ParsingEnded(Exit.FINE)


def _global_options(language: Language) -> Parser:
    # SUPPRESS: an option that was not given below the command must not undo the one above it.
    parser = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    parser.add_argument("--lang", choices=("en", "ja"), help=text("cli.lang").in_(language))
    parser.add_argument(
        "--bank", action="append", metavar="DIR", help=text("cli.bank_option").in_(language)
    )
    parser.add_argument("--home", metavar="DIR", help=text("cli.home").in_(language))
    return parser


def _opening(arguments: list[str]) -> list[str]:
    """``formula rnn.u`` as ``formula open rnn.u``: a name where a command could be."""
    place = next((n for n, word in enumerate(arguments) if word in _OPENS), None)
    if place is None:
        return arguments
    following = place + 1
    while following < len(arguments) and arguments[following] in _TAKE_VALUE:
        following += 2
    word = arguments[following] if following < len(arguments) else "-"
    if word.startswith("-") or word in _OPENS[arguments[place]]:
        return arguments
    return [*arguments[:following], OPEN, *arguments[following:]]


def _shield(arguments: list[str]) -> list[str]:
    if not _TAKES_MINUS & set(arguments):
        return arguments
    return [
        _SHIELD + word
        if word.startswith("-") and not word.startswith("--") and word not in {"-", "-h"}
        else word
        for word in arguments
    ]


def _language_before_parsing(arguments: Sequence[str]) -> Language:
    """The language of usage errors: ``--lang`` wherever it stands, else setting or locale."""
    home = None
    for position, word in enumerate(arguments):
        name, equals, value = word.partition("=")
        following = arguments[position + 1] if position + 1 < len(arguments) else ""
        given = value if equals else following
        if name == "--lang" and given in ("en", "ja"):
            return "ja" if given == "ja" else "en"
        if name == "--home":
            home = given
    return language_of_home(home)


def _context(options: argparse.Namespace) -> Context:
    given = Globals(
        getattr(options, "lang", None),
        getattr(options, "home", None),
        tuple(getattr(options, "bank", None) or ()),
    )
    return given.context()


def _start(options: argparse.Namespace, context: Context) -> int:
    return start_app(context)


# argparse's own words. It looks them up with gettext; a catalogue of a dozen entries needs none.
_ARGPARSE_JA: Final = {
    "usage: ": "使い方：",
    "options": "オプション",
    "positional arguments": "引数",
    "show this help message and exit": "この説明を表示して終わる",
    "the following arguments are required: %s": "次の引数が必要です：%s",
    "unrecognized arguments: %s": "使えない引数です：%s",
    "expected one argument": "値が1つ必要です",
    "expected at least one argument": "値が1つ以上必要です",
    "argument %(argument_name)s: %(message)s": "引数 %(argument_name)s：%(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "%(value)r は選べません（選択肢：%(choices)s）"
    ),
    "invalid %(type)s value: %(value)r": "%(value)r は %(type)s として読めません",
    "not allowed with argument %s": "%s とは同時に使えません",
    "one of the arguments %s is required": "%s のどれかが必要です",
    "ambiguous option: %(option)s could match %(matches)s": (
        "%(option)s は曖昧です（候補：%(matches)s）"
    ),
}


def _translate_argparse(language: Language) -> None:
    words = _ARGPARSE_JA if language == "ja" else {}

    def translate(message: str) -> str:
        return words.get(message, message)

    argparse._ = translate  # type: ignore[attr-defined]
