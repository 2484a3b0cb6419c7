"""What must never be found in stock (在庫の検証)."""

from __future__ import annotations

from akinai.core import proofs

# Every table that only grows. One that was sealed once is looked for even where nobody wrote it down here.
LEDGERS = (
    "accounting_journalentry", "accounting_journalline", "accounting_postedvalue", "accounting_revenueentry", "billing_creditnote",
    "billing_creditnoteline", "billing_creditnotetax", "billing_invoice", "billing_invoiceline", "billing_invoicetax",
    "billing_paperdelivery", "billing_receiptpaper", "billing_receipttax", "billing_receiptvoid", "billing_receiveddocument",
    "billing_receivedversion", "billing_statement", "billing_statementline", "billing_statementtax", "billing_statementvoid",
    "catalog_formsession", "catalog_instorecode", "catalog_manual", "catalog_pricechange", "channels_driftrow",
    "channels_stockfeedrow", "core_activity", "core_ledgerseal", "core_proofrun", "core_sealerasure", "marketing_couponuse", "marketing_pointdraw", "marketing_pointentry", "orders_checkruleversion", "payments_bankline",
    "party_erasurepart", "party_retentionrun", "payments_dunningact", "payments_dunninganswer", "payments_match", "payments_payment", "payments_settlement",
    "payments_settlemententry", "payments_settlementline", "purchasing_payableentry", "shop_consent", "shop_termstext", "stock_stockentry", "stock_valueentry",
    "support_articleversion", "support_compensationentry",
)  # fmt: skip


def register() -> None:
    proofs.register(
        "stock_levels_match_ledger",
        title="在庫数は入出庫の合計と同じ",
        rows="SELECT count(*) FROM stock_stocklevel",
        broken="""
            SELECT s.code AS sku, coalesce(l.on_hand, 0) AS on_hand, coalesce(e.total, 0) AS ledger
            FROM (SELECT sku_id, location_id, sum(quantity) AS total FROM stock_stockentry GROUP BY 1, 2) e
            FULL JOIN stock_stocklevel l USING (sku_id, location_id)
            JOIN catalog_sku s ON s.id = sku_id
            WHERE coalesce(l.on_hand, 0) <> coalesce(e.total, 0)
        """,
    )
    proofs.register(
        "reserved_match_reservations",
        title="引当済数は引当の合計と同じ",
        rows="SELECT count(*) FROM stock_reservation WHERE state = 'active'",
        broken="""
            SELECT s.code AS sku, coalesce(l.reserved, 0) AS reserved, coalesce(r.total, 0) AS reservations
            FROM (SELECT sku_id, location_id, sum(quantity - shipped) AS total FROM stock_reservation
                  WHERE state = 'active' GROUP BY 1, 2) r
            FULL JOIN stock_stocklevel l USING (sku_id, location_id)
            JOIN catalog_sku s ON s.id = sku_id
            WHERE coalesce(l.reserved, 0) <> coalesce(r.total, 0)
        """,
    )
    proofs.register(
        "nothing_is_promised_where_nothing_is_sold",
        title="販売しない場所（保留・移動中）の在庫は引当されていない",
        rows="SELECT count(*) FROM stock_stocklevel l JOIN stock_location p ON p.id = l.location_id WHERE NOT p.is_sellable",
        broken="""
            SELECT s.code AS sku, p.code AS place, l.reserved FROM stock_stocklevel l
            JOIN stock_location p ON p.id = l.location_id JOIN catalog_sku s ON s.id = l.sku_id
            WHERE NOT p.is_sellable AND l.reserved > 0
        """,
    )
    proofs.register(
        "nothing_free_while_lines_wait",
        title="待っている明細があるのに空いている在庫はない",
        rows="SELECT count(*) FROM stock_reservation WHERE state = 'active' AND quantity < wanted",
        broken="""
            SELECT s.code AS sku, l.on_hand - l.reserved - p.past AS free, min(r.reference) AS first_waiting
            FROM stock_reservation r JOIN stock_stocklevel l USING (sku_id, location_id)
            JOIN catalog_sku s ON s.id = r.sku_id
            CROSS JOIN LATERAL akinai_past_date(l.sku_id, l.location_id, (now() AT TIME ZONE 'Asia/Tokyo')::date) AS p(past)
            WHERE r.state = 'active' AND r.quantity < r.wanted AND l.on_hand - p.past > l.reserved
            GROUP BY s.code, l.on_hand, l.reserved, p.past
        """,
    )
    proofs.register(
        "shipped_reservations_left_the_ledger",
        title="出荷済の引当はすべて出庫されている",
        rows="SELECT count(*) FROM stock_reservation WHERE shipped > 0",
        broken="""
            SELECT r.reference, r.state, r.wanted, r.shipped, coalesce(e.gone, 0) AS left_stock FROM stock_reservation r
            LEFT JOIN (SELECT split_part(e.key, ':', 2) AS reference, e.sku_id, e.location_id,
                              -sum(e.quantity + coalesce(back.quantity, 0)) AS gone
                       FROM stock_stockentry e LEFT JOIN stock_stockentry back ON back.reverses_id = e.id
                       WHERE e.kind = 'shipment' GROUP BY 1, 2, 3) e USING (reference, sku_id, location_id)
            WHERE coalesce(e.gone, 0) <> r.shipped OR (r.state = 'shipped') <> (r.state <> 'released' AND r.shipped = r.wanted)
        """,
    )
    proofs.register(
        "shipments_in_the_ledger_had_a_reservation",
        title="出庫はすべて出荷済の引当による",
        rows="SELECT count(*) FROM stock_stockentry WHERE kind = 'shipment'",
        broken="""
            SELECT e.reference, e.key, e.quantity FROM stock_stockentry e
            WHERE e.kind = 'shipment' AND NOT EXISTS (SELECT FROM stock_stockentry b WHERE b.reverses_id = e.id)
              AND NOT EXISTS (
                SELECT FROM stock_reservation r
                WHERE r.reference = split_part(e.key, ':', 2) AND r.sku_id = e.sku_id AND r.location_id = e.location_id
                  AND r.shipped > 0 AND r.state <> 'released')
        """,
    )
    proofs.register(
        "reversals_answer_their_entry",
        title="取消の行は元の行の正反対",
        rows="SELECT count(*) FROM stock_stockentry WHERE kind = 'reversal'",
        broken="""
            SELECT r.reference, r.key, r.quantity, o.quantity AS original FROM stock_stockentry r
            LEFT JOIN stock_stockentry o ON o.id = r.reverses_id
            WHERE (r.kind = 'reversal' OR r.reverses_id IS NOT NULL) AND (
              r.kind <> 'reversal' OR o.id IS NULL OR o.kind = 'reversal'
              OR (r.sku_id, r.location_id, r.quantity) IS DISTINCT FROM (o.sku_id, o.location_id, -o.quantity))
        """,
    )
    proofs.register(
        "ledgers_are_guarded",
        title="台帳は追加だけを許す",
        rows="SELECT count(*) FROM pg_trigger WHERE tgname = 'akinai_append_only'",
        broken=f"""
            SELECT t.name AS ledger
            FROM (SELECT unnest(ARRAY{list(LEDGERS)}) AS name UNION SELECT "table" FROM core_ledgerseal ORDER BY 1) t
            WHERE NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = to_regclass(t.name)
                              AND g.tgname = 'akinai_append_only' AND g.tgenabled = 'A')
        """,
    )
