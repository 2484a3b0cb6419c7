"""見本の応対: two months of letters and calls, complaints, answers for all, marks and grades; all at moments that have passed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from akinai.core import clock
from akinai.flows.demo import desk
from akinai.flows.demo.support import answers, complaints, marks, today, weeks
from akinai.flows.demo.support.letters import Buyers
from akinai.support import services
from akinai.support.services import deeds, usual

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop


def begin(shop: Shop, now: datetime) -> None:
    """The desk as it was set up on the first day: promises, letters, people on duty, and the answers for all."""
    team = shop.team
    with clock.told(now):
        usual.take_usual(by=team.ito)
        usual.put_on_duty(team.kato, most=20, by=team.ito)
        usual.put_on_duty(team.sato, kinds=["order", "cancel", "invoice"], most=8, by=team.ito)
        marks.ask_customers(team.ito)
        answers.publish(team)


def remember(shop: Shop) -> Buyers:
    """The letters and calls of the weeks before today, answered and mostly over. Out: who may still write."""
    buyers = Buyers(shop.today - timedelta(days=75))
    weeks.live(shop, buyers)
    return buyers


def ask(shop: Shop, buyers: Buyers, now: datetime) -> None:
    """The desk in the middle of a working day, up to six minutes before `now`."""
    broken, bad = today.live(shop, buyers, now)
    complaints.today(shop, broken, bad, now)
    answers.serve(shop, now)
    marks.grade(shop, now)
    with clock.told(now - timedelta(minutes=8)):
        services.close_due()
        deeds.tell_all()
    with clock.told(now - timedelta(minutes=6)):
        desk.send_mails()
        marks.count(shop)
