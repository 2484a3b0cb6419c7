"""要確認の規則: what staff wrote to stop or to mark orders, every wording of it, and how it did on past orders."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.orders.models.orders import Order
from akinai.orders.states import CheckAction, CheckOutcome


def _person(title: str) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=title
    )


class CheckRule(models.Model):
    """要確認の規則. `live` judges new orders, `draft` is being written; a built-in rule has neither, HoldRule switches it."""

    code = models.CharField("規則番号", max_length=30, unique=True)
    name = models.CharField("規則の名前", max_length=60)
    priority = models.PositiveSmallIntegerField("順番", default=100)
    is_built_in = models.BooleanField("組み込み", default=False)
    owner_role = models.CharField("担当", max_length=30, blank=True)
    limit_hours = models.PositiveSmallIntegerField("確認の期限（時間）", null=True, blank=True)
    live: models.ForeignKey[Any, Any] = models.ForeignKey(
        "orders.CheckRuleVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="使用中の版",
    )
    live_since = models.DateTimeField("使いはじめ", null=True, blank=True)
    draft: models.ForeignKey[Any, Any] = models.ForeignKey(
        "orders.CheckRuleVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="下書きの版",
    )
    created_at = models.DateTimeField("作成日時", default=clock.now)
    created_by = _person("作成者")

    class Meta:
        verbose_name = verbose_name_plural = "要確認の規則"
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="checkrule_named"),
            models.CheckConstraint(
                condition=Q(is_built_in=False) | Q(live=None, draft=None), name="checkrule_built_in_has_no_words"
            ),
            models.CheckConstraint(
                condition=Q(live=None, live_since=None) | Q(live__isnull=False, live_since__isnull=False),
                name="checkrule_live_since",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["priority", "id"], name="checkrule_priority")]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        """As the history names it."""
        return self.code


class CheckRuleVersion(models.Model):
    """規則の版: one wording, never changed. `condition` as `check_rules.to_json` writes it; `sentence` reads it back."""

    rule = models.ForeignKey(CheckRule, models.PROTECT, related_name="versions", verbose_name="規則")
    number = models.PositiveIntegerField("版")
    action = models.CharField("すること", max_length=10, choices=CheckAction, default=CheckAction.HOLD)
    condition = models.JSONField("条件")
    reason = models.CharField("止めたときの説明", max_length=200, blank=True)
    sentence = models.TextField("文")
    made_at = models.DateTimeField("作成日時", default=clock.now)
    made_by = _person("作成者")

    class Meta:
        verbose_name = verbose_name_plural = "規則の版"
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="checkruleversion_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="checkruleversion_from_one"),
        ]

    def __str__(self) -> str:
        return f"第{self.number}版"


class CheckBacktest(models.Model):
    """過去の受注での試し: one version, and beside it the one in force then, over the orders of a period."""

    version = models.ForeignKey(
        CheckRuleVersion, models.PROTECT, related_name="backtests", verbose_name="試す版"
    )
    against = models.ForeignKey(
        CheckRuleVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="比べる版"
    )
    first_on = models.DateField("はじめ")
    last_on = models.DateField("おわり")
    orders = models.PositiveIntegerField("受注", default=0)
    job = models.ForeignKey(
        "core.LongJob", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="処理"
    )
    at = models.DateTimeField("日時", default=clock.now)
    by = _person("担当者")
    finished_at = models.DateTimeField("終了日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "過去の受注での試し"
        constraints = [
            models.CheckConstraint(condition=Q(first_on__lte=F("last_on")), name="checkbacktest_days")
        ]

    def __str__(self) -> str:
        return f"{self.first_on}〜{self.last_on}"


class CheckBacktestHit(models.Model):
    """試しに掛かった受注: stopped by the new version, by the old one, or by both; and what became of the order."""

    backtest = models.ForeignKey(CheckBacktest, models.CASCADE, related_name="hits", verbose_name="試し")
    order = models.ForeignKey(Order, models.PROTECT, related_name="+", verbose_name="受注")
    by_new = models.BooleanField("試す版")
    by_old = models.BooleanField("比べる版", default=False)
    outcome = models.CharField("その後", max_length=10, choices=CheckOutcome)
    reason = models.CharField("説明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "試しに掛かった受注"
        constraints = [
            models.UniqueConstraint(fields=["backtest", "order"], name="checkbacktesthit_once"),
            models.CheckConstraint(
                condition=Q(by_new=True) | Q(by_old=True), name="checkbacktesthit_is_a_hit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.backtest_id}/{self.order_id}"


class CheckWarning(models.Model):
    """注意: a rule drew attention to the order, which goes on all the same."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="warnings", verbose_name="受注")
    rule = models.CharField("規則", max_length=30)
    title = models.CharField("規則の名前", max_length=60, blank=True)
    version = models.ForeignKey(
        CheckRuleVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="規則の版"
    )
    reason = models.CharField("内容", max_length=300)
    raised_at = models.DateTimeField("発生日時", default=clock.now)
    seen_at = models.DateTimeField("確認日時", null=True, blank=True)
    seen_by = _person("確認した人")

    class Meta:
        verbose_name = verbose_name_plural = "注意"
        constraints = [
            models.UniqueConstraint(
                fields=["order", "rule"], condition=Q(seen_at__isnull=True), name="checkwarning_once_per_rule"
            )
        ]
        indexes = [models.Index(fields=["rule", "raised_at"], name="checkwarning_rule")]

    def __str__(self) -> str:
        return self.reason
