"""はじめの勘定科目: the usual accounts of a small trading company. Names and codes are the shop's own, the roles stay."""

from __future__ import annotations

from typing import Any

A, L, E, R, X = "asset", "liability", "equity", "revenue", "expense"
# code, name, kind, role: what the posting rules use the account for
ACCOUNTS = (
    ("101", "現金", A, "cash"), ("111", "普通預金", A, "bank"), ("131", "売掛金", A, "receivable"),
    ("141", "商品", A, "goods"), ("151", "未収入金", A, "collectors"), ("161", "仮払消費税等", A, "tax_paid"),
    ("181", "口座間の移動", A, "transfer"), ("301", "買掛金", L, "payable"), ("311", "入荷未請求", L, "uninvoiced"),
    ("321", "前受金", L, "advance"), ("331", "預り金", L, "kept"), ("341", "仮受消費税等", L, "tax_received"),
    ("351", "仮受金", L, "suspense"), ("401", "期首残高", E, "opening"), ("501", "売上高", R, "sales"),
    ("502", "送料・手数料収入", R, "charges"), ("503", "売上値引・返品", R, "cuts"), ("551", "受取利息", R, "interest"), ("561", "雑収入", R, "gain"),
    ("601", "売上原価", X, "cogs"), ("611", "棚卸減耗損", X, "shrinkage"), ("612", "商品評価損", X, "writedown"),
    ("701", "支払手数料", X, "fees"), ("702", "販売促進費", X, "promotion"), ("703", "広告宣伝費", X, "ads"),
    ("704", "荷造運賃", X, "freight"), ("711", "租税公課", X, "lost_tax"), ("721", "雑損失", X, "short"),
)  # fmt: skip
SALES = frozenset({"sales", "charges", "cuts"})
# Bought services: what a voucher takes for them when nobody chooses, so that the tax paid is not lost in the export.
BOUGHT = dict.fromkeys(("fees", "promotion", "ads", "freight"), "p10")


def add_missing(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate: an account for every role that has none."""
    from akinai.accounting.models import Account, BookSettings

    have = set(Account.objects.values_list("role", flat=True))
    Account.objects.bulk_create(
        [
            Account(
                code=code,
                name=name,
                kind=kind,
                role=role,
                is_sales=role in SALES,
                tax_class=BOUGHT.get(role, ""),
            )
            for code, name, kind, role in ACCOUNTS
            if role not in have
        ],
        ignore_conflicts=True,
    )
    BookSettings.objects.get_or_create(pk=1)
