"""What must never be found in 補償 (補償の検証)."""

from __future__ import annotations

from akinai.core import proofs


def register() -> None:
    proofs.register(
        "compensations_fill_their_allowances",
        title="補償の枠の使った額は、待っている補償と実行した補償の合計と同じ",
        rows="SELECT count(*) FROM support_compensationallowance",
        broken="""
            SELECT a.key, a.given_yen, coalesce(c.yen, 0) AS compensations
            FROM support_compensationallowance a
            LEFT JOIN (SELECT allowance_id, sum(yen) AS yen FROM support_compensation
                       WHERE state IN ('waiting', 'done') GROUP BY 1) c ON c.allowance_id = a.id
            WHERE a.given_yen <> coalesce(c.yen, 0)
        """,
    )
    proofs.register(
        "compensations_stand_in_their_ledger",
        title="実行した補償は台帳にあり、ほかの補償の台帳の合計は 0",
        rows="SELECT count(*) FROM support_compensation",
        broken="""
            SELECT c.number, c.state, c.yen, coalesce(e.yen, 0) AS ledger
            FROM support_compensation c
            LEFT JOIN (SELECT compensation_id, sum(yen) AS yen FROM support_compensationentry GROUP BY 1) e ON e.compensation_id = c.id
            WHERE coalesce(e.yen, 0) <> CASE WHEN c.state = 'done' THEN c.yen ELSE 0 END
        """,
    )
