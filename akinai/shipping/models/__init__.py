"""出荷の表: shipments and their papers, and what comes back."""

from __future__ import annotations

from akinai.shipping.models.delivery import CarrierDays, DeliveryCalendar
from akinai.shipping.models.fees import CodFee, FeeSurcharge, FeeTable, FreeLine, ShippingFee
from akinai.shipping.models.merging import MergeMember, OrderMerge
from akinai.shipping.models.returns import ReturnCase, ReturnLine
from akinai.shipping.models.shipments import (
    CarrierAccount,
    LabelExport,
    Parcel,
    Shipment,
    ShipmentLine,
    ShippingBatch,
)
from akinai.shipping.models.telling import TrackingExport, TrackingExportItem
from akinai.shipping.models.waves import WaveRule

__all__ = [
    "CarrierAccount",
    "CarrierDays",
    "CodFee",
    "DeliveryCalendar",
    "FeeSurcharge",
    "FeeTable",
    "FreeLine",
    "LabelExport",
    "MergeMember",
    "OrderMerge",
    "Parcel",
    "ReturnCase",
    "ReturnLine",
    "Shipment",
    "ShipmentLine",
    "ShippingBatch",
    "ShippingFee",
    "TrackingExport",
    "TrackingExportItem",
    "WaveRule",
]
