"""会計の画面."""

from __future__ import annotations

from django.urls import URLPattern, path

from akinai.accounting.lists import ExportList, JournalList, RevenueList
from akinai.accounting.views import books, closing, exports, profit, sales, settings

app_name = "accounting"
urlpatterns: list[URLPattern] = [
    path("accounting/sales/", sales.sales_page, name="sales"),
    path("accounting/sales/file/<str:kind>/", sales.sales_file, name="sales_file"),
    path("accounting/revenue/", RevenueList.as_view(), name="revenue"),
    path("accounting/profit/", profit.profit_page, name="profit"),
    path("accounting/profit/file/<str:kind>/", profit.profit_file, name="profit_file"),
    path("accounting/journal/", JournalList.as_view(), name="journal"),
    path("accounting/journal/post/", books.post, name="post"),
    path("accounting/journal/<str:number>/", books.entry, name="entry"),
    path("accounting/trial/", books.trial, name="trial"),
    path("accounting/trial/file/<str:kind>/", books.trial_file, name="trial_file"),
    path("accounting/ledger/<str:code>/", books.ledger, name="ledger"),
    path("accounting/ledger/<str:code>/file/<str:kind>/", books.ledger_file, name="ledger_file"),
    path("accounting/closing/", closing.close_page, name="closing"),
    path("accounting/closing/<str:month>/close/", closing.close, name="close"),
    path("accounting/closing/<int:pk>/", closing.closed, name="closed"),
    path("accounting/closing/<int:pk>/reopen/", closing.reopen, name="reopen"),
    path("accounting/exports/", ExportList.as_view(), name="exports"),
    path("accounting/exports/new/", exports.make, name="make_export"),
    path("accounting/exports/<str:number>/", exports.export, name="export"),
    path("accounting/exports/<str:number>/file/", exports.export_file, name="export_file"),
    path("accounting/exports/<str:number>/withdraw/", exports.withdraw, name="withdraw"),
    path("accounting/settings/", settings.books, name="settings"),
    path("accounting/settings/accounts/<str:product>/", settings.product, name="product"),
    path("accounting/settings/costs/", settings.costs, name="costs"),
    path("accounting/settings/costs/<int:pk>/delete/", settings.delete_cost, name="delete_cost"),
    path("accounting/settings/targets/", settings.targets, name="targets"),
]
