"""出荷の画面."""

from django.urls import path

from akinai.shipping.delivery_lists import CarrierDaysList
from akinai.shipping.fee_lists import FeeTableList
from akinai.shipping.lists import BatchList, ReadyList, ShipmentList
from akinai.shipping.return_lists import ReturnList
from akinai.shipping.telling_lists import TellingList, TrackingExportList
from akinai.shipping.views import (
    batches,
    carriers,
    checking,
    delivery,
    fees,
    merging,
    parting,
    returns,
    shipments,
    telling,
    waves,
)
from akinai.shipping.wave_lists import WaveList

app_name = "shipping"
urlpatterns = [
    path("shipments/", ShipmentList.as_view(), name="list"),
    path("shipments/ready/", ReadyList.as_view(), name="ready"),
    path("shipments/check/", checking.check, name="check"),
    path("shipments/carriers/", carriers.carriers, name="carriers"),
    path("shipments/carriers/<slug:code>/", carriers.carrier, name="carrier"),
    path("shipments/days/", CarrierDaysList.as_view(), name="days"),
    path("shipments/days/new/", delivery.add_days, name="add_days"),
    path("shipments/days/seed/", delivery.seed_days, name="seed_days"),
    path("shipments/days/calendar/", delivery.calendar, name="calendar"),
    path("shipments/days/<int:pk>/", delivery.edit_days, name="edit_days"),
    path("shipments/fees/", FeeTableList.as_view(), name="fees"),
    path("shipments/fees/new/", fees.add, name="add_fees"),
    path("shipments/fees/<int:pk>/", fees.table, name="fee_table"),
    path("shipments/fees/<int:pk>/edit/", fees.edit, name="edit_fees"),
    path("shipments/fees/<int:pk>/publish/", fees.publish, name="publish_fees"),
    path("shipments/fees/<int:pk>/withdraw/", fees.withdraw, name="withdraw_fees"),
    path("shipments/fees/<int:pk>/copy/", fees.copy, name="copy_fees"),
    path("shipments/fees/<int:pk>/discard/", fees.discard, name="discard_fees"),
    path("shipments/fees/<int:pk>/fees.csv", fees.download, name="download_fees"),
    path("shipments/waves/", WaveList.as_view(), name="waves"),
    path("shipments/waves/new/", waves.add, name="add_wave"),
    path("shipments/waves/<int:pk>/", waves.edit, name="wave"),
    path("shipments/waves/<int:pk>/retire/", waves.retire, name="retire_wave"),
    path("shipments/waves/<int:pk>/resume/", waves.resume, name="resume_wave"),
    path("shipments/waves/<int:pk>/instruct/", waves.instruct, name="instruct_wave"),
    path("shipments/labels/<int:pk>/", batches.download_labels, name="download_labels"),
    path("shipments/batches/", BatchList.as_view(), name="batches"),
    path("shipments/batches/<str:number>/", batches.batch, name="batch"),
    path("shipments/batches/<str:number>/picking.pdf", batches.print_picking, name="print_picking"),
    path("shipments/batches/<str:number>/slips.pdf", batches.print_slips, name="print_slips"),
    path(
        "shipments/batches/<str:number>/labels/<slug:carrier>/", batches.export_labels, name="export_labels"
    ),
    path("shipments/batches/<str:number>/ship/", batches.ship_batch, name="ship_batch"),
    path("shipments/tell/", TellingList.as_view(), name="telling"),
    path("shipments/tell/files/", TrackingExportList.as_view(), name="tracking_exports"),
    path("shipments/tell/files/<int:pk>/", telling.export, name="tracking_export"),
    path("shipments/tell/files/<int:pk>/data", telling.download, name="download_tracking"),
    path("shipments/tell/files/<int:pk>/refused/", telling.refused, name="tracking_refused"),
    path("shipments/tell/<slug:channel>/", telling.tell, name="tell_mall"),
    path("returns/", ReturnList.as_view(), name="returns"),
    path("returns/scan/", returns.scan, name="scan_return"),
    path("returns/<str:number>/", returns.detail, name="return"),
    path("returns/<str:number>/inspect/", returns.inspect, name="inspect_return"),
    path("returns/<str:number>/refuse/", returns.refuse, name="refuse_return"),
    path("returns/<str:number>/cancel/", returns.cancel, name="cancel_return"),
    path("returns/<str:number>/lines/<int:pk>/", returns.line, name="return_line"),
    *(
        path(f"returns/<str:number>/{verb}/", returns.act, {"verb": verb}, name=f"{verb}_return")
        for verb in returns.PLAIN
    ),
    path("shipments/merging/", merging.candidates, name="merging"),
    path("shipments/merging/merge/", merging.merge, name="merge"),
    path("shipments/merging/<str:number>/undo/", merging.undo, name="undo_merge"),
    path("shipments/part/<str:number>/", parting.part, name="part"),
    path("shipments/part/<str:number>/cancel/", parting.cancel_rest, name="cancel_rest"),
    path("shipments/<str:number>/return/", returns.request_return, name="request_return"),
    path("shipments/<str:number>/", shipments.detail, name="detail"),
    path("shipments/<str:number>/slip.pdf", shipments.slip, name="slip"),
    path("shipments/<str:number>/ship/", shipments.ship, name="ship"),
    path("shipments/<str:number>/withdraw/", shipments.withdraw, name="withdraw"),
    path("shipments/<str:number>/label/", shipments.label, name="label"),
    path("shipments/<str:number>/unship/", shipments.unship, name="unship"),
    path("shipments/<str:number>/unpack/", shipments.unpack, name="unpack"),
    path("shipments/<str:number>/deliver/", shipments.deliver, name="deliver"),
    path("shipments/<str:number>/tracking/", shipments.add_tracking, name="add_tracking"),
    path(
        "shipments/<str:number>/tracking/<int:pk>/remove/", shipments.remove_tracking, name="remove_tracking"
    ),
    path("shipments/<str:number>/told/", shipments.notify_by_hand, name="notify_by_hand"),
    path("shipments/<str:number>/prices/", shipments.show_prices, name="show_prices"),
]
