"""``code``: blanks to fill or to choose for, or a bug to find; judged by running, contained."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from drills.grading.base import (
    LETTERS,
    Certificate,
    Grader,
    Presentation,
    View,
    failed,
    join,
    letters_in,
    not_understood,
    shuffled,
    verdict,
)
from drills.grading.code_choice import (
    OPTIONS,
    BlankQuestion,
    blank_question,
    drawn_blank,
    lettered,
    verdict_on,
)
from drills.grading.code_choice import problems as choice_problems
from drills.grading.code_feedback import verdict_of
from drills.locale import text
from drills.verdict import Verdict
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from engine.code.exercise import Exercise
    from question_bank.model import Bank, CodeBody, ExerciseEntry, Item


class CodeGrader(Grader):
    """Typed and bug: the answer is the whole source text. Choice: a letter, for one blank."""

    def present(self, item: Item, face: str, seed: int) -> Presentation:
        """The blank and the order of its options; the inputs of a run are the judge's own."""
        if face != "choice":
            return Presentation(item.id, face, seed)
        letter = _body(item).blank or drawn_blank(parsed(self.entry(item)), item.id, seed)
        # The wrong texts are proved here, where one waits anyway, and not while the screen draws.
        blank_question(self.entry(item), letter, seed)
        order = shuffled(item, face, seed, OPTIONS)
        return Presentation(item.id, face, seed, {"blank": letter}, order)

    def grade(self, item: Item, presentation: Presentation, answer: str) -> Verdict:
        """Run the source against the exercise, or name the mistake of the option chosen."""
        from dataclasses import replace

        if presentation.face == "choice":
            return self._grade_choice(item, presentation, answer)
        bug = _body(item).bug if presentation.face == "bug" else None
        found = judge_source(self._bank(), self.entry(item), answer, bug=bug, item=item.id)
        found = replace(found, face=presentation.face, seed=presentation.seed)
        if found.outcome == "correct":
            return replace(found, feedback=join([found.feedback, item.explanation]))
        return found

    def _grade_choice(self, item: Item, presentation: Presentation, answer: str) -> Verdict:
        from dataclasses import replace

        entry, question = self.entry(item), self._question(item, presentation)
        shown = [i for i in presentation.order if i < len(question.texts)]
        letters = letters_in(answer, len(shown))
        if not question.wrong:
            return Verdict("undecided", text("code.reason.not-contained"), item=item.id)
        if letters is None or len(letters) != 1:
            known = ", ".join(LETTERS[: len(shown)])
            return not_understood(item, presentation, "formula.choice_form", letters=known)
        number = shown[LETTERS.index(letters[0])]
        reading = question.texts[number]
        if number == 0:
            said = join([text("code.right_choice"), item.explanation])
            return verdict(item, presentation, "correct", said, reading=reading)
        found = verdict_on(self._bank(), entry, question, question.wrong[number - 1], item.id)
        return replace(found, face="choice", seed=presentation.seed, reading=reading)

    def _question(self, item: Item, presentation: Presentation) -> BlankQuestion:
        letter = str(presentation.values["blank"])
        return blank_question(self.entry(item), letter, presentation.seed)

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
        if "choice" in item.faces:
            letters = [blank.letter for blank in exercise.blanks]
            body = _body(item)
            problems += choice_problems(entry, [body.blank] if body.blank else letters)
        shipped = self.source(item, _body(item).form)
        if judge.check(exercise, shipped, seed=1).outcome == "correct":
            problems.append(text("code.shipped_passes", name=entry.name))
        return failed(*problems) if problems else Certificate("proved")

    def reveal(self, item: Item, presentation: Presentation) -> Text:
        """The reference, without the judge's part."""
        if presentation.face == "choice":
            right = self._question(item, presentation).right
            letter = LETTERS[presentation.order.index(0)]
            return Text(f"{letter}  {right}", f"{letter}  {right}")
        exercise = parsed(self.entry(item))
        return Text(exercise.solution, exercise.worded(exercise.solution, "ja"))

    def view(self, item: Item, presentation: Presentation, language: Language) -> View:
        """Task and file; the code is what the learner starts from."""
        entry = self.entry(item)
        if presentation.face == "choice":
            question = self._question(item, presentation)
            return View(
                f"{item.stem.in_(language)}\n{entry.task.in_(language)}",
                options=tuple(lettered(question, presentation.order)),
                prompt=text("code.prompt.choice", letter=question.letter).in_(language),
                code=parsed(entry).worded(question.code, language),
            )
        return View(
            f"{item.stem.in_(language)}\n{entry.task.in_(language)}",
            prompt=text(f"code.prompt.{presentation.face}").in_(language),
            code=self.source(item, presentation.face, language),
        )

    def source(self, item: Item, face: str, language: Language = "en") -> str:
        """What the learner starts from."""
        exercise = parsed(self.entry(item))
        bug = _body(item).bug
        if face == "bug" and bug:
            return exercise.bug_source(bug, language)
        return exercise.typed_source(language)

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
    if not runnable(entry):
        return Verdict("undecided", text("code.reason.not-contained"), item=item, face=face)
    judgement = judge.check(parsed(entry), source, face, bug)
    return verdict_of(judgement, entry, bank.mistakes, source, item=item, face=face)


def runnable(entry: ExerciseEntry) -> bool:
    """Whether an exercise may run: another author's only where the user's files are out of
    reach."""
    from engine.code.judge import shared_judge

    if entry.built_in:
        return True
    judge = shared_judge()
    judge.warm()
    return bool(judge.confinement().files_safe)


def work_ahead(entry: ExerciseEntry) -> None:
    """Have the warm process and the reference's values ready when the answer comes.

    Another author's exercise is left alone where it may not run.
    """
    from engine.code.judge import shared_judge

    if runnable(entry):
        shared_judge().prepare(parsed(entry))


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
