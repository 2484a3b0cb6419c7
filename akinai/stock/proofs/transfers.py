"""在庫移動の検証: no piece is lost between two places."""

from __future__ import annotations

from akinai.core import proofs


def register() -> None:
    proofs.register(
        "goods_on_the_way_match_transfers",
        title="移動中の在庫は、出庫して受領していない数と同じ",
        rows="SELECT count(*) FROM stock_stocktransferline l JOIN stock_stocktransfer t ON t.id = l.transfer_id WHERE t.state = 'sent'",
        broken="""
            SELECT s.code AS sku, coalesce(v.on_hand, 0) AS in_transit, coalesce(w.pieces, 0) AS sent_not_received
            FROM (SELECT l.sku_id, sum(l.on_hand) AS on_hand FROM stock_stocklevel l
                  JOIN stock_location p ON p.id = l.location_id WHERE p.kind = 'transit' GROUP BY 1) v
            FULL JOIN (SELECT l.sku_id, sum(l.quantity - l.received - l.returned - l.lost) AS pieces
                       FROM stock_stocktransferline l JOIN stock_stocktransfer t ON t.id = l.transfer_id
                       WHERE t.state = 'sent' GROUP BY 1) w USING (sku_id)
            JOIN catalog_sku s ON s.id = sku_id
            WHERE coalesce(v.on_hand, 0) <> coalesce(w.pieces, 0)
        """,
    )
    proofs.register(
        "received_transfers_are_whole",
        title="受領済の移動に、行方のわからない商品はない",
        rows="SELECT count(*) FROM stock_stocktransfer WHERE state = 'received'",
        broken="""
            SELECT t.number, l.line_no, l.quantity, l.received, l.returned, l.lost FROM stock_stocktransfer t
            JOIN stock_stocktransferline l ON l.transfer_id = t.id
            WHERE t.state = 'received' AND l.quantity <> l.received + l.returned + l.lost
        """,
    )
    proofs.register(
        "transfers_move_what_they_say",
        title="在庫移動の行と入出庫台帳は同じ数",
        rows="SELECT count(*) FROM stock_stocktransferline",
        broken="""
            SELECT t.number, s.code AS sku, l.received + l.over AS received, coalesce(e.arrived, 0) AS arrived_in_ledger
            FROM stock_stocktransferline l JOIN stock_stocktransfer t ON t.id = l.transfer_id
            JOIN catalog_sku s ON s.id = l.sku_id
            LEFT JOIN (SELECT reference, sku_id, location_id, sum(quantity) AS arrived FROM stock_stockentry
                       WHERE reference LIKE 'TR-%' GROUP BY 1, 2, 3) e
              ON e.reference = t.number AND e.sku_id = l.sku_id AND e.location_id = t.destination_id
            WHERE coalesce(e.arrived, 0) <> l.received + l.over
        """,
    )
    proofs.register(
        "transfers_keep_the_sum",
        title="在庫移動で商品の数は増えも減りもしない（紛失を除く）",
        rows="SELECT count(*) FROM stock_stockentry WHERE kind = 'transfer'",
        broken="""
            SELECT e.reference, s.code AS sku, sum(e.quantity) AS rest FROM stock_stockentry e
            JOIN catalog_sku s ON s.id = e.sku_id
            LEFT JOIN stock_stockentry o ON o.id = e.reverses_id
            WHERE e.kind = 'transfer' OR o.kind = 'transfer'
            GROUP BY 1, 2 HAVING sum(e.quantity) <> 0
        """,
    )
