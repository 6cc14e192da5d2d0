"""Strings about code: checks, errors, patterns of wrong values and the reasons for not judging."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {
    "code.prompt.typed": Text("Fill in the blanks (____).", "空欄（____）を埋めてください。"),
    "code.prompt.bug": Text("Find the bug and mend it.", "バグを見つけて直してください。"),
    "code.prompt.choice": Text(
        "What belongs in the blank ({letter})?", "空欄（{letter}）に入るものはどれですか。"
    ),
    "code.right_choice": Text("That is it.", "正解です。"),
    "code.few_choices": Text(
        "{name}: blank ({letter}) has only {n} wrong texts to choose among; three are needed.",
        "{name}：空欄（{letter}）の誤答の選択肢が{n}個しかありません。3個必要です。",
    ),
    "code.choice_passes": Text(
        "{name}: the judge lets this wrong option pass: {choice}",
        "{name}：誤答のはずの選択肢が合格します：{choice}",
    ),
    "code.right": Text("All checks pass.", "すべての検査に合格しました。"),
    "code.wrong": Text("The result is not right.", "結果が正しくありません。"),
    "code.look_at_line": Text("Look at line {line}.", "{line}行目を見てください。"),
    "code.at_line": Text("Line {line} ({text}):", "{line}行目（{text}）："),
    "code.no_exercise": Text("There is no exercise {name}.", "コード演習 {name} はありません。"),
    "code.bad_exercise": Text(
        "The exercise {name} cannot be read: {why}", "コード演習 {name} を読み込めません：{why}"
    ),
    "code.reference_fails": Text(
        "{name}: the reference does not pass.", "{name}：模範解答が合格しません。"
    ),
    "code.shipped_passes": Text(
        "{name}: the file passes as it is shipped.",
        "{name}：配布する形のままで合格してしまいます。",
    ),
    "code.unchanged": Text(
        "See below which checks fail, and which line of the program could be behind them.",
        "下の検査のうちどれが不合格かを見て、原因になりうる行を探してください。",
    ),
    # Names of checks
    "code.check.defined": Text("defined", "定義"),
    "code.check.runs": Text("runs", "実行"),
    "code.check.type": Text("type", "型"),
    "code.check.shape": Text("shape", "形状"),
    "code.check.dtype": Text("dtype", "dtype"),
    "code.check.value": Text("value", "値"),
    "code.check.blank": Text("blank", "空欄"),
    "code.check.gradient": Text("gradient", "勾配確認"),
    # The first check that fails, where nothing better is known
    "code.failed.defined": Text(
        "{expected} is not defined; found: {got}.",
        "{expected} が定義されていません。見つかったもの：{got}。",
    ),
    "code.failed.runs": Text(
        "It ends with an error: {got}.", "実行がエラーで終わりました：{got}。"
    ),
    "code.failed.count": Text(
        "What is returned is {got}; it should be {n} values: {expected}.",
        "返り値が {got} になっていますが、{n}個の値（{expected}）を返すべきです。",
    ),
    "code.blanks_right": Text(
        "Taken alone, {letters} is right.",
        "空欄 {letters} の内容は、それだけで見れば正しいです。",
    ),
    "code.in_step": Text("In the call {step}:", "次の呼び出しで：{step}"),
    "code.failed.type": Text(
        "{output} is {got} and should be {expected}.",
        "{output} の型は {got} ですが、{expected} であるべきです。",
    ),
    "code.failed.shape": Text(
        "{output} has the shape {got} and should have {expected}.",
        "{output} の形状は {got} ですが、{expected} であるべきです。",
    ),
    "code.failed.dtype": Text(
        "{output} has the dtype {got} and should have {expected}.",
        "{output} の dtype は {got} ですが、{expected} であるべきです。",
    ),
    "code.failed.value": Text(
        "{output} has the value {got} where {expected} is right.",
        "{output} の値は {got} ですが、正しくは {expected} です。",
    ),
    "code.failed.gradient": Text(
        "{output} is not the gradient of the loss ({got}).",
        "{output} は損失の勾配になっていません（{got}）。",
    ),
    "code.difference": Text(
        "The first value that differs is {place}: {got} instead of {expected} (with {sizes}).",
        "最初に異なる値は {place} で、{got} になっていますが正しくは {expected} です（{sizes} のとき）。",
    ),
    "code.gradient": Text(
        "The gradient check by finite differences fails for {outputs}.",
        "数値微分による勾配確認で {outputs} が一致しません。",
    ),
    # What the wrong values have in common
    "code.pattern.negated": Text("Every sign is reversed.", "すべての符号が逆です。"),
    "code.pattern.transposed": Text(
        "The values are right but transposed.", "値は正しいですが、転置されています。"
    ),
    "code.pattern.scaled": Text(
        "All values are {factor} times the right ones.", "すべての値が正しい値の{factor}倍です。"
    ),
    "code.pattern.constant-zero": Text("All values are 0.", "すべての値が0です。"),
    "code.pattern.not-a-number": Text(
        "Some values are not a number (nan).", "数値でない値（nan）が含まれています。"
    ),
    # Where it fails
    "code.scope.hard-inputs-only": Text(
        "Ordinary inputs pass; a special case fails ({names}).",
        "通常の入力では合格しますが、特別な場合（{names}）に失敗します。",
    ),
    "code.scope.one-size-only": Text(
        "It is right for {sizes} only.", "正しい結果になるのは {sizes} のときだけです。"
    ),
    "code.scope.equal-sizes-only": Text(
        "It is right only when all sizes are equal.",
        "すべての次元の大きさが等しいときにしか正しい結果になりません。",
    ),
    "code.edge.first": Text(
        "Along {symbol} only the first entry is wrong (index 0).",
        "{symbol} の方向では、最初の要素（添字0）だけが違っています。",
    ),
    "code.edge.last": Text(
        "Along {symbol} only the last entry is wrong.",
        "{symbol} の方向では、最後の要素だけが違っています。",
    ),
    "code.wraps": Text(
        "At the first step the index is -1, which NumPy reads as the last entry.",
        "最初の時刻では添字が -1 になり、NumPyでは最後の要素を指します。",
    ),
    "code.scope.keeps-state": Text(
        "The second call with the same input gives something else: something is kept between calls.",
        "同じ入力で2回呼ぶと結果が変わります。呼び出しの間で何かが残っています。",
    ),
    "code.scope.cached-by-shape": Text(
        "Other values of the same shape give the old result.",
        "形状が同じで値の異なる入力に対して、前の結果を返しています。",
    ),
    "code.scope.equal-sizes-only-run": Text(
        "It runs only when all sizes are equal: a product or a transpose fits by chance.",
        "すべての次元の大きさが等しいときにしか動きません。積や転置が偶然合っているだけです。",
    ),
    "code.scope.one-example-only-fails": Text(
        "It fails for a batch of one example.", "データが1つのバッチで失敗します。"
    ),
    # Notes that do not fail anybody
    "code.note.float32": Text(
        "The result is float32. float64 is expected here; the checks allowed for the difference.",
        "結果がfloat32です。ここではfloat64を想定していますが、float32の精度で判定しました。",
    ),
    "code.note.np-matrix": Text(
        "np.matrix is no longer recommended; use an ndarray.",
        "np.matrixは推奨されていません。ndarrayを使ってください。",
    ),
    "code.note.input-changed-in-place": Text(
        "The function changes what it was given ({names}); a caller may not expect that.",
        "関数が引数（{names}）を書き換えています。呼び出し側で思わぬ不具合になることがあります。",
    ),
    "code.note.list-for-tuple": Text(
        "The values are returned in a list; return a, b gives a tuple, as callers expect.",
        "複数の値をリストで返しています。ふつうは return a, b と書いてタプルで返します。",
    ),
    "code.note.unchanged": Text("Nothing has been changed yet.", "まだ何も変更されていません。"),
    # Errors of a submission
    "code.error.timeout": Text(
        "It does not end. Look at the condition of the loop.",
        "実行が終わりません。ループの条件を確認してください。",
    ),
    "code.error.crashed": Text("It crashed the interpreter.", "インタプリタが異常終了しました。"),
    "code.error.ended": Text(
        "It ended without returning an answer.", "答えを返さずに終了しました。"
    ),
    "code.error.bad-channel": Text(
        "It wrote into the judge's channel.", "判定用の通信路に書き込みが行われました。"
    ),
    "code.error.too-much-results": Text(
        "Its result is too large. Return only what the docstring says.",
        "結果が大きすぎます。docstringにあるものだけを返してください。",
    ),
    "code.error.MemoryError": Text("It needs too much memory.", "メモリを使いすぎています。"),
    "code.error.RecursionError": Text("The recursion never ends.", "再帰呼び出しが止まりません。"),
    "code.error.SystemExit": Text("It ends the program.", "プログラムを終了させています。"),
    "code.error.NameError": Text("{message}.", "名前が定義されていません（{message}）。"),
    "code.error.UnboundLocalError": Text(
        "A variable is read before it has a value ({message}).",
        "値が代入される前の変数を使っています（{message}）。",
    ),
    "code.error.ValueError": Text("{message}.", "値または形状が合いません（{message}）。"),
    "code.error.IndexError": Text(
        "An index is out of range ({message}).", "添字が範囲外です（{message}）。"
    ),
    "code.error.TypeError": Text("{message}.", "型が合いません（{message}）。"),
    "code.error.other": Text("{kind}: {message}", "{kind}: {message}"),
    # Why it was not judged
    "code.reason.syntax-error": Text(
        "Line {line} is not Python: {message}. {text}",
        "{line}行目はPythonとして読めません（{message}）。{text}",
    ),
    "code.reason.blank-left": Text(
        "A blank is still open (line {lines}).", "まだ埋まっていない空欄があります（{lines}行目）。"
    ),
    "code.reason.null-byte": Text(
        "The file holds a null byte, so it is no program text. Save it as plain text (UTF-8).",
        "ファイルにヌル文字が含まれており、プログラムとして読めません。テキスト（UTF-8）で保存してください。",
    ),
    "code.reason.too-long": Text(
        "The file is too long; shorten it.", "ファイルが長すぎます。短くしてください。"
    ),
    "code.reason.too-much-output": Text(
        "It prints too much to be judged; remove the prints.",
        "出力が多すぎて判定できません。printを減らしてください。",
    ),
    "code.reason.runner-lost": Text(
        "The helper process ended; try once more.",
        "実行用のプロセスが終了しました。もう一度実行してください。",
    ),
    "code.reason.cancelled": Text("Cancelled.", "中止しました。"),
    "code.reason.reference-failed": Text(
        "The exercise's own reference fails here; please report this exercise.",
        "このコード演習の模範解答が合格しません。不具合として報告してください。",
    ),
    "code.reason.not-contained": Text(
        "This exercise comes from another bank, and programs cannot be contained well enough on "
        "this system to run it.",
        "このコード演習は外部の問題集のものです。このシステムでは十分に隔離して実行できないため、判定しません。",
    ),
    "code.reason.other": Text(
        "This cannot be judged as it stands.", "このままでは判定できません。"
    ),
}
