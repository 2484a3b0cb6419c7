from django.urls import path

from akinai.catalog.lists import CategoryList, ScheduleList, SkuList
from akinai.catalog.views import codes, grid, labels, manuals, page_limits, pages, prices, settings
from akinai.catalog.views import products as views

app_name = "catalog"
urlpatterns = [
    path("products/", SkuList.as_view(), name="list"),
    path("products/new/", views.create, name="create"),
    path("products/attributes/", views.attribute_fields, name="attribute_fields"),
    path("products/images/<int:pk>/", views.picture, name="picture"),
    path("products/images/<int:pk>/change/", views.change_image, name="change_image"),
    path("products/categories/", CategoryList.as_view(), name="categories"),
    path("products/categories/new/", settings.add_category, name="add_category"),
    path("products/categories/<int:pk>/", settings.category, name="category"),
    path("products/categories/<int:pk>/delete/", settings.delete_category, name="delete_category"),
    path("products/prices/", ScheduleList.as_view(), name="schedules"),
    path("products/prices/new/", prices.schedule, name="schedule"),
    path("products/grid/", grid.edit, name="grid"),
    path("products/pages/", pages.pages, name="pages"),
    path("products/pages/limits/", page_limits.limits, name="page_limits"),
    path("products/pages/limits/edit/", page_limits.edit_limit, name="edit_page_limit"),
    path("products/labels/", labels.sheet, name="labels"),
    path("products/manuals/<int:pk>/", manuals.manual, name="manual"),
    path("products/manuals/<int:pk>/edit/", manuals.edit, name="edit_manual"),
    path("products/codes/give/", codes.give_code, name="give_code"),
    path("products/codes/", settings.codes, name="codes"),
    path("products/codes/rule/", settings.set_default_rule, name="set_default_rule"),
    path("products/codes/prefix/", settings.set_prefix, name="set_prefix"),
    path("products/<str:number>/", views.detail, name="detail"),
    path("products/<str:number>/edit/", views.edit, name="edit"),
    path("products/<str:number>/images/", views.add_images, name="add_images"),
    path("products/<str:number>/images/order/", views.order_images, name="order_images"),
]
