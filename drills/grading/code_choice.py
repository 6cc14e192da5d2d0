"""The exam form of a code exercise: which of four texts belongs in one blank?

Nobody wrote the wrong ones: they are mistakes in the reference that were proved wrong by running.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drills.grading.base import LETTERS
from drills.locale import text
from question_bank.text import Text

if TYPE_CHECKING:
    from drills.verdict import Verdict
    from engine.code.choices import Distractor
    from engine.code.exercise import Exercise
    from question_bank.model import Bank, ExerciseEntry

OPTIONS = 4


@dataclass(frozen=True)
class BlankQuestion:
    """One blank with its options, the right one first; ``code`` shows the reference elsewhere."""

    letter: str
    code: str
    right: str
    wrong: tuple[Distractor, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every option, the right one first."""
        return (self.right, *(distractor.text for distractor in self.wrong))


def blank_question(entry: ExerciseEntry, letter: str, seed: int) -> BlankQuestion:
    """The question about one blank; the same seed gives the same options.

    Raises:
        KeyError: for a letter that is no blank.
    """
    from drills.grading.code import parsed, runnable
    from engine.code.choices import right_text
    from engine.code.judge import shared_judge

    exercise = parsed(entry)
    blank = {each.letter: each for each in exercise.blanks}[letter]
    wrong = shared_judge().choices(exercise, letter, seed) if runnable(entry) else ()
    return BlankQuestion(letter, only_blank(exercise, letter), right_text(blank), wrong)


def only_blank(exercise: Exercise, letter: str) -> str:
    """The source with one blank, and the reference in the others."""
    others = {blank.letter: blank.reference for blank in exercise.blanks}
    # A mark that no code contains holds the blank's place while the others are filled.
    others[letter] = "____"
    rows = exercise.fill(others).splitlines()
    number = next(i for i, row in enumerate(rows) if "____" in row)
    rows[number] += f"  # ({letter})"
    return "\n".join(rows) + "\n"


def drawn_blank(exercise: Exercise, item: str, seed: int) -> str:
    """The blank that a presentation asks for, where the item names none."""
    letters = [blank.letter for blank in exercise.blanks]
    return random.Random(f"{item}/choice/{seed}/blank").choice(letters)  # noqa: S311


def lettered(question: BlankQuestion, order: tuple[int, ...]) -> list[tuple[str, str]]:
    """(letter, text) in the order shown."""
    shown = [index for index in order if index < len(question.texts)]
    return [(LETTERS[place], question.texts[index]) for place, index in enumerate(shown)]


def verdict_on(
    bank: Bank, entry: ExerciseEntry, question: BlankQuestion, chosen: Distractor, item: str | None
) -> Verdict:
    """Why a wrong option is wrong: its mistake by name, else what running it shows."""
    from drills.grading.code import judge_source, parsed
    from drills.grading.code_feedback import verdict_of
    from engine.code.judgement import CodeJudgement, feedback_keys
    from engine.code.naming import NamedMistake

    source = parsed(entry).fill({question.letter: chosen.text})
    if not chosen.code:
        return judge_source(bank, entry, source, item=item)
    at = {"blank": question.letter, "found": chosen.text, "expected": question.right}
    if chosen.bug is not None:
        at["bug"] = chosen.bug
    mistakes = (NamedMistake(chosen.code, None, at),)
    judgement = CodeJudgement("wrong", mistakes=mistakes, feedback=feedback_keys(mistakes))
    return verdict_of(judgement, entry, bank.mistakes, source, item=item, face="choice")


def problems(entry: ExerciseEntry, letters: list[str]) -> list[Text]:
    """Blanks without enough wrong texts, and wrong texts that the judge lets pass."""
    from drills.grading.code import parsed
    from engine.code.judge import shared_judge

    exercise, judge = parsed(entry), shared_judge()
    found = []
    for letter in letters:
        wrong = judge.choices(exercise, letter, 0)
        if len(wrong) < OPTIONS - 1:
            found.append(text("code.few_choices", name=entry.name, letter=letter, n=len(wrong)))
        for distractor in wrong:
            source = exercise.fill({letter: distractor.text})
            if judge.check(exercise, source, seed=1, shrink=False).outcome != "wrong":
                found.append(text("code.choice_passes", name=entry.name, choice=distractor.text))
    return found
