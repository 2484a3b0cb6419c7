"""月締めの操作: a month is closed when nothing of it is left to do, and opened again by 店長 with a reason."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction

from akinai.accounting import services
from akinai.accounting.errors import MonthClosed, MonthNotReady
from akinai.accounting.models import ClosedMonth
from akinai.accounting.queries import checks
from akinai.accounting.rules.periods import next_month
from akinai.core import activity, clock
from akinai.core.business_days import month_end

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def get_ready(month: date) -> None:
    """締める前の記帳: everything of the month that is not in the books yet."""
    services.record_missing()
    services.post_upto(month_end(month))


@transaction.atomic
def close(month: date, *, by: Staff | None, note: str = "") -> ClosedMonth:
    """月を締める. From then on the database takes no row of it. What should be done but may stay needs a `note`.

    Raises MonthNotReady with what is left, MonthClosed when it is closed already or a later month is.
    """
    month = month.replace(day=1)
    if month_end(month) >= clock.today():
        raise MonthNotReady(
            f"{month:%Y年%-m月}はまだ終わっていません。", way_out="月が変わってから締めてください。"
        )
    get_ready(month)
    with connection.cursor() as cursor:
        # Alone: whoever is writing into the month ends first, whoever comes later finds it closed.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('akinai.books.close'))")
    _refuse_closed(month)
    found = checks.checks_of(month)
    if wrong := [one for one in found if one.count and one.must]:
        raise MonthNotReady(
            f"締められません。{wrong[0].title}が {wrong[0].count} 件あります。",
            way_out="一覧から片付けてください。",
        )
    if any(one.count for one in found) and not note.strip():
        raise MonthNotReady(
            "残っているものがあります。", way_out="残したまま締めるときは、その理由を書いてください。"
        )
    try:
        with transaction.atomic():
            made = ClosedMonth.objects.create(
                month=month, closed_by=by, note=note.strip()[:300], closed_at=clock.now(),
                checks=[{"title": one.title, "count": one.count, "yen": one.yen} for one in found],
            )  # fmt: skip
    except IntegrityError:
        raise MonthClosed(f"{month:%Y年%-m月}はすでに締めています。") from None
    activity.record(made, "close", by=by, summary=f"{month:%Y/%m} を締めました。{note.strip()}"[:500])
    return made


def _refuse_closed(month: date) -> None:
    later = ClosedMonth.objects.filter(reopened_at=None, month__gte=month).order_by("month").first()
    if later:
        raise MonthClosed(
            f"{later.month:%Y年%-m月}はすでに締めています。", way_out="次の月を締めてください。"
        )


@transaction.atomic
def reopen(closed: ClosedMonth, *, reason: str, by: Staff | None) -> ClosedMonth:
    """月締めを解く: only the last closed month, with a reason; the row of the closing stays as it was made."""
    if not reason.strip():
        raise MonthClosed("締めを解く理由がありません。", way_out="理由を書いてください。")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('akinai.books.close'))")
    live = ClosedMonth.objects.filter(reopened_at=None)
    if live.filter(month__gte=next_month(closed.month)).exists():
        raise MonthClosed("あとの月が締まっています。", way_out="新しい月から順に解いてください。")
    changed = live.filter(pk=closed.pk).update(
        reopened_at=clock.now(), reopened_by=by, reason=reason.strip()[:300]
    )
    if not changed:
        raise MonthClosed("この月はもう開いています。", way_out="画面を開き直してください。")
    activity.record(
        closed, "reopen", by=by, summary=f"{closed.month:%Y/%m} の締めを解きました: {reason.strip()}"[:500]
    )
    closed.refresh_from_db()
    return closed
