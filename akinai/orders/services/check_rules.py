"""要確認の規則を書く: wordings are only added; one of them is in force, and it goes live with its back-test before the eyes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, Q

from akinai.channels import queries as channels
from akinai.core import activity, clock, numbering
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders.check_rules import Condition, Labels, problems, sentence, to_json
from akinai.orders.check_rules.judging import holes
from akinai.orders.models import CheckBacktest, CheckRule, CheckRuleVersion, CheckWarning, Order

if TYPE_CHECKING:
    from akinai.staff.models import Staff

STALE = "この規則は、画面を開いたあとに変わりました。"


@dataclass(frozen=True, slots=True)
class Wording:
    """規則の文面: what is judged, what happens, and the sentence that stands on the order."""

    condition: Condition
    action: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """規則のまわり: what may change without a new version."""

    name: str
    priority: int = 100
    owner_role: str = ""
    limit_hours: int | None = None


def labels() -> Labels:
    """Names of the values that the shop itself keeps. One query."""
    return {"channels": {str(code): str(name) for code, name in channels.every_choice()}}


@transaction.atomic
def write_rule(
    rule: CheckRule | None, about: About, wording: Wording, *, seen: str = "", by: Staff | None
) -> CheckRule:
    """下書きを保存する: a new rule, or a new version of this one; what is in force stays in force.

    `seen`: `version_of` as the writer saw it. Raises ChangedMeanwhile when it is another by now, DomainError for a
    condition that cannot be judged.
    """
    _refuse(wording)
    if rule is None:
        code = numbering.take("check_rule")[0]
        made = CheckRule.objects.create(code=code, name=about.name, created_by=by)
    else:
        made = _locked(rule)
    if rule is not None and seen and seen != version_of(made):
        raise ChangedMeanwhile(STALE, way_out="開き直して、もう一度直してください。")
    _tell(made, about)
    version = _version(made, wording, by)
    made.draft = None if version.pk == made.live_id else version
    made.save()
    verb = "作成" if rule is None else "下書きを保存"
    activity.record(made, "write_check", by=by, summary=f"{verb}: {version} {version.sentence}"[:500])
    return made


def version_of(rule: CheckRule) -> str:
    """What a form was opened on."""
    return f"{rule.live_id or 0}-{rule.draft_id or 0}"


def _refuse(wording: Wording) -> None:
    if found := problems(wording.condition):
        raise DomainError(found[0].message, way_out="条件を直してください。")
    if wrong := holes(wording.reason):
        raise DomainError(f"説明の【{wrong[0]}】は使えません。", way_out="主語の名前を【】で囲んでください。")


def _locked(rule: CheckRule) -> CheckRule:
    found = CheckRule.objects.select_for_update().get(pk=rule.pk)
    if found.is_built_in:
        raise DomainError(
            f"「{found.name}」は組み込みの規則です。", way_out="使うかどうかと日数だけを変えられます。"
        )
    return found


def _tell(rule: CheckRule, about: About) -> None:
    rule.name, rule.priority = about.name, about.priority
    rule.owner_role, rule.limit_hours = about.owner_role, about.limit_hours


def _version(rule: CheckRule, wording: Wording, by: Staff | None) -> CheckRuleVersion:
    """The version with this wording: the one in force or in draft where it says the same, else a new one."""
    told = {"action": str(wording.action), "condition": to_json(wording.condition), "reason": wording.reason}
    for pk in (rule.live_id, rule.draft_id):
        same = CheckRuleVersion.objects.filter(pk=pk, **told).first() if pk else None
        if same:
            return same
    number = (rule.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    text = sentence(wording.condition, wording.action, labels())
    return CheckRuleVersion.objects.create(rule=rule, number=number, sentence=text, made_by=by, **told)


@transaction.atomic
def tell_about(rule: CheckRule, about: About, *, by: Staff | None) -> None:
    """順番・担当・期限 of any rule, built-in ones too."""
    found = CheckRule.objects.select_for_update().get(pk=rule.pk)
    if found.is_built_in:
        about = About(found.name, about.priority, about.owner_role, about.limit_hours)
    _tell(found, about)
    found.save()
    activity.record(found, "write_check", by=by, summary="順番・担当・期限を変更")


@transaction.atomic
def go_live(rule: CheckRule, *, version_id: int, backtest_id: int | None, by: Staff | None) -> None:
    """使いはじめる: the draft judges new orders from now on, orders that are held keep the version that held them.

    Refused without the latest finished back-test of this very version, as the person saw it; only a shop without any
    order needs none.
    """
    found = _locked(rule)
    if found.draft_id != version_id:
        raise ChangedMeanwhile(STALE, way_out="開き直して、内容を確かめてください。")
    _refuse_untested(version_id, backtest_id)
    version = CheckRuleVersion.objects.get(pk=version_id)
    found.live, found.live_since, found.draft = version, clock.now(), None
    found.save()
    activity.record(found, "check_live", by=by, summary=f"使用開始: {version} {version.sentence}"[:500])


def _refuse_untested(version_id: int, backtest_id: int | None) -> None:
    latest = (
        CheckBacktest.objects.filter(version=version_id).exclude(finished_at=None).order_by("-id").first()
    )
    if latest is None and not Order.objects.exists():
        return
    if latest is None:
        raise DomainError(
            "この内容は、まだ過去の受注で試していません。", way_out="「過去の受注で試す」を押してください。"
        )
    if latest.pk != backtest_id:
        raise ChangedMeanwhile("新しい試しの結果があります。", way_out="開き直して、結果を確かめてください。")


@transaction.atomic
def switch_off(rule: CheckRule, *, by: Staff | None) -> None:
    """使うのをやめる: the wording becomes the draft where there is none. Held orders stay held."""
    found = _locked(rule)
    if found.live_id is None:
        raise ChangedMeanwhile(f"「{found.name}」は使われていません。", way_out="画面を開き直してください。")
    found.draft_id = found.draft_id or found.live_id
    found.live, found.live_since = None, None
    found.save()
    activity.record(found, "check_off", by=by, summary="使用をやめました")


@transaction.atomic
def drop_draft(rule: CheckRule, *, by: Staff | None) -> None:
    """下書きをやめる: the version in force stays. A rule that was never in force keeps its draft."""
    dropped = CheckRule.objects.filter(Q(live__isnull=False) & Q(draft__isnull=False), pk=rule.pk).update(
        draft=None
    )
    if not dropped:
        raise ChangedMeanwhile("やめる下書きがありません。", way_out="画面を開き直してください。")
    activity.record(rule, "write_check", by=by, summary="下書きをやめました")


@transaction.atomic
def see_warning(warning_id: int, *, by: Staff | None) -> Order:
    """注意を見た. Of two people, one does."""
    seen = CheckWarning.objects.filter(pk=warning_id, seen_at=None).update(seen_at=clock.now(), seen_by=by)
    warning = CheckWarning.objects.select_related("order").get(pk=warning_id)
    if not seen:
        raise ChangedMeanwhile("この注意はすでに確認されています。", way_out="受注を開き直してください。")
    activity.record(warning.order, "see_warning", by=by, summary=f"注意を確認: {warning.title}"[:500])
    return warning.order
