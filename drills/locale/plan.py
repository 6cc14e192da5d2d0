"""Strings of the area ``plan``: the plan toward the exam, tonight's session, first questions."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {
    # The command
    "plan.option.date": Text(
        "date of the exam, as 2027-02-19 (else the one that is set)",
        "試験日（例：2027-02-19、省略すると設定済みの日付）",
    ),
    "plan.option.minutes": Text(
        "minutes a day (else those that are set)", "1日の学習時間（分、省略すると設定値）"
    ),
    "plan.option.keep": Text(
        "keep date and minutes as the settings", "指定した試験日と時間を設定に保存する"
    ),
    "plan.option.tonight": Text(
        "the session that the plan proposes for tonight", "今日の計画に沿った演習"
    ),
    "plan.option.tonight_minutes": Text(
        "minutes for --tonight (else those that are set)",
        "--tonight の時間（分、省略すると設定値）",
    ),
    "plan.bad_date": Text(
        "{given} is no date. Write it as 2027-02-19.",
        "「{given}」は日付として読めません。2027-02-19 のように書いてください。",
    ),
    "plan.past_date": Text(
        "{given} is over. Give a date from today on.",
        "{given} は過ぎています。今日以降の日付を指定してください。",
    ),
    "plan.bad_minutes": Text(
        "Minutes a day: a whole number from 1 to {most}, not {given}.",
        "1日の学習時間は1から{most}までの整数で指定してください（指定：{given}）。",
    ),
    "plan.bad_minutes_tonight": Text(
        "--minutes takes a whole number from 1 to {most}, not {given}.",
        "--minutes は1から{most}までの整数で指定してください（指定：{given}）。",
    ),
    "plan.only_tonight": Text(
        "--minutes belongs to --tonight, which takes no other filter.",
        "--minutes は --tonight と一緒に使います。--tonight に他の絞り込みは付けられません。",
    ),
    "plan.kept": Text("Kept as your settings.", "設定に保存しました。"),
    "plan.not_kept": Text(
        "The settings could not be written ({why}).", "設定を保存できませんでした（{why}）。"
    ),
    # The plan in words
    "plan.title": Text("Plan", "学習計画"),
    "plan.head": Text(
        "E-qualification on {exam}, in {days}, {minutes} minutes a day",
        "E資格 {exam}（あと{days}）、1日{minutes}分",
    ),
    "plan.head_tomorrow": Text("1 day", "1日"),
    "plan.head_days": Text("{n} days", "{n}日"),
    "plan.head_today": Text("E-qualification today, {exam}", "E資格 当日（{exam}）"),
    "plan.no_date": Text(
        "No exam date is set; the plan looks {days} days ahead, {minutes} minutes a day.",
        "試験日が未設定のため、{days}日先まで、1日{minutes}分として計画しています。",
    ),
    "plan.no_date_how": Text(
        "Set it: bptt plan --date 2027-02-19 --minutes-per-day 25 --keep",
        "設定するには：bptt plan --date 2027-02-19 --minutes-per-day 25 --keep",
    ),
    "plan.date_over": Text(
        "The exam date that is set, {exam}, is over.",
        "設定されている試験日 {exam} は過ぎています。",
    ),
    "plan.recall": Text(
        "Expected recall on the exam day: {mean} % ({low}-{high})",
        "試験日の予想定着度：{mean} %（{low}-{high}）",
    ),
    "plan.recall_horizon": Text(
        "Expected recall in {days} days: {mean} % ({low}-{high})",
        "{days}日後の予想定着度：{mean} %（{low}-{high}）",
    ),
    "plan.untouched": Text(
        "Without another evening it would be {mean} %.",
        "この先何も学習しない場合は {mean} %です。",
    ),
    "plan.covered": Text(
        "The time is enough for {percent} % of what has not been seen yet.",
        "残り時間でこなせるのは、未学習の問題の約{percent} %です。",
    ),
    "plan.covered_once": Text(
        "The time would do to see everything once; repeating what matters more brings more.",
        "全問を1回ずつ学ぶ時間はありますが、重要な問題の復習を優先した方が効果的です。",
    ),
    "plan.covered_all": Text(
        "The time is enough to see everything, and to repeat it.",
        "残り時間で全問を学び、復習もできます。",
    ),
    "plan.left_out": Text(
        "{left} of {items} items are left out: they bring the least for their time.",
        "全{items}問のうち{left}問は計画から外れます（時間あたりの効果が小さい問題です）。",
    ),
    "plan.missed": Text(
        "Evenings missed in the last two weeks: {missed}. The plan counts on {percent} % of those"
        " to come.",
        "この2週間で学習しなかった日：{missed}日。今後は{percent} %の日に学習するものとして"
        "計画しています。",
    ),
    "plan.range_note": Text(
        "In brackets: eight of ten forecasts lie between these. Not seen counts as not known.",
        "括弧内は予測の8割が収まる範囲です。未学習の問題は定着度0として数えます。",
    ),
    "plan.column.section": Text("Section", "分野"),
    "plan.column.recall": Text("expected", "予想定着度"),
    "plan.column.range": Text("range", "範囲"),
    "plan.column.seen": Text("seen", "学習済"),
    "plan.column.coming": Text("coming", "予定"),
    "plan.column.left_out": Text("left out", "対象外"),
    "plan.column.day": Text("Evening", "日"),
    "plan.column.new": Text("new", "新規"),
    "plan.column.again": Text("again", "復習"),
    "plan.column.minutes": Text("minutes", "分"),
    "plan.column.first": Text("introduces", "新しく学ぶ分野"),
    "plan.today": Text("today", "今日"),
    "plan.week": Text("{first} to {last}", "{first}～{last}"),
    "plan.date": Text("{month}/{day}", "{month}/{day}"),
    "plan.list": Text(", ", "、"),
    "plan.more": Text(" and more", "など"),
    # Tonight
    "plan.tonight.due": Text("{n} due", "復習 {n}問"),
    "plan.tonight.weak": Text("{n} weak", "要強化 {n}問"),
    "plan.tonight.weak_named": Text("{n} weak: {names}", "要強化 {n}問：{names}"),
    "plan.tonight.new": Text("{n} new", "新規 {n}問"),
    "plan.tonight.new_named": Text("{n} new: {names}", "新規 {n}問：{names}"),
    "plan.tonight.none": Text(
        "Nothing more is worth doing tonight.", "今日これ以上学習すべき問題はありません。"
    ),
    "plan.exam_in": Text("exam in {n} days", "試験まで{n}日"),
    "plan.exam_tomorrow": Text("exam tomorrow", "試験は明日"),
    "plan.exam_today": Text("exam today", "試験当日"),
    "plan.working": Text("Planning", "計画を立てています"),
    # First questions, and the same again later
    "plan.setup.title": Text("Settings {number} / 3", "設定 {number} / 3"),
    "plan.setup.language": Text("Which language?", "どの言語で使いますか？"),
    "plan.setup.language_note": Text("F8 switches at any time.", "F8でいつでも切り替えられます。"),
    "plan.setup.date": Text("When is your exam?", "試験日はいつですか？"),
    "plan.setup.date_note": Text(
        "As 2027-02-19 or 2/19. Empty if you do not know yet.",
        "2027-02-19 または 2/19 のように入力します。未定なら空のままで構いません。",
    ),
    "plan.setup.date_read": Text("{day}, in {n} days", "{day}（あと{n}日）"),
    "plan.setup.minutes": Text("How many minutes a day?", "1日に何分学習しますか？"),
    "plan.setup.minutes_row": Text("{n} minutes", "{n}分"),
    "plan.setup.minutes_note": Text(
        "Missed days are no harm: the plan is made anew every evening.",
        "学習しない日があっても構いません。計画は毎日作り直されます。",
    ),
    "plan.setup.later": Text(
        "Esc leaves the rest as it is; o on the home screen asks again.",
        "Escで残りを飛ばせます。後からホーム画面のoキーで変更できます。",
    ),
    "plan.setup.not_saved": Text(
        "The settings could not be saved ({why}); they hold until you leave.",
        "設定を保存できませんでした（{why}）。終了するまでは有効です。",
    ),
    # Home
    "plan.home.exam_waits": Text(
        "A mock exam waits at question {number} of {count}, {time} left: press e to go on.",
        "模擬試験が中断しています（{count}問中{number}問目、残り{time}）。eキーで再開できます。",
    ),
    "plan.home.tonight": Text(
        "Enter: tonight, {minutes} minutes", "Enter：今日の演習、{minutes}分"
    ),
    "plan.home.again": Text(
        "Done for tonight ({done} minutes). Enter: another {minutes} minutes",
        "今日の分は終わりました（{done}分）。Enter：さらに{minutes}分",
    ),
    "plan.home.apart": Text("   ", "　"),
    "plan.help": Text(
        "The plan spends your minutes where they bring the most on the exam day. It is made anew "
        "from your answers every time, so a missed evening needs no repair. Objectives count as "
        "many items as the curriculum wants of them.",
        "学習計画は、試験日の定着度が最も上がるように時間を配分します。解答をもとに毎回作り直すので、"
        "学習しない日があっても調整は不要です。各項目の重みは、カリキュラムが求める問題数に応じます。",
    ),
    "plan.help_setup": Text(
        "Three questions; every answer can be changed later.",
        "質問は3つです。どの答えも後から変更できます。",
    ),
}
