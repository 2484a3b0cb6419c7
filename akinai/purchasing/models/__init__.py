"""仕入の表: terms (仕入条件・仕入先商品), orders (発注), receipts (入荷); one file per paper."""

from __future__ import annotations

from akinai.purchasing.models.checks import Discrepancy, ReceiptCount
from akinai.purchasing.models.corrections import PayableCorrection
from akinai.purchasing.models.landed import LandedCost, LandedCostLine
from akinai.purchasing.models.orders import PurchaseOrder, PurchaseOrderLine
from akinai.purchasing.models.outlooks import StockAim, StockOutlook
from akinai.purchasing.models.past_sales import PastSale
from akinai.purchasing.models.payables import (
    PayableBalance,
    PayableEntry,
    PaymentLine,
    PaymentRun,
    SupplierBill,
    SupplierBillLine,
    SupplierBillTax,
)
from akinai.purchasing.models.proposals import Proposal
from akinai.purchasing.models.receipts import GoodsReceipt, GoodsReceiptLine, yen_of
from akinai.purchasing.models.returns import SupplierReturn, SupplierReturnLine
from akinai.purchasing.models.terms import SupplierItem, SupplierTerms

__all__ = [
    "Discrepancy",
    "GoodsReceipt",
    "GoodsReceiptLine",
    "LandedCost",
    "LandedCostLine",
    "PastSale",
    "PayableBalance",
    "PayableCorrection",
    "PayableEntry",
    "PaymentLine",
    "PaymentRun",
    "Proposal",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "ReceiptCount",
    "StockAim",
    "StockOutlook",
    "SupplierBill",
    "SupplierBillLine",
    "SupplierBillTax",
    "SupplierItem",
    "SupplierReturn",
    "SupplierReturnLine",
    "SupplierTerms",
    "yen_of",
]
