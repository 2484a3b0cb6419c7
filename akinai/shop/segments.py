"""お客様の種類 and 宛先 as content asks for them: of which kinds a visitor is, and which members want to hear of news."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest

from akinai.content import ports
from akinai.core import clock
from akinai.orders import queries as orders
from akinai.party import queries as party
from akinai.shop import member_links, sessions
from akinai.shop.models import Member
from akinai.shop.services import consents

YEAR = timedelta(days=365)
LINE = "──────────────────────"


def register() -> None:
    """Called from AppConfig.ready."""
    ports.keep_segments(segments)
    ports.keep_audience("news", "お知らせメールを受け取る会員", news_readers, has_link=True)


def segments(request: HttpRequest) -> frozenset[str]:
    """Handler of `content.ports.keep_segments`: by what the member bought. No query for guests, asked once per request."""
    member = sessions.member_of(request)
    if member is None:
        return ports.GUEST
    if not hasattr(request, "_segments"):
        request._segments = _of_member(member)  # type: ignore[attr-defined]
    found: frozenset[str] = request._segments  # type: ignore[attr-defined]
    return found


def _of_member(member: Member) -> frozenset[str]:
    if not orders.bought_by(member.customer_id).orders:
        return frozenset({"member", "first"})
    limit = consents.terms().valued_yen
    lately = orders.bought_by(member.customer_id, since=clock.now() - YEAR).total_yen
    return frozenset({"member", "repeat", *(["valued"] if limit and lately >= limit else [])})


def news_readers() -> dict[str, str]:
    """Handler of `content.ports.keep_audience`: members who agreed, each with sender and the link that stops it (特定電子メール法).

    Nobody while the shop has no public address: a letter whose link leads nowhere may not be sent.
    """
    if not settings.PUBLIC_URL:
        return {}
    signed = party.signature(party.issuer_of(party.company()))
    rows = Member.objects.filter(takes_news=True, withdrawn_at=None, joined=None).order_by("pk")
    return {mail: _foot(pk, signed) for pk, mail in rows.values_list("pk", "mail")}


def _foot(pk: int, signed: str) -> str:
    return f"{LINE}\n{signed}\n\nこのメールは、お知らせの受け取りにご同意いただいた方にお送りしています。\n配信の停止: {member_links.stop_url('news', pk)}\n"
