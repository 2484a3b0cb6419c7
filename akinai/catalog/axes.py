"""バリエーションの軸と組み合わせ: axes and values as people write them, and the SKUs they make. Pure.

`Sku.variant` is the combination in words ("赤 / M", one value per axis in the axes' order); the rows of the
database follow it. Source of the separator: what Shopify and EC-CUBE files already become here.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

SEPARATOR = " / "
MAX_COMBINATIONS = 500
VALUE_LENGTH = 60
NAME_LENGTH = 40
_CUTS = re.compile(r"[,、，\n\r;；]+")
_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,20}")


@dataclass(frozen=True, slots=True)
class Value:
    """値, and its piece of the SKU code ("" where none was chosen)."""

    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """軸: 色 with 赤, 青 …"""

    name: str
    values: tuple[Value, ...] = ()


def parse_values(text: str) -> tuple[Value, ...]:
    """ "赤=R、青=B, 白" → values in that order. A slash inside a value becomes ／, as the plain one separates axes."""
    values = []
    for part in _CUTS.split(text):
        name, _, code = part.partition("=") if "=" in part else part.partition("＝")
        if name.strip():
            values.append(Value(clean_value(name), unicodedata.normalize("NFKC", code).strip()))
    return tuple(values)


def clean_value(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip().replace("/", "／")


def values_text(values: Iterable[Value]) -> str:
    """The way back of `parse_values`."""
    return "、".join(f"{value.name}={value.code}" if value.code else value.name for value in values)


def split(variant: str) -> list[str]:
    """ "赤 / M" → ["赤", "M"]; a full-width slash surrounded by spaces separates too."""
    return (
        [part.strip() for part in re.split(r"\s*/\s*|\s+／\s+", variant.strip())] if variant.strip() else []
    )


def joined(parts: Sequence[str]) -> str:
    return SEPARATOR.join(parts)


def combinations(axes: Sequence[Axis]) -> Iterator[tuple[Value, ...]]:
    """Every combination, the last axis running fastest; none when an axis has no values."""
    return itertools.product(*(axis.values for axis in axes)) if axes else iter(())


def sku_code(product_code: str, axes: Sequence[Axis], chosen: Sequence[Value]) -> str:
    """TEA-001 with 赤(R) and M → TEA-001-R-M. A value without a code is itself where it is short and plain
    (S, M, 30), else its place in the axis (01, 02)."""
    return "-".join([product_code, *(_piece(axis, value) for axis, value in zip(axes, chosen, strict=True))])


def _piece(axis: Axis, value: Value) -> str:
    plain = unicodedata.normalize("NFKC", value.name)
    if value.code:
        return value.code
    if len(plain) <= 8 and _CODE.fullmatch(plain):
        return plain.upper()
    return f"{axis.values.index(value) + 1:02d}"


def problems(axes: Sequence[Axis]) -> list[str]:
    """What is wrong with these axes, in sentences with the way out."""
    found = []
    names = [axis.name for axis in axes]
    found += [f"軸「{name}」が2つあります。1つにまとめてください。" for name in _twice(names)]
    for axis in axes:
        if len(axis.name) > NAME_LENGTH:
            found.append(f"軸の名前「{axis.name[:20]}…」が長すぎます（{NAME_LENGTH}文字まで）。")
        found += [
            f"{axis.name} の値「{name}」が2つあります。" for name in _twice(v.name for v in axis.values)
        ]
        found += [
            f"{axis.name} のコード「{code}」が2つの値に付いています。別のコードにしてください。"
            for code in _twice(v.code.upper() for v in axis.values if v.code)
        ]
        found += [
            f"{axis.name} の値「{v.name[:20]}…」が長すぎます（{VALUE_LENGTH}文字まで）。"
            for v in axis.values if len(v.name) > VALUE_LENGTH
        ]  # fmt: skip
        found += [
            f"{axis.name} の値「{v.name}」のコード「{v.code[:20]}」には、英数字と - _ . を20文字まで使えます。"
            for v in axis.values if v.code and not _CODE.fullmatch(v.code)
        ]  # fmt: skip
    return found


def variant_problem(axes: Sequence[str], variant: str) -> str:
    """Why this text is no combination of these axes; "" when it is."""
    parts = split(variant)
    if len(parts) == len(axes) and all(parts) and all(len(part) <= VALUE_LENGTH for part in parts):
        return ""
    names = joined(axes)
    return f"バリエーションは「{names}」の順に、{len(axes)} つの値を / で区切って書いてください。"


def _twice(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for name in names:
        if name in seen:
            twice[name] = None
        seen.add(name)
    return list(twice)
