"""script/bench desk: the desk of サポート at 10,000 and 100,000 tickets of three messages each: list, ticket, figures.

Figures are medians through the test client (the whole stack but the socket), with the number of queries. `limit` lines are
the same rows by one statement written by hand in this run, without counts of tabs and without templates. Rows are written by
SQL: what is measured is reading.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

from bench import ground
from bench.lists import AIM_MS, AIM_QUERIES, measure

REPORT_MS, REPORT_QUERIES, TICKET_MS, TICKET_QUERIES = 1_000, 20, 150, 40
# Two years of letters: most are closed, some wait, a few hundred are ours to answer.
FILL = """
INSERT INTO party_customer (number, identity, name, kana, company, payer_key, email, phone, postal_code, address, note, created_at, search_text)
SELECT 'CU-T-' || n, 'desk:' || n, '声 ' || n, 'コエ ' || n, '', '', 't' || n || '@example.com', '', '', '', '', now(),
       lower('声 ' || n || ' t' || n || '@example.com')
FROM generate_series(1, 5000) n ON CONFLICT DO NOTHING;
INSERT INTO support_ticket (number, source, state, priority, subject, category, customer_id, contact_name, contact_mail, contact_phone,
  recognised_by, opened_at, last_in_at, first_reply_due, first_replied_at, resolution_due, solved_at, closed_at, first_reply_minutes,
  resolution_minutes, key, version, search_text)
SELECT 'TK-B-' || lpad(n::text, 6, '0'), (ARRAY['mail', 'mail', 'form', 'phone', 'mall'])[1 + n %% 5],
  CASE WHEN is_open THEN (ARRAY['new', 'open', 'waiting'])[1 + n %% 3] ELSE 'closed' END, 1 + n %% 4,
  w.subject || ' ' || n, w.category, c.id, c.name, c.email, '', '', opened, opened, opened + interval '8 hours',
  CASE WHEN NOT is_open OR n %% 3 > 0 THEN opened + (n %% 900) * interval '1 minute' END, opened + interval '3 days',
  CASE WHEN NOT is_open THEN opened + (n %% 5000) * interval '1 minute' END,
  CASE WHEN NOT is_open THEN opened + interval '10 days' END, 480, 1440, 'bench:' || n, 1,
  lower('tk-b-' || lpad(n::text, 6, '0') || ' ' || w.subject || ' ' || n || ' ' || c.name || ' ' || c.email || ' ' || w.body)
FROM (SELECT n, now() - n * interval '10 minutes' AS opened, n <= 400 AS is_open FROM generate_series(%(first)s, %(rows)s) n) t
JOIN (VALUES (0, '届きません', 'delivery', '荷物がまだ届きません。いつ届くか教えてください。'),
  (1, '湯のみが欠けていました', 'damage', '届いた湯のみが欠けていました。交換をお願いします。'),
  (2, '領収書の宛名', 'invoice', '領収書の宛名を会社名にしてください。'),
  (3, '定期便を止めたい', 'change', '来月から定期便を休みたいです。')) w(at, subject, category, body) ON w.at = n %% 4
JOIN (SELECT id, name, email, row_number() OVER (ORDER BY id) AS at FROM party_customer WHERE number LIKE 'CU-T-%%') c ON c.at = 1 + n %% 5000;
INSERT INTO support_message (ticket_id, direction, at, by_id, sender, recipient, subject, text, html_digest, raw_digest, message_id,
  in_reply_to, "references", doubts, mail_key, data)
SELECT t.id, d.way, t.opened_at + d.at * interval '1 hour', CASE WHEN d.way = 'out' THEN %(by)s END, t.contact_mail, '', t.subject,
  t.search_text, '', '', '<' || t.id || '-' || d.at || '@bench>', '', '', '[]', '', '{}'
FROM support_ticket t CROSS JOIN (VALUES (0, 'in'), (1, 'out'), (2, 'in')) d(at, way)
WHERE t.key LIKE 'bench:%%' AND NOT EXISTS (SELECT FROM support_message m WHERE m.ticket_id = t.id);
INSERT INTO support_ticketmeasure (ticket_id, first_replied_at, first_reply_minutes, solved_at, resolution_minutes)
SELECT id, first_replied_at, id %% 900, solved_at, CASE WHEN solved_at IS NOT NULL THEN id %% 3000 END
FROM support_ticket WHERE key LIKE 'bench:%%' ON CONFLICT DO NOTHING;
"""
LIMITS = {
    "limit: list": """SELECT t.number, t.subject, t.state, c.name, s.display_name FROM support_ticket t
      LEFT JOIN party_customer c ON c.id = t.customer_id LEFT JOIN staff_staff s ON s.id = t.assignee_id
      WHERE t.state IN ('new', 'open') ORDER BY coalesce(t.resolution_due, t.first_reply_due), t.priority, t.id LIMIT 50""",
    "limit: search": """WITH found AS MATERIALIZED (SELECT id, coalesce(resolution_due, first_reply_due) AS due FROM support_ticket
        WHERE search_grams @> ARRAY['欠け', 'けて', 'てい', 'いま', 'まし', 'した'] AND search_text LIKE '%欠けていました%')
      SELECT least((SELECT count(*) FROM found), 1001), t.number, t.subject, t.state, c.name
      FROM (SELECT * FROM found ORDER BY due, id LIMIT 50) f JOIN support_ticket t ON t.id = f.id LEFT JOIN party_customer c ON c.id = t.customer_id""",
    "limit: ticket": """SELECT m.id, m.text FROM support_message m JOIN support_ticket t ON t.id = m.ticket_id
      WHERE t.number = 'TK-B-000007' ORDER BY m.at""",
    "limit: figures of two years": """SELECT t.source, count(*), percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY m.first_reply_minutes),
      percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY m.resolution_minutes)
      FROM support_ticket t JOIN support_ticketmeasure m ON m.ticket_id = t.id GROUP BY 1""",
}  # fmt: skip


def fill(rows: int) -> int:
    from django.db import connection

    from akinai.staff.models import Staff

    person, _ = Staff.objects.get_or_create(
        username="bench", defaults={"is_superuser": True, "is_active": True}
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM support_ticket WHERE key LIKE 'bench:%'")
        have = cursor.fetchone()[0]
        if have < rows:
            cursor.execute(FILL, {"first": have + 1, "rows": rows, "by": person.pk})
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM support_ticket")
        return int(cursor.fetchone()[0])


def pages() -> Iterator[tuple[str, str, int, int]]:
    from akinai.core import clock
    from akinai.support.lists import TicketList

    where = "/office/support/"
    for tab in TicketList.tabs:
        yield f"tab: {tab.title}", f"{where}?tab={tab.key}", AIM_MS, AIM_QUERIES
    for name, text in (("words", "欠けていました"), ("kana", "とどきません"), ("name", "声 77"), ("mail", "t77@"), ("number", "TK-B-000077"), ("nobody", "存在しない")):  # fmt: skip
        yield f"search: {name}", f"{where}?q={quote(text)}", AIM_MS, AIM_QUERIES
    for column in TicketList.columns:
        if column.sort is not None:
            yield f"sort: {column.title}", f"{where}?sort=-{column.key}", AIM_MS, AIM_QUERIES
    yield "ticket", "/office/support/tickets/TK-B-000007/", TICKET_MS, TICKET_QUERIES
    for figure, days in (("figures of a month", 30), ("figures of two years", 730)):
        first = clock.today() - timedelta(days=days)
        yield figure, f"{where}reports/?first={first}&last={clock.today()}", REPORT_MS, REPORT_QUERIES


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    given = parser.parse_args()
    ground.start()
    for size in given.sizes:
        have = fill(size)
        for figure, sql in LIMITS.items():
            ground.say(bench="desk", figure=figure, tickets=have, median_ms=ground.by_hand(sql))
        measure("desk", pages(), tickets=have)


if __name__ == "__main__":
    main()
