"""The net-banking CSVs of the other banks, as each writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from akinai.adapters.banks.generic import GenericBank
from akinai.adapters.banks.ja_eb import JaEbBank
from akinai.adapters.banks.mizuho import MizuhoBank
from akinai.adapters.banks.paypay_bank import PayPayBank
from akinai.adapters.banks.rakuten_bank import RakutenBank
from akinai.adapters.banks.sheet import CsvBank
from akinai.adapters.banks.smbc import SmbcBank
from akinai.adapters.banks.yucho import YuchoBank
from akinai.core.tables import FileRefused
from akinai.payments.ports import Statement

Seen = list[tuple[str, int, str, str]]


def read(bank: CsvBank, text: str, encoding: str = "cp932") -> Statement:
    data = text.replace("\n", "\r\n").encode(encoding)
    if bank.code != "generic":
        assert bank.sniff(data, "a.csv")
    (statement,) = bank.read(data, "a.csv")
    assert not statement.warnings
    return statement


def seen(statement: Statement) -> Seen:
    return [(line.on.isoformat()[5:], line.amount_yen, line.kind, line.payer) for line in statement.lines]


SMBC = """年月日,お引出し,お預入れ,お取り扱い内容,残高,メモ,ラベル
2026/11/2,,"5,400",振込　ｶ)ﾔﾏﾀﾞ,"105,400",,
2026/11/2,"1,000",,V123456 ｶﾌｴ,"104,400",,
2026/11/3,330,,振込手数料,"104,070",,
"""


def test_smbc() -> None:
    expected: Seen = [
        ("11-02", 5400, "振込", "ｶ)ﾔﾏﾀﾞ"),
        ("11-02", -1000, "その他", ""),
        ("11-03", -330, "手数料", ""),
    ]
    assert seen(read(SmbcBank(), SMBC)) == expected
    assert (
        seen(read(SmbcBank(), "三井住友銀行 入出金明細\n口座,普通 1234567\n" + SMBC, "utf-8-sig")) == expected
    )


MIZUHO = """お取引明細
お取引店,東京営業部
店番,001
科目,普通
口座番号,1234567
お名前,カ）アキナイシヨウテン
照会期間,2026年11月1日～2026年11月30日

明細通番,日付,お引出金額,お預入金額,残高,お取引内容
1,2026.11.02,,5400,105400,振込　ヤマダ　タロウ
2,2026.11.03,5000,,100400,口座振替　デンキ
"""


def test_mizuho() -> None:
    statement = read(MizuhoBank(), MIZUHO)
    assert seen(statement) == [("11-02", 5400, "振込", "ヤマダ　タロウ"), ("11-03", -5000, "口座振替", "")]
    account = statement.account
    assert (account.bank_code, account.branch_code, account.branch_name) == ("0001", "001", "東京営業部")
    assert (account.kind, account.number, account.holder) == ("普通", "1234567", "カ)アキナイシヨウテン")
    assert [line.bank_ref for line in statement.lines] == ["1", "2"]


PAYPAY = """"操作日(年)","操作日(月)","操作日(日)","操作時刻(時)","操作時刻(分)","操作時刻(秒)","取引順番号","摘要","お支払金額","お預り金額","残高","メモ"
"2026","11","3","09","10","11","2","カ－ド","","20000","120600","-"
"2026","11","3","09","01","02","1","振込　サトウ　ハナコ","","600","100600","注文1001"
"""


def test_paypay_bank() -> None:
    statement = read(PayPayBank(), PAYPAY)
    assert seen(statement) == [("11-03", 600, "振込", "サトウ　ハナコ"), ("11-03", 20_000, "現金", "")]
    assert [(line.bank_ref, line.memo) for line in statement.lines] == [("1", "注文1001"), ("2", "")]


RAKUTEN = """取引日,入出金(円),取引後残高(円),入出金内容
20261104,5400,105400,カ）ヤマタ゛シヨウシ゛
20261105,-220,105180,振込手数料
20261106,3,105183,普通預金利息
"""


def test_rakuten_bank() -> None:
    statement = read(RakutenBank(), RAKUTEN)
    assert seen(statement) == [
        ("11-04", 5400, "その他", "カ）ヤマタ゛シヨウシ゛"), ("11-05", -220, "手数料", ""), ("11-06", 3, "利息", ""),
    ]  # fmt: skip
    assert [line.is_transfer for line in statement.lines] == [True, False, False]


YUCHO = """お客さま口座情報
記号番号：12345-12345671
照会期間,2026年11月1日,～,2026年11月30日


取引日,入出金明細ＩＤ,受入金額（円）,払出金額（円）,詳細１,詳細２,現在（貸付）高
20261101,202611010001,5400,,振込,ヤマダ　タロウ,105400
20261102,202611020001,,500,自払,デンキ,104900
20261103,202611030001,1000,,送金,サトウ　ハナコ,105900
20261104,202611040001,10000,,カード,,115900
"""


def test_yucho() -> None:
    statement = read(YuchoBank(), YUCHO)
    assert seen(statement) == [
        ("11-01", 5400, "振込", "ヤマダ　タロウ"), ("11-02", -500, "口座振替", ""),
        ("11-03", 1000, "振込", "サトウ　ハナコ"), ("11-04", 10_000, "現金", ""),
    ]  # fmt: skip
    assert statement.account.bank_code == "9900"


JA = """口座番号,普通 0012345
照会期間,2025年12月1日～2026年1月31日
番号,明細区分,取扱日付,起算日,お支払金額,お預り金額,取引区分,残高,摘要
1,入金,12月31日,,,"\\7,000",振込,"\\107,000",ヤマダ　タロウ
2,出金,1月5日,,"\\440",,手数料,"\\106,560",
"""


def test_ja_eb_takes_the_year_from_the_period() -> None:
    statement = read(JaEbBank(), JA)
    assert [line.on for line in statement.lines] == [date(2025, 12, 31), date(2026, 1, 5)]
    assert seen(statement) == [("12-31", 7000, "振込", "ヤマダ　タロウ"), ("01-05", -440, "手数料", "")]
    assert statement.account.number == "0012345"


def test_ja_eb_without_a_period_needs_the_year_from_a_person() -> None:
    bare = "".join(line for line in JA.splitlines(keepends=True) if "期間" not in line)
    with pytest.raises(FileRefused) as caught:
        JaEbBank().read(bare.encode("cp932"), "a.csv")
    assert [(error.line, error.column) for error in caught.value.errors] == [(3, "取扱日付"), (4, "取扱日付")]
    (statement,) = JaEbBank().for_year(2026).read(bare.encode("cp932"), "a.csv")
    assert [line.on.year for line in statement.lines] == [2025, 2026]  # over New Year: 2026 is the later one


ODD = """入金日,お名前,金額(円)
2026/11/2,ヤマダ　タロウ,5400
"""


def test_generic_with_columns_named_by_a_person() -> None:
    bank = GenericBank().with_columns(
        {"date": "入金日", "payer": "お名前", "amount": "金額(円)", "balance": ""}
    )
    assert seen(read(bank, ODD)) == [("11-02", 5400, "振込", "ヤマダ　タロウ")]


def test_generic_reads_columns_that_name_themselves() -> None:
    assert len(read(GenericBank(), MIZUHO).lines) == 2
    text = "取引日,摘要,出金額,入金額,残高\n2026/11/1,振込 ヤマダ,,100,100\n"
    assert seen(read(GenericBank(), text)) == [("11-01", 100, "振込", "ヤマダ")]


def test_generic_never_guesses_what_is_not_named() -> None:
    with pytest.raises(FileRefused):
        GenericBank().read(ODD.encode("cp932"), "a.csv")
    with pytest.raises(FileRefused) as caught:
        GenericBank().with_columns({"date": "入金日", "payer": "お名前"}).read(ODD.encode("cp932"), "a.csv")
    assert "「入金額」の列が決まっていません" in caught.value.errors[0].message
    assert not GenericBank().sniff(SMBC.encode("cp932"), "a.csv")


BANKS: Sequence[tuple[CsvBank, str]] = [
    (SmbcBank(), SMBC), (MizuhoBank(), MIZUHO), (PayPayBank(), PAYPAY), (RakutenBank(), RAKUTEN), (YuchoBank(), YUCHO), (JaEbBank(), JA),
]  # fmt: skip


@pytest.mark.parametrize(("bank", "text"), BANKS, ids=[bank.code for bank, _ in BANKS])
def test_each_file_is_known_by_its_own_bank_only(bank: CsvBank, text: str) -> None:
    data = text.encode("cp932")
    assert [other.code for other, _ in BANKS if other.sniff(data, "a.csv")] == [bank.code]


@pytest.mark.parametrize(("bank", "text"), BANKS, ids=[bank.code for bank, _ in BANKS])
def test_a_file_cut_in_the_middle_is_refused(bank: CsvBank, text: str) -> None:
    data = text.encode("cp932")
    with pytest.raises(FileRefused):
        bank.read(data[:-14], "a.csv")
