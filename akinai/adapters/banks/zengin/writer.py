"""Statements → Zengin bytes (全銀ファイルを作る), for the demo shop, benchmarks and round-trip tests.

Raises UnfitKana when a name cannot be written in Zengin kana or does not fit; nothing is cut off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from akinai.adapters.banks.zengin.layout import (
    DATA_A,
    DATA_B,
    DATA_DETAIL,
    DEPOSIT_KINDS,
    DETAIL,
    END,
    HEADER,
    NOTICE,
    TRAILER,
    Field,
    Layout,
)
from akinai.core.kana import half_kana
from akinai.payments.ports import Statement, StatementLine

CRLF = b"\r\n"
_KIND_CODES = {name: code for code, name in DEPOSIT_KINDS.items()}
_DEALS = {"現金": "10", "振込": "11", "小切手": "12", "口座振替": "14", "その他": "14"}
_CHARACTERS = {
    "銀行名": "bank",
    "支店名": "bank",
    "仕向銀行名": "bank",
    "仕向支店名": "bank",
    "EDI情報": "edi",
}


def to_wareki(on: date) -> str:
    """2026-11-24 → "081124" (令和)."""
    return f"{on.year - 2018:02d}{on:%m%d}"


def write_notices(
    statements: Sequence[Statement], *, made_on: date, form: str = "A", newline: bytes = CRLF
) -> bytes:
    """種別01 振込入金通知. `form` "B" is for amounts over ten digits."""
    records: list[bytes] = []
    for statement in statements:
        records.append(_header(statement, NOTICE, made_on))
        records += [_notice(line, form) for line in statement.lines]
        records.append(_notice_trailer(statement.lines))
    records.append(record(END[NOTICE], {"データ区分": 9}))
    return b"".join(record + newline for record in records)


def write_details(statements: Sequence[Statement], *, made_on: date, newline: bytes = CRLF) -> bytes:
    """種別03 入出金取引明細. The opening balance is the first line's balance less its amount (0 when unknown)."""
    records: list[bytes] = []
    for statement in statements:
        records.append(_header(statement, DETAIL, made_on))
        records += [_detail(line) for line in statement.lines]
        records.append(_detail_trailer(statement))
    end = {"データ区分": 9, "レコード総件数": len(records) + 1, "口座数": len(statements)}
    records.append(record(END[DETAIL], end))
    return b"".join(record + newline for record in records)


def record(layout: Layout, values: Mapping[str, str | int]) -> bytes:
    """One record: values by field name, what is not told blank or 0. Raises ValueError for what does not fit."""
    if unknown := set(values) - set(layout.names()):
        raise ValueError(f"no such fields: {unknown}")
    return b"".join(_field(field, values.get(field.name, "")) for field in layout.fields)


def _field(field: Field, value: str | int) -> bytes:
    if field.digits:
        text = str(value or 0).zfill(field.length)
        if len(text) > field.length or not text.isdigit():
            raise ValueError(f"{field.name}「{value}」は{field.length}桁の数字に入りません。")
        return text.encode("ascii")
    half = half_kana(str(value), field=_CHARACTERS.get(field.name, "party"), width=field.length)
    return half.ljust(field.length).encode("cp932")


def _header(statement: Statement, kind: str, made_on: date) -> bytes:
    account, lines = statement.account, statement.lines
    values: dict[str, str | int] = {
        "データ区分": 1,
        "種別コード": kind,
        "作成日": to_wareki(made_on),
        "勘定日自": to_wareki(min((line.on for line in lines), default=made_on)),
        "勘定日至": to_wareki(max((line.on for line in lines), default=made_on)),
        "銀行コード": account.bank_code,
        "銀行名": account.bank_name,
        "支店コード": account.branch_code,
        "支店名": account.branch_name,
        "預金種目": _KIND_CODES.get(account.kind, "1"),
        "口座番号": account.number,
        "口座名": account.holder,
    }
    if kind == DETAIL:
        before = _opening(lines)
        values |= {"貸越区分": 2 if before < 0 else 1, "通帳区分": 1, "取引前残高": abs(before)}
    return record(HEADER[kind], values)


def _opening(lines: Sequence[StatementLine]) -> int:
    first = lines[0].balance_yen if lines else None
    return 0 if first is None else first - lines[0].amount_yen


def _common(line: StatementLine) -> dict[str, str | int]:
    return {
        "データ区分": 2,
        "照会番号": line.bank_ref,
        "勘定日": to_wareki(line.on),
        "依頼人コード": line.payer_code,
        "依頼人名": line.payer,
        "EDI情報": line.edi,
    }


def _notice(line: StatementLine, form: str) -> bytes:
    amount = "金額2" if form == "B" else "金額"
    values = _common(line) | {"起算日": to_wareki(line.on), amount: abs(line.amount_yen)}
    if line.is_cancellation:
        values["取消区分"] = "1"
    return record(DATA_B if form == "B" else DATA_A, values)


def _notice_trailer(lines: Sequence[StatementLine]) -> bytes:
    kept = [line.amount_yen for line in lines if not line.is_cancellation]
    cancelled = [-line.amount_yen for line in lines if line.is_cancellation]
    values: dict[str, str | int] = {
        "データ区分": 8, "振込件数": len(kept), "振込金額": sum(kept), "取消件数": len(cancelled), "取消金額": sum(cancelled),
    }  # fmt: skip
    return record(TRAILER[NOTICE], values)


def _detail(line: StatementLine) -> bytes:
    deal = "19" if line.is_cancellation and line.kind != "振込" else _DEALS.get(line.kind, "18")
    values = _common(line) | {
        "預入払出日": to_wareki(line.on),
        "入払区分": 1 if line.amount_yen >= 0 else 2,
        "取引区分": deal,
        "金額": abs(line.amount_yen),
        "摘要": line.text,
    }
    return record(DATA_DETAIL, values)


def _detail_trailer(statement: Statement) -> bytes:
    paid_in = [line.amount_yen for line in statement.lines if line.amount_yen >= 0]
    paid_out = [-line.amount_yen for line in statement.lines if line.amount_yen < 0]
    after = _opening(statement.lines) + sum(paid_in) - sum(paid_out)
    values: dict[str, str | int] = {
        "データ区分": 8, "入金件数": len(paid_in), "入金金額": sum(paid_in), "出金件数": len(paid_out),
        "出金金額": sum(paid_out), "貸越区分": 2 if after < 0 else 1, "取引後残高": abs(after),
        "データ件数": len(statement.lines),
    }  # fmt: skip
    return record(TRAILER[DETAIL], values)
