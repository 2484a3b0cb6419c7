"""Bytes → accounts of records, all sums proven (全銀ファイルの検算). Any mismatch refuses the whole file.

Checks (全銀協レコード・フォーマット): order 1, 2…, 8 for each account and one 9 at the end; counts and sums of the
trailer against the data; 取引前残高 + 入金 − 出金 = 取引後残高; counts of the end record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from akinai.adapters.banks.zengin.layout import DETAIL, NOTICE
from akinai.adapters.banks.zengin.records import AGAIN, RECORD_NAMES, Record, cut, file_type_of, read_record
from akinai.core.tables import RowError, refuse_all


@dataclass(slots=True)
class Account:
    """One account's records: header, data and trailer."""

    header: Record
    data: list[Record] = field(default_factory=list)
    trailer: Record | None = None


@dataclass(frozen=True, slots=True)
class ZenginFile:
    """A proven file: `kind` is "01" or "03"."""

    kind: str
    accounts: tuple[Account, ...]
    records: int


def parse(data: bytes, file: str) -> ZenginFile:
    """Read and prove a Zengin file. Raises FileRefused with every reason: record number as line, field as column."""
    pieces = cut(data, file)
    kind = file_type_of(pieces[0], file)
    errors: list[RowError] = []
    records = [read_record(piece, number, kind, file, errors) for number, piece in enumerate(pieces, start=1)]
    if errors:  # fields that cannot be read make every sum wrong: tell the cause, not its echoes
        raise refuse_all(errors)
    known = [record for record in records if record is not None]
    accounts, end = _group(known, file, errors)
    if not errors:
        for account in accounts:
            errors += _prove(account, kind, file)
        errors += _prove_end(end, accounts, len(known), file)
    if errors:
        raise refuse_all(errors)
    return ZenginFile(kind, tuple(accounts), len(known))


def _group(
    records: Sequence[Record], file: str, errors: list[RowError]
) -> tuple[list[Account], Record | None]:
    """Accounts in order. 1 opens, 8 closes, 9 ends; anything else is a gap or a file that was cut."""
    accounts: list[Account] = []
    opened: Account | None = None
    end: Record | None = None
    for record in records:
        if end is not None:
            errors.append(
                _order(
                    file,
                    record,
                    "エンドレコード（9）の後に続きがあります。2つのファイルをつなげていませんか。",
                )
            )
            break
        if record.kind == "1" and opened is None:
            opened = Account(record)
            accounts.append(opened)
        elif record.kind == "2" and opened is not None:
            opened.data.append(record)
        elif record.kind == "8" and opened is not None:
            opened.trailer, opened = record, None
        elif record.kind == "9" and opened is None:
            end = record
        else:
            errors.append(_order(file, record, _misplaced(record, opened)))
            break
    if not errors and end is None:
        last = records[-1]
        missing = "トレーラー（8）とエンド（9）" if opened is not None else "エンド（9）"
        errors.append(_order(file, last, f"{missing}レコードがありません。ファイルが途中で切れています。"))
    return accounts, end


def _misplaced(record: Record, opened: Account | None) -> str:
    name = RECORD_NAMES[record.kind]
    if opened is None:
        return f"{name}（{record.kind}）レコードの前にヘッダー（1）がありません。"
    return f"{name}（{record.kind}）レコードの前にトレーラー（8）がありません。途中が欠けています。"


def _order(file: str, record: Record, message: str) -> RowError:
    return RowError(file, record.number, "データ区分", record.kind, f"{message}{AGAIN}")


def amount_of(record: Record) -> int:
    """金額 of a data record. Form B keeps amounts over ten digits in 金額2 and leaves the other 0."""
    return record.whole("金額2") or record.whole("金額") if record.form == "B" else record.whole("金額")


def is_cancelled(record: Record) -> bool:
    """取消区分 of 振込入金通知: 1 is 取消."""
    return record.text("取消区分") == "1"


def _prove(account: Account, kind: str, file: str) -> list[RowError]:
    trailer = account.trailer
    if trailer is None:  # _group has refused such a file
        return []
    errors = [error for record in account.data if (error := _data_problem(record, kind, file))]
    expected = _notice_totals(account.data) if kind == NOTICE else _detail_totals(account.data)
    errors += [
        _mismatch(file, trailer, name, found) for name, found in expected if trailer.whole(name) != found
    ]
    if kind == DETAIL and not errors:
        errors += _prove_balance(account, trailer, file)
    return errors


def _data_problem(record: Record, kind: str, file: str) -> RowError | None:
    """Codes outside the standard change the meaning of the money, so they are never guessed."""
    if kind == DETAIL and record.text("入払区分") not in ("1", "2"):
        value = record.text("入払区分")
        return RowError(
            file,
            record.number,
            "入払区分",
            value,
            f"入払区分「{value}」は1（入金）か2（出金）のはずです。{AGAIN}",
        )
    if kind == NOTICE and record.text("取消区分") not in ("", "0", "1"):
        value = record.text("取消区分")
        return RowError(
            file, record.number, "取消区分", value, f"取消区分「{value}」は空白か1（取消）のはずです。{AGAIN}"
        )
    if record.form == "B" and record.whole("金額") and record.whole("金額2"):
        value = record.text("金額2")
        return RowError(
            file,
            record.number,
            "金額2",
            value,
            f"金額と金額2の両方に値があり、どちらが正しいか決められません。{AGAIN}",
        )
    return None


def _sum(records: Iterable[Record]) -> int:
    return sum(amount_of(record) for record in records)


def _notice_totals(data: Sequence[Record]) -> list[tuple[str, int]]:
    cancelled = [record for record in data if is_cancelled(record)]
    kept = [record for record in data if not is_cancelled(record)]
    return [
        ("振込件数", len(kept)), ("振込金額", _sum(kept)), ("取消件数", len(cancelled)), ("取消金額", _sum(cancelled)),
    ]  # fmt: skip


def _detail_totals(data: Sequence[Record]) -> list[tuple[str, int]]:
    paid_in = [record for record in data if record.text("入払区分") == "1"]
    paid_out = [record for record in data if record.text("入払区分") == "2"]
    return [
        ("入金件数", len(paid_in)), ("入金金額", _sum(paid_in)), ("出金件数", len(paid_out)),
        ("出金金額", _sum(paid_out)), ("データ件数", len(data)),
    ]  # fmt: skip


def signed_balance(record: Record, name: str) -> int:
    """残高 with 貸越区分: 1 (or blank) is credit, 2 is overdrawn."""
    amount = record.whole(name)
    return -amount if record.text("貸越区分") == "2" else amount


def _prove_balance(account: Account, trailer: Record, file: str) -> list[RowError]:
    before = signed_balance(account.header, "取引前残高")
    after = signed_balance(trailer, "取引後残高")
    moved = sum(amount_of(record) * (1 if record.text("入払区分") == "1" else -1) for record in account.data)
    if before + moved == after:
        return []
    message = (
        f"残高が合いません。取引前残高 {before:,} に入出金 {moved:+,} を加えると {before + moved:,} ですが、"
        f"取引後残高は {after:,} です。明細が抜けているか書き換えられています。{AGAIN}"
    )
    return [RowError(file, trailer.number, "取引後残高", str(after), message)]


def _mismatch(file: str, trailer: Record, name: str, found: int) -> RowError:
    written = trailer.whole(name)
    message = f"{name}が合いません。トレーラーは {written:,}、明細を数えると {found:,} です。{AGAIN}"
    return RowError(file, trailer.number, name, str(written), message)


def _prove_end(end: Record | None, accounts: Sequence[Account], records: int, file: str) -> list[RowError]:
    """レコード総件数 and 口座数 of a 03 file. Blank or 0 means the bank does not fill them."""
    if end is None:
        return []
    errors = []
    # Banks differ in whether the end record counts itself.
    counted = end.whole("レコード総件数")
    if counted and counted not in (records, records - 1):
        errors.append(_end_mismatch(file, end, "レコード総件数", records))
    if end.whole("口座数") and end.whole("口座数") != len(accounts):
        errors.append(_end_mismatch(file, end, "口座数", len(accounts)))
    return errors


def _end_mismatch(file: str, end: Record, name: str, found: int) -> RowError:
    message = f"{name}が合いません。エンドレコードは {end.whole(name):,}、数えると {found:,} です。{AGAIN}"
    return RowError(file, end.number, name, str(end.whole(name)), message)
