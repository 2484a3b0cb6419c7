"""期首残高の取込: a trial balance of the books before these; what is there becomes one entry that balances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from akinai.accounting.models import Account, BookSettings
from akinai.accounting.services import vouchers
from akinai.core import clock, intake
from akinai.core.money import NotANumber, parse_yen
from akinai.core.tables import Row, Table

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

FIELDS = (
    intake.Field("account", "勘定科目", required=True, names=("科目", "科目名", "勘定科目名", "account")),
    intake.Field("debit", "借方", names=("借方残高", "借方金額", "debit")),
    intake.Field("credit", "貸方", names=("貸方残高", "貸方金額", "credit")),
    intake.Field("balance", "残高", names=("期首残高", "金額", "balance"), help="資産は借方、負債・純資産は貸方の残高"),
)  # fmt: skip
COLUMNS = ("勘定科目", "区分", "借方", "貸方")


@dataclass(frozen=True, slots=True)
class Balance:
    """1 科目, on its own side."""

    account: Account
    yen: int


class _Reading(intake.Reading):
    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        self.told: dict[int, Balance] = {}
        accounts = list(Account.objects.filter(is_live=True))
        self.known = {one.name: one for one in accounts} | {one.code: one for one in accounts}
        for table, row in self.rows:
            self._take(table, row)

    def _take(self, table: Table, row: Row) -> None:
        name = self.cell(row, "account").strip()
        amounts = [self._yen(table, row, column) for column in ("debit", "credit", "balance")]
        account = self.known.get(name)
        if account is None or None in amounts:
            if account is None:
                self.wrong(
                    table,
                    row,
                    "account",
                    "その勘定科目はありません。科目名かコードを直すか、科目を足してください。",
                )
            return
        debit, credit, balance = (amount or 0 for amount in amounts)
        if account.kind in ("revenue", "expense") or account.role == "opening":
            self.wrong(table, row, "account", "資産・負債・純資産の科目だけです。この行を消してください。")
        elif account.role in vouchers.OPENED_ELSEWHERE:
            self.wrong(
                table, row, "account",
                "商品・入荷未請求は在庫の期首から、買掛金は「買掛の期首残高」の取込から仕訳になります。この行を消してください。",
            )  # fmt: skip
        elif account.pk in self.told:
            self.wrong(table, row, "account", "同じ科目が 2 行あります。1 行にまとめてください。")
        yen = balance + (debit - credit if account.is_debit else credit - debit)
        if yen:
            self.told[account.pk] = Balance(account, yen)

    def _yen(self, table: Table, row: Row, column: str) -> int | None:
        text = self.cell(row, column) if column in self.columns else ""
        if not text.strip():
            return 0
        try:
            return parse_yen(text)
        except NotANumber as refusal:
            self.wrong(table, row, column, f"{refusal}円の整数を書いてください。")
            return None


class AccountOpeningKind(intake.Kind):
    """期首残高."""

    code: ClassVar[str] = "account_opening"
    title: ClassVar[str] = "会計の期首残高"
    permission: ClassVar[str] = "accounting.add_journalentry"
    about: ClassVar[str] = (
        "前の帳簿の残高試算表を読み、期首残高の仕訳を 1 つ起こします。合わない分は「期首残高」に入ります。"
    )
    order: ClassVar[int] = 60
    can_undo: ClassVar[bool] = True
    done_url: ClassVar[str] = "accounting:trial"
    generic: ClassVar[str] = "残高の一覧（CSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        if reading.errors:
            return intake.Plan.refusal(reading.errors, rows=len(reading.rows))
        rows = list(reading.told.values())
        shown = [
            (one.account.name, one.account.get_kind_display(),
             f"¥{one.yen:,}" if one.account.is_debit else "", "" if one.account.is_debit else f"¥{one.yen:,}")
            for one in rows
        ]  # fmt: skip
        left = sum(one.yen if one.account.is_debit else -one.yen for one in rows)
        notes = [f"借方と貸方が {abs(left):,} 円違います。その分は「期首残高」に入ります。"] if left else []
        return intake.Plan(
            rows=len(reading.rows), created=len(rows), columns=COLUMNS, notes=notes, payload=rows, preview=shown[:50],
        )  # fmt: skip

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        made = vouchers.open_balances(
            on=_day(), balances={one.account.pk: one.yen for one in plan.payload}, by=by
        )
        return intake.Result(
            message=f"期首残高 {len(plan.payload)} 科目を {made.number} に登録しました。",
            data={"entry": made.pk},
        )

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        return (intake.Made("仕訳", 1, "accounting:journal"),)

    def undo(self, intake_file: IntakeFile, by: Staff | None) -> str:
        """取消 by the opposite entry on the same day."""
        from akinai.accounting.models import JournalEntry

        entry = JournalEntry.objects.get(pk=intake_file.result["data"]["entry"])
        made = vouchers.reverse(entry, on=entry.on, reason="取込の取消", by=by)
        return f"{made.number} で取り消しました。"


def _day() -> date:
    """The day the books begin."""
    return BookSettings.objects.get(pk=1).starts_on or clock.today().replace(day=1)
