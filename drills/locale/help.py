"""The help of each screen, ``app.help.*``."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {
    "app.help.training": Text(
        "The binary adder learns twice from the same seed: with your update of one parameter, and "
        "with the right one. All other parameters follow their true gradients. Space pauses, r "
        "takes another seed.",
        "同じシードのバイナリ加算を2通りに学習させます。一方は入力した更新式、もう一方は正しい更新式です。"
        "ほかのパラメータは正しい勾配で更新します。Spaceで一時停止、rで別のシードにします。",
    ),
    "app.help.handbook": Text(
        "The handbook, in the order of the curriculum. Enter opens a page; after every verdict h "
        "opens the page about the question.",
        "学習の順に並んだハンドブックです。Enterで開きます。判定の後にhを押すと、その問題のページを開きます。",
    ),
    "app.help.handbook_page": Text(
        "Everything that can be computed is computed: equations and answers come from the same "
        "declarations as the verdicts. Arrows, Page up and Page down scroll.",
        "計算できるものはすべて計算しています。式と答えは、判定と同じモデルの定義から作られます。"
        "矢印、PageUp、PageDownで送ります。",
    ),
    "app.help.experiments": Text(
        "The experiments of the lab. Guess what each will show before you start it.",
        "実験の一覧です。始める前に、どうなるかを予想してみてください。",
    ),
    "app.help.experiment": Text(
        "Each curve is drawn with its letter. Space starts and pauses, the full stop takes one "
        "step, Tab and arrows change a setting, which starts anew; Enter tells what many such runs "
        "have shown.",
        "曲線はそれぞれの文字で描きます。Spaceで開始と一時停止、ピリオドで1歩、Tabと矢印で設定を変えると"
        "最初から始めます。Enterで、多数の実行でわかったことを表示します。",
    ),
    "app.help.report": Text(
        "The text of a report, with all that is needed to see the same question again. Nothing is "
        "sent: copy it, or save it, and add what is wrong.",
        "同じ問題を再現できる情報を入れた報告文です。送信はしません。コピーか保存をして、"
        "どこが誤りかを書き足してください。",
    ),
    "app.help.palette": Text(
        "Type a part of a name in either language. Here: the keys of the screen below. Go to and "
        "Handbook open another screen; Theme and Frames are remembered.",
        "名前の一部を日本語か英語で入力します。「この画面」は元の画面のキー、「移動」と"
        "「ハンドブック」は別の画面、「配色」と「罫線」は次回も有効な設定です。",
    ),
    "app.help.mistakes": Text(
        "Each mistake counts over all kinds: numbers, choices, formulas and code. p practises just "
        "the one under the cursor, Enter says what to look at.",
        "誤りは、数値・選択・式・コードを通じて数えます。pでカーソル位置の誤りだけを練習し、"
        "Enterで確認することを表示します。",
    ),
    "app.help.derivation": Text(
        "From the equations that read the quantity, by the chain rule, to the answer. Page up and "
        "page down scroll.",
        "求める量を使う式から、連鎖律を通って答えまでを導きます。PageUpとPageDownで送ります。",
    ),
    "app.help.title": Text("Help", "ヘルプ"),
    "app.help.home": Text(
        "Home proposes a session from what is due and what is new. The bars show how much of a "
        "section you will still know tomorrow. Choose a row with the arrow keys or the mouse.",
        "復習の時期が来た問題と新しい問題から演習を組みます。棒は、その分野を明日どれだけ覚えているかの"
        "推定です。行は矢印キーかマウスで選びます。",
    ),
    "app.help.quiz": Text(
        "Letters, arrows or the mouse choose; Enter answers and goes on. Steps are put in order by "
        "typing their letters or by carrying them with Space and arrows; pairs by typing numbers. "
        "Everything is saved at once: leave whenever you like.",
        "英字・矢印・マウスで選び、Enterで解答して次へ進みます。並べ替えは英字を順に入力するか、Spaceで"
        "持ち上げて矢印で動かします。組み合わせは番号を入力します。解答はその場で保存されるので、いつ"
        "中断しても構いません。",
    ),
    "app.help.formula": Text(
        "Type a formula in LaTeX, Unicode, ASCII or NumPy, full-width letters included. How it "
        "reads appears below while you type. Enter has it judged; change it and press Enter again.",
        "LaTeX・Unicode・ASCII・NumPyのどれでも入力でき、全角文字も使えます。入力中に読み取り結果が下に"
        "表示されます。Enterで判定し、直してもう一度Enterを押せます。",
    ),
    "app.help.code": Text(
        "Replace each ____ and press F5. In the editor Tab indents, Ctrl+Z undoes, and Escape "
        "moves the focus out; F10 leaves. Your code runs in a process of its own.",
        "____ を埋めてF5で実行します。エディタではTabで字下げ、Ctrl+Zで元に戻し、Escで抜けます。"
        "F10で画面を離れます。コードは別のプロセスで実行されます。",
    ),
    "app.help.lab": Text(
        "A simple RNN learns to add binary numbers. Tab or the arrows choose a setting, left and "
        "right its value; a change starts anew, and the curve before stays as dots.",
        "単純なRNNが2進数の加算を学習します。Tabか上下の矢印で設定を、左右で値を選びます。変えると最初"
        "から始まり、前の曲線は点で残ります。",
    ),
    "app.help.pick": Text(
        "Choose with the arrow keys or the mouse; Enter opens.",
        "矢印キーかマウスで選び、Enterで開きます。",
    ),
    "app.help.summary": Text(
        "First answers count. The dates say when each item comes back.",
        "初回の解答だけを数えます。日数は次に出題される時期です。",
    ),
    "app.help.statistics": Text(
        "Known tomorrow: the probability, on average, that you will still know an item tomorrow.",
        "明日の定着度は、明日もその問題に答えられる確率の推定を平均したものです。",
    ),
    "app.help.help": Text("Escape goes back.", "Escで戻ります。"),
}
