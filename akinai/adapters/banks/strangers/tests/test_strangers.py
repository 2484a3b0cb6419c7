"""Files that are no bank statement are said by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from akinai.adapters.banks import register_banks
from akinai.core.tables import FileRefused
from akinai.payments import ports

SAMPLES = Path(__file__).parent.parent / "samples"


@pytest.fixture(autouse=True)
def banks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "FORMATS", {})
    monkeypatch.setattr(ports, "EXPLAINERS", [])
    register_banks()


def said(data: bytes, name: str = "a.csv") -> str:
    with pytest.raises(FileRefused) as caught:
        ports.format_for(data, name)
    return caught.value.errors[0].message


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pay_pal201810.csv", "これはPayPalの取引履歴です"),
        ("pay_pay_card_202208.csv", "これはクレジットカードの利用明細です"),
        ("view_card202005.csv", "これはクレジットカードの利用明細です"),
    ],
)
def test_samples(name: str, words: str) -> None:
    message = said((SAMPLES / name).read_bytes(), name)
    assert words in message
    assert "銀行口座の入出金明細ではない" in message


def test_an_order_file() -> None:
    assert "受注のファイル" in said("注文番号,注文日,商品名\n1,2026/11/1,りんご\n".encode("cp932"))


def test_a_banks_file_with_a_column_missing_says_which() -> None:
    text = "年月日,お引出し,お預入れ,お取り扱い内容\n2026/11/2,,100,振込 ヤマダ\n"
    assert "三井住友銀行の明細に似ていますが、列「残高」がありません" in said(text.encode("cp932"))


def test_anything_else_is_nobodys_and_the_banks_that_are_known_are_named() -> None:
    assert ports.format_for(b"a,b,c\n1,2,3\n", "a.csv") is None
    assert ports.format_for(b"\x89PNG\r\n\x1a\n" + bytes(50), "a.csv") is None
    message = ports.unknown_bank()
    assert "三菱UFJ銀行、三井住友銀行、みずほ銀行" in message and "形式「汎用」" in message
    assert "空です" in said(b" \r\n")


def test_a_bank_is_found_by_its_file() -> None:
    text = "取引日,入出金(円),取引後残高(円),入出金内容\n20261104,5400,105400,ヤマダ\n"
    found = ports.format_for(text.encode("cp932"), "a.csv")
    assert found and found.code == "rakuten_bank"
