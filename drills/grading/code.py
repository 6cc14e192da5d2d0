"""``code``: blanks to fill, or a bug to find; judged by running, in a contained child process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from drills.grading.base import Certificate, Grader, Presentation, View, failed, join
from drills.grading.code_feedback import verdict_of
from drills.locale import text
from drills.verdict import Verdict
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from engine.code.exercise import Exercise
    from question_bank.model import Bank, CodeBody, ExerciseEntry, Item


class CodeGrader(Grader):
    """The answer is the whole source text, whichever face it was made in."""

    def present(self, item: Item, face: str, seed: int) -> Presentation:
        """Nothing is drawn: inputs are the judge's, new for each submission."""
        return Presentation(item.id, face, seed)

    def grade(self, item: Item, presentation: Presentation, answer: str) -> Verdict:
        """Run the source against the exercise."""
        from dataclasses import replace

        bug = _body(item).bug if presentation.face == "bug" else None
        verdict = judge_source(self._bank(), self.entry(item), answer, bug=bug, item=item.id)
        verdict = replace(verdict, face=presentation.face, seed=presentation.seed)
        if verdict.outcome == "correct":
            return replace(verdict, feedback=join([verdict.feedback, item.explanation]))
        return verdict

    def certify(self, item: Item) -> Certificate:
        """The reference passes and what is shipped fails; the mutants are the exercise's proof."""
        from engine.code.exercise import ExerciseError
        from engine.code.judge import shared_judge

        name = _body(item).exercise
        if name not in self._bank().exercises:
            return failed(text("code.no_exercise", name=name))
        entry = self.entry(item)
        try:
            exercise = parsed(entry)
        except ExerciseError as error:
            return failed(text("code.bad_exercise", name=name, why=error))
        judge = shared_judge()
        problems = []
        if judge.check(exercise, exercise.solution, seed=1).outcome != "correct":
            problems.append(text("code.reference_fails", name=entry.name))
        shipped = self.source(item, _body(item).form)
        if judge.check(exercise, shipped, seed=1).outcome == "correct":
            problems.append(text("code.shipped_passes", name=entry.name))
        return failed(*problems) if problems else Certificate("proved")

    def reveal(self, item: Item, presentation: Presentation) -> Text:
        """The reference, without the judge's part."""
        solution = parsed(self.entry(item)).solution
        return Text(solution, solution)

    def view(self, item: Item, presentation: Presentation, language: Language) -> View:
        """Task and file; the code is what the learner starts from."""
        entry = self.entry(item)
        return View(
            f"{item.stem.in_(language)}\n{entry.task.in_(language)}",
            prompt=text(f"code.prompt.{presentation.face}").in_(language),
            code=self.source(item, presentation.face),
        )

    def source(self, item: Item, face: str) -> str:
        """What the learner starts from."""
        exercise = parsed(self.entry(item))
        bug = _body(item).bug
        return exercise.bug_source(bug) if face == "bug" and bug else exercise.typed_source()

    def entry(self, item: Item) -> ExerciseEntry:
        """The exercise of an item. Raises ``KeyError`` when the bank lacks it."""
        return self._bank().exercises[_body(item).exercise]

    def _bank(self) -> Bank:
        return self.bank if self.bank is not None else _built_in()


def judge_source(
    bank: Bank,
    entry: ExerciseEntry,
    source: str,
    *,
    bug: str | None = None,
    item: str | None = None,
) -> Verdict:
    """The verdict on a source text against an exercise."""
    from engine.code.judge import shared_judge

    face = "bug" if bug else "typed"
    judge = shared_judge()
    if not entry.built_in and not _contained(judge):
        return Verdict("undecided", text("code.reason.not-contained"), item=item, face=face)
    judgement = judge.check(parsed(entry), source, face, bug)
    return verdict_of(judgement, entry, bank.mistakes, source, item=item, face=face)


def _contained(judge: Any) -> bool:
    """Whether another author's exercise may run: only where the user's files are out of reach."""
    judge.warm()
    return bool(judge.confinement().files_safe)


def certify_exercise(entry: ExerciseEntry, *, full: bool) -> dict[str, Any]:
    """Mutants, equivalents and survivors of an exercise, with what is wrong with it."""
    from engine.code.certification import certify

    found = certify(parsed(entry), full=full)
    return {
        "mutants": found.mutants,
        "equivalent": len(found.equivalent),
        "survived": len(found.survived),
        "problems": list(found.problems),
    }


_exercises: dict[tuple[str, str], Exercise] = {}


def parsed(entry: ExerciseEntry) -> Exercise:
    """The engine's exercise; parsed once for each content."""
    from engine.code.exercise import Exercise

    key = entry.name, entry.hash
    if key not in _exercises:
        _exercises[key] = Exercise.parse(entry.name, entry.source, entry.spec)
    return _exercises[key]


def blank_letters(entry: ExerciseEntry) -> list[str]:
    """The letters of the blanks, in the order of the file."""
    return [blank.letter for blank in parsed(entry).blanks]


def fill_blanks(entry: ExerciseEntry, filled: Mapping[str, str]) -> str:
    """The source with each blank replaced; further lines of an answer keep the blank's indent."""
    exercise = parsed(entry)
    rows = exercise.typed_source().splitlines()
    for blank in exercise.blanks:
        row = rows[blank.line - 1]
        before, _, after = row.partition("____")
        indent = before if before.isspace() else " " * (len(before) - len(before.lstrip()))
        answer = ("\n" + indent).join(filled.get(blank.letter, "____").splitlines() or ["____"])
        rows[blank.line - 1] = before + answer + after
    return "\n".join(rows) + "\n"


def mend_lines(entry: ExerciseEntry, bug: str, lines: Mapping[int, str]) -> str:
    """The shipped source with lines (from 1) replaced; indentation is kept if none is typed."""
    rows = parsed(entry).bug_source(bug).splitlines()
    for number, line in lines.items():
        if 1 <= number <= len(rows):
            old = rows[number - 1]
            indent = old[: len(old) - len(old.lstrip())]
            typed = line.rstrip()
            rows[number - 1] = typed if typed[:2].isspace() else indent + typed.strip()
    return "\n".join(rows) + "\n"


def _body(item: Item) -> CodeBody:
    from question_bank.model import CodeBody

    assert isinstance(item.body, CodeBody)
    return item.body


@lru_cache(maxsize=1)
def _built_in() -> Bank:
    from question_bank.index import open_bank

    return open_bank(None)
