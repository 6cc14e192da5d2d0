"""Strings about formulas: targets, readings and the reasons for not judging."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {
    # What a target asks for: "{kind} of {quantity}".
    "formula.kind.forward": Text("definition of {quantity}", "{quantity} の定義式"),
    "formula.kind.delta": Text("{quantity}", "{quantity}"),
    "formula.kind.gradient": Text("gradient with respect to {quantity}", "{quantity} に関する勾配"),
    "formula.kind.update": Text("update of {quantity}", "{quantity} の更新式"),
    "formula.quantity.u": Text("the pre-activation u^t", "総入力 u^t"),
    "formula.quantity.z": Text("the hidden state z^t", "隠れ状態 z^t"),
    "formula.quantity.v": Text("the output pre-activation v^t", "出力層の総入力 v^t"),
    "formula.quantity.y": Text("the output y^t", "出力 y^t"),
    "formula.quantity.delta_out": Text(
        "the output delta ∂E/∂v^t", "出力層の誤差 δ^(out,t) = ∂E/∂v^t"
    ),
    "formula.quantity.delta": Text(
        "the delta recursion, loss of the sequence", "中間層の δ の漸化式（系列全体の損失）"
    ),
    "formula.quantity.delta_step": Text(
        "the delta recursion, loss of one step", "中間層の δ の漸化式（1時刻の損失）"
    ),
    "formula.quantity.W_in": Text("the input weight W_in", "入力の重み W_in"),
    "formula.quantity.W": Text("the recurrent weight W", "再帰の重み W"),
    "formula.quantity.W_out": Text("the output weight W_out", "出力の重み W_out"),
    "formula.quantity.b": Text("the hidden bias b", "中間層のバイアス b"),
    "formula.quantity.c": Text("the output bias c", "出力層のバイアス c"),
    "formula.given": Text("Symbols: {symbols}", "使える記号：{symbols}"),
    "formula.shape": Text("Shape: {shape}", "形状：{shape}"),
    "formula.model": Text("Model: {model}", "モデル：{model}"),
    "formula.notations": Text("Notations:", "記法："),
    "formula.example": Text("Ways to type its left side:", "左辺の入力のしかた："),
    # Feedback
    "formula.right": Text("This is the {statement}.", "{statement}として正しい式です。"),
    "formula.elsewhere": Text(
        "Right under another convention ({assumed}), but not under the one stated here ({stated}).",
        "別の規約（{assumed}）なら正しい式ですが、この問題の規約（{stated}）とは異なります。",
    ),
    "formula.unnamed": Text(
        "The value differs from the right one; what kind of mistake it is could not be told.",
        "正しい式と値が一致しません。誤りの種類は特定できませんでした。",
    ),
    "formula.also": Text("Also: {names}.", "ほかに：{names}。"),
    "formula.witness": Text(
        "On the smallest example it gives {answer}, the right one {truth}.",
        "最小の例では {answer} になりますが、正しい値は {truth} です。",
    ),
    "formula.link": Text(
        "Part {n} of the chain is the first wrong one.",
        "等号でつないだ式のうち、{n}番目から誤っています。",
    ),
    "formula.shapes": Text(
        "The shapes do not fit either: {left} and {right}.", "形状も合いません：{left} と {right}。"
    ),
    "formula.item.stem_choice": Text("{stem}", "{stem}"),
    "formula.prompt.typed": Text(
        "Type a formula: LaTeX, Unicode, ASCII or NumPy.",
        "式を入力（LaTeX・Unicode・ASCII・NumPy）",
    ),
    "formula.prompt.choice": Text("Choose a letter.", "記号を選んでください。"),
    "formula.unknown_target": Text(
        "There is no formula target {name}.", "数式の対象 {name} はありません。"
    ),
    "formula.distractor": Text(
        "An option that should be wrong is judged {outcome}: {formula}",
        "誤答であるべき選択肢の判定が {outcome} です：{formula}",
    ),
    "formula.choice_form": Text(
        "Answer with one letter: {letters}.", "{letters}のうち1つで答えてください。"
    ),
    "formula.answer": Text("{formula}", "{formula}"),
    # Why something was not judged. Keys are the codes of the engine.
    "formula.reason.empty": Text("Nothing was typed.", "何も入力されていません。"),
    "formula.reason.unexpected-end": Text(
        "The formula stops too early; expected here: {expected}.",
        "式が途中で終わっています。続きに必要なもの：{expected}。",
    ),
    "formula.reason.unexpected-token": Text(
        "“{found}” cannot stand here; expected: {expected}.",
        "ここに「{found}」は置けません。ここに置けるもの：{expected}。",
    ),
    "formula.reason.unknown-name": Text(
        "“{found}” is no symbol of this notation{nearest}.",
        "「{found}」はこの記法の記号ではありません{nearest}。",
    ),
    "formula.reason.nearest": Text(" (nearest: {names})", "（近いもの：{names}）"),
    "formula.reason.unbalanced-bracket": Text(
        "The bracket “{found}” has no partner.", "括弧「{found}」の対応が取れていません。"
    ),
    "formula.reason.too-long": Text(
        "This is too long to be read: at most 4,000 characters.",
        "長すぎて読み取れません。4,000文字以内で入力してください。",
    ),
    "formula.reason.too-deep": Text(
        "Brackets or fractions are nested too deeply. Write it more simply.",
        "括弧や分数の入れ子が深すぎます。より簡単な形で書いてください。",
    ),
    "formula.reason.sums-too-nested": Text(
        "Sums are nested too deeply: at most three.", "総和の入れ子が深すぎます（3重まで）。"
    ),
    "formula.reason.not-a-formula": Text(
        "This does not read as a formula. Write, for example, f'(u[t]) or delta[t] @ z[t-1].T.",
        "数式として読み取れません。f'(u[t]) や delta[t] @ z[t-1].T のように書いてください。",
    ),
    "formula.reason.unexpected-character": Text(
        "The sign “{found}” is not read here.", "記号「{found}」は読み取れません。"
    ),
    "formula.reason.unknown-command": Text(
        "The LaTeX command “{found}” is not known{nearest}.",
        "LaTeXのコマンド「{found}」は使えません{nearest}。",
    ),
    "formula.reason.number-too-large": Text(
        "The number “{found}” is too large.", "数「{found}」が大きすぎます。"
    ),
    "formula.reason.ambiguous-script": Text(
        "The script “{found}” can be read in more than one way; use braces.",
        "添字「{found}」は複数の読み方ができます。波括弧で囲んでください。",
    ),
    "formula.reason.unexpected-script": Text(
        "“{found}” cannot be a script here.", "ここに添字「{found}」は付けられません。"
    ),
    "formula.reason.index-as-value": Text(
        "“{found}” is an index; it cannot stand as a value.",
        "「{found}」は添字なので、値としては使えません。",
    ),
    "formula.reason.function-without-argument": Text(
        "The function “{found}” needs an argument in brackets.",
        "関数「{found}」には括弧に入れた引数が必要です。",
    ),
    "formula.reason.sum-without-index": Text(
        "The sum needs an index and its limits, such as s=0 to T_t.",
        "総和には添字と範囲が必要です。例：s=0 から T_t まで。",
    ),
    "formula.reason.unsupported-code": Text(
        "This part of Python is not read here: {found}. Write one expression or assignment.",
        "Pythonのこの書き方は読み取れません：{found}。1つの式か代入文で書いてください。",
    ),
    # What could stand at a place
    "formula.expected.name": Text("a symbol", "記号"),
    "formula.expected.number": Text("a number", "数"),
    "formula.expected.operator": Text("an operator", "演算子"),
    "formula.expected.end": Text("the end", "式の終わり"),
    "formula.reason.undeclared-symbol": Text(
        "“{found}” has no meaning for this target.", "「{found}」はこの問題では使えない記号です。"
    ),
    "formula.reason.formal-step": Text(
        "This step stands for a derivative that is no matrix; write out its result.",
        "この式は行列にならない微分を含むため判定できません。計算結果の形で書いてください。",
    ),
    "formula.reason.notations-disagree": Text(
        "This reads differently in different notations; name one with --notation.",
        "記法によって意味が変わります。--notation で記法を指定してください。",
    ),
    "formula.reason.target-unknown": Text(
        "It is not clear which quantity this formula is for. Write its left side, or name the "
        "target (bptt formula list).",
        "何を求める式か分かりません。左辺を書くか、対象を指定してください（bptt formula list）。",
    ),
    "formula.reason.index-outside-run": Text(
        "An index runs outside the sequence, where nothing is defined.",
        "添字が系列の範囲の外に出ています。",
    ),
    "formula.reason.asked-for": Text(
        "True, but it only names what was asked for. Write it with: {given}.",
        "正しい等式ですが、求めるものを言い換えただけです。次の記号を使って書いてください：{given}。",
    ),
    "formula.reason.not-given": Text(
        "“{found}” is not given here. Write the formula with: {given}.",
        "「{found}」はここでは与えられていません。次の記号を使って書いてください：{given}。",
    ),
    "formula.reason.vacuous-term": Text(
        "A term of this formula is always 0 here, so that nothing can be said of it.",
        "この式には常に0になる項があるため、判定できません。",
    ),
    "formula.reason.not-evaluable": Text(
        "The formula was read, but it cannot be evaluated as it stands.",
        "読み取れましたが、このままでは値を計算できません。",
    ),
    "formula.reason.too-much-work": Text(
        "This would take too long to evaluate. Write it more simply.",
        "計算量が多すぎて判定できません。より簡単な形で書いてください。",
    ),
    "formula.reason.limits-missing": Text(
        "Right for all lags, but the sum over {found} lacks its limits. Write from where to where "
        "it runs.",
        "すべての遅れについての和としては正しい式ですが、{found}の範囲がありません。"
        "どこからどこまでの和かを書いてください。",
    ),
    "formula.reason.scalar-or-matrix": Text(
        "Right for single numbers; with vectors a transpose is missing. Write the transposes.",
        "スカラーの式としては正しいですが、ベクトルでは転置が必要です。転置を付けて書いてください。",
    ),
    "formula.reason.other": Text(
        "This cannot be judged as it stands ({code}).", "このままでは判定できません（{code}）。"
    ),
}
