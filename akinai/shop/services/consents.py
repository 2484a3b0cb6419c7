"""同意: what a member agreed to, one row for each change; the newest counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity
from akinai.shop.models import Consent, Member, MemberTerms

if TYPE_CHECKING:
    from akinai.staff.models import Staff

Kind, Source = Consent.Kind, Consent.Source


def terms() -> MemberTerms:
    """会員の決まり; the usual ones while nobody has changed them."""
    return MemberTerms.objects.filter(pk=1).first() or MemberTerms(pk=1)


@transaction.atomic
def save_terms(kept: MemberTerms, *, by: Staff) -> None:
    kept.pk = 1
    kept.save()
    activity.record(
        kept, "change", by=by,
        summary=f"規約 {kept.terms_version}・個人情報 {kept.privacy_version}・返品 {kept.return_days} 日・キャンセル {'可' if kept.may_cancel else '不可'}",
    )  # fmt: skip


@transaction.atomic
def agree(member: Member, *, takes_news: bool) -> None:
    """会員登録のときの同意, to the versions of today."""
    today = terms()
    given = [
        (Kind.TERMS, True, today.terms_version),
        (Kind.PRIVACY, True, today.privacy_version),
        (Kind.NEWS, takes_news, ""),
    ]
    Consent.objects.bulk_create(
        Consent(member=member, kind=kind, is_given=yes, version=version, source=Source.REGISTRATION)
        for kind, yes, version in given
    )
    Member.objects.filter(pk=member.pk).update(takes_news=takes_news)
    member.takes_news = takes_news


@transaction.atomic
def set_news(member: Member, *, wanted: bool, source: str) -> bool:
    """お知らせメールを受け取る・やめる. False when it was so already; of two presses one is written down."""
    changed = Member.objects.filter(pk=member.pk, withdrawn_at=None, takes_news=not wanted)
    if not changed.update(takes_news=wanted):
        return False
    Consent.objects.create(member=member, kind=Kind.NEWS, is_given=wanted, source=source)
    member.takes_news = wanted
    return True


def take_back_all(member: Member) -> None:
    """退会: every consent that still holds is taken back."""
    newest: dict[str, Consent] = {one.kind: one for one in member.consents.order_by("pk")}
    Consent.objects.bulk_create(
        Consent(member=member, kind=one.kind, is_given=False, version=one.version, source=Source.WITHDRAWAL)
        for one in newest.values()
        if one.is_given
    )
