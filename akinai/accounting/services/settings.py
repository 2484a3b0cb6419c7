"""会計の設定を変える: each change is written into the history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from akinai.accounting.models import BookSettings, CostRate, ProductAccount, ProductTax, SalesTarget
from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.core.money import yen

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def tell_books(*, starts_on: date | None, fiscal_month: int, by: Staff | None) -> BookSettings:
    """仕訳の開始日と期首."""
    row, _ = BookSettings.objects.update_or_create(
        pk=1, defaults={"starts_on": starts_on, "fiscal_month": fiscal_month}
    )
    activity.record(
        row, "change", by=by, summary=f"仕訳の開始日 {starts_on or 'なし'}、期首 {fiscal_month}月"
    )
    return row


@transaction.atomic
def tell_product(
    product: str, *, accounts: Mapping[int, tuple[str, str]], taxes: Mapping[str, str], by: Staff | None
) -> None:
    """会計ソフトでの名前: account id → (科目, 補助科目), 税区分 → name."""
    for pk, (name, sub) in accounts.items():
        ProductAccount.objects.update_or_create(
            product=product, account_id=pk, defaults={"name": name, "sub_name": sub}
        )
    for code, name in taxes.items():
        ProductTax.objects.update_or_create(product=product, tax_class=code, defaults={"name": name})
    activity.record(BookSettings(pk=1), "change", by=by, summary=f"{product} の科目名を変えました")


@transaction.atomic
def add_rate(*, by: Staff | None, **told: Any) -> CostRate:
    """販売費の率. Raises DomainError when one of the same kind, subject and day is there."""
    try:
        with transaction.atomic():
            row = CostRate.objects.create(by=by, **told)
    except IntegrityError:
        raise DomainError(
            "同じ種類・対象・開始日の率があります。", way_out="その行を消してから登録してください。"
        ) from None
    activity.record(
        row,
        "create",
        by=by,
        summary=f"{row.get_kind_display()} {row.subject or 'すべて'} {row.percent}% {yen(row.yen)} {row.since}〜",
    )
    return row


@transaction.atomic
def drop_rate(rate: CostRate, *, by: Staff | None) -> None:
    """率を消す: reports are computed anew without it."""
    activity.record(
        rate,
        "delete",
        by=by,
        summary=f"{rate.get_kind_display()} {rate.subject or 'すべて'} {rate.since}〜 を削除",
    )
    rate.delete()


def targets_of(month: date, channel_id: int | None) -> QuerySet[SalesTarget]:
    """The target of a channel, or of the company."""
    rows = SalesTarget.objects.filter(month=month)
    return rows.filter(channel=None) if channel_id is None else rows.filter(channel_id=channel_id)


@transaction.atomic
def set_targets(month: date, told: Mapping[int | None, int | None], *, by: Staff | None) -> None:
    """売上目標 of a month: channel id (None: the company) → yen; no yen takes the target away."""
    for channel_id, amount in told.items():
        rows = targets_of(month, channel_id)
        if amount is None:
            rows.delete()
        elif not rows.update(net_yen=amount, set_by=by):
            SalesTarget.objects.create(month=month, channel_id=channel_id, net_yen=amount, set_by=by)
    whole = told.get(None)
    activity.record(
        BookSettings(pk=1),
        "change",
        by=by,
        summary=f"{month:%Y/%m} の売上目標 {yen(whole) if whole else 'なし'}",
    )
