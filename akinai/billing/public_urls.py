"""お客様が開くページ: outside the office, by signed links only."""

from django.urls import path

from akinai.billing.views import public

urlpatterns = [
    path("<str:token>/", public.receipt, name="receipt_link"),
    path("<str:token>/take/", public.take, name="receipt_take"),
]
