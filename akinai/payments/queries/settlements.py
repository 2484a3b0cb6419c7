"""入金精算の照会, and the one number that must be 0: yen that nothing explains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Abs, Coalesce
from django.urls import reverse

from akinai.payments.models import (
    BankLineStatus,
    PayoutTerms,
    Settlement,
    SettlementLineStatus,
    SettlementStatus,
)
from akinai.payments.settlement_states import LineState, SettlementState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

    type Person = Staff | AnonymousUser

LIVE = Q(status__state=SettlementState.LIVE)
# The four parts of 説明のつかない金額, each (how many, yen) up to a day. Said once, for the first screen, 月締め and the lists.
LINES = """
SELECT count(*), coalesce(sum(abs(l.yen)), 0) FROM payments_settlementlinestatus l
JOIN payments_settlementstatus t ON t.settlement_id = l.settlement_id AND t.state = 'live'
JOIN payments_settlement s ON s.id = l.settlement_id WHERE l.state = 'open' AND s.paid_on <= %(last)s
"""
NOT_AT_BANK = """
SELECT count(*), coalesce(sum(s.net_yen), 0) FROM payments_settlementstatus t JOIN payments_settlement s ON s.id = t.settlement_id
WHERE t.state = 'live' AND t.bank_line_id IS NULL AND s.net_yen > 0 AND s.paid_on <= %(last)s
"""
# Deposits of providers, by what a person said or by how they are signed, less what settlements account for.
DEPOSITS_OF_PROVIDERS = """
SELECT b.line_id, b.amount_yen - coalesce(u.yen, 0) AS yen FROM payments_banklinestatus b
JOIN payments_bankline k ON k.id = b.line_id
LEFT JOIN (SELECT bank_line_id, sum(bank_yen) AS yen FROM payments_settlementstatus
  WHERE state = 'live' AND bank_line_id IS NOT NULL GROUP BY 1) u ON u.bank_line_id = b.line_id
WHERE b.returned_by_id IS NULL AND b.amount_yen > coalesce(u.yen, 0) AND (
  (b.state = 'set_aside' AND b.aside_reason = 'settlement') OR (b.state IN ('open', 'proposed') AND EXISTS (
    SELECT FROM payments_payoutterms p CROSS JOIN LATERAL jsonb_array_elements_text(p.payers) AS n(name)
    WHERE length(n.name) >= 4 AND length(k.payer_key) >= 4
      AND (starts_with(k.payer_key, n.name) OR starts_with(n.name, k.payer_key)))))
"""
DEPOSITS = f"""
SELECT count(*), coalesce(sum(d.yen), 0) FROM ({DEPOSITS_OF_PROVIDERS}) d JOIN payments_bankline b ON b.id = d.line_id
WHERE b."on" <= %(last)s
"""
# From the first settlement of a provider on, each order it pays for should be paid so many days after it has left.
OVERDUE_ORDERS = """
SELECT o.id AS order_id, p.id AS provider_id, o.total_yen - o.paid_yen - coalesce(c.yen, 0) AS yen,
  (o.shipped_at AT TIME ZONE 'Asia/Tokyo')::date AS shipped_on
FROM payments_payoutterms p
JOIN (SELECT s.provider_id, min(coalesce(s.since, s.paid_on)) AS first FROM payments_settlement s
  JOIN payments_settlementstatus t ON t.settlement_id = s.id AND t.state = 'live'
  WHERE NOT starts_with(s.payout_no, 'BANK-') GROUP BY 1) f ON f.provider_id = p.id
JOIN orders_order o ON o.state IN ('shipped', 'completed') AND o.total_yen > o.paid_yen AND o.amounts_known
  AND o.shipped_at >= f.first::timestamp AT TIME ZONE 'Asia/Tokyo'
  AND o.shipped_at < (%(last)s::date - p.due_days)::timestamp AT TIME ZONE 'Asia/Tokyo'
JOIN channels_channel h ON h.id = o.channel_id
LEFT JOIN (SELECT n.order_id, sum(n.total_yen) - coalesce(max(w.yen), 0) AS yen FROM billing_creditnote n
  LEFT JOIN (SELECT order_id, sum(amount_yen) AS yen FROM payments_payment WHERE source = 'credit_note' GROUP BY 1) w
    ON w.order_id = n.order_id GROUP BY 1) c ON c.order_id = o.id
WHERE o.total_yen - o.paid_yen > coalesce(c.yen, 0) AND CASE p.finds
  WHEN 'channel' THEN h.kind = p.covers AND o.payment IN ('card', 'wallet', 'mall', 'convenience', 'deferred')
  WHEN 'request' THEN EXISTS (SELECT FROM payments_paymentrequest r WHERE r.order_id = o.id
    AND r.state IN ('captured', 'partly_refunded') AND (r.provider = p.title OR starts_with(lower(r.provider), p.code)))
  ELSE o.payment = 'cod' AND EXISTS (SELECT FROM shipping_shipment x JOIN shipping_parcel y ON y.shipment_id = x.id
    WHERE x.order_id = o.id AND y.carrier = p.covers) END
"""
OVERDUE = f"SELECT count(*), coalesce(sum(yen), 0) FROM ({OVERDUE_ORDERS}) x"


@dataclass(frozen=True, slots=True)
class Part:
    """説明のつかない金額の 1 つ: what it is, how many and how much, and where it is worked off."""

    name: str
    title: str
    note: str
    count: int
    yen: int
    url: str


@dataclass(frozen=True, slots=True)
class Unexplained:
    """説明のつかない金額."""

    parts: tuple[Part, ...]

    @property
    def yen(self) -> int:
        return sum(part.yen for part in self.parts)

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)


PARTS = (
    ("lines", "説明のつかない精算明細", "受注に結び付けるか、科目を選びます", LINES, "payments:settlement_lines", "tab=open"),
    ("not_at_bank", "銀行で見えない精算", "入金明細に結び付けます", NOT_AT_BANK, "payments:settlements", "tab=waiting"),
    ("deposits", "精算のない入金", "精算のファイルを取り込むか、科目を選びます", DEPOSITS, "payments:payout_deposits", ""),
    ("overdue", "入金予定を過ぎた受注", "支払元の精算に含まれているか確かめます", OVERDUE, "payments:payout_overdue", ""),
)  # fmt: skip


def unexplained(today: date) -> Unexplained:
    """説明のつかない金額 as of today. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT * FROM ({one[3]}) p" for one in PARTS), {"last": today})
        found = cursor.fetchall()
    return Unexplained(
        tuple(
            Part(name, title, note, count, int(yen), f"{reverse(url)}{f'?{query}' if query else ''}")
            for (name, title, note, _sql, url, query), (count, yen) in zip(PARTS, found, strict=True)
        )
    )


def has_settlements() -> bool:
    """Is the shop's money from providers followed at all?"""
    return SettlementStatus.objects.filter(state=SettlementState.LIVE).exists()


def settlements_seen_by(user: Person) -> QuerySet[Any]:
    """精算 with what a list shows: what is open in each, and its bank line."""
    open_lines = Q(line_statuses__state=LineState.OPEN, status__state=SettlementState.LIVE)
    rows = Settlement.objects.select_related("provider", "channel", "status__bank_line").annotate(
        open_count=Count("line_statuses", filter=open_lines),
        open_yen=Coalesce(Sum(Abs("line_statuses__yen"), filter=open_lines), 0),
    )
    return rows if user.has_perm("payments.view_settlement") else rows.none()


def lines_of_settlements(user: Person) -> QuerySet[SettlementLineStatus]:
    """精算明細 with settlement, order and provider."""
    rows = SettlementLineStatus.objects.select_related(
        "line", "settlement__provider", "settlement__status", "order", "payment", "by"
    )
    return rows if user.has_perm("payments.view_settlement") else rows.none()


def payout_deposits(user: Person) -> QuerySet[Any]:
    """精算のない入金: deposits of providers that no settlement accounts for."""
    with connection.cursor() as cursor:
        cursor.execute(DEPOSITS_OF_PROVIDERS)
        found = [pk for pk, _yen in cursor.fetchall()]
    rows = (
        BankLineStatus.objects.filter(pk__in=found)
        .select_related("line__account")
        .annotate(left=F("amount_yen") - Coalesce(Sum("line__settlements__bank_yen"), 0))
    )
    return rows if user.has_perm("payments.view_settlement") else rows.none()


def overdue_orders(today: date) -> dict[int, tuple[int, int, date]]:
    """入金予定を過ぎた受注: order → (provider, yen, shipped on)."""
    with connection.cursor() as cursor:
        cursor.execute(OVERDUE_ORDERS, {"last": today})
        return {pk: (provider, int(yen), on) for pk, provider, yen, on in cursor.fetchall()}


def provider_of(payer_key: str) -> PayoutTerms | None:
    """The provider who signs his transfers so, where only one does."""
    found = [
        terms
        for terms in PayoutTerms.objects.all()
        if any(
            len(name) >= 4
            and len(payer_key) >= 4
            and (payer_key.startswith(name) or name.startswith(payer_key))
            for name in terms.payers
        )
    ]
    return found[0] if len(found) == 1 else None


def lines_of_order(order_id: int) -> QuerySet[SettlementLineStatus]:
    """精算明細 of one order, newest first."""
    return (
        SettlementLineStatus.objects.filter(order_id=order_id, settlement__status__state=SettlementState.LIVE)
        .select_related("line", "settlement__provider")
        .order_by("-line_id")
    )


def settlement_of_line(line_id: int) -> QuerySet[SettlementStatus]:
    """精算 that account for one deposit."""
    return SettlementStatus.objects.filter(bank_line=line_id).select_related("settlement__provider")
