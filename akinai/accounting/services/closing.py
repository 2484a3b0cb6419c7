"""月締めの操作: a month is closed when nothing of it is left to do, and opened again by 店長 with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction

from akinai.accounting import services
from akinai.accounting.errors import MonthClosed, MonthNotReady
from akinai.accounting.models import ClosedMonth
from akinai.accounting.queries import checks, months
from akinai.accounting.rules.periods import months_back
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
def reopen(
    closed: ClosedMonth, *, reason: str, seen: Sequence[date] | None = None, by: Staff | None
) -> list[date]:
    """月締めを解く: this month and every later one, for a month is only open with all that follow it. Months before stay shut.

    `seen`: the months that were shown to the one who decides; refused when it is others by now. The rows of the closings
    stay as they were made. Out: the months that are open again, newest first.
    """
    if not reason.strip():
        raise MonthClosed("締めを解く理由がありません。", way_out="理由を書いてください。")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('akinai.books.close'))")
    opened = months.opened_with(closed.month)
    live = ClosedMonth.objects.filter(reopened_at=None)
    if not opened or not live.filter(pk=closed.pk).exists():
        raise MonthClosed("この月はもう開いています。", way_out="画面を開き直してください。")
    if seen is not None and sorted(seen, reverse=True) != opened:
        raise MonthClosed(
            "画面を開いたあとに、ほかの月が締められたか開けられました。", way_out="画面を開き直して、開く月を確かめてください。"
        )  # fmt: skip
    _keep_shut(months_back(closed.month, 1), since=closed)
    later = list(live.filter(month__gte=closed.month).order_by("-month"))
    live.filter(pk__in=[one.pk for one in later]).update(
        reopened_at=clock.now(), reopened_by=by, reason=reason.strip()[:300]
    )
    for one in later:
        together = "" if one.pk == closed.pk else f"（{closed.month:%Y/%m} と一緒に）"
        summary = f"{one.month:%Y/%m} の締めを解きました{together}: {reason.strip()}"
        activity.record(one, "reopen", by=by, summary=summary[:500])
    return opened


def _keep_shut(month: date, *, since: ClosedMonth) -> None:
    """The month before was shut by the closing that is undone, be it without a row of its own: it gets one, from that moment."""
    ClosedMonth.objects.get_or_create(
        month=month, reopened_at=None,
        defaults={
            "closed_by_id": since.closed_by_id, "closed_at": since.closed_at, "note": f"{since.month:%Y年%-m月}の締めと一緒に締めた月",
        },
    )  # fmt: skip
