"""楽天市場 商品CSV（SKU形式 normal-item.csv）, written: an item row, then a row for each SKU.

Column names: RMS 商品一括登録 CSV (558 columns of the SKU form; only those that are filled are written).
Limits, looked up on 2026-11-26: 商品名 全角127・半角255, HTML only <br> (manuals of two systems that write to RMS); 商品番号 32, and
商品管理番号 of [0-9a-z-_], two characters at least (a description of the RMS WEB SERVICE item API). The other numbers are what
shops know them to be; RMS's own manual is behind its login. The shop may change all of them.
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

ITEM = "商品管理番号（商品URL）"
AXES, IMAGES, ATTRIBUTES = 6, 20, 100
NO_JAN = "5"  # カタログIDなしの理由: 該当製品コードなし
BASE = (
    ITEM, "商品番号", "商品名", "倉庫指定", "消費税率", "PC用商品説明文", "スマートフォン用商品説明文",
)  # fmt: skip
VARIATIONS = ("バリエーション項目キー定義", "バリエーション項目名定義")
SKU = ("SKU管理番号", "システム連携用SKU番号")
PRICES = ("販売価格", "表示価格", "カタログID", "カタログIDなしの理由")
CODE = r"[0-9a-z_\-]{2,}"
SEEN = "RMSに書き込む他社の手引き 2社（2026-11-26 確認）"
API = "RMS WEB SERVICE 商品APIの解説（2026-11-26 確認）"


class RakutenItems:
    """PageFormat."""

    code: ClassVar[str] = "rakuten"
    title: ClassVar[str] = "楽天市場 商品CSV（SKU形式）"
    filename: ClassVar[str] = "normal-item.csv"
    encoding: ClassVar[str] = "cp932"
    notes: ClassVar[Sequence[str]] = (
        "ジャンルIDと送料などの設定は書きません。RMSで設定するか、RMSから書き出したファイルに足してください。",
        "画像は、ファイル名かR-Cabinetのパスだけを書きます。画像そのものは先にR-Cabinetへ登録してください。",
    )
    limits: ClassVar[Mapping[str, Limit]] = {
        ITEM: Limit(
            bytes=32,
            is_required=True,
            pattern=CODE,
            says="半角の英小文字・数字・- _ だけ、2文字以上にしてください。",
            source=API,
        ),
        "商品番号": Limit(bytes=32, source=API, is_sure=True),
        "商品名": Limit(bytes=255, tags=("br",), source=SEEN, is_sure=True),
        "PC用商品説明文": Limit(bytes=10_240, has_lines=True),
        "スマートフォン用商品説明文": Limit(bytes=10_240, has_lines=True),
        "SKU管理番号": Limit(bytes=32, pattern=r"[0-9A-Za-z_\-]+", says="半角の英数字・- _ だけが使えます。"),
        "システム連携用SKU番号": Limit(bytes=96),
        "販売価格": Limit(pattern=r"[1-9]\d{0,8}", says="1円以上の整数にしてください。"),
        "表示価格": Limit(pattern=r"[1-9]\d{0,8}", says="1円以上の整数にしてください。"),
        **{f"バリエーション項目選択肢{n}": Limit(bytes=32, forbidden="|") for n in range(1, AXES + 1)},
        **{f"商品画像パス{n}": Limit(bytes=255) for n in range(1, IMAGES + 1)},
        **{f"商品画像名（ALT）{n}": Limit(bytes=255) for n in range(1, IMAGES + 1)},
    }

    def columns(self, pages: Sequence[PageRows]) -> Sequence[str]:
        images = max((min(len(one.page.images), IMAGES) for one in pages), default=0)
        axes = max((len(one.page.axes) for one in pages), default=0)
        attributes = max((len(one.page.attributes) for one in pages), default=0)
        return [
            *BASE,
            *(f"{name}{n}" for n in range(1, images + 1) for name in ("商品画像タイプ", "商品画像パス", "商品画像名（ALT）")),
            *(VARIATIONS if axes else ()),
            *(f"バリエーション{n}選択肢定義" for n in range(1, axes + 1)),
            *SKU,
            *(f"{name}{n}" for n in range(1, axes + 1) for name in ("バリエーション項目キー", "バリエーション項目選択肢")),
            *PRICES,
            *(f"商品属性（{name}）{n}" for n in range(1, attributes + 1) for name in ("項目", "値", "単位")),
        ]  # fmt: skip

    def rows(self, page: Page) -> PageRows:
        problems = [*too_many_axes(page, AXES, VARIATIONS[1]), *in_store_notes(page, "カタログID")]
        problems += no_axes(page, VARIATIONS[1])
        if not page.name.strip():
            problems.append(Problem("商品名", "", "空欄です。この項目は必須です。"))
        return PageRows(page, [_item(page), *(_sku(page, one) for one in page.variants)], problems)


def _item(page: Page) -> dict[str, str]:
    cells = {
        ITEM: page.code.lower(), "商品番号": page.code, "商品名": page.name, "倉庫指定": "0" if page.is_public else "1",
        "消費税率": rate_text(page), "PC用商品説明文": page.description, "スマートフォン用商品説明文": page.description,
    }  # fmt: skip
    for n, (source, alt) in enumerate(page.images[:IMAGES], start=1):
        cells |= {
            f"商品画像タイプ{n}": "CABINET",
            f"商品画像パス{n}": _path(source),
            f"商品画像名（ALT）{n}": alt,
        }
    if page.axes:
        cells[VARIATIONS[0]] = "|".join(f"v{n}" for n in range(1, len(page.axes) + 1))
        cells[VARIATIONS[1]] = "|".join(page.axes)
    for n, choices in enumerate(choices_of(page), start=1):
        cells[f"バリエーション{n}選択肢定義"] = "|".join(choices)
    return cells


def _sku(page: Page, one: PageVariant) -> dict[str, str]:
    jan = jan_for_mall(one)
    cells = {
        ITEM: page.code.lower(), "SKU管理番号": one.code if page.axes else "normal-inventory", "システム連携用SKU番号": one.code,
        "販売価格": str(one.price_yen), "表示価格": str(one.list_price_yen or ""), "カタログID": jan,
        "カタログIDなしの理由": "" if jan else NO_JAN,
    }  # fmt: skip
    for n, value in enumerate(one.values[:AXES], start=1):
        cells |= {f"バリエーション項目キー{n}": f"v{n}", f"バリエーション項目選択肢{n}": value}
    for n, (name, value, unit) in enumerate(page.attributes[:ATTRIBUTES], start=1):
        cells |= {f"商品属性（項目）{n}": name, f"商品属性（値）{n}": value, f"商品属性（単位）{n}": unit}
    return cells


def _path(source: str) -> str:
    """/tea/a.jpg of an address in R-Cabinet; else the name of the file."""
    _, found, rest = source.partition("/cabinet")
    return f"{rest}" if found else source.rsplit("/", 1)[-1]
