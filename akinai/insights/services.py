"""漏れの記録と知らせ: who looks after what, a row per day, and a mail where something sits longer than its limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection, transaction

from akinai.core import activity, clock, mail
from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.insights.ageing import USUAL, Aged, aged
from akinai.insights.models import LeakLimit, LeakSnapshot
from akinai.party import queries as party
from akinai.ui.formats import jdate

if TYPE_CHECKING:
    from akinai.core.models import OutgoingMail
    from akinai.staff.models import Staff

MOST_DAYS = 365


@transaction.atomic
def set_limit(
    leak: str, *, limit_days: int, role: str, owner: Staff | None, is_mailed: bool, by: Staff | None
) -> LeakLimit:
    """担当と期限を決める. Raises DomainError for an unknown leak or a limit beyond a year."""
    if leak not in USUAL or not 0 <= limit_days <= MOST_DAYS:
        raise DomainError(
            "期限が正しくありません。", way_out=f"0 から {MOST_DAYS} までの日数を入力してください。"
        )
    row, _made = LeakLimit.objects.update_or_create(
        leak=leak, defaults={"limit_days": limit_days, "role": role, "owner": owner, "is_mailed": is_mailed}
    )
    activity.record(row, "set_limit", by=by, summary=f"{leak}: {owner or role} {limit_days} 日")
    return row


@transaction.atomic
def take_snapshot(today: date | None = None) -> list[Aged]:
    """漏れの日次記録: what this day found. Run again it says the later state of the same day; other days stay."""
    day = today or clock.today()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('insights.take_snapshot'))")
    found = aged(day)
    LeakSnapshot.objects.filter(on=day).delete()
    LeakSnapshot.objects.bulk_create(
        [
            LeakSnapshot(
                on=day, leak=one.leak.name, channel_id=part.channel_id, count=part.count, yen=part.yen, late=part.late,
                oldest_days=part.days,
            )
            for one in found for part in one.parts
        ]
    )  # fmt: skip
    return found


@transaction.atomic
def tell_late(found: Sequence[Aged], *, today: date | None = None) -> list[OutgoingMail]:
    """期限超過のお知らせ: one mail a day to each owner (to the shop's own address where nobody is named)."""
    day, company = today or clock.today(), party.company()
    by_address: dict[str, list[Aged]] = defaultdict(list)
    for one in found:
        if one.late and one.is_mailed:
            by_address[(one.owner.email if one.owner else "") or company.email].append(one)
    made = []
    for address, leaks in sorted(by_address.items()):
        if mail.is_address(address):
            late = sum(one.late for one in leaks)
            subject = f"【漏れチェック】期限を過ぎたものが {late:,} 件あります"
            made.append(
                mail.enqueue(
                    to=address, subject=subject, body=_body(leaks, day), key=f"leaks:{day:%Y-%m-%d}:{address}"
                )
            )
    return made


def _body(leaks: Sequence[Aged], day: date) -> str:
    lines = [
        f"・{one.leak.title}　{one.late:,} 件が期限 {one.limit_days} 日を超過（全 {one.count:,} 件 {yen(one.yen)}、最長 {one.days} 日）担当 {one.who}"
        for one in leaks
    ]
    return "\n".join(
        [
            f"{jdate(day)} の漏れチェックで、期限を過ぎたものです。",
            "",
            *lines,
            "",
            "ホームの「漏れチェック」から、それぞれの一覧を開けます。",
        ]
    )
