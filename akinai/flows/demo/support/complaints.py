"""見本のクレーム: one that is settled with its cause measured, one whose refund waits for a second person, one that the 店長 has to see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from akinai.core import clock
from akinai.flows.demo import desk
from akinai.flows.demo.desk import at
from akinai.flows.demo.support.letters import Buyers, say, working_day, write
from akinai.shipping.states import RefundWay
from akinai.support import queries, services
from akinai.support.complaint_states import CompensationKind, Severity, Side
from akinai.support.queries import causes
from akinai.support.services import compensation, complaints, prevention
from akinai.support.services.complaints import Told
from akinai.support.services.replying import Reply

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop
    from akinai.flows.demo.support.today import Asked
    from akinai.staff.models import Staff
    from akinai.support.models import Complaint

SORRY = """{name} 様

平素よりご利用いただき、ありがとうございます。
このたびは、賞味期限の近い商品をお届けし、誠に申し訳ございません。

お詫びに 500 ポイントをお付けしました。次のお買い物でお使いいただけます。
同じことが起きないよう、出荷のときに期限を確かめる手順を加えました。"""


def past(shop: Shop, buyers: Buyers) -> None:
    """期限の近い品: answered, made good with points, its cause dealt with and the rate seen to fall."""
    kato = shop.team.kato

    def day(ago: int, hour: int, minute: int = 0) -> datetime:
        return at(working_day(shop.today, ago), hour, minute)

    came = day(16, 10, 20)
    order = buyers.take(came, "SWT", "TEA")
    ticket = write(
        came,
        "賞味期限が近すぎます",
        "{no} で届いたお菓子の賞味期限が 5 日後でした。贈り物なのに渡せません。",
        order,
    )
    say(ticket, day(16, 11), "申し訳ございません。すぐに出荷の記録をお調べします。", "stay", by=kato)
    with clock.told(day(16, 11, 30)):
        told = Told(
            severity=Severity.MIDDLE, cause_id=causes.named("expired"), side=Side.WAREHOUSE, order_id=order.pk,
            facts="残り 5 日の品を出荷していた。棚の奥に古い箱が残っていた。", wish="期限の長い品がほしい。もう渡す日は過ぎた。",
        )  # fmt: skip
        made = complaints.open_complaint(ticket, told, by=kato)
        made = complaints.answer(complaints.check(made, by=kato), by=kato)
        ask = compensation.Ask(
            CompensationKind.POINTS, 500, "賞味期限が近い品のお詫び", f"demo:{made.number}", order.pk
        )
        compensation.ask(made, ask, by=kato)
        _apologise(made, by=kato, text=SORRY.format(name=order.buyer_name))
    with clock.told(day(16, 11, 35)):
        desk.send_mails()
    _prevent(shop, made, day)
    with clock.told(day(5, 16)):
        current = complaints.hold(made)
        ended = replace(
            told,
            outcome="ポイントでご納得いただいた。期限の確認を手順に加え、再発なし。",
            version=current.version,
        )
        complaints.settle(complaints.change(current, ended, by=kato), by=kato)
        services.solve(queries.by_number(ticket.number), by=kato)
        desk.handle()


def _apologise(made: Complaint, *, text: str, by: Staff) -> None:
    seen = queries.newest_word(made.ticket)
    complaints.apologise(made, Reply(text, f"demo:sorry:{made.number}", "wait", seen=seen), by=by)


def _prevent(shop: Shop, made: Complaint, day: Callable[..., datetime]) -> None:
    team = shop.team
    with clock.told(day(15, 9, 30)):
        plan = prevention.Plan(
            "出荷検品で、賞味期限が 30 日を切るお菓子は止める。棚は毎週月曜に古い順に並べ直す。",
            team.takahashi.pk,
            clock.today() + timedelta(days=7),
            7,
        )
        task = prevention.plan(made, plan, by=team.kato)
    with clock.told(day(14, 9)):
        task = prevention.put_in_place(task, clock.today(), by=team.takahashi)
    with clock.told(day(5, 15)):
        prevention.close(task, by=team.ito)


def today(shop: Shop, broken: Asked, bad: Asked, now: datetime) -> None:
    """The broken pot asks for more than a clerk may give; what was bad to eat is grave."""
    kato, (ticket, order) = shop.team.kato, broken
    with clock.told(now - timedelta(minutes=280)):
        told = Told(
            severity=Severity.MIDDLE, cause_id=causes.named("broken"), side=Side.CARRIER, order_id=order.pk, carrier="yamato",
            facts="注ぎ口が欠け、外箱の角にへこみがある（写真 1 枚）。緩衝材は入っていた。", wish="交換か返金",
        )  # fmt: skip
        made = complaints.check(complaints.open_complaint(ticket, told, by=kato), by=kato)
    with clock.told(now - timedelta(minutes=130)):
        price = max(line.unit_price_yen for line in order.lines.all())
        ask = compensation.Ask(
            CompensationKind.REFUND, price, "同じ品の在庫がなく、返金をご希望", f"demo:{made.number}", order.pk, {"way": RefundWay.CHANNEL.value}
        )  # fmt: skip
        compensation.ask(made, ask, by=kato)
        plan = prevention.Plan(
            "急須は二重箱にし、運送会社に「われもの」の扱いを頼む。",
            shop.team.takahashi.pk,
            clock.today() + timedelta(days=10),
        )
        prevention.plan(made, plan, by=kato)
    with clock.told(now - timedelta(minutes=45)):
        grave = Told(
            severity=Severity.GRAVE, cause_id=causes.named("defect"), side=Side.GOODS, order_id=bad[1].pk,
            facts="フィナンシェ 2 個の袋がふくらみ、酸っぱいにおい。お子様がひと口食べた。今週、同じ品で同じ申し出が続いている。", wish="体に害がないか知りたい",
        )  # fmt: skip
        complaints.open_complaint(bad[0], grave, by=kato)
