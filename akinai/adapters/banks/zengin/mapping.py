"""Records → our words (全銀レコードから入金明細へ)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from akinai.adapters.banks.wording import classify
from akinai.adapters.banks.zengin.layout import DEAL_KINDS, DEPOSIT_KINDS, NOTICE
from akinai.adapters.banks.zengin.parser import Account, amount_of, is_cancelled, parse, signed_balance
from akinai.adapters.banks.zengin.records import AGAIN, Record, looks_like_zengin
from akinai.core.tables import RowError, refuse_all
from akinai.payments.ports import AccountHint, Statement, StatementLine

_REIWA = 2018  # 令和1年 = 2019
_WESTERN_FROM = 20  # 令和20年 is 2038: until then a higher year can only be the last digits of a western one


class ZenginBank:
    """全銀協規定形式 (種別01・03). See `payments.ports.BankFormat`."""

    code = "zengin"
    title = "全銀形式（入出金取引明細・振込入金通知）"

    def sniff(self, data: bytes, filename: str) -> bool:
        return looks_like_zengin(data)

    def read(self, data: bytes, filename: str) -> Sequence[Statement]:
        parsed = parse(data, filename)
        errors: list[RowError] = []
        statements = [_statement(account, parsed.kind, filename, errors) for account in parsed.accounts]
        if errors:
            raise refuse_all(errors)
        return statements


def wareki(text: str) -> date | None:
    """和暦 YYMMDD → date ("081124" is 2026-11-24). None for blank or 000000; ValueError for no such day.

    Some banks write the western year instead ("261124"); the two cannot be taken for each other yet.
    """
    if not text.strip("0"):
        return None
    year = int(text[:2])
    return date((2000 if year >= _WESTERN_FROM else _REIWA) + year, int(text[2:4]), int(text[4:6]))


def _date(record: Record, name: str, file: str, errors: list[RowError]) -> date | None:
    text = record.text(name).zfill(6)
    try:
        return wareki(text)
    except ValueError:
        message = f"{name}「{text}」は日付として正しくありません（和暦のYYMMDD）。{AGAIN}"
        errors.append(RowError(file, record.number, name, text, message))
        return None


def _hint(header: Record) -> AccountHint:
    return AccountHint(
        bank_code=header.text("銀行コード"),
        bank_name=header.text("銀行名").strip(),
        branch_code=header.text("支店コード"),
        branch_name=header.text("支店名").strip(),
        kind=DEPOSIT_KINDS.get(header.text("預金種目"), ""),
        number=header.text("口座番号")[-7:],
        holder=header.text("口座名").strip(),
    )


def _statement(account: Account, kind: str, file: str, errors: list[RowError]) -> Statement:
    """One account's lines in file order, which Zengin keeps oldest first."""
    header = account.header
    since, until = (_date(header, name, file, errors) for name in ("勘定日自", "勘定日至"))
    _date(header, "作成日", file, errors)
    lines: list[StatementLine] = []
    balance = signed_balance(header, "取引前残高") if kind != NOTICE else None
    for record in account.data:
        on = _date(record, "勘定日", file, errors)
        if on is None:
            if not record.text("勘定日").strip("0"):
                errors.append(RowError(file, record.number, "勘定日", "", f"勘定日が空です。{AGAIN}"))
            continue
        errors += _outside(record, on, since, until, file)
        line = _notice_line(record, on) if kind == NOTICE else _detail_line(record, on, balance or 0)
        balance = line.balance_yen
        lines.append(line)
    return Statement(account=_hint(header), lines=tuple(lines), file=file)


def _outside(record: Record, on: date, since: date | None, until: date | None, file: str) -> list[RowError]:
    """A line dated outside the period the header declares belongs to another file."""
    if (since is None or since <= on) and (until is None or on <= until):
        return []
    message = f"勘定日 {on} がヘッダーの期間（{since or ''}〜{until or ''}）の外です。{AGAIN}"
    return [RowError(file, record.number, "勘定日", record.text("勘定日"), message)]


def _notice_line(record: Record, on: date) -> StatementLine:
    """振込入金通知: every record is a transfer to us; a 取消 takes the money back."""
    cancelled = is_cancelled(record)
    amount = amount_of(record)
    return StatementLine(
        on=on,
        amount_yen=-amount if cancelled else amount,
        payer=record.text("依頼人名").strip(),
        text="振込取消" if cancelled else "振込",
        bank_ref=record.text("照会番号"),
        payer_code=_code(record),
        edi=record.text("EDI情報").strip(),
        is_transfer=not cancelled,
        is_cancellation=cancelled,
        kind="振込",
        source_line=record.number,
        raw=dict(record.values),
    )


def _detail_line(record: Record, on: date, balance: int) -> StatementLine:
    """入出金取引明細: the balance after each line follows from 取引前残高, which the parser has proven."""
    amount = amount_of(record) * (1 if record.text("入払区分") == "1" else -1)
    deal = DEAL_KINDS.get(record.text("取引区分"), "その他")
    payer, note = record.text("依頼人名").strip(), record.text("摘要").strip()
    kind, is_transfer, is_cancellation = _meaning(deal, note, payer, amount)
    return StatementLine(
        on=on,
        amount_yen=amount,
        payer=payer,
        text=note or deal,
        balance_yen=balance + amount,
        bank_ref=record.text("照会番号"),
        payer_code=_code(record),
        edi=record.text("EDI情報").strip(),
        is_transfer=is_transfer,
        is_cancellation=is_cancellation,
        kind=kind,
        source_line=record.number,
        raw=dict(record.values),
    )


def _meaning(deal: str, note: str, payer: str, amount: int) -> tuple[str, bool, bool]:
    """(kind, is_transfer, is_cancellation). 取引区分 decides; 振替・その他 are refined by the bank's 摘要."""
    words = classify(note, amount)
    if deal == "訂正" or words.is_cancellation:
        return ("振込" if deal == "振込" else "その他"), False, True
    if deal == "振込":
        return "振込", amount > 0, False
    if deal in ("現金", "小切手"):
        return deal, False, False
    if words.kind != "その他":
        return words.kind, words.is_transfer, False
    # 振替 with a payer's name is how a transfer within the same branch is written.
    return "その他", deal == "振替" and amount > 0 and bool(payer), False


def _code(record: Record) -> str:
    code = record.text("依頼人コード")
    return code if code.strip("0") else ""
