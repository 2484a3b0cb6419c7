"""定期購入の番地."""

from django.urls import path

from akinai.orders.subscription_lists import SubscriptionList, TurnList
from akinai.orders.views import subscriptions

urlpatterns = [
    path("subscriptions/", SubscriptionList.as_view(), name="subscriptions"),
    path("subscriptions/turns/", TurnList.as_view(), name="turns"),
    path("subscriptions/new/", subscriptions.subscribe, name="subscribe"),
    path("subscriptions/forecast/", subscriptions.forecast, name="subscription_forecast"),
    path("subscriptions/<str:number>/", subscriptions.detail, name="subscription"),
    path("subscriptions/<str:number>/edit/", subscriptions.edit, name="edit_subscription"),
    path("subscriptions/<str:number>/skip/", subscriptions.skip, name="skip_turn"),
    path("subscriptions/<str:number>/move/", subscriptions.move, name="move_turn"),
    path("subscriptions/<str:number>/pause/", subscriptions.pause, name="pause_subscription"),
    path("subscriptions/<str:number>/resume/", subscriptions.resume, name="resume_subscription"),
    path("subscriptions/<str:number>/end/", subscriptions.end, name="end_subscription"),
    path("subscriptions/<str:number>/retry/", subscriptions.retry, name="retry_turn"),
]
