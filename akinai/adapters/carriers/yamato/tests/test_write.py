"""B2クラウド: what is written, and what is refused rather than cut."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest

from akinai.adapters.carriers.tests.labels import TODAY, fields, label
from akinai.adapters.carriers.yamato import Yamato
from akinai.adapters.carriers.yamato.columns import COLUMNS
from akinai.shipping.ports import Label, LabelFile

ACCOUNT = {"customer_code": "031234567801", "sub_code": "", "freight_no": "01"}


def write(*labels: Label, account: dict[str, str] | None = None) -> LabelFile:
    return Yamato().write_labels(labels, account=ACCOUNT if account is None else account, today=TODAY)


def cells(made: LabelFile) -> dict[str, str]:
    rows = list(csv.reader(io.StringIO(made.data.decode("cp932"), newline="")))
    assert made.problems == () and tuple(rows[0]) == COLUMNS and len(rows) == 2
    return {name: cell for name, cell in zip(COLUMNS, rows[1], strict=True) if cell}


def test_a_plain_parcel() -> None:
    made = write(label())
    assert (made.filename, made.count) == ("b2_20261124.csv", 1)
    assert made.data.count(b"\r\n") == 2 and b"\n" not in made.data.replace(b"\r\n", b"")
    assert cells(made) == {
        "お客様管理番号": "SH-2026-000123", "送り状種類": "0", "出荷予定日": "2026/11/24",
        "お届け先電話番号": "06-1234-5678", "お届け先郵便番号": "530-0001", "お届け先住所": "大阪府大阪市北区梅田3丁目1番3号",
        "お届け先アパートマンション名": "梅田マンション502", "お届け先名": "山田太郎", "お届け先名(ｶﾅ)": "ﾔﾏﾀﾞﾀﾛｳ", "敬称": "様",
        "ご依頼主電話番号": "03-1234-5678", "ご依頼主郵便番号": "100-0005", "ご依頼主住所": "東京都千代田区丸の内1-9-1",
        "ご依頼主アパートマンション": "あきないビル3階", "ご依頼主名": "商店あきない", "品名１": "りんごジュース 1L",
        "請求先顧客コード": "031234567801", "運賃管理番号": "01",
    }  # fmt: skip


def test_b2_column_by_column() -> None:
    made = write(
        label(
            to={"company": "山田商会"}, goods=("りんごジュース", "みかん"), note="ギフト", service="cod", cod_yen=5400, cod_tax_yen=490,
            temperature="chilled", delivery_on=date(2026, 11, 26), delivery_slot="am", fragile=True,
        ),
        account=ACCOUNT | {"sub_code": "01"},
    )  # fmt: skip
    header, row = csv.reader(io.StringIO(made.data.decode("cp932"), newline=""))
    assert len(header) == len(set(header)) == len(row) == 95
    places = {
        1: ("お客様管理番号", "SH-2026-000123"), 2: ("送り状種類", "2"), 3: ("クール区分", "2"), 4: ("伝票番号", ""),
        5: ("出荷予定日", "2026/11/24"), 6: ("お届け予定日", "2026/11/26"), 7: ("配達時間帯", "0812"), 9: ("お届け先電話番号", "06-1234-5678"),
        11: ("お届け先郵便番号", "530-0001"), 12: ("お届け先住所", "大阪府大阪市北区梅田3丁目1番3号"),
        13: ("お届け先アパートマンション名", "梅田マンション502"), 14: ("お届け先会社・部門１", "山田商会"), 16: ("お届け先名", "山田太郎"),
        17: ("お届け先名(ｶﾅ)", "ﾔﾏﾀﾞﾀﾛｳ"), 18: ("敬称", "様"), 20: ("ご依頼主電話番号", "03-1234-5678"), 22: ("ご依頼主郵便番号", "100-0005"),
        23: ("ご依頼主住所", "東京都千代田区丸の内1-9-1"), 24: ("ご依頼主アパートマンション", "あきないビル3階"), 25: ("ご依頼主名", "商店あきない"),
        28: ("品名１", "りんごジュース"), 30: ("品名２", "みかん"), 31: ("荷扱い１", "ワレ物注意"), 33: ("記事", "ギフト"),
        34: ("ｺﾚｸﾄ代金引換額（税込)", "5400"), 35: ("内消費税額等", "490"), 38: ("発行枚数", ""), 40: ("請求先顧客コード", "031234567801"),
        41: ("請求先分類コード", "01"), 42: ("運賃管理番号", "01"), 74: ("複数口くくりキー", ""),
    }  # fmt: skip
    assert {at: (header[at - 1], row[at - 1]) for at in places} == places
    required = [2, 5, 9, 11, 12, 16, 20, 22, 23, 25, 28, 40, 42]
    assert all(row[at - 1] for at in required)
    assert all(len(row[at - 1].encode("cp932")) <= 32 for at in (12, 13, 16, 23, 24, 25))


def test_the_shops_own_word_is_printed_instead_of_the_goods() -> None:
    found = cells(write(label(goods=("肌着", "靴下")), account=ACCOUNT | {"goods_text": "衣料品"}))
    assert found["品名１"] == "衣料品" and "品名２" not in found


def test_tax_that_is_not_certain_stays_blank() -> None:
    assert "内消費税額等" not in cells(write(label(cod_yen=5400)))


def test_what_is_wrong_with_the_sender_is_told_once() -> None:
    made = write(label(reference="SH-1", sender={"phone": ""}), label(reference="SH-2", sender={"phone": ""}))
    assert [(one.reference, one.field) for one in made.problems] == [("", "ご依頼主電話番号")]
    assert made.count == 0 and made.problems[0].message.endswith("自社情報を直してください。")


def test_cash_on_delivery() -> None:
    found = cells(write(label(service="cod", cod_yen=5400, cod_tax_yen=490)))
    assert (found["送り状種類"], found["ｺﾚｸﾄ代金引換額（税込)"], found["内消費税額等"]) == (
        "2",
        "5400",
        "490",
    )
    assert cells(write(label(cod_yen=5400)))["送り状種類"] == "2"
    assert cells(write(label(service="compact", cod_yen=5400)))["送り状種類"] == "9"


@pytest.mark.parametrize(
    ("changes", "column", "cell"),
    [
        ({"temperature": "chilled"}, "クール区分", "2"),
        ({"temperature": "frozen"}, "クール区分", "1"),
        ({"service": "mail"}, "送り状種類", "7"),
        ({"service": "compact"}, "送り状種類", "8"),
        ({"delivery_slot": "am"}, "配達時間帯", "0812"),
        ({"delivery_slot": "1921"}, "配達時間帯", "1921"),
        ({"delivery_on": date(2026, 11, 26)}, "お届け予定日", "2026/11/26"),
        ({"parcels": 3}, "発行枚数", "3"),
        ({"fragile": True}, "荷扱い１", "ワレ物注意"),
        ({"note": "玄関前に置かないでください"}, "記事", "玄関前に置かないでください"),
        ({"goods": ("りんご", "みかん", "なし")}, "品名２", "みかん"),
        ({"to": {"company": "㈱山田商会"}}, "お届け先会社・部門１", "㈱山田商会"),
        ({"to": {"phone": "＋81 90 1234 5678"}}, "お届け先電話番号", "090-1234-5678"),
        ({"to": {"phone": "(06)1234-5678"}}, "お届け先電話番号", "06-1234-5678"),
        ({"to": {"postal_code": "０６０-０００１"}}, "お届け先郵便番号", "060-0001"),
        ({"to": {"name": "ﾔﾏﾀﾞ 太郎"}}, "お届け先名", "ヤマダ 太郎"),
        ({"to": {"line1": "梅田3\u22121\u22123"}}, "お届け先住所", "大阪府大阪市北区梅田3－1－3"),
    ],
)
def test_written_as(changes: dict[str, Any], column: str, cell: str) -> None:
    assert cells(write(label(**changes)))[column] == cell


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        (
            {"to": {"name": "𠮷田太郎"}},
            "お届け先名",
            "「𠮷」は送り状に印字できない文字です（Shift_JISにありません）。「吉」など",
        ),
        ({"to": {"line2": "😀ハイツ"}}, "お届け先アパートマンション名", "「😀」"),
        ({"to": {"name": "あ" * 17}}, "お届け先名", "全角16文字（半角32文字）まで"),
        ({"to": {"company": "あ" * 26}}, "お届け先会社・部門１", "全角25文字"),
        ({"to": {"line2": "ビ" * 17}}, "お届け先住所", "区切りよく収まりません"),
        ({"goods": ("あ" * 26,)}, "品名１", "全角25文字"),
        ({"goods": ()}, "品名１", "空です"),
        ({"note": "あ" * 23}, "記事", "全角22文字"),
        ({"to": {"name": ""}}, "お届け先名", "空です"),
        ({"to": {"phone": ""}}, "お届け先電話番号", "空です"),
        ({"to": {"phone": "1234"}}, "お届け先電話番号", "10〜11桁"),
        ({"to": {"phone": "06-1234-567x"}}, "お届け先電話番号", "10〜11桁"),
        ({"to": {"postal_code": "530001"}}, "お届け先郵便番号", "7桁"),
        ({"to": {"prefecture": "", "city": "", "line1": "", "line2": ""}}, "お届け先住所", "空です"),
        ({"sender": {"name": ""}}, "ご依頼主名", "空です"),
        ({"to": {"name": "=cmd|' /C calc'!A0"}}, "お届け先名", "計算式"),
        ({"goods": ("@SUM(1)",)}, "品名１", "計算式"),
        ({"delivery_slot": "1214"}, "配達時間帯", "12〜14時の指定は今はありません"),
        ({"delivery_slot": "2021"}, "配達時間帯", "20〜21時の指定は今はありません"),
        ({"delivery_slot": "0900"}, "配達時間帯", "ヤマト運輸にありません"),
        ({"ship_on": date(2026, 11, 23)}, "出荷予定日", "過ぎています"),
        ({"delivery_on": date(2026, 11, 24)}, "お届け予定日", "より後ではありません"),
        ({"service": "cod"}, "ｺﾚｸﾄ代金引換額（税込)", "1〜300,000円"),
        ({"cod_yen": 300_001}, "ｺﾚｸﾄ代金引換額（税込)", "1〜300,000円"),
        ({"cod_yen": -1}, "ｺﾚｸﾄ代金引換額（税込)", "1〜300,000円"),
        ({"service": "compact", "cod_yen": 30_001}, "ｺﾚｸﾄ代金引換額（税込)", "1〜30,000円"),
        ({"cod_yen": 100, "cod_tax_yen": 101}, "内消費税額等", "代金引換額以下"),
        ({"service": "mail", "cod_yen": 100}, "送り状種類", "投函便で代金引換はできません"),
        ({"service": "mail", "delivery_slot": "am"}, "配達時間帯", "時間帯の指定はできません"),
        ({"service": "mail", "temperature": "frozen"}, "クール区分", "クール便はありません"),
        ({"service": "drone"}, "送り状種類", "「drone」はヤマト運輸にありません"),
        ({"temperature": "hot"}, "クール区分", "「hot」"),
        ({"parcels": 2, "cod_yen": 100}, "発行枚数", "発払いの宅急便だけ"),
        ({"parcels": 0}, "発行枚数", "1〜99"),
        ({"reference": "SH 1"}, "お客様管理番号", "半角英数字"),
    ],
)
def test_refused_with_the_field_and_the_way_out(changes: dict[str, Any], field: str, words: str) -> None:
    made = write(label(**changes))
    assert (made.count, made.data) == (0, b"")
    assert fields(made.problems) == [field]
    assert words in made.problems[0].message
    assert made.problems[0].message.endswith(("ください。", "までです。"))


def test_a_label_with_a_problem_leaves_the_others_alone() -> None:
    made = write(label(reference="SH-1"), label(reference="SH-2", to={"name": "𠮷"}), label(reference="SH-3"))
    assert made.count == 2
    assert [problem.reference for problem in made.problems] == ["SH-2"]
    assert b"SH-1" in made.data and b"SH-2" not in made.data


def test_the_same_shipment_twice_in_one_file() -> None:
    made = write(label(), label())
    assert (made.count, fields(made.problems)) == (1, ["お客様管理番号"])


def test_without_a_contract_nothing_is_written() -> None:
    made = write(label(), account={"customer_code": "", "freight_no": "1"})
    assert (made.count, made.data) == (0, b"")
    assert [(problem.reference, problem.field) for problem in made.problems] == [
        ("", "請求先顧客コード"),
        ("", "運賃管理番号"),
    ]


def test_a_shop_whose_b2_takes_the_long_address() -> None:
    long = label(
        to={
            "city": "大阪市北区大深町グランフロント",
            "line1": "北館ナレッジ3丁目1番",
            "line2": "タワー C 20階",
        }
    )
    assert fields(write(long).problems) == ["お届け先住所"]
    found = cells(write(long, account=ACCOUNT | {"address_bytes": "64"}))
    assert found["お届け先住所"] == "大阪府大阪市北区大深町グランフロント北館ナレッジ3丁目1番"


def test_another_code_for_mail() -> None:
    assert cells(write(label(service="mail"), account=ACCOUNT | {"mail_code": "A"}))["送り状種類"] == "A"
