"""Frozen dataclasses to plain JSON data and back, driven by their annotations.

Fields that hold their default are left out: the index stays small, and a field added later changes
no item's hash.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, TypeAlias, TypeVar, cast

from question_bank.text import Text

T = TypeVar("T")
Decoder: TypeAlias = Callable[[Any], Any]


def encode(value: Any) -> Any:
    """``value`` as JSON data: a text is a string where both languages agree, else [en, ja]."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is Text:
        return value.en if value.en == value.ja else [value.en, value.ja]
    if kind in (tuple, list):
        return [encode(part) for part in value]
    if isinstance(value, Mapping):
        return {key: encode(part) for key, part in value.items()}
    slots = _fields(cast(Any, kind))
    if slots is None:
        return value
    pairs = ((field, getattr(value, field.name)) for field in slots)
    return {field.name: encode(v) for field, v in pairs if not _is_default(field, v)}


_PLAIN = frozenset({str, int, float, bool, type(None)})


@cache
def _fields(kind: type) -> tuple[Field[Any], ...] | None:
    """The fields of a dataclass, looked up once; None for any other class."""
    return fields(kind) if is_dataclass(kind) else None


def decode(cls: type[T], data: Mapping[str, Any], **ready: Any) -> T:
    """The inverse of ``encode``; fields in ``ready`` are taken as they are.

    Raises ``TypeError``, ``KeyError`` or ``ValueError``.
    """
    decoders = _decoders(cast(Any, cls))
    return cls(**{name: decoders[name](value) for name, value in data.items()}, **ready)


def _is_default(field: Field[Any], value: Any) -> bool:
    if field.default is not MISSING:
        return bool(value == field.default) and type(value) is type(field.default)
    if field.default_factory is not MISSING:
        return bool(value == field.default_factory())
    return False


@cache
def _decoders(cls: Any) -> dict[str, Decoder]:
    hints = typing.get_type_hints(cls)
    return {field.name: _decoder(hints[field.name]) for field in fields(cls)}


def _decoder(hint: Any) -> Decoder:
    if hint is Text:
        return _text
    if isinstance(hint, type) and is_dataclass(hint):
        return lambda data: decode(hint, data)
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            entry = _decoder(inner[0])
            return lambda data: tuple([entry(part) for part in data])
        entries = [_decoder(part) for part in inner]
        return lambda data: tuple(e(part) for e, part in zip(entries, data, strict=True))
    if origin in (typing.Union, types.UnionType):
        some = [part for part in inner if part is not type(None)]
        if len(some) == 1:
            value = _decoder(some[0])
            return lambda data: None if data is None else value(data)
    if isinstance(origin, type) and issubclass(origin, Mapping) and inner:
        entry = _decoder(inner[1])
        return lambda data: {key: entry(part) for key, part in data.items()}
    return _plain


def _text(data: Any) -> Text:
    return Text(data, data) if isinstance(data, str) else Text(*data)


def _plain(data: Any) -> Any:
    return data
