"""Free practice: one formula target or one exercise, outside any session; nothing is scheduled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drills.app.formula_help import formula_hints
from drills.app.tasks import Task
from drills.locale import text
from drills.verdict import Verdict
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from drills.report import About
    from engine.formulas.targets import Target
    from question_bank.model import Bank, ExerciseEntry


class Practice(Task):
    """What is typed stays for as long as the app runs, also when one leaves in mid-answer."""

    def __init__(self, name: str, bank: Bank, drafts: dict[str, str]) -> None:
        super().__init__(bank.mistakes)
        self._bank = bank
        self._name = name
        self._drafts = drafts
        self.draft = drafts.get(name, "")

    def save_draft(self, draft: str) -> None:
        self.draft = draft
        self._drafts[self._name] = draft


class FormulaPractice(Practice):
    """One target; every convention is open, as for ``bptt formula check``."""

    kind = "formula"

    def __init__(self, target: Target, bank: Bank, drafts: dict[str, str]) -> None:
        super().__init__(target.id, bank, drafts)
        self._target = target
        self.target = target.id
        self._all_hints = formula_hints(target)
        self.hints_left = len(self._all_hints)

    def title(self) -> Text:
        return text("app.formula.practice")

    def note(self) -> Text:
        from drills.grading.formula_words import model_title

        return model_title(self._target.model.name) + Text(f" · {self.target}", f" · {self.target}")

    def view(self, language: Language) -> Any:
        from drills.grading.base import View
        from drills.grading.formula_words import target_statement

        stem = (
            text("app.formula.write")
            .in_(language)
            .replace("{what}", target_statement(self._target).in_(language))
        )
        return View(stem, prompt=text("formula.prompt.typed").in_(language))

    def about(self) -> About:
        from drills.report import About

        return About(self._target.id, self.kind)

    def page(self) -> str | None:
        from drills.handbook.finding import topic_of_target

        topic = topic_of_target(self._target.id, self._bank)
        return topic.name if topic else None

    def answer(self, answer: str, guessed: bool) -> Verdict:
        from drills.grading.formula import verdict_of
        from engine.formulas.judge import judge

        self.draft = answer
        self.verdict = verdict_of(judge(answer, target=self._target.id), self._bank.mistakes)
        return self.verdict

    def hint(self) -> Text | None:
        self.hints = self._all_hints[: len(self.hints) + 1]
        self.hints_left = len(self._all_hints) - len(self.hints)
        return self.hints[-1]

    def reveal(self) -> Text:
        from drills.grading.formula_steps import derivation_of

        answer = derivation_of(self._target).answer
        self.solution = Text(answer, answer)
        return self.solution


class CodePractice(Practice):
    """One exercise with its blanks to fill; any hint of any blank may be asked for."""

    kind = "code"

    def __init__(self, entry: ExerciseEntry, bank: Bank, drafts: dict[str, str]) -> None:
        super().__init__(entry.name, bank, drafts)
        from drills.grading.code import parsed

        self._entry = entry
        self._exercise = parsed(entry)
        self._all_hints = tuple(hint for blank in entry.blanks.values() for hint in blank.hints)
        self.hints_left = len(self._all_hints)

    def title(self) -> Text:
        return text("app.code.practice")

    def note(self) -> Text:
        return self._entry.title

    def view(self, language: Language) -> Any:
        from drills.grading.base import View

        code = self._exercise.typed_source(language)
        return View(self._entry.task.in_(language), code=code)

    def get_ready(self) -> None:
        from drills.grading.code import work_ahead

        work_ahead(self._entry)

    def about(self) -> About:
        from drills.report import About

        return About(
            self._entry.name, self.kind, hash=self._entry.hash, place=str(self._entry.place)
        )

    def page(self) -> str | None:
        from drills.handbook.finding import topic_of_section

        topic = topic_of_section(self._entry.section, self._bank)
        return topic.name if topic else None

    def answer(self, answer: str, guessed: bool) -> Verdict:
        from drills.grading.code import judge_source

        self.draft = answer
        self.verdict = judge_source(self._bank, self._entry, answer)
        return self.verdict

    def hint(self) -> Text | None:
        self.hints = self._all_hints[: len(self.hints) + 1]
        self.hints_left = len(self._all_hints) - len(self.hints)
        return self.hints[-1] if self.hints else None

    def reveal(self) -> Text:
        solution = self._exercise.solution
        self.solution = Text(solution, self._exercise.worded(solution, "ja"))
        return self.solution
