"""会計の画面."""

from __future__ import annotations

from django.urls import URLPattern, path

from akinai.accounting.lists import AccountList, ExportList, JournalList, RevenueList
from akinai.accounting.views import books, closing, exports, profit, sales, settings, vouchers

app_name = "accounting"
urlpatterns: list[URLPattern] = [
    path("accounting/sales/", sales.sales_page, name="sales"),
    path("accounting/sales/file/<str:kind>/", sales.sales_file, name="sales_file"),
    path("accounting/sales/rows/", RevenueList.as_view(), name="revenue"),
    path("accounting/profit/", profit.profit_page, name="profit"),
    path("accounting/profit/file/<str:kind>/", profit.profit_file, name="profit_file"),
    path("accounting/journal/", JournalList.as_view(), name="journal"),
    path("accounting/journal/post/", books.post, name="post"),
    path("accounting/journal/new/", vouchers.voucher, name="voucher"),
    path("accounting/journal/opening/", vouchers.opening, name="opening"),
    path("accounting/journal/<str:number>/", books.entry, name="entry"),
    path("accounting/journal/<str:number>/reverse/", vouchers.reverse_entry, name="reverse"),
    path("accounting/taxes/", vouchers.tax_page, name="taxes"),
    path("accounting/taxes/file/<str:kind>/", vouchers.tax_file, name="tax_file"),
    path("accounting/accounts/", AccountList.as_view(), name="accounts"),
    path("accounting/accounts/new/", vouchers.account, name="new_account"),
    path("accounting/accounts/<int:pk>/", vouchers.account, name="account"),
    path(
        "accounting/accounts/<int:pk>/retire/",
        vouchers.act_on_account,
        {"verb": "retire"},
        name="retire_account",
    ),
    path(
        "accounting/accounts/<int:pk>/revive/",
        vouchers.act_on_account,
        {"verb": "revive"},
        name="revive_account",
    ),
    path(
        "accounting/accounts/<int:pk>/delete/",
        vouchers.act_on_account,
        {"verb": "delete"},
        name="delete_account",
    ),
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
