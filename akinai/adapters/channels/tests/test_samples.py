"""The made-up files in each door's samples folder, read as a clerk would give them."""

from __future__ import annotations

from pathlib import Path

import pytest

from akinai.adapters.channels import register_channels
from akinai.core.tables import read_tables
from akinai.orders.ports import FORMATS

HERE = Path(__file__).resolve().parents[1]
FILES = [
    ("rakuten", ["orders.csv"], 4, 6, 18_370),
    ("rakuten", ["orders_saved_by_excel.csv"], 4, 6, 18_370),
    ("shopify", ["orders.csv"], 4, 6, 18_240),
    ("amazon", ["unshipped.txt"], 4, 6, 6_810),  # 代金引換 alone is told
    ("yahoo", ["items.csv", "orders.csv"], 4, 6, 18_370),
    ("eccube", ["orders.csv"], 4, 6, 18_370),
    ("base", ["orders.csv"], 4, 6, 18_870),
    ("base", ["orders_older.csv"], 4, 6, 18_870),
    ("generic", ["orders.csv"], 3, 4, 39_860),
]


@pytest.mark.parametrize(("code", "names", "orders", "lines", "total"), FILES, ids=lambda value: str(value))
def test_a_sample_is_known_and_read_without_exceptions(
    code: str, names: list[str], orders: int, lines: int, total: int
) -> None:
    register_channels()
    tables = [read_tables((HERE / code / "samples" / name).read_bytes(), filename=name) for name in names]
    assert next(fmt.code for fmt in FORMATS.values() if fmt.matches(tables)) == code
    drafts = FORMATS[code].read(tables)
    assert [issue for draft in drafts for issue in draft.issues] == []
    assert len(drafts) == orders
    assert sum(len(draft.lines) for draft in drafts) == lines
    assert sum(draft.total_yen for draft in drafts) == total
    assert all(draft.ship_to.name and draft.ship_to.postal_code.isdigit() for draft in drafts)


def test_what_excel_did_to_a_file_makes_no_difference() -> None:
    register_channels()
    folder = HERE / "rakuten" / "samples"
    read = [
        FORMATS["rakuten"].read([read_tables((folder / name).read_bytes(), filename="a.csv")])
        for name in ("orders.csv", "orders_saved_by_excel.csv")
    ]
    for plain, saved in zip(*read, strict=True):
        assert plain.ship_to == saved.ship_to
        assert plain.buyer == saved.buyer
        assert (plain.delivery_on, plain.delivery_slot) == (saved.delivery_on, saved.delivery_slot)
        assert plain.ordered_at.replace(second=0) == saved.ordered_at
