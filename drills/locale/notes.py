"""Strings of the notes linter."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {
    "notes.files": Text(
        "Markdown, LaTeX or plain text; - reads standard input",
        "Markdown、LaTeX、プレーンテキストのファイル（- で標準入力から読む）",
    ),
    "notes.encoding": Text(
        "{file} is text neither in UTF-8 nor in cp932.",
        "{file} はUTF-8でもcp932でもないため読めません。",
    ),
    "notes.found.one": Text("1 formula recognised, {wrong}.", "認識した数式 1個、{wrong}。"),
    "notes.found.many": Text(
        "{count} formulas recognised, {wrong}.", "認識した数式 {count}個、{wrong}。"
    ),
    "notes.wrong.none": Text("none of them wrong", "誤りなし"),
    "notes.wrong.some": Text("{count} wrong", "誤り {count}個"),
}
