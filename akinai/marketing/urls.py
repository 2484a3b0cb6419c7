from django.urls import path

from akinai.marketing.lists import CodeList, CouponList, EntryList, PointList, UseList
from akinai.marketing.views import coupons, points

app_name = "marketing"
urlpatterns = [
    path("coupons/", CouponList.as_view(), name="coupons"),
    path("coupons/new/", coupons.new, name="new_coupon"),
    path("coupons/uses/", UseList.as_view(), name="uses"),
    path("coupons/codes/", CodeList.as_view(), name="codes"),
    path("coupons/<int:pk>/", coupons.detail, name="coupon"),
    path("coupons/<int:pk>/edit/", coupons.edit, name="edit_coupon"),
    path("coupons/<int:pk>/switch/", coupons.switch, name="switch_coupon"),
    path("coupons/<int:pk>/codes/", coupons.make_codes, name="make_codes"),
    path("points/", PointList.as_view(), name="points"),
    path("points/entries/", EntryList.as_view(), name="point_entries"),
    path("points/correct/", points.correct, name="correct_points"),
    path("points/settings/", points.settings, name="point_settings"),
]
