"""Strings of ``bptt lab``: what each experiment claims, and how its figures are printed."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {
    "cli.lab": Text("live models", "実験（モデルを動かす）"),
    "cli.lab.list": Text("the experiments", "実験の一覧"),
    "cli.lab.run": Text(
        "run an experiment, one line for each snapshot", "実験を動かし、途中経過を1行ずつ出力する"
    ),
    "cli.lab.experiment": Text("the experiment (see lab list)", "実験の名前（lab list で一覧）"),
    "cli.lab.seed": Text("seed of weights and data", "重みとデータを決める乱数シード"),
    "cli.lab.set": Text("set a parameter (repeatable)", "パラメータを指定する（複数指定可）"),
    "cli.lab.replicates": Text(
        "so many runs side by side, from the seed on, shown as quantiles",
        "シードを1ずつ変えた複数の試行を並べて進め、分位点で示す（試行の数）",
    ),
    "cli.lab.quantiles": Text(
        "{iteration}  10 % / 50 % / 90 % of {running} runs",
        "{iteration}  {running}試行の10 % / 50 % / 90 %点",
    ),
    "cli.lab.replicate_ended": Text("seed {seed} diverged: {what}", "シード{seed}は発散：{what}"),
    "cli.lab.unknown": Text(
        "There is no experiment {name}. Nearest: {nearest}",
        "実験 {name} はありません。近いもの：{nearest}",
    ),
    "cli.lab.set_form": Text(
        "--set takes NAME=VALUE, not {given}.",
        "--set は NAME=VALUE の形で書いてください（{given} は使えません）。",
    ),
    "cli.lab.bad_setting": Text(
        "{name}={value} is not possible. Allowed: {allowed}",
        "{name}={value} は使えません。使えるもの：{allowed}",
    ),
    "cli.lab.unknown_setting": Text(
        "There is no parameter {name}. Nearest: {nearest}",
        "パラメータ {name} はありません。近いもの：{nearest}",
    ),
    "cli.lab.line": Text(
        "{iteration}  loss {loss}  {a} + {b} = {output} {sign}  solved {accuracy} %",
        "{iteration}  損失 {loss}  {a} + {b} = {output} {sign}  正答率 {accuracy} %",
    ),
    "cli.lab.diverged": Text("diverged: {what}", "発散：{what}"),
    "cli.lab.case": Text(
        "{iteration}  {name}  loss {low} {median} {high}  solved {solved} %, so far {arrived} %",
        "{iteration}  {name}  損失 {low} {median} {high}  習得 {solved} %（これまで {arrived} %）",
    ),
    "cli.lab.case_diverged": Text(
        "diverged {count}, last seed {seed} at iteration {iteration}: gradient norm {norm}",
        "発散 {count}（最後はシード{seed}、{iteration}回目、勾配ノルム {norm}）",
    ),
    "cli.lab.recorded": Text(
        "recorded: share of runs that learnt, first checkpoint that shows it (quartiles)",
        "記録値：習得した試行の割合、最初に習得した更新回数（四分位数）",
    ),
    "cli.lab.recorded_row": Text(
        "R={replicates}  solved {solved} %  first {first} [{low}, {high}]  bits {bits}  diverged {diverged} %",
        "R={replicates}  習得 {solved} %  更新回数 {first} [{low}, {high}]  ビット正答率 {bits}  発散 {diverged} %",
    ),
    "cli.lab.claim.initial-deviation": Text(
        "0.5 learns later than 1; with 2 about a quarter of the runs never learn",
        "標準偏差0.5は1より遅れて習得し、2では約4分の1の試行が習得できない",
    ),
    "cli.lab.claim.activation-and-initialisation": Text(
        "tanh fails from deviation 1, yet from Xavier or He it is the fastest of all",
        "tanhは標準偏差1の初期値では失敗するが、XavierやHeの初期値なら最も速く習得する",
    ),
    "cli.lab.claim.output-delta": Text(
        "the wrong derivative does not show in the curves; y − d learns fastest",
        "微分の誤りは損失の曲線には現れない。y − d が最も速く習得する",
    ),
    "cli.lab.claim.learning-rate": Text(
        "at 0.01 nothing is learnt in 10,000 updates; at 1 all runs learn soon",
        "学習率0.01では1万回の更新でも習得できず、1ではすべての試行がすぐに習得する",
    ),
    "cli.lab.claim.hidden-size": Text(
        "2 or 4 units are too few; from deviation 1, 128 are so many that they saturate",
        "ユニット2個や4個では足りず、標準偏差1のまま128個にすると飽和する",
    ),
    "cli.lab.claim.clipping": Text(
        "clipping removes the NaN of ReLU from deviation 1, not all of its trouble",
        "勾配クリッピングでReLU（標準偏差1）のNaNは消えるが、問題がすべて消えるわけではない",
    ),
    "cli.lab.claim.bit-order": Text(
        "from the highest bit on nothing is learnt: the carry comes from the future",
        "上位ビットから入れると習得できない。桁上がりが未来から来るからである",
    ),
    "cli.lab.claim.wrong-gradient": Text(
        "some wrong gradients learn: a falling loss proves nothing about a gradient",
        "誤った勾配でも習得することがある。損失の減少は勾配の正しさを示さない",
    ),
    "cli.lab.claim.gradient-norms": Text(
        "the simple layer's gradient vanishes or explodes with the spectral radius of W; along the cells of an LSTM it shrinks with the forget gates alone",
        "単純RNNの勾配はWのスペクトル半径に応じて消失または爆発する。LSTMのセルに沿った勾配は忘却ゲートの値だけで減衰する",
    ),
    "cli.lab.claim.adding-problem": Text(
        "at T = 100 LSTM and GRU learn it, tanh stays at the baseline 1/6; of 5, 5 and 5 seeds the medians here: 0.00018, 0.00016 and 0.17",
        "T = 100では、LSTMとGRUは習得するが、tanhのRNNは基準値1/6にとどまる。シード数5、5、5で測ったここでの損失の中央値は順に0.00018、0.00016、0.17",
    ),
    "cli.lab.claim.forget-gate-bias": Text(
        "the more an LSTM remembers at the start, the sooner it learns: b_f = 1 before 0, 0 before −2",
        "LSTMは初期状態で多くを覚えているほど早く習得する（b_f = 1、0、−2の順）",
    ),
    "cli.lab.claim.scaled-dot-product": Text(
        "without the root the variance of the scores is d_k, and the softmax saturates",
        "√d_k で割らないと、スコアの分散は d_k となり、ソフトマックスが飽和する",
    ),
    "cli.lab.claim.bidirectional-addition": Text(
        "forwards alone can have at most 62.45 % of 8 bits right; both directions get all of them",
        "順方向だけでは8ビットの正答率は最大62.45 %。双方向ならすべて正答できる",
    ),
    "cli.lab.claim.toy-word2vec": Text(
        "the nearest word to nearly every word comes to be one of its own class",
        "ほぼすべての単語で、最も近い単語が同じ分類の単語になる",
    ),
    "cli.lab.claim.addition-strings": Text(
        "published exact matches: about 10 % plain, 50 % reversed, over 90 % with peeky too; of 3, 6 and 3 seeds the medians here: 11.1, 45.1 and 99.1 %",
        "公表値の完全一致率は、そのままで約10 %、入力を反転すると約50 %、さらにpeekyを使うと90 %超。シード数3、6、3で測ったここでの中央値は順に11.1、45.1、99.1 %",
    ),
    "cli.lab.claim.teacher-forcing": Text(
        "with teacher forcing learning is faster at first; in the end both come to the same",
        "教師強制を使うと学習の初めは速いが、最後にはどちらも同じところに落ち着く",
    ),
    "cli.lab.claim.beam-width": Text(
        "a wider beam finds likelier answers; hardly more of them are right",
        "ビーム幅を広げると尤度の高い出力が見つかるが、正答はほとんど増えない",
    ),
    "cli.lab.claim.decoder-steps": Text(
        "state and probabilities, choosing, embedding, again and again; detokenising once at the end",
        "状態と生成確率、選択、埋め込みを繰り返し、文字列に直す（Detokenize）のは最後に一度だけ",
    ),
    "cli.lab.claim.date-conversion": Text(
        "published: with attention 0, about 50 and 100 % right after epochs 1 to 3, peeky all after six, plain none; of 5, 3 and 3 seeds the medians here: 0, 47, 99.9, 100 and 0 %",
        "公表値では、アテンションありの正答率は1〜3エポック後に順に0、約50、100 %、peekyは6エポック後にすべて正解し、どちらもなければ正解は0。シード数5、3、3で測ったここでの中央値は順に0、47、99.9、100、0 %",
    ),
}
