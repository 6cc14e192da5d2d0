"""Strings of the command line."""

from drills.locale import cli_lab
from question_bank.text import Text

TEXTS: dict[str, Text] = {
    **cli_lab.TEXTS,
    "cli.description": Text(
        "A training hall for the recurrent-network part of the E-qualification. "
        "Without a command it opens the app.",
        "E資格の再帰型ニューラルネットワーク分野の演習場です。コマンドなしで起動するとアプリが開きます。",
    ),
    "cli.commands": Text("commands", "コマンド"),
    "cli.version": Text("print the version and exit", "バージョンを表示して終わる"),
    "cli.completion": Text(
        "print shell completion (bash, zsh, tcsh)", "シェル補完を出力する（bash, zsh, tcsh）"
    ),
    "cli.lang": Text("language: en or ja", "言語：en または ja"),
    "cli.bank_option": Text(
        "add a question bank of your own (repeatable)", "自分の問題集を加える（複数指定可）"
    ),
    "cli.home": Text("where progress is kept", "学習記録を置くフォルダ"),
    "cli.json": Text("print JSON", "JSONで出力する"),
    "cli.usage_error": Text("bptt: {message}", "bptt: {message}"),
    "cli.see_help": Text("See: {command} --help", "使い方：{command} --help"),
    "cli.crash": Text(
        "Something went wrong inside bptt-dojo ({error}). Nothing that you answered is lost. "
        "The details are in {log}; please attach that file to a report.",
        "bptt-dojoの内部で問題が起きました（{error}）。これまでの解答は失われていません。"
        "詳細は {log} にあります。報告の際に添付してください。",
    ),
    "cli.nearest": Text("Did you mean: {names}?", "もしかして：{names}"),
    "cli.see_list": Text("See: bptt bank list", "一覧：bptt bank list"),
    "cli.unknown_item": Text("There is no item {name}.", "問題 {name} はありません。"),
    "cli.unknown_section": Text(
        "There is no section {name}. Sections: {names}", "分野 {name} はありません。分野：{names}"
    ),
    "cli.unknown_kind": Text(
        "There is no kind {name}. Kinds: {names}", "形式 {name} はありません。形式：{names}"
    ),
    "cli.unknown_mistake": Text(
        "There is no mistake code {name}. Nearest: {names}",
        "誤りのコード {name} はありません。近いもの：{names}",
    ),
    "cli.due_line": Text(
        "{due} due, {new} new of {items} items. Practise: bptt quiz",
        "復習 {due}問、新規 {new}問（全{items}問）。始めるには：bptt quiz",
    ),
    # Commands
    "cli.quiz": Text("a quiz session", "演習（問題を解く）"),
    "cli.answer": Text("grade one answer to one item", "1問の解答を判定する"),
    "cli.drill": Text("fill-in-the-code exercises", "コード演習（穴埋め）"),
    "cli.formula": Text("self-check of formulas", "数式の判定"),
    "cli.notes": Text("check the formulas in notes", "ノートの中の数式を判定する"),
    "cli.plan": Text(
        "the plan toward the exam date, with a forecast",
        "試験日までの学習計画と予測を表示する",
    ),
    "cli.show": Text(
        "a page of the handbook: equations, shapes, derivations, traps, terms",
        "ハンドブックのページ（式・形状・導出・間違えやすい点・用語）を表示する",
    ),
    "cli.show.topic": Text(
        "page, term, mistake or formula target; without it, the list of pages",
        "ページ・用語・誤り・数式の対象の名前（省略するとページの一覧）",
    ),
    "cli.show.notation": Text("the notation of the formulas", "式の記法"),
    "cli.stats": Text("progress", "学習の記録"),
    "cli.bank": Text("the question bank", "問題集"),
    "cli.paths": Text("where things are", "ファイルの場所"),
    "cli.doctor": Text(
        "what is wrong with this installation", "動作環境の診断（足りないもの、守られること）"
    ),
    # quiz
    "cli.quiz.section": Text("only this section", "この分野だけ"),
    "cli.quiz.status": Text(
        "current, or what stays out of sessions otherwise: legacy (no longer asked in the exam), "
        "course (about this course's own texts)",
        "current のほか、通常は出題されない legacy（現在の試験では問われない内容）と"
        " course（講座の教材に固有の内容）を指定できる",
    ),
    "cli.quiz.kind": Text("only this kind of item", "この形式だけ"),
    "cli.quiz.mistake": Text("only items in which this mistake was made", "この誤りをした問題だけ"),
    "cli.quiz.count": Text("how many items (10)", "問題数（10）"),
    "cli.quiz.count_form": Text(
        "--count takes a number from 1 up, not {given}.",
        "--count は1以上の数です（{given} は使えません）。",
    ),
    "cli.quiz.due": Text("only what is due", "復習の時期が来たものだけ"),
    "cli.quiz.new": Text("only what is new", "新しいものだけ"),
    "cli.quiz.all": Text("everything, due or not", "時期に関係なくすべて"),
    "cli.quiz.plain": Text("line by line, without drawing", "画面を描かず1行ずつ進める"),
    "cli.quiz.nothing": Text(
        "Nothing fits these filters now. Try: bptt quiz --all",
        "条件に合う問題は今はありません。次を試してください：bptt quiz --all",
    ),
    # exam
    "cli.exam": Text("a timed mock exam in the exam's form", "本番形式の模擬試験（時間制限あり）"),
    "cli.exam.count": Text(
        "how many questions ({share}, an estimate of this field's share; the whole exam has about"
        " {whole})",
        "問題数（{share}。本番約{whole}問のうち、この分野の目安）",
    ),
    "cli.exam.minutes": Text(
        "minutes (about 69 seconds a question)", "制限時間（分。指定しなければ1問約69秒）"
    ),
    "cli.exam.minutes_form": Text(
        "--minutes takes a number above 0 and up to {most}, not {given}.",
        "--minutes は0より大きく{most}以下の数です（{given} は使えません）。",
    ),
    "cli.exam.section": Text("only this section", "この分野だけ"),
    "cli.exam.framework": Text(
        "questions on the other framework are left out; remembered for next time",
        "もう一方のフレームワークの問題は出題しない（次回からの既定になる）",
    ),
    "cli.exam.seed": Text("the same seed gives the same questions", "同じシードなら同じ問題になる"),
    "cli.exam.begin": Text(
        "Mock exam: {count} questions in {time}. There is no feedback until you hand in.",
        "模擬試験：{count}問、制限時間 {time}。正誤は提出するまで表示しません。",
    ),
    "cli.exam.resumed": Text(
        "The mock exam goes on: {count} questions, {time} left.",
        "模擬試験を再開します：全{count}問、残り {time}。",
    ),
    "cli.exam.commands": Text(
        "A to D answers and goes on, a number goes to that question, :? lists the commands.",
        "A～Dで解答して次へ進み、番号でその問題へ移ります。:? でコマンド一覧を表示します。",
    ),
    "cli.exam.help": Text(
        ":next :previous :flag :guess :clear :overview :calc EXPRESSION :note TEXT :time\n"
        ":hand (hand in) :language :quit (the clock stops; bptt exam goes on)",
        ":next 次へ、:previous 前へ、:flag 印、:guess 勘、:clear 解答を消す、:overview 一覧、\n"
        ":calc 式 電卓、:note 文 メモ、:time 残り時間、:hand 提出、:language 言語、\n"
        ":quit 中断（時計は止まり、bptt exam で再開）",
    ),
    "cli.exam.form": Text(
        "Type A, B, C or D, or a number from 1 to {last}. :? lists the commands.",
        "A・B・C・Dか、1から{last}までの番号を入力してください。:? でコマンド一覧を表示します。",
    ),
    "cli.exam.kept": Text(
        "The clock stands with {time} left; bptt exam goes on.",
        "残り {time} で時計を止めました。bptt exam で再開できます。",
    ),
    "cli.exam.last": Text(
        "That was the last question. A number goes back to one, :hand hands in.",
        "最後の問題です。番号で問題に戻り、:hand で提出します。",
    ),
    "cli.exam.sure": Text(
        "Not answered: {unanswered}, flagged: {flagged}. :hand once more hands in.",
        "未解答{unanswered}問、印{flagged}問です。もう一度 :hand で提出します。",
    ),
    "cli.exam.cleared": Text("The answer is taken back.", "解答を消しました。"),
    "cli.exam.flagged.on": Text("Flagged to come back to.", "見直しの印を付けました。"),
    "cli.exam.flagged.off": Text("No longer flagged.", "見直しの印を外しました。"),
    "cli.exam.flagged.word": Text("flagged", "見直し"),
    "cli.exam.guessed.on": Text("Marked as a guess.", "勘で解答と記録します。"),
    "cli.exam.guessed.off": Text("No longer a guess.", "勘の記録を外しました。"),
    "cli.exam.guessed.word": Text("guessed", "勘"),
    "cli.exam.no_note": Text("The scratch pad is empty.", "メモはまだありません。"),
    "cli.exam.legend": Text("- not answered, * flagged, ? guessed", "- 未解答、* 見直し、? 勘"),
    "cli.exam.time": Text(
        "{time} left, {answered} of {count} answered.",
        "残り {time}、{count}問中{answered}問に解答。",
    ),
    "cli.exam.place": Text("Question {number} / {of}", "問 {number} / {of}"),
    "cli.exam.part": Text("set {part}/{parts}", "大問の{part}/{parts}"),
    "cli.exam.left": Text("{time} left", "残り {time}"),
    "cli.exam.answer": Text("answer: {letter}", "解答：{letter}"),
    "cli.exam.sure_of": Text("without guesses {sure}", "勘を除く {sure}"),
    "cli.exam.mistakes": Text("Mistakes, most frequent first", "誤りの種類（多い順）"),
    "cli.exam.state.right": Text("right", "正解"),
    "cli.exam.state.wrong": Text("wrong", "不正解"),
    "cli.exam.state.unanswered": Text("not answered", "未解答"),
    "cli.exam.state.unjudged": Text("not judged", "判定なし"),
    "cli.exam.review": Text(
        "A question's number shows it with its explanation; an empty line ends.",
        "番号を入力すると、問題と解説を表示します。空行で終わります。",
    ),
    "cli.exam.gone": Text(
        "This question is no longer in the bank.", "この問題は問題集から削除されています。"
    ),
    "cli.exam.solution": Text("Answer: {answer}", "正解：{answer}"),
    # answer
    "cli.answer.item": Text("the item's id (see bank list)", "問題のID（bank list で一覧）"),
    "cli.answer.answer": Text("the answer; - reads standard input", "解答（- で標準入力から読む）"),
    "cli.answer.face": Text(
        "the face of the item: typed, choice, bug", "出題形式：typed、choice、bug"
    ),
    "cli.answer.seed": Text(
        "seed of the drawn numbers and the order", "数値と並び順を決める乱数シード"
    ),
    "cli.answer.unknown_face": Text(
        "{item} has no face {face}. Faces: {faces}",
        "{item} に {face} という出題形式はありません。出題形式：{faces}",
    ),
    # drill
    "cli.drill.list": Text("the exercises", "コード演習の一覧"),
    "cli.drill.show": Text("an exercise's file, with its blanks", "空欄のあるファイルを表示する"),
    "cli.drill.check": Text("judge a file", "ファイルを判定する"),
    "cli.drill.name": Text(
        "the exercise (see drill list)", "コード演習の名前（drill list で一覧）"
    ),
    "cli.drill.bug": Text("the find-the-bug form with this bug", "このバグを探す形にする"),
    "cli.drill.choices": Text(
        "the exam form: four texts for each blank", "試験の形（各空欄に4つの選択肢）にする"
    ),
    "cli.drill.file": Text("the file; - reads standard input", "ファイル（- で標準入力から読む）"),
    "cli.drill.unknown": Text(
        "There is no exercise {name}. Nearest: {nearest}",
        "コード演習 {name} はありません。近いもの：{nearest}",
    ),
    "cli.drill.unknown_bug": Text(
        "{exercise} has no bug {name}. Bugs: {bugs}",
        "{exercise} にバグ {name} はありません。バグ：{bugs}",
    ),
    "cli.drill.watch": Text(
        "judge a file whenever it is saved", "保存するたびにファイルを判定する"
    ),
    "cli.drill.watched": Text(
        "the file; written first if there is none, never overwritten",
        "ファイル（なければ最初に作る。既にあるファイルは上書きしない）",
    ),
    "cli.drill.written": Text(
        "{file} has been written. Open it in your editor; it is judged whenever you save it. "
        "Ctrl-C ends this.",
        "{file} を作成しました。エディタで開いて編集してください。保存するたびに判定します（Ctrl-Cで終了）。",
    ),
    "cli.drill.watching": Text(
        "{file} is there already and stays as it is. It is judged whenever you save it. "
        "Ctrl-C ends this.",
        "既にある {file} をそのまま使います。保存するたびに判定します（Ctrl-Cで終了）。",
    ),
    "cli.drill.unwritable": Text(
        "{file} cannot be written: {why}", "{file} に書き込めません：{why}"
    ),
    "cli.drill.unreadable": Text("{file} cannot be read: {why}", "{file} を読めません：{why}"),
    # formula
    "cli.formula.list": Text("the formulas that can be checked", "判定できる数式の一覧"),
    "cli.formula.show": Text(
        "what a target asks for, its symbols and shapes", "求めるもの、記号、形状を表示する"
    ),
    "cli.formula.derive": Text("derive it step by step", "答えを1段ずつ導出する"),
    "cli.formula.metavar": Text("TARGET | COMMAND", "TARGET | コマンド"),
    "cli.formula.judged_as": Text("  target  {target} ({model})", "  対象　{target}（{model}）"),
    "cli.formula.total": Text("{count} targets", "対象 {count}件"),
    "cli.formula.check": Text("judge a formula", "数式を判定する"),
    "cli.formula.target": Text("the target (see formula list)", "対象（formula list で一覧）"),
    "cli.formula.formula": Text(
        "LaTeX, Unicode, ASCII or NumPy; - reads standard input",
        "LaTeX、Unicode、ASCII、NumPyのいずれか（- で標準入力から読む）",
    ),
    "cli.formula.notation": Text("the notation (see formula show)", "記法（formula show で一覧）"),
    "cli.formula.layout": Text(
        "vectors as columns or rows", "ベクトルの向き（列：column、行：row）"
    ),
    "cli.formula.loss": Text(
        "the loss: of one step or of the sequence", "損失：1時刻（step）か系列全体（sequence）か"
    ),
    "cli.formula.batch": Text(
        "a file of JSON lines, one formula each; - reads standard input",
        "1行に1つの数式を書いたJSON Linesのファイル（- で標準入力から読む）",
    ),
    "cli.formula.nothing": Text(
        "Give a formula, for example: bptt formula check 'W - eps * sum(s=0..T_t, "
        "delta[t-s] @ z[t-s-1].T)'",
        "数式を指定してください。例：bptt formula check 'W - eps * sum(s=0..T_t, "
        "delta[t-s] @ z[t-s-1].T)'",
    ),
    "cli.formula.unknown_notation": Text(
        "There is no notation {name}. Nearest: {nearest}",
        "記法 {name} はありません。近いもの：{nearest}",
    ),
    "cli.formula.unknown": Text(
        "There is no target {name}. Nearest: {nearest}",
        "対象 {name} はありません。近いもの：{nearest}",
    ),
    "cli.formula.batch_json": Text(
        "Line {line} is not JSON.", "{line}行目はJSONとして読めません。"
    ),
    "cli.formula.batch_form": Text(
        'Line {line} needs the form {"id": ..., "formula": "..."}.',
        '{line}行目は {"id": ..., "formula": "..."} の形で書いてください。',
    ),
    "cli.formula.batch_target": Text(
        "Line {line} names an unknown target. See: bptt formula list",
        "{line}行目の対象の名前は使えません。一覧：bptt formula list",
    ),
    # stats
    "cli.stats.head": Text(
        "{reviews} answers, {right} right, {due} due",
        "解答 {reviews}回、正答率 {right}、復習 {due}問",
    ),
    "cli.stats.sections": Text("By section", "分野別"),
    "cli.stats.kinds": Text("By kind", "形式別"),
    "cli.stats.mistakes": Text("Mistakes", "誤りの種類"),
    "cli.stats.answers": Text("{n} answers", "解答 {n}回"),
    "cli.stats.due": Text("{n} due", "復習 {n}問"),
    "cli.stats.times": Text("{n} times", "{n}回"),
    # bank
    "cli.bank.list": Text("the items", "問題の一覧"),
    "cli.bank.show": Text(
        "an item as it is presented, without the key", "出題される形で表示する（答えは出さない）"
    ),
    "cli.bank.check": Text("check the form of a bank", "問題集の書式を検査する"),
    "cli.bank.coverage": Text(
        "which objectives of the curriculum the bank covers", "学習目標ごとの問題数と形式"
    ),
    "cli.bank.guess": Text(
        "how far strategies get that do not read the question",
        "問題文を読まない解き方でどれだけ正解できるか",
    ),
    "cli.bank.strategy": Text(
        "list the items that this strategy gets right", "この方法で正解できる問題を挙げる"
    ),
    "cli.bank.new": Text("print a template for a new question", "新しい問題のひな形を出力する"),
    "cli.bank.template": Text(
        "choice, numeric, term, order, match, formula, code, predict or set",
        "choice、numeric、term、order、match、formula、code、predict、set のどれか",
    ),
    "cli.bank.schema": Text(
        "print the JSON schema of item files, for editors",
        "問題ファイルのJSONスキーマを出力する（エディタ用）",
    ),
    "cli.bank.certify": Text("prove the keys of a bank", "問題集の正答を検証する"),
    "cli.bank.only": Text(
        "only this part (repeatable); all of them by default",
        "この部分だけを検証する（複数指定可、省略するとすべて）",
    ),
    "cli.bank.computations": Text("what items can name", "問題から呼べる計算の一覧"),
    "cli.bank.dir": Text(
        "a bank of your own; else the built-in one", "自分の問題集（省略すると内蔵のもの）"
    ),
    "cli.bank.full": Text("use no earlier result", "以前の検証結果を使わない"),
    "cli.bank.check_fine": Text(
        "{items} items, no problem of form.", "{items}問、書式の不備はありません。"
    ),
    "cli.bank.check_problems": Text(
        "{n} problems in {items} items.", "{items}問の問題集に、不備が{n}件あります。"
    ),
    # paths
    "cli.paths.home": Text("home", "データ"),
    "cli.paths.progress": Text("progress", "学習記録"),
    "cli.paths.settings": Text("settings", "設定"),
    "cli.paths.cache": Text("cache", "キャッシュ"),
    "cli.paths.bank": Text("built-in bank", "内蔵の問題集"),
    "cli.paths.own_bank": Text("own bank", "自分の問題集"),
    # plain session
    "cli.plain.begin": Text("A new session.", "新しい演習を始めます。"),
    "cli.plain.resumed": Text("Going on where you left off.", "前回の続きから再開します。"),
    "cli.plain.commands": Text(
        "Type the answer and Enter. Commands begin with a colon; :help lists them.",
        "解答を入力してEnterを押してください。コマンドはコロンで始めます（:help で一覧）。",
    ),
    "cli.plain.help": Text(
        ":hint a hint   :guess I guess   :show the answer   :undo take back the last answer\n"
        ":next go on   :report something is wrong with this item\n"
        ":language 日本語   :quit stop here (nothing is lost)",
        ":hint ヒント   :guess 勘で答える   :show 答えを見る   :undo 直前の解答を取り消す\n"
        ":next 次へ   :report 問題の誤りを報告する\n"
        ":language English   :quit 中断する（記録は残ります）",
    ),
    "cli.plain.page": Text("Handbook: bptt show {page}", "ハンドブック：bptt show {page}"),
    "cli.plain.unknown": Text(
        "There is no command :{command}. See :help",
        "コマンド :{command} はありません。:help で一覧を表示します。",
    ),
    "cli.plain.no_hint": Text("There is no further hint.", "ヒントはもうありません。"),
    "cli.plain.guess_on": Text(
        "Noted: the next answer is a guess.", "次の解答は「勘」として記録します。"
    ),
    "cli.plain.guess_off": Text(
        "The next answer is not a guess.", "次の解答は通常どおり記録します。"
    ),
    "cli.plain.shown": Text(
        "Type it yourself, or :next.", "自分で入力してみるか、:next で先に進んでください。"
    ),
    "cli.plain.again": Text(
        "Try again, or Enter to go on.", "もう一度解答するか、Enterで先に進んでください。"
    ),
    "cli.plain.rephrase": Text(
        "This does not count. Type it another way.",
        "まだ判定していません。書き方を変えて入力してください。",
    ),
    "cli.plain.answer_first": Text(
        "Answer first, or :show the answer, or :quit.",
        "先に解答してください。:show で答えを表示、:quit で中断できます。",
    ),
    "cli.plain.undone": Text("Taken back.", "取り消しました。"),
    "cli.plain.nothing_to_undo": Text(
        "There is nothing to take back.", "取り消す解答がありません。"
    ),
    "cli.plain.draft": Text("You had typed: {draft}", "入力途中の解答：{draft}"),
    "cli.plain.kept": Text(
        "Stopped at {position} of {length}. Go on with: bptt quiz",
        "{length}問中{position}問目で中断しました。再開するには：bptt quiz",
    ),
    "cli.plain.code_typed": Text(
        "Type what goes into the first blank (the next ones follow), or: file PATH",
        "最初の空欄に入るコードを入力してください（続きの空欄は順に聞きます）。ファイルなら：file パス",
    ),
    "cli.plain.code_bug": Text(
        "Mend a line with NUMBER: new text, or: file PATH",
        "直す行を 番号: 新しい行 の形で入力してください。ファイルなら：file パス",
    ),
    "cli.plain.blank": Text("Blank ({letter}):", "空欄（{letter}）："),
    "cli.plain.mend_form": Text(
        "Write NUMBER: new text, for example 12:     x = 1",
        "番号: 新しい行 の形で書いてください。例：12:     x = 1",
    ),
    "cli.plain.mend_more": Text(
        "Another line to mend, or Enter to run.", "ほかにも直すなら続けて入力、Enterで実行します。"
    ),
}
