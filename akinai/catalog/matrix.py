"""組み合わせの表からSKUの行を作る (matrix builder): what is missing is added, what was typed stays. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from akinai.catalog import axes as words
from akinai.catalog.axes import Axis
from akinai.catalog.codes import code_key
from akinai.core.errors import DomainError

COPIED = ("price_yen", "cost", "shelf", "weight_g")
CODE_LENGTH = 64

type Row = dict[str, str]


def rows_of(product_code: str, axes: Sequence[Axis], typed: Sequence[Mapping[str, str]]) -> list[Row]:
    """The typed rows and behind them one for each combination that has none, with a code and the first row's price.

    Raises DomainError when there are more combinations than one form can hold, or a code would be too long.
    """
    kept = [dict(row) for row in typed if row.get("code", "").strip() or row.get("variant", "").strip()]
    count = 1
    for axis in axes:
        count *= len(axis.values)
    if count > words.MAX_COMBINATIONS:
        raise DomainError(
            f"組み合わせが {count:,} 通りあります（{words.MAX_COMBINATIONS} まで）。",
            way_out="値を減らすか、商品を分けるか、ファイルで登録してください。",
        )
    pattern = dict(kept[0]) if kept else dict(typed[0]) if typed else {}
    there = {tuple(words.split(row.get("variant", ""))) for row in kept}
    used = {code_key(row.get("code", "")) for row in kept}
    for chosen in words.combinations(axes):
        parts = tuple(value.name for value in chosen)
        if parts in there:
            continue
        code = _free(words.sku_code(product_code, axes, chosen), used)
        copied = {name: pattern.get(name, "") for name in COPIED}
        kept.append({"code": code, "variant": words.joined(parts), "is_active": "on", **copied})
    return kept


def _free(code: str, used: set[str]) -> str:
    """The code, or with a number behind when another combination has it already."""
    if len(code) > CODE_LENGTH:
        raise DomainError(
            f"SKUコード「{code[:40]}…」が長すぎます。",
            way_out="商品コードか、値に付けるコードを短くしてください（赤=R）。",
        )
    at, found = 1, code
    while code_key(found) in used:
        at += 1
        found = f"{code}-{at}"
    used.add(code_key(found))
    return found
