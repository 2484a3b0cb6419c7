"""会計ソフトへの出力: entries become a product's file, each once; what was written before is not written again.

The file is kept as written. Withdrawing it (it never reached the product) frees its entries for another file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.accounting.models import (
    Account,
    JournalEntry,
    JournalExport,
    JournalExportEntry,
    JournalLine,
    ProductAccount,
    ProductTax,
)
from akinai.accounting.ports import PRODUCTS, Half, Product, Voucher
from akinai.core import activity, clock, numbering
from akinai.core.errors import ChangedMeanwhile, DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def product_or_refuse(code: str) -> Product:
    """The door of a product, or a refusal."""
    if code not in PRODUCTS:
        raise DomainError("その会計ソフトはありません。", way_out="一覧から選んでください。")
    return PRODUCTS[code]


def accounts_of(product: Product) -> dict[int, tuple[str, str]]:
    """Account id → (the product's 勘定科目, 補助科目): as set, else the usual name, else ours."""
    told = {
        row.account_id: (row.name, row.sub_name)
        for row in ProductAccount.objects.filter(product=product.code)
    }
    return {
        account.pk: told.get(account.pk, (product.accounts.get(account.role or "", account.name), ""))
        for account in Account.objects.all()
    }


def taxes_of(product: Product) -> dict[str, str]:
    """Our 税区分 → the product's name of it; '' is 対象外."""
    told = dict(ProductTax.objects.filter(product=product.code).values_list("tax_class", "name"))
    return {**product.taxes, **told}


def vouchers(entries: Sequence[JournalEntry], product: Product) -> list[Voucher]:
    """Entries as the product takes them: 税込 halves, the tax inside, without lines of tax."""
    accounts, taxes = accounts_of(product), taxes_of(product)
    made = []
    for entry in entries:
        halves: dict[str, list[Half]] = {"debit": [], "credit": []}
        for line in entry.lines.all():
            if not line.is_tax:
                side, half = _half(line, accounts, taxes)
                if half.yen:
                    halves[side].append(half)
        if halves["debit"] and halves["credit"]:
            made.append(Voucher(
                entry.number, entry.on, entry.memo, entry.partner, tuple(halves["debit"]), tuple(halves["credit"])
            ))  # fmt: skip
    return made


def _half(
    line: JournalLine, accounts: Mapping[int, tuple[str, str]], taxes: Mapping[str, str]
) -> tuple[str, Half]:
    """(side, half). A line whose tax outweighs it stands on the other side."""
    yen, tax = line.yen + line.tax_yen, line.tax_yen
    side = line.side
    if yen < 0:
        yen, tax, side = -yen, -tax, "credit" if side == "debit" else "debit"
    name, sub = accounts[line.account_id]
    return side, Half(name, sub, taxes.get(line.tax_class, line.tax_class), line.tax_class, yen, tax)


def _entries(first: date, last: date) -> list[JournalEntry]:
    rows = JournalEntry.objects.filter(on__gte=first, on__lte=last).order_by("on", "id")
    return list(rows.prefetch_related("lines"))


def digest_of(voucher: Voucher) -> str:
    """指紋 of what a file says of an entry: other names in the settings give another one."""
    return hashlib.sha256(repr(voucher).encode()).hexdigest()


@transaction.atomic
def make_export(*, product: str, first: date, last: date, by: Staff | None) -> JournalExport:
    """出力: one file of every entry of the period that this product has not had yet.

    Raises DomainError when there is none, ChangedMeanwhile when somebody else wrote them just now.
    """
    door = product_or_refuse(product)
    had = set(
        JournalExportEntry.objects.filter(product=product, is_live=True).values_list("entry_id", flat=True)
    )
    fresh = [entry for entry in _entries(first, last) if entry.pk not in had]
    written = {voucher.number: voucher for voucher in vouchers(fresh, door)}
    if not written:
        raise DomainError(
            "この期間に、まだ出力していない仕訳はありません。",
            way_out="期間を変えるか、前の出力を取り消してください。",
        )
    data = door.write(list(written.values()))
    made = JournalExport.objects.create(
        number=numbering.take("journal_export")[0], product=product, from_on=first, to_on=last,
        filename=f"{door.title.split()[0]}_{first:%Y%m%d}-{last:%Y%m%d}.csv", data=data, sha256=hashlib.sha256(data).hexdigest(),
        count=len(written), debit_yen=sum(half.yen for one in written.values() for half in one.debits), made_by=by,
    )  # fmt: skip
    _note(made, [entry for entry in fresh if entry.number in written], written)
    activity.record(made, "create", by=by, summary=f"{door.title} {len(written)} 件")
    return made


def _note(made: JournalExport, entries: Sequence[JournalEntry], written: Mapping[str, Voucher]) -> None:
    try:
        with transaction.atomic():
            JournalExportEntry.objects.bulk_create(
                [
                    JournalExportEntry(
                        export=made,
                        entry=entry,
                        product=made.product,
                        digest=digest_of(written[entry.number]),
                    )
                    for entry in entries
                ],
                batch_size=5000,
            )
    except IntegrityError:
        raise ChangedMeanwhile(
            "同じ仕訳が、いま出力されました。", way_out="出力の一覧を開き直してください。"
        ) from None


@transaction.atomic
def withdraw(export: JournalExport, *, reason: str, by: Staff | None) -> JournalExport:
    """出力の取消: its entries may be written again. The file itself stays."""
    if not reason.strip():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
    changed = JournalExport.objects.filter(pk=export.pk, withdrawn_at=None).update(
        withdrawn_at=clock.now(), withdrawn_by=by, reason=reason.strip()[:200]
    )
    if not changed:
        raise ChangedMeanwhile("この出力はすでに取り消されています。")
    export.entries.update(is_live=False)
    activity.record(export, "withdraw", by=by, summary=reason.strip()[:200])
    export.refresh_from_db()
    return export
