"""Strings of reports on wrong items, of what is copied, and of the palette."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {
    "report.title": Text("Report a wrong item", "問題の誤りを報告"),
    "report.heading": Text("Wrong item: {name}", "問題の誤り：{name}"),
    "report.item": Text("Item: {name} ({kind}, {face})", "問題：{name}（{kind}、{face}）"),
    "report.version": Text("Version of the item: {hash}", "問題のバージョン：{hash}"),
    "report.program": Text(
        "Program: bptt-dojo {version}, language {language}",
        "プログラム：bptt-dojo {version}、言語 {language}",
    ),
    "report.seed": Text("Seed: {seed}", "シード：{seed}"),
    "report.values": Text("Drawn values: {values}", "数値：{values}"),
    "report.order": Text("Order of the parts: {order}", "並び順：{order}"),
    "report.place": Text("File: {place}", "ファイル：{place}"),
    "report.presented": Text("As presented", "表示された内容"),
    "report.answer": Text("My answer", "自分の解答"),
    "report.no_answer": Text("(none)", "（なし）"),
    "report.verdict": Text("Verdict", "判定"),
    "report.not_judged": Text("(not judged yet)", "（まだ判定されていません）"),
    "report.mistakes": Text("Named mistakes: {codes}", "特定された誤り：{codes}"),
    "report.read_as": Text("Read as: {reading}", "読み取り：{reading}"),
    "report.wrong": Text("What is wrong", "どこが誤りか"),
    "report.write_here": Text("(please write here)", "（ここに書いてください）"),
    "report.copied": Text(
        "Copied. A terminal that allows no copying keeps its clipboard: then save it with s.",
        "コピーしました。端末がコピーを許可していない場合は、sでファイルに保存してください。",
    ),
    "report.copied_task": Text(
        "Copied: the item, the answer and the verdict.", "問題・解答・判定をコピーしました。"
    ),
    "report.saved": Text("Saved as {path}", "{path} に保存しました。"),
    "report.unsaved": Text(
        "It could not be saved: {why}. It stays on the screen.",
        "保存できませんでした（{why}）。内容は画面に残っています。",
    ),
    "report.palette": Text("Commands", "コマンド"),
    "report.palette.search": Text("Type to search", "入力して検索"),
    "report.palette.nothing": Text("No command is called that.", "該当するコマンドはありません。"),
    "report.palette.key": Text("Here: {word}", "この画面：{word}"),
    "report.palette.go": Text("Go to: {word}", "移動：{word}"),
    "report.palette.page": Text("Handbook: {word}", "ハンドブック：{word}"),
    "report.palette.theme": Text("Theme: {word}", "配色：{word}"),
    "report.palette.frames": Text("Frames: {word}", "罫線：{word}"),
    "report.palette.frames.line": Text("lines", "罫線文字"),
    "report.palette.frames.ascii": Text("ASCII only", "ASCIIのみ"),
    "report.palette.now": Text(" (now)", "（現在）"),
    "report.unremembered": Text(
        "It holds until you leave; it could not be saved: {why}.",
        "終了するまで有効です。保存はできませんでした（{why}）。",
    ),
}
