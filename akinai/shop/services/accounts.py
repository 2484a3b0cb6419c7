"""会員登録・ログイン・パスワード. Whether a mail address belongs to a member is told to nobody but its owner.

Who registers proves the mail address first; no account is there before, so nobody can prepare one for somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth import password_validation as rules
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from akinai.core import activity, clock, tries
from akinai.core.errors import DomainError
from akinai.core.kana import search_key
from akinai.party import services as party
from akinai.shop import member_links, member_mails
from akinai.shop.models import Member, MemberLink, MemberSession
from akinai.shop.services import consents

if TYPE_CHECKING:
    from akinai.staff.models import Staff

Kind = MemberLink.Kind
LOGIN_TRIES, ADDRESS_TRIES, MAIL_TRIES = 6, 100, 40
MAILS_TO_ONE, MAILS_FROM_ONE = 5, 30
PASSWORD_RULES = (
    rules.MinimumLengthValidator(10),
    rules.CommonPasswordValidator(),
    rules.UserAttributeSimilarityValidator(("mail", "name", "kana", "phone")),
)


class LoginRefused(DomainError):
    """ログインできない; what is wrong is not said."""

    code = "login_refused"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a member tells of himself."""

    name: str
    kana: str = ""
    phone: str = ""


def folded(mail: str) -> str:
    """The address as it is compared: without spaces around it, in small letters."""
    return mail.strip().lower()


def check_rules(password: str, member: Member) -> None:
    """Raises ValidationError with every rule that the password breaks."""
    rules.validate_password(password, member, PASSWORD_RULES)  # type: ignore[arg-type]


def member_by_mail(mail: str) -> Member | None:
    return Member.objects.filter(mail=folded(mail), withdrawn_at=None).select_related("joined").first()


# ---- リンクをもらう


def ask_registration(mail: str, *, back_to: str, address: str) -> None:
    """会員登録のメール. A member gets another mail instead; the screen says the same, after the same work."""
    _refuse_many_mails(mail, address)
    member = member_by_mail(mail)
    _send(member, mail, member_mails.ALREADY.code if member else member_mails.REGISTER.code, back_to=back_to)


def ask_reset(mail: str, *, address: str) -> None:
    """パスワードの再設定のメール; who is no member is told so by mail, not on the screen."""
    _refuse_many_mails(mail, address)
    member = member_by_mail(mail)
    _send(member, mail, member_mails.RESET.code if member else member_mails.UNKNOWN.code)


@transaction.atomic
def send_reset(member: Member, *, by: Staff) -> None:
    """店舗から再設定のリンクを送る. Nobody in the office sees the link."""
    if member.withdrawn_at:
        raise DomainError("退会した会員です。", way_out="新しく登録していただいてください。")
    _send(member, member.mail, member_mails.RESET.code)
    activity.record(member, "send_reset", by=by, summary="パスワード再設定のリンクを送りました")


@transaction.atomic
def _send(member: Member | None, mail: str, code: str, *, back_to: str = "") -> None:
    kind = Kind.RESET if member else Kind.REGISTER
    link = member_links.make(kind, mail=folded(mail), member=member, back_to=back_to)
    member_mails.send_link(code, link, name=member.name if member else "")


def _refuse_many_mails(mail: str, address: str) -> None:
    """Nobody's post box is filled from here. Counted whether the address is known or not."""
    to_one = tries.may_try(f"mail-to:{folded(mail)}", limit=MAILS_TO_ONE, window=tries.HOUR)
    from_one = tries.may_try(f"mail-from:{address}", limit=MAILS_FROM_ONE, window=tries.HOUR)
    if not (to_one and from_one):
        raise DomainError(
            "短い時間に何度もお手続きがありました。", way_out="1 時間ほどしてから、もう一度お試しください。"
        )


# ---- 登録


def register(token: str, profile: Profile, *, password: str, takes_news: bool) -> Member:
    """会員登録を終える with the link of the mail. Guest orders under this address are the member's from now on.

    Raises LinkOver. Whose customer was merged with that of another member (名寄せ) becomes a second way into the same page.
    """
    try:
        return _register(token, profile, password, takes_news)
    except IntegrityError as meanwhile:  # a second link of the same address was faster
        raise member_links.LinkOver from meanwhile


@transaction.atomic
def _register(token: str, profile: Profile, password: str, takes_news: bool) -> Member:
    mail = member_links.peek(token, Kind.REGISTER).mail
    member_links.spend(token, Kind.REGISTER)
    person = party.Person(profile.name, profile.kana, "", mail, profile.phone)
    customer_id = party.ensure_customers([person]).ids[person.identity]
    member = Member(mail=mail, customer_id=customer_id, password=make_password(password))
    member.joined = Member.objects.filter(customer_id=customer_id, joined=None, withdrawn_at=None).first()
    _tell_profile(member, profile)
    member.save(force_insert=True)
    consents.agree(member, takes_news=takes_news)
    activity.record(member, "register", by=None, summary="会員登録")
    return member


def _tell_profile(member: Member, profile: Profile) -> None:
    member.name, member.kana, member.phone = profile.name[:100], profile.kana[:100], profile.phone[:30]
    member.search_text = search_key(f"{member.name} {member.kana} {member.mail} {member.phone}")


@transaction.atomic
def change_profile(member: Member, profile: Profile) -> None:
    """お名前・電話番号を変える. Orders that exist keep what they say."""
    _tell_profile(member, profile)
    member.save(update_fields=["name", "kana", "phone", "search_text"])
    activity.record(member, "change", by=None, summary="お名前・電話番号を変更")


# ---- ログイン


def log_in(mail: str, password: str, *, address: str) -> Member:
    """ログイン. Raises LoginRefused, with the same words whether the address is unknown or the password wrong.

    The try is counted before the password is looked at, so that a thousand tries at one moment are a thousand.
    """
    key = folded(mail)
    pair = f"login:{key}|{address}"
    allowed = [
        tries.may_try(pair, limit=LOGIN_TRIES),
        tries.may_try(f"login-from:{address}", limit=ADDRESS_TRIES),
        tries.may_try(f"login-to:{key}", limit=MAIL_TRIES),
    ]
    if not all(allowed):
        raise LoginRefused(
            "ログインの失敗が続いたため、しばらくログインできません。",
            way_out="15 分ほどしてからお試しください。お忘れのときは、パスワードの再設定をご利用ください。",
            code="locked",
        )
    member = member_by_mail(mail)
    if not _fits(member, password):
        raise LoginRefused(
            "メールアドレスかパスワードが違います。", way_out="お確かめのうえ、もう一度入力してください。"
        )
    assert member is not None  # noqa: S101  (nobody's password fits nobody)
    tries.forget(pair)
    return member


def _fits(member: Member | None, password: str) -> bool:
    """Does it fit? As much work for nobody as for somebody."""
    if member is None:
        make_password(password)
        return False

    def renew(raw: str) -> None:
        Member.objects.filter(pk=member.pk).update(password=make_password(raw))

    return check_password(password, member.password, renew)


# ---- パスワード


@transaction.atomic
def reset_password(token: str, password: str) -> Member:
    """新しいパスワード by the link of the mail; every browser is logged out. Raises LinkOver."""
    link = member_links.spend(token, Kind.RESET)
    if link.member is None or link.member.withdrawn_at:
        raise member_links.LinkOver
    _set_password(link.member, password)
    tries.forget(f"login-to:{link.member.mail}")
    return link.member


def change_password(member: Member, *, old: str, new: str) -> None:
    """パスワードの変更. Raises LoginRefused when the old one is wrong."""
    refuse_wrong(member, old)
    _set_password(member, new)


def refuse_wrong(member: Member, password: str) -> None:
    """いまのパスワード. Raises LoginRefused; ten wrong ones in a quarter of an hour are enough.

    Called outside a transaction: what is rolled back was never counted.
    """
    if not tries.may_try(f"own:{member.pk}", limit=10) or not _fits(member, password):
        raise LoginRefused(
            "いまのパスワードが違います。", way_out="お確かめのうえ、もう一度入力してください。"
        )
    tries.forget(f"own:{member.pk}")


@transaction.atomic
def _set_password(member: Member, password: str) -> None:
    Member.objects.filter(pk=member.pk).update(password=make_password(password))
    MemberSession.objects.filter(member=member).delete()
    member.refresh_from_db(fields=["password"])
    activity.record(member, "change_password", by=None, summary="パスワードを変更")
    member_mails.tell(
        member_mails.PASSWORD_CHANGED.code,
        member,
        to=member.mail,
        mark=f"password:{clock.now().timestamp():.6f}",
    )


# ---- メールアドレスの変更


def ask_mail_change(member: Member, *, new: str, password: str, address: str) -> None:
    """新しいアドレスに確認のメールを送る. What belongs to another member is told to that one only."""
    refuse_wrong(member, password)
    _refuse_many_mails(new, address)
    owner = member_by_mail(new)
    if owner is not None:
        _send(owner, new, member_mails.ALREADY.code)
        return
    with transaction.atomic():
        link = member_links.make(Kind.MAIL, mail=folded(new), member=member)
        member_mails.send_link(member_mails.CHANGE_MAIL.code, link, name=member.name)


def change_mail(token: str) -> Member:
    """メールアドレスの変更を終える with the link in the new mail box; the old one is told. Raises LinkOver."""
    try:
        return _change_mail(token)
    except IntegrityError as taken:
        raise member_links.LinkOver from taken


@transaction.atomic
def _change_mail(token: str) -> Member:
    new = member_links.peek(token, Kind.MAIL).mail
    member = member_links.spend(token, Kind.MAIL).member
    if member is None or member.withdrawn_at:
        raise member_links.LinkOver
    old, member.mail = member.mail, new
    member.search_text = search_key(f"{member.name} {member.kana} {new} {member.phone}")
    member.save(update_fields=["mail", "search_text"])
    _tell_party(member)
    activity.record(
        member, "change_mail", by=None, summary="メールアドレスを変更（新しいアドレスで確認済み）"
    )
    mark = f"mail:{clock.now().timestamp():.6f}"
    member_mails.tell(member_mails.MAIL_CHANGED.code, member, to=old, mark=mark)
    return member


def _tell_party(member: Member) -> None:
    """Orders under the new address come to the same customer; where another has it already, the office decides (名寄せ)."""
    seen = {name: getattr(member.customer, name) for name in party.CONTACT}
    try:
        party.correct_customer(member.customer, by=None, seen=seen, **{**seen, "email": member.mail})
    except DomainError as refusal:
        activity.record(member, "same_person", by=None, summary=str(refusal)[:500])
