"""The list view (一覧画面): one class per list, everything declared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.views import View

from akinai.core import clock
from akinai.core import search as bigrams
from akinai.ui import watching
from akinai.ui.access import refuse_stranger
from akinai.ui.forms import spend_once
from akinai.ui.worklist import export
from akinai.ui.worklist.actions import BulkAction, Refused
from akinai.ui.worklist.columns import Column
from akinai.ui.worklist.filters import Filter, Tab
from akinai.ui.worklist.paging import page_of
from akinai.ui.worklist.screen import CAP, Screen, counted_tabs
from akinai.ui.worklist.state import ListState, read_state, shown_columns, sorting_of

JOB_FROM = 5000
PARTS = {"results": "ui/worklist.html#results"}


class Worklist(View):
    """一覧: declare the class attributes, write `queryset`. See ui/README.md for every attribute."""

    page: ClassVar[str] = ""
    title: ClassVar[str] = ""
    permission: ClassVar[str | None]
    template_name: ClassVar[str] = "ui/worklist.html"
    columns: ClassVar[Sequence[Column]] = ()
    tabs: ClassVar[Sequence[Tab]] = ()
    filters: ClassVar[Sequence[Filter]] = ()
    bulk_actions: ClassVar[Sequence[BulkAction]] = ()
    search_fields: ClassVar[Sequence[str]] = ()
    search_hint: ClassVar[str] = ""
    default_sort: ClassVar[str] = "-pk"
    page_sizes: ClassVar[Sequence[int]] = (50, 100, 200)
    whole_page: ClassVar[bool] = False  # what stands above the list follows its conditions too
    empty: ClassVar[dict[str, str]] = {}
    toolbar_template: ClassVar[str] = ""
    export_name: ClassVar[str] = ""
    export_permission: ClassVar[str | None] = None
    all_title: ClassVar[str] = "すべて"
    finds_many: ClassVar[bool] = (
        False  # a search may meet a great part of all: ids first, then the rows of the page
    )
    is_personal: ClassVar[bool] = False  # its rows are people: who takes them out as a file is written down

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Refuses (ImproperlyConfigured) a list that does not say who may see it, or has no name."""
        if not hasattr(cls, "permission"):
            raise ImproperlyConfigured(f"{cls.__name__} needs a permission (None for any logged-in staff)")
        if not cls.page or not cls.columns:
            raise ImproperlyConfigured(f"{cls.__name__} needs a page name and columns")
        return super().as_view(**initkwargs)

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows this person may see, with the relations the columns read."""
        raise NotImplementedError

    def row_url(self, row: Any) -> str:
        """Where a click on the row leads; "" for nowhere."""
        return ""

    def row_tone(self, row: Any) -> str:
        """Colour of the row's edge, "" for none."""
        return ""

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Narrow by the search box: bigrams when `search_fields` is (grams, source), else any field contains it."""
        fields = self.search_fields
        if fields and fields[0].endswith("grams"):
            return queryset.filter(bigrams.matching(text, grams=fields[0], source=fields[1]))
        found = Q()
        for name in fields:
            found |= Q(**{f"{name}__icontains": text})
        return queryset.filter(found)

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        """More for the template of this list (headers, totals)."""
        return {}

    def export_in_job(
        self, request: HttpRequest, queryset: QuerySet[Any], kind: str
    ) -> HttpResponseBase | None:
        """A file of more than 5,000 rows is made by a worker, and the person led to its page. None: make it here."""
        from akinai.ui.exports.views import begin

        return begin(self, request, queryset, kind)

    # From here on: how it works.

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return refuse_stranger(request, self.permission) or super().dispatch(request, *args, **kwargs)

    @cached_property
    def state(self) -> ListState:
        return read_state(self, self.request)

    @property
    def can_search(self) -> bool:
        return bool(self.search_fields) or type(self).search is not Worklist.search

    def narrowed(self, *, tab: Tab | None, text: str, filters: Sequence[Filter]) -> QuerySet[Any]:
        """The queryset under these conditions, unsorted."""
        queryset = self.queryset(self.request)
        if tab:
            queryset = tab.narrow(queryset, self.request)
        if text:
            queryset = self.search(queryset, text)
        for chosen in filters:
            queryset = chosen.apply(queryset)
        return queryset

    def filtered(self) -> QuerySet[Any]:
        """What the address asks for, all pages of it."""
        return self.narrowed(tab=self.state.tab, text=self.state.text, filters=self.state.active)

    def allowed_actions(self) -> list[BulkAction]:
        return [action for action in self.bulk_actions if action.is_there and action.allowed(self.request)]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "export" in request.GET:
            return self._export(request)
        if self.whole_page and request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": request.get_full_path()})
        queryset = self.filtered()
        sorting = sorting_of(self, queryset, self.state.sort)
        tabs = [tab.narrow(self.queryset(request), request) for tab in counted_tabs(self)]
        page = page_of(
            queryset,
            sorting,
            size=self.state.size,
            cursor=self.state.cursor,
            counted=[queryset, *tabs],
            cap=CAP + 1,
            rows_of=self.queryset(request) if self.finds_many and self.state.text else None,
        )
        screen = Screen(self, page)
        context = {"worklist": screen, **self.extra_context(request)}
        response = render(request, self._template(request), context)
        # The same address answers with a page or with a part of it; the browser's cache must not mix them up.
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response

    def _template(self, request: HttpRequest) -> str:
        # A step back whose snapshot is lost asks for the whole page.
        if request.headers.get("HX-Request") != "true" or request.headers.get("HX-History-Restore-Request"):
            return self.template_name
        return PARTS.get(request.headers.get("HX-Target", ""), "ui/worklist.html#list")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A bulk act on the chosen rows."""
        action = next((a for a in self.bulk_actions if a.key == request.POST.get("action")), None)
        if action is None or action.run is None:
            messages.error(request, "操作を選び直してください。")
            return redirect(request.get_full_path())
        if not action.allowed(request):
            raise PermissionDenied(f"「{action.title}」の権限がありません。")
        rows = self._chosen(request)
        count = rows[: action.limit + 1].count()
        if not 0 < count <= action.limit:
            messages.warning(request, _cannot(count, action.limit))
            return redirect(request.get_full_path())
        return spend_once(request, lambda: self._act(request, action, rows, count))

    def _chosen(self, request: HttpRequest) -> QuerySet[Any]:
        """The ticked rows (only those this person may see), or every row of the present conditions."""
        if request.POST.get("all") == "1":
            return self.filtered().order_by("pk")
        ids = [int(pk) for pk in request.POST.getlist("pk") if pk.isascii() and pk.isdigit() and len(pk) < 19]
        return self.queryset(request).filter(pk__in=ids).order_by("pk")

    def _act(
        self, request: HttpRequest, action: BulkAction, rows: QuerySet[Any], count: int
    ) -> HttpResponseBase:
        data: dict[str, Any] = {}
        if action.form:
            sent = "go" in request.POST
            form = action.form(request.POST, request.FILES) if sent else action.form()
            if not sent or not form.is_valid():
                return self._ask(request, action, form, count)
            data = form.cleaned_data
        outcome = action.run(rows, by=request.user, **data) if action.run else None
        if isinstance(outcome, HttpResponseBase):
            return outcome
        if isinstance(outcome, Refused):
            messages.warning(request, outcome.message)
        elif outcome:
            messages.success(request, outcome)
        return redirect(request.get_full_path())

    def _ask(self, request: HttpRequest, action: BulkAction, form: Any, count: int) -> HttpResponse:
        """The page that asks what the act needs to know."""
        chosen = {"pks": request.POST.getlist("pk"), "all": request.POST.get("all", "")}
        context = {"worklist": self, "action": action, "form": form, "count": count, **chosen}
        return render(request, "ui/worklist_act.html", context, status=422 if form.is_bound else 200)

    def _export(self, request: HttpRequest) -> HttpResponseBase:
        """The whole filtered list as a file, in the order of the screen."""
        if self.export_permission and not request.user.has_perm(self.export_permission):
            raise PermissionDenied("書き出しの権限がありません。")
        kind = "xlsx" if request.GET["export"] == "xlsx" else request.GET.get("encoding", "")
        queryset = self.filtered()
        if self.is_personal:
            watching.tell(lambda watcher: watcher.exported(request, self.title, queryset))
        if len(queryset.order_by().values_list("pk")[: JOB_FROM + 1]) > JOB_FROM:
            taken = self.export_in_job(request, queryset, kind)
            if taken is not None:
                return taken
        rows = self.sorted(queryset).iterator(chunk_size=1000)
        name = f"{self.file_title}_{clock.today():%Y%m%d}"
        columns = self.exported_columns(request)
        if kind == "xlsx":
            return export.xlsx_response(name, columns, rows)
        return export.csv_response(name, columns, rows, export.ENCODINGS.get(kind, "utf-8-sig"))

    @property
    def file_title(self) -> str:
        return self.export_name or self.title

    def sorted(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """In the order of the screen."""
        sorting = sorting_of(self, queryset, self.state.sort)
        return queryset.annotate(_sort=sorting.expression).order_by(*sorting.order())

    def exported_columns(self, request: HttpRequest) -> list[Column]:
        """What goes into a file: the columns shown to this person, or all."""
        if request.GET.get("columns") == "all":
            found: Sequence[Column] = self.columns
        else:
            found = shown_columns(self, self.state.saved, request.user.pk)
        seen = [column.seen_by(request.user) for column in (*found, *self.file_columns())]
        return [column for column in seen if column.exported]

    def file_columns(self) -> Sequence[Column]:
        """Columns that only files have, behind those of the screen."""
        return ()


def _cannot(count: int, limit: int) -> str:
    if count == 0:
        return "対象がありません。行を選んでから操作してください。"
    return f"一度に操作できるのは {limit:,} 件までです。条件で絞ってから、もう一度操作してください。"
