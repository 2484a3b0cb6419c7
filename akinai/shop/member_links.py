"""会員へのリンク: signed, for a while, good once. The link itself stands nowhere in the database: it is written into the mail
when the mail leaves, so nobody in the office can read it."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.db.models import F
from django.urls import reverse

from akinai.content.addresses import absolute
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.shop.models import Member, MemberLink

SALT = "akinai.shop.member"
STOP_SALT = "akinai.shop.stop"
Kind = MemberLink.Kind
LIVES = {Kind.REGISTER: timedelta(hours=24), Kind.RESET: timedelta(hours=1), Kind.MAIL: timedelta(hours=24)}
HOURS = {Kind.REGISTER: "24 時間", Kind.RESET: "1 時間", Kind.MAIL: "24 時間"}
PAGES = {
    Kind.REGISTER: "shop:register_finish",
    Kind.RESET: "shop:reset_finish",
    Kind.MAIL: "shop:mail_confirm",
}


class LinkOver(DomainError):
    """The link was used, is too old, or is none of ours."""

    code = "link_over"

    def __init__(self) -> None:
        super().__init__(
            "このリンクは使えません。",
            way_out="期限が過ぎたか、すでに使われています。もう一度お手続きください。",
        )


def make(kind: str, *, mail: str, member: Member | None = None, back_to: str = "") -> MemberLink:
    """A new link; earlier ones of the same kind to the same address are worth nothing any more."""
    now = clock.now()
    MemberLink.objects.filter(kind=kind, mail=mail, used_at=None).update(used_at=now)
    return MemberLink.objects.create(
        kind=kind, mail=mail, member=member, next=back_to[:300], made_at=now, ends_at=now + LIVES[Kind(kind)]
    )


def url_of(rest: str) -> str:
    """The link of the row that a mail is about (`12`, of a copy `12#2`), for the mail that is leaving now."""
    link = MemberLink.objects.filter(pk=int(rest.partition("#")[0])).first()
    return absolute(reverse(PAGES[Kind(link.kind)], args=[token_of(link)])) if link else ""


def token_of(link: MemberLink) -> str:
    return signing.dumps([link.pk, link.kind], salt=SALT)


def peek(token: str, kind: str) -> MemberLink:
    """The link behind a token, still good. Raises LinkOver."""
    found = MemberLink.objects.filter(
        pk=_pk(token, kind), kind=kind, used_at=None, ends_at__gt=clock.now()
    ).select_related("member")
    link = found.first()
    if link is None:
        raise LinkOver
    return link


def spend(token: str, kind: str) -> MemberLink:
    """使う: of two who press at once one goes on; the other gets LinkOver. Called in the transaction of what follows."""
    link = peek(token, kind)
    fresh = MemberLink.objects.filter(pk=link.pk, used_at=None, ends_at__gt=clock.now())
    if not fresh.update(used_at=clock.now(), ends_at=clock.now(), mail=""):
        raise LinkOver
    return link


def _pk(token: str, kind: str) -> int:
    try:
        pk, told = signing.loads(token, salt=SALT, max_age=LIVES[Kind(kind)])
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkOver from None
    if told != kind:
        raise LinkOver
    return int(pk)


def forget_old() -> int:
    """Links that are over say no more to whom they were sent."""
    over = MemberLink.objects.filter(ends_at__lt=clock.now()).exclude(mail="")
    return over.update(mail="", used_at=F("used_at"))


# 配信停止: signed without an end, because a mail may be opened years later.


def stop_url(what: str, pk: int) -> str:
    """The link that stops mails of this kind: `news` of a member, `restock` of one wish."""
    return absolute(reverse("shop:stop_mails", args=[signing.dumps([what, pk], salt=STOP_SALT)]))


def stopped_by(token: str) -> tuple[str, int] | None:
    """(what, whose) of a link; None for what is no link of ours."""
    try:
        what, pk = signing.loads(token, salt=STOP_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(what), int(pk)
