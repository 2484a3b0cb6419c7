"""モール出荷報告の結果ファイル: what the mall refused is told again, what it took is told, and one bad row keeps the file out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from akinai.adapters.channels import register_telling_doors
from akinai.core import intake
from akinai.core.intake import Upload
from akinai.shipping import services
from akinai.shipping.models import Shipment, TrackingExportItem
from akinai.shipping.tests.test_telling import gone

pytestmark = pytest.mark.django_db(transaction=True)
RESULT = (
    "注文番号,処理結果,エラー内容\r\nshop-20261120-001,失敗,配送会社コード不正\r\nshop-20261120-002,成功,\r\n"
)


@pytest.fixture(autouse=True)
def told() -> Iterator[None]:
    register_telling_doors()
    for number in ("shop-20261120-001", "shop-20261120-002"):
        gone(number)
    services.tell_mall("rakuten", by=None)
    yield


def take(text: str, name: str = "result.csv") -> Any:
    row, plan = intake.preview(
        intake.kind_of("tracking-results"), [Upload(name, text.encode("cp932"))], options={}, by=None
    )
    if plan.refused:
        return plan
    intake.apply(row, by=None)
    return None


def notices() -> list[str]:
    return list(Shipment.objects.order_by("pk").values_list("mall_notice", flat=True))


def test_what_the_mall_refused_is_untold_again_and_the_rest_stays_told() -> None:
    assert take(RESULT) is None
    assert notices() == ["refused", "told"]
    assert list(TrackingExportItem.objects.order_by("pk").values_list("refused", flat=True)) == [
        "配送会社コード不正",
        "",
    ]


def test_a_later_result_says_it_was_taken_after_all() -> None:
    assert take(RESULT) is None
    assert notices() == ["refused", "told"]
    assert take("注文番号,結果\r\nshop-20261120-001,成功\r\n", "later.csv") is None
    assert notices() == ["told", "told"]
    assert not TrackingExportItem.objects.exclude(refused="").exists()


def test_a_report_of_errors_alone_needs_no_column_of_results() -> None:
    assert take("order-id\terror-message\r\nshop-20261120-002\tinvalid carrier\r\n", "errors.txt") is None
    assert notices() == ["told", "refused"]


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("注文番号,結果\r\nnix-1,成功\r\n", "注文番号", "出荷報告ファイルに入れた注文ではありません"),
        ("注文番号,結果\r\nshop-20261120-001,たぶん\r\n", "結果", "成功か失敗か分かりません"),
        ("注文番号,備考\r\nshop-20261120-001,x\r\n", "注文番号", "結果かエラー内容の列"),
    ],
)
def test_one_row_that_cannot_be_read_keeps_the_file_out(text: str, column: str, message: str) -> None:
    plan = take(text)
    (error,) = plan.errors
    assert (error.line, error.column) == (2, column) and message in error.message
    assert notices() == ["told", "told"]
