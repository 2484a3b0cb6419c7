"""What must never be found in 取置 (取置の検証)."""

from __future__ import annotations

from akinai.core import proofs


def register() -> None:
    proofs.register(
        "kept_pieces_are_reserved",
        title="取置中の数は引当のとおり、終わった取置は何も押さえていない",
        rows="SELECT count(*) FROM stock_keepaside",
        broken="""
            SELECT k.number, k.state, k.quantity - k.used AS kept, r.sets AS reserved FROM stock_keepaside k
            CROSS JOIN LATERAL (
              SELECT min(r.wanted / r.per_set) AS sets, max(r.wanted / r.per_set) AS most FROM stock_reservation r
              WHERE r.reference = k.number || '/1' AND r.state = 'active') r
            WHERE (CASE k.state WHEN 'kept' THEN k.quantity - k.used ELSE 0 END) <> coalesce(r.sets, 0) OR r.sets <> r.most
        """,
    )
