"""管理画面のアドレス of the shop (/office/shop/)."""

from django.urls import path

from akinai.shop.inquiry_lists import InquiryList
from akinai.shop.member_lists import MemberList, WishList
from akinai.shop.plan_lists import PlanOfferList
from akinai.shop.views import buying_office, member_desk, plan_office

app_name = "shop_office"
urlpatterns = [
    path("members/", MemberList.as_view(), name="members"),
    path("members/terms/", member_desk.terms, name="member_terms"),
    path("members/<int:pk>/reset/", member_desk.send_reset, name="member_reset"),
    path("wishes/", WishList.as_view(), name="wishes"),
    path("plans/", PlanOfferList.as_view(), name="plans"),
    path("plans/new/", plan_office.new, name="new_plan"),
    path("plans/<int:pk>/", plan_office.edit, name="plan"),
    path("inquiries/", InquiryList.as_view(), name="inquiries"),
    path("inquiries/<str:number>/", buying_office.inquiry, name="inquiry"),
    path("inquiries/<str:number>/finish/", buying_office.finish, name="inquiry_finish"),
    path("inquiries/<str:number>/open/", buying_office.open_again, name="inquiry_open"),
    path("checkout/", buying_office.checkout_settings, name="checkout"),
    path("checkout/terms/", buying_office.checkout_terms, name="checkout_terms"),
    path("checkout/<str:kind>/", buying_office.paying_way, name="paying_way"),
]
