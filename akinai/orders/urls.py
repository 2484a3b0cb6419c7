"""受注の画面."""

from django.urls import path

from akinai.orders import views
from akinai.orders.lists import OrderList

app_name = "orders"
urlpatterns = [
    path("orders/", OrderList.as_view(), name="list"),
    path("orders/desk/", views.desk, name="desk"),
    path("orders/rules/", views.hold_rules, name="hold_rules"),
    path("orders/holds/<int:pk>/release/", views.release, name="release"),
    path("orders/issues/<int:pk>/accept/", views.accept_issue, name="accept_issue"),
    path("orders/issues/<int:pk>/sku/", views.assign_sku, name="assign_sku"),
    path("orders/issues/<int:pk>/line/", views.correct_line, name="correct_line"),
    path("orders/changes/<int:pk>/", views.decide_change, name="decide_change"),
    path("orders/<str:number>/", views.detail, name="detail"),
    path("orders/<str:number>/release/", views.release_all, name="release_all"),
    path("orders/<str:number>/hold/", views.hold, name="hold"),
    path("orders/<str:number>/cancel/", views.cancel, name="cancel"),
]
