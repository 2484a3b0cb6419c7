"""督促の順番: steps come in their order, keep their distance, and never on a day when banks are closed."""

from __future__ import annotations

from datetime import date

from akinai.payments.rules.dunning import Done, Step, after, next_step

BEFORE, FIRST, SECOND, CANCEL = (
    Step(1, -1, "mail", "期限のお知らせ"),
    Step(2, 1, "mail", "お願い"),
    Step(3, 4, "mail", "最後のお願い"),
    Step(4, 8, "cancel", "自動キャンセル"),
)
LADDER = [CANCEL, SECOND, FIRST, BEFORE]
TUESDAY = date(2026, 11, 10)  # the due day


def test_the_reminder_comes_the_day_before() -> None:
    assert next_step(LADDER, due_on=TUESDAY, last=None, today=date(2026, 11, 5)) == (
        BEFORE,
        date(2026, 11, 9),
    )


def test_a_reminder_of_a_day_that_has_passed_is_left_out() -> None:
    assert next_step(LADDER, due_on=TUESDAY, last=None, today=date(2026, 11, 11)) == (
        FIRST,
        date(2026, 11, 11),
    )


def test_a_reminder_before_a_due_day_on_sunday_comes_on_friday_and_the_request_on_monday() -> None:
    sunday = date(2026, 11, 15)
    chain = after(LADDER, due_on=sunday, last=None, today=date(2026, 11, 10))
    assert [(step.id, on) for step, on in chain[:2]] == [(1, date(2026, 11, 13)), (2, date(2026, 11, 16))]


def test_a_holiday_moves_the_step_to_the_next_day_on_which_banks_are_open() -> None:
    # 勤労感謝の日 2026-11-23 is a Monday.
    found = next_step([FIRST], due_on=date(2026, 11, 20), last=None, today=date(2026, 11, 20))
    assert found == (FIRST, date(2026, 11, 24))


def test_a_due_found_late_is_not_cancelled_on_the_day_of_its_first_reminder() -> None:
    chain = after(LADDER, due_on=date(2026, 10, 1), last=None, today=TUESDAY)
    assert [(step.id, on) for step, on in chain] == [
        (2, date(2026, 11, 10)),
        (3, date(2026, 11, 13)),
        (4, date(2026, 11, 17)),
    ]


def test_more_time_for_the_buyer_moves_the_cancellation_too() -> None:
    last = Done(4, date(2026, 11, 16))
    assert next_step(LADDER, due_on=TUESDAY, last=last, today=date(2026, 11, 17)) == (
        CANCEL,
        date(2026, 11, 20),
    )
    found = next_step(LADDER, due_on=date(2026, 11, 30), last=last, today=date(2026, 11, 17))
    assert found == (CANCEL, date(2026, 12, 8))


def test_after_the_last_step_nothing_comes() -> None:
    assert next_step(LADDER, due_on=TUESDAY, last=Done(8, TUESDAY), today=TUESDAY) is None
    assert after([], due_on=TUESDAY, last=None, today=TUESDAY) == []
