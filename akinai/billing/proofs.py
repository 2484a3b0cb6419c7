"""What must never be found in billing (請求の検証)."""

from __future__ import annotations

from dataclasses import asdict

from akinai.billing import queries
from akinai.core import proofs
from akinai.core.proofs import Finding

SHOWN = 50


def stored_papers() -> Finding:
    """発行した書類のファイルが発行時のまま残っている, byte for byte."""
    broken = [asdict(wrong) for wrong in queries.papers_with_wrong_files()]
    title = "発行・受領した書類のファイルは保存したときのまま"
    return Finding("stored_papers", title, queries.paper_count(), broken[:SHOWN])


def _adds_up(paper: str, fk: str, title: str) -> None:
    proofs.register(
        f"{paper}s_add_up",
        title=title,
        rows=f"SELECT count(*) FROM billing_{paper}",
        broken=f"""
            SELECT p.number, p.total_yen, coalesce(l.amount, 0) AS lines_yen,
                   coalesce(t.net, 0) AS net_yen, coalesce(t.tax, 0) AS tax_yen
            FROM billing_{paper} p
            LEFT JOIN (SELECT {fk}, sum(amount_yen) AS amount FROM billing_{paper}line GROUP BY 1) l ON l.{fk} = p.id
            LEFT JOIN (SELECT {fk}, sum(net_yen) AS net, sum(tax_yen) AS tax FROM billing_{paper}tax GROUP BY 1) t
              ON t.{fk} = p.id
            WHERE coalesce(l.amount, 0) <> p.total_yen OR coalesce(t.net, 0) <> p.net_yen
               OR coalesce(t.tax, 0) <> p.tax_yen
        """,
    )


# name, title, how many rows are looked at, what must not be found
PROOFS = (
    (
        "invoice_rates_match_lines", "請求書の税率別の対価は、その税率の明細の合計",
        "SELECT count(*) FROM billing_invoicetax",
        """
            SELECT p.number, t.rate, t.gross_yen, coalesce(l.amount, 0) AS lines_yen
            FROM billing_invoicetax t JOIN billing_invoice p ON p.id = t.invoice_id
            LEFT JOIN (SELECT invoice_id, tax_rate, sum(amount_yen) AS amount FROM billing_invoiceline GROUP BY 1, 2) l
              ON l.invoice_id = t.invoice_id AND l.tax_rate = t.rate
            WHERE coalesce(l.amount, 0) <> t.gross_yen
        """,
    ),
    (
        "invoices_ask_what_orders_owe", "有効な請求書の額は受注の請求金額に等しい",
        "SELECT count(*) FROM billing_invoice",
        """
            SELECT p.number, o.number AS order_number, p.total_yen, o.total_yen AS order_yen
            FROM billing_invoice p JOIN orders_order o ON o.id = p.order_id
            WHERE p.total_yen <> o.total_yen
              AND NOT EXISTS (SELECT FROM billing_invoice r WHERE r.replaces_id = p.id)
              AND p.total_yen > (SELECT coalesce(sum(n.total_yen), 0) FROM billing_creditnote n WHERE n.invoice_id = p.id)
        """,
    ),
    (
        "invoiced_orders_have_left", "有効な請求書のある受注は出荷済で、請求済と記録されている",
        "SELECT count(*) FROM billing_invoice",
        """
            SELECT p.number, o.number AS order_number, o.state, o.invoice_progress
            FROM billing_invoice p JOIN orders_order o ON o.id = p.order_id
            WHERE (o.state NOT IN ('shipped', 'completed') OR o.invoice_progress NOT IN ('done', 'sent'))
              AND NOT EXISTS (SELECT FROM billing_invoice r WHERE r.replaces_id = p.id)
              AND p.total_yen > (SELECT coalesce(sum(n.total_yen), 0) FROM billing_creditnote n WHERE n.invoice_id = p.id)
        """,
    ),
    (
        "credit_within_invoice", "返還請求書の合計は元の請求書を超えない",
        "SELECT count(*) FROM billing_creditnote",
        """
            SELECT p.number, c.rate, coalesce(t.gross_yen, 0) AS invoiced, c.gross AS credited
            FROM (SELECT n.invoice_id, x.rate, sum(x.gross_yen) AS gross, sum(x.tax_yen) AS tax
                  FROM billing_creditnote n JOIN billing_creditnotetax x ON x.credit_note_id = n.id GROUP BY 1, 2) c
            JOIN billing_invoice p ON p.id = c.invoice_id
            LEFT JOIN billing_invoicetax t ON t.invoice_id = c.invoice_id AND t.rate = c.rate
            WHERE c.gross > coalesce(t.gross_yen, 0) OR c.tax > coalesce(t.tax_yen, 0)
        """,
    ),
    (
        "replaced_invoices_are_given_back", "訂正された請求書は全額返還されている",
        "SELECT count(*) FROM billing_invoice WHERE replaces_id IS NOT NULL",
        """
            SELECT p.number, p.total_yen, coalesce(sum(n.total_yen), 0) AS credited
            FROM billing_invoice r JOIN billing_invoice p ON p.id = r.replaces_id
            LEFT JOIN billing_creditnote n ON n.invoice_id = p.id
            GROUP BY p.id HAVING coalesce(sum(n.total_yen), 0) <> p.total_yen
        """,
    ),
    (
        "invoice_numbers_have_no_gaps", "請求書番号に欠番がない",
        "SELECT count(*) FROM billing_invoice",
        """
            SELECT series, year, last, issued FROM (
              SELECT s.series, s.year, s.last,
                     (SELECT count(*) FROM billing_invoice WHERE number LIKE 'INV-' || s.year || '-%')
                       * (s.series = 'invoice')::int
                     + (SELECT count(*) FROM billing_invoice WHERE number LIKE 'DN-' || s.year || '-%')
                       * (s.series = 'slip')::int
                     + (SELECT count(*) FROM billing_statement WHERE number LIKE 'BL-' || s.year || '-%')
                       * (s.series = 'statement')::int
                     + (SELECT count(*) FROM billing_receiptpaper WHERE number LIKE 'RC-' || s.year || '-%')
                       * (s.series = 'receipt')::int
                     + (SELECT count(*) FROM billing_creditnote WHERE number LIKE 'CN-' || s.year || '-%')
                       * (s.series = 'credit_note')::int AS issued
              FROM core_numberseries s WHERE s.series IN ('invoice', 'slip', 'statement', 'receipt', 'credit_note')) x
            WHERE last <> issued
        """,
    ),
    (
        "received_versions_follow_each_other", "受領書類の版は 1 から続き、どの書類にも版がある",
        "SELECT count(*) FROM billing_receiveddocument",
        """
            SELECT d.number, count(v.id) AS versions, max(v.version) AS last FROM billing_receiveddocument d
            LEFT JOIN billing_receivedversion v ON v.document_id = d.id
            GROUP BY d.id HAVING count(v.id) = 0 OR count(v.id) <> max(v.version)
        """,
    ),
    (
        "receipts_within_orders", "有効な領収書の合計は、受注の請求金額を超えない",
        "SELECT count(*) FROM billing_receiptpaper",
        """
            SELECT o.number, o.total_yen, sum(r.amount_yen) AS receipts_yen FROM billing_receiptpaper r
            JOIN orders_order o ON o.id = r.order_id
            WHERE NOT EXISTS (SELECT FROM billing_receiptvoid v WHERE v.receipt_id = r.id)
            GROUP BY o.id HAVING sum(r.amount_yen) > o.total_yen
        """,
    ),
    (
        "receipt_rates_add_up", "領収書の税率別内訳は、領収金額に等しい",
        "SELECT count(*) FROM billing_receipttax",
        """
            SELECT r.number, r.amount_yen, sum(t.gross_yen) AS rates_yen FROM billing_receiptpaper r
            JOIN billing_receipttax t ON t.receipt_id = r.id GROUP BY r.id HAVING sum(t.gross_yen) <> r.amount_yen
        """,
    ),
    (
        "statements_are_their_papers", "合計請求書の今回の合計は、載っている書類の合計",
        "SELECT count(*) FROM billing_statementline",
        """
            SELECT s.number, s.total_yen, sum(coalesce(i.total_yen, -n.total_yen)) AS papers_yen, sum(l.amount_yen) AS lines_yen
            FROM billing_statement s LEFT JOIN billing_statementline l ON l.statement_id = s.id
            LEFT JOIN billing_invoice i ON i.id = l.invoice_id LEFT JOIN billing_creditnote n ON n.id = l.credit_note_id
            GROUP BY s.id
            HAVING coalesce(sum(coalesce(i.total_yen, -n.total_yen)), 0) <> s.total_yen
                OR coalesce(sum(l.amount_yen), 0) <> s.total_yen
        """,
    ),
    (
        "statement_rates_are_their_papers", "合計請求書の税率別の対価は、載っている書類の税率別の対価の合計",
        "SELECT count(*) FROM billing_statementtax",
        """
            SELECT s.number, coalesce(t.rate, p.rate) AS rate, t.gross_yen, p.gross AS papers_yen, t.tax_yen, p.stated_tax
            FROM billing_statement s
            JOIN (SELECT l.statement_id, x.rate, sum(x.gross) AS gross, sum(x.tax) FILTER (WHERE NOT x.is_slip) AS stated_tax,
                         bool_or(x.is_slip) AS has_slips
                  FROM billing_statementline l JOIN (
                    SELECT i.id AS invoice_id, NULL::bigint AS note_id, t.rate, t.gross_yen AS gross, t.tax_yen AS tax,
                           i.kind = 'slip' AS is_slip
                    FROM billing_invoice i JOIN billing_invoicetax t ON t.invoice_id = i.id
                    UNION ALL
                    SELECT NULL, n.id, t.rate, -t.gross_yen, -t.tax_yen, i.kind = 'slip'
                    FROM billing_creditnote n JOIN billing_invoice i ON i.id = n.invoice_id
                    JOIN billing_creditnotetax t ON t.credit_note_id = n.id) x
                    ON x.invoice_id = l.invoice_id OR x.note_id = l.credit_note_id
                  GROUP BY 1, 2) p ON p.statement_id = s.id
            LEFT JOIN billing_statementtax t ON t.statement_id = s.id AND t.rate = p.rate
            WHERE t.gross_yen IS DISTINCT FROM p.gross
               OR (NOT p.has_slips AND t.tax_yen IS DISTINCT FROM p.stated_tax)
               OR abs(t.tax_yen - coalesce(p.stated_tax, 0)
                      - (t.gross_yen - coalesce((SELECT sum(g.gross_yen) FROM billing_statementline l
                           JOIN billing_invoice i ON i.id = l.invoice_id AND i.kind = 'invoice'
                           JOIN billing_invoicetax g ON g.invoice_id = i.id AND g.rate = t.rate
                           WHERE l.statement_id = s.id), 0)
                         + coalesce((SELECT sum(g.gross_yen) FROM billing_statementline l
                           JOIN billing_creditnote n ON n.id = l.credit_note_id
                           JOIN billing_invoice i ON i.id = n.invoice_id AND i.kind = 'invoice'
                           JOIN billing_creditnotetax g ON g.credit_note_id = n.id AND g.rate = t.rate
                           WHERE l.statement_id = s.id), 0)) * t.rate / (100.0 + t.rate)) >= 1
        """,
    ),
    (
        "statements_add_up", "合計請求書は、前回・入金・繰越・税率別の合計に等しい",
        "SELECT count(*) FROM billing_statement",
        """
            SELECT s.number, s.net_yen, s.tax_yen, s.total_yen, s.asked_yen, sum(t.net_yen) AS net, sum(t.tax_yen) AS tax
            FROM billing_statement s LEFT JOIN billing_statementtax t ON t.statement_id = s.id
            GROUP BY s.id
            HAVING coalesce(sum(t.net_yen), 0) <> s.net_yen OR coalesce(sum(t.tax_yen), 0) <> s.tax_yen
                OR s.total_yen <> s.net_yen + s.tax_yen OR s.carried_yen <> s.previous_yen - s.received_yen
                OR s.asked_yen <> s.carried_yen + s.total_yen
        """,
    ),
    (
        "statements_carry_on", "合計請求書の前回請求額は、前回の合計請求書の請求額",
        "SELECT count(*) FROM billing_statement",
        """
            SELECT s.number, s.previous_yen, p.number AS previous, p.asked_yen
            FROM billing_statement s LEFT JOIN billing_statement p ON p.id = s.previous_id
            WHERE s.previous_yen <> coalesce(p.asked_yen, 0) OR p.customer_id <> s.customer_id OR p.closed_on > s.closed_on
        """,
    ),
    (
        "billed_papers_stand_on_one_statement", "締め済みの印は、取り消していない合計請求書の明細と同じ",
        "SELECT count(*) FROM billing_billeditem",
        """
            SELECT coalesce(l.number, 'BilledItem ' || b.id) AS number, b.statement_id, l.statement_id AS line_of
            FROM billing_billeditem b
            FULL JOIN (SELECT l.* FROM billing_statementline l
                       WHERE NOT EXISTS (SELECT FROM billing_statementvoid v WHERE v.statement_id = l.statement_id)) l
              ON l.statement_id = b.statement_id AND l.invoice_id IS NOT DISTINCT FROM b.invoice_id
             AND l.credit_note_id IS NOT DISTINCT FROM b.credit_note_id AND l.amount_yen = b.amount_yen
             AND l.order_id = b.order_id
            WHERE b.id IS NULL OR l.id IS NULL
        """,
    ),
)  # fmt: skip


def register() -> None:
    proofs.register_check("stored_papers", stored_papers)
    _adds_up("invoice", "invoice_id", "請求書は明細と税率別の合計に等しい")
    _adds_up("creditnote", "credit_note_id", "返還請求書は明細と税率別の合計に等しい")
    for name, title, rows, broken in PROOFS:
        proofs.register(name, title=title, rows=rows, broken=broken)
