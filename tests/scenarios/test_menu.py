"""メニュー: every line stands where the day's work goes by, in the four kinds of operations."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from akinai.ui import navigation
from tests.cast import staff

pytestmark = pytest.mark.django_db
# What must stand in this order, whatever else a room adds between.
WORK = {
    "goods": ["商品", "在庫", "入出庫台帳", "在庫移動", "仕入先", "入荷"],
    "money": [
        "受注", "確認の机", "出荷指示待ち", "出荷", "出荷指示", "検品", "請求待ち", "請求書", "返還請求書", "入金・消込",
    ],
    "info": ["ファイル取込", "店舗・モール"],
    "support": ["顧客"],
}  # fmt: skip


def test_the_menu_follows_the_work() -> None:
    request = RequestFactory().get("/office/")
    request.user = staff("伊藤")
    shown: dict[str, list[str]] = {}
    for link in navigation.links(request):  # a long menu shows what belongs to a line only while that is open
        shown.setdefault(link.item.section, []).append(link.item.title)
    for key, titles in WORK.items():
        assert [title for title in shown[key] if title in titles] == titles
    assert list(shown) == ["today", "goods", "money", "info", "support", "system"]


def test_no_two_lines_share_a_letter_or_a_place() -> None:
    items = navigation.items()
    keys = [item.key for item in items if item.key]
    assert len(keys) == len(set(keys))
    places = [(item.section, item.order) for item in items]
    assert len(places) == len(set(places))
