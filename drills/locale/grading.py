"""Strings of the graders: which form an answer has, what is said of a wrong one, certificates."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {
    # choice
    "grading.choice.prompt": Text(
        "The letter of the right option (A to {last}).",
        "正しい選択肢の記号を答えてください（A〜{last}）。",
    ),
    "grading.choice.prompt_several": Text(
        "The letters of all right options, such as A C.",
        "正しい選択肢の記号をすべて答えてください（例：A C）。",
    ),
    "grading.choice.form": Text(
        "Answer with one letter from A to {last}.", "A〜{last} の記号を1つ入力してください。"
    ),
    "grading.choice.form_several": Text(
        "Answer with the letters of all right options (A to {last}), such as A C.",
        "正しい選択肢の記号（A〜{last}）をすべて入力してください。例：A C",
    ),
    "grading.choice.missing": Text(
        "Right options that are still missing: {n}.", "まだ選ばれていない正解が{n}個あります。"
    ),
    # numeric
    "grading.numeric.form_integer": Text(
        "A whole number, such as 80400 or 80,400.", "整数で答えてください。例：80400、80,400"
    ),
    "grading.numeric.form_fraction": Text(
        "A fraction or a decimal, such as 2/3 or 0.6667.",
        "分数または小数で答えてください。例：2/3、0.6667",
    ),
    "grading.numeric.form_decimal": Text(
        "A number, with at least three significant digits unless it is exact, such as 0.125.",
        "数で答えてください（割り切れないときは有効数字3桁以上）。例：0.125",
    ),
    "grading.numeric.form_shape": Text(
        "A shape, such as (3, 4).", "形状で答えてください。例：(3, 4)"
    ),
    "grading.numeric.form_vector": Text(
        "A vector, such as (1, 0.5, -2).", "ベクトルで答えてください。例：(1, 0.5, -2)"
    ),
    "grading.numeric.form_matrix": Text(
        "A matrix row by row, such as [[1, 2], [3, 4]] or 1 2; 3 4.",
        "行列を行ごとに書いてください。例：[[1, 2], [3, 4]]、1 2; 3 4",
    ),
    "grading.numeric.empty": Text("Nothing was typed.", "何も入力されていません。"),
    "grading.numeric.too-long": Text("The answer is too long.", "解答が長すぎます。"),
    "grading.numeric.too-large": Text(
        "The number is too large to be compared.", "数が大きすぎて比べられません。"
    ),
    "grading.numeric.not-a-number": Text(
        "This cannot be read as a number.", "数として読み取れません。"
    ),
    "grading.numeric.number-wanted": Text(
        "One number is wanted here, not a list.",
        "ここでは、リストではなく1つの数を答えてください。",
    ),
    "grading.numeric.list-wanted": Text(
        "The number of brackets does not fit.", "括弧の数が合いません。"
    ),
    "grading.numeric.brackets": Text(
        "A bracket is missing, or there is one too many.", "括弧が足りないか、多すぎます。"
    ),
    "grading.numeric.ragged": Text(
        "The rows have different lengths.", "行によって長さが違います。"
    ),
    "grading.numeric.too-many-dimensions": Text(
        "There are more than two levels of brackets.", "括弧の入れ子が多すぎます。"
    ),
    "grading.numeric.zero-denominator": Text("The denominator is 0.", "分母が0です。"),
    "grading.numeric.coarse": Text(
        "Right as far as it goes. Give at least three significant digits, or a fraction.",
        "ここまでは合っています。有効数字3桁以上、または分数で答えてください。",
    ),
    "grading.numeric.wrong": Text(
        "Not this value, and none of the known slips gives it. Write down each intermediate "
        "value, of an array the shape too, and compare again.",
        "この値ではありません。よくある誤りのどれとも一致しません。"
        "途中の値を1つずつ（配列なら形状も）書き出して、見直してください。",
    ),
    "grading.numeric.no_value": Text(
        "The right value cannot be computed here: the question has a mistake of its own.",
        "正解を計算できません。問題そのものに誤りがあります。",
    ),
    "grading.numeric.other_size": Text(
        "The number of entries does not fit. Ask first which shape the result has.",
        "要素の数が合いません。まず、結果がどの形状になるかを考えてください。",
    ),
    # term
    "grading.term.form": Text(
        "A term, in English or Japanese.", "用語を入力してください（日本語・英語のどちらでも可）。"
    ),
    "grading.term.slip": Text(
        "Nearly: one letter differs from a right term. Check the spelling.",
        "1文字だけ違います。表記を確かめてください。",
    ),
    "grading.term.wrong": Text(
        "This is not the term asked for. Read once more what it has to describe.",
        "求められている用語ではありません。何を指す用語か、問題文を読み直してください。",
    ),
    # order
    "grading.order.form": Text(
        "All {n} letters from A to {last} in the right order, such as {example}.",
        "A〜{last} の{n}個の記号を正しい順に並べてください（例：{example}）。",
    ),
    "grading.order.wrong": Text(
        "Two steps stand the wrong way round.", "順序が逆になっている手順があります。"
    ),
    # match
    "grading.match.form": Text(
        "A number from 1 to {n} for each letter from A to {last}, such as {example}.",
        "A〜{last} のそれぞれに1〜{n}の番号を対応させてください（例：{example}）。",
    ),
    "grading.match.count": Text("{right} of {n} are right.", "{n}個のうち{right}個が正解です。"),
    # predict
    "grading.predict.share": Text(
        "A share of the runs, such as 40 % or 0.4.", "割合で答えてください。例：40 %、0.4"
    ),
    "grading.predict.number": Text("A number, such as 5000.", "数で答えてください。例：5000"),
    "grading.predict.too_high": Text(
        "The recorded runs came out lower. Ask what holds the figure down, and run it.",
        "記録された結果はもっと小さい値です。何が値を抑えるかを考え、実際に動かしてみてください。",
    ),
    "grading.predict.too_low": Text(
        "The recorded runs came out higher. Ask what drives the figure up, and run it.",
        "記録された結果はもっと大きい値です。何が値を押し上げるかを考え、実際に動かしてみてください。",
    ),
    "grading.predict.see": Text("See it run: {command}", "実行して確かめる：{command}"),
    "grading.predict.no_figure": Text(
        "There is no recorded figure {figure} of {run}.", "{run} に {figure} の記録がありません。"
    ),
    "grading.predict.too_few": Text(
        "{run} was run {runs} times only; that proves nothing.",
        "{run} は{runs}回しか実行されておらず、根拠になりません。",
    ),
    "grading.predict.fails": Text(
        "The option is marked right, but the records say otherwise ({figures}): {option}",
        "正解とされた選択肢ですが、記録と合いません（{figures}）：{option}",
    ),
    "grading.predict.holds": Text(
        "The option is marked wrong, but what it states holds ({figures}): {option}",
        "誤りとされた選択肢ですが、述べていることは成り立ちます（{figures}）：{option}",
    ),
    "grading.predict.unsure": Text(
        "New runs might say otherwise ({figures}): {option}",
        "実行し直すと結果が変わるおそれがあります（{figures}）：{option}",
    ),
    "grading.predict.answer_differs": Text(
        "The band lies around {answer}, the recorded figure is {value}.",
        "band の中心は {answer} ですが、記録された値は {value} です。",
    ),
    "grading.predict.narrow": Text(
        "The band is too narrow: new runs are expected between {low} and {high}.",
        "band が狭すぎます。実行し直した値は {low} から {high} の間になり得ます。",
    ),
    "grading.predict.wide": Text(
        "The band is too wide to be a prediction.", "band が広すぎて、予測になりません。"
    ),
    "grading.predict.setting": Text(
        "The setting {name} does not fit the experiment {experiment}.",
        "設定 {name} は実験 {experiment} に合いません。",
    ),
    "grading.predict.other_settings": Text(
        "The lab would open with other settings than those recorded: {runs}",
        "実験の設定が記録と異なります：{runs}",
    ),
    "grading.predict.repeated": Text(
        "Repeated, {figure} of {run} came out as {value}, recorded is {recorded}.",
        "実行し直すと {run} の {figure} は {value} でしたが、記録は {recorded} です。",
    ),
    # certificates
    "grading.certify.no_value": Text(
        "The computation {name} gives no value: {reason}",
        "計算 {name} から値が得られません：{reason}",
    ),
    "grading.certify.check_differs": Text(
        "The worked check says {worked}, the computation {value}.",
        "検算の値は {worked} ですが、計算の結果は {value} です。",
    ),
    "grading.certify.claim_fails": Text(
        "The option is marked right, but {name} gives {value}: {option}",
        "正解とされた選択肢ですが、{name} の値は {value} です：{option}",
    ),
    "grading.certify.claim_holds": Text(
        "The option is marked wrong, but what it states holds ({name} gives {value}): {option}",
        "誤りとされた選択肢ですが、述べていることは成り立ちます（{name} の値は {value}）：{option}",
    ),
    "grading.certify.pair_fails": Text(
        "The partner of '{left}' says {right}, but the computation gives {value}.",
        "「{left}」の相手は {right} とされていますが、計算の結果は {value} です。",
    ),
    "grading.certify.pair_holds": Text(
        "'{left}' computes to {value}, so {right} would be right for it too.",
        "「{left}」の計算の結果は {value} なので、{right} も当てはまります。",
    ),
    "grading.certify.formula_check": Text(
        "The worked formula is not right for {target} ({outcome}): {formula}",
        "検算の式は {target} の正解ではありません（{outcome}）：{formula}",
    ),
    "grading.certify.coincide": Text(
        "Values that should differ cannot be told apart ({codes}) for {values}.",
        "区別できるはずの値が一致します（{codes}、{values}）。",
    ),
    "grading.certify.form": Text(
        "The answer is wanted as {form}, but it is {value}.",
        "答えの形式は {form} ですが、値は {value} です。",
    ),
    "grading.certify.near_accepted": Text(
        "'{near}' is listed as another term, but is accepted as '{accepted}'.",
        "「{near}」は別の用語とされていますが、「{accepted}」として正解になります。",
    ),
    "grading.certify.unreadable": Text(
        "Nothing is left of '{spelling}' once its spelling is folded.",
        "「{spelling}」は、表記をそろえると何も残りません。",
    ),
    # names that the engine does not know
    "grading.resolve.computation": Text(
        "There is no computation '{name}'.", "「{name}」という計算はありません。"
    ),
    "grading.resolve.argument": Text(
        "The computation {name} has no argument '{argument}'.",
        "計算 {name} に「{argument}」という引数はありません。",
    ),
    "grading.resolve.value": Text(
        "The computation {name} cannot take this: {reason}",
        "計算 {name} はこの値を受け取れません：{reason}",
    ),
    "grading.resolve.mistake": Text(
        "There is no mistake with the code '{name}'.", "「{name}」という誤りのコードはありません。"
    ),
    "grading.resolve.never": Text(
        "The computation {name} never gives a value for the mistake '{code}' here.",
        "ここでは、計算 {name} が誤り「{code}」の値を返すことはありません。",
    ),
    "grading.resolve.target": Text(
        "There is no formula target '{name}'.", "「{name}」という数式の対象はありません。"
    ),
    "grading.resolve.convention": Text(
        "There is no convention '{name}'.", "「{name}」という規約はありません。"
    ),
    "grading.resolve.convention_value": Text(
        "The convention {name} has no value '{value}' (it has {valid}).",
        "規約 {name} に「{value}」という値はありません（{valid} があります）。",
    ),
    "grading.resolve.experiment": Text(
        "'{name}' is no experiment.", "「{name}」という実験はありません。"
    ),
    "grading.resolve.run": Text(
        "There are no recorded runs '{name}'.", "「{name}」という実行の記録はありません。"
    ),
    "grading.resolve.figure": Text(
        "'{name}' is no recorded figure of {run}.", "{run} に「{name}」の記録はありません。"
    ),
    "grading.resolve.exercise": Text(
        "There is no exercise '{name}'.", "「{name}」というコード演習はありません。"
    ),
    "grading.resolve.bug": Text(
        "The exercise {exercise} has no bug '{name}'.",
        "コード演習 {exercise} に「{name}」というバグはありません。",
    ),
    "grading.resolve.blank": Text(
        "The exercise {exercise} has no blank ({name}).",
        "コード演習 {exercise} に空欄（{name}）はありません。",
    ),
    "grading.resolve.spec": Text(
        "The code judge cannot use this: {reason}", "コード判定はこれを使えません：{reason}"
    ),
    "grading.resolve.no_text": Text(
        "The mistake '{name}' has no text.", "誤り「{name}」の説明文がありません。"
    ),
}
