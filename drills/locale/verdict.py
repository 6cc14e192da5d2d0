"""Strings of verdicts: the same for every kind of item and in every face of the program."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {
    "verdict.outcome.correct": Text("right", "正解"),
    "verdict.outcome.correct_elsewhere": Text("right elsewhere", "別の規約なら正解"),
    "verdict.outcome.wrong": Text("wrong", "不正解"),
    "verdict.outcome.incomplete": Text("incomplete", "不十分"),
    "verdict.outcome.undecided": Text("undecided", "判定できません"),
    "verdict.outcome.not_understood": Text("not understood", "読み取れません"),
    "verdict.read_as": Text("read as", "読み取り"),
    "verdict.time_steps": Text("time steps", "時刻"),
    "verdict.assumed": Text("assuming", "前提"),
    "verdict.listing": Text(", ", "、"),
    "verdict.got_expected": Text(
        "got {got}, expected {expected}", "結果 {got}、正しくは {expected}"
    ),
    "verdict.ledger.right": Text("right", "○"),
    "verdict.ledger.missing": Text("missing", "不足"),
    "verdict.ledger.extra": Text("too many", "余分"),
    "verdict.ledger.wrong": Text("wrong", "誤り"),
    # Conventions, as short phrases that can be listed.
    "verdict.assumption.layout.column": Text("column vectors", "列ベクトル"),
    "verdict.assumption.layout.row": Text("row vectors", "行ベクトル"),
    "verdict.assumption.layout.numerator": Text("numerator layout", "分子レイアウト"),
    "verdict.assumption.loss.step": Text("loss of one step E^t", "1時刻の損失 E^t"),
    "verdict.assumption.loss.sequence": Text("loss of the sequence", "系列全体の損失"),
    "verdict.assumption.reduction.sum": Text("losses summed", "損失は和"),
    "verdict.assumption.reduction.mean": Text("losses averaged", "損失は平均"),
    "verdict.assumption.scope.whole": Text("the whole gradient", "勾配の全体"),
    "verdict.assumption.scope.one-step": Text("the share of one time step", "1時刻分の寄与"),
    "verdict.assumption.activation.abstract": Text("any activation", "任意の活性化関数"),
    "verdict.assumption.activation.sigmoid": Text("f is the sigmoid", "f はシグモイド関数"),
    "verdict.assumption.activation.tanh": Text("f is tanh", "f はtanh関数"),
    "verdict.assumption.activation.relu": Text("f is ReLU", "f はReLU"),
    "verdict.assumption.activation.identity": Text("f is the identity", "f は恒等関数"),
    "verdict.assumption.output.abstract": Text("any output and loss", "任意の出力と損失"),
    "verdict.assumption.output.mse-identity": Text(
        "squared error, identity output", "二乗誤差、出力は恒等関数"
    ),
    "verdict.assumption.output.mse-sigmoid": Text(
        "squared error, sigmoid output", "二乗誤差、出力はシグモイド関数"
    ),
    "verdict.assumption.output.ce-sigmoid": Text(
        "cross entropy, sigmoid output", "交差エントロピー、出力はシグモイド関数"
    ),
    "verdict.assumption.output.ce-softmax": Text(
        "cross entropy, softmax output", "交差エントロピー、出力はソフトマックス関数"
    ),
    "verdict.assumption.biases.none": Text("no biases", "バイアスなし"),
    "verdict.assumption.biases.one": Text("with biases", "バイアスあり"),
    "verdict.assumption.biases.two": Text("a bias with each weight", "重みごとにバイアス"),
    "verdict.assumption.z.z-takes-new": Text(
        "z takes the new state (z-takes-new)", "zは新しい候補の割合（z-takes-new）"
    ),
    "verdict.assumption.z.z-keeps-old": Text(
        "z keeps the old state (z-keeps-old)", "zは過去の状態の割合（z-keeps-old）"
    ),
    "verdict.assumption.reset.before": Text(
        "reset before the matrix product", "リセットは行列積の前"
    ),
    "verdict.assumption.reset.after": Text(
        "reset after the matrix product", "リセットは行列積の後"
    ),
    "verdict.assumption.jacobian.numerator": Text(
        "Jacobian in numerator layout", "ヤコビ行列は分子レイアウト"
    ),
    "verdict.assumption.jacobian.denominator": Text(
        "Jacobian in denominator layout", "ヤコビ行列は分母レイアウト"
    ),
    "verdict.assumption.counting.after": Text(
        "w^t is what step t makes", "w^t は t 回目の更新の結果"
    ),
    "verdict.assumption.counting.before": Text(
        "w^t is what step t starts from", "w^t は t 回目の更新の前の値"
    ),
    "verdict.assumption.scalar.yes": Text("all quantities scalar", "すべてスカラー"),
    "verdict.assumption.notation.course": Text("the course's notation", "講座の記法"),
}
