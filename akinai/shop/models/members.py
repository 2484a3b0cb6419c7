"""会員: who may log in to the shop, how often somebody tried, the links sent by mail, and what was agreed to."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.core.search import grams_field

LIVE = Q(withdrawn_at=None)


class Member(models.Model):
    """会員. Not staff: a member's session opens no screen of the office. A row is there once the mail address is proven.

    `joined`: of two members whose customers became one (名寄せ) the one that went on; both ways of logging in lead there.
    A member who left keeps an empty row, so that the ledger of consents still names somebody.
    """

    customer = models.ForeignKey(
        "party.Customer", models.PROTECT, related_name="+", verbose_name="顧客", db_index=False
    )
    mail = models.CharField("メールアドレス", max_length=254, blank=True)
    name = models.CharField("お名前", max_length=100, blank=True)
    kana = models.CharField("フリガナ", max_length=100, blank=True)
    phone = models.CharField("電話番号", max_length=30, blank=True)
    password = models.CharField("パスワード", max_length=128, blank=True, editable=False)
    takes_news = models.BooleanField("お知らせメール", default=False)
    created_at = models.DateTimeField("入会日時", default=clock.now)
    verified_at = models.DateTimeField("メール確認日時", default=clock.now)
    last_login_at = models.DateTimeField("最後のログイン", null=True, blank=True)
    joined = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="joined_from", verbose_name="統合先"
    )
    withdrawn_at = models.DateTimeField("退会日時", null=True, blank=True)
    search_text = models.TextField(blank=True, default="", editable=False)
    search_grams = grams_field()

    class Meta:
        verbose_name = verbose_name_plural = "会員"
        permissions = [
            ("export_member", "会員の一覧を書き出せる"),
            ("send_reset_member", "会員にパスワード再設定のリンクを送れる"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["mail"], condition=LIVE, name="member_mail_once"),
            models.UniqueConstraint(
                fields=["customer"], condition=LIVE & Q(joined=None), name="member_one_per_customer"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) & ~Q(mail="") & ~Q(password="")
                | Q(
                    withdrawn_at__isnull=False,
                    mail="",
                    name="",
                    kana="",
                    phone="",
                    password="",
                    search_text="",
                ),
                name="member_leaves_nothing_behind",
            ),
            models.CheckConstraint(condition=~Q(joined=F("pk")), name="member_not_into_itself"),
        ]
        indexes = [
            models.Index(fields=["customer"], name="member_customer"),
            models.Index(fields=["-created_at", "-id"], name="member_created"),
            GinIndex(fields=["search_grams"], name="member_search"),
        ]

    def __str__(self) -> str:
        return self.name or f"会員 {self.pk}"

    @property
    def number(self) -> str:
        """Named in histories; never the mail address."""
        return f"M-{self.pk}"


class MemberSession(models.Model):
    """ログイン中の端末. The cookie holds a secret, this row its fingerprint; made anew at each login."""

    digest = models.CharField("指紋", max_length=64, unique=True)
    member = models.ForeignKey(Member, models.CASCADE, related_name="sessions", verbose_name="会員")
    began_at = models.DateTimeField("ログイン日時", default=clock.now)
    ends_at = models.DateTimeField("期限", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "会員のログイン"

    def __str__(self) -> str:
        return f"{self.member_id}"


class MemberLink(models.Model):
    """メールで送るリンク: signed, for a while, good once. What it was sent to is forgotten when it is over."""

    class Kind(models.TextChoices):
        REGISTER = "register", "会員登録"
        RESET = "reset", "パスワードの再設定"
        MAIL = "mail", "メールアドレスの変更"

    kind = models.CharField("種類", max_length=10, choices=Kind)
    member = models.ForeignKey(
        Member, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="会員"
    )
    mail = models.CharField("宛先", max_length=254, blank=True)
    next = models.CharField("戻り先", max_length=300, blank=True)
    made_at = models.DateTimeField("作成日時", default=clock.now)
    ends_at = models.DateTimeField("期限", db_index=True)
    used_at = models.DateTimeField("使用日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "会員へのリンク"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Consent(models.Model):
    """同意の記録: what a member agreed to or took back, when and where. Append-only, and names nobody by mail."""

    class Kind(models.TextChoices):
        NEWS = "news", "お知らせメール"
        TERMS = "terms", "会員規約"
        PRIVACY = "privacy", "個人情報の取り扱い"

    class Source(models.TextChoices):
        REGISTRATION = "registration", "会員登録"
        MYPAGE = "mypage", "マイページ"
        LINK = "link", "メールの配信停止"
        WITHDRAWAL = "withdrawal", "退会"
        OFFICE = "office", "店舗"

    member = models.ForeignKey(Member, models.PROTECT, related_name="consents", verbose_name="会員")
    kind = models.CharField("種類", max_length=10, choices=Kind)
    is_given = models.BooleanField("同意")
    version = models.CharField("版", max_length=20, blank=True)
    source = models.CharField("どこで", max_length=14, choices=Source)
    at = models.DateTimeField("日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "同意の記録"
        indexes = [models.Index(fields=["member", "-id"], name="consent_member")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {'○' if self.is_given else '×'}"


class MemberTerms(models.Model):
    """会員の決まり, one row: versions of what is agreed to, and what members may do by themselves."""

    terms_version = models.CharField("会員規約の版", max_length=20, default="1")
    privacy_version = models.CharField("個人情報の取り扱いの版", max_length=20, default="1")
    valued_yen = models.PositiveIntegerField(
        "お得意様とする購入額（1 年間）",
        default=50_000,
        db_default=50_000,
        help_text="この 1 年のお買い上げがこの額以上の会員に、ページの「お得意様」向けの内容を見せます。0 なら、だれにも見せません。",
    )
    return_days = models.PositiveSmallIntegerField(
        "返品を受け付ける日数",
        default=8,
        help_text="お届け（分からなければ発送）の日から数えます。0 なら、マイページからは受け付けません。",
    )
    may_cancel = models.BooleanField(
        "マイページからのキャンセル", default=True, help_text="発送の準備が始まるまで、お客様が取り消せます。"
    )

    class Meta:
        verbose_name = verbose_name_plural = "会員の決まり"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="memberterms_one_row"),
            models.CheckConstraint(condition=Q(return_days__lte=365), name="memberterms_return_days"),
        ]

    def __str__(self) -> str:
        return "会員の決まり"


class TermsText(models.Model):
    """会員規約の文 of one version. Append-only: a consent names a version, and its words must be there for good."""

    version = models.CharField("版", max_length=20, unique=True)
    text = models.TextField("文")
    at = models.DateTimeField("決めた日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "会員規約の文"

    def __str__(self) -> str:
        return f"第{self.version}版"
