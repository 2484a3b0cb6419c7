"""ウェーブを決める・出荷指示する: the rules, and sending off what one of them has gathered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.core import activity, clock
from akinai.core.errors import ChangedMeanwhile
from akinai.shipping import wave_queries
from akinai.shipping.errors import NotShippable
from akinai.shipping.models import ShippingBatch, WaveRule
from akinai.shipping.services.instruct import instruct

if TYPE_CHECKING:
    from akinai.staff.models import Staff

GATHERS = ("cutoffs", "weekdays", "channels", "carriers", "temperature", "due_days", "location_id")


@transaction.atomic
def save_wave(rule: WaveRule, *, by: Staff | None) -> None:
    """ウェーブを決める・直す. When it gathers something else from now on, nothing that waits is late by the new rule.

    Raises ChangedMeanwhile when another rule in use bears the name.
    """
    before = WaveRule.objects.select_for_update().filter(pk=rule.pk).first()
    rule.cutoffs, rule.weekdays = sorted(set(rule.cutoffs)), sorted(set(rule.weekdays))
    if before is None or any(getattr(before, name) != getattr(rule, name) for name in GATHERS):
        rule.since = clock.now()
    _save(rule)
    activity.record(rule, "save", by=by, summary=f"ウェーブ「{rule.name}」を保存")


def add_wave(
    *, name: str, cutoffs: Sequence[time], due_days: int | None = None, by: Staff | None
) -> WaveRule:
    """ウェーブを登録する: from Monday to Friday, of all channels and carriers. Raises ChangedMeanwhile as `save_wave`."""
    rule = WaveRule(name=name, cutoffs=list(cutoffs), due_days=due_days)
    save_wave(rule, by=by)
    return rule


@transaction.atomic
def retire_wave(rule_id: int, *, by: Staff | None) -> None:
    """ウェーブをやめる: its orders fall to the rules behind it. What it sent off keeps its name. Twice is once."""
    if WaveRule.objects.filter(pk=rule_id, is_active=True).update(is_active=False):
        rule = WaveRule.objects.get(pk=rule_id)
        activity.record(rule, "retire", by=by, summary=f"ウェーブ「{rule.name}」をやめた")


@transaction.atomic
def resume_wave(rule_id: int, *, by: Staff | None) -> None:
    """ウェーブをまた使う, from now on. Raises ChangedMeanwhile when another rule has taken the name."""
    rule = WaveRule.objects.select_for_update().get(pk=rule_id)
    if rule.is_active:
        return
    rule.is_active, rule.since = True, clock.now()
    _save(rule)
    activity.record(rule, "resume", by=by, summary=f"ウェーブ「{rule.name}」をまた使う")


def _save(rule: WaveRule) -> None:
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        if "waverule_name_once" not in str(error):
            raise
        raise ChangedMeanwhile(
            f"「{rule.name}」という名前のウェーブは、すでに使われています。",
            way_out="別の名前にしてください。",
        ) from error


@dataclass(frozen=True, slots=True)
class SentOff:
    """出荷指示したウェーブ. `is_new`: False when somebody had sent it off before and nothing was left."""

    batch: ShippingBatch
    is_new: bool


@transaction.atomic
def instruct_wave(rule_id: int, at: datetime, *, by: Staff | None) -> SentOff:
    """このウェーブを出荷指示: every order that is in it now, as one batch that bears its name and day.

    The row of the rule is the gate: of two clerks the second finds nothing left and is led to the first one's batch. What comes
    in later becomes the second turn of the wave. Raises NotShippable when there is nothing and never was.
    """
    rule = WaveRule.objects.select_for_update().filter(pk=rule_id, is_active=True).first()
    load = wave_queries.todays_board().load_of(rule_id, at) if rule else None
    if rule is None or load is None:
        raise NotShippable(
            "このウェーブは今の予定にありません。",
            way_out="画面を開き直して、今日のウェーブから選んでください。",
        )
    wave, day = load.wave.title, load.wave.at.date()
    last = ShippingBatch.objects.filter(wave=wave, wave_on=day).order_by("-wave_turn").first()
    if not load.orders:
        if last is None:
            raise NotShippable(
                f"「{wave}」に出荷待ちの受注はありません。",
                way_out="受注が出荷待ちになってから指示してください。",
            )
        return SentOff(last, is_new=False)
    batch = instruct([order.order_id for order in load.orders], ship_on=max(day, clock.today()), by=by)
    batch.wave, batch.wave_on, batch.wave_turn = wave, day, last.wave_turn + 1 if last else 1
    batch.save(update_fields=["wave", "wave_on", "wave_turn"])
    activity.record(batch, "instruct", by=by, summary=f"ウェーブ「{batch.wave_title}」として出荷指示")
    return SentOff(batch, is_new=True)
