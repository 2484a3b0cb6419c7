"""要確認の規則の画面: one rule with its back-test and its results, the editor, and what puts it into force."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.core.errors import DomainError
from akinai.core.models import LongJob
from akinai.orders import check_lists, check_reports, rules, services
from akinai.orders.check_forms import AboutForm, CheckRuleForm, PeriodForm
from akinai.orders.check_rules import Labels, composing, from_json, needs, sentence
from akinai.orders.check_rules.conditions import ALL, Group
from akinai.orders.check_rules.subjects import Need
from akinai.orders.forms import HoldRuleForm
from akinai.orders.models import CheckRule, CheckRuleVersion, HoldRule, Order
from akinai.orders.services import backtesting, check_facts
from akinai.orders.services import check_rules as writing
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

OPEN_JOBS = (LongJob.State.WAITING, LongJob.State.RUNNING)
SHOWN = 50


def rule_of(code: str) -> CheckRule:
    """404 for a rule that is not there."""
    return get_object_or_404(CheckRule.objects.select_related("live", "draft"), code=code)


def _here(rule: CheckRule) -> str:
    return reverse("orders:check_rule", args=[rule.code])


@office("orders.view_checkrule")
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """一つの規則: its sentence, how it did on past orders, how it does now."""
    rule = get_object_or_404(check_reports.with_results(), code=code)
    if rule.is_built_in:
        return _built_in(request, rule)
    return render(request, "orders/check_rule.html", _context(rule, PeriodForm(initial=PeriodForm.usual())))


def _context(rule: Any, period: PeriodForm) -> dict[str, Any]:
    version = rule.draft or rule.live
    tests = version.backtests.select_related("job", "against", "by").order_by("-pk") if version else ()
    latest = tests[0] if tests else None
    done = next((test for test in tests[:5] if test.finished_at), None) if version else None
    return {
        "object": rule, "rule": rule, "version": version, "period": period, "latest": latest, "done": done,
        "is_running": bool(latest and not latest.finished_at and latest.job and latest.job.state in OPEN_JOBS),
        "is_broken": bool(latest and not latest.finished_at and not (latest.job and latest.job.state in OPEN_JOBS)),
        "result": check_reports.result_of(done) if done else None, "state": check_lists.state_of(rule),
        "unchanged_rate": check_lists.unchanged_rate(rule), "versions": rule.versions.select_related("made_by").order_by("-number"),
        "on_credit": bool(version) and Need.CREDIT in needs([check_facts.check_of(rule, version)]),
        "on_history": bool(version) and Need.HISTORY in needs([check_facts.check_of(rule, version)]),
        "has_orders": Order.objects.exists(),
    }  # fmt: skip


def _built_in(request: HttpRequest, rule: Any) -> HttpResponse:
    """A built-in rule: whether it is used, its days, its owner."""
    known = rules.RULES[rule.code]
    setting = HoldRule.objects.filter(code=rule.code).first() or HoldRule(
        code=rule.code, is_enabled=known.default.is_enabled, limit_days=known.default.limit_days
    )
    may = request.user.has_perm("orders.change_holdrule")
    data = request.POST if request.method == "POST" and may else None
    form = HoldRuleForm(data, instance=setting, rule=known)
    about = AboutForm(data, initial=AboutForm.shown(rule))
    if data is not None and form.is_valid() and about.is_valid():
        services.set_rules([form.save(commit=False)], by=clerk(request))
        writing.tell_about(rule, about.about(rule.name), by=clerk(request))
        messages.success(request, f"「{rule.name}」を保存しました。次に取り込む受注から効きます。")
        return redirect(_here(rule))
    context = {
        "object": rule, "rule": rule, "about_text": known.about, "form": form, "about": about, "may": may,
        "state": check_lists.state_of(rule), "unchanged_rate": check_lists.unchanged_rate(rule),
    }  # fmt: skip
    return render(request, "orders/check_built_in.html", context, status=422 if data is not None else 200)


# ---- 書く


def _labels() -> Labels:
    names = {name: name for name in catalog.category_names()}
    return {**writing.labels(), "categories": names}


@office("orders.change_holdrule")
@once
def edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """規則を書く, or write it anew. Acts on the rows answer without saving, also where no script runs."""
    rule = rule_of(code) if code else None
    if rule and rule.is_built_in:
        return redirect(_here(rule))
    names = _labels()
    if request.method != "POST":
        return _editor(request, rule, _opened(rule), _start(rule), names)
    form = CheckRuleForm(request.POST)
    composed = composing.read(dict(request.POST.lists()), names)
    if act := request.POST.get("do", ""):
        composed.tree, focus = composing.changed(composed.tree, act)
        return _editor(
            request, rule, CheckRuleForm(initial=request.POST.dict()), composed, names, focus=focus
        )
    told = composed.problems()
    if form.is_valid() and not told and (saved := _save(request, rule, form, composed)):
        messages.success(
            request,
            "下書きを保存しました。過去の受注で試してから、使いはじめてください。"
            if saved.draft_id
            else "保存しました。",
        )
        return redirect(_here(saved))
    return _editor(request, rule, form, composed, names, told=told, status=422)


def _opened(rule: CheckRule | None) -> CheckRuleForm:
    if rule is None:
        return CheckRuleForm(initial={"priority": 100, "action": "hold"})
    version = rule.draft or rule.live
    wording = {"action": version.action, "reason": version.reason} if version else {}
    return CheckRuleForm(initial={**CheckRuleForm.shown(rule), **wording, "seen": writing.version_of(rule)})


def _start(rule: CheckRule | None) -> composing.Composed:
    version = (rule.draft or rule.live) if rule else None
    tree = from_json(version.condition) if version else Group(ALL, (composing.FIRST,))
    return composing.Composed(tree if isinstance(tree, Group) else Group(ALL, (tree,)))


def _save(
    request: HttpRequest, rule: CheckRule | None, form: CheckRuleForm, composed: composing.Composed
) -> CheckRule | None:
    told = form.cleaned_data
    wording = writing.Wording(composed.tree, told["action"], told["reason"])
    try:
        return writing.write_rule(rule, form.about(), wording, seen=told["seen"], by=clerk(request))
    except DomainError as refusal:
        form.add_error(None, f"{refusal.message}{refusal.way_out}")
        return None


def _editor(
    request: HttpRequest, rule: CheckRule | None, form: CheckRuleForm, composed: composing.Composed, names: Labels,
    *, told: Any = (), focus: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "rule": rule, "form": form, **_drawn(composed, form["action"].value() or "hold", names, told=told, focus=focus),
        "cancel_url": _here(rule) if rule else reverse("orders:hold_rules"),
        "compose_url": reverse("orders:check_compose"), "problem_count": len(told),
    }  # fmt: skip
    return render(request, "orders/check_edit.html", context, status=status)


def _drawn(composed: composing.Composed, action: str, names: Labels, **more: Any) -> dict[str, Any]:
    return {
        "whole": composing.drawn(composed, names, **more), "subject_groups": list(composing.subject_groups()),
        "sentence": sentence(composed.tree, action, names), "compose_url": reverse("orders:check_compose"),
    }  # fmt: skip


@office_post("orders.change_holdrule")
def compose(request: HttpRequest) -> HttpResponse:
    """The rows after an act, and the sentence. Writes nothing."""
    names = _labels()
    composed = composing.read(dict(request.POST.lists()), names)
    composed.tree, focus = composing.changed(composed.tree, request.POST.get("do", ""))
    context = _drawn(composed, request.POST.get("action", "hold"), names, focus=focus)
    return render(request, "orders/_check_composed.html", context | {"is_swap": True})


# ---- 試す・使う


@office_post("orders.change_holdrule")
@once
def test(request: HttpRequest, code: str) -> HttpResponse:
    """過去の受注で試す."""
    rule = get_object_or_404(check_reports.with_results(), code=code)
    version = rule.draft or rule.live
    period = PeriodForm(request.POST)
    if version is None or not period.is_valid():
        return render(request, "orders/check_rule.html", _context(rule, period), status=422)
    try:
        backtesting.start_backtest(rule, version, back=_here(rule), by=clerk(request), **period.cleaned_data)
    except DomainError as refusal:
        period.add_error(None, f"{refusal.message}{refusal.way_out}")
        return render(request, "orders/check_rule.html", _context(rule, period), status=422)
    return redirect(_here(rule) + "#test")


def _sent_id(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@office_post("orders.change_holdrule")
@once
def go_live(request: HttpRequest, code: str) -> HttpResponse:
    """使いはじめる."""
    rule = rule_of(code)
    version, backtest = _sent_id(request, "version"), _sent_id(request, "backtest")
    writing.go_live(rule, version_id=version, backtest_id=backtest or None, by=clerk(request))
    messages.success(request, f"「{rule.name}」を使いはじめました。次に入る受注から効きます。")
    return redirect(_here(rule))


@office_post("orders.change_holdrule")
@once
def switch_off(request: HttpRequest, code: str) -> HttpResponse:
    """使うのをやめる."""
    rule = rule_of(code)
    writing.switch_off(rule, by=clerk(request))
    messages.success(request, f"「{rule.name}」を使うのをやめました。止まっている受注はそのままです。")
    return redirect(_here(rule))


@office_post("orders.change_holdrule")
@once
def drop_draft(request: HttpRequest, code: str) -> HttpResponse:
    """下書きをやめる."""
    rule = rule_of(code)
    writing.drop_draft(rule, by=clerk(request))
    messages.success(request, "下書きをやめました。使用中の内容はそのままです。")
    return redirect(_here(rule))


@office("orders.change_holdrule")
@once
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """いまの受注にも使う: first what would be stopped, then the act."""
    rule = rule_of(code)
    found = backtesting.foresee_open(rule)
    if request.method == "POST":
        job = backtesting.apply_to_open(
            rule, [one.order.pk for one in found], version_id=_sent_id(request, "version"), back=_here(rule), by=clerk(request)
        )  # fmt: skip
        return redirect("jobs:detail", job.pk)
    page = Paginator(found, SHOWN).get_page(request.GET.get("page"))
    total = sum(one.order.total_yen for one in found)
    context = {"rule": rule, "found": found, "page": page, "total_yen": total, "cancel_url": _here(rule)}
    return render(request, "orders/check_apply.html", context)


@office("orders.view_checkrule")
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A version as it was written, for holds that keep it."""
    rule = rule_of(code)
    found = get_object_or_404(CheckRuleVersion.objects.select_related("made_by"), rule=rule, number=number)
    return render(request, "orders/check_version.html", {"rule": rule, "object": found, "version": found})


@office_post("orders.change_order")
def see_warning(request: HttpRequest, pk: int) -> HttpResponse:
    """注意を確認した."""
    order = writing.see_warning(pk, by=clerk(request))
    messages.success(request, "注意を確認しました。")
    return redirect("orders:detail", order.number)
