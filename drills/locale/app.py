"""Strings of the area ``app``: screens and notes; keys, help and learning have modules of their own."""

from drills.locale import help, keys, learning
from question_bank.text import Text

TEXTS: dict[str, Text] = {
    **keys.TEXTS,
    **help.TEXTS,
    **learning.TEXTS,
    "app.name": Text("bptt-dojo", "bptt-dojo"),
    "app.list": Text(", ", "、"),
    "app.language.en": Text("English", "English"),
    "app.language.ja": Text("日本語", "日本語"),
    "app.too_small": Text(
        "This terminal has {width}×{height} cells. bptt-dojo needs 60×15 or more: enlarge the "
        "window or make the letters smaller. Ctrl+Q quits.",
        "この端末は{width}×{height}文字です。bptt-dojoには60×15以上が必要です。"
        "ウィンドウを広げるか、文字を小さくしてください。Ctrl+Qで終了します。",
    ),
    # Home
    "app.home.opening": Text("Opening the question bank", "問題集を開いています"),
    "app.home.resume": Text(
        "Enter: resume at {position}/{count}", "Enter：続きから始める（{position}/{count}）"
    ),
    "app.home.start": Text("Enter: start tonight's session", "Enter：今日の演習を始める"),
    "app.home.nothing": Text(
        "Nothing is due and nothing is new. Choose a section to practise anyway, or watch the lab.",
        "復習も新しい問題もありません。分野を選んで練習するか、実験をご覧ください。",
    ),
    "app.home.counts": Text("{due} due, {new} new", "復習 {due}問、新規 {new}問"),
    "app.home.problems": Text(
        "{count} problems in the question bank; 'bptt bank check' lists them.",
        "問題集に{count}件の不備があります。bptt bank check で一覧できます。",
    ),
    "app.home.column.recall": Text("known tomorrow", "明日の定着度"),
    "app.home.row.mixed": Text("All sections, mixed", "全分野から出題"),
    "app.home.row.resume": Text("Resume the session", "演習を再開"),
    "app.home.row.due": Text("{due} due", "復習 {due}"),
    "app.home.row.items": Text("{items} items", "{items}問"),
    # Tasks
    "app.task.place": Text("Question {position} / {count}", "問題 {position} / {count}"),
    "app.task.note": Text(
        " · level {level} · about {seconds} s", " · 難度{level} · 目安{seconds}秒"
    ),
    "app.task.solution": Text("Answer: {answer}", "正解：{answer}"),
    "app.task.of": Text(": ", "："),
    "app.task.back_today": Text("Comes back today", "今日もう一度出題"),
    "app.task.back_tomorrow": Text("Comes back tomorrow", "次の出題は明日"),
    "app.task.back": Text("Comes back in {days} days", "次の出題は{days}日後"),
    "app.task.guessed": Text("guessed", "勘"),
    "app.task.hints_used": Text("hints: {count}", "ヒント：{count}"),
    "app.task.judging": Text("Judging", "判定しています"),
    # Formula
    "app.formula.practice": Text("Formula · free practice", "式 · 自由練習"),
    "app.formula.write": Text("Write the {what}.", "{what}を書け。"),
    "app.formula.spellings": Text(
        "Ways to type\n"
        "sum     sum(s=0..T_t, ...)\n"
        "time    x[t-s]  or  x^{t-s}\n"
        "transpose   .T  or  ^T\n"
        "product     @  or  *\n"
        "elementwise ⊙\n"
        "derivative  f'(u[t])\n"
        "LaTeX and NumPy are read, too.",
        "入力のしかた\n"
        "総和   sum(s=0..T_t, ...)\n"
        "時刻   x[t-s] または x^{t-s}\n"
        "転置   .T または ^T\n"
        "積     @ または *\n"
        "要素積 ⊙\n"
        "導関数 f'(u[t])\n"
        "LaTeXやNumPyの書き方でも読み取ります。",
    ),
    "app.formula.hint.shape": Text(
        "The result has the shape {shape}.", "結果の形状は {shape} です。"
    ),
    "app.formula.hint.one_term": Text(
        "It is one term, written with: {symbols}.", "1つの項で、使う記号は {symbols} です。"
    ),
    "app.formula.hint.terms": Text(
        "It has {count} terms, written with: {symbols}.",
        "{count}つの項の和で、使う記号は {symbols} です。",
    ),
    "app.formula.hint.definition": Text(
        "It is one of the model's own equations: nothing has to be derived.",
        "モデルの定義式そのもので、導出は要りません。",
    ),
    "app.handbook.about": Text(
        "Equations in the notation that you choose, shapes, counts, derivations, traps and terms.",
        "記法を選べる式、形状、パラメータ数、導出、間違えやすい点、用語をまとめています。",
    ),
    "app.handbook.notation": Text("notation {name}", "記法 {name}"),
    "app.mistakes.one": Text("Mistake", "誤り"),
    "app.mistakes.title": Text("My mistakes", "誤りの一覧"),
    "app.mistakes.none": Text(
        "No mistake has been named yet. Whenever an answer is recognised as a known mistake, it is "
        "counted here: a dropped transpose is the same in a formula and in code.",
        "まだ誤りの記録がありません。解答が既知の誤りと一致すると、ここに集計されます。"
        "転置の欠落は、式でもコードでも同じ誤りとして数えます。",
    ),
    "app.mistakes.head": Text("times  last        mistake", "回数  最後        誤り"),
    "app.mistakes.in": Text("Made in: {sections}", "起きた分野：{sections}"),
    "app.derivation.title": Text("Derivation", "導出"),
    # Code
    "app.code.practice": Text("Code · free practice", "コード · 自由練習"),
    "app.code.running": Text(
        "Running, {seconds} s. Esc stops it.", "実行中（{seconds}秒）。Escで中止します。"
    ),
    "app.code.first_blank": Text(
        "The first of {count} blanks is selected: type over it. F6 goes to the next.",
        "{count}個の空欄の1番目を選択中です。そのまま入力し、F6で次へ移ります。",
    ),
    "app.code.only_blank": Text(
        "The blank is selected: type over it, then press F5.",
        "空欄を選択しています。そのまま入力し、F5で実行します。",
    ),
    "app.code.solution": Text(
        "The solution stands in the editor. Where it differs, - is your line and + the "
        "solution's; d shows the solution alone, r brings your own text back.",
        "エディタに解答例を表示しています。違う行は、-が自分、+が解答例です。"
        "dで解答例だけになり、rで自分のコードに戻ります。",
    ),
    "app.check.defined": Text("defined", "定義"),
    "app.check.runs": Text("runs", "実行"),
    "app.check.type": Text("type", "型"),
    "app.check.blank": Text("blank", "空欄"),
    "app.check.shape": Text("shape", "形状"),
    "app.check.dtype": Text("dtype", "dtype"),
    "app.check.value": Text("value", "値"),
    "app.check.gradient": Text("gradient", "勾配確認"),
    # Lists
    "app.pick.formula.title": Text("Formulas", "式"),
    "app.pick.formula.about": Text(
        "Choose what to write. Free practice leaves no trace; q starts a session that counts.",
        "書く式を選んでください。自由練習は記録に残りません。qで記録される演習を始めます。",
    ),
    "app.pick.search": Text("Search: a name or words", "検索：名前か語句"),
    "app.pick.nothing": Text("Nothing fits.", "見つかりません。"),
    "app.pick.code.title": Text("Code", "コード"),
    "app.pick.code.about": Text(
        "Choose an exercise. Free practice leaves no trace; q starts a session that counts.",
        "問題を選んでください。自由練習は記録に残りません。qで記録される演習を始めます。",
    ),
    # Summary and statistics
    "app.summary.title": Text("Session finished", "演習の結果"),
    "app.summary.mistakes": Text("Mistakes", "誤りの種類"),
    "app.summary.mistake": Text("  {name}: {count}", "  {name}：{count}回"),
    "app.summary.back": Text("back in {days} d", "{days}日後に再出題"),
    "app.statistics.title": Text("Statistics", "統計"),
    "app.statistics.total": Text(
        "{reviews} first answers, {right} of them right, in {minutes} minutes. "
        "{due} due, {new} of {items} items new.",
        "初回の解答{reviews}回、正答率{right}、計{minutes}分。復習{due}問、{items}問中{new}問が未学習です。",
    ),
    "app.statistics.sections": Text("Section", "分野"),
    "app.statistics.kinds": Text("Kind", "形式"),
    "app.statistics.recall": Text("known tomorrow", "明日の定着度"),
    "app.statistics.right": Text("right", "正答率"),
    "app.statistics.answers": Text("answers", "解答数"),
    "app.statistics.mistakes": Text("Mistakes, most frequent first", "誤りの種類（多い順）"),
    "app.statistics.no_mistakes": Text("No named mistakes yet.", "まだ誤りの記録はありません。"),
    # Notes
    "app.note.quit": Text(
        "Ctrl+Q quits. Everything is saved, also in the middle of a session.",
        "終了はCtrl+Qです。演習の途中でも、内容はすべて保存されています。",
    ),
    "app.note.input_method": Text(
        "The Japanese input method is on. Switch it off for single-key commands.",
        "日本語入力がオンです。1文字のキー操作では日本語入力をオフにしてください。",
    ),
    "app.note.no_blank": Text(
        "Every blank is filled. F5 runs.", "空欄はすべて埋まりました。F5で実行します。"
    ),
    "app.note.try_first": Text(
        "Try it first: fill in and press F5. F2 gives a hint; after a try of your own the "
        "solution can be seen.",
        "まず自分で書いて、F5で実行してください（F2でヒント）。判定を受けたあとで解答例を見られます。",
    ),
    "app.note.no_editor": Text(
        "No editor is set. Set VISUAL or EDITOR, for instance: export EDITOR=vim",
        "エディタが設定されていません。環境変数VISUALかEDITORを設定してください"
        "（例：export EDITOR=vim）。",
    ),
    "app.note.editor_command": Text(
        "The quotes in {name} do not match, so no editor could be started.",
        "{name}の引用符が対応していないため、エディタを起動できません。",
    ),
    "app.note.editor_file": Text(
        "The editor could not be used: {why}", "エディタを使えませんでした：{why}"
    ),
    "app.note.editor_failed": Text(
        "{command} ended with code {code}. The code here is unchanged.",
        "{command}が終了コード{code}で終わりました。コードは変更していません。",
    ),
    "app.note.editor_failed_kept": Text(
        "{command} ended with code {code}. The code here is unchanged; what it saved is in {path}.",
        "{command}が終了コード{code}で終わりました。コードは変更していません。保存された内容は{path}にあります。",
    ),
    "app.note.editor_unreadable": Text(
        "What the editor saved is not UTF-8. It is kept in {path}; the code here is unchanged.",
        "エディタで保存された内容がUTF-8ではありません。{path}に残してあります。"
        "コードは変更していません。",
    ),
    "app.note.no_suspend": Text(
        "The screen cannot be handed over to an editor here.",
        "この環境では画面をエディタに渡せません。",
    ),
    "app.note.undone": Text("The last answer is taken back.", "直前の解答を取り消しました。"),
    "app.note.mark_first": Text(
        "Mark the options first: letters or Space.",
        "先に選択肢を選んでください（英字またはSpace）。",
    ),
    "app.note.choose_first": Text(
        "Choose first: a letter, the arrow keys or the mouse.",
        "先に選択肢を選んでください（英字、矢印キー、マウス）。",
    ),
    "app.note.crash": Text(
        "Something failed that should not have. No answer is lost. Details are in {path}. "
        "Start again with: bptt",
        "予期しない問題が起きました。解答は保存されています。詳細：{path}。bptt で再開できます。",
    ),
    "app.note.pair_first": Text(
        "Still without a partner: {missing}. Type a number for each.",
        "まだ組になっていません：{missing}。それぞれに番号を入れてください。",
    ),
    "app.note.type_first": Text("Type an answer first.", "先に解答を入力してください。"),
    "app.note.nothing_there": Text(
        "There is nothing to practise there yet. Choose another section.",
        "ここにはまだ練習する問題がありません。別の分野を選んでください。",
    ),
}
