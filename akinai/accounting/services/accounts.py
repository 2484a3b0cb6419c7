"""勘定科目の操作: added, renamed and retired. What the posting rules use, and what has lines, never goes away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.accounting.models import Account, JournalLine, ProductAccount
from akinai.core import activity
from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def save(
    account: Account, *, names: Mapping[str, tuple[str, str]] | None = None, by: Staff | None
) -> Account:
    """科目の登録と変更. `names` in each product: code → (科目名, 補助科目); empty: our own name.

    Raises DomainError for a code or a name that is there already, or another kind for an account with lines.
    """
    before = Account.objects.filter(pk=account.pk).first() if account.pk else None
    if before and before.kind != account.kind and (before.role or has_lines(before)):
        raise DomainError(
            f"{before.name} は仕訳に使っているので、区分を変えられません。",
            way_out="新しい科目を作ってください。",
        )
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:
        raise DomainError(
            "同じコードか同じ名前の科目があります。", way_out="別のコードと名前にしてください。"
        ) from None
    for product, (name, sub) in (names or {}).items():
        known = ProductAccount.objects.filter(product=product, account=account)
        if name:
            ProductAccount.objects.update_or_create(
                product=product, account=account, defaults={"name": name, "sub_name": sub}
            )
        else:
            known.delete()
    said = (
        f"{before.code} {before.name} → {account.code} {account.name}"
        if before
        else f"{account.code} {account.name}"
    )
    activity.record(account, "change" if before else "create", by=by, summary=said)
    return account


@transaction.atomic
def retire(account: Account, *, by: Staff | None) -> None:
    """使わない: no voucher takes it any more; its lines stay. Raises DomainError for accounts of the posting rules."""
    _set_live(account, False, by)


@transaction.atomic
def revive(account: Account, *, by: Staff | None) -> None:
    """使うに戻す."""
    _set_live(account, True, by)


@transaction.atomic
def delete(account: Account, *, by: Staff | None) -> None:
    """科目を消す, while nothing was ever written to it."""
    if account.role or has_lines(account):
        raise DomainError(
            f"{account.name} は仕訳に使っているので、消せません。", way_out="「使わない」にしてください。"
        )
    ProductAccount.objects.filter(account=account).delete()
    activity.record(account, "delete", by=by, summary=f"{account.code} {account.name}")
    account.delete()


def has_lines(account: Account) -> bool:
    return JournalLine.objects.filter(account=account).exists()


def _set_live(account: Account, is_live: bool, by: Staff | None) -> None:
    if not Account.objects.filter(pk=account.pk, role=None).update(is_live=is_live):
        raise DomainError(
            f"{account.name} は自動の仕訳に使うので、使わないにはできません。", way_out="名前は変えられます。"
        )
    activity.record(account, "change", by=by, summary="使う" if is_live else "使わない")
