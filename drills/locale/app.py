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
    "code": ("code", "コード", "Fill-in-the-code exercises.", "コードの空欄を埋める演習です。"),
    "formula": ("formula", "式", "Check a formula that you write.", "自分で書いた式を判定します。"),
    "lab": ("lab", "実験", "Watch a small model learn.", "小さなモデルの学習を観察します。"),
    "exam": ("mock exam", "模擬試験", "A timed mock exam.", "時間制限のある模擬試験です。"),
    "exam_begin": ("start", "開始", "Start, or go on.", "試験を始めます（または再開します）。"),
    "exam_results": (
        "last results",
        "前回の結果",
        "The report on the last exam.",
        "前回の試験の結果を見ます。",
    ),
    "exam_next": (
        "next",
        "次へ",
        "Next question; the answer is kept.",
        "次の問題へ進みます。解答は保存されます。",
    ),
    "exam_turn": ("turn", "前後", "To the question before or after.", "前後の問題に移ります。"),
    "exam_flag": ("flag", "印", "Flag it to come back to.", "後で見直す印を付けます。"),
    "exam_guess": ("guessed", "勘", "Mark the answer as a guess.", "勘で答えたと記録します。"),
    "exam_clear": ("clear", "消す", "Take the answer back.", "解答を消します。"),
    "exam_overview": (
        "overview",
        "一覧・提出",
        "All questions at a glance; hand in there.",
        "全問の一覧を表示します。提出もここで行います。",
    ),
    "exam_calculator": (
        "calculator",
        "電卓",
        "A calculator with exp, log, sqrt, tanh and sigmoid; k or Esc puts it away.",
        "exp・log・sqrt・tanh・sigmoidも使える電卓です。Escで閉じます。",
    ),
    "exam_compute": ("compute", "計算", "Compute what is typed.", "入力した式を計算します。"),
    "exam_pad": (
        "scratch pad",
        "メモ",
        "A scratch pad that stays with the exam; Esc puts it away.",
        "試験とともに保存されるメモです。Escで閉じます。",
    ),
    "exam_pause": (
        "pause",
        "中断",
        "Leave; the clock stops until you come back.",
        "中断します。戻るまで時計は止まります。",
    ),
    "exam_put_away": ("put away", "閉じる", "Back to the question.", "問題に戻ります。"),
    "exam_go": ("go there", "移動", "Go to the question.", "選んだ問題に移ります。"),
    "exam_hand_in": ("hand in", "提出", "Hand in; asked twice.", "提出します（2回押します）。"),
    "exam_open": (
        "look at it",
        "問題を見る",
        "The question with its explanation.",
        "問題と解説を表示します。",
    ),
    "tonight": (
        "tonight",
        "今日の演習",
        "Tonight's session: what is due, weak and new, for the minutes that you have.",
        "今日の演習を始めます。復習・要強化・新規の問題を時間に合わせて混ぜます。",
    ),
    "minutes": (
        "minutes",
        "時間",
        "More or fewer minutes tonight (left and right).",
        "今日の演習の時間を増減します（左右の矢印）。",
    ),
    "plan": ("plan", "計画", "The plan until the exam.", "試験日までの学習計画を見ます。"),
    "settings": (
        "settings",
        "設定",
        "Language, exam date, minutes a day.",
        "言語・試験日・1日の学習時間を設定します。",
    ),
    "setup_next": ("go on", "次へ", "Go on to the next question.", "次の質問へ進みます。"),
    "setup_skip": (
        "skip",
        "飛ばす",
        "Leave; what was answered so far is kept.",
        "残りを飛ばします。答えた分は保存されます。",
    ),
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
    "run": (
        "start, pause",
        "開始・一時停止",
        "Start or pause the run.",
        "実行を開始・一時停止します。",
    ),
    "seed": (
        "other seed",
        "別のシード",
        "Start anew with another seed.",
        "別の乱数シードで始め直します。",
    ),
    "restart": (
        "start anew",
        "最初から",
        "Start anew with the same seed.",
        "同じシードで最初から始めます。",
    ),
    "parameter": ("setting", "設定", "Go to the next setting.", "次の設定に移ります。"),
    "value": (
        "value",
        "値",
        "Change the setting under the cursor.",
        "カーソル位置の設定を変えます。",
    ),
    "open": ("open", "開く", "Open what the cursor is on.", "カーソル位置のものを開きます。"),
    "handbook": (
        "handbook",
        "ハンドブック",
        "The handbook: equations, shapes, traps, terms.",
        "ハンドブックで式・形状・間違えやすい点・用語を調べます。",
    ),
    "mistakes": (
        "my mistakes",
        "誤りの一覧",
        "The mistakes that you have made, over all kinds of questions.",
        "これまでの誤りを、問題の種類を問わず一覧にします。",
    ),
    "practise": (
        "practise this",
        "この誤りを練習",
        "A session of questions in which this mistake can be made.",
        "この誤りが起こりうる問題だけの演習を始めます。",
    ),
    "about_mistake": (
        "what to look at",
        "詳しく",
        "What to look at, and the traps of this kind on all pages of the handbook.",
        "確認することと、ハンドブックにあるこの種の間違えやすい点を表示します。",
    ),
    "copy": (
        "copy",
        "コピー",
        "Copy the item, the answer and the verdict.",
        "問題・解答・判定をコピーします。",
    ),
    "report": (
        "report this item",
        "問題の誤りを報告",
        "Something is wrong with this item: a filled-in report to copy or to save.",
        "問題の誤りを見つけたら、記入済みの報告文を作り、コピーや保存ができます。",
    ),
    "copy_report": ("copy", "コピー", "Copy the report.", "報告文をコピーします。"),
    "save_report": (
        "save",
        "保存",
        "Save the report in the folder reports of your home.",
        "報告文をデータフォルダのreportsに保存します。",
    ),
    "palette": (
        "commands",
        "コマンド",
        "All commands by name; themes and frames as well.",
        "コマンドを名前で探します。配色と罫線もここで選べます。",
    ),
    "choose_command": ("run", "実行", "Run the command.", "コマンドを実行します。"),
    "live": (
        "see it live",
        "動かして見る",
        "Open the lab with the experiment and the settings of this item.",
        "この問題の実験を、同じ設定で開きます。",
    ),
    "experiments": (
        "other experiments",
        "ほかの実験",
        "All experiments of the lab.",
        "実験の一覧を開きます。",
    ),
    "lab_step": ("one step", "1歩", "One snapshot, then a pause.", "1歩進めて止まります。"),
    "lab_claim": (
        "claim",
        "結論",
        "What many such runs have shown; press it after guessing.",
        "多数の実行でわかったことを表示します。予想してから押してください。",
    ),
    "notation": (
        "notation",
        "記法",
        "The formulas in the next notation.",
        "式を別の記法で表示します。",
    ),
    "traps": ("traps", "注意点", "To the traps.", "間違えやすい点に移ります。"),
    "page_derivation": (
        "derivation",
        "導出",
        "The derivation of the answer with this number.",
        "その番号の答えの導出を開きます。",
    ),
    "page_link": (
        "see also",
        "関連項目",
        "The page with this letter.",
        "その文字のページを開きます。",
    ),
    "leave_page": ("back", "戻る", "Back to where you came from.", "元の画面に戻ります。"),
    "search": ("search", "検索", "Search all targets.", "すべての対象から検索します。"),
    "session": ("session", "演習", "A session of this kind.", "この種類の演習を始めます。"),
    "home": ("home", "ホーム", "Back to the home screen.", "ホーム画面に戻ります。"),
    "run_code": ("run", "実行", "Run the code and check it.", "コードを実行して判定します。"),
    "cancel": ("stop", "中止", "Stop the run.", "実行を中止します。"),
    "blank": ("next blank", "次の空欄", "Go to the next blank.", "次の空欄に移ります。"),
    "editor": (
        "editor",
        "外部エディタ",
        "Open the code in your own editor ($VISUAL or $EDITOR).",
        "自分のエディタ（$VISUALか$EDITOR）で開きます。",
    ),
    "compare": (
        "comparison",
        "比較",
        "The solution alone, or beside your own lines.",
        "解答例だけの表示と、自分のコードとの比較を切り替えます。",
    ),
    "task": (
        "task",
        "問題文",
        "Show the task in the place of the results, and back.",
        "問題文と結果の表示を切り替えます。",
    ),
    "start_over": (
        "start over",
        "最初の状態",
        "Put the first text back; Ctrl+Z undoes.",
        "最初のコードに戻します。Ctrl+Zで元に戻せます。",
    ),
    "train": (
        "train with this",
        "この式で学習",
        "Train a network with this formula, beside the right one.",
        "この式でネットワークを学習させ、正しい式と並べて見ます。",
    ),
    "derivation": (
        "derivation",
        "導出",
        "The derivation of the answer, step by step.",
        "答えの導出を1段ずつ表示します。",
    ),
    "complete": (
        "symbols",
        "補完",
        "Complete the symbol at the cursor; up and down bring earlier formulas back.",
        "カーソル位置の記号を補完します。上下の矢印で前に入力した式を呼び出します。",
    ),
    "leave": ("leave", "戻る", "Leave; what is typed is kept.", "戻ります。入力は保存されます。"),
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
    "app.training.title": Text("Train with this · {target}", "この式で学習 · {target}"),
    "app.training.figures": Text(
        "line: your formula, loss {loss}, {share} % of the sums right · dots: the right one, "
        "loss {right}, {right_share} %",
        "線：入力した式（損失 {loss}、正答率 {share} %） · 点：正しい式（損失 {right}、正答率 {right_share} %）",
    ),
    "app.training.seen.start": Text(
        "Both networks start from the same weights and add the same numbers.",
        "2つのネットワークは同じ重みから始め、同じ数の加算を学習します。",
    ),
    "app.training.seen.same": Text(
        "Both runs are the same so far, number by number.",
        "ここまで、2つの学習は数値まで一致しています。",
    ),
    "app.training.seen.apart": Text(
        "The runs differ: the formula changes the weights otherwise than the gradient says.",
        "2つの学習は異なります。入力した式は、勾配とは違う方向に重みを動かしています。",
    ),
    "app.training.seen.behind": Text(
        "The right update has solved the addition; yours has not.",
        "正しい式は加算を学習しました。入力した式はまだです。",
    ),
    "app.training.seen.solved": Text(
        "This formula solves the addition, too. A wrong gradient may still lead downhill here.",
        "この式でも加算を学習できました。誤った勾配でも、損失が下がることはあります。",
    ),
    "app.training.seen.diverged": Text(
        "Your formula's run left all bounds at iteration {iteration} and stopped.",
        "入力した式の学習は更新{iteration}回目で発散し、止まりました。",
    ),
    "app.training.refused.not-an-update": Text(
        "Only updates of the simple RNN's parameters can train the adder.",
        "学習に使えるのは、単純なRNNのパラメータの更新式だけです。",
    ),
    "app.training.refused.not-understood": Text(
        "The formula could not be read, so nothing can be trained with it.",
        "式を読み取れないため、学習に使えません。",
    ),
    "app.training.refused.no-value": Text(
        "A part of the formula has no value in a run: {found}. Write it out, for example as "
        "delta[t] @ z[t-1].T.",
        "式の一部（{found}）は計算できません。delta[t] @ z[t-1].T のように書き下してください。",
    ),
    "app.training.refused.shape": Text(
        "The shapes do not fit ({found}); the new parameter has the shape {expected}. "
        "Such an update cannot even be computed.",
        "形状が合いません（{found}）。更新後のパラメータの形状は {expected} なので、"
        "この式では計算そのものができません。",
    ),
    "app.training.refused.too-much-work": Text(
        "The formula takes too long to be evaluated at every update.",
        "式の計算量が多すぎて、更新のたびに計算できません。",
    ),
    "app.help.training": Text(
        "The binary adder learns twice from the same seed: with your update of one parameter, and "
        "with the right one. All other parameters follow their true gradients. Space pauses, r "
        "takes another seed.",
        "同じシードのバイナリ加算を2通りに学習させます。一方は入力した更新式、もう一方は正しい更新式です。"
        "ほかのパラメータは正しい勾配で更新します。Spaceで一時停止、rで別のシードにします。",
    ),
    "app.handbook.about": Text(
        "Equations in the notation that you choose, shapes, counts, derivations, traps and terms.",
        "記法を選べる式、形状、パラメータ数、導出、間違えやすい点、用語をまとめています。",
    ),
    "app.handbook.notation": Text("notation {name}", "記法 {name}"),
    "app.help.handbook": Text(
        "The handbook, in the order of the curriculum. Enter opens a page; after every verdict h "
        "opens the page about the question.",
        "学習の順に並んだハンドブックです。Enterで開きます。判定の後にhを押すと、その問題のページを開きます。",
    ),
    "app.help.handbook_page": Text(
        "Everything that can be computed is computed: equations and answers come from the same "
        "declarations as the verdicts. Arrows, Page up and Page down scroll.",
        "計算できるものはすべて計算しています。式と答えは、判定と同じモデルの定義から作られます。"
        "矢印、PageUp、PageDownで送ります。",
    ),
    "app.help.experiments": Text(
        "The experiments of the lab. Guess what each will show before you start it.",
        "実験の一覧です。始める前に、どうなるかを予想してみてください。",
    ),
    "app.help.experiment": Text(
        "Each curve is drawn with its letter. Space starts and pauses, the full stop takes one "
        "step, Tab and arrows change a setting, which starts anew; Enter tells what many such runs "
        "have shown.",
        "曲線はそれぞれの文字で描きます。Spaceで開始と一時停止、ピリオドで1歩、Tabと矢印で設定を変えると"
        "最初から始めます。Enterで、多数の実行でわかったことを表示します。",
    ),
    "app.help.report": Text(
        "The text of a report, with all that is needed to see the same question again. Nothing is "
        "sent: copy it, or save it, and add what is wrong.",
        "同じ問題を再現できる情報を入れた報告文です。送信はしません。コピーか保存をして、"
        "どこが誤りかを書き足してください。",
    ),
    "app.help.palette": Text(
        "Type a part of a name in either language. Here: the keys of the screen below. Go to and "
        "Handbook open another screen; Theme and Frames are remembered.",
        "名前の一部を日本語か英語で入力します。「この画面」は元の画面のキー、「移動」と"
        "「ハンドブック」は別の画面、「配色」と「罫線」は次回も有効な設定です。",
    ),
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
    "app.help.mistakes": Text(
        "Each mistake counts over all kinds: numbers, choices, formulas and code. p practises just "
        "the one under the cursor, Enter says what to look at.",
        "誤りは、数値・選択・式・コードを通じて数えます。pでカーソル位置の誤りだけを練習し、"
        "Enterで確認することを表示します。",
    ),
    "app.derivation.title": Text("Derivation", "導出"),
    "app.help.derivation": Text(
        "From the equations that read the quantity, by the chain rule, to the answer. Page up and "
        "page down scroll.",
        "求める量を使う式から、連鎖律を通って答えまでを導きます。PageUpとPageDownで送ります。",
    ),
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
    # Help
    "app.help.title": Text("Help", "ヘルプ"),
    "app.help.home": Text(
        "Home proposes a session from what is due and what is new. The bars show how much of a "
        "section you will still know tomorrow. Choose a row with the arrow keys or the mouse.",
        "復習の時期が来た問題と新しい問題から演習を組みます。棒は、その分野を明日どれだけ覚えているかの"
        "推定です。行は矢印キーかマウスで選びます。",
    ),
    "app.help.quiz": Text(
        "Letters, arrows or the mouse choose; Enter answers and goes on. Steps are put in order by "
        "typing their letters or by carrying them with Space and arrows; pairs by typing numbers. "
        "Everything is saved at once: leave whenever you like.",
        "英字・矢印・マウスで選び、Enterで解答して次へ進みます。並べ替えは英字を順に入力するか、Spaceで"
        "持ち上げて矢印で動かします。組み合わせは番号を入力します。解答はその場で保存されるので、いつ"
        "中断しても構いません。",
    ),
    "app.help.formula": Text(
        "Type a formula in LaTeX, Unicode, ASCII or NumPy, full-width letters included. How it "
        "reads appears below while you type. Enter has it judged; change it and press Enter again.",
        "LaTeX・Unicode・ASCII・NumPyのどれでも入力でき、全角文字も使えます。入力中に読み取り結果が下に"
        "表示されます。Enterで判定し、直してもう一度Enterを押せます。",
    ),
    "app.help.code": Text(
        "Replace each ____ and press F5. In the editor Tab indents, Ctrl+Z undoes, and Escape "
        "moves the focus out; F10 leaves. Your code runs in a process of its own.",
        "____ を埋めてF5で実行します。エディタではTabで字下げ、Ctrl+Zで元に戻し、Escで抜けます。"
        "F10で画面を離れます。コードは別のプロセスで実行されます。",
    ),
    "app.help.lab": Text(
        "A simple RNN learns to add binary numbers. Tab or the arrows choose a setting, left and "
        "right its value; a change starts anew, and the curve before stays as dots.",
        "単純なRNNが2進数の加算を学習します。Tabか上下の矢印で設定を、左右で値を選びます。変えると最初"
        "から始まり、前の曲線は点で残ります。",
    ),
    "app.help.pick": Text(
        "Choose with the arrow keys or the mouse; Enter opens.",
        "矢印キーかマウスで選び、Enterで開きます。",
    ),
    "app.help.summary": Text(
        "First answers count. The dates say when each item comes back.",
        "初回の解答だけを数えます。日数は次に出題される時期です。",
    ),
    "app.help.statistics": Text(
        "Known tomorrow: the probability, on average, that you will still know an item tomorrow.",
        "明日の定着度は、明日もその問題に答えられる確率の推定を平均したものです。",
    ),
    "app.help.help": Text("Escape goes back.", "Escで戻ります。"),
    # Lab
    "app.lab.title": Text("Lab · binary addition", "実験 · バイナリ加算"),
    "app.lab.iteration": Text(
        "iteration {iteration} · seed {seed}", "更新 {iteration}回 · シード {seed}"
    ),
    "app.lab.no_sum": Text("No sum yet", "まだ計算していません"),
    "app.lab.right": Text("right", "正解"),
    "app.lab.wrong": Text("wrong", "不正解"),
    "app.lab.setting.activation": Text("activation", "活性化"),
    "app.lab.setting.initialisation": Text("initial W", "初期化"),
    "app.lab.setting.deviation": Text("deviation", "標準偏差"),
    "app.lab.setting.learning_rate": Text("rate", "学習率"),
    "app.lab.setting.output_delta": Text("out. delta", "出力誤差"),
    "app.lab.delta.true": Text("true", "正しい式"),
    "app.lab.delta.seed": Text("course", "講座の式"),
    "app.lab.delta.cross-entropy": Text("y - d", "y - d"),
    "app.lab.setting.hidden": Text("hidden", "ユニット数"),
    "app.lab.setting.pace": Text("pace", "速さ"),
    "app.lab.pace.slow": Text("slow", "遅い"),
    "app.lab.pace.middle": Text("middle", "普通"),
    "app.lab.pace.fast": Text("fast", "速い"),
    "app.lab.figures": Text(
        "loss {loss} · sums right {accuracy} % · gradient norm {norm} "
        "· spectral radius of W {radius}",
        "損失 {loss} · 正答率 {accuracy} % · 勾配ノルム {norm} · Wのスペクトル半径 {radius}",
    ),
    "app.lab.seen.start": Text(
        "A simple RNN reads two numbers bit by bit, lowest bit first, and has to learn the carry. "
        "Which settings will it learn with? Make a guess, then press Space.",
        "単純なRNNが2つの数を下位ビットから1ビットずつ読み、繰り上がりを自力で覚えます。"
        "どの設定なら学習できるか、予想してからSpaceを押してください。",
    ),
    "app.lab.seen.guessing": Text(
        "The loss is near 1: every output is about 0.5, which costs 8 × ½ × 0.25. It guesses.",
        "損失が1に近いままです。どの出力もおよそ0.5で、8 × ½ × 0.25 の損失になります。当て推量の段階です。",
    ),
    "app.lab.seen.stuck": Text(
        "Stuck above the loss of guessing: the outputs are saturated at 0 or 1, where the sigmoid's "
        "slope is almost 0, so the true output delta vanishes. Try y - d, or a smaller deviation.",
        "当て推量より悪い損失で止まっています。出力が0か1に飽和し、シグモイド関数の傾きがほぼ0なので、"
        "正しい出力誤差も消えます。y - d か、小さい標準偏差を試してください。",
    ),
    "app.lab.seen.learning": Text(
        "The loss falls. Bits without a carry come first; the carry has to travel through W.",
        "損失が下がっています。繰り上がりのないビットが先に合い、繰り上がりは W を通って伝わります。",
    ),
    "app.lab.seen.solved": Text(
        "Solved: {accuracy} % of 256 test sums are right in every bit. "
        "Try another activation or deviation; the curve before stays.",
        "学習できました。確認用の256組のうち{accuracy} %で全ビットが正解です。"
        "活性化関数や標準偏差を変えてみてください。前の曲線は残ります。",
    ),
    "app.lab.seen.unsolved": Text(
        "The run is over and only {accuracy} % of the sums are right. Change one setting and press "
        "Space, or take another seed with r.",
        "学習が終わりましたが、正解は{accuracy} %にとどまりました。"
        "設定を1つ変えてSpaceを押すか、rで別のシードを試してください。",
    ),
    "app.lab.seen.diverged": Text(
        "Diverged: the gradient norm reached {norm} at iteration {iteration}, and the run stopped. "
        "A smaller deviation or learning rate keeps it finite.",
        "発散しました。更新{iteration}回目に勾配ノルムが{norm}に達し、学習を止めました。"
        "標準偏差か学習率を小さくすると防げます。",
    ),
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

for _name, (_en, _ja, _tip_en, _tip_ja) in KEYS.items():
    TEXTS[f"app.key.{_name}"] = Text(_en, _ja)
    TEXTS[f"app.tip.{_name}"] = Text(_tip_en, _tip_ja)
