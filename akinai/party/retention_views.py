"""保存期間の画面: what goes when, how many rows tonight, and what went."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from akinai.core.errors import DomainError
from akinai.party import keeping, retention
from akinai.party.models import RetentionRun, RetentionSettings
from akinai.party.ports import TIMERS
from akinai.ui.access import clerk, office
from akinai.ui.forms import once
from akinai.ui.worklist import Column, DateRange, MultiChoice, Worklist

CHANGE = "party.change_retentionrule"


class RetentionForm(forms.ModelForm):
    """Each kind on or off and its days, with the shop's fiscal year."""

    class Meta:
        model = RetentionSettings
        fields = ["closing_month", "paper_years", "answer_days"]

    def __init__(self, *args: Any, kinds: list[retention.Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closing_month"] = forms.TypedChoiceField(
            label="決算月", coerce=int, choices=[(no, f"{no} 月") for no in range(1, 13)],
            help_text="帳簿書類は、その事業年度の申告期限の翌日から数えて保存します。個人事業は 12 月です。",
        )  # fmt: skip
        self.fields["paper_years"] = forms.IntegerField(
            label="帳簿書類の保存年数", min_value=7, max_value=10,
            help_text="7 年。欠損金を繰り越す法人は 10 年にします。",
        )  # fmt: skip
        self.fields["answer_days"] = forms.IntegerField(
            label="ご本人への回答の日数", min_value=1, max_value=60,
            help_text="消去の請求を受けた日から、回答するまで。法律は「遅滞なく」です。",
        )  # fmt: skip
        self.kinds = kinds
        for kind in kinds:
            code, title = kind.timer.code, kind.timer.title
            self.fields[f"on_{code}"] = forms.BooleanField(
                label=f"{title}を自動で消す", required=False, initial=kind.is_on
            )
            self.fields[f"days_{code}"] = forms.IntegerField(
                label=f"{title}の日数", min_value=kind.timer.least, max_value=7300, initial=kind.days
            )

    def rows(self) -> list[tuple[retention.Kind, Any, Any]]:
        """Each kind with its two fields."""
        return [(kind, self[f"on_{kind.timer.code}"], self[f"days_{kind.timer.code}"]) for kind in self.kinds]

    @property
    def choices(self) -> dict[str, tuple[bool, int]]:
        return {code: (self.cleaned_data[f"on_{code}"], self.cleaned_data[f"days_{code}"]) for code in TIMERS}


@office(CHANGE)
@once
def timers(request: HttpRequest) -> HttpResponse:
    """保存期間."""
    form = RetentionForm(request.POST or None, instance=keeping.settings(), kinds=retention.kinds())
    if request.method == "POST" and form.is_valid():
        try:
            changed = retention.save(form.choices, form.save(commit=False), by=clerk(request))
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(
                request,
                "保存期間を変えました。今夜から使われます。" if changed else "変わったところはありません。",
            )
            return redirect("party:retention")
    context = {"form": form, "papers_from": keeping.papers_needed_from(), "cancel_url": ""}
    return render(request, "party/retention.html", context, status=422 if form.errors else 200)


class RetentionRunList(Worklist):
    """保存期間で消したもの."""

    page = "party.retention_runs"
    title = "保存期間の記録"
    permission = CHANGE
    columns = [
        Column("at", "日時", format="datetime", sort="at", card="plain"),
        Column("title", "対象", sort="title", card="title"),
        Column("rows", "消した件数", format="number", sort="rows"),
        Column("days", "保存日数", format="number"),
        Column("before", "この日時より前", format="datetime"),
    ]
    filters = [
        MultiChoice(
            "kind", "対象", choices=lambda _request: [(code, one.title) for code, one in TIMERS.items()]
        ),
        DateRange("at", "日", field="at"),
    ]
    search_hint = "対象"
    default_sort = "-at"
    export_name = "保存期間の記録"
    empty = {
        "icon": "clock", "title": "まだ何も消していません", "text": "毎晩、保存期間の過ぎたものが消え、件数がここに残ります。",
        "url_name": "party:retention", "label": "保存期間を見る",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[RetentionRun]:
        return RetentionRun.objects.all()

    def search(self, queryset: QuerySet[RetentionRun], text: str) -> QuerySet[RetentionRun]:
        return queryset.filter(title__icontains=text.strip().replace("\0", ""))
