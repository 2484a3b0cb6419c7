"""What must never be found in shipping (出荷の検証)."""

from __future__ import annotations

from akinai.core import proofs

# name, title, how many rows are looked at, what must not be found
PROOFS = (
    (
        "numbered_shipments_have_parcels", "送り状番号の有無は個口のとおり",
        "SELECT count(*) FROM shipping_shipment",
        """
            SELECT s.number, s.is_numbered FROM shipping_shipment s
            WHERE s.is_numbered <> EXISTS (SELECT FROM shipping_parcel p WHERE p.shipment_id = coalesce(s.rides_with_id, s.id))
        """,
    ),
    (
        "merged_orders_leave_together", "同梱の受注は 1 つの荷物で出荷されている",
        "SELECT count(*) FROM shipping_shipment WHERE rides_with_id IS NOT NULL",
        """
            SELECT r.number, r.state, l.number AS parcel, l.state AS parcel_state FROM shipping_shipment r
            JOIN shipping_shipment l ON l.id = r.rides_with_id
            WHERE r.state <> l.state OR l.rides_with_id IS NOT NULL OR r.parcel_count > 0
               OR EXISTS (SELECT FROM shipping_parcel p WHERE p.shipment_id = r.id)
        """,
    ),
    (
        "merged_orders_are_charged_as_agreed", "同梱で下げた送料は同梱の記録のとおり",
        "SELECT count(*) FROM shipping_ordermerge",
        """
            SELECT g.number, g.given_yen, g.borne_yen, g.parcel_yen, m.given FROM shipping_ordermerge g
            JOIN (SELECT merge_id, sum(shipping_before_yen - shipping_after_yen) AS given,
                    sum(shipping_before_yen) AS charged, bool_or(is_live) AS is_live
                  FROM shipping_mergemember GROUP BY 1) m ON m.merge_id = g.id
            WHERE g.given_yen <> m.given OR g.given_yen + g.borne_yen <> m.charged - g.parcel_yen OR (g.state = 'live') <> m.is_live
        """,
    ),
    (
        "shipped_goods_left_stock", "出荷済の出荷は明細どおり出庫されている",
        "SELECT count(*) FROM shipping_shipment WHERE state IN ('shipped', 'delivered')",
        """
            WITH told AS (
              SELECT s.number, coalesce(r.sku_id, l.sku_id) AS sku_id, s.location_id, sum(l.quantity * coalesce(r.per_set, 1)) AS quantity
              FROM shipping_shipment s JOIN shipping_shipmentline l ON l.shipment_id = s.id
              JOIN orders_orderline ol ON ol.id = l.order_line_id JOIN orders_order o ON o.id = s.order_id
              LEFT JOIN stock_reservation r ON r.reference = o.number || '/' || ol.line_no AND r.set_sku_id = l.sku_id
                AND r.shipped > 0
              WHERE s.state IN ('shipped', 'delivered') GROUP BY 1, 2, 3
            ), moved AS (
              SELECT e.reference AS number, e.sku_id, e.location_id, -sum(e.quantity + coalesce(b.quantity, 0)) AS quantity
              FROM stock_stockentry e LEFT JOIN stock_stockentry b ON b.reverses_id = e.id
              WHERE e.kind = 'shipment' GROUP BY 1, 2, 3
            )
            SELECT number, k.code AS sku, coalesce(told.quantity, 0) AS shipped, coalesce(moved.quantity, 0) AS left_stock
            FROM told FULL JOIN moved USING (number, sku_id, location_id) JOIN catalog_sku k ON k.id = sku_id
            WHERE coalesce(told.quantity, 0) <> coalesce(moved.quantity, 0)
        """,
    ),
    (
        "shipments_agree_with_orders", "出荷と受注の状態が合っている",
        "SELECT count(*) FROM orders_order WHERE state IN ('picking', 'shipped', 'completed') AND NOT shipped_outside",
        """
            SELECT o.number, o.state, coalesce(string_agg(s.number || ' ' || s.state, ', '), '') AS shipments
            FROM orders_order o LEFT JOIN shipping_shipment s ON s.order_id = o.id AND s.state <> 'withdrawn'
            WHERE NOT o.shipped_outside GROUP BY o.id
            HAVING (o.state = 'picking' AND count(s.id) FILTER (WHERE s.state IN ('instructed', 'packed')) = 0)
                OR (count(s.id) FILTER (WHERE NOT s.is_part) > 0 AND count(s.id) > 1)
                OR (o.state IN ('shipped', 'completed') AND (count(s.id) = 0 OR bool_or(s.state IN ('instructed', 'packed'))))
                OR (o.state IN ('picking', 'shipped', 'completed') AND EXISTS (
                  SELECT FROM orders_orderline l WHERE l.order_id = o.id AND l.sku_id IS NOT NULL AND l.instructed < l.quantity))
                OR (o.state NOT IN ('picking', 'shipped', 'completed') AND count(s.id) > 0 AND NOT (o.in_parts AND EXISTS (
                  SELECT FROM orders_orderline l WHERE l.order_id = o.id AND l.sku_id IS NOT NULL AND l.instructed < l.quantity)))
        """,
    ),
    (
        "shipments_hold_what_was_ordered", "出荷明細の合計は受注明細の出荷指示数で、受注の数量を超えない",
        "SELECT count(*) FROM shipping_shipmentline",
        """
            SELECT o.number, ol.line_no, ol.quantity AS ordered, ol.instructed, coalesce(sum(l.quantity), 0) AS in_shipments
            FROM orders_orderline ol JOIN orders_order o ON o.id = ol.order_id
            LEFT JOIN (shipping_shipmentline l JOIN shipping_shipment s ON s.id = l.shipment_id AND s.state <> 'withdrawn')
              ON l.order_line_id = ol.id
            WHERE ol.instructed > 0 OR l.id IS NOT NULL GROUP BY o.number, ol.id
            HAVING coalesce(sum(l.quantity), 0) <> ol.instructed OR ol.instructed > ol.quantity
              OR bool_or(s.order_id <> ol.order_id OR l.sku_id <> ol.sku_id)
        """,
    ),
)  # fmt: skip


def register() -> None:
    for name, title, rows, broken in PROOFS:
        proofs.register(name, title=title, rows=rows, broken=broken)
