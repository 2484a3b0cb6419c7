"""原価台帳の検証: value follows goods, row by row."""

from __future__ import annotations

from akinai.core import proofs


def register() -> None:
    proofs.register(
        "write_downs_lowered_the_value",
        title="評価損は原価台帳に同じ額で 1 度だけあり、取り消したものは残っていない",
        rows="SELECT count(*) FROM stock_writedown",
        broken="""
            SELECT w.number, w.state, w.yen, coalesce(e.yen, 0) AS in_ledger FROM stock_writedown w
            LEFT JOIN (SELECT reference, sku_id, sum(value_yen + expensed_yen) AS yen FROM stock_valueentry
                       WHERE stock_entry_id IS NULL GROUP BY 1, 2) e ON e.reference = w.number AND e.sku_id = w.sku_id
            WHERE coalesce(e.yen, 0) <> CASE w.state WHEN 'posted' THEN -w.yen ELSE 0 END
        """,
    )
    proofs.register(
        "stock_values_match_their_ledger",
        title="在庫金額は原価台帳の合計と同じ",
        rows="SELECT count(*) FROM stock_stockvalue",
        broken="""
            SELECT s.code AS sku, coalesce(v.quantity, 0) AS pieces, coalesce(e.pieces, 0) AS ledger_pieces,
                   coalesce(v.value_yen, 0) AS yen, coalesce(e.yen, 0) AS ledger_yen
            FROM (SELECT sku_id, sum(quantity) AS pieces, sum(value_yen) AS yen FROM stock_valueentry GROUP BY 1) e
            FULL JOIN stock_stockvalue v USING (sku_id) JOIN catalog_sku s ON s.id = sku_id
            WHERE (coalesce(v.quantity, 0), coalesce(v.value_yen, 0)) <> (coalesce(e.pieces, 0), coalesce(e.yen, 0))
        """,
    )
    proofs.register(
        "value_covers_every_piece",
        title="金額のある数は、全部の場所の在庫の合計と同じ",
        rows="SELECT count(*) FROM stock_stockvalue",
        broken="""
            SELECT s.code AS sku, coalesce(v.quantity, 0) AS valued, coalesce(l.on_hand, 0) AS on_hand
            FROM (SELECT sku_id, sum(on_hand) AS on_hand FROM stock_stocklevel GROUP BY 1) l
            FULL JOIN stock_stockvalue v USING (sku_id) JOIN catalog_sku s ON s.id = sku_id
            WHERE coalesce(v.quantity, 0) <> coalesce(l.on_hand, 0)
        """,
    )
    proofs.register(
        "every_movement_has_its_value",
        title="移動でない入出庫には、同じ数の原価の行が 1 つある",
        rows="SELECT count(*) FROM stock_stockentry",
        broken="""
            SELECT e.reference, e.key, e.quantity, v.quantity AS valued FROM stock_stockentry e
            LEFT JOIN stock_stockentry o ON o.id = e.reverses_id
            LEFT JOIN stock_valueentry v ON v.stock_entry_id = e.id
            WHERE CASE WHEN coalesce(o.kind, e.kind) = 'transfer' THEN v.id IS NOT NULL
                       ELSE v.id IS NULL OR (v.sku_id, v.quantity) <> (e.sku_id, e.quantity) END
        """,
    )
