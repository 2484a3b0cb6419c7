"""EC-CUBE 4 商品CSV, written: the columns of its own registration form, in its order.

Source: EC-CUBE 4 ProductCsv (商品CSV登録). Categories and 規格 are numbers of that shop, which no file of ours can know.
Limits: EC-CUBE/ec-cube app/config/eccube/packages/eccube.yaml (stext_len 255, ltext_len 3000, price_len 8, SJIS-win), looked up on
2026-11-26. It counts characters, not bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from akinai.catalog.ports import Limit, Page, PageRows, Problem

COLUMNS = (
    "商品ID", "公開ステータス(ID)", "商品名", "ショップ用メモ欄", "商品説明(一覧)", "商品説明(詳細)", "検索ワード", "フリーエリア", "商品削除フラグ",
    "商品画像", "商品カテゴリ(ID)", "タグ(ID)", "販売種別(ID)", "規格分類1(ID)", "規格分類2(ID)", "発送日目安(ID)", "商品コード", "在庫数",
    "在庫数無制限フラグ", "販売制限数", "通常価格", "販売価格", "送料", "税率",
)  # fmt: skip
YAML = "EC-CUBE 4 の設定 eccube.yaml（2026-11-26 確認）"
_STATUS = {True: "1", False: "2"}


class EccubeItems:
    """PageFormat."""

    code: ClassVar[str] = "eccube"
    title: ClassVar[str] = "EC-CUBE 4 商品CSV"
    filename: ClassVar[str] = "product.csv"
    encoding: ClassVar[str] = "cp932"
    notes: ClassVar[Sequence[str]] = (
        "新しい商品として登録する形です（商品IDは空欄）。在庫数は 0 で書き、在庫連携で送ります。",
        "販売価格は税込で書きます。EC-CUBEが税抜の設定のときは、登録の前に税抜に直してください。",
    )
    limits: ClassVar[Mapping[str, Limit]] = {
        "商品名": Limit(chars=255, is_required=True, source=YAML, is_sure=True),
        "商品コード": Limit(chars=255, source=YAML, is_sure=True),
        "商品説明(詳細)": Limit(chars=3_000, has_lines=True, source=YAML, is_sure=True),
        "検索ワード": Limit(chars=3_000, source=YAML, is_sure=True),
        "販売価格": Limit(
            pattern=r"\d{1,8}", says="8桁までの整数にしてください。", source=YAML, is_sure=True
        ),
        "通常価格": Limit(
            pattern=r"\d{1,8}", says="8桁までの整数にしてください。", source=YAML, is_sure=True
        ),
    }

    def columns(self, pages: Sequence[PageRows]) -> Sequence[str]:
        return COLUMNS

    def rows(self, page: Page) -> PageRows:
        problems = []
        if len(page.variants) != 1:
            message = "規格のある商品は、EC-CUBEの規格分類のIDが要るので書き出せません。EC-CUBEで規格を登録してください。"
            problems.append(Problem("規格分類1(ID)", page.code, message))
        return PageRows(page, [_row(page)], problems)


def _row(page: Page) -> dict[str, str]:
    one = page.variants[0] if page.variants else None
    names = [source.rsplit("/", 1)[-1] for source, _ in page.images]
    return {
        "公開ステータス(ID)": "3" if page.is_ended else _STATUS[page.is_public], "商品名": page.name,
        "商品説明(詳細)": page.description, "検索ワード": page.kana, "商品削除フラグ": "0", "商品画像": ",".join(names),
        "販売種別(ID)": "1", "商品コード": one.code if one else page.code, "在庫数": "0", "在庫数無制限フラグ": "0",
        "通常価格": str(one.list_price_yen or "") if one else "", "販売価格": str(one.price_yen) if one else "",
        "税率": "" if page.is_exempt else str(page.tax_rate),
    }  # fmt: skip
