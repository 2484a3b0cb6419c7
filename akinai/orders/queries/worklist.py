"""受注一覧: what the list annotates, filters by and says of each order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.expressions import RawSQL

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.orders import rules, waiting
from akinai.orders.models import CheckRule, CheckWarning, Hold, Order, OrderChange, OrderIssue, OrderLine
from akinai.orders.states import NOT_LEFT, OrderState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

# What waiting orders lack, as words: 「TEA-001 あと2点」, of a set the parts. Looked up for 引当待ち alone.
SHORT = RawSQL(
    """(SELECT array_agg(s.code || ' あと' || (l.quantity * coalesce(r.per_set, 1) - coalesce(r.quantity, 0)) || '点'
      ORDER BY l.line_no, s.code)
    FROM orders_orderline l
    LEFT JOIN stock_reservation r ON r.reference = orders_order.number || '/' || l.line_no
      AND coalesce(r.set_sku_id, r.sku_id) = l.sku_id AND r.state <> 'released'
    JOIN catalog_sku s ON s.id = coalesce(r.sku_id, l.sku_id)
    WHERE orders_order.state = 'awaiting_stock' AND l.order_id = orders_order.id
      AND coalesce(r.quantity, 0) < l.quantity * coalesce(r.per_set, 1))""",
    [],
    output_field=ArrayField(TextField()),
)

# 発売日 that the order still waits for, the latest of its goods and of the parts of its sets.
RELEASE_ON = RawSQL(
    """(SELECT max(s.release_on) FROM orders_orderline l
    JOIN catalog_sku s ON s.release_on > (now() AT TIME ZONE 'Asia/Tokyo')::date
    WHERE orders_order.state = 'awaiting_stock' AND l.order_id = orders_order.id AND l.quantity > l.instructed
      AND (s.id = l.sku_id OR EXISTS (SELECT FROM catalog_setpart p WHERE p.set_sku_id = l.sku_id AND p.part_sku_id = s.id)))""",
    [],
    output_field=DateField(),
)

# 保留の期限, the earliest of the holds that are open.
HOLD_DUE = Subquery(
    Hold.objects.filter(order=OuterRef("pk"), released_at=None, due_at__isnull=False)
    .order_by("due_at")
    .values("due_at")[:1]
)

# のし・ラッピング: as the buyer wrote it, or chosen for a line.
IS_GIFT = ~Q(gift_note="") | Q(
    Exists(OrderLine.objects.filter(order=OuterRef("pk"), quantity__gt=0).exclude(gift={}))
)

HAS_ISSUE = Exists(OrderIssue.objects.filter(order=OuterRef("pk"), resolved_at=None))

HAS_WARNING = Exists(CheckWarning.objects.filter(order=OuterRef("pk"), seen_at=None))

HAS_CHANGE = Exists(OrderChange.objects.filter(order=OuterRef("pk"), state=OrderChange.State.PENDING))


def rule_choices() -> list[tuple[str, str]]:
    """(code, title) of everything that may hold an order. One query."""
    named = list(CheckRule.objects.order_by("priority", "pk").values_list("code", "name"))
    return [*named, *rules.UNWRITTEN.items()]


def held_by(codes: Sequence[str]) -> Exists:
    """保留中: one of these rules holds the order now."""
    return Exists(Hold.objects.filter(order=OuterRef("pk"), released_at=None, rule__in=list(codes)))


def asked_about(codes: Sequence[str]) -> Exists:
    """例外のある受注: an open exception of one of these kinds."""
    open_ones = OrderIssue.objects.filter(order=OuterRef("pk"), resolved_at=None, code__in=list(codes))
    return Exists(open_ones)


SKUS_LOOKED_AT = 500


def with_goods(text: str) -> Exists:
    """商品のある受注. The goods are looked up first, so that the planner knows whether they are rare or in every order."""
    found = catalog.search_skus(text).order_by("pk").values_list("pk", flat=True)
    few = list(found[: SKUS_LOOKED_AT + 1])
    skus: Any = few if len(few) <= SKUS_LOOKED_AT else found.order_by()
    lines = OrderLine.objects.filter(order=OuterRef("pk"))
    return Exists(lines.filter(Q(sku_id__in=skus) | Q(sku_code__istartswith=text)))


def overdue(today: date) -> Q:
    """入金期限切れ: waits for money that should have come."""
    return Q(state=OrderState.AWAITING_PAYMENT, payment_due_on__lt=today)


def hold_overdue(now: datetime) -> Exists:
    """保留の期限切れ: held beyond the time by which somebody wanted to decide."""
    return Exists(Hold.objects.filter(order=OuterRef("pk"), released_at=None, due_at__lt=now))


def late(today: date) -> Q:
    """出荷期限切れ: ought to have left and has not."""
    return Q(state__in=NOT_LEFT, ship_by__lt=today)


def orders_seen_by(user: Staff | AnonymousUser) -> QuerySet[Order]:
    """Orders this person may see: all of them with the permission, none without."""
    return Order.objects.all() if user.has_perm("orders.view_order") else Order.objects.none()


def for_list(user: Staff | AnonymousUser) -> QuerySet[Order]:
    """Orders with what a list row shows: channel, open holds and issues, what is short; one query."""
    return _annotated(orders_seen_by(user).select_related("channel"))


def _annotated(orders: QuerySet[Order]) -> QuerySet[Order]:
    """The orders with everything `why_waiting` asks for."""
    holds = Hold.objects.filter(order=OuterRef("pk"), released_at=None).order_by("pk")
    issues = OrderIssue.objects.filter(order=OuterRef("pk"), resolved_at=None).order_by("pk")
    return orders.annotate(
        hold_rules=ArraySubquery(holds.values("rule")),
        hold_reasons=ArraySubquery(holds.values("reason")),
        hold_due=HOLD_DUE,
        issue_messages=ArraySubquery(issues.values("message")),
        has_change=HAS_CHANGE,
        short=SHORT,
        release_on=RELEASE_ON,
    )


def why_waiting(order: Order) -> waiting.Waiting:
    """なぜ待っているか and the one act that frees the order. Uses what `for_list` annotated, else asks for it."""
    if not hasattr(order, "issue_messages"):
        order = _annotated(Order.objects.select_related("channel")).get(pk=order.pk)
    noted: Any = order
    found = waiting.Open(
        issues=noted.issue_messages,
        holds=list(zip(noted.hold_rules, noted.hold_reasons, strict=True)),
        has_change=noted.has_change,
        short=noted.short or (),
        release_on=noted.release_on,
        hold_due=noted.hold_due if noted.hold_due and noted.hold_due < clock.now() else None,
    )
    return waiting.why(order, found, today=clock.today())
