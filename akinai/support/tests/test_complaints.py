"""クレーム: recorded once, told to the 店長 where it is grave, settled when all that it demands is there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.staff.models import Staff
from akinai.support import services
from akinai.support.complaint_forms import ComplaintForm
from akinai.support.models import (
    Compensation,
    Complaint,
    Ticket,
)
from akinai.support.queries import causes
from akinai.support.queries.complaints import Blamable
from akinai.support.rules.complaints import Standing, missing
from akinai.support.services import compensation, complaints, prevention
from akinai.support.services.complaints import Told
from akinai.support.services.prevention import Plan
from akinai.support.services.replying import Reply
from akinai.support.tests.complaints import LIMIT, client, complaint, present, ticket
from akinai.support.tests.letters import letter, order
from tests.cast import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("way")]


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


def test_a_complaint_is_of_its_own_ticket_and_what_is_over_is_not_rewritten(kato: Staff) -> None:
    spam = Ticket.objects.create(number="TK-x", source="mail", subject="広告", key="x", state="spam")
    with pytest.raises(DomainError, match="クレームにできません"):
        complaint(kato, spam)
    made = complaint(kato)
    theirs = order("B-1", mail="jiro@example.jp", phone="03-1111-2222")
    with pytest.raises(DomainError, match="結び付いていない受注"):
        complaints.change(made, Told(1, order_id=theirs.pk, version=1), by=kato)
    given = compensation.ask(made, present(100), by=kato)
    with pytest.raises(DomainError, match="補償があります"):
        complaints.withdraw(made, reason="勘違い", by=kato)
    compensation.reverse(given, reason="勘違い", by=kato)
    for act in (complaints.withdraw, complaints.reopen):
        with pytest.raises(DomainError, match="理由がありません"):
            act(made, reason=" ", by=kato)
    complaints.withdraw(made, reason="勘違い", by=kato)
    with pytest.raises(DomainError, match="もう終わっています"):
        complaints.change(made, Told(1, facts="x", version=1), by=kato)
    assert complaints.reopen(made, reason="やはり", by=kato).state == "checking"


def test_made_grave_later_the_manager_is_told_once_and_confirms_once(kato: Staff, ito: Staff) -> None:
    made = complaint(kato)
    with pytest.raises(DomainError, match="確認は要らない"):
        complaints.acknowledge(made, by=ito)
    told = complaints.change(made, Told(3, version=1), by=kato).manager_told_at
    assert told is not None
    assert complaints.change(made, Told(3, facts="発火", version=2), by=kato).manager_told_at == told
    assert made.ticket.messages.filter(text__contains="店長に知らせます").count() == 1
    complaints.acknowledge(made, by=ito)
    with pytest.raises(DomainError, match="もう済んでいます"):
        complaints.acknowledge(made, by=staff("鈴木"))
    assert Complaint.objects.get().manager_seen_by == ito


def test_the_first_apology_stays_and_a_letter_is_noted_by_its_sending(kato: Staff) -> None:
    made = complaint(kato)
    for how in ("mail", "telepathy"):
        with pytest.raises(DomainError, match="お詫びの方法"):
            complaints.note_apology(made, how, by=kato)
    complaints.note_apology(made, "phone", by=kato)
    complaints.note_apology(made, "visit", by=kato)
    assert Complaint.objects.get().apology_how == "phone"
    with pytest.raises(DomainError, match="埋まっていない"):
        complaints.apologise(made, Reply("｛お名前｝様", "k", "stay", in_spite_of=True), by=kato)


def test_a_lot_is_of_the_goods_that_are_blamed() -> None:
    blamable = Blamable(skus=[(1, "TEA-1"), (2, "TEA-2")], lots=[(7, "L-7")], lot_skus={7: 1})
    usual = {"severity": 1, "side": "unknown", "version": 0}

    def form(**told: int) -> ComplaintForm:
        return ComplaintForm(usual | told, candidates=blamable)

    assert "選んだ SKU のものではありません" in str(form(lot=7, sku=2).errors)
    alone = form(lot=7)
    assert alone.is_valid() and alone.told().sku_id == 1
    assert "sku_code" in form(sku_code="NO-SUCH").errors  # type: ignore[arg-type]
    assert "order" in form(order=5).errors, "an order that is not the ticket's"
