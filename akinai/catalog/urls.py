from django.urls import path

from akinai.catalog import views
from akinai.catalog.lists import SkuList

app_name = "catalog"
urlpatterns = [
    path("products/", SkuList.as_view(), name="list"),
    path("products/new/", views.create, name="create"),
    path("products/images/<int:pk>/", views.picture, name="picture"),
    path("products/images/<int:pk>/change/", views.change_image, name="change_image"),
    path("products/<str:number>/", views.detail, name="detail"),
    path("products/<str:number>/edit/", views.edit, name="edit"),
    path("products/<str:number>/images/", views.add_images, name="add_images"),
    path("products/<str:number>/images/order/", views.order_images, name="order_images"),
]
