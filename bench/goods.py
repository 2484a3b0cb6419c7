"""script/bench goods: the lists of goods at 100,000 rows: products, stock, movements, receipts, customers.

Figures are medians of requests through the test client (the whole stack but the socket), with the number of queries.
Rows are written by SQL here: what is measured is reading, and services would take an hour to write them.
"""

from __future__ import annotations

import argparse

from bench import ground
from bench.lists import AIM_MS, AIM_QUERIES, measure

FILL = """
INSERT INTO catalog_category (name) VALUES ('お茶'), ('お菓子'), ('器') ON CONFLICT DO NOTHING;
INSERT INTO catalog_product (number, code, name, kana, description, brand, tax_kind, status, version, created_at, updated_at,
                             search_text, category_id)
SELECT 'PR-B-' || n, 'B-' || n, '商品 ' || n || CASE n %% 7 WHEN 0 THEN ' 煎茶' WHEN 1 THEN ' 急須' ELSE ' 湯のみ' END, '', '', '',
       'standard', 'active', 1, now(), now(), lower('商品 ' || n || '|b-' || n || CASE n %% 7 WHEN 0 THEN ' 煎茶' ELSE '' END),
       (SELECT min(id) FROM catalog_category)
FROM generate_series(1, %(rows)s) n ON CONFLICT DO NOTHING;
INSERT INTO catalog_sku (product_id, code, code_key, jan, variant, price_yen, cost, shelf, is_active, needs_review, created_at,
                         updated_at, search_text)
SELECT p.id, p.code, p.code, NULL, '', 1000 + p.id %% 500, 400, 'A-' || p.id %% 90, true, p.id %% 1000 = 0, now(), now(), p.search_text
FROM catalog_product p WHERE p.number LIKE 'PR-B-%%' ON CONFLICT DO NOTHING;
INSERT INTO catalog_pricechange (sku_id, price_yen, cost, at) SELECT id, price_yen, cost, now() FROM catalog_sku WHERE code LIKE 'B-%%';
INSERT INTO stock_stocklevel (sku_id, location_id, on_hand, reserved)
SELECT s.id, l.id, s.id %% 50 + 1, 0 FROM catalog_sku s, stock_location l WHERE s.code LIKE 'B-%%' AND l.is_default AND s.id %% 5 <> 0
ON CONFLICT (sku_id, location_id) DO UPDATE SET on_hand = excluded.on_hand;
INSERT INTO stock_stockentry (sku_id, location_id, kind, quantity, reference, key, note, at)
SELECT v.sku_id, v.location_id, 'opening', v.on_hand, '期首', 'bench:' || v.id, '', now() - v.id * interval '7 seconds'
FROM stock_stocklevel v JOIN catalog_sku s ON s.id = v.sku_id WHERE s.code LIKE 'B-%%' AND v.on_hand > 0;
INSERT INTO stock_reservation (reference, sku_id, location_id, wanted, quantity, state, queued_at)
SELECT 'SO-B-' || s.id || '/1', s.id, l.location_id, l.on_hand + 2, 0, 'active', now()
FROM catalog_sku s JOIN stock_stocklevel l ON l.sku_id = s.id WHERE s.code LIKE 'B-%%' AND l.on_hand > 0 AND s.id %% 500 = 1;
INSERT INTO party_supplier (number, code, name, kana, registration_number, email, phone, note, is_active, created_at)
SELECT 'SU-B-' || n, 'SB-' || n, '仕入先 ' || n, '', '', '', '', '', true, now() FROM generate_series(1, 50) n ON CONFLICT DO NOTHING;
INSERT INTO purchasing_goodsreceipt (number, supplier_id, supplier_slip_no, received_on, location_id, state, note, created_at, version,
                                     search_text)
SELECT 'GR-B-' || n, (SELECT id FROM party_supplier WHERE code = 'SB-' || (n %% 50 + 1)), 'S' || n, current_date - n %% 700, l.id,
       'draft', '', now(), 1, lower('gr-b-' || n || '|s' || n)
FROM generate_series(1, %(rows)s) n, stock_location l WHERE l.is_default;
INSERT INTO purchasing_goodsreceiptline (receipt_id, line_no, sku_id, quantity, unit_cost)
SELECT r.id, k, (SELECT min(id) FROM catalog_sku WHERE code LIKE 'B-%%') + (r.id * 7 + k) %% %(rows)s, 12, 400
FROM purchasing_goodsreceipt r, generate_series(1, 3) k WHERE r.number LIKE 'GR-B-%%';
UPDATE purchasing_goodsreceipt SET state = 'discarded' WHERE number LIKE 'GR-B-%%' AND id %% 100 <> 0;
INSERT INTO party_customer (number, identity, name, kana, company, payer_key, email, phone, postal_code, address, note, created_at,
                            search_text)
SELECT 'CU-B-' || n, 'bench:' || n, '見本 ' || n, 'ミホン ' || n, '', '', 'b' || n || '@example.com', '', '', '', '', now(),
       lower('見本 ' || n || ' b' || n || '@example.com')
FROM generate_series(1, %(rows)s) n ON CONFLICT DO NOTHING;
"""
PAGES = (
    ("products", "/office/products/"), ("products by price", "/office/products/?sort=-price_yen"),
    ("products by name", "/office/products/?sort=name"), ("products search", "/office/products/?q=煎茶 77"),
    ("products to review", "/office/products/?tab=review"), ("products without picture", "/office/products/?f.image=0"),
    ("stock", "/office/stock/"), ("stock search", "/office/stock/?q=B-777"), ("stock short", "/office/stock/?tab=short"),
    ("stock empty", "/office/stock/?tab=zero"), ("stock by amount", "/office/stock/?sort=-on_hand"),
    ("stock at a place", "/office/stock/?f.location=MAIN"), ("ledger", "/office/stock/entries/"),
    ("ledger search goods", "/office/stock/entries/?q=B-7777"), ("ledger search words", "/office/stock/entries/?q=煎茶"),
    ("ledger by kind", "/office/stock/entries/?f.kind=opening"), ("receipts", "/office/receipts/"),
    ("receipts search", "/office/receipts/?q=S7777"), ("receipts of a supplier", "/office/receipts/?q=仕入先 7"),
    ("receipts of goods", "/office/receipts/?f.sku=B-777"), ("receipts by number", "/office/receipts/?sort=number"),
    ("customers", "/office/customers/"), ("customers search", "/office/customers/?q=見本 777"),
)  # fmt: skip


def fill(rows: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalog_product WHERE number LIKE 'PR-B-%%'")
        if cursor.fetchone()[0] >= rows:
            return
        cursor.execute(FILL, {"rows": rows})
        cursor.execute("ANALYZE")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    given = parser.parse_args()
    ground.start()
    fill(given.rows)
    pages = [(figure, address, AIM_MS, AIM_QUERIES) for figure, address in PAGES]
    measure("goods", pages, rows=given.rows)


if __name__ == "__main__":
    main()
