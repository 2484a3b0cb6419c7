"""What must never be found among bills and payments (買掛の検証)."""

from __future__ import annotations

from akinai.core import proofs

GUARDS = (
    ("purchasing_payableentry", "akinai_append_only"),
    ("purchasing_payableentry", "akinai_no_truncate"),
    ("purchasing_supplierbill", "akinai_keep_bills"),
    ("purchasing_supplierbillline", "akinai_keep_bill_parts"),
    ("purchasing_supplierbilltax", "akinai_keep_bill_parts"),
    ("purchasing_paymentrun", "akinai_keep_runs"),
    ("purchasing_paymentline", "akinai_keep_run_lines"),
    ("purchasing_payablecorrection", "akinai_keep_corrections"),
)
WANTED = ", ".join(f"('{place}', '{guard}')" for place, guard in GUARDS)


def register() -> None:
    proofs.register(
        "payable_balances_match_the_ledger",
        title="買掛残は買掛台帳の合計と同じ",
        rows="SELECT count(*) FROM purchasing_payableentry",
        broken="""
            SELECT s.code AS supplier, coalesce(b.balance_yen, 0) AS balance, coalesce(e.total, 0) AS ledger
            FROM (SELECT supplier_id, sum(amount_yen) AS total FROM purchasing_payableentry GROUP BY 1) e
            FULL JOIN purchasing_payablebalance b USING (supplier_id) JOIN party_supplier s ON s.id = supplier_id
            WHERE coalesce(b.balance_yen, 0) <> coalesce(e.total, 0)
        """,
    )
    proofs.register(
        "posted_bills_are_in_the_ledger",
        title="計上した仕入先請求書は買掛台帳と同じ",
        rows="SELECT count(*) FROM purchasing_supplierbill WHERE state IN ('posted', 'reversed')",
        broken="""
            SELECT coalesce(b.number, e.document) AS number, b.state, b.net_yen + b.tax_yen AS bill, e.amount_yen AS ledger
            FROM (SELECT * FROM purchasing_supplierbill WHERE state IN ('posted', 'reversed')) b
            FULL JOIN (SELECT * FROM purchasing_payableentry WHERE kind = 'bill') e ON e.key = b.number
            LEFT JOIN purchasing_payableentry r ON r.reverses_id = e.id
            WHERE b.id IS NULL OR (e.supplier_id, e.amount_yen, e.due_on) IS DISTINCT FROM (b.supplier_id, b.net_yen + b.tax_yen, b.due_on)
              OR (b.state = 'reversed') <> (r.id IS NOT NULL)
        """,
    )
    proofs.register(
        "bills_say_what_their_parts_say",
        title="仕入先請求書の合計は明細・税率ごとの合計と同じ",
        rows="SELECT count(*) FROM purchasing_supplierbill",
        broken="""
            SELECT b.number, b.net_yen, l.net AS lines, t.net AS rates, b.tax_yen, t.tax, b.deductible_yen, t.deductible
            FROM purchasing_supplierbill b
            LEFT JOIN (SELECT bill_id, sum(net_yen) AS net FROM purchasing_supplierbillline GROUP BY 1) l ON l.bill_id = b.id
            LEFT JOIN (SELECT bill_id, sum(net_yen) AS net, sum(tax_yen) AS tax, sum(deductible_yen) AS deductible
                       FROM purchasing_supplierbilltax GROUP BY 1) t ON t.bill_id = b.id
            WHERE (b.net_yen, b.net_yen, b.tax_yen, b.deductible_yen) IS DISTINCT FROM (l.net, t.net, t.tax, t.deductible)
        """,
    )
    proofs.register(
        "billed_receipts_stand",
        title="請求された入荷は計上されたまま",
        rows="SELECT count(*) FROM purchasing_supplierbillline WHERE is_live AND receipt_id IS NOT NULL",
        broken="""
            SELECT b.number, r.number AS receipt, r.state, b.state AS bill FROM purchasing_supplierbillline l
            JOIN purchasing_supplierbill b ON b.id = l.bill_id LEFT JOIN purchasing_goodsreceipt r ON r.id = l.receipt_id
            LEFT JOIN purchasing_supplierreturn g ON g.id = l.supplier_return_id
            WHERE (l.is_live AND (r.state <> 'posted' OR g.state <> 'posted')) OR l.is_live <> (b.state = 'posted')
        """,
    )
    proofs.register(
        "paid_runs_are_in_the_ledger",
        title="支払済の支払は買掛台帳と同じ",
        rows="SELECT count(*) FROM purchasing_paymentline",
        broken="""
            SELECT r.number, r.state, r.total_yen, l.amount_yen, e.amount_yen AS ledger
            FROM purchasing_paymentline l JOIN purchasing_paymentrun r ON r.id = l.run_id
            LEFT JOIN purchasing_payableentry e ON e.key = r.number || '/' || l.entry_id
            WHERE (r.state = 'paid') <> (e.id IS NOT NULL) OR e.amount_yen <> -l.amount_yen OR e.settles_id <> l.entry_id
              OR l.is_live <> (r.state <> 'cancelled')
              OR r.total_yen <> (SELECT sum(x.amount_yen) FROM purchasing_paymentline x WHERE x.run_id = r.id)
        """,
    )
    proofs.register(
        "no_bill_is_paid_beyond_its_amount",
        title="請求額を超えて支払っていない",
        rows="SELECT count(*) FROM purchasing_payableentry WHERE kind = 'payment'",
        broken="""
            SELECT b.document, b.amount_yen, sum(p.amount_yen) AS paid FROM purchasing_payableentry b
            JOIN purchasing_payableentry p ON p.settles_id = b.id GROUP BY b.id HAVING b.amount_yen + sum(p.amount_yen) < 0
        """,
    )
    proofs.register(
        "posted_corrections_are_in_the_ledger",
        title="計上した買掛の訂正は買掛台帳と同じで、限度を超えるものは別の人が承認している",
        rows="SELECT count(*) FROM purchasing_payablecorrection",
        broken="""
            SELECT coalesce(c.number, e.document) AS number, c.state, c.amount_yen, e.amount_yen AS ledger
            FROM (SELECT * FROM purchasing_payablecorrection WHERE state IN ('posted', 'reversed')) c
            FULL JOIN (SELECT * FROM purchasing_payableentry WHERE kind = 'correction') e ON e.key = c.number
            LEFT JOIN purchasing_payableentry r ON r.reverses_id = e.id
            WHERE c.id IS NULL OR (e.supplier_id, e.amount_yen, e.due_on, e.settles_id)
                IS DISTINCT FROM (c.supplier_id, c.amount_yen, c.due_on, c.settles_id)
              OR (c.state = 'reversed') <> (r.id IS NOT NULL)
              OR (abs(c.amount_yen) > c.limit_yen AND (c.approved_by_id IS NULL OR c.approved_by_id = c.created_by_id))
        """,
    )
    proofs.register(
        "payables_are_guarded",
        title="買掛の番人が立っている",
        rows=f"SELECT count(*) FROM (VALUES {WANTED}) AS g(place, guard)",
        broken=f"""
            SELECT place, guard FROM (VALUES {WANTED}) AS g(place, guard) WHERE NOT EXISTS (
              SELECT FROM pg_trigger WHERE tgrelid = g.place::regclass AND tgname = g.guard AND tgenabled = 'A')
        """,
    )
