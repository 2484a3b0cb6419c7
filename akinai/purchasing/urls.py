"""仕入の画面."""

from django.urls import path

from akinai.purchasing.lists.aging import AgingList
from akinai.purchasing.lists.analysis import StockAnalysis
from akinai.purchasing.lists.checks import DiscrepancyList
from akinai.purchasing.lists.corrections import CorrectionList
from akinai.purchasing.lists.items import ItemList
from akinai.purchasing.lists.landed import LandedList
from akinai.purchasing.lists.orders import Backlog, OrderList
from akinai.purchasing.lists.outlooks import OutlookList
from akinai.purchasing.lists.past_sales import PastSaleList
from akinai.purchasing.lists.payables import BillList, PayableLedger, PayableList, RunList
from akinai.purchasing.lists.proposals import ProposalList
from akinai.purchasing.lists.receipts import ReceiptList
from akinai.purchasing.lists.returns import ReturnList
from akinai.purchasing.views import (
    checks,
    corrections,
    landed,
    orders,
    outlooks,
    payables,
    proposals,
    receipts,
    returns,
    terms,
)

app_name = "purchasing"
urlpatterns = [
    path("receipts/", ReceiptList.as_view(), name="list"),
    path("receipts/new/", receipts.create, name="create"),
    path("receipts/look/", receipts.look, name="look"),
    path("receipts/scan/", receipts.scan, name="scan"),
    path("receipts/<str:number>/", receipts.detail, name="detail"),
    path("receipts/<str:number>/edit/", receipts.edit, name="edit"),
    path("receipts/<str:number>/post/", receipts.post, name="post"),
    path("receipts/<str:number>/reverse/", receipts.reverse, name="reverse"),
    path("receipts/<str:number>/discard/", receipts.discard, name="discard"),
    path("receipts/<str:number>/count/", checks.count, name="count"),
    path("discrepancies/", DiscrepancyList.as_view(), name="discrepancies"),
    path("discrepancies/<str:number>/", checks.discrepancy, name="discrepancy"),
    path("discrepancies/<str:number>/assign/", checks.assign, name="discrepancy_assign"),
    path("discrepancies/<str:number>/settle/", checks.settle, name="discrepancy_settle"),
    path("suppliers/<int:supplier_id>/terms/", terms.terms, name="terms"),
    path("supplier-items/", ItemList.as_view(), name="items"),
    path("supplier-items/new/", terms.item_add, name="item_add"),
    path("supplier-items/<int:pk>/", terms.item, name="item"),
    path("supplier-items/<int:pk>/edit/", terms.item_edit, name="item_edit"),
    path("supplier-items/<int:pk>/end/", terms.item_end, name="item_end"),
    path("purchase-orders/", OrderList.as_view(), name="orders"),
    path("purchase-orders/backlog/", Backlog.as_view(), name="backlog"),
    path("purchase-orders/new/", orders.order_add, name="order_add"),
    path("purchase-orders/look/", orders.order_look, name="order_look"),
    path("purchase-orders/<str:number>/", orders.order, name="order"),
    path("purchase-orders/<str:number>/edit/", orders.order_edit, name="order_edit"),
    path("purchase-orders/<str:number>/pdf/", orders.order_pdf, name="order_pdf"),
    path("purchase-orders/<str:number>/submit/", orders.order_submit, name="order_submit"),
    path("purchase-orders/<str:number>/approve/", orders.order_approve, name="order_approve"),
    path("purchase-orders/<str:number>/send/", orders.order_send, name="order_send"),
    path("purchase-orders/<str:number>/confirm/", orders.order_confirm, name="order_confirm"),
    path("purchase-orders/<str:number>/chase/", orders.order_chase, name="order_chase"),
    path("purchase-orders/<str:number>/end/<str:how>/", orders.order_end, name="order_end"),
    path(
        "purchase-orders/<str:number>/lines/<int:line_no>/cancel/",
        orders.order_line_cancel,
        name="order_line_cancel",
    ),
    path("replenishment/", ProposalList.as_view(), name="proposals"),
    path("replenishment/now/", proposals.propose_now, name="propose_now"),
    path("stock/analysis/", StockAnalysis.as_view(), name="analysis"),
    path("replenishment/levels/", OutlookList.as_view(), name="outlooks"),
    path("replenishment/levels/<int:sku_id>/", outlooks.outlook, name="outlook"),
    path("replenishment/past-sales/", PastSaleList.as_view(), name="past_sales"),
    path("replenishment/aim/", outlooks.aim, name="aim"),
    path("replenishment/aim/choose/", outlooks.choose, name="choose_aim"),
    path("supplier-bills/", BillList.as_view(), name="bills"),
    path("supplier-bills/new/", payables.bill_add, name="bill_add"),
    path("supplier-bills/<str:number>/", payables.bill, name="bill"),
    path("supplier-bills/<str:number>/post/", payables.bill_post, name="bill_post"),
    path("supplier-bills/<str:number>/reverse/", payables.bill_reverse, name="bill_reverse"),
    path("supplier-bills/<str:number>/discard/", payables.bill_discard, name="bill_discard"),
    path("payables/", PayableList.as_view(), name="payables"),
    path("payables/ledger/", PayableLedger.as_view(), name="payable_ledger"),
    path("payables/aging/", AgingList.as_view(), name="aging"),
    path("payables/corrections/", CorrectionList.as_view(), name="corrections"),
    path("payables/corrections/new/", corrections.correction_add, name="correction_add"),
    path("payables/corrections/<str:number>/", corrections.correction, name="correction"),
    path(
        "payables/corrections/<str:number>/approve/",
        corrections.correction_approve,
        name="correction_approve",
    ),
    path(
        "payables/corrections/<str:number>/refuse/", corrections.correction_refuse, name="correction_refuse"
    ),
    path(
        "payables/corrections/<str:number>/reverse/",
        corrections.correction_reverse,
        name="correction_reverse",
    ),
    path("payment-runs/", RunList.as_view(), name="runs"),
    path("payment-runs/<str:number>/", payables.run, name="run"),
    path("payment-runs/<str:number>/write/", payables.run_write, name="run_write"),
    path("payment-runs/<str:number>/file/", payables.run_file, name="run_file"),
    path("payment-runs/<str:number>/paid/", payables.run_paid, name="run_paid"),
    path("payment-runs/<str:number>/cancel/", payables.run_cancel, name="run_cancel"),
    path("landed-costs/", LandedList.as_view(), name="landed_list"),
    path("landed-costs/new/", landed.landed_add, name="landed_add"),
    path("landed-costs/<str:number>/", landed.landed, name="landed"),
    path("landed-costs/<str:number>/reverse/", landed.landed_reverse, name="landed_reverse"),
    path("supplier-returns/", ReturnList.as_view(), name="returns"),
    path("supplier-returns/new/", returns.return_add, name="return_add"),
    path("supplier-returns/<str:number>/", returns.supplier_return, name="return"),
    path("supplier-returns/<str:number>/reverse/", returns.return_reverse, name="return_reverse"),
]
