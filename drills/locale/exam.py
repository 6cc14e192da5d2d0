"""Strings of the area ``exam``: the mock exam, its report, the calculator."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {
    "exam.letters": Text("Answer with A, B, C or D.", "A・B・C・Dのいずれかで答えてください。"),
    "exam.no_question": Text(
        "There is no such question; they are numbered 1 to {last}.",
        "その番号の問題はありません。番号は1から{last}までです。",
    ),
    "exam.finished": Text("This exam was handed in.", "この模擬試験は提出済みです。"),
    "exam.not_handed_in": Text(
        "The report comes when the exam is handed in.", "結果は提出後に表示されます。"
    ),
    "exam.asked.formula": Text("Choose the formula that says it.", "最も適切な式を1つ選べ。"),
    "exam.asked.code": Text(
        "Choose what belongs in the blank ({letter}).",
        "空欄（{letter}）に当てはまるコードとして最も適切なものを1つ選べ。",
    ),
    "exam.nothing": Text(
        "There are no questions with four options here. Choose another section.",
        "ここには四択の問題がありません。別の分野を選んでください。",
    ),
    "exam.fewer": Text(
        "The question bank has {n} questions for this exam.",
        "この条件で出題できるのは{n}問です。",
    ),
    # Screens
    "exam.screen.title": Text("Mock exam", "模擬試験"),
    "exam.screen.about": Text(
        "Questions with four options, single ones and sets, about 69 seconds each. There is no"
        " feedback until the end. You may flag a question and come back, and change every answer.",
        "四択の問題を、1問あたり約69秒で解きます。単独の問題と大問があります。正誤は提出するまで"
        "表示しません。印を付けて後で戻ることも、解答を変えることもできます。",
    ),
    "exam.screen.share": Text(
        "{count} questions are about this field's share of the whole exam (about {whole}); the"
        " real numbers are not published.",
        "{count}問は、全体（約{whole}問）に占めるこの分野の目安です。実際の内訳は公表されていません。",
    ),
    "exam.screen.count": Text("questions", "問題数"),
    "exam.screen.length": Text("Time: about {time} minutes.", "制限時間：約{time}分。"),
    "exam.screen.framework": Text("framework", "フレームワーク"),
    "exam.screen.waiting": Text(
        "An exam waits: question {number} of {count}, {time} left. Enter goes on.",
        "中断中の試験があります：{count}問中{number}問目、残り {time}。Enterで再開します。",
    ),
    "exam.screen.waiting_note": Text(
        "Its clock stands. To begin another one, hand this one in first (o, then h).",
        "時計は止まっています。別の試験を始めるには、先にこの試験を提出してください（o、次にh）。",
    ),
    "exam.screen.elsewhere": Text(
        "The exam is open in another window.", "この試験は別のウィンドウで開かれています。"
    ),
    "exam.screen.place": Text("Mock exam · {number} / {count}", "模擬試験 · {number} / {count}"),
    "exam.screen.part": Text("set {part}/{parts}", "大問{part}/{parts}"),
    "exam.screen.flagged": Text("flagged", "見直し"),
    "exam.screen.guessed": Text("guessed", "勘"),
    "exam.screen.left": Text("{time} left ({pace})", "残り {time}（{pace}）"),
    "exam.screen.on_time": Text("on time", "予定どおり"),
    "exam.screen.ahead": Text("{minutes} min ahead", "{minutes}分の余裕"),
    "exam.screen.behind": Text("{minutes} min behind", "{minutes}分の遅れ"),
    "exam.screen.paused": Text(
        "The clock stands; everything is kept.", "時計を止めました。内容は保存されています。"
    ),
    "exam.screen.calculator": Text(
        "calculator: sigmoid(0.5 * 2 - 1)", "電卓：sigmoid(0.5 * 2 - 1)"
    ),
    "exam.screen.pad": Text("scratch pad", "メモ"),
    "exam.screen.overview": Text("Overview", "一覧"),
    "exam.screen.legend": Text(
        "A to D answered   - open   * flagged   ? guessed",
        "A～D 解答済み   - 未解答   * 見直し   ? 勘",
    ),
    "exam.screen.state": Text(
        "Not answered: {unanswered}. Flagged: {flagged}. h hands in.",
        "未解答：{unanswered}問、見直し：{flagged}問。hで提出します。",
    ),
    "exam.screen.sure": Text(
        "Not answered: {unanswered}. Flagged: {flagged}. Press h once more to hand in.",
        "未解答：{unanswered}問、見直し：{flagged}問。もう一度hを押すと提出します。",
    ),
    "exam.screen.report": Text("Mock exam · report", "模擬試験 · 結果"),
    "exam.screen.sure_of": Text("without guesses {sure}", "勘を除く {sure}"),
    "exam.screen.reviewed": Text("Review {number} / {count}", "解説 {number} / {count}"),
    "exam.screen.choosing": Text("Choosing the questions", "問題を選んでいます"),
    "exam.screen.unanswered": Text("not answered", "未解答"),
    "exam.screen.gone": Text(
        "This question is no longer in the bank.", "この問題は問題集から削除されています。"
    ),
    "exam.help.exam_start": Text(
        "The exam's form and pace, with this field's questions. The clock counts only while the"
        " exam is open. Choose with the arrow keys; Enter starts.",
        "本番と同じ形式と時間配分で、この分野の問題を解きます。時計は試験を開いている間だけ進みます。"
        "矢印キーで選び、Enterで始めます。",
    ),
    "exam.help.exam": Text(
        "Letters, arrows or the mouse choose, Enter goes on, the left and right arrows turn pages."
        " Nothing is judged before you hand in (o, then h) or the time is up. Esc pauses: the clock"
        " stands, and everything is kept.",
        "英字・矢印・マウスで選び、Enterで次へ進みます。左右の矢印で前後の問題に移ります。提出する"
        "（o、次にh）か時間切れになるまで判定しません。Escで中断すると時計が止まり、内容はすべて"
        "保存されます。",
    ),
    "exam.help.exam_overview": Text(
        "The arrow keys choose a question, Enter goes there. h hands in, and asks once more.",
        "矢印キーで問題を選び、Enterで移ります。hを2回押すと提出します。",
    ),
    "exam.help.exam_report": Text(
        "A guess is an answer that you marked with g. Enter shows a question with its explanation.",
        "勘とは、gで印を付けた解答です。Enterで問題と解説を表示します。",
    ),
    "exam.help.exam_review": Text(
        "The question as you answered it. Enter shows the next one, Escape goes back.",
        "解答したときのままの問題です。Enterで次の問題を表示し、Escで戻ります。",
    ),
    # Report
    "exam.report.by_clock": Text(
        "Time was up, and the exam was handed in.", "時間切れのため、自動で提出しました。"
    ),
    "exam.report.score": Text(
        "Score: {right} of {of} right ({share} %). Without guesses: {sure} ({sure_share} %).",
        "得点：{of}問中{right}問正解（{share} %）。勘を除くと{sure}問（{sure_share} %）。",
    ),
    "exam.report.guesses": Text(
        "Guessed: {guesses}, of these right: {lucky}. Not answered: {unanswered}.",
        "勘で答えた問題：{guesses}問（うち正解{lucky}問）。未解答：{unanswered}問。",
    ),
    "exam.report.time": Text(
        "Time: {used} of {allowed}, {each} s a question (the exam leaves about {pace} s).",
        "時間：{allowed}のうち{used}を使用。1問あたり{each}秒（本番は約{pace}秒）。",
    ),
    "exam.report.slow": Text("Longest: ", "時間のかかった問題："),
    "exam.report.slow_one": Text("question {number} ({seconds} s)", "問{number}（{seconds}秒）"),
    "exam.report.unjudged": Text(
        "Answers that could not be judged on this machine and do not count: {n}.",
        "この環境では判定できず、集計から除いた解答：{n}問。",
    ),
    "exam.report.no_pass_line": Text(
        "The real exam publishes no pass line.", "本番の合格基準は公表されていません。"
    ),
    # Calculator
    "exam.calculator.form": Text(
        "Type numbers with + - * / ** and brackets.",
        "数と + - * / **、かっこで入力してください。",
    ),
    "exam.calculator.unknown": Text(
        "The calculator does not know {name}. It has: {known}.",
        "{name} は使えません。使える関数：{known}",
    ),
    "exam.calculator.no_value": Text("There is no real value.", "実数の値がありません。"),
    "exam.calculator.zero": Text("Division by zero.", "0では割れません。"),
    "exam.calculator.too_large": Text("The value is too large.", "値が大きすぎます。"),
}
