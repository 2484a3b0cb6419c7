"""督促の段取り: which steps a shop takes, and when it starts to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.core import activity, clock, mail_texts
from akinai.core.errors import DomainError
from akinai.payments.dunning_texts import PLACEHOLDERS, USUAL
from akinai.payments.models import DunningLadder, DunningStep
from akinai.payments.states import NOT_SHIPPED, DueKind, DunningWay

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def ladder_of(kind: str) -> DunningLadder:
    """The ladder, made when nobody has touched it yet."""
    return DunningLadder.objects.get_or_create(kind=kind)[0]


def _locked(kind: str) -> DunningLadder:
    """Everything about one ladder is changed by one person at a time."""
    ladder_of(kind)
    return DunningLadder.objects.select_for_update(no_key=True).get(kind=kind)


def _steps(kind: str) -> list[DunningStep]:
    return list(DunningStep.objects.filter(kind=kind, is_live=True).order_by("days"))


@transaction.atomic
def set_ladder(
    kind: str, *, is_on: bool, channels_left_out: Collection[int] = (), by: Staff | None
) -> DunningLadder:
    """督促を始める・止める, and for which shops not. Refused while the ladder has no steps or none before the cancelling one."""
    ladder = _locked(kind)
    if is_on:
        _check_ladder(_steps(kind))
    was_on, ladder.is_on, ladder.changed_at = ladder.is_on, is_on, clock.now()
    ladder.save(update_fields=["is_on", "changed_at"])
    ladder.channels_left_out.set(channels_left_out)
    word = (
        "督促を始めました"
        if is_on and not was_on
        else "督促を止めました"
        if was_on and not is_on
        else "段取りを変更"
    )
    activity.record(ladder, "change", by=by, summary=f"{ladder.get_kind_display()}: {word}")
    return ladder


@transaction.atomic
def save_step(step: DunningStep, *, by: Staff | None) -> DunningStep:
    """段階を足す・直す. Refused for unknown 差し込み, two steps of one day, and a cancelling step that is not the last."""
    ladder = _locked(step.kind)
    _check_step(step)
    try:
        with transaction.atomic():
            step.save()
    except IntegrityError as error:
        raise DomainError(
            f"期限から {step.days} 日の段階、または自動キャンセルが、すでにあります。",
            way_out="日数を変えるか、前の段階を直してください。",
        ) from error
    _check_order(_steps(step.kind))
    activity.record(
        ladder, "change", by=by, summary=f"{ladder.get_kind_display()}: {step.days}日「{step.title}」を保存"
    )
    return step


@transaction.atomic
def retire_step(step_id: int, *, by: Staff | None) -> DunningStep:
    """段階をやめる: what was done by it stays."""
    step = DunningStep.objects.get(pk=step_id)
    ladder = _locked(step.kind)
    if not DunningStep.objects.filter(pk=step_id, is_live=True).update(is_live=False):
        raise DomainError("この段階はすでに外されています。", way_out="画面を開き直してください。")
    if ladder.is_on:
        _check_ladder(_steps(step.kind))
    activity.record(
        ladder, "change", by=by, summary=f"{ladder.get_kind_display()}: 「{step.title}」を外しました"
    )
    return step


@transaction.atomic
def take_usual(kind: str, *, by: Staff | None) -> list[DunningStep]:
    """ひな形の段取りを入れる, where there are no steps yet. The ladder stays off until somebody has read it."""
    ladder = _locked(kind)
    if _steps(kind):
        raise DomainError("すでに段階があります。", way_out="段階を直してください。")
    made = [
        DunningStep(kind=kind, days=days, way=way, title=title, subject=subject, body=body)
        for days, way, title, subject, body in USUAL[DueKind(kind)]
    ]
    DunningStep.objects.bulk_create(made)
    activity.record(
        ladder, "change", by=by, summary=f"{ladder.get_kind_display()}: ひな形の段取りを入れました"
    )
    return _steps(kind)


def _check_step(step: DunningStep) -> None:
    names = [one.name for one in PLACEHOLDERS]
    for name in mail_texts.unknown(step.subject + step.body, names):
        raise DomainError(
            f"「{{{name}}}」という差し込みはありません。",
            way_out=f"使えるのは {'、'.join('{' + one + '}' for one in names)} です。",
        )
    if step.way == DunningWay.MAIL and not (step.subject.strip() and step.body.strip()):
        raise DomainError("メールの件名と本文を入力してください。")
    if step.way == DunningWay.CANCEL and step.kind not in NOT_SHIPPED:
        raise DomainError(
            "出荷したあとの未入金は、自動ではキャンセルできません。",
            way_out="電話か書面の段階にしてください。",
        )
    if step.way == DunningWay.CANCEL and step.days <= 0:
        raise DomainError("自動キャンセルは、期限の翌日から後にしてください。")


def _check_order(steps: Sequence[DunningStep]) -> None:
    for at, step in enumerate(steps):
        if step.way == DunningWay.CANCEL and at < len(steps) - 1:
            raise DomainError(
                f"自動キャンセル（{step.days}日）の後に段階「{steps[-1].title}」（{steps[-1].days}日）があります。",
                way_out="自動キャンセルは最後の段階にしてください。",
            )


def _check_ladder(steps: Sequence[DunningStep]) -> None:
    if not steps:
        raise DomainError("段階がありません。", way_out="ひな形を入れるか、段階を足してから始めてください。")
    if steps[0].way == DunningWay.CANCEL:
        raise DomainError(
            "お知らせしないままキャンセルする段取りになっています。",
            way_out="自動キャンセルの前に、メールか電話の段階を入れてください。",
        )
