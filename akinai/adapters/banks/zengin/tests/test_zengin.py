"""全銀ファイル: what is read, and every reason to refuse."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.adapters.banks.zengin import ZenginBank
from akinai.adapters.banks.zengin.mapping import wareki
from akinai.adapters.banks.zengin.writer import write_details, write_notices
from akinai.core.kana import UnfitKana
from akinai.core.tables import FileRefused, RowError
from akinai.payments.ports import AccountHint, Statement, StatementLine

BANK = ZenginBank()
ACCOUNT = AccountHint("0005", "ﾐﾂﾋﾞｼUFJ", "001", "ﾎﾝﾃﾝ", "普通", "1234567", "ｶ)ｱｷﾅｲｼﾖｳﾃﾝ")
MADE_ON = date(2026, 11, 24)


def line(amount: int, payer: str = "ﾔﾏﾀﾞ ﾀﾛｳ", day: int = 20, **more: object) -> StatementLine:
    defaults: dict[str, object] = {
        "text": "ﾌﾘｺﾐ",
        "kind": "振込",
        "is_transfer": amount > 0,
        "bank_ref": "000001",
    }
    return StatementLine(on=date(2026, 11, day), amount_yen=amount, payer=payer, **(defaults | more))  # type: ignore[arg-type]


def with_balances(opening: int, *lines: StatementLine) -> Statement:
    from dataclasses import replace

    kept = []
    for each in lines:
        opening += each.amount_yen
        kept.append(replace(each, balance_yen=opening))
    return Statement(ACCOUNT, tuple(kept))


NOTICES = Statement(ACCOUNT, (line(5400), line(5400), line(12_000, "ｶ)ｻﾄｳｼﾖｳｶｲ", edi="SO-2026-000123"[3:])))
DETAILS = with_balances(
    100_000,
    line(5400),
    line(-330, "", text="ﾌﾘｺﾐﾃｽｳﾘﾖｳ", kind="手数料"),
    line(12, "", text="ﾘｿｸ", kind="利息", day=21),
)


def notices(**more: object) -> bytes:
    return write_notices([NOTICES], made_on=MADE_ON, **more)  # type: ignore[arg-type]


def details(**more: object) -> bytes:
    return write_details([DETAILS], made_on=MADE_ON, **more)  # type: ignore[arg-type]


def refusal(data: bytes) -> RowError:
    with pytest.raises(FileRefused) as caught:
        BANK.read(data, "全銀.txt")
    return caught.value.errors[0]


def set_bytes(data: bytes, record: int, start: int, new: bytes) -> bytes:
    at = (record - 1) * 202 + start
    return data[:at] + new + data[at + len(new) :]


def test_notice_lines_are_read_as_written() -> None:
    (statement,) = BANK.read(notices(), "全銀.txt")
    assert statement.account == ACCOUNT
    assert [(each.amount_yen, each.payer, each.edi) for each in statement.lines] == [
        (5400, "ﾔﾏﾀﾞ ﾀﾛｳ", ""),
        (5400, "ﾔﾏﾀﾞ ﾀﾛｳ", ""),
        (12_000, "ｶ)ｻﾄｳｼﾖｳｶｲ", "2026-000123"),
    ]
    assert [each.source_line for each in statement.lines] == [2, 3, 4]
    assert all(each.is_transfer and each.on == date(2026, 11, 20) for each in statement.lines)


@pytest.mark.parametrize("newline", [b"\r\n", b"\n", b"\r", b""])
@pytest.mark.parametrize("tail", [b"", b"\x1a", b"\r\n\x1a"])
def test_line_ends_and_a_dos_end_mark_do_not_matter(newline: bytes, tail: bytes) -> None:
    for data in (notices(newline=newline), details(newline=newline)):
        assert BANK.sniff(data + tail, "a.txt")
        assert len(BANK.read(data + tail, "a.txt")[0].lines) == 3


def test_form_b_carries_amounts_over_ten_digits() -> None:
    big = Statement(ACCOUNT, (line(12_345_678_901),))
    (statement,) = BANK.read(write_notices([big], made_on=MADE_ON, form="B"), "b.txt")
    assert [each.amount_yen for each in statement.lines] == [12_345_678_901]


def test_details_carry_the_balance_and_the_kind_of_each_line() -> None:
    (statement,) = BANK.read(details(), "全銀.txt")
    assert [(each.amount_yen, each.balance_yen, each.kind, each.is_transfer) for each in statement.lines] == [
        (5400, 105_400, "振込", True),
        (-330, 105_070, "手数料", False),
        (12, 105_082, "利息", False),
    ]


def test_an_overdrawn_account_keeps_its_sign() -> None:
    data = write_details([with_balances(-50_000, line(20_000))], made_on=MADE_ON)
    (statement,) = BANK.read(data, "a.txt")
    assert statement.lines[0].balance_yen == -30_000


def test_several_accounts_in_one_file() -> None:
    data = write_details([DETAILS, with_balances(7, line(1000))], made_on=MADE_ON)
    assert [len(statement.lines) for statement in BANK.read(data, "a.txt")] == [3, 1]


def test_a_cancelled_transfer_takes_the_money_back() -> None:
    back = line(-5400, is_cancellation=True, is_transfer=False, text="振込取消")
    (statement,) = BANK.read(
        write_notices([Statement(ACCOUNT, (line(5400), back))], made_on=MADE_ON), "a.txt"
    )
    assert [(each.amount_yen, each.is_cancellation, each.is_transfer) for each in statement.lines] == [
        (5400, False, True),
        (-5400, True, False),
    ]


def test_wareki_dates() -> None:
    assert wareki("081124") == date(2026, 11, 24)
    assert wareki("000000") is None
    with pytest.raises(ValueError):
        wareki("080230")


@pytest.mark.parametrize(
    ("data", "line_no", "column", "words"),
    [
        (set_bytes(notices(), 5, 1, b"000004"), 5, "振込件数", "トレーラーは 4、明細を数えると 3"),
        (set_bytes(notices(), 5, 7, b"000000022801"), 5, "振込金額", "トレーラーは 22,801、明細を数えると 22,800"),
        (set_bytes(details(), 5, 40, b"00000000105083"), 5, "取引後残高", "105,082"),
        (set_bytes(details(), 1, 115, b"00000000100001"), 5, "取引後残高", "残高が合いません"),
        (set_bytes(details(), 5, 54, b"0000004"), 5, "データ件数", "合いません"),
        (set_bytes(details(), 6, 1, b"0000000099"), 6, "レコード総件数", "合いません"),
        (set_bytes(details(), 6, 11, b"00002"), 6, "口座数", "合いません"),
        (set_bytes(notices(), 2, 7, b"080230"), 2, "勘定日", "日付として正しくありません"),
        (set_bytes(notices(), 2, 7, b"080101"), 2, "勘定日", "期間"),
        (set_bytes(notices(), 2, 7, b"000000"), 2, "勘定日", "空です"),
        (set_bytes(notices(), 2, 19, b"00000054A0"), 2, "金額", "数字ではありません"),
        (set_bytes(notices(), 2, 127, b"7"), 2, "取消区分", "空白か1"),
        (set_bytes(details(), 2, 21, b"3"), 2, "入払区分", "1（入金）か2（出金）"),
        (set_bytes(notices(), 2, 49, "ｷｮｳ".encode("cp932")), 2, "依頼人名", "使えない文字「ｮ」"),
        (set_bytes(notices(), 2, 49, "ｽｰﾊﾟ".encode("cp932")), 2, "依頼人名", "使えない文字「ｰ」"),
        (set_bytes(notices(), 2, 49, "山田".encode("cp932")), 2, "依頼人名", "全角文字"),
        (set_bytes(notices(), 2, 0, b"7"), 2, "データ区分", "「7」は全銀ファイルにありません"),
        (set_bytes(notices(), 2, 0, b"9"), 2, "データ区分", "トレーラー（8）がありません"),
        (set_bytes(notices(), 1, 3, b"1"), 1, "コード区分", "EBCDIC"),
        (set_bytes(notices(), 1, 1, b"21"), 1, "種別コード", "総合振込"),
        (notices()[202:], 1, "データ区分", "先頭が欠けています"),
        (notices()[: 202 * 4], 4, "データ区分", "途中で切れています"),
        (notices()[: 202 * 5], 5, "データ区分", "エンド（9）レコードがありません"),
        (notices() + notices(), 7, "データ区分", "2つのファイル"),
        (notices()[:500], 3, "レコード長", "レコードが96バイト"),
        (notices(newline=b"")[:-1].rstrip(), 1, "レコード長", "途中で切れた"),
        (notices()[:404] + b"\r\n" + notices()[404:], 3, "レコード長", "空の行"),
        (b"1" + b"2" * 119 + b"\r\n", 1, "レコード長", "120バイトは振込や口座振替を依頼するファイル"),
        (notices().decode("cp932").encode("utf-8"), 1, "", "UTF-8"),
        (notices().decode("cp932").encode("cp932").decode("cp932").translate({0: ""}).encode("utf-8-sig"), 1, "", "UTF-8"),
        ("101" .encode("cp037") + b"\x40" * 197, 1, "コード区分", "EBCDIC"),
        (b"", 0, "", "空です"),
        (b"\x1a", 0, "", "空です"),
    ],
)  # fmt: skip
def test_refused_with_record_and_field(data: bytes, line_no: int, column: str, words: str) -> None:
    error = refusal(data)
    assert (error.line, error.column) == (line_no, column)
    assert words in error.message
    assert error.message.endswith("ください。")


def test_every_reason_is_told_at_once() -> None:
    data = set_bytes(set_bytes(notices(), 5, 1, b"000004"), 5, 19, b"000009")
    with pytest.raises(FileRefused) as caught:
        BANK.read(data, "a.txt")
    assert [error.column for error in caught.value.errors] == ["振込件数", "取消件数"]


def test_a_header_of_a_paying_file_is_recognised_so_that_it_can_be_refused_by_name() -> None:
    assert BANK.sniff(b"12100000012345" + b" " * 106, "sofuri.txt")
    assert not BANK.sniff("日付,摘要\n".encode("cp932"), "a.csv")
    assert not BANK.sniff(b"101,0012345678,abc\n", "a.csv")


def test_the_writer_never_cuts_a_name() -> None:
    with pytest.raises(UnfitKana):
        write_notices([Statement(ACCOUNT, (line(1, "ｱ" * 49),))], made_on=MADE_ON)


names = st.text(alphabet="ｱｲｳｶﾞﾊﾟABC012().- ", min_size=1, max_size=48).map(str.strip).filter(bool)
amounts = st.integers(1, 999_999_999)


@given(st.lists(st.tuples(names, amounts, st.booleans()), max_size=8), st.integers(-(10**9), 10**9))
def test_what_is_written_is_read_back(rows: list[tuple[str, int, bool]], opening: int) -> None:
    lines = [line(amount if paid_in else -amount, payer) for payer, amount, paid_in in rows]
    statement = with_balances(opening, *lines)
    (back,) = BANK.read(write_details([statement], made_on=MADE_ON), "a.txt")
    assert [(each.amount_yen, each.payer, each.balance_yen) for each in back.lines] == [
        (each.amount_yen, each.payer, each.balance_yen) for each in statement.lines
    ]


@given(st.binary(max_size=900))
def test_rubbish_is_refused_never_a_crash(data: bytes) -> None:
    for body in (data, notices()[:300] + data, b"1010" + data):
        try:
            BANK.read(body, "a.txt")
        except FileRefused as refused:
            assert refused.errors
