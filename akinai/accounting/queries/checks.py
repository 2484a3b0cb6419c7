"""月締めの確認: what of a month is not done yet, each with the list where it is done. Reads every room by SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.urls import reverse

from akinai.accounting.services.facts import STANDING
from akinai.core.business_days import month_end
from akinai.payments.queries import settlements


@dataclass(frozen=True, slots=True)
class Check:
    """確認 1 つ. `must`: the month cannot be closed while something is left; else a reason is asked for."""

    name: str
    title: str
    note: str
    url_name: str
    query: str
    must: bool
    sql: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found."""

    name: str
    title: str
    note: str
    url: str
    must: bool
    count: int
    yen: int


# Orders by the day they left, in Japan.
LEFT = "(o.shipped_at AT TIME ZONE 'Asia/Tokyo')::date <= %(last)s AND o.state IN ('shipped', 'completed')"
CHECKS = (
    Check(
        "revenue", "売上台帳にない出荷", "出荷したのに売上になっていません。「記帳する」を押してください", "accounting:revenue", "", True,
        f"""SELECT count(*), coalesce(sum(o.total_yen), 0) FROM orders_order o LEFT JOIN ({STANDING}) r ON r.order_id = o.id
        WHERE o.amounts_known AND ({LEFT} AND (r.order_id IS NULL OR r.is_taken_back OR r.shipped_yen <> o.total_yen)
          OR o.in_parts AND EXISTS (SELECT FROM shipping_shipment s WHERE s.order_id = o.id AND s.state IN ('shipped', 'delivered')
            AND (s.shipped_at AT TIME ZONE 'Asia/Tokyo')::date <= %(last)s AND NOT EXISTS (
              SELECT FROM accounting_revenueentry e WHERE e.order_id = o.id AND e.shipment_id = s.id)))""",
    ),
    Check(
        "posted", "仕訳になっていない売上・入金・仕入・在庫", "「記帳する」を押してください", "accounting:journal", "", True,
        """SELECT count(*), coalesce(sum(yen), 0) FROM (
          SELECT p.amount_yen AS yen FROM payments_payment p WHERE p.received_on <= %(last)s AND p.received_on >= %(starts)s
            AND p.source <> 'credit_note' AND NOT (p.order_id IS NULL AND p.match_id IS NULL AND p.source IN ('credit', 'credit_used'))
            AND NOT EXISTS (SELECT FROM accounting_journalentry j WHERE j.key = 'payment:' || p.id)
          UNION ALL SELECT y.amount_yen FROM purchasing_payableentry y WHERE y."on" <= %(last)s AND y."on" >= %(starts)s
            AND NOT EXISTS (SELECT FROM accounting_journalentry j WHERE j.key = 'payable:' || y.id)
          UNION ALL SELECT e.yen FROM payments_settlemententry e WHERE e."on" <= %(last)s AND e."on" >= %(starts)s
            AND NOT EXISTS (SELECT FROM accounting_journalentry j WHERE j.key = 'settlement:' || e.settlement_id || ':' || e.act)
          UNION ALL SELECT 0 FROM stock_valueentry v WHERE (v.at AT TIME ZONE 'Asia/Tokyo')::date BETWEEN %(starts)s AND %(last)s
            AND NOT EXISTS (SELECT FROM accounting_postedvalue d WHERE d.value_id = v.id)
          UNION ALL SELECT 0 FROM accounting_revenueentry r WHERE r.line_no = 1 AND r."on" <= %(last)s AND r."on" >= %(starts)s
            AND NOT EXISTS (SELECT FROM accounting_journalentry j WHERE j.key = 'sales:' || r.slip)
            AND EXISTS (SELECT FROM accounting_revenueentry x WHERE x.slip = r.slip AND (x.gross_yen <> 0 OR x.tax_yen <> 0))) x""",
    ),
    Check(
        "stock", "在庫金額の不一致", "在庫金額と原価台帳の合計が違います。整合性検証を開いてください", "monitoring:index", "", True,
        """SELECT count(*), coalesce(sum(abs(v.value_yen - coalesce(e.value, 0)))::bigint, 0) FROM stock_stockvalue v
        LEFT JOIN (SELECT sku_id, sum(value_yen) AS value, sum(quantity) AS pieces FROM stock_valueentry GROUP BY 1) e
          ON e.sku_id = v.sku_id WHERE v.value_yen <> coalesce(e.value, 0) OR v.quantity <> coalesce(e.pieces, 0)""",
    ),
    Check(
        "bank", "どの注文のお金か分からない入金", "消込するか、対象外にしてください", "payments:list", "tab=todo", True,
        """SELECT count(*), coalesce(sum(amount_yen - matched_yen), 0) FROM payments_banklinestatus
        WHERE "on" <= %(last)s AND state IN ('open', 'proposed', 'partial')""",
    ),
    Check(
        "settlement_lines", "説明のつかない精算明細", "受注に結び付けるか、科目を選んでください", "payments:settlement_lines", "tab=open",
        True, settlements.LINES,
    ),
    Check(
        "settlement_bank", "銀行で見えない精算", "入金明細に結び付けてください", "payments:settlements", "tab=waiting", True,
        settlements.NOT_AT_BANK,
    ),
    Check(
        "payout_deposits", "精算のない入金", "精算のファイルを取り込むか、科目を選んでください", "payments:payout_deposits", "", True,
        settlements.DEPOSITS,
    ),
    Check(
        "payout_overdue", "入金予定を過ぎた受注", "支払元の精算に含まれているか確かめてください", "payments:payout_overdue", "", False,
        settlements.OVERDUE,
    ),
    Check(
        "amounts", "金額の分からない出荷", "モールの精算で金額が分かったら、受注に入れてください", "orders:list", "", False,
        f"SELECT count(*), 0 FROM orders_order o WHERE {LEFT} AND NOT o.amounts_known",
    ),
    Check(
        "to_invoice", "出荷済・未請求", "請求書を発行してください", "billing:to_invoice", "", False,
        f"""SELECT count(*), coalesce(sum(o.total_yen), 0) FROM orders_order o
        WHERE {LEFT} AND NOT o.shipped_outside AND o.invoice_progress = 'none'""",
    ),
    Check(
        "unsent", "請求済・未送付", "請求書を送ってください", "orders:list", "tab=invoiced_not_sent", False,
        f"""SELECT count(*), coalesce(sum(o.total_yen), 0) FROM orders_order o
        WHERE {LEFT} AND NOT o.shipped_outside AND o.invoice_progress = 'done'""",
    ),
    Check(
        "refunds", "キャンセル済・返金前", "お客様に代金を返してください", "orders:list", "tab=cancelled_with_money", False,
        """SELECT count(*), coalesce(sum(o.paid_yen), 0) FROM orders_order o
        WHERE o.state = 'cancelled' AND o.payment_progress = 'exception'""",
    ),
    Check(
        "stocktakes", "終わっていない棚卸", "棚卸を確定するか、取り消してください", "stock:stocktakes", "", False,
        """SELECT count(*), 0 FROM stock_stocktake t
        WHERE t.state IN ('open', 'counted') AND (t.created_at AT TIME ZONE 'Asia/Tokyo')::date <= %(last)s""",
    ),
    Check(
        "receipts", "請求書の来ていない入荷", "仕入先の請求書を登録してください", "purchasing:bills", "", False,
        """SELECT count(*), 0 FROM purchasing_goodsreceipt g WHERE g.state = 'posted' AND g.received_on <= %(last)s
          AND NOT EXISTS (SELECT FROM purchasing_supplierbillline l WHERE l.receipt_id = g.id AND l.is_live)""",
    ),
    Check(
        "drafts", "下書きのままの仕入先請求書", "計上するか、破棄してください", "purchasing:bills", "tab=draft", False,
        """SELECT count(*), coalesce(sum(b.net_yen + b.tax_yen), 0) FROM purchasing_supplierbill b
        WHERE b.state = 'draft' AND b.billed_on <= %(last)s""",
    ),
)  # fmt: skip


def checks_of(month: date) -> list[Checked]:
    """Every check of that month, in the order they are worked off. One statement."""
    from akinai.accounting.models import BookSettings

    starts = BookSettings.objects.values_list("starts_on", flat=True).get(pk=1) or date(1900, 1, 1)
    asked: dict[str, Any] = {"last": month_end(month), "starts": starts, "all": True, "ids": []}
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT * FROM ({one.sql}) c{n}" for n, one in enumerate(CHECKS)), asked
        )
        found = cursor.fetchall()
    return [
        Checked(
            one.name, one.title, one.note, f"{reverse(one.url_name)}?{one.query}", one.must, count, int(yen)
        )
        for one, (count, yen) in zip(CHECKS, found, strict=True)
    ]
