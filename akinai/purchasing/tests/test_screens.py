"""仕入伝票の画面: typed, looked at, told of twins, posted, taken back and written anew."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from akinai.core import clock
from akinai.core.errors import ChangedMeanwhile, ImpossibleMove
from akinai.party.models import Supplier
from akinai.purchasing import lines, queries, services
from akinai.purchasing.models import GoodsReceipt
from akinai.purchasing.services import LineInput
from tests import cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
TOLD = {"received_on": "2026-11-24", "location": "MAIN", "lines": "TEA\t5\t100"}


@pytest.fixture
def takahashi(client: Client) -> Client:
    client.force_login(cast.staff("高橋"), backend="akinai.staff.backends.StaffBackend")
    return client


def slip(sku: int, pieces: int, **more: object) -> GoodsReceipt:
    return services.create_draft(
        lines=[LineInput(sku, pieces, Decimal(100))],
        received_on=DAY,
        by=None,
        **more,  # type: ignore[arg-type]
    )


def test_a_slip_is_typed_mended_and_posted(takahashi: Client) -> None:
    tea = cast.sku("TEA")
    assert takahashi.get("/office/receipts/new/").status_code == 200
    takahashi.post("/office/receipts/new/", TOLD)
    made = GoodsReceipt.objects.get()
    assert takahashi.get(f"/office/receipts/{made.number}/edit/").status_code == 200
    takahashi.post(f"/office/receipts/{made.number}/edit/", TOLD | {"lines": "TEA 50", "version": "1"})
    assert list(made.lines.values_list("quantity", flat=True)) == [50]
    takahashi.post(f"/office/receipts/{made.number}/post/", {"version": "2"})
    assert cast.level(tea) == (50, 0)


def test_a_posted_slip_is_not_rewritten_by_anybody(takahashi: Client) -> None:
    tea = cast.sku("TEA")
    made = slip(tea, 3)
    services.post(made, by=None)
    with pytest.raises(ImpossibleMove, match="直せません"):
        services.replace_draft(made, lines=[LineInput(tea, 30)], by=None)
    assert takahashi.get(f"/office/receipts/{made.number}/edit/").status_code == 302
    for change in (
        lambda: made.lines.update(quantity=30), lambda: made.lines.all().delete(),
        lambda: made.lines.create(line_no=2, sku_id=tea, quantity=1),
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="are posted"), transaction.atomic():
            change()
    assert cast.level(tea) == (3, 0)


def test_the_slower_of_two_clerks_overwrites_nothing() -> None:
    tea = cast.sku("TEA")
    made = slip(tea, 3)
    services.replace_draft(made, lines=[LineInput(tea, 4)], version=1, by=None)
    with pytest.raises(ChangedMeanwhile, match="ほかの人が書き直しました"):
        services.replace_draft(made, lines=[LineInput(tea, 5)], version=1, by=None)
    assert made.lines.get().quantity == 4


def test_a_slip_that_is_posted_already_is_told_while_it_is_written(takahashi: Client) -> None:
    tea = cast.sku("TEA")
    supplier = Supplier.objects.create(number="SU-1", code="S1", name="見本製茶")
    same = {"supplier": supplier.pk, "supplier_slip_no": "A-77"}
    first = slip(tea, 5, supplier_id=supplier.pk, supplier_slip_no="A-77")
    seen = takahashi.post("/office/receipts/look/", TOLD | same).content.decode()
    assert f"下書き {first.number}" in seen
    services.post(first, by=None)
    seen = takahashi.post("/office/receipts/look/", TOLD | same).content.decode()
    assert f"{first.number} で計上済み" in seen
    answer = takahashi.post("/office/receipts/new/", TOLD | same)
    assert answer.status_code == 422 and f"{first.number} で計上済み" in answer.content.decode()
    assert GoodsReceipt.objects.count() == 1
    services.reverse(first, reason="誤り", by=None)
    assert takahashi.post("/office/receipts/new/", TOLD | same).status_code == 302


def test_what_was_taken_back_can_be_written_anew(takahashi: Client) -> None:
    tea = cast.sku("TEA")
    made = slip(tea, 5)
    services.post(made, by=None)
    takahashi.post(f"/office/receipts/{made.number}/reverse/", {"reason": "数え間違い"})
    assert cast.level(tea) == (0, 0)
    assert f"?from={made.number}" in takahashi.get(f"/office/receipts/{made.number}/").content.decode()
    page = takahashi.get(f"/office/receipts/new/?from={made.number}").content.decode()
    assert "TEA\t5\t100" in page


def test_the_lines_are_read_as_they_are_typed(takahashi: Client) -> None:
    cast.sku("TEA")
    page = takahashi.post("/office/receipts/look/", {"lines": "TEA 3 100.5\nNAI 1"}).content.decode()
    assert "商品 TEA" in page and "¥302" in page and "2 行目「NAI 1」" in page
    assert takahashi.post("/office/receipts/look/", {"lines": "\0", "supplier": "x"}).status_code == 200


def test_a_code_is_looked_up_for_the_reader(takahashi: Client) -> None:
    cast.sku("TEA")
    assert takahashi.get("/office/receipts/scan/?code=ｔｅａ").json()["code"] == "TEA"
    answer = takahashi.get("/office/receipts/scan/?code=4900000000009")
    assert answer.status_code == 404 and "登録されていません" in answer.json()["message"]


def test_a_day_that_has_not_come_is_refused(takahashi: Client) -> None:
    cast.sku("TEA")
    answer = takahashi.post("/office/receipts/new/", TOLD | {"received_on": "2099-01-01"})
    assert answer.status_code == 422 and "未来" in answer.content.decode()


def test_long_lists_are_read_in_two_queries(django_assert_max_num_queries: object) -> None:
    from django.db import connection

    for n in range(30):
        cast.sku(f"TEA-{n}")
    with CaptureQueriesContext(connection) as captured:
        read = lines.read("\n".join(f"TEA-{n}\t{n + 1}\t100" for n in range(30)))
    assert (len(read.lines), read.errors) == (30, [])
    assert len(captured) <= 2
    assert "500 行まで" in lines.read("TEA-1\n" * 501).errors[0]


def test_the_list_finds_by_number_supplier_and_goods(takahashi: Client) -> None:
    tea, cup = cast.sku("TEA"), cast.sku("CUP")
    supplier = Supplier.objects.create(number="SU-1", code="S1", name="見本製茶", kana="ミホンセイチャ")
    first = slip(tea, 5, supplier_id=supplier.pk, supplier_slip_no="A-77")
    second = slip(cup, 1)
    for query, found, left in (
        ("q=みほん", first, second), ("q=A-77", first, second), (f"q={second.number[-4:]}", second, first),
        ("f.sku=CUP", second, first),
    ):  # fmt: skip
        page = takahashi.get(f"/office/receipts/?{query}").content.decode()
        assert found.number in page and left.number not in page, query
    assert "¥500" in takahashi.get("/office/receipts/?tab=draft").content.decode()


@pytest.mark.parametrize("name", ["鈴木", "部外者"])
def test_others_write_nothing(client: Client, name: str) -> None:
    tea = cast.sku("TEA")
    made = slip(tea, 5)
    client.force_login(cast.staff(name), backend="akinai.staff.backends.StaffBackend")
    assert client.post("/office/receipts/new/", TOLD).status_code == 403
    assert client.post("/office/receipts/look/", TOLD).status_code == 403
    assert client.get("/office/receipts/scan/?code=TEA").status_code == 403
    for act in ("edit", "post", "reverse", "discard"):
        assert client.post(f"/office/receipts/{made.number}/{act}/", TOLD).status_code == 403
    assert (GoodsReceipt.objects.get().state, cast.level(tea)) == ("draft", (0, 0))


def test_a_suppliers_page_shows_the_slips_and_what_was_bought_by_month() -> None:
    tea = cast.sku("TEA")
    supplier = Supplier.objects.create(number="SU-1", code="S1", name="見本製茶")
    today = clock.today()
    for on, pieces in ((today, 3), (today.replace(day=1), 2), (today.replace(day=1) - timedelta(days=1), 7)):
        made = services.create_draft(
            supplier_id=supplier.pk, lines=[LineInput(tea, pieces, Decimal("100.5"))], received_on=on, by=None
        )
        services.post(made, by=None)
    undone = services.create_draft(
        supplier_id=supplier.pk, lines=[LineInput(tea, 9)], received_on=today, by=None
    )
    slip(tea, 50)  # of nobody
    assert queries.bought_from(supplier.pk) == [("今月", 503), ("先月", 704)]
    client = Client()
    client.force_login(cast.staff("田中"), backend="akinai.staff.backends.StaffBackend")
    page = client.get(f"/office/suppliers/{supplier.pk}/").content.decode()
    assert page.count("GR-2") >= 4 and undone.number in page and "¥503" in page and "¥704" in page
