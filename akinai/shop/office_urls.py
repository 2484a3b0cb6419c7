"""管理画面のアドレス of the shop (/office/shop/)."""

from django.urls import path

from akinai.shop.member_lists import MemberList, WishList
from akinai.shop.views import member_desk

app_name = "shop_office"
urlpatterns = [
    path("members/", MemberList.as_view(), name="members"),
    path("members/terms/", member_desk.terms, name="member_terms"),
    path("members/<int:pk>/reset/", member_desk.send_reset, name="member_reset"),
    path("wishes/", WishList.as_view(), name="wishes"),
]
