"""出荷の画面."""

from django.urls import path

from akinai.shipping import views
from akinai.shipping.lists import BatchList, ReadyList, ShipmentList

app_name = "shipping"
urlpatterns = [
    path("shipments/", ShipmentList.as_view(), name="list"),
    path("shipments/ready/", ReadyList.as_view(), name="ready"),
    path("shipments/check/", views.check, name="check"),
    path("shipments/carriers/", views.carriers, name="carriers"),
    path("shipments/carriers/<slug:code>/", views.carrier, name="carrier"),
    path("shipments/labels/<int:pk>/", views.download_labels, name="download_labels"),
    path("shipments/batches/", BatchList.as_view(), name="batches"),
    path("shipments/batches/<str:number>/", views.batch, name="batch"),
    path("shipments/batches/<str:number>/picking.pdf", views.print_picking, name="print_picking"),
    path("shipments/batches/<str:number>/slips.pdf", views.print_slips, name="print_slips"),
    path("shipments/batches/<str:number>/labels/<slug:carrier>/", views.export_labels, name="export_labels"),
    path("shipments/batches/<str:number>/ship/", views.ship_batch, name="ship_batch"),
    path("shipments/<str:number>/", views.detail, name="detail"),
    path("shipments/<str:number>/slip.pdf", views.slip, name="slip"),
    path("shipments/<str:number>/ship/", views.ship, name="ship"),
    path("shipments/<str:number>/withdraw/", views.withdraw, name="withdraw"),
    path("shipments/<str:number>/unship/", views.unship, name="unship"),
    path("shipments/<str:number>/unpack/", views.unpack, name="unpack"),
    path("shipments/<str:number>/deliver/", views.deliver, name="deliver"),
    path("shipments/<str:number>/tracking/", views.add_tracking, name="add_tracking"),
    path("shipments/<str:number>/tracking/<int:pk>/remove/", views.remove_tracking, name="remove_tracking"),
    path("shipments/<str:number>/told/", views.notify_by_hand, name="notify_by_hand"),
    path("shipments/<str:number>/prices/", views.show_prices, name="show_prices"),
]
