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
    "exam.nothing": Text(
        "There are no questions with four options here. Choose another section.",
        "ここには四択の問題がありません。別の分野を選んでください。",
    ),
    "exam.fewer": Text(
        "The question bank has {n} questions for this exam.",
        "この条件で出題できるのは{n}問です。",
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
