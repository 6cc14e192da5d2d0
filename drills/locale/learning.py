"""Strings of the screens on which models learn: the lab and the training with a formula."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {
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
}
