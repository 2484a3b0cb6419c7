"""お届け先の登録: a book of at most twenty, one of which is the usual one."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.shop.models import MOST_ADDRESSES, Address, Member


@transaction.atomic
def save_address(member: Member, address: Address, *, is_default: bool) -> Address:
    """登録・変更. The first one is the usual one. Raises DomainError beyond twenty."""
    book = _book(member)
    if address.pk is None and len(book) >= MOST_ADDRESSES:
        raise DomainError(
            f"お届け先は {MOST_ADDRESSES} 件まで登録できます。",
            way_out="使わないお届け先を削除してください。",
        )
    address.member = member
    others = [pk for pk in book if pk != address.pk]
    address.is_default = is_default or not others
    if address.is_default:
        Address.objects.filter(pk__in=others, is_default=True).update(is_default=False)
    address.changed_at = clock.now()
    address.save()
    if not address.is_default:
        _keep_one_usual(member)
    return address


@transaction.atomic
def make_usual(member: Member, pk: int) -> bool:
    """いつものお届け先にする. False for an address that is not the member's."""
    if pk not in _book(member):
        return False
    Address.objects.filter(member=member, is_default=True).exclude(pk=pk).update(is_default=False)
    Address.objects.filter(pk=pk).update(is_default=True)
    return True


@transaction.atomic
def remove_address(member: Member, pk: int) -> bool:
    """削除; the newest of the others becomes the usual one where it was."""
    _book(member)
    gone, _ = Address.objects.filter(member=member, pk=pk).delete()
    _keep_one_usual(member)
    return bool(gone)


def remember(member: Member, **fields: Any) -> Address | None:
    """注文のお届け先を覚える, once and while there is room; for the checkout."""
    same = {name: fields[name] for name in ("name", "postal_code", "prefecture", "city", "line1", "line2")}
    if member.addresses.filter(**same).exists() or member.addresses.count() >= MOST_ADDRESSES:
        return None
    return save_address(member, Address(**fields), is_default=False)


def _book(member: Member) -> list[int]:
    """Ids of the book while nobody else changes it: the member's row is taken."""
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    return list(Address.objects.filter(member=member).values_list("pk", flat=True))


def _keep_one_usual(member: Member) -> None:
    rows = Address.objects.filter(member=member)
    if not rows.filter(is_default=True).exists():
        newest = rows.order_by("-changed_at", "-pk").values("pk")[:1]
        Address.objects.filter(pk__in=newest).update(is_default=True)
