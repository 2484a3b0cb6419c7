"""要確認の規則を書き、過去の受注で試し、使う: what the shop may rely on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from akinai.channels import queries as channels
from akinai.core import activity, clock, long_jobs
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders import check_reports, queries, services
from akinai.orders.check_rules import Condition, Group, Part, sentence, to_json
from akinai.orders.check_rules.standard import STANDARD
from akinai.orders.models import CheckBacktest, CheckBacktestHit, CheckRule, CheckRuleVersion, Order
from akinai.orders.rules import RULES
from akinai.orders.services import backtesting
from akinai.orders.services import check_rules as writing
from tests import cast
from tests.cast import draft, place, somebody

pytestmark = pytest.mark.django_db


def write(node: Condition, *, rule: CheckRule | None = None, action: str = "hold", **about: Any) -> CheckRule:
    told = writing.About(about.pop("name", "規則"), **about)
    return writing.write_rule(rule, told, writing.Wording(node, action), by=cast.staff("佐藤"))


def test_on_orders(rule: CheckRule, version: CheckRuleVersion | None = None) -> CheckBacktest:
    """The finished back-test of the draft, or of another version, over the last 90 days."""
    today = clock.today()
    test = backtesting.start_backtest(
        rule, version or rule.draft, first_on=today - timedelta(days=89), last_on=today + timedelta(days=1), back="", by=None
    )  # fmt: skip
    assert test.job is not None
    long_jobs.run(test.job.pk)
    return CheckBacktest.objects.get(pk=test.pk)


test_on_orders.__test__ = False  # type: ignore[attr-defined]


def in_force(node: Condition, **options: Any) -> CheckRule:
    """A rule that judges: tested where there are orders."""
    rule = write(node, **options)
    tested = test_on_orders(rule).pk if Order.objects.exists() else None
    writing.go_live(rule, version_id=rule.draft_id, backtest_id=tested, by=cast.staff("佐藤"))
    return CheckRule.objects.select_related("live", "draft").get(pk=rule.pk)


MANY = Group("all", (Part("pieces", "ge", number=3),))
FEW = Group("all", (Part("pieces", "ge", number=2),))


@pytest.fixture
def tea() -> int:
    return cast.sku("TEA-001", pieces=100)


def some(no: str, pieces: int, **changes: Any) -> Order:
    return place(draft(no, ("TEA-001", pieces, 100), buyer=somebody(no), **changes))


def test_the_database_begins_with_the_rules_that_were_built_in() -> None:
    seeded = {rule.code: rule for rule in CheckRule.objects.select_related("live", "draft")}
    assert {code for code, rule in seeded.items() if rule.is_built_in} == set(RULES)
    for code, told in STANDARD.items():
        version = seeded[code].live if told.is_live else seeded[code].draft
        assert version is not None and seeded[code].name == told.name
        assert (version.condition, version.reason) == (to_json(told.condition), told.reason)
        assert version.sentence == sentence(told.condition, "hold")


def test_a_rule_does_nothing_until_it_was_tested_and_put_into_force(tea: int) -> None:
    past = some("A-1", 3)
    rule = write(MANY)
    assert not some("A-2", 3).holds.exists()
    with pytest.raises(DomainError, match="まだ過去の受注で試していません"):
        writing.go_live(rule, version_id=rule.draft_id, backtest_id=None, by=None)
    test = test_on_orders(rule)
    writing.go_live(rule, version_id=rule.draft_id, backtest_id=test.pk, by=cast.staff("佐藤"))
    (hold,) = some("A-3", 3).holds.all()
    assert (hold.rule, hold.title, hold.reason) == (rule.code, "規則", "規則（商品点数 3点）")
    assert hold.check_version_id == CheckRule.objects.get(pk=rule.pk).live_id
    assert not past.holds.exists()


def test_a_shop_without_orders_may_begin_at_once() -> None:
    assert in_force(MANY).live is not None


def test_the_back_test_counts_what_would_have_been_stopped_and_what_became_of_it(tea: int) -> None:
    kept, sent, _small = some("A-1", 3), some("A-2", 4), some("A-3", 1)
    services.cancel(kept.pk, reason="いたずら", by=None)
    services.note_instructed([sent.pk], by=None)
    services.note_shipped([sent.pk], at=clock.now(), by=None)
    rule = write(MANY)
    result = check_reports.result_of(test_on_orders(rule))
    assert (result.orders, result.stopped, result.yen) == (3, 2, 700)
    assert dict(result.outcomes) == {"cancelled": 1, "shipped": 1}
    assert (result.good, result.false_rate) == (1, 50)
    assert sum(result.months.values()) == 2
    assert result.channels == {kept.channel.name: [2, 700, 3]}


def test_the_back_test_stops_just_the_orders_that_the_rule_stops_when_it_is_in_force(tea: int) -> None:
    once_more = Group(
        "all", (Part("past_orders", "ge", number=1), Part("same_phone", "ge", number=2, hours=24))
    )
    large_first = Group("all", (Part("first_time", "yes"), Part("pieces", "ge", number=2)))
    rule = in_force(Group("any", (once_more, large_first, Part("note", "has", ("至急",)))))
    base = clock.now() - timedelta(days=9)
    told = [("A", 1, "", 0), ("A", 2, "", 5), ("A", 1, "", 9), ("B", 2, "", 40), ("B", 2, "至急", 80), ("C", 1, "", 90), ("A", 1, "", 91)]  # fmt: skip
    for no, (who, pieces, note, hours) in enumerate(told):
        at = base + timedelta(hours=hours)
        place(
            draft(f"N-{no}", ("TEA-001", pieces, 100), buyer=somebody(who), customer_note=note, ordered_at=at)
        )
    held = set(Order.objects.filter(holds__rule=rule.code).values_list("channel_order_no", flat=True))
    assert held == {"N-2", "N-3", "N-4", "N-6"}
    hits = CheckBacktestHit.objects.filter(backtest=test_on_orders(rule, rule.live), by_new=True)
    assert set(hits.values_list("order__channel_order_no", flat=True)) == held


def test_a_changed_rule_is_held_against_the_one_in_force(tea: int) -> None:
    some("A-1", 1), some("A-2", 2), some("A-3", 3)
    rule = in_force(MANY)
    write(FEW, rule=rule)
    rule.refresh_from_db()
    result = check_reports.result_of(test_on_orders(rule))
    assert (result.old, result.stopped, result.both, result.only_new, result.only_old) == (1, 2, 1, 1, 0)


def test_a_change_is_a_new_version_and_held_orders_keep_theirs(tea: int) -> None:
    rule = in_force(MANY)
    before = some("A-1", 3)
    write(FEW, rule=rule)
    assert not some("A-2", 2).holds.exists()  # a draft judges nobody
    rule.refresh_from_db()
    test = test_on_orders(rule)
    writing.go_live(rule, version_id=rule.draft_id, backtest_id=test.pk, by=None)
    assert [hold.check_version.number for hold in some("A-3", 2).holds.all()] == [2]
    assert [hold.check_version.number for hold in before.holds.all()] == [1]


def test_only_the_latest_back_test_of_this_very_wording_counts(tea: int) -> None:
    some("A-1", 3)
    rule = write(MANY)
    old = test_on_orders(rule)
    write(FEW, rule=rule)
    rule.refresh_from_db()
    with pytest.raises(DomainError, match="まだ過去の受注で試していません"):
        writing.go_live(rule, version_id=rule.draft_id, backtest_id=old.pk, by=None)
    with pytest.raises(ChangedMeanwhile, match="画面を開いたあとに変わりました"):
        writing.go_live(rule, version_id=old.version_id, backtest_id=old.pk, by=None)
    first, second = test_on_orders(rule), test_on_orders(rule)
    with pytest.raises(ChangedMeanwhile, match="新しい試しの結果"):
        writing.go_live(rule, version_id=rule.draft_id, backtest_id=first.pk, by=None)
    writing.go_live(rule, version_id=rule.draft_id, backtest_id=second.pk, by=None)


def test_two_people_writing_do_not_overwrite_each_other() -> None:
    rule = write(MANY)
    seen = writing.version_of(rule)
    write(FEW, rule=rule)
    with pytest.raises(ChangedMeanwhile):
        writing.write_rule(rule, writing.About("規則"), writing.Wording(MANY, "hold"), seen=seen, by=None)


def test_saving_without_a_change_makes_no_version() -> None:
    rule = write(MANY)
    write(MANY, rule=rule, name="新しい名前")
    rule.refresh_from_db()
    assert (rule.name, rule.versions.count()) == ("新しい名前", 1)


def test_a_wording_is_never_changed_not_even_by_the_database() -> None:
    version = write(MANY).draft
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        CheckRuleVersion.objects.filter(pk=version.pk).update(sentence="ちがう")
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        CheckRuleVersion.objects.filter(pk=version.pk)._raw_delete("default")


def test_a_rule_that_cannot_be_judged_is_not_kept() -> None:
    before = CheckRule.objects.count()
    for node in (
        Group(),
        Group("all", (Part("total", "has"),)),
        Group("all", (MANY.parts[0], Part("nobody", "ge", number=1))),
    ):
        with pytest.raises(DomainError, match=r"条件を|比べ方を|比べるかを"):
            write(node)
    with pytest.raises(DomainError, match="【おなまえ】は使えません"):
        wording = writing.Wording(MANY, "hold", "【おなまえ】の注文")
        writing.write_rule(None, writing.About("規則"), wording, by=None)
    assert CheckRule.objects.count() == before


def test_nobody_edits_away_a_rule_that_is_built_in() -> None:
    rule = CheckRule.objects.get(code="duplicate")
    acts = (
        lambda: write(MANY, rule=rule), lambda: writing.switch_off(rule, by=None),
        lambda: writing.go_live(rule, version_id=1, backtest_id=None, by=None),
    )  # fmt: skip
    for act in acts:
        with pytest.raises(DomainError, match="組み込みの規則です"):
            act()
    writing.tell_about(rule, writing.About("名前", priority=5), by=None)
    rule.refresh_from_db()
    assert (rule.name == "名前", rule.priority, rule.versions.count()) == (False, 5, 0)
    version = write(MANY).draft
    with pytest.raises(IntegrityError, match="checkrule_built_in_has_no_words"), transaction.atomic():
        CheckRule.objects.filter(pk=rule.pk).update(draft=version)


def test_a_warning_does_not_stop_the_order_and_is_put_away_once(tea: int) -> None:
    in_force(MANY, action="warn", name="多い注文")
    order = some("A-1", 3)
    (warning,) = order.warnings.all()
    assert (order.state, order.holds.count(), warning.reason) == ("ready", 0, "多い注文（商品点数 3点）")
    writing.see_warning(warning.pk, by=cast.staff("佐藤"))
    with pytest.raises(ChangedMeanwhile):
        writing.see_warning(warning.pk, by=cast.staff("高橋"))


def test_a_rule_is_applied_to_open_orders_by_an_explicit_act(tea: int) -> None:
    waits, small, gone = some("A-1", 3), some("A-2", 1), some("A-3", 3)
    services.note_instructed([gone.pk], by=None)
    rule = in_force(MANY)
    assert [one.order for one in backtesting.foresee_open(rule)] == [waits]
    job = backtesting.apply_to_open(
        rule, [waits.pk, small.pk, gone.pk], version_id=rule.live_id, back="", by=None
    )
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.counts["止めた"], Order.objects.get(pk=waits.pk).state) == (1, "on_hold")
    assert not (small.holds.exists() or gone.holds.exists())
    assert backtesting.foresee_open(rule) == []
    services.release_all(waits, by=cast.staff("佐藤"))
    assert backtesting.foresee_open(rule) == []  # answered already


def test_a_rule_that_was_switched_off_stops_nobody(tea: int) -> None:
    rule = in_force(MANY)
    writing.switch_off(rule, by=None)
    assert not some("A-1", 3).holds.exists()
    rule.refresh_from_db()
    assert rule.draft is not None and rule.draft.sentence.startswith("商品点数が 3点以上")
    with pytest.raises(ChangedMeanwhile):
        writing.switch_off(rule, by=None)


def test_how_a_rule_does_is_counted_from_what_people_did(tea: int) -> None:
    rule = in_force(MANY)
    as_it_was, put_right, still = some("A-1", 3), some("A-2", 3), some("A-3", 3)
    sato = cast.staff("佐藤")
    services.release_all(as_it_was, by=sato)
    activity.record(put_right, "edit_delivery", by=sato)
    services.release_all(put_right, by=sato)
    found = check_reports.with_results().get(pk=rule.pk)
    assert (found.stopped, found.held_now, found.freed, found.unchanged) == (3, 1, 2, 1)
    assert still.holds.filter(released_at=None).count() == 1


def test_the_history_of_a_buyer_is_asked_once_for_all(tea: int) -> None:
    first = Group(
        "any",
        (
            Part("first_time", "yes"),
            Part("same_address", "ge", number=3, hours=24),
            Part("sku", "has", ("X",)),
        ),
    )
    in_force(first, name="初回")

    def count(prefix: str, orders: int) -> int:
        told = [
            draft(f"{prefix}{n}", ("TEA-001", 1, 100), buyer=somebody(f"{prefix}{n}")) for n in range(orders)
        ]
        with CaptureQueriesContext(connection) as captured:
            services.place_many(told, channel=channels.by_code("rakuten"), by=None)
        return len(captured)

    count("warm", 1)
    assert count("x", 1) == count("y", 60)


def test_the_second_order_of_one_file_is_no_first_order(tea: int) -> None:
    in_force(Group("all", (Part("first_time", "yes"),)), name="初回")
    early = cast.NOW - timedelta(hours=5)
    told = [draft("A-2", ("TEA-001", 2, 100)), draft("A-1", ("TEA-001", 1, 100), ordered_at=early)]
    services.place_many(told, channel=channels.by_code("rakuten"), by=None)
    held = set(Order.objects.filter(holds__title="初回").values_list("channel_order_no", flat=True))
    assert held == {"A-1"}


def test_orders_to_one_address_within_hours_are_noticed(tea: int) -> None:
    in_force(Group("all", (Part("same_address", "ge", number=1, hours=3),)), name="続けて")
    base = clock.now() - timedelta(days=1)
    for no, hours in (("A-1", 0), ("A-2", 2), ("A-3", 6)):
        some(no, 1, ordered_at=base + timedelta(hours=hours))
    held = list(Order.objects.filter(holds__title="続けて").values_list("channel_order_no", flat=True))
    assert held == ["A-2"]


def test_a_correction_lets_the_rules_look_again(tea: int) -> None:
    in_force(Group("all", (Part("prefecture", "in", ("北海道",)),)), name="北海道")
    order = some("A-1", 1)
    there = cast.replace(
        cast.AOKI, postal_code="0600001", prefecture="北海道", city="札幌市中央区", line1="北一条西1-1"
    )
    services.edit_delivery(order.pk, ship_to=there, delivery_on=None, delivery_slot="", carrier="", by=None)
    assert [hold.title for hold in order.holds.filter(released_at=None)] == ["北海道"]
    services.edit_delivery(
        order.pk, ship_to=cast.AOKI, delivery_on=None, delivery_slot="", carrier="", by=None
    )
    assert not order.holds.filter(released_at=None).exists()


def test_what_a_buyer_did_before_is_counted(tea: int) -> None:
    old = cast.NOW - timedelta(days=40)
    unpaid = place(
        draft("A-1", ("TEA-001", 1, 100), payment="bank_transfer", payment_settled=False, ordered_at=old)
    )
    gone = place(draft("A-2", ("TEA-001", 2, 100), ordered_at=old + timedelta(days=9)))
    services.cancel(gone.pk, reason="いたずら", by=None)
    assert unpaid.payment_due_on is not None and unpaid.payment_due_on < clock.today()
    both = Group(
        "all",
        (
            Part("past_unpaid", "ge", number=1),
            Part("past_cancelled", "ge", number=1),
            Part("past_orders", "eq", number=2),
        ),
    )
    in_force(both, name="前に何かあった")
    (hold,) = place(draft("A-3", ("TEA-001", 3, 100))).holds.filter(title="前に何かあった")
    assert hold.reason == "前に何かあった（過去の未入金 1件・過去のキャンセル 1回・これまでの注文回数 2回）"


def test_a_hold_of_a_rule_with_a_limit_of_hours_is_due_then(tea: int) -> None:
    rule = in_force(MANY, limit_hours=24)
    writing.tell_about(
        CheckRule.objects.get(code="address"), writing.About("住所不備", limit_hours=2), by=None
    )
    old = some("A-1", 3, ship_to=cast.replace(cast.AOKI, phone=""))
    due = {hold.rule: hold.due_at - hold.placed_at for hold in old.holds.all()}
    assert due == {rule.code: timedelta(hours=24), "address": timedelta(hours=2)}
    assert [hold.due_at for hold in some("A-2", 1, customer_note="急ぎ").holds.all()] == [None]
    old.holds.update(due_at=clock.now() - timedelta(hours=1))
    assert check_reports.with_results().get(pk=rule.pk).late == 1
    assert list(Order.objects.filter(queries.hold_overdue(clock.now()))) == [old]
