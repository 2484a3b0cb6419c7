"""ゆうプリR: labels out (CP932, CRLF, no header), 発送履歴 in. Numbers are only checked for their form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from akinai.adapters.carriers.japanpost import layouts as limit
from akinai.adapters.carriers.japanpost.layouts import LAYOUTS, STANDARD, own_layout, why_not
from akinai.adapters.carriers.japanpost.settings import SETTINGS
from akinai.adapters.carriers.letters import printable
from akinai.adapters.carriers.numbers import check_s10, digits_of
from akinai.adapters.carriers.results import ResultLayout, header_fits, read
from akinai.adapters.carriers.settings import contract_problems, with_goods_text
from akinai.adapters.carriers.slip import Slip, write_file
from akinai.shipping.ports import Label, LabelFile, LabelProblem, Party, TrackingFile

_SLOTS = {"": "00", "am": "51", "1214": "52", "1416": "53", "1618": "54", "1820": "55", "1921": "57"}
_COOL = {"": "0", "chilled": "1", "frozen": "2"}
_KINDS = {"parcel": "0", "cod": "0", "mail": "9"}  # 郵便種別: ゆうパック, ゆうパケット
_RESULT = ResultLayout(
    software="ゆうプリR",
    key=("お客様側管理番号", "お客様管理番号"),
    number=("お問い合わせ番号", "お問い合せ番号", "お問合せ番号", "送り状番号"),
    shipped=("仮引受確定作業年月日",),
)
# What must reach the driver or the buyer; values that mean "nothing asked for" may be missing in a layout.
_CARRIED = {
    "お届け先 住所２": "", "お届け先 住所３": "", "お届け先 名称２": "", "郵便種別": "0", "保冷種別": "0", "元／着払／代引": "0",
    "配達指定日／希望日": "", "配達時間帯区分": "00", "複数個口数": "1", "代引金額": "", "代引消費税金額": "",
}  # fmt: skip


class JapanPost:
    """日本郵便. See `shipping.ports.Carrier`."""

    code = "japanpost"
    title = "日本郵便 ゆうプリR"
    tracking_url = "https://trackings.post.japanpost.jp/services/srv/search/direct?locale=ja&reqCodeNo1={no}"
    settings = SETTINGS
    slots = tuple(filter(None, _SLOTS))

    def write_labels(self, labels: Sequence[Label], *, account: Mapping[str, str], today: date) -> LabelFile:
        columns, problems = _columns(account)
        problems += contract_problems(SETTINGS, account, carrier="日本郵便")
        slips = [_slip(label, account, today, columns) for label in with_goods_text(labels, account)]
        return write_file(slips, columns, filename=f"yupuri_{today:%Y%m%d}.csv", header=False, more=problems)

    def sniff_result(self, data: bytes, filename: str) -> bool:
        return header_fits(data, filename, _RESULT.is_header)

    def read_result(self, data: bytes, filename: str) -> TrackingFile:
        return read(data, filename, layout=_RESULT, check=self.check_number)

    def check_number(self, number: str) -> str:
        """11 to 13 digits, or an international number. Sources differ on a check digit of ゆうパック, so none is asked."""
        plain = digits_of(number)
        if re.fullmatch(r"[A-Za-z]{2}.*", plain):
            return check_s10(plain)
        if not plain:
            return "お問い合わせ番号が空です。"
        if re.fullmatch(r"[0-9]{11,13}", plain):
            return ""
        return f"お問い合わせ番号「{number}」は11〜13桁の数字ではありません。Excelで先頭の0が消えていないか確かめてください。"


def _columns(account: Mapping[str, str]) -> tuple[tuple[str, ...], list[LabelProblem]]:
    """The layout, and why no label can be written by it."""
    own = account.get("columns", "").strip()
    if not own:
        return LAYOUTS.get(account.get("layout", ""), STANDARD), []
    reason = why_not(own)
    message = f"{reason}運送会社の設定のレイアウトを直してください。"
    return own_layout(own), [LabelProblem("", "取込レイアウト", "", message)] if reason else []


def _slip(label: Label, account: Mapping[str, str], today: date, columns: Sequence[str]) -> Slip:
    slip = Slip(label)
    slip.reference("お客様側管理番号", limit=limit.REFERENCE)
    slip.dates(today=today)
    slip.put("発送予定日", f"{label.ship_on:%Y%m%d}")
    slip.put("送り状種別", account.get("label_kind", ""))
    slip.put("商品サイズ区分", account.get("size", ""))
    slip.put("お届け先 敬称区分", "0")
    _party(slip, label.to, "お届け先", columns)
    _party(slip, label.sender, "ご依頼主", columns)
    _goods(slip)
    _service(slip)
    _delivery(slip, account)
    _nothing_lost(slip, columns)
    return slip


def _party(slip: Slip, party: Party, who: str, columns: Sequence[str]) -> None:
    slip.phone(f"{who} 電話番号", party.phone, limit=limit.PHONE)
    slip.postal(f"{who} 郵便番号", party.postal_code)
    lines = [f"{who} 住所{at}" for at in "１２３"]
    # A layout with fewer address columns gets the address over those it has.
    present = [line for line in lines if line in columns] or lines
    slip.address(present, party, limits=[limit.ADDRESS] * len(present))
    company, name = printable(party.company), printable(party.name)
    first, second = (company, name) if company and name else (name or company, "")
    slip.text(f"{who} 名称１", first, limit=limit.NAME, required=True)
    slip.text(f"{who} 名称２", second, limit=limit.NAME)


def _nothing_lost(slip: Slip, columns: Sequence[str]) -> None:
    """A shop's own layout may lack a column that this label needs: refused, not dropped."""
    for column, nothing in _CARRIED.items():
        value = slip.cells.get(column, nothing)
        if value not in ("", nothing) and column not in columns:
            slip.problem(
                column,
                value,
                f"取込レイアウトに「{column}」の列がないため、「{value}」を渡せません。運送会社の設定で列を足すか、指定を外してください。",
            )


def _goods(slip: Slip) -> None:
    label = slip.label
    goods = [text for text in label.goods if text.strip()]
    slip.text("品名", goods[0] if goods else "", limit=limit.GOODS, required=True)
    slip.text("記事名１", label.note, limit=limit.NOTE)
    slip.put("こわれもの区分", "1" if label.fragile else "0")


def _service(slip: Slip) -> None:
    """郵便種別, 保冷, 代引 and 個口, and the combinations that do not exist."""
    label = slip.label
    cod = label.service == "cod" or label.cod_yen != 0
    if label.service not in _KINDS:
        slip.problem(
            "郵便種別",
            label.service,
            f"サービス「{label.service}」は日本郵便にありません。ゆうパックかゆうパケットを選んでください。",
        )
    if label.temperature not in _COOL:
        slip.problem(
            "保冷種別",
            label.temperature,
            f"温度帯「{label.temperature}」はありません。常温・冷蔵・冷凍から選んでください。",
        )
    if label.service == "mail" and (label.temperature or cod or label.delivery_slot or label.parcels > 1):
        slip.problem(
            "郵便種別",
            "ゆうパケット",
            "ゆうパケットに保冷・代引・時間帯・複数口はありません。ゆうパックに変えるか、指定を外してください。",
        )
    slip.put("郵便種別", _KINDS.get(label.service, "0"))
    slip.put("保冷種別", _COOL.get(label.temperature, "0"))
    slip.put("元／着払／代引", "2" if cod else "0")
    if not 1 <= label.parcels <= 99:
        slip.problem("複数個口数", str(label.parcels), "個口数は1〜99です。数を直してください。")
    slip.put("複数個口数", label.parcels)
    if cod:
        _cod(slip)


def _cod(slip: Slip) -> None:
    label = slip.label
    if not 1 <= label.cod_yen <= limit.COD_MAX:
        slip.problem(
            "代引金額",
            str(label.cod_yen),
            f"代引金額は1〜{limit.COD_MAX:,}円です。金額を直すか、支払方法を変えてください。",
        )
    if not 0 <= label.cod_tax_yen <= max(label.cod_yen, 0):
        slip.problem(
            "代引消費税金額",
            str(label.cod_tax_yen),
            "消費税は0円以上、代引金額以下です。金額を直してください。",
        )
    slip.put("代引金額", label.cod_yen)
    slip.put("代引消費税金額", label.cod_tax_yen or "")


def _delivery(slip: Slip, account: Mapping[str, str]) -> None:
    label = slip.label
    if label.delivery_on:
        slip.put("配達指定日／希望日", f"{label.delivery_on:%Y%m%d}")
    if label.delivery_slot not in _SLOTS:
        slip.problem(
            "配達時間帯区分",
            label.delivery_slot,
            f"配達時間帯「{label.delivery_slot}」は日本郵便にありません。選び直してください。",
        )
    code = _SLOTS.get(label.delivery_slot, "00")
    slip.put("配達時間帯区分", account.get("evening") or code if label.delivery_slot == "1921" else code)
