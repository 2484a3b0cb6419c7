"""保存期間 of orders: when the law wants the papers no longer, who bought goes; what was bought and for how much stays."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from akinai.core.intake.models import IntakeFile
from akinai.orders.erasing import of_orders, of_past_orders
from akinai.orders.models import Order, Subscription
from akinai.orders.states import OrderState, Progress, SubscriptionState
from akinai.party import erasing, keeping
from akinai.party.erasing import GONE
from akinai.party.intake_files import OVER
from akinai.party.ports import Timer, register_need, register_timer


def _past(before: datetime) -> QuerySet[Order]:
    """Finished orders, paid or cancelled, whose papers the law wants no longer."""
    is_paid = Q(paid_yen__gte=F("total_yen")) | Q(payment_settled=True) | Q(shipped_outside=True)
    finished = (
        Q(state=OrderState.CANCELLED) | Q(state__in=[OrderState.SHIPPED, OrderState.COMPLETED]) & is_paid
    )
    return (
        Order.objects.filter(
            finished, ordered_at__lt=before, ordered_at__date__lt=keeping.papers_needed_from()
        )
        .exclude(buyer_name=GONE)
        .exclude(payment_progress=Progress.EXCEPTION)
    )


def _blank(rows: QuerySet[Order]) -> None:
    for share in [*of_orders(rows), *of_past_orders(rows)]:
        erasing.take(share)


def _shown(before: datetime) -> QuerySet[IntakeFile]:
    rows = IntakeFile.objects.filter(state__in=OVER, created_at__lt=before)
    return rows.exclude(preview={}, errors=[])


def _forget_shown(rows: QuerySet[IntakeFile]) -> None:
    rows.update(preview={}, errors=[])


def _named() -> Exists:
    return Exists(Order.objects.filter(customer=OuterRef("pk")).exclude(buyer_name=GONE))


def _subscribed() -> Exists:
    return Exists(Subscription.objects.filter(customer=OuterRef("pk")).exclude(state=SubscriptionState.ENDED))


def register() -> None:
    register_need(_named)
    register_need(_subscribed)
    register_timer(Timer("orders", "受注の氏名・連絡先・住所・備考", "帳簿書類の保存期間が過ぎたもの。期間の中では消えません（個人情報保護法 第22条）", 3650, _past, _blank))  # fmt: skip
    register_timer(Timer("intake_previews", "取込の画面に見せた内容", "元のファイルは電子取引データとして残ります（個人情報保護法 第22条）", 180, _shown, _forget_shown))  # fmt: skip
