"""ゆうプリR: labels out (CP932, CRLF, no header), 発送履歴 in. Numbers are only checked for their form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from akinai.adapters.carriers.japanpost import layouts as limit
from akinai.adapters.carriers.japanpost.layouts import STANDARD
from akinai.adapters.carriers.letters import printable
from akinai.adapters.carriers.numbers import check_s10, digits_of
from akinai.adapters.carriers.results import Issued, column_starting, header_fits, trackings
from akinai.adapters.carriers.slip import Slip, write_file
from akinai.core.tables import normal_header, read_tables
from akinai.shipping.ports import Label, LabelFile, LabelProblem, Party, TrackingFile

_SLOTS = {"": "00", "am": "51", "1214": "52", "1416": "53", "1618": "54", "1820": "55", "1921": "56"}
_COOL = {"": "0", "chilled": "1", "frozen": "2"}
_KINDS = {"parcel": "0", "cod": "0", "mail": "9"}  # 郵便種別: ゆうパック, ゆうパケット
_NUMBER = ("お問い合わせ番号", "お問い合せ番号", "お問合せ番号", "送り状番号")
_KEY = ("お客様側管理番号", "お客様管理番号")


class JapanPost:
    """日本郵便. See `shipping.ports.Carrier`. `account`: label_kind (送り状種別), size (060, 080 …), and columns:
    the shop's own 取込レイアウト, names parted by "|" (empty: the standard layout)."""

    code = "japanpost"
    title = "日本郵便 ゆうプリR"
    tracking_url = "https://trackings.post.japanpost.jp/services/srv/search/direct?locale=ja&reqCodeNo1={no}"

    def write_labels(self, labels: Sequence[Label], *, account: dict[str, str], today: date) -> LabelFile:
        columns = _columns(account)
        unknown = [name for name in columns if name not in STANDARD]
        problems = [
            LabelProblem(
                "",
                "取込レイアウト",
                name,
                f"ゆうプリRの列「{name}」が分かりません。運送会社の設定のレイアウトを直してください。",
            )
            for name in unknown
        ]
        slips = [_slip(label, account, today) for label in labels]
        return write_file(slips, columns, filename=f"yupuri_{today:%Y%m%d}.csv", header=False, more=problems)

    def sniff_result(self, data: bytes, filename: str) -> bool:
        return header_fits(data, filename, _is_header)

    def read_result(self, data: bytes, filename: str) -> TrackingFile:
        table = read_tables(data, filename=filename, find_header=_is_header, expected=(_KEY[0], _NUMBER[0]))
        key, number = column_starting(table.header, *_KEY) or 0, column_starting(table.header, *_NUMBER) or 0
        accepted = column_starting(table.header, "仮引受確定作業年月日")
        rows = [
            Issued(
                row.line,
                row.cells[key],
                row.cells[number],
                row.cells[accepted] if accepted is not None else "",
            )
            for row in table.rows
        ]
        return trackings(
            rows,
            file=filename,
            column=table.original_header[number],
            key=table.original_header[key],
            software="ゆうプリR",
            check=self.check_number,
        )

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


def _columns(account: dict[str, str]) -> tuple[str, ...]:
    own = account.get("columns", "").strip()
    if not own:
        return STANDARD
    by_name = {normal_header(name).replace(" ", ""): name for name in STANDARD}
    return tuple(by_name.get(normal_header(name).replace(" ", ""), name.strip()) for name in own.split("|"))


def _is_header(cells: tuple[str, ...]) -> bool:
    return column_starting(cells, *_KEY) is not None and column_starting(cells, *_NUMBER) is not None


def _slip(label: Label, account: dict[str, str], today: date) -> Slip:
    slip = Slip(label)
    slip.reference("お客様側管理番号", limit=limit.REFERENCE)
    slip.dates(today=today)
    slip.put("発送予定日", f"{label.ship_on:%Y%m%d}")
    slip.put("送り状種別", account.get("label_kind", ""))
    slip.put("商品サイズ区分", account.get("size", ""))
    slip.put("お届け先 敬称区分", "0")
    _party(slip, label.to, "お届け先")
    _party(slip, label.sender, "ご依頼主")
    _goods(slip)
    _service(slip)
    _delivery(slip)
    return slip


def _party(slip: Slip, party: Party, who: str) -> None:
    slip.phone(f"{who} 電話番号", party.phone, limit=limit.PHONE)
    slip.postal(f"{who} 郵便番号", party.postal_code)
    slip.address([f"{who} 住所{at}" for at in "１２３"], party, limits=[limit.ADDRESS] * 3)
    company, name = printable(party.company), printable(party.name)
    first, second = (company, name) if company and name else (name or company, "")
    slip.text(f"{who} 名称１", first, limit=limit.NAME, required=True)
    slip.text(f"{who} 名称２", second, limit=limit.NAME)


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
    slip.put("代引消費税金額", label.cod_tax_yen)


def _delivery(slip: Slip) -> None:
    label = slip.label
    if label.delivery_on:
        slip.put("配達指定日／希望日", f"{label.delivery_on:%Y%m%d}")
    if label.delivery_slot not in _SLOTS:
        slip.problem(
            "配達時間帯区分",
            label.delivery_slot,
            f"配達時間帯「{label.delivery_slot}」は日本郵便にありません。選び直してください。",
        )
    slip.put("配達時間帯区分", _SLOTS.get(label.delivery_slot, "00"))
