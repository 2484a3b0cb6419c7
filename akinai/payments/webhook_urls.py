"""決済会社からの知らせの受け口."""

from django.urls import path

from akinai.payments.views.webhooks import webhook

urlpatterns = [path("<slug:provider>/", webhook, name="webhook")]
