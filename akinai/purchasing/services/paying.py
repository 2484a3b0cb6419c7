"""支払の操作: due bills are gathered, the bank's file is written once, and the ledger is told when they are paid."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum

from akinai.core import activity, clock, numbering, transitions
from akinai.core.business_days import is_bank_closed
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.party import queries as party
from akinai.purchasing import ports
from akinai.purchasing.models import PayableEntry, PaymentLine, PaymentRun
from akinai.purchasing.ports import Account, Transfer
from akinai.purchasing.queries import payables as queries
from akinai.purchasing.queries import terms
from akinai.purchasing.services import ledger

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def gather(entry_ids: Collection[int], *, pay_on: date, by: Staff | None) -> PaymentRun:
    """支払の準備: these bills, each with what is still owed. A bill stands in one live run only.

    Raises DomainError when a bill is paid already or the day is no bank day, ChangedMeanwhile when another run has it.
    """
    if is_bank_closed(pay_on):
        raise DomainError(f"{pay_on:%Y/%m/%d} は銀行の休日です。", way_out="銀行の営業日を選んでください。")
    # A correction of one of them waits, or is counted: nobody pays what was just taken off.
    list(PayableEntry.objects.select_for_update().filter(pk__in=list(entry_ids)).order_by("pk"))
    owed = {row.pk: row for row in queries.owed().filter(pk__in=list(entry_ids))}
    if not owed or len(owed) < len(set(entry_ids)):
        raise DomainError("支払う請求がないか、もう支払われています。", way_out="一覧を開き直してください。")
    run = PaymentRun.objects.create(
        number=numbering.take("payment_run")[0], pay_on=pay_on, created_by=by,
        total_yen=sum(row.left_yen for row in owed.values()),
    )  # fmt: skip
    try:
        with transaction.atomic():
            PaymentLine.objects.bulk_create(
                PaymentLine(run=run, entry_id=pk, amount_yen=row.left_yen) for pk, row in sorted(owed.items())
            )
    except IntegrityError:
        raise ChangedMeanwhile(
            "選んだ請求のどれかは、ほかの支払に入っています。", way_out="一覧を開き直してください。"
        ) from None
    activity.record(run, "create", by=by, summary=f"{len(owed)} 件 {run.total_yen:,} 円")
    return run


@transaction.atomic
def write_file(run: PaymentRun, *, by: Staff | None) -> PaymentRun:
    """総合振込のファイルを作る, once: a second clerk is refused. Raises DomainError naming what is missing or unfit."""
    found = PaymentRun.objects.select_for_update().get(pk=run.pk)
    data = _file(found)
    sha256 = hashlib.sha256(data).hexdigest()
    path = _path(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    fields = {"file_sha256": sha256, "written_at": clock.now()}
    return transitions.apply(found, "write", by=by, note=f"SHA-256 {sha256[:16]}…", set_fields=fields)


def file_of(run: PaymentRun) -> bytes:
    """The file as it was written. Raises DomainError when it is missing or has changed."""
    path = _path(run.file_sha256) if run.file_sha256 else None
    data = path.read_bytes() if path and path.exists() else b""
    if hashlib.sha256(data).hexdigest() != run.file_sha256:
        raise DomainError(
            f"{run.number} の振込ファイルが見つからないか、作ったときと違います。",
            way_out="バックアップから files/payments を戻してください。",
        )
    return data


def _path(sha256: str) -> Path:
    return Path(settings.FILES_ROOT) / "payments" / f"{sha256}.txt"


def _file(run: PaymentRun) -> bytes:
    company = party.company()
    payer = Account(
        company.payer_bank_code, company.payer_branch_code, company.payer_account_kind, company.payer_account_number,
        company.payer_kana,
    )  # fmt: skip
    if not (payer.bank_code and payer.number and payer.kana and company.payer_code):
        raise DomainError(
            "振込元の口座が登録されていません。", way_out="自社情報の「発注と仕入の支払」に登録してください。"
        )
    try:
        return ports.transfer_file().write(
            _transfers(run), payer=payer, payer_code=company.payer_code, pay_on=run.pay_on
        )
    except ValueError as problem:
        raise DomainError(str(problem), way_out="仕入条件と自社情報の口座を確かめてください。") from None


def _transfers(run: PaymentRun) -> list[Transfer]:
    """One transfer per supplier."""
    sums = dict(
        run.lines.order_by()
        .values("entry__supplier_id")
        .annotate(n=Sum("amount_yen"))
        .values_list("entry__supplier_id", "n")
    )
    of, names = terms.all_terms(sums), party.suppliers(sums)
    missing = [str(names[pk]) for pk in sorted(sums) if not of[pk].has_account]
    if missing:
        raise DomainError(
            f"振込先の口座が登録されていない仕入先があります: {'、'.join(missing)}。",
            way_out="仕入条件に口座を登録するか、この支払から外してください。",
        )
    return [
        Transfer(
            Account(of[pk].bank_code, of[pk].branch_code, of[pk].account_kind, of[pk].account_number, of[pk].account_kana),
            sums[pk], f"{pk:010d}",
        )
        for pk in sorted(sums)
    ]  # fmt: skip


@transaction.atomic
def mark_paid(run: PaymentRun, *, by: Staff | None) -> PaymentRun:
    """支払済: the bank has taken the file; each bill is settled in the ledger, once."""
    done = transitions.apply(run, "pay", by=by, set_fields={"paid_at": clock.now()})
    for line in done.lines.filter(is_live=True).select_related("entry").order_by("pk"):
        ledger.write(
            line.entry.supplier_id, PayableEntry.Kind.PAYMENT, -line.amount_yen, document=done.number,
            key=f"{done.number}/{line.entry_id}", on=done.pay_on, settles=line.entry, note="総合振込", by=by,
        )  # fmt: skip
    return done


@transaction.atomic
def cancel_run(run: PaymentRun, *, reason: str, by: Staff | None) -> PaymentRun:
    """支払の取消: its bills can be paid by another run. Refused once it is paid."""
    if not reason.strip():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
    done = transitions.apply(run, "cancel", by=by, note=f"取消: {reason}"[:200])
    done.lines.update(is_live=False)
    return done
