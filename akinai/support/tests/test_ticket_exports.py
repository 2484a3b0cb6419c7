"""問い合わせの履歴 of other help desks: their own column names, dates, durations and marks give the figures counted by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from akinai.core import intake
from akinai.support.intake import TicketsKind
from akinai.support.models import ImportedTicket
from akinai.support.queries import reports
from akinai.support.rules import ticket_files, ticket_moments
from akinai.support.rules.ticket_moments import DayOrder

TOKYO = ZoneInfo("Asia/Tokyo")
ZENDESK = """Id,Requester,Subject,Status,Priority,Via,Ticket type,Created at,Solved at,Satisfaction Score,Reopens,Group,Assignee,First reply time in minutes,First reply time in minutes within business hours,First resolution time in minutes,Full resolution time in minutes
11,Jane Doe,Where,Solved,Urgent,Mail,Question,2026-03-02 09:00,2026-03-02 11:00,Good,0,Desk,Ito,30,10,120,120
12,John Roe,Broken,Closed,High,Web form,Problem,2026-03-03 09:00,2026-03-05 09:00,Offered,2,Desk,Ito,90,60,60,2880
13,Max Moe,Size,Open,Low,Mail,Question,2026-03-04 09:00,,Not Offered,0,Desk,,,,,
"""
FRESHDESK = """Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Due by Time,Resolved time,Closed time,Initial response time,Time tracked,First response time (in hrs),Resolution time (in hrs),Resolution status,First response status,Survey results,Full name,Email
11,Where,Closed,Urgent,Email,Question,Ito,Desk,2026-03-02 09:00:00,2026-03-03 09:00:00,2026-03-02 11:00:00,2026-03-03 00:00:00,2026-03-02 09:30:00,00:00,00:30:00,02:00:00,Within SLA,Within SLA,Extremely Happy,Jane Doe,jane@example.com
12,Broken,Closed,High,Portal,Problem,Ito,Desk,2026-03-03 09:00:00,2026-03-04 09:00:00,2026-03-05 09:00:00,2026-03-06 09:00:00,2026-03-03 10:30:00,00:00,01:30:00,48:00:00,SLA Violated,Within SLA,,John Roe,john@example.com
13,Size,Open,Low,Email,Question,,Desk,2026-03-04 09:00:00,2026-03-05 09:00:00,,,,00:00,,,,,,Max Moe,max@example.com
"""
HUBSPOT = """Ticket ID,Ticket name,Pipeline,Ticket status,Create date,Close date,Priority,Source,Category,Ticket owner,Time to first agent email reply (HH:mm:ss),Time to close (HH:mm:ss),Time to first response SLA status
11,Where,Desk,Closed,2026-03-02 09:00,2026-03-02 11:00,URGENT,Email,Question,Ito,0:30:00,2:00:00,Completed on time
12,Broken,Desk,Closed,2026-03-03 09:00,2026-03-05 09:00,HIGH,Form,Problem,Ito,1:30:00,48:00:00,Completed late
13,Size,Desk,New,2026-03-04 09:00,,LOW,Email,Question,,,,Active
"""
JAPANESE = """受付番号,受付日時,対応完了日時,受付方法,種別,緊急度,担当者名,対応状況,初回返信時間,解決までの時間,満足度,お客様名
11,令和8年3月2日 9時00分,2026年3月2日(月) 午前11:00,メール,質問,高,伊藤,完了,30分,2時間,大変満足,山田
12,R8.3.3 09:00,2026/3/5 9:00,フォーム,不具合,中,伊藤,完了,1時間30分,2日,満足,佐藤
13,2026/03/04 09:00,,メール,質問,低,,対応中,,,未回答,鈴木
"""
EXPORTS = {"zendesk": ZENDESK, "freshdesk": FRESHDESK, "hubspot": HUBSPOT, "japanese": JAPANESE}


def preview(text: str, **options: Any) -> Any:
    return intake.preview(
        TicketsKind(), [intake.Upload("export.csv", text.encode())], options=options, by=None
    )


@pytest.mark.django_db
@pytest.mark.parametrize("desk", EXPORTS)
def test_the_export_of_every_help_desk_gives_the_same_figures(desk: str) -> None:
    row, plan = preview(EXPORTS[desk])
    assert (plan.refused, plan.created, plan.errors) == (False, 3, [])
    intake.apply(row, by=None, files=plan.files)
    span = reports.span(reports.IMPORTED)
    assert span is not None
    told = reports.figures(reports.IMPORTED, span)
    # Two answered tickets of 30 and 90 minutes, solved after 2 and 48 hours: at 0.9 · (2 − 1) between them, and so on.
    assert (told.count, told.solved) == (3, 2)
    assert (told.reply.mean, told.reply.half, told.reply.ninety, told.reply.most) == pytest.approx(
        (60, 60, 84, 87)
    )
    assert (told.resolution.mean, told.resolution.ninety) == pytest.approx((1500, 120 + 0.9 * 2760))
    kept = ImportedTicket.objects.order_by("number")
    assert [one.opened_at.astimezone(TOKYO).hour for one in kept] == [9, 9, 9]
    people = ("Jane", "John", "Max", "example.com", "山田", "佐藤", "Where")
    assert not any(word in f"{one.more}{one.category}" for one in kept for word in people)


@pytest.mark.django_db
def test_promises_and_marks_follow_the_words_of_each_desk() -> None:
    for desk, replies, resolutions, marks in (
        ("zendesk", [None] * 3, [None] * 3, [5.0, None, None]),
        ("freshdesk", [True, True, None], [True, False, None], [5.0, None, None]),
        ("hubspot", [True, False, None], [None] * 3, [None] * 3),
        ("japanese", [None] * 3, [None] * 3, [5.0, 4.0, None]),  # beside 大変満足, 満足 is the second best
    ):
        row, plan = preview(EXPORTS[desk])
        intake.apply(row, by=None, files=plan.files)
        kept = list(ImportedTicket.objects.order_by("number"))
        assert [one.first_reply_kept for one in kept] == replies
        assert [one.resolution_kept for one in kept] == resolutions
        assert [one.score for one in kept] == marks
        intake.undo(row, by=None)


@pytest.mark.django_db
def test_dates_whose_order_nothing_tells_are_asked_for() -> None:
    head = "ticket id,created at,solved at\n"
    _row, plan = preview(f"{head}1,10/11/2024 9:00,\n")
    (error,) = plan.errors
    assert (error.line, error.column, error.value) == (2, "created at", "10/11/2024 9:00")
    assert "date_order=mdy" in error.message
    assert not preview(f"{head}1,10/11/2024 9:00,\n", date_order="dmy")[1].refused
    assert "mdy" in preview(f"{head}1,10/29/2024,\n", date_order="ymd")[1].errors[0].message
    # One date of the file that can only be meant one way decides for all of them, also one of another column.
    row, plan = preview(f"{head}1,10/11/2024 9:00 AM,10/29/2024 5:00 PM\n")
    intake.apply(row, by=None, files=plan.files)
    one = ImportedTicket.objects.get()
    assert (one.opened_at, one.resolution_hours) == (datetime(2024, 10, 11, 9, tzinfo=TOKYO), 18 * 24 + 8)
    _row, plan = preview(f"{head}1,10/29/2024,\n2,29/10/2024,\n3,1/2/2024,\n")
    assert [error.line for error in plan.errors] == [4]


@pytest.mark.django_db
def test_a_duration_without_a_unit_is_asked_for_and_never_guessed() -> None:
    text = "ticket id,created at,first response time,resolution time\n1,2024-10-29 09:00,45,3\n"
    _row, plan = preview(text)
    assert [error.column for error in plan.errors] == ["first response time", "resolution time"]
    assert "単位が分かりません" in plan.errors[0].message
    columns = {"number": "ticket id", "opened_at": "created at", "first_reply_minutes": "first response time"}
    assert not preview(text, columns=columns)[1].refused
    # Beside a column that tells its unit, nobody asks.
    assert not preview(
        "ticket id,created at,resolution time,full resolution time in minutes\n1,2024-10-29,3,180\n"
    )[1].refused


@pytest.mark.django_db
def test_columns_of_broken_promises_say_the_opposite() -> None:
    text = "ticket id,created at,first response breached,resolution breached\n1,2024-10-29,TRUE,no\n"
    row, plan = preview(text)
    intake.apply(row, by=None, files=plan.files)
    one = ImportedTicket.objects.get()
    assert (one.first_reply_kept, one.resolution_kept) == (False, True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Oct 29, 2024 10:05 PM", "2024-10-29T22:05:00+09:00"), ("29-Oct-2024 22:05", "2024-10-29T22:05:00+09:00"),
        ("Tue, 29 October 2024 22:05:30", "2024-10-29T22:05:30+09:00"), ("2024-10-29 22:05:00 UTC", "2024-10-29T22:05:00+00:00"),
        ("2024-10-29 22:05:00 +0530", "2024-10-29T22:05:00+05:30"), ("2024-10-29T22:05:00Z", "2024-10-29T22:05:00+00:00"),
        ("2024/10/29(火) 22:05", "2024-10-29T22:05:00+09:00"), ("令和6年10月29日 午後10時05分", "2024-10-29T22:05:00+09:00"),
        ("20241029", "2024-10-29T00:00:00+09:00"), ("２０２４年１０月２９日", "2024-10-29T00:00:00+09:00"), ("12/31/2024 12:30 AM", "2024-12-31T00:30:00+09:00"),
    ],
)  # fmt: skip
def test_moments_are_read_as_help_desks_write_them(text: str, wanted: str) -> None:
    found = ticket_moments.moment(text, TOKYO)
    assert found is not None
    assert found.isoformat() == wanted


@pytest.mark.parametrize(
    "text",
    [
        "2024-10-29 25:00",
        "2024-13-01",
        "yesterday",
        "45592.9",
        "10:30",
        "2024-10-29 22:05 EST5",
        "32/13/2024",
    ],
)
def test_moments_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="。"):
        ticket_moments.moment(text, TOKYO, DayOrder.DAY_FIRST)


def test_numbers_that_may_be_meant_two_ways_are_refused() -> None:
    read = ticket_files.duration
    assert read("1h 30m", minutes_per_unit=1) == read("1時間30分", minutes_per_unit=60) == 90
    assert read("2 days 3 hours", minutes_per_unit=None) == 51 * 60
    for wrong, unit in (("1,5", 60.0), ("1:30", 1.0), ("1_000", 1.0), ("12", None), ("3 weeks", 1.0)):
        with pytest.raises(ValueError, match="。"):
            read(wrong, minutes_per_unit=unit)
    marks = ticket_files.marks_of(["満足", "不満"])
    assert [ticket_files.score(text, marks) for text in ("満足", "不満", "★★★☆☆", "4/5", "未回答")] == [
        5.0,
        1.0,
        3.0,
        4.0,
        None,
    ]
