"""The limit (手書きの SQL): exact amount and the same name, one statement each for finding and writing, no doubts asked.

What the database alone needs for the same lines and orders, without evidence, ghosts, guards against two who do the same, or
the orders' own progress. It is rolled back.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from django.db import connection, transaction

# Small kana are large at the bank; both sides are folded alike.
LARGE = "translate({}, 'ァィゥェォッャュョヮ', 'アイウエオツヤユヨワ')"
JOIN = f"""
CREATE TEMP TABLE hand_pairs ON COMMIT DROP AS
WITH lines AS (
  SELECT s.line_id, s.amount_yen, translate(normalize(b.payer, NFKC), ' 　ー－-・', '') AS name
  FROM payments_banklinestatus s JOIN payments_bankline b ON b.id = s.line_id WHERE s.state = 'open' AND s.line_id = ANY(%s)
), dues AS (
  SELECT id, total_yen - paid_yen AS owed, translate({LARGE.format("normalize(buyer_kana, NFKC)")}, ' 　ー－-・', '') AS name
  FROM orders_order WHERE payment IN ('bank_transfer', 'credit_terms', 'unknown') AND NOT payment_settled
    AND state <> 'cancelled' AND total_yen > paid_yen
), pairs AS (
  SELECT l.line_id, d.id AS order_id, l.amount_yen, count(*) OVER (PARTITION BY l.line_id) AS orders,
    count(*) OVER (PARTITION BY d.id) AS lines
  FROM lines l JOIN dues d ON d.owed = l.amount_yen AND d.name = l.name
)
SELECT line_id, order_id, amount_yen, row_number() OVER (ORDER BY line_id) AS no FROM pairs WHERE orders = 1 AND lines = 1
"""
WRITE = (
    """INSERT INTO payments_match (number, line_id, amount_yen, score, reasons, is_automatic, at)
    SELECT 'MT-HAND-' || no, line_id, amount_yen, 97, '[]', true, now() FROM hand_pairs""",
    """INSERT INTO payments_payment (number, order_id, match_id, source, amount_yen, received_on, method, batch, note, key, at)
    SELECT 'PY-HAND-' || h.no, h.order_id, m.id, 'bank', h.amount_yen, current_date, '', '', '', 'HAND-' || h.no, now()
    FROM hand_pairs h JOIN payments_match m ON m.number = 'MT-HAND-' || h.no""",
    "UPDATE orders_order o SET paid_yen = paid_yen + h.amount_yen FROM hand_pairs h WHERE h.order_id = o.id",
    """UPDATE payments_banklinestatus s SET matched_yen = s.amount_yen, state = 'matched' FROM hand_pairs h
    WHERE h.line_id = s.line_id""",
)  # fmt: skip


def limit(truth: Mapping[int, Mapping[str, int]]) -> dict[str, float]:
    """(seconds, posted, wrong) of the hand-written statements over these lines. Nothing stays."""
    with transaction.atomic(), connection.cursor() as cursor:
        begin = time.perf_counter()
        cursor.execute(JOIN, [list(truth)])
        for statement in WRITE:
            cursor.execute(statement)
        seconds = time.perf_counter() - begin
        cursor.execute(
            "SELECT h.line_id, o.channel_order_no FROM hand_pairs h JOIN orders_order o ON o.id = h.order_id"
        )
        pairs = cursor.fetchall()
        wrong = sum(number not in truth[line_id] for line_id, number in pairs)
        transaction.set_rollback(True)
    return {"seconds": round(seconds, 2), "posted": len(pairs), "wrong": wrong}
