"""Strings for authors: warnings, coverage, strategies, templates."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {
    "authoring.warning": Text("warning", "警告"),
    "authoring.near_duplicate": Text(
        "Nearly the same question as {other} ({alike} alike).",
        "{other} とほぼ同じ問題です（一致 {alike}）。",
    ),
    "authoring.given_away": Text(
        "Only the right option repeats these words of the stem ({language}): {words}",
        "問題文の次の語を含むのは正解の選択肢だけです（{language}）：{words}",
    ),
    "authoring.untranslated": Text(
        "This does not read like {language}: {text}", "{language}の文になっていません：{text}"
    ),
    "authoring.english_only": Text(
        "The docstrings and comments of {name} have no Japanese (key 'japanese' of 'judge').",
        "{name} のdocstringとコメントに日本語がありません（judge の japanese）。",
    ),
    "authoring.too_wide": Text(
        "{cells} columns wide; at 80 columns there is room for {width}: {line}",
        "幅が{cells}桁あります。80桁の画面で使えるのは{width}桁までです：{line}",
    ),
    "authoring.unsteady": Text(
        "Signs whose width differs between terminals: {signs}",
        "端末によって幅が変わる文字があります：{signs}",
    ),
    "authoring.unprintable": Text(
        "A sign that cannot be shown: {sign}", "表示できない文字があります：{sign}"
    ),
    "authoring.unmarked": Text(
        "The stem asks for what does not hold; mark the word with ** ({language}).",
        "当てはまらないものを問う文です。その語を ** で囲んでください（{language}）。",
    ),
    "authoring.unreached": Text(
        "No session asks this question (status: {status}).",
        "どの演習でも出題されません（status: {status}）。",
    ),
    "authoring.negative": Text(
        "{share} of the questions ask for what does not hold; at most {limit} should.",
        "当てはまらないものを問う問題が{share}あります。{limit}以下にしてください。",
    ),
    "authoring.guessable": Text(
        "{strategy} gets {share} % right without reading ({language}); more than {limit} % is too "
        "much.",
        "{strategy}だけで{share} %正解できます（{language}）。{limit} %以下にしてください。",
    ),
    "authoring.strategy.longest": Text("Choosing the longest option", "最も長い選択肢を選ぶ方法"),
    "authoring.strategy.shortest": Text("Choosing the shortest option", "最も短い選択肢を選ぶ方法"),
    "authoring.strategy.most-symbols": Text(
        "Choosing the option with the most symbols", "記号が最も多い選択肢を選ぶ方法"
    ),
    "authoring.strategy.most-shared-words": Text(
        "Choosing the option with the most words of the stem",
        "問題文と共通する語が最も多い選択肢を選ぶ方法",
    ),
    "authoring.strategy.least-absolute": Text(
        "Choosing the least absolute option", "断定が最も弱い選択肢を選ぶ方法"
    ),
    "authoring.strategy.odd-one-out": Text(
        "Choosing the odd one out", "形が最も異なる選択肢を選ぶ方法"
    ),
    "authoring.warnings": Text("Warnings: {n}", "警告：{n}件"),
    "authoring.covered": Text(
        "{covered} of {of} objectives have the items and the kinds that they need.",
        "必要な問題数と形式数を満たす学習目標：{of}個のうち{covered}個",
    ),
    "authoring.missing": Text(
        "missing: {items} items, {kinds} kinds", "不足：{items}問、{kinds}形式"
    ),
    "authoring.guess_items": Text(
        "Items with one right option: {n}. Chance: {chance} %. Limit: {limit} %.",
        "正解が1つの選択問題：{n}問、当て推量：{chance} %、上限：{limit} %",
    ),
    "authoring.unknown_template": Text(
        "There is no template {name}. Templates: {names}",
        "ひな形 {name} はありません。ひな形：{names}",
    ),
    "authoring.unknown_strategy": Text(
        "There is no strategy {name}. Strategies: {names}",
        "方法 {name} はありません。方法：{names}",
    ),
}
