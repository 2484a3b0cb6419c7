"""クレーム: told to the 店長, given for once, never above what may be given, and followed until it comes no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from akinai.core import clock, proofs
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.staff.models import Staff
from akinai.support import compensation_ports as ports
from akinai.support import services
from akinai.support.compensation_ports import Carried, Wanted
from akinai.support.models import (
    Compensation,
    CompensationAllowance,
    CompensationEntry,
    Complaint,
    ComplaintCause,
    PreventionTask,
    Ticket,
)
from akinai.support.queries import causes
from akinai.support.rules.complaints import Standing, has_fallen, missing, rate
from akinai.support.services import compensation, complaints, prevention
from akinai.support.services.compensation import Ask
from akinai.support.services.complaints import Told
from akinai.support.services.prevention import Plan
from akinai.support.services.replying import Reply
from akinai.support.tests.letters import letter, order
from tests.cast import staff
from tests.planting import behind_the_triggers
from tests.together import overlapping

pytestmark = pytest.mark.django_db
LIMIT = 3000


class Kept:
    """A way that remembers what it was told."""

    def __init__(self) -> None:
        self.carried: list[Wanted] = []
        self.refusal = ""

    def carry(self, wanted: Wanted, *, by: Staff | None) -> Carried:
        if self.refusal:
            raise DomainError(self.refusal)
        self.carried.append(wanted)
        return Carried(f"DOC-{wanted.number}", "実行しました。")

    def undo(self, wanted: Wanted, document: str, *, reason: str, by: Staff | None) -> str:
        if self.refusal:
            raise DomainError(self.refusal)
        return f"{document} を戻しました。"


@pytest.fixture(autouse=True)
def way(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    kept = Kept()
    monkeypatch.setattr(
        ports, "_ways", dict.fromkeys(("discount", "refund", "reship", "coupon", "points"), kept)
    )
    yield kept


@pytest.fixture
def kato() -> Staff:
    return staff("加藤")


@pytest.fixture
def ito() -> Staff:
    return staff("伊藤")


def ticket(no: str = "A-1") -> Ticket:
    """花子's ticket about an order of 1,080 yen of hers."""
    mine = order(no, mail="hanako@example.jp")
    services.receive(letter(f"注文 {mine.number} の箱がつぶれていました。"))
    found = Ticket.objects.latest("pk")
    assert found.order_links.get().order_id == mine.pk
    return found


def complaint(
    by: Staff, of: Ticket | None = None, *, severity: int = 1, cause: str = "broken", **more: Any
) -> Complaint:
    told = Told(severity, cause_id=ComplaintCause.objects.get(code=cause).pk, **more)
    return complaints.open_complaint(of or ticket(), told, by=by)


def present(yen: int, key: str = "k", kind: str = "points", **more: Any) -> Ask:
    return Ask(kind, yen, "お詫び", key, **more)


# 記録 ---------------------------------------------------------------------------------------------------------------


def test_a_grave_complaint_is_told_to_the_manager_at_once_and_settles_only_when_all_it_demands_is_there(
    kato: Staff, ito: Staff
) -> None:
    ito.email = "ito@example.jp"
    ito.save()
    made = complaint(kato, severity=3, facts="発火した。", wish="返金", outcome="返金した。", side="goods")
    assert (
        OutgoingMail.objects.filter(to="ito@example.jp", key__startswith=f"complaint:{made.number}").count()
        == 1
    )
    complaints.check(made, by=kato)
    with pytest.raises(DomainError, match="店長が確認する、お詫びする、再発防止の対策を立てる"):
        complaints.settle(made, by=kato)
    complaints.acknowledge(made, by=ito)
    complaints.note_apology(made, "phone", by=kato)
    prevention.plan(made, Plan("検品を増やす", kato.pk, date(2026, 12, 31)), by=kato)
    complaints.settle(Complaint.objects.get(pk=made.pk), by=kato)
    assert Complaint.objects.get(pk=made.pk).state == "settled"


def test_the_database_settles_no_grave_complaint_that_the_manager_did_not_see(kato: Staff) -> None:
    made = complaint(kato, severity=3)
    with pytest.raises(IntegrityError, match="complaint_grave_was_seen"), transaction.atomic():
        Complaint.objects.filter(pk=made.pk).update(state="settled", settled_at=clock.now())


def test_what_is_missing_grows_with_the_severity() -> None:
    assert list(missing(Standing(1, has_outcome=True))) == ["原因を選ぶ", "事実を書く"]
    assert list(missing(Standing(2, True, True, has_outcome=True))) == [
        "責任の所在を決める", "お客様のご要望を書く", "お詫びする",
    ]  # fmt: skip
    assert list(missing(Standing(3, True, True, True, True, True, True, True, True))) == []
    assert "承認待ちの補償を決める" in missing(
        Standing(1, True, True, has_outcome=True, waits_for_approval=True)
    )


def test_a_ticket_has_one_complaint_and_two_clerks_do_not_overwrite_each_other(
    kato: Staff, ito: Staff
) -> None:
    made = complaint(kato)
    with pytest.raises(DomainError, match="もうクレームとして記録"):
        complaint(ito, made.ticket)
    complaints.change(made, Told(1, facts="角がつぶれていた。", version=1), by=kato)
    with pytest.raises(DomainError, match="ほかの人が書き換えました"):
        complaints.change(made, Told(1, facts="つぶれていない。", version=1), by=ito)
    assert Complaint.objects.get(pk=made.pk).facts == "角がつぶれていた。"


def test_another_customers_order_cannot_be_named(kato: Staff) -> None:
    theirs = order("B-1", mail="jiro@example.jp", phone="03-1111-2222")
    with pytest.raises(DomainError, match="結び付いていない受注"):
        complaint(kato, order_id=theirs.pk)
    made = complaint(kato, ticket("A-2"))
    with pytest.raises(DomainError, match="結び付いていない受注"):
        compensation.ask(made, present(100, kind="refund", order_id=theirs.pk), by=kato)


def test_an_apology_with_an_empty_placeholder_does_not_leave(kato: Staff) -> None:
    made = complaint(kato)
    seen = made.ticket.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    with pytest.raises(DomainError, match="埋まっていない差し込み"):
        complaints.apologise(made, Reply("{対応の内容}", "k", "stay", seen=seen), by=kato)
    assert not OutgoingMail.objects.exists()
    complaints.apologise(made, Reply("申し訳ございません。", "k", "stay", seen=seen), by=kato)
    assert OutgoingMail.objects.get().to == "hanako@example.jp"
    assert Complaint.objects.get(pk=made.pk).apology_how == "mail"


# 補償 ---------------------------------------------------------------------------------------------------------------


def test_up_to_the_limit_it_is_carried_out_at_once_and_stands_in_ledger_and_thread(
    kato: Staff, way: Kept
) -> None:
    made = complaint(kato)
    done = compensation.ask(made, present(LIMIT), by=kato)
    assert (done.state, [one.yen for one in way.carried]) == ("done", [LIMIT])
    assert list(CompensationEntry.objects.values_list("yen", "document")) == [(LIMIT, f"DOC-{done.number}")]
    said = made.ticket.messages.filter(direction="act").latest("pk")
    assert said.data == {
        "complaint": made.number, "compensation": done.number, "kind": "points", "yen": LIMIT, "document": f"DOC-{done.number}",
    }  # fmt: skip
    assert compensation.ask(made, present(LIMIT), by=kato) == done  # the form sent twice
    assert len(way.carried) == 1


def test_above_the_limit_a_second_person_approves_and_never_who_asked(
    kato: Staff, ito: Staff, way: Kept
) -> None:
    asked = compensation.ask(complaint(kato), present(LIMIT + 1), by=kato)
    assert (asked.state, way.carried) == ("waiting", [])
    with pytest.raises(DomainError, match="別の人が承認"):
        compensation.approve(asked, by=kato)
    with pytest.raises(IntegrityError, match="compensation_large_seen_by_another"), transaction.atomic():
        Compensation.objects.filter(pk=asked.pk).update(state="done", approved_by=kato)
    done = compensation.approve(asked, by=ito)
    assert (done.state, done.approved_by, len(way.carried)) == ("done", ito, 1)


def test_splitting_does_not_pass_the_limit(kato: Staff) -> None:
    made = complaint(kato)
    assert compensation.ask(made, present(2000, "a"), by=kato).state == "done"
    assert compensation.ask(made, present(1001, "b"), by=kato).state == "waiting"


def test_while_one_waits_there_is_no_second(kato: Staff) -> None:
    made = complaint(kato)
    compensation.ask(made, present(5000, "a"), by=kato)
    with pytest.raises(DomainError, match="承認待ちの補償があります"):
        compensation.ask(made, present(10, "b"), by=kato)


def test_never_more_than_the_order_came_to_nor_more_presents_than_the_shop_gives(
    kato: Staff, ito: Staff
) -> None:
    made = complaint(kato)
    linked = made.ticket.order_links.get().order_id
    compensation.ask(made, present(600, "a", "refund", order_id=linked), by=kato)
    with pytest.raises(DomainError, match="あと 480 円まで"):
        compensation.ask(made, present(481, "b", "reship", order_id=linked), by=kato)
    compensation.ask(made, present(480, "c", "discount", order_id=linked), by=kato)
    with pytest.raises(DomainError, match="あと 10,000 円まで"):
        compensation.ask(made, present(10_001, "d"), by=kato)
    allowance = CompensationAllowance.objects.get(key=f"order:{linked}")
    assert (allowance.given_yen, allowance.most_yen) == (1080, 1080)
    with pytest.raises(IntegrityError, match="allowance_never_above_most"), transaction.atomic():
        CompensationAllowance.objects.filter(pk=allowance.pk).update(given_yen=1081)


def test_reversal_answers_with_the_opposite_row_frees_the_room_and_happens_once(
    kato: Staff, ito: Staff
) -> None:
    made = complaint(kato)
    done = compensation.ask(made, present(2000), by=kato)
    compensation.reverse(done, reason="間違い", by=kato)
    assert list(CompensationEntry.objects.order_by("pk").values_list("yen", flat=True)) == [2000, -2000]
    assert CompensationAllowance.objects.get().given_yen == 0
    with pytest.raises(DomainError, match="取消済"):
        compensation.reverse(done, reason="もう一度", by=ito)
    assert CompensationEntry.objects.count() == 2


def test_a_large_one_is_taken_back_by_somebody_else(kato: Staff, ito: Staff) -> None:
    asked = compensation.ask(complaint(kato), present(5000), by=kato)
    compensation.approve(asked, by=ito)
    with pytest.raises(DomainError, match="別の人"):
        compensation.reverse(asked, reason="間違い", by=kato)
    assert compensation.reverse(asked, reason="間違い", by=ito).state == "reversed"


def test_what_the_room_refuses_leaves_nothing(kato: Staff, ito: Staff, way: Kept) -> None:
    made = complaint(kato)
    way.refusal = "請求書がありません。"
    with pytest.raises(DomainError, match="請求書がありません"):
        compensation.ask(made, present(100), by=kato)
    assert not Compensation.objects.exists() and not CompensationAllowance.objects.exists()
    waiting = compensation.ask(made, present(5000, "b"), by=kato)
    with pytest.raises(DomainError, match="請求書がありません"):
        compensation.approve(waiting, by=ito)
    assert Compensation.objects.get().state == "waiting"
    compensation.refuse(waiting, reason="出せない", by=ito)
    assert CompensationAllowance.objects.get().given_yen == 0


def found_broken() -> dict[str, int]:
    return {one.name: len(one.broken) for one in proofs.run_all("compensations") if one.broken}


def test_an_allowance_that_disagrees_is_found(kato: Staff) -> None:
    compensation.ask(complaint(kato), present(100), by=kato)
    assert found_broken() == {}
    CompensationAllowance.objects.update(given_yen=99)
    assert found_broken() == {"compensations_fill_their_allowances": 1}
    CompensationAllowance.objects.update(given_yen=100)
    with behind_the_triggers("support_compensationentry") as cursor:
        cursor.execute("DELETE FROM support_compensationentry")
    assert found_broken() == {"compensations_stand_in_their_ledger": 1}


def test_ledger_and_request_stand_still(kato: Staff) -> None:
    done = compensation.ask(complaint(kato), present(100), by=kato)
    entry = CompensationEntry.objects.get()
    for change in (
        lambda: CompensationEntry.objects.filter(pk=entry.pk).update(yen=1),
        lambda: CompensationEntry.objects.filter(pk=entry.pk).delete(),
        lambda: Compensation.objects.filter(pk=done.pk).update(yen=1),
        lambda: Compensation.objects.filter(pk=done.pk).update(asked_by=staff("伊藤")),
    ):
        with pytest.raises(DatabaseError, match="only grows|stands still"), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_give_at_once_do_not_pass_the_limit_together() -> None:
    kato, sato = staff("加藤"), staff("佐藤")
    made = complaint(kato)
    answers = overlapping(
        lambda: compensation.ask(made, present(2000, "a"), by=kato),
        lambda: compensation.ask(made, present(2000, "b"), by=sato),
    )
    assert sorted(one.state for one in answers) == ["done", "waiting"]
    assert CompensationEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tickets_of_one_order_cannot_give_more_than_it_came_to() -> None:
    kato, sato = staff("加藤"), staff("佐藤")
    first = complaint(kato)
    link = first.ticket.order_links.get()
    services.receive(letter("ほかの件です。"))
    second_ticket = Ticket.objects.latest("pk")
    services.link_order(second_ticket, link.order, by=kato)
    second = complaint(sato, second_ticket)
    answers = overlapping(
        lambda: compensation.ask(first, present(800, "a", "refund", order_id=link.order_id), by=kato),
        lambda: compensation.ask(second, present(800, "b", "refund", order_id=link.order_id), by=sato),
    )
    assert sum(isinstance(one, DomainError) for one in answers) == 1
    assert CompensationAllowance.objects.get().given_yen == 800


# 再発防止 -----------------------------------------------------------------------------------------------------------


def test_rates_are_exact() -> None:
    assert (rate(3, 1600), rate(1, 3), rate(0, 10), rate(1, 0)) == (
        Decimal("1.88"),
        Decimal("333.33"),
        Decimal("0.00"),
        None,
    )
    assert has_fallen((3, 1000), (2, 667)) and not has_fallen((3, 1000), (3, 1000))
    assert not has_fallen((3, 1000), (0, 0)) and not has_fallen((0, 1000), (0, 1000))
    assert has_fallen((1, 333_333), (1, 333_334))  # not as rounded


def at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


def watched(by: Staff, monkeypatch: pytest.MonkeyPatch, before: int, after: int) -> PreventionTask:
    """A measure of seven days from 11-10 on, `before` complaints and 100 shipments before it, `after` and 100 after."""
    monkeypatch.setattr(prevention.shipping, "shipped_between", lambda begin, end: 100)
    first = complaint(by)
    days = [date(2026, 11, 5)] * (before - 1) + [date(2026, 11, 10)] * after
    Complaint.objects.filter(pk=first.pk).update(opened_at=at(date(2026, 11, 9)))
    for n, day in enumerate(days):
        services.receive(letter(f"別の件 {n}"))
        more = complaint(by, Ticket.objects.latest("pk"))
        Complaint.objects.filter(pk=more.pk).update(opened_at=at(day))
    with clock.told(at(date(2026, 11, 12))):
        task = prevention.plan(first, Plan("二人で照合する", by.pk, date(2026, 11, 30), 7), by=by)
        prevention.put_in_place(task, date(2026, 11, 10), by=by)
    return PreventionTask.objects.get(pk=task.pk)


def test_a_measure_closes_only_when_its_days_are_over_and_the_rate_has_fallen(
    kato: Staff, monkeypatch: Any
) -> None:
    task = watched(kato, monkeypatch, 2, 1)
    assert (task.before_complaints, task.before_shipments) == (2, 100)
    with clock.told(at(date(2026, 11, 16))), pytest.raises(DomainError, match="7 日がまだ終わっていません"):
        prevention.close(task, by=kato)
    with clock.told(at(date(2026, 11, 17))):
        prevention.close(task, by=kato)
    task.refresh_from_db()
    assert (task.state, task.after_complaints, task.after_shipments) == ("closed", 1, 100)


def test_a_rate_that_did_not_fall_closes_only_with_the_managers_reason(
    kato: Staff, ito: Staff, monkeypatch: Any
) -> None:
    task = watched(kato, monkeypatch, 1, 1)
    with clock.told(at(date(2026, 11, 20))):
        with pytest.raises(DomainError, match="下がっていません"):
            prevention.close(task, by=kato)
        fields = {"after_complaints": 1, "after_shipments": 100, "closed_by": kato, "closed_at": clock.now()}
        with pytest.raises(IntegrityError, match="prevention_rate_has_fallen"), transaction.atomic():
            PreventionTask.objects.filter(pk=task.pk).update(state="closed", **fields)
        prevention.excuse(task, reason="その運送会社をやめた", by=ito)
    task.refresh_from_db()
    assert (task.state, task.close_reason, task.closed_by) == ("closed", "その運送会社をやめた", ito)


def test_a_withdrawn_complaint_is_not_counted(kato: Staff, monkeypatch: Any) -> None:
    task = watched(kato, monkeypatch, 2, 1)
    late = Complaint.objects.get(opened_at__date=date(2026, 11, 10))
    complaints.withdraw(late, reason="勘違い", by=kato)
    with clock.told(at(date(2026, 11, 17))):
        assert prevention.after(task) == (0, 100)


# 集計と画面 ---------------------------------------------------------------------------------------------------------


def test_the_report_counts_each_complaint_once_and_what_was_given_exactly(kato: Staff) -> None:
    made = complaint(kato)
    compensation.ask(made, present(500, "a"), by=kato)
    compensation.ask(made, present(700, "b"), by=kato)
    compensation.reverse(Compensation.objects.get(key="b"), reason="間違い", by=kato)
    services.receive(letter("遅い"))
    complaint(kato, Ticket.objects.latest("pk"), cause="late", severity=3)
    today = clock.today()
    rows = causes.by("cause", today - timedelta(days=3), today)
    assert [(row.label, row.count, row.grave, row.yen, row.share) for row in rows] == [
        ("破損", 1, 0, 500, 50), ("遅配", 1, 1, 0, 50),
    ]  # fmt: skip
    assert [(row.count, row.yen) for row in causes.months(today.replace(day=1), today)] == [(2, 500)]


def client(name: str) -> Client:
    found = Client()
    found.force_login(staff(name))
    return found


def test_support_records_and_only_the_manager_approves_decides_and_sets_the_limits(kato: Staff) -> None:
    of = ticket()
    told = {"severity": "1", "side": "unknown", "facts": "つぶれた", "version": "0"}
    assert client("佐藤").post(f"/office/support/tickets/{of.number}/complaint/", told).status_code == 403
    assert client("加藤").post(f"/office/support/tickets/{of.number}/complaint/", told).status_code == 302
    made = Complaint.objects.get()
    asked = compensation.ask(made, present(5000), by=staff("佐藤"))
    url = f"/office/support/complaints/{made.number}/compensations/{asked.pk}/approve/"
    assert client("加藤").post(url).status_code == 403
    assert client("加藤").get("/office/support/complaints/causes/new/").status_code == 403
    client("加藤").post(
        "/office/support/complaints/settings/", {"approval_yen": 9, "present_most_yen": 9, "measure_days": 9}
    )
    assert compensation.settings().approval_yen == LIMIT
    assert client("伊藤").post(url).status_code == 302
    assert Compensation.objects.get().state == "done"


def test_every_screen_opens(kato: Staff) -> None:
    made = complaint(kato, severity=3)
    compensation.ask(made, present(100), by=kato)
    task = prevention.plan(made, Plan("照合", kato.pk, date(2026, 12, 31)), by=kato)
    desk = client("伊藤")
    for path in (
        "complaints/", "compensations/?tab=done", "preventions/", "complaints/report/?by=lot", "complaints/report/rows.csv?by=sku",
        "complaints/report/months.csv", "complaints/settings/", f"complaints/{made.number}/", f"complaints/{made.number}/change/",
        f"complaints/{made.number}/compensate/", f"complaints/{made.number}/apologise/", f"complaints/{made.number}/prevention/",
        f"preventions/{task.number}/", f"preventions/{task.number}/change/", f"tickets/{made.ticket.number}/",
    ):  # fmt: skip
        assert desk.get(f"/office/support/{path}").status_code == 200, path
