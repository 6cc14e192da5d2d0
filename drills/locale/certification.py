"""Strings of ``bank certify``."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {
    "certification.items": Text("{n} items", "{n}問"),
    "certification.progress_items": Text("Items: {done} of {of}", "問題：{of}問中{done}問"),
    "certification.progress_run": Text("Repeated runs: {run}", "再実行：{run}"),
    "certification.progress_exercise": Text("Exercise {name}", "コード演習 {name}"),
    "certification.progress_formulas": Text(
        "Formulas: {done} of {of} surveys", "数式：{of}件中{done}件を調査"
    ),
    "certification.proved": Text("proved by computing", "計算により証明"),
    "certification.sourced": Text("with a source", "出典あり"),
    "certification.neither": Text("neither", "どちらもなし"),
    "certification.failures": Text("failed", "不合格"),
    "certification.objectives": Text("objectives covered", "学習目標"),
    "certification.exercises": Text("exercises", "コード演習"),
    "certification.formulas": Text("formula targets", "数式"),
    "certification.of": Text("{n} of {of}", "{of}件中{n}件"),
    "certification.mutants": Text(
        "{count}; {mutants} mutants, {equivalent} equivalent, {survived} survived",
        "{count}件、変異体{mutants}件（等価{equivalent}、生存{survived}）",
    ),
    "certification.rewritings": Text(
        "{count}; {mutants} mutants, {equivalent} equivalent, {survived} survived; "
        "{rewritings} rewritings, {rejected} rejected",
        "{count}件、変異体{mutants}件（等価{equivalent}、生存{survived}）、"
        "書き換え{rewritings}件（拒否{rejected}）",
    ),
    "certification.survivor": Text(
        "{target}: the mutant {mutant} is accepted under {conventions}.",
        "{target}：変異体 {mutant} が規約 {conventions} の下で正解と判定されます。",
    ),
    "certification.rejected": Text(
        "{n} rewritings of right formulas are refused.",
        "正しい式の書き換えのうち{n}件が不正解と判定されます。",
    ),
    "certification.exercise_problem": Text("{problem}", "{problem}"),
    "certification.unproved_key": Text(
        "The key cannot be derived: the judge says {outcome} of {formula}.",
        "正答を導けません。{formula} の判定は {outcome} です。",
    ),
}
