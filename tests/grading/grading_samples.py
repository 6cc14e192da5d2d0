"""Small items for the graders' tests, and a registry of computations that needs no engine."""

import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

from drills.grading import grader_for
from question_bank.loader import load
from question_bank.text import LANGUAGES

COMMON = """\
- id: {id}
  kind: {kind}
  fact: test.fact
  objectives: [A01]
  level: 1
  seconds: 60
  stem: {{en: "{stem}", ja: "{stem_ja}"}}
  explanation: {{en: "Because{more}.", ja: "理由です{more}。"}}
"""


def bank_of(body, kind, *, id="one", stem="Say.", stem_ja="述べよ。", more="", mistakes=""):
    """A bank with one item of ``kind``; ``body`` holds the kind's own keys."""
    text = COMMON.format(id=id, kind=kind, stem=stem, stem_ja=stem_ja, more=more)
    text += "".join(f"  {line}\n" for line in body.strip("\n").splitlines())
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.yaml").write_text(text, "utf-8")
        if mistakes:
            (Path(folder) / "mistakes").mkdir()
            (Path(folder) / "mistakes" / "m.yaml").write_text(mistakes, "utf-8")
        bank = load([Path(folder)])
    assert not bank.problems, [problem.line("en") for problem in bank.problems]
    return bank


class Desk:
    """One item on the desk: answers go in, verdicts come out."""

    def __init__(self, bank, seed=0):
        self.bank = bank
        self.item = next(iter(bank.items.values()))
        self.grader = grader_for(self.item.kind, bank)
        self.seed = seed
        self.presentation = self.grader.present(self.item, self.item.faces[0], seed)

    def answer(self, text):
        verdict = self.grader.grade(self.item, self.presentation, text)
        assert verdict.item == self.item.id
        assert verdict.seed == self.seed
        for language in LANGUAGES:
            said = verdict.feedback.in_(language)
            assert said
            assert "{" not in said
        return verdict

    def view(self, language="en"):
        return self.grader.view(self.item, self.presentation, language)

    def letter(self, text):
        """The letter under which an option is shown."""
        return next(label for label, shown in self.view().options if shown == text)

    def certificate(self):
        return self.grader.certify(self.item)


@dataclass(frozen=True)
class Doubled:
    """A computation of the double registry."""

    name: str
    parameters: dict
    truth: object
    wrong: object

    def evaluate(self, arguments):
        if set(arguments) != set(self.parameters):
            raise ValueError(f"takes {sorted(self.parameters)}, not {sorted(arguments)}")
        return self.truth(*arguments.values())

    def mistakes(self, arguments):
        if set(arguments) != set(self.parameters):
            raise ValueError(sorted(arguments))
        return [
            SimpleNamespace(code=code, value=value, note="")
            for code, value in self.wrong(**arguments)
        ]


def registry(*computations):
    """Computations by name, as the engine's registry gives them."""
    return {computation.name: computation for computation in computations}


AREA = Doubled(
    "area",
    {"a": None, "b": None},
    lambda a, b: a * b,
    lambda a, b: [("term-added", a + b), ("factor-dropped", a), ("factor-dropped", b)],
)
SHARE = Doubled(
    "share",
    {"a": None, "b": None},
    Fraction,
    lambda a, b: [("order-swapped", Fraction(b, a))],
)
ROOT = Doubled("root", {"a": None}, lambda a: a**0.5, lambda a: [("power-dropped", float(a))])
SHAPE = Doubled(
    "shape", {"a": None, "b": None}, lambda a, b: (a, b), lambda a, b: [("order-swapped", (b, a))]
)
TABLE = Doubled(
    "table",
    {"a": None},
    lambda a: ((a, 0), (1, 2 * a)),
    lambda a: [("transpose-added", ((a, 1), (0, 2 * a)))],
)
SAME = Doubled("same", {"a": None}, lambda a: a, lambda a: [("sign-flipped", a)])
TWINS = Doubled(
    "twins", {"a": None}, lambda a: a, lambda a: [("sum-dropped", 0), ("term-dropped", 0)]
)
REGISTRY = registry(AREA, SHARE, ROOT, SHAPE, TABLE, SAME, TWINS)
