"""同意: what a member agreed to, one row for each change; the newest counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.shop.member_rules import TEMPLATE
from akinai.shop.models import Consent, Member, MemberTerms, TermsText

if TYPE_CHECKING:
    from akinai.staff.models import Staff

Kind, Source = Consent.Kind, Consent.Source


def terms() -> MemberTerms:
    """会員の決まり; the usual ones while nobody has changed them."""
    return MemberTerms.objects.filter(pk=1).first() or MemberTerms(pk=1)


def words_of(version: str) -> str | None:
    """会員規約の文 of a version; the text as delivered where the version in force was never written; None for no version."""
    found = TermsText.objects.filter(version=version).values_list("text", flat=True).first()
    return found or (TEMPLATE if version == terms().terms_version else None)


def versions() -> list[TermsText]:
    """版 that were written down, the newest first."""
    return list(TermsText.objects.order_by("-pk"))


def _keep_words(version: str, words: str) -> None:
    """The words of a version that somebody agrees to, or that ends; once."""
    rows = [TermsText(version=version, text=words, at=clock.now())]
    TermsText.objects.bulk_create(rows, ignore_conflicts=True)


def _write_words(version: str, words: str) -> None:
    try:
        with transaction.atomic():
            TermsText.objects.create(version=version, text=words)
    except IntegrityError as error:
        raise DomainError(
            f"会員規約の第{version}版は、前に使われています。",
            way_out="まだ使っていない版の名前にしてください。",
        ) from error


@transaction.atomic
def save_terms(kept: MemberTerms, *, words: str | None = None, by: Staff) -> None:
    """会員の決まりを変える. Other words are another version: raises DomainError where they would get the name of one that was used."""
    before = terms()
    kept.pk = 1
    kept.save()
    in_force = words_of(before.terms_version) or TEMPLATE
    wanted = in_force if words is None else words.replace("\r\n", "\n").strip() + "\n"
    if kept.terms_version != before.terms_version:
        _keep_words(before.terms_version, in_force)
        _write_words(kept.terms_version, wanted)
    elif wanted.strip() != in_force.strip():
        raise DomainError(
            f"会員規約の文が変わっていますが、版が「{kept.terms_version}」のままです。",
            way_out="版も変えてください。会員がどの文に同意したかが、版で分かるようにするためです。",
        )
    activity.record(
        kept, "change", by=by,
        summary=f"規約 {kept.terms_version}・個人情報 {kept.privacy_version}・返品 {kept.return_days} 日・キャンセル {'可' if kept.may_cancel else '不可'}",
    )  # fmt: skip


@transaction.atomic
def agree(member: Member, *, takes_news: bool) -> None:
    """会員登録のときの同意, to the versions of today."""
    today = terms()
    _keep_words(today.terms_version, words_of(today.terms_version) or TEMPLATE)
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
