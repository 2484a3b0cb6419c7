"""What must never be found among landed costs (付帯費用の検証)."""

from __future__ import annotations

from akinai.core import proofs


def register() -> None:
    proofs.register(
        "landed_costs_are_in_the_ledger_of_values",
        title="付帯費用は按分額と原価台帳の合計に等しい",
        rows="SELECT count(*) FROM purchasing_landedcost",
        broken="""
            SELECT c.number, c.yen, sum(l.yen) AS shares, sum(v.value_yen + v.expensed_yen) AS ledger
            FROM purchasing_landedcost c LEFT JOIN purchasing_landedcostline l ON l.cost_id = c.id
            LEFT JOIN stock_valueentry v ON v.id = l.value_entry_id
            LEFT JOIN stock_valueentry b ON b.reverses_id = v.id
            GROUP BY c.id HAVING c.yen <> coalesce(sum(l.yen), 0) OR c.yen <> coalesce(sum(v.value_yen + v.expensed_yen), 0)
              OR bool_or((c.state = 'reversed') <> (b.id IS NOT NULL))
        """,
    )
