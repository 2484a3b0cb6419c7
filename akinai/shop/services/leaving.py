"""退会: the account goes, with addresses, favourites and wishes. The customer and all papers stay, as the law wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from akinai.core import activity, clock
from akinai.orders import queries as orders
from akinai.shop import member_mails
from akinai.shop.models import Member, MemberLink, MemberSession
from akinai.shop.services import accounts, carts, consents, my_cards

if TYPE_CHECKING:
    from akinai.orders.models import Order, Subscription


@dataclass(frozen=True, slots=True)
class Unfinished:
    """まだ終わっていないもの, which the page of 退会 names: they go on without the account."""

    orders: list[Order]
    subscriptions: list[Subscription]

    def __bool__(self) -> bool:
        return bool(self.orders or self.subscriptions)


def unfinished(member: Member) -> Unfinished:
    return Unfinished(
        list(orders.open_of_customer(member.customer_id)),
        list(orders.running_subscriptions(member.customer_id)),
    )


def withdraw(member: Member, *, password: str) -> None:
    """退会する. Raises LoginRefused for a wrong password."""
    accounts.refuse_wrong(member, password)
    _leave(member)


@transaction.atomic
def _leave(member: Member) -> None:
    rows = list(
        Member.objects.select_for_update()
        .filter(Q(pk=member.pk) | Q(joined=member.pk), withdrawn_at=None)
        .order_by("pk")
    )
    for one in rows:
        consents.take_back_all(one)
        my_cards.take_off_all(one.customer_id, why="退会")
        mark = f"withdrawn:{clock.now().timestamp():.6f}"
        member_mails.tell(member_mails.WITHDRAWN.code, one, to=one.mail, mark=mark)
        activity.record(one, "withdraw", by=None, summary="退会")
        _erase(one)


def leave_for_good(one: Member) -> None:
    """消去の請求: the account goes as in 退会, and nobody is written to."""
    consents.take_back_all(one)
    my_cards.take_off_all(one.customer_id, why="消去の請求")
    activity.record(one, "withdraw", by=None, summary="消去の請求による退会")
    _erase(one)


def _erase(one: Member) -> None:
    for rows in (one.addresses, one.favourites, one.restock_notices):
        rows.all().delete()
    carts.forget_of(one.pk)
    MemberSession.objects.filter(member=one).delete()
    MemberLink.objects.filter(Q(member=one) | Q(mail=one.mail)).delete()
    Member.objects.filter(pk=one.pk).update(
        mail="", name="", kana="", phone="", password="", search_text="", takes_news=False,
        last_login_at=None, withdrawn_at=clock.now(),
    )  # fmt: skip
