"""お客様が開くお支払いのページ: outside the office, by signed links only."""

from django.urls import path

from akinai.payments.views import pay

urlpatterns = [
    path("<str:token>/", pay.pay, name="payment_link"),
    path("<str:token>/done/", pay.done, name="payment_link_done"),
]
