"""見本のお客様の声: marks that customers gave, replies that a second person looked at, and what is more than usual."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from akinai.core import clock
from akinai.flows.demo import desk
from akinai.support import queries, services
from akinai.support.services import alarms, csat, grading, voice

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop
    from akinai.staff.models import Staff
    from akinai.support.models import Ticket

# (facts right, order right, tone, speed, words) of the replies that were looked at, one after the other.
SHEETS = (
    (True, True, 5, 5, ""),
    (True, None, 4, 3, "翌日の返事になるなら、先に受付のお知らせを。"),
    (False, True, 4, 5, "転送料は運送会社により異なります。"),
)


def ask_customers(by: Staff) -> None:
    """満足度 is asked an hour after a matter is solved; four replies a week are looked at."""
    row = voice.settings()
    row.asks_customers, row.ask_after_hours, row.sample_size = True, 1, 4
    services.keep(row, by=by)


def answer(ticket: Ticket, at: datetime, score: int, words: str) -> None:
    """The question leaves, and the customer answers."""
    with clock.told(at):
        desk.send_mails()
        row = getattr(queries.by_number(ticket.number), "csat", None)
        if row is not None:
            csat.answer(row, score, words)


def grade(shop: Shop, now: datetime) -> None:
    """返信の点検: the week before last was looked at by the 店長, last week's replies wait."""
    ito = shop.team.ito
    with clock.told(now - timedelta(days=7)):
        earlier = grading.draw(clock.today())
        for row, (facts, order, tone, speed, words) in zip(earlier, SHEETS, strict=False):
            grading.grade(row, grading.Sheet(facts, order, tone, speed, words), by=ito)
    with clock.told(now - timedelta(minutes=9)):
        grading.draw(clock.today())


def count(shop: Shop) -> None:
    """What tickets took, and what is asked about more than usual: the batch waits for the 店長, the carrier was looked at."""
    voice.measure_due()
    for spike in alarms.watch(shop.today):
        if spike.kind == "carrier":
            alarms.see(spike, "フィナンシェの件が重なったため。配送の遅れは増えていない。", by=shop.team.ito)
