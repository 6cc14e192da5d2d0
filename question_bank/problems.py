"""What is wrong with a bank, said at file:line:column in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from question_bank.text import Language, Place, Text


@dataclass(frozen=True)
class Problem:
    """One thing to mend; ``nearest`` holds the valid names that look most like the one found."""

    place: Place
    message: Text
    nearest: tuple[str, ...] = ()

    def line(self, language: Language) -> str:
        """The problem on one line, the way compilers print theirs."""
        said = f"{self.place}: {self.message.in_(language)}"
        if self.nearest:
            said += {"en": " Nearest: ", "ja": " 近い名前："}[language] + ", ".join(self.nearest)
        return said

    def to_json(self) -> list[Any]:
        place = self.place
        message = self.message
        return [place.line, place.column, message.en, message.ja, list(self.nearest)]

    @classmethod
    def from_json(cls, data: list[Any], file: str) -> Problem:
        line, column, en, ja, nearest = data
        return cls(Place(file, line, column), Text(en, ja), tuple(nearest))


MESSAGES: Final[dict[str, Text]] = {
    "not-utf8": Text(
        "The file is not UTF-8 (byte {number}).",
        "ファイルがUTF-8ではありません（{number}バイト目）。",
    ),
    "unreadable-file": Text(
        "The file cannot be read: {reason}.", "ファイルを読み込めません：{reason}。"
    ),
    "too-large": Text(
        "The file is larger than {limit} bytes; split it.",
        "ファイルが{limit}バイトを超えています。分割してください。",
    ),
    "yaml-syntax": Text("This is not YAML: {reason}.", "YAMLとして読めません：{reason}。"),
    "too-deep": Text("Nested more than {limit} levels deep.", "入れ子が{limit}段を超えています。"),
    "alias": Text(
        "Anchors and aliases (& and *) are not used in a bank; write the value out.",
        "問題集ではアンカーとエイリアス（& と *）を使えません。値をそのまま書いてください。",
    ),
    "tag": Text(
        "The tag {found} is not allowed; write a plain value.",
        "タグ {found} は使えません。普通の値を書いてください。",
    ),
    "key-not-text": Text("A key must be a plain word.", "キーは単純な語でなければなりません。"),
    "duplicate-key": Text(
        "The key '{name}' is here twice; the first is on line {line}.",
        "キー「{name}」が重複しています。最初は{line}行目にあります。",
    ),
    "wrong-type": Text(
        "Expected {expected} here, found {found}.",
        "ここには{expected}が必要ですが、{found}が書かれています。",
    ),
    "unknown-key": Text(
        "'{name}' is not a key here.", "「{name}」というキーはここでは使えません。"
    ),
    "missing-key": Text("The key '{name}' is missing.", "キー「{name}」がありません。"),
    "missing-language": Text("The text is missing in {language}.", "{language}の文がありません。"),
    "empty-text": Text("The text is empty.", "文が空です。"),
    "empty-list": Text(
        "At least {least} entries are needed here, found {found}.",
        "ここには少なくとも{least}個の要素が必要ですが、{found}個しかありません。",
    ),
    "too-many": Text(
        "At most {most} entries are allowed here, found {found}.",
        "ここに書けるのは{most}個までですが、{found}個あります。",
    ),
    "out-of-range": Text(
        "{found} is outside the range {low} to {high}.",
        "{found} は範囲 {low}〜{high} の外にあります。",
    ),
    "unknown-name": Text(
        "'{name}' is not one of: {valid}.", "「{name}」は使えません。使えるのは {valid} です。"
    ),
    "bad-form": Text(
        "'{found}' does not have the form wanted: {wanted}.",
        "「{found}」は求められる形ではありません：{wanted_ja}。",
    ),
    "unknown-objective": Text(
        "'{name}' is not an objective of the curriculum (A01 to K12).",
        "「{name}」は学習目標（A01〜K12）にありません。",
    ),
    "duplicate-id": Text(
        "The id '{name}' is already used at {other}.",
        "id「{name}」は {other} ですでに使われています。",
    ),
    "unresolved-placeholder": Text(
        "{{name}} stands in the text, but '{name}' is not drawn.",
        "文中に {{name}} がありますが、「{name}」は draw にありません。",
    ),
    "ambiguous-placeholder": Text(
        "{{name}} is drawn, but here it is the argument of a formula and would not be replaced; "
        "put it in parentheses or write it apart.",
        "{{name}} は draw の名前ですが、ここでは数式の引数なので置き換えられません。"
        "丸括弧に入れるか、離して書いてください。",
    ),
    "reference-not-drawn": Text(
        "${name} refers to a drawn value, but '{name}' is not drawn.",
        "${name} は draw の値を指しますが、「{name}」は draw にありません。",
    ),
    "bad-reference": Text(
        "'{found}' begins with $ but is no reference; a reference is $NAME and stands alone.",
        "「{found}」は $ で始まりますが、参照の形ではありません。"
        "参照は $NAME だけを単独で書きます。",
    ),
    "not-drawn": Text("'{name}' is not drawn.", "「{name}」は draw にありません。"),
    "draw-not-shown": Text(
        "'{name}' is drawn but the {language} text of the question never shows it.",
        "draw の「{name}」が{language}の問題文に一度も現れません。",
    ),
    "draw-form": Text(
        "A draw is either {integer: [low, high]} or {choice: [values]}.",
        "draw は {integer: [下限, 上限]} か {choice: [値, …]} のどちらかで書きます。",
    ),
    "draw-range": Text(
        "The lower bound {low} is greater than the upper bound {high}.",
        "下限 {low} が上限 {high} より大きくなっています。",
    ),
    "draw-itself": Text(
        "'{name}' cannot differ from itself.", "「{name}」を自分自身と異なる値にはできません。"
    ),
    "repeated": Text("'{name}' is here twice.", "「{name}」が重複しています。"),
    "given-missing": Text(
        "The worked check gives no value for '{name}'.",
        "検算（check）に「{name}」の値がありません。",
    ),
    "faces": Text(
        "A question of kind {kind} has no form '{name}'.",
        "{kind} の問題に「{name}」という出題形式はありません。",
    ),
    "tab-in-lines": Text(
        "Code and figures are indented with spaces, not with tabs.",
        "コードや図の字下げには、タブではなく空白を使ってください。",
    ),
    # sets
    "code-in-set": Text(
        "A question of kind code cannot stand in a set; ask for its blanks by choice.",
        "コード演習（kind: code）は大問に入れられません。空欄は choice で問うてください。",
    ),
    "set-key-twice": Text(
        "'{name}' stands at the set already and holds for all its questions.",
        "「{name}」は大問にすでにあり、全小問に適用されます。",
    ),
    # choice
    "no-right-option": Text("No option is marked right.", "正解の選択肢がありません。"),
    "several-right": Text(
        "{number} options are right; say 'several: true'.",
        "正解が{number}個あります。several: true を書いてください。",
    ),
    "not-several": Text(
        "'several: true', but only {number} option is right.",
        "several: true ですが、正解が{number}個しかありません。",
    ),
    "all-right": Text("Every option is right.", "すべての選択肢が正解になっています。"),
    "wrong-without-why": Text(
        "A wrong option must say why it is wrong (why).",
        "誤りの選択肢には、なぜ誤りか（why）を書いてください。",
    ),
    "right-with-mistake": Text(
        "A right option carries no mistake.", "正解の選択肢に mistake は書けません。"
    ),
    "same-option": Text(
        "Two options read the same ({language}).", "同じ文の選択肢が2つあります（{language}）。"
    ),
    # order
    "step-number": Text(
        "There is no step {found}; steps count from 0 to {last}.",
        "手順 {found} はありません。番号は0から {last} までです。",
    ),
    "step-direction": Text(
        "Step {before} does not come before step {after} in the right order.",
        "正しい順序では、手順 {before} は手順 {after} より前ではありません。",
    ),
    "step-unexplained": Text(
        "Nothing says why step {before} comes before step {after}: add a 'because' or list the "
        "pair under 'free'.",
        "手順 {before} が手順 {after} より前である理由がありません。"
        "because を足すか、free に挙げてください。",
    ),
    "free-and-because": Text(
        "Steps {before} and {after} are free, but a 'because' orders them.",
        "手順 {before} と {after} は free ですが、because で順序が決められています。",
    ),
    # match
    "extra-matches": Text(
        "This extra right side is also the partner of a left side.",
        "この余分な右側の項目は、左側のどれかに対応しています。",
    ),
    "one-right-side": Text(
        "All left sides have the same partner.", "左側の項目がすべて同じ右側に対応しています。"
    ),
    # code
    "bug-missing": Text(
        "The form 'bug' needs the name of the bug (bug).",
        "form: bug には、バグの名前（bug）が必要です。",
    ),
    "bug-unwanted": Text(
        "'bug' belongs to the form 'bug' only.", "bug は form: bug のときだけ書けます。"
    ),
    # predict
    "options-or-band": Text(
        "A prediction has either options or a band.",
        "予測の問題（predict）には、options か band のどちらか一方を書きます。",
    ),
    "states-nothing": Text(
        "A statement needs at_least, at_most, above or below.",
        "states には at_least、at_most、above、below のどれかを書いてください。",
    ),
    # handbook
    "trap-form": Text(
        "A trap is either a wrong formula with its target (target, formula), or a wrong statement "
        "in words (says).",
        "traps の各項目には、対象の式とその誤答（target と formula）か、誤った説明（says）の"
        "どちらか一方を書きます。",
    ),
    # exercises, folders
    "exercise-id": Text(
        "The id '{found}' must be the file's place, '{wanted}'.",
        "id「{found}」はファイルの場所「{wanted}」と同じでなければなりません。",
    ),
    "no-source-file": Text(
        "The file {name} with the exercise's code is missing.",
        "コード演習のコードを収めたファイル {name} がありません。",
    ),
    "no-exercise-file": Text(
        "The file {name} that describes this code is missing.",
        "このコードを説明するファイル {name} がありません。",
    ),
    "no-folder": Text("There is no folder {name}.", "フォルダ {name} がありません。"),
    "empty-folder": Text(
        "The folder {name} holds no question, exercise, mistake or page of a handbook.",
        "フォルダ {name} に問題もコード演習も誤りの説明もハンドブックのページもありません。",
    ),
}

LANGUAGE_NAMES: Final[dict[str, Text]] = {
    "en": Text("English", "英語"),
    "ja": Text("Japanese", "日本語"),
}


def problem(place: Place, code: str, *, nearest: tuple[str, ...] = (), **values: object) -> Problem:
    """The problem ``code`` at ``place``; a ``Text`` among ``values`` goes in by language."""
    message = MESSAGES[code]
    en = {name: v.en if isinstance(v, Text) else v for name, v in values.items()}
    ja = {name: v.ja if isinstance(v, Text) else v for name, v in values.items()}
    return Problem(
        place, Text(Text(message.en, "").fill(**en).en, Text("", message.ja).fill(**ja).ja), nearest
    )
