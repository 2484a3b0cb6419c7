"""見本の決済ページ."""

from django.urls import path

from akinai.adapters.payment_providers.null import views

urlpatterns = [path("<str:token>/", views.checkout, name="demo_checkout")]
