"""B2クラウド: labels out (CP932, CRLF, header row), 発行済データ in (same columns, 伝票番号 in the fourth)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import jaconv

from akinai.adapters.carriers.letters import narrow
from akinai.adapters.carriers.numbers import check_seven_dr, digits_of
from akinai.adapters.carriers.results import (
    Issued,
    ResultLayout,
    header_fits,
    is_slip_number,
    read,
    rows_without_header,
)
from akinai.adapters.carriers.settings import contract_problems, with_goods_text
from akinai.adapters.carriers.slip import Slip, write_file
from akinai.adapters.carriers.yamato import columns as limit
from akinai.adapters.carriers.yamato.columns import COLUMNS
from akinai.adapters.carriers.yamato.settings import SETTINGS
from akinai.shipping.ports import Label, LabelFile, Party, TrackingFile

_SLOTS = {"": "", "am": "0812", "1416": "1416", "1618": "1618", "1820": "1820", "1921": "1921"}
_OLD_SLOTS = {"1214": "12〜14時", "2021": "20〜21時"}
_COOL = {"": "", "frozen": "1", "chilled": "2"}
_RESULT = ResultLayout(
    software="B2クラウド", key=("お客様管理番号",), number=("伝票番号",), shipped=("出荷予定日", "出荷日")
)
_KANA = re.compile("[ -~｡-ﾟ]*")


class Yamato:
    """ヤマト運輸. See `shipping.ports.Carrier`."""

    code = "yamato"
    title = "ヤマト運輸 B2クラウド"
    tracking_url = "https://jizen.kuronekoyamato.co.jp/jizen/servlet/crjz.b.NQ0010?id={no}"
    settings = SETTINGS
    slots = tuple(filter(None, _SLOTS))

    def write_labels(self, labels: Sequence[Label], *, account: Mapping[str, str], today: date) -> LabelFile:
        slips = [_slip(label, account, today) for label in with_goods_text(labels, account)]
        problems = contract_problems(SETTINGS, account, carrier="ヤマト運輸")
        return write_file(slips, COLUMNS, filename=f"b2_{today:%Y%m%d}.csv", more=problems)

    def sniff_result(self, data: bytes, filename: str) -> bool:
        return header_fits(data, filename, _RESULT.is_header) or _is_bare(rows_without_header(data, filename))

    def read_result(self, data: bytes, filename: str) -> TrackingFile:
        bare = rows_without_header(data, filename)
        known = [_bare(line, cells) for line, cells in bare] if _is_bare(bare) else None
        return read(data, filename, layout=_RESULT, check=self.check_number, known=known)

    def check_number(self, number: str) -> str:
        return check_seven_dr(number, "ヤマト運輸")


def _slip(label: Label, account: Mapping[str, str], today: date) -> Slip:
    slip = Slip(label)
    slip.reference("お客様管理番号", limit=limit.REFERENCE)
    slip.dates(today=today)
    slip.put("出荷予定日", f"{label.ship_on:%Y/%m/%d}")
    slip.put("お届け予定日", f"{label.delivery_on:%Y/%m/%d}" if label.delivery_on else "")
    _service(slip, account)
    _slot(slip)
    address_limit = 64 if account.get("address_bytes") == "64" else limit.ADDRESS
    _party(slip, label.to, "お届け先", address_limit)
    _party(slip, label.sender, "ご依頼主", address_limit)
    slip.put("敬称", "様")
    _goods(slip)
    slip.put("請求先顧客コード", digits_of(account.get("customer_code", "")))
    slip.put("請求先分類コード", digits_of(account.get("sub_code", "")))
    slip.put("運賃管理番号", digits_of(account.get("freight_no", "")))
    return slip


def _party(slip: Slip, party: Party, who: str, address_limit: int) -> None:
    building = "アパートマンション名" if who == "お届け先" else "アパートマンション"
    slip.phone(f"{who}電話番号", party.phone, limit=limit.PHONE)
    slip.postal(f"{who}郵便番号", party.postal_code)
    slip.address((f"{who}住所", f"{who}{building}"), party, limits=(address_limit, limit.BUILDING))
    slip.text(f"{who}名", party.name, limit=limit.NAME, required=True)
    kana = jaconv.z2h(jaconv.hira2kata(party.kana), kana=True, ascii=True, digit=True)
    # The reading is optional and only helps sorting: one that is no kana is left out, the label is still right.
    if kana and _KANA.fullmatch(kana) and len(kana) <= limit.KANA:
        slip.put(f"{who}名(ｶﾅ)", kana)
    if who == "お届け先":
        slip.text("お届け先会社・部門１", party.company, limit=limit.COMPANY)


def _goods(slip: Slip) -> None:
    goods = [text for text in slip.label.goods if text.strip()]
    slip.text("品名１", goods[0] if goods else "", limit=limit.GOODS, required=True)
    slip.text("品名２", goods[1] if len(goods) > 1 else "", limit=limit.GOODS)
    slip.text("荷扱い１", "ワレ物注意" if slip.label.fragile else "", limit=limit.HANDLING)
    slip.text("記事", slip.label.note, limit=limit.NOTE)


def _service(slip: Slip, account: Mapping[str, str]) -> None:
    """送り状種類, クール区分, 代金引換 and 個数口, and the combinations that Yamato does not sell."""
    label = slip.label
    cod = label.service == "cod" or label.cod_yen != 0
    kinds = {"parcel": "0", "cod": "2", "mail": account.get("mail_code") or "7", "compact": "8"}
    if label.service not in kinds:
        slip.problem(
            "送り状種類",
            label.service,
            f"サービス「{label.service}」はヤマト運輸にありません。宅急便かネコポスなどを選んでください。",
        )
        return
    kind = (
        {"parcel": "2", "compact": "9"}.get(label.service, kinds[label.service])
        if cod
        else kinds[label.service]
    )
    slip.put("送り状種類", kind)
    if label.temperature not in _COOL:
        slip.problem(
            "クール区分",
            label.temperature,
            f"温度帯「{label.temperature}」はありません。常温・冷蔵・冷凍から選んでください。",
        )
    slip.put("クール区分", _COOL.get(label.temperature, ""))
    if label.temperature and label.service in ("mail", "compact"):
        slip.problem(
            "クール区分",
            label.temperature,
            "ネコポス・宅急便コンパクトにクール便はありません。宅急便に変えてください。",
        )
    if cod:
        _cod(slip)
    _parcels(slip, cod)


def _cod(slip: Slip) -> None:
    label = slip.label
    if label.service == "mail":
        slip.problem(
            "送り状種類",
            "mail",
            "ネコポスなどの投函便で代金引換はできません。宅急便に変えるか、支払方法を変えてください。",
        )
    most = limit.COD_MAX_COMPACT if label.service == "compact" else limit.COD_MAX
    if not 1 <= label.cod_yen <= most:
        slip.problem(
            "ｺﾚｸﾄ代金引換額（税込)",
            str(label.cod_yen),
            f"代金引換額は1〜{most:,}円です。金額を直すか、支払方法を変えてください。",
        )
    if not 0 <= label.cod_tax_yen <= max(label.cod_yen, 0):
        slip.problem(
            "内消費税額等",
            str(label.cod_tax_yen),
            "内消費税額は0円以上、代金引換額以下です。金額を直してください。",
        )
    slip.put("ｺﾚｸﾄ代金引換額（税込)", label.cod_yen)
    slip.put("内消費税額等", label.cod_tax_yen or "")


def _parcels(slip: Slip, cod: bool) -> None:
    """発行枚数 is for 発払い only; each sheet gets its own 伝票番号 under the same お客様管理番号."""
    label = slip.label
    if label.parcels == 1:
        return
    if not 1 < label.parcels <= 99:
        slip.problem("発行枚数", str(label.parcels), "個口数は1〜99です。数を直してください。")
    elif cod or label.service != "parcel":
        slip.problem(
            "発行枚数",
            str(label.parcels),
            "複数口にできるのは発払いの宅急便だけです。出荷を分けるか、サービスを変えてください。",
        )
    slip.put("発行枚数", label.parcels)
    slip.put("個数口表示フラグ", "3")


def _slot(slip: Slip) -> None:
    label = slip.label
    if label.delivery_slot in _OLD_SLOTS:
        name = _OLD_SLOTS[label.delivery_slot]
        slip.problem(
            "配達時間帯",
            label.delivery_slot,
            f"{name}の指定は今はありません。午前中・14〜16時・16〜18時・18〜20時・19〜21時から選んでください。",
        )
        return
    if label.delivery_slot not in _SLOTS:
        slip.problem(
            "配達時間帯",
            label.delivery_slot,
            f"配達時間帯「{label.delivery_slot}」はヤマト運輸にありません。選び直してください。",
        )
        return
    if label.delivery_slot and label.service == "mail":
        slip.problem(
            "配達時間帯",
            label.delivery_slot,
            "ネコポスなどの投函便に時間帯の指定はできません。指定を外すか、宅急便に変えてください。",
        )
    slip.put("配達時間帯", _SLOTS[label.delivery_slot])


def _is_bare(rows: Sequence[tuple[int, list[str]]]) -> bool:
    """No header: as many columns as B2 has, a 種類 in the second and a number in the fourth."""
    if not rows or len(rows[0][1]) < len(COLUMNS):
        return False
    cells = rows[0][1]
    return bool(re.fullmatch(r"[0-9A]", narrow(cells[1]))) and is_slip_number(cells[3])


def _bare(line: int, cells: Sequence[str]) -> Issued:
    """お客様管理番号, 伝票番号, 出荷予定日 of a row without a header, which may be cut off."""
    padded = [*cells, *[""] * len(COLUMNS)]
    return Issued(line, padded[0], padded[3], padded[4])
