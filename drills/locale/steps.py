"""Sentences of derivations, one for each kind of step."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {
    "steps.title": Text(
        "Derivation: {statement} ({notation}, {layout})",
        "導出：{statement}（{notation}、{layout}）",
    ),
    "steps.notation": Text("notation {name}", "記法 {name}"),
    "steps.asked": Text("To be found:", "求めるもの："),
    "steps.definition": Text("The model defines it:", "モデルの定義式です。"),
    "steps.inserted": Text("With the definitions put in:", "定義式を代入した形も同じです。"),
    "steps.other-form": Text("Written otherwise:", "別の書き方："),
    "steps.reads": Text("{quantity} is read here:", "{quantity} を使う式："),
    "steps.unread": Text(
        "No equation reads {quantity}, so its gradient is 0.",
        "{quantity} を使う式がないので、勾配は0です。",
    ),
    "steps.reads-loss": Text(
        "The loss of the same step reads {quantity}, too.",
        "{quantity} は同じ時刻の損失にも直接使われます。",
    ),
    "steps.chain": Text(
        "Chain rule: one term for each place where it is read.",
        "連鎖律により、使う式ごとに1つの項が出ます。",
    ),
    "steps.local": Text("What comes back through each of them:", "それぞれの式を通って戻る項："),
    "steps.needed": Text(
        "{quantity} has no name of its own here, so it is derived in the same way.",
        "{quantity} には名前がないので、同じ方法で求めます。",
    ),
    "steps.sum": Text("Added up:", "足し合わせると："),
    "steps.put-in": Text("Put in:", "代入すると："),
    "steps.loss": Text(
        "With this loss and this output function, in {quantity}:",
        "この損失と出力関数では、{quantity} について次のとおりです。",
    ),
    "steps.boundary": Text(
        "At the last time step nothing follows, and terms of a later step are 0.",
        "最後の時刻には次の時刻がないので、次の時刻の項は0です。",
    ),
    "steps.values": Text(
        "Slopes written with values that the forward pass has computed:",
        "導関数を順伝播で求めた値で書くと：",
    ),
    "steps.share": Text(
        "One time step's share: the gradient of {reader} times what {quantity} multiplies.",
        "1時刻分の寄与は、{reader} の勾配と、{quantity} に掛かる値との積です。",
    ),
    "steps.share_bias": Text(
        "One time step's share: {quantity} is only added, so the gradient of {reader} comes back "
        "unchanged.",
        "1時刻分の寄与：{quantity} は足されるだけなので、{reader} の勾配がそのまま戻ります。",
    ),
    "steps.over-time": Text(
        "{quantity} is the same at every time step, so the shares of all steps are added:",
        "{quantity} は全時刻で共通なので、全時刻の寄与を足します。",
    ),
    "steps.lags": Text(
        "Counted back from the last step t, over T_t steps:",
        "最後の時刻 t から T_t 時刻だけさかのぼって数えると：",
    ),
    "steps.one-step": Text(
        "The loss of one step reaches {quantity} at that step only:",
        "1時刻の損失が {quantity} に届くのは、その時刻だけです。",
    ),
    "steps.rate": Text(
        "Gradient descent: the old value minus the learning rate times the gradient.",
        "勾配降下法：更新前の値から、学習率×勾配を引きます。",
    ),
    "steps.product": Text(
        "Over several steps the factors of all steps are multiplied, the last one in front:",
        "複数の時刻では、各時刻の因子を後の時刻が左になる順に掛けます。",
    ),
    "steps.declared": Text(
        "The result, which numbers of the model's own run confirm:",
        "結果（モデルを実際に計算した数値と一致します）：",
    ),
}
