"""e飛伝Ⅲ: labels out (CP932, CRLF, header row), 出力データ in, its columns found by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from akinai.adapters.carriers.letters import printable, width
from akinai.adapters.carriers.numbers import check_seven_dr, digits_of
from akinai.adapters.carriers.results import (
    ResultLayout,
    header_fits,
    is_slip_number,
    read,
    rows_without_header,
)
from akinai.adapters.carriers.sagawa import columns as limit
from akinai.adapters.carriers.sagawa.columns import COLUMNS
from akinai.adapters.carriers.sagawa.settings import SETTINGS
from akinai.adapters.carriers.settings import contract_problems, with_goods_text
from akinai.adapters.carriers.slip import Slip, write_file
from akinai.shipping.ports import Label, LabelFile, Party, TrackingFile

_SLOTS = {"": "", "am": "01", "1214": "12", "1416": "14", "1618": "16", "1820": "18", "1921": "19"}
_COOL = {"": "001", "chilled": "002", "frozen": "003"}
_PREPAID = "1"
_NUMBER_AT = COLUMNS.index("お問い合せ送り状No.")
_SEAL_DATE, _SEAL_TIME, _SEAL_FRAGILE = "005", "007", "011"
# e飛伝Ⅱ and Ⅲ write the names differently.
_RESULT = ResultLayout(
    software="e飛伝",
    key=("お客様管理番号", "お客様管理ナンバー", "お客様管理No", "お客様側管理番号"),
    number=(
        "お問い合せ送り状No", "お問合せ送り状No", "お問い合わせ送り状No", "お問合せ送り状NO", "送り状No", "送り状番号",
    ),
    shipped=("出荷日",),
)  # fmt: skip


class Sagawa:
    """佐川急便. See `shipping.ports.Carrier`."""

    code = "sagawa"
    title = "佐川急便 e飛伝Ⅲ"
    tracking_url = "https://k2k.sagawa-exp.co.jp/p/web/okurijosearch.do?okurijoNo={no}"
    settings = SETTINGS
    slots = tuple(filter(None, _SLOTS))

    def write_labels(self, labels: Sequence[Label], *, account: Mapping[str, str], today: date) -> LabelFile:
        slips = [_slip(label, account, today) for label in with_goods_text(labels, account)]
        problems = contract_problems(SETTINGS, account, carrier="佐川急便")
        return write_file(slips, COLUMNS, filename=f"ehiden_{today:%Y%m%d}.csv", more=problems)

    def sniff_result(self, data: bytes, filename: str) -> bool:
        return header_fits(data, filename, _RESULT.is_header) or _is_bare(rows_without_header(data, filename))

    def read_result(self, data: bytes, filename: str) -> TrackingFile:
        return read(data, filename, layout=_RESULT, check=self.check_number)

    def check_number(self, number: str) -> str:
        return check_seven_dr(number, "佐川急便")


def _is_bare(rows: Sequence[tuple[int, list[str]]]) -> bool:
    """No header: as many columns as e飛伝Ⅲ has, and a number where it writes お問い合せ送り状No."""
    return bool(rows) and len(rows[0][1]) == len(COLUMNS) and is_slip_number(rows[0][1][_NUMBER_AT])


def _slip(label: Label, account: Mapping[str, str], today: date) -> Slip:
    slip = Slip(label)
    slip.reference("お客様管理番号", limit=limit.REFERENCE)
    slip.put("お客様コード", digits_of(account.get("customer_code", "")))
    slip.dates(today=today)
    slip.put("出荷日", f"{label.ship_on:%Y/%m/%d}")
    _party(slip, label.to, "お届け先", lines=3)
    _party(slip, label.sender, "ご依頼主", lines=2)
    _goods(slip)
    _service(slip, account)
    _delivery(slip)
    return slip


def _party(slip: Slip, party: Party, who: str, *, lines: int) -> None:
    slip.phone(f"{who}電話番号", party.phone, limit=limit.PHONE)
    slip.postal(f"{who}郵便番号", party.postal_code)
    columns = [f"{who}住所{at}" for at in "１２３"[:lines]]
    slip.address(columns, party, limits=[limit.LINE] * lines)
    first, second = _two_lines(party)
    slip.text(f"{who}名称１", first, limit=limit.LINE, required=True)
    slip.text(f"{who}名称２", second, limit=limit.LINE)


def _two_lines(party: Party) -> tuple[str, str]:
    """会社名 and 氏名 on two lines; a long name alone breaks at its last space that fits."""
    name, company = printable(party.name), printable(party.company)
    if company and name:
        return company, name
    whole = name or company
    if width(whole) <= limit.LINE:
        return whole, ""
    spaces = [found for found in re.finditer(r"[ 　]+", whole) if width(whole[: found.start()]) <= limit.LINE]
    return (whole[: spaces[-1].start()], whole[spaces[-1].end() :]) if spaces else (whole, "")


def _goods(slip: Slip) -> None:
    goods = [text for text in slip.label.goods if text.strip()]
    if slip.label.note.strip():
        goods = [*goods[:4], slip.label.note]  # e飛伝 has no 記事: the note takes the last line of 品名
    for at, text in zip("１２３４５", [*goods, "", "", "", "", ""], strict=False):
        slip.text(f"品名{at}", text, limit=limit.LINE, required=at == "１")


def _service(slip: Slip, account: Mapping[str, str]) -> None:
    label = slip.label
    slip.put("荷姿", account.get("packing") or "001")
    slip.put("スピード指定", "000")
    slip.put("元着区分", _PREPAID)
    slip.put("営業所受取", "0")
    slip.put("SRC区分", "0")
    if label.service not in ("parcel", "cod"):
        slip.problem(
            "スピード指定",
            label.service,
            "e飛伝Ⅲの出荷データは飛脚宅配便だけです。宅配便に変えるか、ほかの運送会社を選んでください。",
        )
    if label.temperature not in _COOL:
        slip.problem(
            "クール便指定",
            label.temperature,
            f"温度帯「{label.temperature}」はありません。常温・冷蔵・冷凍から選んでください。",
        )
    slip.put("クール便指定", _COOL.get(label.temperature, "001"))
    if not 1 <= label.parcels <= 99:
        slip.problem("出荷個数", str(label.parcels), "個口数は1〜99です。数を直してください。")
    slip.put("出荷個数", label.parcels)
    if label.service == "cod" or label.cod_yen:
        _cod(slip, account.get("cod_payment") or "1")


def _cod(slip: Slip, payment: str) -> None:
    label = slip.label
    if not 1 <= label.cod_yen <= limit.COD_MAX:
        slip.problem(
            "代引金額", str(label.cod_yen), "代引金額は1円以上です。金額を直すか、支払方法を変えてください。"
        )
    if not 0 <= label.cod_tax_yen <= max(label.cod_yen, 0):
        slip.problem(
            "消費税", str(label.cod_tax_yen), "消費税は0円以上、代引金額以下です。金額を直してください。"
        )
    slip.put("代引金額", label.cod_yen)
    slip.put("消費税", label.cod_tax_yen or "")
    slip.put("決済種別", payment)


def _delivery(slip: Slip) -> None:
    """配達日・時間帯 and their 指定シール, which the driver goes by."""
    label = slip.label
    seals = []
    if label.delivery_on:
        slip.put("配達日", f"{label.delivery_on:%Y/%m/%d}")
        seals.append(_SEAL_DATE)
    if label.delivery_slot not in _SLOTS:
        slip.problem(
            "配達指定時間帯",
            label.delivery_slot,
            f"配達時間帯「{label.delivery_slot}」は佐川急便にありません。選び直してください。",
        )
    elif label.delivery_slot:
        slip.put("配達指定時間帯", _SLOTS[label.delivery_slot])
        seals.append(_SEAL_TIME)
    if label.fragile:
        seals.append(_SEAL_FRAGILE)
    for at, seal in zip("１２３", seals, strict=False):
        slip.put(f"指定シール{at}", seal)
