"""Strings of the area ``practice``: progress, sessions, settings, statistics."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {
    "practice.store.read_only": Text(
        "Progress cannot be written to {path}: the folder is read-only. You can go on; the"
        " answers stay in memory until they can be written.",
        "{path} に学習記録を書き込めません。フォルダが読み取り専用です。このまま続けられますが、"
        "解答は書き込めるようになるまでメモリ上に残ります。",
    ),
    "practice.store.full": Text(
        "Progress cannot be written to {path}: the disk is full. You can go on; the answers stay"
        " in memory and are written as soon as there is room.",
        "{path} に学習記録を書き込めません。ディスクがいっぱいです。このまま続けられます。"
        "解答はメモリ上に残り、空きができ次第書き込まれます。",
    ),
    "practice.store.unwritable": Text(
        "Progress cannot be written to {path} ({why}). You can go on; the answers stay in memory"
        " until they can be written.",
        "{path} に学習記録を書き込めません（{why}）。このまま続けられますが、"
        "解答は書き込めるようになるまでメモリ上に残ります。",
    ),
    "practice.store.index": Text(
        "The file progress.db cannot be used ({why}). Your answers are safe in the journal; only"
        " the place in a session is not remembered.",
        "progress.db を使用できません（{why}）。解答は記録ファイルに残りますが、"
        "演習の続きの位置は保存されません。",
    ),
    "practice.store.rebuilt": Text(
        "The file progress.db could not be used and was rebuilt from the journal. The old one is"
        " kept as {path}.",
        "progress.db を使用できなかったため、記録ファイルから作り直しました。"
        "元のファイルは {path} に残してあります。",
    ),
    "practice.store.unreadable": Text(
        "Lines of the journal that could not be read and were left out: {n}.",
        "記録ファイルのうち、読み取れず除外した行：{n}行。",
    ),
    "practice.store.unreadable_file": Text(
        "The file {path} cannot be read ({why}).",
        "{path} を読み込めません（{why}）。",
    ),
    "practice.session.finished": Text(
        "This session is finished.",
        "この演習は終了しています。",
    ),
    "practice.session.taken": Text(
        "This session is closed here, or goes on in another window. Everything answered so far is"
        " kept.",
        "この演習はここでは閉じられたか、別のウィンドウで続けられています。"
        "これまでの解答は保存されています。",
    ),
    "practice.session.judged_before": Text(
        "This answer was judged before the question was changed.",
        "この解答は、問題が変更される前に判定されたものです。",
    ),
    "practice.summary.answers": Text(
        "{answered} of {slots} answered, {right} right at the first try.",
        "{slots}問中{answered}問に解答、1回目で正解したのは{right}問。",
    ),
    "practice.summary.time": Text(
        "Time: {minutes} min {seconds} s.",
        "所要時間：{minutes}分{seconds}秒。",
    ),
    "practice.summary.passed": Text(
        "Solution shown: {shown}; passed over: {skipped}.",
        "正解を表示：{shown}問、飛ばした問題：{skipped}問。",
    ),
    "practice.summary.help": Text(
        "Hints used: {hints}; guesses: {guesses}.",
        "使ったヒント：{hints}回、勘で答えた問題：{guesses}問。",
    ),
    "practice.summary.unsaved": Text(
        "Answers that are not on the disk yet: {n}.",
        "まだディスクに書き込まれていない解答：{n}件。",
    ),
    "practice.settings.damaged": Text(
        "The settings in {path} cannot be read ({why}); the defaults are used. When settings are"
        " next saved, the old file is kept as {copy}.",
        "{path} の設定を読み取れないため（{why}）、既定値を使います。"
        "次に設定を保存するとき、元のファイルは {copy} として残します。",
    ),
    "practice.settings.value": Text(
        'Setting "{name}" in {path}: "{found}" is not one of {known}; the default is used.',
        "{path} の設定「{name}」の値「{found}」は {known} のいずれでもないため、既定値を使います。",
    ),
    "practice.section.rnn": Text("Simple RNN", "単純RNN"),
    "practice.section.bptt": Text("BPTT", "BPTT"),
    "practice.section.gradients": Text("Gradients", "勾配の消失と爆発"),
    "practice.section.lstm": Text("LSTM", "LSTM"),
    "practice.section.gru": Text("GRU", "GRU"),
    "practice.section.bidirectional": Text("Bidirectional RNN", "双方向RNN"),
    "practice.section.seq2seq": Text("Seq2Seq", "Seq2Seq"),
    "practice.section.word2vec": Text("word2vec", "word2vec"),
    "practice.section.attention": Text("Attention", "Attention"),
    "practice.section.training": Text("Training", "学習の工夫"),
    "practice.section.frameworks": Text("Frameworks", "フレームワーク"),
    "practice.kind.choice": Text("Multiple choice", "選択"),
    "practice.kind.numeric": Text("Numbers", "数値"),
    "practice.kind.term": Text("Terms", "用語"),
    "practice.kind.order": Text("Ordering", "並べ替え"),
    "practice.kind.match": Text("Matching", "組み合わせ"),
    "practice.kind.formula": Text("Formulas", "数式"),
    "practice.kind.code": Text("Code", "コード"),
    "practice.kind.predict": Text("Predictions", "予測"),
}
