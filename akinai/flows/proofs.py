"""What must never be found in acts that cross rooms (部門をまたぐ検証): a return tells every ledger the same."""

from __future__ import annotations

from akinai.core import proofs

PROOFS = (
    (
        "returns_within_what_left", "返品の数は出荷明細の返品数どおり",
        "SELECT count(*) FROM shipping_returnline",
        """
            SELECT s.number, k.code AS sku, l.quantity AS shipped, l.returned, coalesce(r.pieces, 0) AS asked_back
            FROM shipping_shipmentline l JOIN shipping_shipment s ON s.id = l.shipment_id JOIN catalog_sku k ON k.id = l.sku_id
            LEFT JOIN (
              SELECT r.shipment_line_id, sum(r.quantity) AS pieces FROM shipping_returnline r
              JOIN shipping_returncase c ON c.id = r.case_id AND c.state NOT IN ('refused', 'cancelled') GROUP BY 1
            ) r ON r.shipment_line_id = l.id
            WHERE l.returned <> coalesce(r.pieces, 0) OR l.returned > l.quantity
        """,
    ),
    (
        "returned_goods_are_in_stock", "精算した返品は明細どおり在庫に計上されている",
        "SELECT count(*) FROM shipping_returncase WHERE state = 'settled'",
        """
            WITH told AS (
              SELECT c.number, coalesce(p.sku_id, l.sku_id) AS sku_id, sum(r.quantity * coalesce(p.per_set, 1)) AS pieces
              FROM shipping_returncase c JOIN shipping_returnline r ON r.case_id = c.id
              JOIN shipping_shipmentline l ON l.id = r.shipment_line_id JOIN orders_orderline ol ON ol.id = l.order_line_id
              JOIN orders_order o ON o.id = c.order_id
              LEFT JOIN stock_reservation p ON p.reference = o.number || '/' || ol.line_no AND p.set_sku_id = l.sku_id
                AND p.shipped > 0
              WHERE c.state = 'settled' AND r.outcome <> 'nothing' GROUP BY 1, 2
            ), moved AS (
              SELECT e.reference AS number, e.sku_id, sum(e.quantity + coalesce(b.quantity, 0)) AS pieces
              FROM stock_stockentry e LEFT JOIN stock_stockentry b ON b.reverses_id = e.id
              WHERE e.kind = 'return' AND e.reference LIKE 'RT-%' GROUP BY 1, 2 HAVING sum(e.quantity + coalesce(b.quantity, 0)) <> 0
            )
            SELECT number, k.code AS sku, coalesce(told.pieces, 0) AS returned, coalesce(moved.pieces, 0) AS in_stock
            FROM told FULL JOIN moved USING (number, sku_id) JOIN catalog_sku k ON k.id = sku_id
            WHERE coalesce(told.pieces, 0) <> coalesce(moved.pieces, 0)
        """,
    ),
    (
        "returned_money_is_on_paper", "精算した返品の返還額は返還請求書と明細のとおり",
        "SELECT count(*) FROM shipping_returncase WHERE state = 'settled'",
        """
            SELECT c.number, c.given_back_yen, coalesce(n.total_yen, 0) AS on_paper, c.shipping_back_yen + coalesce(r.yen, 0) AS lines
            FROM shipping_returncase c JOIN orders_order o ON o.id = c.order_id LEFT JOIN billing_creditnote n ON n.number = c.credit_note_no AND n.order_id = c.order_id
            LEFT JOIN (SELECT case_id, sum(given_back_yen) AS yen FROM shipping_returnline GROUP BY 1) r ON r.case_id = c.id
            WHERE c.state = 'settled' AND (c.given_back_yen <> c.shipping_back_yen + coalesce(r.yen, 0)
              OR CASE WHEN c.credit_note_no = '' THEN c.given_back_yen > 0 AND o.invoice_progress <> 'not_needed'
                      ELSE n.id IS NULL OR c.given_back_yen <> n.total_yen END)
        """,
    ),
)  # fmt: skip


def register() -> None:
    for name, title, rows, broken in PROOFS:
        proofs.register(name, title=title, rows=rows, broken=broken)
