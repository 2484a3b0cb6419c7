"""会員へのメール. Links that open an account are put in when the mail leaves (core.mail.SECRET)."""

from __future__ import annotations

from collections.abc import Mapping

from akinai.core import clock, mail, mail_texts
from akinai.party import queries as party
from akinai.shop import member_links
from akinai.shop.member_texts import (
    ALREADY,
    CHANGE_MAIL,
    MAIL_CHANGED,
    PASSWORD_CHANGED,
    REGISTER,
    RESET,
    TEXTS,
    UNKNOWN,
    WITHDRAWN,
)
from akinai.shop.models import Member, MemberLink
from akinai.ui.formats import jdatetime

__all__ = [
    "ALREADY",
    "CHANGE_MAIL",
    "MAIL_CHANGED",
    "PASSWORD_CHANGED",
    "REGISTER",
    "RESET",
    "UNKNOWN",
    "WITHDRAWN",
    "compose",
    "register",
    "send_link",
    "tell",
]


def register() -> None:
    """Declare the texts, and what only the receiver may read (called from AppConfig.ready)."""
    for text in TEXTS:
        mail_texts.register(text)
    mail.register_secret("member", member_links.url_of)
    mail.register_sort("member", "会員へのリンク", lambda _rest: "")
    mail.register_sort("account", "会員へのお知らせ", lambda _rest: "")
    mail.register_sort("restock", "再入荷のお知らせ", lambda _rest: "")


def send_link(code: str, link: MemberLink, *, name: str = "") -> None:
    """Queue the mail that carries a link; in the table it stands without it."""
    subject, body = compose(
        code,
        {
            "お名前": f"{name} 様" if name else "",
            "リンク": mail.SECRET,
            "期限": member_links.HOURS[MemberLink.Kind(link.kind)],
        },
    )
    mail.enqueue(to=link.mail, subject=subject, body=body, key=f"member:{link.pk}")


def tell(code: str, member: Member, *, to: str, mark: str) -> None:
    """Tell a member what has happened to the account. `mark`: makes the fact's key."""
    values = {"お名前": f"{member.name} 様", "日時": jdatetime(clock.now())}
    subject, body = compose(code, values)
    mail.enqueue(to=to, subject=subject, body=body, key=f"account:{member.pk}:{mark}")


def compose(code: str, values: Mapping[str, str]) -> tuple[str, str]:
    """(件名, 本文) with the shop's name and signature."""
    issuer = party.issuer_of(party.company())
    shop = issuer["shop_name"] or issuer["name"]
    return mail_texts.compose(code, {"店舗名": shop, "署名": party.signature(issuer), **values})
