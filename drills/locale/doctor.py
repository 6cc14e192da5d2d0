"""Strings of ``bptt doctor``: what holds here, and what is missing."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {
    "doctor.fine": Text("Nothing that you need is missing.", "必要なものはすべてそろっています。"),
    "doctor.missing": Text(
        "{n} things are missing; they are marked with ✗.",
        "足りないものが{n}件あります（✗の行）。",
    ),
    # Headings
    "doctor.area.program": Text("Program", "プログラム"),
    "doctor.area.terminal": Text("Terminal", "端末"),
    "doctor.area.progress": Text("Progress", "学習記録"),
    "doctor.area.bank": Text("Question banks", "問題集"),
    "doctor.area.code": Text(
        "Running your code: what holds on this system",
        "コードの実行：このシステムで守られること",
    ),
    "doctor.failed": Text(
        "This could not be looked at ({why}).", "確認できませんでした（{why}）。"
    ),
    # Program
    "doctor.system": Text("system", "システム"),
    "doctor.system.tried": Text("{name}", "{name}"),
    "doctor.system.untried": Text(
        "{name}; written for it, but not tried there",
        "{name}（対応していますが、動作は未確認です）",
    ),
    "doctor.python.old": Text(
        "{version}; {least} or newer is needed", "{version}（{least}以上が必要です）"
    ),
    "doctor.package.absent": Text("not installed", "インストールされていません"),
    "doctor.package.old": Text(
        "{version}; {least} or newer is needed", "{version}（{least}以上が必要です）"
    ),
    "doctor.package.colours": Text(
        "not installed: the code editor shows no colours",
        "インストールされていません（コードエディタの色分けなし）",
    ),
    # Terminal
    "doctor.size": Text("size", "大きさ"),
    "doctor.size.none": Text(
        "the output is not a terminal; the app needs one, commands do not",
        "出力先が端末ではありません。アプリには端末が必要ですが、コマンドはこのまま使えます",
    ),
    "doctor.size.is": Text("{width} × {height}", "{width} × {height}"),
    "doctor.size.small": Text(
        "{width} × {height}; the app needs {least_width} × {least_height}",
        "{width} × {height}（アプリには{least_width} × {least_height}以上が必要です）",
    ),
    "doctor.colours": Text("colours", "色"),
    "doctor.colours.none": Text(
        "none; every colour has a word or a sign beside it",
        "なし（色と同じことを文字や記号でも示します）",
    ),
    "doctor.colours.is": Text("{n}", "{n}色"),
    "doctor.encoding": Text("characters", "文字コード"),
    "doctor.encoding.is": Text("{name}", "{name}"),
    "doctor.encoding.poor": Text(
        "{name}; signs that it lacks are printed in ASCII",
        "{name}（表示できない記号はASCIIで代用します）",
    ),
    "doctor.ambiguous": Text("width of σ, ─", "σや─の幅"),
    "doctor.ambiguous.1": Text("1 cell, as the app draws", "1桁（アプリの描画と一致）"),
    "doctor.ambiguous.2": Text(
        "2 cells: lines will not align. Set ambiguous characters to narrow in the terminal, or "
        '"frames": "ascii" in {path}',
        "2桁のため表示がずれます。端末の設定で曖昧な幅の文字を半角にするか、{path} に "
        '"frames": "ascii" と書いてください',
    ),
    "doctor.ambiguous.unknown": Text(
        "the terminal does not say", "端末から応答がなく、わかりません"
    ),
    # Progress
    "doctor.home": Text("kept in", "保存先"),
    "doctor.home.writable": Text("{path}", "{path}"),
    "doctor.home.will": Text(
        "{path}; made with the first answer", "{path}（最初の解答のときに作られます）"
    ),
    "doctor.home.unwritable": Text(
        "{path} cannot be written ({why}); choose another with --home or BPTT_HOME",
        "{path} に書き込めません（{why}）。--home か BPTT_HOME で別のフォルダを指定してください",
    ),
    # Banks
    "doctor.bank.is": Text(
        "{items} items, {exercises} code exercises", "{items}問、コード演習{exercises}題"
    ),
    "doctor.bank.problems": Text(
        "{items} items, {exercises} code exercises; {n} problems, see: bptt bank check {folder}",
        "{items}問、コード演習{exercises}題。不備が{n}件あります（bptt bank check {folder} で確認）",
    ),
    "doctor.bank.more": Text("and {n} more", "ほか{n}件"),
    "doctor.bank.built_in": Text("built-in", "内蔵"),
    # The runner
    "doctor.runner": Text("a trial run", "試しに実行"),
    "doctor.runner.fork": Text(
        "answered, in a process forked from a warm one",
        "正常に動作（準備済みのプロセスから分かれて実行）",
    ),
    "doctor.runner.spare": Text(
        "answered, in a process started ahead", "正常に動作（あらかじめ起動したプロセスで実行）"
    ),
    "doctor.runner.failed": Text(
        "no answer ({how}); code drills will not work here, and nothing below is known",
        "応答がありません（{how}）。ここではコード演習を使えません",
    ),
    "doctor.layers": Text("not used here", "使えない仕組み"),
    "doctor.foreign": Text("other authors' exercises", "他の作者の演習"),
    "doctor.foreign.run": Text("run here", "実行できます"),
    "doctor.foreign.refused": Text(
        "are refused here, since your files are not out of reach",
        "ファイルを十分に守れないため、ここでは実行しません",
    ),
    # Promises
    "doctor.pass-cannot-be-forged": Text("a pass cannot be forged", "合格の偽造の防止"),
    "doctor.pass-cannot-be-forged.yes": Text(
        "Only right numbers pass, and code cannot read the solution.",
        "正しい数値だけが合格し、コードから模範解答は読めません。",
    ),
    "doctor.pass-cannot-be-forged.partly": Text(
        "Only right numbers pass, but code could read the solution from the disk.",
        "正しい数値だけが合格しますが、コードからディスク上の模範解答を読めてしまいます。",
    ),
    "doctor.time-and-output-limited": Text("time, output, result size", "時間・出力・結果量の制限"),
    "doctor.time-and-output-limited.yes": Text(
        "Limited: what does not end is ended.", "制限あり。終わらないコードは打ち切ります。"
    ),
    "doctor.memory-limited": Text("memory", "メモリの制限"),
    "doctor.memory-limited.yes": Text("Limited to {gib} GiB.", "{gib} GiBまでに制限します。"),
    "doctor.memory-limited.no": Text(
        "Not limited here: a huge array can slow the machine down.",
        "制限できません。巨大な配列を作ると、動作が重くなることがあります。",
    ),
    "doctor.nothing-left-running": Text("nothing left running", "プロセスの後片付け"),
    "doctor.nothing-left-running.yes": Text(
        "Code starts no other program, and its process is ended.",
        "コードから別のプロセスは起動できず、実行後はプロセスを終了させます。",
    ),
    "doctor.nothing-left-running.partly": Text(
        "Processes are swept up afterwards; one that hides well may stay.",
        "実行後にプロセスを片付けますが、巧妙に隠れたものは残ることがあります。",
    ),
    "doctor.files-unharmed": Text("your files unharmed", "ファイルの保護"),
    "doctor.files-unharmed.yes": Text(
        "Code can write, change and delete nothing.",
        "コードからファイルの書き込み、変更、削除はできません。",
    ),
    "doctor.files-unharmed.partly": Text(
        "Contents are safe; permissions and times of files are not.",
        "内容は守られますが、アクセス権や日時は変えられてしまいます。",
    ),
    "doctor.files-unharmed.no": Text(
        "Not guarded here: code can do to files what you can.",
        "守られません。コードからファイルに対して、自分と同じ操作ができてしまいます。",
    ),
    "doctor.files-unread": Text("your files unread", "ファイルの秘匿"),
    "doctor.files-unread.yes": Text(
        "Code reads only Python's, NumPy's and the system's libraries.",
        "コードから読めるのは、Python、NumPy、システムのライブラリだけです。",
    ),
    "doctor.files-unread.partly": Text(
        "Home folders are closed to code, other places are not.",
        "ホームフォルダは読めませんが、それ以外の場所は読めます。",
    ),
    "doctor.files-unread.no": Text(
        "Not guarded here: code can read what you can.",
        "守られません。自分が読めるファイルは、コードからも読めてしまいます。",
    ),
    "doctor.no-network": Text("no network", "通信の遮断"),
    "doctor.no-network.yes": Text("Code has none.", "コードからは使えません。"),
    "doctor.no-network.partly": Text(
        "TCP may be closed; other ways to send are open.",
        "TCPは遮断できることがありますが、ほかの通信手段は使えてしまいます。",
    ),
    "doctor.no-network.no": Text(
        "Not closed here: code can reach it.", "遮断できません。コードから通信できてしまいます。"
    ),
    "doctor.other-programs-unharmed": Text("other programs unharmed", "ほかのプログラムの保護"),
    "doctor.other-programs-unharmed.yes": Text(
        "Code cannot signal, trace or slow them by their settings.",
        "コードからシグナルの送信、追跡、設定の変更はできません。",
    ),
    "doctor.other-programs-unharmed.partly": Text(
        "Code starts none, but can reach those that run.",
        "コードから別のプログラムは起動できませんが、動作中のものに干渉できてしまいます。",
    ),
    "doctor.other-programs-unharmed.no": Text(
        "Not guarded here: code can end what you can end.",
        "守られません。自分が終了できるプログラムは、コードからも終了できてしまいます。",
    ),
}
