"""入金明細の取込: bank statements become BankLine rows; an overlapping file adds only what is new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from akinai.core import clock
from akinai.core.intake import (
    GENERIC,
    Field,
    Format,
    Kind,
    Made,
    NeedsMapping,
    Option,
    Options,
    Plan,
    Result,
    Upload,
    mappings,
)
from akinai.core.money import yen
from akinai.core.tables import FileRefused, RowError, refuse, refuse_all, shorten
from akinai.payments import ports, services
from akinai.payments.models import BankAccount
from akinai.payments.rules.overlap import Overlap, Seen, seen_of, sort_out
from akinai.payments.services.accounts import account_of, filled
from akinai.payments.services.intake import seen_lines

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

SHOWN = 200
YEARS = 3  # how far back a file without years may be


@dataclass(frozen=True, slots=True)
class _Work:
    """One statement, the account it belongs to (unsaved while it is new), and how to look for that account again."""

    statement: ports.Statement
    find: Callable[[], BankAccount]
    account: BankAccount


class BankKind(Kind):
    code = "bank"
    title = "入金明細"
    permission = "payments.add_bankline"
    about = (
        "ネットバンキングの入出金明細（CSV・Excel）と、全銀形式の入出金取引明細・振込入金通知を読みます。"
        "期間が重なっても、新しい明細だけを追加します。"
    )
    order = 50
    mixes = True
    done_url = "payments:list"

    def formats(self) -> Sequence[Format]:
        return [Format(code, door.title) for code, door in ports.FORMATS.items()]

    def fields(self) -> Sequence[Field]:
        door = ports.FORMATS.get(GENERIC)
        if not isinstance(door, ports.MappedFormat):
            return ()
        return [Field(one.code, one.label, one.required, one.names, one.help) for one in door.fields]

    def options(self) -> Sequence[Option]:
        return [
            Option("account", "口座", "ファイルに口座番号がなく、同じ銀行に口座がいくつもあるときに選びます。", choices=_accounts),
            Option("year", "年", "「4月30日」のように年のない日付のファイルで、期間の書かれていないときに選びます。", choices=_years),
        ]  # fmt: skip

    def accepts(self, files: Sequence[Upload], options: Options) -> str:
        found = {door.code if (door := ports.format_for(file.data, file.filename)) else "" for file in files}
        code = found.pop() if len(found) == 1 else ""
        if not code and len(files) == 1:
            self._refuse_unless_mapped(files[0])
        return code

    def plan(self, files: Sequence[Upload], options: Options) -> Plan:
        door = _door(files[0].filename, options)
        plan = Plan(
            format=str(options["format"]),
            columns=("日付", "摘要・振込人", "入金", "出金", "残高", "口座", "取込"),
        )
        work = _read_all(door, files, str(options.get("account") or ""))
        _look(plan, work)
        plan.payload = work
        return plan

    def apply(self, plan: Plan, by: Staff | None) -> Result:
        created = unchanged = 0
        for one in plan.payload:
            # Once more, because a statement before this one may have brought the account in.
            account = filled(one.find(), one.statement.account)
            counts = services.take_statement(one.statement, account=account, by=by, intake_file=plan.record)
            created, unchanged = created + counts.created, unchanged + counts.unchanged
            plan.progress(created + unchanged, plan.rows)
        return Result(
            message=f"明細 {created:,} 件を取り込みました（{unchanged:,} 件は取込済み）。",
            created=created,
            unchanged=unchanged,
        )

    def made(self, intake_file: IntakeFile) -> Sequence[Made]:
        return (Made("この取込の明細", intake_file.created, "payments:list", f"f.intake={intake_file.pk}"),)

    def _refuse_unless_mapped(self, file: Upload) -> None:
        """A table nobody knows is read only with columns a person has saved for exactly this header."""
        try:
            table = file.table()
        except FileRefused as refusal:
            first = refusal.errors[0]
            if "見出し" not in first.message:
                raise
            raise refuse(file.filename, ports.unknown_bank(), line=first.line, value=first.value) from None
        if mappings.find(self, headers=table.header) is None:
            header = shorten("、".join(table.original_header))
            raise NeedsMapping([RowError(file.filename, table.header_line, "", header, ports.unknown_bank())])


def _door(file: str, options: Options) -> ports.BankFormat:
    """The chosen format, with the columns and the year it was told."""
    door = ports.FORMATS[str(options["format"])]
    if isinstance(door, ports.MappedFormat):
        door = door.with_columns(options.get("columns") or {})
    if year := str(options.get("year") or ""):
        if not (year.isascii() and year.isdigit() and 2000 <= int(year) <= clock.today().year + 1):
            raise refuse(
                file,
                f"年「{year}」を読めません。西暦 4 桁で指定してください（例: {clock.today().year}）。",
                value=year,
            )
        if isinstance(door, ports.YearlessFormat):
            door = door.for_year(int(year))
    return door


def _read_all(door: ports.BankFormat, files: Sequence[Upload], chosen: str) -> list[_Work]:
    """All statements of all files. Raises FileRefused with what is wrong in each of them."""
    work: list[_Work] = []
    errors: list[RowError] = []
    for file in files:
        try:
            for statement in door.read(file.data, file.filename):
                find = partial(
                    account_of, statement.account, chosen=chosen, code=door.code, title=_bank_title(door), file=file.filename
                )  # fmt: skip
                work.append(_Work(statement, find, find()))
        except FileRefused as refusal:
            errors += refusal.errors
    if errors:
        raise refuse_all(errors)
    return work


def _bank_title(door: ports.BankFormat) -> str:
    return "銀行口座" if door.code == GENERIC else door.title


def _accounts() -> list[tuple[str, str]]:
    return [
        (account.code, str(account))
        for account in BankAccount.objects.filter(is_active=True).order_by("code")
    ]


def _years() -> list[tuple[str, str]]:
    now = clock.today().year
    return [(str(year), f"{year}年") for year in range(now, now - YEARS, -1)]


def _look(plan: Plan, work: Sequence[_Work]) -> None:
    """Count what is new, show it, and say what is odd. Statements of one account may overlap among themselves."""
    met: dict[str, list[Seen]] = defaultdict(list)
    preview: list[list[str]] = []
    for one in work:
        lines, code = one.statement.lines, one.account.code
        overlap = sort_out(lines, [*seen_lines(one.account, lines), *met[code]])
        fresh = {at for at, _ in overlap.new}
        met[code] += [seen_of(lines[at]) for at in sorted(fresh)]
        plan.rows += len(lines)
        plan.created += len(fresh)
        plan.unchanged += len(lines) - len(fresh)
        plan.total_yen += sum(line.amount_yen for line in lines if line.amount_yen > 0)
        plan.errors += one.statement.warnings
        plan.errors += [
            *_doubtful(one.statement, overlap),
            *_repeated(one.statement),
            *_not_yet(one.statement),
        ]
        for at, line in enumerate(lines[:SHOWN]):
            preview.append(_shown(line, one.account, at in fresh))
        if not one.account.pk:
            plan.notes = [*plan.notes, f"新しい口座「{one.account}」（口座コード {code}）を登録します。"]
    plan.preview = preview[:SHOWN]


def _doubtful(statement: ports.Statement, overlap: Overlap) -> list[RowError]:
    """Known lines that bear another number of the bank: most likely the same, but a person should know."""
    message = (
        "同じ日・金額・名義の明細が取り込み済みです（照会番号は別）。同じ入金とみなして追加しません。"
        "別の入金のときは、受注の「入金」の欄で記録してください。"
    )
    return [
        RowError(statement.file, line.source_line, "照会番号", line.bank_ref, message)
        for line in (statement.lines[at] for at in overlap.doubtful)
    ]


def _repeated(statement: ports.Statement) -> list[RowError]:
    """Neighbours that agree even in the balance: one of them was written twice. Both are kept; a person looks."""
    message = (
        "前の行と日付・金額・振込人・残高がすべて同じです。行が二重になっていないか、元のファイルを確かめてください。"
        "2 行とも取り込みます（自動では消し込みません）。"
    )
    return [
        RowError(statement.file, after.source_line, "残高", str(after.balance_yen), message)
        for before, after in pairwise(statement.lines)
        if after.balance_yen is not None and after.amount_yen and seen_of(before) == seen_of(after)
    ]


def _not_yet(statement: ports.Statement) -> list[RowError]:
    """Lines of days that have not come: a wrong year, most likely."""
    today = clock.today()
    message = f"日付が今日（{today:%Y/%m/%d}）より先です。年が正しいか確かめてください。"
    return [
        RowError(statement.file, line.source_line, "日付", f"{line.on:%Y/%m/%d}", message)
        for line in statement.lines
        if line.on > today
    ]


def _shown(line: ports.StatementLine, account: BankAccount, is_new: bool) -> list[str]:
    amount = yen(abs(line.amount_yen))
    balance = yen(line.balance_yen) if line.balance_yen is not None else ""
    money = [amount, ""] if line.amount_yen > 0 else ["", amount]
    state = "新規" if is_new else "取込済み"
    return [f"{line.on:%Y/%m/%d}", line.payer or line.text, *money, balance, str(account), state]
