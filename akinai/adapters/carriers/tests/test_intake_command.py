"""`akinai intake tracking FILE… --json` on the result files of each carrier, good and bad."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from akinai.adapters.carriers import register_carriers
from akinai.adapters.carriers.yamato.columns import COLUMNS as B2
from akinai.core import events
from akinai.core.models import OutgoingMail
from akinai.shipping import services
from akinai.shipping.models import Parcel, Shipment
from akinai.shipping.ports import CARRIERS
from akinai.shipping.tests import factories

pytestmark = pytest.mark.django_db
CODES = ("yamato", "sagawa", "japanpost")
NUMBERS = [factories.number(40000000000 + at) for at in range(1, 9)]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    settings.AKINAI_HOME = tmp_path
    settings.FILES_ROOT = tmp_path / "files"
    CARRIERS.clear()
    register_carriers()
    factories.company()


def shipments(carrier: str, count: int = 2) -> list[Shipment]:
    orders = [factories.order().pk for _ in range(count)]
    batch = services.instruct(orders, ship_on=date(2026, 11, 24), carrier=carrier, by=None)
    return list(batch.shipments.order_by("pk"))


def table(carrier: str, *rows: tuple[str, str], header: bool = True) -> str:
    """The result file as the carrier's software writes it: (reference, number) per row."""
    if carrier == "yamato":
        lines = [",".join([key, "0", "", no, "2026/11/24", *[""] * 90]) for key, no in rows]
        names = ",".join(B2)
    elif carrier == "sagawa":
        lines = [f"{no},20261124,山田太郎,{key}" for key, no in rows]
        names = "お問合せ送り状No,出荷日,お届け先名称１,お客様管理ナンバー"
    else:
        lines = [f"{key},{no},20261124153000,,10,0A" for key, no in rows]
        names = "お客様側管理番号,お問い合わせ番号,仮引受確定作業年月日,配送完了作業年月日,配達ステータス集約コード,配達ステータス明細コード"
    return "".join(f"{line}\r\n" for line in ([names] if header else []) + lines)


class Asked:
    """Files written and taken in; what the command says on the last line of stdout, and how it ended."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *files: bytes | str, **options: str) -> dict[str, Any]:
        paths = []
        for at, content in enumerate(files, start=1):
            path = self.folder / f"kekka{at}.csv"
            path.write_bytes(content.encode("cp932") if isinstance(content, str) else content)
            paths.append(str(path))
        out = io.StringIO()
        extra = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        status = 0
        try:
            call_command("intake", "tracking", *paths, "--json", *extra, stdout=out)
        except SystemExit as end:
            status = int(end.code or 0)
        answer: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
        assert status == (0 if answer["ok"] else 1)
        return answer


@pytest.fixture
def take(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


def counts(answer: dict[str, Any]) -> tuple[int, ...]:
    return tuple(
        answer[name] for name in ("rows", "created", "changed", "unchanged", "exceptions", "total_yen")
    )


def nothing_moved() -> bool:
    return not Parcel.objects.exists() and not Shipment.objects.exclude(state="instructed").exists()


@pytest.mark.parametrize("carrier", CODES)
def test_numbers_come_back_once_and_again_changes_nothing(carrier: str, take: Asked) -> None:
    one, two = shipments(carrier)
    result = table(carrier, (one.number, NUMBERS[0]), (two.number, NUMBERS[1]), (two.number, NUMBERS[2]))
    answer = take(result)
    assert counts(answer) == (3, 3, 2, 0, 0, 0)
    assert (answer["errors"], answer["format"]) == ([], carrier)
    assert sorted(Parcel.objects.values_list("tracking_no", flat=True)) == NUMBERS[:3]
    assert set(Shipment.objects.values_list("state", flat=True)) == {"shipped"}
    events.drain()
    assert OutgoingMail.objects.count() == 2
    assert counts(take(result)) == (3, 0, 0, 3, 0, 0)
    events.drain()
    assert (Parcel.objects.count(), OutgoingMail.objects.count()) == (3, 2)


@pytest.mark.parametrize("carrier", CODES)
def test_without_a_header_the_named_carrier_reads_it(carrier: str, take: Asked) -> None:
    (one,) = shipments(carrier, 1)
    bare = table(carrier, (one.number, NUMBERS[0]), header=False)
    if carrier != "yamato":  # 95 columns speak for themselves
        refused = take(bare)
        assert not refused["ok"] and refused["errors"][0]["file"] == "kekka1.csv" and nothing_moved()
    assert counts(take(bare, format=carrier)) == (1, 1, 1, 0, 0, 0)


def test_files_of_three_carriers_come_together(take: Asked) -> None:
    ours = {carrier: shipments(carrier, 1)[0] for carrier in CODES}
    files = [table(code, (ours[code].number, NUMBERS[at])) for at, code in enumerate(CODES)]
    answer = take(*files)
    assert counts(answer) == (3, 3, 3, 0, 0, 0) and answer["format"] == "yamato+sagawa+japanpost"
    assert dict(Parcel.objects.values_list("carrier", "tracking_no")) == dict(
        zip(CODES, NUMBERS, strict=False)
    )


def test_one_bad_file_keeps_the_others_out(take: Asked) -> None:
    (one,) = shipments("yamato", 1)
    answer = take(table("yamato", (one.number, NUMBERS[0])), "注文番号,商品名\r\n1,りんご\r\n")
    assert not answer["ok"] and answer["errors"][0]["file"] == "kekka2.csv" and nothing_moved()


@pytest.mark.parametrize("carrier", CODES)
def test_labels_of_other_business_are_told_or_read_over(carrier: str, take: Asked) -> None:
    (one,) = shipments(carrier, 1)
    result = table(carrier, ("KOJIN-01", NUMBERS[0]), (one.number, NUMBERS[1]))
    refused = take(result)
    assert [(e["line"], e["value"]) for e in refused["errors"]] == [(2, "KOJIN-01")] and nothing_moved()
    assert counts(take(result, option="skip_unknown=1")) == (2, 1, 1, 0, 1, 0)


def test_the_number_says_which_carrier_it_was(take: Asked) -> None:
    (one,) = shipments("yamato", 1)
    assert take(table("sagawa", (one.number, NUMBERS[0])))["ok"]
    one.refresh_from_db()
    assert (one.carrier, one.parcels.get().carrier) == ("sagawa", "sagawa")


def test_the_same_row_twice_counts_once(take: Asked) -> None:
    (one,) = shipments("yamato", 1)
    assert counts(take(table("yamato", (one.number, NUMBERS[0]), (one.number, NUMBERS[0])))) == (
        2,
        1,
        1,
        1,
        0,
        0,
    )


@pytest.mark.parametrize("carrier", CODES)
@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("4.00E+11", "Excelで開かずに"),
        ("########", "Excelで開かずに"),
        ("", "空です"),
        ("4000000001", "Excel"),
        ("=1+1", "送り状番号|お問い合わせ番号"),
        ("送り状なし", "送り状番号|お問い合わせ番号"),
    ],
)
def test_a_number_that_cannot_be_keeps_the_whole_file_out(
    carrier: str, number: str, words: str, take: Asked
) -> None:
    one, two = shipments(carrier)
    answer = take(table(carrier, (one.number, NUMBERS[0]), (two.number, number)))
    (error,) = answer["errors"]
    assert (error["file"], error["line"]) == ("kekka1.csv", 3) and error["column"]
    assert any(word in error["message"] for word in words.split("|")), error["message"]
    assert counts(answer)[1:] == (0, 0, 0, 0, 0) and nothing_moved()


@pytest.mark.parametrize("carrier", ["yamato", "sagawa"])
def test_a_wrong_check_digit_is_told_by_line_column_and_value(carrier: str, take: Asked) -> None:
    (one,) = shipments(carrier, 1)
    (error,) = take(table(carrier, (one.number, "400000000017")))["errors"]
    assert (error["line"], error["value"]) == (2, "400000000017") and "検査数字" in error["message"]
    assert error["column"] in ("伝票番号", "お問合せ送り状No") and nothing_moved()


@pytest.mark.parametrize(
    "ruin",
    [
        lambda text: b"",
        lambda text: b"\x00\x01\x02\xff",
        lambda text: text.encode("cp932")[:-25],
        lambda text: text.replace(",", "|").encode("cp932"),
        lambda text: text.splitlines()[0].encode("cp932"),
        lambda text: text.encode("cp932").decode("latin-1").encode("utf-8"),
    ],
    ids=["empty", "rubbish", "cut_off", "other_delimiter", "header_only", "garbled"],
)
@pytest.mark.parametrize("carrier", CODES)
def test_a_ruined_file_is_refused_in_japanese_and_nothing_moves(carrier: str, ruin: Any, take: Asked) -> None:
    one, two = shipments(carrier)
    answer = take(ruin(table(carrier, (one.number, NUMBERS[0]), (two.number, NUMBERS[1]))))
    assert not answer["ok"] and answer["errors"]
    assert all(error["message"].endswith("。") for error in answer["errors"]) and nothing_moved()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_saved_in_another_encoding_is_read(encoding: str, take: Asked) -> None:
    (one,) = shipments("sagawa", 1)
    assert take(table("sagawa", (one.number, NUMBERS[0])).encode(encoding))["changed"] == 1


def test_full_width_digits_and_hyphens_are_read(take: Asked) -> None:
    (one,) = shipments("yamato", 1)
    wide = NUMBERS[0].translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert take(table("yamato", (one.number, f"{wide[:4]}－{wide[4:8]}－{wide[8:]}")))["created"] == 1
    assert Parcel.objects.get().tracking_no == NUMBERS[0]
