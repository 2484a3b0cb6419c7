"""お気に入りと再入荷のお知らせ."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse

from akinai.catalog import public
from akinai.catalog import queries as catalog
from akinai.content.addresses import absolute
from akinai.core import clock, mail, tries
from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.shop import member_links, member_mails
from akinai.shop.member_texts import RESTOCK, RESTOCK_CONFIRM
from akinai.shop.models import Favourite, Member, RestockNotice
from akinai.shop.models.mypage import OPEN, WAITING
from akinai.stock import queries as stock

log = logging.getLogger("akinai.restock")
SALT = "akinai.shop.restock"
MOST_FAVOURITES, MOST_WISHES = 500, 100
AT_ONCE = 500


def add_favourite(member: Member, product_id: int) -> None:
    """お気に入りに入れる, once however often it is pressed."""
    if member.favourites.count() >= MOST_FAVOURITES:
        raise DomainError(
            f"お気に入りは {MOST_FAVOURITES} 件までです。", way_out="ご覧にならないものを外してください。"
        )
    Favourite.objects.bulk_create([Favourite(member=member, product_id=product_id)], ignore_conflicts=True)


def remove_favourite(member: Member, product_id: int) -> None:
    """お気に入りから外す."""
    Favourite.objects.filter(member=member, product_id=product_id).delete()


# ---- 再入荷のお知らせ


def ask_as_member(member: Member, sku_id: int) -> bool:
    """再入荷したら知らせてほしい. False when it was asked already."""
    if RestockNotice.objects.filter(OPEN, member=member).count() >= MOST_WISHES:
        raise DomainError(
            f"再入荷のお知らせは {MOST_WISHES} 件までです。",
            way_out="要らなくなったものを取り消してください。",
        )
    return _asked(RestockNotice(sku_id=sku_id, member=member, confirmed_at=clock.now()))


def ask_as_guest(mail_to: str, sku_id: int, *, address: str) -> None:
    """The wish counts once the link in the mail was used. The screen says the same every time."""
    to = mail_to.strip().lower()
    if not (
        tries.may_try(f"restock-to:{to}", limit=10, window=tries.HOUR)
        and tries.may_try(f"restock-from:{address}", limit=30, window=tries.HOUR)
    ):
        raise DomainError(
            "短い時間に何度もお手続きがありました。", way_out="1 時間ほどしてからお試しください。"
        )
    _asked(RestockNotice(sku_id=sku_id, mail=to))
    wish = RestockNotice.objects.filter(OPEN, mail=to, sku_id=sku_id, confirmed_at=None).first()
    if wish is not None:
        _send_confirmation(wish)


def _asked(wish: RestockNotice) -> bool:
    try:
        with transaction.atomic():
            wish.save(force_insert=True)
    except IntegrityError:  # asked already, and not told yet
        return False
    return True


def _send_confirmation(wish: RestockNotice) -> None:
    """Once a day for one wish."""
    goods = catalog.sku_rows([wish.sku_id])[wish.sku_id]
    link = absolute(reverse("shop:restock_confirm", args=[signing.dumps(wish.pk, salt=SALT)]))
    subject, body = member_mails.compose(RESTOCK_CONFIRM.code, {"商品": goods.title, "リンク": link})
    key = f"restock:{wish.pk}:confirm:{clock.today():%Y%m%d}"
    mail.enqueue(to=wish.mail, subject=subject, body=body, key=key)


def wish_of(token: str) -> RestockNotice | None:
    """The guest's wish behind a link; None for what is no link of ours, and for one that is over."""
    try:
        pk = int(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return RestockNotice.objects.filter(OPEN, pk=pk).first()


def confirm(wish: RestockNotice) -> None:
    """お知らせを受け取る: the guest's mail address is proven."""
    RestockNotice.objects.filter(OPEN, pk=wish.pk, confirmed_at=None).update(confirmed_at=clock.now())


def stop(pk: int, *, member: Member | None = None) -> bool:
    """お知らせを取り消す, by the link of the mail or by the member. A guest's mail is forgotten."""
    mine = RestockNotice.objects.filter(OPEN, pk=pk)
    if member is not None:
        mine = mine.filter(member=member)
    return bool(mine.update(stopped_at=clock.now(), mail=""))


def forget_unconfirmed() -> int:
    """Guests who did not use the link of their mail within a month."""
    before = clock.now() - timedelta(days=30)
    return RestockNotice.objects.filter(confirmed_at=None, member=None, asked_at__lt=before).delete()[0]


def tell_arrivals() -> int:
    """入荷した商品を知らせる: one mail for each wish whose goods can be bought now. Out: how many were told.

    Safe to run by several workers at any time: the statement that notes a wish as told lets one of them pass.
    """
    skus = list(
        RestockNotice.objects.filter(WAITING).order_by("sku_id").values_list("sku_id", flat=True).distinct()
    )
    told = 0
    for start in range(0, len(skus), AT_ONCE):
        there = [pk for pk, level in stock.levels(skus[start : start + AT_ONCE]).items() if level.free > 0]
        told += sum(_tell(wish) for wish in _waiting(there)) if there else 0
    return told


def _waiting(sku_ids: list[int]) -> QuerySet[RestockNotice]:
    sold = public.sold_skus(sku_ids)
    rows = RestockNotice.objects.filter(WAITING, sku_id__in=sold)
    return rows.select_related("member", "sku__product").order_by("pk")


@transaction.atomic
def _tell(wish: RestockNotice) -> bool:
    to = wish.member.mail if wish.member else wish.mail
    if not RestockNotice.objects.filter(WAITING, pk=wish.pk).update(sent_at=clock.now(), mail=""):
        return False
    if not mail.is_address(to):
        log.warning("wish %s has no address", wish.pk)
        return False
    goods = catalog.row_of(wish.sku)
    page = reverse("shop:product", args=[public.key_of(wish.sku.product)])
    subject, body = member_mails.compose(
        RESTOCK.code,
        {
            "お名前": f"{wish.member.name} 様" if wish.member else "", "商品": goods.title, "価格": yen(goods.price_yen),
            "商品ページ": absolute(page),
        },
    )  # fmt: skip
    mail.enqueue(
        to=to, subject=subject, body=body, key=f"restock:{wish.pk}:arrived",
        unsubscribe_url=member_links.stop_url("restock", wish.pk),
    )  # fmt: skip
    return True
