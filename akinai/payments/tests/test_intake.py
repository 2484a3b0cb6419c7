"""入金明細の取込: every bank's file by the same pipeline as screens and commands, and every reason to refuse one."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from akinai import adapters
from akinai.core import clock, intake
from akinai.core.intake import mappings
from akinai.core.models import IntakeFile
from akinai.core.tables import RowError
from akinai.payments.models import BankAccount, BankLine, BankLineStatus
from akinai.payments.tests.factories import broken
from tests.cast import staff

pytestmark = pytest.mark.django_db
DOORS = Path(adapters.__file__).parent / "banks"

# file → (format, rows, credits in yen, account)
SAMPLES = {
    "mufg/samples/mufg201808.csv": ("mufg", 1, 20, "三菱UFJ銀行"),
    "mufg/samples/mufg202304.csv": ("mufg", 1, 0, "三菱UFJ銀行"),
    "smbc/samples/meisai.csv": ("smbc", 5, 22_800, "三井住友銀行"),
    "smbc/samples/meisai_title_bom.csv": ("smbc", 1, 5_400, "三井住友銀行 神田支店 1234567"),
    "mizuho/samples/meisai.csv": ("mizuho", 3, 8_640, "みずほ銀行 東京営業部 1234567"),
    "paypay_bank/samples/meisai.csv": ("paypay_bank", 3, 20_600, "PayPay銀行"),
    "rakuten_bank/samples/meisai.csv": ("rakuten_bank", 4, 6_003, "楽天銀行"),
    "sbi_sumishin/samples/meisai.csv": ("sbi_sumishin", 3, 8_640, "住信SBIネット銀行"),
    "yucho/samples/meisai.csv": ("yucho", 4, 16_400, "ゆうちょ銀行 12345671"),
    "ja_eb/samples/meisai.csv": ("ja_eb", 2, 7_000, "法人EB(信用金庫・農協) 0012345"),
    "zengin/samples/nyushukkin_crlf.txt": ("zengin", 5, 20_652, "ﾐﾂﾋﾞｼUFJ ｶﾝﾀﾞ 1234567"),
    "zengin/samples/nyushukkin_lf.txt": ("zengin", 5, 20_652, "ﾐﾂﾋﾞｼUFJ ｶﾝﾀﾞ 1234567"),
    "zengin/samples/nyushukkin_cr.txt": ("zengin", 5, 20_652, "ﾐﾂﾋﾞｼUFJ ｶﾝﾀﾞ 1234567"),
    "zengin/samples/nyushukkin_none.txt": ("zengin", 5, 20_652, "ﾐﾂﾋﾞｼUFJ ｶﾝﾀﾞ 1234567"),
    "zengin/samples/furikomi_a.txt": ("zengin", 4, 26_040, "ﾐﾂﾋﾞｼUFJ ｶﾝﾀﾞ 1234567"),
    "zengin/samples/furikomi_b.txt": ("zengin", 2, 12_345_684_301, "ﾐﾂﾋﾞｼUFJ ｶﾝﾀﾞ 1234567"),
}  # fmt: skip


def kind() -> intake.Kind:
    found = intake.kind_of("bank")
    assert found
    return found


def sample(name: str) -> bytes:
    return (DOORS / name).read_bytes()


def look(data: bytes, name: str = "meisai.csv", **options: object) -> tuple[IntakeFile, intake.Plan]:
    return intake.preview(kind(), [intake.Upload(name, data)], options=options, by=None)


def take(data: bytes, name: str = "meisai.csv", **options: object) -> IntakeFile:
    row, plan = look(data, name, **options)
    assert not plan.refused, plan.errors
    intake.apply(row, by=None)
    return row


def refusal(data: bytes, name: str = "meisai.csv", **options: object) -> RowError:
    _, plan = look(data, name, **options)
    assert plan.refused
    assert not BankLine.objects.exists()
    return plan.errors[0]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_bank_comes_in_once(name: str) -> None:
    code, rows, credit_yen, _ = SAMPLES[name]
    first = take(sample(name), Path(name).name)
    assert (first.format, first.rows, first.created, first.unchanged, first.total_yen) == (
        code,
        rows,
        rows,
        0,
        credit_yen,
    )
    again = take(sample(name), Path(name).name)
    assert (again.created, again.unchanged, again.total_yen) == (0, rows, credit_yen)
    assert BankLine.objects.count() == rows
    assert set(BankLine.objects.values_list("intake_file", flat=True)) == {first.pk}
    assert sum(BankLineStatus.objects.values_list("amount_yen", flat=True)) == credit_yen
    assert broken() == []


@pytest.mark.parametrize("name", SAMPLES)
def test_the_account_is_told_as_far_as_the_file_tells_it(name: str) -> None:
    take(sample(name), Path(name).name)
    shown = [str(account) for account in BankAccount.objects.order_by("pk")]
    assert shown[0].replace("（", "(").replace("）", ")") == SAMPLES[name][3]


def test_the_command_answers_with_the_keys_of_an_operator() -> None:
    out = StringIO()
    call_command("intake", "bank", str(DOORS / "smbc/samples/meisai.csv"), "--json", stdout=out)
    told = json.loads(out.getvalue().splitlines()[-1])
    assert {name: told[name] for name in ("rows", "created", "changed", "unchanged", "exceptions", "total_yen", "errors", "ok")} == {
        "rows": 5, "created": 5, "changed": 0, "unchanged": 0, "exceptions": 0, "total_yen": 22_800, "errors": [], "ok": True,
    }  # fmt: skip


def test_two_accounts_in_one_file_are_two_accounts() -> None:
    take(sample("zengin/samples/nyushukkin_crlf.txt"), "a.txt")
    rows = BankAccount.objects.order_by("pk").values_list("code", "kind", "holder", "lines__amount_yen")
    assert {row[:3] for row in rows} == {
        ("0005-001-1234567", "普通", "ｶ)ﾐﾎﾝﾁﾔﾎ"), ("0009-123-7654321", "当座", "ｶ)ﾐﾎﾝﾁﾔﾎ"),
    }  # fmt: skip
    assert [row[3] for row in rows if row[0].startswith("0009")] == [12_000]


def test_two_overlapping_files_chosen_together_are_counted_once() -> None:
    whole = sample("smbc/samples/meisai.csv")
    part = b"\r\n".join(whole.split(b"\r\n")[:3]) + b"\r\n"
    uploads = [intake.Upload("a.csv", part), intake.Upload("b.csv", whole)]
    row, plan = intake.preview(kind(), uploads, by=None)
    assert (plan.rows, plan.created, plan.unchanged) == (7, 5, 2)
    intake.apply(row, by=None)
    assert (row.created, row.unchanged, BankLine.objects.count()) == (5, 2, 5)


def test_files_of_several_banks_come_in_together_each_into_its_account() -> None:
    uploads = [
        intake.Upload(Path(name).name + str(at), sample(name))
        for at, name in enumerate(SAMPLES)
        if "nyu" not in name
    ]
    row, plan = intake.preview(kind(), uploads, by=None)
    assert not plan.refused, plan.errors
    intake.apply(row, by=None)
    assert (row.rows, row.created + row.unchanged) == (plan.rows, plan.rows)
    assert BankLine.objects.count() == row.created
    assert BankAccount.objects.filter(bank_code="0005").count() == 1
    assert broken() == []


def test_every_file_that_is_wrong_is_named() -> None:
    uploads = [
        intake.Upload("a.csv", mufg("2026/2/30,振込１,ア,,1,1,,,\n")),
        intake.Upload("b.csv", mufg("x,振込１,ア,,1,1,,,\n")),
    ]
    _, plan = intake.preview(kind(), uploads, by=None)
    assert [(error.file, error.line) for error in plan.errors] == [("a.csv", 2), ("b.csv", 2)]


def test_a_statement_after_its_notices_adds_only_what_the_notices_did_not_tell() -> None:
    head = "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分\n"
    take(sample("zengin/samples/furikomi_a.txt"), "a.txt")
    csv = head + '2026/11/24,振込１,アオキ　ミサキ,,"5,400","105,400",,,入金\n'
    csv += '2026/11/24,振込１,アオキ　ミサキ,,"5,400","110,800",,,入金\n'
    csv += '2026/11/24,振込１,アオキ　ミサキ,,"5,400","116,200",,,入金\n'
    row = take(csv.encode("cp932"))
    assert (row.created, row.unchanged) == (1, 2)
    assert BankAccount.objects.filter(bank_code="0005").count() == 1


def test_a_file_with_a_number_fills_in_the_account_that_had_none() -> None:
    take(sample("mufg/samples/mufg201808.csv"))
    take(sample("zengin/samples/furikomi_b.txt"), "a.txt")
    account = BankAccount.objects.get()
    assert (account.code, account.account_no, account.branch_name) == ("mufg", "1234567", "ｶﾝﾀﾞ")


# Columns and years that a person tells ---------------------------------------------------------------------------

OTHER = sample("generic/samples/sonota.csv")
COLUMNS = {"date": "入金日", "payer": "お名前", "amount": "振込額", "memo": "ひとこと"}


def test_an_unknown_table_asks_for_its_columns_and_names_the_banks_that_are_known() -> None:
    row, plan = look(OTHER)
    assert plan.refused and row.preview["needs_mapping"]
    assert (plan.errors[0].line, plan.errors[0].value) == (1, "入金日、お名前、振込額、ひとこと")
    assert "どの銀行の明細か分かりません" in plan.errors[0].message


def test_columns_named_by_a_person_are_read() -> None:
    row, _ = look(OTHER)
    plan = intake.read_again(row, options={"format": "generic", "columns": COLUMNS}, by=None)
    assert not plan.refused, plan.errors
    intake.apply(row, by=None)
    lines = BankLine.objects.order_by("id").values_list("amount_yen", "payer", "memo", "is_transfer")
    assert list(lines) == [(5400, "ヤマダ　タロウ", "", True), (1000, "サトウ　ハナコ", "急ぎ", True)]


def test_a_saved_mapping_is_used_for_the_same_columns_and_by_its_name() -> None:
    mappings.save(
        kind(),
        name="組合",
        columns=COLUMNS,
        headers=["入金日", "お名前", "振込額", "ひとこと"],
        by=staff("鈴木"),
    )
    assert take(OTHER).format == "generic"
    _, plan = look(OTHER, mapping="組合")
    assert not plan.refused and (plan.created, plan.unchanged) == (0, 2)
    _, plan = look(OTHER, mapping="組合員")
    assert plan.refused and "保存されていません" in plan.errors[0].message


def test_the_command_takes_columns_as_well() -> None:
    out = StringIO()
    told = [f"--column={field}={column}" for field, column in COLUMNS.items()]
    call_command("intake", "bank", str(DOORS / "generic/samples/sonota.csv"), *told, "--json", stdout=out)
    assert json.loads(out.getvalue().splitlines()[-1])["created"] == 2


def test_a_mapping_without_money_or_a_name_is_not_enough() -> None:
    error = refusal(OTHER, format="generic", columns={"date": "入金日", "payer": "お名前"})
    assert "「入金額」の列が決まっていません" in error.message
    error = refusal(OTHER, format="generic", columns={"date": "入金日", "amount": "振込額"})
    assert "「摘要」の列が決まっていません" in error.message


def test_dates_without_a_year_take_the_one_a_person_says_also_over_new_year() -> None:
    data = sample("ja_eb/samples/meisai_no_year.csv")
    error = refusal(data)
    assert (error.line, error.column, error.value) == (2, "取扱日付", "12月31日")
    assert "--option year=西暦" in error.message
    take(data, year="2026")
    assert [f"{on:%Y-%m-%d}" for on in BankLine.objects.order_by("on").values_list("on", flat=True)] == [
        "2025-12-31", "2026-01-05", "2026-01-06",
    ]  # fmt: skip


@pytest.mark.parametrize("year", ["20x6", "26", "1999", "２０２６", "9999"])
def test_a_year_that_is_none_is_refused(year: str) -> None:
    assert (
        f"年「{year}」を読めません" in refusal(sample("ja_eb/samples/meisai_no_year.csv"), year=year).message
    )


# 読めないファイル ------------------------------------------------------------------------------------------------

HEAD = "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分\n"
ROW = '2026/11/24,振込１,アオキ　ミサキ,,"3,240","1,003,240",,,入金\n'


def mufg(*rows: str) -> bytes:
    return (HEAD + "".join(rows)).encode("cp932")


BAD = {
    "cut off": (mufg(ROW, ROW)[:-31], 3, "", "最後の行が途中で終わっています"),
    "header only": (mufg(), 1, "", "データの行がありません"),
    "no header": ((ROW * 3).encode("cp932"), 1, "", "どの銀行の明細か分かりません"),
    "empty": (b"", 0, "", "ファイルが空です"),
    "blank": (b"\r\n \r\n", 0, "", "ファイルが空です"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(50), 0, "", "画像（PNG）です"),
    "broken bytes": (mufg(ROW).replace(b"\x83A", b"\x80A"), 2, "", "Shift_JIS"),
    "another delimiter": (mufg("2026/11/24,振込１,アオキ,,3240,1003240,,,入金\n").replace(b",", b"|"), 1, "", "縦棒区切りになっています"),
    "a new column": ((HEAD[:-1] + ",新カラム\n" + ROW[:-1] + ",1\n").encode("cp932"), 1, "新カラム", "明細にない列「新カラム」"),
    "two files in one": (mufg(ROW, HEAD, ROW), 3, "", "見出しの行がもう一度"),
    "opened in Excel": (mufg("2026/11/24,振込１,アオキ,,1.23E+11,1.00E+12,,,入金\n"), 2, "預かり金額", "桁が失われた"),
    "a day Excel made": (mufg("46350,振込１,アオキ,,3240,1003240,,,入金\n"), 2, "日付", "日付として読めません"),
    "no such day": (mufg("2026/2/30,振込１,アオキ,,3240,1003240,,,入金\n"), 2, "日付", "という日はありません"),
    "a formula": (mufg('2026/11/24,振込１,"=HYPERLINK(""x"")",,3240,1003240,,,入金\n'), 2, "摘要内容", "計算式"),
    "a formula for money": (mufg("2026/11/24,振込１,アオキ,,=1+1,1003240,,,入金\n"), 2, "預かり金額", "計算式"),
    "in and out": (mufg("2026/11/24,振込１,アオキ,100,3240,1003240,,,入金\n"), 2, "預かり金額", "両方に金額"),
    "neither in nor out": (mufg("2026/11/24,振込１,アオキ,,,1003240,,,入金\n"), 2, "預かり金額", "空欄です"),
    "a total row": (mufg(ROW, '合計,,,,"3,240",,,,\n'), 3, "日付", "「合計」を日付として読めません"),
    "half a yen": (mufg("2026/11/24,振込１,アオキ,,3240.5,1003240,,,入金\n"), 2, "預かり金額", "小数"),
    "too much money": (mufg("2026/11/24,振込１,アオキ,,9999999999999999,1,,,入金\n"), 2, "預かり金額", "大きすぎます"),
    "money in that is negative": (mufg("2026/11/24,振込１,アオキ,,▲3240,996760,,,入金\n"), 2, "入払区分", "食い違っています"),
    "a stray comma": (mufg("2026/11/24,振込１,アオキ,,3,240,1003240,,,入金\n"), 2, "", "列が多すぎます"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_is_refused_with_place_and_way_out(case: str) -> None:
    data, line, column, words = BAD[case]
    error = refusal(data)
    assert (error.file, error.line, error.column) == ("meisai.csv", line, column)
    assert words in error.message
    assert error.message.endswith(("。", "）")) and "ください" in error.message


def zengin(name: str = "nyushukkin_none.txt") -> bytes:
    return sample(f"zengin/samples/{name}")


def patched(record: int, start: int, text: bytes) -> bytes:
    data = bytearray(zengin())
    data[record * 200 + start : record * 200 + start + len(text)] = text
    return bytes(data)


BAD_ZENGIN = {
    "wrong sum": (patched(5, 7, b"0000000009999"), 6, "入金金額", "トレーラーは 9,999、明細を数えると 8,652"),
    "wrong count": (patched(5, 1, b"000009"), 6, "入金件数", "トレーラーは 9"),
    "wrong balance": (patched(5, 40, b"00000000000001"), 6, "取引後残高", "残高が合いません"),
    "a payment file": (patched(0, 1, b"21"), 1, "種別コード", "総合振込（種別21）のファイル"),
    "EBCDIC": (patched(0, 3, b"1"), 1, "コード区分", "EBCDIC"),
    "no header": (zengin()[200:], 1, "データ区分", "先頭が欠けています"),
    "no end": (zengin()[:-200], 9, "データ区分", "途中で切れています"),
    "a record cut off": (zengin()[:-77], 1, "レコード長", "途中で切れたか"),
    "letters for money": (patched(1, 24, b"00000000A400"), 2, "金額", "数字ではありません"),
    "no such day": (patched(1, 9, b"081399"), 2, "勘定日", "日付として正しくありません"),
    "saved as UTF-8": (zengin().decode("cp932").encode("utf-8"), 1, "", "UTF-8などで保存し直された"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_ZENGIN)
def test_a_zengin_file_with_one_thing_wrong_is_refused_as_a_whole(case: str) -> None:
    data, line, column, words = BAD_ZENGIN[case]
    error = refusal(data, "zengin.txt")
    assert (error.line, error.column) == (line, column)
    assert words in error.message


def test_a_zengin_file_with_western_years_is_read() -> None:
    take(zengin().replace(b"0811", b"2611"), "a.txt")
    assert {on.year for on in BankLine.objects.values_list("on", flat=True)} == {2026}


def test_full_width_digits_and_marks_of_minus_are_read() -> None:
    take(mufg("２０２６／１１／２４,振込１,アオキ　ミサキ,,３，２４０,１，００３，２４０,,,入金\n"))
    assert BankLine.objects.get().amount_yen == 3240
    rakuten = "取引日,入出金(円),取引後残高(円),入出金内容\n20261105,▲220,105180,振込手数料\n20261106,△1000,104180,ATM\n20261107,(500),103680,ATM\n"
    take(rakuten.encode("cp932"))
    assert sorted(BankLine.objects.values_list("amount_yen", flat=True)) == [-1000, -500, -220, 3240]


def test_a_row_written_twice_is_kept_and_told() -> None:
    _, plan = look(mufg(ROW, ROW))
    assert not plan.refused and plan.created == 2
    assert any("すべて同じです" in error.message and error.line == 3 for error in plan.errors)


def test_a_day_that_has_not_come_is_told() -> None:
    _, plan = look(mufg(f"{clock.today().year + 30}/11/24,振込１,アオキ,,3240,1003240,,,入金\n"))
    assert not plan.refused and "より先です" in plan.errors[0].message


def test_a_preview_writes_nothing() -> None:
    _, plan = look(sample("smbc/samples/meisai.csv"))
    assert (plan.created, BankLine.objects.count(), BankAccount.objects.count()) == (5, 0, 0)
    assert plan.notes == ["新しい口座「三井住友銀行」（口座コード smbc）を登録します。"]
    assert list(plan.preview[0]) == [
        "2026/11/02",
        "ｱｵｷ ﾐｻｷ",
        "¥5,400",
        "",
        "¥105,400",
        "三井住友銀行",
        "新規",
    ]
