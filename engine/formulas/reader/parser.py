"""From tokens to the layout tree: the LALR grammar, its callbacks, and words for its errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, cast

from lark import Lark, Token, Transformer, UnexpectedToken, v_args
from lark.lexer import Lexer

from engine.formulas.reader import layout
from engine.formulas.reader.scanner import Token as ScannedToken
from engine.formulas.tree import Span
from engine.formulas.trouble import unreadable

_GRAMMAR = Path(__file__).with_name("grammar.lark")

#: What a terminal is in the user's view; terminals without a word here are not suggested.
_WORDS: Final[dict[str, str]] = {
    "NAME": "name",
    "NUMBER": "number",
    "SIGN": "+ -",
    "OPERATOR": "operator",
    "RELATION": "=",
    "LPAR": "(",
    "RPAR": ")",
    "COMMA": ",",
    "RANGE": "..",
    "BIG": "sum",
    "COMPARE": "<",
    "$END": "end",
}


class TokenLexer(Lexer):
    """Hands ready tokens to Lark, which is given a list of them instead of a text."""

    __future_interface__ = 2

    def __init__(self, lexer_conf: Any) -> None:
        pass

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Token]:
        for token in cast(Iterable[ScannedToken], lexer_state.text):
            yield Token(token.type, token.value, start_pos=token.start, end_pos=token.end)


@dataclass
class _Product:
    """A product that is still growing: appended to, so that n factors cost n steps."""

    factors: list[layout.Factor]
    operators: list[str]


@dataclass
class _Entries:
    entries: list[layout.Entry]
    separators: list[str]


@dataclass
class _Expr:
    terms: list[layout.Term]
    signs: list[int]
    start: int


@dataclass
class _Factor:
    nucleus: layout.Nucleus
    scripts: list[layout.Script]
    span: Span
    partial: str = ""


def _span(token: Token) -> Span:
    return (token.start_pos or 0, token.end_pos or 0)


def _cover(left: Span, right: Span) -> Span:
    return (left[0], max(left[1], right[1]))


def _operator(token: Token) -> str:
    return "/" if token.type == "SLASH" else str(token)


def _unwrapped(nucleus: layout.Nucleus) -> tuple[layout.Nucleus, tuple[layout.Script, ...], str]:
    """Grouping braces around a lone factor are transparent: ``{x^t}^T`` is ``x^t^T``."""
    if isinstance(nucleus, layout.Group) and nucleus.kind == "{" and nucleus.single:
        inner = nucleus.single.lone_factor
        if inner is not None and not inner.negative:
            return inner.nucleus, inner.scripts, inner.partial
    return nucleus, (), ""


@v_args(inline=True)
class _Build(Transformer[Token, layout.Chain]):
    """Callbacks of the grammar. Lark runs them while it parses, so nothing here recurses."""

    def whole(self, chain: layout.Chain) -> layout.Chain:
        return chain

    def whole_if(
        self, chain: layout.Chain, _sign: Token, condition: layout.Condition
    ) -> layout.Chain:
        return replace(chain, condition=condition)

    def condition_first(self, _sign: Token, condition: layout.Condition) -> layout.Chain:
        return layout.Chain((), (), condition)

    def comparison_first(self, left: _Expr, sign: Token, right: _Expr) -> layout.Chain:
        return layout.Chain((), (), self.compared(left, sign, right))

    def compared(self, left: _Expr, sign: Token, right: _Expr) -> layout.Condition:
        below, above = _expr(left), _expr(right)
        return layout.Condition(below, str(sign), above, _cover(below.span, above.span))

    def chain_begin(self, expr: _Expr) -> layout.Chain:
        return layout.Chain((_expr(expr),), ())

    def chain_more(self, chain: layout.Chain, sign: Token, expr: _Expr) -> layout.Chain:
        return layout.Chain((*chain.links, _expr(expr)), (*chain.relations, str(sign)))

    def expr_begin(self, term: layout.Term) -> _Expr:
        return _Expr([term], [1], term.span[0])

    def expr_signed(self, sign: Token, term: layout.Term) -> _Expr:
        return _Expr([term], [_sign(sign)], _span(sign)[0])

    def expr_more(self, expr: _Expr, sign: Token, term: layout.Term) -> _Expr:
        expr.terms.append(term)
        expr.signs.append(_sign(sign))
        return expr

    def term_product(self, product: _Product) -> layout.Term:
        return _term(product, None, "")

    def term_big(self, big: layout.Big) -> layout.Term:
        return layout.Term((), (), big, "", big.span)

    def term_product_big(self, product: _Product, big: layout.Big) -> layout.Term:
        return _term(product, big, "")

    def term_operator_big(self, product: _Product, sign: Token, big: layout.Big) -> layout.Term:
        return _term(product, big, _operator(sign))

    def product_begin(self, factor: _Factor) -> _Product:
        return _Product([_factor(factor)], [])

    def product_next(self, product: _Product, factor: _Factor) -> _Product:
        return self._grow(product, "", _factor(factor))

    def product_operator(self, product: _Product, sign: Token, factor: _Factor) -> _Product:
        return self._grow(product, _operator(sign), _factor(factor))

    def product_signed(
        self, product: _Product, sign: Token, minus: Token, factor: _Factor
    ) -> _Product:
        done = replace(_factor(factor), negative=str(minus) == "-")
        return self._grow(product, _operator(sign), done)

    def _grow(self, product: _Product, operator: str, factor: layout.Factor) -> _Product:
        product.operators.append(operator)
        product.factors.append(factor)
        return product

    def big_begin(self, sign: Token, body: layout.Term) -> layout.Big:
        return layout.Big(str(sign), (), body, _cover(_span(sign), body.span))

    def big_scripts(
        self, sign: Token, scripts: list[layout.Script], body: layout.Term
    ) -> layout.Big:
        return layout.Big(str(sign), tuple(scripts), body, _cover(_span(sign), body.span))

    def factor_begin(self, nucleus: layout.Nucleus) -> _Factor:
        inner, scripts, partial = _unwrapped(nucleus)
        return _Factor(inner, list(scripts), nucleus.span, partial)

    def factor_partial(self, sign: Token, nucleus: layout.Nucleus) -> _Factor:
        inner, scripts, partial = _unwrapped(nucleus)
        if partial:
            raise unreadable("unexpected-token", _span(sign), str(sign))
        return _Factor(inner, list(scripts), _cover(_span(sign), nucleus.span), str(sign))

    def factor_operator(
        self, sign: Token, _mark: Token, by: layout.Nucleus, of: layout.Nucleus
    ) -> _Factor:
        span = _cover(_span(sign), of.span)
        return _Factor(layout.Gradient(of, by, span), [], span)

    def factor_script(self, factor: _Factor, script: layout.Script) -> _Factor:
        factor.scripts.append(script)
        factor.span = _cover(factor.span, script.span)
        return factor

    def scripts_begin(self, script: layout.Script) -> list[layout.Script]:
        return [script]

    def scripts_more(
        self, scripts: list[layout.Script], script: layout.Script
    ) -> list[layout.Script]:
        scripts.append(script)
        return scripts

    def script_argument(self, mark: Token, argument: layout.Nucleus) -> layout.Script:
        return layout.Script(str(mark), argument, _cover(_span(mark), argument.span))

    def script_signed(self, mark: Token, sign: Token, argument: layout.Nucleus) -> layout.Script:
        span = _cover(_span(mark), argument.span)
        return layout.Script(str(mark), argument, span, negative=str(sign) == "-")

    def script_mark(self, mark: Token) -> layout.Script:
        return layout.Script(str(mark), None, _span(mark))

    def leaf(self, token: Token) -> layout.Leaf:
        return layout.Leaf(str(token.type), str(token), _span(token))

    def fraction(
        self, token: Token, above: layout.Nucleus, below: layout.Nucleus
    ) -> layout.Fraction:
        return layout.Fraction(above, below, _cover(_span(token), below.span))

    def open_operator(self, *tokens: Token) -> Token:
        return tokens[1]

    def operator_fraction(
        self, token: Token, _above: Token, below: layout.Nucleus
    ) -> layout.Operator:
        return layout.Operator(below, _cover(_span(token), below.span))

    def root(self, token: Token, radicand: layout.Nucleus) -> layout.Root:
        return layout.Root(radicand, _cover(_span(token), radicand.span))

    def gradient(
        self, token: Token, _mark: Token, by: layout.Nucleus, of: layout.Nucleus
    ) -> layout.Gradient:
        return layout.Gradient(of, by, _cover(_span(token), of.span))

    def gradient_plain(self, token: Token, by: layout.Nucleus) -> layout.Gradient:
        return layout.Gradient(None, by, _cover(_span(token), by.span))

    def group(self, left: Token, entries: _Entries, right: Token) -> layout.Group:
        span = _cover(_span(left), _span(right))
        return layout.Group(str(left), tuple(entries.entries), span, tuple(entries.separators))

    def entries_begin(self, entry: layout.Entry) -> _Entries:
        return _Entries([entry], [])

    def entries_more(self, entries: _Entries, comma: Token, entry: layout.Entry) -> _Entries:
        entries.entries.append(entry)
        entries.separators.append(str(comma))
        return entries

    def entry_plain(self, left: _Expr) -> layout.Entry:
        return layout.Entry(_expr(left))

    def entry_relation(self, left: _Expr, _sign: Token, right: _Expr) -> layout.Entry:
        return layout.Entry(_expr(left), _expr(right))

    def entry_range(
        self, left: _Expr, _sign: Token, right: _Expr, _dots: Token, upper: _Expr
    ) -> layout.Entry:
        return layout.Entry(_expr(left), _expr(right), _expr(upper))

    def entry_compared(self, left: _Expr, sign: Token, right: _Expr) -> layout.Entry:
        return layout.Entry(_expr(left), _expr(right), sign=str(sign))

    def entry_between(
        self, left: _Expr, sign: Token, middle: _Expr, upper_sign: Token, upper: _Expr
    ) -> layout.Entry:
        return layout.Entry(_expr(left), _expr(middle), _expr(upper), str(sign), str(upper_sign))

    def entry_below(self, _sign: Token, left: _Expr) -> layout.Entry:
        return layout.Entry(_expr(left), kind="below")

    def entry_slice(self, left: _Expr, _dots: Token, upper: _Expr) -> layout.Entry:
        return layout.Entry(_expr(left), upper=_expr(upper), kind="slice")

    def entry_dots(self, dots: Token) -> layout.Entry:
        return layout.Entry(layout.Expr((), (), _span(dots)), kind="dots")

    def entry_if(self, _sign: Token, condition: layout.Condition) -> layout.Entry:
        return layout.Entry(condition.left, condition.right, sign=condition.sign, kind="if")

    def entry_otherwise(self, word: Token) -> layout.Entry:
        return layout.Entry(layout.Expr((), (), _span(word)), kind="otherwise")


def _sign(token: Token) -> int:
    return -1 if str(token) == "-" else 1


def _factor(factor: _Factor) -> layout.Factor:
    return layout.Factor(factor.nucleus, tuple(factor.scripts), factor.span, factor.partial)


def _term(product: _Product, big: layout.Big | None, last: str) -> layout.Term:
    end = big.span if big else product.factors[-1].span
    span = _cover(product.factors[0].span, end)
    return layout.Term(tuple(product.factors), tuple(product.operators), big, last, span)


def _expr(expr: _Expr) -> layout.Expr:
    span = (expr.start, expr.terms[-1].span[1])
    return layout.Expr(tuple(expr.terms), tuple(expr.signs), span)


@cache
def grammar(strict: bool = False) -> Lark:
    """The parser, built once. ``strict`` (needs the package interegular) refuses any conflict."""
    return Lark(
        _GRAMMAR.read_text(encoding="utf-8"),
        parser="lalr",
        lexer=TokenLexer,
        strict=strict,
        transformer=_Build(),
    )


def parse(tokens: list[ScannedToken]) -> layout.Chain:
    """The layout of one statement. Raises ``Unreadable`` at the first token out of place."""
    return _parsed(tuple(tokens))


# Most notations make the same tokens of a text.
@lru_cache(maxsize=64)
def _parsed(tokens: tuple[ScannedToken, ...]) -> layout.Chain:
    try:
        return cast(layout.Chain, grammar().parse(cast(Any, list(tokens))))
    except UnexpectedToken as error:
        accepted = error.accepts or error.expected or ()
        expected = tuple(word for name, word in _WORDS.items() if name in accepted)
        if error.token.type == "$END":
            end = tokens[-1].end
            raise unreadable("unexpected-end", (end, end), expected=expected) from None
        span = _span(error.token)
        raise unreadable("unexpected-token", span, expected=expected) from None
