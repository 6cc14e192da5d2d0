"""Strings of the area ``app``: keys, screens, notes, help."""

from typing import Final

from question_bank.text import Text

KEYS: Final[dict[str, tuple[str, str, str, str]]] = {
    # name: word in the key bar, sentence in the help; English, Japanese
    "start": ("start", "開始", "Start what the cursor is on.", "カーソル位置の内容を始めます。"),
    "quiz": (
        "quiz",
        "問題",
        "A quiz session of the chosen section.",
        "選んだ分野の演習を始めます。",
    ),
    "code": ("code", "コード", "Fill-in-the-code exercises.", "コード穴埋めの練習です。"),
    "formula": ("formula", "式", "Check a formula that you write.", "自分で書いた式を判定します。"),
    "lab": ("lab", "実験", "Watch a small model learn.", "小さなモデルの学習を観察します。"),
    "statistics": ("statistics", "統計", "Your progress.", "学習の記録を見ます。"),
    "language": (
        "日本語",
        "English",
        "Switch between English and Japanese.",
        "日本語と英語を切り替えます。",
    ),
    "help": ("help", "ヘルプ", "The keys of this screen.", "この画面のキー一覧です。"),
    "quit": ("quit", "終了", "Leave; everything is saved.", "終了します。内容は保存済みです。"),
    "next": ("next", "次へ", "Go on to the next task.", "次の問題へ進みます。"),
    "answer": ("answer", "解答", "Have the answer judged.", "解答を判定します。"),
    "carry": (
        "pick up",
        "持ち上げ",
        "Pick a step up; arrows carry it.",
        "手順を持ち上げ、矢印で動かします。",
    ),
    "retry": (
        "try again",
        "再挑戦",
        "Try once more; it no longer counts.",
        "もう一度解きます。記録には影響しません。",
    ),
    "reveal": ("see answer", "正解を見る", "Show the right answer.", "正解を表示します。"),
    "hint": (
        "hint",
        "ヒント",
        "A hint; the card comes back sooner.",
        "ヒントを見ます。次の出題が早まります。",
    ),
    "guess": (
        "I guessed",
        "勘で解答",
        "Mark the answer as a guess.",
        "勘で答えたことを記録します。",
    ),
    "undo": ("undo", "取り消し", "Take back the last answer.", "直前の解答を取り消します。"),
    "back": ("back", "戻る", "Go back; the session waits.", "戻ります。続きから再開できます。"),
}

TEXTS: dict[str, Text] = {
    "app.name": Text("bptt-dojo", "bptt-dojo"),
    "app.list": Text(", ", "、"),
    "app.language.en": Text("English", "English"),
    "app.language.ja": Text("日本語", "日本語"),
    "app.too_small": Text(
        "This terminal has {width}×{height} cells. bptt-dojo needs 60×15 or more: enlarge the "
        "window or make the letters smaller. Ctrl+Q quits.",
        "この端末は{width}×{height}文字です。bptt-dojo  には60×15以上が必要です。"
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
    "app.home.row.mixed": Text("All sections, mixed", "全分野から出題"),
    "app.home.row.resume": Text("Resume the session", "演習を再開"),
    "app.home.row.due": Text("{due} due", "復習 {due}"),
    "app.home.row.items": Text("{items} items", "{items}問"),
    # Sections, by the folder names of the bank
    "app.section.rnn": Text("Simple RNN", "単純RNN"),
    "app.section.bptt": Text("BPTT", "BPTT"),
    "app.section.gradients": Text("Gradients", "勾配消失と爆発"),
    "app.section.lstm": Text("LSTM", "LSTM"),
    "app.section.gru": Text("GRU", "GRU"),
    "app.section.bidirectional": Text("Bidirectional RNN", "双方向RNN"),
    "app.section.seq2seq": Text("Seq2seq", "seq2seq"),
    "app.section.word2vec": Text("Word2vec", "word2vec"),
    "app.section.attention": Text("Attention", "アテンション"),
    "app.section.training": Text("Training", "学習の工夫"),
    "app.section.frameworks": Text("Frameworks", "フレームワーク"),
    # Tasks
    "app.task.place": Text("Question {position} / {count}", "問題 {position} / {count}"),
    "app.task.note": Text(
        "{section} · level {level} · about {seconds} s", "{section} · 難度{level} · 目安{seconds}秒"
    ),
    "app.task.guessed": Text("guessed", "勘"),
    "app.task.hints_used": Text("hints: {count}", "ヒント: {count}"),
    "app.task.judging": Text("Judging", "判定しています"),
    # Verdicts
    "app.verdict.correct": Text("right", "正解"),
    "app.verdict.correct_elsewhere": Text("right elsewhere", "別の流儀では正解"),
    "app.verdict.wrong": Text("wrong", "不正解"),
    "app.verdict.incomplete": Text("incomplete", "未完成"),
    "app.verdict.undecided": Text("not decided", "判定できません"),
    "app.verdict.not_understood": Text("not understood", "読み取れません"),
    "app.verdict.of": Text(": {names}", "：{names}"),
    "app.verdict.reading": Text("read as  {reading}", "読み取り  {reading}"),
    "app.verdict.answer": Text("Answer: {answer}", "正解：{answer}"),
    # Notes
    "app.note.quit": Text(
        "Ctrl+Q quits. Everything is saved, also in the middle of a session.",
        "終了は Ctrl+Q です。演習の途中でも、内容はすべて保存されています。",
    ),
    "app.note.input_method": Text(
        "The Japanese input method is on. Switch it off for single-key commands.",
        "日本語入力がオンです。1文字のキー操作では日本語入力をオフにしてください。",
    ),
    "app.note.no_hint": Text("There are no more hints.", "ヒントはこれで全部です。"),
    "app.note.undone": Text("The last answer is taken back.", "直前の解答を取り消しました。"),
    "app.note.nothing_to_undo": Text("Nothing to take back.", "取り消せる解答はありません。"),
    "app.note.mark_first": Text(
        "Mark the options first: letters or Space.",
        "先に選択肢を選んでください（英字またはSpace）。",
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

for _name, (_en, _ja, _tip_en, _tip_ja) in KEYS.items():
    TEXTS[f"app.key.{_name}"] = Text(_en, _ja)
    TEXTS[f"app.tip.{_name}"] = Text(_tip_en, _tip_ja)
