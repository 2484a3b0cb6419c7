"""Yahoo!ショッピング 商品データ (data.csv), written: one row per product, its SKUs in `sub-code`.

Source: Yahoo!デベロッパーネットワーク, ショッピング アップロードフォーマット（商品CSV）: at most 20,000 rows a file (2024-03-06),
product-category required (2022-12-07). Looked up on 2026-11-26 besides: name 全角75・半角150 (manual of a system that writes there); no 半角カナ,
no 機種依存文字, CR/LF or LF, Shift_JIS or EUC (a partner's description); code of letters, digits and - (a converter's list of errors).
The lengths of caption and explanation were not seen; the shop may change all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from akinai.adapters.channels.words.pages import (
    choices_of,
    in_store_notes,
    jan_for_mall,
    no_axes,
    rate_text,
    too_many_axes,
)
from akinai.catalog.ports import Limit, Page, PageRows, PageVariant, Problem

COLUMNS = (
    "path", "name", "code", "sub-code", "original-price", "price", "options", "caption", "explanation", "ship-weight", "jan",
    "display", "taxrate-type",
)  # fmt: skip
AXES = 5
SEEN = "他社の手引き（2026-11-26 確認）"
MOST = 20_000
_PRICE = Limit(pattern=r"[1-9]\d{0,8}", says="1円以上の整数にしてください。")


class YahooItems:
    """PageFormat."""

    code: ClassVar[str] = "yahoo"
    title: ClassVar[str] = "Yahoo!ショッピング 商品データ（data.csv）"
    filename: ClassVar[str] = "data.csv"
    encoding: ClassVar[str] = "cp932"
    notes: ClassVar[Sequence[str]] = (
        "プロダクトカテゴリは必須ですが（2022年12月から）、書きません。「項目指定」で取り込むか、ストアクリエイターProで設定してください。",
        f"1回に登録できるのは {MOST:,} 行までです。超えるときは、カテゴリで分けて書き出してください。",
        "path にはカテゴリ名を書きます。ストアのカテゴリと違うときは、書き出した後に直してください。",
    )
    limits: ClassVar[Mapping[str, Limit]] = {
        "path": Limit(is_plain=True, has_lines=True),
        "name": Limit(bytes=150, is_required=True, is_plain=True, tags=(), source=SEEN, is_sure=True),
        "code": Limit(
            chars=99,
            is_required=True,
            pattern=r"[0-9A-Za-z\-]+",
            says="半角の英数字と - だけが使えます。",
            source=SEEN,
        ),
        "original-price": _PRICE,
        "price": _PRICE,
        "options": Limit(is_plain=True, has_lines=True),
        "sub-code": Limit(is_plain=True),
        "caption": Limit(bytes=10_000, is_plain=True, has_lines=True),
        "explanation": Limit(
            bytes=1_000,
            is_plain=True,
            has_lines=True,
            tags=(),
        ),
    }

    def columns(self, pages: Sequence[PageRows]) -> Sequence[str]:
        return COLUMNS

    def rows(self, page: Page) -> PageRows:
        problems = [*too_many_axes(page, AXES, "options"), *in_store_notes(page, "jan")]
        problems += no_axes(page, "sub-code")
        prices = sorted({one.price_yen for one in page.variants})
        if len(prices) > 1:
            told = "・".join(f"¥{yen:,}" for yen in prices[:4])
            problems.append(
                Problem(
                    "price", told, "Yahoo!は1商品1価格です。SKUの価格をそろえるか、商品を分けてください。"
                )
            )
        problems += _unusable(page)
        return PageRows(page, [_row(page)], problems)


def _unusable(page: Page) -> list[Problem]:
    """Names that would break the columns apart: spaces and signs separate there."""
    names = [*page.axes, *(value for choices in choices_of(page) for value in choices)]
    message = "Yahoo!では、軸と値に空白と : # = & は使えません。"
    return [
        Problem("options", name, message) for name in dict.fromkeys(names) if set(name) & set(" \u3000:#=&")
    ]


def _row(page: Page) -> dict[str, str]:
    first = page.variants[0] if page.variants else PageVariant(page.code, 0)
    plain = "" if "<" in page.description else page.description
    return {
        "path": page.category, "name": page.name, "code": page.code, "sub-code": _sub_codes(page),
        "original-price": str(first.list_price_yen or ""), "price": str(first.price_yen), "options": _options(page),
        "caption": page.description, "explanation": plain if len(plain) <= 500 else "",
        "ship-weight": str(first.weight_g or ""), "jan": jan_for_mall(first) if len(page.variants) == 1 else "",
        "display": "1" if page.is_public else "0", "taxrate-type": rate_text(page),
    }  # fmt: skip


def _sub_codes(page: Page) -> str:
    """色:赤#サイズ:M=SKU-1&色:赤#サイズ:L=SKU-2."""
    if not page.axes:
        return ""
    return "&".join(
        "#".join(f"{axis}:{value}" for axis, value in zip(page.axes, one.values, strict=False))
        + f"={one.code}"
        for one in page.variants
    )


def _options(page: Page) -> str:
    """色 赤 青, an empty line, サイズ S M."""
    lines = (" ".join([axis, *choices]) for axis, choices in zip(page.axes, choices_of(page), strict=True))
    return "\n\n".join(lines)
