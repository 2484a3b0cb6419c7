"""送り状番号の取込 by file: all or nothing, and again is a no-op."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from akinai.core import events, intake
from akinai.core.intake import Upload
from akinai.core.models import OutgoingMail
from akinai.shipping import services
from akinai.shipping.models import Parcel
from akinai.shipping.tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
N1, N2, N3 = factories.number(40000000001), factories.number(40000000002), factories.number(40000000003)


@pytest.fixture(autouse=True)
def home(tmp_path: Any, settings: Any) -> None:
    settings.AKINAI_HOME = tmp_path
    settings.FILES_ROOT = tmp_path / "files"


def shipments(count: int = 2) -> list[Any]:
    factories.company()
    orders = [factories.order() for _ in range(count)]
    return list(services.instruct([o.pk for o in orders], ship_on=DAY, by=None).shipments.order_by("pk"))


def file(*rows: str) -> Upload:
    return Upload("hakko.csv", "\r\n".join(["PLAIN", *rows]).encode())


def take_in(upload: Upload, **options: Any) -> Any:
    kind = intake.kind_of("tracking")
    assert kind is not None
    row, plan = intake.preview(kind, [upload], options=options, by=None)
    if not plan.refused:
        plan = intake.apply(row, by=None)
    return plan


def test_numbers_come_back_goods_leave_and_mails_are_queued() -> None:
    one, two = shipments()
    plan = take_in(
        file(
            f"{one.number},{N1},2026-11-24", f"{two.number},{N2},2026-11-24", f"{two.number},{N3},2026-11-24"
        )
    )
    assert (plan.rows, plan.created, plan.changed, plan.unchanged, plan.exceptions, plan.errors) == (
        3,
        3,
        2,
        0,
        0,
        [],
    )
    one.refresh_from_db()
    assert (one.state, list(two.parcels.values_list("tracking_no", flat=True))) == ("shipped", [N2, N3])
    events.drain()
    assert OutgoingMail.objects.count() == 2


def test_the_same_file_again_changes_nothing() -> None:
    (one,) = shipments(1)
    take_in(file(f"{one.number},{N1}"))
    plan = take_in(file(f"{one.number},{N1}"))
    assert (plan.rows, plan.created, plan.changed, plan.unchanged) == (1, 0, 0, 1)
    assert Parcel.objects.count() == 1


def test_an_order_number_in_the_carriers_software_finds_its_shipment() -> None:
    (one,) = shipments(1)
    assert take_in(file(f"{one.order.number.lower()},{N1}")).changed == 1


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("SH-2026-999999,{n}", "お客様管理番号", "出荷はありません"),
        ("{one},123456789012", "送り状番号", "チェックデジット"),
        ("{one},{n},2099-01-01", "出荷日", "未来の日付"),
    ],
)
def test_one_wrong_row_keeps_the_whole_file_out(row: str, column: str, message: str) -> None:
    one, two = shipments()
    plan = take_in(file(f"{two.number},{N2}", row.format(one=one.number, n=N1)))
    assert plan.refused and len(plan.errors) == 1
    assert (plan.rows, plan.created, plan.changed) == (2, 0, 0)
    error = plan.errors[0]
    assert (error.file, error.line, error.column) == ("hakko.csv", 3, column) and message in error.message
    two.refresh_from_db()
    assert two.state == "instructed" and not Parcel.objects.exists()


def test_rows_of_other_business_are_read_over_on_request() -> None:
    (one,) = shipments(1)
    plan = take_in(file(f"PRIVATE-1,{N2}", f"{one.number},{N1}"), skip_unknown=True)
    assert (plan.created, plan.changed, plan.exceptions, plan.refused) == (1, 1, 1, False)


def test_a_number_of_another_shipment_is_refused() -> None:
    one, two = shipments()
    services.add_tracking(one, numbers=[N1], by=None)
    plan = take_in(file(f"{two.number},{N1}"))
    assert plan.refused and f"{one.number} に登録されています" in plan.errors[0].message
    again = take_in(file(f"{one.number},{N1}", f"{two.number},{N2}", f"{one.number},{N2}"))
    assert again.refused and [error.line for error in again.errors] == [4]


def test_another_number_for_what_has_left_is_refused_with_the_one_it_has() -> None:
    (one,) = shipments(1)
    take_in(file(f"{one.number},{N1}"))
    plan = take_in(file(f"{one.number},{N2}"))
    assert plan.refused and f"「出荷済」で、送り状番号は {N1} です" in plan.errors[0].message


def test_a_withdrawn_shipment_is_refused() -> None:
    (one,) = shipments(1)
    services.withdraw([one.pk], by=None)
    assert "取り消されています" in take_in(file(f"{one.number},{N1}")).errors[0].message


def test_numbers_only_leaves_the_shipment_open_and_a_second_run_ships_it() -> None:
    (one,) = shipments(1)
    plan = take_in(file(f"{one.number},{N1}"), keep_open=True)
    one.refresh_from_db()
    assert (plan.created, plan.changed, one.state) == (1, 0, "instructed")
    plan = take_in(file(f"{one.number},{N1}"))
    one.refresh_from_db()
    assert (plan.created, plan.changed, plan.unchanged, one.state) == (0, 1, 1, "shipped")


def test_a_file_destroyed_by_excel_is_refused_as_a_whole() -> None:
    (one,) = shipments(1)
    plan = take_in(file(f"{one.number},4.00E+11"))
    assert plan.refused and plan.errors[0].message == "Excel で壊れた番号です。"
