"""入金明細の取込: bank statements become BankLine rows; an overlapping file adds only what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from akinai.core.intake import Format, Kind, Made, Option, Options, Plan, Result, Upload
from akinai.core.money import yen
from akinai.payments import ports, services
from akinai.payments.models import BankAccount, BankLine
from akinai.payments.services.intake import account_code, account_for, digests

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class _Work:
    """The plan's payload: statements with the account each belongs to."""

    statements: Sequence[tuple[ports.Statement, str]]
    title: str


class BankKind(Kind):
    code = "bank"
    title = "入金明細"
    permission = "payments.add_bankline"
    about = "ネットバンキングの入出金明細 CSV、全銀の入出金取引明細・振込入金通知を読みます。"
    order = 50
    mixes = True
    done_url = "payments:list"

    def formats(self) -> Sequence[Format]:
        return [Format(code, door.title) for code, door in ports.FORMATS.items()]

    def options(self) -> Sequence[Option]:
        return [Option("account", "口座", "ファイルに口座番号がないときに選びます。", choices=_accounts)]

    def accepts(self, files: Sequence[Upload], options: Options) -> str:
        found = {ports.format_for(file.data, file.filename).code for file in files}
        return found.pop() if len(found) == 1 else ""

    def plan(self, files: Sequence[Upload], options: Options) -> Plan:
        door = ports.FORMATS[str(options["format"])]
        chosen = str(options.get("account") or "")
        work: list[tuple[ports.Statement, str]] = []
        plan = Plan(format=door.code, columns=("日付", "摘要・振込人", "入金", "出金", "残高", "口座"))
        preview: list[list[str]] = []
        for file in files:
            for statement in door.read(file.data, file.filename):
                code = chosen or account_code(statement.account, door.code)
                work.append((statement, code))
                plan.errors += statement.warnings
                preview += [_shown(line, code) for line in statement.lines]
        plan.preview = preview[:200]
        _count(plan, work)
        plan.payload = _Work(work, door.title)
        return plan

    def apply(self, plan: Plan, by: Staff | None) -> Result:
        work: _Work = plan.payload
        created = unchanged = 0
        for statement, code in work.statements:
            account = account_for(statement.account, code=code, title=work.title)
            counts = services.take_statement(statement, account=account, by=by, intake_file=plan.record)
            created, unchanged = created + counts.created, unchanged + counts.unchanged
        return Result(
            message=f"明細 {created:,} 件を取り込みました（{unchanged:,} 件は取込済み）。",
            created=created,
            unchanged=unchanged,
        )

    def made(self, intake_file: IntakeFile) -> Sequence[Made]:
        return (Made("この取込の明細", intake_file.created, "payments:list", f"f.intake={intake_file.pk}"),)


def _accounts() -> list[tuple[str, str]]:
    return [(account.code, str(account)) for account in BankAccount.objects.order_by("code")]


def _shown(line: ports.StatementLine, account: str) -> list[str]:
    amount = yen(abs(line.amount_yen))
    balance = yen(line.balance_yen) if line.balance_yen is not None else ""
    money = [amount, ""] if line.amount_yen > 0 else ["", amount]
    return [f"{line.on:%Y/%m/%d}", line.payer or line.text, *money, balance, account]


def _count(plan: Plan, work: Sequence[tuple[ports.Statement, str]]) -> None:
    for statement, code in work:
        keys = digests(code, statement.lines)
        known = BankLine.objects.filter(digest__in=keys).count()
        plan.rows += len(keys)
        plan.unchanged += known
        plan.created += len(keys) - known
        plan.total_yen += sum(line.amount_yen for line in statement.lines if line.amount_yen > 0)
