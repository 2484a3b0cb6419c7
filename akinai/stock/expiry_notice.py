"""期限のお知らせ: which lots come near their last day, by mail to the shop itself. Nothing is written off here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from akinai.catalog import queries as catalog
from akinai.core import clock, mail
from akinai.core.models import OutgoingMail
from akinai.party import queries as party
from akinai.stock import queries
from akinai.stock.models import LotLevel
from akinai.ui.formats import jdate

# Told again each time one of these many days is left; in between nobody reads the same list every morning.
MARKS = (queries.SOON_DAYS, 14, 7, 3, 1, 0, -1)
MOST = 200


@transaction.atomic
def tell() -> OutgoingMail | None:
    """One mail a day at most, to the address in 自社情報; None when no lot reaches a mark or there is no address."""
    company, today = party.company(), clock.today()
    lots = queries.lots_by_date(until=today + timedelta(days=queries.SOON_DAYS))
    reached = [lot for lot in lots if _left(lot, today) in MARKS]
    if not reached or not company.email:
        return None
    subject = f"【期限】{len(reached):,} ロットの出荷期限が近づいています"
    return mail.enqueue(
        to=company.email, subject=subject, body=_body(reached, today), key=f"expiry:{today:%Y-%m-%d}"
    )


def _left(row: LotLevel, today: date) -> int | None:
    return (row.lot.ships_until - today).days if row.lot.ships_until else None


def _body(rows: Sequence[LotLevel], today: date) -> str:
    lines = [_line(row, today) for row in rows[:MOST]]
    more = [f"ほか {len(rows) - MOST:,} ロット"] if len(rows) > MOST else []
    way_out = (
        "期限の過ぎた商品は引当も出荷もされません。廃棄は「ロット・期限」の画面で、人が確かめて行います。"
    )
    return "\n".join(
        [f"{jdate(today)} の時点で、出荷できる日が残り少ないロットです。", "", *lines, *more, "", way_out]
    )


def _line(row: LotLevel, today: date) -> str:
    left = _left(row, today) or 0
    when = f"あと {left} 日" if left > 0 else "今日まで" if left == 0 else "出荷できません"
    sku = catalog.row_of(row.lot.sku)
    return (
        f"・{when}（{jdate(row.lot.ships_until)}）　{sku.code} {sku.title}　ロット {row.lot.code}　"
        f"{row.location.name} {row.on_hand:,} 点"
    )
